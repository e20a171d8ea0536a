/* Subnets, pools and reservations, and what they may not be to each other. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#define SUBNET SERVER "subnets:\n  - subnet: 10.0.0.0/24\n"

static void a_network_has_no_host_bits(void **state)
{
    (void)state;
    expect_problems(SERVER "subnets: [{subnet: 10.0.0.7/24}]\n", NULL,
                    "f:2:20: subnet: '10.0.0.7/24' has host bits set; write 10.0.0.0/24\n");
}

static void what_is_no_network_of_a_link_is_refused(void **state)
{
    static const char *const malformed[] = {"10.0.0.0", "10.0.0.0/33", "10.0.0/24",
                                            "eth0",     "10.0.0.0/",   "10.0.0.0/24x"};
    static const char *const wrong[] = {"0.0.0.0/8",          "127.0.0.0/8", "224.0.0.0/24",
                                        "255.255.255.255/32", "10.0.0.0/7",  "0.0.0.0/0"};
    char text[256], said[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(malformed); i++) {
        (void)snprintf(text, sizeof(text), SERVER "subnets: [{subnet: %s}]\n", malformed[i]);
        (void)snprintf(said, sizeof(said),
                       "f:2:20: subnet: '%s' is not a network such as 10.77.0.0/16\n",
                       malformed[i]);
        expect_problems(text, NULL, said);
    }
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        (void)snprintf(text, sizeof(text), SERVER "subnets: [{subnet: %s}]\n", wrong[i]);
        (void)snprintf(said, sizeof(said),
                       "f:2:20: subnet: '%s' is not the network of a link; write a unicast "
                       "network of /8 to /32\n",
                       wrong[i]);
        expect_problems(text, NULL, said);
    }
}

static void subnets_do_not_overlap(void **state)
{
    (void)state;
    expect_problems(
        SERVER "subnets:\n"
               "  - subnet: 10.1.2.0/24\n"
               "  - subnet: 10.0.0.0/24\n"
               "  - subnet: 10.1.0.0/16\n"
               "  - subnet: 10.1.3.0/24\n"
               "  - subnet: 10.0.0.0/24\n",
        NULL,
        "f:5:13: subnet: 10.1.0.0/16 overlaps 10.1.2.0/24 of line 3; write networks "
        "that are apart\n"
        "f:6:13: subnet: 10.1.3.0/24 overlaps 10.1.0.0/16 of line 5; write networks "
        "that are apart\n"
        "f:7:13: subnet: 10.0.0.0/24 is given twice; the first is at line 4\n");
}

static void a_range_that_is_none_is_refused(void **state)
{
    (void)state;
    expect_problems(
        SUBNET "    pools:\n"
               "      - range: 10.0.0.1 to 10.0.0.9\n"
               "      - range: 10.0.0.9-10.0.0.1\n"
               "      - range: 10.0.0.65/26\n"
               "      - range: [10.0.0.1, 10.0.0.9]\n"
               "      - exclude: 10.0.0.1\n",
        NULL,
        "f:5:16: range: '10.0.0.1 to 10.0.0.9' is not a range; write a range such as "
        "10.0.0.10-10.0.0.99, or a network such as 10.0.0.64/26\n"
        "f:6:16: range: '10.0.0.9-10.0.0.1' runs backwards; write "
        "10.0.0.1-10.0.0.9\n"
        "f:7:16: range: '10.0.0.65/26' has host bits set; write 10.0.0.64/26\n"
        "f:8:16: range is a list; write a single value\n"
        "f:9:9: pool has no 'range'; write for example 'range: "
        "10.77.16.0-10.77.255.254'\n");
}

static void a_pool_lies_inside_its_subnet(void **state)
{
    (void)state;
    expect_problems(
        SUBNET "    pools:\n"
               "      - range: 10.0.1.1-10.0.1.9\n"
               "      - range: 10.0.0.200-10.0.1.0\n",
        NULL,
        "f:5:16: range: 10.0.1.1-10.0.1.9 is not inside the subnet 10.0.0.0/24; its "
        "hosts are 10.0.0.1-10.0.0.254\n"
        "f:6:16: range: 10.0.0.200-10.0.1.0 is not inside the subnet 10.0.0.0/24; "
        "its hosts are 10.0.0.1-10.0.0.254\n");
}

static void a_pool_leaves_network_and_broadcast_address_out(void **state)
{
    (void)state;
    expect_problems(SUBNET "    pools: [{range: 10.0.0.0/24}]\n", NULL,
                    "f:4:21: range: 10.0.0.0-10.0.0.255 holds the network or broadcast address "
                    "of 10.0.0.0/24; write 10.0.0.1-10.0.0.254\n");
    expect_problems(
        SUBNET "    pools: [{range: 10.0.0.200-10.0.0.255}]\n", NULL,
        "f:4:21: range: 10.0.0.200-10.0.0.255 holds the network or broadcast address "
        "of 10.0.0.0/24; write 10.0.0.200-10.0.0.254\n");
    expect_problems(SUBNET "    pools: [{range: 10.0.0.0/32}]\n", NULL,
                    "f:4:21: range: 10.0.0.0 holds the network or broadcast address of "
                    "10.0.0.0/24; write 10.0.0.1-10.0.0.254\n");
}

static void both_addresses_of_a_point_to_point_link_are_hosts(void **state)
{
    struct config *config = load_right(
        SERVER "subnets: [{subnet: 10.0.0.0/31, pools: [{range: 10.0.0.0/31}]}]\n", NULL);

    (void)state;
    assert_int_equal(config->pools[0].size, 2);
    config_free(config);
}

static void pools_do_not_overlap(void **state)
{
    (void)state;
    expect_problems(
        SUBNET "    pools:\n"
               "      - range: 10.0.0.50-10.0.0.59\n"
               "      - range: 10.0.0.10-10.0.0.99\n"
               "      - range: 10.0.0.60-10.0.0.61\n"
               "      - range: 10.0.0.99\n"
               "      - range: 10.0.0.100-10.0.0.101\n",
        NULL,
        "f:6:16: range: 10.0.0.10-10.0.0.99 overlaps 10.0.0.50-10.0.0.59 of line 5; "
        "write ranges that are apart\n"
        "f:7:16: range: 10.0.0.60-10.0.0.61 overlaps 10.0.0.10-10.0.0.99 of line 6; "
        "write ranges that are apart\n"
        "f:8:16: range: 10.0.0.99 overlaps 10.0.0.10-10.0.0.99 of line 6; write "
        "ranges that are apart\n");
}

static void exclusions_lie_inside_the_range_and_leave_something(void **state)
{
    (void)state;
    expect_problems(
        SUBNET "    pools:\n"
               "      - range: 10.0.0.10-10.0.0.19\n"
               "        exclude: [10.0.0.9, 10.0.0.19-10.0.0.20]\n"
               "      - range: 10.0.0.30-10.0.0.39\n"
               "        exclude: [10.0.0.35-10.0.0.39, 10.0.0.30-10.0.0.36]\n",
        NULL,
        "f:6:19: exclude: 10.0.0.9 is not inside the range 10.0.0.10-10.0.0.19; "
        "exclude only what the range holds\n"
        "f:6:29: exclude: 10.0.0.19-10.0.0.20 is not inside the range "
        "10.0.0.10-10.0.0.19; exclude only what the range holds\n"
        "f:8:18: exclude: nothing is left of the range 10.0.0.30-10.0.0.39; exclude "
        "less, or remove the pool\n");
}

static void assert_part(const struct config_pool *pool, size_t i, const char *first,
                        const char *last)
{
    assert_true(i < pool->part_count);
    assert_int_equal(pool->parts[i].first.value, address(first).value);
    assert_int_equal(pool->parts[i].last.value, address(last).value);
}

static void exclusions_cut_a_pool_into_parts(void **state)
{
    struct config *config =
        load_right(SUBNET "    pools:\n"
                          "      - range: 10.0.0.10-10.0.0.99\n"
                          "        exclude: [10.0.0.60, 10.0.0.10, 10.0.0.20-10.0.0.29, "
                          "10.0.0.25-10.0.0.31, 10.0.0.32, 10.0.0.96/30]\n"
                          "      - range: 10.0.0.100-10.0.0.109\n",
                   NULL);
    const struct config_pool *pool = &config->pools[0];

    (void)state;
    assert_int_equal(pool->part_count, 3);
    assert_part(pool, 0, "10.0.0.11", "10.0.0.19");
    assert_part(pool, 1, "10.0.0.33", "10.0.0.59");
    assert_part(pool, 2, "10.0.0.61", "10.0.0.95");
    assert_int_equal(pool->size, 9 + 27 + 35);
    assert_int_equal(config->pools[1].part_count, 1);
    assert_part(&config->pools[1], 0, "10.0.0.100", "10.0.0.109");
    config_free(config);
}

/* ---- reservations ---- */

