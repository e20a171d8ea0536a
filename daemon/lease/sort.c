/* daemon/lease/sort.c - radix sort. */
#include "daemon/lease/sort.h"

#define DIGITS 256

/* Turn how often each digit occurs into where its first occurrence goes.  False if all keys
 * have the same digit: nothing to do then. */
static bool places_of(size_t place[DIGITS], size_t count)
{
    size_t next = 0;

    for (size_t digit = 0; digit < DIGITS; digit++) {
        const size_t occurs = place[digit];

        if (occurs == count)
            return false;
        place[digit] = next;
        next += occurs;
    }
    return true;
}

void sort_items(struct sort_item *items, struct sort_item *scratch, size_t count)
{
    struct sort_item *from = items, *to = scratch;

    for (unsigned shift = 0; shift < 64 && count > 0; shift += 8) {
        size_t place[DIGITS] = {0};

        for (size_t i = 0; i < count; i++)
            place[from[i].key >> shift & 0xff]++;
        if (!places_of(place, count))
            continue;
        for (size_t i = 0; i < count; i++)
            to[place[from[i].key >> shift & 0xff]++] = from[i];

        struct sort_item *sorted = to;

        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, count * sizeof(*items));
}

void sort_addresses(uint32_t *addresses, uint32_t *scratch, size_t count)
{
    uint32_t *from = addresses, *to = scratch;

    for (unsigned shift = 0; shift < 32 && count > 0; shift += 8) {
        size_t place[DIGITS] = {0};

        for (size_t i = 0; i < count; i++)
            place[from[i] >> shift & 0xff]++;
        if (!places_of(place, count))
            continue;
        for (size_t i = 0; i < count; i++)
            to[place[from[i] >> shift & 0xff]++] = from[i];

        uint32_t *sorted = to;

        to = from;
        from = sorted;
    }
    if (from != addresses)
        memcpy(addresses, from, count * sizeof(*addresses));
}
