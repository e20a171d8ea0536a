/* tests/sim/node.c - a machine with one server: its process lives and dies, stands still and
 * goes on; what its server wants is carried out, and a crash can come before each of it. */
#include "tests/sim/sim.h"

#include <stdlib.h>

#define TICK_MAX_MS 100

static int64_t wall_ms(const struct sim *sim, const struct node *node)
{
    return LEASE_CLOCK_AT_START + sim->now + node->wall_offset_ms;
}

static int64_t boot_ms(const struct sim *sim, const struct node *node)
{
    return sim->now + sim->now * node->drift_ppm / 1000000;
}

/* The lease clock: the wall clock at start and the time since boot from there. */
struct instant node_now(const struct sim *sim, const struct node *node)
{
    return instant_ms(node->clock_offset_ms + boot_ms(sim, node));
}

bool node_runs(const struct node *node)
{
    return node->server != NULL && !node->stopped;
}

enum fo_state node_state(const struct node *node)
{
    struct server_status status;

    if (node->server == NULL)
        return FO_SHUTDOWN;
    server_status(node->server, &status);
    return status.failover.state;
}

/* ---- effects ---- */

static bool crash_comes(struct sim *sim, struct node *node)
{
    node->points++;
    if (sim->options.has_crash && !sim->crashed && sim->options.crash_role == node->role &&
        sim->options.crash_point <= node->points && !operator_is_meeting(sim)) {
        sim->crashed = true;
        trace(sim, role_name(node->role), "crash point %llu", (unsigned long long)node->points);
        node_die(sim, node->role, sim->options.crash_loses, 2000);
        return true;
    }
    if (node->crash_at != 0 && node->points >= node->crash_at && !operator_is_meeting(sim)) {
        node->crash_at = 0;
        covered(sim, THING_CRASH_AT_EFFECT);
        node_die(sim, node->role, rng_percent(&sim->node_rng, 50), node->crash_down_ms);
        return true;
    }
    return false;
}

static void carry_out_one(struct sim *sim, struct node *node, const struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_COMMIT:
        store_begin(sim, node->role, effect->batch);
        break;
    case EFFECT_SEND:
        link_send(sim, node->role, effect->bytes);
        break;
    case EFFECT_LINK_RESET:
        link_reset(sim, node->role);
        break;
    case EFFECT_REPLY:
        net_reply(sim, node->role, &effect->reply);
        break;
    case EFFECT_PROBE:
        net_probe(sim, node->role, &effect->probe);
        break;
    case EFFECT_EVENT:
        trace(sim, role_name(node->role), "%s: %s", effect->event.name, effect->event.text);
        situation_event(sim, node->role, &effect->event);
        if (strcmp(effect->event.name, "session-ended") == 0)
            node->stable_since = sim->now;
        break;
    }
}

void node_carry_out(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    struct server_status status;
    enum fo_state from;

    for (size_t i = 0; i < node->fx.count; i++) {
        if (node->fx.items[i].type != EFFECT_EVENT && crash_comes(sim, node))
            return;
        carry_out_one(sim, node, &node->fx.items[i]);
    }
    effects_clear(&node->fx);
    node->fx_since = sim->now;
    from = node->state;
    server_status(node->server, &status);
    node->state = status.failover.state;
    strangers_watch(node, from, status.failover.link);
    if (node->state != from) {
        node->stable_since = sim->now;
        situation_state(sim, role, from);
    }
}

static void flush(struct sim *sim, struct node *node)
{
    if (node->server == NULL)
        return;
    if (!node->dirty)
        node->fx_since = sim->now;
    node->dirty = false;
    dns_feed(sim, node->role);
    server_flush(node->server, node_now(sim, node), &node->fx);
    node_carry_out(sim, node->role);
}

static void flush_later(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];

    if (event->n == node->epoch && node->dirty && !node_put_by(sim, node->role, event))
        flush(sim, node);
}

/* The loop flushes after a batch of inputs: here after one, or after several. */
void node_touched(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];

    if (node->server == NULL)
        return;
    if (rng_percent(&sim->node_rng, 70)) {
        flush(sim, node);
    } else if (!node->dirty) {
        node->dirty = true;
        node->fx_since = sim->now;
        sim_at(sim, sim->now + rng_between(&sim->node_rng, 0, 1), flush_later, (int)role,
               node->epoch, NULL);
    }
}

static void tick(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];
    int64_t wait;

    if (event->n != node->epoch || node->server == NULL || node_put_by(sim, node->role, event))
        return;
    if (!node->dirty)
        node->fx_since = sim->now;
    server_tick(node->server, node_now(sim, node), &node->fx);
    dns_feed(sim, node->role);
    node->dirty = false;
    node_carry_out(sim, node->role);
    if (event->n != node->epoch)
        return;
    wait = server_wakeup(node->server).ms - node_now(sim, node).ms;
    if (wait > TICK_MAX_MS)
        wait = TICK_MAX_MS;
    sim_at(sim, sim->now + (wait < 1 ? 1 : wait), tick, (int)node->role, node->epoch, NULL);
}

/* ---- life and death ---- */

static void note_start(struct sim *sim, struct node *node)
{
    const struct node *other = &sim->nodes[role_other(node->role)];

    if (other->server != NULL) {
        const int64_t apart = node_now(sim, node).ms - node_now(sim, other).ms;

        if (2 * (apart < 0 ? -apart : apart) >= sim->settings.skew_ms)
            covered(sim, THING_CLOCKS_APART);
    }
    if (node->store_wiped)
        covered(sim, THING_STORE_EMPTY);
    else if (node->store_older)
        covered(sim, THING_STORE_OLD);
    node->store_wiped = node->store_older = false;
}

