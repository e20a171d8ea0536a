/* What the importers write is a configuration that our own loader takes: for the examples of
 * both products, where Debian's packages have put them, and for the inputs of the other tests.
 */
#include "tests/unit/ctl/import/help_import.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/load.h"

#define DHCPD_EXAMPLE "/usr/share/doc/isc-dhcp-server/examples/dhcpd.conf.example"

/* The first node that the document names, for the checks of one node; NULL without a pair. */
static const char *node_of(const char *yaml, char name[64])
{
    const char *found = strstr(yaml, "primary:");

    found = found == NULL ? NULL : strstr(found, "name: ");
    return found != NULL && sscanf(found, "name: %63[^,} \n]", name) == 1 ? name : NULL;
}

static void print_problems(const struct config_problems *problems, const char *path,
                           const char *yaml)
{
    fprintf(stderr, "%s\n", yaml);
    config_problems_print(problems, path, stderr);
}

/* A file without any subnet is refused for that alone, and its comment says so. */
static bool lacks_subnets_only(const struct config_problems *problems, const char *yaml)
{
    return problems->count == 1 &&
           strstr(problems->items[0].text, "has no 'subnets'") != NULL &&
           strstr(yaml, "file has no subnet, so that nobody can be served") != NULL;
}

/* Frees `yaml`, which is what help_import() gave. */
static void check_yaml(const char *path, char *yaml, bool has_subnets)
{
    struct config_problems problems = {0};
    char *summary = strstr(yaml, "\nimported "), name[64];

    if (summary == NULL)
        fail_msg("%s: %s", path, yaml);
    summary[1] = '\0';
    struct config *config =
        config_load_text(path, yaml, strlen(yaml), node_of(yaml, name), &problems);
    if (has_subnets ? config == NULL : !lacks_subnets_only(&problems, yaml)) {
        print_problems(&problems, path, yaml);
        fail_msg("%s: what is imported is refused", path);
    }
    config_free(config);
    config_problems_free(&problems);
    free(yaml);
}

static void check(const char *origin, const char *path, bool has_subnets)
{
    const struct import_settings settings = {0};

    check_yaml(path, help_import_file(origin, path, &settings), has_subnets);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static void skip_without(const char *files, const char *package)
{
    print_message("skipped: there is no %s; Debian has it in %s\n", files, package);
    skip();
}

static void check_all(const char *origin, const char *pattern, const char *package,
                      const char *without_subnets)
{
    glob_t files;

    if (glob(pattern, 0, NULL, &files) != 0) {
        globfree(&files);
        skip_without(pattern, package);
    }
    for (size_t i = 0; i < files.gl_pathc; i++)
        check(origin, files.gl_pathv[i],
              without_subnets == NULL ||
                  strcmp(base_name(files.gl_pathv[i]), without_subnets) != 0);
    globfree(&files);
}

/* The subnets of this one are in a database. */
static void keas_examples_are_accepted(void **state)
{
    (void)state;
    check_all("kea", "/usr/share/doc/kea/examples/kea4/*.json", "kea-doc",
              "config-backend.json");
}

/* Debian's is all comments but for a few global settings. */
static void dhcpds_example_says_what_is_missing(void **state)
{
    (void)state;
    check_all("isc", DHCPD_EXAMPLE, "isc-dhcp-server", "dhcpd.conf.example");
}

/* What is commented out in it are its subnets, hosts and classes: "#subnet ..." */
static void dhcpds_example_is_accepted_in_full(void **state)
{
    struct import run;
    size_t size = 0;

    (void)state;
    if (access(DHCPD_EXAMPLE, R_OK) != 0)
        skip_without(DHCPD_EXAMPLE, "isc-dhcp-server");
    import_init(&run, "isc", DHCPD_EXAMPLE);
    char *text = import_read(&run, DHCPD_EXAMPLE, NULL, &size);
    assert_non_null(text);
    for (char *at = text; at != NULL && at[0] != '\0'; at = strchr(at, '\n')) {
        at += at[0] == '\n';
        if (at[0] == '#' && (at[1] == '}' || islower(at[1]) || strncmp(at, "#  ", 3) == 0))
            at[0] = ' ';
    }
    char *yaml = help_import("isc", text);
    assert_non_null(strstr(yaml, "subnet: 10.17.224.0/24"));
    check_yaml(DHCPD_EXAMPLE, yaml, true);
    import_deinit(&run);
}

static void our_kea_inputs_are_accepted(void **state)
{
    (void)state;
    check("kea", "tests/unit/ctl/import/kea-rack.json", true);
    check("kea", "tests/unit/ctl/import/kea-pair.json", true);
    check("kea", "tests/net/inputs/kea.json", true);
}

static void our_dhcpd_inputs_are_accepted(void **state)
{
    (void)state;
    check("isc", "tests/unit/ctl/import/isc-boot.conf", true);
    check("isc", "tests/unit/ctl/import/isc-pair.conf", true);
    check("isc", "tests/net/inputs/dhcpd.conf", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keas_examples_are_accepted),
        cmocka_unit_test(dhcpds_example_says_what_is_missing),
        cmocka_unit_test(dhcpds_example_is_accepted_in_full),
        cmocka_unit_test(our_kea_inputs_are_accepted),
        cmocka_unit_test(our_dhcpd_inputs_are_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
