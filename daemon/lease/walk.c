/* daemon/lease/walk.c - all records in ascending order of address. */
#include <stdlib.h>

#include "daemon/lease/sort.h"
#include "daemon/lease/table_internal.h"

void lease_table_walk_begin(struct lease_table *table, struct lease_walk *walk)
{
    *walk = (struct lease_walk){.addresses = NULL};
    if (table->size == 0)
        return;

    uint32_t *scratch = lease_reallocate(NULL, table->size, sizeof(*scratch));

    walk->addresses = lease_reallocate(NULL, table->size, sizeof(*walk->addresses));
    for (uint32_t i = 0; i < table->entries.count; i++) {
        const struct entry *entry = lease_entry(table, i);

        if (!lease_entry_is_placeholder(entry))
            walk->addresses[walk->count++] = entry->lease.binding.address.value;
    }
    ASSERT(walk->count == table->size);
    sort_addresses(walk->addresses, scratch, walk->count);
    free(scratch);
}

struct lease *lease_table_walk_next(struct lease_table *table, struct lease_walk *walk)
{
    if (walk->next == walk->count)
        return NULL;

    struct entry *entry = lease_entry_find(table, ip4(walk->addresses[walk->next++]));

    ASSERT(entry != NULL);
    return &entry->lease;
}

void lease_table_walk_end(struct lease_walk *walk)
{
    free(walk->addresses);
    *walk = (struct lease_walk){.addresses = NULL};
}
