/* `option-definitions`: own options and spaces, and what is wrong with them. */
#include "tests/unit/config/help_load.h"

#define DEFINE SERVER SUBNETS "option-definitions:\n"

static const char *shown(const struct config *config, uint8_t code)
{
    static char text[512];
    const struct option_definition *definition = config_option_definition(config, code);

    assert_non_null(definition);
    assert_true(option_format(definition, config_options_find(config->terms.options, code),
                              text, sizeof(text)));
    return text;
}

static void an_own_option_is_found_by_code_name_and_number(void **state)
{
    struct config *config =
        load_right(DEFINE "- {name: rack-id, code: 230, type: u32}\n"
                          "- {name: my-url, code: 252, type: tuples}\n"
                          "options: {rack-id: 7}\n"
                          "classes: [{name: c, match: {rack-id: 7, option-252: 'aa'}}]\n",
                   NULL);
    uint8_t code = 0;

    (void)state;
    assert_string_equal(config_option_definition(config, 230)->name, "rack-id");
    assert_ptr_equal(config_option_named(config, "rack-id", &code),
                     config_option_definition(config, 230));
    assert_int_equal(code, 230);
    assert_ptr_equal(config_option_named(config, "option-230", &code), &option_unnamed);
    /* A definition takes the place of a private code's name. */
    assert_string_equal(config_option_named(config, "wpad-url", &code)->name, "my-url");
    assert_ptr_equal(config_option_definition(config, 6), option_find_code(6));
    assert_null(config_option_definition(config, 231));
    assert_null(config_option_named(config, "rack", &code));
    assert_int_equal(config->classes[0].conditions[0].type, OPTION_TYPE_U32);
    assert_string_equal(shown(config, 230), "7");
    config_free(config);
}

static void values_are_shown_with_the_names_of_the_file(void **state)
{
    struct config *config =
        load_right(DEFINE "- {name: mode, space: vendor-4491, code: 3, type: u8}\n"
                          "- {name: phone, space: acme, code: 1, type: ip, array: true}\n"
                          "- {name: acme-stuff, code: 233, type: empty, encapsulates: acme}\n"
                          "- {name: boost, space: ipxe, code: 200, type: u16}\n"
                          "- {name: tuning, code: 231, type: record, fields: [tuples, u16]}\n"
                          "options:\n"
                          "  vivso: {4491: {mode: 2}, 9: {option-1: 'aa:bb'}}\n"
                          "  vivco: {9: x y}\n"
                          "  acme-stuff: {acme.phone: [10.0.0.1, 10.0.0.2], option-7: '01'}\n"
                          "  ipxe-encap-opts: {boost: 7, priority: -1}\n"
                          "  tuning: [very fast, 8]\n",
                   NULL);

    (void)state;
    assert_string_equal(shown(config, 125), "9: {option-1: aa:bb}, 4491: {mode: 2}");
    assert_string_equal(shown(config, 124), "9: text:x y");
    assert_string_equal(shown(config, 233), "phone: [10.0.0.1, 10.0.0.2], option-7: 01");
    assert_string_equal(shown(config, 175), "priority: -1, boost: 7");
    assert_string_equal(shown(config, 231), "\"very fast\" 8");
    assert_string_equal(config_option_space(config, "vendor-4491")->definitions[0].name,
                        "mode");
    assert_null(config_option_space(config, "vendor-9"));
    config_free(config);
}

static void a_standard_code_or_name_is_taken(void **state)
{
    (void)state;
    expect_problems(
        DEFINE "- {name: mine, code: 12, type: u32}\n"
               "- {name: routers, code: 230, type: u32}\n"
               "- {name: mine, space: ipxe, code: 8, type: u8}\n"
               "- {name: circuit-id, space: relay, code: 200, type: u8}\n",
        NULL,
        "f:4:3: option 'mine': code 12 is the standard option 'host-name'; write a code "
        "without a standard meaning, such as 224 to 254\n"
        "f:5:3: option 'routers': the name is that of the standard option with code 3; write "
        "another name\n"
        "f:6:3: option 'mine' of space ipxe: code 8 is 'keep-san' there already; write another "
        "name and code\n"
        "f:7:3: option 'circuit-id' of space relay: code 1 is 'circuit-id' there already; "
        "write another name and code\n");
}

