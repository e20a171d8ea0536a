/* tests/sim/check_service.c - I4: a server that can serve and has an address for a client does
 * not leave it without a word.
 *
 * Counted are the messages that reached a serving, undisturbed server since either of them last
 * answered this client: packets that the network lost prove nothing. */
#include "tests/sim/sim.h"

#define ASKED_MIN 3
#define LASTED_MS 5000 /* beyond max-unanswered */

struct given {
    struct server *server;
    struct server_status status;
    struct instant now;
};

static bool is_reserved(const struct sim *sim, struct ip4 address)
{
    for (int role = 0; role < 2; role++) {
        for (int i = 0; i < CONFIGS; i++) {
            if (config_reservation_at(sim->configs[role][i], address) != NULL)
                return true;
        }
    }
    return false;
}

/* Of its own share, the freeing acked, not under offer. */
static bool can_give(const struct sim *sim, const struct given *g, struct ip4 address)
{
    struct lease_table *leases = server_leases(g->server);
    const struct binding b = lease_table_binding(leases, address);
    const struct lease *lease = lease_table_find(leases, address);
    struct lease_offer offer;

    return b.state == BINDING_FREE && b.owner == g->status.role && b.reserved.size == 0 &&
           !is_reserved(sim, address) &&
           (b.version.ms == 0 || (lease != NULL && lease->seq <= g->status.acked_seq)) &&
           !lease_table_offer_at(leases, address, g->now, &offer);
}

static bool has_free(const struct sim *sim, const struct given *g,
                     const struct config_subnet *subnet)
{
    const struct config *config = server_config(g->server);

    for (size_t i = 0; i < subnet->pool_count; i++) {
        const struct config_pool *pool = &config->pools[subnet->first_pool + i];

        for (uint32_t a = pool->range.first.value; a <= pool->range.last.value; a++) {
            if (can_give(sim, g, ip4(a)))
                return true;
        }
    }
    return false;
}

static bool knows_lease(const struct given *g, struct ip4 address, uint64_t key)
{
    const struct binding b = lease_table_binding(server_leases(g->server), address);

    return b.state == BINDING_ACTIVE && key_hash(b.client) == key && g->now.ms < b.expires.ms;
}

/* A slow disk or a partner that cannot write makes everything late. */
static bool is_undisturbed(const struct sim *sim, const struct node *node)
{
    return sim->now >= node->store.slow_until && sim->now >= node->store.full_until &&
           sim->now >= sim->link.slow_until && sim->now >= node->mute_until && !node->fenced;
}

static bool owes_answer(struct sim *sim, enum role role, const struct client *c,
                        const struct ask *ask)
{
    struct node *node = &sim->nodes[role];
    struct given g = {.server = node->server, .now = node_now(sim, node)};
    const struct config_subnet *subnet = config_subnet_of(
        server_config(node->server), c->subnet == 0 ? node_address(role) : relay_address());

    server_status(node->server, &g.status);
    if (ask->ciaddr.value != 0)
        return knows_lease(&g, ask->ciaddr, c->key);
    return subnet != NULL && has_free(sim, &g, subnet);
}

void check_asked(struct sim *sim, enum role role, struct client *c, const struct ask *ask,
                 bool serving)
{
    const struct node *node = &sim->nodes[role];
    const bool counts =
        ask->type == DHCP4_DISCOVER ||
        (ask->type == DHCP4_REQUEST && ask->ciaddr.value != 0 && c->subnet == c->lease_subnet &&
         !is_reserved(sim, ask->ciaddr) && configured_everywhere(sim, ask->ciaddr));
    const int64_t most = LASTED_MS + sim->settings.max_unanswered_ms;

    if (!serving || !is_undisturbed(sim, node) || c->unheard[role].since < node->stable_since)
        c->unheard[role].count = 0;
    if (!counts || !serving)
        return;
    if (!owes_answer(sim, role, c, ask)) {
        c->unheard[role].count = 0;
        return;
    }
    if (c->unheard[role].count++ == 0)
        c->unheard[role].since = sim->now;
    if (c->unheard[role].count > ASKED_MIN && sim->now - c->unheard[role].since > most)
        sim_violation(sim, "I4",
                      "client %d asked the %s %u times in %lld ms and nobody answers, although "
                      "it has an address for it",
                      c->number, role_name(role), c->unheard[role].count,
                      (long long)(sim->now - c->unheard[role].since));
}

void check_answered(struct sim *sim, struct client *c)
{
    (void)sim;
    memset(c->unheard, 0, sizeof(c->unheard));
}
