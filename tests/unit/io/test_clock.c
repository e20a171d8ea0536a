#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/io/clock.h"

static struct clock_reading at(int64_t wall_ms, int64_t boot_ms)
{
    return (struct clock_reading){wall_ms, boot_ms};
}

static void it_begins_at_the_wall_clock(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 500), instant_ms(0));
    assert_int_equal(lease_clock_now(&clock, at(1000000, 500)).ms, 1000000);
    assert_int_equal(lease_clock_now(&clock, at(1000020, 520)).ms, 1000020);
}

/* A restart with a wall clock that was set back must not bring ended leases back to life. */
static void it_never_begins_below_what_was_kept(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 500), instant_ms(1500000));
    assert_int_equal(lease_clock_now(&clock, at(1000000, 500)).ms, 1500000);
    assert_int_equal(lease_clock_now(&clock, at(1000007, 507)).ms, 1500007);
    assert_int_equal(lease_clock_difference(&clock, at(1000007, 507)), -500000);
}

static void a_kept_clock_that_is_behind_means_nothing(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 500), instant_ms(900000));
    assert_int_equal(lease_clock_now(&clock, at(1000000, 500)).ms, 1000000);
}

static void a_stepped_wall_clock_moves_no_lease(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 500), instant_ms(0));
    assert_int_equal(lease_clock_now(&clock, at(9000000, 600)).ms, 1000100);
    assert_int_equal(lease_clock_difference(&clock, at(9000000, 600)), 9000000 - 1000100);
}

static void it_never_goes_back(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 500), instant_ms(0));
    assert_int_equal(lease_clock_now(&clock, at(1000100, 600)).ms, 1000100);
    assert_int_equal(lease_clock_now(&clock, at(1000100, 550)).ms, 1000100);
    assert_int_equal(lease_clock_now(&clock, at(1000100, 601)).ms, 1000101);
}

static void a_difference_of_five_seconds_is_no_alarm(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 0), instant_ms(0));
    assert_int_equal(lease_clock_check(&clock, at(1005000, 0)), LEASE_CLOCK_QUIET);
    assert_int_equal(lease_clock_check(&clock, at(995000, 0)), LEASE_CLOCK_QUIET);
    assert_int_equal(lease_clock_check(&clock, at(1005001, 0)), LEASE_CLOCK_DIFFERS);
}

static void an_alarm_repeats_once_a_minute(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 0), instant_ms(0));
    assert_int_equal(lease_clock_check(&clock, at(900000, 0)), LEASE_CLOCK_DIFFERS);
    assert_int_equal(lease_clock_check(&clock, at(901000, 1000)), LEASE_CLOCK_QUIET);
    assert_int_equal(lease_clock_check(&clock, at(959999, 59999)), LEASE_CLOCK_QUIET);
    assert_int_equal(lease_clock_check(&clock, at(960000, 60000)), LEASE_CLOCK_DIFFERS);
}

static void the_end_of_an_alarm_is_told_once(void **state)
{
    struct lease_clock clock;

    (void)state;
    lease_clock_start(&clock, at(1000000, 0), instant_ms(0));
    assert_int_equal(lease_clock_check(&clock, at(900000, 0)), LEASE_CLOCK_DIFFERS);
    assert_int_equal(lease_clock_check(&clock, at(1001000, 1000)), LEASE_CLOCK_AGREES);
    assert_int_equal(lease_clock_check(&clock, at(1002000, 2000)), LEASE_CLOCK_QUIET);
}

static void the_machines_clocks_advance(void **state)
{
    struct clock_reading first = clock_read(), second = clock_read();

    (void)state;
    assert_true(first.wall_ms > 1600000000000); /* after 2020: milliseconds of the epoch */
    assert_true(first.boot_ms > 0);
    assert_true(second.boot_ms >= first.boot_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_at_the_wall_clock),
        cmocka_unit_test(it_never_begins_below_what_was_kept),
        cmocka_unit_test(a_kept_clock_that_is_behind_means_nothing),
        cmocka_unit_test(a_stepped_wall_clock_moves_no_lease),
        cmocka_unit_test(it_never_goes_back),
        cmocka_unit_test(a_difference_of_five_seconds_is_no_alarm),
        cmocka_unit_test(an_alarm_repeats_once_a_minute),
        cmocka_unit_test(the_end_of_an_alarm_is_told_once),
        cmocka_unit_test(the_machines_clocks_advance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
