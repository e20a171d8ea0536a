/* How long the loop works at a stretch, and for how long that is remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/io/turns.h"

#define MS     UINT64_C(1000000)
#define WINDOW (TURNS_WINDOW_MS * MS)
#define BEGIN  (1000 * MS)

static struct turns begun(void)
{
    struct turns turns = {.begun = false};

    assert_int_equal(turns_end(&turns, BEGIN, 70 * MS), 0);
    return turns;
}

static void waiting_is_no_work(void **state)
{
    struct turns turns = begun();

    (void)state;
    assert_int_equal(turns_end(&turns, BEGIN + 100 * MS, 167 * MS), 3 * MS);
    assert_int_equal(turns_end(&turns, BEGIN + 102 * MS, 167 * MS), 2 * MS);
    assert_int_equal(turns.busy_ns, 5 * MS);
    assert_int_equal(turns_longest_ns(&turns, BEGIN + 102 * MS), 3 * MS);
}

/* Two clocks are read one after the other: no turn is shorter than nothing. */
static void a_wait_that_looks_longer_than_the_turn_is_no_turn(void **state)
{
    struct turns turns = begun();

    (void)state;
    assert_int_equal(turns_end(&turns, BEGIN + 10 * MS, 81 * MS), 0);
    assert_int_equal(turns.busy_ns, 0);
}

static void the_longest_turn_is_forgotten_after_two_windows(void **state)
{
    struct turns turns = begun();

    (void)state;
    turns_end(&turns, BEGIN + 9 * MS, 70 * MS);
    assert_int_equal(turns_longest_ns(&turns, BEGIN + WINDOW - 1), 9 * MS);
    turns_end(&turns, BEGIN + WINDOW, 70 * MS + WINDOW - 10 * MS);
    assert_int_equal(turns_longest_ns(&turns, BEGIN + WINDOW), 9 * MS);
    assert_int_equal(turns_longest_ns(&turns, BEGIN + 2 * WINDOW - 1), 9 * MS);
    assert_int_equal(turns_longest_ns(&turns, BEGIN + 2 * WINDOW), 1 * MS);
    assert_int_equal(turns_longest_ns(&turns, BEGIN + 3 * WINDOW), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_is_no_work),
        cmocka_unit_test(a_wait_that_looks_longer_than_the_turn_is_no_turn),
        cmocka_unit_test(the_longest_turn_is_forgotten_after_two_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
