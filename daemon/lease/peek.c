/* daemon/lease/peek.c - what pick.c would give, without taking a step: with a cursor of its own
 * and the lists as they lie.  What a pick would put to the back of a list was refused, and is
 * refused there again. */
#include "daemon/lease/table_internal.h"

/* Past the address that was refused; false at the end of all addresses. */
static bool pass(struct free_cursor *cursor)
{
    return ++cursor->next != 0;
}

static bool peek_untouched(const struct lease_table *table, const struct config_pool *pool,
                           enum role owner, lease_may_give *may_give, void *context,
                           struct ip4 *address)
{
    struct free_cursor cursor = table->pools[pool->index].cursor[owner];

    for (size_t refused = 0;
         refused <= CURSOR_REFUSED_MAX && lease_free_seek(table, pool, owner, &cursor);
         refused++) {
        const struct binding implied = binding_implied(ip4(cursor.next));

        if (may_give(context, &implied, 0)) {
            *address = implied.address;
            return true;
        }
        if (!pass(&cursor))
            return false;
    }
    return false;
}

static bool peek_touched(const struct lease_table *table, const struct config_pool *pool,
                         enum role owner, lease_may_give *may_give, void *context,
                         struct ip4 *address)
{
    uint32_t at = table->pools[pool->index].list[owner].first;

    for (size_t looked_at = 0; at != LEASE_NONE && looked_at < LEASE_SCAN_MAX; looked_at++) {
        const struct entry *entry = lease_entry(table, at);
        const struct binding b = lease_binding_of(&entry->lease);

        if (may_give(context, &b, entry->lease.seq)) {
            *address = b.address;
            return true;
        }
        at = entry->free_next;
    }
    return false;
}

static bool peek_lowest(const struct lease_table *table, const struct config_pool *pool,
                        enum role owner, lease_may_give *may_give, void *context,
                        struct ip4 *address)
{
    const struct pool_state *state = &table->pools[pool->index];
    struct free_cursor cursor = state->cursor[owner];
    const uint32_t first = pool->range.first.value;
    uint64_t from = 0, touched = 0;

    for (size_t refused[2] = {0, 0};
         refused[0] <= CURSOR_REFUSED_MAX && refused[1] < LEASE_SCAN_MAX;) {
        const bool any = bitmap_next(&state->by_address[owner], from, &touched);
        const bool new = lease_free_seek(table, pool, owner, &cursor) &&
                         (!any || cursor.next < first + touched);

        if (!any && !new)
            return false;

        const struct ip4 here = ip4(new ? cursor.next : first + (uint32_t)touched);
        const struct entry *entry = new ? NULL : lease_entry_find(table, here);
        const struct binding b = new ? binding_implied(here) : lease_binding_of(&entry->lease);

        if (may_give(context, &b, new ? 0 : entry->lease.seq)) {
            *address = here;
            return true;
        }
        if (new && !pass(&cursor))
            return false;
        refused[new ? 0 : 1]++;
        from = (uint64_t)here.value - first + 1;
    }
    return false;
}

bool lease_table_peek_for(const struct lease_table *table, const struct config_pool *pool,
                          enum role owner, struct span client, lease_may_give *may_give,
                          void *context, struct ip4 *address)
{
    bool found = false;

    ASSERT(pool == &table->config->pools[pool->index]);
    switch (pool->effective->care.allocation) {
    case CONFIG_ALLOCATION_UNSET:
    case CONFIG_LEAST_RECENTLY_USED:
        break;
    case CONFIG_RANDOM:
        found = lease_pick_random(table, pool, owner, client, may_give, context, address);
        break;
    case CONFIG_SEQUENTIAL:
        found = peek_lowest(table, pool, owner, may_give, context, address);
        break;
    }
    return found || peek_untouched(table, pool, owner, may_give, context, address) ||
           peek_touched(table, pool, owner, may_give, context, address);
}
