/* `options:` and the `match:` of classes. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#define FILE_START SERVER SUBNETS "options:\n"

static void options_are_compiled_and_sorted_by_code(void **state)
{
    struct config *config =
        load_right(FILE_START "  option-224: '01:02'\n"
                              "  domain-search: [a.example.net, b.example.net]\n"
                              "  interface-mtu: 9000\n"
                              "  domain-name-servers: 10.0.0.53\n"
                              "  routers: [10.0.0.1, 10.0.0.2]\n"
                              "  classless-static-route: ['10.8.0.0/16 via 10.0.0.1']\n"
                              "  ip-forwarding: true\n",
                   NULL);
    static const uint8_t routers[] = {10, 0, 0, 1, 10, 0, 0, 2};
    const struct config_options *set = config->terms.options;

    (void)state;
    assert_int_equal(set->count, 7);
    for (size_t i = 1; i < set->count; i++)
        assert_true(config_options_at(set, i - 1).code < config_options_at(set, i).code);
    assert_true(span_equal(config_options_find(set, OPTION_ROUTERS),
                           span_of(routers, sizeof(routers))));
    assert_string_equal(option_text(set, OPTION_DOMAIN_NAME_SERVERS), "10.0.0.53");
    assert_string_equal(option_text(set, 26), "9000");
    assert_string_equal(option_text(set, OPTION_DOMAIN_SEARCH), "a.example.net, b.example.net");
    assert_string_equal(option_text(set, OPTION_CLASSLESS_STATIC_ROUTE),
                        "10.8.0.0/16 via 10.0.0.1");
    assert_true(span_equal(config_options_find(set, 224), span_of((uint8_t[]){1, 2}, 2)));
    assert_null(config_options_find(set, 225).data);
    config_free(config);
}

static bool may_be_set(unsigned code)
{
    const struct option_definition *known = option_find_code((uint8_t)code);

    return known == NULL || known->setter == OPTION_BY_OPERATOR;
}

/* Sets of few and of many codes, close together and far apart: each code is found with its own
 * value, and no other code is. */
static void every_option_of_a_set_is_found_and_no_other(void **state)
{
    (void)state;
    for (unsigned step = 1; step < 255; step += step < 70 ? 1 : 61) {
        char text[254 * 24 + 200];
        size_t used = (size_t)snprintf(text, sizeof(text), FILE_START "  option-254: 'fe'\n");
        struct config *config;

        for (unsigned code = step; code < 254; code += step) {
            if (may_be_set(code))
                used += (size_t)snprintf(text + used, sizeof(text) - used,
                                         "  option-%u: '%02x%s'\n", code, code,
                                         code % 3 == 0 ? "aabb" : "");
        }
        config = load_right(text, NULL);
        for (unsigned code = 0; code < 256; code++) {
            const bool is_there =
                code == 254 || (code > 0 && code < 254 && code % step == 0 && may_be_set(code));
            const struct span value = config_options_find(config->terms.options, (uint8_t)code);

            assert_int_equal(value.data != NULL, is_there);
            if (!is_there)
                continue;
            assert_int_equal(value.size, code != 254 && code % 3 == 0 ? 3 : 1);
            assert_int_equal(value.data[0], code);
        }
        config_free(config);
    }
}

static void an_unknown_option_is_met_with_a_known_one(void **state)
{
    (void)state;
    expect_problems(
        FILE_START "  domain-name-server: [10.0.0.1]\n"
                   "  colour: red\n"
                   "  option-0: '00'\n"
                   "  option-255: '00'\n"
                   "  end: ''\n"
                   "  captive-porta: http://x/\n"
                   "  lease-time: 1h\n",
        NULL,
        "f:4:3: unknown option 'domain-name-server'; did you mean "
        "'domain-name-servers'?\n"
        "f:5:3: unknown option 'colour'; write an option's name, or option-CODE with "
        "hexadecimal bytes\n"
        "f:6:3: unknown option 'option-0'; codes run from 1 to 254\n"
        "f:7:3: unknown option 'option-255'; codes run from 1 to 254\n"
        "f:8:3: unknown option 'end'; write an option's name, or option-CODE with "
        "hexadecimal bytes\n"
        "f:9:3: unknown option 'captive-porta'; did you mean 'v4-captive-portal'?\n"
        "f:10:3: 'lease-time' is not an option; write it beside 'options', not "
        "inside\n");
}

