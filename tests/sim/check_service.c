/* tests/sim/check_service.c - I4: a server that can serve and has an address for a client does
 * not leave it without a word.
 *
 * Counted is what reached a serving, undisturbed server since either of them last answered this
 * client and since this server last changed its state: what the network lost or doubled proves
 * nothing.  README.md says what is left out. */
#include "tests/sim/sim.h"

#define SPACING_MS    500 /* an answer takes less, whatever the partner does */
#define OFFER_LAG_MS  150
#define MOST_ALONE    1 /* the next transmission has been answered */
#define MOST_TOGETHER 3 /* the partner's turn: "it saw the client retransmit twice" */

struct given {
    struct server *server;
    struct server_status status;
    struct instant now;
    const struct client *client;
};

static bool is_acked(const struct given *g, const struct binding *b)
{
    const struct lease *lease = lease_table_find(server_leases(g->server), b->address);

    return b->version.ms == 0 || (lease != NULL && lease->seq <= g->status.acked_seq);
}

/* Of its own share, the freeing acked, not under offer: offers end with the next tick. */
static bool can_give(const struct given *g, const struct binding *b)
{
    const struct instant before = instant_add_ms(g->now, -OFFER_LAG_MS);
    struct lease_offer offer;

    return b->state == BINDING_FREE && b->owner == g->status.role && b->reserved.size == 0 &&
           is_acked(g, b) &&
           !lease_table_offer_at(server_leases(g->server), b->address, before, &offer);
}

static bool is_lease_of(const struct given *g, const struct binding *b)
{
    return b->state == BINDING_ACTIVE && key_hash(b->client) == g->client->key &&
           g->now.ms < b->expires.ms;
}

static bool has_address_in(const struct sim *sim, const struct given *g,
                           const struct config_subnet *subnet)
{
    const struct config *config = server_config(g->server);

    for (size_t i = 0; i < subnet->pool_count; i++) {
        const struct config_pool *pool = &config->pools[subnet->first_pool + i];

        for (uint32_t a = pool->range.first.value; a <= pool->range.last.value; a++) {
            const struct binding b = lease_table_binding(server_leases(g->server), ip4(a));

            if (stranger_hides(sim, g->status.role, ip4(a)) ||
                !guest_may_have(sim, g->client, ip4(a)))
                continue;
            if ((can_give(g, &b) || is_lease_of(g, &b)) && !reserve_any(sim, ip4(a)))
                return true;
        }
    }
    return false;
}

static bool has_address(const struct sim *sim, const struct given *g,
                        const struct config_link *link)
{
    for (size_t i = 0; i < link->subnet_count; i++)
        if (has_address_in(sim, g, link->subnets[i]))
            return true;
    return false;
}

static bool knows_lease(const struct sim *sim, const struct given *g, struct ip4 address)
{
    const struct binding b = lease_table_binding(server_leases(g->server), address);

    return client_on_lease_link(sim, g->client) && is_lease_of(g, &b) &&
           !reserve_any(sim, address) && configured_everywhere(sim, address) &&
           guest_may_have(sim, g->client, address);
}

/* And may still bind it, without asking the partner, who may have offered it too or be gone. */
static bool has_offered(const struct sim *sim, const struct given *g, struct ip4 address)
{
    const struct binding b = lease_table_binding(server_leases(g->server), address);
    struct lease_offer offer;

    /* Reserved for another since, it is not refused either while the partner is away. */
    if ((b.state == BINDING_FREE && !is_acked(g, &b)) || reserve_concerns(sim, address))
        return false;
    return b.owner == g->status.role && guest_may_have(sim, g->client, address) &&
           lease_table_offer_at(server_leases(g->server), address, g->now, &offer) &&
           key_hash(offer.client) == g->client->key;
}

void check_heard_of(struct sim *sim, enum role to, const struct binding *lease)
{
    const uint64_t key = key_hash(lease->client);

    for (size_t i = 0; lease->state != BINDING_FREE && i < sim->client_count; i++) {
        if (sim->clients[i].key == key)
            sim->clients[i].unheard[to].count = 0;
    }
}

