/* daemon/lease/pick.c - which of a pool's free addresses a new client gets. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"

#define RANDOM_PROBES                                                                          \
    64 /* one address in ten free and the own: one search in 850 finds none of them */

static bool pick_untouched(struct lease_table *table, const struct config_pool *pool,
                           enum role owner, lease_may_give *may_give, void *context,
                           struct ip4 *address)
{
    struct free_cursor *cursor = &table->pools[pool->index].cursor[owner];

    for (size_t refused = 0; lease_free_seek(table, pool, owner, cursor); refused++) {
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

        ASSERT(lease_is_free_to_give(entry) && b.owner == owner);
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

/* ---- by address ---- */

/* The lowest one, touched or not; what is refused is passed. */
static bool pick_lowest(struct lease_table *table, const struct config_pool *pool,
                        enum role owner, lease_may_give *may_give, void *context,
                        struct ip4 *address)
{
    struct pool_state *state = &table->pools[pool->index];
    struct free_cursor *cursor = &state->cursor[owner];
    const uint32_t first = pool->range.first.value;
    uint64_t from = 0, touched = 0;

    for (size_t refused[2] = {0, 0};
         refused[0] <= CURSOR_REFUSED_MAX && refused[1] < LEASE_SCAN_MAX;) {
        const bool any = bitmap_next(&state->by_address[owner], from, &touched);
        const bool new = lease_free_seek(table, pool, owner, cursor) &&
                         (!any || cursor->next < first + touched);

        if (!any && !new)
            return false;

        const struct ip4 here = ip4(new ? cursor->next : first + (uint32_t)touched);
        const struct entry *entry = new ? NULL : lease_entry_find(table, here);
        const struct binding b = new ? binding_implied(here) : lease_binding_of(&entry->lease);

        if (may_give(context, &b, new ? 0 : entry->lease.seq)) {
            *address = here;
            return true;
        }
        if (new)
            lease_free_enter(table, lease_entry_touch(table, here)); /* asked again later */
        refused[new ? 0 : 1]++;
        from = (uint64_t)here.value - first + 1;
    }
    return false;
}

/* ---- at random ---- */

static bool holds(const struct config_pool *pool, struct ip4 address)
{
    size_t low = 0, high = pool->part_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (pool->parts[middle].last.value < address.value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pool->part_count && pool->parts[low].first.value <= address.value;
}

static bool is_free_for(const struct lease_table *table, const struct config_pool *pool,
                        enum role owner, struct ip4 address, lease_may_give *may_give,
                        void *context)
{
    const struct entry *entry = lease_entry_find(table, address);
    struct binding b;

    if (!holds(pool, address))
        return false;
    if (entry == NULL) {
        b = binding_implied(address);
        return b.owner == owner && may_give(context, &b, 0);
    }
    if (!lease_is_free_to_give(entry) || entry->lease.binding.owner != owner)
        return false;
    b = lease_binding_of(&entry->lease);
    return may_give(context, &b, entry->lease.seq);
}

/* Not to be foreseen without the seed, and yet the same for the same client and seed. */
bool lease_pick_random(const struct lease_table *table, const struct config_pool *pool,
                       enum role owner, struct span client, lease_may_give *may_give,
                       void *context, struct ip4 *address)
{
    const uint64_t size = (uint64_t)pool->range.last.value - pool->range.first.value + 1;

    const uint64_t base = XXH3_64bits_withSeed(client.data, client.size, table->seed);

    for (uint64_t i = 0; i < RANDOM_PROBES; i++) {
        const uint64_t number = XXH3_64bits_withSeed(&i, sizeof(i), base) % size;
        const struct ip4 here = ip4(pool->range.first.value + (uint32_t)number);

        if (is_free_for(table, pool, owner, here, may_give, context)) {
            *address = here;
            return true;
        }
    }
    return false;
}

bool lease_table_pick_for(struct lease_table *table, const struct config_pool *pool,
                          enum role owner, struct span client, lease_may_give *may_give,
                          void *context, struct ip4 *address)
{
    bool found = false;

    switch (pool->effective->care.allocation) {
    case CONFIG_ALLOCATION_UNSET:
    case CONFIG_LEAST_RECENTLY_USED:
        break;
    case CONFIG_RANDOM:
        found = lease_pick_random(table, pool, owner, client, may_give, context, address);
        break;
    case CONFIG_SEQUENTIAL:
        found = pick_lowest(table, pool, owner, may_give, context, address);
        break;
    }
    return found || lease_table_pick(table, pool, owner, may_give, context, address);
}
