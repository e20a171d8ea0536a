/* Offers: remembered for a while, in memory only. */
#include "help_table.h"

static bool offered_at(struct lease_table *table, struct ip4 address, int64_t now_ms)
{
    struct lease_offer offer;

    return lease_table_offer_at(table, address, instant_ms(now_ms), &offer);
}

/* Where `client` is offered an address at time 0; 0.0.0.0 = nowhere. */
static struct ip4 offered_to(struct lease_table *table, size_t subnet, struct span client)
{
    struct lease_offer offer;

    if (!lease_table_offer_to(table, SUBNET(subnet), client, instant_ms(0), &offer))
        return ip4(0);
    return offer.address;
}

static void an_offer_is_found_by_address_and_by_client(void **state)
{
    struct lease_offer offer;

    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    assert_true(lease_table_offer_at(*state, A(0, 20), instant_ms(0), &offer));
    assert_true(span_equal(offer.client, ALICE));
    assert_int_equal(offer.until.ms, 1000);
    assert_int_equal(offered_to(*state, 0, ALICE).value, A(0, 20).value);
    assert_int_equal(offered_to(*state, 0, BOB).value, 0);
    assert_int_equal(offered_to(*state, 1, ALICE).value, 0);
    assert_int_equal(lease_table_offer_count(*state), 1);
}

static void an_offer_is_over_at_its_time(void **state)
{
    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    assert_true(offered_at(*state, A(0, 20), 999));
    assert_false(offered_at(*state, A(0, 20), 1000));
}

static void an_offered_address_is_not_picked(void **state)
{
    const enum role owner = implied_owner(A(0, 128));

    lease_table_offer(*state, A(0, 128), ALICE, instant_ms(1000));
    assert_int_equal(help_pick(*state, 1, owner).value, A(0, 131).value);
    lease_table_offer(*state, A(0, 131), BOB, instant_ms(1000));
    assert_int_equal(help_pick(*state, 1, owner).value, 0);
}

static void an_offered_address_still_counts_as_free(void **state)
{
    const enum role owner = implied_owner(A(0, 128));

    lease_table_offer(*state, A(0, 128), ALICE, instant_ms(1000));
    assert_int_equal(lease_table_pool_counts(*state, POOL(1)).free[owner], 2);
}

static void an_address_comes_back_when_its_offer_ends(void **state)
{
    const enum role owner = implied_owner(A(0, 128));

    lease_table_offer(*state, A(0, 128), ALICE, instant_ms(1000));
    lease_table_offer(*state, A(0, 131), BOB, instant_ms(2000));
    lease_table_offers_expire(*state, instant_ms(999));
    assert_int_equal(help_pick(*state, 1, owner).value, 0);
    lease_table_offers_expire(*state, instant_ms(1000));
    assert_int_equal(help_pick(*state, 1, owner).value, A(0, 128).value);
    assert_int_equal(lease_table_offer_count(*state), 1);
    lease_table_offer_end(*state, A(0, 131));
    assert_int_equal(lease_table_offer_count(*state), 0);
    assert_int_equal(offered_to(*state, 0, BOB).value, 0);
}

static void an_address_that_was_bound_does_not_come_back_with_its_offer(void **state)
{
    const enum role owner = implied_owner(A(0, 128));
    const struct binding bound = help_active(A(0, 128), ALICE, 5000);
    const struct binding freed = help_free(A(0, 128), owner);

    lease_table_offer(*state, A(0, 128), ALICE, instant_ms(1000));
    lease_table_put(*state, &bound, 0);
    assert_true(offered_at(*state, A(0, 128), 0)); /* a put ends no offer */
    lease_table_offer_end(*state, A(0, 128));
    assert_int_equal(help_pick(*state, 1, owner).value, A(0, 131).value);
    lease_table_offer(*state, A(0, 131), BOB, instant_ms(1000));
    assert_int_equal(help_pick(*state, 1, owner).value, 0);
    lease_table_put(*state, &freed, 0);
    assert_int_equal(help_pick(*state, 1, owner).value, A(0, 128).value);
}

static void a_new_offer_to_a_client_replaces_its_old_one(void **state)
{
    const enum role owner = implied_owner(A(0, 128));

    lease_table_offer(*state, A(0, 128), ALICE, instant_ms(1000));
    lease_table_offer(*state, A(0, 131), ALICE, instant_ms(1000));
    assert_false(offered_at(*state, A(0, 128), 0));
    assert_int_equal(offered_to(*state, 0, ALICE).value, A(0, 131).value);
    assert_int_equal(help_pick(*state, 1, owner).value, A(0, 128).value);
    assert_int_equal(lease_table_offer_count(*state), 1);
}

