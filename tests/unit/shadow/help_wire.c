/* tests/unit/shadow/help_wire.c - see help_wire.h */
#include "tests/unit/shadow/help_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char lan[] =
    "server: {interfaces: [eth0]}\n"
    "lease-time: {default: 1h}\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.16.9}, {range: 10.77.17.0-10.77.17.9}]\n"
    "    options: {routers: [10.77.0.254]}\n"
    "    reservations: [{hw-address: \"02:00:00:00:00:03\", address: 10.77.0.33}]\n";

struct config *help_config(void)
{
    struct config_problems problems = {0};
    struct config *config = config_load_text("test", lan, sizeof(lan) - 1, "a", &problems);

    config_problems_print(&problems, "test", stderr);
    config_problems_free(&problems);
    assert_non_null(config);
    return config;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_address(uint8_t *out, size_t *at, uint8_t code, struct ip4 address)
{
    if (address.value == 0)
        return;
    out[(*at)++] = code;
    out[(*at)++] = 4;
    put_u32(out + *at, address.value);
    *at += 4;
}

static uint32_t xid_of(const struct asked *asked)
{
    return asked->xid != 0 ? asked->xid : 1;
}

size_t help_request(const struct asked *asked, uint8_t out[static DHCP4_MAX_SIZE])
{
    size_t at = DHCP4_HEADER_SIZE;

    memset(out, 0, DHCP4_MAX_SIZE);
    out[0] = DHCP4_BOOTREQUEST;
    out[1] = 1;
    out[2] = 6;
    put_u32(out + 4, xid_of(asked));
    put_u32(out + 12, asked->ciaddr.value);
    put_u32(out + 24, asked->giaddr.value);
    out[28] = 2;
    out[33] = asked->client;
    put_u32(out + 236, 0x63825363);
    out[at++] = OPTION_MESSAGE_TYPE;
    out[at++] = 1;
    out[at++] = (uint8_t)asked->type;
    put_address(out, &at, OPTION_REQUESTED_ADDRESS, asked->requested);
    put_address(out, &at, OPTION_SERVER_IDENTIFIER, asked->server);
    out[at++] = OPTION_PARAMETER_REQUEST_LIST;
    out[at++] = 2;
    out[at++] = OPTION_SUBNET_MASK;
    out[at++] = OPTION_ROUTERS;
    out[at++] = OPTION_END;
    return at;
}

size_t help_reply(const struct asked *asked, const struct told *told,
                  uint8_t out[static DHCP4_MAX_SIZE])
{
    static struct dhcp4_writer w;
    const struct dhcp4_reply_header header = {.htype = 1,
                                              .hlen = 6,
                                              .xid = xid_of(asked),
                                              .ciaddr = asked->ciaddr,
                                              .yiaddr = told->yiaddr,
                                              .siaddr = told->siaddr,
                                              .giaddr = asked->giaddr,
                                              .chaddr = {2, 0, 0, 0, 0, asked->client},
                                              .file = told->file};
    const uint32_t lease = told->lease_time != 0 ? told->lease_time : 3600;
    const struct ip4 router = told->router.value != 0 ? told->router : ip4(0x0a4d00fe);

    dhcp4_writer_init(&w, &header, 1500);
    dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, (uint8_t)told->type);
    dhcp4_writer_add_ip4(&w, OPTION_SERVER_IDENTIFIER, OTHER);
    if (told->type != DHCP4_NAK) {
        dhcp4_writer_add_u32(&w, OPTION_LEASE_TIME, lease);
        if (!told->no_times) {
            dhcp4_writer_add_u32(&w, OPTION_RENEWAL_TIME, lease / 2);
            dhcp4_writer_add_u32(&w, OPTION_REBINDING_TIME,
                                 (uint32_t)((uint64_t)lease * 7 / 8));
        }
        dhcp4_writer_add_ip4(&w, OPTION_SUBNET_MASK, ip4(0xffff0000));
        dhcp4_writer_add_ip4(&w, OPTION_ROUTERS, router);
        if (told->broadcast.value != 0)
            dhcp4_writer_add_ip4(&w, OPTION_BROADCAST_ADDRESS, told->broadcast);
        if (told->extra != 0)
            dhcp4_writer_add_u8(&w, told->extra, 1);
    }
    return dhcp4_writer_finish(&w, out, DHCP4_MAX_SIZE);
}

void wire_init(struct wire *wire)
{
    wire->config = help_config();
    wire->now = instant_ms(NOW_MS);
    wire->shadow = shadow_new(wire->config, wire->now, NULL, NULL);
}

void wire_deinit(struct wire *wire)
{
    shadow_free(wire->shadow);
    config_free(wire->config);
}

static void see(struct wire *wire, struct ip4 source, struct ip4 destination, uint16_t port,
                struct span payload)
{
    const struct shadow_packet packet = {
        .source = source, .destination = destination, .source_port = port, .payload = payload};

    shadow_see(wire->shadow, wire->now, &packet);
}

void wire_ask(struct wire *wire, const struct asked *asked)
{
    const bool renews = asked->ciaddr.value != 0;
    uint8_t bytes[DHCP4_MAX_SIZE];

    see(wire, asked->ciaddr, renews ? OTHER : ip4(UINT32_MAX), DHCP4_CLIENT_PORT,
        span_of(bytes, help_request(asked, bytes)));
}

void wire_tell(struct wire *wire, const struct asked *asked, const struct told *told)
{
    uint8_t bytes[DHCP4_MAX_SIZE];

    see(wire, OTHER, ip4(UINT32_MAX), DHCP4_SERVER_PORT,
        span_of(bytes, help_reply(asked, told, bytes)));
}

void wire_exchange(struct wire *wire, const struct asked *asked, const struct told *told)
{
    wire_ask(wire, asked);
    wire->now.ms += 5;
    wire_tell(wire, asked, told);
}

uint64_t wire_found(const struct wire *wire, enum shadow_kind kind, uint8_t code)
{
    const struct tally_row *row =
        shadow_tally(wire->shadow)
            ->rows[kind == SHADOW_OPTION ? SHADOW_KINDS + (size_t)code : (size_t)kind];

    return row != NULL ? row->count : 0;
}

struct shadow_counters wire_counters(const struct wire *wire)
{
    return shadow_counters(wire->shadow);
}
