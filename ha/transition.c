/* ha/transition.c - every change of state is a row of one table (README, section 6). */
#include "ha/failover_internal.h"

typedef bool fo_guard(const struct failover *fo);

struct transition {
    enum fo_state from;
    enum fo_event event;
    fo_guard *guard; /* NULL: always */
    enum fo_state enter;
    const char *reason;
};

/* ---- guards: they only read ---- */

static bool partner_partner_down(const struct failover *fo)
{
    return fo->partner.state == FO_PARTNER_DOWN;
}

static bool partner_in_conflict(const struct failover *fo)
{
    return fo->partner.state == FO_POTENTIAL_CONFLICT ||
           fo->partner.state == FO_RESOLUTION_INTERRUPTED;
}

/* A starting peer counts as serving only if its durable state is PARTNER-DOWN. */
static bool partner_serves(const struct failover *fo)
{
    return partner_partner_down(fo) ||
           (!fo->partner.starting &&
            (fo->partner.state == FO_NORMAL || fo->partner.state == FO_INTERRUPTED));
}

static bool partner_serves_or_conflicts(const struct failover *fo)
{
    return partner_serves(fo) || partner_in_conflict(fo);
}

static bool partner_down_or_conflicts(const struct failover *fo)
{
    return partner_partner_down(fo) || partner_in_conflict(fo);
}

static bool partner_behind(const struct failover *fo)
{
    return failover_partner_is_recovering(fo);
}

static bool was_partner_down(const struct failover *fo)
{
    return fo->record.state == FO_PARTNER_DOWN;
}

static bool both_partner_down(const struct failover *fo)
{
    return was_partner_down(fo) && partner_partner_down(fo);
}

static bool was_partner_down_partner_serves(const struct failover *fo)
{
    return was_partner_down(fo) && partner_serves_or_conflicts(fo);
}

static bool was_in_conflict(const struct failover *fo)
{
    return fo->record.state == FO_POTENTIAL_CONFLICT ||
           fo->record.state == FO_RESOLUTION_INTERRUPTED;
}

static bool any_conflict(const struct failover *fo)
{
    return was_in_conflict(fo) || partner_in_conflict(fo);
}

static bool own_store_new(const struct failover *fo)
{
    return fo->record.store_new;
}

static bool both_stores_new(const struct failover *fo)
{
    return fo->record.store_new && fo->partner.store_new;
}

static bool set_back(const struct failover *fo)
{
    return fo->set_back;
}

/* A higher term means that the partner is or was PARTNER-DOWN without us. */
static bool term_is_behind(const struct failover *fo)
{
    return fo->partner.term > fo->term_before;
}

/* Down for too long to know whether a partner that lost its store had been alone. */
static bool partner_lost_and_absent(const struct failover *fo)
{
    return fo->partner_lost &&
           (fo->record.state == FO_SHUTDOWN || fo->absence_ms >= failover_mclt_wait_ms(fo));
}

static bool may_start_alone(const struct failover *fo)
{
    return fo->config->pair.start_alone == CONFIG_START_ALONE_SERVE &&
           (fo->record.state == FO_NORMAL || fo->record.state == FO_INTERRUPTED);
}

static bool ready_was_sent(const struct failover *fo)
{
    return fo->ready_sent;
}

static const char restored[] = "its store was restored from an older copy";

