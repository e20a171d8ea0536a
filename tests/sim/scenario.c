/* tests/sim/scenario.c - runs that are written down: failures that earlier designs had, and
 * what an operator meets.  The seed still decides all small things. */
#include "tests/sim/batch.h"

#define SECONDS(n) ((n)*INT64_C(1000))

static void set_base(struct settings *s)
{
    memset(s, 0, sizeof(*s));
    s->mclt_s = s->mclt_changed_s = 10;
    s->lease_s = 20;
    s->lease_max_s = 40;
    s->link_timeout_ms = 1000;
    s->ack_timeout_ms = 50;
    s->startup_wait_ms = 2000;
    s->max_unanswered_ms = 1000;
    s->skew_ms = 500;
    s->offer_hold_s = 5;
    s->abandon_s = 60;
    s->pool_size[0] = 8;
    s->clients = 6;
    s->kinds = 1u << KIND_PLAIN;
    s->calm_until = SECONDS(4);
    s->heal_at = SECONDS(24);
    s->busy_ms = SECONDS(8);
    s->delay_max_ms = 3;
    s->link_delay_ms = 1;
    s->commit_max_ms = 3;
}

static void add(struct plan *plan, int64_t at, enum fault_kind kind, enum role role,
                int64_t duration, int64_t param)
{
    ASSERT(plan->count < FAULTS_MAX);
    plan->faults[plan->count++] = (struct fault){at, kind, role, duration, param};
}

static void quiet(struct settings *s, struct plan *plan)
{
    (void)s;
    (void)plan;
}

/* Cut off, the primary promises at most the MCLT and then loses power; the secondary, told that
 * it is alone, gives that address to nobody while that may stand. */
static void promise_outlives_its_maker(struct settings *s, struct plan *plan)
{
    s->clients = 14;
    s->heal_at = SECONDS(50);
    add(plan, SECONDS(4), FAULT_CUT, ROLE_PRIMARY, SECONDS(6), 0);
    add(plan, SECONDS(9), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(30), 0);
}

static void release_meets_renewal(struct settings *s, struct plan *plan)
{
    s->kinds |= 1u << KIND_RELEASER | 1u << KIND_EAGER;
    s->clients = 10;
    s->lease_s = 8;
    add(plan, SECONDS(6), FAULT_FLAP, ROLE_PRIMARY, 0, 8);
    add(plan, SECONDS(15), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(6), 700);
}

static void lost_disk(struct settings *s, struct plan *plan)
{
    s->heal_at = SECONDS(40);
    add(plan, SECONDS(10), FAULT_CUT, ROLE_PRIMARY, SECONDS(4), 0);
    add(plan, SECONDS(12), FAULT_DISK_LOST, ROLE_PRIMARY, SECONDS(3), 0);
}

static void set_back_disk(struct settings *s, struct plan *plan)
{
    s->heal_at = SECONDS(40);
    s->lease_s = 8;
    add(plan, SECONDS(14), FAULT_SET_BACK, ROLE_SECONDARY, SECONDS(2), 40);
}

static void returning_peer_meets_survivor(struct settings *s, struct plan *plan)
{
    s->clients = 12;
    s->lease_s = 6;
    s->heal_at = SECONDS(55);
    s->kinds |= 1u << KIND_RELEASER;
    add(plan, SECONDS(8), FAULT_DECLARED, ROLE_SECONDARY, SECONDS(32), 0);
}

static void returning_peer_without_disk(struct settings *s, struct plan *plan)
{
    returning_peer_meets_survivor(s, plan);
    plan->faults[0].param = 1;
}

static void declaration_during_resync(struct settings *s, struct plan *plan)
{
    s->clients = 12;
    s->heal_at = SECONDS(60);
    add(plan, SECONDS(8), FAULT_DISK_LOST, ROLE_PRIMARY, SECONDS(1), 0);
    add(plan, SECONDS(10), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(5), 700);
    add(plan, SECONDS(24), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(10), 0);
    add(plan, SECONDS(35), FAULT_FLAP, ROLE_PRIMARY, 0, 6);
}

static void survivor_restarts(struct settings *s, struct plan *plan)
{
    s->heal_at = SECONDS(50);
    s->start_alone_wait = true;
    add(plan, SECONDS(6), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(30), 0);
    add(plan, SECONDS(14), FAULT_KILL, ROLE_SECONDARY, SECONDS(1), 0);
    add(plan, SECONDS(25), FAULT_STOP, ROLE_SECONDARY, SECONDS(4), 0);
}

static void both_served_alone(struct settings *s, struct plan *plan)
{
    s->heal_at = SECONDS(60);
    s->clients = 12;
    add(plan, SECONDS(8), FAULT_FENCED, ROLE_SECONDARY, SECONDS(20), 0);
    add(plan, SECONDS(37), FAULT_FLAP, ROLE_PRIMARY, 0, 4);
}