void node_start(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    const struct ip4 address = node_address(role);
    uint8_t seed[32];
    int64_t kept;

    ASSERT(node->server == NULL);
    node->epoch++;
    node->stopped = node->dirty = node->lone = false;
    node->stable_since = sim->now;
    node->state = FO_STATES; /* none yet */
    node->server = server_new(sim->configs[role][node->variant], role, &address, 1);
    store_load(sim, role);
    view_rebuild(sim, role);
    for (size_t i = 0; i < sizeof(seed); i++)
        seed[i] = (uint8_t)rng_next(&sim->node_rng);
    kept = server_kept_clock(node->server).ms;
    node->clock_offset_ms =
        (kept > wall_ms(sim, node) ? kept : wall_ms(sim, node)) - boot_ms(sim, node);
    if (kept > wall_ms(sim, node))
        covered(sim, THING_CLOCK_KEPT);
    note_start(sim, node);
    trace(sim, role_name(role), "starts, clock %+lld ms",
          (long long)(node_now(sim, node).ms - LEASE_CLOCK_AT_START - sim->now));
    sim->link.lose_next[0] = sim->link.lose_next[1] = 0;
    sim_at(sim, sim->now, tick, (int)role, node->epoch, NULL);
    server_start(node->server, node_now(sim, node), seed, &node->fx);
    node_carry_out(sim, role);
}

static void drop_backlog(struct node *node)
{
    for (size_t i = 0; i < node->backlog_count; i++)
        free(node->backlog[i].data);
    node->backlog_count = 0;
}

static void start_if_allowed(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];

    if (event->n != node->epoch || node->server != NULL || sim->over)
        return;
    if (operator_may_start(sim, node->role))
        node_start(sim, node->role);
    else
        node_due_to_start(sim, node->role, sim->now + 250);
}

void node_due_to_start(struct sim *sim, enum role role, int64_t at)
{
    sim->nodes[role].down_until = at;
    sim_at(sim, at, start_if_allowed, (int)role, sim->nodes[role].epoch, NULL);
}

void node_die(struct sim *sim, enum role role, bool power, int64_t down_ms)
{
    static const char *const outcomes[] = {"kept", "lost", "torn"};
    struct node *node = &sim->nodes[role];
    enum crash_outcome outcome = (enum crash_outcome)rng_below(&sim->node_rng, power ? 3 : 2);
    const bool writes = node->store.size > node->store.synced;

    ASSERT(node->server != NULL);
    situation_counters(sim, role);
    if (sim->options.has_crash)
        outcome = sim->options.crash_loses ? CRASH_LOSES : CRASH_KEEPS;
    trace(sim, role_name(role), "%s%s%s", power ? "loses power" : "is killed",
          writes ? ", the write under way is " : "", writes ? outcomes[outcome] : "");
    server_free(node->server);
    node->server = NULL;
    node->epoch++;
    node->stopped = node->dirty = false;
    node->crash_at = 0;
    node->stable_since = sim->now;
    effects_clear(&node->fx);
    drop_backlog(node);
    store_crash(sim, role, outcome);
    view_rebuild(sim, role);
    link_process_gone(sim, role, power);
    if (down_ms >= 0)
        node_due_to_start(sim, role, sim->now + down_ms);
}

/* In order: what is written becomes durable first. */
void node_restart(struct sim *sim, enum role role, int64_t down_ms)
{
    struct node *node = &sim->nodes[role];
    uint64_t epoch = node->epoch;

    server_stop(node->server, node_now(sim, node), &node->fx);
    node_carry_out(sim, role);
    if (node->server == NULL || epoch != node->epoch)
        return; /* it crashed at that */
    trace(sim, role_name(role), "is stopped in order");
    if (node->store.writing != NULL)
        store_crash(sim, role, CRASH_KEEPS);
    node_die(sim, role, false, down_ms);
}

/* ---- standing still ---- */

bool node_put_by(struct sim *sim, enum role role, struct happening *event)
{
    struct node *node = &sim->nodes[role];

    if (!node->stopped)
        return false;
    covered(sim, THING_INPUT_WAITED);
    if (node->backlog_count == node->backlog_capacity) {
        node->backlog_capacity = 2 * node->backlog_capacity + 64;
        node->backlog = realloc(node->backlog, node->backlog_capacity * sizeof(*node->backlog));
        ASSERT(node->backlog != NULL);
    }
    node->backlog[node->backlog_count++] = *event;
    event->data = NULL; /* the backlog's now */
    return true;
}

void node_go_on(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    const size_t count = node->backlog_count;

    if (!node->stopped)
        return;
    trace(sim, role_name(role), "goes on");
    node->stopped = false;
    node->stable_since = sim->now;
    node->backlog_count = 0;
    /* What was waiting comes at once, the partner's frames last. */
    for (size_t i = 0; i < count; i++) {
        const struct happening *b = &node->backlog[i];

        sim_at(sim, sim->now, b->run, b->who, b->n, b->data);
    }
    link_wake(sim, role);
}

static void stop_is_over(struct sim *sim, struct happening *event)
{
    if (event->n == sim->nodes[event->who].stop_count)
        node_go_on(sim, (enum role)event->who);
}

void node_stop(struct sim *sim, enum role role, int64_t duration)
{
    struct node *node = &sim->nodes[role];

    if (node->stopped)
        return;
    trace(sim, role_name(role), "stands still for %lld ms", (long long)duration);
    node->stopped = true;
    node->stop_count++;
    sim_at(sim, sim->now + duration, stop_is_over, (int)role, node->stop_count, NULL);
}

void node_deinit(struct node *node)
{
    server_free(node->server);
    effects_deinit(&node->fx);
    drop_backlog(node);
    free(node->backlog);
    store_deinit(&node->store);
}
