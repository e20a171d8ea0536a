#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "daemon/io/link_keys.h"
#include "help_io.h"
#include "help_link.h"

struct fixture {
    struct pair *pair;
    char *directory; /* with keys for both nodes */
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->directory = help_directory_make();
    help_keys(f->directory);
    f->pair = pair_new();
    f->pair->config.curve_directory = f->directory;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    pair_free(f->pair);
    help_directory_remove(f->directory);
    free(f);
    return 0;
}

static bool has_event(void *context)
{
    return ((struct end *)context)->event[0] != '\0';
}

static bool has_frame(void *context)
{
    return ((struct end *)context)->frames > 0;
}

static void nodes_with_each_others_keys_talk(void **state)
{
    struct fixture *f = *state;

    pair_open(f->pair);
    help_run_until(&f->pair->loop, has_frame, &f->pair->primary);
    help_run_until(&f->pair->loop, has_frame, &f->pair->secondary);
}

static void an_encrypted_link_survives_resets(void **state)
{
    struct fixture *f = *state;

    pair_open(f->pair);
    for (int i = 0; i < 5; i++) {
        int ups = f->pair->primary.ups;

        link_reset(i % 2 == 0 ? f->pair->primary.link : f->pair->secondary.link);
        while (f->pair->primary.ups == ups)
            help_run_ms(&f->pair->loop, 10);
        pair_wait_until_up(f->pair);
    }
    assert_int_equal(f->pair->primary.out_of_place + f->pair->secondary.out_of_place, 0);
}

/* Opens both ends, of which one reads keys changed after the other read them. */
static void open_primary_then_secondary(struct fixture *f, const char *changed_node)
{
    end_open(&f->pair->primary);
    help_key_pair(f->directory, changed_node);
    end_open(&f->pair->secondary);
}

static void a_stranger_with_a_key_of_its_own_is_turned_away(void **state)
{
    struct fixture *f = *state;

    open_primary_then_secondary(f, "dhcp-b");
    help_run_until(&f->pair->loop, has_event, &f->pair->primary);
    assert_string_equal(f->pair->primary.event, "link-stranger");
    help_run_until(&f->pair->loop, has_event, &f->pair->secondary);
    assert_string_equal(f->pair->secondary.event, "link-refused");
    assert_non_null(strstr(f->pair->secondary.text, "does not know this node's key"));
    help_run_ms(&f->pair->loop, 300);
    assert_int_equal(f->pair->primary.ups, 0);
    assert_int_equal(f->pair->secondary.ups, 0);
}

static void a_secondary_turned_away_tries_again(void **state)
{
    struct fixture *f = *state;

    open_primary_then_secondary(f, "dhcp-b");
    help_run_until(&f->pair->loop, has_event, &f->pair->secondary);
    end_close(&f->pair->primary);
    end_open(&f->pair->primary); /* reads the new key */
    pair_wait_until_up(f->pair);
}

static void a_false_primary_is_not_talked_to(void **state)
{
    struct fixture *f = *state;

    open_primary_then_secondary(f, "dhcp-a");
    help_run_until(&f->pair->loop, has_event, &f->pair->secondary);
    help_run_ms(&f->pair->loop, 300);
    assert_int_equal(f->pair->secondary.ups, 0);
    assert_int_equal(f->pair->primary.ups, 0);
}

static void a_link_with_one_side_in_the_clear_does_not_come_up(void **state)
{
    struct fixture *f = *state;

    end_open(&f->pair->primary);
    f->pair->config.curve_directory = NULL;
    end_open(&f->pair->secondary);
    help_run_until(&f->pair->loop, has_event, &f->pair->secondary);
    assert_string_equal(f->pair->secondary.event, "link-refused");
    help_run_ms(&f->pair->loop, 300);
    assert_int_equal(f->pair->primary.ups, 0);
    assert_int_equal(f->pair->secondary.ups, 0);
}

/* ---- the files ---- */

static void assert_keys_fail(const struct fixture *f, const char *part)
{
    struct link_keys keys;
    char error[512] = "";

    assert_int_not_equal(
        link_keys_read(&keys, f->directory, "dhcp-a", "dhcp-b", error, sizeof error), TD_OK);
    if (strstr(error, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, error);
    assert_int_equal(keys.own_secret[0], '\0');
}

static void a_newline_at_the_end_of_a_key_is_fine(void **state)
{
    struct fixture *f = *state;
    struct link_keys keys, again;
    char error[512] = "", line[64];

    assert_int_equal(
        link_keys_read(&keys, f->directory, "dhcp-a", "dhcp-b", error, sizeof error), TD_OK);
    snprintf(line, sizeof line, "%s\n", keys.own_secret);
    help_file(f->directory, "dhcp-a.key", line, 0640);
    assert_int_equal(
        link_keys_read(&again, f->directory, "dhcp-a", "dhcp-b", error, sizeof error), TD_OK);
    assert_string_equal(keys.own_secret, again.own_secret);
}

static void a_secret_key_that_everybody_may_read_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(chmod(help_path(f->directory, "dhcp-a.key"), 0604), 0);
    assert_keys_fail(f, "is open to others (mode 0604)");
    assert_int_equal(chmod(help_path(f->directory, "dhcp-a.key"), 0660), 0);
    assert_keys_fail(f, "is open to others (mode 0660)");
}

static void a_missing_key_is_named(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(remove(help_path(f->directory, "dhcp-b.pub")), 0);
    assert_keys_fail(f, "dhcp-b.pub cannot be read: No such file or directory");
}

static void a_key_that_is_none_is_named(void **state)
{
    struct fixture *f = *state;
    static const char *const bad[] = {
        "", "short",
        "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"",
        "0123456789012345678901234567890123456789 and more",
        "01234567890123456789012345678901234567890123456789012345678901234567890123456789"};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        help_file(f->directory, "dhcp-b.pub", bad[i], 0644);
        assert_keys_fail(f, "dhcp-b.pub does not hold a key");
    }
}

static void keys_that_do_not_belong_together_are_an_error(void **state)
{
    struct fixture *f = *state;
    char path[512];

    snprintf(path, sizeof path, "%s", help_path(f->directory, "dhcp-a.pub"));
    assert_int_equal(rename(help_path(f->directory, "dhcp-b.pub"), path), 0);
    help_key_pair(f->directory, "dhcp-b");
    assert_keys_fail(f, "is not the public key of");
}

static void a_link_without_its_keys_does_not_start(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(remove(help_path(f->directory, "dhcp-a.key")), 0);
    assert_non_null(strstr(end_open_fails(&f->pair->primary), "dhcp-a.key cannot be read"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nodes_with_each_others_keys_talk),
        TEST(an_encrypted_link_survives_resets),
        TEST(a_stranger_with_a_key_of_its_own_is_turned_away),
        TEST(a_secondary_turned_away_tries_again),
        TEST(a_false_primary_is_not_talked_to),
        TEST(a_link_with_one_side_in_the_clear_does_not_come_up),
        TEST(a_newline_at_the_end_of_a_key_is_fine),
        TEST(a_secret_key_that_everybody_may_read_is_refused),
        TEST(a_missing_key_is_named),
        TEST(a_key_that_is_none_is_named),
        TEST(keys_that_do_not_belong_together_are_an_error),
        TEST(a_link_without_its_keys_does_not_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
