/* daemon/explain/build.c - see build.h.  Options stand in the order given, behind those that
 * have an argument of their own; a later one of the same code is joined (RFC 3396). */
#include "daemon/explain/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define VALUE_MAX     1024
#define LONG_OPTION   255
#define HTYPE_DEFAULT 1

struct builder {
    struct question *out;
    char *error;
    size_t error_size;
};

static bool fail(const struct builder *b, const char *part, const char *text,
                 const char *wanted)
{
    snprintf(b->error, b->error_size, "--%s: \"%.80s\" is no %s", part, text, wanted);
    return false;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Split as often as need be (RFC 3396); End follows later. */
static bool add_option(struct builder *b, uint8_t code, const uint8_t *value, size_t size)
{
    struct question *q = b->out;

    do {
        const size_t part = size < LONG_OPTION ? size : LONG_OPTION;

        if (sizeof(q->bytes) - q->size < part + 3) {
            snprintf(b->error, b->error_size, "the packet would be larger than %d bytes",
                     QUESTION_PACKET_MAX);
            return false;
        }
        q->bytes[q->size++] = code;
        q->bytes[q->size++] = (uint8_t)part;
        memcpy(q->bytes + q->size, value, part);
        q->size += part;
        value += part;
        size -= part;
    } while (size > 0);
    return true;
}

static bool add_address(struct builder *b, const char *part, const char *text, uint8_t code)
{
    struct ip4 address;
    uint8_t value[4];

    if (text == NULL)
        return true;
    if (!ip4_parse(text, &address))
        return fail(b, part, text, "IPv4 address such as 10.0.0.1");
    put_u32(value, address.value);
    return add_option(b, code, value, sizeof(value));
}

static bool set_address(struct builder *b, const char *part, const char *text, size_t at)
{
    struct ip4 address;

    if (text == NULL)
        return true;
    if (!ip4_parse(text, &address))
        return fail(b, part, text, "IPv4 address such as 10.0.0.1");
    put_u32(b->out->bytes + at, address.value);
    return true;
}

static bool add_type(struct builder *b, const char *text)
{
    static const struct {
        const char *name;
        enum dhcp4_type type;
    } types[] = {{"discover", DHCP4_DISCOVER},
                 {"request", DHCP4_REQUEST},
                 {"decline", DHCP4_DECLINE},
                 {"release", DHCP4_RELEASE},
                 {"inform", DHCP4_INFORM}};

    if (text != NULL && strcasecmp(text, "bootp") == 0)
        return true;
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        const uint8_t type = (uint8_t)types[i].type;

        if (strcasecmp(text == NULL ? "discover" : text, types[i].name) == 0)
            return add_option(b, OPTION_MESSAGE_TYPE, &type, 1);
    }
    return fail(b, "type", text, "discover, request, decline, release, inform or bootp");
}

static bool set_hardware(struct builder *b, const char *text)
{
    uint8_t *bytes = b->out->bytes;
    size_t size = 16;

    if (text == NULL)
        return true;
    if (!hex_parse(text, bytes + 28, &size))
        return fail(b, "hw-address", text, "hardware address such as 52:54:00:12:34:56");
    bytes[2] = (uint8_t)size;
    return true;
}

/* Hexadecimal, or text: "text:eth7/1". */
static bool add_bytes(struct builder *b, const char *part, const char *text, uint8_t code)
{
    uint8_t value[VALUE_MAX];
    size_t used = 0;

    if (text == NULL)
        return true;
    if (option_text_to_wire(OPTION_TYPE_BINARY, text, value, sizeof(value), &used) != TD_OK)
        return fail(b, part, text, "bytes such as 01:02:03 or text:abc");
    return add_option(b, code, value, used);
}

static bool is_list(enum option_type type)
{
    return type == OPTION_TYPE_IP_LIST || type == OPTION_TYPE_IP_PAIRS ||
           type == OPTION_TYPE_U8_LIST || type == OPTION_TYPE_U16_LIST ||
           type == OPTION_TYPE_FQDN_LIST || type == OPTION_TYPE_ROUTES ||
           type == OPTION_TYPE_TUPLES || type == OPTION_TYPE_URI_TUPLES;
}

/* The elements of `text`, or all of it as one. */
static bool to_wire(enum option_type type, const char *text, uint8_t value[static VALUE_MAX],
                    size_t *used)
{
    char element[VALUE_MAX];

    *used = 0;
    if (type == OPTION_TYPE_EMPTY)
        return text[0] == '\0';
    for (;;) {
        const size_t size = is_list(type) ? strcspn(text, ",") : strlen(text);

        if (size >= sizeof(element))
            return false;
        memcpy(element, text, size);
        element[size] = '\0';
        if (option_text_to_wire(type, element, value, VALUE_MAX, used) != TD_OK)
            return false;
        if (text[size] == '\0')
            return true;
        text += size + 1;
    }
}

