/* What is due next. */
#include "help_table.h"

static struct lease *put(struct lease_table *table, struct ip4 address, enum binding_state s,
                         int64_t expires_ms)
{
    const struct binding b = help_binding(address, s, ALICE, expires_ms);

    return lease_table_put(table, &b, 0);
}

static void assert_earliest(struct lease_table *table, struct ip4 address, int64_t due_ms)
{
    struct instant due = {-1};
    const struct lease *lease = lease_table_earliest(table, &due);

    assert_non_null(lease);
    assert_int_equal(lease->binding.address.value, address.value);
    assert_int_equal(due.ms, due_ms);
}

static void nothing_is_due_in_an_empty_table(void **state)
{
    struct instant due;

    assert_null(lease_table_earliest(*state, &due));
}

static void the_lease_that_ends_first_is_due_first(void **state)
{
    put(*state, A(0, 20), BINDING_ACTIVE, 3000);
    put(*state, A(0, 21), BINDING_ABANDONED, 1000);
    put(*state, A(0, 22), BINDING_ACTIVE, 2000);
    assert_earliest(*state, A(0, 21), 1000);
}

static void a_released_address_is_due_at_once(void **state)
{
    put(*state, A(0, 20), BINDING_ACTIVE, 1);
    put(*state, A(0, 21), BINDING_RELEASED, 9000);
    assert_earliest(*state, A(0, 21), 0);
}

static void a_renewal_moves_the_end(void **state)
{
    put(*state, A(0, 20), BINDING_ACTIVE, 1000);
    put(*state, A(0, 21), BINDING_ACTIVE, 2000);
    put(*state, A(0, 20), BINDING_ACTIVE, 3000);
    assert_earliest(*state, A(0, 21), 2000);
}

static void a_free_address_is_never_due(void **state)
{
    struct instant due;

    put(*state, A(0, 20), BINDING_ACTIVE, 1000);
    put(*state, A(0, 20), BINDING_FREE, 1000);
    put(*state, A(0, 21), BINDING_FREE, 500);
    assert_null(lease_table_earliest(*state, &due));
}

static void what_is_postponed_is_due_later(void **state)
{
    struct lease *lease = put(*state, A(0, 20), BINDING_RELEASED, 1000);

    put(*state, A(0, 21), BINDING_ACTIVE, 4000);
    lease_table_postpone(*state, lease, instant_ms(5000));
    assert_earliest(*state, A(0, 21), 4000);
    put(*state, A(0, 21), BINDING_FREE, 4000);
    assert_earliest(*state, A(0, 20), 5000);
}

static void a_put_ends_a_postponement(void **state)
{
    struct lease *lease = put(*state, A(0, 20), BINDING_ACTIVE, 1000);

    lease_table_postpone(*state, lease, instant_ms(5000));
    put(*state, A(0, 20), BINDING_ACTIVE, 2000);
    assert_earliest(*state, A(0, 20), 2000);
}

static void a_thousand_leases_are_due_in_order(void **state)
{
    uint64_t random = 3;
    struct instant due = {0}, last = {0};

    for (uint32_t i = 0; i < 1000; i++)
        put(*state, BIG(i), BINDING_ACTIVE, (int64_t)(help_random(&random) % 500));
    for (uint32_t i = 0; i < 1000; i++) {
        const struct lease *lease = lease_table_earliest(*state, &due);

        assert_non_null(lease);
        assert_true(due.ms >= last.ms);
        last = due;
        put(*state, lease->binding.address, BINDING_FREE, due.ms);
    }
    assert_null(lease_table_earliest(*state, &due));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_due_in_an_empty_table),  TEST(the_lease_that_ends_first_is_due_first),
        TEST(a_released_address_is_due_at_once), TEST(a_renewal_moves_the_end),
        TEST(a_free_address_is_never_due),       TEST(what_is_postponed_is_due_later),
        TEST(a_put_ends_a_postponement),         TEST(a_thousand_leases_are_due_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
