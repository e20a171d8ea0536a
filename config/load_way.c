/* config/load_way.c - how packets find a shared network or a subnet. */
#include "config/loader.h"

#include <stdlib.h>

/* More than the uplinks of one row. */
#define RELAYS_MAX 1024

/* Addresses of other hosts: none that no packet can carry as its relay. */
static bool is_host(struct ip4 address)
{
    const uint32_t octet = address.value >> 24;

    return octet != 0 && octet != 127 && octet < 224;
}

static bool relay_is_new(struct loader *l, const struct node *item, const struct ip4 *relays,
                         size_t count, struct ip4 address)
{
    char text[IP4_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        if (ip4_equal(relays[i], address)) {
            complain(l, item, "relay: %s is given twice; remove one",
                     ip4_format(address, text));
            return false;
        }
    }
    return true;
}

void load_relays(struct loader *l, const struct node *node, struct config_ways *out)
{
    struct items items = load_items(l, "relay", node, true);
    struct ip4 *relays;

    if (items.count > RELAYS_MAX) {
        complain(l, node, "relay: %zu items are too many; write at most %d", items.count,
                 RELAYS_MAX);
        return;
    }
    relays = ARENA_ARRAY(l->arena, struct ip4, items.count);
    for (size_t i = 0; i < items.count; i++) {
        const struct node *item = items_get(&items, i);
        const char *text = load_text(l, "relay", item);
        struct ip4 address;

        if (text == NULL)
            continue;
        if (!ip4_parse(text, &address) || !is_host(address))
            complain(l, item, "relay: %s is not an address of a relay; write one such as %s",
                     quoted(l, text), "192.0.2.1");
        else if (relay_is_new(l, item, relays, out->relay_count, address))
            relays[out->relay_count++] = address;
    }
    out->relays = relays;
}

/* ---- what was written in different places ---- */

struct written_relay {
    struct ip4 address;
    const struct node *place;
};

static int compare_relays(const void *left, const void *right)
{
    const struct written_relay *a = left, *b = right;

    if (a->address.value != b->address.value)
        return a->address.value < b->address.value ? -1 : 1;
    return compare_places(a->place, b->place);
}

static size_t collect(struct written_relay *all, size_t count, const struct config_ways *ways,
                      const struct node *place)
{
    for (size_t i = 0; i < ways->relay_count; i++)
        all[count++] = (struct written_relay){ways->relays[i], place};
    return count;
}

static void check_relays(struct loader *l, const struct draft_network *networks,
                         size_t network_count, const struct draft_subnet *subnets,
                         size_t subnet_count)
{
    struct written_relay *all;
    size_t count = 0;

    for (size_t i = 0; i < network_count; i++)
        count += networks[i].link.ways.relay_count;
    for (size_t i = 0; i < subnet_count; i++)
        count += subnets[i].subnet.ways.relay_count;
    if (count == 0)
        return;
    all = ARENA_ARRAY(l->scratch, struct written_relay, count);
    count = 0;
    for (size_t i = 0; i < network_count; i++)
        count = collect(all, count, &networks[i].link.ways, networks[i].relay_place);
    for (size_t i = 0; i < subnet_count; i++)
        count = collect(all, count, &subnets[i].subnet.ways, subnets[i].relay_place);
    qsort(all, count, sizeof(*all), compare_relays);
    for (size_t i = 1; i < count; i++) {
        char text[IP4_TEXT_SIZE];

        if (ip4_equal(all[i - 1].address, all[i].address))
            complain(l, all[i].place,
                     "relay: %s is already the relay of another place, at %s; keep one of "
                     "them",
                     ip4_format(all[i].address, text),
                     place_of(l, all[i - 1].place, all[i].place));
    }
}

/* The place that an attached client is in must be certain. */
struct attached {
    const char *interface;
    const struct node *place;
};

static int compare_attached(const void *left, const void *right)
{
    const struct attached *a = left, *b = right;
    int order = strcmp(a->interface, b->interface);

    return order != 0 ? order : compare_places(a->place, b->place);
}

static void check_interfaces(struct loader *l, const struct draft_network *networks,
                             size_t network_count, const struct draft_subnet *subnets,
                             size_t subnet_count)
{
    struct attached *all =
        ARENA_ARRAY(l->scratch, struct attached, network_count + subnet_count);
    size_t count = 0;

    for (size_t i = 0; i < network_count; i++)
        if (networks[i].link.ways.interface != NULL)
            all[count++] =
                (struct attached){networks[i].link.ways.interface, networks[i].interface_place};
    for (size_t i = 0; i < subnet_count; i++)
        if (subnets[i].subnet.ways.interface != NULL)
            all[count++] =
                (struct attached){subnets[i].subnet.ways.interface, subnets[i].interface_place};
    if (count > 1)
        qsort(all, count, sizeof(*all), compare_attached);
    for (size_t i = 1; i < count; i++)
        if (strcmp(all[i - 1].interface, all[i].interface) == 0)
            complain(l, all[i].place,
                     "interface: %s is already that of another place, at %s; put subnets "
                     "of one link into a shared network",
                     quoted(l, all[i].interface), place_of(l, all[i - 1].place, all[i].place));
}

void check_ways(struct loader *l, const struct draft_network *networks, size_t network_count,
                const struct draft_subnet *subnets, size_t subnet_count)
{
    check_relays(l, networks, network_count, subnets, subnet_count);
    check_interfaces(l, networks, network_count, subnets, subnet_count);
}
