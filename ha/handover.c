/* ha/handover.c - orderly handover and return (README, section 6). */
#include "ha/failover_internal.h"

enum td_err failover_hand_over(struct failover *fo, struct instant now, const char **why,
                               struct fo_effects *fx)
{
    fo->now = now;
    if (fo->state != FO_NORMAL || fo->has_pending || !fo->open) {
        *why = "only a peer in NORMAL, with its partner connected, can hand over";
        return TD_REFUSED;
    }
    fo->handing_over = true;
    transition_on(fo, FO_EV_HAND_OVER, fx);
    return TD_OK;
}

void failover_flushed(struct failover *fo, struct instant now, struct fo_effects *fx)
{
    struct frame frame = {.type = FRAME_HANDOVER};

    fo->now = now;
    if (!fo->handing_over || !fo->open || fo->durable < fo->written)
        return;
    fo->handing_over = false;
    fo->handover_sent = true;
    frame.mark.last_seq = fo->progress->durable_seq;
    fo_send(fo, &frame, fx);
}

void failover_handed_to(struct failover *fo, struct instant now, bool applied,
                        struct fo_effects *fx)
{
    fo->now = now;
    if (!applied || fo->state != FO_NORMAL || fo->has_pending) {
        fo_announce(fo, fx); /* it is refused: the partner hears in what state */
        return;
    }
    fo->handed_to = true;
    transition_on(fo, FO_EV_HANDED_TO, fx);
}

enum td_err failover_return(struct failover *fo, struct instant now, const char **why,
                            struct fo_effects *fx)
{
    fo->now = now;
    if (fo->state != FO_SHUTDOWN) {
        *why = "only a peer in SHUTDOWN can return";
        return TD_REFUSED;
    }
    fo->handed_over = false;
    if (fo->connected && !fo->open)
        session_close_link(fo, NULL, fx); /* a new connection brings the handshake */
    return TD_OK;
}

/* The partner's answer to a Handover is the state that it is in. */
void handover_hear_state(struct failover *fo, enum fo_state state, struct fo_effects *fx)
{
    if (!fo->handover_sent)
        return;
    if (state == FO_PARTNER_DOWN) {
        fo->handed_over = true;
        fo->handover_sent = false;
        session_end(fo, "handed over", fx);
        fo_event(fx, 1, "handed-over",
                 "the partner serves alone; this peer may be stopped, and serves again after a "
                 "restart or twinctl return");
    } else if (state != FO_NORMAL) {
        session_close_link(fo, "the partner did not take the handover", fx);
    }
}
