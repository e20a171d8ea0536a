/* Settings of address care: how they are written, inherited and compared. */
#include "tests/unit/config/help_load.h"

#define LAN(keys, pool_keys)                                                                   \
    SERVER "subnets: [{subnet: 10.0.0.0/24, " keys                                             \
           "pools: [{range: 10.0.0.10-10.0.0.99" pool_keys "}]}]\n"

static struct config_care care_of(const char *text)
{
    struct config *config = load_right(text, NULL);
    const struct config_care care = config->pools[0].effective->care;

    config_free(config);
    return care;
}

static void nothing_written_is_nothing_set(void **state)
{
    const struct config_care care = care_of(LAN("", ""));

    (void)state;
    assert_false(config_care_is_set(&care));
}

static void a_share_is_a_percent_or_a_duration(void **state)
{
    const struct config_care care = care_of(
        LAN("renew-time: 87.55%, rebind-time: 6h, renew-cache: 0%, ", ", warn-free: 12"));

    (void)state;
    assert_int_equal(care.renew.unit, CONFIG_SHARE_PERCENT);
    assert_int_equal(care.renew.value, 8755);
    assert_int_equal(care.rebind.unit, CONFIG_SHARE_COUNT);
    assert_int_equal(care.rebind.value, 21600);
    assert_int_equal(care.renew_cache.unit, CONFIG_SHARE_PERCENT);
    assert_int_equal(care.renew_cache.value, 0);
    assert_int_equal(care.warn_free.unit, CONFIG_SHARE_COUNT);
    assert_int_equal(config_share_of(care.warn_free, 90), 12);
    assert_int_equal(config_share_of(care.renew, 1000), 875);
    assert_int_equal(config_share_of((struct config_share){CONFIG_SHARE_UNSET, 7}, 1000), 0);
}

static void the_nearest_level_that_says_it_wins(void **state)
{
    const struct config_care care = care_of(
        "allocation: random\nbootp: none\nrapid-commit: true\nauthoritative: false\n"
        "match-client-id: false\necho-client-id: true\nrenew-time: 10%\nwarn-free: 1%\n" LAN(
            "bootp: dynamic, authoritative: true, renew-time: 20%, allocation: random, ",
            ", allocation: sequential, renew-time: 30%, rebind-time: 40%"));

    (void)state;
    assert_int_equal(care.allocation, CONFIG_SEQUENTIAL);
    assert_int_equal(care.bootp, CONFIG_BOOTP_DYNAMIC);
    assert_int_equal(care.rapid_commit, CONFIG_FLAG_YES);
    assert_int_equal(care.authoritative, CONFIG_FLAG_YES);
    assert_int_equal(care.match_client_id, CONFIG_FLAG_NO);
    assert_int_equal(care.echo_client_id, CONFIG_FLAG_YES);
    assert_int_equal(care.renew.value, 3000);
    assert_int_equal(care.warn_free.value, 100);
}

/* They do not replace each other: a port that may have four addresses of a subnet may still be
 * one too many for the file. */
static void limits_of_all_levels_hold(void **state)
{
    struct config *config = load_right(
        "limits: [{per: client, leases: 8}]\n" LAN(
            "limits: [{per: circuit-id, leases: 4}, {per: remote-id, leases: 5}], ", ""),
        NULL);
    const struct config_limits *near = config->pools[0].effective->care.limits;

    (void)state;
    assert_int_equal(config->limit_count, 3);
    assert_int_equal(near->count, 2);
    assert_int_equal(near->items[0].per, CONFIG_PER_CIRCUIT);
    assert_int_equal(near->items[0].leases, 4);
    assert_int_equal(near->items[1].index, 2);
    assert_int_equal(near->above->count, 1);
    assert_int_equal(near->above->items[0].per, CONFIG_PER_CLIENT);
    assert_null(near->above->above);
    config_free(config);
}

/* ... and those of a shared network are counted over all of its subnets. */
static void a_shared_network_is_a_level_of_its_own(void **state)
{
    struct config *config =
        load_right(SERVER "bootp: dynamic\nshared-networks:\n- name: row\n  bootp: none\n"
                          "  limits: [{per: client, leases: 5}]\n  subnets:\n"
                          "  - {subnet: 10.0.0.0/24, bootp: reserved}\n"
                          "  - {subnet: 10.0.1.0/24, limits: [{per: hw-address, leases: 1}]}\n",
                   NULL);
    const struct config_care *one = &config->subnets[0].effective->care;
    const struct config_care *two = &config->subnets[1].effective->care;

    (void)state;
    assert_int_equal(one->bootp, CONFIG_BOOTP_RESERVED);
    assert_int_equal(two->bootp, CONFIG_BOOTP_NONE);
    assert_int_equal(one->limits->items[0].index, two->limits->above->items[0].index);
    assert_int_equal(two->limits->items[0].per, CONFIG_PER_HARDWARE);
    config_free(config);
}

static void a_lease_may_be_without_end(void **state)
{
    struct config *config =
        load_right("lease-time: {max: infinite}\n" LAN("lease-time: infinite, ", ""), NULL);

    (void)state;
    assert_int_equal(config->terms.lease_time.max_s, CONFIG_INFINITE);
    assert_int_equal(config->terms.lease_time.default_s, 43200);
    assert_int_equal(config->pools[0].effective->lease_time.default_s, CONFIG_INFINITE);
    config_free(config);
}

