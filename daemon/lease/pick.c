/* daemon/lease/pick.c - which of a pool's free addresses a new client gets, or would get. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"

#define RANDOM_PROBES                                                                          \
    64 /* one address in ten free and the own: one search in 850 finds none of them */

/* How many never-used addresses one search may find refused (reserved ones, each once in its
 * life): enough to come past a block of reservations in one go. */
#define CURSOR_REFUSED_MAX 4096

struct search {
    const struct lease_table *table;
    struct lease_table *stepping; /* the same, to go on in; NULL: it is only looked at */
    const struct config_pool *pool;
    enum role owner;
    lease_may_give *may_give;
    void *context;
};

/* Where the never-used addresses begin: `copy` is room for who only looks. */
static struct free_cursor *cursor_of(const struct search *s, struct free_cursor *copy)
{
    if (s->stepping != NULL)
        return &s->stepping->pools[s->pool->index].cursor[s->owner];
    *copy = s->table->pools[s->pool->index].cursor[s->owner];
    return copy;
}

/* Go past the address that was refused, which is asked about again later; false at the end of
 * all addresses. */
static bool pass(const struct search *s, struct free_cursor *cursor)
{
    if (s->stepping == NULL)
        return ++cursor->next != 0;
    lease_free_enter(s->stepping, lease_entry_touch(s->stepping, ip4(cursor->next)));
    return true;
}

static bool find_untouched(const struct search *s, struct ip4 *address)
{
    struct free_cursor copy, *cursor = cursor_of(s, &copy);

    for (size_t refused = 0; lease_free_seek(s->table, s->pool, s->owner, cursor); refused++) {
        const struct binding implied = binding_implied(ip4(cursor->next));

        if (s->may_give(s->context, &implied, 0)) {
            *address = implied.address;
            return true;
        }
        if (refused == CURSOR_REFUSED_MAX || !pass(s, cursor))
            return false;
    }
    return false;
}

/* The least recently used; what is refused goes to the back. */
static bool step_touched(const struct search *s, struct ip4 *address)
{
    const struct free_list *list = &s->table->pools[s->pool->index].list[s->owner];
    uint32_t first_refused = LEASE_NONE;

    for (size_t looked_at = 0; looked_at < LEASE_SCAN_MAX; looked_at++) {
        if (list->first == LEASE_NONE || list->first == first_refused)
            return false;

        struct entry *entry = lease_entry(s->table, list->first);

        const struct binding b = lease_binding_of(&entry->lease);

        ASSERT(lease_is_free_to_give(entry) && b.owner == s->owner);
        if (s->may_give(s->context, &b, entry->lease.seq)) {
            *address = entry->lease.binding.address;
            return true;
        }
        if (first_refused == LEASE_NONE)
            first_refused = list->first;
        lease_free_leave(s->stepping, entry);
        lease_free_enter(s->stepping, entry);
    }
    return false;
}

/* The same with the list as it lies: what would go to the back is refused there again. */
static bool look_at_touched(const struct search *s, struct ip4 *address)
{
    uint32_t at = s->table->pools[s->pool->index].list[s->owner].first;

    for (size_t looked_at = 0; at != LEASE_NONE && looked_at < LEASE_SCAN_MAX; looked_at++) {
        const struct entry *entry = lease_entry(s->table, at);
        const struct binding b = lease_binding_of(&entry->lease);

        if (s->may_give(s->context, &b, entry->lease.seq)) {
            *address = b.address;
            return true;
        }
        at = entry->free_next;
    }
    return false;
}

static bool find_least_recent(const struct search *s, struct ip4 *address)
{
    ASSERT(s->pool == &s->table->config->pools[s->pool->index]);
    return find_untouched(s, address) ||
           (s->stepping != NULL ? step_touched(s, address) : look_at_touched(s, address));
}

/* ---- by address ---- */

