/* daemon/lease/free.c - which addresses of a pool are free to give, and to whom they belong.
 *
 * Two kinds of them.  Never-used ones have no entry: a cursor goes over the pool once.  Touched
 * ones stand in a list a pool and owner.  What the cursor has passed is never lost: it was
 * another's by its implied owner, or it has an entry. */
#include <stdlib.h>

#include "daemon/lease/sort.h"
#include "daemon/lease/table_internal.h"

/* How many never-used addresses one pick may find refused (reserved ones, each once in its
 * life): enough to come past a block of reservations in one go. */
#define CURSOR_REFUSED_MAX 4096

/* Move the cursor on to the first address from where it stands that is the owner's and was
 * never touched; false at the end of the pool. */
static bool seek_untouched(const struct lease_table *table, const struct config_pool *pool,
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
        for (size_t part = 0; part < pool->part_count; part++) {
            const struct ip4_range *r = &pool->parts[part];

            for (int owner = 0; owner < 2; owner++)
                state->counts.free[owner] +=
                    implied_owner_count(r->first, r->last, (enum role)owner);
        }
        for (int owner = 0; owner < 2 && pool->part_count > 0; owner++) {
            state->cursor[owner].next = pool->parts[0].first.value;
            (void)seek_untouched(table, pool, (enum role)owner, &state->cursor[owner]);
        }
    }
}

void lease_free_deinit(struct lease_table *table)
{
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
        (void)seek_untouched(table, pool, owner, cursor);
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
static bool is_free_to_give(const struct entry *entry)
{
    return entry->lease.binding.state == BINDING_FREE && entry->pool != LEASE_NONE &&
           !lease_is_reserved(&entry->lease) && entry->lease.binding.offer == LEASE_NO_OFFER;
}

static void append(struct lease_table *table, struct entry *entry)
{
    struct free_list *list = list_of(table, entry);

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
    if (place == LEASE_NOWHERE && is_free_to_give(entry))
        append(table, entry);
}

void lease_free_leave(struct lease_table *table, struct entry *entry)
{
    if (entry->lease.binding.place != LEASE_IN_FREE_LIST)
        return;

    struct free_list *list = list_of(table, entry);

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

/* ---- picking ---- */

static bool pick_untouched(struct lease_table *table, const struct config_pool *pool,
                           enum role owner, lease_may_give *may_give, void *context,
                           struct ip4 *address)
{
    struct free_cursor *cursor = &table->pools[pool->index].cursor[owner];

    for (size_t refused = 0; seek_untouched(table, pool, owner, cursor); refused++) {
        const struct ip4 here = ip4(cursor->next);
        const struct binding implied = binding_implied(here);

        if (may_give(context, &implied, 0)) {
            *address = here;
            return true;
        }
        if (refused == CURSOR_REFUSED_MAX)
            return false;
        lease_free_enter(table, lease_entry_touch(table, here)); /* asked about again later */
    }
    return false;
}

static bool pick_touched(struct lease_table *table, const struct config_pool *pool,
                         enum role owner, lease_may_give *may_give, void *context,
                         struct ip4 *address)
{
    const struct free_list *list = &table->pools[pool->index].list[owner];
    uint32_t first_refused = LEASE_NONE;

    for (size_t looked_at = 0; looked_at < LEASE_SCAN_MAX; looked_at++) {
        if (list->first == LEASE_NONE || list->first == first_refused)
            return false;

        struct entry *entry = lease_entry(table, list->first);

        const struct binding b = lease_binding_of(&entry->lease);

        ASSERT(is_free_to_give(entry) && b.owner == owner);
        if (may_give(context, &b, entry->lease.seq)) {
            *address = entry->lease.binding.address;
            return true;
        }
        if (first_refused == LEASE_NONE)
            first_refused = list->first;
        lease_free_leave(table, entry);
        lease_free_enter(table, entry);
    }
    return false;
}

bool lease_table_pick(struct lease_table *table, const struct config_pool *pool,
                      enum role owner, lease_may_give *may_give, void *context,
                      struct ip4 *address)
{
    ASSERT(pool == &table->config->pools[pool->index]);
    return pick_untouched(table, pool, owner, may_give, context, address) ||
           pick_touched(table, pool, owner, may_give, context, address);
}
