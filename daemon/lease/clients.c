/* daemon/lease/clients.c - entries by the key of their client. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"

#define FIRST_BUCKETS 256

static uint32_t *bucket_of(const struct lease_table *table, struct span key)
{
    return &table->buckets[XXH3_64bits(key.data, key.size) & (table->bucket_count - 1)];
}

static void link_entry(struct lease_table *table, struct entry *entry)
{
    uint32_t *bucket = bucket_of(table, lease_client(&entry->lease));

    entry->client_next = *bucket;
    *bucket = entry->lease.index;
}

/* Every entry with a client but `newcomer`, which is not in yet. */
static void grow(struct lease_table *table, const struct entry *newcomer)
{
    table->bucket_count = table->bucket_count > 0 ? table->bucket_count * 2 : FIRST_BUCKETS;
    table->buckets =
        lease_reallocate(table->buckets, table->bucket_count, sizeof(*table->buckets));
    for (size_t i = 0; i < table->bucket_count; i++)
        table->buckets[i] = LEASE_NONE;
    for (uint32_t i = 0; i < table->entry_count; i++) {
        struct entry *entry = lease_entry(table, i);

        if (entry != newcomer && entry->lease.binding.size[LEASE_CLIENT] > 0)
            link_entry(table, entry);
    }
}

void lease_clients_add(struct lease_table *table, struct entry *entry)
{
    if (entry->lease.binding.size[LEASE_CLIENT] == 0)
        return;
    if (table->bucketed == table->bucket_count)
        grow(table, entry);
    link_entry(table, entry);
    table->bucketed++;
}

void lease_clients_remove(struct lease_table *table, struct entry *entry)
{
    if (entry->lease.binding.size[LEASE_CLIENT] == 0)
        return;

    uint32_t *link = bucket_of(table, lease_client(&entry->lease));

    while (*link != entry->lease.index) {
        ASSERT(*link != LEASE_NONE);
        link = &lease_entry(table, *link)->client_next;
    }
    *link = entry->client_next;
    entry->client_next = LEASE_NONE;
    table->bucketed--;
}

static bool is_in_subnet(struct ip4 address, const struct config_subnet *subnet)
{
    const uint32_t mask =
        subnet->prefix_length > 0 ? UINT32_MAX << (32 - subnet->prefix_length) : 0;

    return ((address.value ^ subnet->network.value) & mask) == 0;
}

/* Is `a` the better answer?  Never a matter of the order in the bucket. */
static bool is_better(const struct lease_binding *a, const struct lease_binding *b)
{
    const bool a_active = a->state == BINDING_ACTIVE;

    if (a_active != (b->state == BINDING_ACTIVE))
        return a_active;
    if (a->expires.ms != b->expires.ms)
        return a->expires.ms > b->expires.ms;
    return a->address.value < b->address.value;
}

struct lease *lease_table_find_client_among(struct lease_table *table,
                                            const struct config_subnet *subnet, struct span key,
                                            lease_is_wanted *wanted, void *context)
{
    struct entry *best = NULL;

    if (key.size == 0 || table->bucket_count == 0)
        return NULL;
    for (uint32_t i = *bucket_of(table, key); i != LEASE_NONE;) {
        struct entry *entry = lease_entry(table, i);
        const struct lease_binding *b = &entry->lease.binding;

        if (b->state != BINDING_ABANDONED && is_in_subnet(b->address, subnet) &&
            span_equal(lease_client(&entry->lease), key) &&
            (best == NULL || is_better(b, &best->lease.binding)) &&
            wanted(context, &entry->lease))
            best = entry;
        i = entry->client_next;
    }
    return best != NULL ? &best->lease : NULL;
}

static bool any(void *context, const struct lease *lease)
{
    (void)context;
    (void)lease;
    return true;
}

struct lease *lease_table_find_client(struct lease_table *table,
                                      const struct config_subnet *subnet, struct span key)
{
    return lease_table_find_client_among(table, subnet, key, any, NULL);
}
