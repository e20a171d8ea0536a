/* proto/dhcp4_decode.c - a datagram in, a packet that borrows its bytes out. */
#include "proto/cursor.h"
#include "proto/dhcp4.h"

#define DATAGRAM_MAX    65507 /* what UDP over IPv4 can carry */
#define MAGIC_COOKIE    0x63825363u
#define LAST_KNOWN_TYPE 18 /* DHCPTLS, RFC 7724 */

enum { OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2 };

enum walk { WALK_OPTION, WALK_DONE, WALK_TRUNCATED };

/* The fields that carry options, in the order in which their options are joined (RFC 3396 5).
 */
struct option_fields {
    struct span field[3];
    size_t count;
    struct option_codes repeated;
    bool any_repeated;
};

static enum walk next_option(struct cursor *c, uint8_t *code, struct span *value)
{
    do {
        if (c->left == 0)
            return WALK_DONE;
        *code = cursor_u8(c);
    } while (*code == OPTION_PAD);
    if (*code == OPTION_END)
        return WALK_DONE;
    *value = cursor_bytes(c, cursor_u8(c));
    return c->failed ? WALK_TRUNCATED : WALK_OPTION;
}

/* Only the options field may say which other fields carry options: a 52 in those could
 * otherwise contradict what led us there. */
static bool is_stray_overload(uint8_t code, size_t field)
{
    return code == OPTION_OVERLOAD && field > 0;
}

/* Notes the options of `bytes`.  An option seen again only adds to the size of the first: its
 * bytes are joined once all sizes are known. */
static bool read_field(struct option_fields *fields, struct span bytes,
                       struct dhcp4_packet *out)
{
    const size_t index = fields->count++;
    struct cursor c = cursor_of(bytes);
    struct span value;
    uint8_t code;
    enum walk walk;

    fields->field[index] = bytes;
    while ((walk = next_option(&c, &code, &value)) == WALK_OPTION) {
        struct span *option = &out->option[code];

        if (is_stray_overload(code, index))
            continue;
        if (option->data == NULL) {
            *option = value;
        } else {
            option->size += value.size;
            option_codes_add(&fields->repeated, code);
            fields->any_repeated = true;
        }
    }
    return walk == WALK_DONE;
}

static enum dhcp4_decode read_fields(struct option_fields *fields, struct span bytes,
                                     struct dhcp4_packet *out)
{
    const struct span options =
        span_of(bytes.data + DHCP4_HEADER_SIZE, bytes.size - DHCP4_HEADER_SIZE);
    const struct span *overload = &out->option[OPTION_OVERLOAD];

    if (!read_field(fields, options, out))
        return DHCP4_DROP_TRUNCATED;
    if (overload->data == NULL)
        return DHCP4_DECODED;
    if (overload->size != 1 || overload->data[0] < OVERLOAD_FILE ||
        overload->data[0] > (OVERLOAD_FILE | OVERLOAD_SNAME))
        return DHCP4_DROP_BAD_OVERLOAD;

    if ((overload->data[0] & OVERLOAD_FILE) != 0) {
        if (!read_field(fields, out->file, out))
            return DHCP4_DROP_TRUNCATED;
        out->file = (struct span){NULL, 0};
    }
    if ((overload->data[0] & OVERLOAD_SNAME) != 0) {
        if (!read_field(fields, out->sname, out))
            return DHCP4_DROP_TRUNCATED;
        out->sname = (struct span){NULL, 0};
    }
    return DHCP4_DECODED;
}

/* Copies the parts of each repeated option one after the other. */
static enum dhcp4_decode join_repeated(const struct option_fields *fields,
                                       struct dhcp4_scratch *scratch, struct dhcp4_packet *out)
{
    uint8_t *next[256];
    size_t used = 0;