static void an_option_of_the_server_is_refused_with_what_to_use(void **state)
{
    (void)state;
    expect_problems(FILE_START "  dhcp-lease-time: 3600\n"
                               "  dhcp-renewal-time: 1800\n"
                               "  dhcp-server-identifier: 10.0.0.1\n"
                               "  dhcp-client-identifier: '01'\n"
                               "  dhcp-requested-address: 10.0.0.1\n"
                               "  option-53: '05'\n",
                    NULL,
                    "f:4:3: option 'dhcp-lease-time' is set by the server; write 'lease-time' "
                    "beside 'options'\n"
                    "f:5:3: option 'dhcp-renewal-time' is set by the server; it follows from "
                    "'lease-time' beside 'options'\n"
                    "f:6:3: option 'dhcp-server-identifier' is set by the server; it is the "
                    "address that the client reached\n"
                    "f:7:3: option 'dhcp-client-identifier' is set by the server; for a "
                    "reservation write 'client-id' beside 'options'\n"
                    "f:8:3: option 'dhcp-requested-address' is set by the server; for a "
                    "reservation write 'address' beside 'options'\n"
                    "f:9:3: option 'option-53' is set by the server; remove it\n");
}

static void an_option_is_given_once_by_whatever_name(void **state)
{
    (void)state;
    expect_problems(
        FILE_START "  routers: 10.0.0.1\n"
                   "  option-3: 0a:00:00:02\n",
        NULL, "f:5:3: option 'option-3' (code 3) is given twice; the first is at line 4\n");
}

static void a_single_value_is_no_list(void **state)
{
    (void)state;
    expect_problems(FILE_START "  interface-mtu: [1500, 9000]\n", NULL,
                    "f:4:18: interface-mtu is a list; it takes one value: a number from 0 to "
                    "65535\n");
}

static void a_value_fits_the_options_type(void **state)
{
    (void)state;
    expect_problems(
        FILE_START "  interface-mtu: 65536\n"
                   "  routers: [10.0.0.1, gw]\n"
                   "  ip-forwarding: maybe\n"
                   "  domain-name: ''\n"
                   "  ntp-servers: []\n"
                   "  option-230: xyz\n"
                   "  log-servers: {a: b}\n"
                   "  time-servers: [[10.0.0.1]]\n",
        NULL,
        "f:4:18: interface-mtu: '65536' does not fit; write a number from 0 to "
        "65535\n"
        "f:5:23: routers: 'gw' does not fit; write a list of IPv4 addresses such as "
        "10.0.0.1\n"
        "f:6:18: ip-forwarding: 'maybe' does not fit; write true or false\n"
        "f:7:16: domain-name has no value; write one, or remove the key\n"
        "f:8:16: the list of ntp-servers is empty; write at least one item, or remove "
        "the key\n"
        "f:9:15: option-230: 'xyz' does not fit; write bytes in hexadecimal such as "
        "aa:bb:cc or 0xaabbcc, or a text such as \"text:abc\"\n"
        "f:10:16: log-servers is a map; write a list, each item after '- '\n"
        "f:11:18: time-servers is a list; write a single value\n");
}

static void a_value_that_no_reply_can_carry_is_refused(void **state)
{
    char value[1026], text[1200];

    (void)state;
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    (void)snprintf(text, sizeof(text), FILE_START "  root-path: %s\n", value);
    expect_problems(text, NULL,
                    "f:4:14: 'root-path': the value is longer than 1024 bytes; a reply has no "
                    "room for it\n");
}

static void the_header_field_and_the_option_are_two_things(void **state)
{
    struct config *config = load_right(
        SERVER SUBNETS "boot-file-name: field\noptions: {boot-file-name: option}\n", NULL);

    (void)state;
    assert_string_equal(config->terms.boot.boot_file_name, "field");
    assert_string_equal(option_text(config->terms.options, OPTION_BOOT_FILE_NAME), "option");
    config_free(config);
}

/* ---- classes ---- */

#define CLASS SERVER SUBNETS "classes:\n  - name: c\n    match: "

