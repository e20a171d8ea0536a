/* `warn-free`: a pool that runs out is told once, and once when it has recovered. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* 16 addresses, warned below 8 free; recovered above 10. */
static const char lan[] =
    "lease-time: 1h\n"
    "warn-free: 100%\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools:\n"
    "      - {range: 10.77.16.0-10.77.16.15, warn-free: 50%}\n"
    "      - {range: 10.77.17.0-10.77.17.3, warn-free: 0}\n"
    "    reservations: [{hw-address: '02:00:00:00:00:30', address: 10.77.17.1}]\n";

static int set_up(void **state)
{
    *state = pair_new("1h", lan);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static unsigned told(struct pair *pair, const char *name)
{
    pair_run(pair, 1000);
    return (unsigned)pair_had_event(pair, ROLE_PRIMARY, name) +
           (unsigned)pair_had_event(pair, ROLE_SECONDARY, name);
}

static bool is_low(const struct pair *pair, enum role role, size_t pool)
{
    return server_pool_is_low(pair->nodes[role].server, &pair->nodes[role].config->pools[pool]);
}

static void bind(struct pair *pair, uint8_t first, uint8_t last, struct ip4 *address)
{
    for (uint8_t client = first; client <= last; client++)
        address[client] = pair_bind(pair, client, NULL);
}

static void release(struct pair *pair, uint8_t client, struct ip4 address)
{
    for (int role = 0; role < 2; role++)
        pair_tell(pair, (enum role)role,
                  &(struct ask){.type = DHCP4_RELEASE,
                                .client = client,
                                .ciaddr = address,
                                .server = node_address((enum role)role),
                                .to = node_address((enum role)role)});
    pair_run(pair, 1000);
}

static void a_pool_that_runs_out_is_told_once(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[64];

    bind(pair, 1, 8, address);
    assert_int_equal(told(pair, "pool-low"), 0);
    bind(pair, 9, 9, address);
    assert_int_equal(told(pair, "pool-low"), 2); /* by each peer */
    assert_true(is_low(pair, ROLE_PRIMARY, 0) && is_low(pair, ROLE_SECONDARY, 0));
    bind(pair, 10, 10, address);
    assert_int_equal(told(pair, "pool-low"), 0);
}

/* One lease more and one less would otherwise fill the log. */
static void it_has_recovered_when_it_has_a_quarter_more(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[64];

    bind(pair, 1, 9, address);
    (void)told(pair, "pool-low");
    pair_forget(pair);
    for (uint8_t client = 1; client <= 3; client++)
        release(pair, client, address[client]);
    assert_int_equal(told(pair, "pool-recovered"), 0);
    assert_true(is_low(pair, ROLE_PRIMARY, 0));
    release(pair, 4, address[4]);
    assert_int_equal(told(pair, "pool-recovered"), 2);
    assert_false(is_low(pair, ROLE_PRIMARY, 0));
}

static void a_pool_may_say_never(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[64];

    bind(pair, 0x30, 0x30, address);
    pair_run(pair, 1000);
    assert_true(lease_table_pool_counts(server_leases(pair->nodes[0].server),
                                        &pair->nodes[0].config->pools[1])
                    .active > 0);
    assert_false(is_low(pair, ROLE_PRIMARY, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pool_that_runs_out_is_told_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_has_recovered_when_it_has_a_quarter_more, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_pool_may_say_never, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
