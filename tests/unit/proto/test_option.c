/* The option registry. */
#include "help_packets.h"

static void definitions_are_in_order_of_code(void **state)
{
    (void)state;
    assert_non_null(option_at(0));
    for (size_t i = 1; option_at(i) != NULL; i++)
        assert_true(option_at(i - 1)->code < option_at(i)->code);
}

static void every_definition_is_found_by_code_and_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; option_at(i) != NULL; i++) {
        assert_ptr_equal(option_find_code(option_at(i)->code), option_at(i));
        assert_ptr_equal(option_find_name(option_at(i)->name), option_at(i));
    }
}

static void names_are_lower_case_with_hyphens(void **state)
{
    (void)state;
    for (size_t i = 0; option_at(i) != NULL; i++) {
        const char *name = option_at(i)->name;

        assert_true(name[0] >= 'a' && name[0] <= 'z');
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(name));
    }
}

static void every_type_has_an_example_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < OPTION_TYPES; i++) {
        for (int j = 0; j < i; j++)
            assert_string_not_equal(option_type_example((enum option_type)i),
                                    option_type_example((enum option_type)j));
    }
    assert_string_equal(option_type_example(OPTION_TYPE_IP),
                        "an IPv4 address such as 10.0.0.1");
}

static void the_names_that_operators_know_are_there(void **state)
{
    static const struct {
        uint8_t code;
        enum option_type type;
        const char *name;
    } known[] = {
        {1, OPTION_TYPE_IP, "subnet-mask"},
        {2, OPTION_TYPE_I32, "time-offset"},
        {3, OPTION_TYPE_IP_LIST, "routers"},
        {6, OPTION_TYPE_IP_LIST, "domain-name-servers"},
        {12, OPTION_TYPE_STRING, "host-name"},
        {15, OPTION_TYPE_STRING, "domain-name"},
        {17, OPTION_TYPE_STRING, "root-path"},
        {19, OPTION_TYPE_BOOL, "ip-forwarding"},
        {26, OPTION_TYPE_U16, "interface-mtu"},
        {33, OPTION_TYPE_IP_PAIRS, "static-routes"},
        {42, OPTION_TYPE_IP_LIST, "ntp-servers"},
        {43, OPTION_TYPE_VENDOR_SPACE, "vendor-encapsulated-options"},
        {60, OPTION_TYPE_STRING, "vendor-class-identifier"},
        {66, OPTION_TYPE_STRING, "tftp-server-name"},
        {67, OPTION_TYPE_STRING, "boot-file-name"},
        {77, OPTION_TYPE_TUPLES, "user-class"},
        {93, OPTION_TYPE_U16_LIST, "client-system"},
        {108, OPTION_TYPE_U32, "v6-only-preferred"},
        {119, OPTION_TYPE_FQDN_LIST, "domain-search"},
        {121, OPTION_TYPE_ROUTES, "classless-static-route"},
        {137, OPTION_TYPE_FQDN, "v4-lost"},
        {143, OPTION_TYPE_URI_TUPLES, "v4-sztp-redirect"},
        {150, OPTION_TYPE_IP_LIST, "tftp-server-address"},
        {209, OPTION_TYPE_STRING, "pxelinux-config-file"},
        {211, OPTION_TYPE_U32, "pxelinux-reboot-time"},
        {249, OPTION_TYPE_ROUTES, "ms-classless-static-route"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        const struct option_definition *found = option_find_name(known[i].name);

        assert_non_null(found);
        assert_int_equal(found->code, known[i].code);
        assert_int_equal(found->type, known[i].type);
        assert_int_equal(found->setter, OPTION_BY_OPERATOR);
    }
}

static void what_the_server_says_itself_is_not_the_operators(void **state)
{
    static const uint8_t server[] = {0,   50,  51,  52,  53,  54,  55,  56,  57,
                                     58,  59,  61,  82,  90,  91,  92,  97,  118,
                                     145, 151, 152, 153, 154, 155, 156, 157, 255};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(server); i++) {
        assert_non_null(option_find_code(server[i]));
        assert_int_equal(option_find_code(server[i])->setter, OPTION_BY_SERVER);
    }
}

