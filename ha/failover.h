/* ha/failover.h - which state this peer is in, and what follows from it. */
#ifndef TWINDHCP_HA_FAILOVER_H
#define TWINDHCP_HA_FAILOVER_H

#include "config/model.h"
#include "proto/types.h"

/* Values are on the wire and on disk. */
enum fo_state {
    FO_STARTUP = 0,
    FO_RECOVER = 1,
    FO_RECOVER_WAIT = 2,
    FO_NORMAL = 3,
    FO_INTERRUPTED = 4, /* COMMUNICATIONS-INTERRUPTED */
    FO_PARTNER_DOWN = 5,
    FO_POTENTIAL_CONFLICT = 6,
    FO_RESOLUTION_INTERRUPTED = 7,
    FO_SHUTDOWN = 8,
};
#define FO_STATES 9

const char *fo_state_name(enum fo_state state); /* "COMMUNICATIONS-INTERRUPTED"; static */

enum fo_link { FO_LINK_DOWN, FO_LINK_HANDSHAKE, FO_LINK_SYNC, FO_LINK_UP };
const char *fo_link_name(enum fo_link link); /* "down", "handshake", "synchronising", "up" */

/* For an operator. */
struct failover_status {
    enum fo_state state;
    struct instant since;
    const char *reason; /* why it was entered: one clause, static */
    const char *advice; /* what it waits for and the command that ends the wait; "" if nothing */
    uint32_t term;
    enum fo_link link;
    struct instant heard;         /* the last frame of the partner; 0 = never */
    bool partner_known;           /* `partner_*` were heard at least once since start */
    enum fo_state partner_state;
    int64_t clock_difference_ms;  /* partner's lease clock less own, as last measured */
    bool clocks_agree;
    int64_t mclt_ms;              /* in force */
    struct instant wait_until;    /* RECOVER-WAIT's end, or PARTNER-DOWN's T_pd + MCLT; 0 = none */
    const char *config_difference; /* "" or a list such as "pools, options" */
    const char *last_problem;     /* why the last session was refused or ended; "" if none */
};

#endif
