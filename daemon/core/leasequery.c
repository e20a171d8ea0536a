/* daemon/core/leasequery.c - DHCPLEASEQUERY: which client has which address (RFC 4388).
 *
 * Both peers hold all bindings, so either answers whoever asks it. */
#include "daemon/core/server_internal.h"

#define ADDRESSES_OF_CLIENT 63 /* as many as option 92 has room for */

bool leasequery_is_active(const struct server *s, const struct binding *b)
{
    return b->state == BINDING_ACTIVE && instant_before(s->now, b->expires);
}

bool leasequery_is_ours(const struct server *s, struct ip4 address)
{
    return config_pool_of(s->config, address) != NULL || reservation_at(s, address) != NULL;
}

bool server_may_query(const struct server *s, struct ip4 host)
{
    const struct config_leasequery *query = &s->config->leasequery;

    for (size_t i = 0; i < query->allow_count; i++) {
        if (host.value >= query->allow[i].first.value &&
            host.value <= query->allow[i].last.value)
            return true;
    }
    return false;
}

static uint32_t seconds_between(struct instant from, struct instant until)
{
    const int64_t ms = until.ms - from.ms;

    if (ms <= 0)
        return 0;
    return ms / 1000 > UINT32_MAX - 1 ? UINT32_MAX - 1 : (uint32_t)(ms / 1000);
}

struct dhcp4_reply_header leasequery_header(const struct binding *b)
{
    struct dhcp4_reply_header header = {
        .htype = b->htype, .hlen = b->hlen, .ciaddr = b->address};

    memcpy(header.chaddr, b->chaddr, sizeof(header.chaddr));
    return header;
}

static bool is_wanted(struct span wanted, uint8_t code)
{
    return wanted.size > 0 && memchr(wanted.data, code, wanted.size) != NULL;
}

static void add_if_wanted(struct server *s, struct span wanted, uint8_t code, struct span value)
{
    if (value.size > 0 && is_wanted(wanted, code))
        dhcp4_writer_add(&s->writer, code, value);
}

/* RFC 4388 6.4.2: the identifier and the times always, what the client said when asked for.
 */
void leasequery_describe(struct server *s, const struct binding *b, struct span wanted)
{
    if (b->client.size > 1 && b->client.data[0] == KEY_CLIENT_IDENTIFIER)
        dhcp4_writer_add(&s->writer, OPTION_CLIENT_IDENTIFIER,
                         span_of(b->client.data + 1, b->client.size - 1));
    if (leasequery_is_active(s, b))
        dhcp4_writer_add_u32(&s->writer, OPTION_LEASE_TIME,
                             lease_seconds_of(s, b->expires.ms - s->now.ms));
    dhcp4_writer_add_u32(&s->writer, OPTION_CLIENT_LAST_TRANSACTION_TIME,
                         seconds_between(b->cltt, s->now));
    add_if_wanted(s, wanted, OPTION_HOST_NAME, b->host_name);
    add_if_wanted(s, wanted, OPTION_VENDOR_CLASS_IDENTIFIER, b->vendor_class);
    if (is_wanted(wanted, OPTION_RELAY_AGENT_INFORMATION))
        s->writer.relay_info = b->relay_info;
}

/* ---- what is asked for ---- */

/* All leases of one client: the one heard of last, and the addresses of all. */
struct found {
    struct binding last;
    uint8_t addresses[4 * ADDRESSES_OF_CLIENT];
    size_t count;
};

static void note(const struct server *s, const struct lease *lease, struct found *found)
{
    const struct binding b = lease_binding_of(lease);
    const uint32_t a = b.address.value;

    if (!leasequery_is_active(s, &b) || found->count == ADDRESSES_OF_CLIENT)
        return;
    if (found->count == 0 || instant_before(found->last.cltt, b.cltt))
        found->last = b;
    memcpy(found->addresses + 4 * found->count++,
           (uint8_t[]){(uint8_t)(a >> 24), (uint8_t)(a >> 16), (uint8_t)(a >> 8), (uint8_t)a},
           4);
}

