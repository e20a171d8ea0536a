/* ha/failover.c - events in, effects out: start, time, commands, and what others may ask. */
#include <stdarg.h>
#include <stdio.h>

#include "ha/failover_internal.h"

struct fo_effect *fo_add(struct fo_effects *fx, enum fo_effect_type type)
{
    struct fo_effect *effect;

    ASSERT(fx->count < FO_EFFECTS_MAX);
    effect = &fx->items[fx->count++];
    effect->type = type;
    return effect;
}

void fo_event(struct fo_effects *fx, int severity, const char *name, const char *format, ...)
{
    struct fo_effect *effect = fo_add(fx, FO_DO_EVENT);
    va_list arguments;

    effect->event.severity = severity;
    effect->event.name = name;
    va_start(arguments, format);
    vsnprintf(effect->event.text, sizeof(effect->event.text), format, arguments);
    va_end(arguments);
}

void fo_persist(struct failover *fo, struct fo_effects *fx)
{
    fo->dirty = false;
    fo_add(fx, FO_DO_PERSIST)->number = ++fo->written;
}

void failover_stamp(struct failover *fo, struct frame *frame)
{
    frame->session = fo->session;
    frame->n = ++fo->sent_n;
}

void fo_send(struct failover *fo, struct frame *frame, struct fo_effects *fx)
{
    failover_stamp(fo, frame);
    fo_add(fx, FO_DO_SEND)->frame = *frame;
}

void fo_announce(struct failover *fo, struct fo_effects *fx)
{
    struct frame frame = {.type = FRAME_STATE};

    if (!fo->open)
        return;
    frame.state.state = fo->state;
    frame.state.term = fo->record.term;
    frame.state.last_seq = fo->progress->durable_seq;
    fo_send(fo, &frame, fx);
}

enum fo_state fo_decided(const struct failover *fo)
{
    return fo->has_pending ? fo->pending : fo->state;
}

bool fo_state_serves(enum fo_state state)
{
    return state == FO_NORMAL || state == FO_INTERRUPTED || state == FO_PARTNER_DOWN ||
           state == FO_POTENTIAL_CONFLICT || state == FO_RESOLUTION_INTERRUPTED;
}

bool fo_state_recovers(enum fo_state state)
{
    return state == FO_RECOVER || state == FO_RECOVER_WAIT;
}

void failover_init(struct failover *fo, const struct config *config, enum role self,
                   const struct fo_progress *progress, const struct ip4 *identifiers,
                   size_t identifier_count)
{
    memset(fo, 0, sizeof(*fo));
    fo->config = config;
    fo->self = self;
    fo->progress = progress;
    fo->identifier_count =
        identifier_count < FRAME_IDENTIFIERS_MAX ? identifier_count : FRAME_IDENTIFIERS_MAX;
    for (size_t i = 0; i < fo->identifier_count; i++)
        fo->identifiers[i] = identifiers[i];
    fo->clocks_agree = true;
    fo->reason = "not started yet";
    fo->pending_reason = "";
}

/* A new incarnation joins the chain; the oldest goes when the chain is full, and a partner that
 * knows nothing newer will then find us set back, which is safe. */
static void begin_incarnation(struct failover *fo, uint64_t id)
{
    struct pair_record *r = &fo->record;

    if (r->chain_count > 0)
        r->chain[r->chain_count - 1].last_seq = fo->progress->durable_seq;
    if (r->chain_count == FRAME_CHAIN_MAX) {
        memmove(&r->chain[0], &r->chain[1], (FRAME_CHAIN_MAX - 1) * sizeof(r->chain[0]));
        r->chain_count--;
    }
    r->chain[r->chain_count++] = (struct incarnation){id, fo->progress->durable_seq};
}

/* A random number that means "none" elsewhere must not be 0. */
static uint64_t not_zero(uint64_t value)
{
    return value != 0 ? value : 1;
}

void failover_start(struct failover *fo, struct instant now, const struct pair_record *stored,
                    struct instant kept_clock, const uint64_t seed[static 3],
                    struct fo_effects *fx)
{
    enum fo_state first = FO_STARTUP;

