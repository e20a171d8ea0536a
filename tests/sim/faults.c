/* tests/sim/faults.c - what each fault does, and how it ends. */
#include "tests/sim/sim.h"

#define DECLARE_RETRY_MS 300

/* ---- the link ---- */

static void mend(struct sim *sim, struct happening *event)
{
    if (event->n != sim->link.cuts)
        return; /* cut again since */
    for (int role = 0; role < 2; role++) {
        if (event->who == 2 || event->who == role)
            link_cut(sim, (enum role)role, false);
    }
}

static void cut(struct sim *sim, const struct fault *f)
{
    link_cut(sim, f->role, true);
    if (f->kind == FAULT_CUT)
        link_cut(sim, role_other(f->role), true);
    sim_at(sim, sim->now + f->duration, mend, f->kind == FAULT_CUT ? 2 : (int)f->role,
           sim->link.cuts, NULL);
}

static void flap_once(struct sim *sim, struct happening *event)
{
    if (sim->healed)
        return;
    if (!operator_is_meeting(sim))
        link_break(sim);
    if (event->n > 1)
        sim_at(sim, sim->now + rng_between(&sim->link_rng, 50, 1500), flap_once, 0,
               event->n - 1, NULL);
}

/* ---- deaths ---- */

static void lose_store(struct sim *sim, struct node *node)
{
    check_disk_lost(sim, node->role);
    store_wipe(&node->store);
    view_rebuild(sim, node->role);
    node->store_wiped = true;
    sim->disk_was_lost = true;
    operator_opens(sim, &sim->disk_open);
    sim->disk_was_lost = true;
}

static void disk_lost(struct sim *sim, const struct fault *f)
{
    struct node *node = &sim->nodes[f->role];

    node_die(sim, f->role, true, f->duration);
    lose_store(sim, node);
}

/* To a day that the partner has heard more than of: what it cannot know, nobody can. */
static void set_back(struct sim *sim, const struct fault *f)
{
    struct node *node = &sim->nodes[f->role];
    const struct node *other = &sim->nodes[role_other(f->role)];
    size_t batches = node->store.end_count * (size_t)f->param / 100;

    while (batches > 0 && store_seq_at(&node->store, batches) >= other->view.applied_seq)
        batches--;
    if (batches <= node->store.floor)
        return;
    node_die(sim, f->role, true, f->duration);
    store_set_back(&node->store, batches);
    trace(sim, role_name(f->role), "its store is set back to batch %zu of seq %llu", batches,
          (unsigned long long)store_seq_at(&node->store, batches));
    view_rebuild(sim, f->role);
    check_disk_lost(sim, f->role);
    node->must_meet = node->store_older = true;
    operator_opens(sim, &sim->disk_open);
    sim->disk_was_lost = true;
}

/* ---- declarations ---- */

static void declare(struct sim *sim, struct happening *event)
{
    const enum role down = (enum role)event->who;
    struct node *node = &sim->nodes[role_other(down)];
    const char *why = "";

    if (sim->healed || !sim->nodes[down].kept_down)
        return;
    if (node_runs(node) && server_partner_down(node->server, node_now(sim, node), false, &why,
                                               &node->fx) == TD_OK) {
        trace(sim, "operator", "declares the %s down", role_name(down));
        covered(sim, sim->nodes[down].fenced ? THING_DECLARED_FENCED : THING_DECLARED_DEAD);
        if (sim->nodes[down].died_recovering)
            covered(sim, THING_DECLARED_IN_RESYNC);
        operator_opens(sim, &sim->declared_open);
        sim->nodes[down].must_meet = true;
        node_touched(sim, node->role);
        return;
    }
    if (node_runs(node))
        node_touched(sim, node->role); /* a refusal flushes too */
    sim_at(sim, sim->now + DECLARE_RETRY_MS, declare, (int)down, 0, NULL);
}

static void bring_back(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];

    if (sim->healed || !node->kept_down)
        return;
    node->kept_down = false;
    if (node->server == NULL)
        node_due_to_start(sim, node->role, sim->now);
    link_cut(sim, ROLE_PRIMARY, false);
    link_cut(sim, ROLE_SECONDARY, false);
}

static void declared(struct sim *sim, const struct fault *f)
{
    struct node *node = &sim->nodes[f->role];

    node->died_recovering = node->state == FO_RECOVER;
    node_die(sim, f->role, true, -1);
    node->kept_down = true;
    if (f->param == 1)
        lose_store(sim, node);
    sim_at(sim, sim->now + rng_between(&sim->node_rng, 500, 4000), declare, (int)f->role, 0,
           NULL);
    sim_at(sim, sim->now + f->duration, bring_back, (int)f->role, 0, NULL);
}

/* It runs, but neither clients nor its partner hear it: a switch that lost power. */
static void fenced(struct sim *sim, const struct fault *f)
{
    struct node *node = &sim->nodes[f->role];

    node->died_recovering = node->state == FO_RECOVER;
    node->fenced = node->kept_down = true;
    link_cut(sim, ROLE_PRIMARY, true);
    link_cut(sim, ROLE_SECONDARY, true);
    sim_at(sim, sim->now + rng_between(&sim->node_rng, 4000, 7000), declare, (int)f->role, 0,
           NULL);
    sim_at(sim, sim->now + 8000 + f->duration, bring_back, (int)f->role, 0, NULL);
}

