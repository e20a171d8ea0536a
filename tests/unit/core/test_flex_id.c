/* Reservations by flex-id at work: what the file's expression makes of a packet names the
 * client, for both peers, also where one of them has no packet. */
#include "daemon/core/explain.h"
#include "daemon/core/import.h"
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define KEY(text)   span_of((text), sizeof(text) - 1)
#define NOTHING     span_of(NULL, 0)
#define RELAY       ip4(0x0a500001)
#define BY_FLEX_ID  0x0a500065
#define BY_HARDWARE 0x0a500066
#define OF_MODEL    0x0a500067

/* Port and kind of machine: whoever of that kind is plugged in there; and the port alone is
 * nobody. */
#define EXPRESSION                                                                             \
    "flex-id: \"concat(relay4[1].hex, "                                                        \
    "ifelse(option[60].exists, concat('/', option[60].hex), ''))\"\n"
#define SITE                                                                                   \
    "lease-time: {default: 10m, min: 1m, max: 10m}\n"                                          \
    "subnets:\n"                                                                               \
    "  - subnet: 10.77.0.0/16\n"                                                               \
    "    pools: [{range: 10.77.16.0-10.77.16.31}]\n"                                           \
    "  - subnet: 10.80.0.0/24\n"                                                               \
    "    pools: [{range: 10.80.0.16-10.80.0.31}]\n"                                            \
    "    reservations:\n"                                                                      \
    "      - {hw-address: \"02:00:00:00:00:09\", address: 10.80.0.102}\n"

static const char site[] = EXPRESSION SITE
    "      - {flex-id: \"text:eth7/1/blade\", address: 10.80.0.101, host-name: blade}\n";

#define PORT_1                                                                                 \
    KEY("\x01\x06"                                                                             \
        "eth7/1")
#define PORT_2                                                                                 \
    KEY("\x01\x06"                                                                             \
        "eth7/2")
#define BLADE                                                                                  \
    KEY("\x3c\x05"                                                                             \
        "blade")
#define PHONE                                                                                  \
    KEY("\x3c\x05"                                                                             \
        "phone")

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

static void restart_with(void **state, const char *yaml)
{
    pair_free(*state);
    *state = pair_new("1m", yaml);
}

static const struct dhcp4_packet *ask_both(struct pair *pair, const struct ask *ask)
{
    pair_forget(pair);
    pair_broadcast(pair, ask);
    if (pair_replies(pair) == 0)
        pair_run(pair, 100);
    return &pair_only(pair, NULL)->packet;
}

static struct ask discover(uint8_t client, struct span relay_info, struct span options)
{
    return (struct ask){.type = DHCP4_DISCOVER,
                        .client = client,
                        .giaddr = RELAY,
                        .relay_info = relay_info,
                        .options = options};
}

static uint32_t offered(struct pair *pair, uint8_t client, struct span relay_info,
                        struct span options)
{
    const struct ask ask = discover(client, relay_info, options);

    return ask_both(pair, &ask)->yiaddr.value;
}

/* First contact to its end. */
static uint32_t bind(struct pair *pair, uint8_t client, struct span relay_info,
                     struct span options)
{
    struct ask ask = discover(client, relay_info, options);
    enum role role;

    pair_forget(pair);
    pair_broadcast(pair, &ask);
    ask.requested = pair_only(pair, &role)->packet.yiaddr;
    ask.server = node_address(role);
    ask.type = DHCP4_REQUEST;
    assert_int_equal(ask_both(pair, &ask)->type, DHCP4_ACK);
    return ask.requested.value;
}

static bool is_of_pool(uint32_t address)
{
    return address >= 0x0a500010 && address <= 0x0a50001f;
}

/* ---- who it is ---- */

static void the_expression_names_the_client(void **state)
{
    assert_int_equal(offered(*state, 1, PORT_1, BLADE), BY_FLEX_ID);
    pair_run(*state, 61000); /* the offer has run out */
    assert_int_equal(offered(*state, 2, PORT_1, BLADE), BY_FLEX_ID);
    assert_true(is_of_pool(offered(*state, 3, PORT_1, PHONE)));
    assert_true(is_of_pool(offered(*state, 4, PORT_2, BLADE)));
    assert_true(is_of_pool(offered(*state, 5, PORT_1, NOTHING)));
    assert_true(is_of_pool(offered(*state, 6, NOTHING, NOTHING)));
}

static void it_is_tried_last_unless_the_file_says_otherwise(void **state)
{
    assert_int_equal(offered(*state, 9, PORT_1, BLADE), BY_HARDWARE);
    restart_with(state, "reservation-identifiers: [flex-id, hw-address]\n" EXPRESSION SITE
                        "      - {flex-id: \"text:eth7/1/blade\", address: 10.80.0.101}\n");
    assert_int_equal(offered(*state, 9, PORT_1, BLADE), BY_FLEX_ID);
    assert_int_equal(offered(*state, 9, PORT_2, BLADE), BY_HARDWARE);
}