    for (size_t code = 0; code < 256; code++) {
        struct span *option = &out->option[code];

        if (!option_codes_have(&fields->repeated, (uint8_t)code))
            continue;
        if (option->size > sizeof scratch->joined - used)
            return DHCP4_DROP_OVERSIZED;
        next[code] = scratch->joined + used;
        used += option->size;
        option->data = next[code];
    }
    for (size_t i = 0; i < fields->count; i++) {
        struct cursor c = cursor_of(fields->field[i]);
        struct span value;
        uint8_t code;

        while (next_option(&c, &code, &value) == WALK_OPTION) {
            if (!option_codes_have(&fields->repeated, code) || is_stray_overload(code, i))
                continue;
            memcpy(next[code], value.data, value.size);
            next[code] += value.size;
        }
    }
    return DHCP4_DECODED;
}

/* The sizes of what the server reads from a request, checked here once. */
static enum dhcp4_decode check_options(struct dhcp4_packet *out)
{
    static const struct {
        uint8_t code, size;
    } fixed[] = {
        {OPTION_REQUESTED_ADDRESS, 4}, {OPTION_LEASE_TIME, 4},
        {OPTION_SERVER_IDENTIFIER, 4}, {OPTION_MAX_MESSAGE_SIZE, 2},
        {OPTION_SUBNET_SELECTION, 4},
    };
    const struct span type = out->option[OPTION_MESSAGE_TYPE];

    if (type.data != NULL) {
        if (type.size != 1 || type.data[0] == 0 || type.data[0] > LAST_KNOWN_TYPE)
            return DHCP4_DROP_BAD_TYPE;
        out->type = (enum dhcp4_type)type.data[0];
    }
    for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
        if (dhcp4_has(out, fixed[i].code) && out->option[fixed[i].code].size != fixed[i].size)
            return DHCP4_DROP_BAD_OPTION;
    }
    /* Cutting it would let two clients share a key. */
    if (out->option[OPTION_CLIENT_IDENTIFIER].size >= CLIENT_KEY_MAX)
        return DHCP4_DROP_BAD_OPTION;
    return DHCP4_DECODED;
}

static enum dhcp4_decode read_header(struct span bytes, struct dhcp4_packet *out)
{
    struct cursor c = cursor_of(bytes);
    const uint8_t op = cursor_u8(&c);

    if (op != DHCP4_BOOTREQUEST && op != DHCP4_BOOTREPLY)
        return DHCP4_DROP_BAD_OP;
    out->op = (enum dhcp4_op)op;
    out->htype = cursor_u8(&c);
    out->hlen = cursor_u8(&c);
    out->hops = cursor_u8(&c);
    out->xid = cursor_u32(&c);
    out->secs = cursor_u16(&c);
    out->flags = cursor_u16(&c);
    out->ciaddr = ip4(cursor_u32(&c));
    out->yiaddr = ip4(cursor_u32(&c));
    out->siaddr = ip4(cursor_u32(&c));
    out->giaddr = ip4(cursor_u32(&c));
    memcpy(out->chaddr, cursor_bytes(&c, sizeof out->chaddr).data, sizeof out->chaddr);
    out->sname = cursor_bytes(&c, 64);
    out->file = cursor_bytes(&c, 128);
    if (cursor_u32(&c) != MAGIC_COOKIE)
        return DHCP4_DROP_BAD_COOKIE;
    if (out->hlen > sizeof out->chaddr)
        return DHCP4_DROP_BAD_HLEN;
    return DHCP4_DECODED;
}

enum dhcp4_decode dhcp4_decode(struct span bytes, struct dhcp4_scratch *scratch,
                               struct dhcp4_packet *out)
{
    struct option_fields fields = {.count = 0};
    enum dhcp4_decode result;

    if (bytes.size < DHCP4_HEADER_SIZE)
        return DHCP4_DROP_SHORT;
    if (bytes.size > DATAGRAM_MAX)
        return DHCP4_DROP_OVERSIZED;

    memset(out, 0, sizeof *out);
    result = read_header(bytes, out);
    if (result == DHCP4_DECODED)
        result = read_fields(&fields, bytes, out);
    if (result == DHCP4_DECODED && fields.any_repeated)
        result = join_repeated(&fields, scratch, out);
    if (result == DHCP4_DECODED)
        result = check_options(out);
    return result;
}