static void a_client_has_one_offer_in_each_subnet(void **state)
{
    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    lease_table_offer(*state, A(1, 20), ALICE, instant_ms(1000));
    assert_int_equal(offered_to(*state, 0, ALICE).value, A(0, 20).value);
    assert_int_equal(offered_to(*state, 1, ALICE).value, A(1, 20).value);
}

static void a_new_offer_of_an_address_replaces_the_old_one(void **state)
{
    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    lease_table_offer(*state, A(0, 20), BOB, instant_ms(1000));
    assert_int_equal(offered_to(*state, 0, ALICE).value, 0);
    assert_int_equal(offered_to(*state, 0, BOB).value, A(0, 20).value);
    assert_int_equal(lease_table_offer_count(*state), 1);
}

/* The caller asks for the offer, then extends it with what it was told. */
static void an_offer_may_be_renewed_with_its_own_key(void **state)
{
    struct lease_offer offer;

    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    assert_true(lease_table_offer_at(*state, A(0, 20), instant_ms(0), &offer));
    lease_table_offer(*state, offer.address, offer.client, instant_ms(2000));
    assert_true(lease_table_offer_at(*state, A(0, 20), instant_ms(1500), &offer));
    assert_true(span_equal(offer.client, ALICE));
}

static void an_offer_never_ends_before_an_older_one(void **state)
{
    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    lease_table_offer(*state, A(0, 21), BOB, instant_ms(500));
    assert_true(offered_at(*state, A(0, 21), 999));
    lease_table_offers_expire(*state, instant_ms(1000));
    assert_int_equal(lease_table_offer_count(*state), 0);
}

static void an_address_outside_all_subnets_may_be_offered(void **state)
{
    struct lease_offer offer;
    const struct ip4 far = ip4(0x0b000001);

    lease_table_offer(*state, far, ALICE, instant_ms(1000));
    assert_true(lease_table_offer_to(*state, NULL, ALICE, instant_ms(0), &offer));
    assert_int_equal(offer.address.value, far.value);
    lease_table_offer_end(*state, far);
    assert_false(lease_table_offer_to(*state, NULL, ALICE, instant_ms(0), &offer));
}

static void ending_what_was_not_offered_does_nothing(void **state)
{
    const struct binding b = help_active(A(0, 21), ALICE, 1000);

    lease_table_put(*state, &b, 0);
    lease_table_offer_end(*state, A(0, 20));
    lease_table_offer_end(*state, A(0, 21));
    assert_int_equal(lease_table_offer_count(*state), 0);
}

/* A flood of new clients must not cost more and more memory. */
static void beyond_the_limit_the_oldest_offer_is_given_up(void **state)
{
    for (uint32_t i = 0; i < LEASE_OFFERS_MAX; i++)
        lease_table_offer(*state, BIG(i), span_of(&i, sizeof(i)), instant_ms(1000));
    assert_int_equal(lease_table_offer_count(*state), LEASE_OFFERS_MAX);
    lease_table_offer(*state, A(0, 20), ALICE, instant_ms(1000));
    assert_int_equal(lease_table_offer_count(*state), LEASE_OFFERS_MAX);
    assert_false(offered_at(*state, BIG(0), 0));
    assert_true(offered_at(*state, BIG(1), 0));
    assert_true(offered_at(*state, A(0, 20), 0));
}

static void expiry_of_many_offers_is_spread_over_calls(void **state)
{
    for (uint32_t i = 0; i < 1000; i++)
        lease_table_offer(*state, BIG(i), span_of(&i, sizeof(i)), instant_ms(1000));
    lease_table_offers_expire(*state, instant_ms(1000));
    assert_int_equal(lease_table_offer_count(*state), 1000 - 256);
    for (int i = 0; i < 3; i++)
        lease_table_offers_expire(*state, instant_ms(1000));
    assert_int_equal(lease_table_offer_count(*state), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_offer_is_found_by_address_and_by_client),
        TEST(an_offer_is_over_at_its_time),
        TEST(an_offered_address_is_not_picked),
        TEST(an_offered_address_still_counts_as_free),
        TEST(an_address_comes_back_when_its_offer_ends),
        TEST(an_address_that_was_bound_does_not_come_back_with_its_offer),
        TEST(a_new_offer_to_a_client_replaces_its_old_one),
        TEST(a_client_has_one_offer_in_each_subnet),
        TEST(a_new_offer_of_an_address_replaces_the_old_one),
        TEST(an_offer_may_be_renewed_with_its_own_key),
        TEST(an_offer_never_ends_before_an_older_one),
        TEST(an_address_outside_all_subnets_may_be_offered),
        TEST(ending_what_was_not_offered_does_nothing),
        TEST(beyond_the_limit_the_oldest_offer_is_given_up),
        TEST(expiry_of_many_offers_is_spread_over_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
