/* Whole files of both products and what becomes of them, byte by byte.
 *
 * TWINDHCP_WRITE_GOLDEN=1 writes the expected files anew; read the difference. */
#include "tests/unit/ctl/import/help_import.h"

#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/unit/ctl/import/"

static char *read_file(const char *path)
{
    struct import run;
    size_t size = 0;

    import_init(&run, "test", path);
    const char *text = import_read(&run, path, NULL, &size);
    char *copy = text == NULL ? NULL : strdup(text);
    import_deinit(&run);
    return copy;
}

static void check(const char *origin, const char *name, const struct import_settings *settings)
{
    char path[256];

    snprintf(path, sizeof(path), FOLDER "%s", name);
    char *out = help_import_file(origin, path, settings);
    snprintf(path, sizeof(path), FOLDER "%.*s.expected", (int)strcspn(name, "."), name);
    if (getenv("TWINDHCP_WRITE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(out, file);
        assert_int_equal(fclose(file), 0);
    }
    char *expected = read_file(path);
    assert_non_null(expected);
    assert_string_equal(out, expected);
    free(expected);
    free(out);
}

static void keas_rack(void **state)
{
    (void)state;
    check("kea", "kea-rack.json", &(struct import_settings){0});
}

static void keas_pair(void **state)
{
    const struct import_settings settings = {.interfaces = "eth0,eth1",
                                             .node_links = {"south=192.0.2.12:7000"},
                                             .node_link_count = 1};

    (void)state;
    check("kea", "kea-pair.json", &settings);
}

static void iscs_network_boot(void **state)
{
    (void)state;
    check("isc", "isc-boot.conf", &(struct import_settings){0});
}

static void iscs_failover(void **state)
{
    const struct import_settings settings = {.interfaces = "eth0", .names = "north,south"};

    (void)state;
    check("isc", "isc-pair.conf", &settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keas_rack),
        cmocka_unit_test(keas_pair),
        cmocka_unit_test(iscs_network_boot),
        cmocka_unit_test(iscs_failover),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
