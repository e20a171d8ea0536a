/* What holds at a pool or subnet together with the levels above it. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>
#include <stdlib.h>

static const char text[] =
    SERVER "lease-time: {default: 12h, min: 5m, max: 24h}\n"
           "server-name: file\n"
           "options: {routers: 10.0.0.1, domain-name: file.net, root-path: /file}\n"
           "subnets:\n"
           "  - subnet: 10.0.0.0/24\n"
           "    pools: [{range: 10.0.0.10-10.0.0.19}]\n"
           "  - subnet: 10.0.1.0/24\n"
           "    options: {domain-name: subnet.net, interface-mtu: 9000}\n"
           "    next-server: 10.0.1.9\n"
           "    pools:\n"
           "      - {range: 10.0.1.10-10.0.1.19}\n"
           "      - range: 10.0.1.20-10.0.1.29\n"
           "        options: {root-path: /pool}\n"
           "        lease-time: {default: 1h}\n"
           "        boot-file-name: pool\n"
           "      - {range: 10.0.1.30-10.0.1.39, lease-time: {max: 30h}}\n";

static int set_up(void **state)
{
    *state = load_right(text, NULL);
    return 0;
}

static int tear_down(void **state)
{
    config_free(*state);
    return 0;
}

/* Ten thousand subnets that say nothing cost nothing. */
static void who_says_nothing_shares_what_holds_above(void **state)
{
    const struct config *config = *state;

    assert_ptr_equal(config->subnets[0].effective, &config->terms);
    assert_ptr_equal(config->pools[0].effective, &config->terms);
    assert_ptr_equal(config->pools[1].effective, config->subnets[1].effective);
    assert_ptr_not_equal(config->subnets[1].effective, &config->terms);
}

/* ... and who says nothing of options shares these. */
static void options_are_shared_where_only_a_time_is_said(void **state)
{
    const struct config *config = *state;

    assert_ptr_not_equal(config->pools[3].effective, config->subnets[1].effective);
    assert_ptr_equal(config->pools[3].effective->options,
                     config->subnets[1].effective->options);
    assert_ptr_equal(config->pools[3].terms.options, &config_no_options);
}

static void options_of_the_levels_are_merged(void **state)
{
    const struct config *config = *state;
    const struct config_options *subnet = config->subnets[1].effective->options;
    const struct config_options *pool = config->pools[2].effective->options;

    assert_int_equal(subnet->count, 4);
    assert_string_equal(option_text(subnet, OPTION_ROUTERS), "10.0.0.1");
    assert_string_equal(option_text(subnet, OPTION_DOMAIN_NAME), "subnet.net");
    assert_string_equal(option_text(subnet, 17), "/file");
    assert_string_equal(option_text(subnet, 26), "9000");
    assert_int_equal(pool->count, 4);
    assert_string_equal(option_text(pool, OPTION_DOMAIN_NAME), "subnet.net");
    assert_string_equal(option_text(pool, 17), "/pool");
    /* What a level says itself stays what it was. */
    assert_int_equal(config->pools[2].terms.options->count, 1);
    assert_int_equal(config->terms.options->count, 3);
}

static void header_fields_are_merged_one_by_one(void **state)
{
    const struct config *config = *state;
    const struct config_boot *boot = &config->pools[2].effective->boot;

    assert_string_equal(boot->server_name, "file");
    assert_int_equal(boot->next_server.value, address("10.0.1.9").value);
    assert_string_equal(boot->boot_file_name, "pool");
    assert_string_equal(config->subnets[1].effective->boot.boot_file_name, "");
}

static void lease_times_are_merged_one_by_one(void **state)
{
    const struct config *config = *state;
    const struct config_lease_time *time = &config->pools[2].effective->lease_time;

    assert_int_equal(time->default_s, 3600);
    assert_int_equal(time->min_s, 300);
    assert_int_equal(time->max_s, 24 * 3600);
    assert_int_equal(config->pools[3].effective->lease_time.max_s, 30 * 3600);
    assert_int_equal(config->subnets[1].effective->lease_time.max_s, 24 * 3600);
}

/* A datacenter's file: each subnet keeps to its own, and all share one name. */
static void each_of_ten_thousand_subnets_has_its_own_options(void **state)
{
    enum { COUNT = 10000, LINE_MAX_SIZE = 128 };
    char *yaml = malloc(COUNT * LINE_MAX_SIZE);
    size_t used = (size_t)sprintf(yaml, SERVER "options: {domain-name: x.net}\nsubnets:\n");
    struct config *config;

    (void)state;
    for (unsigned i = 0; i < COUNT; i++)
        used += (size_t)snprintf(yaml + used, LINE_MAX_SIZE,
                                 "- {subnet: 10.%u.%u.0/24, pools: [{range: 10.%u.%u.9}], "
                                 "options: {routers: 10.%u.%u.1}}\n",
                                 i >> 8, i & 255, i >> 8, i & 255, i >> 8, i & 255);
    config = load_right(yaml, NULL);
    for (unsigned i = 0; i < COUNT; i++) {
        const struct ip4 own = ip4(0x0a000000 | i << 8);
        const struct config_pool *pool = config_pool_of(config, ip4(own.value + 9));
        const uint8_t router[] = {10, (uint8_t)(i >> 8), (uint8_t)i, 1};
        const struct config_options *options;

        assert_non_null(pool);
        options = pool->effective->options;
        assert_int_equal(options->count, 2);
        assert_memory_equal(config_options_find(options, OPTION_ROUTERS).data, router, 4);
        assert_memory_equal(config_options_find(options, OPTION_DOMAIN_NAME).data, "x.net", 5);
    }
    config_free(config);
    free(yaml);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_says_nothing_shares_what_holds_above),
        TEST(options_are_shared_where_only_a_time_is_said),
        TEST(options_of_the_levels_are_merged),
        TEST(header_fields_are_merged_one_by_one),
        TEST(lease_times_are_merged_one_by_one),
        cmocka_unit_test(each_of_ten_thousand_subnets_has_its_own_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
