/* `limits` of classes: which may be limited, and what is said of the others. */
#include "tests/unit/config/help_load.h"

#define LIMITED(name) "limits: [{class: " name ", leases: 2}]\n" SERVER SUBNETS
#define ADVICE                                                                                 \
    "which the record of a lease does not keep; limit a class that looks only at the "         \
    "hardware address and options 12, 60, 61 and 82\n"

static void one_that_a_record_tells_may_be_limited(void **state)
{
    static const char *const tests[] = {
        "match: {packet.hw-address: {prefix: '02:00'}, packet.hw-type: 1}",
        "match: {any: [{relay.circuit-id: {prefix: a}}, {relay.remote-id: b}]}",
        "match: {not: {vendor-class-identifier: 'PXEClient*'}, host-name: 'a*'}",
        "match: {dhcp-client-identifier: {prefix: 'aa:bb'}}",
        "expression: \"substring(pkt4.mac, 0, 2) == 0x0200 and relay4[2].exists\"",
        "expression: \"lcase(option[12].text) == 'a' or option[60].hex == option[61].hex\"",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
        struct config *config;
        char text[512];

        (void)snprintf(text, sizeof(text), "classes:\n- {name: a, %s}\n%s", tests[i],
                       LIMITED("a"));
        config = load_right(text, NULL);
        assert_true(config->limits_classes);
        assert_int_equal(config->limit_count, 1);
        assert_int_equal(config->terms.care.limits->items[0].per, CONFIG_PER_CLASS);
        assert_int_equal(config->terms.care.limits->items[0].class, CONFIG_BUILTINS);
        assert_string_equal(config->terms.care.limits->items[0].class_name, "a");
        config_free(config);
    }
}

static void all_may_be_limited(void **state)
{
    struct config *config = load_right(LIMITED("ALL"), NULL);

    (void)state;
    assert_int_equal(config->terms.care.limits->items[0].class, BUILTIN_ALL);
    assert_string_equal(config->terms.care.limits->items[0].class_name, "all");
    config_free(config);
}

