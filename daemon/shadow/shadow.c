/* daemon/shadow/shadow.c - see shadow.h and README.md. */
#include "daemon/shadow/shadow.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/shadow/pending.h"

#define BIT(type)      (1u << (type))
#define RELAY_INFO_MAX 255

struct shadow {
    struct config config; /* the pair's without its pair */
    struct server *server;
    struct pending_table *pending;
    struct instant now;
    struct ip4 other; /* the identifier of the other server, as last heard */
    shadow_found *found;
    void *context;
    struct shadow_counters counters;
    struct tally tally;
    struct dhcp4_scratch scratch, request_scratch;
    struct dhcp4_packet packet, request;
    struct explain explain;
    struct shadow_differences differences;
};

struct shadow *shadow_new(const struct config *config, struct instant now, shadow_found *found,
                          void *context)
{
    struct shadow *w = calloc(1, sizeof(*w));
    const uint8_t seed[32] = {0}; /* nothing that is drawn from it leaves this process */
    struct effects fx;

    ASSERT(w != NULL);
    w->config = *config;
    w->config.has_pair = false;
    w->config.ddns = NULL; /* what is learned is not told to the DNS */
    w->server = server_new(&w->config, ROLE_PRIMARY, NULL, 0);
    w->pending = pending_new();
    w->now = now;
    w->found = found;
    w->context = context;
    effects_init(&fx);
    server_start(w->server, now, seed, &fx);
    effects_deinit(&fx);
    return w;
}

void shadow_free(struct shadow *w)
{
    if (w == NULL)
        return;
    server_free(w->server);
    pending_free(w->pending);
    tally_deinit(&w->tally);
    free(w);
}

/* ---- judging ---- */

static void tell(struct shadow *w, const struct pending *p,
                 const struct shadow_difference *difference)
{
    struct shadow_finding finding = {
        .when = p->when, .xid = p->xid, .asked = p->type, .difference = *difference};
    uint8_t key[CLIENT_KEY_MAX];

    client_key_format(dhcp4_client_key(&w->request, key), finding.client,
                      sizeof(finding.client));
    tally_add(&w->tally, &finding);
    if (w->found != NULL)
        w->found(w->context, &finding);
}

/* Whom does the client speak to?  The server it names, if that is the one we watch. */
static struct ip4 addressed_server(const struct shadow *w, const struct dhcp4_packet *reply)
{
    const struct ip4 named = dhcp4_option_ip4(&w->request, OPTION_SERVER_IDENTIFIER);

    if (reply != NULL && dhcp4_has(reply, OPTION_SERVER_IDENTIFIER))
        return dhcp4_option_ip4(reply, OPTION_SERVER_IDENTIFIER);
    return named.value == 0 || ip4_equal(named, w->other) ? w->other : ip4(0);
}

/* RFC 2131 4.3.2: of a client that nobody has told us of we say nothing. */
static bool is_unlearned(const struct shadow *w, const struct dhcp4_packet *reply)
{
    return reply != NULL && !w->explain.has_reply && w->request.type == DHCP4_REQUEST &&
           reply->type == DHCP4_ACK && w->request.ciaddr.value == 0 &&
           !dhcp4_has(&w->request, OPTION_SERVER_IDENTIFIER);
}

static void judge(struct shadow *w, struct pending *p, const struct dhcp4_packet *reply)
{
    const struct ip4 server = addressed_server(w, reply);
    const struct datagram datagram = {
        .source = p->source,
        .destination = p->destination,
        .local = p->local.value != 0 ? p->local : server,
        .source_port = p->source_port,
        .interface = 1,
        .interface_name = p->interface[0] != '\0' ? p->interface : NULL,
        .payload = span_of(p->bytes, p->size),
    };

    explain_init(&w->explain);
    w->explain.identifier = server;
    server_explain(w->server, w->now, &datagram, &w->explain);
    p->done = true;
    if (is_unlearned(w, reply)) {
        w->counters.unlearned++;
        return;
    }
    shadow_compare(&w->config, reply, &w->explain, &w->differences);
    if (w->differences.count == 0)
        w->counters.agreed++;
    else
        w->counters.differed++;
    for (size_t i = 0; i < w->differences.count; i++)
        tell(w, p, &w->differences.items[i]);
}

/* The request that waits, decoded anew. */
static bool recall(struct shadow *w, const struct pending *p)
{
    return dhcp4_decode(span_of(p->bytes, p->size), &w->request_scratch, &w->request) ==
           DHCP4_DECODED;
}

/* ---- learning ---- */

/* A direct renewal is where the client was last heard through a relay, as with bind.c. */
static void learn_relay(const struct shadow *w, struct binding *b)
{
    const struct span info = w->request.option[OPTION_RELAY_AGENT_INFORMATION];

    if (w->request.giaddr.value != 0 && info.size > 0 && info.size <= RELAY_INFO_MAX)
        b->relay_info = info;
}

