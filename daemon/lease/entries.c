/* daemon/lease/entries.c - the entries, where they lie, and how they are found by address. */
#include <stdlib.h>

#include "daemon/lease/table_internal.h"

#define CHUNK_ENTRIES   (UINT32_C(1) << LEASE_CHUNK_BITS)
#define FIRST_SLOT_BITS 8

void *lease_reallocate(void *old, size_t count, size_t size)
{
    void *grown = reallocarray(old, count, size);

    ASSERT(grown != NULL);
    return grown;
}

static void clear_slots(struct lease_table *table)
{
    const size_t count = (size_t)1 << table->slot_bits;

    table->slots = lease_reallocate(table->slots, count, sizeof(*table->slots));
    for (size_t i = 0; i < count; i++)
        table->slots[i] = LEASE_NONE;
}

void lease_entries_init(struct lease_table *table)
{
    table->slot_bits = FIRST_SLOT_BITS;
    clear_slots(table);
}

void lease_entries_deinit(struct lease_table *table)
{
    for (size_t i = 0; i << LEASE_CHUNK_BITS < table->entry_count; i++)
        free(table->chunks[i]);
    free(table->chunks);
    free(table->slots);
}

/* Neighbouring addresses go far apart (the multiplier is 2^32 divided by the golden ratio). */
static size_t first_slot(const struct lease_table *table, struct ip4 address)
{
    return (uint32_t)(address.value * UINT32_C(2654435769)) >> (32 - table->slot_bits);
}

/* The slot that names `address`, or the empty one where it would go. */
static uint32_t *slot_of(const struct lease_table *table, struct ip4 address)
{
    const size_t mask = ((size_t)1 << table->slot_bits) - 1;
    size_t at = first_slot(table, address);

    while (table->slots[at] != LEASE_NONE &&
           !ip4_equal(lease_entry(table, table->slots[at])->lease.binding.address, address))
        at = (at + 1) & mask;
    return &table->slots[at];
}

struct entry *lease_entry_find(struct lease_table *table, struct ip4 address)
{
    const uint32_t index = *slot_of(table, address);

    return index != LEASE_NONE ? lease_entry(table, index) : NULL;
}

static void grow_slots(struct lease_table *table)
{
    ASSERT(table->slot_bits < 32);
    table->slot_bits++;
    clear_slots(table);
    for (uint32_t i = 0; i < table->entry_count; i++)
        *slot_of(table, lease_entry(table, i)->lease.binding.address) = i;
}

static void add_chunk(struct lease_table *table)
{
    const size_t at = table->entry_count >> LEASE_CHUNK_BITS;

    if (at == table->chunk_capacity) {
        table->chunk_capacity = at > 0 ? at * 2 : 16;
        table->chunks =
            lease_reallocate(table->chunks, table->chunk_capacity, sizeof(struct entry *));
    }
    table->chunks[at] = lease_reallocate(NULL, CHUNK_ENTRIES, sizeof(struct entry));
}

struct entry *lease_entry_touch(struct lease_table *table, struct ip4 address)
{
    struct entry *entry = lease_entry_find(table, address);

    if (entry != NULL)
        return entry;

    const uint64_t slots = UINT64_C(1) << table->slot_bits;

    if (((uint64_t)table->entry_count + 1) * 4 > slots * 3)
        grow_slots(table);
    if (table->entry_count % CHUNK_ENTRIES == 0)
        add_chunk(table);

    const struct binding implied = binding_implied(address);
    const uint32_t index = table->entry_count++;

    entry = lease_entry(table, index);
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
    *slot_of(table, address) = index;
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