    fo->now = fo->started = fo->since = fo->waiting_since = fo->session_ended_at = now;
    fo->random = seed[0];
    if (stored != NULL) {
        fo->record = *stored;
        fo->absence_ms = now.ms - kept_clock.ms;
        if (fo_state_recovers((enum fo_state)stored->state) || stored->state == FO_SHUTDOWN)
            first = (enum fo_state)stored->state;
    } else {
        fo->record.store_new = true;
        fo->record.store_id = not_zero(seed[1]);
        fo->record.state = FO_RECOVER;
        fo->record.since = now;
        first = FO_RECOVER;
    }
    wait_start(fo, kept_clock);
    begin_incarnation(fo, not_zero(seed[2]));
    fo->state = first;
    fo->reason = stored == NULL ? "its store is new" : "the process started";
    fo_persist(fo, fx);
    fo_event(fx, 1, "started", "%s, %s: %s", role_name(fo->self), fo_state_name(first),
             fo->reason);
    fo_add(fx, FO_DO_STATE);
}

void failover_durable(struct failover *fo, struct instant now, uint64_t number,
                      struct fo_effects *fx)
{
    fo->now = now;
    if (number > fo->durable)
        fo->durable = number;
    transition_finish_pending(fo, fx);
    session_greet(fo, fx);
}

/* The RECOVER peer is done when it is caught up, has told all it had, and no promise of before
 * can stand. */
void fo_maybe_ready(struct failover *fo, struct fo_effects *fx)
{
    struct frame frame = {.type = FRAME_READY};

    if (!fo->open || fo_decided(fo) != FO_RECOVER || fo->ready_sent || !fo->caught_up ||
        !fo->sync_sent || fo->record.wait_until.ms > fo->now.ms)
        return;
    frame.mark.last_seq = fo->progress->durable_seq;
    fo->ready_sent = true;
    fo_send(fo, &frame, fx);
    if (fo->ready_heard)
        transition_on(fo, FO_EV_READY, fx);
}

void fo_trust(struct failover *fo, struct fo_effects *fx)
{
    if (fo->open && !fo->trusted) {
        fo->trusted = true;
        fo_add(fx, FO_DO_TRUST);
    }
}

void failover_caught_up(struct failover *fo, struct instant now, struct fo_effects *fx)
{
    fo->now = now;
    if (!fo->open || fo->caught_up)
        return;
    fo->caught_up = true;
    fo->started_alone = false;
    if (!fo->partner_lost)
        fo_trust(fo, fx);
    transition_on(fo, FO_EV_CAUGHT_UP, fx);
    fo_maybe_ready(fo, fx);
    if (fo->ready_heard)
        transition_on(fo, FO_EV_READY, fx);
}

void failover_sync_sent(struct failover *fo, struct instant now, struct fo_effects *fx)
{
    fo->now = now;
    fo->sync_sent = true;
    fo_maybe_ready(fo, fx);
}

/* A state is true for whoever has applied the partner's writes that came before it. */
static void maybe_follow_normal(struct failover *fo, struct fo_effects *fx)
{
    if (fo->normal_heard && fo->progress->applied.store_id == fo->partner.store_id &&
        fo->progress->applied.seq >= fo->normal_seq) {
        fo->normal_heard = false;
        transition_on(fo, FO_EV_PARTNER_NORMAL, fx);
    }
}

void failover_applied(struct failover *fo, struct instant now, struct fo_effects *fx)
{
    fo->now = now;
    if (fo->open)
        maybe_follow_normal(fo, fx);
}

static void hear_state(struct failover *fo, uint32_t state, uint32_t term, uint64_t seq,
                       struct fo_effects *fx)
{
    if (state >= FO_STATES)
        return;
    fo->partner_state = (enum fo_state)state;
    if (term > fo->record.term) {
        fo->record.term = term;
        fo->dirty = true;
    }
    handover_hear_state(fo, (enum fo_state)state, fx);
    if (fo_state_recovers((enum fo_state)state)) {
        fo->partner.state = state;
        fo->partner.starting = false;
    } else if (state == FO_NORMAL) {
        if (!fo->normal_heard)
            fo->normal_seq = seq; /* the first time that it says so */
        fo->normal_heard = true;
        maybe_follow_normal(fo, fx);
    }
}

static void hear_clock(struct failover *fo, struct instant clock, int64_t mclt_ms,
                       struct fo_effects *fx)
{
    const bool agreed = fo->clocks_agree;
    const int64_t limit = fo->config->pair.max_clock_skew_ms;

    fo->clock_difference_ms = clock.ms - fo->now.ms;
    fo->clocks_agree = fo->clock_difference_ms <= limit && fo->clock_difference_ms >= -limit;
    if (agreed && !fo->clocks_agree)
        fo_event(fx, 3, "clocks-differ",
                 "the partner's clock differs by %lld ms, more than max-clock-skew: nothing is "
                 "freed and no lease exceeds the MCLT until they agree; check NTP on both",
                 (long long)fo->clock_difference_ms);
    else if (!agreed && fo->clocks_agree)
        fo_event(fx, 1, "clocks-agree", "the partner's clock agrees again");
    wait_hear_mclt(fo, mclt_ms);
}