/* The first row whose state, event and guard all match decides; no row means "stay". */
static const struct transition transitions[] = {
    /* Whatever it was: an older copy of its store knows nothing of it. */
    {FO_STARTUP, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    {FO_RECOVER_WAIT, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    {FO_NORMAL, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    {FO_INTERRUPTED, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    {FO_PARTNER_DOWN, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    {FO_POTENTIAL_CONFLICT, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    {FO_RESOLUTION_INTERRUPTED, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    {FO_SHUTDOWN, FO_EV_RESTORED, NULL, FO_RECOVER, restored},
    /* Starting: the partner is there. */
    {FO_STARTUP, FO_EV_MET, own_store_new, FO_RECOVER, "its store is new"},
    {FO_STARTUP, FO_EV_MET, set_back, FO_RECOVER, "its store was set back"},
    {FO_STARTUP, FO_EV_MET, both_partner_down, FO_POTENTIAL_CONFLICT,
     "both peers were in PARTNER-DOWN"},
    {FO_STARTUP, FO_EV_MET, partner_partner_down, FO_RECOVER,
     "the partner has been in PARTNER-DOWN"},
    {FO_STARTUP, FO_EV_MET, was_partner_down_partner_serves, FO_POTENTIAL_CONFLICT,
     "the partner serves although this peer was in PARTNER-DOWN"},
    {FO_STARTUP, FO_EV_MET, was_partner_down, FO_PARTNER_DOWN,
     "it was in PARTNER-DOWN and the partner is not back yet"},
    {FO_STARTUP, FO_EV_MET, partner_lost_and_absent, FO_RECOVER,
     "the partner lost its store while this peer was away"},
    {FO_STARTUP, FO_EV_MET, any_conflict, FO_POTENTIAL_CONFLICT,
     "an earlier conflict is not resolved yet"},
    {FO_STARTUP, FO_EV_MET, term_is_behind, FO_RECOVER,
     "the partner was in PARTNER-DOWN meanwhile"},
    {FO_STARTUP, FO_EV_CAUGHT_UP, partner_behind, FO_INTERRUPTED, "the partner is catching up"},
    {FO_STARTUP, FO_EV_CAUGHT_UP, NULL, FO_NORMAL, "both peers are caught up"},
    /* Starting: nobody there. */
    {FO_STARTUP, FO_EV_STARTED_ALONE, was_partner_down, FO_PARTNER_DOWN,
     "it was in PARTNER-DOWN and the partner is not there"},
    {FO_STARTUP, FO_EV_STARTED_ALONE, was_in_conflict, FO_RESOLUTION_INTERRUPTED,
     "an earlier conflict is not resolved and the partner is not there"},
    {FO_STARTUP, FO_EV_STARTED_ALONE, may_start_alone, FO_INTERRUPTED,
     "the partner is not there"},
    {FO_STARTUP, FO_EV_FORCED, NULL, FO_PARTNER_DOWN, "declared by the operator"},

    {FO_SHUTDOWN, FO_EV_MET, set_back, FO_RECOVER, "its store was set back"},
    {FO_SHUTDOWN, FO_EV_MET, partner_partner_down, FO_RECOVER,
     "the partner has been in PARTNER-DOWN"},
    {FO_SHUTDOWN, FO_EV_MET, partner_lost_and_absent, FO_RECOVER,
     "the partner lost its store while this peer was shut down"},
    {FO_SHUTDOWN, FO_EV_MET, partner_in_conflict, FO_POTENTIAL_CONFLICT,
     "the partner has an unresolved conflict"},
    {FO_SHUTDOWN, FO_EV_MET, term_is_behind, FO_RECOVER,
     "the partner was in PARTNER-DOWN meanwhile"},
    {FO_SHUTDOWN, FO_EV_CAUGHT_UP, partner_behind, FO_INTERRUPTED,
     "the partner is catching up"},
    {FO_SHUTDOWN, FO_EV_CAUGHT_UP, NULL, FO_NORMAL, "both peers are caught up"},
    {FO_SHUTDOWN, FO_EV_FORCED, NULL, FO_PARTNER_DOWN, "declared by the operator"},

    {FO_RECOVER, FO_EV_CAUGHT_UP, both_stores_new, FO_NORMAL, "both stores are new"},
    {FO_RECOVER, FO_EV_CAUGHT_UP, wait_is_due, FO_RECOVER_WAIT,
     "caught up, but leases of before may still stand"},
    {FO_RECOVER, FO_EV_READY, ready_was_sent, FO_NORMAL, "both peers are caught up"},
    {FO_RECOVER, FO_EV_PARTNER_NORMAL, ready_was_sent, FO_NORMAL, "both peers are caught up"},
    {FO_RECOVER, FO_EV_FORCED, NULL, FO_PARTNER_DOWN, "declared by the operator"},

    {FO_RECOVER_WAIT, FO_EV_MET, partner_partner_down, FO_RECOVER,
     "the partner has been in PARTNER-DOWN"},
    {FO_RECOVER_WAIT, FO_EV_WAIT_OVER, NULL, FO_RECOVER, "no lease of before stands any more"},
    {FO_RECOVER_WAIT, FO_EV_FORCED, NULL, FO_PARTNER_DOWN, "declared by the operator"},

    /* Serving. */
    {FO_NORMAL, FO_EV_LOST, NULL, FO_INTERRUPTED, "no word from the partner"},
    {FO_NORMAL, FO_EV_HAND_OVER, NULL, FO_SHUTDOWN, "handed over by the operator"},
    {FO_NORMAL, FO_EV_HANDED_TO, NULL, FO_PARTNER_DOWN, "the partner handed over"},
    {FO_NORMAL, FO_EV_STALLED, NULL, FO_STARTUP, "it stood still for longer than link-timeout"},

    {FO_INTERRUPTED, FO_EV_MET, set_back, FO_RECOVER, "its store was set back"},
    {FO_INTERRUPTED, FO_EV_MET, partner_down_or_conflicts, FO_POTENTIAL_CONFLICT,
     "the partner has been in PARTNER-DOWN while this peer served"},
    {FO_INTERRUPTED, FO_EV_CAUGHT_UP, partner_behind, FO_INTERRUPTED,
     "the partner is catching up"},
    {FO_INTERRUPTED, FO_EV_CAUGHT_UP, NULL, FO_NORMAL, "both peers are caught up"},
    {FO_INTERRUPTED, FO_EV_READY, NULL, FO_NORMAL, "the partner is caught up"},
    {FO_INTERRUPTED, FO_EV_DECLARED_DOWN, NULL, FO_PARTNER_DOWN, "declared by the operator"},
    {FO_INTERRUPTED, FO_EV_STALLED, NULL, FO_STARTUP,
     "it stood still for longer than link-timeout"},

    {FO_PARTNER_DOWN, FO_EV_MET, set_back, FO_RECOVER, "its store was set back"},
    {FO_PARTNER_DOWN, FO_EV_MET, partner_serves_or_conflicts, FO_POTENTIAL_CONFLICT,
     "the partner serves too"},
    {FO_PARTNER_DOWN, FO_EV_READY, NULL, FO_NORMAL, "the partner is caught up"},
    {FO_PARTNER_DOWN, FO_EV_STALLED, NULL, FO_STARTUP,
     "it stood still for longer than link-timeout"},

    {FO_POTENTIAL_CONFLICT, FO_EV_CAUGHT_UP, partner_behind, FO_INTERRUPTED,
     "the partner is catching up"},
    {FO_POTENTIAL_CONFLICT, FO_EV_CAUGHT_UP, NULL, FO_NORMAL, "the conflict is resolved"},
    {FO_POTENTIAL_CONFLICT, FO_EV_LOST, NULL, FO_RESOLUTION_INTERRUPTED,
     "no word from the partner while resolving a conflict"},
    {FO_POTENTIAL_CONFLICT, FO_EV_STALLED, NULL, FO_STARTUP,
     "it stood still for longer than link-timeout"},

    {FO_RESOLUTION_INTERRUPTED, FO_EV_MET, set_back, FO_RECOVER, "its store was set back"},
    {FO_RESOLUTION_INTERRUPTED, FO_EV_MET, NULL, FO_POTENTIAL_CONFLICT, "the partner is back"},
    {FO_RESOLUTION_INTERRUPTED, FO_EV_DECLARED_DOWN, NULL, FO_PARTNER_DOWN,
     "declared by the operator"},
    {FO_RESOLUTION_INTERRUPTED, FO_EV_STALLED, NULL, FO_STARTUP,
     "it stood still for longer than link-timeout"},
};

enum fo_state transition_target(const struct failover *fo, enum fo_event event,
                                const char **reason)
{
    const enum fo_state from = fo_decided(fo);

    for (size_t i = 0; i < ARRAY_SIZE(transitions); i++) {
        const struct transition *t = &transitions[i];

        if (t->from == from && t->event == event && (t->guard == NULL || t->guard(fo))) {
            *reason = t->reason;
            return t->enter;
        }
    }
    *reason = "";
    return from;
}

static void act_on(struct failover *fo, enum fo_state state, const char *reason,
                   struct fo_effects *fx)
{
    const enum fo_state from = fo->state;

    fo->state = state;
    fo->since = fo->now;
    fo->reason = reason;
    fo->has_pending = false;
    fo_add(fx, FO_DO_STATE);
    if (state == FO_NORMAL)
        fo_trust(fo, fx);
    fo_event(fx, 1, "state-changed", "%s -> %s: %s", fo_state_name(from), fo_state_name(state),
             reason);
}

/* What entering a state changes in the pair's memory, before it is written. */
static void remember_entry(struct failover *fo, enum fo_state from, enum fo_state enter)
{
    struct pair_record *r = &fo->record;
    const bool declared_before = r->state == FO_PARTNER_DOWN && from == FO_STARTUP;

    r->since = fo->now;
    r->state = enter;
    switch (enter) {
    case FO_NORMAL:
        r->store_new = false;
        r->partner_lost = r->partner_set_back = r->set_back = false;
        r->wait_passed = false;
        r->restored = false;
        r->wait_until = instant_ms(0);
        r->partner_down_at = instant_ms(0);
        break;
    case FO_PARTNER_DOWN:
        if (declared_before)
            break; /* a restart does not declare anew */
        r->term++;
        r->store_new = false;
        r->wait_passed = fo->handed_to; /* all that the partner promised is known here */
        r->partner_down_at = fo->now;
        break;
    case FO_RECOVER:
        if (from != FO_RECOVER_WAIT && partner_lost_and_absent(fo))
            wait_begin(fo);
        break;
    case FO_STARTUP:
    case FO_RECOVER_WAIT:
    case FO_INTERRUPTED:
    case FO_POTENTIAL_CONFLICT:
    case FO_RESOLUTION_INTERRUPTED:
    case FO_SHUTDOWN:
        break;
    }
}

static void enter(struct failover *fo, enum fo_state from, enum fo_state state,
                  const char *reason, struct fo_effects *fx)
{
    if (state == FO_STARTUP) {
        /* The durable state stays: it says what this peer was before. */
        fo->waiting_since = fo->now;
        act_on(fo, state, reason, fx);
        return;
    }
    remember_entry(fo, from, state);
    fo_persist(fo, fx);
    if (!fo_state_serves(state)) {
        /* To stop serving never waits. */
        act_on(fo, state, reason, fx);
        fo_announce(fo, fx);
        return;
    }
    fo->has_pending = true;
    fo->pending = state;
    fo->pending_reason = reason;
    fo->pending_number = fo->written;
}

void transition_finish_pending(struct failover *fo, struct fo_effects *fx)
{
    if (fo->has_pending && fo->durable >= fo->pending_number) {
        const enum fo_state from = fo->state;

        if (from == fo->pending)
            fo->has_pending = false;
        else
            act_on(fo, fo->pending, fo->pending_reason, fx);
        fo_announce(fo, fx);
        if (fo->handed_to && fo->state == FO_PARTNER_DOWN) {
            fo->handed_to = false;
            session_end(fo, "the partner handed over", fx);
        }
    }
}

void transition_on(struct failover *fo, enum fo_event event, struct fo_effects *fx)
{
    const enum fo_state from = fo_decided(fo);
    const char *reason;
    const enum fo_state target = transition_target(fo, event, &reason);

    if (event == FO_EV_STARTED_ALONE && target == FO_INTERRUPTED)
        fo->started_alone = true;
    if (target != from)
        enter(fo, from, target, reason, fx);
}
