/* config/load_subnet.c - one subnet. */
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

void load_subnet(struct loader *l, const struct node *node, struct draft_network *shared,
                 struct draft_subnet *out)
{
    struct section section = section_read(l, &schema_subnet, "subnets", node, &out->subnet);

    if (section.map == NULL)
        return;
    out->shared = shared;
    load_network(l, section_value(&section, "subnet"), out);
    out->relay_place = section_value(&section, "relay");
    out->interface_place = section_value(&section, "interface");
    out->nodes = level_nodes_of(&section);
    load_relays(l, out->relay_place, &out->subnet.ways);
    load_contents(l, &section, &out->subnet.terms);
    out->subnet.admission = load_admission(l, &section);
    out->subnet.add_classes =
        load_given_classes(l, "add-classes", section_value(&section, "add-classes"));
    load_lease_time(l, section_value(&section, "lease-time"),
                    shared != NULL ? &shared->lease_time : &l->config->terms.lease_time,
                    &out->subnet.terms.lease_time, &out->effective);
    load_care(l, &section, &out->subnet.terms.care);
    load_probe(l, section_value(&section, "probe"), &l->config->probe, &out->subnet.probe);
    out->subnet.names = load_names(l, section_value(&section, "names"),
                                   shared != NULL ? shared->names : l->config->names);
    load_pools(l, section_value(&section, "pools"), out, &out->effective);
    load_reservations(l, section_value(&section, "reservations"), out);
}
