/* What is no single YAML document that we can use: one problem, with its place. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void an_empty_file_says_what_is_needed(void **state)
{
    static const char expected[] =
        "f: the file is empty; it needs at least 'server' and 'subnets'\n";

    (void)state;
    expect_problems("", NULL, expected);
    expect_problems("# only a comment\n", NULL, expected);
    expect_problems("---\n", NULL, expected);
}

static void a_syntax_error_names_its_place_and_where_the_part_begins(void **state)
{
    (void)state;
    expect_problems("server:\n  interfaces: [eth0\nsubnets: []\n", NULL,
                    "f:3:8: not valid YAML: did not find expected ',' or ']' (while parsing a "
                    "flow sequence that begins at line 2)\n");
    expect_problems("a: 'x\n", NULL,
                    "f:2:1: not valid YAML: found unexpected end of stream (while scanning a "
                    "quoted scalar that begins at line 1)\n");
    expect_problems("a:\n\tb: c\n", NULL,
                    "f:2:1: not valid YAML: found character that cannot start any token (while "
                    "scanning for the next token)\n");
}

static void bytes_that_are_no_text_are_named_by_place(void **state)
{
    (void)state;
    expect_problems("a: b\nc: \xff\xff\n", NULL,
                    "f:2:4: not text: invalid leading UTF-8 octet; write UTF-8\n");
}

static void a_nul_character_is_refused(void **state)
{
    (void)state;
    expect_problems("server: \"a\\0b\"\n", NULL,
                    "f:1:9: a NUL character in a text; remove it\n");
    expect_problems_of("a: \0b", 5, NULL,
                       "f:1:4: not text: control characters are not allowed; write UTF-8\n");
}

static void a_second_document_is_refused(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS "---\n" SERVER, NULL,
                    "f:3:1: a second document begins here; a file holds one\n");
}

static void an_unknown_tag_is_refused_and_a_yaml_one_is_not(void **state)
{
    (void)state;
    expect_problems("server: !include x.yaml\n", NULL,
                    "f:1:9: tag '!include' means nothing here; remove it\n");
    config_free(load_right("server: {interfaces: [!!str eth0]}\n" SUBNETS, NULL));
}

static void nesting_has_a_limit(void **state)
{
    static char deep[100000];

    (void)state;
    memset(deep, '[', sizeof(deep) - 1);
    expect_problems(deep, NULL,
                    "f:1:33: nested deeper than 32 levels; nothing here needs that\n");
}

static void an_alias_stands_for_what_its_anchor_names(void **state)
{
    struct config *config = load_right(SERVER "options: &o {routers: [10.0.0.1]}\n"
                                              "subnets:\n"
                                              "  - {subnet: 10.0.0.0/24, options: *o}\n",
                                       NULL);

    (void)state;
    assert_string_equal(option_text(config->subnets[0].terms.options, OPTION_ROUTERS),
                        "10.0.0.1");
    config_free(config);
}

static void an_alias_of_nothing_or_of_itself_is_refused(void **state)
{
    (void)state;
    expect_problems("server: *x\n", NULL,
                    "f:1:9: alias '*x' names no anchor that ends before it\n");
    expect_problems("subnets: &x [*x]\n", NULL,
                    "f:1:14: alias '*x' names no anchor that ends before it\n");
}

static void anchors_have_a_limit(void **state)
{
    static char text[64 * 1024];
    size_t used = 0;

    (void)state;
    for (int i = 0; i <= 1000; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "- &a%d x\n", i);
    expect_problems(text, NULL,
                    "f:1001:3: anchor '&a1000' is one too many; a file may have 1000\n");
}

static const char repeats[] = "the aliases of this file repeat too much; write less with them";

/* A "billion laughs": each list repeats the one before it. */
static void aliases_that_multiply_are_cut_off(void **state)
{
    static char text[512 * 1024];
    struct config_problems problems;
    bool said = false;
    size_t used;

    (void)state;
    used = (size_t)snprintf(text, sizeof(text),
                            SERVER "subnets:\n"
                                   "  - &s\n"
                                   "    subnet: 10.0.0.0/24\n"
                                   "    pools: &p\n"
                                   "      - &one {range: 10.0.0.1-10.0.0.9}\n");
    for (int i = 0; i < 2000; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "      - *one\n");
    for (int i = 0; i < 2000; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "  - *s\n");
    assert_null(config_load_text("f", text, used, NULL, &problems));
    assert_true(problems.count > 0 && problems.count <= 1001);
    for (size_t i = 0; i < problems.count; i++)
        said = said || strcmp(problems.items[i].text, repeats) == 0;
    assert_true(said);
    config_problems_free(&problems);
}

static void aliases_that_multiply_without_other_problems_are_cut_off(void **state)
{
    static char text[512 * 1024];
    struct config_problems problems;
    size_t used;

    (void)state;
    used = (size_t)snprintf(text, sizeof(text),
                            SERVER SUBNETS "classes:\n"
                                           "  - name: c\n"
                                           "    match: {host-name: &v [");
    for (int i = 0; i < 2000; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "x,");
    used += (size_t)snprintf(text + used, sizeof(text) - used, "]}\n");
    for (int i = 0; i < 2000; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 "  - {name: c%d, match: {host-name: *v}}\n", i);
    assert_null(config_load_text("f", text, used, NULL, &problems));
    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.items[0].text, repeats);
    config_problems_free(&problems);
}

static void a_file_that_cannot_be_opened_says_why(void **state)
{
    struct config_problems problems;

    (void)state;
    assert_null(config_load("/nonexistent/f.yaml", NULL, &problems));
    assert_int_equal(problems.count, 1);
    assert_int_equal(problems.items[0].line, 0);
    assert_string_equal(problems.items[0].text, "cannot be opened: No such file or directory");
    config_problems_free(&problems);
}

static void a_file_that_cannot_be_read_says_why(void **state)
{
    struct config_problems problems;

    (void)state;
    assert_null(config_load("/", NULL, &problems));
    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.items[0].text, "cannot be read: Is a directory");
    config_problems_free(&problems);
}

static void a_file_above_16_mib_is_refused_unread(void **state)
{
    char path[] = "/tmp/twindhcp-config-XXXXXX";
    struct config_problems problems;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 16 * 1024 * 1024 + 1), 0);
    assert_null(config_load(path, NULL, &problems));
    assert_int_equal(problems.count, 1);
    assert_string_equal(problems.items[0].text, "larger than 16 MiB; no configuration is");
    config_problems_free(&problems);
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_says_what_is_needed),
        cmocka_unit_test(a_syntax_error_names_its_place_and_where_the_part_begins),
        cmocka_unit_test(bytes_that_are_no_text_are_named_by_place),
        cmocka_unit_test(a_nul_character_is_refused),
        cmocka_unit_test(a_second_document_is_refused),
        cmocka_unit_test(an_unknown_tag_is_refused_and_a_yaml_one_is_not),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(an_alias_stands_for_what_its_anchor_names),
        cmocka_unit_test(an_alias_of_nothing_or_of_itself_is_refused),
        cmocka_unit_test(anchors_have_a_limit),
        cmocka_unit_test(aliases_that_multiply_are_cut_off),
        cmocka_unit_test(aliases_that_multiply_without_other_problems_are_cut_off),
        cmocka_unit_test(a_file_that_cannot_be_opened_says_why),
        cmocka_unit_test(a_file_that_cannot_be_read_says_why),
        cmocka_unit_test(a_file_above_16_mib_is_refused_unread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
