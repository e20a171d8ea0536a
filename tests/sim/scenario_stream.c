/* tests/sim/scenario_stream.c - failures that earlier designs had (ha/README.md), in the
 * streams of the two peers: records that meet, acks, claims. */
#include "tests/sim/scenario.h"

/* Released and perhaps freed at one peer, taken up again at the other before it hears of that.
 */
static void release_meets_renewal(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER | 1u << KIND_EAGER;
    s->pool_size[0] = 10;
    s->clients = 10;
    s->lease_s = 8;
    s->heal_at = SECONDS(75);
    for (int i = 0; i < 6; i++)
        scenario_add(plan, SECONDS(6 + 12 * i), FAULT_CUT, ROLE_PRIMARY, 7500, 0);
    scenario_add(plan, SECONDS(16), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(30), 700);
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
    scenario_add(plan, SECONDS(30), FAULT_CUT, ROLE_PRIMARY, SECONDS(34), 0);
    scenario_add(plan, SECONDS(62), FAULT_DISK_LOST, ROLE_SECONDARY, 500, 0);
    scenario_add(plan, SECONDS(78), FAULT_BOOT_STORM, ROLE_SECONDARY, 0, 0);
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

        scenario_add(plan, at, FAULT_CUT, ROLE_PRIMARY, 4000, 0);
        scenario_add(plan, at + 1200, FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
        scenario_add(plan, at + 5000, FAULT_CUT, ROLE_PRIMARY, 13000, 0);
        scenario_add(plan, at + 5000, FAULT_DEAF, deaf, 5500, 0);
        scenario_add(plan, at + 10600, FAULT_DEAF, role_other(deaf), 2500, 0);
    }
}

/* A lease of which the partner never hears ends while the two are apart. */
static void lease_undone(struct settings *s, struct plan *plan)
{
    s->kinds |= 1u << KIND_RELEASER;
    s->pool_size[0] = 14;
    s->clients = 12;
    s->lease_s = 6;
    s->heal_at = SECONDS(60);
    scenario_add(plan, SECONDS(5), FAULT_CUT, ROLE_PRIMARY, SECONDS(34), 0);
    scenario_add(plan, SECONDS(17), FAULT_DEAF, ROLE_PRIMARY, SECONDS(14), 0);
    scenario_add(plan, SECONDS(17), FAULT_DEAF, ROLE_SECONDARY, SECONDS(14), 0);
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

        scenario_add(plan, at, FAULT_DEAF, i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, 9000, 0);
        scenario_add(plan, at + 8000, FAULT_LINK_SLOW, ROLE_PRIMARY, 10000, 1200);
    }
}

static void older_frames(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER | 1u << KIND_EAGER;
    s->pool_size[0] = 5;
    s->clients = 10;
    s->lease_s = 6;
    s->heal_at = SECONDS(64);
    scenario_add(plan, SECONDS(5), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(60), 400);
    for (int i = 0; i < 14; i++) {
        scenario_add(plan, SECONDS(6 + 4 * i), FAULT_RESET, ROLE_PRIMARY, 0, 0);
        scenario_add(plan, SECONDS(6 + 4 * i) + 1300, FAULT_REPLAY,
                     i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, 0, 0);
    }
}

/* Records of both peers meet while acks are on their way, and the connection breaks between an
 * ack and what should have come before it. */
static void ack_before_counter_write(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_BROADCASTER | 1u << KIND_EAGER | 1u << KIND_RELEASER;
    s->pool_size[0] = 10;
    s->clients = 12;
    s->lease_s = 12;
    s->link_timeout_ms = 3000;
    s->heal_at = SECONDS(85);
    scenario_add(plan, SECONDS(4), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(80), 300);
    for (int i = 0; i < 5; i++) {
        const int64_t at = SECONDS(5 + 11 * i);

        scenario_add(plan, at, FAULT_CUT, ROLE_PRIMARY, 6000, 0);
        scenario_add(plan, at + 6700 + 100 * i, FAULT_RESET, ROLE_PRIMARY, 0, 0);
        scenario_add(plan, at + 7900, FAULT_KILL, i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY,
                     400, 0);
    }
    scenario_add(plan, SECONDS(62), FAULT_DECLARED, ROLE_PRIMARY, SECONDS(8), 0);
}

