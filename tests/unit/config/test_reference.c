/* The schema table against what is made of it: README, JSON Schema, and its own examples. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/option_reference.h"
#include "config/schema.h"

#define README "config/README.md"

static char *printed(void (*print)(FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    print(out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *read_file(const char *path)
{
    char *text = calloc(1, 1024 * 1024);
    FILE *file = fopen(path, "r");

    assert_non_null(text);
    assert_non_null(file);
    assert_true(fread(text, 1, 1024 * 1024 - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* What stands between the two marks; TWINDHCP_WRITE_REFERENCE=1 writes it instead. */
static void compare_with_readme(void (*print)(FILE *), const char *first, const char *last)
{
    char *expected = printed(print), *readme = read_file(README);
    char *begin = strstr(readme, first), *end = strstr(readme, last);

    assert_non_null(begin);
    assert_non_null(end);
    begin += strlen(first);
    if (getenv("TWINDHCP_WRITE_REFERENCE") != NULL) {
        FILE *file = fopen(README, "w");

        assert_non_null(file);
        fprintf(file, "%.*s%s%s", (int)(begin - readme), readme, expected, end);
        assert_int_equal(fclose(file), 0);
    } else {
        *end = '\0';
        assert_string_equal(begin, expected);
    }
    free(expected);
    free(readme);
}

static void the_readme_has_the_reference_of_the_table(void **state)
{
    (void)state;
    compare_with_readme(schema_print_reference, "<!-- reference: begin -->\n",
                        "<!-- reference: end -->");
}

static void the_readme_has_the_options_of_the_registry(void **state)
{
    (void)state;
    compare_with_readme(option_print_reference, "<!-- options: begin -->\n",
                        "<!-- options: end -->");
}

/* One file of a single option. */
static void assert_loads(const char *name, const char *value)
{
    char text[512];

    (void)snprintf(text, sizeof(text), SERVER SUBNETS "options: {%s: %s}\n", name, value);
    config_free(load_right(text, NULL));
}

static void every_example_of_an_option_is_right(void **state)
{
    const struct option_definition *option;

    (void)state;
    for (size_t i = 0; (option = option_at(i)) != NULL; i++) {
        if (option->setter == OPTION_BY_OPERATOR)
            assert_loads(option->name, option_example(option));
    }
    for (size_t i = 0; i < option_space_pxe.count; i++) {
        char value[256];

        option = &option_space_pxe.definitions[i];
        (void)snprintf(value, sizeof(value), "{pxe.%s: %s}", option->name,
                       option_example(option));
        assert_loads("vendor-encapsulated-options", value);
    }
    for (size_t i = 0; i < option_space_ipxe.count; i++) {
        char value[256];

        option = &option_space_ipxe.definitions[i];
        (void)snprintf(value, sizeof(value), "{%s: %s}", option->name, option_example(option));
        assert_loads("ipxe-encap-opts", value);
    }
}

/* Brackets outside of strings close in the order they open. */
static void assert_balanced(const char *json)
{
    char open[64];
    size_t depth = 0;
    bool in_string = false;

    for (; *json != '\0'; json++) {
        if (in_string) {
            if (*json == '\\')
                json++;
            else if (*json == '"')
                in_string = false;
        } else if (*json == '"') {
            in_string = true;
        } else if (*json == '{' || *json == '[') {
            assert_true(depth < sizeof(open));
            open[depth++] = *json;
        } else if (*json == '}' || *json == ']') {
            assert_true(depth > 0);
            assert_int_equal(open[--depth], *json == '}' ? '{' : '[');
        }
    }
    assert_int_equal(depth, 0);
    assert_false(in_string);
}

