/* tests/sim/check.c - I1, I2 and I6: what clients were promised, asked after every answer.
 *
 * What counts is what a client heard, not what a server remembers.  A promise stands until its
 * time is over or its client gives it up; that the client forgot it changes nothing. */
#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdio.h>

void sim_violation(struct sim *sim, const char *rule, const char *format, ...)
{
    va_list arguments;

    if (sim->violation[0] != '\0')
        return; /* the first is the one to look at */
    va_start(arguments, format);
    vsnprintf(sim->violation, sizeof(sim->violation), format, arguments);
    va_end(arguments);
    snprintf(sim->violation_rule, sizeof(sim->violation_rule), "%s", rule);
    sim->violation_at = sim->now;
    sim->over = true;
    trace(sim, "CHECK", "%s: %s", rule, sim->violation);
    trace_moment(sim);
}

static struct promise *promise_of(struct sim *sim, struct ip4 address)
{
    const int index = address_index(address);

    return index >= 0 ? &sim->promises[index] : NULL;
}

static bool stands(const struct sim *sim, const struct promise *p)
{
    return p->client != 0 && sim->now < p->until;
}

void check_bound(struct sim *sim, const struct client *c)
{
    struct promise *p = promise_of(sim, c->address);

    if (p == NULL) {
        sim_violation(sim, "I1", "%s was given %s, an address of no pool", client_name(c),
                      address_text(c->address));
        return;
    }
    if (!guest_may_have(sim, c, c->address) && !reserve_any(sim, c->address)) {
        sim_violation(sim, "admission", "%s was given %s by the %s, of a pool that denies it",
                      client_name(c), address_text(c->address), role_name(c->server));
        return;
    }
    if (stands(sim, p) && p->client != c->key) {
        sim_violation(sim, "I1",
                      "%s is held by client %d for another %lld ms (given by the %s), and "
                      "was given to %s by the %s",
                      address_text(c->address), p->number, (long long)(p->until - sim->now),
                      role_name(p->by), client_name(c), role_name(c->server));
        return;
    }
    if (p->client == c->key && p->until > c->lease_until) {
        p->excused = false;
        return; /* an identifier used twice: the longer one stands */
    }
    *p = (struct promise){c->key, c->number, c->lease_until, c->server, false};
}

/* Addresses that a file sets aside for one client are refused to others when that file comes
 * into force. */
static bool set_aside_meanwhile(const struct sim *sim, const struct client *c)
{
    if (reserve_concerns(sim, c->address))
        return true;
    for (int role = 0; role < 2; role++) {
        for (int i = 0; i < CONFIGS; i++) {
            const struct config_reservation *r =
                config_reservation_at(sim->configs[role][i], c->address);

            if (r != NULL && key_hash(r->key) != c->key)
                return true;
        }
    }
    return false;
}

/* A client for whom another address is kept is refused the one it has as soon as it may have
 * the other. */
static bool reserved_elsewhere(const struct sim *sim, const struct client *c)
{
    if (reserve_is_for(sim, c))
        return true;
    for (int role = 0; role < 2; role++) {
        for (int i = 0; i < CONFIGS; i++) {
            const struct config *config = sim->configs[role][i];

            for (size_t j = 0; j < config->reservation_count; j++) {
                const struct config_reservation *r = &config->reservations[j];

                if (key_hash(r->key) == c->key && !ip4_equal(r->address, c->address))
                    return true;
            }
        }
    }
    return false;
}

bool configured_everywhere(const struct sim *sim, struct ip4 address)
{
    for (int role = 0; role < 2; role++) {
        for (int i = 0; i < CONFIGS; i++) {
            if (config_pool_of(sim->configs[role][i], address) == NULL &&
                config_reservation_at(sim->configs[role][i], address) == NULL)
                return false;
        }
    }
    return true;
}

void check_refused(struct sim *sim, const struct client *c)
{
    struct promise *p = promise_of(sim, c->address);

    if (p == NULL || !stands(sim, p) || p->client != c->key)
        return;
    if (client_on_lease_link(sim, c) && !p->excused && !set_aside_meanwhile(sim, c) &&
        !reserved_elsewhere(sim, c) && configured_everywhere(sim, c->address) &&
        guest_may_have(sim, c, c->address) && !stranger_has(sim, c->address))
        sim_violation(sim, "I2",
                      "%s was refused %s, which it has for another %lld ms (given by the %s)",
                      client_name(c), address_text(c->address),
                      (long long)(p->until - sim->now), role_name(p->by));
    if (client_on_lease_link(sim, c))
        p->client = 0; /* it has heard that it may not use it */
}

void check_given_up(struct sim *sim, const struct client *c)
{
    struct promise *p = promise_of(sim, c->address);

    if (p != NULL && p->client == c->key)
        p->client = 0;
}

void check_disk_lost(struct sim *sim, enum role role)
{
    const struct view *kept = &sim->nodes[role_other(role)].view;

    for (size_t i = 0; i < ADDRESSES_MAX; i++) {
        struct promise *p = &sim->promises[i];
        const struct view_record *r = &kept->records[i];

        if (!stands(sim, p) || (r->state == BINDING_ACTIVE && r->client == p->client))
            continue;
        p->excused = true;
    }
}

/* ---- I6 ---- */

static bool partner_holds(const struct sim *sim, enum role by, int index, uint64_t client,
                          struct instant until)
{
    const struct view *partner = &sim->nodes[role_other(by)].view;

    return partner->known[index].client == client &&
           !instant_before(partner->known[index].expires, until);
}

void check_promise(struct sim *sim, enum role by, const struct dhcp4_packet *packet)
{
    const struct node *node = &sim->nodes[by];
    const struct config *config = server_config(node->server);
    const int64_t promise = (int64_t)dhcp4_option_u32(packet, OPTION_LEASE_TIME) * 1000;
    const struct instant until =
        instant_add_ms(node_now(sim, node), promise - (sim->now - node->fx_since));
    const int index = address_index(packet->yiaddr);
    uint8_t key[CLIENT_KEY_MAX];

    if (index < 0) {
        sim_violation(sim, "I6", "the %s acks %s, an address of no pool", role_name(by),
                      address_text(packet->yiaddr));
        return;
    }
    if (promise > (int64_t)config->terms.lease_time.max_s * 1000)
        sim_violation(sim, "I6", "the %s promises %lld ms, more than is configured",
                      role_name(by), (long long)promise);
    if (promise > config->pair.mclt_ms &&
        !partner_holds(sim, by, index, key_hash(dhcp4_client_key(packet, key)), until))
        sim_violation(sim, "I6",
                      "the %s promises %s for %lld ms, beyond the MCLT and what its partner "
                      "has on disk",
                      role_name(by), address_text(packet->yiaddr), (long long)promise);
    /* Whoever promises must itself remember. */
    if (node->view.records[index].state != BINDING_ACTIVE ||
        node->view.records[index].client != key_hash(dhcp4_client_key(packet, key)))
        sim_violation(sim, "durable",
                      "the %s acks %s, which is not in its store for that client",
                      role_name(by), address_text(packet->yiaddr));
}
