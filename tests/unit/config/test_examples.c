/* The files of config/examples/ load, and mean what they say. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

static struct config *load_example(const char *name, const char *node)
{
    struct config_problems problems;
    struct config *config;
    char path[256];

    (void)snprintf(path, sizeof(path), "config/examples/%s", name);
    config = config_load(path, node, &problems);
    config_problems_print(&problems, path, stderr);
    assert_int_equal(problems.count, 0);
    assert_non_null(config);
    assert_string_equal(config->file, path);
    config_problems_free(&problems);
    return config;
}

static void the_pair_loads(void **state)
{
    struct config *config = load_example("pair.yaml", "dhcp-b");
    const struct config_reservation *reservation =
        config_reservation_at(config, address("10.77.0.20"));

    (void)state;
    assert_string_equal(config->pair.name, "dc1-row-a");
    assert_string_equal(config->pair.curve_directory, "/etc/twindhcp/keys");
    assert_string_equal(config->pair.nodes[ROLE_PRIMARY].link, "tcp://10.78.0.1:6470");
    assert_string_equal(config->server.api_http, "127.0.0.1:8067");
    assert_int_equal(config->terms.lease_time.default_s, 12 * 3600);
    assert_string_equal(option_text(config->terms.options, OPTION_DOMAIN_NAME),
                        "dc1.example.net");
    assert_int_equal(config->class_count, 1);
    assert_string_equal(config->classes[0].name, "uefi-http");
    assert_int_equal(config->classes[0].condition_count, 2);
    assert_int_equal(config->classes[0].conditions[0].values[0].kind, VALUE_GLOB);
    assert_string_equal(option_text(config->classes[0].terms.options, OPTION_BOOT_FILE_NAME),
                        "http://boot.example.net/ipxe.efi");
    assert_int_equal(config->pools[0].size, 0x1000000 / 256 - 16 * 256 - 1);
    assert_string_equal(option_text(config->subnets[0].terms.options, OPTION_ROUTERS),
                        "10.77.0.1");
    assert_string_equal(reservation->host_name, "db1");
    config_free(config);
}

static void the_lone_server_loads(void **state)
{
    struct config *config = load_example("alone.yaml", NULL);

    (void)state;
    assert_false(config->has_pair);
    assert_int_equal(config->pools[0].size, 100);
    assert_int_equal(config->terms.lease_time.max_s, 24 * 3600);
    config_free(config);
}

static void the_relayed_pair_loads_on_both_nodes(void **state)
{
    struct config *a = load_example("relay.yaml", "dhcp-a"),
                  *b = load_example("relay.yaml", "dhcp-b");

    (void)state;
    assert_int_equal(a->server.listen[0].value, address("10.78.0.1").value);
    assert_int_equal(b->server.listen[0].value, address("10.78.0.2").value);
    assert_string_equal(b->server.store, "/var/lib/twindhcp/dhcp-b");
    assert_int_equal(a->pair.split_percent, 80);
    assert_int_equal(a->subnet_count, 3);
    assert_int_equal(a->pools[0].part_count, 4);
    assert_int_equal(a->pools[0].size, 241 - 1 - 16 - 10);
    assert_string_equal(option_text(a->terms.options, 42), "10.0.0.53, 10.0.1.53");
    assert_int_equal(a->subnets[0].reservation_count, 3);
    assert_int_equal(a->subnets[1].terms.lease_time.min_s, 600);
    assert_int_equal(a->pools[2].terms.lease_time.default_s, 1800);
    assert_string_equal(a->pools[2].terms.boot.server_name, "guest-boot");
    assert_int_equal(a->digests.part[PART_POOLS], b->digests.part[PART_POOLS]);
    config_free(a);
    config_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pair_loads),
        cmocka_unit_test(the_lone_server_loads),
        cmocka_unit_test(the_relayed_pair_loads_on_both_nodes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
