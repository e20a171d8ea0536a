/* proto/option_decode.c - a wire value to text. */
#include "proto/cursor.h"
#include "proto/option_domain.h"
#include "proto/option_internal.h"

#define NUMBER_TEXT_SIZE 21 /* "18446744073709551615" and the terminator */
#define PREFIX_MAX       32

void put(struct text *t, const char *bytes, size_t size)
{
    if (t->cut || size >= t->capacity - t->used) {
        t->cut = true;
        return;
    }
    memcpy(t->out + t->used, bytes, size);
    t->used += size;
    t->out[t->used] = '\0';
}

void put_text(struct text *t, const char *s)
{
    put(t, s, strlen(s));
}

void put_separator(struct text *t)
{
    if (!t->fresh)
        put_text(t, ", ");
    t->fresh = false;
}

void put_number(struct text *t, uint64_t value)
{
    char digits[NUMBER_TEXT_SIZE];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    put(t, digits + at, sizeof digits - at);
}

static void put_number32(struct text *t, uint32_t value)
{
    put_number(t, value);
}

/* `value` has `bits` bits, of which the first is the sign. */
static void put_signed(struct text *t, uint32_t value, unsigned bits)
{
    const bool negative = (value >> (bits - 1) & 1) != 0;

    if (negative)
        put_text(t, "-");
    put_number(t, negative ? ((uint64_t)1 << bits) - value : value);
}

static void put_signed8(struct text *t, uint32_t value)
{
    put_signed(t, value, 8);
}

static void put_signed16(struct text *t, uint32_t value)
{
    put_signed(t, value, 16);
}

static void put_signed32(struct text *t, uint32_t value)
{
    put_signed(t, value, 32);
}

void put_ip(struct text *t, uint32_t value)
{
    char address[IP4_TEXT_SIZE];

    put_text(t, ip4_format(ip4(value), address));
}

/* The bytes of the UTF-8 character that `bytes` starts with, 0 for a control character or for
 * what is no UTF-8: text goes into JSON and logs. */
