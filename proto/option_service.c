/* proto/option_service.c - SIP servers (RFC 3361), network-designated resolvers (RFC 9463), and
 * the client's name (RFC 4702). */
#include "proto/cursor.h"
#include "proto/option_domain.h"
#include "proto/option_internal.h"

/* ---- 120 ---- */

enum sip_encoding { SIP_NAMES = 0, SIP_ADDRESSES = 1 };

/* The first element decides which encoding the option has. */
enum td_err encode_sip(struct sink *sink, const char *text)
{
    const size_t before = *sink->used;
    struct ip4 address;
    const uint8_t encoding = ip4_parse(text, &address) ? SIP_ADDRESSES : SIP_NAMES;
    enum td_err err = TD_OK;

    /* A name of numbers alone is an address written badly. */
    if (encoding == SIP_NAMES && text[strspn(text, "0123456789.")] == '\0')
        return TD_MALFORMED;
    if (before == 0)
        err = sink_append_number(sink, encoding, 1);
    else if (sink->out[0] != encoding)
        return TD_MALFORMED;
    if (err == TD_OK)
        err = encoding == SIP_ADDRESSES
                  ? sink_append_number(sink, address.value, 4)
                  : domain_encode(text, false, sink->out, sink->capacity, sink->used);
    if (err != TD_OK)
        *sink->used = before;
    return err;
}

bool put_sip(struct text *t, struct span wire)
{
    const struct span rest = span_of(wire.data + 1, wire.size - 1);

    if (rest.size == 0 || wire.data[0] > SIP_ADDRESSES)
        return false;
    return put_plain(
        t, wire.data[0] == SIP_ADDRESSES ? OPTION_TYPE_IP_LIST : OPTION_TYPE_NAME_LIST, rest);
}

/* ---- 162 ---- */

#define NAME_WIRE_MAX 255
#define ADDRESSES_MAX 63 /* their size is one byte */
#define PARAMETERS    16

enum parameter {
    PARAMETER_ALPN = 1,
    PARAMETER_NO_DEFAULT_ALPN = 2,
    PARAMETER_PORT = 3,
    PARAMETER_IPV4_HINT = 4,
    PARAMETER_IPV6_HINT = 6,
    PARAMETER_DOHPATH = 7,
};

static const struct {
    const char *name;
    enum parameter key;
} parameters[] = {
    {"alpn", PARAMETER_ALPN},
    {"no-default-alpn", PARAMETER_NO_DEFAULT_ALPN},
    {"port", PARAMETER_PORT},
    {"dohpath", PARAMETER_DOHPATH},
};

/* "alpn" or "key42" up to the '=' or the end; UINT32_MAX if it is neither, or one that RFC 9463
 * 3.1.8 forbids here: the hints, and what says that another is mandatory. */
static uint32_t parameter_key(const char *text)
{
    const size_t size = strcspn(text, "=");
    char number[6] = "";
    uint64_t key;

    for (size_t i = 0; i < ARRAY_SIZE(parameters); i++) {
        if (strlen(parameters[i].name) == size && strncmp(parameters[i].name, text, size) == 0)
            return parameters[i].key;
    }
    if (strncmp(text, "key", 3) != 0 || size - 3 >= sizeof number)
        return UINT32_MAX;
    memcpy(number, text + 3, size - 3);
    if (!number_from_text(number, UINT16_MAX - 1, &key) || key == 0 ||
        key == PARAMETER_IPV4_HINT || key == PARAMETER_IPV6_HINT)
        return UINT32_MAX;
    return (uint32_t)key;
}

/* "dot,h2": each with its size before it. */
static enum td_err encode_alpn(struct sink *sink, const char *text)
{
    for (;;) {
        const size_t size = strcspn(text, ",");
        enum td_err err;

        if (size == 0 || size > UINT8_MAX)
            return TD_MALFORMED;
        err = sink_append_number(sink, size, 1);
        if (err == TD_OK)
            err = sink_append(sink, text, size);
        if (err != TD_OK || text[size] == '\0')
            return err;
        text += size + 1;
    }
}

