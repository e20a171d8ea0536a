/* Simple values: durations, numbers, words, addresses, names, paths, lease times. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#include "config/scalar.h"

static void durations_have_units_and_may_combine(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } right[] = {{"250ms", 250},   {"90s", 90000},           {"5m", 300000}, {"12h", 43200000},
                 {"1d", 86400000}, {"1h30m", 5400000},       {"0s", 0},      {"1m500ms", 60500},
                 {"007s", 7000},   {"1d1h1m1s1ms", 90061001}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
        int64_t ms = -1;

        assert_int_equal(duration_parse(right[i].text, &ms), DURATION_OK);
        assert_int_equal(ms, right[i].ms);
    }
}

static void what_is_no_duration_is_told_apart(void **state)
{
    static const struct {
        const char *text;
        enum duration_result result;
    } wrong[] = {
        {"", DURATION_MALFORMED},      {"90", DURATION_NO_UNIT},
        {"0", DURATION_NO_UNIT},       {"s", DURATION_MALFORMED},
        {"5x", DURATION_MALFORMED},    {"5 m", DURATION_MALFORMED},
        {"-5m", DURATION_MALFORMED},   {"1.5h", DURATION_MALFORMED},
        {"30m1h", DURATION_MALFORMED}, {"1h1h", DURATION_MALFORMED},
        {"1h30", DURATION_MALFORMED},  {"5M", DURATION_MALFORMED},
        {"10001d", DURATION_TOO_LONG}, {"99999999999999999999999d", DURATION_TOO_LONG}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        int64_t ms = -1;

        assert_int_equal(duration_parse(wrong[i].text, &ms), wrong[i].result);
        assert_int_equal(ms, -1);
    }
}

static void a_duration_is_written_in_the_units_it_has(void **state)
{
    char text[DURATION_TEXT_SIZE];

    (void)state;
    assert_string_equal(duration_format(0, text), "0s");
    assert_string_equal(duration_format(5400000, text), "1h30m");
    assert_string_equal(duration_format(90061001, text), "1d1h1m1s1ms");
    assert_true(strlen(duration_format(INT64_MAX, text)) < DURATION_TEXT_SIZE);
}

static void a_wrong_duration_says_what_would_be_right(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS "offer-hold: 60\n", NULL,
                    "f:3:13: offer-hold: '60' has no unit; write 60s for seconds, or ms, m, h, "
                    "d\n");
    expect_problems(SERVER SUBNETS "offer-hold: soon\n", NULL,
                    "f:3:13: offer-hold: 'soon' is not a duration; write a duration such as "
                    "250ms, 90s, 5m, 12h or 1d\n");
    expect_problems(SERVER SUBNETS "offer-hold: 1h\n", NULL,
                    "f:3:13: offer-hold: '1h' is out of range; write 5s to 10m\n");
    expect_problems(SERVER SUBNETS "lease-time: 90500ms\n", NULL,
                    "f:3:13: lease-time: '90500ms' is not in whole seconds; write for example "
                    "91s\n");
    expect_problems(SERVER SUBNETS "lease-time: 99999d\n", NULL,
                    "f:3:13: lease-time: '99999d' is out of range; write 5s to 3650d\n");
}

static void a_number_has_its_range(void **state)
{
    static const char expected[] =
        "f:7:10: split: '%s' does not fit; write a number from 1 to 99\n";
    static const char *const wrong[] = {"0",  "100", "half",
                                        "-1", "5.5", "99999999999999999999"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        char text[512], said[512];

        (void)snprintf(text, sizeof(text), PAIR "  split: %s\n" SERVER SUBNETS, wrong[i]);
        (void)snprintf(said, sizeof(said), expected, wrong[i]);
        expect_problems(text, "a", said);
    }
}

static void a_word_is_one_of_its_words(void **state)
{
    (void)state;
    expect_problems(PAIR "  mode: hot-stanby\n" SERVER SUBNETS, "a",
                    "f:7:9: mode: unknown word 'hot-stanby'; did you mean 'hot-standby'?\n");
    expect_problems(PAIR "  start-alone: never\n" SERVER SUBNETS, "a",
                    "f:7:16: start-alone: unknown word 'never'; write serve or wait\n");
}

static void an_address_is_a_dotted_quad_and_not_zero(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS "next-server: boot1\n", NULL,
                    "f:3:14: next-server: 'boot1' is not an IPv4 address such as 10.0.0.1\n");
    expect_problems(SERVER SUBNETS "next-server: 0.0.0.0\n", NULL,
                    "f:3:14: next-server: '0.0.0.0' is not an IPv4 address such as 10.0.0.1\n");
}

static void an_endpoint_is_an_address_and_a_port(void **state)
{
    (void)state;
    expect_problems("server: {interfaces: eth0, api: {http: ':8067'}}\n" SUBNETS, NULL,
                    "f:1:40: http: ':8067' is not IPV4:PORT such as 127.0.0.1:8067\n");
    expect_problems("server: {interfaces: eth0, api: {http: '127.0.0.1:0'}}\n" SUBNETS, NULL,
                    "f:1:40: http: '127.0.0.1:0' is not IPV4:PORT such as 127.0.0.1:8067\n");
}

static void header_fields_hold_only_so_much(void **state)
{
    char name[65], text[256];

    (void)state;
    memset(name, 'n', 64);
    name[64] = '\0';
    (void)snprintf(text, sizeof(text), SERVER SUBNETS "server-name: %s\n", name);
    expect_problems(text, NULL,
                    "f:3:14: server-name: "
                    "'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...' is 64 "
                    "bytes long; write at most 63\n");
}

static void a_node_in_a_path_becomes_the_nodes_name(void **state)
{
    static const char text[] = "server: {interfaces: eth0, store: '/s/{node}/{node}', api: "
                               "{socket: '/r/{node}.s'}}\n" SUBNETS;
    struct config *config = load_right(text, "lab7");

    (void)state;
    assert_string_equal(config->server.store, "/s/lab7/lab7");
    assert_string_equal(config->server.api_socket, "/r/lab7.s");
    config_free(config);
    config = load_right(text, NULL);
    assert_string_equal(config->server.store, "/s/alone/alone");
    config_free(config);
}

static void a_socket_path_fits_a_unix_socket(void **state)
{
    char path[112], text[256], said[256];

    (void)state;
    memset(path, 'p', sizeof(path) - 1);
    memcpy(path, "/{node}", 7);
    path[104] = '\0';
    (void)snprintf(text, sizeof(text), "server: {interfaces: e, api: {socket: '%s'}}\n" SUBNETS,
                   path);
    config_free(load_right(text, NULL)); /* "{node}" and "alone": 103 bytes */
    (void)snprintf(
        said, sizeof(said),
        "f:1:39: socket: '/twelve-bytepppppppppppppppppppppppppppppppppppppppppppppppp"
        "...' is 110 bytes long; write at most 107\n");
    expect_problems(text, "twelve-bytep", said);
}