static bool owes_answer(const struct sim *sim, const struct given *g, const struct ask *ask)
{
    const struct config_subnet *subnet = config_subnet_of(
        server_config(g->server),
        g->client->subnet == 0 ? node_address(g->status.role) : relay_address());

    /* Of two machines with one identifier the later one's DHCPDISCOVER waits for the probe. */
    if (ask->type == DHCP4_DISCOVER && g->client->kind == KIND_CLONE &&
        probes_all(sim, &sim->nodes[g->status.role]))
        return false;
    if (ask->type == DHCP4_DISCOVER)
        return subnet != NULL && has_address(sim, g, subnet->link);
    if (ask->type != DHCP4_REQUEST)
        return false;
    if (ask->ciaddr.value != 0)
        return knows_lease(sim, g, ask->ciaddr);
    if (ask->server.value != 0)
        return ip4_equal(ask->server, node_address(g->status.role)) &&
               has_offered(sim, g, ask->requested);
    return knows_lease(sim, g, ask->requested);
}

static bool disk_is_slow(const struct sim *sim, const struct node *node)
{
    return sim->now < node->store.slow_until || sim->now < node->store.slow_done_at;
}

static bool link_is_slow(const struct sim *sim)
{
    const int64_t soon = sim->now + sim->settings.link_delay_ms;

    return sim->now < sim->link.slow_until || sim->link.way[0].last_at > soon ||
           sim->link.way[1].last_at > soon;
}

/* What makes every answer late: the own disk; in NORMAL also the link and the partner's disk,
 * and a partner that is gone without a word until that is found out. */
static bool is_undisturbed(const struct sim *sim, const struct node *node)
{
    const struct node *other = &sim->nodes[role_other(node->role)];

    if (node->fenced || sim->now < node->mute_until || sim->now < node->store.full_until ||
        sim->now < node->store.retried_at || disk_is_slow(sim, node))
        return false;
    return node->state != FO_NORMAL || (node_runs(other) && link_is_whole(sim) &&
                                        !link_is_slow(sim) && !disk_is_slow(sim, other));
}

bool check_knows_lease(struct sim *sim, enum role role, const struct client *c,
                       struct ip4 address)
{
    const struct node *node = &sim->nodes[role];
    const struct binding b = lease_table_binding(server_leases(node->server), address);
    struct server_status status;

    server_status(node->server, &status);
    return status.serving && key_hash(b.client) == c->key &&
           (b.state == BINDING_ACTIVE || b.state == BINDING_RELEASED);
}

void check_asked(struct sim *sim, enum role role, struct client *c, const struct ask *ask)
{
    const struct node *node = &sim->nodes[role];
    const uint32_t most = node->state == FO_NORMAL ? MOST_TOGETHER : MOST_ALONE;
    struct given g = {.server = node->server, .now = node_now(sim, node), .client = c};

    server_status(node->server, &g.status);
    if (!g.status.serving || !is_undisturbed(sim, node) || !owes_answer(sim, &g, ask)) {
        c->unheard[role].count = 0;
        return;
    }
    if (c->unheard[role].since <= node->stable_since)
        c->unheard[role].count = 0;
    /* What one peer has refused the other does not grant: the client has to start anew. */
    if (ask->type == DHCP4_REQUEST && c->refused_xid == c->xid)
        return;
    if (c->unheard[role].count > 0 &&
        sim->now - c->unheard[role].last < SPACING_MS + probe_longest_ms(sim, node))
        return;
    if (c->unheard[role].count++ == 0)
        c->unheard[role].since = sim->now;
    c->unheard[role].last = sim->now;
    if (c->unheard[role].count > most)
        sim_violation(sim, "I4",
                      "%s asked the %s, in %s, %u times in %lld ms and nobody answers, "
                      "although it has an address for it",
                      client_name(c), role_name(role), fo_state_name(node->state),
                      c->unheard[role].count, (long long)(sim->now - c->unheard[role].since));
}

void check_answered(struct client *c)
{
    memset(c->unheard, 0, sizeof(c->unheard));
}
