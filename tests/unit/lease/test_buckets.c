/* Hash chains that grow a bucket at a time, and the arrays below them. */
#include <stdlib.h>

#include "daemon/lease/buckets.h"
#include "help_table.h"

#define ITEMS 5000 /* several doublings, and not a power of two */

struct item {
    uint32_t key, next;
    bool in;
};

static struct item items[ITEMS];
static size_t hashed; /* how many since it was set to 0 */

static uint32_t hash_key(uint32_t key)
{
    return key * UINT32_C(2654435761) >> 7;
}

static uint32_t hash_of(const struct lease_table *table, uint32_t item)
{
    (void)table;
    hashed++;
    return hash_key(items[item].key);
}

static uint32_t *next_of(const struct lease_table *table, uint32_t item)
{
    (void)table;
    return &items[item].next;
}

static const struct bucket_kind kind = {hash_of, next_of};

static bool is_found(const struct buckets *b, uint32_t item)
{
    uint32_t at = buckets_first(b, hash_key(items[item].key));

    while (at != BUCKET_END && at != item)
        at = items[at].next;
    return at == item;
}

static void assert_all_found(const struct buckets *b)
{
    uint32_t in = 0;

    for (uint32_t i = 0; i < ITEMS; i++) {
        assert_int_equal(is_found(b, i), items[i].in);
        in += items[i].in;
    }
    assert_int_equal(b->items, in);
}

static void start(struct buckets *b)
{
    for (uint32_t i = 0; i < ITEMS; i++)
        items[i] = (struct item){.key = i};
    buckets_init(b);
}

static void insert(struct buckets *b, uint32_t item)
{
    items[item].in = true;
    buckets_insert(b, &kind, NULL, item);
}

/* After every single insertion: while a table doubles, half of it is in the new order. */
static void every_item_is_found_at_every_size(void **state)
{
    struct buckets b;

    (void)state;
    start(&b);
    for (uint32_t i = 0; i < ITEMS; i++) {
        insert(&b, i);
        for (uint32_t j = 0; j <= i; j++)
            assert_true(is_found(&b, j));
    }
    buckets_deinit(&b);
}

static void what_was_taken_out_is_not_found(void **state)
{
    struct buckets b;
    uint64_t random = 11;

    (void)state;
    start(&b);
    for (int step = 0; step < 4 * ITEMS; step++) {
        const uint32_t item = (uint32_t)(help_random(&random) % ITEMS);

        if (items[item].in) {
            buckets_remove(&b, &kind, NULL, item);
            items[item].in = false;
        } else {
            insert(&b, item);
        }
        if (step % 100 == 0)
            assert_all_found(&b);
    }
    assert_all_found(&b);
    buckets_deinit(&b);
}

/* What this is for: no insertion pays for the growth of the whole table. */
static void no_insertion_hashes_more_than_a_few_others(void **state)
{
    struct buckets b;

    (void)state;
    start(&b);
    for (uint32_t i = 0; i < ITEMS; i++) {
        hashed = 0;
        insert(&b, i);
        assert_true(hashed <= 16);
    }
    buckets_deinit(&b);
}

static void equal_hashes_share_a_chain(void **state)
{
    struct buckets b;

    (void)state;
    start(&b);
    for (uint32_t i = 0; i < 300; i++) {
        items[i].key = 7;
        insert(&b, i);
    }
    for (uint32_t i = 0; i < 300; i += 2) {
        buckets_remove(&b, &kind, NULL, i);
        items[i].in = false;
    }
    for (uint32_t i = 0; i < 300; i++)
        assert_int_equal(is_found(&b, i), items[i].in);
    buckets_deinit(&b);
}

static void items_of_segments_never_move(void **state)
{
    struct segments s = {.count = 0};
    uint64_t **first = calloc(ITEMS, sizeof(*first));

    (void)state;
    assert_non_null(first);
    for (uint32_t i = 0; i < ITEMS; i++) {
        first[i] = segments_add(&s, sizeof(uint64_t));
        *first[i] = i;
        assert_int_equal(s.count, i + 1);
    }
    for (uint32_t i = 0; i < ITEMS; i++) {
        assert_ptr_equal(segments_get(&s, sizeof(uint64_t), i), first[i]);
        assert_int_equal(*first[i], i);
    }
    free(first);
    segments_deinit(&s);
    assert_int_equal(s.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_found_at_every_size),
        cmocka_unit_test(what_was_taken_out_is_not_found),
        cmocka_unit_test(no_insertion_hashes_more_than_a_few_others),
        cmocka_unit_test(equal_hashes_share_a_chain),
        cmocka_unit_test(items_of_segments_never_move),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
