/* Which free address a new client gets, by `allocation` of its pool. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "config/load.h"
#include "daemon/lease/table.h"

#define FIRST 0x0a000010
#define COUNT 100 /* 10.0.0.16 to 10.0.0.125, without ten of them */

struct world {
    struct config *config;
    struct lease_table *table;
    uint32_t refused; /* by may_give */
    int64_t clock;
};

static int set_up(void **state, const char *allocation)
{
    static struct world world;
    struct config_problems problems = {0};
    char text[512];
    const int size = snprintf(text, sizeof(text),
                              "server: {interfaces: eth0}\n"
                              "subnets: [{subnet: 10.0.0.0/24, allocation: %s, pools: [{range: "
                              "10.0.0.16-10.0.0.125, exclude: 10.0.0.30-10.0.0.39}]}]\n",
                              allocation);

    world = (struct world){.clock = 1000};
    world.config = config_load_text("f", text, (size_t)size, NULL, &problems);
    assert_non_null(world.config);
    world.table = lease_table_new(world.config);
    lease_table_loaded(world.table);
    lease_table_seed(world.table, 42);
    *state = &world;
    return 0;
}

static int set_up_sequential(void **state)
{
    return set_up(state, "sequential");
}

static int set_up_random(void **state)
{
    return set_up(state, "random");
}

static int tear_down(void **state)
{
    struct world *w = *state;

    lease_table_free(w->table);
    config_free(w->config);
    return 0;
}

static bool may_give(void *context, const struct binding *binding, uint64_t seq)
{
    const struct world *w = context;

    (void)seq;
    return binding->address.value != w->refused;
}

static bool pick(struct world *w, uint64_t client, enum role owner, struct ip4 *address)
{
    const struct config_pool *pool = &w->config->pools[0];
    const struct span key = span_of(&client, sizeof(client));
    struct ip4 peeked;
    const bool peek = lease_table_peek_for(w->table, pool, owner, key, may_give, w, &peeked);
    const bool found = lease_table_pick_for(w->table, pool, owner, key, may_give, w, address);

    /* What an explanation says would be picked is. */
    assert_int_equal(peek, found);
    if (found)
        assert_int_equal(peeked.value, address->value);
    return found;
}

static void put(struct world *w, struct ip4 address, enum binding_state state)
{
    struct binding b = lease_table_binding(w->table, address);
    static const uint8_t key[] = {0, 1, 2, 3};

    b.state = state;
    b.client = span_of(key, sizeof(key));
    b.version = (struct version){w->clock, 0, ROLE_PRIMARY};
    b.cltt = b.expires = instant_ms(w->clock++);
    lease_table_put(w->table, &b, (uint64_t)w->clock);
}

/* All of one owner's addresses, each bound as it is picked; returns how many. */
static size_t take_all(struct world *w, enum role owner, struct ip4 *taken)
{
    size_t count = 0;

    while (count < COUNT && pick(w, count, owner, &taken[count])) {
        assert_int_equal(lease_table_binding(w->table, taken[count]).owner, owner);
        assert_ptr_equal(config_pool_of(w->config, taken[count]), &w->config->pools[0]);
        put(w, taken[count++], BINDING_ACTIVE);
    }
    return count;
}

static void sequential_goes_up(void **state)
{
    struct world *w = *state;
    struct ip4 taken[2 * COUNT];
    size_t primary = take_all(w, ROLE_PRIMARY, taken);

    for (size_t i = 1; i < primary; i++)
        assert_true(taken[i - 1].value < taken[i].value);
    assert_int_equal(primary + take_all(w, ROLE_SECONDARY, taken), COUNT);
}

/* Not the one that has been free for longest, nor one that was never used. */
static void sequential_takes_the_lowest_that_is_free_again(void **state)
{
    struct world *w = *state;
    struct ip4 taken[COUNT], address;

    for (size_t i = 0; i < 20; i++) {
        assert_true(pick(w, i, ROLE_PRIMARY, &taken[i]));
        put(w, taken[i], BINDING_ACTIVE);
    }
    put(w, taken[9], BINDING_FREE);
    put(w, taken[4], BINDING_FREE);
    put(w, taken[12], BINDING_FREE);
    assert_true(pick(w, 1, ROLE_PRIMARY, &address));
    assert_int_equal(address.value, taken[4].value);
    w->refused = taken[4].value;
    assert_true(pick(w, 1, ROLE_PRIMARY, &address));
    assert_int_equal(address.value, taken[9].value);
    put(w, taken[9], BINDING_ACTIVE);
    put(w, taken[12], BINDING_ACTIVE);
    assert_true(pick(w, 1, ROLE_PRIMARY, &address));
    assert_true(address.value > taken[19].value);
}

static void sequential_passes_what_is_under_offer_or_refused(void **state)
{
    struct world *w = *state;
    struct ip4 first, second, third;
    static const uint8_t key[] = {0, 1, 9};

    assert_true(pick(w, 1, ROLE_PRIMARY, &first));
    lease_table_offer(w->table, first, span_of(key, sizeof(key)), instant_ms(5000));
    assert_true(pick(w, 1, ROLE_PRIMARY, &second));
    assert_true(second.value > first.value);
    w->refused = second.value;
    assert_true(pick(w, 1, ROLE_PRIMARY, &third));
    assert_true(third.value > second.value);
    w->refused = 0;
    assert_true(pick(w, 1, ROLE_PRIMARY, &third));
    assert_int_equal(third.value, second.value);
    lease_table_offer_end(w->table, first);
    assert_true(pick(w, 1, ROLE_PRIMARY, &third));
    assert_int_equal(third.value, first.value);
}

/* The same client, the same answer; clients in a row are spread. */
static void random_follows_from_client_and_seed(void **state)
{
    struct world *w = *state;
    struct ip4 one[10], again;
    size_t moved = 0, ascending = 0;

    for (uint64_t i = 0; i < 10; i++) {
        assert_true(pick(w, i, ROLE_PRIMARY, &one[i]));
        assert_true(pick(w, i, ROLE_PRIMARY, &again));
        assert_int_equal(again.value, one[i].value);
        ascending += i > 0 && one[i].value > one[i - 1].value;
    }
    assert_true(ascending < 9);
    lease_table_seed(w->table, 43);
    for (uint64_t i = 0; i < 10; i++) {
        assert_true(pick(w, i, ROLE_PRIMARY, &again));
        moved += again.value != one[i].value;
    }
    assert_true(moved > 5);
}

static void random_finds_every_address_in_the_end(void **state)
{
    struct world *w = *state;
    struct ip4 taken[2 * COUNT], address;
    size_t count = take_all(w, ROLE_PRIMARY, taken);

    count += take_all(w, ROLE_SECONDARY, taken + count);
    assert_int_equal(count, COUNT);
    assert_false(pick(w, 1, ROLE_PRIMARY, &address));
    put(w, taken[3], BINDING_FREE);
    assert_true(pick(w, 1, ROLE_PRIMARY, &address));
    assert_int_equal(address.value, taken[3].value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sequential_goes_up, set_up_sequential, tear_down),
        cmocka_unit_test_setup_teardown(sequential_takes_the_lowest_that_is_free_again,
                                        set_up_sequential, tear_down),
        cmocka_unit_test_setup_teardown(sequential_passes_what_is_under_offer_or_refused,
                                        set_up_sequential, tear_down),
        cmocka_unit_test_setup_teardown(random_follows_from_client_and_seed, set_up_random,
                                        tear_down),
        cmocka_unit_test_setup_teardown(random_finds_every_address_in_the_end, set_up_random,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