static void one_that_a_record_cannot_tell_may_not(void **state)
{
    static const struct {
        const char *test, *beyond;
    } others[] = {
        {"match: {client-system: 7}", "option 93 (client-system)"},
        {"match: {vendor-class-identifier: a, any: [{host-name: b}, {packet.giaddr: "
         "10.0.0.1}]}",
         "packet.giaddr"},
        {"match: {not: {option-224: 'aa'}}", "option 224"},
        {"match: {option-224: {present: true}}", "option 224"},
        {"match: {class: known}", "another class"},
        {"match: {vendor-encapsulated-options.6: 'aa'}",
         "option 43 (vendor-encapsulated-options)"},
        {"expression: \"pkt4.giaddr == 10.0.0.1\"", "packet.giaddr"},
        {"expression: \"pkt4.msgtype == 1\"", "packet.message-type"},
        {"expression: \"option[77].exists\"", "option 77 (user-class)"},
        {"expression: \"option[12].hex == 'a' or member('KNOWN')\"", "another class"},
        {"expression: \"vendor[4491].exists\"", "option 125 (vivso-suboptions)"},
        {"expression: \"pkt.iface == 'eth0'\"", "packet.interface"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        char text[512], expected[512];

        (void)snprintf(text, sizeof(text), "%sclasses:\n- {name: a, %s}\n", LIMITED("a"),
                       others[i].test);
        (void)snprintf(expected, sizeof(expected),
                       "f:1:18: class: 'a' of line 5 looks at %s, %s", others[i].beyond,
                       ADVICE);
        expect_problems(text, NULL, expected);
    }
}

static void other_built_in_ones_may_not(void **state)
{
    (void)state;
    expect_problems(LIMITED("known"), NULL,
                    "f:1:18: class: 'known' looks at the client's reservation, " ADVICE);
    expect_problems(LIMITED("bootp"), NULL,
                    "f:1:18: class: 'bootp' looks at packet.message-type, " ADVICE);
    expect_problems(LIMITED("uefi-x64"), NULL,
                    "f:1:18: class: 'uefi-x64' looks at option 93 (client-system), " ADVICE);
    expect_problems(
        LIMITED("ipxe") "classes: [{name: ipxe, options: {log-servers: 10.0.0.1}}]\n", NULL,
        "f:1:18: class: 'ipxe' of line 4 looks at option 77 (user-class), " ADVICE);
}

static void what_depends_on_the_place_may_not(void **state)
{
    (void)state;
    expect_problems(LIMITED("a") "classes:\n- {name: a, additional: true, match: {host-name: "
                                 "b}}\n",
                    NULL,
                    "f:1:18: class: 'a' of line 5 is additional, so that whether a client is "
                    "in it depends on the place; limit a class that is not\n");
    expect_problems(LIMITED("a") "classes: [{name: a}]\n", NULL,
                    "f:1:18: class: 'a' of line 4 has no test, and the record of a lease does "
                    "not keep who was given it; limit a class with 'match' or 'expression'\n");
}

#define CLASSES "classes: [{name: guests, match: {host-name: b}}]\n" SERVER SUBNETS

static void a_limit_has_one_subject(void **state)
{
    (void)state;
    expect_problems("limits: [{per: client, class: guests, leases: 2}]\n" CLASSES, NULL,
                    "f:1:31: limits: a limit has both 'per' and 'class'; keep one of them\n");
    expect_problems("limits: [{leases: 2}]\n" SERVER SUBNETS, NULL,
                    "f:1:10: limits: a limit has neither 'per' nor 'class'; write one of "
                    "them\n");
    expect_problems(
        "limits:\n- {class: guests, leases: 2}\n- {class: guests, leases: 3}\n" CLASSES, NULL,
        "f:3:11: limits: class 'guests' is given twice; the first is at line 2\n");
    expect_problems("limits: [{class: guest, leases: 2}]\n" CLASSES, NULL,
                    "f:1:18: class: unknown class 'guest'; did you mean 'guests'?\n");
}

static void a_level_limits_sixteen_classes(void **state)
{
    char classes[2048] = "classes:\n", limits[1024] = "limits:\n", text[4096];

    (void)state;
    for (int i = 0; i < CONFIG_LIMIT_CLASSES_MAX; i++) {
        (void)snprintf(classes + strlen(classes), sizeof(classes) - strlen(classes),
                       "- {name: c%d, match: {host-name: h%d}}\n", i, i);
        (void)snprintf(limits + strlen(limits), sizeof(limits) - strlen(limits),
                       "- {class: c%d, leases: 1}\n", i);
    }
    (void)snprintf(text, sizeof(text), "%s%s%s", limits, classes, SERVER SUBNETS);
    config_free(load_right(text, NULL));
    (void)snprintf(text, sizeof(text), "%s- {class: all, leases: 1}\n%s%s", limits, classes,
                   SERVER SUBNETS);
    expect_problems(text, NULL, "f:18:11: limits: one level limits at most 16 classes\n");
}

static uint64_t digest_of(const char *limits)
{
    struct config_problems problems = {.count = 0};
    char text[512];
    struct config *config;
    uint64_t digest;

    (void)snprintf(text, sizeof(text),
                   "limits: [%s]\nclasses:\n- {name: a, match: {host-name: a}}\n"
                   "- {name: b, match: {host-name: b}}\n- {name: c, match: {host-name: c}, "
                   "options: {log-servers: 10.0.0.1}}\n%s",
                   limits, SERVER SUBNETS);
    config = config_load_text("f", text, strlen(text), NULL, &problems);
    assert_non_null(config);
    digest = config->digests.part[PART_SUBNETS];
    config_free(config);
    config_problems_free(&problems);
    return digest;
}

static void peers_that_limit_other_classes_differ(void **state)
{
    (void)state;
    assert_int_equal(digest_of("{class: a, leases: 2}"), digest_of("{leases: 2, class: a}"));
    assert_int_not_equal(digest_of("{class: a, leases: 2}"),
                         digest_of("{class: b, leases: 2}"));
    assert_int_not_equal(digest_of("{class: a, leases: 2}"),
                         digest_of("{class: a, leases: 3}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_a_record_tells_may_be_limited),
        cmocka_unit_test(all_may_be_limited),
        cmocka_unit_test(one_that_a_record_cannot_tell_may_not),
        cmocka_unit_test(other_built_in_ones_may_not),
        cmocka_unit_test(what_depends_on_the_place_may_not),
        cmocka_unit_test(a_limit_has_one_subject),
        cmocka_unit_test(a_level_limits_sixteen_classes),
        cmocka_unit_test(peers_that_limit_other_classes_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
