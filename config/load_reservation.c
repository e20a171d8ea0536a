/* config/load_reservation.c - the reservations of a subnet, and those written beside all
 * subnets.
 */
#include "config/loader.h"

#include <stdlib.h>

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

/* ---- one reservation ---- */

/* What does not depend on where it belongs. */
static struct section begin_reservation(struct loader *l, const struct node *node,
                                        struct config_reservation *out)
{
    struct section section = section_read(l, &schema_reservation, "reservations", node, out);

    out->file = file_name(l, node);
    out->line = node->line;
    return section;
}

/* `subnet` NULL: it is of none. */
static void end_reservation(struct loader *l, const struct section *section,
                            const struct draft_subnet *subnet, struct draft_reservation *out)
{
    const struct config_lease_time *above =
        subnet != NULL ? &subnet->effective : &l->config->terms.lease_time;
    struct config_reservation *reservation = &out->reservation;
    const struct node *address = section_value(section, "address");

    if (load_identity(l, section, &reservation->key) &&
        (address == NULL || reservation->address.value != 0))
        out->place = address != NULL ? address : section->map;
    reservation->classes = load_given_classes(l, "classes", section_value(section, "classes"));
    reservation->add_classes =
        load_given_classes(l, "add-classes", section_value(section, "add-classes"));
    load_reservation_options(l, section, reservation);
    load_lease_time(l, section_value(section, "lease-time"), above,
                    &reservation->terms.lease_time, NULL);
    load_care(l, section, &reservation->terms.care);
    if (subnet != NULL)
        check_matched(l, section_value(section, "client-id"), subnet);
}

static void load_reservation(struct loader *l, const struct node *node,
                             const struct draft_subnet *subnet, struct draft_reservation *out)
{
    struct config_reservation *reservation = &out->reservation;
    const struct section section = begin_reservation(l, node, reservation);

    if (section.map == NULL)
        return;
    if (reservation->address.value != 0 && subnet->place != NULL)
        check_reserved_address(l, subnet, section_value(&section, "address"),
                               reservation->address);
    end_reservation(l, &section, subnet, out);
}

void load_reservations(struct loader *l, const struct node *node, struct draft_subnet *subnet)
{
    struct items items = load_items(l, "reservations", node, false);

    subnet->reservations = ARENA_ARRAY(l->scratch, struct draft_reservation, items.count);
    subnet->reservation_count = items.count;
    for (size_t i = 0; i < items.count; i++)
        load_reservation(l, items_get(&items, i), subnet, &subnet->reservations[i]);
}

/* ---- those beside all subnets ---- */

static int compare_networks(const void *left, const void *right)
{
    const struct draft_subnet *a = *(const struct draft_subnet *const *)left;
    const struct draft_subnet *b = *(const struct draft_subnet *const *)right;

    return (a->network.address.value > b->network.address.value) -
           (a->network.address.value < b->network.address.value);
}

/* The drafts that can be used, by network. */
struct by_network {
    struct draft_subnet **drafts;
    size_t count;
};

static struct by_network sort_networks(struct loader *l, struct draft_subnet *drafts,
                                       size_t count)
{
    struct by_network sorted = {ARENA_ARRAY(l->scratch, struct draft_subnet *, count), 0};

    for (size_t i = 0; i < count; i++)
        if (drafts[i].place != NULL)
            sorted.drafts[sorted.count++] = &drafts[i];
    if (sorted.count > 1)
        qsort(sorted.drafts, sorted.count, sizeof(struct draft_subnet *), compare_networks);
    return sorted;
}

static struct draft_subnet *draft_of(const struct by_network *sorted, struct ip4 address)
{
    size_t low = 0, high = sorted->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (sorted->drafts[middle]->network.address.value <= address.value)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && subnet_holds(sorted->drafts[low - 1], address) ? sorted->drafts[low - 1]
                                                                     : NULL;
}

static struct draft_subnet *load_placed(struct loader *l, const struct node *node,
                                        const struct by_network *sorted,
                                        struct draft_reservation *out)
{
    struct config_reservation *reservation = &out->reservation;
    const struct section section = begin_reservation(l, node, reservation);
    struct draft_subnet *subnet = NULL;
    char text[IP4_TEXT_SIZE];

