/* Shared networks, relays that stand elsewhere, and what a relay says of the client and of us.
 */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The first subnet of the row has room for four. */
static const char row[] =
    "classes:\n"
    "  - name: port-7\n"
    "    match: {option-82: \"01:02:65:37\"}\n"
    "    options: {domain-name: port7.example}\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
    "  - subnet: 10.90.0.0/24\n"
    "    pools: [{range: 10.90.0.16-10.90.0.99}]\n"
    "    relay: [192.0.2.9]\n"
    "    server-identifier: 10.90.0.1\n"
    "  - subnet: 10.91.0.0/24\n"
    "    pools: [{range: 10.91.0.16-10.91.0.99}]\n"
    "    interface: vlan91\n"
    "shared-networks:\n"
    "  - name: row-a\n"
    "    relay: [192.0.2.1, 192.0.2.2]\n"
    "    options: {domain-name: row.example}\n"
    "    lease-time: 2h\n"
    "    subnets:\n"
    "      - subnet: 10.80.0.0/24\n"
    "        pools: [{range: 10.80.0.16-10.80.0.19}]\n"
    "        options: {routers: [10.80.0.1]}\n"
    "      - subnet: 10.80.1.0/25\n"
    "        pools: [{range: 10.80.1.16-10.80.1.100}]\n"
    "        options: {domain-name: second.example}\n"
    "        reservations:\n"
    "          - {hw-address: \"02:00:00:00:00:63\", address: 10.80.1.9}\n";

#define KEY(text)    span_of((text), sizeof(text) - 1)
#define IN_FIRST     ip4(0x0a500001)
#define IN_SECOND    ip4(0x0a500101)
#define RELAY        ip4(0xc0000201) /* of the shared network */
#define RELAY_90     ip4(0xc0000209)
#define WHAT_IS_SENT KEY("\x01\x03\x0f\x1c")

static int set_up(void **state)
{
    *state = pair_new("1h", row);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static const struct sent_reply *ask_both(struct pair *pair, const struct ask *ask)
{
    pair_forget(pair);
    pair_broadcast(pair, ask);
    return pair_only(pair, NULL);
}

static const struct dhcp4_packet *discover(struct pair *pair, uint8_t client, struct ip4 giaddr)
{
    return &ask_both(pair, &(struct ask){.type = DHCP4_DISCOVER,
                                         .client = client,
                                         .giaddr = giaddr,
                                         .parameters = WHAT_IS_SENT})
                ->packet;
}

/* First contact through a relay; returns the address. */
static struct ip4 bind(struct pair *pair, struct ask ask)
{
    const struct dhcp4_packet *p;

    ask.type = DHCP4_DISCOVER;
    p = &ask_both(pair, &ask)->packet;
    ask.type = DHCP4_REQUEST;
    ask.requested = p->yiaddr;
    ask.server = dhcp4_option_ip4(p, OPTION_SERVER_IDENTIFIER);
    p = &ask_both(pair, &ask)->packet;
    assert_int_equal(p->type, DHCP4_ACK);
    return p->yiaddr;
}

static bool in_first(struct ip4 address)
{
    return address.value >> 8 == 0x0a5000;
}

static bool in_second(struct ip4 address)
{
    return address.value >> 7 == 0x0a500100 >> 7;
}

static void assert_text(const struct dhcp4_packet *p, uint8_t code, const char *expected)
{
    assert_true(span_equal(p->option[code], span_of(expected, strlen(expected))));
}

static struct server_counters counters(struct pair *pair, enum role role)
{
    struct server_status status;

    server_status(pair->nodes[role].server, &status);
    return status.counters;
}

/* ---- shared networks ---- */

static void the_subnet_that_the_relay_stands_in_is_used_first(void **state)
{
    assert_true(in_first(discover(*state, 1, IN_FIRST)->yiaddr));
    assert_true(in_second(discover(*state, 2, IN_SECOND)->yiaddr));
}

/* Two of the four are each peer's; the fifth client gets one of the other subnet. */
static void when_one_subnet_is_full_the_others_of_the_link_are_used(void **state)
{
    struct pair *pair = *state;
    unsigned second = 0;

    for (uint8_t client = 1; client <= 5; client++)
        second += in_second(bind(pair, (struct ask){.client = client, .giaddr = IN_FIRST}));
    assert_true(second >= 1);
    assert_true(second < 5);
}

/* Mask, router and name are those of the subnet that the address is in, not of the relay's. */
static void what_is_sent_follows_the_address(void **state)
{
    struct pair *pair = *state;
    const struct dhcp4_packet *p = discover(pair, 1, IN_FIRST);

    assert_int_equal(dhcp4_option_ip4(p, OPTION_SUBNET_MASK).value, 0xffffff00);
    assert_int_equal(dhcp4_option_ip4(p, OPTION_BROADCAST_ADDRESS).value, 0x0a5000ff);
    assert_int_equal(dhcp4_option_ip4(p, OPTION_ROUTERS).value, 0x0a500001);
    assert_text(p, OPTION_DOMAIN_NAME, "row.example");

    p = discover(pair, 0x63, IN_FIRST); /* its reservation is in the other subnet */
    assert_int_equal(p->yiaddr.value, 0x0a500109);
    assert_int_equal(dhcp4_option_ip4(p, OPTION_SUBNET_MASK).value, 0xffffff80);
    assert_int_equal(dhcp4_option_ip4(p, OPTION_BROADCAST_ADDRESS).value, 0x0a50017f);
    assert_false(dhcp4_has(p, OPTION_ROUTERS));
    assert_text(p, OPTION_DOMAIN_NAME, "second.example");
}

static void the_lease_time_of_the_shared_network_holds_in_its_subnets(void **state)
{
    assert_int_equal(dhcp4_option_u32(discover(*state, 1, IN_FIRST), OPTION_LEASE_TIME), 7200);
}

/* An address of the other subnet is no wrong address: the link is the same. */
static void a_client_keeps_its_address_whichever_relay_it_is_heard_through(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind(pair, (struct ask){.client = 1, .giaddr = IN_SECOND});
    const struct dhcp4_packet *p;

    assert_true(in_second(address));
    assert_int_equal(discover(pair, 1, IN_FIRST)->yiaddr.value, address.value);
    p = &ask_both(pair, &(struct ask){.type = DHCP4_REQUEST,
                                      .client = 1,
                                      .requested = address,
                                      .giaddr = IN_FIRST})
             ->packet;
    assert_int_equal(p->type, DHCP4_ACK);
}

static void an_address_of_another_link_is_refused(void **state)
{
    const struct dhcp4_packet *p = &ask_both(*state, &(struct ask){.type = DHCP4_REQUEST,
                                                                   .client = 1,
                                                                   .requested = ip4(0x0a4d1001),
                                                                   .giaddr = IN_FIRST})
                                        ->packet;

    assert_int_equal(p->type, DHCP4_NAK);
}

/* ---- how a packet finds its place ---- */

static void a_relay_outside_means_the_place_that_names_it(void **state)
{
    struct pair *pair = *state;
    const struct dhcp4_packet *p = discover(pair, 1, RELAY_90);

    assert_int_equal(p->yiaddr.value >> 8, 0x0a5a00);
    assert_int_equal(p->giaddr.value, RELAY_90.value);
    assert_int_equal(pair_only(pair, NULL)->reply.address.value, RELAY_90.value);
    assert_true(in_first(discover(pair, 2, RELAY)->yiaddr));
}

/* The same for a relay inside of a subnet that is not the client's. */
static void link_selection_counts_before_a_configured_relay(void **state)
{
    const struct dhcp4_packet *p =
        &ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER,
                                        .client = 1,
                                        .giaddr = RELAY_90,
                                        .relay_info = KEY("\x05\x04\x0a\x4d\x00\x00")})
             ->packet;

    assert_int_equal(p->yiaddr.value >> 16, 0x0a4d);
}

