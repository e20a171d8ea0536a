/* tests/sim/coverage.c - counting what came about, and saying what did not. */
#include "tests/sim/coverage.h"

#include "tests/sim/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(FAULT_KINDS <= COVERAGE_FAULTS, "room for every fault");
_Static_assert(CLIENT_KINDS <= COVERAGE_KINDS, "room for every kind of client");

static const char *const names[THINGS] = {
    [THING_WRITE_KEPT] = "disk: a crash keeps the write under way",
    [THING_WRITE_LOST] = "disk: a crash loses the write under way",
    [THING_WRITE_TORN] = "disk: power loss tears the write under way",
    [THING_WRITE_SLOW] = "disk: a write takes long",
    [THING_WRITE_FAILED] = "disk: a write finds the disk full",
    [THING_STORE_EMPTY] = "disk: a peer comes back with an empty store",
    [THING_STORE_OLD] = "disk: a peer comes back with an older store",
    [THING_CRASH_AT_EFFECT] = "process: dies between two of its effects",
    [THING_INPUT_WAITED] = "process: input waits while it stands still",
    [THING_RESTARTED_ALONE] = "process: a peer in PARTNER-DOWN starts again as such",
    [THING_CLOCKS_APART] = "clock: the lease clocks differ by half of max-clock-skew or more",
    [THING_CLOCK_STEPPED] = "clock: the wall clock steps under a running peer",
    [THING_CLOCK_KEPT] = "clock: a start finds the wall clock behind the kept one",
    [THING_FILES_DIFFER] = "operator: both are in NORMAL with different files",
    [THING_FRAME_HELD] = "link: a frame is held up, cut in both directions",
    [THING_FRAME_HELD_ONE_WAY] = "link: a frame is held up, cut in one direction",
    [THING_CONNECTION_BROKEN] = "link: a connection breaks",
    [THING_FRAME_LOST] = "link: a frame is lost without a sign",
    [THING_FRAME_LATE] = "link: a frame takes 30 ms or more",
    [THING_FRAME_OF_OLD_SESSION] = "link: a frame of an older session arrives",
    [THING_PACKET_LOST] = "packets: lost",
    [THING_PACKET_DOUBLED] = "packets: doubled",
    [THING_PACKET_OVERTAKEN] = "packets: overtaken by a later one of the client",
    [THING_PACKET_LATE] = "packets: 300 ms late or more",
    [THING_PACKET_TO_DEAF] = "packets: not heard by a deaf peer",
    [THING_PACKET_OF_MUTE] = "packets: of a mute peer, not heard",
    [THING_PACKET_FENCED] = "packets: stopped by the fence",
    [THING_DECLARED_DEAD] = "operator: declares a dead peer down",
    [THING_DECLARED_FENCED] = "operator: declares a fenced peer down",
    [THING_DECLARED_IN_RESYNC] = "operator: declares down a peer that was catching up",
    [THING_HANDED_OVER] = "operator: a handover succeeds",
    [THING_HANDOVER_FAILED] = "operator: a handover fails on the way",
    [THING_RETURNED] = "operator: a peer returns by command",
    [THING_RENEWED_UNICAST] = "clients: renew by unicast",
    [THING_RENEWED_BROADCAST] = "clients: renew by broadcast",
    [THING_RENEWED_LATE] = "clients: renew in the last eighth of the lease",
    [THING_RENEWED_EARLY] = "clients: renew within 1.5 s",
    [THING_RELEASED] = "clients: release",
    [THING_DECLINED] = "clients: decline",
    [THING_REBOOTED] = "clients: INIT-REBOOT",
    [THING_FORGOT] = "clients: forget their lease and start anew",
    [THING_MOVED] = "clients: move to the other subnet",
    [THING_TWIN_SHARES] = "clients: two with one identifier on one address",
    [THING_OFFER_OUTLIVED] = "clients: ask for an offer after offer-hold",
    [THING_SECS_SWAPPED] = "clients: retransmit with secs in the wrong byte order",
    [THING_SECS_MISSING] = "clients: retransmit without secs",
    [THING_RESERVED_TAKEN] = "clients: are given their reserved address",
    [THING_LATE_RESERVED_TAKEN] = "clients: are given one that only one file reserves",
    [THING_BOOTED_AT_ONCE] = "clients: all start at once",
    [THING_LEASE_RAN_OUT] = "clients: a lease runs out without an answer",
    [THING_GUEST_SERVED] = "clients: that a pool denies are bound in another",
    [THING_COMMITTED_AT_ONCE] = "clients: are bound by rapid commit",
    [THING_PROBED] = "servers: probe an address where a stranger is",
    [THING_PROBED_ALONE] = "servers: do so because they started alone",
    [THING_PROBE_LOST] = "servers: a probe or its answer is lost",
    [THING_PROBE_LATE] = "servers: an answer to a probe comes too late",
    [THING_PROBE_FOUND] = "servers: a probe finds an address in use",
    [THING_POOL_EMPTY] = "servers: have no free address for a client",
    [THING_ACK_DEGRADED] = "servers: DHCPACK at the MCLT, the partner's ack being late",
    [THING_ACK_DROPPED] = "servers: a waiting DHCPACK is dropped",
    [THING_ACK_EARLY] = "servers: an early renewal leaves the lease as it was",
    [THING_NAK] = "servers: DHCPNAK",
    [THING_NAK_NOTICE] = "servers: the partner hears of a DHCPNAK",
    [THING_SECOND_RELEASE] = "servers: a doubled release or decline is ignored",
    [THING_CLAIM_GRANTED] = "servers: a claim is granted",
    [THING_CLAIM_REFUSED] = "servers: a claim is refused",
    [THING_CLAIM_OVERTAKEN] = "servers: a claimed release or decline comes too late",
    [THING_GIFT] = "servers: balance gives an address away",
    [THING_REWIND] = "servers: a lease that the partner never heard of is undone",
    [THING_SET_ASIDE_IN_ONE_FILE] = "servers: set aside what only one file reserves",
    [THING_OLDER_PROMISE_KEPT] = "servers: a shorter lease keeps the longer promise before it",
    [THING_COUNTER_WRITE] = "streams: a counter-write",
    [THING_ACK_WITHHELD] = "streams: an ack waits for the counter-writes",
    [THING_FREE_MEETS_ACTIVE] = "streams: FREE meets an unseen ACTIVE or the reverse",
    [THING_RELEASED_MEETS_ACTIVE] = "streams: RELEASED meets an unseen ACTIVE or the reverse",
    [THING_ACTIVE_MEETS_ACTIVE] = "streams: two concurrent leases of one client meet",
    [THING_CLIENTS_MEET] =
        "streams: concurrent records of two clients meet, one at least not ACTIVE",
    [THING_SURVIVOR_MEETS] = "streams: an old record meets the survivor's new client",
    [THING_MET_IN_RECOVER] = "streams: concurrent records meet at a peer in RECOVER",
    [THING_FREEING_UNACKED] = "streams: a session begins while freeings are not acked",
    [THING_STATE_OVERTAKES] = "streams: a state is heard before what it rests on is applied",
    [THING_WINDOWS_FULL] = "streams: both windows are full",
    [THING_BOTH_RECOVER] = "states: both in RECOVER or RECOVER-WAIT, in contact",
    [THING_BOTH_SHUTDOWN] = "states: both in SHUTDOWN",
    [THING_DNS_FAILED] = "names: an update or its answer is lost",
    [THING_DNS_LATE] = "names: an update waits too long and is given back",
    [THING_NAME_RESTORED] = "names: one is put in again that was there already",
};

