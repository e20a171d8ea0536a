/* What `include:` names becomes one configuration, and every message names the file it is
 * about. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(directory, sizeof(directory), "/tmp/twindhcp-include-XXXXXX");
    assert_non_null(mkdtemp(directory));
    assert_int_equal(chdir(directory), 0);
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    assert_int_equal(chdir("/"), 0);
    (void)snprintf(command, sizeof(command), "rm -r %s", directory);
    assert_int_equal(system(command), 0);
    return 0;
}

static void put(const char *name, const char *text)
{
    FILE *out = fopen(name, "w");

    assert_non_null(out);
    assert_int_equal(fputs(text, out) >= 0, 1);
    assert_int_equal(fclose(out), 0);
}

#define FILE_WITH(include) "include: " include "\n" SERVER SUBNETS

static struct config *load(const char *path)
{
    struct config_problems problems;
    struct config *config = config_load(path, NULL, &problems);

    config_problems_print(&problems, path, stderr);
    config_problems_free(&problems);
    assert_non_null(config);
    return config;
}

static void expect(const char *path, const char *expected)
{
    struct config_problems problems;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_null(config_load(path, NULL, &problems));
    config_problems_print(&problems, path, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
    config_problems_free(&problems);
}

/* Lists go on where the file ends: a class of an included file comes after the file's own. */
static void lists_of_all_files_become_one(void **state)
{
    (void)state;
    put("main.yaml",
        "classes: [{name: a, match: {client-system: 0}}]\n" FILE_WITH("more.yaml"));
    put("more.yaml", "classes: [{name: b, match: {client-system: 1}}]\n"
                     "subnets: [{subnet: 10.0.1.0/24}]\n"
                     "reservations: [{client-id: '01', address: 10.0.0.5}, {client-id: '01', "
                     "address: 10.0.1.5}]\n");

    struct config *config = load("main.yaml");

    assert_int_equal(config->class_count, 2);
    assert_string_equal(config->classes[1].name, "b");
    assert_int_equal(config->subnet_count, 2);
    assert_int_equal(config->reservation_count, 2);
    assert_string_equal(config_reservation_at(config, address("10.0.1.5"))->file, "more.yaml");
    config_free(config);
}

static void a_directory_stands_for_its_yaml_files_by_name(void **state)
{
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    put("main.yaml", FILE_WITH("d"));
    put("d/2.yaml", "classes: [{name: two, match: {client-system: 0}}]\n");
    put("d/1.yaml", "classes: [{name: one, match: {client-system: 0}}]\n");
    put("d/3.yaml.bak", "nonsense");
    put("d/.4.yaml", "nonsense");

    struct config *config = load("main.yaml");

    assert_int_equal(config->class_count, 2);
    assert_string_equal(config->classes[0].name, "one");
    assert_string_equal(config->classes[1].name, "two");
    config_free(config);
}

static void a_name_is_relative_to_the_file_that_names_it(void **state)
{
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    put("main.yaml", FILE_WITH("d/1.yaml"));
    put("d/1.yaml", "include: 2.yaml\n");
    put("d/2.yaml", "reservations: [{client-id: '01', address: 10.0.0.5}]\n");

    struct config *config = load("main.yaml");

    assert_int_equal(config->reservation_count, 1);
    config_free(config);
}

/* The digest is of what is said, not of the files in which it stands. */
static void the_digest_does_not_know_files(void **state)
{
    struct config *one, *two;

    (void)state;
    put("one.yaml", SERVER SUBNETS "reservations: [{client-id: '01', address: 10.0.0.5}]\n");
    put("two.yaml", FILE_WITH("more.yaml"));
    put("more.yaml", "reservations: [{client-id: '01', address: 10.0.0.5}]\n");
    one = load("one.yaml");
    two = load("two.yaml");
    assert_memory_equal(&one->digests, &two->digests, sizeof(one->digests));
    config_free(one);
    config_free(two);
}

static void a_problem_names_the_included_file(void **state)
{
    (void)state;
    put("main.yaml", FILE_WITH("[1.yaml, 2.yaml, 3.yaml]"));
    put("1.yaml", "reservations:\n- {client-id: '01', address: 10.9.0.5}\n");
    put("2.yaml", "server: {interfaces: eth0}\n");
    put("3.yaml", "reservations: [\n");
    expect(
        "main.yaml",
        "1.yaml:2:30: address: 10.9.0.5 is in no subnet; write one of a subnet of this "
        "configuration\n"
        "2.yaml:1:1: unknown key 'server' in the included file; it belongs in the file\n"
        "3.yaml:2:1: not valid YAML: did not find expected node content (while parsing a flow "
        "node)\n");
}

static void what_is_not_there_is_named(void **state)
{
    (void)state;
    put("main.yaml", FILE_WITH("none.yaml"));
    expect("main.yaml",
           "main.yaml:1:10: include: none.yaml cannot be opened: No such file or directory\n");
}

