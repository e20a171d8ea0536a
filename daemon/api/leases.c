/* daemon/api/leases.c - see leases.h */
#include "daemon/api/leases.h"

#include <strings.h>

#include "daemon/api/names.h"
#include "proto/dhcp4.h"

/* Text a client sent, null when it sent none. */
static void render_sent_text(struct writer *out, const char *key, struct span text)
{
    if (text.size == 0)
        writer_null(out, key);
    else
        writer_bytes(out, key, text);
}

void render_lease(struct writer *out, const struct lease *lease, const struct config *config,
                  struct instant now)
{
    const struct binding record = lease_binding_of(lease), *b = &record;
    const struct config_subnet *subnet = config_subnet_of(config, b->address);

    writer_open(out, NULL, '{');
    writer_ip4(out, "address", b->address);
    writer_text(out, "subnet", subnet == NULL ? NULL : subnet->text);
    writer_text(out, "state", binding_state_name(b->state));
    writer_client(out, "client", b->client);
    writer_hex(out, "hw_address", span_of(b->chaddr, b->hlen));
    render_sent_text(out, "host_name", b->host_name);
    writer_instant(out, "last_heard", b->cltt);
    writer_instant(out, "expires", b->expires);
    if (b->expires.ms == 0 || instant_is_never(b->expires))
        writer_null(out, "expires_in_seconds");
    else
        writer_int(out, "expires_in_seconds", (b->expires.ms - now.ms) / 1000);
    writer_client(out, "reserved_for", b->reserved);
    writer_hex(out, "relay_info", b->relay_info);
    render_sent_text(out, "vendor_class", b->vendor_class);
    render_lease_names(out, b->names);
    if (config->has_pair) {
        writer_text(out, "owner", role_name(b->owner));
        writer_text(out, "written_by", role_name(b->version.writer));
        writer_instant(out, "written", instant_ms(b->version.ms));
        writer_instant(out, "partner_holds_until", lease->acked_expires);
        writer_uint(out, "term", b->term);
    }
    writer_close(out, '}');
}

static bool is_client(const struct binding *b, const struct lease_query *query)
{
    char text[3 * CLIENT_KEY_MAX + 16];

    if (b->client.size == 0)
        return false;
    if (query->hw_address_size > 0 &&
        span_equal(span_of(b->chaddr, b->hlen),
                   span_of(query->hw_address, query->hw_address_size)))
        return true;
    return strcasecmp(query->client, client_key_format(b->client, text, sizeof(text))) == 0;
}

static bool matches(const struct lease *lease, const struct lease_query *query)
{
    struct binding b;

    if ((query->states & 1u << lease->binding.state) == 0)
        return false;
    if (query->client == NULL)
        return true;
    b = lease_binding_of(lease);
    return is_client(&b, query);
}

void lease_snapshot_free(struct lease_snapshot *snapshot)
{
    if (snapshot->taken)
        lease_table_list_end(&snapshot->list);
    *snapshot = (struct lease_snapshot){.taken = false};
}

static void take_snapshot(struct lease_snapshot *snapshot, struct lease_table *table,
                          bool next_page, struct instant now)
{
    if (snapshot->taken && (snapshot->list.count == lease_table_size(table) ||
                            (next_page && now.ms - snapshot->when.ms < LEASE_SNAPSHOT_MS)))
        return;
    lease_snapshot_free(snapshot);
    lease_table_list_begin(table, &snapshot->list);
    snapshot->taken = true;
    snapshot->when = now;
}

/* Begin at `first`: the addresses are in ascending order. */
static void skip_to(struct lease_list *list, struct ip4 first)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->addresses[middle] < first.value)
            low = middle + 1;
        else
            high = middle;
    }
    list->next = low;
}

/* Where the reading of a range stands. */
struct reading {
    struct lease_table *table;
    struct lease_list *list; /* NULL: the range is so small that each address is looked up */
    uint64_t next;           /* without a list: the address to look up */
    uint32_t last;
    size_t looked_at;
};

/* The next entry of the range, matching or not; NULL at its end. */
static const struct lease *read_next(struct reading *reading)
{
    if (reading->list != NULL) {
        const struct lease *lease = lease_table_list_next(reading->table, reading->list);
        reading->looked_at++;
        return lease == NULL || lease->binding.address.value > reading->last ? NULL : lease;
    }
    while (reading->next <= reading->last) {
        const struct lease *lease =
            lease_table_find(reading->table, ip4((uint32_t)reading->next++));
        /* An address only offered so far may have an entry that nobody wrote. */
        if (lease != NULL && lease->binding.version_ms != 0)
            return lease;
    }
    return NULL;
}

/* Write the leases of one page; true when there may be more after `end`. */
static bool render_page(struct writer *out, struct reading *reading,
                        const struct config *config, const struct lease_query *query,
                        struct instant now, struct ip4 *end)
{
    const size_t before = out->size;
    const struct lease *lease;
    size_t listed = 0;

    while ((lease = read_next(reading)) != NULL) {
        if (listed == query->limit || reading->looked_at > LEASES_LOOKED_AT_MAX ||
            out->size - before > LEASES_PAGE_BYTES)
            return true;
        *end = lease->binding.address;
        if (matches(lease, query)) {
            render_lease(out, lease, config, now);
            listed++;
        }
    }
    return false;
}

void render_leases(struct writer *out, struct lease_table *table,
                   struct lease_snapshot *snapshot, const struct config *config,
                   const struct lease_query *query, struct instant now)
{
    const struct ip4_range range = query->range;
    struct reading reading = {
        .table = table,
        .next = range.first.value,
        .last = range.last.value,
    };
    struct ip4 end = range.first;
    bool more = false;

    writer_open(out, NULL, '{');
    writer_open(out, "leases", '[');
    if (!query->none) {
        if (range.last.value - range.first.value >= LEASES_LOOKED_AT_MAX) {
            take_snapshot(snapshot, table, query->next_page, now);
            skip_to(&snapshot->list, range.first);
            reading.list = &snapshot->list;
        }
        more = render_page(out, &reading, config, query, now, &end);
    }
    writer_close(out, ']');
    if (more)
        writer_ip4(out, "next", end);
    else
        writer_null(out, "next");
    writer_close(out, '}');
}
