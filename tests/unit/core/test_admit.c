/* Whom a subnet and a pool serve: allow, deny and require, at first contact, request, reboot
 * and renewal; and classes that are given or tested for a place alone. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define KEY(text) span_of((text), sizeof(text) - 1)
#define LINK_80   ip4(0x0a500001)

/* Clients 1 to 15 are of class `low`, those of circuit eth7 of `eth7`. */
#define CLASSES                                                                                \
    "classes:\n"                                                                               \
    "  - {name: low, match: {packet.hw-address: {glob: '02:00:00:00:00:0?'}}}\n"               \
    "  - {name: eth7, match: {relay.circuit-id: {prefix: eth7}}}\n"                            \
    "  - {name: never, expression: \"'a' == 'b'\"}\n"

static struct ip4 offered_to(struct pair *pair, const struct ask *ask)
{
    pair_forget(pair);
    pair_broadcast(pair, ask);
    return pair_replies(pair) > 0 ? pair_only(pair, NULL)->packet.yiaddr : ip4(0);
}

static struct ip4 offered(struct pair *pair, uint8_t client)
{
    return offered_to(pair, &(struct ask){.type = DHCP4_DISCOVER, .client = client});
}

/* The type of the one reply; DHCP4_NONE when nobody replies. */
static enum dhcp4_type answer_to(struct pair *pair, const struct ask *ask)
{
    pair_forget(pair);
    pair_broadcast(pair, ask);
    pair_run(pair, 100);
    return pair_replies(pair) > 0 ? pair_only(pair, NULL)->packet.type : DHCP4_NONE;
}

static uint64_t not_admitted(struct pair *pair)
{
    struct server_status status;

    server_status(pair->nodes[ROLE_PRIMARY].server, &status);
    return status.counters.not_admitted;
}

/* ---- pools ---- */

static const char two_pools[] = CLASSES "subnets:\n"
                                        "  - subnet: 10.77.0.0/16\n"
                                        "    pools:\n"
                                        "      - {range: 10.77.16.0/24, allow: low}\n"
                                        "      - {range: 10.77.17.0/24, deny: low}\n";

static void a_client_that_one_pool_denies_gets_an_address_of_another(void **state)
{
    struct pair *pair = pair_new("1h", two_pools);

    (void)state;
    assert_int_equal(offered(pair, 1).value >> 8, 0x0a4d10);
    assert_int_equal(offered(pair, 99).value >> 8, 0x0a4d11);
    assert_int_equal(not_admitted(pair), 0);
    pair_free(pair);
}

/* What it asks for is not in a pool that is for it. */
static void a_requested_address_of_a_denied_pool_is_not_offered(void **state)
{
    struct pair *pair = pair_new("1h", two_pools);
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 99, .requested = ip4(0x0a4d1007)};

    (void)state;
    assert_int_equal(offered_to(pair, &ask).value >> 8, 0x0a4d11);
    pair_free(pair);
}

static void a_client_that_all_pools_deny_is_counted(void **state)
{
    struct pair *pair = pair_new("1h", CLASSES "subnets:\n"
                                               "  - subnet: 10.77.0.0/16\n"
                                               "    pools: [{range: 10.77.16.0/24, require: "
                                               "[low, never]}]\n");

    (void)state;
    assert_int_equal(offered(pair, 1).value, 0);
    pair_tell(pair, ROLE_PRIMARY,
              &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .secs = 9});
    assert_int_equal(pair_replies(pair), 0);
    assert_true(not_admitted(pair) > 0);
    pair_free(pair);
}

/* Of the peer `role`, in the pool that is for `low` alone. */
static struct ip4 owned_by(struct pair *pair, enum role role)
{
    struct ip4 address = ip4(0x0a4d1001);

    while (pair_binding(pair, role, address).owner != role)
        address.value++;
    return address;
}

/* RFC 2131 4.3.2: it selected us and an address that is not for it. */
static void a_request_for_an_address_of_a_denied_pool_is_refused(void **state)
{
    struct pair *pair = pair_new("1h", two_pools);
    struct ask ask = {.type = DHCP4_REQUEST, .client = 99};
    const struct ip4 address = offered(pair, 99);
    enum role by;

    (void)state;
    ask.server = dhcp4_option_ip4(&pair_only(pair, &by)->packet, OPTION_SERVER_IDENTIFIER);
    ask.requested = owned_by(pair, by);
    assert_int_equal(answer_to(pair, &ask), DHCP4_NAK);
    ask.requested = address;
    assert_int_equal(answer_to(pair, &ask), DHCP4_ACK);
    pair_free(pair);
}

