/* daemon/lease/hardware.c - entries by the hardware address of their client, for who asks for
 * leases by it (RFC 4388).  Kept only where the configuration lets somebody ask. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"

struct hardware {
    uint8_t bytes[1 + 16]; /* htype, chaddr */
    size_t size;
};

static struct hardware hardware_of(const struct entry *entry)
{
    const struct lease_binding *b = &entry->lease.binding;
    struct hardware hardware = {.size = (size_t)b->hlen + 1};

    hardware.bytes[0] = b->htype;
    lease_hardware_copy(b, hardware.bytes + 1);
    return hardware;
}

static uint32_t hash_hardware(struct span hardware)
{
    return (uint32_t)XXH3_64bits(hardware.data, hardware.size);
}

static uint32_t hash_entry(const struct lease_table *table, uint32_t index)
{
    const struct hardware hardware = hardware_of(lease_entry(table, index));

    return hash_hardware(span_of(hardware.bytes, hardware.size));
}

static uint32_t *next_entry(const struct lease_table *table, uint32_t index)
{
    return segments_get(&table->hardware_next, sizeof(uint32_t), index);
}

static const struct bucket_kind by_hardware = {hash_entry, next_entry};

void lease_hardware_init(struct lease_table *table)
{
    buckets_init(&table->by_hardware);
}

void lease_hardware_deinit(struct lease_table *table)
{
    buckets_deinit(&table->by_hardware);
    segments_deinit(&table->hardware_next);
}

static bool is_kept(const struct lease_table *table, const struct entry *entry)
{
    return table->config->leasequery.allow_count > 0 && !table->loading &&
           entry->lease.binding.hlen > 0;
}

void lease_hardware_add(struct lease_table *table, struct entry *entry)
{
    if (!is_kept(table, entry))
        return;
    while (table->hardware_next.count <= entry->lease.index)
        *(uint32_t *)segments_add(&table->hardware_next, sizeof(uint32_t)) = BUCKET_END;
    buckets_insert(&table->by_hardware, &by_hardware, table, entry->lease.index);
}

void lease_hardware_remove(struct lease_table *table, struct entry *entry)
{
    if (is_kept(table, entry))
        buckets_remove(&table->by_hardware, &by_hardware, table, entry->lease.index);
}

void lease_hardware_loaded(struct lease_table *table)
{
    for (uint32_t i = 0; i < table->entries.count; i++)
        lease_hardware_add(table, lease_entry(table, i));
}

struct lease *lease_table_next_of_hardware(struct lease_table *table, uint8_t htype,
                                           struct span chaddr, const struct lease *last)
{
    struct hardware wanted = {.size = chaddr.size + 1};
    uint32_t at;

    if (chaddr.size == 0 || chaddr.size > sizeof(wanted.bytes) - 1)
        return NULL;
    wanted.bytes[0] = htype;
    memcpy(wanted.bytes + 1, chaddr.data, chaddr.size);
    at = last != NULL ? *next_entry(table, last->index)
                      : buckets_first(&table->by_hardware,
                                      hash_hardware(span_of(wanted.bytes, wanted.size)));
    while (at != BUCKET_END) {
        struct entry *entry = lease_entry(table, at);
        const struct hardware hardware = hardware_of(entry);

        if (span_equal(span_of(hardware.bytes, hardware.size),
                       span_of(wanted.bytes, wanted.size)))
            return &entry->lease;
        at = *next_entry(table, at);
    }
    return NULL;
}
