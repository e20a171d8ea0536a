/* tests/sim/scenario_names.c - names in the DNS: who tells it what, when peers come and go. */
#include "tests/sim/scenario.h"

static void set_names(struct settings *s)
{
    s->ddns = true;
    s->clients = 14;
    s->pool_size[0] = 10;
    s->kinds |= 1u << KIND_RELEASER | 1u << KIND_DECLINER | 1u << KIND_PXE;
    s->lease_s = 12;
    s->lease_max_s = 24;
}

/* One after the other dies with updates undone, or done and not written down. */
static void names_follow_up(struct settings *s, struct plan *plan)
{
    set_names(s);
    s->heal_at = SECONDS(60);
    for (int64_t i = 0; i < 10; i++)
        scenario_add(plan, SECONDS(5) + i * 5200, i % 3 == 0 ? FAULT_POWER : FAULT_CRASH_POINT,
                     i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, 1500, 5 + 7 * i);
}

/* Both serve, add and remove without hearing of each other. */
static void names_apart(struct settings *s, struct plan *plan)
{
    set_names(s);
    s->heal_at = SECONDS(80);
    for (int64_t i = 0; i < 5; i++)
        scenario_add(plan, SECONDS(6) + i * SECONDS(15), FAULT_CUT, ROLE_PRIMARY, SECONDS(9),
                     0);
    for (int64_t i = 0; i < 4; i++)
        scenario_add(plan, SECONDS(8) + i * SECONDS(17), FAULT_STOP,
                     i % 2 == 0 ? ROLE_PRIMARY : ROLE_SECONDARY, SECONDS(4), 0);
}

const struct scenario scenarios_names[] = {
    {"names-follow-up",
     "peers die with names that the DNS has not been told, or has",
     names_follow_up,
     3,
     {THING_CRASH_AT_EFFECT, THING_DNS_FAILED, THING_NAME_RESTORED}},
    {"names-apart",
     "both tell the DNS while they do not hear each other",
     names_apart,
     2,
     {THING_FRAME_HELD, THING_DNS_LATE}},
    {NULL, NULL, NULL, 0, {0}},
};
