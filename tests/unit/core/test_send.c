/* What is always and never sent, by level; options that answer what a client said of itself. */
#include "help_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LIST(text) span_of((text), sizeof(text) - 1)
#define NOTHING    span_of(NULL, 0)
#define ROOT_PATH  17

/* The file sends 15 always and 6 never; the pool turns both around; class and reservation say
 * more.  Clients: 01 has a reservation, 02 and others have none. */
static const char lan[] =
    "options: {domain-name: example.net, domain-name-servers: 10.0.0.53, root-path: /r,"
    " interface-mtu: 9000}\n"
    "always-send: [domain-name, option-26]\n"
    "never-send: domain-name-servers\n"
    "classes:\n"
    "- name: first\n"
    "  match: {vendor-class-identifier: a*}\n"
    "  always-send: root-path\n"
    "- name: second\n"
    "  match: {vendor-class-identifier: '*b'}\n"
    "  never-send: [root-path, domain-name, subnet-selection, dhcp-renewal-time]\n"
    "subnets:\n"
    "- subnet: 10.77.0.0/16\n"
    "  pools:\n"
    "  - {range: 10.77.16.0-10.77.16.255}\n"
    "  reservations:\n"
    "  - {hw-address: '02:00:00:00:00:01', address: 10.77.17.1, never-send: [broadcast-address,"
    " interface-mtu], always-send: [domain-name-servers]}\n";

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

static const struct dhcp4_packet *offer(struct pair *pair, uint8_t client,
                                        struct span parameters, struct span extra)
{
    const struct ask ask = {
        .type = DHCP4_DISCOVER, .client = client, .secs = 9, .parameters = parameters};
    const struct sent_reply *reply = help_answer(pair, &ask, extra);

    assert_non_null(reply);
    return &reply->packet;
}

static void what_is_always_sent_comes_unasked(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 7, LIST("\x03"), NOTHING);

    help_assert_wire("15", p->option[15], "'example.net'");
    help_assert_wire("26", p->option[26], "2328");
    assert_false(dhcp4_has(p, ROOT_PATH));
}

static void what_is_never_sent_is_not_had_by_asking(void **state)
{
    assert_false(dhcp4_has(offer(*state, 7, LIST("\x06\x0f"), NOTHING), 6));
    assert_false(dhcp4_has(offer(*state, 7, NOTHING, NOTHING), 6));
}

static void a_class_says_it_for_its_clients(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 7, LIST("\x03"),
                                         LIST("\x3c\x02"
                                              "ax"));

    assert_true(dhcp4_has(p, ROOT_PATH));
    p = offer(*state, 7, LIST("\x11"),
              LIST("\x3c\x02"
                   "xb"));
    assert_false(dhcp4_has(p, ROOT_PATH));
    assert_false(dhcp4_has(p, 15));
}

/* The second class says never, the first always. */
static void the_first_class_decides_between_always_and_never(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 7, LIST("\x03"),
                                         LIST("\x3c\x02"
                                              "ab"));

    assert_true(dhcp4_has(p, ROOT_PATH));
    assert_false(dhcp4_has(p, 15));
}

static void a_reservation_decides_before_all(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 1, LIST("\x1c\x1a"), NOTHING);

    help_assert_wire("6", p->option[6], "0a000035");
    assert_false(dhcp4_has(p, 26));
}

/* The broadcast address and the times are the server's own. */
static void what_the_server_derives_can_be_left_out(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 1, LIST("\x1c\x01"), NOTHING);

    assert_false(dhcp4_has(p, OPTION_BROADCAST_ADDRESS));
    assert_true(dhcp4_has(p, OPTION_SUBNET_MASK));
    assert_true(dhcp4_has(p, OPTION_RENEWAL_TIME));
    p = offer(*state, 7, LIST("\x1c"),
              LIST("\x3c\x02"
                   "xb"));
    assert_true(dhcp4_has(p, OPTION_BROADCAST_ADDRESS));
    assert_false(dhcp4_has(p, OPTION_RENEWAL_TIME));
    assert_true(dhcp4_has(p, OPTION_REBINDING_TIME));
}

static void a_pool_decides_before_the_file(void **state)
{
    struct pair *pair = pair_new("1h", "options: {domain-name: example.net, root-path: /r}\n"
                                       "always-send: domain-name\n"
                                       "never-send: root-path\n"
                                       "subnets:\n"
                                       "- subnet: 10.77.0.0/16\n"
                                       "  always-send: root-path\n"
                                       "  pools:\n"
                                       "  - range: 10.77.16.0-10.77.16.255\n"
                                       "    never-send: domain-name\n");
    const struct dhcp4_packet *p = offer(pair, 7, LIST("\x0f"), NOTHING);

    (void)state;
    assert_true(dhcp4_has(p, ROOT_PATH));
    assert_false(dhcp4_has(p, 15));
    pair_free(pair);
}

/* ---- RFC 8925 ---- */

static struct pair *v6_mostly(void)
{
    return pair_new("1h", "subnets:\n"
                          "- subnet: 10.77.0.0/16\n"
                          "  options: {v6-only-preferred: 1800}\n"
                          "  pools: [{range: 10.77.16.1-10.77.16.1}]\n");
}

