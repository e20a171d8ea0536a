/* tests/sim/check_rest.c - I3 and I5: when all faults are over and nobody asks, both peers hold
 * the same, their disks too, and in the end every address is free and can be given again. */
#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

static bool same(const struct binding *a, const struct binding *b)
{
    return a->term == b->term && version_compare(a->version, b->version) == 0 &&
           binding_same_contents(a, b);
}

bool check_equal(struct sim *sim, char *why, size_t size)
{
    struct server_status status[2];

    for (int role = 0; role < 2; role++)
        server_status(sim->nodes[role].server, &status[role]);
    for (uint32_t i = 0; i < ADDRESSES_MAX; i++) {
        const struct ip4 address = address_of_index(i);
        const struct binding a =
            lease_table_binding(server_leases(sim->nodes[0].server), address);
        const struct binding b =
            lease_table_binding(server_leases(sim->nodes[1].server), address);

        if (!same(&a, &b)) {
            snprintf(why, size,
                     "%s is %s of %s, owner %s, at the primary and %s of %s, owner %s, at the "
                     "secondary (versions %lld.%u %s, %lld.%u %s)",
                     address_text(address), binding_state_name(a.state),
                     client_text(sim, key_hash(a.client)), role_name(a.owner),
                     binding_state_name(b.state), client_text(sim, key_hash(b.client)),
                     role_name(b.owner), (long long)a.version.ms % 100000000, a.version.counter,
                     role_name(a.version.writer), (long long)b.version.ms % 100000000,
                     b.version.counter, role_name(b.version.writer));
            return false;
        }
    }
    if (!reserve_equal(sim)) {
        snprintf(why, size, "the reservations made while running differ");
        return false;
    }
    if (status[0].digest != status[1].digest) {
        snprintf(why, size, "the digests differ although all records are equal");
        return false;
    }
    return true;
}

bool check_disks(struct sim *sim, enum role role, char *why, size_t size)
{
    const struct node *node = &sim->nodes[role];

    for (uint32_t i = 0; i < ADDRESSES_MAX; i++) {
        const struct ip4 address = address_of_index(i);
        const struct binding b = lease_table_binding(server_leases(node->server), address);
        const struct view_record *r = &node->view.records[i];

        if (b.version.ms == 0)
            continue;
        if (r->state != b.state || r->client != key_hash(b.client) || r->owner != b.owner ||
            r->expires.ms != b.expires.ms || version_compare(r->version, b.version) != 0) {
            snprintf(why, size, "%s is %s in the %s's memory and %s on its disk",
                     address_text(address), binding_state_name(b.state), role_name(role),
                     binding_state_name(r->state));
            return false;
        }
    }
    return true;
}

bool check_all_free(struct sim *sim, char *why, size_t size)
{
    for (int role = 0; role < 2; role++) {
        struct lease_table *leases = server_leases(sim->nodes[role].server);

        for (uint32_t i = 0; i < ADDRESSES_MAX; i++) {
            const struct ip4 address = address_of_index(i);
            const struct binding b = lease_table_binding(leases, address);

            if (b.state != BINDING_FREE) {
                snprintf(why, size, "%s is still %s at the %s after every lease has ended",
                         address_text(address), binding_state_name(b.state),
                         role_name((enum role)role));
                return false;
            }
        }
    }
    return true;
}

/* ---- as many new clients as there are addresses ---- */

static uint32_t givable(const struct sim *sim, int subnet)
{
    const struct config *config = sim->configs[0][sim->nodes[0].variant];
    uint32_t count = 0;

    for (size_t p = 0; p < config->pool_count; p++) {
        const struct config_pool *pool = &config->pools[p];

        if ((int)pool->subnet != subnet)
            continue;
        for (uint32_t a = pool->range.first.value; a <= pool->range.last.value; a++)
            count += config_reservation_at(config, ip4(a)) == NULL;
    }
    return count;
}

void check_fill_begin(struct sim *sim)
{
    sim->fill_first = sim->client_count;
    for (int subnet = 0; subnet < SUBNETS; subnet++) {
        for (uint32_t n = givable(sim, subnet); n > 0; n--) {
            const size_t i = sim->client_count++;
            struct client *c = &sim->clients[i];
            uint8_t key[8] = {0, 1};

            ASSERT(i < CLIENTS_MAX + ADDRESSES_MAX);
            c->number = (int)i;
            c->rng = rng_fork(sim->seed, 1000 + i);
            memcpy(c->hardware, (uint8_t[]){2, 0, 0, 1, (uint8_t)(i >> 8), (uint8_t)i}, 6);
            memcpy(key + 2, c->hardware, 6);
            c->key = key_hash(span_of(key, sizeof(key)));
            c->subnet = subnet;
            client_timer(sim, c, sim->now + rng_between(&c->rng, 0, 3000));
        }
    }
}

bool check_filled(struct sim *sim, char *why, size_t size)
{
    size_t missing = 0;
    int one = -1;

    for (size_t i = sim->fill_first; i < sim->client_count; i++) {
        if (sim->clients[i].acks == 0) {
            missing++;
            one = (int)i;
        }
    }
    snprintf(why, size,
             "of %zu clients for as many free addresses %zu got none, client %d for one",
             sim->client_count - sim->fill_first, missing, one);
    return missing == 0;
}