static void learn_lease(struct shadow *w, const struct dhcp4_packet *ack)
{
    struct binding b = lease_table_binding(server_leases(w->server), ack->yiaddr);
    const uint32_t seconds = dhcp4_option_u32(ack, OPTION_LEASE_TIME);
    uint8_t key[CLIENT_KEY_MAX];
    struct span client;

    if (ack->yiaddr.value == 0 || seconds == 0)
        return;
    client = dhcp4_client_key(&w->request, key);
    if (client.size <= 2)
        return; /* names nobody */
    if (!span_equal(b.client, client))
        b.host_name = b.relay_info = b.vendor_class = span_of(NULL, 0);
    b.client = client;
    learn_relay(w, &b);
    b.state = BINDING_ACTIVE;
    b.cltt = w->now;
    b.expires = instant_add_ms(w->now, (int64_t)seconds * 1000);
    b.htype = w->request.htype;
    b.hlen = w->request.hlen;
    memcpy(b.chaddr, w->request.chaddr, sizeof(b.chaddr));
    server_learn(w->server, w->now, &b);
    w->counters.learned++;
}

/* A release or decline, which nobody answers. */
static void learn_end(struct shadow *w)
{
    const struct dhcp4_packet *p = &w->packet;
    const bool released = p->type == DHCP4_RELEASE;
    const struct ip4 address =
        released ? p->ciaddr : dhcp4_option_ip4(p, OPTION_REQUESTED_ADDRESS);
    struct binding b = lease_table_binding(server_leases(w->server), address);
    uint8_t key[CLIENT_KEY_MAX];

    if (b.state != BINDING_ACTIVE || !span_equal(b.client, dhcp4_client_key(p, key)))
        return;
    b.state = released ? BINDING_FREE : BINDING_ABANDONED;
    b.cltt = w->now;
    b.expires = instant_add_ms(w->now, released ? 0 : w->config.abandon_ms);
    server_learn(w->server, w->now, &b);
}

/* ---- what is seen ---- */

static unsigned requests_answered_by(const struct dhcp4_packet *reply)
{
    switch (reply->type) {
    case DHCP4_OFFER:
        return BIT(DHCP4_DISCOVER);
    case DHCP4_ACK: /* of a DISCOVER with rapid commit (RFC 4039) */
        return BIT(DHCP4_REQUEST) | BIT(DHCP4_INFORM) | BIT(DHCP4_DISCOVER);
    case DHCP4_NAK:
        return BIT(DHCP4_REQUEST);
    default:
        return 0;
    }
}

static void see_reply(struct shadow *w)
{
    struct pending *p = pending_find(w->pending, &w->packet, requests_answered_by(&w->packet));

    w->counters.replies++;
    if (dhcp4_has(&w->packet, OPTION_SERVER_IDENTIFIER))
        w->other = dhcp4_option_ip4(&w->packet, OPTION_SERVER_IDENTIFIER);
    if (p == NULL) {
        w->counters.unmatched++;
        return;
    }
    if (!recall(w, p))
        UNREACHABLE("it has been decoded before it was kept");
    judge(w, p, &w->packet);
    if (w->packet.type == DHCP4_ACK && p->type != DHCP4_INFORM)
        learn_lease(w, &w->packet);
}

static void keep(struct shadow *w, const struct shadow_packet *packet)
{
    struct pending *p;

    if (packet->payload.size > sizeof(p->bytes)) {
        w->counters.passed++;
        return;
    }
    if (pending_is_full(w->pending)) {
        pending_oldest(w->pending)->done = true;
        (void)pending_oldest(w->pending);
        w->counters.passed++;
    }
    p = pending_add(w->pending, &w->packet);
    p->when = w->now;
    p->source = packet->source;
    p->destination = packet->destination;
    p->source_port = packet->source_port;
    p->local = packet->local;
    if (packet->interface_name != NULL)
        snprintf(p->interface, sizeof(p->interface), "%s", packet->interface_name);
    p->size = (uint16_t)packet->payload.size;
    memcpy(p->bytes, packet->payload.data, packet->payload.size);
}

static void see_request(struct shadow *w, const struct shadow_packet *packet)
{
    w->counters.requests++;
    switch (w->packet.type) {
    case DHCP4_DISCOVER:
    case DHCP4_REQUEST:
    case DHCP4_INFORM:
        if (pending_find(w->pending, &w->packet, BIT(w->packet.type)) != NULL)
            w->counters.repeated++;
        else
            keep(w, packet);
        break;
    case DHCP4_RELEASE:
    case DHCP4_DECLINE:
        learn_end(w);
        break;
    default:
        break; /* BOOTP, and what servers alone ask each other */
    }
}

void shadow_see(struct shadow *w, struct instant now, const struct shadow_packet *packet)
{
    shadow_tick(w, now);
    if (dhcp4_decode(packet->payload, &w->scratch, &w->packet) != DHCP4_DECODED)
        w->counters.malformed++;
    else if (w->packet.op == DHCP4_BOOTREPLY)
        see_reply(w);
    else
        see_request(w, packet);
}

void shadow_tick(struct shadow *w, struct instant now)
{
    struct pending *p;

    w->now = instant_later(w->now, now);
    server_learn_time(w->server, w->now);
    while ((p = pending_oldest(w->pending)) != NULL &&
           w->now.ms - p->when.ms >= PENDING_WAIT_MS) {
        if (!recall(w, p))
            UNREACHABLE("it has been decoded before it was kept");
        judge(w, p, NULL);
    }
}

struct shadow_counters shadow_counters(const struct shadow *w)
{
    return w->counters;
}

const struct tally *shadow_tally(const struct shadow *w)
{
    return &w->tally;
}
