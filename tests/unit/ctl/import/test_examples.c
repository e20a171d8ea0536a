/* The examples that ISC publishes with both products, where Debian's packages have put them:
 * each is read without an error, and whatever it says is either said here or noted. */
#include "tests/unit/ctl/import/help_import.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static void read_all(const char *origin, const char *pattern)
{
    const struct import_settings settings = {.interfaces = "eth0"};
    glob_t files;

    if (glob(pattern, 0, NULL, &files) != 0) {
        globfree(&files);
        skip();
    }
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *out = help_import_file(origin, files.gl_pathv[i], &settings);
        if (strstr(out, "\nimported ") == NULL)
            fail_msg("%s: %s", files.gl_pathv[i], out);
        free(out);
    }
    globfree(&files);
}

static void keas_examples(void **state)
{
    (void)state;
    read_all("kea", "/usr/share/doc/kea/examples/kea4/*.json");
}

static void dhcpds_example(void **state)
{
    (void)state;
    read_all("isc", "/usr/share/doc/isc-dhcp-server/examples/dhcpd.conf*");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keas_examples),
        cmocka_unit_test(dhcpds_example),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
