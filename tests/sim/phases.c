/* tests/sim/phases.c - first faults, for safety; then everything is mended, and progress is
 * owed: both in NORMAL, everyone answered, equal tables, every address free, every address
 * given again. */
#include "tests/sim/sim.h"

#define POLL_MS         100
#define SETTLED_MS      1500 /* both in NORMAL without a break */
#define EQUAL_MAX_MS    12000
#define RETURN_EVERY_MS 6000

enum phase {
    PHASE_FAULTS,
    PHASE_HEALING,
    PHASE_BUSY,
    PHASE_REST,
    PHASE_NAMES,
    PHASE_ENDING,
    PHASE_FILLING
};

static int64_t longest_mclt_ms(const struct sim *sim)
{
    const struct settings *s = &sim->settings;

    return 1000 * (s->mclt_s > s->mclt_changed_s ? s->mclt_s : s->mclt_changed_s);
}

/* Who is last to be given the new file gets it now. */
static bool same_files(struct sim *sim)
{
    for (int role = 0; role < 2; role++) {
        struct node *node = &sim->nodes[role];

        if (node->variant >= sim->nodes[1 - role].variant)
            continue;
        if (!node->must_meet && !sim->nodes[1 - role].must_meet && node_runs(node)) {
            node->variant = sim->nodes[1 - role].variant;
            node_restart(sim, (enum role)role, 200);
        }
        return false;
    }
    return true;
}

static void next_phase(struct sim *sim, enum phase phase, int64_t deadline)
{
    static const char *const names[] = {
        "faults",          "healing",    "healed, clients go on",       "clients are silent",
        "the DNS follows", "leases end", "as many clients as addresses"};

    trace(sim, "world", "phase: %s", names[phase]);
    sim->phase = (int)phase;
    sim->heal_deadline = sim->now + deadline;
}

static bool is_late(const struct sim *sim)
{
    return sim->now >= sim->heal_deadline;
}

static void healing(struct sim *sim)
{
    if (sim->now >= sim->return_at) { /* it takes a new connection each time */
        sim->return_at = sim->now + RETURN_EVERY_MS;
        operator_return(sim, ROLE_PRIMARY);
        operator_return(sim, ROLE_SECONDARY);
    }
    if (same_files(sim) && both_normal(sim) && sim->normal_since >= 0 &&
        sim->now - sim->normal_since >= SETTLED_MS)
        next_phase(sim, PHASE_BUSY, sim->settings.busy_ms);
    else if (is_late(sim))
        sim_violation(sim, "I3",
                      "after all faults the primary stays in %s, the secondary in %s",
                      fo_state_name(node_state(&sim->nodes[0])),
                      fo_state_name(node_state(&sim->nodes[1])));
}

static bool nothing_on_its_way(const struct sim *sim)
{
    for (int role = 0; role < 2; role++) {
        struct server_status status;

        server_status(sim->nodes[role].server, &status);
        if (status.seq != status.acked_seq || status.seq != status.durable_seq)
            return false;
    }
    return true;
}

static void rest(struct sim *sim)
{
    char why[400] = "writes are not acked";
    const bool quiet = both_normal(sim) && nothing_on_its_way(sim);

    if (quiet && check_equal(sim, why, sizeof(why)) &&
        check_disks(sim, ROLE_PRIMARY, why, sizeof(why)) &&
        check_disks(sim, ROLE_SECONDARY, why, sizeof(why)))
        next_phase(sim, PHASE_NAMES,
                   1000 * sim->settings.lease_max_s + sim->settings.skew_ms * 3 + EQUAL_MAX_MS);
    else if (is_late(sim))
        sim_violation(sim, "I3", "at rest the peers differ: %s", why);
}

/* Leases go on ending, and each that does leaves a name to take out. */
static void named(struct sim *sim)
{
    char why[400] = "";

    if (check_names(sim, why, sizeof(why))) {
        reserve_end(sim);
        next_phase(sim, PHASE_ENDING,
                   1000 * (sim->settings.lease_max_s + sim->settings.abandon_s) +
                       sim->settings.skew_ms * 3 + 30000);
    } else if (is_late(sim))
        sim_violation(sim, "I3", "the DNS does not follow: %s", why);
}

static void begin_filling(struct sim *sim)
{
    for (size_t i = 0; i < sim->client_count; i++) {
        sim->clients[i].epoch++;
        sim->clients[i].xid = 0;
        sim->clients[i].state = CLIENT_OFF;
    }
    sim->silent = false;
    check_fill_begin(sim);
    /* By rapid commit a client may be given an address that it does not take: until it ends. */
    next_phase(sim, PHASE_FILLING,
               45000 + 1000 * sim->settings.offer_hold_s +
                   (sim->settings.rapid_commit
                        ? 1000 * sim->settings.lease_max_s + 3 * sim->settings.skew_ms
                        : 0));
}

static void ending(struct sim *sim)
{
    char why[400] = "";

    if (check_all_free(sim, why, sizeof(why)) && nothing_on_its_way(sim) &&
        check_equal(sim, why, sizeof(why)) && check_names(sim, why, sizeof(why)))
        begin_filling(sim);
    else if (is_late(sim))
        sim_violation(sim, "I5", "%s", why);
}

static void filling(struct sim *sim)
{
    char why[400];

    if (check_filled(sim, why, sizeof(why)))
        sim->over = true;
    else if (is_late(sim))
        sim_violation(sim, "I5", "%s", why);
}

static void poll(struct sim *sim, struct happening *event)
{
    (void)event;
    sim_at(sim, sim->now + POLL_MS, poll, 0, 0, NULL);
    if (sim->phase > PHASE_BUSY && !both_normal(sim)) {
        sim_violation(sim, "I3",
                      "without any fault the primary goes to %s, the secondary to %s",
                      fo_state_name(node_state(&sim->nodes[0])),
                      fo_state_name(node_state(&sim->nodes[1])));
        return;
    }
    switch ((enum phase)sim->phase) {
    case PHASE_FAULTS:
        if (sim->now < sim->settings.heal_at)
            break;
        for (int role = 0; role < 2; role++)
            sim->points[role] = sim->nodes[role].points;
        operator_heal(sim);
        next_phase(sim, PHASE_HEALING,
                   3 * longest_mclt_ms(sim) + 2 * sim->settings.startup_wait_ms + 35000);
        break;
    case PHASE_HEALING:
        healing(sim);
        break;
    case PHASE_BUSY:
        if (is_late(sim)) {
            sim->silent = true;
            next_phase(sim, PHASE_REST, EQUAL_MAX_MS);
        }
        break;
    case PHASE_REST:
        rest(sim);
        break;
    case PHASE_NAMES:
        named(sim);
        break;
    case PHASE_ENDING:
        ending(sim);
        break;
    case PHASE_FILLING:
        filling(sim);
        break;
    }
}

void phases_begin(struct sim *sim)
{
    sim_at(sim, POLL_MS, poll, 0, 0, NULL);
}
