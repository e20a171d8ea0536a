/* When own writes go out: at once while little is written, gathered while much is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/core/pace.h"

#define NOW INT64_C(1000000)

/* Batches of `count`, one each `interval_ms`, until `now_ms`. */
static struct pace busy(int64_t now_ms, int64_t interval_ms, size_t count)
{
    struct pace pace = {.rate = 0};

    for (int64_t t = now_ms - 50 * interval_ms; t <= now_ms; t += interval_ms)
        pace_note(&pace, instant_ms(t), count);
    pace_went_out(&pace, instant_ms(now_ms));
    return pace;
}

static int64_t wait_of(const struct pace *pace, int64_t now_ms, size_t count)
{
    const int64_t wait = pace_due(pace, instant_ms(now_ms), count).ms - now_ms;

    return wait > 0 ? wait : 0;
}

static void the_first_write_waits_for_nothing(void **state)
{
    const struct pace pace = {.rate = 0};

    (void)state;
    assert_int_equal(wait_of(&pace, NOW, 1), 0);
}

static void few_writes_wait_for_nothing(void **state)
{
    const struct pace pace = busy(NOW, 1, 11);

    (void)state;
    assert_int_equal(wait_of(&pace, NOW, 1), 0);
}

static void the_more_is_written_the_longer_it_gathers(void **state)
{
    static const size_t counts[] = {13, 25, 37, 100, 400};
    static const int64_t waits[] = {1, 2, 3, 3, 3};

    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        const struct pace pace = busy(NOW, 1, counts[i]);

        assert_int_equal(wait_of(&pace, NOW, 1), waits[i]);
        assert_int_equal(wait_of(&pace, NOW + waits[i], 1), 0);
    }
}

/* A peer's writes gather before they go to the partner, not again before they go to its disk.
 */
static void what_others_write_starts_no_wait(void **state)
{
    struct pace pace = busy(NOW, 1, 100);

    (void)state;
    pace_note(&pace, instant_ms(NOW + 2), 100);
    assert_int_equal(wait_of(&pace, NOW + 2, 1), 1);
    pace_note(&pace, instant_ms(NOW + 3), 100);
    assert_int_equal(wait_of(&pace, NOW + 3, 1), 0);
}

/* Gathering does not change what it goes by: the rate, not the batch. */
static void a_batch_that_gathered_keeps_the_pace(void **state)
{
    const struct pace pace = busy(NOW, 3, 120);

    (void)state;
    assert_int_equal(wait_of(&pace, NOW, 1), 3);
}

static void a_full_batch_waits_for_nothing(void **state)
{
    const struct pace pace = busy(NOW, 1, 400);

    (void)state;
    assert_int_equal(wait_of(&pace, NOW, 511), 3);
    assert_int_equal(wait_of(&pace, NOW, 512), 0);
}

static void after_a_storm_a_single_write_waits_for_nothing(void **state)
{
    struct pace pace = busy(NOW, 1, 100);

    (void)state;
    assert_int_equal(wait_of(&pace, NOW + 4, 1), 0);
    pace_note(&pace, instant_ms(NOW + 200), 1);
    assert_int_equal(wait_of(&pace, NOW + 200, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_write_waits_for_nothing),
        cmocka_unit_test(few_writes_wait_for_nothing),
        cmocka_unit_test(the_more_is_written_the_longer_it_gathers),
        cmocka_unit_test(what_others_write_starts_no_wait),
        cmocka_unit_test(a_batch_that_gathered_keeps_the_pace),
        cmocka_unit_test(a_full_batch_waits_for_nothing),
        cmocka_unit_test(after_a_storm_a_single_write_waits_for_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
