/* Own writes: what the partner has yet to be told, in order. */
#include "help_table.h"

static void put(struct lease_table *table, uint32_t n, uint64_t seq)
{
    const struct binding b = help_active(BIG(n), ALICE, 1000);

    lease_table_put(table, &b, seq);
}

static uint64_t first_after(struct lease_table *table, uint64_t after)
{
    const struct lease *lease = lease_table_first_own_after(table, after);

    return lease != NULL ? lease->seq : 0;
}

static void own_writes_come_in_order_of_seq(void **state)
{
    put(*state, 7, 1);
    put(*state, 3, 2);
    put(*state, 5, 9);

    struct lease *lease = lease_table_first_own_after(*state, 0);

    assert_int_equal(lease->binding.address.value, BIG(7).value);
    lease = lease_table_next_own(*state, lease);
    assert_int_equal(lease->binding.address.value, BIG(3).value);
    lease = lease_table_next_own(*state, lease);
    assert_int_equal(lease->binding.address.value, BIG(5).value);
    assert_null(lease_table_next_own(*state, lease));
}

static void only_the_newest_write_of_an_address_is_there(void **state)
{
    put(*state, 1, 1);
    put(*state, 2, 2);
    put(*state, 1, 3);
    assert_int_equal(first_after(*state, 0), 2);
    assert_int_equal(first_after(*state, 2), 3);
    assert_int_equal(first_after(*state, 3), 0);
}

static void a_record_of_the_partner_is_no_own_write(void **state)
{
    put(*state, 1, 1);
    put(*state, 2, 0);
    put(*state, 1, 0);
    assert_int_equal(first_after(*state, 0), 0);
}

/* Any seq may be asked for, after any other. */
static void the_first_after_any_seq_is_right(void **state)
{
    uint64_t random = 99;

    for (uint32_t i = 1; i <= 300; i++)
        put(*state, i, 3 * i);
    for (int round = 0; round < 2000; round++) {
        const uint64_t after = help_random(&random) % 910;
        const uint64_t want = after >= 900 ? 0 : (after / 3 + 1) * 3;

        assert_int_equal(first_after(*state, after), want);
    }
    assert_int_equal(first_after(*state, UINT64_MAX), 0);
}

/* The place where the sender stood is overwritten while it waits. */
static void a_question_is_right_after_the_place_of_the_last_answer_moved(void **state)
{
    for (uint32_t i = 1; i <= 10; i++)
        put(*state, i, i);
    assert_int_equal(first_after(*state, 4), 5);
    put(*state, 5, 11);
    assert_int_equal(first_after(*state, 4), 6);
    put(*state, 6, 0);
    assert_int_equal(first_after(*state, 4), 7);
    assert_int_equal(first_after(*state, 2), 3);
    assert_int_equal(first_after(*state, 10), 11);
}

static void own_writes_are_there_from_the_newest_on_too(void **state)
{
    assert_null(lease_table_last_own(*state));
    put(*state, 7, 1);
    put(*state, 3, 2);
    put(*state, 7, 3);
    put(*state, 5, 0);

    struct lease *lease = lease_table_last_own(*state);

    assert_int_equal(lease->seq, 3);
    lease = lease_table_previous_own(*state, lease);
    assert_int_equal(lease->seq, 2);
    assert_null(lease_table_previous_own(*state, lease));
}

static void unsent_records_are_counted(void **state)
{
    struct binding b = help_active(BIG(1), ALICE, 1000);

    b.unsent = true;
    lease_table_put(*state, &b, 1);
    lease_table_put(*state, &b, 2);
    b.address = BIG(2);
    lease_table_put(*state, &b, 3);
    assert_int_equal(lease_table_unsent(*state), 2);
    lease_table_sent(*state, lease_table_find(*state, BIG(1)));
    assert_false(lease_table_binding(*state, BIG(1)).unsent);
    assert_int_equal(lease_table_unsent(*state), 1);
    b.unsent = false;
    lease_table_put(*state, &b, 4);
    assert_int_equal(lease_table_unsent(*state), 0);
}

static void loading_in_any_order_ends_sorted(void **state)
{
    struct lease_table *table = lease_table_new(&help_config);
    uint64_t random = 7, seqs = 0;

    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        put(table, i,
            i % 10 == 0 ? 0 : 1 + (help_random(&random) << 16 | i) % (UINT64_C(1) << 40));
    lease_table_loaded(table);

    uint64_t last = 0;

    for (struct lease *lease = lease_table_first_own_after(table, 0); lease != NULL;
         lease = lease_table_next_own(table, lease)) {
        assert_true(lease->seq > last);
        last = lease->seq;
        seqs++;
    }
    assert_int_equal(seqs, 900);
    put(table, 5, last + 1);
    assert_int_equal(first_after(table, last), last + 1);
    lease_table_free(table);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(own_writes_come_in_order_of_seq),
        TEST(only_the_newest_write_of_an_address_is_there),
        TEST(a_record_of_the_partner_is_no_own_write),
        TEST(the_first_after_any_seq_is_right),
        TEST(a_question_is_right_after_the_place_of_the_last_answer_moved),
        TEST(own_writes_are_there_from_the_newest_on_too),
        TEST(unsent_records_are_counted),
        cmocka_unit_test(loading_in_any_order_ends_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