#define RESERVED SUBNET "    reservations:\n"

static void a_reservation_names_one_client(void **state)
{
    (void)state;
    expect_problems(RESERVED "      - {address: 10.0.0.5}\n"
                             "      - {address: 10.0.0.6, client-id: '01', hw-address: "
                             "'52:54:00:00:00:01'}\n",
                    NULL,
                    "f:5:9: reservation names no client; write one of hw-address, client-id, "
                    "circuit-id, remote-id, duid or flex-id\n"
                    "f:6:58: reservation has both 'hw-address' and 'client-id'; keep one of "
                    "them\n");
}

static void a_client_is_written_in_known_ways(void **state)
{
    (void)state;
    expect_problems(RESERVED "      - {address: 10.0.0.5, hw-address: '52:54:00:00:01'}\n"
                             "      - {address: 10.0.0.6, hw-address: 'x/52:54:00:00:01'}\n"
                             "      - {address: 10.0.0.7, hw-address: 'eth0'}\n"
                             "      - {address: 10.0.0.8, client-id: 'rack1'}\n"
                             "      - {address: 10.0.0.9, client-id: 'text:'}\n",
                    NULL,
                    "f:5:41: hw-address: '52:54:00:00:01' has 5 bytes; an Ethernet address has "
                    "6\n"
                    "f:6:41: hw-address: 'x/52:54:00:00:01' has no hardware type before '/'; "
                    "write 1 to 255\n"
                    "f:7:41: hw-address: 'eth0' is not a hardware address such as "
                    "52:54:00:12:34:56\n"
                    "f:8:40: client-id: 'rack1' is not hexadecimal bytes such as "
                    "01:52:54:00:12:34:56, or text:NAME\n"
                    "f:9:40: client-id: the text has 0 bytes; write 1 to 255\n");
}

