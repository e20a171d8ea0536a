/* tests/sim/reserve.c - an operator who reserves addresses while the pair runs, and what is
 * owed of that: the peers end with the same, and what both have on disk is given to no other
 * client.
 */
#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

static struct reserved *reserved_of(struct sim *sim, const struct client *c)
{
    for (size_t i = 0; i < sim->reserved_count; i++) {
        if (sim->reserved[i].client == c->key)
            return &sim->reserved[i];
    }
    ASSERT(sim->reserved_count < RESERVED_MAX);
    sim->reserved[sim->reserved_count] = (struct reserved){.client = c->key};
    return &sim->reserved[sim->reserved_count++];
}

static bool tell(struct sim *sim, enum role role, enum reservation_command command,
                 const char *text, struct reservation_change *done)
{
    struct node *node = &sim->nodes[role];
    char why[256] = "";
    const bool taken = server_reservation(node->server, node_now(sim, node), command,
                                          span_of(text, strlen(text)), done, why, sizeof(why),
                                          &node->fx) == TD_OK;

    trace(sim, "operator", "tells the %s to %s %s: %s", role_name(role),
          command == RESERVATION_REMOVE ? "remove" : "reserve", text, taken ? "done" : why);
    node_touched(sim, role);
    return taken;
}

static struct ip4 draw_address(struct sim *sim)
{
    return rng_percent(&sim->reserve_rng, 30)
               ? ip4(0x0a4d0328 + rng_below(&sim->reserve_rng, 4))
               : ip4(0x0a4d0010 + rng_below(&sim->reserve_rng, sim->settings.pool_size[0]));
}

/* The clients of the file have their reservation; who has an identifier too, or lives in the
 * other subnet, is not meant by its hardware alone. */
static struct client *draw_client(struct sim *sim)
{
    struct client *c =
        &sim->clients[rng_below(&sim->reserve_rng, (uint32_t)sim->settings.clients)];

    return (uint32_t)c->number >= sim->settings.reservations && c->id_size == 0 &&
                   c->kind != KIND_TWO_IN_ONE && c->kind != KIND_CLONE && c->hardware[4] != 0x77
               ? c
               : NULL;
}

static void hardware_text(const struct client *c, char out[static 24])
{
    const uint8_t *h = c->hardware;

    snprintf(out, 24, "%02x:%02x:%02x:%02x:%02x:%02x", h[0], h[1], h[2], h[3], h[4], h[5]);
}

static void order(struct sim *sim, struct happening *event)
{
    const enum role role = (enum role)event->who;
    struct client *c = draw_client(sim);
    const struct ip4 address = draw_address(sim);
    const bool removes = rng_percent(&sim->reserve_rng, 30);
    struct reservation_change done;
    struct reserved *reserved;
    char text[128], hardware[24];

    if (sim->healed || c == NULL || !node_runs(&sim->nodes[role]))
        return;
    reserved = reserved_of(sim, c);
    hardware_text(c, hardware);
    snprintf(text, sizeof(text), "{hw-address: '%s', address: %s}", hardware,
             address_text(address));
    if (reserved->known && removes) {
        if (tell(sim, role, RESERVATION_REMOVE, text, &done))
            *reserved = (struct reserved){.client = c->key};
    } else if (tell(sim, role, reserved->known ? RESERVATION_EDIT : RESERVATION_ADD, text,
                    &done)) {
        reserved->known = true;
        reserved->acked_at = -1;
        reserved->address = address;
        reserved->role = role;
        reserved->epoch = sim->nodes[role].epoch;
        reserved->change = done;
        sim->reserved_ever[address_index(address)] = true;
    }
}

void reserve_begin(struct sim *sim)
{
    const struct settings *s = &sim->settings;

    for (uint32_t i = 0; i < s->orders; i++)
        sim_at(sim, rng_between(&sim->reserve_rng, s->calm_until / 2, s->heal_at), order,
               (int)rng_below(&sim->reserve_rng, 2), i, NULL);
}

