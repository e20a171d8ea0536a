#include "tests/bench/load/message.h"

#include "proto/option.h"

#define COOKIE 0x63825363U

/* Byte offsets in the packet (RFC 2131, figure 1). */
enum {
    AT_OP = 0,
    AT_HTYPE = 1,
    AT_HLEN = 2,
    AT_HOPS = 3,
    AT_XID = 4,
    AT_SECS = 8,
    AT_CIADDR = 12,
    AT_YIADDR = 16,
    AT_GIADDR = 24,
    AT_CHADDR = 28,
    AT_COOKIE = 236,
    AT_TYPE = DHCP4_HEADER_SIZE + 2,
    AT_CLIENT_ID = DHCP4_HEADER_SIZE + 6,
    AT_MORE = DHCP4_HEADER_SIZE + 12,
};

/* What all requests have in common: the message type and the client identifier are patched in,
 * the options of the kind follow. */
static const uint8_t template[MESSAGE_SIZE] = {
    [AT_OP] = DHCP4_BOOTREQUEST,
    [AT_HTYPE] = 1,
    [AT_HLEN] = 6,
    [AT_COOKIE] = 0x63,
    0x82,
    0x53,
    0x63,
    53,
    1,
    0,
    61,
    7,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
};

static const uint8_t wanted_options[] = {55, 7, 1, 3, 6, 15, 51, 58, 59};

static void put_u32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void message_hardware(uint32_t client, uint8_t out[static 6])
{
    out[0] = 0x02;
    out[1] = 0;
    put_u32(out + 2, client);
}

static uint8_t *put_address_option(uint8_t *at, uint8_t code, struct ip4 address)
{
    at[0] = code;
    at[1] = 4;
    put_u32(at + 2, address.value);
    return at + 6;
}

static enum dhcp4_type type_of(enum request_kind kind)
{
    switch (kind) {
    case REQUEST_DISCOVER:
        return DHCP4_DISCOVER;
    case REQUEST_RELEASE:
        return DHCP4_RELEASE;
    case REQUEST_SELECTING:
    case REQUEST_RENEWING:
    case REQUEST_REBINDING:
    case REQUEST_REBOOTING:
        return DHCP4_REQUEST;
    }
    UNREACHABLE("a kind of request");
}

/* RFC 2131, table 5: which of ciaddr, option 50 and option 54 a client fills in. */
static uint8_t *put_addresses(const struct request *r, uint8_t *packet, uint8_t *at)
{
    switch (r->kind) {
    case REQUEST_DISCOVER:
        break;
    case REQUEST_SELECTING:
        at = put_address_option(at, OPTION_REQUESTED_ADDRESS, r->address);
        at = put_address_option(at, OPTION_SERVER_IDENTIFIER, r->server);
        break;
    case REQUEST_REBOOTING:
        at = put_address_option(at, OPTION_REQUESTED_ADDRESS, r->address);
        break;
    case REQUEST_RELEASE:
        at = put_address_option(at, OPTION_SERVER_IDENTIFIER, r->server);
        put_u32(packet + AT_CIADDR, r->address.value);
        break;
    case REQUEST_RENEWING:
    case REQUEST_REBINDING:
        put_u32(packet + AT_CIADDR, r->address.value);
        break;
    }
    return at;
}

void message_write(const struct request *r, uint8_t out[static MESSAGE_SIZE])
{
    uint8_t *at = out + AT_MORE;

    memcpy(out, template, MESSAGE_SIZE);
    put_u32(out + AT_XID, r->xid);
    out[AT_SECS] = (uint8_t)(r->secs >> 8);
    out[AT_SECS + 1] = (uint8_t)r->secs;
    put_u32(out + AT_GIADDR, r->relay.value);
    out[AT_HOPS] = r->relay.value != 0;
    message_hardware(r->client, out + AT_CHADDR);
    out[AT_TYPE] = (uint8_t)type_of(r->kind);
    message_hardware(r->client, out + AT_CLIENT_ID);
    if (r->kind != REQUEST_RELEASE) {
        memcpy(at, wanted_options, sizeof wanted_options);
        at += sizeof wanted_options;
    }
    at = put_addresses(r, out, at);
    *at = OPTION_END;
}

static bool read_u32_option(const uint8_t *value, uint8_t size, bool *has, uint32_t *out)
{
    if (size != 4)
        return false;
    *has = true;
    *out = get_u32(value);
    return true;
}

static bool read_option(uint8_t code, const uint8_t *value, uint8_t size, struct reply *out)
{
    switch (code) {
    case OPTION_MESSAGE_TYPE:
        out->type = size == 1 ? (enum dhcp4_type)value[0] : DHCP4_NONE;
        return size == 1;
    case OPTION_LEASE_TIME:
        return read_u32_option(value, size, &out->has_lease_time, &out->lease_time_s);
    case OPTION_SERVER_IDENTIFIER:
        return read_u32_option(value, size, &out->has_server_id, &out->server_id.value);
    case OPTION_SUBNET_MASK:
        return read_u32_option(value, size, &out->has_subnet_mask, &out->subnet_mask.value);
    default:
        return true;
    }
}

static bool read_options(const uint8_t *at, const uint8_t *end, struct reply *out)
{
    while (at < end && *at != OPTION_END) {
        if (*at == OPTION_PAD) {
            at++;
            continue;
        }
        if (end - at < 2 || end - at < 2 + at[1] || !read_option(at[0], at + 2, at[1], out))
            return false;
        at += 2 + at[1];
    }
    return at < end;
}

bool message_read(struct span bytes, struct reply *out)
{
    const uint8_t *p = bytes.data;

    *out = (struct reply){.client = MESSAGE_NO_CLIENT};
    if (bytes.size < DHCP4_HEADER_SIZE || get_u32(p + AT_COOKIE) != COOKIE)
        return false;
    out->op = p[AT_OP];
    out->xid = get_u32(p + AT_XID);
    out->yiaddr = ip4(get_u32(p + AT_YIADDR));
    out->giaddr = ip4(get_u32(p + AT_GIADDR));
    if (p[AT_HTYPE] == 1 && p[AT_HLEN] == 6 && p[AT_CHADDR] == 0x02 && p[AT_CHADDR + 1] == 0)
        out->client = get_u32(p + AT_CHADDR + 2);
    return read_options(p + DHCP4_HEADER_SIZE, p + bytes.size, out);
}