static void a_reservation_counts_before_the_rules_of_its_pool(void **state)
{
    struct pair *pair =
        pair_new("1h", CLASSES "subnets:\n"
                               "  - subnet: 10.77.0.0/16\n"
                               "    pools: [{range: 10.77.16.0/24, deny: low}]\n"
                               "    reservations: [{hw-address: '02:00:00:00:00:05', address: "
                               "10.77.16.9}]\n");

    (void)state;
    assert_int_equal(offered(pair, 5).value, 0x0a4d1009);
    assert_int_equal(offered(pair, 6).value, 0);
    pair_free(pair);
}

static void known_clients_may_have_a_pool_of_their_own(void **state)
{
    struct pair *pair =
        pair_new("1h", "subnets:\n"
                       "  - subnet: 10.77.0.0/16\n"
                       "    pools:\n"
                       "      - {range: 10.77.16.0/24, require: known}\n"
                       "      - {range: 10.77.17.0/24, allow: unknown}\n"
                       "    reservations: [{hw-address: '02:00:00:00:00:05', address: "
                       "10.77.0.9}]\n");

    (void)state;
    assert_int_equal(offered(pair, 5).value, 0x0a4d0009);
    assert_int_equal(offered(pair, 6).value >> 8, 0x0a4d11);
    pair_free(pair);
}

/* ---- subnets ---- */

static const char guarded[] = CLASSES "subnets:\n"
                                      "  - subnet: 10.77.0.0/16\n"
                                      "    allow: [low]\n"
                                      "    pools: [{range: 10.77.16.0/24}]\n"
                                      "    reservations: [{hw-address: '02:00:00:00:00:63', "
                                      "address: 10.77.0.9}]\n";

static void a_subnet_serves_whom_it_admits(void **state)
{
    struct pair *pair = pair_new("1h", guarded);

    (void)state;
    assert_int_equal(offered(pair, 1).value >> 8, 0x0a4d10);
    assert_int_equal(offered(pair, 77).value, 0);
    assert_int_equal(offered(pair, 0x63).value, 0); /* a reservation in it, too */
    assert_int_equal(not_admitted(pair), 2);
    pair_free(pair);
}

/* A client that one subnet of a link denies is served in another; the link may deny it all. */
static void a_link_serves_whom_one_of_its_subnets_admits(void **state)
{
    struct pair *pair = pair_new(
        "1h", CLASSES "shared-networks:\n"
                      "  - name: row\n"
                      "    deny: eth7\n"
                      "    subnets:\n"
                      "      - {subnet: 10.77.0.0/16, deny: low, pools: [{range: "
                      "10.77.16.0/24}]}\n"
                      "      - {subnet: 10.78.0.0/16, pools: [{range: 10.78.16.0/24}]}\n");
    const struct ask denied = {.type = DHCP4_DISCOVER,
                               .client = 99,
                               .giaddr = ip4(0x0a4d0001),
                               .relay_info = KEY("\1\6eth7/1")};

    (void)state;
    assert_int_equal(offered(pair, 1).value >> 8, 0x0a4e10);
    assert_int_equal(offered(pair, 99).value >> 8, 0x0a4d10);
    assert_int_equal(offered_to(pair, &denied).value, 0);
    assert_int_equal(not_admitted(pair), 1);
    pair_free(pair);
}

/* ---- what was bound before the file said otherwise ---- */

/* Both nodes with another file, and the stores that they had. */
static void restart_with(struct pair *pair, const char *yaml)
{
    struct pair *other = pair_make("1h", yaml);

    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        struct config *config = pair->nodes[role].config;

        pair_kill(pair, role);
        pair->nodes[role].config = other->nodes[role].config;
        other->nodes[role].config = config;
    }
    pair_start(pair, ROLE_PRIMARY);
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 20000);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_NORMAL);
    pair_free(other);
}

static const char one_pool[] = CLASSES "subnets:\n"
                                       "  - subnet: 10.77.0.0/16\n"
                                       "    pools: [{range: 10.77.16.0/24}]\n";
