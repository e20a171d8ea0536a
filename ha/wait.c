/* ha/wait.c - the MCLT in promises and in waits, and when a wait is over (README, "MCLT" and
 * "lease clock").
 *
 * A promise takes the smallest MCLT that is known, a wait the largest that either peer may
 * still have gone by. */
#include "ha/failover_internal.h"

int64_t failover_mclt_promise_ms(const struct failover *fo)
{
    const int64_t own = fo->config->pair.mclt_ms;
    const int64_t partners = fo->record.partner_mclt_ms;

    return partners != 0 && partners < own ? partners : own;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A larger value of before, as long as a promise that was made by it can stand. */
static int64_t kept_mclt_ms(const struct failover *fo)
{
    return instant_before(fo->now, fo->record.mclt_wait_until) ? fo->record.mclt_wait_ms : 0;
}

int64_t failover_mclt_wait_ms(const struct failover *fo)
{
    const struct pair_record *r = &fo->record;
    const int64_t announced = larger(fo->config->pair.mclt_ms, r->own_mclt_ms);

    return larger(larger(announced, r->partner_mclt_ms), kept_mclt_ms(fo));
}

/* `mclt_ms` counted until now. */
static void keep_mclt(struct failover *fo, int64_t mclt_ms)
{
    struct pair_record *r = &fo->record;
    const struct instant until = instant_add_ms(fo->now, mclt_ms);

    r->mclt_wait_ms = larger(mclt_ms, kept_mclt_ms(fo));
    r->mclt_wait_until = instant_later(r->mclt_wait_until, until);
    fo->dirty = true;
}

void wait_hear_mclt(struct failover *fo, int64_t mclt_ms)
{
    struct pair_record *r = &fo->record;

    if (r->partner_mclt_ms == mclt_ms)
        return;
    if (r->partner_mclt_ms > mclt_ms)
        keep_mclt(fo, r->partner_mclt_ms);
    r->partner_mclt_ms = mclt_ms;
    fo->dirty = true;
}

/* A session is open: the partner knows the own MCLT now.  A store that was lost or set back has
 * forgotten by which MCLT its promises were made; the partner has not. */
void wait_met(struct failover *fo)
{
    struct pair_record *r = &fo->record;

    if (r->own_mclt_ms > fo->config->pair.mclt_ms)
        keep_mclt(fo, r->own_mclt_ms);
    r->own_mclt_ms = fo->config->pair.mclt_ms;
    if (!r->store_new && !r->set_back)
        return;
    if (fo->partner.mclt_wait_ms > failover_mclt_wait_ms(fo))
        keep_mclt(fo, fo->partner.mclt_wait_ms);
    if (wait_is_due(fo))
        r->wait_until =
            instant_later(r->wait_until, instant_add_ms(r->since, failover_mclt_wait_ms(fo)));
}

bool wait_is_due(const struct failover *fo)
{
    return fo->record.wait_until.ms > fo->now.ms;
}

void wait_begin(struct failover *fo)
{
    fo->record.wait_until = instant_add_ms(fo->now, failover_mclt_wait_ms(fo));
}

/* Waits count time in which the process ran: one that was not over when it stopped begins anew,
 * for a clock that is read at a start may have been set. */
void wait_start(struct failover *fo, struct instant kept_clock)
{
    struct pair_record *r = &fo->record;

    if (r->chain_count == 0 || instant_before(kept_clock, r->wait_until))
        wait_begin(fo); /* its first start, or not over when it stopped */
    if (r->state == FO_PARTNER_DOWN && !r->wait_passed)
        r->partner_down_at = fo->now;
}

bool failover_wait_is_over(const struct failover *fo, struct instant now)
{
    const struct pair_record *r = &fo->record;

    return r->wait_passed || now.ms >= r->partner_down_at.ms + failover_mclt_wait_ms(fo);
}

/* That a wait is over is kept, so that a restart does not begin it anew. */
void wait_tick(struct failover *fo, struct fo_effects *fx)
{
    struct pair_record *r = &fo->record;

    if (fo->state == FO_PARTNER_DOWN && !r->wait_passed && failover_wait_is_over(fo, fo->now)) {
        r->wait_passed = true;
        fo->dirty = true;
    }
    if (r->wait_until.ms != 0 && !wait_is_due(fo)) {
        r->wait_until = instant_ms(0);
        fo->dirty = true;
    }
    if (fo_decided(fo) == FO_RECOVER_WAIT && !wait_is_due(fo))
        transition_on(fo, FO_EV_WAIT_OVER, fx);
}