static void the_json_schema_has_every_key_and_option(void **state)
{
    char *json = printed(config_print_schema);
    const struct schema_section *section;
    char wanted[128];

    (void)state;
    assert_balanced(json);
    assert_non_null(strstr(json, "\"https://json-schema.org/draft/2020-12/schema\""));
    for (size_t i = 0; (section = schema_section_at(i)) != NULL; i++) {
        for (size_t j = 0; j < section->count; j++) {
            (void)snprintf(wanted, sizeof(wanted), "\"%s\": {", section->keys[j].name);
            assert_non_null(strstr(json, wanted));
        }
    }
    for (size_t i = 0; option_at(i) != NULL; i++) {
        (void)snprintf(wanted, sizeof(wanted), "\"%s\": {\"$ref\"", option_at(i)->name);
        if (option_at(i)->setter == OPTION_BY_OPERATOR)
            assert_non_null(strstr(json, wanted));
    }
    free(json);
}

static void every_key_says_what_it_is(void **state)
{
    const struct schema_section *section;

    (void)state;
    for (size_t i = 0; (section = schema_section_at(i)) != NULL; i++) {
        assert_true(section->count > 0 && section->count <= SCHEMA_KEYS_MAX);
        for (size_t j = 0; j < section->count; j++) {
            const struct schema_key *key = &section->keys[j];

            assert_int_equal(schema_key_place(section, key->name), j);
            assert_int_equal(key->doc[strlen(key->doc) - 1], '.');
            assert_true(strlen(key->example) > 0);
            assert_true(strlen(schema_type_name(key->type)) > 0);
            assert_true((key->type == SCHEMA_WORD || key->type == SCHEMA_CHOICE) ==
                        (key->words != NULL));
            assert_true(key->min <= key->max);
        }
    }
}

#define DATABASE "classes: [{name: database}]\n" /* that some examples name */

/* The example of a key, put where the key belongs, is never what is complained about. */
static void every_example_is_right(void **state)
{
    static const struct {
        const struct schema_section *section;
        const char *before, *after;
    } places[] = {
        {&schema_file, "", "\n"},
        {&schema_pair, "pair: {", "}\n"},
        {&schema_nodes, "pair: {nodes: {", "}}\n"},
        {&schema_node, "pair: {nodes: {primary: {", "}}}\n"},
        {&schema_security, "pair: {security: {", "}}\n"},
        {&schema_server, "server: {", "}\n"},
        {&schema_api, "server: {api: {", "}}\n"},
        {&schema_lease_time, "lease-time: {", "}\n"},
        {&schema_limit, "limits: [{", "}]\n"},
        {&schema_definition, "option-definitions: [{", "}]\n"},
        {&schema_class, "classes: [{", "}]\n"},
        {&schema_subnet, "subnets: [{", "}]\n" DATABASE},
        {&schema_pool,
         "subnets: [{subnet: 10.77.0.0/16, pools: [{range: "
         "10.77.16.0-10.77.255.254, ",
         "}]}]\n" DATABASE},
        {&schema_reservation, "subnets: [{subnet: 10.77.0.0/16, reservations: [{",
         "}]}]\n" DATABASE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        for (size_t j = 0; j < places[i].section->count; j++) {
            const struct schema_key *key = &places[i].section->keys[j];
            struct config_problems problems;
            char text[1024];

            if (strcmp(key->name, "range") == 0)
                continue; /* stands before every other key of a pool */
            if (strcmp(key->name, "include") == 0)
                continue; /* names what is not there */
            (void)snprintf(text, sizeof(text), "%s%s: %s%s", places[i].before, key->name,
                           key->example, places[i].after);
            config_free(config_load_text("f", text, strlen(text), "dhcp-a", &problems));
            for (size_t k = 0; k < problems.count; k++)
                if (!problems.items[k].warning &&
                    strstr(problems.items[k].text, " has no '") == NULL &&
                    strstr(problems.items[k].text, " neither '") == NULL &&
                    strstr(problems.items[k].text, " names no client") == NULL)
                    fail_msg("%s: %s", text, problems.items[k].text);
            config_problems_free(&problems);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_readme_has_the_reference_of_the_table),
        cmocka_unit_test(the_readme_has_the_options_of_the_registry),
        cmocka_unit_test(every_example_of_an_option_is_right),
        cmocka_unit_test(the_json_schema_has_every_key_and_option),
        cmocka_unit_test(every_key_says_what_it_is),
        cmocka_unit_test(every_example_is_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
