/* tests/unit/ctl/test_arguments.c - the command line of twinctl */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl/arguments.h"

/* Parse a command line of words with single spaces between.  `call` points into static memory.
 */
static bool parse(const char *line, const char *environment, struct ctl_call *call,
                  char error[static 512])
{
    static char text[512];
    static char *words[32];
    int count = 0;

    snprintf(text, sizeof(text), "twinctl %s", line);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        words[count++] = word;
    words[count] = NULL;
    error[0] = '\0';
    return ctl_arguments_parse(count, words, environment, call, error, 512);
}

static struct ctl_call good(const char *line)
{
    struct ctl_call call;
    char error[512];

    if (!parse(line, NULL, &call, error))
        fail_msg("%s: %s", line, error);
    return call;
}

static void bad(const char *line, const char *expected)
{
    struct ctl_call call;
    char error[512];

    if (parse(line, NULL, &call, error))
        fail_msg("%s is taken", line);
    if (strstr(error, expected) == NULL)
        fail_msg("%s: no \"%s\" in \"%s\"", line, expected, error);
}

static void options_stand_before_or_behind_the_command(void **state)
{
    struct ctl_call call = good("--json leases --subnet 10.0.0.0/8 --state=FREE");

    (void)state;
    assert_ptr_equal(call.command, ctl_leases);
    assert_true(call.options.json);
    assert_string_equal(call.options.subnet, "10.0.0.0/8");
    assert_string_equal(call.options.state, "FREE");
    call = good("partner-down --yes --force --socket /tmp/x --json");
    assert_ptr_equal(call.command, ctl_partner_down);
    assert_true(call.options.yes && call.options.force && call.options.json);
    assert_string_equal(call.options.socket, "/tmp/x");
}

static void the_socket_is_the_option_the_environment_or_the_default(void **state)
{
    struct ctl_call call;
    char error[512];

    (void)state;
    assert_true(parse("status --socket /a", "/b", &call, error));
    assert_string_equal(call.options.socket, "/a");
    assert_true(parse("status", "/b", &call, error));
    assert_string_equal(call.options.socket, "/b");
    assert_true(parse("status", "", &call, error));
    assert_string_equal(call.options.socket, CTL_SOCKET_DEFAULT);
}

static void a_state_to_wait_for_is_known_and_in_any_case(void **state)
{
    struct ctl_call call = good("status --wait partner-down --timeout 5m");

    (void)state;
    assert_string_equal(call.options.wait, "PARTNER-DOWN");
    assert_int_equal(call.options.timeout_s, 300);
    assert_int_equal(good("status --wait-equal").options.timeout_s, 30);
    bad("status --wait NORMA", "COMMUNICATIONS-INTERRUPTED");
    bad("status --wait NORMAL,", "there is no state");
    bad("status --wait NORMAL --timeout soon", "30s");
    bad("status --timeout 30s", "--wait");
}

static void help_is_a_command_and_an_option(void **state)
{
    (void)state;
    assert_true(good("help").help);
    assert_true(good("--help").help);
    assert_true(good("status --help").help);
    assert_true(good("--version").version);
    assert_false(good("status").help);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    bad("", "which command");
    bad("--json", "which command");
    bad("statis", "\"statis\"");
    bad("status now", "\"now\"");
    bad("--bar status", "--bar");
    bad("-x status", "-x");
    bad("pools --force", "--force is no option of pools");
    bad("leases --subnet", "--subnet needs a value");
    bad("partner-down --yes=1", "--yes takes no value");
}

/* A shortened option is refused when it could be several. */
static void an_ambiguous_option_is_refused(void **state)
{
    (void)state;
    bad("leases --s 10.0.0.0/8", "--s");
}

/* Some commands are several words, and some take a file. */
static void an_import_names_its_origin_and_its_file(void **state)
{
    struct ctl_call call = good("import kea x.json --output y.yaml --names a,b");

    (void)state;
    assert_ptr_equal(call.command, ctl_import_kea);
    assert_string_equal(call.options.file, "x.json");
    assert_string_equal(call.options.output, "y.yaml");
    assert_string_equal(call.options.import.names, "a,b");
    assert_ptr_equal(good("import isc x").command, ctl_import_isc);
    assert_ptr_equal(good("leases import isc x --dry-run").command, ctl_leases_import_isc);
    assert_ptr_equal(good("leases").command, ctl_leases);
    bad("import", "\"import kea\" or \"import isc\"");
    bad("import kea", "import kea needs a FILE");
    bad("import kea x y", "\"y\" is one argument too many");
    bad("leases import", "\"import\" is one argument too many for leases");
    bad("import kea x --dry-run", "--dry-run is no option of import kea");
}

static void each_node_may_be_given_its_link(void **state)
{
    struct ctl_call call = good("import isc x --node-link a=10.0.0.1 --node-link b=10.0.0.2:7");

    (void)state;
    assert_int_equal(call.options.import.node_link_count, 2);
    assert_string_equal(call.options.import.node_links[1], "b=10.0.0.2:7");
    bad("import isc x --node-link 10.0.0.1", "NAME=ADDRESS");
    bad("import isc x --node-link a=1 --node-link a=1 --node-link a=1 --node-link a=1 "
        "--node-link a=1",
        "once for each node");
}

static void a_reservation_is_listed_or_changed(void **state)
{
    struct ctl_call call = good("reservations --source runtime");

    (void)state;
    assert_ptr_equal(call.command, ctl_reservations);
    assert_null(call.options.words[0]);
    assert_string_equal(call.options.source, "runtime");
    call = good("reservations add {client-id:01} --json");
    assert_string_equal(call.options.words[0], "add");
    assert_string_equal(call.options.words[1], "{client-id:01}");
    assert_string_equal(good("reservations list").options.words[0], "list");
    bad("reservations drop x", "list, add, edit or remove");
    bad("reservations add", "as one argument");
    bad("reservations remove a b", "as one argument");
    bad("reservations list x", "no further argument");
    bad("reservations add x --client y", "options are for the list");
    bad("reservations --state FREE", "--state is no option of reservations");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_before_or_behind_the_command),
        cmocka_unit_test(the_socket_is_the_option_the_environment_or_the_default),
        cmocka_unit_test(a_state_to_wait_for_is_known_and_in_any_case),
        cmocka_unit_test(help_is_a_command_and_an_option),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_reservation_is_listed_or_changed),
        cmocka_unit_test(an_ambiguous_option_is_refused),
        cmocka_unit_test(an_import_names_its_origin_and_its_file),
        cmocka_unit_test(each_node_may_be_given_its_link),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
