/* ha/failover_internal.h - what failover.c, session.c and transition.c share. */
#ifndef TWINDHCP_HA_FAILOVER_INTERNAL_H
#define TWINDHCP_HA_FAILOVER_INTERNAL_H

#include "ha/failover.h"

#define RECONNECT_GRACE_MS 200 /* a closed connection that is not back by then is lost */
#define HEARTBEAT_MS       250
#define HELLO_RETRY_MS     250
#define HELLO_REFUSED_MS   5000

/* What a state can hear of. */
enum fo_event {
    FO_EV_MET,            /* the handshake is complete */
    FO_EV_CAUGHT_UP,      /* the partner's SyncEnd is applied */
    FO_EV_READY,          /* the partner in RECOVER is done, and so are we with it */
    FO_EV_PARTNER_NORMAL, /* the partner says that it is in NORMAL */
    FO_EV_LOST,           /* no word from the partner */
    FO_EV_STARTED_ALONE,  /* STARTUP has lasted startup-wait */
    FO_EV_WAIT_OVER,      /* RECOVER-WAIT's end */
    FO_EV_DECLARED_DOWN,  /* by the operator */
    FO_EV_FORCED,         /* by the operator, over a peer that waits */
    FO_EV_STALLED,        /* the own loop stood still */
    FO_EV_HAND_OVER,      /* by the operator: the partner shall serve alone */
    FO_EV_HANDED_TO,      /* the partner hands over, and all that it wrote is here */
    FO_EV_RESTORED,       /* by the operator: the own store is an older copy */
};
#define FO_EVENTS 13

struct fo_effect *fo_add(struct fo_effects *fx, enum fo_effect_type type);
void fo_event(struct fo_effects *fx, int severity, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void fo_persist(struct failover *fo, struct fo_effects *fx);
void fo_send(struct failover *fo, struct frame *frame, struct fo_effects *fx);

/* The partner holds what it acks: acks count from here on in this session. */
void fo_trust(struct failover *fo, struct fo_effects *fx);

/* Tell the partner the own state, if there is a session. */
void fo_announce(struct failover *fo, struct fo_effects *fx);

/* The state that the peer is in or is about to enter. */
enum fo_state fo_decided(const struct failover *fo);
bool fo_state_serves(enum fo_state state);
bool fo_state_recovers(enum fo_state state);

/* A peer in RECOVER that is done says so. */
void fo_maybe_ready(struct failover *fo, struct fo_effects *fx);

/* wait.c */
void wait_start(struct failover *fo, struct instant kept_clock);
void wait_begin(struct failover *fo);
bool wait_is_due(const struct failover *fo);
void wait_hear_mclt(struct failover *fo, int64_t mclt_ms);
void wait_met(struct failover *fo);
void wait_tick(struct failover *fo, struct fo_effects *fx);

/* handover.c */
void handover_hear_state(struct failover *fo, enum fo_state state, struct fo_effects *fx);

/* failover.c: frames of an open session, and a Hello that was accepted. */
enum fo_frame failover_hear(struct failover *fo, const struct frame *frame,
                            struct fo_effects *fx);
void failover_hear_hello(struct failover *fo, struct fo_effects *fx);

/* session.c */
void session_end(struct failover *fo, const char *problem, struct fo_effects *fx);
void session_close_link(struct failover *fo, const char *problem, struct fo_effects *fx);
void session_greet(struct failover *fo, struct fo_effects *fx);
void session_hear_parts(struct failover *fo, const struct frame *frame, struct fo_effects *fx);
void session_tick(struct failover *fo, struct fo_effects *fx);

/* transition.c: the only writer of fo->state and fo->record.state. */
void transition_on(struct failover *fo, enum fo_event event, struct fo_effects *fx);
void transition_finish_pending(struct failover *fo, struct fo_effects *fx);
/* For the test that prints the table: what `fo` would enter, or its decided state. */
enum fo_state transition_target(const struct failover *fo, enum fo_event event,
                                const char **reason);

#endif
