/* daemon/lease/table.c - the table as a whole: what a write changes, the digest, counts. */
#include "daemon/lease/table.h"

#include <stdlib.h>

#include "daemon/lease/table_internal.h"

_Static_assert(2 * BINDING_CLIENT_MAX + 3 * BINDING_ATTRIBUTE_MAX + 16 + NAMES_SIZE_MAX <=
                   LEASE_BLOCK_MAX,
               "the largest binding fits a block");

struct lease_table *lease_table_new(const struct config *config)
{
    struct lease_table *table = calloc(1, sizeof(*table));

    ASSERT(table != NULL);
    table->config = config;
    table->own_first = table->own_last = table->own_hint = LEASE_NONE;
    table->loading = true;
    blocks_init(&table->blocks);
    lease_entries_init(table);
    lease_clients_init(table);
    lease_hardware_init(table);
    lease_offers_init(table);
    lease_free_init(table);
    lease_limits_init(table);
    return table;
}

void lease_table_free(struct lease_table *table)
{
    if (table == NULL)
        return;
    lease_limits_deinit(table);
    lease_offers_deinit(table);
    lease_free_deinit(table);
    lease_hardware_deinit(table);
    lease_clients_deinit(table);
    lease_entries_deinit(table);
    segments_deinit(&table->heap);
    blocks_deinit(&table->blocks);
    free(table);
}

struct lease *lease_table_find(struct lease_table *table, struct ip4 address)
{
    struct entry *entry = lease_entry_find(table, address);

    return entry != NULL ? &entry->lease : NULL;
}

struct binding lease_table_binding(struct lease_table *table, struct ip4 address)
{
    const struct entry *entry = lease_entry_find(table, address);

    return entry != NULL ? lease_binding_of(&entry->lease) : binding_implied(address);
}

const struct config_pool *lease_table_pool(const struct lease_table *table,
                                           const struct lease *lease)
{
    const uint32_t pool = ((const struct entry *)lease)->pool;

    return pool != LEASE_NONE ? &table->config->pools[pool] : NULL;
}

/* Take the entry, whose contents have this hash, into or out of the sums over all entries. */
static void account(struct lease_table *table, const struct entry *entry, uint64_t hash,
                    bool in)
{
    if (!entry->lease.binding.implied)
        table->digest = in ? table->digest + hash : table->digest - hash;
    if (!lease_entry_is_placeholder(entry))
        table->size = in ? table->size + 1 : table->size - 1;
    if (entry->lease.binding.unsent)
        table->unsent = in ? table->unsent + 1 : table->unsent - 1;
    lease_free_count(table, entry, in);
    if (table->limits != NULL && !table->loading)
        lease_limits_count(table, entry, in);
}

/* 0 for the implied record, which is in no digest. */
static uint64_t hash_of(const struct entry *entry)
{
    if (entry->lease.binding.implied)
        return 0;

    const struct binding b = lease_binding_of(&entry->lease);

    return binding_hash(&b);
}

static void assert_sound(const struct binding *b)
{
    ASSERT((unsigned)b->state < BINDING_STATES);
    ASSERT(b->owner == ROLE_PRIMARY || b->owner == ROLE_SECONDARY);
    ASSERT(b->hlen <= sizeof(b->chaddr));
    ASSERT(b->client.size <= BINDING_CLIENT_MAX && b->reserved.size <= BINDING_CLIENT_MAX);
    ASSERT(b->host_name.size <= BINDING_ATTRIBUTE_MAX);
    ASSERT(b->relay_info.size <= BINDING_ATTRIBUTE_MAX);
    ASSERT(b->vendor_class.size <= BINDING_ATTRIBUTE_MAX);
    ASSERT(b->names.size <= NAMES_SIZE_MAX);
    ASSERT(b->names.size == 0 || names_size_at(b->names.data) == b->names.size);
}

/* May the entry stay where it is in its list of free addresses? */
static bool stays_free(const struct lease_binding *now, const struct binding *next)
{
    return next->state == BINDING_FREE && (uint8_t)next->owner == now->owner &&
           next->reserved.size == 0;
}

struct lease *lease_table_put(struct lease_table *table, const struct binding *binding,
                              uint64_t seq)
{
    const struct binding b = *binding; /* it may be the very record that is overwritten */
    struct entry *entry = lease_entry_touch(table, b.address);
    const bool same_client = span_equal(lease_client(&entry->lease), b.client);

    assert_sound(&b);

    const uint64_t hash = binding_hash(&b); /* now: what `b` borrows may go in a moment */

    account(table, entry, hash_of(entry), false);
    if (!same_client)
        lease_clients_remove(table, entry);
    lease_hardware_remove(table, entry);
    if (!stays_free(&entry->lease.binding, &b))
        lease_free_leave(table, entry);
    if (b.state == BINDING_FREE)
        lease_expiry_remove(table, entry);

    lease_entry_assign(table, entry, &b);
    account(table, entry, hash, true);
    if (!same_client)
        lease_clients_add(table, entry);
    lease_hardware_add(table, entry);
    if (b.state == BINDING_FREE)
        lease_free_enter(table, entry);
    else
        lease_expiry_set(table, entry, b.state == BINDING_RELEASED ? instant_ms(0) : b.expires);
    lease_writes_set(table, entry, seq);
    return &entry->lease;
}

void lease_table_sent(struct lease_table *table, struct lease *lease)
{
    ASSERT(lease->binding.unsent);
    lease->binding.unsent = false;
    table->unsent--;
}

size_t lease_table_unsent(const struct lease_table *table)
{
    return table->unsent;
}

void lease_table_loaded(struct lease_table *table)
{
    lease_clients_loaded(table);
    lease_writes_loaded(table);
    lease_free_loaded(table);
    lease_limits_loaded(table);
    table->loading = false;
    lease_hardware_loaded(table);
}

void lease_table_seed(struct lease_table *table, uint64_t seed)
{
    table->seed = seed;
}

uint64_t lease_table_digest(const struct lease_table *table)
{
    return table->digest;
}

size_t lease_table_size(const struct lease_table *table)
{
    return table->size;
}
