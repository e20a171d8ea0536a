/* Replies that wait: in order, and never more than the limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/core/held.h"

static int set_up(void **state)
{
    static struct held_queue queue;

    held_init(&queue);
    *state = &queue;
    return 0;
}

static int tear_down(void **state)
{
    held_deinit(*state);
    return 0;
}

static void push(struct held_queue *queue, uint32_t xid)
{
    struct held *held = held_take(queue);

    assert_non_null(held);
    held->xid = xid;
    held->address = ip4(1);
    held_push(queue, held);
}

static void of_a_lease_that_is_over_nothing_leaves(void **state)
{
    struct held_queue *queue = *state;

    for (uint32_t i = 0; i < HELD_MAX - 5; i++) { /* so that the rest goes round the end */
        push(queue, i);
        held_pop(queue);
    }
    for (uint32_t i = 0; i < 10; i++) {
        struct held *held = held_take(queue);

        held->address = ip4(100 + i % 2);
        held_push(queue, held);
    }
    held_revoke(queue, ip4(101));
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(held_head_is_revoked(queue), i % 2 == 1);
        held_pop(queue);
    }
    assert_false(held_head_is_revoked(queue));
    held_revoke(queue, ip4(100)); /* what is gone is gone */
}

static void nothing_waits_at_first(void **state)
{
    assert_null(held_head(*state));
    assert_int_equal(held_count(*state), 0);
}

static void the_first_in_is_the_first_out(void **state)
{
    for (uint32_t i = 0; i < 10; i++)
        push(*state, i);
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(held_count(*state), 10 - i);
        assert_int_equal(held_head(*state)->xid, i);
        held_pop(*state);
    }
    assert_null(held_head(*state));
}

/* Three times round the ring, always with some inside. */
static void the_order_survives_the_rings_end(void **state)
{
    uint32_t next_in = 0, next_out = 0;

    while (next_out < 3 * HELD_MAX) {
        for (size_t i = 0; i < 7; i++)
            push(*state, next_in++);
        while (held_count(*state) > 3) {
            assert_int_equal(held_head(*state)->xid, next_out++);
            held_pop(*state);
        }
    }
}

static void there_is_a_limit_and_it_is_usable_again(void **state)
{
    for (uint32_t i = 0; i < HELD_MAX; i++)
        push(*state, i);
    assert_int_equal(held_count(*state), HELD_MAX);
    assert_null(held_take(*state));
    held_pop(*state);
    push(*state, HELD_MAX);
    assert_null(held_take(*state));
    for (uint32_t i = 1; i <= HELD_MAX; i++) {
        assert_int_equal(held_head(*state)->xid, i);
        held_pop(*state);
    }
}

/* One that waits for a claim is out of the queue and counts all the same. */
static void what_is_taken_counts_until_it_is_given_back(void **state)
{
    struct held *taken = held_take(*state);

    for (uint32_t i = 1; i < HELD_MAX; i++)
        push(*state, i);
    assert_null(held_take(*state));
    held_give_back(*state, taken);
    assert_ptr_equal(held_take(*state), taken);
    held_give_back(*state, taken);
}

static void memory_is_used_again(void **state)
{
    struct held *first;

    push(*state, 1);
    first = held_head(*state);
    held_pop(*state);
    push(*state, 2);
    assert_ptr_equal(held_head(*state), first);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_waits_at_first),
        TEST(of_a_lease_that_is_over_nothing_leaves),
        TEST(the_first_in_is_the_first_out),
        TEST(the_order_survives_the_rings_end),
        TEST(there_is_a_limit_and_it_is_usable_again),
        TEST(what_is_taken_counts_until_it_is_given_back),
        TEST(memory_is_used_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
