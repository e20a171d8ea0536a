/* daemon/lease/free.c - which addresses of a pool are free to give, and to whom they belong.
 *
 * Two kinds of them.  Never-used ones have no entry: a cursor goes over the pool once.  Touched
 * ones stand in a list a pool and owner.  What the cursor has passed is never lost: it was
 * another's by its implied owner, or it has an entry. */
#include <stdlib.h>

#include "daemon/lease/sort.h"
#include "daemon/lease/table_internal.h"

bool lease_free_seek(const struct lease_table *table, const struct config_pool *pool,
                     enum role owner, struct free_cursor *cursor)
{
    while (cursor->part < pool->part_count) {
        const uint32_t last = pool->parts[cursor->part].last.value;
        uint64_t here = cursor->next;

        while (here <= last) {
            const struct neighbours *around = lease_neighbours(table, ip4((uint32_t)here));

            do {
                const uint32_t at = (uint32_t)here++;

                if ((around == NULL || around->entry[at % NEIGHBOURS] == LEASE_NONE) &&
                    implied_owner(ip4(at)) == owner) {
                    cursor->next = at;
                    return true;
                }
            } while (here % NEIGHBOURS != 0 && here <= last);
        }
        if (++cursor->part < pool->part_count)
            cursor->next = pool->parts[cursor->part].first.value;
    }
    return false;
}

static struct bitmap *order_by_address(const struct config_pool *pool)
{
    const uint64_t size = (uint64_t)pool->range.last.value - pool->range.first.value + 1;
    struct bitmap *by_owner = lease_reallocate(NULL, 2, sizeof(*by_owner));

    bitmap_init(&by_owner[0], size);
    bitmap_init(&by_owner[1], size);
    return by_owner;
}

void lease_free_init(struct lease_table *table)
{
    const struct config *config = table->config;

    if (config->pool_count > 0)
        table->pools = lease_reallocate(NULL, config->pool_count, sizeof(*table->pools));
    for (size_t i = 0; i < config->pool_count; i++) {
        const struct config_pool *pool = &config->pools[i];
        struct pool_state *state = &table->pools[i];

        ASSERT(pool->index == i);
        *state =
            (struct pool_state){.list = {{LEASE_NONE, LEASE_NONE}, {LEASE_NONE, LEASE_NONE}}};
        if (pool->effective->care.allocation == CONFIG_SEQUENTIAL)
            state->by_address = order_by_address(pool);
        for (size_t part = 0; part < pool->part_count; part++) {
            const struct ip4_range *r = &pool->parts[part];

            for (int owner = 0; owner < 2; owner++)
                state->counts.free[owner] +=
                    implied_owner_count(r->first, r->last, (enum role)owner);
        }
        for (int owner = 0; owner < 2 && pool->part_count > 0; owner++) {
            state->cursor[owner].next = pool->parts[0].first.value;
            (void)lease_free_seek(table, pool, (enum role)owner, &state->cursor[owner]);
        }
    }
}

void lease_free_deinit(struct lease_table *table)
{
    for (size_t i = 0; i < table->config->pool_count; i++) {
        struct bitmap *by_owner = table->pools[i].by_address;

        if (by_owner == NULL)
            continue;
        bitmap_deinit(&by_owner[0]);
        bitmap_deinit(&by_owner[1]);
        free(by_owner);
    }
    free(table->pools);
}

/* After a start, or when a partner sends all it has, the cursor would else have to come past a
 * million of them in one pick. */
void lease_free_touched(struct lease_table *table, const struct entry *entry)
{
    const struct config_pool *pool = lease_table_pool(table, &entry->lease);
    const struct ip4 address = entry->lease.binding.address;
    const enum role owner = implied_owner(address);

    if (pool == NULL)
        return;

    struct free_cursor *cursor = &table->pools[pool->index].cursor[owner];

    if (cursor->part < pool->part_count && cursor->next == address.value)
        (void)lease_free_seek(table, pool, owner, cursor);
}

void lease_free_count(struct lease_table *table, const struct entry *entry, bool in)
{
    const struct lease_binding *b = &entry->lease.binding;

    if (entry->pool == LEASE_NONE)
        return;

    struct pool_counts *counts = &table->pools[entry->pool].counts;
    uint64_t *count = NULL;

    switch ((enum binding_state)b->state) {
    case BINDING_FREE:
        count = &counts->free[b->owner];
        break;
    case BINDING_ACTIVE:
        count = &counts->active;
        break;
    case BINDING_RELEASED:
        count = &counts->released;
        break;
    case BINDING_ABANDONED:
        count = &counts->abandoned;
        break;
    }
    ASSERT(count != NULL && (in || *count > 0));
    *count = in ? *count + 1 : *count - 1;
}