/* What is not written gives way to what is. */
static void an_endless_default_raises_the_most(void **state)
{
    struct config *config = load_right("lease-time: infinite\n" SERVER SUBNETS, NULL);

    (void)state;
    assert_int_equal(config->terms.lease_time.default_s, CONFIG_INFINITE);
    assert_int_equal(config->terms.lease_time.max_s, CONFIG_INFINITE);
    config_free(config);
}

static void wrong_values_say_what_would_be_right(void **state)
{
    (void)state;
    expect_problems("renew-time: 101%\n" SERVER SUBNETS, NULL,
                    "f:1:13: renew-time: '101%' is not a percent such as 50% or 87.5%, or a "
                    "duration such as 6h\n");
    expect_problems("renew-time: 50.125%\n" SERVER SUBNETS, NULL,
                    "f:1:13: renew-time: '50.125%' is not a percent such as 50% or 87.5%, or a "
                    "duration such as 6h\n");
    expect_problems("warn-free: 5s\n" SERVER SUBNETS, NULL,
                    "f:1:12: warn-free: '5s' is not a percent such as 10%, or a number of "
                    "addresses\n");
    expect_problems("rapid-commit: yes\n" SERVER SUBNETS, NULL,
                    "f:1:15: rapid-commit: 'yes' is not true or false\n");
    expect_problems("allocation: sequentially\n" SERVER SUBNETS, NULL,
                    "f:1:13: allocation: unknown word 'sequentially'; did you mean "
                    "'sequential'?\n");
    expect_problems("renew-cache: 51%\n" SERVER SUBNETS, NULL,
                    "f:1:14: renew-cache: 51% is out of range; write 0% to 50%, or a "
                    "duration\n");
    expect_problems(
        "lease-time: {min: infinite}\n" SERVER SUBNETS, NULL,
        "f:1:19: min: 'infinite' is not a duration; write a duration such as 90s, 5m, "
        "12h or 1d\n");
    expect_problems("limits: [{per: port, leases: 2}]\n" SERVER SUBNETS, NULL,
                    "f:1:16: per: unknown word 'port'; write client or hw-address or "
                    "circuit-id or remote-id\n");
    expect_problems("limits: [{per: client, leases: 0}]\n" SERVER SUBNETS, NULL,
                    "f:1:32: leases: '0' does not fit; write a number from 1 to 1000000\n");
}

static void what_contradicts_itself_names_both_places(void **state)
{
    (void)state;
    expect_problems("rebind-time: 50%\nrenew-time: 50%\n" SERVER SUBNETS, NULL,
                    "f:2:13: renew-time: 50% is not below rebind-time 50% of line 1; write T1 "
                    "< T2\n");
    expect_problems(
        "limits:\n- {per: client, leases: 2}\n- {per: client, leases: 3}\n" SERVER SUBNETS,
        NULL, "f:3:9: limits: per client is given twice; the first is at line 2\n");
    expect_problems(SERVER "subnets: [{subnet: 10.0.0.0/24, match-client-id: false,\n"
                           "reservations: [{client-id: 'text:a', address: 10.0.0.9}]}]\n",
                    NULL,
                    "f:3:28: client-id: no client of 10.0.0.0/24 is known by it, for "
                    "match-client-id is false there; write hw-address, or match-client-id: "
                    "true\n");
    expect_problems(SERVER "shared-networks: [{name: row, match-client-id: false, subnets:\n"
                           "[{subnet: 10.0.0.0/24, reservations:\n"
                           "[{client-id: 'text:a', address: 10.0.0.9}]}]}]\n",
                    NULL,
                    "f:4:14: client-id: no client of 10.0.0.0/24 is known by it, for "
                    "match-client-id is false there; write hw-address, or match-client-id: "
                    "true\n");
    expect_problems("rebind-time: 100%\n" SERVER SUBNETS, NULL,
                    "f:1:14: rebind-time: 100% is not within the lease; write for example "
                    "87.5%\n");
}

/* ---- digests ---- */

static struct digests digests_of(const char *text)
{
    struct config *config = load_right(text, NULL);
    const struct digests digests = config->digests;

    config_free(config);
    return digests;
}

static void peers_that_care_otherwise_differ(void **state)
{
    static const struct {
        const char *text;
        enum config_part part;
    } others[] = {
        {LAN("rapid-commit: true, ", ""), PART_SUBNETS},
        {"rapid-commit: true\n" LAN("", ""), PART_SUBNETS},
        {LAN("limits: [{per: client, leases: 2}], ", ""), PART_SUBNETS},
        {LAN("bootp: dynamic, ", ""), PART_SUBNETS},
        {LAN("", ", allocation: random"), PART_POOLS},
        {LAN("", ", renew-time: 10%"), PART_POOLS},
        {LAN("", ", renew-time: 10s"), PART_POOLS},
    };
    const struct digests plain = digests_of(LAN("", ""));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        const struct digests other = digests_of(others[i].text);

        for (enum config_part part = 0; part < CONFIG_PARTS; part++)
            assert_int_equal(other.part[part] != plain.part[part], part == others[i].part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_written_is_nothing_set),
        cmocka_unit_test(a_share_is_a_percent_or_a_duration),
        cmocka_unit_test(the_nearest_level_that_says_it_wins),
        cmocka_unit_test(limits_of_all_levels_hold),
        cmocka_unit_test(a_shared_network_is_a_level_of_its_own),
        cmocka_unit_test(a_lease_may_be_without_end),
        cmocka_unit_test(an_endless_default_raises_the_most),
        cmocka_unit_test(wrong_values_say_what_would_be_right),
        cmocka_unit_test(what_contradicts_itself_names_both_places),
        cmocka_unit_test(peers_that_care_otherwise_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
