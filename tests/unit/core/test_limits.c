/* `limits`: no new address for who has as many as may be; what a client has it keeps. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lan[] = "limits: [{per: remote-id, leases: 3}]\n"
                          "offer-hold: 10s\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    limits: [{per: circuit-id, leases: 2}]\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "    reservations:\n"
                          "      - {hw-address: '02:00:00:00:00:09', address: 10.77.0.12}\n"
                          "  - subnet: 10.78.0.0/16\n"
                          "    limits: [{per: hw-address, leases: 1}]\n"
                          "    pools: [{range: 10.78.16.0-10.78.16.255}]\n"
                          "shared-networks:\n"
                          "  - name: row\n"
                          "    limits: [{per: circuit-id, leases: 2}]\n"
                          "    subnets:\n"
                          "      - {subnet: 10.80.0.0/24, pools: [{range: "
                          "10.80.0.16}]}\n"
                          "      - {subnet: 10.80.1.0/24, pools: [{range: "
                          "10.80.1.16-10.80.1.31}]}\n";

#define RELAY_77 ip4(0x0a4d0001)
#define RELAY_78 ip4(0x0a4e0001)

/* Circuit and remote identifiers of one letter each. */
#define PORT(circuit, remote) span_of("\x01\x01" circuit "\x02\x01" remote, 6)

