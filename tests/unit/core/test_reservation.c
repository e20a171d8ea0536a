/* Reservations at work: by what a client is known, what it is sent, and how an address that is
 * kept for one comes to it without ever being with two. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define KEY(text) span_of((text), sizeof(text) - 1)
#define RELAY     ip4(0x0a500001)

/* Behind the relay a port, a modem, a machine of several interfaces and one by its hardware. */
static const char site[] =
    "lease-time: {default: 10m, min: 1m, max: 10m}\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.16.31}]\n"
    "  - subnet: 10.80.0.0/24\n"
    "    pools: [{range: 10.80.0.16-10.80.0.31}]\n"
    "    reservations:\n"
    "      - {circuit-id: \"text:eth7/1\", address: 10.80.0.101, host-name: port1}\n"
    "      - {circuit-id: \"text:eth7/2\", address: 10.80.0.102}\n"
    "      - {remote-id: \"text:modem\", address: 10.80.0.103}\n"
    "      - {duid: \"00:03:00:01:aa:bb\", address: 10.80.0.104}\n"
    "      - {hw-address: \"02:00:00:00:00:09\", address: 10.80.0.105}\n"
    "      - {client-id: \"text:db\", address: 10.80.0.106}\n"
    "      - {hw-address: \"02:00:00:00:00:08\", classes: [fast]}\n"
    "classes:\n"
    "  - {name: never, match: {client-system: 77}, options: {domain-name: never}}\n"
    "  - {name: fast, match: {client-system: 78}, options: {domain-name: fast}}\n"
    "reservations:\n"
    "  - {hw-address: \"02:00:00:00:00:07\", options: {domain-name: anywhere}}\n";

#define PORT_1                                                                                 \
    KEY("\x01\x06"                                                                             \
        "eth7/1")
#define PORT_2                                                                                 \
    KEY("\x01\x06"                                                                             \
        "eth7/2")
#define MODEM                                                                                  \
    KEY("\x02\x05"                                                                             \
        "modem")
#define BOTH                                                                                   \
    KEY("\x01\x06"                                                                             \
        "eth7/2"                                                                               \
        "\x02\x05"                                                                             \
        "modem")

#define PORT_1_ADDRESS 0x0a500065
#define PORT_2_ADDRESS 0x0a500066

