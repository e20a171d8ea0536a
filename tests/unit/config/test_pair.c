/* `pair:` and `server:`: who the nodes are and where this one serves. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

static void a_pair_has_the_documented_defaults(void **state)
{
    struct config *config = load_right(PAIR SERVER SUBNETS, "a");
    const struct config_pair *pair = &config->pair;

    (void)state;
    assert_true(config->has_pair);
    assert_string_equal(config->file, "f");
    assert_int_equal(pair->mode, CONFIG_LOAD_BALANCING);
    assert_null(pair->curve_directory);
    assert_int_equal(pair->mclt_ms, 3600000);
    assert_int_equal(pair->link_timeout_ms, 1000);
    assert_int_equal(pair->ack_timeout_ms, 50);
    assert_int_equal(pair->startup_wait_ms, 5000);
    assert_int_equal(pair->max_unanswered_ms, 3000);
    assert_int_equal(pair->max_clock_skew_ms, 5000);
    assert_int_equal(pair->split_percent, 50);
    assert_int_equal(pair->start_alone, CONFIG_START_ALONE_SERVE);
    assert_string_equal(pair->nodes[ROLE_PRIMARY].name, "a");
    assert_string_equal(pair->nodes[ROLE_SECONDARY].link, "tcp://10.1.0.2:6470");
    assert_string_equal(config->server.store, "/var/lib/twindhcp");
    assert_string_equal(config->server.api_socket, "/run/twindhcp/api.sock");
    assert_null(config->server.api_http);
    assert_int_equal(config->offer_hold_ms, 60000);
    assert_int_equal(config->abandon_ms, 86400000);
    assert_string_equal(config->terms.boot.server_name, "");
    config_free(config);
}

static void everything_of_a_pair_can_be_set(void **state)
{
    struct config *config =
        load_right("pair:\n"
                   "  name: p\n"
                   "  mode: hot-standby\n"
                   "  security: {curve: '/k/{node}'}\n"
                   "  nodes:\n"
                   "    primary: {name: a, link: 'tcp://10.1.0.1:6470'}\n"
                   "    secondary: {name: b, link: 'tcp://10.1.0.2:6470'}\n"
                   "  mclt: 30m\n  link-timeout: 2s\n  ack-timeout: 20ms\n"
                   "  startup-wait: 0s\n  max-unanswered: 1s\n  max-clock-skew: 2s\n"
                   "  split: 70\n  start-alone: wait\n" SERVER SUBNETS,
                   "b");
    const struct config_pair *pair = &config->pair;

    (void)state;
    assert_int_equal(pair->mode, CONFIG_HOT_STANDBY);
    assert_string_equal(pair->curve_directory, "/k/b");
    assert_int_equal(pair->mclt_ms, 1800000);
    assert_int_equal(pair->link_timeout_ms, 2000);
    assert_int_equal(pair->ack_timeout_ms, 20);
    assert_int_equal(pair->startup_wait_ms, 0);
    assert_int_equal(pair->max_unanswered_ms, 1000);
    assert_int_equal(pair->max_clock_skew_ms, 2000);
    assert_int_equal(pair->split_percent, 70);
    assert_int_equal(pair->start_alone, CONFIG_START_ALONE_WAIT);
    config_free(config);
}

static void the_primary_of_a_hot_standby_holds_most(void **state)
{
    struct config *config = load_right(PAIR "  mode: hot-standby\n" SERVER SUBNETS, "a");

    (void)state;
    assert_int_equal(config->pair.split_percent, 90);
    config_free(config);
}

static void a_link_is_a_tcp_endpoint(void **state)
{
    static const char *const wrong[] = {"10.1.0.1:6470",         "tcp://dhcp-a:6470",
                                        "tcp://10.1.0.1",        "tcp://10.1.0.1:0",
                                        "tcp://10.1.0.1:65536",  "tcp://0.0.0.0:6470",
                                        "tcp:// 10.1.0.1:6470",  "udp://10.1.0.1:6470",
                                        "tcp://10.1.0.1:6470/x", "tcp://*:6470"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        char text[512], said[512];

        (void)snprintf(text, sizeof(text),
                       "pair:\n  name: p\n  security: none\n  nodes:\n"
                       "    primary: {name: a, link: '%s'}\n"
                       "    secondary: {name: b, link: 'tcp://10.1.0.2:6470'}\n" SERVER SUBNETS,
                       wrong[i]);
        (void)snprintf(said, sizeof(said),
                       "f:5:30: link: '%s' is not tcp://IPV4:PORT such as "
                       "tcp://10.78.0.1:6470\n",
                       wrong[i]);
        expect_problems(text, "a", said);
    }
}

static void the_nodes_differ_in_name_and_link(void **state)
{
    (void)state;
    expect_problems("pair:\n  name: p\n  security: none\n  nodes:\n"
                    "    primary: {name: a, link: 'tcp://10.1.0.1:6470'}\n"
                    "    secondary: {name: a, link: 'tcp://10.1.0.1:6470'}\n" SERVER SUBNETS,
                    "a",
                    "f:6:23: both nodes are called 'a'; write the secondary's own host name\n"
                    "f:6:32: both nodes have the link 'tcp://10.1.0.1:6470'; write the "
                    "secondary's own address\n");
}

static void security_is_curve_or_written_out_as_none(void **state)
{
    static const char pair[] = "pair:\n  name: p\n  nodes:\n"
                               "    primary: {name: a, link: 'tcp://10.1.0.1:6470'}\n"
                               "    secondary: {name: b, link: 'tcp://10.1.0.2:6470'}\n"
                               "  security: %s\n" SERVER SUBNETS;
    char text[512];

    (void)state;
    (void)snprintf(text, sizeof(text), pair, "tls");
    expect_problems(
        text, "a", "f:6:13: security: 'tls' is not known; write {curve: DIRECTORY}, or none\n");
    (void)snprintf(text, sizeof(text), pair, "{}");
    expect_problems(text, "a",
                    "f:6:13: security has no 'curve'; write for example 'curve: "
                    "/etc/twindhcp/keys'\n");
}

static void an_ack_is_not_waited_for_beyond_the_link(void **state)
{
    (void)state;
    expect_problems(PAIR "  ack-timeout: 1s\n" SERVER SUBNETS, "a",
                    "f:7:16: ack-timeout is not below link-timeout; a reply would wait for a "
                    "partner that is given up\n");
}

static void a_node_that_is_not_of_the_pair_is_refused(void **state)
{
    (void)state;
    expect_problems(PAIR SERVER SUBNETS, "c",
                    "f:5:5: no node of this pair is called 'c'; they are 'a' and 'b'\n");
    expect_problems(PAIR SERVER SUBNETS, NULL, "f:5:5: which node is this? name 'a' or 'b'\n");
}

static void the_role_follows_from_the_name(void **state)
{
    struct config *config = load_right(PAIR SERVER SUBNETS, "b");
    enum role role = ROLE_PRIMARY;

    (void)state;
    assert_true(config_role_of(config, "b", &role));
    assert_int_equal(role, ROLE_SECONDARY);
    assert_true(config_role_of(config, "a", &role));
    assert_int_equal(role, ROLE_PRIMARY);
    assert_false(config_role_of(config, "c", &role));
    config_free(config);
    config = load_right(SERVER SUBNETS, "b");
    assert_false(config_role_of(config, "b", &role));
    config_free(config);
}

/* ---- server ---- */

