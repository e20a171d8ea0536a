/* Which address a new client gets. */
#include "help_table.h"

static void put_free(struct lease_table *table, struct ip4 address, enum role owner)
{
    const struct binding b = help_free(address, owner);

    lease_table_put(table, &b, 0);
}

static void put_active(struct lease_table *table, struct ip4 address)
{
    const struct binding b = help_active(address, ALICE, 1000);

    lease_table_put(table, &b, 0);
}

static void assert_picks(struct lease_table *table, size_t pool, enum role owner,
                         struct ip4 want)
{
    assert_int_equal(help_pick(table, pool, owner).value, want.value);
}

/* Pool 1 is .128 (even number of bits: 4) .129 (5), .130 (5), .131 (6). */
static void each_peer_picks_of_its_implied_share(void **state)
{
    assert_int_equal(implied_owner(A(0, 128)), implied_owner(A(0, 131)));

    const enum role first = implied_owner(A(0, 128));

    assert_picks(*state, 1, first, A(0, 128));
    assert_picks(*state, 1, role_other(first), A(0, 129));
}

static void a_picked_address_stays_free_until_it_is_used(void **state)
{
    const enum role owner = implied_owner(A(0, 128));

    assert_picks(*state, 1, owner, A(0, 128));
    assert_picks(*state, 1, owner, A(0, 128));
    put_active(*state, A(0, 128));
    assert_picks(*state, 1, owner, A(0, 131));
}

static void an_excluded_address_is_never_picked(void **state)
{
    for (int owner = 0; owner < 2; owner++) {
        for (;;) {
            const struct ip4 address = help_pick(*state, 0, (enum role)owner);

            if (address.value == 0)
                break;
            assert_ptr_equal(config_pool_of(&help_config, address), POOL(0));
            put_active(*state, address);
        }
    }
    assert_int_equal(lease_table_pool_counts(*state, POOL(0)).active, 56);
    assert_int_equal(lease_table_size(*state), 56);
}

static void never_used_addresses_come_before_used_ones(void **state)
{
    const enum role owner = implied_owner(A(0, 128));

    put_free(*state, A(0, 128), owner);
    assert_picks(*state, 1, owner, A(0, 131));
    put_active(*state, A(0, 131));
    assert_picks(*state, 1, owner, A(0, 128));
}

static void used_addresses_come_least_recently_used_first(void **state)
{
    const enum role owner = ROLE_PRIMARY;
    const uint32_t order[] = {130, 128, 131, 129};

    for (size_t i = 0; i < ARRAY_SIZE(order); i++)
        put_free(*state, A(0, order[i]), owner);
    for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
        assert_picks(*state, 1, owner, A(0, order[i]));
        put_active(*state, A(0, order[i]));
    }
    assert_picks(*state, 1, owner, ip4(0));
}

static void an_address_given_away_is_the_others_to_pick(void **state)
{
    for (uint32_t i = 128; i < 132; i++)
        put_free(*state, A(0, i), ROLE_SECONDARY);
    assert_picks(*state, 1, ROLE_PRIMARY, ip4(0));
    assert_picks(*state, 1, ROLE_SECONDARY, A(0, 128));
    assert_int_equal(lease_table_pool_counts(*state, POOL(1)).free[ROLE_PRIMARY], 0);
    assert_int_equal(lease_table_pool_counts(*state, POOL(1)).free[ROLE_SECONDARY], 4);
}

static void an_address_set_aside_is_not_picked(void **state)
{
    struct binding b = help_free(A(0, 128), implied_owner(A(0, 128)));
    const enum role owner = b.owner;

    put_active(*state, A(0, 131));
    b.reserved = BOB;
    lease_table_put(*state, &b, 0);
    assert_picks(*state, 1, owner, ip4(0));
    b.reserved = span_of(NULL, 0);
    lease_table_put(*state, &b, 0);
    assert_picks(*state, 1, owner, A(0, 128));
}

static void a_refused_address_is_asked_about_again(void **state)
{
    const enum role owner = implied_owner(A(0, 128));
    struct ip4 refused = A(0, 128), got = {0};

    assert_true(lease_table_pick(*state, POOL(1), owner, help_give_all_but, &refused, &got));
    assert_int_equal(got.value, A(0, 131).value);
    assert_false(lease_table_pick(*state, POOL(1), owner, help_give_none, NULL, &got));
    assert_picks(*state, 1, owner, A(0, 128));
    put_active(*state, A(0, 128));
    assert_picks(*state, 1, owner, A(0, 131));
}

static void refusals_change_no_record_and_no_count(void **state)
{
    struct ip4 got;

    assert_false(lease_table_pick(*state, POOL(1), ROLE_PRIMARY, help_give_none, NULL, &got));
    assert_int_equal(lease_table_size(*state), 0);
    assert_int_equal(lease_table_digest(*state), 0);
    assert_int_equal(lease_table_pool_counts(*state, POOL(1)).free[ROLE_PRIMARY], 2);
}

