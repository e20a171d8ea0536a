/* tests/sim/scenario_pair.c - failures that earlier designs had (ha/README.md), in the states
 * of the pair: lost stores, declarations, handovers, waits. */
#include "tests/sim/scenario.h"

/* Cut off, the primary promises at most the MCLT and then loses power; the secondary, told that
 * it is alone, gives that address to nobody while that may stand. */
static void promise_outlives_its_maker(struct settings *s, struct plan *plan)
{
    s->clients = 14;
    s->heal_at = SECONDS(50);
    scenario_add(plan, SECONDS(4), FAULT_CUT, ROLE_PRIMARY, SECONDS(6), 0);
    scenario_add(plan, SECONDS(9), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(30), 0);
}

static void lost_disk(struct settings *s, struct plan *plan)
{
    s->kinds |= 1u << KIND_PXE | 1u << KIND_RELEASER;
    s->pool_size[0] = 6;
    s->clients = 16;
    s->heal_at = SECONDS(48);
    scenario_add(plan, SECONDS(8), FAULT_CUT, ROLE_PRIMARY, SECONDS(6), 0);
    scenario_add(plan, 8500, FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, 13500, FAULT_DISK_LOST, ROLE_PRIMARY, 700, 0);
    scenario_add(plan, SECONDS(14), FAULT_DEAF, ROLE_SECONDARY, SECONDS(8), 0);
}

static void set_back_disk(struct settings *s, struct plan *plan)
{
    s->heal_at = SECONDS(40);
    s->lease_s = 8;
    scenario_add(plan, SECONDS(14), FAULT_SET_BACK, ROLE_SECONDARY, SECONDS(2), 40);
}

/* The peer that died had written a long lease of which nobody has heard; the survivor gave the
 * address away when its wait was over. */
static void returning_peer_with_long_lease(struct settings *s, struct plan *plan)
{
    s->pool_size[0] = 6;
    s->clients = 14;
    s->lease_s = 40;
    s->lease_max_s = 80;
    s->link_timeout_ms = 3000;
    s->ack_timeout_ms = 10;
    s->heal_at = SECONDS(60);
    scenario_add(plan, 2500, FAULT_CUT_ONE_WAY, ROLE_SECONDARY, SECONDS(20), 0);
    scenario_add(plan, 2600, FAULT_BOOT_STORM, ROLE_SECONDARY, 0, 0);
    scenario_add(plan, 5300, FAULT_DECLARED, ROLE_SECONDARY, SECONDS(24), 0);
}

static void declaration_during_resync(struct settings *s, struct plan *plan)
{
    s->kinds |= 1u << KIND_EAGER | 1u << KIND_RELEASER;
    s->clients = 12;
    s->link_timeout_ms = 3000;
    s->heal_at = SECONDS(70);
    scenario_add(plan, SECONDS(8), FAULT_DISK_LOST, ROLE_PRIMARY, SECONDS(1), 0);
    scenario_add(plan, 8900, FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(8), 900);
    scenario_add(plan, 14500, FAULT_DECLARED, ROLE_PRIMARY, SECONDS(20), 0);
    scenario_add(plan, SECONDS(35), FAULT_FLAP, ROLE_PRIMARY, 0, 6);
}

static void survivor_restarts(struct settings *s, struct plan *plan)
{
    s->mclt_s = s->mclt_changed_s = 30;
    s->pool_size[0] = 8;
    s->clients = 16;
    s->lease_s = 40;
    s->heal_at = SECONDS(70);
    s->start_alone_wait = true;
    scenario_add(plan, SECONDS(4), FAULT_CUT, ROLE_PRIMARY, SECONDS(5), 0);
    scenario_add(plan, 4500, FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, SECONDS(8), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(50), 0);
    scenario_add(plan, 12500, FAULT_KILL, ROLE_SECONDARY, SECONDS(1), 0);
    scenario_add(plan, SECONDS(44), FAULT_STOP, ROLE_SECONDARY, SECONDS(4), 0);
}

static void clocks_apart(struct settings *s, struct plan *plan)
{
    s->skew_ms = 5000;
    s->lease_s = 6;
    s->clients = 12;
    s->heal_at = SECONDS(45);
    scenario_add(plan, SECONDS(5), FAULT_CLOCK_STEP, ROLE_PRIMARY, 0, 100);
    scenario_add(plan, SECONDS(5), FAULT_CLOCK_STEP, ROLE_SECONDARY, 0, -100);
    scenario_add(plan, SECONDS(6), FAULT_KILL, ROLE_PRIMARY, 500, 0);
    scenario_add(plan, SECONDS(16), FAULT_KILL, ROLE_SECONDARY, SECONDS(8), 0);
}

