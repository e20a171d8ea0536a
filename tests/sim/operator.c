/* tests/sim/operator.c - when faults come, and whether they may: the pair is promised to
 * survive much, but not everything (README.md, "What is left out"). */
#include "tests/sim/sim.h"

bool both_normal(const struct sim *sim)
{
    return sim->nodes[0].server != NULL && sim->nodes[1].server != NULL &&
           sim->nodes[0].state == FO_NORMAL && sim->nodes[1].state == FO_NORMAL;
}

static bool link_is_up(const struct node *node)
{
    struct server_status status;

    if (node->server == NULL)
        return false;
    server_status(node->server, &status);
    return status.failover.link == FO_LINK_UP;
}

/* Its durable state says that it has heard its partner and knows that it is behind. */
static bool has_met(const struct sim *sim, const struct node *node)
{
    if (node->server == NULL || !node->view.has_pair || node->view.pair_state != node->state)
        return false;
    /* One whose disk is full, or that has stood still and goes on just now, is still in NORMAL
     * when its session has long ended: its partner knows. */
    if (node->state == FO_NORMAL)
        return link_is_up(node) && link_is_up(&sim->nodes[role_other(node->role)]);
    return node->state == FO_RECOVER || node->state == FO_RECOVER_WAIT ||
           node->state == FO_POTENTIAL_CONFLICT;
}

static bool someone_must_meet(const struct sim *sim)
{
    return sim->nodes[0].must_meet || sim->nodes[1].must_meet || sim->nodes[0].fenced ||
           sim->nodes[1].fenced;
}

static bool episode_is_open(const struct sim *sim)
{
    return sim->declared_open || sim->disk_open || someone_must_meet(sim);
}

/* Left alone, it would serve: it must not come up where it cannot hear its partner. */
static bool needs_partner(const struct sim *sim, enum role role)
{
    const struct node *node = &sim->nodes[role];

    return node->must_meet && !node->fenced &&
           (!sim->settings.start_alone_wait || node->view.pair_state == FO_PARTNER_DOWN ||
            node->view.pair_state == FO_RESOLUTION_INTERRUPTED ||
            node->view.pair_state == FO_POTENTIAL_CONFLICT);
}

static bool disk_is_well(const struct sim *sim, const struct node *node)
{
    const struct store *store = &node->store;

    return sim->now >= store->slow_until && sim->now >= store->full_until &&
           sim->now >= store->slow_done_at && sim->now >= store->retried_at;
}

/* A peer that must first hear its partner comes up only where it will. */
bool operator_may_start(const struct sim *sim, enum role role)
{
    const struct node *other = &sim->nodes[role_other(role)];

    if (sim->nodes[role].kept_down)
        return false;
    if (!needs_partner(sim, role))
        return true;
    return node_runs(other) && other->state != FO_SHUTDOWN && link_is_whole(sim) &&
           sim->now >= sim->link.slow_until && disk_is_well(sim, other) &&
           disk_is_well(sim, &sim->nodes[role]);
}

/* While one is starting that must hear its partner before startup-wait is over, nothing may
 * come between the two. */
bool operator_is_meeting(const struct sim *sim)
{
    for (int role = 0; role < 2; role++) {
        if (sim->nodes[role].server != NULL && needs_partner(sim, (enum role)role))
            return true;
    }
    return false;
}

/* Also the survivor's, while the peer that it was told is down stays down. */
static bool disk_may_go(const struct sim *sim, enum role role)
{
    const struct node *node = &sim->nodes[role], *other = &sim->nodes[role_other(role)];
    const bool survivor = sim->declared_open && !sim->disk_open && other->server == NULL &&
                          other->kept_down && node->state == FO_PARTNER_DOWN;

    return node->server != NULL && (survivor || !episode_is_open(sim));
}

/* Whoever catches up after the loss of its disk knows nothing that its partner does not. */
static bool may_be_declared_in_resync(const struct sim *sim, const struct fault *f)
{
    const struct node *node = &sim->nodes[f->role], *other = &sim->nodes[role_other(f->role)];

    return sim->disk_open && !sim->declared_open && !someone_must_meet(sim) && f->param == 0 &&
           node_runs(node) && node_runs(other) &&
           (node->state == FO_RECOVER || node->state == FO_RECOVER_WAIT) &&
           other->state == FO_INTERRUPTED;
}

