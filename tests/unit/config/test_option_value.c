/* Values with a structure, `always-send` and `never-send`: what is wrong with them. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#define OPTIONS SERVER SUBNETS "options:\n"

static void a_record_has_its_fields(void **state)
{
    (void)state;
    expect_problems(
        OPTIONS "  client-ndi: [1, 3]\n"
                "  option-6rd: [14, 32, '2001:db8::x', 10.0.0.1]\n"
                "  rdnss-selection: [1, 10.0.0.1, 10.0.0.2]\n"
                "  virtual-subnet-selection: [0, 'a \"b']\n"
                "  v4-dnr: [1 dot.example.net 10.0.0.1 ipv4hint=10.0.0.2]\n"
                "  sip-servers: [10.0.0.1, sip.example.net]\n",
        NULL,
        "f:4:15: client-ndi: '1 3' does not fit; write [0..255, 0..255, 0..255]\n"
        "f:5:15: option-6rd: '14 32 2001:db8::x 10.0.0.1' does not fit; write [0..255, 0..255, "
        "IPv6 address, address, ...]\n"
        "f:6:20: rdnss-selection: '1 10.0.0.1 10.0.0.2' does not fit; write [0..255, address, "
        "address, domain name, ...]\n"
        "f:7:33: virtual-subnet-selection: 'a \"b' has a double quote, which no field may\n"
        "f:8:12: v4-dnr: '1 dot.example.net 10.0.0.1 ipv4hint=10.0.0.2' does not fit; write a "
        "list of resolvers such as \"1 dot.example.net 10.0.0.53 alpn=dot\": priority, name, "
        "addresses with commas, service parameters\n"
        "f:9:27: sip-servers: 'sip.example.net' does not fit; write a list of IPv4 addresses "
        "such as 10.0.0.1, or of domain names such as sip.example.net\n");
}

static void sub_options_are_of_a_known_space(void **state)
{
    (void)state;
    expect_problems(
        OPTIONS "  vendor-encapsulated-options: {pxe.discovery: 3}\n"
                "  ipxe-encap-opts: {keep-sam: 1, priority: 200, option-256: '00'}\n"
                "  vivso-suboptions: {x: {option-1: '00'}}\n"
                "  vivco-suboptions: {9: a, 0009: b}\n",
        NULL,
        "f:4:33: unknown option 'discovery' of space pxe; did you mean 'discovery-control'?\n"
        "f:5:21: unknown option 'keep-sam' of space ipxe; did you mean 'keep-san'?\n"
        "f:5:49: unknown option 'option-256' of space ipxe; write a name that the space has, "
        "or option-CODE with hexadecimal bytes\n"
        "f:6:22: 'x' is no enterprise number; write IANA's number such as 4491\n"
        "f:7:28: enterprise 9 is given twice; the first is at line 7\n");
    expect_problems(
        OPTIONS "  vendor-encapsulated-options: {pxe.discovery-control: 3, relay.option-1: "
                "'00'}\n",
        NULL,
        "f:4:59: vendor-encapsulated-options holds options of pxe and of relay, whose codes "
        "would be mixed up; keep one of them\n");
    expect_problems(OPTIONS "  vendor-encapsulated-options: {discovery-control: 3}\n", NULL,
                    "f:4:33: a sub-option is written as SPACE.NAME such as "
                    "pxe.discovery-control, or SPACE.option-CODE\n");
    expect_problems(OPTIONS "  vendor-encapsulated-options: {pxf.a: 3}\n", NULL,
                    "f:4:33: unknown space 'pxf'; did you mean 'pxe'?\n");
    expect_problems(OPTIONS "  ipxe-encap-opts: {}\n", NULL,
                    "f:4:20: ipxe-encap-opts is empty; write at least one option of space "
                    "ipxe\n");
    expect_problems(OPTIONS "  ipxe-encap-opts: {priority: 1, option-1: '02'}\n", NULL,
                    "f:4:34: 'option-1' (code 1) is given twice; the first is at line 4\n");
    expect_problems(OPTIONS "  routers: {a: 1}\n", NULL,
                    "f:4:12: routers is a map; write a list, each item after '- '\n");
}

/* The size of what is inside is one byte; an option as a whole is split when it is long. */
static void a_sub_option_has_at_most_255_bytes(void **state)
{
    char text[1024], expected[256], value[300];

    (void)state;
    memset(value, 'x', 256);
    value[256] = '\0';
    (void)snprintf(text, sizeof(text), OPTIONS "  ipxe-encap-opts: {username: %s}\n", value);
    (void)snprintf(expected, sizeof(expected),
                   "f:4:21: username: 256 bytes are too many; there is room for 255\n");
    expect_problems(text, NULL, expected);
    value[255] = '\0';
    (void)snprintf(text, sizeof(text),
                   OPTIONS "  ipxe-encap-opts: {username: %s, password: %s}\n", value, value);
    config_free(load_right(text, NULL));
    (void)snprintf(text, sizeof(text), OPTIONS "  vivso: {9: {option-1: 'text:%s'}}\n", value);
    expect_problems(text, NULL, "f:4:11: 9: 257 bytes are too many; there is room for 255\n");
}

