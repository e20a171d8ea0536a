/* daemon/lease/clients.c - entries by the key of their client. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"

static uint32_t hash_key(struct span key)
{
    return (uint32_t)XXH3_64bits(key.data, key.size);
}

static uint32_t hash_entry(const struct lease_table *table, uint32_t index)
{
    return hash_key(lease_client(&lease_entry(table, index)->lease));
}

static uint32_t *next_entry(const struct lease_table *table, uint32_t index)
{
    return &lease_entry(table, index)->client_next;
}

static const struct bucket_kind by_client = {hash_entry, next_entry};

void lease_clients_init(struct lease_table *table)
{
    buckets_init(&table->by_client);
}

void lease_clients_deinit(struct lease_table *table)
{
    buckets_deinit(&table->by_client);
}

/* While loading nobody asks for clients; to enter all of them afterwards, in the order in which
 * they lie in memory, takes a fraction of the time. */
void lease_clients_loaded(struct lease_table *table)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < table->entries.count; i++)
        count += lease_entry(table, i)->lease.binding.size[LEASE_CLIENT] > 0;
    buckets_reserve(&table->by_client, count);
    for (uint32_t i = 0; i < table->entries.count; i++) {
        if (lease_entry(table, i)->lease.binding.size[LEASE_CLIENT] > 0)
            buckets_insert(&table->by_client, &by_client, table, i);
    }
}

void lease_clients_add(struct lease_table *table, struct entry *entry)
{
    if (!table->loading && entry->lease.binding.size[LEASE_CLIENT] > 0)
        buckets_insert(&table->by_client, &by_client, table, entry->lease.index);
}

void lease_clients_remove(struct lease_table *table, struct entry *entry)
{
    if (!table->loading && entry->lease.binding.size[LEASE_CLIENT] > 0)
        buckets_remove(&table->by_client, &by_client, table, entry->lease.index);
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

    ASSERT(!table->loading);
    if (key.size == 0)
        return NULL;
    for (uint32_t i = buckets_first(&table->by_client, hash_key(key)); i != BUCKET_END;) {
        struct entry *entry = lease_entry(table, i);
        const struct lease_binding *b = &entry->lease.binding;

        if (b->state != BINDING_ABANDONED && config_on_link(subnet, b->address) &&
            span_equal(lease_client(&entry->lease), key) &&
            (best == NULL || is_better(b, &best->lease.binding)) &&
            wanted(context, &entry->lease))
            best = entry;
        i = entry->client_next;
    }
    return best != NULL ? &best->lease : NULL;
}

struct lease *lease_table_next_of_client(struct lease_table *table, struct span key,
                                         const struct lease *last)
{
    uint32_t i;

    ASSERT(!table->loading);
    if (key.size == 0)
        return NULL;
    i = last != NULL ? lease_entry(table, last->index)->client_next
                     : buckets_first(&table->by_client, hash_key(key));
    while (i != BUCKET_END) {
        struct entry *entry = lease_entry(table, i);

        if (span_equal(lease_client(&entry->lease), key))
            return &entry->lease;
        i = entry->client_next;
    }
    return NULL;
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