static void interfaces_and_addresses_are_kept_in_order(void **state)
{
    struct config *config = load_right(
        "server: {interfaces: [eth1, bond0.12], listen: [10.0.0.3, 10.0.0.2]}\n" SUBNETS, NULL);

    (void)state;
    assert_false(config->has_pair);
    assert_int_equal(config->server.interface_count, 2);
    assert_string_equal(config->server.interfaces[0], "eth1");
    assert_string_equal(config->server.interfaces[1], "bond0.12");
    assert_int_equal(config->server.listen_count, 2);
    assert_int_equal(config->server.listen[0].value, address("10.0.0.3").value);
    config_free(config);
}

static void a_wrong_or_repeated_place_to_serve_is_refused(void **state)
{
    (void)state;
    expect_problems(
        "server:\n"
        "  interfaces: [eth0, eth/0, an-interface-too-long, eth0]\n"
        "  listen: [10.0.0.1, 0.0.0.0, here, 10.0.0.1]\n" SUBNETS,
        NULL,
        "f:2:22: interfaces: 'eth/0' is not the name of an interface; write one such "
        "as eth0\n"
        "f:2:29: interfaces: 'an-interface-too-long' is not the name of an "
        "interface; write one such as eth0\n"
        "f:2:52: interfaces: 'eth0' is given twice; remove one\n"
        "f:3:22: listen: '0.0.0.0' is not an address of this machine; write one such "
        "as 10.0.0.1\n"
        "f:3:31: listen: 'here' is not an address of this machine; write one such as "
        "10.0.0.1\n"
        "f:3:37: listen: '10.0.0.1' is given twice; remove one\n");
}

