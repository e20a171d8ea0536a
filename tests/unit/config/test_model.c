/* Lookups in the model: by address and by client. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#include "proto/dhcp4.h"

/* Written out of order on purpose. */
static const char text[] =
    SERVER "subnets:\n"
           "  - subnet: 10.0.2.0/24\n"
           "    pools:\n"
           "      - {range: 10.0.2.100-10.0.2.199, exclude: 10.0.2.150}\n"
           "      - {range: 10.0.2.10-10.0.2.19}\n"
           "    reservations:\n"
           "      - {hw-address: '52:54:00:00:00:02', address: 10.0.2.7}\n"
           "      - {client-id: 'text:abc', address: 10.0.2.5}\n"
           "  - subnet: 10.0.0.0/24\n"
           "    pools: [{range: 10.0.0.1-10.0.0.254}]\n"
           "    reservations:\n"
           "      - {hw-address: '52:54:00:00:00:02', address: 10.0.0.9}\n"
           "      - {hw-address: '6/02:03', address: 10.0.0.10}\n"
           "      - {client-id: '01:52:54:00:00:00:02', address: 10.0.0.11}\n"
           "  - subnet: 192.168.1.128/25\n";

static struct config *config;

static int set_up(void **state)
{
    (void)state;
    config = load_right(text, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    config_free(config);
    return 0;
}

static void subnets_and_pools_are_in_order_of_address(void **state)
{
    static const char *const subnets[] = {"10.0.0.0/24", "10.0.2.0/24", "192.168.1.128/25"};
    static const char *const pools[] = {"10.0.0.1", "10.0.2.10", "10.0.2.100"};

    (void)state;
    assert_int_equal(config->subnet_count, 3);
    assert_int_equal(config->pool_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(config->subnets[i].text, subnets[i]);
        assert_int_equal(config->subnets[i].index, i);
        assert_int_equal(config->pools[i].range.first.value, address(pools[i]).value);
        assert_int_equal(config->pools[i].index, i);
    }
    assert_int_equal(config->subnets[1].first_pool, 1);
    assert_int_equal(config->subnets[1].pool_count, 2);
    assert_int_equal(config->subnets[2].first_pool, 3);
    assert_int_equal(config->subnets[2].pool_count, 0);
    assert_int_equal(config->pools[2].subnet, 1);
}

static size_t subnet_index_of(const char *text_address)
{
    const struct config_subnet *subnet = config_subnet_of(config, address(text_address));

    return subnet == NULL ? SIZE_MAX : subnet->index;
}

static void a_subnet_is_found_by_any_of_its_addresses(void **state)
{
    (void)state;
    assert_int_equal(subnet_index_of("10.0.0.0"), 0);
    assert_int_equal(subnet_index_of("10.0.0.255"), 0);
    assert_int_equal(subnet_index_of("10.0.2.1"), 1);
    assert_int_equal(subnet_index_of("192.168.1.255"), 2);
    assert_int_equal(subnet_index_of("10.0.1.0"), SIZE_MAX);
    assert_int_equal(subnet_index_of("9.255.255.255"), SIZE_MAX);
    assert_int_equal(subnet_index_of("192.168.1.127"), SIZE_MAX);
    assert_int_equal(subnet_index_of("192.168.2.0"), SIZE_MAX);
    assert_int_equal(subnet_index_of("0.0.0.0"), SIZE_MAX);
    assert_int_equal(subnet_index_of("255.255.255.255"), SIZE_MAX);
}

static size_t pool_index_of(const char *text_address)
{
    const struct config_pool *pool = config_pool_of(config, address(text_address));

    return pool == NULL ? SIZE_MAX : pool->index;
}

static void a_pool_is_found_by_what_is_left_of_it(void **state)
{
    (void)state;
    assert_int_equal(pool_index_of("10.0.0.1"), 0);
    assert_int_equal(pool_index_of("10.0.0.254"), 0);
    assert_int_equal(pool_index_of("10.0.0.255"), SIZE_MAX);
    assert_int_equal(pool_index_of("10.0.2.9"), SIZE_MAX);
    assert_int_equal(pool_index_of("10.0.2.19"), 1);
    assert_int_equal(pool_index_of("10.0.2.20"), SIZE_MAX);
    assert_int_equal(pool_index_of("10.0.2.149"), 2);
    assert_int_equal(pool_index_of("10.0.2.150"), SIZE_MAX);
    assert_int_equal(pool_index_of("10.0.2.151"), 2);
    assert_int_equal(pool_index_of("10.0.2.199"), 2);
    assert_int_equal(pool_index_of("10.0.2.200"), SIZE_MAX);
    assert_int_equal(pool_index_of("0.0.0.0"), SIZE_MAX);
}

static const struct config_reservation *reserved_for(size_t subnet, const void *key,
                                                     size_t size)
{
    return config_reservation_of(config, &config->subnets[subnet], span_of(key, size));
}

/* The key of the same client may be reserved in several subnets. */
static void a_reservation_is_found_by_subnet_and_client(void **state)
{
    static const uint8_t hardware[] = {0, 1, 0x52, 0x54, 0, 0, 0, 2};
    static const uint8_t infiniband[] = {0, 6, 2, 3};
    static const uint8_t identifier[] = {1, 1, 0x52, 0x54, 0, 0, 0, 2};

    (void)state;
    assert_int_equal(reserved_for(0, hardware, sizeof(hardware))->address.value,
                     address("10.0.0.9").value);
    assert_int_equal(reserved_for(1, hardware, sizeof(hardware))->address.value,
                     address("10.0.2.7").value);
    assert_null(reserved_for(2, hardware, sizeof(hardware)));
    assert_int_equal(reserved_for(0, infiniband, sizeof(infiniband))->address.value,
                     address("10.0.0.10").value);
    assert_int_equal(reserved_for(0, identifier, sizeof(identifier))->address.value,
                     address("10.0.0.11").value);
    assert_null(reserved_for(1, identifier, sizeof(identifier)));
    assert_int_equal(reserved_for(1, "\1abc", 4)->address.value, address("10.0.2.5").value);
    assert_null(reserved_for(1, "\1ab", 3));
    assert_null(reserved_for(1, NULL, 0));
}

/* What dhcp4_client_key() says of a packet is what the reservation was written for. */
static void the_key_of_a_packet_finds_its_reservation(void **state)
{
    struct dhcp4_packet packet = {.htype = 1, .hlen = 6, .chaddr = {0x52, 0x54, 0, 0, 0, 2}};
    uint8_t room[CLIENT_KEY_MAX];
    struct span key = dhcp4_client_key(&packet, room);

    (void)state;
    assert_int_equal(config_reservation_of(config, &config->subnets[0], key)->address.value,
                     address("10.0.0.9").value);
    packet.option[OPTION_CLIENT_IDENTIFIER] = span_of("abc", 3);
    key = dhcp4_client_key(&packet, room);
    assert_int_equal(config_reservation_of(config, &config->subnets[1], key)->address.value,
                     address("10.0.2.5").value);
}

static void a_reservation_is_found_by_its_address(void **state)
{
    const struct config_reservation *found = config_reservation_at(config, address("10.0.2.7"));

    (void)state;
    assert_non_null(found);
    assert_int_equal(found->subnet, 1);
    assert_int_equal(found->line, 8);
    assert_ptr_equal(found, &config->subnets[1].reservations[1]);
    assert_null(config_reservation_at(config, address("10.0.2.8")));
    assert_null(config_reservation_at(config, address("0.0.0.0")));
    assert_null(config_reservation_at(config, address("255.255.255.255")));
}

/* Every number of subnets, for the search: each address of the first, the last and the ones
 * between is found, and no address of the gaps. */
static void any_number_of_subnets_is_searched(void **state)
{
    enum { MOST = 40 };

    (void)state;
    for (unsigned count = 1; count <= MOST; count++) {
        char yaml[MOST * 80 + 200];
        size_t used = (size_t)snprintf(yaml, sizeof(yaml), SERVER "subnets:\n");
        struct config *some;

        for (unsigned i = 0; i < count; i++)
            used += (size_t)snprintf(yaml + used, sizeof(yaml) - used,
                                     "- {subnet: 10.0.%u.0/24, pools: [{range: "
                                     "10.0.%u.128-10.0.%u.254}]}\n",
                                     2 * i, 2 * i, 2 * i);
        some = load_right(yaml, NULL);
        for (unsigned third = 0; third <= 2 * MOST; third++) {
            const bool is_there = third % 2 == 0 && third < 2 * count;
            const struct ip4 start = ip4(0x0a000000 + (third << 8));
            const struct config_subnet *subnet = config_subnet_of(some, start);
            const struct config_pool *pool = config_pool_of(some, ip4(start.value + 254));

            assert_ptr_equal(subnet, is_there ? &some->subnets[third / 2] : NULL);
            assert_ptr_equal(config_subnet_of(some, ip4(start.value + 255)), subnet);
            assert_ptr_equal(pool, is_there ? &some->pools[third / 2] : NULL);
            assert_null(config_pool_of(some, start));
            if (is_there)
                assert_ptr_equal(config_pool_in(some, subnet, ip4(start.value + 254)), pool);
        }
        config_free(some);
    }
}

static void a_subnet_is_asked_for_its_own_pools(void **state)
{
    const struct ip4 pooled = address("10.0.2.19");

    (void)state;
    assert_ptr_equal(config_pool_in(config, &config->subnets[1], pooled), &config->pools[1]);
    assert_null(config_pool_in(config, &config->subnets[0], pooled));
    assert_null(config_pool_in(config, &config->subnets[2], pooled));
}

static void the_reservations_of_all_subnets_stand_in_one_array_by_address(void **state)
{
    size_t next = 0;

    (void)state;
    for (size_t i = 0; i < config->subnet_count; i++) {
        assert_ptr_equal(config->subnets[i].reservations, &config->reservations[next]);
        next += config->subnets[i].reservation_count;
    }
    assert_int_equal(config->reservation_count, next);
    assert_true(next > 2);
    for (size_t i = 1; i < next; i++)
        assert_true(config->reservations[i - 1].address.value <
                    config->reservations[i].address.value);
}

static void many_reservations_are_all_found(void **state)
{
    enum { COUNT = 5000 };
    static char many[COUNT * 80 + 200];
    size_t used = (size_t)snprintf(many, sizeof(many),
                                   SERVER "subnets:\n  - subnet: 10.0.0.0/16\n"
                                          "    reservations:\n");
    struct config *large;

    (void)state;
    for (unsigned i = 1; i <= COUNT; i++)
        used += (size_t)snprintf(many + used, sizeof(many) - used,
                                 "    - {client-id: 'text:%u', address: 10.0.%u.%u}\n", i,
                                 i >> 8, i & 255);
    large = load_right(many, NULL);
    for (unsigned i = 1; i <= COUNT; i++) {
        char key[16] = "\1";
        int size = snprintf(key + 1, sizeof(key) - 1, "%u", i) + 1;
        const struct config_reservation *found =
            config_reservation_of(large, &large->subnets[0], span_of(key, (size_t)size));

        assert_non_null(found);
        assert_int_equal(found->address.value, address("10.0.0.0").value + i);
        assert_ptr_equal(found, config_reservation_at(large, found->address));
    }
    config_free(large);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    config_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subnets_and_pools_are_in_order_of_address),
        cmocka_unit_test(a_subnet_is_found_by_any_of_its_addresses),
        cmocka_unit_test(a_pool_is_found_by_what_is_left_of_it),
        cmocka_unit_test(a_reservation_is_found_by_subnet_and_client),
        cmocka_unit_test(the_key_of_a_packet_finds_its_reservation),
        cmocka_unit_test(a_reservation_is_found_by_its_address),
        cmocka_unit_test(any_number_of_subnets_is_searched),
        cmocka_unit_test(a_subnet_is_asked_for_its_own_pools),
        cmocka_unit_test(the_reservations_of_all_subnets_stand_in_one_array_by_address),
        cmocka_unit_test(many_reservations_are_all_found),
        cmocka_unit_test(freeing_nothing_is_fine),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
