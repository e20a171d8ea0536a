/* proto/option_encode.c - a text value to its wire form. */
#include "proto/option.h"
#include "proto/option_domain.h"

#define TUPLE_MAX  255
#define VALUE_MAX  65535 /* no option we keep is longer */
#define ROUTE_MAX  9     /* width, four octets, router */
#define PREFIX_MAX 32

/* Where the wire form goes. */
struct sink {
    uint8_t *out;
    size_t capacity;
    size_t *used;
};

static enum td_err append(struct sink *sink, const void *bytes, size_t size)
{
    if (size > sink->capacity - *sink->used)
        return TD_NO_SPACE;
    if (size > 0)
        memcpy(sink->out + *sink->used, bytes, size);
    *sink->used += size;
    return TD_OK;
}

/* The low `size` bytes of `value` in network order. */
static void store_number(uint8_t *at, uint32_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

static enum td_err append_number(struct sink *sink, uint32_t value, size_t size)
{
    uint8_t bytes[4];

    store_number(bytes, value, size);
    return append(sink, bytes, size);
}

static int digit_value(char c, unsigned base)
{
    int value = -1;

    if (c >= '0' && c <= '9')
        value = c - '0';
    else if (c >= 'a' && c <= 'f')
        value = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
        value = c - 'A' + 10;
    return value >= 0 && value < (int)base ? value : -1;
}

/* Decimal, or hexadecimal after "0x"; no sign, no leading zeros in decimal. */
static bool parse_number(const char *text, uint64_t max, uint64_t *out)
{
    const bool hex = text[0] == '0' && text[1] == 'x';
    const unsigned base = hex ? 16 : 10;
    uint64_t value = 0;

    if (hex)
        text += 2;
    else if (text[0] == '0' && text[1] != '\0')
        return false;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        const int digit = digit_value(*text, base);

        if (digit < 0)
            return false;
        value = value * base + (uint64_t)digit;
        if (value > max)
            return false;
    }
    *out = value;
    return true;
}

static enum td_err encode_number(struct sink *sink, const char *text, size_t size)
{
    uint64_t value;

    if (!parse_number(text, UINT32_MAX >> (32 - 8 * size), &value))
        return TD_MALFORMED;
    return append_number(sink, (uint32_t)value, size);
}

static enum td_err encode_signed(struct sink *sink, const char *text)
{
    const bool negative = text[0] == '-';
    uint64_t value;

    if (!parse_number(text + (negative ? 1 : 0), (uint64_t)INT32_MAX + (negative ? 1 : 0),
                      &value))
        return TD_MALFORMED;
    return append_number(sink, (uint32_t)(negative ? 0 - value : value), 4);
}

static enum td_err encode_ip(struct sink *sink, const char *text)
{
    struct ip4 address;

    return ip4_parse(text, &address) ? append_number(sink, address.value, 4) : TD_MALFORMED;
}

/* Reads an address that ends at a blank, at '/' or with the text; gives where it ends. */
static const char *parse_ip_word(const char *text, struct ip4 *out)
{
    const size_t size = strcspn(text, " \t/");
    char word[IP4_TEXT_SIZE];

    if (size >= sizeof word)
        return NULL;
    memcpy(word, text, size);
    word[size] = '\0';
    return ip4_parse(word, out) ? text + size : NULL;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static enum td_err encode_pair(struct sink *sink, const char *text)
{
    struct ip4 first, second;
    uint8_t wire[8];
    const char *rest = parse_ip_word(text, &first);

    if (rest == NULL || skip_blanks(rest) == rest || !ip4_parse(skip_blanks(rest), &second))
        return TD_MALFORMED;
    store_number(wire, first.value, 4);
    store_number(wire + 4, second.value, 4);
    return append(sink, wire, sizeof wire);
}

/* Reads "default" or "10.0.0.0/8"; gives what follows, NULL if it is neither. */
static const char *parse_destination(const char *text, struct ip4 *network, unsigned *width)
{
    static const char any[] = "default";

    if (strncmp(text, any, sizeof any - 1) == 0) {
        *network = ip4(0);
        *width = 0;
        return text + sizeof any - 1;
    }
    text = parse_ip_word(text, network);
    if (text == NULL || *text++ != '/' || *text < '0' || *text > '9')
        return NULL;
    *width = (unsigned)(*text++ - '0');
    if (*width != 0 && *text >= '0' && *text <= '9')
        *width = *width * 10 + (unsigned)(*text++ - '0');
    /* Bits beyond the width are a typing error in one of the two. */
    if (*width > PREFIX_MAX || (*width < PREFIX_MAX && network->value << *width != 0))
        return NULL;
    return text;
}

static enum td_err encode_route(struct sink *sink, const char *text)
{
    struct ip4 network, router;
    unsigned width;
    uint8_t wire[ROUTE_MAX];
    const char *via = parse_destination(text, &network, &width);

    if (via == NULL || skip_blanks(via) == via)
        return TD_MALFORMED;
    via = skip_blanks(via);
    if (strncmp(via, "via", 3) != 0 || skip_blanks(via + 3) == via + 3 ||
        !ip4_parse(skip_blanks(via + 3), &router))
        return TD_MALFORMED;

    const size_t octets = (width + 7) / 8;
    /* Only the octets that the width reaches are sent (RFC 3442). */
    wire[0] = (uint8_t)width;
    store_number(wire + 1, network.value, 4);
    store_number(wire + 1 + octets, router.value, 4);
    return append(sink, wire, 1 + octets + 4);
}

static enum td_err encode_bool(struct sink *sink, const char *text)
{
    if (strcmp(text, "true") == 0)
        return append_number(sink, 1, 1);
    if (strcmp(text, "false") == 0)
        return append_number(sink, 0, 1);
    return TD_MALFORMED;
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((uint8_t)*text < ' ' || *text == 0x7f)
            return true;
    }
    return false;
}

