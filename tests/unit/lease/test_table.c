/* Records in the table: written, replaced, found, counted. */
#include "help_table.h"

static void an_untouched_address_has_its_implied_record(void **state)
{
    const struct binding b = lease_table_binding(*state, A(0, 20));
    const struct binding implied = binding_implied(A(0, 20));

    assert_null(lease_table_find(*state, A(0, 20)));
    assert_true(binding_same_contents(&b, &implied));
    assert_int_equal(lease_table_size(*state), 0);
    assert_int_equal(lease_table_digest(*state), 0);
}

static void assert_same(const struct lease *lease, const struct binding *expected)
{
    const struct binding b = lease_binding_of(lease);

    assert_true(binding_same_contents(&b, expected));
}

static void a_record_put_is_found_by_its_address(void **state)
{
    const struct binding b = help_active(A(0, 20), ALICE, 1000);
    const struct lease *lease = lease_table_put(*state, &b, 0);

    assert_ptr_equal(lease_table_find(*state, A(0, 20)), lease);
    assert_same(lease, &b);
    assert_int_equal(version_compare(lease_version(lease), b.version), 0);
    assert_ptr_equal(lease_table_pool(*state, lease), POOL(0));
    assert_null(lease_table_find(*state, A(0, 21)));
}

/* What was found last is compared first. */
static void an_address_is_found_whatever_was_asked_before(void **state)
{
    const struct binding here = help_active(A(0, 20), ALICE, 1000);
    const struct binding far = help_active(A(0, 200), BOB, 1000);
    const struct lease *first = lease_table_put(*state, &here, 0);

    assert_ptr_equal(lease_table_find(*state, A(0, 20)), first);
    assert_null(lease_table_find(*state, A(0, 200)));

    const struct lease *second = lease_table_put(*state, &far, 0);

    for (size_t i = 0; i < 3; i++) {
        assert_ptr_equal(lease_table_find(*state, A(0, 20)), first);
        assert_null(lease_table_find(*state, A(0, 21)));
        assert_ptr_equal(lease_table_find(*state, A(0, 200)), second);
        assert_null(lease_table_find(*state, A(0, 100)));
        assert_ptr_equal(lease_table_find(*state, A(0, 200)), second);
    }
}

static void what_the_relay_said_can_be_had_alone(void **state)
{
    struct binding b = help_active(A(0, 20), ALICE, 1000);

    assert_int_equal(lease_relay_info(lease_table_put(*state, &b, 0)).size, 0);
    b.reserved = KEY("somebody");
    b.host_name = KEY("alpha");
    b.relay_info = KEY("port 7");
    b.vendor_class = KEY("beta");

    const struct lease *lease = lease_table_put(*state, &b, 0);

    assert_true(span_equal(lease_relay_info(lease), b.relay_info));
    b.reserved = b.host_name = span_of(NULL, 0);
    lease = lease_table_put(*state, &b, 0);
    assert_true(span_equal(lease_relay_info(lease), b.relay_info));
}

static void an_address_outside_all_pools_may_have_a_record(void **state)
{
    const struct binding b = help_active(A(0, 5), ALICE, 1000);
    const struct binding far = help_active(ip4(0xffffffff), BOB, 1000);

    assert_null(lease_table_pool(*state, lease_table_put(*state, &b, 0)));
    assert_null(lease_table_pool(*state, lease_table_put(*state, &far, 0)));
    assert_int_equal(lease_table_size(*state), 2);
}

static void the_table_keeps_its_own_copy_of_what_spans_point_to(void **state)
{
    char name[] = "first";
    struct binding b = help_active(A(0, 20), ALICE, 1000);

    b.host_name = span_of(name, 5);

    const struct lease *lease = lease_table_put(*state, &b, 0);

    memset(name, 'x', sizeof(name));
    assert_memory_equal(lease_binding_of(lease).host_name.data, "first", 5);
}

/* The caller changes one field of what it read and writes that back. */
static void a_record_may_be_made_from_the_one_it_replaces(void **state)
{
    struct binding b = help_active(A(0, 20), ALICE, 1000);

    b.host_name = KEY("alpha");
    b.vendor_class = KEY("beta");
    lease_table_put(*state, &b, 0);

    struct binding swapped = lease_table_binding(*state, A(0, 20));

    swapped.host_name = b.vendor_class;
    swapped.vendor_class = lease_table_binding(*state, A(0, 20)).host_name;
    swapped.relay_info = KEY("a value that makes the whole larger than the memory it has");

    const struct lease *lease = lease_table_put(*state, &swapped, 0);

    assert_true(span_equal(lease_client(lease), ALICE));
    assert_true(span_equal(lease_binding_of(lease).host_name, KEY("beta")));
    assert_true(span_equal(lease_binding_of(lease).vendor_class, KEY("alpha")));

    swapped = lease_binding_of(lease);
    lease = lease_table_put(*state, &swapped, 0);
    assert_true(span_equal(lease_client(lease), ALICE));
    assert_true(span_equal(lease_binding_of(lease).host_name, KEY("beta")));
}