static void a_server_serves_somewhere(void **state)
{
    (void)state;
    expect_problems("server: {store: /s}\n" SUBNETS, NULL,
                    "f:1:9: server has neither 'interfaces' nor 'listen'; write one of them\n");
    expect_problems(SUBNETS, NULL,
                    "f:1:1: server has neither 'interfaces' nor 'listen'; write one of them\n");
}

#define PAIR_THAT_SERVES(primary, secondary)                                                   \
    "pair:\n"                                                                                  \
    "  name: p\n"                                                                              \
    "  security: none\n"                                                                       \
    "  nodes:\n"                                                                               \
    "    primary: {name: a, link: 'tcp://10.1.0.1:6470'" primary "}\n"                         \
    "    secondary: {name: b, link: 'tcp://10.1.0.2:6470'" secondary "}\n"

/* One file serves two machines whose addresses differ. */
static void what_a_node_says_stands_in_place_of_the_server(void **state)
{
    static const char text[] =
        PAIR_THAT_SERVES(", listen: 10.1.0.1", ", interfaces: [eth9]") SUBNETS;
    struct config *config = load_right(text, "a");

    (void)state;
    assert_int_equal(config->server.interface_count, 0);
    assert_int_equal(config->server.listen_count, 1);
    assert_int_equal(config->server.listen[0].value, address("10.1.0.1").value);
    config_free(config);
    config = load_right(text, "b");
    assert_int_equal(config->server.listen_count, 0);
    assert_string_equal(config->server.interfaces[0], "eth9");
    config_free(config);
    config = load_right(PAIR_THAT_SERVES(", listen: 10.1.0.1", "") SERVER SUBNETS, "b");
    assert_string_equal(config->server.interfaces[0], "eth0");
    assert_int_equal(config->server.listen_count, 0);
    config_free(config);
}

static void each_node_serves_somewhere(void **state)
{
    (void)state;
    expect_problems(PAIR_THAT_SERVES(", listen: 10.1.0.1", "") SUBNETS, "a",
                    "f:1:1: server has neither 'interfaces' nor 'listen', nor has node 'b'; "
                    "write one of them\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_has_the_documented_defaults),
        cmocka_unit_test(everything_of_a_pair_can_be_set),
        cmocka_unit_test(the_primary_of_a_hot_standby_holds_most),
        cmocka_unit_test(a_link_is_a_tcp_endpoint),
        cmocka_unit_test(the_nodes_differ_in_name_and_link),
        cmocka_unit_test(security_is_curve_or_written_out_as_none),
        cmocka_unit_test(an_ack_is_not_waited_for_beyond_the_link),
        cmocka_unit_test(a_node_that_is_not_of_the_pair_is_refused),
        cmocka_unit_test(the_role_follows_from_the_name),
        cmocka_unit_test(interfaces_and_addresses_are_kept_in_order),
        cmocka_unit_test(a_wrong_or_repeated_place_to_serve_is_refused),
        cmocka_unit_test(a_server_serves_somewhere),
        cmocka_unit_test(what_a_node_says_stands_in_place_of_the_server),
        cmocka_unit_test(each_node_serves_somewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
