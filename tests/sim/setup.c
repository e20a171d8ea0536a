/* tests/sim/setup.c - from a seed: how the pair is configured, who its clients are, what goes
 * wrong.  Times are as short as the configuration allows, so that every wait is over within a
 * run. */
#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const fault_names[FAULT_KINDS] = {
    "kill",       "power",     "crash-point", "restart",  "stop",      "cut",    "cut-one-way",
    "flap",       "reset",     "frame-lost",  "replay",   "link-slow", "deaf",   "mute",
    "disk-slow",  "disk-full", "disk-lost",   "set-back", "declared",  "fenced", "handover",
    "clock-step", "storm",     "boot-storm",  "config"};

const char *fault_name(enum fault_kind kind)
{
    return fault_names[kind];
}

bool fault_by_name(const char *name, enum fault_kind *kind)
{
    for (int i = 0; i < FAULT_KINDS; i++) {
        if (strcmp(fault_names[i], name) == 0) {
            *kind = (enum fault_kind)i;
            return true;
        }
    }
    return false;
}

static int64_t one_of(struct rng *rng, const int64_t *values, size_t count)
{
    return values[rng_below(rng, (uint32_t)count)];
}
#define ONE_OF(rng, ...)                                                                       \
    one_of(rng, (const int64_t[]){__VA_ARGS__},                                                \
           sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void draw_sizes(struct settings *s, struct rng *rng)
{
    switch (rng_below(rng, 20)) {
    default: /* few clients, few addresses: everything meets */
        s->pool_size[0] = (uint32_t)rng_between(rng, 2, 12);
        s->clients = (uint32_t)rng_between(rng, 3, 16);
        break;
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        s->pool_size[0] = (uint32_t)rng_between(rng, 10, 60);
        s->clients = (uint32_t)rng_between(rng, 8, 50);
        break;
    case 5:
        s->pool_size[0] = (uint32_t)rng_between(rng, 60, 260);
        s->clients = (uint32_t)rng_between(rng, 60, 280);
        break;
    }
    if (rng_percent(rng, 40))
        s->pool_size[1] = (uint32_t)rng_between(rng, 2, 20);
}

/* By numbers of its own, so that what is drawn beside it stays what it was. */
static void draw_care(struct settings *s, uint64_t seed)
{
    struct rng rng = rng_fork(seed, 4);

    if (rng_percent(&rng, 40))
        s->renew_cache = (uint32_t)ONE_OF(&rng, 10, 25, 50);
    s->allocation = rng_percent(&rng, 50) ? rng_below(&rng, 4) : 0;
    s->rapid_commit = rng_percent(&rng, 30);
    s->guests = rng_percent(&rng, 30);
}

void settings_draw(struct settings *s, uint64_t seed)
{
    struct rng rng = rng_fork(seed, 1), orders = rng_fork(seed, 4);

    memset(s, 0, sizeof(*s));
    s->hot_standby = rng_percent(&rng, 25);
    s->start_alone_wait = rng_percent(&rng, 40);
    s->mclt_s = ONE_OF(&rng, 10, 10, 15, 20, 30);
    s->mclt_changed_s = ONE_OF(&rng, 10, 20, 30);
    s->lease_s = ONE_OF(&rng, 6, 12, 20, 40);
    s->lease_max_s = s->lease_s * 2;
    s->link_timeout_ms = ONE_OF(&rng, 500, 1000, 1000, 3000);
    s->ack_timeout_ms = ONE_OF(&rng, 10, 50, 50, 200);
    s->startup_wait_ms = ONE_OF(&rng, 2000, 5000);
    s->max_unanswered_ms = ONE_OF(&rng, 1000, 3000);
    s->skew_ms = ONE_OF(&rng, 500, 2000, 5000);
    s->offer_hold_s = ONE_OF(&rng, 5, 10, 30);
    s->abandon_s = 60;
    draw_sizes(s, &rng);
    draw_care(s, seed);
    s->reservations = rng_percent(&rng, 40) ? rng_below(&rng, 4) : 0;
    if (s->reservations > s->clients)
        s->reservations = s->clients;
    s->orders = rng_percent(&orders, 40) ? 1 + rng_below(&orders, 12) : 0;
    s->late_reservation = rng_percent(&rng, 50);
    s->pool_growth = rng_percent(&rng, 30) ? rng_below(&rng, 6) : 0;
    s->kinds = (uint32_t)rng_next(&rng) & (uint32_t)rng_next(&rng) & ((1u << CLIENT_KINDS) - 1);
    s->kinds |= 1u << KIND_PLAIN;
    s->calm_until = rng_between(&rng, 1500, 8000);
    s->heal_at = s->calm_until + rng_between(&rng, 20000, 110000);
    s->busy_ms = rng_between(&rng, 15000, 30000);
    s->loss_percent = (uint32_t)ONE_OF(&rng, 0, 2, 10);
    s->duplicate_percent = (uint32_t)ONE_OF(&rng, 0, 2, 10);
    s->delay_max_ms = ONE_OF(&rng, 2, 20, 400);
    s->link_delay_ms = ONE_OF(&rng, 0, 1, 5, 30);
    s->commit_max_ms = ONE_OF(&rng, 0, 3, 20);
    s->shared_network = s->pool_size[1] > 0 && rng_percent(&rng, 30);
    s->probe = rng_percent(&rng, 30);
    s->probe_wait_ms = ONE_OF(&rng, 50, 100, 200);
    s->probe_recheck_s = ONE_OF(&rng, 2, 10, 60);
    s->strangers = rng_percent(&rng, 60) ? 0 : 1 + rng_below(&rng, STRANGERS_MAX);
    s->ddns = rng_percent(&rng, 30);
}

/* ---- what goes wrong ---- */

static int64_t draw_param(struct rng *rng, enum fault_kind kind)
{
    switch (kind) {
    case FAULT_CRASH_POINT:
        return rng_between(rng, 1, 60);
    case FAULT_FLAP:
        return rng_between(rng, 2, 8);
    case FAULT_LINK_SLOW:
        return ONE_OF(rng, 40, 150, 700, 1500);
    case FAULT_DISK_SLOW:
        return ONE_OF(rng, 50, 300, 1500, 4000);
    case FAULT_SET_BACK:
        return rng_between(rng, 1, 99);
    case FAULT_CLOCK_STEP:
        return rng_between(rng, -100, 100);
    case FAULT_DECLARED:
        return rng_percent(rng, 30);
    case FAULT_HANDOVER:
        return ONE_OF(rng, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2);
    case FAULT_FRAME_LOST:
        return rng_between(rng, 1, 3);
    case FAULT_KILL:
    case FAULT_POWER:
    case FAULT_RESTART:
    case FAULT_STOP:
    case FAULT_CUT:
    case FAULT_CUT_ONE_WAY:
    case FAULT_RESET:
    case FAULT_REPLAY:
    case FAULT_DEAF:
    case FAULT_MUTE:
    case FAULT_DISK_FULL:
    case FAULT_DISK_LOST:
    case FAULT_FENCED:
    case FAULT_STORM:
    case FAULT_BOOT_STORM:
    case FAULT_CONFIG:
        break;
    }
    return 0;
}

static int64_t draw_duration(struct rng *rng, enum fault_kind kind)
{
    switch (rng_below(rng, 4)) {
    case 0:
        return rng_between(rng, 20, 600);
    case 1:
        return rng_between(rng, 600, 4000);
    default:
        break;
    }
    if (kind == FAULT_DECLARED || kind == FAULT_FENCED || kind == FAULT_HANDOVER)
        return rng_between(rng, 3000, 60000);
    return rng_between(rng, 2000, 25000);
}

void plan_draw(struct plan *plan, const struct settings *s, uint64_t seed)
{
    static const enum fault_kind rare[] = {FAULT_DISK_LOST, FAULT_SET_BACK, FAULT_DECLARED,
                                           FAULT_FENCED,    FAULT_CONFIG,   FAULT_HANDOVER};
    struct rng rng = rng_fork(seed, 2);
    const size_t count = (size_t)rng_between(&rng, 1, 22);

    plan->count = 0;
    while (plan->count < count) {
        struct fault *f = &plan->faults[plan->count++];

        f->number = (uint32_t)plan->count;
        f->kind = (enum fault_kind)rng_below(&rng, FAULT_KINDS);
        if (rng_percent(&rng, 20))
            f->kind = rare[rng_below(&rng, ARRAY_SIZE(rare))];
        f->at = rng_between(&rng, s->calm_until, s->heal_at);
        if (plan->count > 1 && rng_percent(&rng, 40)) /* troubles come together */
            f->at = plan->faults[plan->count - 2].at + rng_between(&rng, 0, 2500);
        f->role = (enum role)rng_below(&rng, 2);
        f->duration = draw_duration(&rng, f->kind);
        f->param = draw_param(&rng, f->kind);
    }
}

/* ---- the file ---- */

static size_t pool_text(char *out, size_t size, const struct settings *s, int subnet,
                        int variant)
{
    const uint32_t count =
        s->pool_size[subnet] + (variant == 1 && subnet == 0 ? s->pool_growth : 0);
    const uint32_t base = 16;
    const uint32_t last = base + count - 1;

    if (subnet == 0 && guests_are_denied(s))
        return guest_pools_text(out, size, s, last);
    return (size_t)snprintf(out, size, "    pools: [{range: 10.%d.0.%u-10.%d.%u.%u}]\n",
                            77 + subnet, base, 77 + subnet, last >> 8, last & 255);
}

static size_t reservations_text(char *out, size_t size, const struct settings *s, int variant)
{
    const uint32_t more = variant == 1 && s->late_reservation && s->pool_size[0] > 3;
    size_t used = 0;

    if (s->reservations + more == 0)
        return 0;
    used += (size_t)snprintf(out, size, "    reservations:\n");
    for (uint32_t i = 0; i < s->reservations; i++) /* every other one in the pool */
        used += (size_t)snprintf(
            out + used, size - used,
            "      - {hw-address: \"02:00:00:00:00:%02x\", address: 10.77.%s%u}\n", i,
            i % 2 == 0 && s->pool_size[0] > 4 ? "0." : "3.", 16 + i);
    if (more == 1)
        used +=
            (size_t)snprintf(out + used, size - used,
                             "      - {hw-address: \"02:00:00:00:77:77\", address: "
                             "10.77.0.%u}\n",
                             16 + s->pool_size[0] - 1 > 255 ? 255 : 16 + s->pool_size[0] - 1);
    return used;
}

static const char *const allocations[] = {
    [CONFIG_ALLOCATION_UNSET] = "",
    [CONFIG_LEAST_RECENTLY_USED] = "allocation: least-recently-used\n",
    [CONFIG_RANDOM] = "allocation: random\n",
    [CONFIG_SEQUENTIAL] = "allocation: sequential\n",
};
static const char ddns_text[] = "names: {source: generated, suffix: sim.example}\n"
                                "ddns:\n"
                                "  zones:\n"
                                "    - {zone: sim.example, server: 10.0.0.53}\n"
                                "    - {zone: 10.in-addr.arpa, server: 10.0.0.53}\n";

static const char *probe_text(char *out, size_t size, const struct settings *s)
{
    if (!s->probe)
        return "none";
    snprintf(out, size, "{wait: %lldms, recheck: %llds}", (long long)s->probe_wait_ms,
             (long long)s->probe_recheck_s);
    return out;
}

struct config *settings_config(const struct settings *s, int variant)
{
    struct config_problems problems = {0};
    char text[8192];
    struct config *config;
    char probe[64];
    size_t used = (size_t)snprintf(
        text, sizeof(text),
        "pair:\n"
        "  name: sim\n"
        "  mode: %s\n"
        "  mclt: %llds\n"
        "  link-timeout: %lldms\n"
        "  ack-timeout: %lldms\n"
        "  startup-wait: %lldms\n"
        "  max-unanswered: %lldms\n"
        "  max-clock-skew: %lldms\n"
        "  start-alone: %s\n"
        "  nodes:\n"
        "    primary: {name: a, link: \"tcp://10.78.0.1:6470\"}\n"
        "    secondary: {name: b, link: \"tcp://10.78.0.2:6470\"}\n"
        "  security: none\n"
        "server:\n"
        "  interfaces: [eth0]\n"
        "lease-time: {default: %llds, min: 5s, max: %llds}\n"
        "offer-hold: %llds\n"
        "abandon-time: %llds\n"
        "renew-cache: %u%%\n"
        "rapid-commit: %s\n"
        "%s"
        "probe: %s\n"
        "%s"
        "%s"
        "%s"
        "  - subnet: 10.77.0.0/16\n",
        s->hot_standby ? "hot-standby" : "load-balancing",
        (long long)(variant == 1 ? s->mclt_changed_s : s->mclt_s),
        (long long)s->link_timeout_ms, (long long)s->ack_timeout_ms,
        (long long)s->startup_wait_ms, (long long)s->max_unanswered_ms, (long long)s->skew_ms,
        s->start_alone_wait ? "wait" : "serve", (long long)s->lease_s,
        (long long)s->lease_max_s, (long long)s->offer_hold_s, (long long)s->abandon_s,
        s->renew_cache, s->rapid_commit ? "true" : "false", allocations[s->allocation],
        probe_text(probe, sizeof(probe), s), s->ddns ? ddns_text : "",
        guests_are_denied(s) ? guest_class_text : "",
        s->shared_network ? "shared-networks:\n- name: row\n  subnets:\n" : "subnets:\n");

    used += pool_text(text + used, sizeof(text) - used, s, 0, variant);
    used += reservations_text(text + used, sizeof(text) - used, s, variant);
    if (s->pool_size[1] > 0) {
        used +=
            (size_t)snprintf(text + used, sizeof(text) - used, "  - subnet: 10.78.0.0/16\n");
        used += pool_text(text + used, sizeof(text) - used, s, 1, variant);
    }
    config = config_load_text("sim", text, used, "a", &problems);
    if (config == NULL) {
        config_problems_print(&problems, "sim", stderr);
        fputs(text, stderr);
    }
    config_problems_free(&problems);
    ASSERT(config != NULL);
    return config;
}
