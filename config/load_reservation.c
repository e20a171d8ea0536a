/* config/load_reservation.c - the reservations of a subnet. */
#include "config/loader.h"

static void check_reserved_address(struct loader *l, const struct draft_subnet *subnet,
                                   const struct node *place, struct ip4 address)
{
    struct ip4_range hosts = subnet_hosts(subnet);
    char text[IP4_TEXT_SIZE], right[RANGE_TEXT_SIZE];

    if (!subnet_holds(subnet, address))
        complain(l, place, "address: %s is not inside the subnet %s; its hosts are %s",
                 ip4_format(address, text), subnet->subnet.text, range_format(hosts, right));
    else if (address.value < hosts.first.value || address.value > hosts.last.value)
        complain(l, place, "address: %s is the %s address of %s; its hosts are %s",
                 ip4_format(address, text),
                 address.value < hosts.first.value ? "network" : "broadcast",
                 subnet->subnet.text, range_format(hosts, right));
}

/* A client that is known by its hardware address alone never comes with the identifier. */
static void check_matched(struct loader *l, const struct node *client_id,
                          const struct draft_subnet *subnet)
{
    struct config_care care = l->config->terms.care;

    if (subnet->shared != NULL)
        care = config_care_over(care, &subnet->shared->link.terms.care);
    care = config_care_over(care, &subnet->subnet.terms.care);
    if (client_id != NULL && care.match_client_id == CONFIG_FLAG_NO)
        complain(l, client_id,
                 "client-id: no client of %s is known by it, for match-client-id is false "
                 "there; write hw-address, or match-client-id: true",
                 subnet->subnet.text != NULL ? subnet->subnet.text : "the subnet");
}

static void load_reservation(struct loader *l, const struct node *node,
                             const struct draft_subnet *subnet,
                             const struct config_lease_time *above,
                             struct draft_reservation *out)
{
    struct config_reservation *reservation = &out->reservation;
    struct section section =
        section_read(l, &schema_reservation, "reservations", node, reservation);
    const struct node *address;

    if (section.map == NULL)
        return;
    reservation->line = node->line;
    address = section_value(&section, "address");
    if (address != NULL && reservation->address.value != 0 && subnet->place != NULL)
        check_reserved_address(l, subnet, address, reservation->address);
    if (load_client(l, &section, &reservation->key) && reservation->address.value != 0)
        out->place = address;
    load_reservation_options(l, &section, reservation);
    load_lease_time(l, section_value(&section, "lease-time"), above,
                    &reservation->terms.lease_time, NULL);
    load_care(l, &section, &reservation->terms.care);
    check_matched(l, section_value(&section, "client-id"), subnet);
}

void load_reservations(struct loader *l, const struct node *node, struct draft_subnet *subnet,
                       const struct config_lease_time *above)
{
    struct items items = load_items(l, "reservations", node, false);

    subnet->reservations = ARENA_ARRAY(l->scratch, struct draft_reservation, items.count);
    subnet->reservation_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        load_reservation(l, items_get(&items, i), subnet, above, &subnet->reservations[i]);
}