static void clocks_apart(struct settings *s, struct plan *plan)
{
    s->skew_ms = 5000;
    s->lease_s = 6;
    s->clients = 12;
    s->heal_at = SECONDS(45);
    add(plan, SECONDS(5), FAULT_CLOCK_STEP, ROLE_PRIMARY, 0, 100);
    add(plan, SECONDS(5), FAULT_CLOCK_STEP, ROLE_SECONDARY, 0, -100);
    add(plan, SECONDS(6), FAULT_KILL, ROLE_PRIMARY, 500, 0);
    add(plan, SECONDS(16), FAULT_KILL, ROLE_SECONDARY, SECONDS(8), 0);
}

static void full_disk(struct settings *s, struct plan *plan)
{
    s->heal_at = SECONDS(50);
    add(plan, SECONDS(8), FAULT_DISK_FULL, ROLE_PRIMARY, SECONDS(30), 0);
    add(plan, SECONDS(12), FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
}

static void reservation_in_one_file(struct settings *s, struct plan *plan)
{
    s->late_reservation = true;
    s->reservations = 3;
    s->mclt_changed_s = 30;
    s->heal_at = SECONDS(40);
    add(plan, SECONDS(8), FAULT_CONFIG, ROLE_PRIMARY, 0, 0);
    add(plan, SECONDS(20), FAULT_CUT, ROLE_PRIMARY, SECONDS(8), 0);
}

static void one_way_and_stopped(struct settings *s, struct plan *plan)
{
    s->clients = 10;
    s->lease_s = 6;
    s->heal_at = SECONDS(45);
    add(plan, SECONDS(8), FAULT_CUT_ONE_WAY, ROLE_PRIMARY, SECONDS(7), 0);
    add(plan, SECONDS(18), FAULT_STOP, ROLE_PRIMARY, SECONDS(6), 0);
    add(plan, SECONDS(28), FAULT_STOP, ROLE_SECONDARY, 900, 0);
    add(plan, SECONDS(33), FAULT_FRAME_LOST, ROLE_PRIMARY, 0, 2);
}

static void frozen_share(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_DECLINER | 1u << KIND_RELEASER | 1u << KIND_PLAIN;
    s->pool_size[0] = 3;
    s->clients = 9;
    s->lease_s = 6;
    s->heal_at = SECONDS(60);
    add(plan, SECONDS(10), FAULT_CUT, ROLE_PRIMARY, SECONDS(15), 0);
    add(plan, SECONDS(30), FAULT_KILL, ROLE_PRIMARY, SECONDS(12), 0);
}

/* A release that only one peer heard of; its client came back to the other, whose disk is then
 * lost. */
static void release_then_lost_disk(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER;
    s->pool_size[0] = 4;
    s->clients = 5;
    s->lease_s = 120;
    s->lease_max_s = 120;
    s->heal_at = SECONDS(90);
    add(plan, SECONDS(30), FAULT_CUT, ROLE_PRIMARY, SECONDS(34), 0);
    add(plan, SECONDS(62), FAULT_DISK_LOST, ROLE_SECONDARY, 500, 0);
    add(plan, SECONDS(78), FAULT_BOOT_STORM, ROLE_SECONDARY, 0, 0);
}

/* Between two cuts there is contact for a second: what was bound in the first is known. */
static void contact_between_cuts(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_PLAIN | 1u << KIND_REBOOTER | 1u << KIND_PXE;
    s->pool_size[0] = 4;
    s->clients = 8;
    s->lease_s = 6;
    s->link_timeout_ms = 500;
    s->max_unanswered_ms = 500;
    s->heal_at = SECONDS(70);
    for (int i = 0; i < 3; i++) {
        const int64_t at = SECONDS(6 + 20 * i);
        const enum role deaf = i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY;

        add(plan, at, FAULT_CUT, ROLE_PRIMARY, 4000, 0);
        add(plan, at + 1200, FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
        add(plan, at + 5000, FAULT_CUT, ROLE_PRIMARY, 13000, 0);
        add(plan, at + 5000, FAULT_DEAF, deaf, 5500, 0);
        add(plan, at + 10600, FAULT_DEAF, role_other(deaf), 2500, 0);
    }
}

/* What the peer that hands over has just promised is still on its way. */
static void handover_under_load(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_EAGER | 1u << KIND_RELEASER;
    s->pool_size[0] = 12;
    s->clients = 20;
    s->lease_s = 12;
    s->link_timeout_ms = 3000;
    s->ack_timeout_ms = 10;
    s->heal_at = SECONDS(60);
    for (int i = 0; i < 3; i++) {
        const int64_t at = SECONDS(5 + 18 * i);

        add(plan, at, FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(8), 1200);
        add(plan, at + 4000, FAULT_HANDOVER, i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY,
            SECONDS(9), i % 2);
    }
}

/* The peer that died had written a long lease of which nobody has heard; the survivor gave the
 * address away when its wait was over. */
static void returning_peer_with_long_lease(struct settings *s, struct plan *plan)
{
    s->pool_size[0] = 6;
    s->clients = 14;
    s->lease_s = 40;
    s->lease_max_s = 80;
    s->ack_timeout_ms = 10;
    s->calm_until = SECONDS(2);
    s->heal_at = SECONDS(60);
    add(plan, SECONDS(2), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(8), 900);
    add(plan, SECONDS(4), FAULT_DECLARED, ROLE_SECONDARY, SECONDS(22), 0);
}

/* The asker hands a release over; before the owner hears of it, its client has come back. */
static void claimed_release_overtaken(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER;
    s->pool_size[0] = 4;
    s->clients = 8;
    s->lease_s = 6;
    s->link_timeout_ms = 3000;
    s->ack_timeout_ms = 10;
    s->max_unanswered_ms = 500;
    s->heal_at = SECONDS(64);
    for (int i = 0; i < 3; i++) {
        const int64_t at = SECONDS(5 + 19 * i);

        add(plan, at, FAULT_DEAF, i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, 9000, 0);
        add(plan, at + 8000, FAULT_LINK_SLOW, ROLE_PRIMARY, 10000, 1200);
    }
}

/* The network delivers a release twice, the second time when its client is back. */
static void doubled_releases(struct settings *s, struct plan *plan)
{
    (void)plan;
    s->kinds = 1u << KIND_RELEASER;
    s->pool_size[0] = 4;
    s->clients = 7;
    s->heal_at = SECONDS(90);
    s->delay_max_ms = 1200;
    s->duplicate_percent = 60;
}

static void older_frames(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER | 1u << KIND_EAGER;
    s->pool_size[0] = 5;
    s->clients = 10;
    s->lease_s = 6;
    s->heal_at = SECONDS(64);
    add(plan, SECONDS(5), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(60), 400);
    for (int i = 0; i < 14; i++) {
        add(plan, SECONDS(6 + 4 * i), FAULT_RESET, ROLE_PRIMARY, 0, 0);
        add(plan, SECONDS(6 + 4 * i) + 1300, FAULT_REPLAY,
            i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, 0, 0);
    }
}

static const struct scenario scenarios[] = {
    {"quiet", "nothing goes wrong", quiet},
    {"promise-outlives-its-maker",
     "a lease given while cut off, then power loss and a "
     "declaration",
     promise_outlives_its_maker},
    {"release-meets-renewal", "release at one peer, renewal at the other, over a bad link",
     release_meets_renewal},
    {"lost-disk", "a disk is lost right after serving alone", lost_disk},
    {"set-back-disk", "a store comes back from a snapshot", set_back_disk},
    {"returning-peer", "a peer declared down returns with its old records",
     returning_peer_meets_survivor},
    {"returning-peer-without-disk", "... and with an empty store", returning_peer_without_disk},
    {"declaration-during-resync", "declared down while it catches up",
     declaration_during_resync},
    {"survivor-restarts", "the peer in PARTNER-DOWN is restarted and stopped",
     survivor_restarts},
    {"both-served-alone", "a fenced peer comes back while its partner is in PARTNER-DOWN",
     both_served_alone},
    {"clocks-apart", "lease clocks as far apart as allowed", clocks_apart},
    {"full-disk", "one disk is full for long", full_disk},
    {"reservation-in-one-file", "a reservation and an MCLT that only one file has",
     reservation_in_one_file},
    {"one-way-and-stopped", "a cut in one direction, processes that stand still",
     one_way_and_stopped},
    {"release-then-lost-disk", "released at one peer, taken again at the other, which is lost",
     release_then_lost_disk},
    {"contact-between-cuts", "a second of contact between two cuts", contact_between_cuts},
    {"handover-under-load", "handed over while updates are on their way", handover_under_load},
    {"returning-peer-with-long-lease", "the survivor has given away what it never heard of",
     returning_peer_with_long_lease},
    {"claimed-release-overtaken", "a release handed over while its client comes back",
     claimed_release_overtaken},
    {"doubled-releases", "a release arrives again after its client has come back",
     doubled_releases},
    {"older-frames", "frames of an older connection come once more", older_frames},
    {"tiny-pool", "more clients than addresses, declines and releases", frozen_share},
};

const struct scenario *scenario_at(size_t index)
{
    return index < ARRAY_SIZE(scenarios) ? &scenarios[index] : NULL;
}

const struct scenario *scenario_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    }
    return NULL;
}

void scenario_draw(const struct scenario *scenario, struct run *run, uint64_t seed)
{
    memset(run, 0, sizeof(*run));
    run->seed = seed;
    set_base(&run->settings);
    scenario->set(&run->settings, &run->plan);
}
