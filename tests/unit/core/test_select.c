/* Which subnet, client and lease time a packet is about, and what is counted instead of
 * answered. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The LAN of both servers, and two links behind relays. */
static const char lan[] = "lease-time: {default: 12h, min: 10m, max: 24h}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "    reservations:\n"
                          "      - {hw-address: \"02:00:00:00:00:63\", address: 10.77.0.99}\n"
                          "      - {client-id: \"text:db1\", address: 10.77.0.98}\n"
                          "  - subnet: 10.80.0.0/24\n"
                          "    pools: [{range: 10.80.0.16-10.80.0.254}]\n"
                          "    lease-time: {default: 1h, max: 2h}\n"
                          "  - subnet: 10.81.0.0/24\n"
                          "    pools: [{range: 10.81.0.16-10.81.0.254}]\n";

#define KEY(text) span_of((text), sizeof(text) - 1)
#define LAN       ip4(0x0a4d0000)
#define LINK_80   ip4(0x0a500001)
#define LINK_81   ip4(0x0a510001)

static int set_up(void **state)
{
    *state = pair_new("1h", lan);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static const struct dhcp4_packet *ask_both(struct pair *pair, const struct ask *ask)
{
    pair_forget(pair);
    pair_broadcast(pair, ask);
    return &pair_only(pair, NULL)->packet;
}

static uint32_t network(const struct dhcp4_packet *p, unsigned bits)
{
    return p->yiaddr.value & UINT32_MAX << (32 - bits);
}

static struct server_counters counters(struct pair *pair, enum role role)
{
    struct server_status status;

    server_status(pair->nodes[role].server, &status);
    return status.counters;
}

/* ---- the link ---- */

static void a_direct_client_is_on_the_link_of_the_interface(void **state)
{
    const struct dhcp4_packet *p =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER, .client = 1});

    assert_int_equal(network(p, 16), LAN.value);
}

static void a_relayed_client_is_on_the_link_of_the_relay(void **state)
{
    const struct dhcp4_packet *p =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .giaddr = LINK_80});

    assert_int_equal(network(p, 24), 0x0a500000);
}

/* RFC 3527: the relay is reached at giaddr, the client is elsewhere. */
static void link_selection_counts_before_the_relays_address(void **state)
{
    const struct dhcp4_packet *p = ask_both(
        *state, &(struct ask){.type = DHCP4_DISCOVER,
                              .client = 1,
                              .giaddr = LINK_80,
                              .relay_info = KEY("\x01\x02xy\x05\x04\x0a\x51\x00\x00")});

    assert_int_equal(network(p, 24), 0x0a510000);
    assert_int_equal(p->giaddr.value, LINK_80.value);
}

static void link_selection_of_a_wrong_size_does_not_count(void **state)
{
    const struct dhcp4_packet *p =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER,
                                       .client = 1,
                                       .giaddr = LINK_80,
                                       .relay_info = KEY("\x05\x03\x0a\x51\x00")});

    assert_int_equal(network(p, 24), 0x0a500000);
}

/* Option 82 of a client that no relay forwarded is the client's own invention. */
static void link_selection_without_relay_does_not_count(void **state)
{
    const struct dhcp4_packet *p =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER,
                                       .client = 1,
                                       .relay_info = KEY("\x05\x04\x0a\x51\x00\x00")});

    assert_int_equal(network(p, 16), LAN.value);
}

static void a_relay_of_an_unknown_subnet_is_counted(void **state)
{
    struct pair *pair = *state;

    pair_broadcast(
        pair, &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .giaddr = ip4(0x0a630001)});
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(counters(pair, ROLE_PRIMARY).no_subnet, 1);
    assert_int_equal(counters(pair, ROLE_SECONDARY).no_subnet, 1);
}

static void an_interface_of_an_unknown_subnet_is_counted(void **state)
{
    struct pair *pair = *state;

    pair_tell(pair, ROLE_PRIMARY,
              &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .local = ip4(0x0a630001)});
    assert_int_equal(counters(pair, ROLE_PRIMARY).no_subnet, 1);
}

/* ---- the server identifier ---- */

static void the_identifier_is_the_address_of_the_receiving_interface(void **state)
{
    struct pair *pair = *state;
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 1, .secs = 9};

    for (unsigned role = 0; role < 2; role++) {
        pair_forget(pair);
        pair_tell(pair, (enum role)role, &ask);
        pair_settle(pair);
        assert_int_equal(dhcp4_option_ip4(&pair_last(pair, (enum role)role)->packet,
                                          OPTION_SERVER_IDENTIFIER)
                             .value,
                         node_address((enum role)role).value);
    }
}

