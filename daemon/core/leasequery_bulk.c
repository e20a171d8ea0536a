/* daemon/core/leasequery_bulk.c - many leases in one query (RFC 6926).
 *
 * A query walks the table as it lies in memory, some entries at a time, so that no connection
 * holds up a client; what changes behind its back is told as it is when it is come by.
 * Addresses of which there is no record are not told. */
#include "daemon/core/server_internal.h"

#define LOOKED_AT_MAX 512 /* entries in one go */

enum {
    SUBOPTION_REMOTE_ID = 2,
    SUBOPTION_RELAY_ID = 12,
    STATUS_NOT_ALLOWED = 4,
    STATE_AVAILABLE = 1,
    STATE_ACTIVE = 2,
    STATE_EXPIRED = 3,
    STATE_RELEASED = 4,
    STATE_ABANDONED = 5,
    SOURCE_REMOTE = 1,
};

static uint8_t state_of(const struct server *s, const struct binding *b)
{
    switch (b->state) {
    case BINDING_ACTIVE:
        return leasequery_is_active(s, b) ? STATE_ACTIVE : STATE_EXPIRED;
    case BINDING_RELEASED:
        return STATE_RELEASED;
    case BINDING_ABANDONED:
        return STATE_ABANDONED;
    case BINDING_FREE:
        break;
    }
    return STATE_AVAILABLE;
}

static void keep(struct bulk_query *query, enum bulk_kind kind, struct span bytes)
{
    query->kind = kind;
    query->key_size = bytes.size < sizeof(query->key) ? bytes.size : sizeof(query->key);
    memcpy(query->key, bytes.data, query->key_size);
}

static void read_kind(const struct dhcp4_packet *p, struct bulk_query *query)
{
    const struct span remote = dhcp4_relay_suboption(p, SUBOPTION_REMOTE_ID);
    const struct span relay = dhcp4_relay_suboption(p, SUBOPTION_RELAY_ID);

    if (p->ciaddr.value != 0) {
        query->kind = BULK_ADDRESS;
        query->address = p->ciaddr;
    } else if (p->hlen > 0) {
        keep(query, BULK_HARDWARE, span_of(p->chaddr, p->hlen));
        query->code = p->htype;
    } else if (dhcp4_has(p, OPTION_CLIENT_IDENTIFIER)) {
        query->kind = BULK_CLIENT;
        query->key_size = dhcp4_client_key(p, query->key).size;
    } else if (remote.data != NULL && remote.size > 0) {
        keep(query, BULK_RELAY, remote);
        query->code = SUBOPTION_REMOTE_ID;
    } else if (relay.data != NULL && relay.size > 0) {
        keep(query, BULK_RELAY, relay);
        query->code = SUBOPTION_RELAY_ID;
    }
}

bool server_bulk_begin(struct server *s, struct instant now, struct span message,
                       struct bulk_query *query)
{
    const enum dhcp4_decode decoded = dhcp4_decode(message, &s->scratch, &s->packet);
    const struct dhcp4_packet *p = &s->packet;
    const struct span wanted = p->option[OPTION_PARAMETER_REQUEST_LIST];

    (void)now;
    ASSERT(!query->running);
    if (decoded != DHCP4_DECODED) {
        s->counters.malformed[decoded]++;
        return false;
    }
    if (p->op != DHCP4_BOOTREQUEST || p->type != DHCP4_BULKLEASEQUERY) {
        s->counters.queries_refused++;
        return false;
    }
    s->counters.received[DHCP4_BULKLEASEQUERY]++;
    *query = (struct bulk_query){.running = true, .xid = p->xid};
    read_kind(p, query);
    query->from = dhcp4_option_u32(p, OPTION_QUERY_START_TIME);
    query->until = dhcp4_option_u32(p, OPTION_QUERY_END_TIME);
    if (wanted.size > 0 && wanted.size <= sizeof(query->wanted)) {
        memcpy(query->wanted, wanted.data, wanted.size);
        query->wanted_count = wanted.size;
    }
    /* A peer that cannot tell what is true now says so. */
    if (s->store_failed ||
        (!s->alone && (s->fo.state == FO_STARTUP || failover_is_recovering(&s->fo))))
        query->status = STATUS_NOT_ALLOWED;
    lease_table_walk_begin(s->leases, &query->walk);
    return true;
}

