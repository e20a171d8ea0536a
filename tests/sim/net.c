/* tests/sim/net.c - between clients and servers: a LAN on which both servers are, and a subnet
 * behind a relay that asks both.  Packets are lost, doubled, late, and overtake each other. */
#include "tests/sim/sim.h"

#include <stdlib.h>

#define LATE_MS 300

struct packet {
    int client;
    uint32_t xid;
    uint64_t number; /* of the client's transmissions */
    struct ask ask;
    size_t size;
    uint8_t bytes[DHCP4_MAX_SIZE];
};

struct ip4 node_address(enum role role)
{
    return ip4(role == ROLE_PRIMARY ? 0x0a4d0002 : 0x0a4d0003);
}

struct ip4 relay_address(void)
{
    return ip4(0x0a4e0001);
}

/* ---- a client's packet ---- */

static void put(uint8_t *out, size_t *at, uint8_t code, const void *data, size_t size)
{
    out[(*at)++] = code;
    out[(*at)++] = (uint8_t)size;
    memcpy(out + *at, data, size);
    *at += size;
}

static void put_u32(uint8_t *out, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        out[at + i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_ip(uint8_t *out, size_t *at, uint8_t code, struct ip4 value)
{
    uint8_t bytes[4];

    put_u32(bytes, 0, value.value);
    if (value.value != 0)
        put(out, at, code, bytes, 4);
}

static uint16_t secs_of(const struct sim *sim, const struct client *c)
{
    const int64_t waited = (sim->now - c->began_at) / 1000;
    const uint16_t secs = (uint16_t)(waited > 65535 ? 65535 : waited);

    if (c->kind == KIND_PXE)
        return 0;
    if (c->kind == KIND_SWAPPED)
        return (uint16_t)(secs << 8 | secs >> 8);
    return secs;
}

static void encode(const struct sim *sim, const struct client *c, struct packet *p)
{
    const struct ask *ask = &p->ask;
    const bool relayed = c->subnet != 0 && !ask->unicast;
    const uint16_t secs = secs_of(sim, c);
    const uint8_t type = (uint8_t)ask->type;
    uint8_t *out = p->bytes;
    size_t at = DHCP4_HEADER_SIZE;

    memset(out, 0, DHCP4_HEADER_SIZE);
    out[0] = out[1] = 1;
    out[2] = 6;
    put_u32(out, 4, c->xid);
    out[8] = (uint8_t)(secs >> 8);
    out[9] = (uint8_t)secs;
    if (c->kind == KIND_BROADCASTER)
        out[10] = 0x80;
    put_u32(out, 12, ask->ciaddr.value);
    if (relayed)
        put_u32(out, 24, relay_address().value);
    memcpy(out + 28, c->hardware, 6);
    put_u32(out, 236, 0x63825363);
    put(out, &at, OPTION_MESSAGE_TYPE, &type, 1);
    put_ip(out, &at, OPTION_REQUESTED_ADDRESS, ask->requested);
    put_ip(out, &at, OPTION_SERVER_IDENTIFIER, ask->server);
    if (ask->type == DHCP4_DISCOVER && sim->settings.rapid_commit)
        put(out, &at, OPTION_RAPID_COMMIT, "", 0);
    if (c->id_size > 0)
        put(out, &at, OPTION_CLIENT_IDENTIFIER, c->id, c->id_size);
    if (relayed)
        put(out, &at, OPTION_RELAY_AGENT_INFORMATION, "\x01\x04port", 6);
    out[at++] = OPTION_END;
    p->size = at;
}

static bool hears(const struct sim *sim, const struct node *node)
{
    return !node->fenced && sim->now >= node->deaf_until;
}

static bool is_heard(const struct sim *sim, const struct node *node)
{
    return !node->fenced && sim->now >= node->mute_until;
}

/* A packet that gives a lease up must not come for the first time after the client has asked
 * for the next, or been given it: that is outside of what the pair promises, for who hears it
 * first may have to hand it over and be overtaken by the DHCPACK.  The second of one packet
 * may. */
static bool comes_too_late(struct sim *sim, struct client *c, const struct node *node,
                           const struct packet *p)
{
    const enum role role = node->role;
    const struct ip4 address = p->ask.type == DHCP4_RELEASE ? p->ask.ciaddr : p->ask.requested;

    if (p->xid == c->xid && (p->ask.type == DHCP4_REQUEST ||
                             (p->ask.type == DHCP4_DISCOVER && sim->settings.rapid_commit)))
        c->came_back = true;
    if (p->ask.type != DHCP4_RELEASE && p->ask.type != DHCP4_DECLINE)
        return false;
    if (p->xid != c->ended_xid)
        return true;
    if (c->came_back)
        return !c->ended_heard[role] || c->ended_epoch[role] != node->epoch;
    /* A copy of which the server can make nothing is none that it has heard. */
    if (check_knows_lease(sim, role, c, address)) {
        c->ended_heard[role] = true;
        c->ended_epoch[role] = node->epoch;
    }
    return false;
}

static void at_server(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];
    const struct packet *p = event->data;
    struct client *c = &sim->clients[p->client];
    const bool relayed = p->bytes[27] != 0;
    struct datagram datagram = {
        .source = relayed ? relay_address() : p->ask.ciaddr,
        .destination = relayed || p->ask.unicast ? node_address(node->role) : ip4(UINT32_MAX),
        .local = node_address(node->role),
        .source_port = relayed ? DHCP4_SERVER_PORT : DHCP4_CLIENT_PORT,
        .interface = 2,
        .payload = span_of(p->bytes, p->size),
    };

    if (node->server == NULL)
        return;
    if (!hears(sim, node)) {
        covered(sim, node->fenced ? THING_PACKET_FENCED : THING_PACKET_TO_DEAF);
        return;
    }
    if (node_put_by(sim, node->role, event) || comes_too_late(sim, c, node, p))
        return;
    if (p->number < c->delivered[node->role]) {
        covered(sim, THING_PACKET_OVERTAKEN);
        /* It takes back what a DHCPDISCOVER sent after it was given at once (rapid commit). */
        if (p->ask.type == DHCP4_RELEASE || p->ask.type == DHCP4_DECLINE)
            c->unheard[node->role].count = 0;
    }
    if (p->number > c->delivered[node->role]) {
        c->delivered[node->role] = p->number;
        if (p->xid == c->xid) /* else nobody waits for the answer any more */
            check_asked(sim, node->role, c, &p->ask);
    }
    server_receive(node->server, node_now(sim, node), &datagram, &node->fx);
    node_touched(sim, node->role);
}

int64_t net_passage(struct sim *sim)
{
    const bool storm = sim->now < sim->storm_until;
    const uint32_t loss = storm ? 30 : sim->settings.loss_percent;

    int64_t takes;

    if (sim->healed)
        return rng_between(&sim->net_rng, 0, 3);
    if (rng_percent(&sim->net_rng, loss)) {
        covered(sim, THING_PACKET_LOST);
        return -1;
    }
    takes = rng_between(&sim->net_rng, 0, storm ? 1500 : sim->settings.delay_max_ms);
    if (takes >= LATE_MS)
        covered(sim, THING_PACKET_LATE);
    return takes;
}

static uint32_t copies(struct sim *sim)
{
    const uint32_t chance = sim->now < sim->storm_until ? 20 : sim->settings.duplicate_percent;

    if (sim->healed || !rng_percent(&sim->net_rng, chance))
        return 1;
    covered(sim, THING_PACKET_DOUBLED);
    return 2;
}

static void note_secs(struct sim *sim, const struct client *c)
{
    if (c->kind == KIND_PXE && c->tries > 1)
        covered(sim, THING_SECS_MISSING);
    if (c->kind == KIND_SWAPPED && secs_of(sim, c) > 0)
        covered(sim, THING_SECS_SWAPPED);
}

void net_ask(struct sim *sim, struct client *c, const struct ask *ask)
{
    struct packet packet;

    packet.client = c->number;
    packet.xid = c->xid;
    packet.number = ++c->sent;
    packet.ask = *ask;
    encode(sim, c, &packet);
    trace_ask(sim, c, ask);
    note_secs(sim, c);
    for (int role = 0; role < 2; role++) {
        if (ask->unicast && role != (int)ask->to)
            continue;
        for (uint32_t i = copies(sim); i > 0; i--) {
            const int64_t takes = net_passage(sim);
            struct packet *copy;

            if (takes < 0)
                continue;
            copy = malloc(sizeof(*copy));
            ASSERT(copy != NULL);
            *copy = packet;
            sim_at(sim, sim->now + takes, at_server, role, 0, copy);
        }
    }
}

/* ---- a server's reply ---- */

static void at_client(struct sim *sim, struct happening *event)
{
    const struct packet *p = event->data;
    struct dhcp4_scratch scratch;
    struct dhcp4_packet packet;

    if (dhcp4_decode(span_of(p->bytes, p->size), &scratch, &packet) != DHCP4_DECODED)
        UNREACHABLE("decoded when it was sent");
    client_receive(sim, &sim->clients[p->client], (enum role)event->who, &packet);
}

static void carry(struct sim *sim, enum role from, int client, const struct reply *reply)
{
    for (uint32_t i = copies(sim); i > 0; i--) {
        const int64_t takes = net_passage(sim);
        struct packet *p;

        if (takes < 0)
            continue;
        p = malloc(sizeof(*p));
        ASSERT(p != NULL && reply->packet.size <= sizeof(p->bytes));
        p->client = client;
        p->size = reply->packet.size;
        memcpy(p->bytes, reply->packet.data, p->size);
        sim_at(sim, sim->now + takes, at_client, (int)from, 0, p);
    }
}

/* Does a reply sent this way come to where the client is? */
static bool reaches(const struct reply *reply, const struct client *c)
{
    if (reply->way != REPLY_UDP)
        return c->subnet == 0;
    if (ip4_equal(reply->address, relay_address()))
        return c->subnet != 0;
    return ip4_equal(reply->address, c->address);
}

void net_reply(struct sim *sim, enum role from, const struct reply *reply)
{
    const struct node *node = &sim->nodes[from];
    struct dhcp4_scratch scratch;
    struct dhcp4_packet packet;

    if (dhcp4_decode(reply->packet, &scratch, &packet) != DHCP4_DECODED) {
        sim_violation(sim, "wire", "%s sent a reply that is no DHCP packet", role_name(from));
        return;
    }
    trace_reply(sim, from, &packet, is_heard(sim, node));
    if (!is_heard(sim, node))
        covered(sim, node->fenced ? THING_PACKET_FENCED : THING_PACKET_OF_MUTE);
    trace_note(sim, packet.xid, packet.yiaddr.value);
    if (packet.type == DHCP4_ACK)
        check_promise(sim, from, &packet);
    if (packet.type == DHCP4_OFFER)
        check_offer(sim, from, &packet);
    for (size_t i = 0; i < sim->client_count; i++) {
        struct client *c = &sim->clients[i];

        if (memcmp(c->hardware, packet.chaddr, 6) != 0 || c->xid != packet.xid)
            continue;
        check_answered(c);
        if (packet.type == DHCP4_NAK)
            c->refused_xid = packet.xid;
        c->came_back |= packet.type == DHCP4_ACK;
        if (is_heard(sim, node) && reaches(reply, c))
            carry(sim, from, (int)i, reply);
    }
}
