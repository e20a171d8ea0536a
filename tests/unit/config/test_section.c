/* Keys: unknown, twice, missing, and values of another kind than the table says. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

static void a_misspelt_key_is_met_with_the_right_one(void **state)
{
    (void)state;
    expect_problems("sever: {interfaces: eth0}\n" SUBNETS, NULL,
                    "f:1:1: unknown key 'sever' in the file; did you mean 'server'?\n"
                    "f:1:1: server has neither 'interfaces' nor 'listen'; write one of them\n");
    expect_problems(PAIR "  mlct: 1h\n  start_alone: wait\n" SERVER SUBNETS, "a",
                    "f:7:3: unknown key 'mlct' in pair; did you mean 'mclt'?\n"
                    "f:8:3: unknown key 'start_alone' in pair; did you mean 'start-alone'?\n");
}

static void a_key_in_the_wrong_place_is_sent_to_the_right_one(void **state)
{
    (void)state;
    expect_problems("mclt: 1h\n" SERVER SUBNETS, NULL,
                    "f:1:1: unknown key 'mclt' in the file; it belongs in pair\n");
}

static void an_unknown_key_is_met_with_the_known_ones(void **state)
{
    (void)state;
    expect_problems("server: {interfaces: eth0, api: {colour: red}}\n" SUBNETS, NULL,
                    "f:1:34: unknown key 'colour' in api; known are socket, http\n");
}

static void a_key_given_twice_names_the_first(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS "offer-hold: 60s\noffer-hold: 30s\n", NULL,
                    "f:4:1: offer-hold is given twice in the file; the first is at line 3\n");
}

static void a_missing_key_comes_with_an_example(void **state)
{
    (void)state;
    expect_problems(SERVER, NULL,
                    "f:1:1: the file has no 'subnets'; write for example 'subnets: [{subnet: "
                    "10.77.0.0/16, pools: [{range: 10.77.16.0-10.77.255.254}]}]'\n");
    expect_problems("pair:\n  name: p\n  nodes:\n"
                    "    primary: {name: a, link: 'tcp://10.1.0.1:6470'}\n"
                    "    secondary: {name: b, link: 'tcp://10.1.0.2:6470'}\n" SERVER SUBNETS,
                    "a",
                    "f:2:3: pair has no 'security'; write for example 'security: {curve: "
                    "/etc/twindhcp/keys}'\n");
}

static void a_value_of_another_kind_says_what_is_wanted(void **state)
{
    (void)state;
    expect_problems(
        "server: eth0\n" SUBNETS, NULL,
        "f:1:9: server is a single value; write a map of interfaces, listen, store, "
        "api\n");
    expect_problems("server: [eth0]\n" SUBNETS, NULL,
                    "f:1:9: server is a list; write a map of interfaces, listen, store, api\n");
    expect_problems(SERVER "subnets: {subnet: 10.0.0.0/24}\n", NULL,
                    "f:2:10: subnets is a map; write a list, each item after '- '\n");
    expect_problems(SERVER "subnets: 10.0.0.0/24\n", NULL,
                    "f:2:10: subnets is a single value; write a list, each item after '- '\n");
    expect_problems(SERVER "subnets: [10.0.0.0/24]\n", NULL,
                    "f:2:11: subnets is a single value; write a map of subnet, pools, "
                    "reservations, options, always-send, never-send, lease-time, next-server "
                    "...\n");
    expect_problems(SERVER SUBNETS "offer-hold: [60s]\n", NULL,
                    "f:3:13: offer-hold is a list; write a single value\n");
    expect_problems(SERVER SUBNETS "options: [routers]\n", NULL,
                    "f:3:10: options is a list; write a map of options such as {routers: "
                    "[10.77.0.1]}\n");
}

static void a_file_that_is_no_map_is_refused(void **state)
{
    (void)state;
    expect_problems("hello\n", NULL,
                    "f:1:1: the file is a single value; write a map of pair, server, "
                    "lease-time, option-definitions, options, always-send, never-send, "
                    "include ...\n");
}

static void a_key_that_is_no_word_is_refused(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS "? [a, b]\n: c\n", NULL,
                    "f:3:3: a key of the file is a list; write a word\n");
}

static void a_key_without_a_value_is_refused(void **state)
{
    (void)state;
    expect_problems("server:\n" SUBNETS, NULL,
                    "f:1:8: server has no value; write a map, or remove the key\n");
    expect_problems(SERVER SUBNETS "offer-hold:\n", NULL,
                    "f:3:12: offer-hold has no value; write one, or remove the key\n");
    expect_problems(SERVER "subnets:\n", NULL,
                    "f:2:9: subnets has no value; write a list, each item after '- '\n");
    expect_problems(SERVER SUBNETS "options:\n", NULL,
                    "f:3:9: options has no value; write a map of options such as {routers: "
                    "[10.77.0.1]}\n");
}

static void an_empty_list_is_refused(void **state)
{
    (void)state;
    expect_problems(SERVER "subnets: []\n", NULL,
                    "f:2:10: the list of subnets is empty; write at least one item, or remove "
                    "the key\n");
}

/* All that is wrong comes in one run, in the order of place. */
static void several_problems_come_together_in_order(void **state)
{
    (void)state;
    expect_problems(
        "subnets:\n"
        "  - subnet: 10.0.0.0/24\n"
        "    pools: [{range: 10.0.1.1-10.0.1.9}]\n"
        "    option: {}\n"
        "offer-hold: 90\n"
        "server: {interfaces: eth0, stor: /x}\n"
        "options: {router: [10.0.0.1], domain-name-servers: [10.0.0.300]}\n",
        NULL,
        "f:3:21: range: 10.0.1.1-10.0.1.9 is not inside the subnet 10.0.0.0/24; its "
        "hosts are 10.0.0.1-10.0.0.254\n"
        "f:4:5: unknown key 'option' in subnet; did you mean 'options'?\n"
        "f:5:13: offer-hold: '90' has no unit; write 90s for seconds, or ms, m, h, "
        "d\n"
        "f:6:28: unknown key 'stor' in server; did you mean 'store'?\n"
        "f:7:11: unknown option 'router'; did you mean 'routers'?\n"
        "f:7:53: domain-name-servers: '10.0.0.300' does not fit; write a list of "
        "IPv4 addresses such as 10.0.0.1\n");
}

