/* tests/sim/scenario.c - runs that are written down.  The seed still decides all small things,
 * so that some scenarios come to what they are there for in a part of their seeds only. */
#include "tests/sim/scenario.h"

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
    s->probe_wait_ms = 100;
    s->probe_recheck_s = 10;
}

void scenario_add(struct plan *plan, int64_t at, enum fault_kind kind, enum role role,
                  int64_t duration, int64_t param)
{
    ASSERT(plan->count < FAULTS_MAX);
    plan->faults[plan->count] =
        (struct fault){(uint32_t)plan->count + 1, at, kind, role, duration, param};
    plan->count++;
}

const struct scenario *scenario_at(size_t index)
{
    const struct scenario *const tables[] = {scenarios_stream, scenarios_pair, scenarios_field,
                                             scenarios_probe, scenarios_names};

    for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
        for (const struct scenario *s = tables[i]; s->name != NULL; s++) {
            if (index-- == 0)
                return s;
        }
    }
    return NULL;
}

const struct scenario *scenario_find(const char *name)
{
    const struct scenario *s;

    for (size_t i = 0; (s = scenario_at(i)) != NULL; i++) {
        if (strcmp(s->name, name) == 0)
            return s;
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
