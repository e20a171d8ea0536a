/* config/ddns.c - which zone a name lies in. */
#include "config/ddns.h"

#include <stdio.h>

static bool lies_in(struct span name, const char *zone)
{
    const size_t size = strlen(zone);

    if (size > name.size || memcmp(name.data + (name.size - size), zone, size) != 0)
        return false;
    return size == name.size || name.data[name.size - size - 1] == '.';
}

const struct config_ddns_zone *config_ddns_zone_of(const struct config_ddns *ddns,
                                                   struct span name)
{
    const struct config_ddns_zone *best = NULL;

    for (size_t i = 0; i < ddns->zone_count; i++) {
        const struct config_ddns_zone *zone = &ddns->zones[i];

        if (lies_in(name, zone->zone) &&
            (best == NULL || strlen(zone->zone) > strlen(best->zone)))
            best = zone;
    }
    return best;
}

size_t config_reverse_name(struct ip4 address, char out[static REVERSE_NAME_SIZE])
{
    const uint32_t a = address.value;

    return (size_t)snprintf(out, REVERSE_NAME_SIZE, "%u.%u.%u.%u.in-addr.arpa", a & 255,
                            a >> 8 & 255, a >> 16 & 255, a >> 24);
}
