/* daemon/core/reply.c - composing replies and saying where they go (RFC 2131 4.1 and table 3).
 */
#include "daemon/core/server_internal.h"

#define HTYPE_ETHERNET    1
#define RELAY_SOURCE_PORT 19 /* RFC 8357 */

uint16_t reply_relay_port(const struct dhcp4_packet *p, const struct datagram *datagram)
{
    return dhcp4_relay_suboption(p, RELAY_SOURCE_PORT).data != NULL ? datagram->source_port
                                                                    : DHCP4_SERVER_PORT;
}

/* RFC 2131 4.1: the relay; the address the client has; broadcast; the frame. */
static void address_reply(const struct request *r, enum dhcp4_type type, struct ip4 yiaddr,
                          struct reply *reply)
{
    const struct dhcp4_packet *p = r->packet;

    *reply = (struct reply){.interface = r->datagram->interface,
                            .source = r->source,
                            .port = DHCP4_CLIENT_PORT,
                            .hlen = p->hlen};
    memcpy(reply->chaddr, p->chaddr, sizeof(reply->chaddr));
    if (p->giaddr.value != 0) {
        reply->way = REPLY_UDP;
        reply->interface = 0;
        reply->address = p->giaddr;
        reply->port = reply_relay_port(p, r->datagram);
    } else if (type == DHCP4_NAK) {
        reply->way = REPLY_BROADCAST;
        reply->address = ip4(UINT32_MAX);
    } else if (p->ciaddr.value != 0) {
        reply->way = REPLY_UDP;
        reply->interface = 0;
        reply->address = p->ciaddr;
    } else if ((p->flags & DHCP4_FLAG_BROADCAST) != 0 || p->htype != HTYPE_ETHERNET ||
               p->hlen != 6 || yiaddr.value == 0) {
        reply->way = REPLY_BROADCAST;
        reply->address = ip4(UINT32_MAX);
    } else {
        reply->way = REPLY_FRAME;
        reply->address = yiaddr;
    }
}

static struct dhcp4_reply_header header_of(const struct request *r)
{
    const struct dhcp4_packet *p = r->packet;
    struct dhcp4_reply_header header = {.htype = p->htype,
                                        .hlen = p->hlen,
                                        .xid = p->xid,
                                        .flags = p->flags,
                                        .giaddr = p->giaddr};

    memcpy(header.chaddr, p->chaddr, sizeof(header.chaddr));
    return header;
}

static void add_relay_info(struct server *s, const struct request *r)
{
    const struct dhcp4_packet *p = r->packet;

    if (p->giaddr.value != 0 && dhcp4_has(p, OPTION_RELAY_AGENT_INFORMATION))
        s->writer.relay_info = p->option[OPTION_RELAY_AGENT_INFORMATION];
}

/* What every reply carries: type and server identifier first, the client identifier as sent
 * (RFC 6842)
 * unless that is turned off, option 82 unchanged and last (RFC 3046 2.2). */
static void begin(struct server *s, const struct request *r,
                  const struct dhcp4_reply_header *header, enum dhcp4_type type)
{
    const struct dhcp4_packet *p = r->packet;

    dhcp4_writer_init(&s->writer, header, dhcp4_option_u16(p, OPTION_MAX_MESSAGE_SIZE));
    dhcp4_writer_add_u8(&s->writer, OPTION_MESSAGE_TYPE, (uint8_t)type);
    dhcp4_writer_add_ip4(&s->writer, OPTION_SERVER_IDENTIFIER, r->identifier);
    if (dhcp4_has(p, OPTION_CLIENT_IDENTIFIER) &&
        r->subnet->effective->care.echo_client_id != CONFIG_FLAG_NO)
        dhcp4_writer_add(&s->writer, OPTION_CLIENT_IDENTIFIER,
                         p->option[OPTION_CLIENT_IDENTIFIER]);
    add_relay_info(s, r);
}

static void add_boot_fields(const struct levels *levels, struct dhcp4_reply_header *header)
{
    const struct config_boot boot = options_boot(levels);

    header->siaddr = boot.next_server;
    header->sname = boot.server_name;
    header->file = boot.boot_file_name;
}

static void add_times(struct server *s, const struct levels *levels,
                      const struct dhcp4_lease_times *times)
{
    dhcp4_writer_add_u32(&s->writer, OPTION_LEASE_TIME, times->lease);
    if (!options_never(levels, OPTION_RENEWAL_TIME))
        dhcp4_writer_add_u32(&s->writer, OPTION_RENEWAL_TIME, times->renewal);
    if (!options_never(levels, OPTION_REBINDING_TIME))
        dhcp4_writer_add_u32(&s->writer, OPTION_REBINDING_TIME, times->rebinding);
}

/* `yiaddr` may be 0.0.0.0. */
static struct lease_shares compose(struct server *s, const struct request *r,
                                   enum dhcp4_type type, struct ip4 yiaddr,
                                   const struct levels *levels, uint32_t seconds,
                                   struct reply *reply, uint8_t packet[static DHCP4_MAX_SIZE])
{
    const struct lease_shares shares = select_shares(levels);
    const struct dhcp4_lease_times times = times_of(&shares, seconds);
    struct dhcp4_reply_header header = header_of(r);
    size_t size;