/* 128 bytes are one, 129 that begin alike are not. */
static void a_value_that_is_too_long_names_nobody(void **state)
{
    uint8_t model[2 + FLEX_ID_MAX + 1];

    memset(model, 'x', sizeof(model));
    model[0] = OPTION_VENDOR_CLASS_IDENTIFIER;
    restart_with(state, "flex-id: option[60].hex\n" SITE "      - {flex-id: \"text:"
                        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                        "\", address: 10.80.0.103}\n");
    model[1] = FLEX_ID_MAX;
    assert_int_equal(offered(*state, 1, NOTHING, span_of(model, sizeof(model) - 1)), OF_MODEL);
    model[1] = FLEX_ID_MAX + 1;
    assert_true(is_of_pool(offered(*state, 2, NOTHING, span_of(model, sizeof(model)))));
}

/* Option 82 of a client that no relay forwarded is its own invention. */
static void a_port_that_a_client_names_itself_does_not_count(void **state)
{
    struct ask ask = discover(1, PORT_1, BLADE);

    ask.giaddr = ip4(0);
    ask.local = RELAY;
    assert_true(is_of_pool(ask_both(*state, &ask)->yiaddr.value));
}

/* ---- renewing ---- */

/* Option 82 is remembered for a direct renewal, and the rest is in its packet, at either peer.
 */
static void a_direct_renewal_is_of_the_same_client(void **state)
{
    struct pair *pair = *state;

    assert_int_equal(bind(pair, 1, PORT_1, BLADE), BY_FLEX_ID);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        const struct ask ask = {.type = DHCP4_REQUEST,
                                .client = 1,
                                .xid = 0x2001,
                                .ciaddr = ip4(BY_FLEX_ID),
                                .to = node_address(role),
                                .options = BLADE};

        pair_forget(pair);
        pair_tell(pair, role, &ask);
        pair_settle(pair);
        pair_run(pair, 100);
        assert_non_null(pair_last(pair, role));
        assert_int_equal(pair_last(pair, role)->packet.type, DHCP4_ACK);
        assert_memory_equal(pair_last(pair, role)->packet.option[OPTION_HOST_NAME].data,
                            "blade", 5);
    }
}

/* ---- the pair ---- */

static void assert_answer(struct pair *pair, enum role role, struct span relay_info,
                          struct span options, uint8_t client, enum dhcp4_type type)
{
    struct ask ask = discover(client, relay_info, options);

    ask.type = DHCP4_REQUEST;
    ask.requested = ip4(BY_FLEX_ID);
    ask.server = node_address(role);
    pair_forget(pair);
    pair_tell(pair, role, &ask);
    pair_settle(pair);
    pair_run(pair, 100);
    assert_non_null(pair_last(pair, role));
    assert_int_equal(pair_last(pair, role)->packet.type, type);
}

/* A claim says it, for the owner has no packet of the client. */
static void the_owner_grants_a_claim_by_flex_id(void **state)
{
    const enum role other = role_other(implied_owner(ip4(BY_FLEX_ID)));

    assert_answer(*state, other, PORT_1, BLADE, 3, DHCP4_ACK);
    assert_int_equal(pair_binding(*state, role_other(other), ip4(BY_FLEX_ID)).chaddr[5], 3);
    assert_true(pair_equal(*state));
    assert_answer(*state, other, PORT_1, PHONE, 4, DHCP4_NAK);
}

/* Two machines of one name, the peers apart: the owner of the address alone may give it. */
static void apart_the_peers_do_not_give_one_flex_id_to_two_machines(void **state)
{
    struct pair *pair = *state;
    uint32_t got[2];

    pair_cut(pair);
    pair_run(pair, 3000);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        struct ask ask = discover((uint8_t)(1 + role), PORT_1, BLADE);

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
    assert_int_equal(got[implied_owner(ip4(BY_FLEX_ID))], BY_FLEX_ID);
    assert_int_not_equal(got[0], got[1]);
    pair_mend(pair);
    pair_run(pair, 5000);
    assert_true(pair_equal(pair));
}

static enum import_result import(struct pair *pair, enum role role, const char *vendor_class)
{
    struct node *node = &pair->nodes[role];
    const struct imported_lease lease = {
        .address = ip4(BY_FLEX_ID),
        .htype = 1,
        .hlen = 6,
        .chaddr = {2, 0, 0, 0, 0, 3},
        .expires = instant_add_ms(pair->now, 300000),
        .relay_info = PORT_1,
        .vendor_class = span_of(vendor_class, strlen(vendor_class)),
    };
    const enum import_result result =
        server_import_lease(node->server, pair->now, &lease, false, &node->fx);

    pair_settle(pair);
    pair_run(pair, 100);
    return result;
}

/* Another server's lease says what the expression looks at; the owner is told with the claim.
 */
static void an_imported_lease_is_known_by_flex_id(void **state)
{
    const enum role owner = implied_owner(ip4(BY_FLEX_ID));

    assert_int_equal(import(*state, role_other(owner), "phone"), IMPORT_RESERVED);
    assert_int_equal(import(*state, role_other(owner), "blade"), IMPORT_HANDED_OVER);
    assert_int_equal(pair_binding(*state, owner, ip4(BY_FLEX_ID)).state, BINDING_ACTIVE);
    assert_true(pair_equal(*state));
}

