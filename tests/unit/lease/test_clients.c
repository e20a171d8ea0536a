/* The lease of a client in a subnet. */
#include "help_table.h"

static void put(struct lease_table *table, struct ip4 address, enum binding_state s,
                struct span client, int64_t expires_ms)
{
    const struct binding b = help_binding(address, s, client, expires_ms);

    lease_table_put(table, &b, 0);
}

static void assert_client_at(struct lease_table *table, size_t subnet, struct span key,
                             struct ip4 address)
{
    const struct lease *lease = lease_table_find_client(table, SUBNET(subnet), key);

    assert_non_null(lease);
    assert_int_equal(lease->binding.address.value, address.value);
}

static void a_client_never_seen_has_no_lease(void **state)
{
    assert_null(lease_table_find_client(*state, SUBNET(0), ALICE));
    put(*state, A(0, 20), BINDING_ACTIVE, BOB, 1000);
    assert_null(lease_table_find_client(*state, SUBNET(0), ALICE));
}

static void a_client_has_one_lease_a_subnet(void **state)
{
    put(*state, A(0, 20), BINDING_ACTIVE, ALICE, 1000);
    put(*state, A(1, 20), BINDING_ACTIVE, ALICE, 2000);
    put(*state, BIG(0x10005), BINDING_ACTIVE, ALICE, 3000); /* in the subnet, in no pool */
    assert_client_at(*state, 0, ALICE, A(0, 20));
    assert_client_at(*state, 1, ALICE, A(1, 20));
    assert_client_at(*state, 2, ALICE, BIG(0x10005));
}

static void an_active_lease_comes_before_a_later_ended_one(void **state)
{
    put(*state, A(0, 20), BINDING_FREE, ALICE, 9000);
    put(*state, A(0, 21), BINDING_ACTIVE, ALICE, 1000);
    put(*state, A(0, 22), BINDING_RELEASED, ALICE, 8000);
    assert_client_at(*state, 0, ALICE, A(0, 21));
}

static void of_two_active_leases_the_later_counts(void **state)
{
    put(*state, A(0, 20), BINDING_ACTIVE, ALICE, 1000);
    put(*state, A(0, 21), BINDING_ACTIVE, ALICE, 3000);
    put(*state, A(0, 22), BINDING_ACTIVE, ALICE, 2000);
    assert_client_at(*state, 0, ALICE, A(0, 21));
}

/* A client that comes back gets its old address. */
static void without_an_active_lease_the_one_that_ended_last_counts(void **state)
{
    put(*state, A(0, 20), BINDING_RELEASED, ALICE, 1000);
    put(*state, A(0, 21), BINDING_FREE, ALICE, 3000);
    put(*state, A(0, 22), BINDING_RELEASED, ALICE, 2000);
    assert_client_at(*state, 0, ALICE, A(0, 21));
}

static void an_abandoned_address_is_nobodys_lease(void **state)
{
    put(*state, A(0, 20), BINDING_ABANDONED, ALICE, 5000);
    assert_null(lease_table_find_client(*state, SUBNET(0), ALICE));
    put(*state, A(0, 21), BINDING_FREE, ALICE, 1000);
    assert_client_at(*state, 0, ALICE, A(0, 21));
}

static void an_address_given_to_another_client_is_no_longer_the_firsts(void **state)
{
    put(*state, A(0, 20), BINDING_ACTIVE, ALICE, 1000);
    put(*state, A(0, 20), BINDING_ACTIVE, BOB, 2000);
    assert_null(lease_table_find_client(*state, SUBNET(0), ALICE));
    assert_client_at(*state, 0, BOB, A(0, 20));
}

static void an_empty_key_is_no_client(void **state)
{
    put(*state, A(0, 20), BINDING_ACTIVE, span_of(NULL, 0), 1000);
    assert_null(lease_table_find_client(*state, SUBNET(0), span_of(NULL, 0)));
}

static void many_clients_are_all_found(void **state)
{
    for (uint32_t i = 0; i < 5000; i++)
        put(*state, BIG(i), BINDING_ACTIVE, span_of(&i, sizeof(i)), 1000);
    for (uint32_t i = 0; i < 5000; i += 2)
        put(*state, BIG(i), BINDING_FREE, span_of(NULL, 0), 0);
    for (uint32_t i = 0; i < 5000; i++) {
        const struct span key = span_of(&i, sizeof(i));

        if (i % 2 != 0)
            assert_client_at(*state, 2, key, BIG(i));
        else
            assert_null(lease_table_find_client(*state, SUBNET(2), key));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_client_never_seen_has_no_lease),
        TEST(a_client_has_one_lease_a_subnet),
        TEST(an_active_lease_comes_before_a_later_ended_one),
        TEST(of_two_active_leases_the_later_counts),
        TEST(without_an_active_lease_the_one_that_ended_last_counts),
        TEST(an_abandoned_address_is_nobodys_lease),
        TEST(an_address_given_to_another_client_is_no_longer_the_firsts),
        TEST(an_empty_key_is_no_client),
        TEST(many_clients_are_all_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
