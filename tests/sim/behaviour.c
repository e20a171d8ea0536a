/* tests/sim/behaviour.c - the clients of the real world: what each kind does with a lease. */
#include "tests/sim/sim.h"

#include <stdlib.h>

static const char *const kind_names[CLIENT_KINDS] = {
    "plain", "pxe",  "broadcaster", "releaser", "decliner", "rebooter",  "clone",
    "mover", "late", "eager",       "slow",     "swapped",  "two-in-one"};

const char *client_kind_name(enum client_kind kind)
{
    return kind_names[kind];
}

static void give_up(struct sim *sim, struct client *c, enum dhcp4_type type)
{
    struct ask ask = {.type = type, .server = node_address(c->server)};

    c->xid = c->ended_xid = (uint32_t)rng_next(&c->rng) | 1u;
    c->ended_heard[0] = c->ended_heard[1] = c->came_back = false;
    if (type == DHCP4_RELEASE) {
        ask.ciaddr = c->address;
        ask.unicast = true;
        ask.to = c->server;
    } else {
        ask.requested = c->address;
        if (c->declined_count < ARRAY_SIZE(c->declined))
            c->declined[c->declined_count++] = c->address;
    }
    covered(sim, type == DHCP4_RELEASE ? THING_RELEASED : THING_DECLINED);
    check_given_up(sim, c);
    net_ask(sim, c, &ask);
    c->address = ip4(0);
    c->state = CLIENT_OFF;
    client_timer(sim, c,
                 sim->now + rng_between(&c->rng, 10, rng_percent(&c->rng, 50) ? 400 : 6000));
}

static void move(struct sim *sim, struct client *c)
{
    c->subnet = 1 - c->subnet;
    trace(sim, client_name(c), "moves to subnet %d", c->subnet);
    covered(sim, THING_MOVED);
    client_reboot(sim, c);
}

void client_act(struct sim *sim, struct client *c)
{
    switch (c->next) {
    case ACT_RENEW:
        client_renew(sim, c, c->kind == KIND_BROADCASTER);
        break;
    case ACT_RELEASE:
        give_up(sim, c, DHCP4_RELEASE);
        break;
    case ACT_DECLINE:
        give_up(sim, c, DHCP4_DECLINE);
        break;
    case ACT_REBOOT:
        client_reboot(sim, c);
        break;
    case ACT_FORGET:
        covered(sim, THING_FORGOT);
        c->address = ip4(0);
        client_discover(sim, c);
        break;
    case ACT_MOVE:
        move(sim, c);
        break;
    }
}

static enum client_act draw_act(struct sim *sim, struct client *c)
{
    if (sim->healed && c->kind != KIND_RELEASER)
        return ACT_RENEW;
    switch (c->kind) {
    case KIND_RELEASER:
        return rng_percent(&c->rng, 60) ? ACT_RELEASE : ACT_RENEW;
    case KIND_DECLINER:
        return c->declined_count < ARRAY_SIZE(c->declined) && rng_percent(&c->rng, 20)
                   ? ACT_DECLINE
                   : ACT_RENEW;
    case KIND_REBOOTER:
        return rng_percent(&c->rng, 70) ? ACT_REBOOT : ACT_RENEW;
    case KIND_MOVER:
        return rng_percent(&c->rng, 40) ? ACT_MOVE : ACT_RENEW;
    case KIND_PXE:
        return rng_percent(&c->rng, 30) ? ACT_FORGET : ACT_RENEW;
    case KIND_PLAIN:
    case KIND_BROADCASTER:
    case KIND_CLONE:
    case KIND_LATE:
    case KIND_EAGER:
    case KIND_SLOW:
    case KIND_SWAPPED:
    case KIND_TWO_IN_ONE:
        break;
    }
    return rng_percent(&c->rng, 3) ? ACT_REBOOT : ACT_RENEW;
}

void client_live(struct sim *sim, struct client *c)
{
    const int64_t left = c->lease_until - sim->now;
    int64_t at = c->lease_from + (c->lease_until - c->lease_from) / 2;

    c->next = draw_act(sim, c);
    if (c->next == ACT_DECLINE)
        at = sim->now + 10;
    else if (c->next != ACT_RENEW)
        at = sim->now + rng_between(&c->rng, 1, left);
    else if (c->kind == KIND_LATE)
        at = c->lease_until - rng_between(&c->rng, 100, 2500);
    else if (c->kind == KIND_EAGER && !sim->healed)
        at = sim->now + rng_between(&c->rng, 200, 1500);
    client_timer(sim, c, at);
}