static void a_renewal_that_changes_nothing_moves_nothing(void **state)
{
    struct binding b = help_active(A(0, 20), ALICE, 1000);
    const struct lease *lease = lease_table_put(*state, &b, 0);
    const uint8_t *client = lease_client(lease).data;

    b.expires = instant_ms(2000);
    assert_ptr_equal(lease_table_put(*state, &b, 0), lease);
    assert_ptr_equal(lease_client(lease).data, client);
}

/* The hardware address is kept once where the client key ends with it. */
static void a_hardware_address_is_kept_whatever_the_client_key(void **state)
{
    const struct span keys[] = {KEY("\x00\x01\x52\x54\x00\x00\x00\x01"), /* made of it */
                                KEY("\x01\x01\x52\x54\x00\x00\x00\x01"), ALICE,
                                KEY("\x54\x00\x00\x00\x01"), /* shorter than it */
                                span_of(NULL, 0)};
    const uint8_t sizes[] = {6, 16, 0, 1, 6};

    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
            for (size_t j = 0; j < ARRAY_SIZE(sizes); j++) {
                struct binding b = help_active(A(0, 20), keys[i], 1000);

                b.hlen = sizes[j];
                b.host_name = KEY("host");
                for (uint8_t k = 6; k < b.hlen; k++)
                    b.chaddr[k] = k;
                assert_same(lease_table_put(*state, &b, 0), &b);
            }
        }
    }
}

static void the_largest_record_fits(void **state)
{
    static const uint8_t bytes[BINDING_ATTRIBUTE_MAX] = {1, 2, 3};
    struct binding b = help_active(A(0, 20), span_of(bytes, BINDING_CLIENT_MAX), 1000);

    b.reserved = b.client;
    b.host_name = b.relay_info = b.vendor_class = span_of(bytes, sizeof(bytes));
    b.hlen = sizeof(b.chaddr);
    assert_same(lease_table_put(*state, &b, 0), &b);
}

/* What daemon/core keeps beside the record stays when the record is replaced. */
static void what_the_core_knows_of_acks_survives_a_put(void **state)
{
    const struct binding b = help_active(A(0, 20), ALICE, 1000);
    struct lease *lease = lease_table_put(*state, &b, 0);

    assert_int_equal(lease->acked_expires.ms, 0);
    lease->acked_expires = instant_ms(777);
    lease->acked_generation = 3;
    lease_table_put(*state, &b, 0);
    assert_int_equal(lease->acked_expires.ms, 777);
    assert_int_equal(lease->acked_generation, 3);
}

static void entries_never_move(void **state)
{
    const struct binding b = help_active(A(0, 20), ALICE, 1000);
    const struct lease *lease = lease_table_put(*state, &b, 0);

    for (uint32_t i = 0; i < 10000; i++) {
        const struct binding more = help_active(BIG(i), BOB, 1000);

        lease_table_put(*state, &more, 0);
    }
    assert_ptr_equal(lease_table_find(*state, A(0, 20)), lease);
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(lease_table_find(*state, BIG(i))->binding.address.value, BIG(i).value);
}

static void the_digest_is_the_same_whatever_the_order_of_writes(void **state)
{
    struct lease_table *other = lease_table_new(&help_config);
    const struct binding a = help_active(A(0, 20), ALICE, 1000);
    const struct binding b = help_active(A(0, 21), BOB, 2000);

    lease_table_put(*state, &a, 0);
    lease_table_put(*state, &b, 0);
    lease_table_put(other, &b, 0);
    assert_int_not_equal(lease_table_digest(*state), lease_table_digest(other));
    lease_table_put(other, &a, 0);
    assert_int_equal(lease_table_digest(*state), lease_table_digest(other));
    assert_int_equal(lease_table_digest(other), binding_hash(&a) + binding_hash(&b));
    lease_table_free(other);
}

/* One peer may have touched an address that the other has not: equal contents are equal. */
static void a_record_equal_to_the_implied_one_is_not_in_the_digest(void **state)
{
    struct binding b = binding_implied(A(0, 20));

    b.version.ms = 5;
    lease_table_put(*state, &b, 0);
    assert_int_equal(lease_table_digest(*state), 0);
    assert_int_equal(lease_table_size(*state), 1);
}

