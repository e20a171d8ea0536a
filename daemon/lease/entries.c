/* daemon/lease/entries.c - the entries, where they lie, and how they are found by address. */
#include <stdlib.h>

#include "daemon/lease/table_internal.h"

void *lease_reallocate(void *old, size_t count, size_t size)
{
    void *grown = reallocarray(old, count, size);

    ASSERT(grown != NULL);
    return grown;
}

static struct neighbours *neighbours(const struct lease_table *table, uint32_t at)
{
    return segments_get(&table->neighbours, sizeof(struct neighbours), at);
}

/* Numbers in a row go far apart (2^64 divided by the golden ratio). */
static uint32_t hash_number(uint32_t number)
{
    return (uint32_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static uint32_t hash_neighbours(const struct lease_table *table, uint32_t at)
{
    return hash_number(neighbours(table, at)->number);
}

static uint32_t *next_neighbours(const struct lease_table *table, uint32_t at)
{
    return &neighbours(table, at)->next;
}

static const struct bucket_kind by_address = {hash_neighbours, next_neighbours};

void lease_entries_init(struct lease_table *table)
{
    buckets_init(&table->by_address);
}

void lease_entries_deinit(struct lease_table *table)
{
    segments_deinit(&table->entries);
    segments_deinit(&table->neighbours);
    buckets_deinit(&table->by_address);
}

static struct neighbours *find_neighbours(const struct lease_table *table, uint32_t number)
{
    for (uint32_t at = buckets_first(&table->by_address, hash_number(number));
         at != BUCKET_END;) {
        struct neighbours *n = neighbours(table, at);

        if (n->number == number)
            return n;
        at = n->next;
    }
    return NULL;
}

const struct neighbours *lease_neighbours(const struct lease_table *table, struct ip4 address)
{
    return find_neighbours(table, address.value / NEIGHBOURS);
}

struct entry *lease_entry_find(const struct lease_table *table, struct ip4 address)
{
    const struct neighbours *n = lease_neighbours(table, address);
    const uint32_t index = n != NULL ? n->entry[address.value % NEIGHBOURS] : LEASE_NONE;

    return index != LEASE_NONE ? lease_entry(table, index) : NULL;
}

static struct neighbours *touch_neighbours(struct lease_table *table, uint32_t number)
{
    struct neighbours *n = find_neighbours(table, number);

    if (n != NULL)
        return n;

    const uint32_t at = table->neighbours.count;

    n = segments_add(&table->neighbours, sizeof(*n));
    n->number = number;
    for (size_t i = 0; i < NEIGHBOURS; i++)
        n->entry[i] = LEASE_NONE;
    buckets_insert(&table->by_address, &by_address, table, at);
    return n;
}

struct entry *lease_entry_touch(struct lease_table *table, struct ip4 address)
{
    struct neighbours *n = touch_neighbours(table, address.value / NEIGHBOURS);
    uint32_t *place = &n->entry[address.value % NEIGHBOURS];

    if (*place != LEASE_NONE)
        return lease_entry(table, *place);

    const struct binding implied = binding_implied(address);
    const uint32_t index = table->entries.count;
    struct entry *entry = segments_add(&table->entries, sizeof(*entry));

    *entry = (struct entry){
        .lease = {.pool = config_pool_of(table->config, address), .index = index},
        .own_previous = LEASE_NONE,
        .own_next = LEASE_NONE,
        .client_next = LEASE_NONE,
        .heap_at = LEASE_NONE,
        .offer = LEASE_NONE,
        .implied = true,
    };
    lease_entry_assign(table, entry, &implied);
    *place = index;
    lease_free_touched(table, entry);
    return entry;
}

/* The spans of `binding` one after the other in the table's scratch, as the sources may lie in
 * the block that is to be overwritten.  Returns their size. */
static size_t gather(struct lease_table *table, const struct span *spans[], size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++) {
        ASSERT(spans[i]->size <= sizeof(table->scratch) - size);
        if (spans[i]->size > 0)
            memcpy(table->scratch + size, spans[i]->data, spans[i]->size);
        size += spans[i]->size;
    }
    return size;
}

void lease_entry_assign(struct lease_table *table, struct entry *entry,
                        const struct binding *binding)
{
    struct lease_binding *to = &entry->lease.binding;
    uint8_t *block = (uint8_t *)(uintptr_t)to->bytes; /* our own memory */
    const struct span *from[LEASE_SPANS] = {
        [LEASE_CLIENT] = &binding->client,
        [LEASE_RESERVED] = &binding->reserved,
        [LEASE_HOST_NAME] = &binding->host_name,
        [LEASE_RELAY_INFO] = &binding->relay_info,
        [LEASE_VENDOR_CLASS] = &binding->vendor_class,
    };
    const size_t size = gather(table, from, LEASE_SPANS);

    if (size > entry->block_size) {
        if (entry->block_size > 0)
            blocks_give(&table->blocks, block, entry->block_size);
        block = blocks_take(&table->blocks, size, &entry->block_size);
    }
    if (size > 0) {
        ASSERT(block != NULL);
        memcpy(block, table->scratch, size);
    }

    *to = (struct lease_binding){
        .address = binding->address,
        .term = binding->term,
        .version = binding->version,
        .cltt = binding->cltt,
        .expires = binding->expires,
        .bytes = block,
        .state = (uint8_t)binding->state,
        .owner = (uint8_t)binding->owner,
        .unsent = binding->unsent,
        .htype = binding->htype,
        .hlen = binding->hlen,
    };
    memcpy(to->chaddr, binding->chaddr, sizeof(to->chaddr));
    for (size_t i = 0; i < LEASE_SPANS; i++)
        to->size[i] = (uint16_t)from[i]->size;
}

struct binding lease_binding_of(const struct lease *lease)
{
    const struct lease_binding *from = &lease->binding;
    const uint8_t *at = from->bytes;
    struct binding b = {
        .address = from->address,
        .state = (enum binding_state)from->state,
        .owner = (enum role)from->owner,
        .term = from->term,
        .version = from->version,
        .cltt = from->cltt,
        .expires = from->expires,
        .unsent = from->unsent,
        .htype = from->htype,
        .hlen = from->hlen,
    };
    struct span *const spans[LEASE_SPANS] = {
        [LEASE_CLIENT] = &b.client,
        [LEASE_RESERVED] = &b.reserved,
        [LEASE_HOST_NAME] = &b.host_name,
        [LEASE_RELAY_INFO] = &b.relay_info,
        [LEASE_VENDOR_CLASS] = &b.vendor_class,
    };

    memcpy(b.chaddr, from->chaddr, sizeof(b.chaddr));
    for (size_t i = 0; i < LEASE_SPANS; i++) {
        *spans[i] = span_of(at, from->size[i]);
        if (from->size[i] > 0)
            at += from->size[i];
    }
    return b;
}