static void a_reserved_address_is_a_host_of_the_subnet(void **state)
{
    (void)state;
    expect_problems(
        RESERVED "      - {client-id: '01', address: 10.0.1.5}\n"
                 "      - {client-id: '02', address: 10.0.0.0}\n"
                 "      - {client-id: '03', address: 10.0.0.255}\n",
        NULL,
        "f:5:36: address: 10.0.1.5 is not inside the subnet 10.0.0.0/24; its hosts "
        "are 10.0.0.1-10.0.0.254\n"
        "f:6:36: address: 10.0.0.0 is the network address of 10.0.0.0/24; its hosts "
        "are 10.0.0.1-10.0.0.254\n"
        "f:7:36: address: 10.0.0.255 is the broadcast address of 10.0.0.0/24; its "
        "hosts are 10.0.0.1-10.0.0.254\n");
}

static void an_address_is_reserved_once(void **state)
{
    (void)state;
    expect_problems(RESERVED "      - {client-id: '01', address: 10.0.0.5}\n"
                             "      - {client-id: '02', address: 10.0.0.6}\n"
                             "      - {client-id: '03', address: 10.0.0.5}\n",
                    NULL,
                    "f:7:36: reservations of lines 5 and 7 are for one address, 10.0.0.5; keep "
                    "one of them\n");
}

static void a_client_has_one_reservation_in_a_subnet(void **state)
{
    (void)state;
    expect_problems(
        RESERVED "      - {hw-address: '52:54:00:00:00:01', address: 10.0.0.5}\n"
                 "      - {hw-address: '52:54:00:00:00:02', address: 10.0.0.6}\n"
                 "      - {hw-address: '1/5254.0000.0001', address: 10.0.0.7}\n"
                 "  - subnet: 10.0.1.0/24\n"
                 "    reservations: [{hw-address: '52:54:00:00:00:01', address: 10.0.1.5}]\n",
        NULL,
        "f:7:51: reservations of lines 5 and 7 are for one client, 52:54:00:00:00:01; keep one "
        "of them\n");
}

static void a_host_name_is_the_option_of_that_name(void **state)
{
    struct config *config =
        load_right(RESERVED "      - {client-id: '01', address: 10.0.0.5, host-name: db1, "
                            "options: {routers: 10.0.0.1, domain-name: x.net}}\n"
                            "      - {client-id: '02', address: 10.0.0.6, options: {host-name: "
                            "db2}}\n"
                            "      - {client-id: '03', address: 10.0.0.7}\n",
                   NULL);
    const struct config_reservation *r = config->subnets[0].reservations;

    (void)state;
    assert_string_equal(r[0].host_name, "db1");
    assert_string_equal(option_text(r[0].terms.options, OPTION_HOST_NAME), "db1");
    assert_int_equal(r[0].terms.options->count, 3);
    assert_int_equal(config_options_at(r[0].terms.options, 1).code, OPTION_HOST_NAME);
    assert_string_equal(r[1].host_name, "db2");
    assert_null(r[2].host_name);
    config_free(config);
    expect_problems(RESERVED "      - {client-id: '01', address: 10.0.0.5, host-name: db1, "
                             "options: {host-name: db2}}\n",
                    NULL,
                    "f:5:57: host-name: 'db1' is not what option 'host-name' says; keep one of "
                    "them\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_has_no_host_bits),
        cmocka_unit_test(what_is_no_network_of_a_link_is_refused),
        cmocka_unit_test(subnets_do_not_overlap),
        cmocka_unit_test(a_range_that_is_none_is_refused),
        cmocka_unit_test(a_pool_lies_inside_its_subnet),
        cmocka_unit_test(a_pool_leaves_network_and_broadcast_address_out),
        cmocka_unit_test(both_addresses_of_a_point_to_point_link_are_hosts),
        cmocka_unit_test(pools_do_not_overlap),
        cmocka_unit_test(exclusions_lie_inside_the_range_and_leave_something),
        cmocka_unit_test(exclusions_cut_a_pool_into_parts),
        cmocka_unit_test(a_reservation_names_one_client),
        cmocka_unit_test(a_client_is_written_in_known_ways),
        cmocka_unit_test(a_reserved_address_is_a_host_of_the_subnet),
        cmocka_unit_test(an_address_is_reserved_once),
        cmocka_unit_test(a_client_has_one_reservation_in_a_subnet),
        cmocka_unit_test(a_host_name_is_the_option_of_that_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