static void an_offer_alone_makes_no_record(void **state)
{
    struct lease_list list;

    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    assert_int_equal(lease_table_size(*state), 0);
    assert_int_equal(lease_table_digest(*state), 0);
    assert_null(lease_table_first_own_after(*state, 0));
    lease_table_list_begin(*state, &list);
    assert_null(lease_table_list_next(*state, &list));
    lease_table_list_end(&list);
    if (lease_table_find(*state, A(0, 20)) != NULL)
        assert_int_equal(lease_table_find(*state, A(0, 20))->binding.version_ms, 0);
}

static void a_list_goes_through_all_records_by_address(void **state)
{
    const struct ip4 addresses[] = {A(0, 20), A(1, 3), BIG(2), BIG(40000), ip4(0xfe000001)};
    struct lease_list list;

    for (size_t i = ARRAY_SIZE(addresses); i-- > 0;) {
        const struct binding b = help_active(addresses[i], ALICE, 1000);

        lease_table_put(*state, &b, 0);
    }
    lease_table_list_begin(*state, &list);
    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
        assert_int_equal(lease_table_list_next(*state, &list)->binding.address.value,
                         addresses[i].value);
    assert_null(lease_table_list_next(*state, &list));
    lease_table_list_end(&list);
}

static void a_list_shows_records_as_they_are_when_it_comes_to_them(void **state)
{
    struct binding b = help_active(A(0, 20), ALICE, 1000);
    struct lease_list list;

    lease_table_put(*state, &b, 0);
    lease_table_list_begin(*state, &list);
    b.expires = instant_ms(5000);
    lease_table_put(*state, &b, 0);
    assert_int_equal(lease_table_list_next(*state, &list)->binding.expires.ms, 5000);
    lease_table_list_end(&list);
}

/* A resync takes its time, and the table changes meanwhile. */
static void a_walk_shows_what_was_there_as_it_is_when_it_comes_to_it(void **state)
{
    struct binding b = help_active(A(0, 20), ALICE, 1000);
    struct lease_walk walk;

    lease_table_walk_begin(*state, &walk);
    assert_null(lease_table_walk_next(*state, &walk));
    lease_table_put(*state, &b, 0);
    lease_table_walk_begin(*state, &walk);
    b.expires = instant_ms(5000);
    lease_table_put(*state, &b, 0);
    for (uint32_t i = 0; i < 1000; i++) {
        const struct binding later = help_active(BIG(i), BOB, 1000);

        lease_table_put(*state, &later, 0);
    }
    assert_int_equal(lease_table_walk_next(*state, &walk)->binding.expires.ms, 5000);
    assert_null(lease_table_walk_next(*state, &walk));
}

static void a_walk_comes_to_each_record_once(void **state)
{
    bool seen[1000] = {false};
    struct lease_walk walk;
    const struct lease *lease;

    for (uint32_t i = 1000; i-- > 0;) {
        const struct binding b = help_active(BIG(i), ALICE, 1000);

        lease_table_put(*state, &b, 0);
    }
    lease_table_walk_begin(*state, &walk);
    for (size_t i = 0; i < ARRAY_SIZE(seen); i++) {
        lease = lease_table_walk_next(*state, &walk);
        assert_non_null(lease);

        const uint32_t n = lease->binding.address.value - BIG(0).value;

        assert_true(n < ARRAY_SIZE(seen) && !seen[n]);
        seen[n] = true;
    }
    assert_null(lease_table_walk_next(*state, &walk));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_untouched_address_has_its_implied_record),
        TEST(a_record_put_is_found_by_its_address),
        TEST(an_address_is_found_whatever_was_asked_before),
        TEST(what_the_relay_said_can_be_had_alone),
        TEST(an_address_outside_all_pools_may_have_a_record),
        TEST(the_table_keeps_its_own_copy_of_what_spans_point_to),
        TEST(a_record_may_be_made_from_the_one_it_replaces),
        TEST(a_renewal_that_changes_nothing_moves_nothing),
        TEST(a_hardware_address_is_kept_whatever_the_client_key),
        TEST(the_largest_record_fits),
        TEST(what_the_core_knows_of_acks_survives_a_put),
        TEST(entries_never_move),
        TEST(the_digest_is_the_same_whatever_the_order_of_writes),
        TEST(a_record_equal_to_the_implied_one_is_not_in_the_digest),
        TEST(an_offer_alone_makes_no_record),
        TEST(a_list_goes_through_all_records_by_address),
        TEST(a_list_shows_records_as_they_are_when_it_comes_to_them),
        TEST(a_walk_shows_what_was_there_as_it_is_when_it_comes_to_it),
        TEST(a_walk_comes_to_each_record_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