/* The lowest one, touched or not; what is refused is passed. */
static bool find_lowest(const struct search *s, struct ip4 *address)
{
    const struct bitmap *by_address = &s->table->pools[s->pool->index].by_address[s->owner];
    const uint32_t first = s->pool->range.first.value;
    struct free_cursor copy, *cursor = cursor_of(s, &copy);
    uint64_t from = 0, touched = 0;

    for (size_t refused[2] = {0, 0};
         refused[0] <= CURSOR_REFUSED_MAX && refused[1] < LEASE_SCAN_MAX;) {
        const bool any = bitmap_next(by_address, from, &touched);
        const bool new = lease_free_seek(s->table, s->pool, s->owner, cursor) &&
                         (!any || cursor->next < first + touched);

        if (!any && !new)
            return false;

        const struct ip4 here = ip4(new ? cursor->next : first + (uint32_t)touched);
        const struct entry *entry = new ? NULL : lease_entry_find(s->table, here);
        const struct binding b = new ? binding_implied(here) : lease_binding_of(&entry->lease);

        if (s->may_give(s->context, &b, new ? 0 : entry->lease.seq)) {
            *address = here;
            return true;
        }
        if (new && !pass(s, cursor))
            return false;
        refused[new ? 0 : 1]++;
        from = (uint64_t)here.value - first + 1;
    }
    return false;
}

/* ---- at random ---- */

static bool is_free_for(const struct search *s, struct ip4 address)
{
    const struct entry *entry = lease_entry_find(s->table, address);
    struct binding b;

    if (!config_pool_holds(s->pool, address))
        return false;
    if (entry == NULL) {
        b = binding_implied(address);
        return b.owner == s->owner && s->may_give(s->context, &b, 0);
    }
    if (!lease_is_free_to_give(entry) || entry->lease.binding.owner != s->owner)
        return false;
    b = lease_binding_of(&entry->lease);
    return s->may_give(s->context, &b, entry->lease.seq);
}

/* Not to be foreseen without the seed, and yet the same for the same client and seed. */
static bool find_random(const struct search *s, struct span client, struct ip4 *address)
{
    const struct ip4_range range = s->pool->range;
    const uint64_t size = (uint64_t)range.last.value - range.first.value + 1;
    const uint64_t base = XXH3_64bits_withSeed(client.data, client.size, s->table->seed);

    for (uint64_t i = 0; i < RANDOM_PROBES; i++) {
        const uint64_t number = XXH3_64bits_withSeed(&i, sizeof(i), base) % size;
        const struct ip4 here = ip4(range.first.value + (uint32_t)number);

        if (is_free_for(s, here)) {
            *address = here;
            return true;
        }
    }
    return false;
}

/* ---- as the pool wants it ---- */

static bool find_for(const struct search *s, struct span client, struct ip4 *address)
{
    bool found = false;

    switch (s->pool->effective->care.allocation) {
    case CONFIG_ALLOCATION_UNSET:
    case CONFIG_LEAST_RECENTLY_USED:
        break;
    case CONFIG_RANDOM:
        found = find_random(s, client, address);
        break;
    case CONFIG_SEQUENTIAL:
        found = find_lowest(s, address);
        break;
    }
    return found || find_least_recent(s, address);
}

bool lease_table_pick(struct lease_table *table, const struct config_pool *pool,
                      enum role owner, lease_may_give *may_give, void *context,
                      struct ip4 *address)
{
    const struct search search = {table, table, pool, owner, may_give, context};

    return find_least_recent(&search, address);
}

bool lease_table_pick_for(struct lease_table *table, const struct config_pool *pool,
                          enum role owner, struct span client, lease_may_give *may_give,
                          void *context, struct ip4 *address)
{
    const struct search search = {table, table, pool, owner, may_give, context};

    return find_for(&search, client, address);
}

bool lease_table_peek_for(const struct lease_table *table, const struct config_pool *pool,
                          enum role owner, struct span client, lease_may_give *may_give,
                          void *context, struct ip4 *address)
{
    const struct search search = {table, NULL, pool, owner, may_give, context};

    return find_for(&search, client, address);
}