    header.yiaddr = yiaddr;
    if (type == DHCP4_ACK)
        header.ciaddr = r->packet->ciaddr;
    add_boot_fields(levels, &header);
    if (EXPLAINS(s))
        explain_boot(s, levels);
    begin(s, r, &header, type);
    add_times(s, levels, &times);
    if (type == DHCP4_ACK && r->packet->type == DHCP4_DISCOVER)
        dhcp4_writer_add(&s->writer, OPTION_RAPID_COMMIT, span_of(NULL, 0)); /* RFC 4039 */
    options_add(s, r, levels);
    if (levels->subnet->names != NULL && yiaddr.value != 0 &&
        !options_never(levels, OPTION_CLIENT_FQDN))
        names_add_fqdn(s, r, levels);
    size = dhcp4_writer_finish(&s->writer, packet, DHCP4_MAX_SIZE);
    if (EXPLAINS(s))
        explain_dropped(s);
    address_reply(r, type, yiaddr, reply);
    reply->packet = span_of(packet, size);
    return shares;
}

struct lease_shares reply_lease(struct server *s, const struct request *r, enum dhcp4_type type,
                                struct ip4 address, uint32_t seconds, struct reply *reply,
                                uint8_t packet[static DHCP4_MAX_SIZE])
{
    const struct levels levels = select_levels(s, r, address);

    return compose(s, r, type, address, &levels, seconds, reply, packet);
}

void reply_no_address(struct server *s, const struct request *r, struct ip4 place,
                      struct effects *fx)
{
    const struct levels levels = select_levels(s, r, place);
    uint8_t packet[DHCP4_MAX_SIZE];
    struct reply reply;

    /* Clients drop an offer without a lease time, whatever it offers (RFC 2131, table 3). */
    (void)compose(s, r, DHCP4_OFFER, ip4(0), &levels, select_lease_seconds(s, r, place), &reply,
                  packet);
    reply_send(s, &reply, DHCP4_OFFER, fx);
}

/* RFC 1534: what DHCP adds is not for it.  It reads what is as long as what it sent. */
void reply_bootp(struct server *s, const struct request *r, struct ip4 address,
                 struct reply *reply, uint8_t packet[static DHCP4_MAX_SIZE])
{
    const struct levels levels = select_levels(s, r, address);
    struct dhcp4_reply_header header = header_of(r);

    header.yiaddr = address;
    header.ciaddr = r->packet->ciaddr;
    add_boot_fields(&levels, &header);
    dhcp4_writer_init_bootp(&s->writer, &header, r->datagram->payload.size);
    add_relay_info(s, r);
    options_add(s, r, &levels);
    address_reply(r, DHCP4_ACK, address, reply);
    reply->packet = span_of(packet, dhcp4_writer_finish(&s->writer, packet, DHCP4_MAX_SIZE));
}

void reply_send(struct server *s, const struct reply *reply, enum dhcp4_type type,
                struct effects *fx)
{
    struct effect *effect;
    uint8_t *copy;

    if (EXPLAINS(s)) {
        explain_reply(s->explain, reply);
        return;
    }
    effect = effects_add(fx, EFFECT_REPLY);
    copy = effects_alloc(fx, reply->packet.size);
    memcpy(copy, reply->packet.data, reply->packet.size);
    effect->reply = *reply;
    effect->reply.packet = span_of(copy, reply->packet.size);
    s->counters.sent[type]++;
}

void reply_inform(struct server *s, const struct request *r, struct effects *fx)
{
    const struct ip4 ciaddr = r->packet->ciaddr;
    const struct levels levels = select_levels(s, r, ciaddr);
    struct dhcp4_reply_header header = header_of(r);
    uint8_t packet[DHCP4_MAX_SIZE];
    struct reply reply;

    /* RFC 2131 4.3.5: no lease time, no yiaddr. */
    header.ciaddr = ciaddr;
    add_boot_fields(&levels, &header);
    begin(s, r, &header, DHCP4_ACK);
    options_add(s, r, &levels);
    address_reply(r, DHCP4_ACK, ip4(0), &reply);
    reply.packet = span_of(packet, dhcp4_writer_finish(&s->writer, packet, DHCP4_MAX_SIZE));
    reply_send(s, &reply, DHCP4_ACK, fx);
}

void reply_nak(struct server *s, const struct request *r, const char *reason,
               struct effects *fx)
{
    struct dhcp4_reply_header header = header_of(r);
    uint8_t packet[DHCP4_MAX_SIZE];
    struct reply reply;

    /* RFC 2131 4.3.2: through a relay the client must hear it without an address. */
    if (header.giaddr.value != 0)
        header.flags |= DHCP4_FLAG_BROADCAST;
    begin(s, r, &header, DHCP4_NAK);
    dhcp4_writer_add(&s->writer, OPTION_MESSAGE, span_of(reason, strlen(reason)));
    address_reply(r, DHCP4_NAK, ip4(0), &reply);
    reply.packet = span_of(packet, dhcp4_writer_finish(&s->writer, packet, DHCP4_MAX_SIZE));
    reply_send(s, &reply, DHCP4_NAK, fx);
}
