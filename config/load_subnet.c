/* config/load_subnet.c - `subnets:`, from drafts to the model's arrays. */
#include "config/loader.h"

/* Networks that are no link's: their first octet says so. */
static bool is_link_network(struct network network)
{
    uint32_t octet = network.address.value >> 24;

    return octet != 0 && octet != 127 && octet < 224;
}

#define PREFIX_MIN 8 /* the largest private network; its lease table is what memory allows */

static void load_network(struct loader *l, const struct node *node, struct draft_subnet *out)
{
    const char *text = node == NULL ? NULL : load_text(l, "subnet", node);
    char network_text[NETWORK_TEXT_SIZE];
    struct network network;

    if (text == NULL)
        return;
    if (!network_parse(text, &network)) {
        complain(l, node, "subnet: %s is not %s", quoted(l, text),
                 schema_type_name(SCHEMA_NETWORK));
        return;
    }
    if (!ip4_equal(network_first(network), network.address)) {
        network.address = network_first(network);
        complain(l, node, "subnet: %s has host bits set; write %s", quoted(l, text),
                 network_format(network, network_text));
        return;
    }
    if (!is_link_network(network) || network.prefix_length < PREFIX_MIN) {
        complain(l, node,
                 "subnet: %s is not the network of a link; write a unicast network of /8 "
                 "to /32",
                 quoted(l, text));
        return;
    }
    out->place = node;
    out->network = network;
    out->subnet.network = network.address;
    out->subnet.prefix_length = network.prefix_length;
    (void)network_format(network, network_text);
    out->subnet.text = arena_text(l->arena, network_text, strlen(network_text));
}

bool subnet_holds(const struct draft_subnet *subnet, struct ip4 address)
{
    return address.value >= network_first(subnet->network).value &&
           address.value <= network_last(subnet->network).value;
}

struct ip4_range subnet_hosts(const struct draft_subnet *subnet)
{
    struct ip4_range hosts = {network_first(subnet->network), network_last(subnet->network)};

    if (subnet->network.prefix_length < 31) {
        hosts.first.value++;
        hosts.last.value--;
    }
    return hosts;
}

static void load_subnet(struct loader *l, const struct node *node, struct draft_subnet *out)
{
    struct section section = section_read(l, &schema_subnet, "subnets", node, &out->subnet);
    struct config_lease_time effective;

    if (section.map == NULL)
        return;
    load_network(l, section_value(&section, "subnet"), out);
    out->subnet.terms.options = load_options(l, section_value(&section, "options"));
    load_lease_time(l, section_value(&section, "lease-time"), &l->config->terms.lease_time,
                    &out->subnet.terms.lease_time, &effective);
    load_pools(l, section_value(&section, "pools"), out, &effective);
    load_reservations(l, section_value(&section, "reservations"), out, &effective);
}

/* From drafts in the model's order to the model's arrays. */
static void settle(struct loader *l, const struct draft_subnet *drafts, size_t count)
{
    struct config *config = l->config;
    struct config_subnet *subnets = ARENA_ARRAY(l->arena, struct config_subnet, count);
    struct config_pool *pools;
    struct config_reservation *reservations;
    size_t pool_count = 0, reservation_count = 0;

    for (size_t i = 0; i < count; i++) {
        pool_count += drafts[i].pool_count;
        reservation_count += drafts[i].reservation_count;
    }
    pools = ARENA_ARRAY(l->arena, struct config_pool, pool_count);
    reservations = ARENA_ARRAY(l->arena, struct config_reservation, reservation_count);
    config->subnets = subnets;
    config->subnet_count = count;
    config->pools = pools;
    config->pool_count = pool_count;
    pool_count = reservation_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct draft_subnet *draft = &drafts[i];

        subnets[i] = draft->subnet;
        subnets[i].index = i;
        subnets[i].first_pool = pool_count;
        subnets[i].pool_count = draft->pool_count;
        subnets[i].reservations = reservations + reservation_count;
        subnets[i].reservation_count = draft->reservation_count;
        subnets[i].effective = terms_over(l->arena, &config->terms, &subnets[i].terms);
        for (size_t j = 0; j < draft->pool_count; j++, pool_count++) {
            pools[pool_count] = draft->pools[j].pool;
            pools[pool_count].index = pool_count;
            pools[pool_count].subnet = i;
            pools[pool_count].effective =
                terms_over(l->arena, subnets[i].effective, &pools[pool_count].terms);
        }
        for (size_t j = 0; j < draft->reservation_count; j++, reservation_count++) {
            reservations[reservation_count] = draft->reservations[j].reservation;
            reservations[reservation_count].subnet = i;
        }
    }
    config_index_build(config, l->arena, reservations, reservation_count);
    config_digest(config, l->arena);
}

void load_subnets(struct loader *l, const struct node *node)
{
    struct items items = load_items(l, "subnets", node, false);
    struct draft_subnet *drafts = ARENA_ARRAY(l->scratch, struct draft_subnet, items.count);

    for (size_t i = 0; i < items.count; i++)
        load_subnet(l, items_get(&items, i), &drafts[i]);
    check_subnets(l, drafts, items.count);
    if (l->report->problems->count == 0)
        settle(l, drafts, items.count);
}
