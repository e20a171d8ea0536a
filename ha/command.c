/* ha/command.c - what an operator may declare about the pair; handover and return are in
 * handover.c. */
#include "ha/failover_internal.h"

enum td_err failover_declare(struct failover *fo, struct instant now, bool force,
                             const char **why, struct fo_effects *fx)
{
    const enum fo_state state = fo_decided(fo);
    const bool declarable = state == FO_INTERRUPTED || state == FO_RESOLUTION_INTERRUPTED;

    fo->now = now;
    if (state == FO_PARTNER_DOWN) {
        *why = "this peer is in PARTNER-DOWN already";
        return TD_REFUSED;
    }
    if (fo->open) {
        *why = "the partner is connected: it is not down";
        return TD_REFUSED;
    }
    if (!declarable && !force) {
        *why = "only COMMUNICATIONS-INTERRUPTED and RESOLUTION-INTERRUPTED may declare; with "
               "--force a waiting peer does too, if you know that the partner is down";
        return TD_REFUSED;
    }
    if (!declarable && fo_state_serves(state)) {
        *why = "this peer has only just lost its partner: try again in a second";
        return TD_REFUSED;
    }
    session_close_link(fo, "the operator declared the partner down", fx);
    transition_on(fo, declarable ? FO_EV_DECLARED_DOWN : FO_EV_FORCED, fx);
    return TD_OK;
}

enum td_err failover_end_wait(struct failover *fo, struct instant now, const char **why,
                              struct fo_effects *fx)
{
    fo->now = now;
    if (!failover_is_recovering(fo) || !wait_is_due(fo)) {
        *why = "this peer does not wait for the MCLT";
        return TD_REFUSED;
    }
    fo->record.wait_until = instant_ms(0);
    fo_persist(fo, fx);
    fo_event(fx, 2, "wait-ended", "the operator ended the wait: no lease of before stands");
    transition_on(fo, FO_EV_WAIT_OVER, fx);
    fo_maybe_ready(fo, fx);
    return TD_OK;
}

enum td_err failover_restored(struct failover *fo, struct instant now, const char **why,
                              struct fo_effects *fx)
{
    struct pair_record *r = &fo->record;

    fo->now = now;
    if (r->restored) {
        *why = "this store is known to be a restored copy, and the peer recovers";
        return TD_REFUSED;
    }
    session_close_link(fo, "the operator says that this store is a restored copy", fx);
    r->restored = r->set_back = true;
    wait_begin(fo);
    fo_persist(fo, fx);
    transition_on(fo, FO_EV_RESTORED, fx);
    return TD_OK;
}