/* Another address of the machine: what a client of that link can reach. */
static void on_another_interface_it_is_that_ones_address(void **state)
{
    struct pair *pair = *state;
    const struct ip4 local = ip4(0x0a510002);

    pair_tell(pair, ROLE_PRIMARY,
              &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .secs = 9, .local = local});
    pair_settle(pair);
    assert_int_equal(network(&pair_last(pair, ROLE_PRIMARY)->packet, 24), 0x0a510000);
    assert_int_equal(
        dhcp4_option_ip4(&pair_last(pair, ROLE_PRIMARY)->packet, OPTION_SERVER_IDENTIFIER)
            .value,
        local.value);
}

static void a_request_naming_another_server_is_left_alone(void **state)
{
    struct pair *pair = *state;

    pair_broadcast(pair, &(struct ask){.type = DHCP4_REQUEST,
                                       .client = 1,
                                       .requested = ip4(0x0a4d1001),
                                       .server = ip4(0x0a4d0077)});
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(counters(pair, ROLE_PRIMARY).other_server, 1);
    assert_int_equal(counters(pair, ROLE_SECONDARY).other_server, 1);
}

/* ---- the client ---- */

static void a_reservation_is_found_by_hardware_address(void **state)
{
    const struct dhcp4_packet *p =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER, .client = 0x63});

    assert_int_equal(p->yiaddr.value, 0x0a4d0063);
}

static void a_reservation_by_hardware_address_holds_with_an_identifier_too(void **state)
{
    const struct dhcp4_packet *p = ask_both(
        *state, &(struct ask){
                    .type = DHCP4_DISCOVER, .client = 0x63, .client_id = KEY("\xffwhatever")});

    assert_int_equal(p->yiaddr.value, 0x0a4d0063);
}

/* ... and is leased, not only offered. */
static void a_reservation_by_hardware_address_is_leased_with_an_identifier_too(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 0x63, .client_id = KEY("\xffwhatever")};
    enum role by;

    pair_broadcast(pair, &ask);
    pair_only(pair, &by);
    ask.type = DHCP4_REQUEST;
    ask.requested = ip4(0x0a4d0063);
    ask.server = node_address(by);
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
    assert_int_equal(pair_only(pair, NULL)->packet.yiaddr.value, 0x0a4d0063);
}

static void a_reservation_by_identifier_counts_before_the_hardware_address(void **state)
{
    const struct dhcp4_packet *p = ask_both(
        *state, &(struct ask){.type = DHCP4_DISCOVER, .client = 0x63, .client_id = KEY("db1")});

    assert_int_equal(p->yiaddr.value, 0x0a4d0062);
}

/* ---- the lease time ---- */

/* Each time another client: the other peer would help one that asks again and again. */
static uint32_t lease_time(struct pair *pair, uint32_t wanted, struct ip4 giaddr)
{
    static uint8_t client;
    struct ask ask = {.type = DHCP4_DISCOVER, .lease_time = wanted, .giaddr = giaddr};

    ask.client = ++client;
    return dhcp4_option_u32(ask_both(pair, &ask), OPTION_LEASE_TIME);
}

static void without_a_wish_the_default_is_leased(void **state)
{
    assert_int_equal(lease_time(*state, 0, ip4(0)), 43200);
    assert_int_equal(lease_time(*state, 0, LINK_80), 3600);
}

static void a_wish_within_the_limits_is_granted(void **state)
{
    assert_int_equal(lease_time(*state, 7000, ip4(0)), 7000);
    assert_int_equal(lease_time(*state, 7000, LINK_80), 7000);
}

static void a_wish_below_the_minimum_gets_the_minimum(void **state)
{
    assert_int_equal(lease_time(*state, 1, ip4(0)), 600);
}

static void a_wish_above_the_maximum_gets_the_maximum(void **state)
{
    assert_int_equal(lease_time(*state, 100000, ip4(0)), 86400);
    assert_int_equal(lease_time(*state, UINT32_MAX, ip4(0)), 86400);
    assert_int_equal(lease_time(*state, UINT32_MAX, LINK_80), 7200);
}

/* ---- what is counted and not answered ---- */