/* An address changes hands while acks of the lease before are on their way. */
static void ack_outlives_lease(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER;
    s->pool_size[0] = 3;
    s->clients = 9;
    s->lease_s = 40;
    s->lease_max_s = 80;
    s->link_timeout_ms = 3000;
    s->ack_timeout_ms = 10;
    s->heal_at = SECONDS(90);
    scenario_add(plan, SECONDS(4), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(86), 900);
}

/* Alone after a restart, a peer renews for less time than was promised before, and the client
 * never hears of it: it still counts on the longer lease. */
static void shorter_renewal_unheard(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_EAGER | 1u << KIND_PXE;
    s->pool_size[0] = 4;
    s->clients = 10;
    s->lease_s = 60;
    s->lease_max_s = 60;
    s->heal_at = SECONDS(75);
    scenario_add(plan, SECONDS(7), FAULT_CUT, ROLE_PRIMARY, SECONDS(12), 0);
    for (int role = 0; role < 2; role++) {
        scenario_add(plan, SECONDS(8), FAULT_KILL, (enum role)role, 300, 0);
        scenario_add(plan, SECONDS(8), FAULT_MUTE, (enum role)role, SECONDS(24), 0);
        scenario_add(plan, SECONDS(18), FAULT_DEAF, (enum role)role, SECONDS(15), 0);
    }
}

static void lost_frames(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_EAGER | 1u << KIND_RELEASER | 1u << KIND_PXE;
    s->pool_size[0] = 5;
    s->clients = 10;
    s->lease_s = 20;
    s->heal_at = SECONDS(60);
    for (int i = 0; i < 18; i++)
        scenario_add(plan, SECONDS(5 + 3 * i), FAULT_FRAME_LOST,
                     i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, 0, 1 + i % 3);
}

/* DHCPACKs wait for a slow disk while their records are replaced. */
static void waiting_ack_replaced(struct settings *s, struct plan *plan)
{
    s->kinds =
        1u << KIND_CLONE | 1u << KIND_RELEASER | 1u << KIND_DECLINER | 1u << KIND_REBOOTER;
    s->pool_size[0] = 5;
    s->clients = 12;
    s->lease_s = 6;
    s->delay_max_ms = 400;
    s->duplicate_percent = 20;
    s->heal_at = SECONDS(75);
    for (int i = 0; i < 4; i++)
        scenario_add(plan, SECONDS(6 + 17 * i), FAULT_DISK_SLOW,
                     i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, SECONDS(14), 4000);
}

/* Freed addresses are given to the partner, acked late or never, and the giver's former client
 * comes back. */
