/* What is wrong with an expression is said with its place and what was expected. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#include "config/expression.h"

static int32_t no_class(void *context, const char *name, const char **why)
{
    (void)context;
    (void)name;
    *why = "no such class";
    return -1;
}

static void expect_error(const char *text, enum expression_kind kind, size_t at,
                         const char *expected)
{
    const struct expression_scope scope = {no_class, NULL, NULL};
    struct arena arena = {NULL};
    struct expression_error error;
    struct expression expression;

    if (expression_compile(&arena, text, kind, &scope, &expression, &error))
        fail_msg("%s is an expression", text);
    assert_string_equal(error.text, expected);
    assert_int_equal(error.at, at);
    arena_free(&arena);
}

static void what_was_expected_is_said_with_its_place(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        const char *error;
    } rows[] = {
        {"", 0, "a value or a test expected, found the end"},
        {"option", 6, "'[' expected, found the end"},
        {"option[60", 9, "']' expected, found the end"},
        {"option[60]", 10, "'.' expected, found the end"},
        {"option[60].size", 11, "hex, text, exists or option[...] expected, found 'size'"},
        {"option[0].exists", 7, "the number is out of range; write 1 to 254"},
        {"option[host-nam].exists", 7, "unknown option 'host-nam'; did you mean 'host-name'?"},
        {"option['a'].exists", 7, "a number expected, found ''a''"},
        {"option[82].option[1].option[2].exists", 20,
         "a sub-option has no options inside; write .hex, .text or .exists"},
        {"relay4[circuit].exists", 7,
         "a sub-option's number or name, such as 1 or circuit-id, expected, found 'circuit'"},
        {"relay4[256].exists", 7, "the number is out of range; write 0 to 255"},
        {"option[3].text == '10.0.0.1'", 7,
         "this option is no single text, number or address: its .text is not supported; "
         "compare "
         "its .hex"},
        {"pkt4.name == 'a'", 5,
         "mac, hlen, htype, ciaddr, giaddr, yiaddr, siaddr, msgtype or transid expected, found "
         "'name'"},
        {"pkt.mac == 'a'", 4, "iface, src, dst or len expected, found 'mac'"},
        {"pkt6.msgtype == 1", 0, "pkt6 is of DHCPv6, which this server does not speak"},
        {"relay6[0].peeraddr == 1", 0, "relay6 is of DHCPv6, which this server does not speak"},
        {"vendor.exists", 7, "[ENTERPRISE] or .enterprise expected, found 'exists'"},
        {"vendor[1].data == 'a'", 10, "exists or option[...] expected, found 'data'"},
        {"vendor-class[1].option[1].exists", 16, "exists or data expected, found 'option'"},
        {"member(rack)", 7, "the name of a class in single quotes expected, found 'rack'"},
        {"member('rack')", 7, "no such class"},
        {"nobody == 'a'", 0,
         "'nobody' is not known; write option[...], relay4[...], pkt4..., pkt..., vendor..., "
         "vendor-class..., member('...'), known, a function, a 'text', a number or an address"},
        {"match('a.*', option[60].hex)", 0,
         "match() is not supported: a regular expression may take any time for a packet; write "
         "substring() or split(), or a class with 'match' and prefix or glob"},
        {"substring('a', 'b', 1) == 'a'", 15, "a number expected, found ''b''"},
        {"substring('a', 0, some) == 'a'", 18, "a number or all expected, found 'some'"},
        {"substring('a', 0) == 'a'", 16, "',' expected, found ')'"},
        {"concat('a') == 'a'", 10, "',' expected, found ')'"},
        {"ifelse('a', 'b', 'c') == 'a'", 7,
         "this is a value; a test is expected, such as a == b or option[60].exists"},
        {"lcase(known) == 'a'", 6, "no such class"},
        {"lcase(option[60].exists) == 'a'", 6,
         "this is a test; a value is expected, such as option[60].hex"},
        {"option[60].hex", 0,
         "this is a value; a test is expected, such as a == b or option[60].exists"},
        {"option[60].exists == 'a'", 0,
         "this is a test; a value is expected, such as option[60].hex"},
        {"option[60].exists and 'a'", 22,
         "this is a value; a test is expected, such as a == b or option[60].exists"},
        {"'a' and option[60].exists", 0,
         "this is a value; a test is expected, such as a == b or option[60].exists"},
        {"not 'a'", 4,
         "this is a value; a test is expected, such as a == b or option[60].exists"},
        {"'a' + option[60].exists == 'a'", 6,
         "this is a test; a value is expected, such as option[60].hex"},
        {"'a' == 'b' == 'c'", 11, "and, or or the end expected, found '=='"},
        {"'a' 'b'", 4, "'==', '+' or the end expected, found ''b''"},
        {"'a' = 'b'", 4, "'=' is no comparison; write '=='"},
        {"'a' != 'b'", 4, "there is no '!='; write not (a == b)"},
        {"\"a\" == 'b'", 0, "a text stands in single quotes: 'text'"},
        {"'a == 'b'", 7, "'==', '+' or the end expected, found 'b'"},
        {"'a' == 'b", 7, "the text that begins here has no closing quote (')"},
        {"'a' == 0x", 7, "hexadecimal digits expected after 0x"},
        {"'a' == 4294967296", 7, "the number is too large; numbers have 32 bits"},
        {"'a' == -2147483649", 7, "the number is too small; numbers have 32 bits"},
        {"'a' == 10.0.0", 7, "no IPv4 address; write one such as 10.0.0.1"},
        {"'a' == 2001:db8::1", 7,
         "no number, address or hexadecimal text; write 10, 10.0.0.1 or 0x1a2b (IPv6 has no "
         "place in DHCPv4)"},
        {"'a' & 'b'", 4, "an expression has no '&'"},
        {"('a' == 'a'", 11, "')' expected, found the end"},
        {"('a' == 'a'))", 12, "and, or or the end expected, found ')'"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        expect_error(rows[i].text, EXPRESSION_TEST, rows[i].at, rows[i].error);
}

static void a_value_is_no_test(void **state)
{
    (void)state;
    expect_error("option[60].exists", EXPRESSION_VALUE, 0,
                 "this is a test; a value is expected, such as option[60].hex");
}

/* Where the reservation is still to be found, nobody is known and in no class. */
static void classes_may_be_out_of_bounds(void **state)
{
    struct arena arena = {NULL};
    struct expression_error error;
    struct expression expression;

    (void)state;
    assert_false(expression_compile(&arena, "ifelse(known, 'a', 'b')", EXPRESSION_VALUE, NULL,
                                    &expression, &error));
    assert_string_equal(error.text, "classes are not known yet where this is evaluated");
    arena_free(&arena);
}

