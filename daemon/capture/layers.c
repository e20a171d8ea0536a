/* daemon/capture/layers.c - link, IPv4 and UDP headers.  See layers.h. */
#include "daemon/capture/layers.h"

#include "proto/cursor.h"
#include "proto/dhcp4.h"

#define TYPE_IP4      0x0800
#define TYPE_VLAN     0x8100 /* IEEE 802.1Q */
#define TYPE_QINQ     0x88a8 /* IEEE 802.1ad */
#define VLAN_TAGS_MAX 4
#define PROTOCOL_UDP  17
#define IP4_HEADER    20
#define UDP_HEADER    8

/* What the tags say of what follows them. */
static uint16_t skip_tags(struct cursor *c, uint16_t type)
{
    for (int tags = 0; (type == TYPE_VLAN || type == TYPE_QINQ) && tags < VLAN_TAGS_MAX;
         tags++) {
        (void)cursor_u16(c); /* priority and number */
        type = cursor_u16(c);
    }
    return type;
}

/* Past the link's header; what comes next is of the type returned. */
static uint16_t skip_link(struct cursor *c, enum capture_link link)
{
    uint16_t type = TYPE_IP4;

    switch (link) {
    case CAPTURE_ETHERNET:
        (void)cursor_bytes(c, 12);
        return skip_tags(c, cursor_u16(c));
    case CAPTURE_SLL:
        (void)cursor_bytes(c, 14);
        return skip_tags(c, cursor_u16(c));
    case CAPTURE_SLL2:
        type = cursor_u16(c);
        (void)cursor_bytes(c, 18);
        return skip_tags(c, type);
    case CAPTURE_IP:
        break;
    }
    return type;
}

static bool is_dhcp_port(uint16_t port)
{
    return port == DHCP4_SERVER_PORT || port == DHCP4_CLIENT_PORT;
}

static enum capture_found decode_udp(struct cursor *c, struct captured *out)
{
    size_t size;

    out->source_port = cursor_u16(c);
    out->destination_port = cursor_u16(c);
    size = cursor_u16(c);
    (void)cursor_u16(c); /* checksum */
    if (c->failed)
        return CAPTURE_DAMAGED;
    if (!is_dhcp_port(out->source_port) && !is_dhcp_port(out->destination_port))
        return CAPTURE_OTHER;
    if (size < UDP_HEADER || size - UDP_HEADER > c->left)
        return CAPTURE_DAMAGED;
    out->payload = cursor_bytes(c, size - UDP_HEADER);
    return CAPTURE_DHCP;
}

static enum capture_found decode_ip(struct cursor *c, struct captured *out)
{
    const uint8_t first = cursor_u8(c);
    const size_t header = (size_t)(first & 0x0f) * 4;
    size_t total;
    uint16_t fragment;
    uint8_t protocol;

    if (c->failed || first >> 4 != 4)
        return c->failed ? CAPTURE_DAMAGED : CAPTURE_OTHER;
    (void)cursor_u8(c);
    total = cursor_u16(c);
    (void)cursor_u16(c);
    fragment = cursor_u16(c) & 0x3fff; /* more to come, or not the first */
    (void)cursor_u8(c);
    protocol = cursor_u8(c);
    (void)cursor_u16(c);
    out->source = ip4(cursor_u32(c));
    out->destination = ip4(cursor_u32(c));
    if (c->failed || header < IP4_HEADER || total < header)
        return CAPTURE_DAMAGED;
    if (protocol != PROTOCOL_UDP)
        return CAPTURE_OTHER;
    if (fragment != 0)
        return CAPTURE_FRAGMENT;
    (void)cursor_bytes(c, header - IP4_HEADER);
    if (c->failed || total - header > c->left)
        return CAPTURE_DAMAGED;
    /* A short packet is padded to what its link demands. */
    *c = cursor_of(cursor_bytes(c, total - header));
    return decode_udp(c, out);
}

enum capture_found capture_decode(enum capture_link link, struct span bytes,
                                  struct captured *out)
{
    struct cursor c = cursor_of(bytes);
    const uint16_t type = skip_link(&c, link);
    struct captured found;
    enum capture_found result;

    if (c.failed)
        return CAPTURE_DAMAGED;
    if (type != TYPE_IP4)
        return CAPTURE_OTHER;
    result = decode_ip(&c, &found);
    if (result == CAPTURE_DHCP)
        *out = found;
    return result;
}