/* ---- who there is ---- */

/* The client of whom only the second file knows a reservation: the last one. */
static bool is_late_reserved(const struct sim *sim, uint32_t i)
{
    return sim->settings.late_reservation && i + 1 == sim->settings.clients &&
           i >= sim->settings.reservations;
}

static enum client_kind draw_kind(struct sim *sim, struct rng *rng, uint32_t i)
{
    if (i < sim->settings.reservations || is_late_reserved(sim, i))
        return KIND_PLAIN;
    for (;;) {
        const enum client_kind kind = (enum client_kind)rng_below(rng, CLIENT_KINDS);

        if ((sim->settings.kinds & 1u << kind) == 0)
            continue;
        if ((kind == KIND_CLONE || kind == KIND_TWO_IN_ONE) && i == sim->settings.reservations)
            continue; /* it needs one before it */
        return kind;
    }
}

/* Whom a clone copies, and who shares a machine: a client without a history of its own. */
static struct client *other_self(struct sim *sim, uint32_t i)
{
    struct client *before = &sim->clients[i - 1];

    return before->kind == KIND_PLAIN || before->kind == KIND_BROADCASTER ||
                   before->kind == KIND_LATE
               ? before
               : NULL;
}

static void set_key(struct client *c)
{
    uint8_t key[16] = {0, 1};

    if (c->id_size > 0) {
        key[0] = 1;
        memcpy(key + 1, c->id, c->id_size);
        c->key = key_hash(span_of(key, c->id_size + 1));
    } else {
        memcpy(key + 2, c->hardware, 6);
        c->key = key_hash(span_of(key, 8));
    }
}

static void make_client(struct sim *sim, struct rng *rng, uint32_t i)
{
    struct client *c = &sim->clients[i];
    struct client *other;

    c->number = (int)i;
    c->rng = rng_fork(sim->seed, 1000 + i);
    c->kind = draw_kind(sim, rng, i);
    memcpy(c->hardware, (uint8_t[]){2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i}, 6);
    c->subnet = sim->settings.pool_size[1] > 0 && i >= sim->settings.reservations &&
                rng_percent(rng, 30);
    if (is_late_reserved(sim, i)) {
        memcpy(c->hardware, (uint8_t[]){2, 0, 0, 0, 0x77, 0x77}, 6);
        c->subnet = 0;
    } else if (i >= sim->settings.reservations && rng_percent(rng, 30)) {
        memcpy(c->id, (uint8_t[]){0xff, 7, 7, (uint8_t)(i >> 8), (uint8_t)i}, 5);
        c->id_size = 5;
    }
    if (c->kind == KIND_CLONE || c->kind == KIND_TWO_IN_ONE) {
        other = other_self(sim, i);
        if (other == NULL) {
            c->kind = KIND_PLAIN;
        } else if (c->kind == KIND_CLONE) {
            memcpy(other->id, (uint8_t[]){0xff, 9, 9, (uint8_t)(i >> 8), (uint8_t)i}, 5);
            memcpy(c->id, other->id, 5);
            c->id_size = other->id_size = 5;
            c->subnet = other->subnet;
            other->kind = KIND_CLONE;
            set_key(other);
        } else {
            memcpy(c->hardware, other->hardware, 6);
            memcpy(c->id, (uint8_t[]){0xff, 8, 8, (uint8_t)(i >> 8), (uint8_t)i}, 5);
            c->id_size = 5;
            c->subnet = other->subnet;
            other->kind = KIND_TWO_IN_ONE;
        }
    }
    set_key(c);
}

void clients_make(struct sim *sim)
{
    struct rng rng = rng_fork(sim->seed, 3);
    const bool rush = rng_percent(&rng, 30);

    /* Room for those who fill the pools in the end. */
    sim->clients = calloc(CLIENTS_MAX + ADDRESSES_MAX, sizeof(*sim->clients));
    ASSERT(sim->clients != NULL);
    sim->client_count = sim->settings.clients;
    for (uint32_t i = 0; i < sim->settings.clients; i++) {
        struct client *c = &sim->clients[i];

        make_client(sim, &rng, i);
        client_timer(sim, c, rng_between(&c->rng, 0, rush ? 300 : sim->settings.heal_at / 3));
    }
}
