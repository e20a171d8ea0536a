/* What a binding says of the DNS: as bytes, and joined when the peers wrote apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/names.h"

#define TEXT(text) span_of((text), sizeof(text) - 1)

static const struct name_entry db1 = {
    NAME_ADDED, true, true, {(const uint8_t *)"\0\1a", 3}, {(const uint8_t *)"db1.net", 7}};
static const struct name_entry web = {
    NAME_ADDED, true, false, {(const uint8_t *)"\0\1b", 3}, {(const uint8_t *)"web.net", 7}};

static struct names names_with(const struct name_entry *a, const struct name_entry *b)
{
    struct names names = {.forward = true, .reverse = true, .name = TEXT("db1.net")};

    if (a != NULL)
        assert_true(names_add(&names, a));
    if (b != NULL)
        assert_true(names_add(&names, b));
    return names;
}

static void the_bytes_are_those_of_the_page(void **state)
{
    static const uint8_t want[] = {0, 16, 3, 3,    'd', 'b', '1', 7,
                                   2, 0,  1, 0xaa, 3,   'd', 'b', '1'};
    struct names names = {.forward = true, .reverse = true, .name = TEXT("db1")};
    const struct name_entry entry = {NAME_ADDED, true, true, TEXT("\0\1\xaa"), TEXT("db1")};
    uint8_t out[NAMES_SIZE_MAX];
    struct span bytes;

    (void)state;
    assert_true(names_add(&names, &entry));
    bytes = names_encode(&names, out);
    assert_true(span_equal(bytes, span_of(want, sizeof(want))));
    assert_int_equal(names_size_at(bytes.data), sizeof(want));
}

static void what_goes_in_comes_out(void **state)
{
    const struct names names = names_with(&web, &db1);
    uint8_t out[NAMES_SIZE_MAX];
    struct names got;

    (void)state;
    assert_true(names_decode(names_encode(&names, out), &got));
    assert_true(got.forward && got.reverse);
    assert_true(span_equal(got.name, names.name));
    assert_int_equal(got.count, 2);
    assert_true(span_equal(got.entry[0].name, db1.name)); /* in order */
    assert_true(span_equal(got.entry[1].client, web.client));
    assert_int_equal(got.entry[1].state, NAME_ADDED);
    assert_false(got.entry[1].reverse);
}

static void nobody_without_a_name_takes_a_byte(void **state)
{
    const struct names names = {.count = 0};
    uint8_t out[NAMES_SIZE_MAX];
    struct names got;

    (void)state;
    assert_int_equal(names_encode(&names, out).size, 0);
    assert_true(names_decode(span_of(NULL, 0), &got));
    assert_int_equal(got.count, 0);
}

/* Any byte may be another, and any end may be missing. */
static void damaged_bytes_are_refused_or_sound(void **state)
{
    const struct names names = names_with(&web, &db1);
    uint8_t out[NAMES_SIZE_MAX], again[NAMES_SIZE_MAX], changed[NAMES_SIZE_MAX];
    const struct span bytes = names_encode(&names, out);
    struct names got;

    (void)state;
    for (size_t size = 1; size < bytes.size; size++)
        assert_false(names_decode(span_of(bytes.data, size), &got));
    for (size_t at = 0; at < bytes.size; at++) {
        for (unsigned value = 0; value < 256; value++) {
            memcpy(changed, bytes.data, bytes.size);
            changed[at] = (uint8_t)value;
            if (names_decode(span_of(changed, bytes.size), &got))
                assert_true(
                    span_equal(names_encode(&got, again), span_of(changed, bytes.size)));
        }
    }
}

/* What only one of two concurrent records knows of may stand in the DNS. */
static void a_join_forgets_no_name(void **state)
{
    struct names mine = names_with(&db1, NULL);
    const struct names theirs = names_with(&web, NULL);

    (void)state;
    names_join(&mine, &theirs);
    assert_int_equal(mine.count, 2);
    assert_int_equal(mine.entry[0].state, NAME_MAYBE);
    assert_int_equal(mine.entry[1].state, NAME_MAYBE);
}

static void a_join_keeps_what_both_know(void **state)
{
    struct names mine = names_with(&db1, &web);
    const struct names theirs = names_with(&db1, &web);

    (void)state;
    names_join(&mine, &theirs);
    assert_int_equal(mine.count, 2);
    assert_int_equal(mine.entry[0].state, NAME_ADDED);
    assert_int_equal(mine.entry[1].state, NAME_ADDED);
}

static void a_join_is_the_same_from_both_sides(void **state)
{
    struct name_entry half = db1;
    struct names a = names_with(&db1, NULL), b, one, two;
    uint8_t out_one[NAMES_SIZE_MAX], out_two[NAMES_SIZE_MAX];

    (void)state;
    half.reverse = false;
    b = names_with(&half, &web);
    one = a;
    two = b;
    names_join(&one, &b);
    names_join(&two, &a);
    assert_true(span_equal(names_encode(&one, out_one), names_encode(&two, out_two)));
    assert_int_equal(one.entry[0].state, NAME_MAYBE);
    assert_true(one.entry[0].reverse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_the_page),
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(nobody_without_a_name_takes_a_byte),
        cmocka_unit_test(damaged_bytes_are_refused_or_sound),
        cmocka_unit_test(a_join_forgets_no_name),
        cmocka_unit_test(a_join_keeps_what_both_know),
        cmocka_unit_test(a_join_is_the_same_from_both_sides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