static void gift_of_unacked_freeing(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER | 1u << KIND_EAGER;
    s->pool_size[0] = 12;
    s->clients = 10;
    s->lease_s = 20;
    s->link_timeout_ms = 3000;
    s->ack_timeout_ms = 10;
    s->heal_at = SECONDS(100);
    for (int i = 0; i < 4; i++) {
        const int64_t at = SECONDS(5 + 24 * i);

        scenario_add(plan, at, FAULT_DEAF, i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY,
                     SECONDS(9), 0);
        scenario_add(plan, at + 2000, FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(14), 1400);
        scenario_add(plan, at + 12000, FAULT_CUT, ROLE_PRIMARY, SECONDS(6), 0);
        scenario_add(plan, at + 12500, FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
    }
}

/* Freed, the ack on its way; then alone: an older freeing must not count as acked because a
 * later ack says "all up to". */
static void ack_covers_older_freeing(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_RELEASER | 1u << KIND_PXE | 1u << KIND_REBOOTER;
    s->pool_size[0] = 4;
    s->clients = 9;
    s->lease_s = 12;
    s->link_timeout_ms = 500;
    s->max_unanswered_ms = 500;
    s->heal_at = SECONDS(90);
    scenario_add(plan, SECONDS(4), FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(86), 200);
    for (int i = 0; i < 9; i++) {
        const int64_t at = SECONDS(5 + 9 * i);

        scenario_add(plan, at, FAULT_CUT, ROLE_PRIMARY, 5000, 0);
        scenario_add(plan, at + 5600 + 50 * i, FAULT_CUT, ROLE_PRIMARY, 2500, 0);
        scenario_add(plan, at + 4000, FAULT_DEAF, i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY,
                     3000, 0);
    }
}

/* More updates are under way in both directions than a peer sends ahead of acks, and every one
 * of them meets something. */
static void two_full_windows(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_BROADCASTER | 1u << KIND_EAGER;
    s->pool_size[0] = 80;
    s->clients = 70;
    s->lease_s = 12;
    s->link_timeout_ms = 3000;
    s->heal_at = SECONDS(60);
    for (int i = 0; i < 3; i++) {
        const int64_t at = SECONDS(6 + 18 * i);

        scenario_add(plan, at, FAULT_CUT, ROLE_PRIMARY, 7000, 0);
        scenario_add(plan, at + 6900, FAULT_LINK_SLOW, ROLE_PRIMARY, SECONDS(9), 1200);
    }
}

const struct scenario scenarios_stream[] = {
    {"ack-before-counter-write",
     "an ack counted before the counter-write",
     ack_before_counter_write,
     1,
     {THING_COUNTER_WRITE}},
    {"ack-outlives-lease",
     "an address changes hands while acks are on their way",
     ack_outlives_lease,
     1,
     {THING_ACK_DEGRADED}},
    {"release-meets-renewal",
     "release at one peer, renewal at the other, over a bad link",
     release_meets_renewal,
     2,
     {THING_FREE_MEETS_ACTIVE, THING_RELEASED_MEETS_ACTIVE}},
    {"shorter-renewal-unheard",
     "a shorter lease, of which the client never hears",
     shorter_renewal_unheard,
     1,
     {THING_OLDER_PROMISE_KEPT}},
    {"lost-frames", "frames are lost without a sign", lost_frames, 1, {THING_FRAME_LOST}},
    {"waiting-ack-replaced",
     "records are replaced while their DHCPACKs wait",
     waiting_ack_replaced,
     1,
     {THING_ACK_DROPPED}},
    {"gift-of-unacked-freeing",
     "balance while freeings are not acked",
     gift_of_unacked_freeing,
     2,
     {THING_GIFT, THING_FREEING_UNACKED}},
    {"ack-covers-older-freeing",
     "alone between an older freeing and the ack of a later write",
     ack_covers_older_freeing,
     1,
     {THING_FREEING_UNACKED}},
    {"lease-undone",
     "a lease ends of which the partner never heard",
     lease_undone,
     1,
     {THING_REWIND}},
    {"contact-between-cuts",
     "a second of contact between two cuts",
     contact_between_cuts,
     1,
     {THING_PACKET_TO_DEAF}},
    {"claimed-release-overtaken",
     "a release handed over while its client comes back",
     claimed_release_overtaken,
     1,
     {THING_CLAIM_OVERTAKEN}},
    {"two-full-windows",
     "both windows are full and every record meets another",
     two_full_windows,
     1,
     {THING_WINDOWS_FULL}},
    {"release-then-lost-disk",
     "released at one peer, taken again at the other, which is lost",
     release_then_lost_disk,
     1,
     {THING_STORE_EMPTY}},
    {"older-frames",
     "frames of an older connection come once more",
     older_frames,
     1,
     {THING_FRAME_OF_OLD_SESSION}},
    {NULL, NULL, NULL, 0, {0}},
};