static int set_up(void **state)
{
    *state = pair_new("1h", lan);
    pair_run(*state, 1000);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static uint64_t over_limit(const struct pair *pair)
{
    struct server_status status[2];

    for (int role = 0; role < 2; role++)
        server_status(pair->nodes[role].server, &status[role]);
    return status[0].counters.over_limit + status[1].counters.over_limit;
}

/* What the peer whose turn it is offers; 0.0.0.0: nothing. */
static struct ip4 offer(struct pair *pair, uint8_t client, struct span port, struct ip4 relay,
                        enum role *by)
{
    pair_forget(pair);
    pair_broadcast(pair, &(struct ask){.type = DHCP4_DISCOVER,
                                       .client = client,
                                       .relay_info = port,
                                       .giaddr = relay});
    if (pair_replies(pair) == 0)
        return ip4(0);
    return pair_only(pair, by)->packet.yiaddr;
}

static enum dhcp4_type request(struct pair *pair, uint8_t client, struct span port,
                               struct ip4 relay, struct ip4 address, enum role to)
{
    pair_forget(pair);
    pair_broadcast(pair, &(struct ask){.type = DHCP4_REQUEST,
                                       .client = client,
                                       .relay_info = port,
                                       .giaddr = relay,
                                       .requested = address,
                                       .server = node_address(to)});
    pair_run(pair, 100);
    return pair_replies(pair) == 0 ? DHCP4_NONE : pair_only(pair, NULL)->packet.type;
}

/* 0.0.0.0: it was not offered one. */
static struct ip4 bind(struct pair *pair, uint8_t client, struct span port)
{
    enum role by;
    const struct ip4 address = offer(pair, client, port, RELAY_77, &by);

    if (address.value != 0)
        assert_int_equal(request(pair, client, port, RELAY_77, address, by), DHCP4_ACK);
    pair_run(pair, 1000); /* both know it */
    return address;
}

static void a_port_gets_as_many_as_it_may(void **state)
{
    struct pair *pair = *state;

    assert_int_not_equal(bind(pair, 1, PORT("a", "x")).value, 0);
    assert_int_not_equal(bind(pair, 2, PORT("a", "x")).value, 0);
    assert_int_equal(bind(pair, 3, PORT("a", "x")).value, 0);
    assert_int_equal(over_limit(pair), 1);
    assert_int_not_equal(bind(pair, 3, PORT("b", "x")).value, 0);
}

/* Also what the partner has given, whoever answers. */
static void both_peers_count_the_whole(void **state)
{
    struct pair *pair = *state;
    unsigned given = 0;

    for (uint8_t client = 20; client < 40; client++)
        given += bind(pair, client, PORT("a", "x")).value != 0;
    assert_int_equal(given, 2);
    assert_int_equal(over_limit(pair), 18);
}

static void what_a_client_has_it_may_renew(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind(pair, 1, PORT("a", "x"));
    enum role by;

    bind(pair, 2, PORT("a", "x"));
    assert_int_equal(offer(pair, 1, PORT("a", "x"), RELAY_77, &by).value, address.value);
    assert_int_equal(request(pair, 1, PORT("a", "x"), RELAY_77, address, by), DHCP4_ACK);
    pair_forget(pair);
    pair_tell(pair, by,
              &(struct ask){.type = DHCP4_REQUEST,
                            .client = 1,
                            .xid = 5,
                            .ciaddr = address,
                            .to = node_address(by)});
    pair_run(pair, 100);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
    assert_int_equal(over_limit(pair), 0);
}

static void a_released_one_makes_room(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind(pair, 1, PORT("a", "x"));

    bind(pair, 2, PORT("a", "x"));
    assert_int_equal(bind(pair, 3, PORT("a", "x")).value, 0);
    pair_broadcast(pair, &(struct ask){.type = DHCP4_RELEASE,
                                       .client = 1,
                                       .ciaddr = address,
                                       .server = node_address(ROLE_PRIMARY)});
    pair_run(pair, 1000);
    assert_int_not_equal(bind(pair, 3, PORT("a", "x")).value, 0);
}

/* Three of the relay, in whichever subnet and at whichever port. */
static void the_limits_of_the_file_hold_across_subnets(void **state)
{
    struct pair *pair = *state;
    enum role by;
    struct ip4 address;

    bind(pair, 1, PORT("a", "x"));
    bind(pair, 2, PORT("b", "x"));
    address = offer(pair, 3, PORT("c", "x"), RELAY_78, &by);
    assert_int_equal(request(pair, 3, PORT("c", "x"), RELAY_78, address, by), DHCP4_ACK);
    pair_run(pair, 1000);
    assert_int_equal(bind(pair, 4, PORT("d", "x")).value, 0);
    assert_int_not_equal(bind(pair, 4, PORT("d", "y")).value, 0);
}

/* Two of the port, although the second is of another subnet than the first. */
static void the_limits_of_a_link_hold_across_its_subnets(void **state)
{
    struct pair *pair = *state;
    unsigned given = 0;
    bool both[2] = {false, false};

    for (uint8_t client = 1; client < 8; client++) {
        enum role by;
        const struct ip4 address = offer(pair, client, PORT("a", "z"), ip4(0x0a500001), &by);

        if (address.value == 0)
            continue;
        given +=
            request(pair, client, PORT("a", "z"), ip4(0x0a500001), address, by) == DHCP4_ACK;
        both[(address.value >> 8) & 1] = true;
        pair_run(pair, 1000);
    }
    assert_int_equal(given, 2);
    assert_true(both[0] && both[1]);
    assert_int_equal(over_limit(pair), 5);
}

/* Whoever is offered one may still come for it. */
static void an_offer_counts_until_it_ends(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[3];
    unsigned offers[2] = {0, 0};

    for (uint8_t client = 40; client < 60; client++) {
        enum role by;

        if (offer(pair, client, PORT("a", "x"), RELAY_77, &by).value != 0)
            offers[by]++;
    }
    /* Each peer knows only its own offers. */
    assert_int_equal(offers[0], 2);
    assert_int_equal(offers[1], 2);
    pair_run(pair, 11000);
    address[0] = bind(pair, 1, PORT("a", "x"));
    address[1] = bind(pair, 2, PORT("a", "x"));
    address[2] = bind(pair, 3, PORT("a", "x"));
    assert_true(address[0].value != 0 && address[1].value != 0 && address[2].value == 0);
}

static void asking_again_costs_nothing(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = offer(pair, 1, PORT("a", "x"), RELAY_78, NULL);

    assert_int_equal(offer(pair, 1, PORT("a", "x"), RELAY_78, NULL).value, address.value);
}

/* Each peer has offered what it may; what the other has bound since is one too many. */
static void a_request_beyond_the_limit_starts_over(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[2] = {{0}, {0}};
    uint8_t client[2] = {0, 0};

    for (uint8_t c = 1; c < 60; c++) {
        enum role by;
        const struct ip4 got = offer(pair, c, PORT("a", "x"), RELAY_77, &by);

        if (got.value != 0) {
            client[by] = c;
            address[by] = got;
        }
    }
    assert_true(client[0] != 0 && client[1] != 0);
    assert_int_equal(
        request(pair, client[0], PORT("a", "x"), RELAY_77, address[0], ROLE_PRIMARY),
        DHCP4_ACK);
    pair_run(pair, 1000);
    assert_int_equal(
        request(pair, client[1], PORT("a", "x"), RELAY_77, address[1], ROLE_SECONDARY),
        DHCP4_NAK);
}

static void a_reserved_address_is_always_given(void **state)
{
    struct pair *pair = *state;

    bind(pair, 1, PORT("a", "x"));
    bind(pair, 2, PORT("a", "x"));
    assert_int_equal(bind(pair, 9, PORT("a", "x")).value, 0x0a4d000c);
}

static void the_log_says_it_once_a_minute(void **state)
{
    struct pair *pair = *state;
    unsigned told[2] = {0, 0};

    bind(pair, 1, PORT("a", "x"));
    bind(pair, 2, PORT("a", "x"));
    for (uint8_t client = 10; client < 30; client++) {
        offer(pair, client, PORT("a", "x"), RELAY_77, NULL);
        for (int role = 0; role < 2; role++)
            told[role] += pair_had_event(pair, (enum role)role, "limit-reached");
    }
    assert_int_equal(over_limit(pair), 20);
    assert_int_equal(told[0], 1);
    assert_int_equal(told[1], 1);
}

/* What was counted before is counted anew from the records. */
static void a_restart_forgets_nothing(void **state)
{
    struct pair *pair = *state;

    bind(pair, 1, PORT("a", "x"));
    bind(pair, 2, PORT("a", "x"));
    pair_run(pair, 1000);
    for (int role = 0; role < 2; role++)
        pair_kill(pair, (enum role)role);
    for (int role = 0; role < 2; role++)
        pair_start(pair, (enum role)role);
    pair_run(pair, 3000);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_NORMAL);
    assert_int_equal(bind(pair, 3, PORT("a", "x")).value, 0);
    assert_int_not_equal(bind(pair, 1, PORT("a", "x")).value, 0);
}

#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PAIR(a_port_gets_as_many_as_it_may),
        IN_PAIR(both_peers_count_the_whole),
        IN_PAIR(what_a_client_has_it_may_renew),
        IN_PAIR(a_released_one_makes_room),
        IN_PAIR(the_limits_of_the_file_hold_across_subnets),
        IN_PAIR(the_limits_of_a_link_hold_across_its_subnets),
        IN_PAIR(an_offer_counts_until_it_ends),
        IN_PAIR(asking_again_costs_nothing),
        IN_PAIR(a_request_beyond_the_limit_starts_over),
        IN_PAIR(a_reserved_address_is_always_given),
        IN_PAIR(the_log_says_it_once_a_minute),
        IN_PAIR(a_restart_forgets_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