static const char denied_pool[] = CLASSES "subnets:\n"
                                          "  - subnet: 10.77.0.0/16\n"
                                          "    pools:\n"
                                          "      - {range: 10.77.16.0/24, deny: [low]}\n"
                                          "      - {range: 10.77.17.0/24}\n";

/* As with a pool that is no more: it starts over, and gets an address of another pool. */
static void a_renewal_in_a_pool_that_denies_the_client_is_refused(void **state)
{
    struct pair *pair = pair_new("1h", one_pool);
    enum role by;
    const struct ip4 address = pair_bind(pair, 3, &by);

    (void)state;
    restart_with(pair, denied_pool);
    assert_int_equal(
        answer_to(pair, &(struct ask){.type = DHCP4_REQUEST, .client = 3, .ciaddr = address}),
        DHCP4_NAK);
    assert_int_equal(offered(pair, 3).value >> 8, 0x0a4d11);
    pair_free(pair);
}

static void a_reboot_into_a_pool_that_denies_the_client_is_refused(void **state)
{
    struct pair *pair = pair_new("1h", one_pool);
    enum role by;
    const struct ip4 address = pair_bind(pair, 3, &by);

    (void)state;
    restart_with(pair, denied_pool);
    assert_int_equal(
        answer_to(pair,
                  &(struct ask){.type = DHCP4_REQUEST, .client = 3, .requested = address}),
        DHCP4_NAK);
    pair_free(pair);
}

static void a_renewal_of_a_client_that_the_pool_admits_goes_on(void **state)
{
    struct pair *pair = pair_new("1h", one_pool);
    enum role by;
    const struct ip4 address = pair_bind(pair, 0x33, &by);

    (void)state;
    restart_with(pair, denied_pool);
    assert_int_equal(
        answer_to(pair,
                  &(struct ask){.type = DHCP4_REQUEST, .client = 0x33, .ciaddr = address}),
        DHCP4_ACK);
    pair_free(pair);
}

/* ---- relay data ---- */

static const char by_circuit[] = CLASSES "subnets:\n"
                                         "  - subnet: 10.77.0.0/16\n"
                                         "  - subnet: 10.80.0.0/24\n"
                                         "    pools: [{range: 10.80.0.16/28, allow: eth7}]\n";

static struct ip4 bind_through_relay(struct pair *pair, struct span relay_info)
{
    struct ask ask = {
        .type = DHCP4_DISCOVER, .client = 20, .giaddr = LINK_80, .relay_info = relay_info};

    ask.requested = offered_to(pair, &ask);
    if (ask.requested.value == 0)
        return ip4(0);
    ask.type = DHCP4_REQUEST;
    ask.server = dhcp4_option_ip4(&pair_only(pair, NULL)->packet, OPTION_SERVER_IDENTIFIER);
    assert_int_equal(answer_to(pair, &ask), DHCP4_ACK);
    return ask.requested;
}

/* A renewal comes without option 82; the binding has it. */
static void a_direct_renewal_is_of_the_class_of_its_circuit(void **state)
{
    struct pair *pair = pair_new("1h", by_circuit);
    const struct ip4 address = bind_through_relay(pair, KEY("\1\6eth7/1"));

    (void)state;
    assert_true(address.value != 0);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        pair_forget(pair);
        pair_tell(pair, role,
                  &(struct ask){.type = DHCP4_REQUEST,
                                .client = 20,
                                .ciaddr = address,
                                .to = node_address(role)});
        pair_run(pair, 100);
        assert_int_equal(pair_last(pair, role)->packet.type, DHCP4_ACK);
    }
    pair_free(pair);
}

static void another_circuit_gets_nothing(void **state)
{
    struct pair *pair = pair_new("1h", by_circuit);

    (void)state;
    assert_int_equal(bind_through_relay(pair, KEY("\1\6eth8/1")).value, 0);
    pair_free(pair);
}

/* Option 82 of a client that no relay forwarded is the client's own invention. */
static void a_client_cannot_name_its_own_circuit(void **state)
{
    struct pair *pair = pair_new(
        "1h", CLASSES "subnets: [{subnet: 10.77.0.0/16, pools: [{range: 10.77.16.0/24, allow: "
                      "eth7}]}]\n");
    const struct ask ask = {
        .type = DHCP4_DISCOVER, .client = 20, .relay_info = KEY("\1\6eth7/1")};

    (void)state;
    assert_int_equal(offered_to(pair, &ask).value, 0);
    pair_free(pair);
}

