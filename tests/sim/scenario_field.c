/* tests/sim/scenario_field.c - what an operator meets. */
#include "tests/sim/scenario.h"

static void quiet(struct settings *s, struct plan *plan)
{
    (void)s;
    (void)plan;
}

static void returning_peer_meets_survivor(struct settings *s, struct plan *plan)
{
    s->clients = 12;
    s->lease_s = 6;
    s->heal_at = SECONDS(55);
    s->kinds |= 1u << KIND_RELEASER;
    scenario_add(plan, SECONDS(8), FAULT_DECLARED, ROLE_SECONDARY, SECONDS(32), 0);
}

static void returning_peer_without_disk(struct settings *s, struct plan *plan)
{
    returning_peer_meets_survivor(s, plan);
    plan->faults[0].param = 1;
}

static void both_served_alone(struct settings *s, struct plan *plan)
{
    s->heal_at = SECONDS(60);
    s->clients = 12;
    scenario_add(plan, SECONDS(8), FAULT_FENCED, ROLE_SECONDARY, SECONDS(20), 0);
    scenario_add(plan, SECONDS(37), FAULT_FLAP, ROLE_PRIMARY, 0, 4);
}

static void full_disk(struct settings *s, struct plan *plan)
{
    s->kinds |= 1u << KIND_BROADCASTER | 1u << KIND_EAGER;
    s->clients = 10;
    s->pool_size[0] = 12;
    s->heal_at = SECONDS(50);
    scenario_add(plan, SECONDS(8), FAULT_DISK_FULL, ROLE_PRIMARY, SECONDS(30), 0);
    scenario_add(plan, SECONDS(12), FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
}

static void one_way_and_stopped(struct settings *s, struct plan *plan)
{
    s->clients = 10;
    s->lease_s = 6;
    s->heal_at = SECONDS(45);
    scenario_add(plan, SECONDS(8), FAULT_CUT_ONE_WAY, ROLE_PRIMARY, SECONDS(7), 0);
    scenario_add(plan, SECONDS(18), FAULT_STOP, ROLE_PRIMARY, SECONDS(6), 0);
    scenario_add(plan, SECONDS(28), FAULT_STOP, ROLE_SECONDARY, 900, 0);
    scenario_add(plan, SECONDS(33), FAULT_FRAME_LOST, ROLE_PRIMARY, 0, 2);
}

static void frozen_share(struct settings *s, struct plan *plan)
{
    s->kinds = 1u << KIND_DECLINER | 1u << KIND_RELEASER | 1u << KIND_PLAIN;
    s->pool_size[0] = 3;
    s->clients = 9;
    s->lease_s = 6;
    s->heal_at = SECONDS(60);
    scenario_add(plan, SECONDS(10), FAULT_CUT, ROLE_PRIMARY, SECONDS(15), 0);
    scenario_add(plan, SECONDS(30), FAULT_KILL, ROLE_PRIMARY, SECONDS(12), 0);
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

const struct scenario scenarios_field[] = {
    {"quiet", "nothing goes wrong", quiet, 1, {THING_RENEWED_UNICAST}},
    {"returning-peer",
     "a peer declared down returns with its old records",
     returning_peer_meets_survivor,
     1,
     {THING_DECLARED_DEAD}},
    {"returning-peer-without-disk",
     "... and with an empty store",
     returning_peer_without_disk,
     2,
     {THING_DECLARED_DEAD, THING_STORE_EMPTY}},
    {"both-served-alone",
     "a fenced peer comes back while its partner is in PARTNER-DOWN",
     both_served_alone,
     1,
     {THING_DECLARED_FENCED}},
    {"full-disk", "one disk is full for long", full_disk, 1, {THING_WRITE_FAILED}},
    {"one-way-and-stopped",
     "a cut in one direction, processes that stand still",
     one_way_and_stopped,
     2,
     {THING_FRAME_HELD_ONE_WAY, THING_INPUT_WAITED}},
    {"tiny-pool",
     "more clients than addresses, declines and releases",
     frozen_share,
     2,
     {THING_POOL_EMPTY, THING_DECLINED}},
    {"doubled-releases",
     "a release arrives again after its client has come back",
     doubled_releases,
     1,
     {THING_SECOND_RELEASE}},
    {NULL, NULL, NULL, 0, {0}},
};
