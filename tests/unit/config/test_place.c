/* Shared networks, and how packets find a place. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#define IN_ROW(keys)                                                                           \
    SERVER "shared-networks:\n"                                                                \
           "  - name: row-a\n" keys

static void a_shared_network_joins_its_subnets(void **state)
{
    struct config *config = load_right(SERVER "subnets: [{subnet: 10.0.0.0/24}]\n"
                                              "shared-networks:\n"
                                              "  - name: row-a\n"
                                              "    relay: [192.0.2.1]\n"
                                              "    server-identifier: 10.1.0.2\n"
                                              "    options: {domain-name: row}\n"
                                              "    subnets:\n"
                                              "      - subnet: 10.2.0.0/24\n"
                                              "        relay: 192.0.2.3\n"
                                              "      - {subnet: 9.0.0.0/24, interface: eth1}\n",
                                       NULL);
    const struct config_subnet *first = &config->subnets[0], *alone = &config->subnets[1];
    const struct config_subnet *second = &config->subnets[2];

    (void)state;
    assert_int_equal(config->subnet_count, 3);
    assert_int_equal(config->link_count, 2);
    assert_ptr_equal(first->link, second->link);
    assert_ptr_not_equal(first->link, alone->link);
    assert_string_equal(first->link->name, "row-a");
    assert_null(alone->link->name);
    assert_int_equal(first->link->subnet_count, 2);
    assert_ptr_equal(first->link->subnets[0], first);
    assert_ptr_equal(first->link->subnets[1], second);
    assert_ptr_equal(config_subnet_of_relay(config, ip4(0xc0000201)), first);
    assert_ptr_equal(config_subnet_of_relay(config, ip4(0xc0000203)), second);
    assert_null(config_subnet_of_relay(config, ip4(0xc0000202)));
    assert_ptr_equal(config_subnet_of_interface(config, "eth1"), first);
    assert_null(config_subnet_of_interface(config, "eth0"));
    assert_null(config_subnet_of_interface(config, NULL));
    assert_int_equal(second->ways.server_identifier.value, 0x0a010002);
    assert_int_equal(alone->ways.server_identifier.value, 0);
    assert_true(config_on_link(first, ip4(0x0a020001)));
    assert_false(config_on_link(first, ip4(0x0a000001)));
    assert_ptr_equal(config_subnet_on_link(first, ip4(0x0a020001)), second);
    assert_ptr_equal(config_subnet_on_link(first, ip4(0x0a000001)), first);
    assert_non_null(config_options_find(second->effective->options, OPTION_DOMAIN_NAME).data);
    config_free(config);
}

static void a_file_needs_a_subnet(void **state)
{
    (void)state;
    expect_problems(SERVER, NULL,
                    "f:1:1: the file has no 'subnets'; write for example 'subnets: [{subnet: "
                    "10.77.0.0/16, pools: [{range: 10.77.16.0-10.77.255.254}]}]'\n");
    expect_problems(IN_ROW(""), NULL,
                    "f:3:5: shared network has no 'subnets'; write for example 'subnets: "
                    "[{subnet: 10.77.0.0/24, pools: [{range: 10.77.0.64-10.77.0.254}]}]'\n");
}

static void subnets_of_two_places_may_not_overlap(void **state)
{
    (void)state;
    expect_problems(SERVER "subnets: [{subnet: 10.0.0.0/24}]\n"
                           "shared-networks:\n"
                           "  - name: row-a\n"
                           "    subnets: [{subnet: 10.0.0.0/16}]\n",
                    NULL,
                    "f:5:24: subnet: 10.0.0.0/16 overlaps 10.0.0.0/24 of line 2; write "
                    "networks that are apart\n");
}

static void a_name_is_given_once(void **state)
{
    (void)state;
    expect_problems(IN_ROW("    subnets: [{subnet: 10.0.0.0/24}]\n"
                           "  - name: row-a\n"
                           "    subnets: [{subnet: 10.0.1.0/24}]\n"),
                    NULL,
                    "f:5:5: shared network 'row-a' is given twice; the first is at line 3\n");
}

static void a_relay_is_an_address_of_another_host(void **state)
{
    (void)state;
    expect_problems(IN_ROW("    relay: [10.0.0, 255.255.255.255, 127.0.0.1, 192.0.2.1, "
                           "192.0.2.1]\n"
                           "    subnets: [{subnet: 10.0.0.0/24}]\n"),
                    NULL,
                    "f:4:13: relay: '10.0.0' is not an address of a relay; write one such as "
                    "192.0.2.1\n"
                    "f:4:21: relay: '255.255.255.255' is not an address of a relay; write one "
                    "such as 192.0.2.1\n"
                    "f:4:38: relay: '127.0.0.1' is not an address of a relay; write one such "
                    "as 192.0.2.1\n"
                    "f:4:60: relay: 192.0.2.1 is given twice; remove one\n");
}

/* Which place would the relay's clients be in? */
static void a_relay_belongs_to_one_place(void **state)
{
    (void)state;
    expect_problems(SERVER "subnets:\n"
                           "  - subnet: 10.0.0.0/24\n"
                           "    relay: 192.0.2.1\n"
                           "shared-networks:\n"
                           "  - name: row-a\n"
                           "    relay: [192.0.2.1]\n"
                           "    subnets: [{subnet: 10.0.1.0/24}]\n",
                    NULL,
                    "f:7:12: relay: 192.0.2.1 is already the relay of another place, at line "
                    "4; keep one of them\n");
}

static void an_interface_belongs_to_one_place(void **state)
{
    (void)state;
    expect_problems(SERVER "subnets:\n"
                           "  - {subnet: 10.0.0.0/24, interface: eth1}\n"
                           "  - {subnet: 10.0.1.0/24, interface: eth1}\n"
                           "  - {subnet: 10.0.2.0/24, interface: \"a b\"}\n",
                    NULL,
                    "f:4:38: interface: 'eth1' is already that of another place, at line 3; "
                    "put subnets of one link into a shared network\n"
                    "f:5:38: interface: 'a b' is not the name of an interface such as eth0\n");
}

static void what_a_shared_network_says_is_in_the_digest(void **state)
{
    static const char *const said[] = {
        "",
        "    relay: [192.0.2.1]\n",
        "    relay: [192.0.2.2]\n",
        "    interface: eth1\n",
        "    server-identifier: 10.0.0.2\n",
        "    lease-time: 1h\n",
    };
    uint64_t seen[ARRAY_SIZE(said)];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(said); i++) {
        char text[512];
        struct config *config;

        snprintf(text, sizeof(text), IN_ROW("%s    subnets: [{subnet: 10.0.0.0/24}]\n"),
                 said[i]);
        config = load_right(text, NULL);
        seen[i] = config->subnet_digests[0].part[PART_SUBNETS];
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(seen[i], seen[j]);
        config_free(config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shared_network_joins_its_subnets),
        cmocka_unit_test(a_file_needs_a_subnet),
        cmocka_unit_test(subnets_of_two_places_may_not_overlap),
        cmocka_unit_test(a_name_is_given_once),
        cmocka_unit_test(a_relay_is_an_address_of_another_host),
        cmocka_unit_test(a_relay_belongs_to_one_place),
        cmocka_unit_test(an_interface_belongs_to_one_place),
        cmocka_unit_test(what_a_shared_network_says_is_in_the_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
