#include "config/scalar.h"

#include <inttypes.h>
#include <stdio.h>

/* Ten thousand days: far above what any key allows, far below what would overflow. */
#define DURATION_MAX_MS (INT64_C(10000) * 24 * 3600 * 1000)

static const struct {
    const char *name;
    int64_t ms;
} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The unit that `text` begins with, ARRAY_SIZE(units) if none. */
static size_t find_unit(const char *text)
{
    size_t size = 0;

    while (text[size] >= 'a' && text[size] <= 'z')
        size++;
    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
        if (strlen(units[i].name) == size && strncmp(units[i].name, text, size) == 0)
            return i;
    return ARRAY_SIZE(units);
}

enum duration_result duration_parse(const char *text, int64_t *ms)
{
    int64_t total = 0;
    size_t next_unit = 0; /* units go from large to small, each once */

    do {
        int64_t number = 0;
        size_t unit;

        if (!is_digit(*text))
            return DURATION_MALFORMED;
        for (; is_digit(*text); text++)
            if (number <= DURATION_MAX_MS)
                number = number * 10 + (*text - '0');
        if (*text == '\0' && next_unit == 0)
            return DURATION_NO_UNIT;
        unit = find_unit(text);
        if (unit == ARRAY_SIZE(units) || unit < next_unit)
            return DURATION_MALFORMED;
        if (number > (DURATION_MAX_MS - total) / units[unit].ms)
            return DURATION_TOO_LONG;
        total += number * units[unit].ms;
        text += strlen(units[unit].name);
        next_unit = unit + 1;
    } while (*text != '\0');
    *ms = total;
    return DURATION_OK;
}

char *duration_format(int64_t ms, char out[static DURATION_TEXT_SIZE])
{
    size_t used = 0;

    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        int64_t number = ms / units[i].ms;

        ms %= units[i].ms;
        if (number > 0 && used < DURATION_TEXT_SIZE)
            used += (size_t)snprintf(out + used, DURATION_TEXT_SIZE - used, "%" PRId64 "%s",
                                     number, units[i].name);
    }
    if (used == 0)
        memcpy(out, "0s", sizeof("0s"));
    return out;
}

bool number_parse(const char *text, uint32_t max, uint32_t *out)
{
    uint64_t number = 0;

    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++) {
        number = number * 10 + (uint64_t)(*text - '0');
        if (number > max)
            return false;
    }
    if (*text != '\0')
        return false;
    *out = (uint32_t)number;
    return true;
}

/* The address in the `size` bytes at `text`. */
static bool parse_address(const char *text, size_t size, struct ip4 *out)
{
    char copy[IP4_TEXT_SIZE];

    while (size > 0 && text[0] == ' ') {
        text++;
        size--;
    }
    while (size > 0 && text[size - 1] == ' ')
        size--;
    if (size >= sizeof(copy))
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    return ip4_parse(copy, out);
}

bool network_parse(const char *text, struct network *out)
{
    const char *slash = strchr(text, '/');
    struct ip4 address;
    uint32_t length;

    if (slash == NULL || !parse_address(text, (size_t)(slash - text), &address) ||
        !number_parse(slash + 1, 32, &length))
        return false;
    *out = (struct network){address, (uint8_t)length};
    return true;
}

static uint32_t host_bits(struct network network)
{
    return network.prefix_length == 0
               ? UINT32_MAX
               : (uint32_t)((UINT64_C(1) << (32 - network.prefix_length)) - 1);
}

struct ip4 network_first(struct network network)
{
    return ip4(network.address.value & ~host_bits(network));
}

struct ip4 network_last(struct network network)
{
    return ip4(network.address.value | host_bits(network));
}

char *network_format(struct network network, char out[static NETWORK_TEXT_SIZE])
{
    char address[IP4_TEXT_SIZE];

    (void)snprintf(out, NETWORK_TEXT_SIZE, "%s/%hhu", ip4_format(network.address, address),
                   network.prefix_length);
    return out;
}

enum range_kind range_parse(const char *text, struct ip4_range *out, struct network *network)
{
    const char *hyphen = strchr(text, '-');
    struct ip4_range range;

    if (strchr(text, '/') != NULL) {
        if (!network_parse(text, network))
            return RANGE_MALFORMED;
        *out = (struct ip4_range){network_first(*network), network_last(*network)};
        return RANGE_NETWORK;
    }
    if (hyphen == NULL) {
        if (!parse_address(text, strlen(text), &range.first))
            return RANGE_MALFORMED;
        *out = (struct ip4_range){range.first, range.first};
        return RANGE_ONE;
    }
    if (!parse_address(text, (size_t)(hyphen - text), &range.first) ||
        !parse_address(hyphen + 1, strlen(hyphen + 1), &range.last))
        return RANGE_MALFORMED;
    *out = range;
    return RANGE_TWO;
}

char *range_format(struct ip4_range range, char out[static RANGE_TEXT_SIZE])
{
    char first[IP4_TEXT_SIZE], last[IP4_TEXT_SIZE];

    if (ip4_equal(range.first, range.last))
        (void)snprintf(out, RANGE_TEXT_SIZE, "%s", ip4_format(range.first, first));
    else
        (void)snprintf(out, RANGE_TEXT_SIZE, "%s-%s", ip4_format(range.first, first),
                       ip4_format(range.last, last));
    return out;
}

bool endpoint_parse(const char *text, struct ip4 *address, uint16_t *port)
{
    const char *colon = strchr(text, ':');
    struct ip4 parsed;
    uint32_t number;

    if (colon == NULL || text[0] == ' ' ||
        !parse_address(text, (size_t)(colon - text), &parsed) ||
        !number_parse(colon + 1, UINT16_MAX, &number) || number == 0)
        return false;
    *address = parsed;
    *port = (uint16_t)number;
    return true;
}

bool link_parse(const char *text, struct ip4 *address, uint16_t *port)
{
    static const char scheme[] = "tcp://";
    size_t size = sizeof(scheme) - 1;

    return strncmp(text, scheme, size) == 0 && endpoint_parse(text + size, address, port);
}

bool name_valid(const char *text)
{
    size_t size = 0;

    if (text[0] == '-' || text[0] == '.')
        return false;
    for (; text[size] != '\0'; size++) {
        char c = text[size];

        if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '-' &&
            c != '_' && c != '.')
            return false;
    }
    return size >= 1 && size <= 63;
}

#define INTERFACE_SIZE 15 /* IFNAMSIZ without its terminator */

bool interface_valid(const char *name)
{
    size_t size = strlen(name);

    if (size == 0 || size > INTERFACE_SIZE || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)name[i] <= ' ' || name[i] == '/' || name[i] == ':' || name[i] == 0x7f)
            return false;
    return true;
}
