#include "tests/unit/config/help_load.h"

#include <stdio.h>
#include <stdlib.h>

static char *printed(const struct config_problems *problems)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    config_problems_print(problems, "f", out);
    assert_int_equal(fclose(out), 0);
    return text;
}

struct config *load_right(const char *text, const char *node)
{
    struct config_problems problems;
    struct config *config = config_load_text("f", text, strlen(text), node, &problems);

    if (config == NULL) {
        config_problems_print(&problems, "f", stderr);
        config_problems_free(&problems);
        fail_msg("the text has problems");
    }
    for (size_t i = 0; i < problems.count; i++)
        assert_true(problems.items[i].warning);
    config_problems_free(&problems);
    return config;
}

void expect_warnings(const char *text, const char *expected)
{
    struct config_problems problems;
    struct config *config = config_load_text("f", text, strlen(text), NULL, &problems);
    char *got = printed(&problems);

    assert_string_equal(got, expected);
    assert_non_null(config);
    free(got);
    config_free(config);
    config_problems_free(&problems);
}

void expect_problems_of(const char *text, size_t size, const char *node, const char *expected)
{
    struct config_problems problems;
    struct config *config = config_load_text("f", text, size, node, &problems);
    char *got = printed(&problems);

    assert_string_equal(got, expected);
    assert_null(config);
    free(got);
    config_problems_free(&problems);
}

void expect_problems(const char *text, const char *node, const char *expected)
{
    expect_problems_of(text, strlen(text), node, expected);
}

struct ip4 address(const char *text)
{
    struct ip4 parsed = ip4(0);

    assert_true(ip4_parse(text, &parsed));
    return parsed;
}

const char *option_text(const struct config_options *set, uint8_t code)
{
    static char text[512];
    const struct span value = config_options_find(set, code);
    const struct option_definition *known = option_find_code(code);

    assert_non_null(value.data);
    assert_true(
        option_format(known != NULL ? known : &option_unnamed, value, text, sizeof(text)));
    return text;
}