static bool is_wanted_kind(const struct bulk_query *query, const struct binding *b)
{
    const struct span key = span_of(query->key, query->key_size);

    switch (query->kind) {
    case BULK_ALL:
        return true;
    case BULK_ADDRESS:
        return ip4_equal(b->address, query->address);
    case BULK_CLIENT:
        return span_equal(b->client, key);
    case BULK_HARDWARE:
        return b->htype == query->code && span_equal(span_of(b->chaddr, b->hlen), key);
    case BULK_RELAY:
        return span_equal(dhcp4_suboption(b->relay_info, query->code), key);
    }
    return false;
}

static bool is_wanted(const struct server *s, const struct bulk_query *query,
                      const struct binding *b)
{
    const int64_t changed_s = b->version.ms / 1000;

    return b->version.ms != 0 && leasequery_is_ours(s, b->address) &&
           is_wanted_kind(query, b) && (query->from == 0 || changed_s >= query->from) &&
           (query->until == 0 || changed_s <= query->until);
}

/* The finished message after its size. */
static size_t finish(struct server *s, enum dhcp4_type type, uint8_t *out)
{
    const size_t size = dhcp4_writer_finish(&s->writer, out + 2, DHCP4_MAX_SIZE);

    out[0] = (uint8_t)(size >> 8);
    out[1] = (uint8_t)size;
    s->counters.sent[type]++;
    return 2 + size;
}

static void begin(struct server *s, struct dhcp4_reply_header header, enum dhcp4_type type,
                  struct bulk_query *query)
{
    header.xid = query->xid;
    dhcp4_writer_init(&s->writer, &header, UINT16_MAX);
    dhcp4_writer_add_u8(&s->writer, OPTION_MESSAGE_TYPE, (uint8_t)type);
    if (!query->told_base && type != DHCP4_LEASEQUERYDONE)
        dhcp4_writer_add_u32(&s->writer, OPTION_BASE_TIME, (uint32_t)(s->now.ms / 1000));
    query->told_base = true;
}

static size_t tell(struct server *s, struct bulk_query *query, const struct binding *b,
                   uint8_t *out)
{
    const uint8_t state = state_of(s, b);
    const enum dhcp4_type type =
        state == STATE_ACTIVE ? DHCP4_LEASEACTIVE : DHCP4_LEASEUNASSIGNED;
    const bool remote = !s->alone && b->version.writer != s->self;

    begin(s, leasequery_header(b), type, query);
    leasequery_describe(s, b, span_of(query->wanted, query->wanted_count));
    dhcp4_writer_add_u8(&s->writer, OPTION_DHCP_STATE, state);
    /* Of an active lease the record remembers the last renewal, not the beginning. */
    if (b->state != BINDING_ACTIVE && s->now.ms >= b->version.ms)
        dhcp4_writer_add_u32(&s->writer, OPTION_START_TIME_OF_STATE,
                             (uint32_t)((s->now.ms - b->version.ms) / 1000));
    dhcp4_writer_add_u8(&s->writer, OPTION_DATA_SOURCE, remote ? SOURCE_REMOTE : 0);
    return finish(s, type, out);
}

static size_t end(struct server *s, struct bulk_query *query, uint8_t *out)
{
    begin(s, (struct dhcp4_reply_header){.xid = 0}, DHCP4_LEASEQUERYDONE, query);
    if (query->status != 0)
        dhcp4_writer_add(&s->writer, OPTION_STATUS_CODE, span_of(&query->status, 1));
    query->running = false;
    return finish(s, DHCP4_LEASEQUERYDONE, out);
}

/* The next record to look at; of one address there is one. */
static const struct lease *next(struct server *s, struct bulk_query *query)
{
    if (query->status != 0)
        return NULL;
    if (query->kind != BULK_ADDRESS)
        return lease_table_walk_next(s->leases, &query->walk);
    if (query->walk.next == query->walk.end)
        return NULL;
    query->walk.next = query->walk.end;
    return lease_table_find(s->leases, query->address);
}

size_t server_bulk_next(struct server *s, struct instant now, struct bulk_query *query,
                        uint8_t *out, size_t capacity)
{
    size_t used = 0;

    ASSERT(query->running && capacity >= BULK_ROOM);
    if (instant_before(s->now, now))
        s->now = now;
    for (size_t i = 0; i < LOOKED_AT_MAX && capacity - used >= BULK_ROOM; i++) {
        const struct lease *lease = next(s, query);
        struct binding b;

        if (lease == NULL)
            return used + end(s, query, out + used);
        b = lease_binding_of(lease);
        if (is_wanted(s, query, &b))
            used += tell(s, query, &b, out + used);
    }
    return used;
}