static void a_code_or_name_is_defined_once_in_its_space(void **state)
{
    (void)state;
    expect_problems(DEFINE "- {name: a, code: 230, type: u32}\n"
                           "- {name: b, code: 230, type: u32}\n"
                           "- {name: a, code: 231, type: u32}\n"
                           "- {name: a, code: 230, space: acme, type: u32}\n",
                    NULL,
                    "f:5:3: code 230 of space dhcp4 is defined twice; the first is 'a' at line "
                    "4\n"
                    "f:6:3: option 'a' is defined twice; the first is at line 4\n");
}

static void a_wrong_type_is_met_with_a_right_one(void **state)
{
    (void)state;
    expect_problems(
        DEFINE "- {name: a, code: 230, type: u23}\n"
               "- {name: b, code: 231, type: record}\n"
               "- {name: c, code: 232, type: u8, fields: [u8]}\n"
               "- {name: d, code: 233, type: record, fields: [ip, u61]}\n"
               "- {name: e, code: 234, type: record, fields: [string, u8]}\n"
               "- {name: f, code: 235, type: record, fields: [u8, string], array: true}\n"
               "- {name: g, code: 236, type: string, array: true}\n"
               "- {name: h, code: 237, type: u8, encapsulates: ipxe}\n"
               "- {name: i, code: 255, type: u8}\n"
               "- {name: j.k, code: 238, type: u8}\n"
               "- {name: option-9, code: 239, type: u8}\n"
               "- {name: l, code: 240, type: record, fields: [record]}\n"
               "- {name: m, code: 241, type: record, fields: ['u8[]', u8]}\n",
        NULL,
        "f:4:30: type: unknown word 'u23'; did you mean 'u32'?\n"
        "f:5:3: record 'b' has no fields; write for example 'fields: [ip, u16]'\n"
        "f:6:42: fields are of a record only; write 'type: record'\n"
        "f:7:51: fields: unknown type 'u61'; did you mean 'u16'?\n"
        "f:8:47: fields: 'string' has no end and can only be the last field; write tuples for "
        "a text with its size before it\n"
        "f:9:46: fields: the last of a list's records has no end; write tuples for a text with "
        "its size before it\n"
        "f:10:45: array: there is no list of type string; write 'type: tuples' for texts with "
        "their size before them\n"
        "f:11:48: encapsulates: the value is its sub-options alone; write 'type: empty'\n"
        "f:12:19: code: '255' does not fit; write a number from 1 to 254\n"
        "f:13:10: name: 'j.k' has a dot, which stands between a space and a name\n"
        "f:14:10: name: 'option-9' looks like an option by number; write another name\n"
        "f:15:47: fields: 'record' cannot be a field; write a simple type such as u16\n"
        "f:16:47: fields: 'u8[]' has no end and can only be the last field; write tuples for "
        "a text with its size before it\n");
}

static void a_space_that_is_encapsulated_exists(void **state)
{
    (void)state;
    expect_problems(DEFINE "- {name: a, code: 230, type: empty, encapsulates: acem}\n"
                           "- {name: b, code: 1, space: acme, type: u8}\n"
                           "- {name: c, code: 231, type: empty, encapsulates: nowhere}\n"
                           "- {name: d, code: 1, space: vendor-x, type: u8}\n",
                    NULL,
                    "f:4:3: option 'a' encapsulates the unknown space 'acem'; did you mean "
                    "'acme'?\n"
                    "f:6:3: option 'c' encapsulates the unknown space 'nowhere'; define an "
                    "option in it\n"
                    "f:7:3: space: 'vendor-x' names no enterprise; write vendor- and its "
                    "number such as vendor-4491\n");
}

static void a_space_does_not_hold_itself(void **state)
{
    (void)state;
    expect_problems(DEFINE "- {name: a, code: 1, space: one, type: empty, encapsulates: two}\n"
                           "- {name: b, code: 1, space: two, type: empty, encapsulates: one}\n"
                           "- {name: c, code: 230, type: empty, encapsulates: one}\n",
                    NULL,
                    "f:4:3: option 'a' of space one encapsulates two, which leads back to it; "
                    "a space cannot hold itself\n");
    expect_problems(DEFINE "- {name: a, code: 1, space: one, type: empty, encapsulates: one}\n",
                    NULL,
                    "f:4:3: option 'a' of space one encapsulates one, which leads back to it; "
                    "a space cannot hold itself\n");
}