static int set_up(void **state)
{
    *state = pair_new("1m", site);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static const struct dhcp4_packet *ask_both(struct pair *pair, struct ask ask)
{
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    if (pair_replies(pair) == 0)
        pair_run(pair, 100);
    return &pair_only(pair, NULL)->packet;
}

static uint32_t offered(struct pair *pair, uint8_t client, struct span relay_info,
                        struct span client_id)
{
    return ask_both(pair, (struct ask){.type = DHCP4_DISCOVER,
                                       .client = client,
                                       .giaddr = RELAY,
                                       .relay_info = relay_info,
                                       .client_id = client_id})
        ->yiaddr.value;
}

/* First contact behind the relay to its end; returns the address and who gave it. */
static uint32_t bind(struct pair *pair, uint8_t client, struct span relay_info, enum role *by)
{
    struct ask ask = {
        .type = DHCP4_DISCOVER, .client = client, .giaddr = RELAY, .relay_info = relay_info};
    enum role role;

    pair_forget(pair);
    pair_broadcast(pair, &ask);
    ask.requested = pair_only(pair, &role)->packet.yiaddr;
    ask.server = node_address(role);
    ask.type = DHCP4_REQUEST;
    assert_int_equal(ask_both(pair, ask)->type, DHCP4_ACK);
    if (by != NULL)
        *by = role;
    return ask.requested.value;
}

/* ---- who it is ---- */

static void the_port_the_modem_and_the_machine_are_known(void **state)
{
    const struct span nothing = span_of(NULL, 0);

    assert_int_equal(offered(*state, 1, PORT_1, nothing), 0x0a500065);
    assert_int_equal(offered(*state, 2, PORT_2, nothing), 0x0a500066);
    assert_int_equal(offered(*state, 3, MODEM, nothing), 0x0a500067);
    assert_int_equal(offered(*state, 4, nothing,
                             KEY("\xff"
                                 "iaid"
                                 "\0\3\0\1\xaa\xbb")),
                     0x0a500068);
    assert_int_equal(offered(*state, 9, nothing, nothing), 0x0a500069);
    assert_int_equal(offered(*state, 5, nothing, KEY("db")), 0x0a50006a);
}

/* client-id, duid, hw-address, circuit-id, remote-id. */
static void the_first_identity_in_order_holds(void **state)
{
    assert_int_equal(offered(*state, 9, PORT_1, KEY("db")), 0x0a50006a);
    assert_int_equal(offered(*state, 9, PORT_1, span_of(NULL, 0)), 0x0a500069);
    assert_int_equal(offered(*state, 1, BOTH, span_of(NULL, 0)), 0x0a500066);
}

/* Option 82 of a client that no relay forwarded is its own invention. */
static void a_port_that_a_client_names_itself_does_not_count(void **state)
{
    const struct dhcp4_packet *p = ask_both(
        *state, (struct ask){
                    .type = DHCP4_DISCOVER, .client = 1, .local = RELAY, .relay_info = PORT_1});

    assert_int_not_equal(p->yiaddr.value, PORT_1_ADDRESS);
    assert_int_equal(p->yiaddr.value & 0xffffff00, 0x0a500000);
}

/* ---- without an address ---- */

static void without_an_address_it_gives_classes_and_options(void **state)
{
    const struct span parameters = KEY("\x0f");
    const struct dhcp4_packet *p = ask_both(*state, (struct ask){.type = DHCP4_DISCOVER,
                                                                 .client = 8,
                                                                 .giaddr = RELAY,
                                                                 .parameters = parameters});

    assert_int_equal(p->yiaddr.value & 0xffffffe0, 0x0a500000);
    assert_memory_equal(p->option[OPTION_DOMAIN_NAME].data, "fast", 4);
    p = ask_both(*state,
                 (struct ask){.type = DHCP4_DISCOVER, .client = 7, .parameters = parameters});
    assert_int_equal(p->yiaddr.value & 0xffff0000, 0x0a4d0000);
    assert_memory_equal(p->option[OPTION_DOMAIN_NAME].data, "anywhere", 8);
}

/* ---- renewing ---- */

static const struct sent_reply *renew(struct pair *pair, enum role to, uint8_t client,
                                      uint32_t address)
{
    const struct ask ask = {.type = DHCP4_REQUEST,
                            .client = client,
                            .xid = 0x2000u + client,
                            .ciaddr = ip4(address),
                            .to = node_address(to)};

    pair_forget(pair);
    pair_tell(pair, to, &ask);
    pair_settle(pair);
    pair_run(pair, 100);
    return pair_last(pair, to);
}

/* A direct renewal has no option 82; both peers know from the record where the client is, and
 * that one of them is not the owner makes no difference. */
static void a_direct_renewal_remembers_the_port(void **state)
{
    assert_int_equal(bind(*state, 1, PORT_1, NULL), PORT_1_ADDRESS);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        const struct sent_reply *reply = renew(*state, role, 1, PORT_1_ADDRESS);

        assert_non_null(reply);
        assert_int_equal(reply->packet.type, DHCP4_ACK);
        assert_memory_equal(reply->packet.option[OPTION_HOST_NAME].data, "port1", 5);
    }
}

/* ---- a port with a new machine ---- */

/* The former machine's lease stands until it ends; until then the new one has an address of the
 * pool, and then it is called back. */
static void a_new_machine_at_the_port_waits_for_the_lease_of_the_old(void **state)
{
    struct pair *pair = *state;
    enum role by;
    uint32_t other;
    const struct sent_reply *reply;

    assert_int_equal(bind(pair, 1, PORT_1, NULL), PORT_1_ADDRESS);
    other = bind(pair, 2, PORT_1, &by);
    assert_int_not_equal(other, PORT_1_ADDRESS);
    pair_run(pair, 300 * 1000);
    reply = renew(pair, by, 2, other);
    assert_int_equal(reply->packet.type, DHCP4_ACK);
    pair_run(pair, 330 * 1000);
    reply = renew(pair, by, 2, other);
    assert_int_equal(reply->packet.type, DHCP4_NAK);
    assert_int_equal(bind(pair, 2, PORT_1, NULL), PORT_1_ADDRESS);
}