static void reservation_in_one_file(struct settings *s, struct plan *plan)
{
    s->late_reservation = true;
    s->reservations = 3;
    s->pool_size[0] = 8;
    s->clients = 12;
    s->heal_at = SECONDS(80);
    scenario_add(plan, SECONDS(4), FAULT_CONFIG, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, SECONDS(8), FAULT_CONFIG, ROLE_SECONDARY, 0, 0);
    scenario_add(plan, SECONDS(12), FAULT_CUT, ROLE_PRIMARY, SECONDS(30), 0);
    scenario_add(plan, 12500, FAULT_CONFIG, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, SECONDS(16), FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, SECONDS(55), FAULT_CUT, ROLE_PRIMARY, SECONDS(8), 0);
}

/* What the peer that hands over has just promised is still on its way. */
static void handover_under_load(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_EAGER | 1u << KIND_RELEASER | 1u << KIND_PXE;
    s->pool_size[0] = 24;
    s->clients = 40;
    s->lease_s = 12;
    s->link_timeout_ms = 3000;
    s->ack_timeout_ms = 10;
    s->heal_at = SECONDS(60);
    for (int i = 0; i < 3; i++) {
        const int64_t at = SECONDS(5 + 18 * i);

        scenario_add(plan, at, FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(8), 1200);
        scenario_add(plan, at + 4000, FAULT_HANDOVER,
                     i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, SECONDS(9), i % 2);
    }
}

/* One file waits longer than the other promises. */
static void mclt_changed(struct settings *s, struct plan *plan)
{
    s->mclt_s = 30;
    s->mclt_changed_s = 10;
    s->pool_size[0] = 8;
    s->lease_s = 40;
    s->clients = 16;
    s->heal_at = SECONDS(75);
    scenario_add(plan, SECONDS(4), FAULT_CUT, ROLE_PRIMARY, SECONDS(12), 0);
    scenario_add(plan, 5500, FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, SECONDS(8), FAULT_CONFIG, ROLE_SECONDARY, 0, 0);
    scenario_add(plan, SECONDS(9), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(50), 0);
}

/* A crash somewhere in each handover: of the giver, of the taker. */
static void handover_with_crash(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_EAGER | 1u << KIND_RELEASER | 1u << KIND_PXE;
    s->pool_size[0] = 6;
    s->clients = 12;
    s->lease_s = 8;
    s->commit_max_ms = 20;
    s->link_delay_ms = 30;
    s->heal_at = SECONDS(70);
    for (int i = 0; i < 4; i++) {
        const int64_t at = SECONDS(5 + 16 * i);
        const enum role giver = i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY;

        if (i < 3) {
            scenario_add(plan, at - 1, FAULT_CRASH_POINT, i < 2 ? giver : role_other(giver),
                         6000, -12);
        } else { /* it dies while it writes that it shuts down, and starts where it is alone */
            scenario_add(plan, at - 1, FAULT_DISK_SLOW, giver, 100, 900);
            scenario_add(plan, at + 110, FAULT_CUT, giver, 9000, 0);
            scenario_add(plan, at + 130, FAULT_POWER, giver, 500, 0);
        }
        scenario_add(plan, at, FAULT_HANDOVER, giver, SECONDS(7), i % 2);
    }
}

static void both_hand_over(struct settings *s, struct plan *plan)
{
    s->link_delay_ms = 5;
    s->heal_at = SECONDS(30);
    scenario_add(plan, SECONDS(6), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(2), 400);
    scenario_add(plan, 6100, FAULT_HANDOVER, ROLE_PRIMARY, SECONDS(5), 2);
    scenario_add(plan, SECONDS(16), FAULT_HANDOVER, ROLE_SECONDARY, SECONDS(4), 2);
    scenario_add(plan, SECONDS(17), FAULT_KILL, ROLE_PRIMARY, SECONDS(1), 0);
}

/* The survivor says that it is in NORMAL before the other has applied what it wrote alone. */
static void state_overtakes(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_EAGER | 1u << KIND_PXE | 1u << KIND_RELEASER;
    s->pool_size[0] = 16;
    s->clients = 30;
    s->lease_s = 6;
    s->link_timeout_ms = 3000;
    s->heal_at = SECONDS(75);
    for (int i = 0; i < 2; i++) {
        const int64_t at = SECONDS(6 + 34 * i);

        scenario_add(plan, at, FAULT_DECLARED, ROLE_SECONDARY, SECONDS(22), 0);
        scenario_add(plan, at + 21900, FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(6), 700);
        scenario_add(plan, at + 21900, FAULT_DISK_SLOW, i == 0 ? ROLE_SECONDARY : ROLE_PRIMARY,
                     SECONDS(6), 1500);
    }
}

