/* config/load_pool.c - the pools of a subnet, and what their exclusions leave of them. */
#include "config/loader.h"

#include <stdlib.h>

static int compare_ranges(const void *left, const void *right)
{
    const struct ip4_range *a = left, *b = right;

    if (a->first.value != b->first.value)
        return a->first.value < b->first.value ? -1 : 1;
    return a->last.value < b->last.value ? -1 : a->last.value > b->last.value;
}

static void add_part(struct config_pool *pool, struct ip4_range *parts, uint64_t first,
                     uint64_t last)
{
    if (first > last)
        return;
    parts[pool->part_count++] = (struct ip4_range){ip4((uint32_t)first), ip4((uint32_t)last)};
    pool->size += last - first + 1;
}

/* The range without the `count` exclusions, which are inside it; sorts them. */
static void cut_parts(struct loader *l, struct config_pool *pool, struct ip4_range *excluded,
                      size_t count)
{
    struct ip4_range *parts = ARENA_ARRAY(l->arena, struct ip4_range, count + 1);
    uint64_t next = pool->range.first.value;

    if (count > 0)
        qsort(excluded, count, sizeof(*excluded), compare_ranges);
    for (size_t i = 0; i < count; i++) {
        if (excluded[i].first.value > next)
            add_part(pool, parts, next, (uint64_t)excluded[i].first.value - 1);
        if ((uint64_t)excluded[i].last.value + 1 > next)
            next = (uint64_t)excluded[i].last.value + 1;
    }
    add_part(pool, parts, next, pool->range.last.value);
    pool->parts = parts;
}

static void load_exclusions(struct loader *l, const struct node *node, struct draft_pool *out)
{
    struct items items = load_items(l, "exclude", node, true);
    struct ip4_range *excluded = ARENA_ARRAY(l->scratch, struct ip4_range, items.count);
    const struct ip4_range *range = &out->pool.range;
    char outside[RANGE_TEXT_SIZE], inside[RANGE_TEXT_SIZE];
    size_t count = 0;

    for (size_t i = 0; i < items.count; i++) {
        struct ip4_range *one = &excluded[count];

        if (!load_range(l, "exclude", items_get(&items, i), one) || out->place == NULL)
            continue;
        if (one->first.value < range->first.value || one->last.value > range->last.value)
            complain(l, items_get(&items, i),
                     "exclude: %s is not inside the range %s; exclude "
                     "only what the range holds",
                     range_format(*one, outside), range_format(*range, inside));
        else
            count++;
    }
    if (out->place == NULL)
        return;
    cut_parts(l, &out->pool, excluded, count);
    if (out->pool.size == 0)
        complain(l, node,
                 "exclude: nothing is left of the range %s; exclude less, or remove the "
                 "pool",
                 range_format(*range, inside));
}

static void check_pool_range(struct loader *l, const struct draft_subnet *subnet,
                             const struct draft_pool *pool)
{
    struct ip4_range range = pool->pool.range, hosts = subnet_hosts(subnet);
    char written[RANGE_TEXT_SIZE], right[RANGE_TEXT_SIZE];

    range_format(range, written);
    if (!subnet_holds(subnet, range.first) || !subnet_holds(subnet, range.last)) {
        complain(l, pool->place, "range: %s is not inside the subnet %s; its hosts are %s",
                 written, subnet->subnet.text, range_format(hosts, right));
        return;
    }
    if (range.first.value >= hosts.first.value && range.last.value <= hosts.last.value)
        return;
    if (range.first.value < hosts.first.value)
        range.first = hosts.first;
    if (range.last.value > hosts.last.value)
        range.last = hosts.last;
    complain(l, pool->place, "range: %s holds the network or broadcast address of %s; write %s",
             written, subnet->subnet.text,
             range_format(range.first.value <= range.last.value ? range : hosts, right));
}

static void load_pool(struct loader *l, const struct node *node, struct draft_subnet *subnet,
                      const struct config_lease_time *above, struct draft_pool *out)
{
    struct section section = section_read(l, &schema_pool, "pools", node, &out->pool);
    const struct node *range;

    if (section.map == NULL)
        return;
    out->nodes = level_nodes_of(&section);
    range = section_value(&section, "range");
    if (range != NULL && load_range(l, "range", range, &out->pool.range)) {
        out->place = range;
        if (subnet->place != NULL)
            check_pool_range(l, subnet, out);
    }
    load_exclusions(l, section_value(&section, "exclude"), out);
    load_contents(l, &section, &out->pool.terms);
    out->pool.admission = load_admission(l, &section);
    out->pool.add_classes =
        load_given_classes(l, "add-classes", section_value(&section, "add-classes"));
    load_lease_time(l, section_value(&section, "lease-time"), above,
                    &out->pool.terms.lease_time, NULL);
    load_care(l, &section, &out->pool.terms.care);
}

void load_pools(struct loader *l, const struct node *node, struct draft_subnet *subnet,
                const struct config_lease_time *above)
{
    struct items items = load_items(l, "pools", node, false);

    subnet->pools = ARENA_ARRAY(l->scratch, struct draft_pool, items.count);
    subnet->pool_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        load_pool(l, items_get(&items, i), subnet, above, &subnet->pools[i]);
}