/* Told that the old machine has gone, it need not wait. */
static void a_release_lets_the_new_machine_in(void **state)
{
    struct pair *pair = *state;
    enum role by;

    assert_int_equal(bind(pair, 1, PORT_1, &by), PORT_1_ADDRESS);
    pair_tell(pair, by,
              &(struct ask){.type = DHCP4_RELEASE,
                            .client = 1,
                            .xid = 77,
                            .ciaddr = ip4(PORT_1_ADDRESS),
                            .server = node_address(by),
                            .to = node_address(by)});
    pair_settle(pair);
    pair_run(pair, 1000);
    assert_int_equal(bind(pair, 2, PORT_1, NULL), PORT_1_ADDRESS);
}

/* Two machines at one port, the peers apart: only the owner of the address may give it, for the
 * other cannot know that it has not given it to the other machine. */
static void apart_the_peers_do_not_give_one_port_to_two_machines(void **state)
{
    struct pair *pair = *state;
    uint32_t got[2];

    pair_cut(pair);
    pair_run(pair, 3000);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        struct ask ask = {.type = DHCP4_DISCOVER,
                          .client = (uint8_t)(1 + role),
                          .giaddr = RELAY,
                          .relay_info = PORT_1};

        pair_forget(pair);
        pair_tell(pair, role, &ask);
        pair_settle(pair);
        ask.requested = pair_last(pair, role)->packet.yiaddr;
        ask.server = node_address(role);
        ask.type = DHCP4_REQUEST;
        pair_tell(pair, role, &ask);
        pair_settle(pair);
        pair_run(pair, 100);
        assert_int_equal(pair_last(pair, role)->packet.type, DHCP4_ACK);
        got[role] = pair_last(pair, role)->packet.yiaddr.value;
    }
    assert_int_equal(got[implied_owner(ip4(PORT_1_ADDRESS))], PORT_1_ADDRESS);
    assert_int_not_equal(got[0], got[1]);
    pair_mend(pair);
    pair_run(pair, 5000);
    assert_true(pair_equal(pair));
}

/* A claim says who the client is, also by its port: the owner has no packet of it. */
static void the_owner_grants_a_claim_by_the_port(void **state)
{
    struct pair *pair = *state;
    const enum role other = role_other(implied_owner(ip4(PORT_2_ADDRESS)));
    const struct ask ask = {.type = DHCP4_REQUEST,
                            .client = 3,
                            .giaddr = RELAY,
                            .relay_info = PORT_2,
                            .requested = ip4(PORT_2_ADDRESS),
                            .server = node_address(other)};

    pair_tell(pair, other, &ask);
    pair_settle(pair);
    pair_run(pair, 100);
    assert_int_equal(pair_last(pair, other)->packet.type, DHCP4_ACK);
    assert_int_equal(pair_last(pair, other)->packet.yiaddr.value, PORT_2_ADDRESS);
    pair_forget(pair);
    /* Of a client elsewhere it is refused. */
    pair_tell(pair, other,
              &(struct ask){.type = DHCP4_REQUEST,
                            .client = 4,
                            .giaddr = RELAY,
                            .relay_info = PORT_1,
                            .requested = ip4(PORT_2_ADDRESS),
                            .server = node_address(other)});
    pair_settle(pair);
    pair_run(pair, 100);
    assert_int_equal(pair_last(pair, other)->packet.type, DHCP4_NAK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_port_the_modem_and_the_machine_are_known),
        TEST(the_first_identity_in_order_holds),
        TEST(a_port_that_a_client_names_itself_does_not_count),
        TEST(without_an_address_it_gives_classes_and_options),
        TEST(a_direct_renewal_remembers_the_port),
        TEST(a_new_machine_at_the_port_waits_for_the_lease_of_the_old),
        TEST(a_release_lets_the_new_machine_in),
        TEST(apart_the_peers_do_not_give_one_port_to_two_machines),
        TEST(the_owner_grants_a_claim_by_the_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
