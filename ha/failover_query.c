/* ha/failover_query.c - questions about the pair; nothing here changes anything. */
#include "ha/failover_internal.h"

const char *fo_state_name(enum fo_state state)
{
    switch (state) {
    case FO_STARTUP:
        return "STARTUP";
    case FO_RECOVER:
        return "RECOVER";
    case FO_RECOVER_WAIT:
        return "RECOVER-WAIT";
    case FO_NORMAL:
        return "NORMAL";
    case FO_INTERRUPTED:
        return "COMMUNICATIONS-INTERRUPTED";
    case FO_PARTNER_DOWN:
        return "PARTNER-DOWN";
    case FO_POTENTIAL_CONFLICT:
        return "POTENTIAL-CONFLICT";
    case FO_RESOLUTION_INTERRUPTED:
        return "RESOLUTION-INTERRUPTED";
    case FO_SHUTDOWN:
        return "SHUTDOWN";
    }
    return "UNKNOWN";
}

const char *fo_link_name(enum fo_link link)
{
    switch (link) {
    case FO_LINK_DOWN:
        return "down";
    case FO_LINK_HANDSHAKE:
        return "handshake";
    case FO_LINK_SYNC:
        return "synchronising";
    case FO_LINK_UP:
        return "up";
    }
    return "unknown";
}

bool failover_is_recovering(const struct failover *fo)
{
    return fo_state_recovers(fo_decided(fo));
}

bool failover_started_alone(const struct failover *fo)
{
    return fo->started_alone;
}

bool failover_is_resolving(const struct failover *fo)
{
    return fo_decided(fo) == FO_POTENTIAL_CONFLICT;
}

static bool in_conflict(enum fo_state state)
{
    return state == FO_POTENTIAL_CONFLICT || state == FO_RESOLUTION_INTERRUPTED;
}

bool failover_partner_is_recovering(const struct failover *fo)
{
    const struct hello *h = &fo->partner;
    const enum fo_state state = (enum fo_state)h->state;
    const bool serves = !h->starting && (state == FO_NORMAL || state == FO_INTERRUPTED);

    if (!fo->greeted || fo->ready_heard)
        return false;
    if (fo->partner_lost || fo_state_recovers(state))
        return true;
    /* By the lower term it sees that it is behind; but a conflict is resolved by both. */
    if (serves || state == FO_PARTNER_DOWN || in_conflict(state) || in_conflict(fo_decided(fo)))
        return false;
    return h->term < fo->record.term;
}

bool failover_may_send(const struct failover *fo)
{
    if (!fo->open)
        return false;
    /* The RECOVER peer sends first: what it has not told yet must meet our records before ours
     * overwrite it. */
    return failover_is_recovering(fo) || fo->caught_up || !failover_partner_is_recovering(fo);
}

bool failover_is_partner_identifier(const struct failover *fo, struct ip4 address)
{
    for (size_t i = 0; i < fo->record.identifier_count; i++) {
        if (ip4_equal(fo->record.identifiers[i], address))
            return true;
    }
    return false;
}

static enum fo_link link_of(const struct failover *fo)
{
    if (!fo->open)
        return fo->connected ? FO_LINK_HANDSHAKE : FO_LINK_DOWN;
    return fo->caught_up && fo->sync_sent ? FO_LINK_UP : FO_LINK_SYNC;
}

static const char *advice_starting(const struct failover *fo)
{
    if (fo->open)
        return "";
    if (fo->config->pair.start_alone == CONFIG_START_ALONE_WAIT)
        return "Waits for the partner (start-alone: wait). If the partner is down and stays "
               "down: twinctl partner-down --force";
    return "Looks for the partner; serves alone after startup-wait. A lone starter cannot know "
           "whether its partner was declared alone and then died.";
}

static const char *advice_for(const struct failover *fo)
{
    switch (fo->state) {
    case FO_STARTUP:
        return advice_starting(fo);
    case FO_RECOVER:
        if (fo->open)
            return "Catches up with the partner and then serves.";
        return "Serves nobody until it has heard its partner. If the partner is down, stays "
               "down, and none of its leases matter: twinctl partner-down --force";
    case FO_RECOVER_WAIT:
        if (fo->open)
            return "Caught up; serves when no lease that it has forgotten can stand any more. "
                   "If "
                   "you know that none does: twinctl end-wait (on both peers if both wait)";
        return "Caught up; serves when the MCLT has passed since its store was lost. If no "
               "lease of before can stand and the partner is gone: twinctl partner-down "
               "--force";
    case FO_NORMAL:
        return "";
    case FO_INTERRUPTED:
        if (fo->open)
            return "";
        return "Serves all clients from its own share. Bring the partner back; if it is down "
               "and stays down: twinctl partner-down";
    case FO_PARTNER_DOWN:
        return "Serves all clients; the partner's share too once the MCLT has passed. The "
               "partner resynchronises by itself when it returns.";
    case FO_POTENTIAL_CONFLICT:
        return "Both peers served alone. They resolve it by themselves; see the conflicts.";
    case FO_RESOLUTION_INTERRUPTED:
        return "Both peers served alone and the link broke before that was resolved. Mend the "
               "link; if the partner is down and stays down: twinctl partner-down";
    case FO_SHUTDOWN:
        if (fo->handed_over)
            return "Handed over: the partner serves alone. To serve again: twinctl return, or "
                   "a "
                   "restart";
        return "Handed over; serves again after it has met its partner. If the partner is "
               "down: twinctl partner-down --force";
    }
    return "";
}

static struct instant wait_end(const struct failover *fo)
{
    if (fo_state_recovers(fo->state))
        return fo->record.wait_until;
    if (fo->state == FO_PARTNER_DOWN && !fo->record.wait_passed)
        return instant_add_ms(fo->record.partner_down_at, failover_mclt_wait_ms(fo));
    return instant_ms(0);
}

void failover_status(const struct failover *fo, struct failover_status *out)
{
    out->state = fo->state;
    out->since = fo->since;
    out->reason = fo->reason;
    out->advice = advice_for(fo);
    out->term = fo->record.term;
    out->link = link_of(fo);
    out->heard = fo->heard;
    out->partner_known = fo->partner_known;
    out->partner_state = fo->partner_state;
    out->clock_difference_ms = fo->clock_difference_ms;
    out->clocks_agree = fo->clocks_agree;
    out->mclt_ms = failover_mclt_promise_ms(fo);
    out->wait_until = wait_end(fo);
    out->config_difference = fo->config_difference;
    out->differences = &fo->differences;
    out->last_problem = fo->last_problem;
}
