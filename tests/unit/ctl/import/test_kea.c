/* Kea's files: the scanner's places and errors, and what single keys become. */
#include "tests/unit/ctl/import/help_import.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/json.h"

static void assert_problem(const char *text, const char *problem)
{
    char *out = help_import("kea", text);

    if (strstr(out, problem) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", problem, out);
    free(out);
}

static void an_error_names_file_line_and_column(void **state)
{
    (void)state;
    assert_problem("", "test:1:1: the file ends where a value should be");
    assert_problem("{\n  \"Dhcp4\" {}\n}", "test:2:11: '{' stands where a : should be");
    assert_problem("{\n \"a\": [ 1 2 ] }", "test:2:11: '2' stands where a comma or ]");
    assert_problem("{ \"a\": \"b }", "test:1:8: the text does not end");
    assert_problem("{ \"a\": \"b\n\" }", "test:1:8: a text does not go over the end of a line");
    assert_problem("{ \"a\": \"\\q\" }", "test:1:10: JSON knows no such escape");
    assert_problem("{ \"a\": tru }", "test:1:8: \"tru\" is no value");
    assert_problem("{ \"a\": 1 } x", "test:1:12: 'x' stands where the file should end");
    assert_problem("/* {", "test:1:1: the comment does not end");
    assert_problem("{ a: 1 }", "test:1:3: 'a' stands where a key in double quotes");
    assert_problem("[]", "test:1:1: the file is not an object");
    assert_problem("{ \"Dhcp6\": 1, \"Dhcp4\": 2 }", "there is no \"Dhcp4\"");
}

static void nesting_has_a_limit(void **state)
{
    char text[2 * IMPORT_DEPTH_MAX];

    (void)state;
    memset(text, '[', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_problem(text, "nested more than 64 deep");
}

/* A text from a pipe or a test must not make files be read. */
static void nothing_is_included_unless_it_may_be(void **state)
{
    (void)state;
    assert_problem("<?include \"/etc/passwd\"?>", "test:1:1: no file may be included here");
    assert_problem("<?include?>", "test:1:1: write <?include");
}

static void values_have_the_place_of_their_key(void **state)
{
    struct import run;
    static const char text[] = "// x\n{ \"a\": 1, # y\n  \"b\" : /* z */ \"\\u00e4\\n\" }";

    (void)state;
    import_init(&run, "kea", "test");
    const struct jvalue *root = json_scan(&run, text, strlen(text));
    assert_non_null(root);
    const struct jvalue *b = json_get(root, "b");
    assert_int_equal(b->place.line, 3);
    assert_int_equal(b->place.column, 3);
    assert_string_equal(b->text, "\xc3\xa4\n");
    assert_false(root->first->used);
    assert_true(b->used);
    import_deinit(&run);
}

#define SUBNET(rest) "{\"Dhcp4\": {\"subnet4\": [{\"subnet\": \"10.0.0.0/24\", " rest "}]}}"

static void an_unknown_key_is_a_comment_at_its_place(void **state)
{
    (void)state;
    help_assert_has("kea", SUBNET("\n\"frobnicate\": true"),
                    "    # kea line 2: frobnicate: has no counterpart");
    help_assert_has("kea", SUBNET("\"frobnicate\": true"), "1 thing has no exact counterpart");
    help_assert_has("kea", SUBNET("\"id\": 1"), "everything has a counterpart");
}

/* Text of the file must not end a comment and go on as a key. */
static void a_comment_stays_a_comment(void **state)
{
    (void)state;
    help_assert_has("kea", SUBNET("\"x\\nserver\": 1"), "# kea line 1: x server: has no");
    help_assert_has("kea", SUBNET("\"comment\": \"a\\u0085b\\nc\""), "# a??b c\n");
}

/* In Kea a lifetime without bounds is what every client gets. */
static void a_lifetime_without_bounds_is_fixed(void **state)
{
    (void)state;
    help_assert_has("kea", SUBNET("\"valid-lifetime\": 90"),
                    "lease-time: {default: 1m30s, min: 1m30s, max: 1m30s}");
    help_assert_has("kea", SUBNET("\"max-valid-lifetime\": 90"),
                    "lease-time: {default: 1m30s, min: 1m30s, max: 1m30s}");
    help_assert_has("kea", SUBNET("\"valid-lifetime\": 4294967295, \"min-valid-lifetime\": 60"),
                    "lease-time: {default: infinite, min: 1m, max: infinite}");
}

static void timers_are_percents_only_when_kea_computes_them(void **state)
{
    (void)state;
    help_assert_has("kea", SUBNET("\"calculate-tee-times\": true, \"t1-percent\": 0.45"),
                    "renew-time: 45%");
    help_assert_has("kea", SUBNET("\"renew-timer\": 60, \"t1-percent\": 0.45"),
                    "renew-time: 1m");
    char *out = help_import("kea", SUBNET("\"t1-percent\": 0.45"));
    assert_null(strstr(out, "renew-time"));
    free(out);
}

static void unset_boot_fields_are_left_out(void **state)
{
    char *out =
        help_import("kea", SUBNET("\"next-server\": \"0.0.0.0\", \"boot-file-name\": \"\""));

    (void)state;
    assert_null(strstr(out, "next-server"));
    assert_null(strstr(out, "boot-file-name"));
    free(out);
}

/* A name that YAML would read as something else, or that would end the line. */
static void texts_are_quoted_where_yaml_needs_it(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {{"yes", "\"yes\""},         {"10.0.0.1", "10.0.0.1"},     {"12", "\"12\""},
                 {"a: b", "\"a: b\""},       {"a #b", "\"a #b\""},         {"-x", "\"-x\""},
                 {"plain-x.y", "plain-x.y"}, {"\\\"\\\\", "\"\\\"\\\\\""}, {"{x}", "\"{x}\""},
                 {"\\u00e4", "\"\xc3\xa4\""}};
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char expected[128];
        snprintf(text, sizeof(text), SUBNET("\"boot-file-name\": \"%s\""), cases[i].in);
        snprintf(expected, sizeof(expected), "boot-file-name: %s", cases[i].out);
        help_assert_has("kea", text, expected);
    }
}

#define OPTION(rest) SUBNET("\"option-data\": [{" rest "}]")

static void bytes_are_read_in_every_spelling_of_kea(void **state)
{
    (void)state;
    help_assert_has("kea", OPTION("\"code\": 224, \"data\": \"abc\""), "option-224: \"0a:bc\"");
    help_assert_has("kea", OPTION("\"code\": 224, \"data\": \"0x0A0B\""),
                    "option-224: \"0a:0b\"");
    help_assert_has("kea", OPTION("\"code\": 224, \"data\": \"'hi'\""),
                    "option-224: \"68:69\"");
    help_assert_has("kea", OPTION("\"code\": 6, \"csv-format\": false, \"data\": \"0a000035\""),
                    "option-6: \"0a:00:00:35\"");
    help_assert_has("kea", OPTION("\"code\": 224, \"data\": \"xyz\""), "is not in hexadecimal");
}

/* A record of Kea's registry that ours has as bytes. */
static void records_of_keas_registry_become_bytes(void **state)
{
    (void)state;
    help_assert_has("kea", OPTION("\"name\": \"slp-service-scope\", \"data\": \"true, x\""),
                    "\"01:78\"");
    help_assert_has("kea", OPTION("\"name\": \"client-ndi\", \"data\": \"1, 2, 3\""),
                    "\"01:02:03\"");
}

static void a_pool_loses_what_no_client_may_have(void **state)
{
    (void)state;
    help_assert_has("kea", SUBNET("\"pools\": [{\"pool\": \"10.0.0.0/24\"}]"),
                    "range: 10.0.0.1-10.0.0.254");
    help_assert_has("kea", SUBNET("\"pools\": [{\"pool\": \"10.0.0.9\"}]"),
                    "\"10.0.0.9\" is no range of addresses");
}

static void a_backup_server_has_no_counterpart(void **state)
{
    (void)state;
    help_assert_has("kea",
                    "{\"Dhcp4\": {\"hooks-libraries\": [{\"library\": \"libdhcp_ha.so\", "
                    "\"parameters\": {\"high-availability\": [{\"mode\": \"passive-backup\", "
                    "\"peers\": []}]}}]}}",
                    "there is no \"passive-backup\": hot-standby is nearest");
}

/* Two subnets of one interface, which Kea tells apart by their classes. */
static void subnets_of_one_link_become_a_shared_network(void **state)
{
    static const char text[] =
        "{\"Dhcp4\": {\"subnet4\": [{\"subnet\": \"10.0.0.0/24\", \"interface\": \"eth0\"}, "
        "{\"subnet\": \"10.0.1.0/24\", \"interface\": \"eth1\"}, "
        "{\"subnet\": \"10.0.2.0/24\", \"interface\": \"eth0\"}]}}";

    (void)state;
    help_assert_has(
        "kea", text,
        "    name: link-eth0\n    interface: eth0\n"
        "    subnets:\n      - {subnet: 10.0.0.0/24}\n      - {subnet: 10.0.2.0/24}\n");
    help_assert_has("kea", text, "- {subnet: 10.0.1.0/24, interface: eth1}");
}

/* Kea knows of a reservation's classes only when the subnet is chosen. */
static void a_reserved_class_that_opens_a_subnet_is_told(void **state)
{
    (void)state;
    help_assert_has(
        "kea",
        "{\"Dhcp4\": {\"subnet4\": ["
        "{\"subnet\": \"10.1.0.0/16\", \"client-class\": \"a\"},"
        "{\"subnet\": \"10.2.0.0/16\", \"reservations\": ["
        "{\"hw-address\": \"01:02:03:04:05:06\", \"client-classes\": [\"a\", \"b\"]}]}]}}",
        "client-classes: a: lets the client into the subnets for that class;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_file_line_and_column),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(nothing_is_included_unless_it_may_be),
        cmocka_unit_test(values_have_the_place_of_their_key),
        cmocka_unit_test(an_unknown_key_is_a_comment_at_its_place),
        cmocka_unit_test(a_comment_stays_a_comment),
        cmocka_unit_test(a_lifetime_without_bounds_is_fixed),
        cmocka_unit_test(timers_are_percents_only_when_kea_computes_them),
        cmocka_unit_test(unset_boot_fields_are_left_out),
        cmocka_unit_test(texts_are_quoted_where_yaml_needs_it),
        cmocka_unit_test(bytes_are_read_in_every_spelling_of_kea),
        cmocka_unit_test(records_of_keas_registry_become_bytes),
        cmocka_unit_test(a_pool_loses_what_no_client_may_have),
        cmocka_unit_test(a_backup_server_has_no_counterpart),
        cmocka_unit_test(subnets_of_one_link_become_a_shared_network),
        cmocka_unit_test(a_reserved_class_that_opens_a_subnet_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