static void a_node_name_that_could_leave_its_directory_is_refused(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS, "../x",
                    "f: the node's name '../x' is not a name of letters, digits, '-', '_' and "
                    "'.'\n");
}

/* ---- lease-time ---- */

static struct config_lease_time lease_time_of(const char *value)
{
    char text[256];
    struct config *config;
    struct config_lease_time time;

    (void)snprintf(text, sizeof(text), SERVER SUBNETS "%s\n", value);
    config = load_right(text, NULL);
    time = config->terms.lease_time;
    config_free(config);
    return time;
}

#define assert_lease_time(time, is_default, is_min, is_max)                                    \
    do {                                                                                       \
        struct config_lease_time got = (time);                                                 \
        assert_int_equal(got.default_s, is_default);                                           \
        assert_int_equal(got.min_s, is_min);                                                   \
        assert_int_equal(got.max_s, is_max);                                                   \
    } while (0)

static void what_is_not_written_of_the_lease_time_gives_way(void **state)
{
    (void)state;
    assert_lease_time(lease_time_of(""), 43200, 300, 86400);
    assert_lease_time(lease_time_of("lease-time: 1h"), 3600, 300, 86400);
    assert_lease_time(lease_time_of("lease-time: 2d"), 172800, 300, 172800);
    assert_lease_time(lease_time_of("lease-time: 1m"), 60, 60, 86400);
    assert_lease_time(lease_time_of("lease-time: {default: 2d}"), 172800, 300, 172800);
    assert_lease_time(lease_time_of("lease-time: {max: 1h}"), 3600, 300, 3600);
    assert_lease_time(lease_time_of("lease-time: {max: 1m}"), 60, 60, 60);
    assert_lease_time(lease_time_of("lease-time: {min: 13h}"), 46800, 46800, 86400);
    assert_lease_time(lease_time_of("lease-time: {default: 1h, min: 1h, max: 1h}"), 3600, 3600,
                      3600);
}