static void problems_have_a_limit_that_is_said(void **state)
{
    static char text[64 * 1024];
    struct config_problems problems;
    size_t used = 0;

    (void)state;
    for (int i = 0; i < 2000; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "nonsense%d: x\n", i);
    assert_null(config_load_text("f", text, used, NULL, &problems));
    assert_int_equal(problems.count, 1001);
    assert_string_equal(problems.items[1000].text,
                        "there is more; only the first 1000 problems found are shown");
    assert_int_equal(problems.items[1000].line, 0);
    config_problems_free(&problems);
}

static void a_long_or_odd_text_is_cut_in_a_message(void **state)
{
    (void)state;
    expect_problems(SERVER SUBNETS "next-server: \"\\n\\e\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                                   "0123456789012345678901234567890123456789012345678\xc3\xa4"
                                   "xyz\"\n",
                    NULL,
                    "f:3:14: next-server: '  \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
                    "0123456789012345678901234567890123456789012345678...' is not an IPv4 "
                    "address such as 10.0.0.1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_misspelt_key_is_met_with_the_right_one),
        cmocka_unit_test(a_key_in_the_wrong_place_is_sent_to_the_right_one),
        cmocka_unit_test(an_unknown_key_is_met_with_the_known_ones),
        cmocka_unit_test(a_key_given_twice_names_the_first),
        cmocka_unit_test(a_missing_key_comes_with_an_example),
        cmocka_unit_test(a_value_of_another_kind_says_what_is_wanted),
        cmocka_unit_test(a_file_that_is_no_map_is_refused),
        cmocka_unit_test(a_key_that_is_no_word_is_refused),
        cmocka_unit_test(a_key_without_a_value_is_refused),
        cmocka_unit_test(an_empty_list_is_refused),
        cmocka_unit_test(several_problems_come_together_in_order),
        cmocka_unit_test(problems_have_a_limit_that_is_said),
        cmocka_unit_test(a_long_or_odd_text_is_cut_in_a_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
