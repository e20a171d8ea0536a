/* tests/sim/situation.c - which situations the servers were brought into, seen from outside:
 * by what arrives where, what is written, and what the peers say of themselves. */
#include "tests/sim/sim.h"

#define WINDOW 8 /* BindingUpdates that daemon/core sends ahead of the acks */

static uint8_t arena[FRAME_ARENA_SIZE];

void covered(struct sim *sim, enum thing thing)
{
    sim->coverage.things[thing]++;
}

static bool recovers(enum fo_state state)
{
    return state == FO_RECOVER || state == FO_RECOVER_WAIT;
}

/* ---- records that meet ---- */

static bool are(const struct binding *a, const struct binding *b, enum binding_state one,
                enum binding_state other)
{
    return (a->state == one && b->state == other) || (a->state == other && b->state == one);
}

static bool holds(const struct binding *b)
{
    return b->state == BINDING_ACTIVE || b->state == BINDING_ABANDONED;
}

static void two_clients_meet(struct sim *sim, const struct node *node,
                             const struct binding *own, const struct binding *received)
{
    const struct node *other = &sim->nodes[role_other(node->role)];

    if (own->client.size == 0 || received->client.size == 0)
        return;
    if (!holds(own) || !holds(received))
        covered(sim, THING_CLIENTS_MEET);
    else if (node->state == FO_PARTNER_DOWN && other->state == FO_RECOVER)
        covered(sim, THING_SURVIVOR_MEETS);
}

/* A received record and an own one that its writer may not have known. */
static void records_meet(struct sim *sim, const struct node *node, uint64_t acked_seq,
                         const struct binding *received)
{
    const struct lease *lease =
        lease_table_find(server_leases(node->server), received->address);
    struct binding mine;
    const struct binding *own = &mine;

    if (lease == NULL || lease->binding.version_ms == 0 || lease->seq <= acked_seq ||
        version_compare(lease_version(lease), received->version) == 0)
        return;
    mine = lease_binding_of(lease);
    if (node->state == FO_RECOVER)
        covered(sim, THING_MET_IN_RECOVER);
    if (key_hash(own->client) != key_hash(received->client))
        two_clients_meet(sim, node, own, received);
    else if (are(own, received, BINDING_FREE, BINDING_ACTIVE))
        covered(sim, THING_FREE_MEETS_ACTIVE);
    else if (are(own, received, BINDING_RELEASED, BINDING_ACTIVE))
        covered(sim, THING_RELEASED_MEETS_ACTIVE);
    else if (are(own, received, BINDING_ACTIVE, BINDING_ACTIVE))
        covered(sim, THING_ACTIVE_MEETS_ACTIVE);
}

/* ---- frames ---- */

static bool has_unacked_freeing(struct server *server, uint64_t acked_seq)
{
    struct lease_table *leases = server_leases(server);

    for (const struct lease *l = lease_table_first_own_after(leases, acked_seq); l != NULL;
         l = lease_table_next_own(leases, l)) {
        if (lease_client(l).size > 0 &&
            (l->binding.state == BINDING_FREE || l->binding.state == BINDING_RELEASED))
            return true;
    }
    return false;
}

static void ack_arrives(struct sim *sim, enum role to, const struct frame *f)
{
    const struct node *from = &sim->nodes[role_other(to)];
    struct server_status status;

    sim->link.update_acked[to] = f->ack.number;
    if (from->server == NULL)
        return;
    server_status(from->server, &status);
    if (f->ack.last_seq == 0 && status.partner_applied > 0)
        covered(sim, THING_ACK_WITHHELD);
}

static void claim_reply_arrives(struct sim *sim, const struct frame *f)
{
    covered(sim, f->claim_reply.granted ? THING_CLAIM_GRANTED : THING_CLAIM_REFUSED);
    if (!f->claim_reply.granted && strstr(f->claim_reply.reason, "changed since") != NULL)
        covered(sim, THING_CLAIM_OVERTAKEN);
}

bool situation_frame(struct sim *sim, enum role to, struct span bytes)
{
    const struct node *node = &sim->nodes[to];
    struct server_status status;
    struct frame f;

    if (frame_decode(bytes, arena, sizeof(arena), &f) != TD_OK)
        return false;
    server_status(node->server, &status);
    if (f.type == FRAME_UPDATE) {
        for (size_t i = 0; i < f.update.count; i++) {
            records_meet(sim, node, status.acked_seq, &f.update.bindings[i]);
            check_heard_of(sim, to, &f.update.bindings[i]);
        }
    } else if (f.type == FRAME_ACK) {
        ack_arrives(sim, to, &f);
    } else if (f.type == FRAME_CLAIM_REPLY) {
        claim_reply_arrives(sim, &f);
    } else if (f.type == FRAME_NAK) {
        covered(sim, THING_NAK_NOTICE);
    } else if (f.type == FRAME_STATE) {
        if (f.state.last_seq > status.partner_applied && node->state != FO_NORMAL)
            covered(sim, THING_STATE_OVERTAKES);
    } else if (f.type == FRAME_HELLO) {
        sim->link.update_sent[to] = sim->link.update_acked[to] = 0;
        if (has_unacked_freeing(node->server, status.acked_seq))
            covered(sim, THING_FREEING_UNACKED);
    }
    return f.type == FRAME_UPDATE;
}