static enum td_err encode_bytes(struct sink *sink, const char *text)
{
    const size_t size = strlen(text);

    return size == 0 || size > VALUE_MAX ? TD_MALFORMED : append(sink, text, size);
}

/* Clients hand these texts to shell scripts and consoles: no control characters. */
static enum td_err encode_string(struct sink *sink, const char *text)
{
    return has_control(text) ? TD_MALFORMED : encode_bytes(sink, text);
}

/* A length of `length_size` bytes and the text. */
static enum td_err encode_tuple(struct sink *sink, const char *text, size_t length_size)
{
    const size_t size = strlen(text);
    enum td_err err;

    if (size + length_size > sink->capacity - *sink->used)
        return TD_NO_SPACE;
    err = append_number(sink, (uint32_t)size, length_size);
    return err == TD_OK ? append(sink, text, size) : err;
}

static enum td_err encode_user_class(struct sink *sink, const char *text)
{
    const size_t size = strlen(text);

    return size == 0 || size > TUPLE_MAX || has_control(text) ? TD_MALFORMED
                                                              : encode_tuple(sink, text, 1);
}

static enum td_err encode_uri(struct sink *sink, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~')
            return TD_MALFORMED;
    }
    return *text == '\0' || strlen(text) > VALUE_MAX ? TD_MALFORMED
                                                     : encode_tuple(sink, text, 2);
}

static enum td_err encode_binary(struct sink *sink, const char *text)
{
    static const char literally[] = "text:";
    const size_t room = sink->capacity - *sink->used;
    size_t size = room;

    if (strncmp(text, literally, sizeof literally - 1) == 0)
        return encode_bytes(sink, text + sizeof literally - 1);
    if (hex_parse(text, sink->out + *sink->used, &size)) {
        *sink->used += size;
        return TD_OK;
    }
    return size > room && size <= VALUE_MAX ? TD_NO_SPACE : TD_MALFORMED;
}

enum td_err option_text_to_wire(enum option_type type, const char *text, uint8_t *out,
                                size_t capacity, size_t *used)
{
    struct sink sink = {out, capacity, used};

    ASSERT(*used <= capacity);
    switch (type) {
    case OPTION_TYPE_IP:
    case OPTION_TYPE_IP_LIST:
        return encode_ip(&sink, text);
    case OPTION_TYPE_IP_PAIRS:
        return encode_pair(&sink, text);
    case OPTION_TYPE_U8:
    case OPTION_TYPE_U8_LIST:
        return encode_number(&sink, text, 1);
    case OPTION_TYPE_U16:
    case OPTION_TYPE_U16_LIST:
        return encode_number(&sink, text, 2);
    case OPTION_TYPE_U32:
        return encode_number(&sink, text, 4);
    case OPTION_TYPE_I32:
        return encode_signed(&sink, text);
    case OPTION_TYPE_BOOL:
        return encode_bool(&sink, text);
    case OPTION_TYPE_STRING:
        return encode_string(&sink, text);
    case OPTION_TYPE_FQDN:
        return domain_encode(text, false, out, capacity, used);
    case OPTION_TYPE_FQDN_LIST:
        return domain_encode(text, true, out, capacity, used);
    case OPTION_TYPE_ROUTES:
        return encode_route(&sink, text);
    case OPTION_TYPE_TUPLES:
        return encode_user_class(&sink, text);
    case OPTION_TYPE_URI_TUPLES:
        return encode_uri(&sink, text);
    case OPTION_TYPE_BINARY:
        return encode_binary(&sink, text);
    case OPTION_TYPE_EMPTY:
        return text[0] == '\0' ? TD_OK : TD_MALFORMED;
    }
    return TD_MALFORMED;
}