static void find_of_client(struct server *s, struct found *found)
{
    uint8_t bytes[CLIENT_KEY_MAX];
    const struct span key = dhcp4_client_key(&s->packet, bytes);

    found->count = 0;
    for (const struct lease *lease = NULL;
         (lease = lease_table_next_of_client(s->leases, key, lease)) != NULL;)
        note(s, lease, found);
}

static void find_of_hardware(struct server *s, struct found *found)
{
    const struct span chaddr = span_of(s->packet.chaddr, s->packet.hlen);

    found->count = 0;
    for (const struct lease *lease = NULL;
         (lease = lease_table_next_of_hardware(s->leases, s->packet.htype, chaddr, lease)) !=
         NULL;)
        note(s, lease, found);
}

/* ---- the answer ---- */

static void answer(struct server *s, const struct datagram *datagram, enum dhcp4_type type,
                   const struct found *found, struct effects *fx)
{
    const struct dhcp4_packet *p = &s->packet;
    const struct ip4 source = select_source(s, datagram);
    struct dhcp4_reply_header header = {
        .htype = p->htype, .hlen = p->hlen, .ciaddr = p->ciaddr};
    struct reply reply = {.way = REPLY_UDP,
                          .source = source,
                          .address = p->giaddr,
                          .port = reply_relay_port(p, datagram)};
    uint8_t packet[DHCP4_MAX_SIZE];

    memcpy(header.chaddr, p->chaddr, sizeof(header.chaddr));
    if (type == DHCP4_LEASEACTIVE)
        header = leasequery_header(&found->last);
    header.xid = p->xid;
    header.flags = p->flags;
    header.giaddr = p->giaddr;
    dhcp4_writer_init(&s->writer, &header, dhcp4_option_u16(p, OPTION_MAX_MESSAGE_SIZE));
    dhcp4_writer_add_u8(&s->writer, OPTION_MESSAGE_TYPE, (uint8_t)type);
    dhcp4_writer_add_ip4(&s->writer, OPTION_SERVER_IDENTIFIER, source);
    if (type == DHCP4_LEASEACTIVE) {
        leasequery_describe(s, &found->last, p->option[OPTION_PARAMETER_REQUEST_LIST]);
        if (found->count > 1)
            dhcp4_writer_add(&s->writer, OPTION_ASSOCIATED_IP,
                             span_of(found->addresses, 4 * found->count));
    }
    reply.packet = span_of(packet, dhcp4_writer_finish(&s->writer, packet, DHCP4_MAX_SIZE));
    CONCLUDE(s, EXPLAIN_TELLS, "a leasequery of %s", IP(s, p->giaddr));
    reply_send(s, &reply, type, fx);
}

/* By address, by identifier or by hardware address: the first that is there (RFC 4388 6.2 has
 * one alone). */
void leasequery_receive(struct server *s, const struct datagram *datagram, struct effects *fx)
{
    const struct dhcp4_packet *p = &s->packet;
    struct found found = {.count = 0};

    if (p->giaddr.value == 0 || !server_may_query(s, p->giaddr)) {
        s->counters.queries_refused++;
        CONCLUDE(s, EXPLAIN_SILENT, "a leasequery of %s, whom leasequery.allow does not name",
                 IP(s, p->giaddr));
        return;
    }
    if (p->ciaddr.value != 0) {
        found.last = lease_table_binding(s->leases, p->ciaddr);
        if (leasequery_is_active(s, &found.last))
            answer(s, datagram, DHCP4_LEASEACTIVE, &found, fx);
        else
            answer(s, datagram,
                   leasequery_is_ours(s, p->ciaddr) ? DHCP4_LEASEUNASSIGNED
                                                    : DHCP4_LEASEUNKNOWN,
                   NULL, fx);
        return;
    }
    if (dhcp4_has(p, OPTION_CLIENT_IDENTIFIER)) {
        find_of_client(s, &found);
    } else if (p->hlen > 0) {
        find_of_hardware(s, &found);
    } else {
        s->counters.queries_refused++; /* asks for nothing */
        CONCLUDE(s, EXPLAIN_SILENT, "a leasequery for nothing");
        return;
    }
    answer(s, datagram, found.count > 0 ? DHCP4_LEASEACTIVE : DHCP4_LEASEUNKNOWN, &found, fx);
}
