/* twinctl keygen: the files that it makes, and those that it leaves alone.  That the daemon
 * reads them is seen in tests/net. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/ctl/ctl.h"

struct key_files {
    char directory[32], key[64], pub[64];
};

static int make_place(void **state)
{
    struct key_files *place = calloc(1, sizeof(*place));

    assert_non_null(place);
    strcpy(place->directory, "/tmp/keygen-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->key, sizeof(place->key), "%s/dhcp-a.key", place->directory);
    snprintf(place->pub, sizeof(place->pub), "%s/dhcp-a.pub", place->directory);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct key_files *place = *state;

    unlink(place->key);
    unlink(place->pub);
    rmdir(place->directory);
    free(place);
    return 0;
}

static enum ctl_exit make_keys(const struct key_files *place, const char *node)
{
    const struct ctl_options options = {.file = node, .output = place->directory};

    return ctl_keygen(&options);
}

static void read_text(const char *path, char text[64])
{
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    const size_t size = fread(text, 1, 63, file);
    fclose(file);
    text[size] = '\0';
}

static void both_keys_are_a_line_and_the_secret_is_ones_own(void **state)
{
    struct key_files *place = *state;
    struct stat st;
    char key[64], pub[64];

    assert_int_equal(make_keys(place, "dhcp-a"), CTL_OK);
    assert_int_equal(stat(place->key, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    read_text(place->key, key);
    read_text(place->pub, pub);
    assert_int_equal(strcspn(key, "\n"), 40);
    assert_int_equal(strcspn(pub, "\n"), 40);
    assert_string_not_equal(key, pub);
}

static void a_key_that_is_there_stays(void **state)
{
    struct key_files *place = *state;
    char before[64], after[64];

    assert_int_equal(make_keys(place, "dhcp-a"), CTL_OK);
    read_text(place->key, before);
    assert_int_equal(make_keys(place, "dhcp-a"), CTL_FAILED);
    read_text(place->key, after);
    assert_string_equal(before, after);
}

/* A secret without its public key would be of no use, and in the way of the next try. */
static void no_secret_stays_without_its_public_key(void **state)
{
    struct key_files *place = *state;
    FILE *file = fopen(place->pub, "w");

    assert_non_null(file);
    fclose(file);
    assert_int_equal(make_keys(place, "dhcp-a"), CTL_FAILED);
    assert_int_not_equal(access(place->key, F_OK), 0);
    assert_int_equal(access(place->pub, F_OK), 0);
}

static void a_node_is_no_path(void **state)
{
    assert_int_equal(make_keys(*state, "../dhcp-a"), CTL_USAGE);
    assert_int_equal(make_keys(*state, ""), CTL_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_keys_are_a_line_and_the_secret_is_ones_own,
                                        make_place, remove_place),
        cmocka_unit_test_setup_teardown(a_key_that_is_there_stays, make_place, remove_place),
        cmocka_unit_test_setup_teardown(no_secret_stays_without_its_public_key, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_node_is_no_path, make_place, remove_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
