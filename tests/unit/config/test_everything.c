/* The configuration that has one of everything does have it, and loads. */
#include "config/load.h"
#include "config/schema.h"
#include "tests/everything.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What packets do not come by. */
static bool is_of_machine(const struct schema_section *section)
{
    return section == &schema_pair || section == &schema_nodes || section == &schema_node ||
           section == &schema_security || section == &schema_server || section == &schema_api;
}

static bool is_left_out(const struct schema_key *key)
{
    return strcmp(key->name, "pair") == 0 || strcmp(key->name, "server") == 0 ||
           strcmp(key->name, "include") == 0;
}

/* `key:`, and not as the end of another's name. */
static bool is_written(const char *key)
{
    static const char text[] = "\n" EVERYTHING;
    const size_t size = strlen(key);

    for (const char *at = text + 1; (at = strstr(at, key)) != NULL; at++) {
        if (at[size] == ':' && strchr(" {\n", at[-1]) != NULL)
            return true;
    }
    return false;
}

static void every_key_is_in_it(void **state)
{
    const struct schema_section *section;

    (void)state;
    for (size_t i = 0; (section = schema_section_at(i)) != NULL; i++) {
        for (size_t k = 0; k < section->count && !is_of_machine(section); k++) {
            if (!is_left_out(&section->keys[k]) && !is_written(section->keys[k].name))
                fail_msg("tests/everything.h has no `%s` (%s)", section->keys[k].name,
                         section->name);
        }
    }
}

static void it_loads(void **state)
{
    static const char text[] = "server: {interfaces: [eth0]}\n" EVERYTHING;
    struct config_problems problems = {NULL, 0};
    struct config *config =
        config_load_text("everything", text, sizeof(text) - 1, NULL, &problems);

    (void)state;
    if (config == NULL)
        config_problems_print(&problems, "everything", stderr);
    assert_non_null(config);
    config_problems_free(&problems);
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_in_it),
        cmocka_unit_test(it_loads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
