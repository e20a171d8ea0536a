/* proto/dhcp4.c - what a decoded packet says: names, values, the client's key. */
#include "proto/dhcp4.h"

#include "proto/cursor.h"
#include "proto/identity.h"

enum { HTYPE_ETHERNET = 1 };

/* A shorter option 61 breaks RFC 2132 9.14 and tells nobody apart. */
#define CLIENT_IDENTIFIER_MIN 2

const char *dhcp4_decode_name(enum dhcp4_decode result)
{
    switch (result) {
    case DHCP4_DECODED:
        return "ok";
    case DHCP4_DROP_SHORT:
        return "short";
    case DHCP4_DROP_OVERSIZED:
        return "oversized";
    case DHCP4_DROP_BAD_OP:
        return "bad-op";
    case DHCP4_DROP_BAD_COOKIE:
        return "bad-cookie";
    case DHCP4_DROP_BAD_HLEN:
        return "bad-hlen";
    case DHCP4_DROP_TRUNCATED:
        return "truncated";
    case DHCP4_DROP_BAD_OVERLOAD:
        return "bad-overload";
    case DHCP4_DROP_BAD_TYPE:
        return "bad-type";
    case DHCP4_DROP_BAD_OPTION:
        return "bad-option";
    case DHCP4_DROP_REASONS:
        break;
    }
    return "unknown";
}

const char *dhcp4_type_name(enum dhcp4_type type)
{
    switch (type) {
    case DHCP4_NONE:
        return "BOOTP";
    case DHCP4_DISCOVER:
        return "DHCPDISCOVER";
    case DHCP4_OFFER:
        return "DHCPOFFER";
    case DHCP4_REQUEST:
        return "DHCPREQUEST";
    case DHCP4_DECLINE:
        return "DHCPDECLINE";
    case DHCP4_ACK:
        return "DHCPACK";
    case DHCP4_NAK:
        return "DHCPNAK";
    case DHCP4_RELEASE:
        return "DHCPRELEASE";
    case DHCP4_INFORM:
        return "DHCPINFORM";
    case DHCP4_FORCERENEW:
        return "DHCPFORCERENEW";
    case DHCP4_LEASEQUERY:
        return "DHCPLEASEQUERY";
    case DHCP4_LEASEUNASSIGNED:
        return "DHCPLEASEUNASSIGNED";
    case DHCP4_LEASEUNKNOWN:
        return "DHCPLEASEUNKNOWN";
    case DHCP4_LEASEACTIVE:
        return "DHCPLEASEACTIVE";
    case DHCP4_BULKLEASEQUERY:
        return "DHCPBULKLEASEQUERY";
    case DHCP4_LEASEQUERYDONE:
        return "DHCPLEASEQUERYDONE";
    }
    return "UNKNOWN";
}

uint32_t dhcp4_option_u32(const struct dhcp4_packet *p, uint8_t code)
{
    struct cursor c = cursor_of(p->option[code]);

    return c.left == 4 ? cursor_u32(&c) : 0;
}

struct ip4 dhcp4_option_ip4(const struct dhcp4_packet *p, uint8_t code)
{
    return ip4(dhcp4_option_u32(p, code));
}

uint16_t dhcp4_option_u16(const struct dhcp4_packet *p, uint8_t code)
{
    struct cursor c = cursor_of(p->option[code]);

    return c.left == 2 ? cursor_u16(&c) : 0;
}

struct span dhcp4_suboption(struct span relay_info, uint8_t code)
{
    struct cursor c = cursor_of(relay_info);

    while (c.left > 0) {
        const uint8_t found = cursor_u8(&c);
        const struct span value = cursor_bytes(&c, cursor_u8(&c));

        if (c.failed || found == code)
            return value;
    }
    return (struct span){NULL, 0};
}

struct span dhcp4_relay_suboption(const struct dhcp4_packet *p, uint8_t code)
{
    return dhcp4_suboption(p->option[OPTION_RELAY_AGENT_INFORMATION], code);
}

struct span dhcp4_client_key(const struct dhcp4_packet *p, uint8_t out[static CLIENT_KEY_MAX])
{
    const struct span id = p->option[OPTION_CLIENT_IDENTIFIER];

    if (id.size >= CLIENT_IDENTIFIER_MIN) {
        ASSERT(id.size < CLIENT_KEY_MAX);
        out[0] = KEY_CLIENT_IDENTIFIER;
        memcpy(out + 1, id.data, id.size);
        return span_of(out, 1 + id.size);
    }
    ASSERT(p->hlen <= sizeof p->chaddr);
    out[0] = KEY_HARDWARE;
    out[1] = p->htype;
    memcpy(out + 2, p->chaddr, p->hlen);
    return span_of(out, 2 + (size_t)p->hlen);
}

/* "hw 6/" */
static size_t hardware_prefix(uint8_t htype, char out[static 8])
{
    size_t n = 0;

    out[n++] = 'h';
    out[n++] = 'w';
    out[n++] = ' ';
    if (htype >= 100)
        out[n++] = (char)('0' + htype / 100);
    if (htype >= 10)
        out[n++] = (char)('0' + htype / 10 % 10);
    out[n++] = (char)('0' + htype % 10);
    out[n++] = '/';
    return n;
}

/* Of the kinds that the configuration alone knows: "circuit-id text:eth7/1", "duid 00:01:...".
 */
static char *identity_format(struct span key, char *out, size_t capacity)
{
    const char *name = identity_name((enum identity)key.data[0]);
    bool text = key.data[0] != IDENTITY_DUID;
    size_t used = 0;

    for (; name[used] != '\0' && used + 1 < capacity; used++)
        out[used] = name[used];
    if (used + 1 < capacity)
        out[used++] = ' ';
    for (size_t i = 1; i < key.size; i++)
        text = text && key.data[i] > ' ' && key.data[i] < 0x7f;
    if (!text) {
        hex_format(span_of(key.data + 1, key.size - 1), out + used, capacity - used);
        return out;
    }
    for (const char *c = "text:"; *c != '\0' && used + 1 < capacity; c++)
        out[used++] = *c;
    for (size_t i = 1; i < key.size && used + 1 < capacity; i++)
        out[used++] = (char)key.data[i];
    out[used] = '\0';
    return out;
}

char *client_key_format(struct span key, char *out, size_t capacity)
{
    char prefix[8] = "id ";
    size_t prefix_size = 3;
    size_t skip = 1;

    if (capacity == 0)
        return out;
    if (key.size >= 2 && key.data[0] > KEY_CLIENT_IDENTIFIER && key.data[0] < IDENTITIES)
        return identity_format(key, out, capacity);
    if (key.size >= 2 && key.data[0] == KEY_HARDWARE) {
        skip = 2;
        prefix_size = key.data[1] == HTYPE_ETHERNET && key.size > 2
                          ? 0
                          : hardware_prefix(key.data[1], prefix);
    } else if (key.size == 0 || key.data[0] != KEY_CLIENT_IDENTIFIER) {
        skip = 0; /* no key that we make: its bytes, whatever they are */
        prefix_size = 0;
    }
    if (prefix_size >= capacity)
        prefix_size = capacity - 1;
    if (prefix_size > 0)
        memcpy(out, prefix, prefix_size);
    hex_format(key.size == 0 ? key : span_of(key.data + skip, key.size - skip),
               out + prefix_size, capacity - prefix_size);
    return out;
}
