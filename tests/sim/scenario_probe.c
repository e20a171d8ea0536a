/* tests/sim/scenario_probe.c - machines without a lease sit on addresses of the pools. */
#include "tests/sim/scenario.h"

static void strangers(struct settings *s, struct plan *plan)
{
    s->probe = true;
    s->strangers = STRANGERS_MAX;
    s->clients = 10;
    s->pool_size[0] = 10;
    s->pool_size[1] = 6;
    s->lease_s = 6;
    s->kinds |= 1u << KIND_RELEASER | 1u << KIND_PXE;
    s->heal_at = SECONDS(60);
    scenario_add(plan, SECONDS(20), FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
    scenario_add(plan, SECONDS(30), FAULT_KILL, ROLE_PRIMARY, SECONDS(6), 0);
    scenario_add(plan, SECONDS(45), FAULT_CUT, ROLE_PRIMARY, SECONDS(8), 0);
}

static void lossy_probes(struct settings *s, struct plan *plan)
{
    strangers(s, plan);
    s->loss_percent = 10;
    s->delay_max_ms = 90;
    scenario_add(plan, SECONDS(10), FAULT_STORM, ROLE_PRIMARY, SECONDS(5), 0);
    scenario_add(plan, SECONDS(38), FAULT_STOP, ROLE_SECONDARY, 700, 0);
}

/* Nothing is probed by the file; the primary comes back while its partner is away. */
static void lone_start(struct settings *s, struct plan *plan)
{
    s->strangers = STRANGERS_MAX;
    s->clients = 12;
    s->pool_size[0] = 16;
    s->lease_s = 6;
    s->kinds |= 1u << KIND_PXE;
    s->heal_at = SECONDS(50);
    scenario_add(plan, SECONDS(8), FAULT_KILL, ROLE_SECONDARY, SECONDS(28), 0);
    scenario_add(plan, SECONDS(10), FAULT_KILL, ROLE_PRIMARY, SECONDS(2), 0);
    scenario_add(plan, SECONDS(17), FAULT_BOOT_STORM, ROLE_PRIMARY, 0, 0);
}

const struct scenario scenarios_probe[] = {
    {"strangers",
     "addresses of pools are in use without a lease, and probed",
     strangers,
     2,
     {THING_PROBED, THING_PROBE_FOUND}},
    {"lossy-probes",
     "... by a network that loses and delays",
     lossy_probes,
     3,
     {THING_PROBE_FOUND, THING_PROBE_LOST, THING_PROBE_LATE}},
    {"lone-start",
     "a peer that starts alone probes every address",
     lone_start,
     2,
     {THING_PROBED_ALONE, THING_PROBE_FOUND}},
    {NULL, NULL, NULL, 0, {0}},
};