static size_t character_size(struct span bytes)
{
    const uint8_t head = bytes.data[0];
    size_t size;
    uint32_t value;

    if (head < 0x80)
        return head >= ' ' && head != 0x7f ? 1 : 0;
    if (head >= 0xf0)
        size = 4;
    else
        size = head >= 0xe0 ? 3 : 2;
    if (head < 0xc2 || head > 0xf4 || bytes.size < size)
        return 0;
    value = head & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((bytes.data[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes.data[i] & 0x3f);
    }
    if ((size == 2 && value < 0xa0) || (size == 3 && value < 0x800) ||
        (size == 4 && (value < 0x10000 || value > 0x10ffff)) ||
        (value >= 0xd800 && value <= 0xdfff))
        return 0;
    return size;
}

bool is_text(struct span bytes)
{
    for (size_t i = 0, size; i < bytes.size; i += size) {
        size = character_size(span_of(bytes.data + i, bytes.size - i));
        if (size == 0)
            return false;
    }
    return true;
}

/* By character, so that a cut leaves no half of one. */
void put_characters(struct text *t, struct span bytes)
{
    for (size_t i = 0, size; i < bytes.size && !t->cut; i += size) {
        size = character_size(span_of(bytes.data + i, bytes.size - i));
        put(t, (const char *)bytes.data + i, size);
    }
}

static bool put_string(struct text *t, struct span wire)
{
    /* RFC 2132 2: be prepared for trailing nulls. */
    while (wire.size > 0 && wire.data[wire.size - 1] == 0)
        wire.size--;
    if (!is_text(wire))
        return false;
    put_characters(t, wire);
    return true;
}

static bool put_bools(struct text *t, struct span wire, bool list)
{
    if (!list && wire.size != 1)
        return false;
    for (size_t i = 0; i < wire.size; i++) {
        if (wire.data[i] > 1)
            return false;
        put_separator(t);
        put_text(t, wire.data[i] == 1 ? "true" : "false");
    }
    return true;
}

static bool put_u64(struct text *t, struct span wire)
{
    struct cursor c = cursor_of(wire);
    const uint64_t high = cursor_u32(&c);

    if (wire.size != 8)
        return false;
    put_number(t, high << 32 | cursor_u32(&c));
    return true;
}

static bool put_ip6s(struct text *t, struct span wire, bool list)
{
    if (wire.size % 16 != 0 || (!list && wire.size != 16))
        return false;
    for (size_t at = 0; at < wire.size; at += 16) {
        char address[IP6_TEXT_SIZE];

        put_separator(t);
        put_text(t, ip6_format(wire.data + at, address));
    }
    return true;
}

/* One number of `size` bytes, or with `list` any positive count of them. */
static bool put_numbers(struct text *t, struct span wire, size_t size, bool list,
                        void (*put_one)(struct text *, uint32_t))
{
    if (list ? wire.size % size != 0 : wire.size != size)
        return false;
    for (size_t i = 0; i < wire.size && !t->cut; i += size) {
        uint32_t value = 0;

        for (size_t j = 0; j < size; j++)
            value = value << 8 | wire.data[i + j];
        put_separator(t);
        put_one(t, value);
    }
    return true;
}

static bool put_pairs(struct text *t, struct span wire)
{
    struct cursor c = cursor_of(wire);

    if (wire.size % 8 != 0)
        return false;
    while (c.left > 0) {
        put_separator(t);
        put_ip(t, cursor_u32(&c));
        put_text(t, " ");
        put_ip(t, cursor_u32(&c));
    }
    return true;
}

static bool put_domains(struct text *t, struct span wire, bool list)
{
    size_t at = 0;

    while (at < wire.size) {
        char name[DOMAIN_TEXT_SIZE];

        if (!domain_decode(wire, &at, name))
            return false;
        put_separator(t);
        put_text(t, name);
        if (!list)
            return at == wire.size;
    }
    return true;
}

static bool put_routes(struct text *t, struct span wire)
{
    struct cursor c = cursor_of(wire);

    while (c.left > 0) {
        const uint8_t width = cursor_u8(&c);
        const size_t octets = ((size_t)width + 7) / 8;
        uint32_t network = 0;

        if (width > PREFIX_MAX)
            return false;
        for (size_t i = 0; i < octets; i++)
            network |= (uint32_t)cursor_u8(&c) << (24 - 8 * i);
        const uint32_t router = cursor_u32(&c);

        if (c.failed || (width < PREFIX_MAX && network << width != 0))
            return false;
        put_separator(t);
        if (width == 0) {
            put_text(t, "default");
        } else {
            put_ip(t, network);
            put_text(t, "/");
            put_number(t, width);
        }
        put_text(t, " via ");
        put_ip(t, router);
    }
    return true;
}

static bool put_tuples(struct text *t, struct span wire, size_t length_size)
{
    struct cursor c = cursor_of(wire);

    while (c.left > 0) {
        const size_t size = length_size == 1 ? cursor_u8(&c) : cursor_u16(&c);
        const struct span value = cursor_bytes(&c, size);

        if (c.failed || size == 0 || !is_text(value))
            return false;
        put_separator(t);
        put_characters(t, value);
    }
    return true;
}

/* "aa:bb:cc", as hex_format() writes it. */
static bool put_binary(struct text *t, struct span wire)
{
    for (size_t i = 0; i < wire.size && !t->cut; i++) {
        char byte[4] = ":";

        hex_format(span_of(wire.data + i, 1), byte + 1, sizeof byte - 1);
        put_text(t, i == 0 ? byte + 1 : byte);
    }
    return true;
}

/* "text:eth7/1" where it can be written so. */
static bool put_opaque(struct text *t, struct span wire)
{
    if (!is_text(wire))
        return put_binary(t, wire);
    put_text(t, "text:");
    put_characters(t, wire);
    return true;
}

void put_raw(struct text *t, struct span wire)
{
    put_text(t, "0x");
    for (size_t i = 0; i < wire.size && !t->cut; i++) {
        char byte[3];

        put_text(t, hex_format(span_of(wire.data + i, 1), byte, sizeof byte));
    }
}

bool put_plain(struct text *t, enum option_type type, struct span wire)
{
    switch (type) {
    case OPTION_TYPE_IP:
    case OPTION_TYPE_IP_LIST:
        return put_numbers(t, wire, 4, type == OPTION_TYPE_IP_LIST, put_ip);
    case OPTION_TYPE_IP_PAIRS:
        return put_pairs(t, wire);
    case OPTION_TYPE_U8:
    case OPTION_TYPE_U8_LIST:
        return put_numbers(t, wire, 1, type == OPTION_TYPE_U8_LIST, put_number32);
    case OPTION_TYPE_U16:
    case OPTION_TYPE_U16_LIST:
        return put_numbers(t, wire, 2, type == OPTION_TYPE_U16_LIST, put_number32);
    case OPTION_TYPE_U32:
    case OPTION_TYPE_U32_LIST:
        return put_numbers(t, wire, 4, type == OPTION_TYPE_U32_LIST, put_number32);
    case OPTION_TYPE_U64:
        return put_u64(t, wire);
    case OPTION_TYPE_I8:
        return put_numbers(t, wire, 1, false, put_signed8);
    case OPTION_TYPE_I16:
        return put_numbers(t, wire, 2, false, put_signed16);
    case OPTION_TYPE_I32:
    case OPTION_TYPE_I32_LIST:
        return put_numbers(t, wire, 4, type == OPTION_TYPE_I32_LIST, put_signed32);
    case OPTION_TYPE_IP6:
    case OPTION_TYPE_IP6_LIST:
        return put_ip6s(t, wire, type == OPTION_TYPE_IP6_LIST);
    case OPTION_TYPE_BOOL:
    case OPTION_TYPE_BOOL_LIST:
        return put_bools(t, wire, type == OPTION_TYPE_BOOL_LIST);
    case OPTION_TYPE_STRING:
        return put_string(t, wire);
    case OPTION_TYPE_FQDN:
    case OPTION_TYPE_FQDN_LIST:
    case OPTION_TYPE_NAME_LIST:
        return put_domains(t, wire, type != OPTION_TYPE_FQDN);
    case OPTION_TYPE_ROUTES:
        return put_routes(t, wire);
    case OPTION_TYPE_TUPLES:
        return put_tuples(t, wire, 1);
    case OPTION_TYPE_URI_TUPLES:
        return put_tuples(t, wire, 2);
    case OPTION_TYPE_COUNTED_IPS:
        return put_counted_ips(t, wire);
    case OPTION_TYPE_SIP:
        return put_sip(t, wire);
    case OPTION_TYPE_DNR:
        return put_dnr(t, wire);
    case OPTION_TYPE_CLIENT_FQDN:
        return put_client_fqdn(t, wire);
    case OPTION_TYPE_OPAQUE:
        return put_opaque(t, wire);
    case OPTION_TYPE_BINARY:
    case OPTION_TYPE_VENDOR_SPACE:
        return put_binary(t, wire);
    case OPTION_TYPE_EMPTY:
    case OPTION_TYPE_RECORD:
    case OPTION_TYPE_RECORD_LIST:
    case OPTION_TYPE_SUBOPTIONS:
    case OPTION_TYPE_VENDOR_CLASS:
    case OPTION_TYPE_VENDOR_OPTIONS:
        return false;
    }
    return false;
}

static bool is_structured(enum option_type type)
{
    return type >= OPTION_TYPE_RECORD && type != OPTION_TYPE_VENDOR_SPACE;
}

static bool put_value(struct text *t, const struct option_definition *definition,
                      struct span wire)
{
    return is_structured(definition->type) ? put_structured(t, definition, wire)
                                           : put_plain(t, definition->type, wire);
}

void put_nested(struct text *t, const struct option_definition *definition, struct span wire)
{
    const struct text before = *t;

    t->fresh = true;
    if (wire.size > 0 && !put_value(t, definition, wire)) {
        *t = before;
        t->out[t->used] = '\0';
        put_raw(t, wire);
    }
    t->fresh = before.fresh;
}

bool option_format(const struct option_definition *definition, struct span wire, char *out,
                   size_t capacity)
{
    struct text t = {.out = out, .capacity = capacity};

    if (capacity == 0)
        return false;
    out[0] = '\0';
    put_nested(&t, definition, wire);
    return !t.cut;
}

bool option_wire_to_text(enum option_type type, struct span wire, char *out, size_t capacity)
{
    const struct option_definition alone = {.type = type};

    return option_format(&alone, wire, out, capacity);
}