/* ---- classes of a place, and given ones ---- */

static const char placed[] =
    "classes:\n"
    "  - {name: given, options: {option-224: '01'}}\n"
    "  - {name: seen, match: {class: given}, options: {option-225: '02'}}\n"
    "  - {name: slow, additional: true, match: {packet.hw-address: {glob: '*:0?'}}, options: "
    "{option-226: '03'}, lease-time: 10m}\n"
    "  - {name: of-pool, options: {option-227: '04', option-226: '05'}}\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    add-classes: slow\n"
    "    pools: [{range: 10.77.16.0/24, add-classes: of-pool}]\n"
    "    reservations:\n"
    "      - {hw-address: '02:00:00:00:00:63', address: 10.77.0.9, classes: given}\n";

/* The last byte of option `code` in what the client is offered; 0 when it is not sent. */
static uint8_t told(struct pair *pair, uint8_t client, uint8_t code)
{
    const struct ask ask = {
        .type = DHCP4_DISCOVER, .client = client, .parameters = span_of(&code, 1)};
    struct span value;

    assert_true(offered_to(pair, &ask).value != 0);
    value = pair_only(pair, NULL)->packet.option[code];
    return value.size > 0 ? value.data[value.size - 1] : 0;
}

static void a_reservation_gives_classes(void **state)
{
    struct pair *pair = pair_new("1h", placed);

    (void)state;
    assert_int_equal(told(pair, 0x63, 224), 1);
    assert_int_equal(told(pair, 0x63, 225), 2); /* others see it */
    assert_int_equal(told(pair, 0x33, 224), 0);
    assert_int_equal(told(pair, 0x33, 225), 0);
    pair_free(pair);
}

static void additional_classes_are_tested_where_they_are_named(void **state)
{
    struct pair *pair = pair_new("1h", placed);

    (void)state;
    assert_int_equal(told(pair, 1, 226), 3); /* before of-pool in the file */
    assert_int_equal(told(pair, 1, 227), 4);
    assert_int_equal(told(pair, 0x33, 226), 5);
    assert_int_equal(told(pair, 0x33, 227), 4); /* without a test it is given */
    assert_int_equal(told(pair, 0x63, 227), 0); /* its address is in no pool */
    assert_int_equal(told(pair, 0x63, 226), 0);
    pair_free(pair);
}

static void an_additional_class_sets_the_lease_time(void **state)
{
    struct pair *pair = pair_new("1h", placed);

    (void)state;
    assert_true(offered(pair, 1).value != 0);
    assert_int_equal(dhcp4_option_u32(&pair_only(pair, NULL)->packet, OPTION_LEASE_TIME), 600);
    assert_true(offered(pair, 0x33).value != 0);
    assert_int_equal(dhcp4_option_u32(&pair_only(pair, NULL)->packet, OPTION_LEASE_TIME),
                     43200);
    pair_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_one_pool_denies_gets_an_address_of_another),
        cmocka_unit_test(a_requested_address_of_a_denied_pool_is_not_offered),
        cmocka_unit_test(a_client_that_all_pools_deny_is_counted),
        cmocka_unit_test(a_request_for_an_address_of_a_denied_pool_is_refused),
        cmocka_unit_test(a_reservation_counts_before_the_rules_of_its_pool),
        cmocka_unit_test(known_clients_may_have_a_pool_of_their_own),
        cmocka_unit_test(a_subnet_serves_whom_it_admits),
        cmocka_unit_test(a_link_serves_whom_one_of_its_subnets_admits),
        cmocka_unit_test(a_renewal_in_a_pool_that_denies_the_client_is_refused),
        cmocka_unit_test(a_reboot_into_a_pool_that_denies_the_client_is_refused),
        cmocka_unit_test(a_renewal_of_a_client_that_the_pool_admits_goes_on),
        cmocka_unit_test(a_direct_renewal_is_of_the_class_of_its_circuit),
        cmocka_unit_test(another_circuit_gets_nothing),
        cmocka_unit_test(a_client_cannot_name_its_own_circuit),
        cmocka_unit_test(a_reservation_gives_classes),
        cmocka_unit_test(additional_classes_are_tested_where_they_are_named),
        cmocka_unit_test(an_additional_class_sets_the_lease_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
