/* config/load_place.c - subnets and shared networks, from drafts to the model's arrays. */
#include "config/loader.h"

/* What holds in a subnet: what it says itself, its shared network, the file. */
static void settle_ways(struct loader *l, const struct draft_subnet *draft,
                        struct config_ways *out)
{
    const struct config_ways *shared = draft->shared != NULL ? &draft->shared->link.ways : NULL;

    if (shared != NULL && out->interface == NULL)
        out->interface = shared->interface;
    if (out->server_identifier.value == 0 && shared != NULL)
        out->server_identifier = shared->server_identifier;
    if (out->server_identifier.value == 0)
        out->server_identifier = l->config->server_identifier;
}

static const struct config_terms says_nothing = {
    .options = &config_no_options, .boot = {.server_name = "", .boot_file_name = ""}};

/* The link of a subnet that is not on one that is there already. */
static struct config_link *add_link(struct loader *l, const struct draft_subnet *draft,
                                    struct config_link *links)
{
    struct config *config = l->config;
    struct config_link *link = &links[config->link_count];

    if (draft->shared != NULL)
        *link = draft->shared->link;
    else
        link->terms = says_nothing;
    link->index = config->link_count++;
    link->effective = terms_over(l->arena, &config->terms, &link->terms);
    return link;
}

static struct config_link *link_of(struct loader *l, const struct draft_subnet *draft,
                                   struct config_link *links)
{
    if (draft->shared == NULL)
        return add_link(l, draft, links);
    if (draft->shared->settled == NULL)
        draft->shared->settled = add_link(l, draft, links);
    return draft->shared->settled;
}

/* Which subnets each link has; they are ascending already. */
static void fill_links(struct loader *l, const struct config_subnet *subnets, size_t count,
                       struct config_link *links)
{
    const struct config_subnet **all =
        ARENA_ARRAY(l->arena, const struct config_subnet *, count);
    size_t *next = ARENA_ARRAY(l->scratch, size_t, l->config->link_count);
    size_t at = 0;

    for (size_t i = 0; i < count; i++)
        links[subnets[i].link->index].subnet_count++;
    for (size_t i = 0; i < l->config->link_count; i++) {
        links[i].subnets = all + at;
        next[i] = at;
        at += links[i].subnet_count;
    }
    for (size_t i = 0; i < count; i++)
        all[next[subnets[i].link->index]++] = &subnets[i];
}

static void settle_pools(struct loader *l, const struct draft_subnet *draft,
                         const struct config_subnet *subnet, struct config_pool *pools)
{
    for (size_t i = 0; i < draft->pool_count; i++) {
        pools[i] = draft->pools[i].pool;
        pools[i].index = subnet->first_pool + i;
        pools[i].subnet = subnet->index;
        pools[i].effective = terms_over(l->arena, subnet->effective, &pools[i].terms);
    }
}

/* From drafts in the model's order to the model's arrays. */
static void settle(struct loader *l, const struct draft_subnet *drafts, size_t count,
                   const struct draft_subnet *anywhere)
{
    struct config *config = l->config;
    struct config_subnet *subnets = ARENA_ARRAY(l->arena, struct config_subnet, count);
    struct config_link *links = ARENA_ARRAY(l->arena, struct config_link, count);
    struct config_pool *pools;
    struct config_reservation *reservations;
    size_t pool_count = 0, reservation_count = anywhere->reservation_count;

    for (size_t i = 0; i < count; i++) {
        pool_count += drafts[i].pool_count;
        reservation_count += drafts[i].reservation_count;
    }
    pools = ARENA_ARRAY(l->arena, struct config_pool, pool_count);
    reservations = ARENA_ARRAY(l->arena, struct config_reservation, reservation_count);
    config->subnets = subnets;
    config->subnet_count = count;
    config->links = links;
    config->pools = pools;
    config->pool_count = pool_count;
    pool_count = reservation_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct draft_subnet *draft = &drafts[i];

        subnets[i] = draft->subnet;
        subnets[i].index = i;
        subnets[i].link = link_of(l, draft, links);
        settle_ways(l, draft, &subnets[i].ways);
        subnets[i].first_pool = pool_count;
        subnets[i].pool_count = draft->pool_count;
        subnets[i].reservations = reservations + reservation_count;
        subnets[i].reservation_count = draft->reservation_count;
        subnets[i].effective =
            terms_over(l->arena, subnets[i].link->effective, &subnets[i].terms);
        settle_pools(l, draft, &subnets[i], pools + pool_count);
        pool_count += draft->pool_count;
        for (size_t j = 0; j < draft->reservation_count; j++, reservation_count++) {
            reservations[reservation_count] = draft->reservations[j].reservation;
            reservations[reservation_count].subnet = i;
        }
    }
    for (size_t i = 0; i < anywhere->reservation_count; i++)
        reservations[reservation_count++] = anywhere->reservations[i].reservation;
    fill_links(l, subnets, count, links);
    config_index_build(config, l->arena, reservations, reservation_count);
    config_digest(config, l->arena);
}