/* `begin` once, `part` as often as said, `end`. */
static char *repeated(char *out, size_t size, const char *begin, const char *part, size_t times,
                      const char *end)
{
    size_t used = (size_t)snprintf(out, size, "%s", begin);

    for (size_t i = 0; i < times; i++)
        used += (size_t)snprintf(out + used, size - used, "%s", part);
    used += (size_t)snprintf(out + used, size - used, "%s", end);
    assert_true(used < size);
    return out;
}

static void length_depth_and_stack_have_limits(void **state)
{
    static char text[2 * EXPRESSION_TEXT];
    struct arena arena = {NULL};
    struct expression_error error;
    struct expression expression;

    (void)state;
    expect_error(repeated(text, sizeof(text), "", "(", 32, "'a' == 'a'"), EXPRESSION_TEST, 32,
                 "nested too deeply; at most 32 levels");
    expect_error(repeated(text, sizeof(text), "'a'", " + 'a'", 255, " == 'a'"), EXPRESSION_TEST,
                 1537, "the expression is too long; it has more than 511 steps");
    expect_error(repeated(text, sizeof(text), "", "concat('a', ", 16, "'a'"), EXPRESSION_VALUE,
                 192, "too many values are open at this place; at most 16 at a time");
    expect_error(repeated(text, sizeof(text), "'", "a", EXPRESSION_TEXT, "'"), EXPRESSION_VALUE,
                 EXPRESSION_TEXT, "the expression is longer than 8192 bytes");
    /* `not` and parentheses take no place of their own */
    assert_true(expression_compile(&arena,
                                   repeated(text, sizeof(text), "", "not ", 1001, "'a' == 'a'"),
                                   EXPRESSION_TEST, NULL, &expression, &error));
    assert_int_equal(expression.count, 4);
    arena_free(&arena);
}

/* Renewals come without a relay's address, hardware addresses stay. */
static void it_is_noted_what_renewals_do_not_have(void **state)
{
    struct arena arena = {NULL};
    struct expression_error error;
    struct expression expression;

    (void)state;
    assert_true(expression_compile(&arena, "pkt4.giaddr == 10.0.0.1", EXPRESSION_TEST, NULL,
                                   &expression, &error));
    assert_true(expression.first_contact);
    assert_true(expression_compile(&arena, "pkt4.mac == 0x01 and relay4[1].exists",
                                   EXPRESSION_TEST, NULL, &expression, &error));
    assert_false(expression.first_contact);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_expected_is_said_with_its_place),
        cmocka_unit_test(a_value_is_no_test),
        cmocka_unit_test(classes_may_be_out_of_bounds),
        cmocka_unit_test(length_depth_and_stack_have_limits),
        cmocka_unit_test(it_is_noted_what_renewals_do_not_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
