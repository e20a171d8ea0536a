/* A set of numbers in which the next one is found at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/lease/bitmap.h"

#define NONE UINT64_MAX

static uint64_t next(const struct bitmap *b, uint64_t from)
{
    uint64_t number = NONE;

    return bitmap_next(b, from, &number) ? number : NONE;
}

static void an_empty_set_has_no_next(void **state)
{
    static const uint64_t sizes[] = {1, 63, 64, 65, 4096, 4097, 300000};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct bitmap b;

        bitmap_init(&b, sizes[i]);
        assert_true(next(&b, 0) == NONE);
        assert_true(next(&b, sizes[i] - 1) == NONE);
        assert_true(next(&b, sizes[i]) == NONE);
        bitmap_add(&b, sizes[i] - 1);
        assert_true(next(&b, 0) == sizes[i] - 1);
        assert_true(next(&b, sizes[i] - 1) == sizes[i] - 1);
        bitmap_remove(&b, sizes[i] - 1);
        assert_true(next(&b, 0) == NONE);
        bitmap_deinit(&b);
    }
}

/* Against the plainest of all sets. */
static void it_is_what_an_array_of_flags_is(void **state)
{
    enum { SIZE = 5000, STEPS = 40000 };
    static bool flags[SIZE];
    struct bitmap b;
    uint64_t seed = 1;

    (void)state;
    bitmap_init(&b, SIZE);
    for (int i = 0; i < STEPS; i++) {
        uint64_t number, from, expected;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        number = (seed >> 33) % SIZE;
        from = (seed >> 20) % SIZE;
        if ((seed >> 60) < (i < STEPS / 2 ? 10 : 2)) { /* full at first, then sparse */
            bitmap_add(&b, number);
            flags[number] = true;
        } else {
            bitmap_remove(&b, number);
            flags[number] = false;
        }
        for (expected = from; expected < SIZE && !flags[expected];)
            expected++;
        assert_true(next(&b, from) == (expected < SIZE ? expected : NONE));
    }
    bitmap_deinit(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_set_has_no_next),
        cmocka_unit_test(it_is_what_an_array_of_flags_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