static void load_network(struct loader *l, const struct node *node, struct draft_network *out)
{
    struct section section =
        section_read(l, &schema_network, "shared-networks", node, &out->link);

    if (section.map == NULL)
        return;
    out->relay_place = section_value(&section, "relay");
    out->interface_place = section_value(&section, "interface");
    out->subnets = section_value(&section, "subnets");
    out->nodes = level_nodes_of(&section);
    load_relays(l, out->relay_place, &out->link.ways);
    out->link.admission = load_admission(l, &section);
    out->link.add_classes =
        load_given_classes(l, "add-classes", section_value(&section, "add-classes"));
    out->names = load_names(l, section_value(&section, "names"), l->config->names);
    load_contents(l, &section, &out->link.terms);
    load_lease_time(l, section_value(&section, "lease-time"), &l->config->terms.lease_time,
                    &out->link.terms.lease_time, &out->lease_time);
    load_care(l, &section, &out->link.terms.care);
}

static void check_network_names(struct loader *l, const struct draft_network *networks,
                                const struct items *items)
{
    for (size_t i = 1; i < items->count; i++) {
        for (size_t j = 0; j < i && networks[i].link.name != NULL; j++) {
            if (networks[j].link.name == NULL ||
                strcmp(networks[j].link.name, networks[i].link.name) != 0)
                continue;
            complain(l, items_get(items, i),
                     "shared network '%s' is given twice; the first is at %s",
                     networks[i].link.name,
                     place_of(l, items_get(items, j), items_get(items, i)));
            break;
        }
    }
}

/* More than the rows of a datacenter; what is compared is each with each. */
#define NETWORKS_MAX 4096

void load_places(struct loader *l, const struct node *root, const struct section *file)
{
    const struct node *subnets = section_value(file, "subnets");
    const struct node *networks = section_value(file, "shared-networks");
    struct items alone = load_items(l, "subnets", subnets, false);
    struct items items = load_items(l, "shared-networks", networks, false);
    struct draft_network *shared = ARENA_ARRAY(l->scratch, struct draft_network, items.count);
    struct items *inside = ARENA_ARRAY(l->scratch, struct items, items.count);
    struct draft_subnet anywhere = {.place = NULL};
    struct draft_subnet *drafts;
    size_t count = alone.count, at = 0;

    if (subnets == NULL && networks == NULL)
        complain(l, root, "the file has no 'subnets'; write for example 'subnets: %s'",
                 schema_file.keys[schema_key_place(&schema_file, "subnets")].example);
    if (items.count > NETWORKS_MAX) {
        complain(l, networks, "shared-networks: %zu items are too many; write at most %d",
                 items.count, NETWORKS_MAX);
        return;
    }
    for (size_t i = 0; i < items.count; i++) {
        load_network(l, items_get(&items, i), &shared[i]);
        inside[i] = load_items(l, "subnets", shared[i].subnets, false);
        count += inside[i].count;
    }
    check_network_names(l, shared, &items);
    drafts = ARENA_ARRAY(l->scratch, struct draft_subnet, count);
    for (size_t i = 0; i < alone.count; i++)
        load_subnet(l, items_get(&alone, i), NULL, &drafts[at++]);
    for (size_t i = 0; i < items.count; i++)
        for (size_t j = 0; j < inside[i].count; j++)
            load_subnet(l, items_get(&inside[i], j), &shared[i], &drafts[at++]);
    load_all_reservations(l, section_value(file, "reservations"), drafts, count, &anywhere);
    check_subnets(l, drafts, count);
    check_reservations(l, &anywhere);
    check_ways(l, shared, items.count, drafts, count);
    if (l->report->errors > 0)
        return;
    settle(l, drafts, count, &anywhere);
    check_sense(l, file, shared, items.count, drafts, count);
}