/* Below the surface, two spaces may both hold a third. */
static void a_space_may_stand_in_two_others(void **state)
{
    struct config *config =
        load_right(DEFINE "- {name: a, code: 230, type: empty, encapsulates: one}\n"
                          "- {name: b, code: 1, space: one, type: empty, encapsulates: two}\n"
                          "- {name: c, code: 2, space: one, type: empty, encapsulates: two}\n"
                          "- {name: d, code: 1, space: two, type: u8}\n"
                          "options: {a: {b: {d: 1}, c: {d: 2}}}\n",
                   NULL);

    (void)state;
    assert_string_equal(shown(config, 230), "b: {d: 1}, c: {d: 2}");
    config_free(config);
}

/* Names of the file are names in an expression too, with their types and spaces. */
static void an_expression_knows_own_options(void **state)
{
    struct config *config = load_right(
        DEFINE
        "- {name: rack-id, code: 230, type: u32}\n"
        "- {name: acme-stuff, code: 233, type: empty, encapsulates: acme}\n"
        "- {name: phone, space: acme, code: 9, type: ip}\n"
        "classes:\n"
        "- {name: a, expression: \"option[rack-id].text == '7'\", next-server: 10.0.0.5}\n"
        "- {name: b, expression: 'option[acme-stuff].option[phone].exists', next-server: "
        "10.0.0.6}\n",
        NULL);
    const struct expression *a = &config->classes[0].expression;
    const struct expression *b = &config->classes[1].expression;

    (void)state;
    assert_int_equal(a->steps[0].op, STEP_OPTION);
    assert_int_equal(a->steps[0].code, 230);
    assert_int_equal(a->steps[1].op, STEP_UNSIGNED_TEXT);
    assert_int_equal(a->steps[1].number, 4);
    assert_int_equal(b->steps[0].op, STEP_HAS_SUBOPTION);
    assert_int_equal(b->steps[0].code, 233);
    assert_int_equal(b->steps[0].sub, 9);
    config_free(config);
}

static void a_flex_id_knows_own_options(void **state)
{
    struct config *config = load_right(DEFINE "- {name: rack-id, code: 230, type: u32}\n"
                                              "flex-id: option[rack-id].hex\n",
                                       NULL);

    (void)state;
    assert_int_equal(config->flex_id.steps[0].code, 230);
    config_free(config);
}

static void an_unknown_name_in_an_expression_is_met_with_a_near_one(void **state)
{
    (void)state;
    expect_problems(
        DEFINE "- {name: rack-id, code: 230, type: u32}\n"
               "- {name: acme-stuff, code: 233, type: empty, encapsulates: acme}\n"
               "- {name: phone, space: acme, code: 9, type: ip}\n"
               "classes:\n"
               "- {name: a, expression: 'option[rack-ib].exists'}\n"
               "- {name: b, expression: 'option[acme-stuff].option[fax].exists'}\n",
        NULL,
        "f:8:25: expression: at character 8, 'rack-ib].exists': unknown option 'rack-ib'; did "
        "you mean 'rack-id'?\n"
        "f:9:25: expression: at character 27, 'fax].exists': a sub-option's number, or its "
        "name "
        "in that space, expected, found 'fax'\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_own_option_is_found_by_code_name_and_number),
        cmocka_unit_test(values_are_shown_with_the_names_of_the_file),
        cmocka_unit_test(a_standard_code_or_name_is_taken),
        cmocka_unit_test(a_code_or_name_is_defined_once_in_its_space),
        cmocka_unit_test(a_wrong_type_is_met_with_a_right_one),
        cmocka_unit_test(a_space_that_is_encapsulated_exists),
        cmocka_unit_test(a_space_does_not_hold_itself),
        cmocka_unit_test(a_space_may_stand_in_two_others),
        cmocka_unit_test(an_expression_knows_own_options),
        cmocka_unit_test(a_flex_id_knows_own_options),
        cmocka_unit_test(an_unknown_name_in_an_expression_is_met_with_a_near_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