/* RFC 8925: MIN_V6ONLY_WAIT is 300 seconds, and 0 leaves it to the client. */
static void a_client_waits_300_seconds_at_the_least(void **state)
{
    (void)state;
    expect_problems(OPTIONS "  v6-only-preferred: 299\n", NULL,
                    "f:4:22: v6-only-preferred: '299' seconds are too few; write 300 or more, "
                    "or 0 for the client's own choice\n");
    config_free(load_right(OPTIONS "  v6-only-preferred: 300\n", NULL));
    config_free(load_right(OPTIONS "  v6-only-preferred: 0\n", NULL));
}

static void what_the_rfcs_need_cannot_be_left_out(void **state)
{
    (void)state;
    expect_problems(
        SERVER SUBNETS "never-send: [subnet-mask, dhcp-lease-time, option-53, "
                       "dhcp-server-identifier, dhcp-client-identifier, dhcp-agent-options, "
                       "dhcp-option-overload]\n",
        NULL,
        "f:3:14: never-send: 'subnet-mask' cannot be left out: a client without it guesses one "
        "from the class of its address\n"
        "f:3:27: never-send: 'dhcp-lease-time' cannot be left out: an offer without it is none "
        "(RFC 2131, table 3)\n"
        "f:3:44: never-send: 'option-53' cannot be left out: without it a packet is not DHCP\n"
        "f:3:55: never-send: 'dhcp-server-identifier' cannot be left out: a client could not "
        "say whom it chose (RFC 2131, table 3)\n"
        "f:3:79: never-send: 'dhcp-client-identifier' cannot be left out: a client's own "
        "identifier is returned to it (RFC 6842)\n"
        "f:3:103: never-send: 'dhcp-agent-options' cannot be left out: what a relay sends is "
        "returned to it (RFC 3046)\n"
        "f:3:123: never-send: 'dhcp-option-overload' cannot be left out: a packet whose fields "
        "hold options cannot be read without it\n");
}

static void always_and_never_do_not_contradict_each_other(void **state)
{
    (void)state;
    expect_problems(
        SERVER SUBNETS "always-send: [host-name, v6-only-preferred, auto-config, "
                       "dhcp-lease-time, hostname]\n"
                       "never-send: [option-12, routers, routers]\n",
        NULL,
        "f:3:26: always-send: 'v6-only-preferred' is for clients alone that ask for it (RFC "
        "8925)\n"
        "f:3:45: always-send: 'auto-config' is for clients alone that send it (RFC 2563)\n"
        "f:3:58: always-send: 'dhcp-lease-time' is set by the server; write 'lease-time' "
        "beside 'options'\n"
        "f:3:75: unknown option 'hostname'; did you mean 'host-name'?\n"
        "f:4:14: never-send: 'option-12' is in 'always-send' at line 3; keep one of them\n"
        "f:4:34: never-send: 'routers' is named twice; the first is at line 4\n");
}

/* Pool over subnet over file, at load. */
static void the_nearest_level_says_what_is_sent(void **state)
{
    struct config *config = load_right(
        SERVER "always-send: [host-name, routers]\n"
               "subnets: [{subnet: 10.0.0.0/24, never-send: host-name, pools: [{range: "
               "10.0.0.9, always-send: [host-name, domain-name]}, {range: 10.0.0.8}]}]\n",
        NULL);
    const struct config_send *subnet = config->subnets[0].effective->send;
    const struct config_send *pool = config->pools[1].effective->send;

    (void)state;
    assert_true(option_codes_have(&subnet->never, 12));
    assert_false(option_codes_have(&subnet->always, 12));
    assert_true(option_codes_have(&subnet->always, 3));
    assert_true(option_codes_have(&pool->always, 12));
    assert_false(option_codes_have(&pool->never, 12));
    assert_true(option_codes_have(&pool->always, 15));
    assert_ptr_equal(config->pools[0].effective, config->subnets[0].effective);
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_has_its_fields),
        cmocka_unit_test(sub_options_are_of_a_known_space),
        cmocka_unit_test(a_sub_option_has_at_most_255_bytes),
        cmocka_unit_test(a_client_waits_300_seconds_at_the_least),
        cmocka_unit_test(what_the_rfcs_need_cannot_be_left_out),
        cmocka_unit_test(always_and_never_do_not_contradict_each_other),
        cmocka_unit_test(the_nearest_level_says_what_is_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