static void an_alias_is_another_name_of_a_known_option(void **state)
{
    const struct option_alias *alias, *before = NULL;

    (void)state;
    for (size_t i = 0; (alias = option_alias_at(i)) != NULL; before = alias, i++) {
        assert_non_null(option_find_name(alias->name));
        assert_ptr_equal(option_find_name(alias->alias), option_find_name(alias->name));
        assert_true(before == NULL || strcmp(before->alias, alias->alias) < 0);
    }
    assert_int_equal(option_find_name("vivso")->code, OPTION_VENDOR_OPTIONS);
}

/* The text of a record can be read back only where each field but the last has an end. */
static void records_and_spaces_are_well_made(void **state)
{
    const struct option_space *space;

    (void)state;
    for (size_t i = 0; option_at(i) != NULL; i++) {
        const struct option_definition *d = option_at(i);

        assert_int_equal(d->record != NULL, d->type == OPTION_TYPE_RECORD);
        assert_int_equal(d->space != NULL, d->type == OPTION_TYPE_SUBOPTIONS);
        for (size_t j = 0; d->record != NULL && j + 1 < d->record->count; j++)
            assert_true(option_type_size(d->record->fields[j]) > 0);
    }
    for (size_t i = 0; (space = option_space_at(i)) != NULL; i++) {
        for (size_t j = 0; j < space->count; j++) {
            const struct option_definition *d = &space->definitions[j];

            assert_true(j == 0 || d->code > d[-1].code);
            assert_ptr_equal(option_space_find_code(space, d->code), d);
            assert_ptr_equal(option_space_find_name(space, d->name), d);
        }
    }
}

static void the_rest_has_no_name(void **state)
{
    (void)state;
    assert_null(option_find_code(224));
    assert_null(option_find_code(254));
    assert_null(option_find_name("router"));
    assert_null(option_find_name(""));
    assert_null(option_find_name("option-3"));
}

static void assert_parsed(const char *name, uint8_t code, enum option_type type)
{
    enum option_type got_type;
    uint8_t got_code;

    assert_true(option_parse_name(name, &got_code, &got_type));
    assert_int_equal(got_code, code);
    assert_int_equal(got_type, type);
}

static void a_name_or_a_number_gives_a_code(void **state)
{
    (void)state;
    assert_parsed("routers", 3, OPTION_TYPE_IP_LIST);
    assert_parsed("option-6rd", 212, OPTION_TYPE_RECORD);
    assert_parsed("option-224", 224, OPTION_TYPE_BINARY);
    assert_parsed("option-1", 1, OPTION_TYPE_BINARY);
    assert_parsed("option-254", 254, OPTION_TYPE_BINARY);
}

static void other_names_are_refused(void **state)
{
    static const char *const bad[] = {
        "",           "option-",     "option-0",   "option-255",  "option-256",
        "option-01",  "option-1x",   "option--1",  "option- 1",   "option-4294967297",
        "Option-224", "option-2240", "option-999", "nonexistent",
    };
    enum option_type type = OPTION_TYPE_U8;
    uint8_t code = 9;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(option_parse_name(bad[i], &code, &type));
    assert_int_equal(code, 9);
    assert_int_equal(type, OPTION_TYPE_U8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_are_in_order_of_code),
        cmocka_unit_test(every_definition_is_found_by_code_and_by_name),
        cmocka_unit_test(names_are_lower_case_with_hyphens),
        cmocka_unit_test(every_type_has_an_example_of_its_own),
        cmocka_unit_test(the_names_that_operators_know_are_there),
        cmocka_unit_test(what_the_server_says_itself_is_not_the_operators),
        cmocka_unit_test(an_alias_is_another_name_of_a_known_option),
        cmocka_unit_test(records_and_spaces_are_well_made),
        cmocka_unit_test(the_rest_has_no_name),
        cmocka_unit_test(a_name_or_a_number_gives_a_code),
        cmocka_unit_test(other_names_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
