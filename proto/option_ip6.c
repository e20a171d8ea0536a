/* proto/option_ip6.c - IPv6 addresses as people write them (RFC 4291 2.2, RFC 5952). */
#include "proto/option.h"

#define GROUPS 8

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* One to four digits at `*text`, which moves behind them. */
static bool parse_group(const char **text, uint16_t *out)
{
    unsigned value = 0;
    int digits = 0;

    for (; hex_value(**text) >= 0; (*text)++) {
        if (++digits > 4)
            return false;
        value = value << 4 | (unsigned)hex_value(**text);
    }
    *out = (uint16_t)value;
    return digits > 0;
}

/* The address in groups; `*gap` is where "::" stands, or GROUPS when it does not. */
static bool parse_groups(const char *text, uint16_t groups[static GROUPS], size_t *count,
                         size_t *gap)
{
    struct ip4 last;

    *count = 0;
    *gap = GROUPS;
    if (text[0] == ':' && text[1] == ':') {
        *gap = 0;
        text += 2;
        if (*text == '\0')
            return true;
    }
    for (;;) {
        if (*count <= GROUPS - 2 && ip4_parse(text, &last)) {
            groups[(*count)++] = (uint16_t)(last.value >> 16);
            groups[(*count)++] = (uint16_t)last.value;
            return true;
        }
        if (*count == GROUPS || !parse_group(&text, &groups[*count]))
            return false;
        (*count)++;
        if (*text == '\0')
            return true;
        if (*text++ != ':')
            return false;
        if (*text != ':')
            continue;
        if (*gap != GROUPS)
            return false;
        *gap = *count;
        if (*++text == '\0')
            return true;
    }
}

bool ip6_parse(const char *text, uint8_t out[static 16])
{
    uint16_t groups[GROUPS] = {0}, whole[GROUPS] = {0};
    size_t count, gap;

    if (!parse_groups(text, groups, &count, &gap))
        return false;
    /* "::" stands for one group or more. */
    if (gap == GROUPS ? count != GROUPS : count >= GROUPS)
        return false;
    for (size_t i = 0; i < count; i++)
        whole[i < gap ? i : GROUPS - count + i] = groups[i];
    for (size_t i = 0; i < GROUPS; i++) {
        out[2 * i] = (uint8_t)(whole[i] >> 8);
        out[2 * i + 1] = (uint8_t)whole[i];
    }
    return true;
}

/* The first of the longest runs of two or more zero groups. */
static size_t find_zeros(const uint8_t *address, size_t *size)
{
    size_t best = GROUPS;

    *size = 1;
    for (size_t i = 0; i < GROUPS; i++) {
        size_t run = 0;

        while (i + run < GROUPS && address[2 * (i + run)] == 0 &&
               address[2 * (i + run) + 1] == 0)
            run++;
        if (run > *size) {
            *size = run;
            best = i;
        }
    }
    return best;
}

static char *format_group(const uint8_t *bytes, char *at)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned value = (unsigned)bytes[0] << 8 | bytes[1];
    bool begun = false;

    for (int shift = 12; shift >= 0; shift -= 4) {
        const unsigned digit = value >> shift & 0xf;

        begun = begun || digit != 0 || shift == 0;
        if (begun)
            *at++ = digits[digit];
    }
    return at;
}

char *ip6_format(const uint8_t address[static 16], char out[static IP6_TEXT_SIZE])
{
    size_t run;
    const size_t zeros = find_zeros(address, &run);
    char *at = out;

    for (size_t i = 0; i < GROUPS;) {
        if (i == zeros) {
            *at++ = ':';
            *at++ = ':';
            i += run;
            continue;
        }
        if (i > 0 && i != zeros + run)
            *at++ = ':';
        at = format_group(address + 2 * i, at);
        i++;
    }
    *at = '\0';
    return out;
}