static enum td_err encode_parameter_value(struct sink *sink, uint32_t key, const char *value)
{
    switch (key) {
    case PARAMETER_ALPN:
        return value != NULL ? encode_alpn(sink, value) : TD_MALFORMED;
    case PARAMETER_NO_DEFAULT_ALPN:
        return value == NULL ? TD_OK : TD_MALFORMED;
    case PARAMETER_PORT:
        return value != NULL ? option_text_to_wire(OPTION_TYPE_U16, value, sink->out,
                                                   sink->capacity, sink->used)
                             : TD_MALFORMED;
    default:
        if (value == NULL)
            return TD_OK;
        return option_text_to_wire(key == PARAMETER_DOHPATH ? OPTION_TYPE_STRING
                                                            : OPTION_TYPE_BINARY,
                                   value, sink->out, sink->capacity, sink->used);
    }
}

/* Fill in a size of two bytes that was left free at `at`. */
static void set_size(struct sink *sink, size_t at)
{
    const size_t size = *sink->used - at - 2;

    sink->out[at] = (uint8_t)(size >> 8);
    sink->out[at + 1] = (uint8_t)size;
}

static enum td_err encode_parameter(struct sink *sink, const char *text)
{
    const uint32_t key = parameter_key(text);
    const char *value = strchr(text, '=');
    enum td_err err = key == UINT32_MAX ? TD_MALFORMED : sink_append_number(sink, key, 2);
    const size_t size_at = *sink->used;

    if (err == TD_OK)
        err = sink_append_number(sink, 0, 2);
    if (err == TD_OK)
        err = encode_parameter_value(sink, key, value != NULL ? value + 1 : NULL);
    if (err == TD_OK)
        set_size(sink, size_at);
    return err;
}

/* The word of `text` with the lowest key above `above`; RFC 9460 2.2: in that order, each once.
 */
static enum td_err next_parameter(const char *text, int64_t above, char out[static WORD_SIZE],
                                  int64_t *found)
{
    char word[WORD_SIZE];
    enum td_err err;

    *found = INT64_MAX;
    while ((err = next_word(&text, word)) == TD_OK) {
        const int64_t key = parameter_key(word);

        if (key == *found)
            return TD_MALFORMED;
        if (key > above && key < *found) {
            *found = key;
            memcpy(out, word, strlen(word) + 1);
        }
    }
    return err == TD_NOT_FOUND ? TD_OK : err;
}

static enum td_err encode_parameters(struct sink *sink, const char *text)
{
    char word[WORD_SIZE];
    int64_t key = -1, next;
    enum td_err err;

    for (size_t i = 0;; i++) {
        err = next_parameter(text, key, word, &next);
        if (err != TD_OK || next == INT64_MAX)
            return err;
        err = i < PARAMETERS ? encode_parameter(sink, word) : TD_MALFORMED;
        if (err != TD_OK)
            return err;
        key = next;
    }
}

static enum td_err encode_addresses(struct sink *sink, const char *text)
{
    const size_t size_at = *sink->used;
    enum td_err err = sink_append_number(sink, 0, 1);

    if (err == TD_OK)
        err = encode_comma_ips(sink, text, ADDRESSES_MAX);
    if (err == TD_OK)
        sink->out[size_at] = (uint8_t)(*sink->used - size_at - 1);
    return err;
}

/* Priority and name; without addresses nothing else is sent (RFC 9463 5.1, ADN-only mode). */
static enum td_err encode_resolver(struct sink *sink, const char *text)
{
    char word[WORD_SIZE];
    uint8_t name[NAME_WIRE_MAX];
    size_t name_size = 0;
    enum td_err err = next_word(&text, word);

    if (err == TD_OK)
        err = option_text_to_wire(OPTION_TYPE_U16, word, sink->out, sink->capacity, sink->used);
    if (err == TD_OK)
        err = next_word(&text, word);
    if (err == TD_OK)
        err = domain_encode(word, false, name, sizeof name, &name_size);
    if (err == TD_OK)
        err = sink_append_number(sink, name_size, 1);
    if (err == TD_OK)
        err = sink_append(sink, name, name_size);
    if (err != TD_OK)
        return err == TD_NOT_FOUND ? TD_MALFORMED : err;
    err = next_word(&text, word);
    if (err != TD_OK)
        return err == TD_NOT_FOUND ? TD_OK : err;
    err = encode_addresses(sink, word);
    return err == TD_OK ? encode_parameters(sink, text) : err;
}

enum td_err encode_dnr(struct sink *sink, const char *text)
{
    const size_t before = *sink->used;
    enum td_err err = sink_append_number(sink, 0, 2);