static bool count_and_refuse(void *context, const struct binding *binding, uint64_t seq)
{
    size_t *asked = context;

    (void)binding;
    (void)seq;
    ++*asked;
    return false;
}

/* With everything refused a pick still ends soon, and the next one looks at the others. */
static void a_pick_looks_at_a_limited_number_of_used_addresses(void **state)
{
    size_t asked = 0;
    struct ip4 got;

    for (uint32_t i = 0; i < 256; i++)
        put_free(*state, A(1, i), ROLE_PRIMARY);
    assert_false(
        lease_table_pick(*state, POOL(2), ROLE_PRIMARY, count_and_refuse, &asked, &got));
    assert_int_equal(asked, LEASE_SCAN_MAX);
    assert_picks(*state, 2, ROLE_PRIMARY, A(1, LEASE_SCAN_MAX));
}

static bool give_from(void *context, const struct binding *binding, uint64_t seq)
{
    const struct ip4 *first = context;

    (void)seq;
    return binding->address.value >= first->value;
}

/* A block of reserved addresses at the start of a pool does not keep a client waiting. */
static void a_pick_comes_past_thousands_of_refused_never_used_addresses(void **state)
{
    struct ip4 first = BIG(8000), got = {0};
    const enum role owner = implied_owner(first);

    assert_true(lease_table_pick(*state, POOL(3), owner, give_from, &first, &got));
    assert_int_equal(got.value, first.value);
}

static void every_address_of_a_large_pool_is_found_once(void **state)
{
    for (int owner = 0; owner < 2; owner++) {
        size_t found = 0;

        for (struct ip4 a; (a = help_pick(*state, 3, (enum role)owner)).value != 0; found++)
            put_active(*state, a);
        assert_int_equal(found, 32768);
    }
    assert_int_equal(lease_table_pool_counts(*state, POOL(3)).active, 65536);
}

static void counts_of_untouched_pools_are_the_implied_shares(void **state)
{
    for (size_t i = 0; i < help_config.pool_count; i++) {
        const struct pool_counts c = lease_table_pool_counts(*state, POOL(i));

        assert_int_equal(c.free[0] + c.free[1], POOL(i)->size);
        assert_int_equal(c.free[0], POOL(i)->size / 2); /* parts are aligned blocks here */
        assert_int_equal(c.active + c.released + c.abandoned, 0);
    }
}

static void every_state_is_counted(void **state)
{
    const enum role owner = implied_owner(A(0, 128));
    const enum binding_state states[] = {BINDING_ACTIVE, BINDING_RELEASED, BINDING_ABANDONED,
                                         BINDING_FREE};

    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        const struct binding b = help_binding(A(0, 128), states[i], ALICE, 1000);

        lease_table_put(*state, &b, 0);

        const struct pool_counts c = lease_table_pool_counts(*state, POOL(1));

        assert_int_equal(c.active, states[i] == BINDING_ACTIVE);
        assert_int_equal(c.released, states[i] == BINDING_RELEASED);
        assert_int_equal(c.abandoned, states[i] == BINDING_ABANDONED);
        assert_int_equal(c.free[owner], states[i] == BINDING_FREE ? 2 : 1);
        assert_int_equal(c.free[role_other(owner)], 2);
    }
}

/* The store gives records in its own order; who waited longest still comes first. */
static void after_loading_the_order_is_that_of_the_last_transactions(void **state)
{
    static const struct {
        uint32_t d;
        int64_t cltt;
    } records[] = {{129, 300}, {131, 100}, {128, 200}, {130, 100}};
    const uint32_t order[] = {130, 131, 128, 129};
    struct lease_table *table = lease_table_new(&help_config);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
        struct binding b = help_free(A(0, records[i].d), ROLE_PRIMARY);

        b.cltt = instant_ms(records[i].cltt);
        lease_table_put(table, &b, 0);
    }
    lease_table_loaded(table);
    for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
        assert_picks(table, 1, ROLE_PRIMARY, A(0, order[i]));
        put_active(table, A(0, order[i]));
    }
    lease_table_free(table);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_peer_picks_of_its_implied_share),
        TEST(a_picked_address_stays_free_until_it_is_used),
        TEST(an_excluded_address_is_never_picked),
        TEST(never_used_addresses_come_before_used_ones),
        TEST(used_addresses_come_least_recently_used_first),
        TEST(an_address_given_away_is_the_others_to_pick),
        TEST(an_address_set_aside_is_not_picked),
        TEST(a_refused_address_is_asked_about_again),
        TEST(refusals_change_no_record_and_no_count),
        TEST(a_pick_looks_at_a_limited_number_of_used_addresses),
        TEST(a_pick_comes_past_thousands_of_refused_never_used_addresses),
        TEST(every_address_of_a_large_pool_is_found_once),
        TEST(counts_of_untouched_pools_are_the_implied_shares),
        TEST(every_state_is_counted),
        cmocka_unit_test(after_loading_the_order_is_that_of_the_last_transactions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
