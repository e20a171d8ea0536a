/* proto/option_literal.c - IPv4 addresses and runs of bytes as people write them. */
#include "proto/option.h"

bool ip4_parse(const char *text, struct ip4 *out)
{
    uint32_t value = 0;

    for (int part = 0; part < 4; part++) {
        unsigned octet = 0;
        int digits = 0;

        if (part > 0 && *text++ != '.')
            return false;
        for (; *text >= '0' && *text <= '9'; text++) {
            /* A leading zero means octal to some readers: nobody gets to guess here. */
            if (++digits > 3 || (digits == 2 && octet == 0))
                return false;
            octet = octet * 10 + (unsigned)(*text - '0');
        }
        if (digits == 0 || octet > 255)
            return false;
        value = value << 8 | octet;
    }
    if (*text != '\0')
        return false;
    *out = ip4(value);
    return true;
}

char *ip4_format(struct ip4 address, char out[static IP4_TEXT_SIZE])
{
    char *at = out;

    for (int shift = 24; shift >= 0; shift -= 8) {
        const unsigned octet = address.value >> shift & 0xff;

        if (octet >= 100)
            *at++ = (char)('0' + octet / 100);
        if (octet >= 10)
            *at++ = (char)('0' + octet / 10 % 10);
        *at++ = (char)('0' + octet % 10);
        *at++ = shift > 0 ? '.' : '\0';
    }
    return out;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static size_t count_digits(const char *text)
{
    size_t n = 0;

    while (hex_digit(text[n]) >= 0)
        n++;
    return n;
}

/* One group of digits becomes whole bytes; an odd count has its first digit alone. */
static void store_group(const char *digits, size_t count, uint8_t *out, size_t capacity,
                        size_t *size)
{
    unsigned byte = 0;

    for (size_t i = 0; i < count; i++) {
        byte = (byte << 4 | (unsigned)hex_digit(digits[i])) & 0xff;
        if ((count - i) % 2 == 0)
            continue;
        if (*size < capacity)
            out[*size] = (uint8_t)byte;
        (*size)++;
        byte = 0;
    }
}

/* Digits without separators in whole bytes; "aa:bb", "a-b" in one or two digits a byte;
 * "aabb.ccdd" in four. */
static bool group_fits(char separator, size_t digits)
{
    if (separator == '\0')
        return digits > 0 && digits % 2 == 0;
    if (separator == '.')
        return digits == 4;
    return digits == 1 || digits == 2;
}

/* Stores what `capacity` holds and gives the whole size in any case. */
static bool hex_scan(const char *text, uint8_t *out, size_t capacity, size_t *size)
{
    const bool prefixed = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *group = prefixed ? text + 2 : text;
    const char separator = group[count_digits(group)];

    *size = 0;
    if (separator != '\0' && (prefixed || strchr(":-.", separator) == NULL))
        return false;
    for (;;) {
        const size_t digits = count_digits(group);

        if (!group_fits(separator, digits))
            return false;
        store_group(group, digits, out, capacity, size);
        group += digits;
        if (*group == '\0')
            return true;
        if (*group++ != separator)
            return false;
    }
}

bool hex_parse(const char *text, uint8_t *out, size_t *size)
{
    const size_t capacity = *size;
    size_t needed;

    if (!hex_scan(text, NULL, 0, &needed))
        return false;
    *size = needed;
    return needed <= capacity && hex_scan(text, out, capacity, size);
}

char *hex_format(struct span bytes, char *out, size_t capacity)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    if (capacity == 0)
        return out;
    for (size_t i = 0; i < bytes.size; i++) {
        const size_t need = i == 0 ? 2 : 3;

        if (need >= capacity - at)
            break;
        if (i > 0)
            out[at++] = ':';
        out[at++] = digits[bytes.data[i] >> 4];
        out[at++] = digits[bytes.data[i] & 0xf];
    }
    out[at] = '\0';
    return out;
}
