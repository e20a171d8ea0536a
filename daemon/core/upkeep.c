/* daemon/core/upkeep.c - what time brings: ended leases are freed, offers run out, reservations
 * are written into the records they set aside.  Bounded work per call. */
#include "daemon/core/server_internal.h"
#include "ha/balance.h"

#define WORK_MAX   256
#define AGAIN_MS   4 /* while more has ended: 64,000 leases a second, a quarter of the time */
#define WAITING    2048 /* records that wait for the store: it gets no more of them */
#define BALANCE_MS 10000
#define POOLS_MAX  64   /* looked at per call */
#define LOOKS_MAX  8192 /* records looked at per call for what they have set aside */

/* True when more has ended than this. */
static bool free_some(struct server *s)
{
    const struct policy policy = policy_of(s);
    struct instant due;
    struct lease *lease;

    for (size_t i = 0; i < WORK_MAX; i++) {
        struct binding b;

        lease = lease_table_earliest(s->leases, &due);
        if (lease == NULL || instant_before(s->now, due))
            return false;
        b = lease_binding_of(lease);
        if (!policy_may_free(&policy, &b)) {
            const struct instant ended = instant_add_ms(b.expires, policy.max_clock_skew_ms);
            struct instant again = instant_add_ms(s->now, FREE_AGAIN_MS);

            /* Not over by the slower clock: look again just then. */
            if (b.state != BINDING_RELEASED && instant_before(s->now, ended))
                again = ended;
            lease_table_postpone(s->leases, lease, again);
            continue;
        }
        b.state = BINDING_FREE;
        b.term = s->alone ? 0 : s->fo.record.term;
        persist_own(s, &b);
    }
    return true;
}

/* A row's leases end together, as they began. */
static void free_ended(struct server *s)
{
    if (instant_before(s->now, s->free_again))
        return;
    if (s->batches[s->filling].count >= WAITING || free_some(s))
        s->free_again = instant_add_ms(s->now, AGAIN_MS);
}

bool upkeep_is_behind(const struct server *s, struct instant *from)
{
    *from = s->free_again;
    return instant_before(s->now, s->free_again);
}

/* The record of an address that the configuration reserves says so, and stops saying so when it
 * no longer does: a peer obeys the record where the address is not its own. */
static bool set_aside(struct server *s, struct ip4 address, struct span key)
{
    const struct policy policy = policy_of(s);
    struct binding b = lease_table_binding(s->leases, address);

    if (span_equal(b.reserved, key) || !policy_may_write(&policy, &b) ||
        (policy.state == FO_PARTNER_DOWN && !policy.partner_down_wait_over))
        return false;
    b.reserved = key;
    b.term = s->alone ? 0 : s->fo.record.term;
    persist_own(s, &b);
    return true;
}

void upkeep_set_aside(struct server *s)
{
    lease_table_walk_begin(s->leases, &s->withdrawing);
    s->set_aside_next = 0;
    s->set_aside_due = true;
}

/* False as long as there is more to look at. */
static bool withdraw_old_reservations(struct server *s)
{
    size_t written = 0;

    for (size_t looks = 0; looks < LOOKS_MAX && written < WORK_MAX; looks++) {
        const struct lease *lease = lease_table_walk_next(s->leases, &s->withdrawing);

        if (lease == NULL)
            return true;
        if (lease_is_reserved(lease) && reservation_at(s, lease->binding.address) == NULL)
            written += set_aside(s, lease->binding.address, span_of(NULL, 0));
    }
    return false;
}

static void set_aside_some(struct server *s)
{
    const size_t written = s->config->reservation_count;
    const size_t total = written + s->runtime.count;

    if (!s->alone && s->fo.state != FO_NORMAL && !policy_of(s).partner_down_wait_over)
        return;
    if (!withdraw_old_reservations(s))
        return;
    for (size_t i = 0; i < WORK_MAX && s->set_aside_next < total; i++) {
        const size_t next = s->set_aside_next++;
        const struct config_reservation *r =
            next < written ? &s->config->reservations[next]
                           : s->runtime.entries[next - written].reservation;

        /* One made while running may not hold. */
        if (r != NULL && r->address.value != 0 && reservation_at(s, r->address) == r)
            set_aside(s, r->address, r->key);
    }
    if (s->set_aside_next >= total)
        s->set_aside_due = false;
}

static uint32_t own_percent(const struct server *s)
{
    const uint32_t primary = s->config->pair.split_percent;

    return s->self == ROLE_PRIMARY ? primary : 100 - primary;
}

/* What ha/balance may move: what could go to any new client, and whose last lease has ended.  A
 * gift of anything younger could be undone, should the partner lose its disk (send.c,
 * revive_unacked); and whose names this peer has taken out of the DNS, so that no update of its
 * overtakes one of the next owner. */
static bool may_give_away(void *context, const struct binding *b, uint64_t seq)
{
    const struct give_context *give = context;

    return policy_ended(&give->policy, b) && dns_is_settled(b->names) &&
           give_may(context, b, seq);
}

/* The giver stops using an address when it writes, the receiver begins when it applies. */
static size_t give_some(struct server *s, const struct config_pool *pool)
{
    const struct pool_counts counts = lease_table_pool_counts(s->leases, pool);
    struct give_context give = {s, policy_of(s)};
    uint64_t surplus =
        balance_surplus(counts.free[s->self], counts.free[role_other(s->self)], own_percent(s));
    struct ip4 address;
    size_t given = 0;

    for (; given < WORK_MAX && surplus > 0; given++, surplus--) {
        struct binding b;

        if (!lease_table_pick(s->leases, pool, s->self, may_give_away, &give, &address))
            break;
        b = lease_table_binding(s->leases, address);
        b.owner = role_other(s->self);
        b.term = s->fo.record.term;
        persist_own(s, &b);
    }
    return given;
}

/* Every pool in turn, all of them every BALANCE_MS. */
static void balance(struct server *s)
{
    const size_t pools = s->config->pool_count;
    size_t given = 0;

    if (s->alone || s->fo.state != FO_NORMAL || !s->fo.open || pools == 0)
        return;
    if (s->balance_next == pools) {
        if (s->now.ms - s->balanced_at.ms < BALANCE_MS)
            return;
        s->balance_next = 0;
    }
    for (size_t i = 0; i < POOLS_MAX && given < WORK_MAX && s->balance_next < pools; i++)
        given += give_some(s, &s->config->pools[s->balance_next++]);
    if (s->balance_next == pools)
        s->balanced_at = s->now;
}

void upkeep_tick(struct server *s)
{
    lease_table_offers_expire(s->leases, s->now);
    if (s->store_failed)
        return;
    free_ended(s);
    if (s->set_aside_due)
        set_aside_some(s);
    balance(s);
    if (s->dns != NULL)
        dns_tick(s);
}
