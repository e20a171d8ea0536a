/* daemon/lease/expiry.c - what is due next: a heap of the records that are not FREE.
 *
 * Four children a node: half as deep as a binary one, and most renewals move nothing. */
#include "daemon/lease/table_internal.h"

#define CHILDREN 4

/* Equal moments go by address, so that the order depends on the records alone. */
static bool is_due_before(const struct entry *a, const struct entry *b)
{
    if (a->due.ms != b->due.ms)
        return a->due.ms < b->due.ms;
    return a->lease.binding.address.value < b->lease.binding.address.value;
}

static uint32_t *slot(const struct lease_table *table, uint32_t at)
{
    return segments_get(&table->heap, sizeof(uint32_t), at);
}

static struct entry *entry_at(const struct lease_table *table, uint32_t at)
{
    return lease_entry(table, *slot(table, at));
}

static void place(struct lease_table *table, struct entry *entry, uint32_t at)
{
    *slot(table, at) = entry->lease.index;
    entry->heap_at = at;
}

static void sift_up(struct lease_table *table, struct entry *entry, uint32_t at)
{
    while (at > 0) {
        struct entry *parent = entry_at(table, (at - 1) / CHILDREN);

        if (!is_due_before(entry, parent))
            break;
        place(table, parent, at);
        at = (at - 1) / CHILDREN;
    }
    place(table, entry, at);
}

/* The child of `at` that is due first, or NULL. */
static struct entry *first_child(const struct lease_table *table, uint32_t at)
{
    struct entry *first = NULL;
    const uint64_t begin = (uint64_t)at * CHILDREN + 1;

    for (uint64_t i = begin; i < begin + CHILDREN && i < table->heap_count; i++) {
        struct entry *child = entry_at(table, (uint32_t)i);

        if (first == NULL || is_due_before(child, first))
            first = child;
    }
    return first;
}

static void sift_down(struct lease_table *table, struct entry *entry, uint32_t at)
{
    for (;;) {
        struct entry *child = first_child(table, at);

        if (child == NULL || !is_due_before(child, entry))
            break;

        const uint32_t child_at = child->heap_at;

        place(table, child, at);
        at = child_at;
    }
    place(table, entry, at);
}

static void settle(struct lease_table *table, struct entry *entry, uint32_t at)
{
    sift_up(table, entry, at);
    sift_down(table, entry, entry->heap_at);
}

void lease_expiry_set(struct lease_table *table, struct entry *entry, struct instant due)
{
    ASSERT(!entry->in_free_list);
    entry->due = due;
    if (entry->heap_at == LEASE_NONE) {
        if (table->heap_count == table->heap.count)
            segments_add(&table->heap, sizeof(uint32_t));
        place(table, entry, table->heap_count++);
    }
    settle(table, entry, entry->heap_at);
}

void lease_expiry_remove(struct lease_table *table, struct entry *entry)
{
    const uint32_t at = entry->heap_at;

    if (at == LEASE_NONE)
        return;
    ASSERT(at < table->heap_count && *slot(table, at) == entry->lease.index);
    entry->heap_at = LEASE_NONE;

    struct entry *last = entry_at(table, --table->heap_count);

    if (last != entry)
        settle(table, last, at);
}

struct lease *lease_table_earliest(struct lease_table *table, struct instant *due)
{
    if (table->heap_count == 0)
        return NULL;

    struct entry *entry = entry_at(table, 0);

    ASSERT(entry->lease.binding.state != BINDING_FREE);
    *due = entry->due;
    return &entry->lease;
}

void lease_table_postpone(struct lease_table *table, struct lease *lease, struct instant due)
{
    struct entry *entry = lease_entry_of(lease);

    ASSERT(entry->heap_at != LEASE_NONE);
    lease_expiry_set(table, entry, due);
}