static void tell(struct pair *pair, const struct ask *ask, const char *interface, uint16_t port)
{
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    uint8_t bytes[1500];
    const struct datagram datagram = {
        .destination = ip4(UINT32_MAX),
        .local = node_address(ROLE_PRIMARY),
        .source_port = port,
        .interface = 2,
        .interface_name = interface,
        .payload = span_of(bytes, ask_encode(ask, bytes)),
    };

    pair_forget(pair);
    server_receive(node->server, pair->now, &datagram, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    pair_settle(pair);
}

static void an_interface_means_the_place_that_names_it(void **state)
{
    struct pair *pair = *state;
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 1, .secs = 9};

    tell(pair, &ask, "vlan91", DHCP4_CLIENT_PORT);
    assert_int_equal(pair_last(pair, ROLE_PRIMARY)->packet.yiaddr.value >> 8, 0x0a5b00);
    tell(pair, &ask, "vlan9", DHCP4_CLIENT_PORT);
    assert_int_equal(pair_last(pair, ROLE_PRIMARY)->packet.yiaddr.value >> 16, 0x0a4d);
}

/* ---- what the relay says of us ---- */

/* RFC 8357: a relay that says sub-option 19 is answered where it sends from. */
static void a_relay_may_listen_on_another_port(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 1, .secs = 9, .giaddr = IN_FIRST};

    tell(pair, &ask, NULL, 12345);
    assert_int_equal(pair_last(pair, ROLE_PRIMARY)->reply.port, DHCP4_SERVER_PORT);
    ask.relay_info = KEY("\x01\x01x\x13\x00");
    tell(pair, &ask, NULL, 12345);
    assert_int_equal(pair_last(pair, ROLE_PRIMARY)->reply.port, 12345);
    assert_true(
        span_equal(pair_last(pair, ROLE_PRIMARY)->packet.option[OPTION_RELAY_AGENT_INFORMATION],
                   ask.relay_info));
}

/* RFC 5107: the client is told the relay's word, and a REQUEST that names it reaches the peer
 * that offered. */