/* ---- what is shown ---- */

static enum reservation_use use_of_flex_id(struct pair *pair, enum role role)
{
    struct reservation_view view;

    for (size_t i = 0; i < server_reservation_count(pair->nodes[role].server); i++)
        if (server_reservation_view(pair->nodes[role].server, i, &view) &&
            view.reservation->address.value == BY_FLEX_ID)
            return view.use;
    fail_msg("no such reservation");
    return RESERVATION_NO_ADDRESS;
}

/* Of the holder of an address the record says enough to tell whether it is the one meant. */
static void it_is_shown_who_has_the_address(void **state)
{
    struct pair *pair = *state;

    assert_int_equal(use_of_flex_id(pair, ROLE_PRIMARY), RESERVATION_FREE);
    assert_int_equal(bind(pair, 1, PORT_1, BLADE), BY_FLEX_ID);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++)
        assert_int_equal(use_of_flex_id(pair, role), RESERVATION_LEASED);
}

/* What the client did not send, its record has not: whoever is named without it is found again.
 */
static void an_option_that_a_record_lacks_does_not_exist(void **state)
{
    struct pair *pair;

    restart_with(state,
                 EXPRESSION SITE "      - {flex-id: \"text:eth7/1\", address: 10.80.0.101}\n");
    pair = *state;
    assert_int_equal(bind(pair, 1, PORT_1, NOTHING), BY_FLEX_ID);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++)
        assert_int_equal(use_of_flex_id(pair, role), RESERVATION_LEASED);
}

/* The step of the explanation that says it, as "SUBJECT: TEXT". */
static const char *explained(struct pair *pair, const struct ask *ask)
{
    static struct explain e;
    static char step[EXPLAIN_TEXT_MAX];
    uint8_t bytes[1500];
    const struct datagram datagram = {.source = RELAY,
                                      .destination = node_address(ROLE_PRIMARY),
                                      .local = node_address(ROLE_PRIMARY),
                                      .source_port = 67,
                                      .interface = 2,
                                      .interface_name = "eth0",
                                      .payload = span_of(bytes, ask_encode(ask, bytes))};

    explain_init(&e);
    server_explain(pair->nodes[ROLE_PRIMARY].server, pair->now, &datagram, &e);
    for (size_t i = 0; i < e.count; i++)
        if (strcmp(e.steps[i].name, "flex-id") == 0) {
            snprintf(step, sizeof(step), "%s: %s", e.steps[i].subject, e.steps[i].text);
            return step;
        }
    return "";
}

static void an_explanation_says_what_the_expression_makes(void **state)
{
    struct ask ask = discover(1, PORT_1, BLADE);

    assert_string_equal(
        explained(*state, &ask),
        "flex-id text:eth7/1/blade: what the file's flex-id makes of the packet");
    ask = discover(1, NOTHING, NOTHING);
    assert_string_equal(explained(*state, &ask),
                        ": the file's flex-id makes no value of 1 to 128 bytes of the packet");
    restart_with(state, SITE);
    assert_string_equal(explained(*state, &ask), "");
}

/* ---- made while running ---- */

static char why[512];

static enum td_err add(struct pair *pair, const char *text)
{
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    struct reservation_change done;
    const enum td_err result =
        server_reservation(node->server, pair->now, RESERVATION_ADD,
                           span_of(text, strlen(text)), &done, why, sizeof(why), &node->fx);

    pair_run(pair, 100);
    return result;
}

static void one_is_made_while_running(void **state)
{
    assert_true(is_of_pool(offered(*state, 4, PORT_2, BLADE)));
    assert_int_equal(add(*state, "{flex-id: 'text:eth7/2/blade', address: 10.80.0.103}"),
                     TD_OK);
    assert_int_equal(offered(*state, 5, PORT_2, BLADE), OF_MODEL);
}

static void none_is_made_without_an_expression(void **state)
{
    restart_with(state, SITE);
    assert_int_equal(add(*state, "{flex-id: 'text:eth7/2/blade'}"), TD_MALFORMED);
    assert_string_equal(why, "line 1, column 11: flex-id: no client is known by it, for the "
                             "file has no 'flex-id'; write for example 'flex-id: "
                             "\"concat(relay4[1].hex, pkt4.mac)\"' beside 'subnets'");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_expression_names_the_client),
        TEST(it_is_tried_last_unless_the_file_says_otherwise),
        TEST(a_value_that_is_too_long_names_nobody),
        TEST(a_port_that_a_client_names_itself_does_not_count),
        TEST(a_direct_renewal_is_of_the_same_client),
        TEST(the_owner_grants_a_claim_by_flex_id),
        TEST(apart_the_peers_do_not_give_one_flex_id_to_two_machines),
        TEST(an_imported_lease_is_known_by_flex_id),
        TEST(it_is_shown_who_has_the_address),
        TEST(an_option_that_a_record_lacks_does_not_exist),
        TEST(an_explanation_says_what_the_expression_makes),
        TEST(one_is_made_while_running),
        TEST(none_is_made_without_an_expression),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
