/* daemon/lease/expiry.c - what is due next: a heap of the records that are not FREE.
 *
 * Four children a node: half as deep as a binary one, and most renewals move nothing. */
#include "daemon/lease/table_internal.h"

#define CHILDREN 4

/* The heap begins at item 3 of its array: the children of a node are then four items from a
 * multiple of four on, which lie side by side in one segment. */
#define HEAP_BEGIN (CHILDREN - 1)

static struct heap_item *item(const struct lease_table *table, uint32_t at)
{
    return segments_get(&table->heap, sizeof(struct heap_item), at + HEAP_BEGIN);
}

static struct ip4 address_of(const struct lease_table *table, const struct heap_item *i)
{
    return lease_entry(table, i->entry)->lease.binding.address;
}

/* Equal moments go by address, so that the order depends on the records alone. */
static bool is_due_before(const struct lease_table *table, const struct heap_item *a,
                          const struct heap_item *b)
{
    if (a->due.ms != b->due.ms)
        return a->due.ms < b->due.ms;
    return address_of(table, a).value < address_of(table, b).value;
}

static void place(struct lease_table *table, struct heap_item what, uint32_t at)
{
    *item(table, at) = what;
    lease_entry(table, what.entry)->heap_at = at;
}

/* Both begin with a hole at `at`, where `what` would go, and end with it in its place. */
static uint32_t sift_up(struct lease_table *table, struct heap_item what, uint32_t at)
{
    while (at > 0) {
        const struct heap_item parent = *item(table, (at - 1) / CHILDREN);

        if (!is_due_before(table, &what, &parent))
            break;
        place(table, parent, at);
        at = (at - 1) / CHILDREN;
    }
    return at;
}

/* The child of `at` that is due first; LEASE_NONE if it has none. */
static uint32_t first_child(const struct lease_table *table, uint32_t at)
{
    const uint64_t begin = (uint64_t)at * CHILDREN + 1;

    if (begin >= table->heap_count)
        return LEASE_NONE;

    const struct heap_item *children = item(table, (uint32_t)begin);
    const uint64_t left = table->heap_count - begin;
    uint32_t first = 0;

    for (uint32_t i = 1; i < CHILDREN && i < left; i++) {
        if (is_due_before(table, &children[i], &children[first]))
            first = i;
    }
    return (uint32_t)begin + first;
}

static uint32_t sift_down(struct lease_table *table, struct heap_item what, uint32_t at)
{
    for (;;) {
        const uint32_t child = first_child(table, at);

        if (child == LEASE_NONE || !is_due_before(table, item(table, child), &what))
            break;
        place(table, *item(table, child), at);
        at = child;
    }
    return at;
}

static void settle(struct lease_table *table, struct heap_item what, uint32_t at)
{
    place(table, what, sift_down(table, what, sift_up(table, what, at)));
}

void lease_expiry_set(struct lease_table *table, struct entry *entry, struct instant due)
{
    const struct heap_item what = {due, entry->lease.index};
    uint8_t *where = &entry->lease.binding.place;

    ASSERT(*where != LEASE_IN_FREE_LIST);
    if (*where == LEASE_NOWHERE) {
        while (table->heap.count <= table->heap_count + HEAP_BEGIN)
            segments_add(&table->heap, sizeof(struct heap_item));
        *where = LEASE_IN_HEAP;
        entry->heap_at = table->heap_count++;
    }
    settle(table, what, entry->heap_at);
}

void lease_expiry_remove(struct lease_table *table, struct entry *entry)
{
    if (entry->lease.binding.place != LEASE_IN_HEAP)
        return;

    const uint32_t at = entry->heap_at;

    ASSERT(at < table->heap_count && item(table, at)->entry == entry->lease.index);
    entry->lease.binding.place = LEASE_NOWHERE;

    const struct heap_item last = *item(table, --table->heap_count);

    if (at < table->heap_count)
        settle(table, last, at);
}

struct lease *lease_table_earliest(struct lease_table *table, struct instant *due)
{
    if (table->heap_count == 0)
        return NULL;

    const struct heap_item *first = item(table, 0);
    struct lease *lease = &lease_entry(table, first->entry)->lease;

    ASSERT(lease->binding.state != BINDING_FREE);
    *due = first->due;
    return lease;
}

void lease_table_postpone(struct lease_table *table, struct lease *lease, struct instant due)
{
    struct entry *entry = lease_entry_of(lease);

    ASSERT(lease->binding.place == LEASE_IN_HEAP);
    lease_expiry_set(table, entry, due);
}
