/* dhcpd.conf: the parser's errors, expressions, and what single statements become. */
#include "tests/unit/ctl/import/help_import.h"

#include <stdlib.h>
#include <string.h>

static void an_error_names_file_line_and_column(void **state)
{
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"", "there is no statement in the file"},
        {"subnet 10.0.0.0 netmask 255.0.0.0 {\n", "test:1:35: the { is not closed"},
        {"authoritative;\n}", "test:2:1: there is no { for this }"},
        {"option domain-name \"x", "test:1:20: the text does not end"},
        {"a b\n", "test:1:1: the statement does not end"},
        {"group { a b }", "test:1:13: a ; is missing before the }"},
        {"= 1;", "test:1:1: '=' stands where a statement should begin"},
        {"include \"/etc/passwd\";", "test:1:1: no file may be included here"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        help_assert_has("isc", cases[i].text, cases[i].problem);
}

static void nesting_has_a_limit(void **state)
{
    char text[IMPORT_DEPTH_MAX * 4 + 8];
    size_t used = 0;

    (void)state;
    for (int i = 0; i <= IMPORT_DEPTH_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "a {");
    help_assert_has("isc", text, "nested more than 64 deep");
}

static void conditions_are_said_in_keas_language(void **state)
{
    static const struct {
        const char *isc, *kea; /* NULL: cannot be said */
    } cases[] = {
        {"substring(option vendor-class-identifier, 0, 3) = \"PXE\"",
         "substring(option[60].hex,0,3) == 'PXE'"},
        {"option agent.circuit-id = 01:02", "relay4[1].hex == 0x0102"},
        {"option dhcp-client-identifier = \"it's\"", "option[61].hex == 0x69742773"},
        {"not exists user-class", "not (option[77].exists)"},
        {"known or (exists agent.remote-id and known)",
         "(member('KNOWN')) or ((relay4[2].exists and member('KNOWN')))"},
        {"hardware = 1:8:0:2b:4c:39:ad", "pkt4.mac == 0x08002b4c39ad"},
        {"substring(hardware, 1, 3) = 00:16:3e", "substring(pkt4.mac,0,3) == 0x00163e"},
        {"substring(hardware, 0, 4) = 1:0:16:3e", "substring(pkt4.mac,0,3) == 0x00163e"},
        {"suffix(option host-name, 2) != \"-x\"", "substring(option[12].hex,-2,all) != '-x'"},
        {"lcase(option host-name) = \"db\"", "lcase(option[12].hex) == 'db'"},
        {"concat(option host-name, \"-\") = \"a-\"", "concat(option[12].hex,'-') == 'a-'"},
        {"option host-name ~= \"^db\"", NULL},
        {"binary-to-ascii(16, 8, \":\", hardware) = \"1:2\"", NULL},
        {"option no-such-option = 1", NULL},
        {"substring(hardware, 0, 1) = 1", NULL},
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char expected[256];
        snprintf(text, sizeof(text), "class \"c\" { match if %s; }", cases[i].isc);
        snprintf(expected, sizeof(expected), "expression: \"%s\"",
                 cases[i].kea == NULL ? "" : cases[i].kea);
        help_assert_has("isc", text,
                        cases[i].kea == NULL ? "cannot be said as an expression" : expected);
    }
}

static void a_deep_expression_is_given_up(void **state)
{
    char text[1024] = "class \"c\" { match if ";
    size_t used = strlen(text);

    (void)state;
    for (int i = 0; i < 100; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "not ");
    snprintf(text + used, sizeof(text) - used, "known; }");
    help_assert_has("isc", text, "cannot be said as an expression");
}

/* What a subnet says under a condition is said to its clients only. */
static void a_condition_in_a_subnet_is_a_class_that_it_adds(void **state)
{
    static const char text[] = "subnet 10.0.0.0 netmask 255.255.255.0 {\n"
                               "  if known { filename \"a\"; } else { filename \"b\"; }\n}";

    (void)state;
    help_assert_has("isc", text, "add-classes: [if-line-2, else-line-2]");
    help_assert_has("isc", text,
                    "  - name: else-line-2\n    expression: \"not (member('KNOWN'))\"\n"
                    "    boot-file-name: b\n    additional: true\n");
}

static void the_first_value_that_is_there_may_be_either(void **state)
{
    (void)state;
    help_assert_has("isc",
                    "class \"c\" { match pick-first-value(option dhcp-client-identifier, "
                    "hardware); }\nsubclass \"c\" 1:2:3:4:5:6:7;",
                    "(option[61].hex == 0x01020304050607 or pkt4.mac == 0x020304050607)");
}

static void an_undeclared_class_is_told(void **state)
{
    (void)state;
    help_assert_has("isc", "subclass \"x\" 01;", "its class is not declared");
}

static void split_is_a_percent_of_the_addresses(void **state)
{
    static const struct {
        const char *split, *yaml;
    } cases[] = {{"split 64", "split: 25"},
                 {"split 255", "mode: hot-standby"},
                 {"split 128", "mode: load-balancing"},
                 {"hba ff", "nothing to set"}};
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        snprintf(
            text, sizeof(text),
            "failover peer \"p\" { primary; address 10.0.0.1; peer address 10.0.0.2; %s; }",
            cases[i].split);
        help_assert_has("isc", text, cases[i].yaml);
    }
}

