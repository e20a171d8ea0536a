/* config/load_leasequery.c - `leasequery:`. */
#include "config/loader.h"

#define ALLOW_MAX 4096 /* compared one by one with each query */

void load_leasequery(struct loader *l, const struct node *node)
{
    struct config_leasequery *out = &l->config->leasequery;
    struct section section;
    struct items items;
    struct ip4_range *allow;
    const struct node *bulk;

    if (node == NULL)
        return;
    section = section_read(l, &schema_leasequery, "leasequery", node, out);
    if (section.map == NULL)
        return;
    items = load_items(l, "allow", section_value(&section, "allow"), true);
    if (items.count > ALLOW_MAX) {
        complain(l, section_value(&section, "allow"),
                 "allow: %zu items are too many; write at most %d, or networks", items.count,
                 ALLOW_MAX);
        return;
    }
    allow = ARENA_ARRAY(l->arena, struct ip4_range, items.count);
    for (size_t i = 0; i < items.count; i++)
        if (load_range(l, "allow", items_get(&items, i), &allow[out->allow_count]))
            out->allow_count++;
    out->allow = allow;
    bulk = section_value(&section, "bulk");
    if (bulk == NULL)
        return;
    out->bulk = true;
    (void)section_read(l, &schema_bulk, "bulk", bulk, out);
}