    if (section.map == NULL)
        return NULL;
    reservation->subnet = CONFIG_ANYWHERE;
    if (reservation->address.value != 0) {
        const struct node *address = section_value(&section, "address");

        subnet = draft_of(sorted, reservation->address);
        if (subnet == NULL)
            complain(l, address,
                     "address: %s is in no subnet; write one of a subnet of this configuration",
                     ip4_format(reservation->address, text));
        else
            check_reserved_address(l, subnet, address, reservation->address);
    }
    end_reservation(l, &section, subnet, out);
    return subnet;
}

/* Behind those that the subnet has written itself. */
static void append(struct loader *l, struct draft_subnet *subnet, size_t more)
{
    struct draft_reservation *all =
        ARENA_ARRAY(l->scratch, struct draft_reservation, subnet->reservation_count + more);

    if (subnet->reservation_count > 0)
        memcpy(all, subnet->reservations, subnet->reservation_count * sizeof(*all));
    subnet->reservations = all;
}

void load_all_reservations(struct loader *l, const struct node *node,
                           struct draft_subnet *drafts, size_t count,
                           struct draft_subnet *anywhere)
{
    const struct items items = load_items(l, "reservations", node, false);
    const struct by_network sorted = sort_networks(l, drafts, count);
    struct draft_reservation *all =
        ARENA_ARRAY(l->scratch, struct draft_reservation, items.count);
    struct draft_subnet **of = ARENA_ARRAY(l->scratch, struct draft_subnet *, items.count);

    for (size_t i = 0; i < items.count; i++) {
        of[i] = load_placed(l, items_get(&items, i), &sorted, &all[i]);
        if (of[i] == NULL)
            of[i] = anywhere;
        of[i]->more++;
    }
    for (size_t i = 0; i < items.count; i++) {
        struct draft_subnet *subnet = of[i];

        if (subnet->more > 0) {
            append(l, subnet, subnet->more);
            subnet->more = 0;
        }
        subnet->reservations[subnet->reservation_count++] = all[i];
    }
}

/* ---- one that is made while the server runs ---- */

struct single {
    struct config_reservation reservation; /* first: it stands for all of this */
    struct arena *arena;
};

/* The value of `address`, 0.0.0.0 when there is none that can be read. */
static struct ip4 peek_address(const struct node *root)
{
    struct ip4 address = ip4(0);

    for (size_t i = 0; root->kind == NODE_MAP && i + 1 < root->count; i += 2) {
        const struct node *key = root->items[i], *value = root->items[i + 1];

        if (key->kind == NODE_SCALAR && strcmp(key->text, "address") == 0 &&
            value->kind == NODE_SCALAR && !ip4_parse(value->text, &address))
            address = ip4(0);
    }
    return address;
}

static void load_single(struct loader *l, const struct node *root,
                        struct draft_reservation *out)
{
    const struct config_subnet *subnet = config_subnet_of(l->config, peek_address(root));
    struct draft_subnet draft = {.place = root}, *only = &draft;
    struct by_network sorted = {&only, subnet != NULL};

    if (subnet != NULL) {
        draft.subnet = *subnet;
        draft.network = (struct network){subnet->network, subnet->prefix_length};
        draft.effective = subnet->effective->lease_time;
    }
    if (load_placed(l, root, &sorted, out) != NULL)
        out->reservation.subnet = subnet->index;
}

struct config_reservation *config_reservation_parse(const struct config *config,
                                                    const char *text, size_t size,
                                                    struct config_problems *problems)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    struct arena scratch = {NULL};
    struct config copy = *config;
    struct draft_reservation draft = {.place = NULL};
    struct report report;
    struct loader l = {.arena = arena,
                       .scratch = &scratch,
                       .report = &report,
                       .config = &copy,
                       .node = "",
                       .visits = 2 * size + 1000};
    struct config_reservation *made = NULL;
    const struct node *root;

    ASSERT(arena != NULL);
    report_init(&report, problems);
    root = tree_parse(text, size, &scratch, &report);
    if (root != NULL)
        load_single(&l, root, &draft);
    if (report.errors == 0 && draft.place != NULL) {
        struct single *single = ARENA_ARRAY(arena, struct single, 1);

        single->arena = arena;
        single->reservation = draft.reservation;
        single->reservation.file = NULL;
        made = &single->reservation;
    } else {
        arena_free(arena);
        free(arena);
    }
    arena_free(&scratch);
    report_finish(&report);
    return made;
}

void config_reservation_free(struct config_reservation *reservation)
{
    struct arena *arena;

    if (reservation == NULL)
        return;
    arena = ((struct single *)(void *)reservation)->arena;
    arena_free(arena);
    free(arena);
}