/* Codes or names. */
static bool add_parameters(struct builder *b, const char *text)
{
    uint8_t codes[LONG_OPTION], code;
    enum option_type type;
    size_t count = 0;
    char name[64];

    for (;; text++) {
        const size_t size = strcspn(text, ",");

        snprintf(name, sizeof(name), "%.*s", (int)size, text);
        if (option_parse_name(name, &code, &type))
            codes[count++] = code;
        else if (strtoul(name, NULL, 10) >= 1 && strtoul(name, NULL, 10) < OPTION_END)
            codes[count++] = (uint8_t)strtoul(name, NULL, 10);
        else
            return fail(b, "option", name, "name or number of an option");
        text += size;
        if (*text == '\0' || count == sizeof(codes))
            return add_option(b, OPTION_PARAMETER_REQUEST_LIST, codes, count);
    }
}

static bool add_named(struct builder *b, const char *text)
{
    const size_t size = strcspn(text, "=");
    const char *given = text[size] == '=' ? text + size + 1 : "";
    uint8_t code, value[VALUE_MAX];
    enum option_type type;
    size_t used;
    char name[64];

    snprintf(name, sizeof(name), "%.*s", (int)size, text);
    if (!option_parse_name(name, &code, &type))
        return fail(b, "option", text, "NAME=VALUE with the name of an option, or option-CODE");
    if (code == OPTION_PARAMETER_REQUEST_LIST && option_find_name(name) != NULL)
        return add_parameters(b, given);
    if (!to_wire(type, given, value, &used))
        return fail(b, "option", text, option_type_example(type));
    return add_option(b, code, value, used);
}

static bool relay_code(const char *name, uint8_t *code)
{
    static const struct {
        const char *name;
        uint8_t code;
    } known[] = {{"circuit-id", 1},
                 {"remote-id", 2},
                 {"link-selection", 5},
                 {"subscriber-id", 6},
                 {"server-id-override", 11}};
    char *end;
    const unsigned long number = strtoul(name, &end, 10);

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        if (strcmp(known[i].name, name) == 0) {
            *code = known[i].code;
            return true;
        }
    }
    *code = (uint8_t)number;
    return *name != '\0' && *end == '\0' && number > 0 && number < 256;
}

static bool add_relay(struct builder *b, const struct build_parts *parts)
{
    uint8_t value[VALUE_MAX];
    size_t used = 0;

    for (size_t i = 0; i < parts->relay_count; i++) {
        const char *text = parts->relay[i];
        const size_t size = strcspn(text, "=");
        const size_t head = used + 2;
        struct ip4 address;
        uint8_t code;
        char name[32];

        snprintf(name, sizeof(name), "%.*s", (int)size, text);
        if (text[size] == '\0' || !relay_code(name, &code) || head + 4 > sizeof(value))
            return fail(b, "relay", text, "circuit-id=VALUE, remote-id=VALUE or CODE=VALUE");
        used = head;
        if (ip4_parse(text + size + 1, &address)) {
            put_u32(value + used, address.value);
            used += 4;
        } else if (option_text_to_wire(OPTION_TYPE_BINARY, text + size + 1, value,
                                       sizeof(value), &used) != TD_OK ||
                   used - head > LONG_OPTION) {
            return fail(b, "relay", text, "NAME=VALUE with an address, 01:02:03 or text:abc");
        }
        value[head - 2] = code;
        value[head - 1] = (uint8_t)(used - head);
    }
    return parts->relay_count == 0 ||
           add_option(b, OPTION_RELAY_AGENT_INFORMATION, value, used);
}

static bool set_secs(struct builder *b, const char *text)
{
    char *end;
    const unsigned long secs = text != NULL ? strtoul(text, &end, 10) : 0;

    if (text == NULL)
        return true;
    if (*text == '\0' || *end != '\0' || secs > UINT16_MAX)
        return fail(b, "secs", text, "number of seconds up to 65535");
    b->out->bytes[8] = (uint8_t)(secs >> 8);
    b->out->bytes[9] = (uint8_t)secs;
    return true;
}

bool build_packet(const struct build_parts *parts, struct question *out, char *error,
                  size_t error_size)
{
    static const uint8_t cookie[4] = {0x63, 0x82, 0x53, 0x63};
    struct builder b = {out, error, error_size};

    memset(out->bytes, 0, sizeof(out->bytes));
    out->size = DHCP4_HEADER_SIZE;
    out->bytes[0] = DHCP4_BOOTREQUEST;
    out->bytes[1] = HTYPE_DEFAULT;
    put_u32(out->bytes + 4, 1); /* xid */
    out->bytes[10] = parts->broadcast ? DHCP4_FLAG_BROADCAST >> 8 : 0;
    memcpy(out->bytes + 236, cookie, sizeof(cookie));
    if (!add_type(&b, parts->type) || !set_hardware(&b, parts->hw_address) ||
        !set_secs(&b, parts->secs) || !set_address(&b, "ciaddr", parts->ciaddr, 12) ||
        !set_address(&b, "giaddr", parts->giaddr, 24) ||
        !add_address(&b, "requested", parts->requested, OPTION_REQUESTED_ADDRESS) ||
        !add_address(&b, "server-id", parts->server_id, OPTION_SERVER_IDENTIFIER) ||
        !add_bytes(&b, "client-id", parts->client_id, OPTION_CLIENT_IDENTIFIER))
        return false;
    for (size_t i = 0; i < parts->option_count; i++) {
        if (!add_named(&b, parts->options[i]))
            return false;
    }
    if (!add_relay(&b, parts))
        return false;
    out->bytes[out->size++] = OPTION_END; /* add_option() leaves room for it */
    return true;
}