/* From when on both have it on disk. */
void reserve_watch(struct sim *sim)
{
    for (size_t i = 0; i < sim->reserved_count; i++) {
        struct reserved *r = &sim->reserved[i];
        const struct node *node = &sim->nodes[r->role];
        enum reservation_reach reach;

        if (!r->known || r->acked_at >= 0 || node->server == NULL || node->epoch != r->epoch)
            continue;
        if (server_reservation_done(node->server, &r->change, &reach) &&
            reach == RESERVATION_ON_BOTH)
            r->acked_at = sim->now;
    }
}

/* Two for one address, made by an operator at each peer while they were apart: the newer holds,
 * and whose that is the servers say. */
static bool holds_at(struct server *server, const struct reserved *r)
{
    for (size_t i = 0; i < server_reservation_count(server); i++) {
        struct reservation_view view;

        if (server_reservation_view(server, i, &view) && view.runtime &&
            view.reservation != NULL && view.state == RUNTIME_HOLDS &&
            key_hash(view.reservation->key) == r->client &&
            ip4_equal(view.reservation->address, r->address))
            return true;
    }
    return false;
}

static bool holds(const struct sim *sim, const struct reserved *r)
{
    for (int role = 0; role < 2; role++) {
        if (sim->nodes[role].server == NULL || !holds_at(sim->nodes[role].server, r))
            return false;
    }
    return true;
}

static bool in_a_file(const struct sim *sim, struct ip4 address)
{
    bool any = false;

    for (int role = 0; role < 2; role++) {
        for (int variant = 0; variant < CONFIGS; variant++)
            any |= config_reservation_at(sim->configs[role][variant], address) != NULL;
    }
    return any;
}

bool reserve_any(const struct sim *sim, struct ip4 address)
{
    return reserve_concerns(sim, address) || in_a_file(sim, address);
}

/* A file goes first: while one that sets the address aside is read at one peer, what an
 * operator said does not hold. */
void check_reserved(struct sim *sim, const struct client *c)
{
    for (size_t i = 0; i < sim->reserved_count; i++) {
        const struct reserved *r = &sim->reserved[i];

        if (r->known && r->acked_at >= 0 && c->asked_at > r->acked_at &&
            ip4_equal(r->address, c->address) && r->client != c->key && holds(sim, r) &&
            !in_a_file(sim, c->address))
            sim_violation(sim, "reserved",
                          "%s was given %s, which both peers have reserved for client %s since "
                          "%lld ms",
                          client_name(c), address_text(c->address), client_text(sim, r->client),
                          (long long)(sim->now - r->acked_at));
    }
}

bool reserve_is_for(const struct sim *sim, const struct client *c)
{
    for (size_t i = 0; i < sim->reserved_count; i++) {
        if (sim->reserved[i].client == c->key)
            return true;
    }
    return false;
}

bool reserve_concerns(const struct sim *sim, struct ip4 address)
{
    const int index = address_index(address);

    return index >= 0 && sim->reserved_ever[index];
}

bool reserve_equal(const struct sim *sim)
{
    return server_reservation_digest(sim->nodes[0].server) ==
           server_reservation_digest(sim->nodes[1].server);
}

/* All addresses shall be for anybody in the end. */
void reserve_end(struct sim *sim)
{
    struct server *server = sim->nodes[0].server;

    for (size_t i = 0; i < server_reservation_count(server); i++) {
        struct reservation_view view;
        struct reservation_change done;
        char text[256];

        if (!server_reservation_view(server, i, &view) || !view.runtime)
            continue;
        snprintf(text, sizeof(text), "%.*s", (int)view.text.size, (const char *)view.text.data);
        if (!tell(sim, ROLE_PRIMARY, RESERVATION_REMOVE, text, &done))
            sim_violation(sim, "reserved", "%s cannot be removed", text);
    }
}