    if (err == TD_OK)
        err = encode_resolver(sink, text);
    if (err == TD_OK)
        set_size(sink, before);
    else
        *sink->used = before;
    return err;
}

static bool put_alpn(struct text *t, struct span value)
{
    struct cursor c = cursor_of(value);

    while (c.left > 0) {
        const struct span one = cursor_bytes(&c, cursor_u8(&c));

        if (c.failed || one.size == 0 || !is_text(one))
            return false;
        if (one.data > value.data + 1)
            put_text(t, ",");
        put_characters(t, one);
    }
    return value.size > 0;
}

static bool put_parameter(struct text *t, uint16_t key, struct span value)
{
    const char *name = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(parameters); i++) {
        if (parameters[i].key == key)
            name = parameters[i].name;
    }
    put_text(t, name != NULL ? name : "key");
    if (name == NULL)
        put_number(t, key);
    if (value.size == 0)
        return true;
    put_text(t, "=");
    t->fresh = true;
    if (key == PARAMETER_ALPN)
        return put_alpn(t, value);
    if (key == PARAMETER_PORT)
        return put_plain(t, OPTION_TYPE_U16, value);
    return put_plain(t, key == PARAMETER_DOHPATH ? OPTION_TYPE_STRING : OPTION_TYPE_BINARY,
                     value);
}

static bool put_resolver(struct text *t, struct span wire)
{
    struct cursor c = cursor_of(wire);
    const uint16_t priority = cursor_u16(&c);
    const struct span name = cursor_bytes(&c, cursor_u8(&c));
    char text[DOMAIN_TEXT_SIZE];
    size_t at = 0;

    if (c.failed || name.size == 0 || !domain_decode(name, &at, text) || at != name.size)
        return false;
    put_number(t, priority);
    put_text(t, " ");
    put_text(t, text);
    if (c.left == 0)
        return true;
    const struct span addresses = cursor_bytes(&c, cursor_u8(&c));
    struct cursor address = cursor_of(addresses);

    if (c.failed || addresses.size == 0 || addresses.size % 4 != 0)
        return false;
    for (const char *before = " "; address.left > 0; before = ",") {
        put_text(t, before);
        put_ip(t, cursor_u32(&address));
    }
    while (c.left > 0) {
        const uint16_t key = cursor_u16(&c);
        const struct span value = cursor_bytes(&c, cursor_u16(&c));

        if (c.failed)
            return false;
        put_text(t, " ");
        if (!put_parameter(t, key, value))
            return false;
    }
    return true;
}

bool put_dnr(struct text *t, struct span wire)
{
    struct cursor c = cursor_of(wire);

    for (bool first = true; c.left > 0; first = false) {
        const struct span one = cursor_bytes(&c, cursor_u16(&c));

        if (c.failed)
            return false;
        if (!first)
            put_text(t, ", ");
        if (!put_resolver(t, one))
            return false;
    }
    return true;
}

/* ---- 81 ---- */

enum { FQDN_ENCODED = 4, FQDN_NAME_AT = 3 };

/* "[SE] host.example.net".  A name in wire form may lack its root: then it is no whole one. */
bool put_client_fqdn(struct text *t, struct span wire)
{
    static const char letters[] = "SOEN";
    char name[DOMAIN_TEXT_SIZE];
    uint8_t whole[NAME_WIRE_MAX + 1];
    size_t at = 0;

    if (wire.size < FQDN_NAME_AT || wire.size - FQDN_NAME_AT >= sizeof whole)
        return false;
    const struct span rest = span_of(wire.data + FQDN_NAME_AT, wire.size - FQDN_NAME_AT);

    put_text(t, "[");
    for (size_t bit = 0; bit < sizeof letters - 1; bit++) {
        if ((wire.data[0] >> bit & 1) != 0)
            put(t, &letters[bit], 1);
    }
    put_text(t, "]");
    if (rest.size == 0)
        return true;
    put_text(t, " ");
    if ((wire.data[0] & FQDN_ENCODED) == 0)
        return put_plain(t, OPTION_TYPE_STRING, rest);
    memcpy(whole, rest.data, rest.size);
    whole[rest.size] = 0;
    if (!domain_decode(span_of(whole, rest.size + 1), &at, name) || at < rest.size)
        return false;
    put_text(t, name);
    return true;
}
