/* The list of effects: what it points to lives until it is cleared; batches read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "daemon/core/effects.h"

static int set_up(void **state)
{
    static struct effects fx;

    effects_init(&fx);
    *state = &fx;
    return 0;
}

static int tear_down(void **state)
{
    effects_deinit(*state);
    return 0;
}

static void effects_keep_their_order(void **state)
{
    struct effects *fx = *state;

    for (uint64_t i = 0; i < 1000; i++)
        effects_add(fx, (enum effect_type)(i % 5))->bytes = span_of(NULL, i);
    assert_int_equal(fx->count, 1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(fx->items[i].type, i % 5);
        assert_int_equal(fx->items[i].bytes.size, i);
    }
}

/* Blocks of all sizes, small and larger than any block of the arena; all stay as written. */
static void memory_lives_until_the_effects_are_cleared(void **state)
{
    static const size_t sizes[] = {1, 15, 16, 17, 1472, 300000, 5, 1u << 20, 100000, 200000};
    uint8_t *got[200];

    for (size_t i = 0; i < 200; i++) {
        const size_t size = sizes[i % ARRAY_SIZE(sizes)];

        got[i] = effects_alloc(*state, size);
        memset(got[i], (int)i, size);
    }
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(got[i][0], i);
        assert_int_equal(got[i][sizes[i % ARRAY_SIZE(sizes)] - 1], i);
    }
}

static void cleared_effects_are_used_again(void **state)
{
    struct effects *fx = *state;
    uint8_t *first;

    effects_add(fx, EFFECT_SEND);
    first = effects_alloc(fx, 100);
    for (size_t i = 0; i < 100; i++)
        effects_alloc(fx, 100000);
    effects_clear(fx);
    assert_int_equal(fx->count, 0);
    assert_ptr_equal(effects_alloc(fx, 100), first);
    effects_clear(fx);
    effects_clear(fx);
    assert_int_equal(effects_add(fx, EFFECT_REPLY)->type, EFFECT_REPLY);
    assert_int_equal(fx->count, 1);
}

static void an_event_is_one_line_of_text(void **state)
{
    struct effects *fx = *state;

    effects_event(fx, EVENT_WARNING, "address-declined", "%s by %d", "10.0.0.1", 7);
    assert_int_equal(fx->items[0].type, EFFECT_EVENT);
    assert_int_equal(fx->items[0].event.severity, EVENT_WARNING);
    assert_string_equal(fx->items[0].event.name, "address-declined");
    assert_string_equal(fx->items[0].event.text, "10.0.0.1 by 7");
}

static void a_long_event_is_cut(void **state)
{
    struct effects *fx = *state;
    char text[2000];

    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    effects_event(fx, EVENT_INFO, "long", "%s", text);
    assert_int_equal(strlen(fx->items[0].event.text), 511);
}

/* ---- store batches ---- */

static void put(struct store_batch *batch, const char *key, const void *value, size_t size)
{
    store_batch_put(batch, span_of(key, strlen(key)), span_of(value, size));
}

static void a_batch_reads_back_in_order(void **state)
{
    struct store_batch batch = {0};
    struct span key, value;
    size_t at = 0;

    (void)state;
    put(&batch, "a", "one", 3);
    put(&batch, "bb", "", 0);
    put(&batch, "a", "two", 3);
    assert_int_equal(batch.count, 3);
    assert_true(store_batch_next(&batch, &at, &key, &value));
    assert_true(span_equal(key, span_of("a", 1)) && span_equal(value, span_of("one", 3)));
    assert_true(store_batch_next(&batch, &at, &key, &value));
    assert_true(span_equal(key, span_of("bb", 2)) && value.size == 0);
    assert_true(store_batch_next(&batch, &at, &key, &value));
    assert_true(span_equal(key, span_of("a", 1)) && span_equal(value, span_of("two", 3)));
    assert_false(store_batch_next(&batch, &at, &key, &value));
    assert_false(store_batch_next(&batch, &at, &key, &value));
    free(batch.bytes);
}

static void an_empty_batch_has_nothing(void **state)
{
    const struct store_batch batch = {0};
    struct span key, value;
    size_t at = 0;

    (void)state;
    assert_false(store_batch_next(&batch, &at, &key, &value));
}

static void a_batch_copies_what_it_is_given(void **state)
{
    struct store_batch batch = {0};
    struct span key, value;
    char text[] = "one";
    size_t at = 0;

    (void)state;
    put(&batch, "k", text, 3);
    memset(text, 'x', 3);
    assert_true(store_batch_next(&batch, &at, &key, &value));
    assert_true(span_equal(value, span_of("one", 3)));
    free(batch.bytes);
}

static void keys_and_values_of_all_sizes_read_back(void **state)
{
    static uint8_t bytes[70000];
    struct store_batch batch = {0};
    struct span key, value;
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    for (size_t i = 1; i < 256; i++)
        store_batch_put(&batch, span_of(bytes, i), span_of(bytes, i * 274));
    for (size_t i = 1; i < 256; i++) {
        assert_true(store_batch_next(&batch, &at, &key, &value));
        assert_true(span_equal(key, span_of(bytes, i)));
        assert_true(span_equal(value, span_of(bytes, i * 274)));
    }
    assert_false(store_batch_next(&batch, &at, &key, &value));
    free(batch.bytes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(effects_keep_their_order),
        TEST(memory_lives_until_the_effects_are_cleared),
        TEST(cleared_effects_are_used_again),
        TEST(an_event_is_one_line_of_text),
        TEST(a_long_event_is_cut),
        TEST(a_batch_reads_back_in_order),
        TEST(an_empty_batch_has_nothing),
        TEST(a_batch_copies_what_it_is_given),
        TEST(keys_and_values_of_all_sizes_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