/* dhcpd pings before it offers, unless it is told not to. */
static void probing_is_as_dhcpd_does_it(void **state)
{
    (void)state;
    help_assert_has("isc", "authoritative;", "probe: {icmp: true}");
    help_assert_has("isc", "ping-check off;", "probe: none");
    help_assert_has("isc", "ping-check true; ping-timeout 2;", "probe: {icmp: true, wait: 2s}");
}

static void settings_of_a_group_hold_for_what_is_inside(void **state)
{
    static const char text[] =
        "group { host a { hardware ethernet 0:1:2:3:4:5; filename \"own\"; }\n"
        "  filename \"all\"; authoritative; max-lease-time 60;\n"
        "  host b { hardware ethernet 0:1:2:3:4:6; } }";

    (void)state;
    help_assert_has("isc", text, "boot-file-name: own");
    help_assert_has("isc", text, "boot-file-name: all");
    char *out = help_import("isc", text);
    assert_null(strstr(out, "authoritative: true"));
    free(out);
}

static void dhcpd_is_not_authoritative_by_itself(void **state)
{
    (void)state;
    help_assert_has("isc", "max-lease-time 60;", "authoritative: false");
    help_assert_has("isc", "authoritative;", "authoritative: true");
    help_assert_has("isc", "group { authoritative; subnet 10.7.0.0 netmask 255.255.0.0 { } }",
                    "authoritative: true");
}

static void values_of_a_record_have_no_commas_between(void **state)
{
    (void)state;
    help_assert_has("isc",
                    "option rack code 230 = { ip-address, unsigned integer 8, text };\n"
                    "option rack 10.0.0.1 7 \"left\";",
                    "rack: [10.0.0.1, 7, left]");
    help_assert_has("isc", "option static-routes 10.1.0.0 10.0.0.1, 10.2.0.0 10.0.0.2;",
                    "[\"10.1.0.0 10.0.0.1\", \"10.2.0.0 10.0.0.2\"]");
    help_assert_has("isc", "option domain-name option host-name;", "is computed");
}

/* `pxe` has a discovery-control by this code already. */
static void a_space_whose_name_is_taken_gets_another(void **state)
{
    (void)state;
    help_assert_has("isc",
                    "option space pxe; option pxe.discovery code 6 = unsigned integer 8;\n"
                    "vendor-option-space pxe; option pxe.discovery 3;",
                    "vendor-encapsulated-options: {own-pxe.discovery: 3}");
}

static void a_class_is_not_limited(void **state)
{
    (void)state;
    help_assert_has("isc", "class \"c\" { match if known; lease limit 4; }",
                    "of class c: class limits have no counterpart");
}

static void a_text_identifier_with_other_bytes_is_hexadecimal(void **state)
{
    (void)state;
    help_assert_has("isc", "host a { option dhcp-client-identifier \"\\000abc\"; }",
                    "client-id: \"00:61:62:63\"");
    help_assert_has("isc", "host a { dhcp-client-identifier 1:2:a; }",
                    "client-id: \"01:02:0a\"");
    help_assert_has("isc", "host a { hardware token-ring 1:2:3:4:5:6; }",
                    "hw-address: \"6/01:02:03:04:05:06\"");
}

static void every_statement_leaves_a_trace(void **state)
{
    static const char *const statements[] = {
        "frobnicate 7;",
        "omapi-port 7911;",
        "on expiry { set x = 1; }",
        "option nonsense 1;",
        "allow booting-aliens;",
        "subnet 10.0.0.0 netmask 255.0.255.0 { }",
        "range 10.0.0.1;",
        "zone x. { primary y; }",
        "switch (option arch) { case 1: break; }",
        "option x code 230 = frob;",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
        help_assert_has("isc", statements[i], "# isc line 1: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_file_line_and_column),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(conditions_are_said_in_keas_language),
        cmocka_unit_test(a_deep_expression_is_given_up),
        cmocka_unit_test(a_condition_in_a_subnet_is_a_class_that_it_adds),
        cmocka_unit_test(the_first_value_that_is_there_may_be_either),
        cmocka_unit_test(an_undeclared_class_is_told),
        cmocka_unit_test(split_is_a_percent_of_the_addresses),
        cmocka_unit_test(probing_is_as_dhcpd_does_it),
        cmocka_unit_test(settings_of_a_group_hold_for_what_is_inside),
        cmocka_unit_test(dhcpd_is_not_authoritative_by_itself),
        cmocka_unit_test(values_of_a_record_have_no_commas_between),
        cmocka_unit_test(a_space_whose_name_is_taken_gets_another),
        cmocka_unit_test(a_class_is_not_limited),
        cmocka_unit_test(a_text_identifier_with_other_bytes_is_hexadecimal),
        cmocka_unit_test(every_statement_leaves_a_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