/* One peer was away for longer than the MCLT while the other used up its share, and lost its
 * disk: neither knows what was promised. */
static void absent_then_disk_lost(struct settings *s, struct plan *plan)
{
    s->pool_size[0] = 6;
    s->clients = 14;
    s->lease_s = 40;
    s->lease_max_s = 40;
    s->heal_at = SECONDS(60);
    scenario_add(plan, SECONDS(5), FAULT_DECLARED, ROLE_PRIMARY, 19500, 0);
    scenario_add(plan, SECONDS(21), FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, SECONDS(24), FAULT_DISK_LOST, ROLE_SECONDARY, 300, 0);
}

/* Both have own writes that the other does not know when one of them must catch up. */
static void joins_in_recover(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_BROADCASTER | 1u << KIND_EAGER | 1u << KIND_RELEASER;
    s->pool_size[0] = 8;
    s->clients = 10;
    s->lease_s = 12;
    s->heal_at = SECONDS(80);
    scenario_add(plan, SECONDS(6), FAULT_CUT, ROLE_PRIMARY, SECONDS(6), 0);
    scenario_add(plan, SECONDS(11), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(14), 0);
    scenario_add(plan, SECONDS(24), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(6), 300);
    scenario_add(plan, SECONDS(42), FAULT_CUT, ROLE_PRIMARY, SECONDS(6), 0);
    scenario_add(plan, SECONDS(47), FAULT_SET_BACK, ROLE_SECONDARY, SECONDS(1), 60);
}

const struct scenario scenarios_pair[] = {
    {"reservation-in-one-file",
     "a reservation that only one file has",
     reservation_in_one_file,
     2,
     {THING_SET_ASIDE_IN_ONE_FILE, THING_LATE_RESERVED_TAKEN}},
    {"promise-outlives-its-maker",
     "a lease given while cut off, then power loss and a declaration",
     promise_outlives_its_maker,
     1,
     {THING_DECLARED_DEAD}},
    {"lost-disk",
     "a disk is lost right after serving alone",
     lost_disk,
     1,
     {THING_STORE_EMPTY}},
    {"set-back-disk",
     "a store comes back from a snapshot",
     set_back_disk,
     1,
     {THING_STORE_OLD}},
    {"mclt-changed",
     "another MCLT in one file, then a declaration",
     mclt_changed,
     2,
     {THING_FILES_DIFFER, THING_DECLARED_DEAD}},
    {"clocks-apart",
     "lease clocks as far apart as allowed",
     clocks_apart,
     1,
     {THING_CLOCKS_APART}},
    {"handover-under-load",
     "handed over while updates are on their way",
     handover_under_load,
     1,
     {THING_HANDED_OVER}},
    {"handover-with-crash",
     "a crash in the middle of a handover",
     handover_with_crash,
     3,
     {THING_CRASH_AT_EFFECT, THING_HANDED_OVER, THING_HANDOVER_FAILED}},
    {"both-hand-over", "both hand over at once", both_hand_over, 1, {THING_BOTH_SHUTDOWN}},
    {"state-overtakes",
     "a state is heard before what it rests on",
     state_overtakes,
     1,
     {THING_STATE_OVERTAKES}},
    {"survivor-restarts",
     "the peer in PARTNER-DOWN is restarted and stopped",
     survivor_restarts,
     1,
     {THING_RESTARTED_ALONE}},
    {"absent-then-disk-lost",
     "one peer was away while the other served and lost its disk",
     absent_then_disk_lost,
     1,
     {THING_BOTH_RECOVER}},
    {"declaration-during-resync",
     "declared down while it catches up",
     declaration_during_resync,
     1,
     {THING_DECLARED_IN_RESYNC}},
    {"returning-peer-with-long-lease",
     "the survivor has given away what it never heard of",
     returning_peer_with_long_lease,
     1,
     {THING_SURVIVOR_MEETS}},
    {"joins-in-recover",
     "unknown writes on both sides when one catches up",
     joins_in_recover,
     2,
     {THING_MET_IN_RECOVER, THING_ACK_WITHHELD}},
    {NULL, NULL, NULL, 0, {0}},
};