static void receive(struct pair *pair, const uint8_t *bytes, size_t size)
{
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    const struct datagram datagram = {
        .destination = ip4(UINT32_MAX),
        .local = node_address(ROLE_PRIMARY),
        .source_port = DHCP4_CLIENT_PORT,
        .interface = 2,
        .payload = span_of(bytes, size),
    };

    server_receive(node->server, pair->now, &datagram, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    pair_settle(pair);
}

static size_t discover(uint8_t bytes[static 1500])
{
    return ask_encode(&(struct ask){.type = DHCP4_DISCOVER, .client = 1, .secs = 9}, bytes);
}

static void bootp_without_option_53_is_counted_and_not_answered(void **state)
{
    struct pair *pair = *state;
    uint8_t bytes[1500];

    discover(bytes);
    bytes[DHCP4_HEADER_SIZE] = OPTION_END;
    receive(pair, bytes, 300);
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(counters(pair, ROLE_PRIMARY).received[DHCP4_NONE], 1);
}

static void malformed_packets_are_counted_by_reason(void **state)
{
    struct pair *pair = *state;
    uint8_t bytes[1500];
    const size_t size = discover(bytes);
    struct server_counters after;

    receive(pair, bytes, 239);
    bytes[236] ^= 1;
    receive(pair, bytes, size);
    bytes[236] ^= 1;
    bytes[DHCP4_HEADER_SIZE + 1] = 200;
    receive(pair, bytes, size);
    after = counters(pair, ROLE_PRIMARY);
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(after.malformed[DHCP4_DROP_SHORT], 1);
    assert_int_equal(after.malformed[DHCP4_DROP_BAD_COOKIE], 1);
    assert_int_equal(after.malformed[DHCP4_DROP_TRUNCATED], 1);
    assert_int_equal(after.received[DHCP4_DISCOVER], 0);
}

static void what_only_servers_say_is_not_answered(void **state)
{
    static const enum dhcp4_type types[] = {DHCP4_OFFER, DHCP4_ACK, DHCP4_NAK};
    struct pair *pair = *state;
    uint8_t bytes[1500];
    size_t size = discover(bytes);

    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        bytes[DHCP4_HEADER_SIZE + 2] = (uint8_t)types[i];
        receive(pair, bytes, size);
    }
    size = discover(bytes);
    bytes[0] = DHCP4_BOOTREPLY;
    receive(pair, bytes, size);
    assert_int_equal(pair_replies(pair), 0);
}

/* hlen 0 and no option 61. */
static void a_client_without_a_name_gets_nothing(void **state)
{
    struct pair *pair = *state;
    uint8_t bytes[1500];
    const size_t size = discover(bytes);

    bytes[2] = 0;
    receive(pair, bytes, size);
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(counters(pair, ROLE_PRIMARY).malformed[DHCP4_DROP_BAD_HLEN], 1);
}

/* RFC 2132 9.14: an identifier has two bytes at least; one of a single byte names nobody. */
static void an_identifier_of_one_byte_is_no_name(void **state)
{
    struct pair *pair = *state;
    const struct ask ask = {
        .type = DHCP4_DISCOVER, .client = 1, .secs = 9, .client_id = KEY("\x07")};
    uint8_t bytes[1500];
    const size_t size = ask_encode(&ask, bytes);

    bytes[2] = 0;
    receive(pair, bytes, size);
    assert_int_equal(pair_replies(pair), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_direct_client_is_on_the_link_of_the_interface),
        TEST(a_relayed_client_is_on_the_link_of_the_relay),
        TEST(link_selection_counts_before_the_relays_address),
        TEST(link_selection_of_a_wrong_size_does_not_count),
        TEST(link_selection_without_relay_does_not_count),
        TEST(a_relay_of_an_unknown_subnet_is_counted),
        TEST(an_interface_of_an_unknown_subnet_is_counted),
        TEST(the_identifier_is_the_address_of_the_receiving_interface),
        TEST(on_another_interface_it_is_that_ones_address),
        TEST(a_request_naming_another_server_is_left_alone),
        TEST(a_reservation_is_found_by_hardware_address),
        TEST(a_reservation_by_hardware_address_holds_with_an_identifier_too),
        TEST(a_reservation_by_hardware_address_is_leased_with_an_identifier_too),
        TEST(a_reservation_by_identifier_counts_before_the_hardware_address),
        TEST(without_a_wish_the_default_is_leased),
        TEST(a_wish_within_the_limits_is_granted),
        TEST(a_wish_below_the_minimum_gets_the_minimum),
        TEST(a_wish_above_the_maximum_gets_the_maximum),
        TEST(bootp_without_option_53_is_counted_and_not_answered),
        TEST(malformed_packets_are_counted_by_reason),
        TEST(what_only_servers_say_is_not_answered),
        TEST(a_client_without_a_name_gets_nothing),
        TEST(an_identifier_of_one_byte_is_no_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