void failover_hear_hello(struct failover *fo, struct fo_effects *fx)
{
    const struct hello *h = &fo->partner;

    fo->partner_known = true;
    fo->partner_state = h->starting ? FO_STARTUP : (enum fo_state)h->state;
    hear_clock(fo, h->clock, h->mclt_ms, fx);
}

static void hear_heartbeat(struct failover *fo, const struct frame *f, struct fo_effects *fx)
{
    struct pair_record *r = &fo->record;
    const uint64_t incarnation = fo->partner.chain[fo->partner.chain_count - 1].id;

    hear_clock(fo, f->heartbeat.clock, f->heartbeat.mclt_ms, fx);
    if (r->heard_incarnation != incarnation || r->heard_seq < f->heartbeat.durable_seq) {
        r->heard_incarnation = incarnation;
        r->heard_seq = f->heartbeat.durable_seq;
        fo->dirty = true;
    }
    r->contact = fo->now;
    hear_state(fo, f->heartbeat.state, f->heartbeat.term, f->heartbeat.durable_seq, fx);
}

enum fo_frame failover_hear(struct failover *fo, const struct frame *frame,
                            struct fo_effects *fx)
{
    switch (frame->type) {
    case FRAME_HEARTBEAT:
        hear_heartbeat(fo, frame, fx);
        return FO_FRAME_STREAM; /* its pools and digest are daemon/core's */
    case FRAME_STATE:
        hear_state(fo, frame->state.state, frame->state.term, frame->state.last_seq, fx);
        return FO_FRAME_DONE;
    case FRAME_READY:
        fo->ready_heard = true;
        fo_trust(fo, fx);
        if (fo->caught_up)
            transition_on(fo, FO_EV_READY, fx);
        return FO_FRAME_DONE;
    case FRAME_GOODBYE:
        session_close_link(fo, "the partner stops", fx);
        return FO_FRAME_DONE;
    case FRAME_CONFIG_PARTS:
        session_hear_parts(fo, frame, fx);
        return FO_FRAME_DONE;
    case FRAME_UPDATE:
    case FRAME_ACK:
    case FRAME_SYNC_END:
    case FRAME_NAK:
    case FRAME_CLAIM:
    case FRAME_CLAIM_REPLY:
    case FRAME_HANDOVER:
    case FRAME_RESERVATIONS:
    case FRAME_RESERVATIONS_ACK:
        return FO_FRAME_STREAM;
    case FRAME_HELLO:
    case FRAME_HELLO_ACK:
        break;
    }
    fo->ignored++;
    return FO_FRAME_DONE;
}

void failover_tick(struct failover *fo, struct instant now, struct fo_effects *fx)
{
    const struct config_pair *pair = &fo->config->pair;

    fo->now = now;
    session_tick(fo, fx);
    if (!fo->open && (fo_decided(fo) == FO_NORMAL || fo_decided(fo) == FO_POTENTIAL_CONFLICT)) {
        const int64_t gone = now.ms - fo->session_ended_at.ms;

        if (gone >= pair->link_timeout_ms || (!fo->connected && gone >= RECONNECT_GRACE_MS)) {
            session_end(fo, NULL, fx);
            transition_on(fo, FO_EV_LOST, fx);
        }
    }
    if (fo->state == FO_STARTUP && !fo->has_pending && !fo->open &&
        now.ms - fo->waiting_since.ms >= pair->startup_wait_ms)
        transition_on(fo, FO_EV_STARTED_ALONE, fx);
    wait_tick(fo, fx);
    fo_maybe_ready(fo, fx);
}

struct instant failover_wakeup(const struct failover *fo)
{
    return instant_add_ms(fo->now, fo->open ? HEARTBEAT_MS / 5 : 100);
}

void failover_store(struct failover *fo, struct instant now, bool writable,
                    struct fo_effects *fx)
{
    fo->now = now;
    fo->speechless = !writable;
    if (writable)
        session_greet(fo, fx);
    else
        session_close_link(fo, "this peer's store cannot be written", fx);
}

void failover_stalled(struct failover *fo, struct instant now, struct fo_effects *fx)
{
    fo->now = now;
    session_close_link(fo, "this peer stood still", fx);
    transition_on(fo, FO_EV_STALLED, fx);
}
