/* daemon/ctl/import/range.c - see range.h */
#include "daemon/ctl/import/range.h"

#include <stdlib.h>
#include <string.h>

static bool read_address(const char *text, size_t size, struct ip4 *out)
{
    char copy[IP4_TEXT_SIZE];

    while (size > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        size--;
    }
    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
        size--;
    if (size >= sizeof(copy))
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    return ip4_parse(copy, out);
}

bool network_read(const char *text, struct import_range *out)
{
    const char *slash = strchr(text, '/');
    struct ip4 address;

    if (slash == NULL || !read_address(text, (size_t)(slash - text), &address))
        return false;
    const char *digits = slash + 1;
    while (*digits == ' ')
        digits++;
    const size_t count = strspn(digits, "0123456789");
    if (count < 1 || count > 2 || digits[count] != '\0' || atoi(digits) > 32)
        return false;
    const unsigned length = (unsigned)atoi(digits);
    const uint32_t host = (uint32_t)((UINT64_C(1) << (32 - length)) - 1);
    out->first = ip4(address.value & ~host);
    out->last = ip4(address.value | host);
    return true;
}

const char *network_text(struct import *run, struct import_range network)
{
    const uint64_t size = (uint64_t)network.last.value - network.first.value + 1;
    char text[IP4_TEXT_SIZE];
    unsigned length = 32;

    while (length > 0 && UINT64_C(1) << (32 - length) < size)
        length--;
    return import_format(run, "%s/%u", ip4_format(network.first, text), length);
}

bool range_read(const char *text, struct import_range *out)
{
    const char *dash = strchr(text, '-');
    struct import_range range;

    if (dash == NULL)
        return network_read(text, out);
    if (!read_address(text, (size_t)(dash - text), &range.first) ||
        !read_address(dash + 1, strlen(dash + 1), &range.last) ||
        range.first.value > range.last.value)
        return false;
    *out = range;
    return true;
}

struct yaml *range_add_pool(struct import *run, struct yaml *pools, struct yaml *notes,
                            struct import_range network, struct import_range range,
                            struct place place, const char *what)
{
    char first[IP4_TEXT_SIZE], last[IP4_TEXT_SIZE];
    const bool has_ends = network.last.value - network.first.value >= 3;
    const uint32_t low = network.first.value + (has_ends ? 1 : 0);
    const uint32_t high = network.last.value - (has_ends ? 1 : 0);

    if (range.first.value > network.last.value || range.last.value < network.first.value ||
        range.first.value < network.first.value || range.last.value > network.last.value) {
        import_note(run, notes, place, what, "%s-%s is not inside the subnet %s",
                    ip4_format(range.first, first), ip4_format(range.last, last),
                    network_text(run, network));
        return NULL;
    }
    if (range.first.value < low || range.last.value > high) {
        import_note(run, notes, place, what,
                    "the network's own and its broadcast address are not given to clients");
        if (range.first.value < low)
            range.first = ip4(low);
        if (range.last.value > high)
            range.last = ip4(high);
        if (range.first.value > range.last.value)
            return NULL;
    }
    struct yaml *pool = yaml_map(run, pools, NULL);
    yaml_text(run, pool, "range",
              import_format(run, "%s-%s", ip4_format(range.first, first),
                            ip4_format(range.last, last)));
    run->pools++;
    return pool;
}