/* 0 stays "not set at this level" unless something had to give way. */
static void lower_levels_set_only_what_they_say(void **state)
{
    struct config *config =
        load_right(SERVER "lease-time: {default: 1h, min: 30m, max: 2h}\n"
                          "subnets:\n"
                          "  - subnet: 10.0.0.0/24\n"
                          "    lease-time: 4h\n"
                          "    pools:\n"
                          "      - {range: 10.0.0.10-10.0.0.19, lease-time: 3h}\n"
                          "      - {range: 10.0.0.20-10.0.0.29, lease-time: {max: 1h}}\n"
                          "      - {range: 10.0.0.30-10.0.0.39}\n",
                   NULL);

    (void)state;
    assert_lease_time(config->subnets[0].terms.lease_time, 14400, 0, 14400);
    assert_lease_time(config->pools[0].terms.lease_time, 10800, 0, 0);
    assert_lease_time(config->pools[1].terms.lease_time, 3600, 0, 3600);
    assert_lease_time(config->pools[2].terms.lease_time, 0, 0, 0);
    config_free(config);
}

static void lease_times_out_of_order_are_refused(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS "lease-time: {default: 1h, min: 2h}\n", NULL,
                    "f:3:23: lease-time: default 1h is below min 2h; write min <= default <= "
                    "max\n");
    expect_problems(SERVER SUBNETS "lease-time: {default: 3h, max: 2h}\n", NULL,
                    "f:3:23: lease-time: default 3h is above max 2h; write min <= default <= "
                    "max\n");
    expect_problems(
        SERVER SUBNETS "lease-time: {min: 3h, max: 2h}\n", NULL,
        "f:3:19: lease-time: min 3h is above max 2h; write min <= default <= max\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_have_units_and_may_combine),
        cmocka_unit_test(what_is_no_duration_is_told_apart),
        cmocka_unit_test(a_duration_is_written_in_the_units_it_has),
        cmocka_unit_test(a_wrong_duration_says_what_would_be_right),
        cmocka_unit_test(a_number_has_its_range),
        cmocka_unit_test(a_word_is_one_of_its_words),
        cmocka_unit_test(an_address_is_a_dotted_quad_and_not_zero),
        cmocka_unit_test(an_endpoint_is_an_address_and_a_port),
        cmocka_unit_test(header_fields_hold_only_so_much),
        cmocka_unit_test(a_node_in_a_path_becomes_the_nodes_name),
        cmocka_unit_test(a_socket_path_fits_a_unix_socket),
        cmocka_unit_test(a_node_name_that_could_leave_its_directory_is_refused),
        cmocka_unit_test(what_is_not_written_of_the_lease_time_gives_way),
        cmocka_unit_test(lower_levels_set_only_what_they_say),
        cmocka_unit_test(lease_times_out_of_order_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
