#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/bench/load/histogram.h"

static struct histogram *new_histogram(void)
{
    struct histogram *h = calloc(1, sizeof *h);

    assert_non_null(h);
    return h;
}

static void empty_has_no_quantiles(void **state)
{
    struct histogram *h = new_histogram();

    (void)state;
    assert_int_equal(histogram_quantile(h, 5000), 0);
    assert_int_equal(histogram_mean(h), 0);
    free(h);
}

static void small_values_are_exact(void **state)
{
    struct histogram *h = new_histogram();

    (void)state;
    for (uint64_t v = 1; v <= 50; v++)
        histogram_add(h, v);
    assert_int_equal(histogram_quantile(h, 0), 1);
    assert_int_equal(histogram_quantile(h, 200), 1);
    assert_int_equal(histogram_quantile(h, 5000), 25);
    assert_int_equal(histogram_quantile(h, 9000), 45);
    assert_int_equal(histogram_quantile(h, 10000), 50);
    free(h);
}

/* One slow answer among a thousand is the p99.9's business, not the p99's. */
static void outlier_shows_in_the_tail_only(void **state)
{
    struct histogram *h = new_histogram();

    (void)state;
    for (int i = 0; i < 998; i++)
        histogram_add(h, 1000000);
    histogram_add(h, 4000000000ULL);
    histogram_add(h, 4000000000ULL);
    assert_in_range(histogram_quantile(h, 9900), 1000000, 1032000);
    assert_int_equal(histogram_quantile(h, 9990), 4000000000ULL);
    assert_int_equal(h->max, 4000000000ULL);
    assert_int_equal(histogram_mean(h), (998 * 1000000ULL + 8000000000ULL) / 1000);
    free(h);
}

/* Every power of two and its neighbours: never below the value, at most 1/32 above it. */
static void error_is_bounded_everywhere(void **state)
{
    (void)state;
    for (unsigned int shift = 1; shift < 63; shift++)
        for (int off = -1; off <= 1; off++) {
            struct histogram *h = new_histogram();
            uint64_t value = ((uint64_t)1 << shift) + (uint64_t)off, found;

            histogram_add(h, value);
            histogram_add(h, UINT64_MAX);
            found = histogram_quantile(h, 5000);
            assert_true(found >= value);
            assert_true(found - value <= value / 32);
            assert_true(histogram_quantile(h, 10000) == UINT64_MAX);
            free(h);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_has_no_quantiles),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(outlier_shows_in_the_tail_only),
        cmocka_unit_test(error_is_bounded_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