bool fault_is_allowed(const struct sim *sim, const struct fault *f)
{
    const struct node *node = &sim->nodes[f->role];
    const struct node *other = &sim->nodes[role_other(f->role)];

    switch (f->kind) {
    case FAULT_KILL:
    case FAULT_POWER:
    case FAULT_CRASH_POINT:
    case FAULT_RESTART:
    case FAULT_STOP:
    case FAULT_CONFIG:
        return node_runs(node) && !operator_is_meeting(sim);
    case FAULT_CUT:
    case FAULT_CUT_ONE_WAY:
    case FAULT_FLAP:
    case FAULT_RESET:
    case FAULT_FRAME_LOST:
    case FAULT_REPLAY:
    case FAULT_LINK_SLOW:
    case FAULT_DISK_SLOW:
    case FAULT_DISK_FULL:
        return !operator_is_meeting(sim);
    case FAULT_DISK_LOST:
        return disk_may_go(sim, f->role);
    case FAULT_SET_BACK:
        return !episode_is_open(sim) && node->server != NULL;
    case FAULT_DECLARED:
        if (may_be_declared_in_resync(sim, f))
            return true;
        /* fallthrough */
    case FAULT_FENCED:
    case FAULT_HANDOVER:
        return !episode_is_open(sim) && node_runs(node) && node_runs(other);
    case FAULT_DEAF:
    case FAULT_MUTE:
    case FAULT_CLOCK_STEP:
    case FAULT_STORM:
    case FAULT_BOOT_STORM:
        return true;
    }
    return false;
}

static void strike(struct sim *sim, struct happening *event)
{
    const struct fault *f = &sim->plan.faults[event->n];

    if (sim->healed)
        return;
    if (!fault_is_allowed(sim, f)) {
        sim->skipped_faults++;
        sim->coverage.skipped[f->kind]++;
        trace(sim, "world", "(no %s of the %s now: not promised to be survived)",
              fault_name(f->kind), role_name(f->role));
        return;
    }
    trace(sim, "world", "FAULT %s %s for %lld ms, %lld", fault_name(f->kind),
          role_name(f->role), (long long)f->duration, (long long)f->param);
    sim->coverage.struck[f->kind]++;
    fault_strike(sim, f);
}

void operator_begin(struct sim *sim)
{
    for (size_t i = 0; i < sim->plan.count; i++)
        sim_at(sim, sim->plan.faults[i].at, strike, 0, i, NULL);
}

/* `episode` is open until both have been in NORMAL for a while from here on. */
void operator_opens(struct sim *sim, bool *episode)
{
    *episode = true;
    sim->normal_since = -1;
}

void operator_watch(struct sim *sim)
{
    for (int role = 0; role < 2; role++) {
        struct node *node = &sim->nodes[role];

        if ((node->must_meet || node->fenced) && !node->kept_down && has_met(sim, node)) {
            trace(sim, "world", "the %s has met its partner", role_name(node->role));
            node->must_meet = node->fenced = false;
        }
    }
    if (!both_normal(sim)) {
        sim->normal_since = -1;
    } else if (sim->normal_since < 0) {
        sim->normal_since = sim->now;
        if (sim->nodes[0].variant != sim->nodes[1].variant)
            covered(sim, THING_FILES_DIFFER);
    } else if (sim->now > sim->normal_since + 500) {
        for (int role = 0; role < 2 && sim->disk_open; role++)
            sim->nodes[role].store.floor = sim->nodes[role].store.end_count;
        sim->declared_open = sim->disk_open = false;
    }
}

void operator_return(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    const char *why = "";

    if (!node_runs(node))
        return;
    if (server_return(node->server, node_now(sim, node), &why, &node->fx) == TD_OK) {
        trace(sim, "operator", "the %s shall return", role_name(role));
        covered(sim, THING_RETURNED);
    }
    node_touched(sim, role); /* a refusal flushes too */
}

/* Everything is mended.  Who must not start alone still waits for its partner. */
void operator_heal(struct sim *sim)
{
    trace(sim, "world", "all faults are over");
    sim->healed = true;
    sim->storm_until = sim->link.slow_until = 0;
    for (int role = 0; role < 2; role++) {
        struct node *node = &sim->nodes[role];

        link_cut(sim, (enum role)role, false);
        sim->link.lose_next[role] = 0;
        node->store.slow_until = node->store.full_until = 0;
        node->deaf_until = node->mute_until = 0;
        node->crash_at = 0;
        node->kept_down = false;
        node_go_on(sim, (enum role)role);
        if (node->server == NULL)
            node_due_to_start(sim, (enum role)role, sim->now + 100 + 400 * role);
    }
}
