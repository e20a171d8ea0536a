/* tests/sim/world.c - one run from beginning to end. */
#include "tests/sim/sim.h"

#include <stdlib.h>

#define EVENTS_MAX UINT64_C(40000000) /* more is a loop without end */

static void make_node(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    const int64_t skew = sim->settings.skew_ms;

    node->role = role;
    node->state = FO_STATES;
    effects_init(&node->fx);
    node->wall_offset_ms = rng_between(&sim->node_rng, -skew * 4 / 10, skew * 4 / 10);
    /* At most a twentieth of the skew over ten minutes. */
    node->drift_ppm = rng_between(&sim->node_rng, -skew / 12, skew / 12);
    for (int i = 0; i < CONFIGS; i++)
        sim->configs[role][i] = settings_config(&sim->settings, i);
}

struct sim *sim_new(uint64_t seed, const struct settings *settings, const struct plan *plan,
                    const struct options *options)
{
    struct sim *sim = calloc(1, sizeof(*sim));

    ASSERT(sim != NULL);
    sim->seed = seed;
    sim->settings = *settings;
    sim->plan = *plan;
    sim->options = *options;
    sim->hash = seed;
    sim->normal_since = -1;
    sim->net_rng = rng_fork(seed, 11);
    sim->link_rng = rng_fork(seed, 12);
    sim->store_rng = rng_fork(seed, 13);
    sim->node_rng = rng_fork(seed, 14);
    sim->reserve_rng = rng_fork(seed, 15);
    sim->dns_rng = rng_fork(seed, 16);
    for (int role = 0; role < 2; role++)
        make_node(sim, (enum role)role);
    clients_make(sim);
    strangers_make(sim);
    return sim;
}

void sim_run(struct sim *sim)
{
    struct happening event;

    if (sim->options.trace)
        trace_legend(sim);
    for (int role = 0; role < 2; role++)
        node_due_to_start(sim, (enum role)role, rng_between(&sim->node_rng, 0, 1000));
    link_start(sim);
    operator_begin(sim);
    reserve_begin(sim);
    phases_begin(sim);
    while (!sim->over && queue_pop(&sim->queue, &event)) {
        ASSERT(event.at >= sim->now);
        sim->now = event.at;
        event.run(sim, &event);
        free(event.data);
        operator_watch(sim);
        reserve_watch(sim);
        if (++sim->events > EVENTS_MAX)
            sim_violation(sim, "endless", "no end after %llu events",
                          (unsigned long long)EVENTS_MAX);
    }
    for (int role = 0; role < 2; role++) {
        if (sim->nodes[role].server != NULL)
            situation_counters(sim, (enum role)role);
    }
}

void sim_free(struct sim *sim)
{
    queue_deinit(&sim->queue);
    for (int role = 0; role < 2; role++) {
        node_deinit(&sim->nodes[role]);
        for (int i = 0; i < CONFIGS; i++)
            config_free(sim->configs[role][i]);
    }
    link_deinit(&sim->link);
    free(sim->clients);
    free(sim);
}