static void a_v6_only_client_is_offered_no_address(void **state)
{
    struct pair *pair = v6_mostly();
    const struct dhcp4_packet *p = offer(pair, 7, LIST("\x01\x6c"), NOTHING);

    (void)state;
    assert_int_equal(p->type, DHCP4_OFFER);
    assert_int_equal(p->yiaddr.value, 0);
    help_assert_wire("108", p->option[108], "00000708");
    assert_true(dhcp4_has(p, OPTION_LEASE_TIME));
    assert_int_equal(pair_last(pair, ROLE_PRIMARY)->reply.way, REPLY_BROADCAST);
    /* The one address is still free, for a client that needs it. */
    p = offer(pair, 8, LIST("\x01"), NOTHING);
    assert_int_equal(p->yiaddr.value, 0x0a4d1001);
    assert_false(dhcp4_has(p, OPTION_V6_ONLY_PREFERRED));
    pair_free(pair);
}

/* It asked for an address all the same: then it gets one, and the option with it. */
static void a_v6_only_client_that_requests_gets_its_address(void **state)
{
    struct pair *pair = v6_mostly();
    struct ask ask = {.type = DHCP4_REQUEST,
                      .client = 7,
                      .secs = 9,
                      .requested = ip4(0x0a4d1001),
                      .server = node_address(ROLE_PRIMARY),
                      .parameters = LIST("\x6c")};
    const struct sent_reply *reply;

    (void)state;
    assert_int_equal(offer(pair, 7, LIST("\x01"), NOTHING)->yiaddr.value, 0x0a4d1001);
    (void)help_answer(pair, &ask, NOTHING);
    pair_run(pair, 500);
    reply = pair_last(pair, ROLE_PRIMARY);
    assert_non_null(reply);
    assert_int_equal(reply->packet.type, DHCP4_ACK);
    assert_int_equal(reply->packet.yiaddr.value, 0x0a4d1001);
    help_assert_wire("108", reply->packet.option[108], "00000708");
    pair_free(pair);
}

static void without_a_list_v6_only_is_not_sent(void **state)
{
    struct pair *pair = v6_mostly();
    const struct dhcp4_packet *p = offer(pair, 7, NOTHING, NOTHING);

    (void)state;
    assert_int_equal(p->yiaddr.value, 0x0a4d1001);
    assert_false(dhcp4_has(p, OPTION_V6_ONLY_PREFERRED));
    pair_free(pair);
}

static void a_full_v6_mostly_subnet_still_answers(void **state)
{
    struct pair *pair = pair_new("1h", "options: {v6-only-preferred: 0}\n"
                                       "subnets: [{subnet: 10.77.0.0/16}]\n");
    const struct dhcp4_packet *p = offer(pair, 7, LIST("\x6c"), NOTHING);

    (void)state;
    assert_int_equal(p->yiaddr.value, 0);
    help_assert_wire("108", p->option[108], "00000000");
    pair_free(pair);
}

/* ---- RFC 2563 ---- */

static void a_client_that_would_configure_itself_is_told_not_to(void **state)
{
    struct pair *pair = pair_new("1h", "options: {auto-config: 0}\n"
                                       "subnets: [{subnet: 10.77.0.0/16}]\n");
    const struct ask silent = {.type = DHCP4_DISCOVER, .client = 8, .secs = 9};
    const struct dhcp4_packet *p = offer(pair, 7, NOTHING, LIST("\x74\x01\x01"));

    (void)state;
    assert_int_equal(p->type, DHCP4_OFFER);
    assert_int_equal(p->yiaddr.value, 0);
    help_assert_wire("116", p->option[116], "00");
    assert_null(help_answer(pair, &silent, NOTHING));
    pair_free(pair);
}

static void auto_config_goes_to_those_that_sent_it(void **state)
{
    struct pair *pair =
        pair_new("1h", "options: {auto-config: 0}\n"
                       "subnets: [{subnet: 10.77.0.0/16, pools: [{range: 10.77.16.0/24}]}]\n");
    const struct dhcp4_packet *p = offer(pair, 7, LIST("\x03"), LIST("\x74\x01\x01"));

    (void)state;
    assert_true(p->yiaddr.value != 0);
    help_assert_wire("116", p->option[116], "00");
    assert_false(dhcp4_has(offer(pair, 8, LIST("\x74"), NOTHING), OPTION_AUTO_CONFIG));
    assert_false(dhcp4_has(offer(pair, 8, NOTHING, NOTHING), OPTION_AUTO_CONFIG));
    pair_free(pair);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_always_sent_comes_unasked),
        TEST(what_is_never_sent_is_not_had_by_asking),
        TEST(a_class_says_it_for_its_clients),
        TEST(the_first_class_decides_between_always_and_never),
        TEST(a_reservation_decides_before_all),
        TEST(what_the_server_derives_can_be_left_out),
        cmocka_unit_test(a_pool_decides_before_the_file),
        cmocka_unit_test(a_v6_only_client_is_offered_no_address),
        cmocka_unit_test(a_v6_only_client_that_requests_gets_its_address),
        cmocka_unit_test(without_a_list_v6_only_is_not_sent),
        cmocka_unit_test(a_full_v6_mostly_subnet_still_answers),
        cmocka_unit_test(a_client_that_would_configure_itself_is_told_not_to),
        cmocka_unit_test(auto_config_goes_to_those_that_sent_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
