/* proto/option_encode.c - a text value to its wire form. */
#include "proto/option_domain.h"
#include "proto/option_internal.h"

#define TUPLE_MAX  255
#define VALUE_MAX  65535 /* no option we keep is longer */
#define ROUTE_MAX  9     /* width, four octets, router */
#define PREFIX_MAX 32

enum td_err sink_append(struct sink *sink, const void *bytes, size_t size)
{
    if (size > sink->capacity - *sink->used)
        return TD_NO_SPACE;
    if (size > 0)
        memcpy(sink->out + *sink->used, bytes, size);
    *sink->used += size;
    return TD_OK;
}

/* The low `size` bytes of `value` in network order. */
static void store_number(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

enum td_err sink_append_number(struct sink *sink, uint64_t value, size_t size)
{
    uint8_t bytes[8];

    store_number(bytes, value, size);
    return sink_append(sink, bytes, size);
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

bool number_from_text(const char *text, uint64_t max, uint64_t *out)
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
        if (value > (max - (uint64_t)digit) / base)
            return false;
        value = value * base + (uint64_t)digit;
    }
    *out = value;
    return true;
}

static enum td_err encode_number(struct sink *sink, const char *text, size_t size)
{
    uint64_t value;

    if (!number_from_text(text, UINT64_MAX >> (64 - 8 * size), &value))
        return TD_MALFORMED;
    return sink_append_number(sink, value, size);
}

static enum td_err encode_signed(struct sink *sink, const char *text, size_t size)
{
    const bool negative = text[0] == '-';
    const uint64_t max = UINT64_MAX >> (65 - 8 * size);
    uint64_t value;

    if (!number_from_text(text + (negative ? 1 : 0), max + (negative ? 1 : 0), &value))
        return TD_MALFORMED;
    return sink_append_number(sink, negative ? 0 - value : value, size);
}

static enum td_err encode_ip(struct sink *sink, const char *text)
{
    struct ip4 address;

    return ip4_parse(text, &address) ? sink_append_number(sink, address.value, 4)
                                     : TD_MALFORMED;
}

static enum td_err encode_ip6(struct sink *sink, const char *text)
{
    uint8_t address[16];

    return ip6_parse(text, address) ? sink_append(sink, address, sizeof address) : TD_MALFORMED;
}

static enum td_err encode_counted_ips(struct sink *sink, const char *text)
{
    const size_t before = *sink->used;
    enum td_err err = sink_append_number(sink, 0, 1);

    if (err == TD_OK)
        err = encode_comma_ips(sink, text, UINT8_MAX);
    if (err == TD_OK)
        sink->out[before] = (uint8_t)((*sink->used - before - 1) / 4);
    else
        *sink->used = before;
    return err;
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
    return sink_append(sink, wire, sizeof wire);
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
    return sink_append(sink, wire, 1 + octets + 4);
}

static enum td_err encode_bool(struct sink *sink, const char *text)
{
    if (strcmp(text, "true") == 0)
        return sink_append_number(sink, 1, 1);
    if (strcmp(text, "false") == 0)
        return sink_append_number(sink, 0, 1);
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

    return size == 0 || size > VALUE_MAX ? TD_MALFORMED : sink_append(sink, text, size);
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
    err = sink_append_number(sink, (uint32_t)size, length_size);
    return err == TD_OK ? sink_append(sink, text, size) : err;
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
    case OPTION_TYPE_U32_LIST:
        return encode_number(&sink, text, 4);
    case OPTION_TYPE_U64:
        return encode_number(&sink, text, 8);
    case OPTION_TYPE_I8:
        return encode_signed(&sink, text, 1);
    case OPTION_TYPE_I16:
        return encode_signed(&sink, text, 2);
    case OPTION_TYPE_I32:
    case OPTION_TYPE_I32_LIST:
        return encode_signed(&sink, text, 4);
    case OPTION_TYPE_IP6:
    case OPTION_TYPE_IP6_LIST:
        return encode_ip6(&sink, text);
    case OPTION_TYPE_BOOL:
    case OPTION_TYPE_BOOL_LIST:
        return encode_bool(&sink, text);
    case OPTION_TYPE_STRING:
        return encode_string(&sink, text);
    case OPTION_TYPE_FQDN:
    case OPTION_TYPE_NAME_LIST:
        return domain_encode(text, false, out, capacity, used);
    case OPTION_TYPE_FQDN_LIST:
        return domain_encode(text, true, out, capacity, used);
    case OPTION_TYPE_ROUTES:
        return encode_route(&sink, text);
    case OPTION_TYPE_TUPLES:
        return encode_user_class(&sink, text);
    case OPTION_TYPE_URI_TUPLES:
        return encode_uri(&sink, text);
    case OPTION_TYPE_COUNTED_IPS:
        return encode_counted_ips(&sink, text);
    case OPTION_TYPE_SIP:
        return encode_sip(&sink, text);
    case OPTION_TYPE_DNR:
        return encode_dnr(&sink, text);
    case OPTION_TYPE_BINARY:
    case OPTION_TYPE_OPAQUE:
    case OPTION_TYPE_CLIENT_FQDN:
    case OPTION_TYPE_SUBOPTIONS:
    case OPTION_TYPE_VENDOR_SPACE:
    case OPTION_TYPE_VENDOR_CLASS:
    case OPTION_TYPE_VENDOR_OPTIONS:
        return encode_binary(&sink, text);
    case OPTION_TYPE_RECORD:
    case OPTION_TYPE_RECORD_LIST:
        return TD_MALFORMED;
    case OPTION_TYPE_EMPTY:
        return text[0] == '\0' ? TD_OK : TD_MALFORMED;
    }
    return TD_MALFORMED;
}

enum td_err option_encode(const struct option_definition *definition, const char *text,
                          uint8_t *out, size_t capacity, size_t *used)
{
    struct sink sink = {out, capacity, used};

    if (definition->record == NULL)
        return option_text_to_wire(definition->type, text, out, capacity, used);
    ASSERT(*used <= capacity);
    return encode_record(definition->record, &sink, text);
}
