/* Settings of one link for servers that share it with others, and for odd clients:
 * `authoritative`, `match-client-id`, `echo-client-id`. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lan[] = "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    authoritative: false\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "  - subnet: 10.78.0.0/16\n"
                          "    match-client-id: false\n"
                          "    echo-client-id: false\n"
                          "    pools: [{range: 10.78.16.0-10.78.16.255}]\n"
                          "    reservations:\n"
                          "      - {hw-address: '02:00:00:00:00:09', address: 10.78.16.8}\n";

#define RELAY_78 ip4(0x0a4e0001)
#define ID(text) span_of("\x00" text, sizeof(text))

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

static void ask_both(struct pair *pair, const struct ask *ask)
{
    pair_forget(pair);
    for (int i = 0; i < 4; i++) /* until a partner would help */
        pair_broadcast(pair, ask);
    pair_run(pair, 100);
}

static uint64_t withheld(const struct pair *pair)
{
    struct server_status status[2];

    for (int role = 0; role < 2; role++)
        server_status(pair->nodes[role].server, &status[role]);
    return status[0].counters.naks_withheld + status[1].counters.naks_withheld;
}

static void another_networks_client_is_left_alone(void **state)
{
    struct pair *pair = *state;

    ask_both(pair,
             &(struct ask){.type = DHCP4_REQUEST, .client = 1, .requested = ip4(0x0a630001)});
    assert_int_equal(pair_replies(pair), 0);
    assert_true(withheld(pair) > 0);
    ask_both(pair, &(struct ask){.type = DHCP4_REQUEST,
                                 .client = 1,
                                 .requested = ip4(0x0a630001),
                                 .giaddr = RELAY_78});
    assert_true(pair_replies(pair) > 0);
}

/* Another server of the link may have given it. */
static void an_unknown_client_is_left_alone(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 1, NULL);

    ask_both(pair, &(struct ask){.type = DHCP4_REQUEST, .client = 2, .ciaddr = address});
    assert_int_equal(pair_replies(pair), 0);
    assert_true(withheld(pair) > 0);
}

static void who_chose_this_server_is_refused(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 1, NULL);

    pair_forget(pair);
    pair_broadcast(pair, &(struct ask){.type = DHCP4_REQUEST,
                                       .client = 2,
                                       .requested = address,
                                       .server = node_address(ROLE_PRIMARY)});
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_NAK);
}

static void a_known_client_is_refused_what_is_anothers(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 1, NULL);

    pair_bind(pair, 2, NULL);
    ask_both(pair, &(struct ask){.type = DHCP4_REQUEST, .client = 2, .ciaddr = address});
    assert_true(pair_replies(pair) > 0);
    assert_int_equal(pair_last(pair, pair->nodes[0].reply_count > 0 ? 0 : 1)->packet.type,
                     DHCP4_NAK);
}

/* ---- client identifiers ---- */

static struct ip4 offered(struct pair *pair, uint8_t client, struct span id)
{
    const struct ask ask = {.type = DHCP4_DISCOVER,
                            .client = client,
                            .client_id = id,
                            .giaddr = RELAY_78,
                            .secs = 9};

    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY, &ask);
    pair_settle(pair);
    assert_non_null(pair_last(pair, ROLE_PRIMARY));
    return pair_last(pair, ROLE_PRIMARY)->packet.yiaddr;
}

/* A boot ROM and the system that it boots name themselves differently. */
static void a_client_keeps_its_address_under_another_identifier(void **state)
{
    struct pair *pair = *state;
    const struct ip4 first = offered(pair, 1, ID("rom"));

    assert_int_equal(offered(pair, 1, ID("system")).value, first.value);
    assert_int_equal(offered(pair, 1, span_of(NULL, 0)).value, first.value);
    assert_int_not_equal(offered(pair, 2, ID("rom")).value, first.value);
}

static void its_reservation_is_by_hardware(void **state)
{
    assert_int_equal(offered(*state, 9, ID("any")).value, 0x0a4e1008);
}

static void the_identifier_is_not_sent_back(void **state)
{
    struct pair *pair = *state;

    offered(pair, 1, ID("rom"));
    assert_false(dhcp4_has(&pair_last(pair, ROLE_PRIMARY)->packet, OPTION_CLIENT_IDENTIFIER));
    pair_forget(pair);
    pair_tell(
        pair, ROLE_PRIMARY,
        &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .client_id = ID("rom"), .secs = 9});
    pair_settle(pair);
    assert_true(dhcp4_has(&pair_last(pair, ROLE_PRIMARY)->packet, OPTION_CLIENT_IDENTIFIER));
}

#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PAIR(another_networks_client_is_left_alone),
        IN_PAIR(an_unknown_client_is_left_alone),
        IN_PAIR(who_chose_this_server_is_refused),
        IN_PAIR(a_known_client_is_refused_what_is_anothers),
        IN_PAIR(a_client_keeps_its_address_under_another_identifier),
        IN_PAIR(its_reservation_is_by_hardware),
        IN_PAIR(the_identifier_is_not_sent_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