static void a_relay_may_stand_in_our_place(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_DISCOVER,
                      .client = 1,
                      .giaddr = IN_FIRST,
                      .relay_info = KEY("\x0b\x04\x0a\x50\x00\x01")};

    for (uint8_t client = 1; client <= 8; client++) {
        enum role offered, granted;
        const struct sent_reply *reply;

        ask.type = DHCP4_DISCOVER;
        ask.client = client;
        ask.requested = ask.server = ip4(0);
        reply = ask_both(pair, &ask);
        (void)pair_only(pair, &offered);
        assert_int_equal(dhcp4_option_ip4(&reply->packet, OPTION_SERVER_IDENTIFIER).value,
                         0x0a500001);
        assert_int_equal(reply->reply.source.value, node_address(offered).value);
        ask.type = DHCP4_REQUEST;
        ask.requested = reply->packet.yiaddr;
        ask.server = ip4(0x0a500001);
        assert_int_equal(ask_both(pair, &ask)->packet.type, DHCP4_ACK);
        (void)pair_only(pair, &granted);
        assert_int_equal(granted, offered);
    }
}

/* The same where the file says what both servers are called. */
static void a_configured_identifier_is_told_and_understood(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 1, .giaddr = RELAY_90};
    const struct dhcp4_packet *p = &ask_both(pair, &ask)->packet;

    assert_int_equal(dhcp4_option_ip4(p, OPTION_SERVER_IDENTIFIER).value, 0x0a5a0001);
    ask.type = DHCP4_REQUEST;
    ask.requested = p->yiaddr;
    ask.server = ip4(0x0a5a0001);
    assert_int_equal(ask_both(pair, &ask)->packet.type, DHCP4_ACK);
}

/* Nobody offered, as after a restart of both: not selected, so it is the owner's to answer. */
static void a_common_identifier_without_an_offer_is_answered_once(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind(pair, (struct ask){.client = 1, .giaddr = RELAY_90});
    const struct ask ask = {.type = DHCP4_REQUEST,
                            .client = 1,
                            .giaddr = RELAY_90,
                            .requested = address,
                            .server = ip4(0x0a5a0001)};

    assert_int_equal(ask_both(pair, &ask)->packet.type, DHCP4_ACK);
}

/* ---- what the relay says of the client ---- */

/* A renewal goes past the relay: the client is still at the port where it was. */
static void relay_information_is_remembered_for_direct_renewals(void **state)
{
    struct pair *pair = *state;
    const struct ask first = {.client = 1,
                              .giaddr = IN_FIRST,
                              .relay_info = KEY("\x01\x02\x65\x37"),
                              .parameters = WHAT_IS_SENT};
    struct ask renew = {.type = DHCP4_REQUEST, .client = 1, .parameters = WHAT_IS_SENT};
    const struct dhcp4_packet *p;

    renew.ciaddr = bind(pair, first);
    renew.to = node_address(ROLE_PRIMARY);
    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY, &renew);
    pair_settle(pair);
    p = &pair_only(pair, NULL)->packet;
    assert_int_equal(p->type, DHCP4_ACK);
    assert_text(p, OPTION_DOMAIN_NAME, "port7.example");
    assert_false(dhcp4_has(p, OPTION_RELAY_AGENT_INFORMATION));
}

/* RFC 3046 2.1: what a client says of its own port is worth nothing. */
static void relay_information_of_a_client_is_not_believed(void **state)
{
    const struct dhcp4_packet *p =
        &ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER,
                                        .client = 1,
                                        .relay_info = KEY("\x01\x02\x65\x37"),
                                        .parameters = WHAT_IS_SENT})
             ->packet;

    assert_false(dhcp4_has(p, OPTION_DOMAIN_NAME));
    assert_false(dhcp4_has(p, OPTION_RELAY_AGENT_INFORMATION));
}

/* ---- the pair ---- */

/* The partner is full only when it has nothing left in any subnet of the link. */
static void the_whole_link_counts_for_who_is_full(void **state)
{
    struct pair *pair = *state;

    for (uint8_t client = 1; client <= 40; client++)
        (void)bind(pair, (struct ask){.client = client, .giaddr = IN_FIRST});
    assert_true(counters(pair, ROLE_PRIMARY).left_to_partner > 0);
    assert_true(counters(pair, ROLE_SECONDARY).left_to_partner > 0);
    assert_true(pair_equal(pair));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_subnet_that_the_relay_stands_in_is_used_first),
        TEST(when_one_subnet_is_full_the_others_of_the_link_are_used),
        TEST(what_is_sent_follows_the_address),
        TEST(the_lease_time_of_the_shared_network_holds_in_its_subnets),
        TEST(a_client_keeps_its_address_whichever_relay_it_is_heard_through),
        TEST(an_address_of_another_link_is_refused),
        TEST(a_relay_outside_means_the_place_that_names_it),
        TEST(link_selection_counts_before_a_configured_relay),
        TEST(an_interface_means_the_place_that_names_it),
        TEST(a_relay_may_listen_on_another_port),
        TEST(a_relay_may_stand_in_our_place),
        TEST(a_configured_identifier_is_told_and_understood),
        TEST(a_common_identifier_without_an_offer_is_answered_once),
        TEST(relay_information_is_remembered_for_direct_renewals),
        TEST(relay_information_of_a_client_is_not_believed),
        TEST(the_whole_link_counts_for_who_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
