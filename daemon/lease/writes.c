/* daemon/lease/writes.c - own writes in order of seq: what the partner has yet to be told. */
#include <stdlib.h>

#include "daemon/lease/sort.h"
#include "daemon/lease/table_internal.h"

static void append(struct lease_table *table, struct entry *entry)
{
    const uint32_t index = entry->lease.index;

    entry->own_previous = table->own_last;
    entry->own_next = LEASE_NONE;
    if (table->own_last != LEASE_NONE)
        lease_entry(table, table->own_last)->own_next = index;
    else
        table->own_first = index;
    table->own_last = index;
}

static void unlink_entry(struct lease_table *table, struct entry *entry)
{
    if (table->own_hint == entry->lease.index)
        table->own_hint = entry->own_previous;
    if (entry->own_previous != LEASE_NONE)
        lease_entry(table, entry->own_previous)->own_next = entry->own_next;
    else
        table->own_first = entry->own_next;
    if (entry->own_next != LEASE_NONE)
        lease_entry(table, entry->own_next)->own_previous = entry->own_previous;
    else
        table->own_last = entry->own_previous;
    entry->own_previous = entry->own_next = LEASE_NONE;
}

void lease_writes_set(struct lease_table *table, struct entry *entry, uint64_t seq)
{
    if (entry->lease.seq > 0)
        unlink_entry(table, entry);
    entry->lease.seq = seq;
    if (seq == 0)
        return;
    if (table->own_last != LEASE_NONE &&
        lease_entry(table, table->own_last)->lease.seq >= seq) {
        ASSERT(table->loading);
        table->own_unsorted = true;
    }
    append(table, entry);
}

void lease_writes_loaded(struct lease_table *table)
{
    size_t count = 0, used = 0;

    if (!table->own_unsorted)
        return;
    for (uint32_t i = table->own_first; i != LEASE_NONE; i = lease_entry(table, i)->own_next)
        count++;

    struct sort_item *items = lease_reallocate(NULL, count * 2, sizeof(*items));

    for (uint32_t i = table->own_first; i != LEASE_NONE; i = lease_entry(table, i)->own_next)
        items[used++] = (struct sort_item){lease_entry(table, i)->lease.seq, i};
    ASSERT(used == count);
    sort_items(items, items + count, count);

    table->own_first = table->own_last = table->own_hint = LEASE_NONE;
    for (size_t i = 0; i < count; i++)
        append(table, lease_entry(table, items[i].value));
    free(items);
    table->own_unsorted = false;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* Where to start: the first, the last, or where the last question ended, whichever is nearest.
 */
static uint32_t nearest(const struct lease_table *table, uint64_t after)
{
    const uint32_t candidates[] = {table->own_hint, table->own_last, table->own_first};
    uint32_t best = LEASE_NONE;
    uint64_t best_distance = 0;

    for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
        if (candidates[i] == LEASE_NONE)
            continue;

        const uint64_t d = distance(lease_entry(table, candidates[i])->lease.seq, after);

        if (best == LEASE_NONE || d < best_distance) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}

struct lease *lease_table_first_own_after(struct lease_table *table, uint64_t after)
{
    uint32_t at = nearest(table, after);

    ASSERT(!table->own_unsorted);
    if (at == LEASE_NONE)
        return NULL;
    while (lease_entry(table, at)->lease.seq > after &&
           lease_entry(table, at)->own_previous != LEASE_NONE)
        at = lease_entry(table, at)->own_previous;
    while (at != LEASE_NONE && lease_entry(table, at)->lease.seq <= after)
        at = lease_entry(table, at)->own_next;
    if (at == LEASE_NONE)
        return NULL;
    table->own_hint = at;
    return &lease_entry(table, at)->lease;
}

struct lease *lease_table_next_own(struct lease_table *table, const struct lease *previous)
{
    ASSERT(previous->seq > 0);
    const uint32_t next = lease_entry(table, previous->index)->own_next;

    if (next == LEASE_NONE)
        return NULL;
    table->own_hint = next;
    return &lease_entry(table, next)->lease;
}

struct lease *lease_table_last_own(struct lease_table *table)
{
    return table->own_last != LEASE_NONE ? &lease_entry(table, table->own_last)->lease : NULL;
}

struct lease *lease_table_previous_own(struct lease_table *table, const struct lease *next)
{
    ASSERT(next->seq > 0);
    const uint32_t previous = lease_entry(table, next->index)->own_previous;

    return previous != LEASE_NONE ? &lease_entry(table, previous)->lease : NULL;
}