const char *thing_name(enum thing thing)
{
    return names[thing];
}

void coverage_change(struct coverage *c, const char *text)
{
    size_t i = 0;

    while (i < c->change_count && strncmp(c->changes[i].text, text, COVERAGE_TEXT - 1) != 0)
        i++;
    ASSERT(i < COVERAGE_CHANGES);
    if (i == c->change_count)
        snprintf(c->changes[c->change_count++].text, COVERAGE_TEXT, "%s", text);
    c->changes[i].count++;
}

static void add(uint64_t *total, uint64_t *runs, const uint64_t *counts, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        total[i] += counts[i];
        runs[i] += counts[i] > 0;
    }
}

void coverage_add(struct coverage *total, struct coverage *runs, const struct coverage *of_run)
{
    add(total->things, runs->things, of_run->things, THINGS);
    add(total->struck, runs->struck, of_run->struck, FAULT_KINDS);
    add(total->skipped, runs->skipped, of_run->skipped, FAULT_KINDS);
    add(total->kinds, runs->kinds, of_run->kinds, CLIENT_KINDS);
    for (size_t i = 0; i < of_run->change_count; i++) {
        for (uint64_t n = of_run->changes[i].count; n > 0; n--)
            coverage_change(total, of_run->changes[i].text);
        coverage_change(runs, of_run->changes[i].text);
    }
}

/* 1 if it never was. */
static size_t line(const char *what, const char *name, uint64_t count, uint64_t runs)
{
    if (count == 0)
        printf("%22s  %s%s\n", "NEVER", what, name);
    else
        printf("%10" PRIu64 " in %8" PRIu64 "  %s%s\n", count, runs, what, name);
    return count == 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t coverage_print(const struct coverage *total, const struct coverage *runs)
{
    struct coverage sorted = *total, sorted_runs = *runs;
    size_t never = 0;

    printf("how often, and in how many runs:\n");
    for (int i = 0; i < FAULT_KINDS; i++) {
        never +=
            line("fault: ", fault_name((enum fault_kind)i), total->struck[i], runs->struck[i]);
        if (total->skipped[i] > 0)
            printf("%10" PRIu64 " in %8" PRIu64 "    ... not allowed when it was due\n",
                   total->skipped[i], runs->skipped[i]);
    }
    for (int i = 0; i < THINGS; i++)
        never += line("", thing_name((enum thing)i), total->things[i], runs->things[i]);
    for (int i = 0; i < CLIENT_KINDS; i++)
        never += line("DHCPACK taken by clients: ", client_kind_name((enum client_kind)i),
                      total->kinds[i], runs->kinds[i]);
    qsort(sorted.changes, sorted.change_count, sizeof(sorted.changes[0]), by_text);
    qsort(sorted_runs.changes, sorted_runs.change_count, sizeof(sorted_runs.changes[0]),
          by_text);
    for (size_t i = 0; i < sorted.change_count; i++)
        line("state: ", sorted.changes[i].text, sorted.changes[i].count,
             sorted_runs.changes[i].count);
    return never;
}
