#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/bench/load/clock.h"
#include "tests/bench/load/pace.h"
#include "tests/bench/load/timers.h"

#define BEGIN (1000 * NS_PER_S)

static void fixed_rate_does_not_wait_for_answers(void **state)
{
    struct pace_options options = {.rate = 1000, .span_ns = NS_PER_S};
    struct pace pace;

    (void)state;
    pace_begin(&pace, &options, BEGIN);
    assert_int_equal(pace_due(&pace, BEGIN, 0), 1);
    pace_started(&pace, 1, BEGIN);
    assert_int_equal(pace_due(&pace, BEGIN, 1), 0);
    assert_int_equal(pace_next_ns(&pace, BEGIN), BEGIN + NS_PER_MS);
    assert_int_equal(pace_due(&pace, BEGIN + 10 * NS_PER_MS, 1), 10);
    pace_started(&pace, 10, BEGIN + 10 * NS_PER_MS);
    assert_int_equal(pace.lag_ns, 9 * NS_PER_MS);
    assert_false(pace_is_over(&pace, BEGIN + NS_PER_S - 1));
    assert_true(pace_is_over(&pace, BEGIN + NS_PER_S));
    assert_int_equal(pace_due(&pace, BEGIN + NS_PER_S, 1), 0);
}

/* A burst starts exactly as many as asked for. */
static void count_is_not_exceeded(void **state)
{
    struct pace_options options = {.rate = 20000, .count = 20000};
    struct pace pace;

    (void)state;
    pace_begin(&pace, &options, BEGIN);
    assert_int_equal(pace_due(&pace, BEGIN + 5 * NS_PER_S, 0), 20000);
    pace_started(&pace, 20000, BEGIN + 5 * NS_PER_S);
    assert_true(pace_is_over(&pace, BEGIN + 5 * NS_PER_S));
}

static void closed_loop_keeps_the_window_full(void **state)
{
    struct pace_options options = {.window = 64};
    struct pace pace;

    (void)state;
    pace_begin(&pace, &options, BEGIN);
    assert_int_equal(pace_due(&pace, BEGIN, 0), 64);
    assert_int_equal(pace_due(&pace, BEGIN, 60), 4);
    assert_int_equal(pace_due(&pace, BEGIN, 64), 0);
    assert_true(pace_next_ns(&pace, BEGIN) == UINT64_MAX);
}

struct fired {
    struct timers *timers;
    unsigned int times[8];
};

static void note(void *context, uint32_t id)
{
    struct fired *fired = context;

    fired->times[id]++;
    if (id == 3)
        timers_set(fired->timers, 4, BEGIN);
}

static void timers_fire_once_and_never_early(void **state)
{
    struct fired fired = {.timers = timers_new(8, BEGIN)};

    (void)state;
    timers_set(fired.timers, 0, BEGIN + NS_PER_S);
    timers_set(fired.timers, 1, BEGIN + NS_PER_S);
    timers_set(fired.timers, 2, BEGIN + NS_PER_S);
    timers_set(fired.timers, 3, BEGIN + 80 * NS_PER_S);
    timers_cancel(fired.timers, 1);
    timers_set(fired.timers, 2, BEGIN + 2 * NS_PER_S);
    timers_run(fired.timers, BEGIN + NS_PER_S - 1, note, &fired);
    assert_int_equal(fired.times[0], 0);
    timers_run(fired.timers, BEGIN + NS_PER_S + TIMERS_TICK_NS, note, &fired);
    assert_int_equal(fired.times[0], 1);
    assert_int_equal(fired.times[2], 0);
    timers_run(fired.timers, BEGIN + 100 * NS_PER_S, note, &fired);
    assert_int_equal(fired.times[0], 1);
    assert_int_equal(fired.times[1], 0);
    assert_int_equal(fired.times[2], 1);
    assert_int_equal(fired.times[3], 1);
    /* Set for the past while firing: fires, at the next tick. */
    assert_int_equal(fired.times[4], 1);
    timers_free(fired.timers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_rate_does_not_wait_for_answers),
        cmocka_unit_test(count_is_not_exceeded),
        cmocka_unit_test(closed_loop_keeps_the_window_full),
        cmocka_unit_test(timers_fire_once_and_never_early),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