struct pool_counts lease_table_pool_counts(const struct lease_table *table,
                                           const struct config_pool *pool)
{
    ASSERT(pool == &table->config->pools[pool->index]);
    return table->pools[pool->index].counts;
}

static struct free_list *list_of(struct lease_table *table, const struct entry *entry)
{
    return &table->pools[entry->pool].list[entry->lease.binding.owner];
}

/* An address set aside for one client is never given to a new one, so it is in no list. */
bool lease_is_free_to_give(const struct entry *entry)
{
    return entry->lease.binding.state == BINDING_FREE && entry->pool != LEASE_NONE &&
           !lease_is_reserved(&entry->lease) && entry->lease.binding.offer == LEASE_NO_OFFER;
}

/* By address too, where the pool wants that; NULL otherwise. */
static struct bitmap *by_address(const struct lease_table *table, const struct entry *entry,
                                 uint64_t *number)
{
    struct bitmap *by_owner = table->pools[entry->pool].by_address;

    if (by_owner == NULL)
        return NULL;
    *number = entry->lease.binding.address.value -
              (uint64_t)table->config->pools[entry->pool].range.first.value;
    return &by_owner[entry->lease.binding.owner];
}

static void append(struct lease_table *table, struct entry *entry)
{
    struct free_list *list = list_of(table, entry);
    uint64_t number;
    struct bitmap *ordered = by_address(table, entry, &number);

    if (ordered != NULL)
        bitmap_add(ordered, number);

    entry->free_previous = list->last;
    entry->free_next = LEASE_NONE;
    if (list->last != LEASE_NONE)
        lease_entry(table, list->last)->free_next = entry->lease.index;
    else
        list->first = entry->lease.index;
    list->last = entry->lease.index;
    entry->lease.binding.place = LEASE_IN_FREE_LIST;
}

void lease_free_enter(struct lease_table *table, struct entry *entry)
{
    const uint8_t place = entry->lease.binding.place;

    ASSERT(place != LEASE_IN_HEAP || entry->lease.binding.state != BINDING_FREE);
    if (place == LEASE_NOWHERE && lease_is_free_to_give(entry))
        append(table, entry);
}

void lease_free_leave(struct lease_table *table, struct entry *entry)
{
    if (entry->lease.binding.place != LEASE_IN_FREE_LIST)
        return;

    struct free_list *list = list_of(table, entry);
    uint64_t number;
    struct bitmap *ordered = by_address(table, entry, &number);

    if (ordered != NULL)
        bitmap_remove(ordered, number);
    if (entry->free_previous != LEASE_NONE)
        lease_entry(table, entry->free_previous)->free_next = entry->free_next;
    else
        list->first = entry->free_next;
    if (entry->free_next != LEASE_NONE)
        lease_entry(table, entry->free_next)->free_previous = entry->free_previous;
    else
        list->last = entry->free_previous;
    entry->lease.binding.place = LEASE_NOWHERE;
}

/* The store gives records by address; their lists go by when they were last used. */
void lease_free_loaded(struct lease_table *table)
{
    size_t count = 0, used = 0;

    for (uint32_t i = 0; i < table->entries.count; i++)
        count += lease_entry(table, i)->lease.binding.place == LEASE_IN_FREE_LIST;

    struct sort_item *items = lease_reallocate(NULL, count * 2 + 1, sizeof(*items));

    for (uint32_t i = 0; i < table->entries.count; i++) {
        struct entry *entry = lease_entry(table, i);

        if (entry->lease.binding.place != LEASE_IN_FREE_LIST)
            continue;
        lease_free_leave(table, entry);
        items[used++] = (struct sort_item){entry->lease.binding.address.value, i};
    }
    ASSERT(used == count);
    sort_items(items, items + count, count); /* so that the order of loading does not matter */
    for (size_t i = 0; i < count; i++)
        items[i].key = (uint64_t)lease_entry(table, items[i].value)->lease.binding.cltt.ms;
    sort_items(items, items + count, count);
    for (size_t i = 0; i < count; i++)
        append(table, lease_entry(table, items[i].value));
    free(items);
}