void situation_after(struct sim *sim, enum role to, uint64_t seq_before)
{
    struct server_status status;

    if (sim->nodes[to].server == NULL)
        return;
    server_status(sim->nodes[to].server, &status);
    if (status.seq > seq_before)
        covered(sim, THING_COUNTER_WRITE);
}

void situation_sent(struct sim *sim, enum role from, struct span bytes)
{
    struct link *link = &sim->link;
    struct frame f;

    if (frame_decode(bytes, arena, sizeof(arena), &f) != TD_OK || f.type != FRAME_UPDATE)
        return;
    link->update_sent[from] = f.update.number;
    for (int role = 0; role < 2; role++) {
        if (link->update_sent[role] < link->update_acked[role] + WINDOW)
            return;
    }
    covered(sim, THING_WINDOWS_FULL);
}

/* ---- writes ---- */

static bool reserved_in_file(const struct sim *sim, enum role role, struct ip4 address)
{
    return config_reservation_at(sim->configs[role][sim->nodes[role].variant], address) != NULL;
}

static void own_write(struct sim *sim, const struct node *node, const struct binding *b)
{
    const int index = address_index(b->address);
    const struct view_record *before = &node->view.records[index >= 0 ? index : 0];

    if (index < 0)
        return;
    if (b->reserved.size > 0 && !reserved_in_file(sim, role_other(node->role), b->address))
        covered(sim, THING_SET_ASIDE_IN_ONE_FILE);
    if (before->version.ms == 0 || version_compare(before->version, b->version) == 0)
        return;
    if (b->state == BINDING_FREE && before->owner == node->role && b->owner != node->role)
        covered(sim, THING_GIFT);
    if (b->state == BINDING_FREE && before->state != BINDING_FREE &&
        node->state == FO_INTERRUPTED)
        covered(sim, THING_REWIND);
    if (b->state == BINDING_ACTIVE && before->client == key_hash(b->client) &&
        before->expires.ms == b->expires.ms)
        covered(sim, THING_OLDER_PROMISE_KEPT);
}

void situation_write(struct sim *sim, enum role role, struct span key, struct span value)
{
    struct stored_binding stored;

    if (key.data[0] == 'b' &&
        stored_binding_decode(value, arena, sizeof(arena), &stored) == TD_OK && stored.seq > 0)
        own_write(sim, &sim->nodes[role], &stored.binding);
}

/* ---- what a peer says of itself ---- */

void situation_event(struct sim *sim, enum role role, const struct event *event)
{
    /* Without a declaration or a lost disk nothing here could lead to one. */
    if (strcmp(event->name, "conflict") == 0 && !sim->declared_open && !sim->disk_open)
        sim_violation(sim, "conflict", "the %s: %s", role_name(role), event->text);
    if (strcmp(event->name, "state-changed") == 0)
        coverage_change(&sim->coverage, event->text);
    else if (strcmp(event->name, "handed-over") == 0)
        covered(sim, THING_HANDED_OVER);
    else if (strcmp(event->name, "handover-failed") == 0)
        covered(sim, THING_HANDOVER_FAILED);
}

void situation_state(struct sim *sim, enum role role, enum fo_state from)
{
    const struct node *node = &sim->nodes[role], *other = &sim->nodes[role_other(role)];

    if (from == FO_STARTUP && node->state == FO_PARTNER_DOWN)
        covered(sim, THING_RESTARTED_ALONE);
    if (other->server == NULL || sim->now < sim->settings.calm_until)
        return;
    if (node->state == FO_SHUTDOWN && other->state == FO_SHUTDOWN)
        covered(sim, THING_BOTH_SHUTDOWN);
    if (recovers(node->state) && recovers(other->state) && sim->link.connection[0] != 0 &&
        sim->link.connection[0] == sim->link.connection[1])
        covered(sim, THING_BOTH_RECOVER);
}

void situation_counters(struct sim *sim, enum role role)
{
    struct server_status status;
    uint64_t *things = sim->coverage.things;

    server_status(sim->nodes[role].server, &status);
    things[THING_ACK_DEGRADED] += status.counters.acks_degraded;
    things[THING_ACK_EARLY] += status.counters.acks_early;
    things[THING_ACK_DROPPED] += status.counters.acks_dropped;
    things[THING_SECOND_RELEASE] += status.counters.duplicate;
    things[THING_POOL_EMPTY] += status.counters.no_free_address;
    things[THING_PROBE_FOUND] += status.counters.probes_in_use;
    things[THING_NAK] += status.counters.sent[DHCP4_NAK];
}
