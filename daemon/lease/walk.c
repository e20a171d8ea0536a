/* daemon/lease/walk.c - all entries as they lie in memory; all records in order of address. */
#include <stdlib.h>

#include "daemon/lease/sort.h"
#include "daemon/lease/table_internal.h"

void lease_table_walk_begin(const struct lease_table *table, struct lease_walk *walk)
{
    *walk = (struct lease_walk){.next = 0, .end = table->entries.count};
}

struct lease *lease_table_walk_next(struct lease_table *table, struct lease_walk *walk)
{
    return walk->next < walk->end ? &lease_entry(table, walk->next++)->lease : NULL;
}

void lease_table_list_begin(struct lease_table *table, struct lease_list *list)
{
    *list = (struct lease_list){.addresses = NULL};
    if (table->size == 0)
        return;

    uint32_t *scratch = lease_reallocate(NULL, table->size, sizeof(*scratch));

    list->addresses = lease_reallocate(NULL, table->size, sizeof(*list->addresses));
    for (uint32_t i = 0; i < table->entries.count; i++) {
        const struct entry *entry = lease_entry(table, i);

        if (!lease_entry_is_placeholder(entry))
            list->addresses[list->count++] = entry->lease.binding.address.value;
    }
    ASSERT(list->count == table->size);
    sort_addresses(list->addresses, scratch, list->count);
    free(scratch);
}

struct lease *lease_table_list_next(struct lease_table *table, struct lease_list *list)
{
    if (list->next == list->count)
        return NULL;

    struct entry *entry = lease_entry_find(table, ip4(list->addresses[list->next++]));

    ASSERT(entry != NULL);
    return &entry->lease;
}

void lease_table_list_end(struct lease_list *list)
{
    free(list->addresses);
    *list = (struct lease_list){.addresses = NULL};
}