static void a_file_cannot_include_itself(void **state)
{
    (void)state;
    put("main.yaml", FILE_WITH("1.yaml"));
    put("1.yaml", "include: 2.yaml\n");
    put("2.yaml", "include: [1.yaml, main.yaml]\n");
    expect(
        "main.yaml",
        "2.yaml:1:11: include: 1.yaml includes itself, here or by way of others; remove one "
        "of them\n"
        "2.yaml:1:19: include: main.yaml includes itself, here or by way of others; remove one "
        "of them\n");
}

static void a_file_is_included_once(void **state)
{
    (void)state;
    put("main.yaml", FILE_WITH("[1.yaml, ./1.yaml]"));
    put("1.yaml", "reservations: [{client-id: '01', address: 10.0.0.5}]\n");
    expect("main.yaml",
           "main.yaml:1:19: include: ./1.yaml is included twice; the first is at line 1\n");
}

static void duplicates_of_two_files_name_both(void **state)
{
    (void)state;
    put("main.yaml", FILE_WITH("[1.yaml, 2.yaml]"));
    put("1.yaml", "reservations:\n- {client-id: '01', address: 10.0.0.5}\n"
                  "- {client-id: '02', address: 10.0.0.6}\n");
    put("2.yaml", "reservations:\n- {client-id: '03', address: 10.0.0.5}\n"
                  "- {client-id: '02', address: 10.0.0.7}\n");
    expect(
        "main.yaml",
        "2.yaml:2:30: the reservations at 1.yaml:2 and 2.yaml:2 are for one address, 10.0.0.5; "
        "keep one of them\n"
        "2.yaml:3:30: the reservations at 1.yaml:3 and 2.yaml:3 are for one client, id 02; "
        "keep "
        "one of them\n");
}

/* A name is known in all files, wherever it is defined. */
static void definitions_of_all_files_are_read_first(void **state)
{
    (void)state;
    put("main.yaml", FILE_WITH("[1.yaml, 2.yaml]") "options: {rack-id: 7}\n");
    put("1.yaml", "classes: [{name: a, match: {rack-id: 7}, options: {acme: {phone: 1}}}]\n");
    put("2.yaml", "option-definitions:\n"
                  "- {name: rack-id, code: 230, type: u8}\n"
                  "- {name: acme, code: 231, type: empty, encapsulates: acme}\n"
                  "- {name: phone, code: 1, type: u8, space: acme}\n");

    struct config *config = load("main.yaml");

    assert_int_equal(config->definitions.count, 2);
    assert_int_equal(config_options_find(config->terms.options, 230).size, 1);
    config_free(config);
}

static void a_wrong_definition_names_its_file(void **state)
{
    (void)state;
    put("main.yaml", FILE_WITH("[1.yaml, 2.yaml]"));
    put("1.yaml", "option-definitions:\n- {name: rack-id, code: 230, type: u8}\n");
    put("2.yaml", "option-definitions:\n- {name: rack-id, code: 231, type: u8}\n"
                  "- {name: row-id, code: 230, type: u8}\n"
                  "- {name: hall-id, code: 232, type: u9}\n");
    expect("main.yaml",
           "2.yaml:2:3: option 'rack-id' is defined twice; the first is at 1.yaml:2\n"
           "2.yaml:3:3: code 230 of space dhcp4 is defined twice; the first is 'rack-id' at "
           "1.yaml:2\n"
           "2.yaml:4:36: type: unknown word 'u9'; did you mean 'u8'?\n");
}

static void files_are_limited_in_number(void **state)
{
    char name[32];

    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    put("main.yaml", FILE_WITH("d"));
    for (int i = 0; i < 1001; i++) {
        (void)snprintf(name, sizeof(name), "d/%04d.yaml", i);
        put(name, "reservations: [{client-id: '01'}]\n");
    }
    struct config_problems problems;

    assert_null(config_load("main.yaml", NULL, &problems));
    assert_int_equal(problems.items[0].file, 0);
    assert_string_equal(problems.items[0].text,
                        "include: more than 1000 files; write fewer and larger ones");
    config_problems_free(&problems);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_of_all_files_become_one),
        TEST(a_directory_stands_for_its_yaml_files_by_name),
        TEST(a_name_is_relative_to_the_file_that_names_it),
        TEST(the_digest_does_not_know_files),
        TEST(a_problem_names_the_included_file),
        TEST(what_is_not_there_is_named),
        TEST(a_file_cannot_include_itself),
        TEST(a_file_is_included_once),
        TEST(duplicates_of_two_files_name_both),
        TEST(definitions_of_all_files_are_read_first),
        TEST(a_wrong_definition_names_its_file),
        TEST(files_are_limited_in_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
