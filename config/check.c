/* config/check.c - subnets, pools and reservations against each other. */
#include "config/loader.h"

#include <stdlib.h>

#include "proto/dhcp4.h"

/* What cannot be used goes last. */
static int compare_usable(const struct node *a, const struct node *b)
{
    return (a == NULL) - (b == NULL);
}

static int compare_addresses(struct ip4 a, struct ip4 b)
{
    return a.value < b.value ? -1 : a.value > b.value;
}

static int compare_subnets(const void *left, const void *right)
{
    const struct draft_subnet *a = left, *b = right;
    int order = compare_addresses(a->subnet.network, b->subnet.network);

    if (a->place == NULL || b->place == NULL)
        return compare_usable(a->place, b->place);
    if (order == 0)
        order = (a->subnet.prefix_length > b->subnet.prefix_length) -
                (a->subnet.prefix_length < b->subnet.prefix_length);
    return order != 0 ? order : compare_places(a->place, b->place);
}

static int compare_pools(const void *left, const void *right)
{
    const struct draft_pool *a = left, *b = right;
    int order = compare_addresses(a->pool.range.first, b->pool.range.first);

    if (a->place == NULL || b->place == NULL)
        return compare_usable(a->place, b->place);
    return order != 0 ? order : compare_places(a->place, b->place);
}

static int compare_reserved(const void *left, const void *right)
{
    const struct draft_reservation *a = left, *b = right;
    int order = compare_addresses(a->reservation.address, b->reservation.address);

    if (a->place == NULL || b->place == NULL)
        return compare_usable(a->place, b->place);
    return order != 0 ? order : compare_places(a->place, b->place);
}

static int compare_clients(const void *left, const void *right)
{
    const struct draft_reservation *a = *(const struct draft_reservation *const *)left;
    const struct draft_reservation *b = *(const struct draft_reservation *const *)right;
    struct span x = a->reservation.key, y = b->reservation.key;
    int order;

    if (a->place == NULL || b->place == NULL)
        return compare_usable(a->place, b->place);
    order = (x.size > y.size) - (x.size < y.size);
    if (order == 0)
        order = memcmp(x.data, y.data, x.size);
    return order != 0 ? order : compare_places(a->place, b->place);
}

static void sort(void *items, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(items, count, size, compare);
}

static void check_pools(struct loader *l, struct draft_subnet *subnet)
{
    const struct draft_pool *widest = NULL; /* of those before, the one that reaches farthest */
    char one[RANGE_TEXT_SIZE], other[RANGE_TEXT_SIZE];

    sort(subnet->pools, subnet->pool_count, sizeof(*subnet->pools), compare_pools);
    for (size_t i = 0; i < subnet->pool_count && subnet->pools[i].place != NULL; i++) {
        const struct draft_pool *pool = &subnet->pools[i];

        if (widest != NULL && pool->pool.range.first.value <= widest->pool.range.last.value) {
            bool later = compare_places(pool->place, widest->place) > 0;
            const struct draft_pool *second = later ? pool : widest;
            const struct draft_pool *first = later ? widest : pool;

            complain(l, second->place,
                     "range: %s overlaps %s of %s; write ranges that are "
                     "apart",
                     range_format(second->pool.range, one),
                     range_format(first->pool.range, other),
                     place_of(l, first->place, second->place));
        }
        if (widest == NULL || pool->pool.range.last.value > widest->pool.range.last.value)
            widest = pool;
    }
}

/* Two reservations that cannot stand beside each other; of different files each with its name.
 */
static void complain_both(struct loader *l, const struct draft_reservation *first,
                          const struct draft_reservation *second, const char *of,
                          const char *what)
{
    const struct config_reservation *a = &first->reservation, *b = &second->reservation;

    ASSERT(first->place != NULL && second->place != NULL); /* the others come last */
    if (first->place->file == second->place->file)
        complain(l, second->place,
                 "reservations of lines %d and %d are for one %s, %s; keep "
                 "one of them",
                 a->line, b->line, of, what);
    else
        complain(l, second->place,
                 "the reservations at %s:%d and %s:%d are for one %s, %s; keep one of them",
                 a->file, a->line, b->file, b->line, of, what);
}

static void check_clients(struct loader *l, const struct draft_subnet *subnet)
{
    size_t count = subnet->reservation_count;
    const struct draft_reservation **clients =
        ARENA_ARRAY(l->scratch, const struct draft_reservation *, count);

    for (size_t i = 0; i < count; i++)
        clients[i] = &subnet->reservations[i];
    sort(clients, count, sizeof(struct draft_reservation *), compare_clients);
    for (size_t i = 1; i < count && clients[i]->place != NULL; i++) {
        const struct span key = clients[i]->reservation.key;
        char text[64];

        if (span_equal(clients[i - 1]->reservation.key, key))
            complain_both(l, clients[i - 1], clients[i], "client",
                          client_key_format(key, text, sizeof(text)));
    }
}

void check_reservations(struct loader *l, struct draft_subnet *subnet)
{
    sort(subnet->reservations, subnet->reservation_count, sizeof(*subnet->reservations),
         compare_reserved);
    for (size_t i = 1; i < subnet->reservation_count; i++) {
        const struct draft_reservation *first = &subnet->reservations[i - 1];
        const struct draft_reservation *second = &subnet->reservations[i];
        char text[IP4_TEXT_SIZE];

        if (second->place != NULL && second->reservation.address.value != 0 &&
            ip4_equal(first->reservation.address, second->reservation.address))
            complain_both(l, first, second, "address",
                          ip4_format(first->reservation.address, text));
    }
    check_clients(l, subnet);
}

static void check_networks(struct loader *l, const struct draft_subnet *drafts, size_t count)
{
    const struct draft_subnet *widest = NULL;

    for (size_t i = 0; i < count && drafts[i].place != NULL; i++) {
        const struct draft_subnet *draft = &drafts[i];

        if (widest != NULL && subnet_holds(widest, draft->network.address)) {
            bool later = compare_places(draft->place, widest->place) > 0;
            const struct draft_subnet *second = later ? draft : widest;
            const struct draft_subnet *first = later ? widest : draft;

            if (strcmp(first->subnet.text, second->subnet.text) == 0)
                complain(l, second->place, "subnet: %s is given twice; the first is at %s",
                         second->subnet.text, place_of(l, first->place, second->place));
            else
                complain(l, second->place,
                         "subnet: %s overlaps %s of %s; write networks that are apart",
                         second->subnet.text, first->subnet.text,
                         place_of(l, first->place, second->place));
        } else {
            widest = draft; /* networks nest: the next outside this one is beyond it */
        }
    }
}

void check_subnets(struct loader *l, struct draft_subnet *drafts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_pools(l, &drafts[i]);
        check_reservations(l, &drafts[i]);
    }
    sort(drafts, count, sizeof(*drafts), compare_subnets);
    check_networks(l, drafts, count);
}
