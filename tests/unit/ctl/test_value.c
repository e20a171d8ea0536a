/* tests/unit/ctl/test_value.c - reading the API's JSON, and saying it in words */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/value.h"
#include "daemon/ctl/wait.h"

static json_t *parse(const char *text)
{
    json_t *value = json_loads(text, 0, NULL);

    assert_non_null(value);
    return value;
}

/* A server of another version may leave anything out, or give it another type. */
static void what_is_not_there_reads_as_nothing(void **state)
{
    json_t *value = parse("{\"a\": {\"b\": 3, \"c\": \"x\", \"d\": null, \"e\": true}}");

    (void)state;
    assert_int_equal(value_int(value, "a.b"), 3);
    assert_string_equal(value_text(value, "a.c"), "x");
    assert_true(value_bool(value, "a.e"));
    assert_true(value_is_set(value, "a.b"));
    assert_false(value_is_set(value, "a.d"));
    assert_false(value_is_set(value, "a.x"));
    assert_false(value_is_set(value, "x.b"));
    assert_false(value_is_set(value, "a.b.c"));
    assert_null(value_text(value, "a.b"));
    assert_int_equal(value_int(value, "a.c"), 0);
    assert_false(value_bool(value, "a.b"));
    assert_null(value_text(NULL, "a"));
    json_decref(value);
}

static void assert_duration(int64_t seconds, const char *expected)
{
    char words[DURATION_TEXT_SIZE];

    assert_string_equal(duration_in_words(seconds, words), expected);
}

static void durations_are_said_in_two_units(void **state)
{
    (void)state;
    assert_duration(0, "0s");
    assert_duration(59, "59s");
    assert_duration(60, "1m 0s");
    assert_duration(7385, "2h 3m");
    assert_duration(86400 * 3 + 7200, "3d 2h");
    assert_duration(-5, "-5s");
}

static void times_are_said_without_letters_between(void **state)
{
    char words[TIME_TEXT_SIZE];

    (void)state;
    assert_string_equal(time_in_words("2026-11-23T21:00:00Z", words),
                        "2026-11-23 21:00:00 UTC");
    assert_string_equal(time_in_words("soon", words), "soon");
    assert_string_equal(time_in_words(NULL, words), "-");
}

static void durations_are_read_with_and_without_units(void **state)
{
    static const char *const wrong[] = {"", "s", "-1", "5x", "1.5s", "25h", "2d", "99999999s"};
    unsigned seconds = 0;

    (void)state;
    assert_true(seconds_parse("0", &seconds) && seconds == 0);
    assert_true(seconds_parse("30", &seconds) && seconds == 30);
    assert_true(seconds_parse("30s", &seconds) && seconds == 30);
    assert_true(seconds_parse("5m", &seconds) && seconds == 300);
    assert_true(seconds_parse("2h", &seconds) && seconds == 7200);
    assert_true(seconds_parse("1d", &seconds) && seconds == 86400);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(seconds_parse(wrong[i], &seconds));
}

static void arguments_of_a_path_are_escaped(void **state)
{
    char *path = strdup("/v1/leases");

    (void)state;
    path = ctl_path_add(path, "subnet", "10.0.0.0/8");
    path = ctl_path_add(path, "address", NULL);
    path = ctl_path_add(path, "client", "id 01&x=y");
    assert_string_equal(path, "/v1/leases?subnet=10.0.0.0%2F8&client=id%2001%26x%3Dy");
    free(path);
}

static bool over(const struct ctl_options *options, const char *state, const char *digests)
{
    json_t *status = json_pack("{s:s, s:s}", "state", state, "digests", digests);

    assert_non_null(status);
    const bool is_over = ctl_wait_is_over(options, status);
    json_decref(status);
    return is_over;
}

static void waiting_ends_in_the_state_asked_for(void **state)
{
    const struct ctl_options options = {.wait = "PARTNER-DOWN"};

    (void)state;
    assert_true(over(&options, "PARTNER-DOWN", "unknown"));
    assert_false(over(&options, "NORMAL", "equal"));
}

/* Equal digests while not in NORMAL may be those of before the cut. */
static void waiting_for_equal_ends_in_normal_with_equal_digests(void **state)
{
    const struct ctl_options options = {.wait_equal = true};

    (void)state;
    assert_true(over(&options, "NORMAL", "equal"));
    assert_false(over(&options, "NORMAL", "differ"));
    assert_false(over(&options, "NORMAL", "unknown"));
    assert_false(over(&options, "COMMUNICATIONS-INTERRUPTED", "equal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_reads_as_nothing),
        cmocka_unit_test(durations_are_said_in_two_units),
        cmocka_unit_test(times_are_said_without_letters_between),
        cmocka_unit_test(durations_are_read_with_and_without_units),
        cmocka_unit_test(arguments_of_a_path_are_escaped),
        cmocka_unit_test(waiting_ends_in_the_state_asked_for),
        cmocka_unit_test(waiting_for_equal_ends_in_normal_with_equal_digests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