/* ---- handover ---- */

static void come_back(struct sim *sim, struct happening *event)
{
    if (sim->healed || !node_runs(&sim->nodes[event->who]))
        return;
    if (event->n == 1 && !operator_is_meeting(sim))
        node_restart(sim, (enum role)event->who, 300);
    else
        operator_return(sim, (enum role)event->who);
}

static void hand_over_one(struct sim *sim, enum role role, const struct fault *f)
{
    struct node *node = &sim->nodes[role];
    const char *why = "";

    if (server_hand_over(node->server, node_now(sim, node), &why, &node->fx) != TD_OK) {
        trace(sim, "operator", "no handover: %s", why);
        node_touched(sim, role); /* a refusal flushes too */
        return;
    }
    operator_opens(sim, &sim->declared_open);
    node_touched(sim, role);
    sim_at(sim, sim->now + f->duration, come_back, (int)role, (uint64_t)f->param, NULL);
}

static void hand_over(struct sim *sim, const struct fault *f)
{
    hand_over_one(sim, f->role, f);
    if (f->param == 2 && node_runs(&sim->nodes[role_other(f->role)]))
        hand_over_one(sim, role_other(f->role), f);
}

/* ---- the rest ---- */

static void boot_storm(struct sim *sim)
{
    for (uint32_t i = 0; i < sim->settings.clients; i++) {
        struct client *c = &sim->clients[i];

        if (c->state == CLIENT_OFF)
            continue; /* it has just given up a lease, and is quiet for a while */
        if (rng_percent(&c->rng, 50))
            c->address = ip4(0);
        c->state = CLIENT_BOUND;
        c->next = c->address.value != 0 ? ACT_REBOOT : ACT_FORGET;
        client_timer(sim, c, sim->now + rng_between(&c->rng, 1000, 1500));
    }
    covered(sim, THING_BOOTED_AT_ONCE);
}

static void clock_step(struct sim *sim, const struct fault *f)
{
    struct node *node = &sim->nodes[f->role];

    node->wall_offset_ms = sim->settings.skew_ms * 4 / 10 * f->param / 100;
    if (node->server != NULL)
        covered(sim, THING_CLOCK_STEPPED);
    trace(sim, role_name(f->role), "its wall clock is now %+lld ms",
          (long long)node->wall_offset_ms);
}

static void crash_at_point(struct sim *sim, struct node *node, const struct fault *f)
{
    const int64_t param = f->param < 0 ? rng_between(&sim->node_rng, 1, -f->param) : f->param;

    node->crash_at = node->points + (uint64_t)param;
    node->crash_down_ms = f->duration;
}

void fault_strike(struct sim *sim, const struct fault *f)
{
    struct node *node = &sim->nodes[f->role];

    switch (f->kind) {
    case FAULT_KILL:
    case FAULT_POWER:
        node_die(sim, f->role, f->kind == FAULT_POWER, f->duration);
        break;
    case FAULT_CRASH_POINT:
        crash_at_point(sim, node, f);
        break;
    case FAULT_RESTART:
        node_restart(sim, f->role, f->duration);
        break;
    case FAULT_CONFIG:
        node->variant = 1 - node->variant;
        node_restart(sim, f->role, 200);
        break;
    case FAULT_STOP:
        node_stop(sim, f->role, f->duration);
        break;
    case FAULT_CUT:
    case FAULT_CUT_ONE_WAY:
        cut(sim, f);
        break;
    case FAULT_FLAP:
        sim_at(sim, sim->now, flap_once, 0, (uint64_t)f->param, NULL);
        break;
    case FAULT_RESET:
        link_break(sim);
        break;
    case FAULT_FRAME_LOST:
        sim->link.lose_next[f->role] = (uint32_t)f->param;
        break;
    case FAULT_REPLAY:
        link_replay(sim, f->role);
        break;
    case FAULT_LINK_SLOW:
        sim->link.slow_until = sim->now + f->duration;
        sim->link.slow_ms = f->param;
        break;
    case FAULT_DEAF:
        node->deaf_until = sim->now + f->duration;
        break;
    case FAULT_MUTE:
        node->mute_until = sim->now + f->duration;
        break;
    case FAULT_DISK_SLOW:
        node->store.slow_until = sim->now + f->duration;
        node->store.slow_ms = f->param;
        break;
    case FAULT_DISK_FULL:
        node->store.full_until = sim->now + f->duration;
        break;
    case FAULT_DISK_LOST:
        disk_lost(sim, f);
        break;
    case FAULT_SET_BACK:
        set_back(sim, f);
        break;
    case FAULT_DECLARED:
        declared(sim, f);
        break;
    case FAULT_FENCED:
        fenced(sim, f);
        break;
    case FAULT_HANDOVER:
        hand_over(sim, f);
        break;
    case FAULT_CLOCK_STEP:
        clock_step(sim, f);
        break;
    case FAULT_STORM:
        sim->storm_until = sim->now + f->duration;
        break;
    case FAULT_BOOT_STORM:
        boot_storm(sim);
        break;
    }
}
