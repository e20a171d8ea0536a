/* Classes by name: which one is meant, who may ask for it, and what is hardly meant. */
#include "tests/unit/config/help_load.h"

#define START "server: {interfaces: eth0}\nsubnets:\n- subnet: 10.0.0.0/24\n"

static void a_name_that_no_class_has_is_met_with_a_right_one(void **state)
{
    (void)state;
    expect_problems(START "  allow: rak\nclasses:\n- {name: rack, match: {host-name: a}}\n",
                    NULL, "f:4:10: allow: unknown class 'rak'; did you mean 'rack'?\n");
    expect_problems(START "  deny: [unknwn]\n", NULL,
                    "f:4:10: deny: unknown class 'unknwn'; did you mean 'unknown'?\n");
    expect_problems(START "  require: [zzzzzz]\n", NULL,
                    "f:4:13: require: unknown class 'zzzzzz'; write one of 'classes' or a "
                    "built-in one\n");
    expect_problems(START "classes:\n- {name: a, expression: \"member('b')\"}\n", NULL,
                    "f:5:25: expression: at character 8, ''b')': unknown class 'b'; did you "
                    "mean 'a'?\n");
}

/* Kea's rule. */
static void a_class_knows_those_before_it(void **state)
{
    (void)state;
    expect_problems(START "classes:\n- {name: a, match: {class: b}}\n"
                          "- {name: b, match: {host-name: b}}\n",
                    NULL,
                    "f:5:28: class: class 'b' of line 6 is not before this one; a class knows "
                    "those before it alone\n");
    expect_problems(START "classes:\n- {name: a, expression: \"not member('a')\"}\n", NULL,
                    "f:5:25: expression: at character 12, ''a')': class 'a' of line 5 is not "
                    "before this one; a class knows those before it alone\n");
    expect_problems(START "classes:\n"
                          "- {name: a, additional: true, match: {host-name: a}}\n"
                          "- {name: b, match: {class: a}}\n",
                    NULL,
                    "f:6:28: class: class 'a' of line 5 is additional: it is not tested before "
                    "this one\n");
}

static void a_class_has_one_test(void **state)
{
    (void)state;
    expect_problems(START "classes:\n- name: a\n  match: {host-name: a}\n"
                          "  expression: \"'a' == 'a'\"\n",
                    NULL,
                    "f:7:15: class has both 'match' and 'expression'; keep one of them\n");
    expect_problems(START "classes:\n- {name: a, expression: \"option[60].hex = 'a'\"}\n", NULL,
                    "f:5:25: expression: at character 16, '= 'a'': '=' is no comparison; write "
                    "'=='\n");
    expect_problems(START "classes:\n- {name: a, expression: \"option[60]\"}\n", NULL,
                    "f:5:25: expression: at character 11, the end: '.' expected, found the "
                    "end\n");
    expect_problems(START "classes:\n- {name: a, additional: yes, match: {host-name: a}}\n",
                    NULL, "f:5:25: additional: 'yes' is not true or false\n");
}

/* A class of a built-in one's name adds to it, or stands in its place when it has a test. */
static void a_class_may_have_the_name_of_a_built_in_one(void **state)
{
    struct config *config =
        load_right(START "  allow: [ipxe]\nclasses:\n"
                         "- {name: ipxe, boot-file-name: menu.ipxe}\n"
                         "- {name: http-boot, match: {host-name: a}, boot-file-name: x}\n",
                   NULL);

    (void)state;
    assert_int_equal(config->classes[0].test, CLASS_BY_BUILTIN);
    assert_int_equal(config->classes[0].builtin, BUILTIN_IPXE);
    assert_int_equal(config->classes[1].test, CLASS_BY_MATCH);
    assert_int_equal(config->subnets[0].admission->allow.numbers[0], CONFIG_BUILTINS);
    config_free(config);
}

static void lists_of_classes_are_sets(void **state)
{
    struct config *config =
        load_right(START "  pools:\n  - {range: 10.0.0.9, deny: [unknown, known, unknown]}\n"
                         "  - {range: 10.0.0.10}\n",
                   NULL);

    (void)state;
    assert_int_equal(config->pools[0].admission->deny.count, 2);
    assert_int_equal(config->pools[0].admission->deny.numbers[0], BUILTIN_KNOWN);
    assert_int_equal(config->pools[0].admission->deny.numbers[1], BUILTIN_UNKNOWN);
    assert_null(config->pools[1].admission);
    assert_null(config->subnets[0].admission);
    config_free(config);
}

static void additional_classes_come_after_the_place(void **state)
{
    (void)state;
    expect_problems(START "  allow: [a]\nclasses:\n"
                          "- {name: a, additional: true, match: {host-name: a}}\n",
                    NULL,
                    "f:4:10: allow: class 'a' of line 6 is additional: it is tested after the "
                    "place is chosen; write a class that is not\n");
    expect_problems(
        START "  add-classes: [known]\n", NULL,
        "f:4:16: add-classes: 'known' is a built-in class, which its clients are in "
        "by themselves; write a class of 'classes'\n");
}

static void what_lets_nobody_in_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(
        START "  allow: [known, bootp]\n  deny:\n    [bootp]\n",
        "f:4:10: warning: allow: class 'bootp' is denied at line 6, so that it lets "
        "nobody in\n");
    expect_warnings(START "  deny: [ipxe]\n  require: [ipxe]\n",
                    "f:5:12: warning: require: class 'ipxe' is denied at line 4, so that it "
                    "lets nobody in\n");
}

static void a_class_that_changes_nothing_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(START "classes:\n- {name: a, match: {host-name: a}}\n"
                          "- {name: b}\n"
                          "- {name: c, additional: true, match: {host-name: a}, next-server: "
                          "10.0.0.1}\n"
                          "- {name: d, match: {host-name: a}, next-server: 10.0.0.1}\n",
                    "f:5:3: warning: class 'a' is used nowhere: it sets nothing, and nothing "
                    "names it\n"
                    "f:6:3: warning: class 'b' has neither match nor expression, and no "
                    "reservation or add-classes gives it, so that nobody is ever in it\n"
                    "f:7:3: warning: class 'c' is additional and no add-classes names it, so "
                    "that nobody is ever in it\n");
    expect_warnings(START "  require: [b]\n  reservations:\n"
                          "  - {hw-address: 52:54:00:12:34:56, address: 10.0.0.5, classes: a}\n"
                          "classes:\n- {name: a}\n- {name: b, match: {class: a}}\n",
                    "");
}

/* Its clients would be refused at half their lease. */
static void a_place_by_what_renewals_lack_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(START "  allow: [r, s]\nclasses:\n"
                          "- {name: r, match: {packet.giaddr: 10.0.0.1}}\n"
                          "- {name: s, match: {relay.circuit-id: a}}\n",
                    "f:4:10: warning: allow: class 'r' of line 6 looks at a field that a "
                    "renewing client's packet has otherwise or not at all; its clients lose "
                    "their address when they renew\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_no_class_has_is_met_with_a_right_one),
        cmocka_unit_test(a_class_knows_those_before_it),
        cmocka_unit_test(a_class_has_one_test),
        cmocka_unit_test(a_class_may_have_the_name_of_a_built_in_one),
        cmocka_unit_test(lists_of_classes_are_sets),
        cmocka_unit_test(additional_classes_come_after_the_place),
        cmocka_unit_test(what_lets_nobody_in_is_warned_of),
        cmocka_unit_test(a_class_that_changes_nothing_is_warned_of),
        cmocka_unit_test(a_place_by_what_renewals_lack_is_warned_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