static void a_class_has_conditions_by_code_and_values_in_order(void **state)
{
    struct config *config =
        load_right(CLASS "{client-system: [16, 15], vendor-class-identifier: [PXE, 'HTTP*']}\n"
                         "    lease-time: 1h\n"
                         "    next-server: 10.0.0.5\n"
                         "    options: {root-path: /x}\n",
                   NULL);
    const struct config_class *class = &config->classes[0];
    const struct config_condition *vendor = &class->conditions[0];
    const struct config_condition *arch = &class->conditions[1];

    (void)state;
    assert_int_equal(config->class_count, 1);
    assert_string_equal(class->name, "c");
    assert_int_equal(class->condition_count, 2);
    assert_int_equal(vendor->code, OPTION_VENDOR_CLASS_IDENTIFIER);
    assert_int_equal(vendor->type, OPTION_TYPE_STRING);
    assert_int_equal(vendor->value_count, 2);
    assert_false(vendor->values[0].kind == VALUE_GLOB);
    assert_true(span_equal(vendor->values[0].bytes, span_of("PXE", 3)));
    assert_true(vendor->values[1].kind == VALUE_GLOB);
    assert_true(span_equal(vendor->values[1].bytes, span_of("HTTP*", 5)));
    assert_int_equal(vendor->values[1].literal, 4);
    assert_int_equal(arch->code, OPTION_CLIENT_SYSTEM);
    assert_int_equal(arch->value_count, 2);
    assert_true(span_equal(arch->values[0].bytes, span_of((uint8_t[]){0, 15}, 2)));
    assert_true(span_equal(arch->values[1].bytes, span_of((uint8_t[]){0, 16}, 2)));
    assert_int_equal(class->terms.lease_time.default_s, 3600);
    assert_int_equal(class->terms.boot.next_server.value, address("10.0.0.5").value);
    assert_string_equal(option_text(class->terms.options, 17), "/x");
    config_free(config);
}

/* What a client sends may be matched though no operator may set it. */
static void a_class_may_match_options_of_the_server(void **state)
{
    struct config *config = load_right(CLASS "{dhcp-client-identifier: '01:02'}\n", NULL);

    (void)state;
    assert_int_equal(config->classes[0].conditions[0].code, OPTION_CLIENT_IDENTIFIER);
    config_free(config);
}

static void a_class_that_would_match_everything_or_nothing_is_refused(void **state)
{
    (void)state;
    expect_problems(CLASS "{}\n", NULL,
                    "f:5:12: match is empty and would match every client; write at least one "
                    "option\n");
    expect_problems(
        CLASS "{host-name: []}\n", NULL,
        "f:5:24: the list of host-name is empty; write at least one item, or remove "
        "the key\n");
    expect_problems(CLASS "{rapid-commit: ''}\n", NULL,
                    "f:5:13: rapid-commit has no value to match; write {present: true}\n");
}

static void a_pattern_stands_in_text_options_alone(void **state)
{
    (void)state;
    expect_problems(
        CLASS "{user-class: 'iPXE*', client-system: '1?'}\n", NULL,
        "f:5:25: user-class: '*' and '?' are not understood in this option; write "
        "the whole value\n"
        "f:5:49: client-system: '1?' does not fit; write a list of numbers from 0 to "
        "65535\n");
}

static void an_unknown_option_cannot_be_matched(void **state)
{
    (void)state;
    expect_problems(
        CLASS "{vendor-class: x, host-name: [[a]]}\n", NULL,
        "f:5:13: unknown option 'vendor-class'; did you mean 'vendor-class-identifier'?\n"
        "f:5:42: host-name is a list; write a single value\n");
}

static void classes_have_names_of_their_own(void **state)
{
    (void)state;
    expect_problems(CLASS "{host-name: a}\n"
                          "  - {name: d, match: {host-name: b}}\n"
                          "  - {name: c, match: {host-name: b}}\n"
                          "  - {match: {host-name: b}}\n",
                    NULL,
                    "f:7:5: class 'c' is given twice; the first is at line 4\n"
                    "f:8:5: class has no 'name'; write for example 'name: uefi-http'\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_compiled_and_sorted_by_code),
        cmocka_unit_test(every_option_of_a_set_is_found_and_no_other),
        cmocka_unit_test(an_unknown_option_is_met_with_a_known_one),
        cmocka_unit_test(an_option_of_the_server_is_refused_with_what_to_use),
        cmocka_unit_test(an_option_is_given_once_by_whatever_name),
        cmocka_unit_test(a_single_value_is_no_list),
        cmocka_unit_test(a_value_fits_the_options_type),
        cmocka_unit_test(a_value_that_no_reply_can_carry_is_refused),
        cmocka_unit_test(the_header_field_and_the_option_are_two_things),
        cmocka_unit_test(a_class_has_conditions_by_code_and_values_in_order),
        cmocka_unit_test(a_class_may_match_options_of_the_server),
        cmocka_unit_test(a_class_that_would_match_everything_or_nothing_is_refused),
        cmocka_unit_test(a_pattern_stands_in_text_options_alone),
        cmocka_unit_test(an_unknown_option_cannot_be_matched),
        cmocka_unit_test(classes_have_names_of_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
