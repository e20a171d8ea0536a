/* tests/sim/coverage.h - what came about in a run.
 *
 * A fault that is drawn but changes nothing tests nothing.  So every effect of a fault, every
 * habit of a client and every situation that a scenario is there for is counted where it takes
 * place, and a report names what never did. */
#ifndef TWINDHCP_SIM_COVERAGE_H
#define TWINDHCP_SIM_COVERAGE_H

#include <stddef.h>
#include <stdint.h>

enum thing {
    /* disks */
    THING_WRITE_KEPT,
    THING_WRITE_LOST,
    THING_WRITE_TORN,
    THING_WRITE_SLOW,
    THING_WRITE_FAILED,
    THING_STORE_EMPTY,
    THING_STORE_OLD,
    /* processes and clocks */
    THING_CRASH_AT_EFFECT,
    THING_INPUT_WAITED,
    THING_RESTARTED_ALONE,
    THING_CLOCKS_APART,
    THING_CLOCK_STEPPED,
    THING_CLOCK_KEPT,
    THING_FILES_DIFFER,
    /* the partner link */
    THING_FRAME_HELD,
    THING_FRAME_HELD_ONE_WAY,
    THING_CONNECTION_BROKEN,
    THING_FRAME_LOST,
    THING_FRAME_LATE,
    THING_FRAME_OF_OLD_SESSION,
    /* the client network */
    THING_PACKET_LOST,
    THING_PACKET_DOUBLED,
    THING_PACKET_OVERTAKEN,
    THING_PACKET_LATE,
    THING_PACKET_TO_DEAF,
    THING_PACKET_OF_MUTE,
    THING_PACKET_FENCED,
    /* the operator */
    THING_DECLARED_DEAD,
    THING_DECLARED_FENCED,
    THING_DECLARED_IN_RESYNC,
    THING_HANDED_OVER,
    THING_HANDOVER_FAILED,
    THING_RETURNED,
    /* clients */
    THING_RENEWED_UNICAST,
    THING_RENEWED_BROADCAST,
    THING_RENEWED_LATE,
    THING_RENEWED_EARLY,
    THING_RELEASED,
    THING_DECLINED,
    THING_REBOOTED,
    THING_FORGOT,
    THING_MOVED,
    THING_TWIN_SHARES,
    THING_OFFER_OUTLIVED,
    THING_SECS_SWAPPED,
    THING_SECS_MISSING,
    THING_RESERVED_TAKEN,
    THING_LATE_RESERVED_TAKEN,
    THING_BOOTED_AT_ONCE,
    THING_LEASE_RAN_OUT,
    THING_COMMITTED_AT_ONCE,
    THING_GUEST_SERVED,
    THING_POOL_EMPTY,
    /* what the servers made of it */
    THING_ACK_DEGRADED,
    THING_ACK_DROPPED,
    THING_ACK_EARLY,
    THING_NAK,
    THING_NAK_NOTICE,
    THING_SECOND_RELEASE,
    THING_CLAIM_GRANTED,
    THING_CLAIM_REFUSED,
    THING_CLAIM_OVERTAKEN,
    THING_GIFT,
    THING_REWIND,
    THING_SET_ASIDE_IN_ONE_FILE,
    THING_OLDER_PROMISE_KEPT,
    THING_PROBED,
    THING_PROBED_ALONE,
    THING_PROBE_LOST,
    THING_PROBE_LATE,
    THING_PROBE_FOUND,
    /* where streams meet */
    THING_COUNTER_WRITE,
    THING_ACK_WITHHELD,
    THING_FREE_MEETS_ACTIVE,
    THING_RELEASED_MEETS_ACTIVE,
    THING_ACTIVE_MEETS_ACTIVE,
    THING_CLIENTS_MEET,
    THING_SURVIVOR_MEETS,
    THING_MET_IN_RECOVER,
    THING_FREEING_UNACKED,
    THING_STATE_OVERTAKES,
    THING_WINDOWS_FULL,
    THING_BOTH_RECOVER,
    THING_BOTH_SHUTDOWN,
    /* names */
    THING_DNS_FAILED,
    THING_DNS_LATE,
    THING_NAME_RESTORED,
    THINGS
};
const char *thing_name(enum thing thing);

#define COVERAGE_FAULTS  32
#define COVERAGE_KINDS   16
#define COVERAGE_CHANGES 96 /* of state, by from, to and reason */
#define COVERAGE_TEXT    120

struct coverage {
    uint64_t things[THINGS];
    uint64_t struck[COVERAGE_FAULTS], skipped[COVERAGE_FAULTS];
    uint64_t kinds[COVERAGE_KINDS]; /* DHCPACKs that clients of a kind took */
    struct {
        char text[COVERAGE_TEXT];
        uint64_t count;
    } changes[COVERAGE_CHANGES];
    size_t change_count;
};

void coverage_change(struct coverage *coverage, const char *text);
/* `total` counts how often, `runs` in how many runs. */
void coverage_add(struct coverage *total, struct coverage *runs, const struct coverage *of_run);
/* Prints all of it; returns how many things, faults and kinds never were. */
size_t coverage_print(const struct coverage *total, const struct coverage *runs);

#endif
