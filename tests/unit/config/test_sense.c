/* What is right as it stands and hardly meant is warned of, and the file is good all the same.
 */
#include "tests/unit/config/help_load.h"

#include <stdio.h>
#include <stdlib.h>

/* Clients behind the relay are of another link than its address says. */
static void a_relay_inside_another_subnet_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(SERVER "subnets:\n"
                           "- {subnet: 10.0.0.0/24}\n"
                           "- {subnet: 10.0.1.0/24, relay: [192.0.2.1, 10.0.0.1]}\n"
                           "shared-networks:\n"
                           "- {name: row, relay: 10.0.1.1, subnets: [{subnet: 10.0.2.0/24}]}\n",
                    "f:4:44: warning: relay: 10.0.0.1 lies inside the subnet 10.0.0.0/24 of "
                    "line 3; clients behind it are taken to be here, not there\n"
                    "f:6:22: warning: relay: 10.0.1.1 lies inside the subnet 10.0.1.0/24 of "
                    "line 4; clients behind it are taken to be here, not there\n");
}

static void a_relay_on_the_own_link_is_meant(void **state)
{
    (void)state;
    expect_warnings(SERVER "subnets: [{subnet: 10.0.0.0/24, relay: 10.0.0.1}]\n"
                           "shared-networks:\n"
                           "- name: row\n"
                           "  relay: 10.0.2.1\n"
                           "  subnets:\n"
                           "  - {subnet: 10.0.2.0/24}\n"
                           "  - {subnet: 10.0.3.0/24, relay: 10.0.2.2}\n",
                    "");
}

static void an_option_always_sent_and_never_given_is_warned_of(void **state)
{
    (void)state;
    expect_warnings("always-send: [ntp-servers, domain-name]\n" SERVER
                    "subnets: [{subnet: 10.0.0.0/24, always-send: [root-path, ntp-servers]}]\n",
                    "f:1:15: warning: always-send: no level of this configuration gives "
                    "'ntp-servers' a value, so that it is never sent\n"
                    "f:1:28: warning: always-send: no level of this configuration gives "
                    "'domain-name' a value, so that it is never sent\n"
                    "f:3:47: warning: always-send: no level of this configuration gives "
                    "'root-path' a value, so that it is never sent\n");
}

/* Any level will do, and what the server makes up by itself. */
static void an_option_that_some_level_gives_may_always_be_sent(void **state)
{
    static const char *const given[] = {
        "options: {root-path: /r}\n" SUBNETS,
        "classes: [{name: a, match: {client-system: 0}, options: {root-path: /r}}]\n" SUBNETS,
        "shared-networks: [{name: a, options: {root-path: /r}, subnets: "
        "[{subnet: 10.0.0.0/24}]}]\n",
        "subnets: [{subnet: 10.0.0.0/24, options: {root-path: /r}}]\n",
        "subnets: [{subnet: 10.0.0.0/24, pools: [{range: 10.0.0.8/30, options: {root-path: "
        "/r}}]}]\n",
        "reservations: [{client-id: '01', options: {root-path: /r}}]\n" SUBNETS,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(given); i++) {
        char text[512];

        (void)snprintf(text, sizeof(text), "%s%s%s",
                       "always-send: [root-path, subnet-mask, broadcast-address, host-name]\n",
                       SERVER, given[i]);
        expect_warnings(text, "");
    }
}

#define CLASSES                                                                                \
    "classes: [{name: a, match: {client-system: 0}}, {name: b, match: {client-system: 1}}]\n"

static void a_pool_whose_classes_are_all_denied_above_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(SERVER CLASSES "shared-networks:\n"
                                   "- name: row\n"
                                   "  deny: [a]\n"
                                   "  subnets:\n"
                                   "  - subnet: 10.0.0.0/24\n"
                                   "    deny: [b]\n"
                                   "    pools:\n"
                                   "    - {range: 10.0.0.8/30, allow: [a, b]}\n"
                                   "    - {range: 10.0.0.16/30, require: [bootp, b]}\n"
                                   "    - {range: 10.0.0.32/30, allow: [a, bootp]}\n"
                                   "  - {subnet: 10.0.1.0/24, allow: a}\n",
                    "f:10:35: warning: allow: all of these classes are denied above, at line "
                    "8, so that nobody is served here\n"
                    "f:11:38: warning: require: class 'b' is denied above, at line 8, so that "
                    "nobody is served here\n"
                    "f:13:34: warning: allow: this class is denied above, at line 5, so that "
                    "nobody is served here\n");
}

/* Said once for each place that says it, with the first pool that is too small. */
static void warn_free_beyond_the_pool_is_warned_of(void **state)
{
    (void)state;
    expect_warnings("warn-free: 5\n" SERVER "subnets:\n"
                    "- subnet: 10.0.0.0/24\n"
                    "  pools: [{range: 10.0.0.8/30}, {range: 10.0.0.16/30}, "
                    "{range: 10.0.0.32/29}]\n"
                    "- subnet: 10.0.1.0/24\n"
                    "  pools: [{range: 10.0.1.8/30, warn-free: 100%}, {range: 10.0.1.16/30, "
                    "warn-free: 4}, {range: 10.0.1.32/30, exclude: 10.0.1.33, warn-free: 4}]\n",
                    "f:1:12: warning: warn-free: the pool 10.0.0.8-10.0.0.11 of line 5 has "
                    "only 4 addresses, so that it is always low\n"
                    "f:7:140: warning: warn-free: the pool 10.0.1.32-10.0.1.35 of line 7 has "
                    "only 3 addresses, so that it is always low\n");
}

#define DDNS "ddns: {zones: [{zone: a.example, server: 10.0.0.53}]}\n"

static void a_suffix_that_lies_in_no_zone_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(DDNS "names: {suffix: b.example}\n" SERVER
                         "options: {domain-name: c.example}\n"
                         "subnets:\n"
                         "- {subnet: 10.0.0.0/24}\n"
                         "- {subnet: 10.0.1.0/24}\n"
                         "- {subnet: 10.0.2.0/24, names: {suffix: x.a.example}}\n"
                         "- {subnet: 10.0.3.0/24, names: {suffix: ba.example}}\n"
                         "- {subnet: 10.0.4.0/24, names: {source: none}}\n",
                    "f:2:17: warning: names of the subnet 10.0.0.0/24 end in b.example, which "
                    "lies in no zone of 'ddns'; they are not written into the DNS\n"
                    "f:9:41: warning: names of the subnet 10.0.3.0/24 end in ba.example, which "
                    "lies in no zone of 'ddns'; they are not written into the DNS\n");
}

/* Without a suffix the domain that clients are told ends their names. */
static void a_domain_that_lies_in_no_zone_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(DDNS SERVER "options: {domain-name: b.example}\n"
                                "subnets: [{subnet: 10.0.0.0/24}]\n",
                    "f:4:20: warning: names of the subnet 10.0.0.0/24 end in b.example, which "
                    "lies in no zone of 'ddns'; they are not written into the DNS\n");
    expect_warnings(SERVER "options: {domain-name: b.example}\n" SUBNETS, "");
}

/* A file of ten thousand subnets may well have more than are shown. */
static void many_warnings_do_not_forbid_a_file(void **state)
{
    enum { RELAYS = 1001 };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct config_problems problems;
    struct config *config;

    (void)state;
    assert_non_null(out);
    fputs(SERVER "subnets:\n- {subnet: 10.0.0.0/16}\n- subnet: 10.1.0.0/16\n  relay:\n", out);
    for (unsigned i = 1; i <= RELAYS; i++)
        fprintf(out, "  - 10.0.%u.%u\n", i / 250, i % 250 + 1);
    assert_int_equal(fclose(out), 0);
    config = config_load_text("f", text, size, NULL, &problems);
    assert_non_null(config);
    assert_int_equal(problems.count, 1001);
    assert_true(problems.items[1000].warning);
    assert_string_equal(problems.items[1000].text,
                        "there is more; only the first 1000 problems found are shown");
    config_free(config);
    config_problems_free(&problems);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_relay_inside_another_subnet_is_warned_of),
        cmocka_unit_test(a_relay_on_the_own_link_is_meant),
        cmocka_unit_test(an_option_always_sent_and_never_given_is_warned_of),
        cmocka_unit_test(an_option_that_some_level_gives_may_always_be_sent),
        cmocka_unit_test(a_pool_whose_classes_are_all_denied_above_is_warned_of),
        cmocka_unit_test(warn_free_beyond_the_pool_is_warned_of),
        cmocka_unit_test(a_suffix_that_lies_in_no_zone_is_warned_of),
        cmocka_unit_test(a_domain_that_lies_in_no_zone_is_warned_of),
        cmocka_unit_test(many_warnings_do_not_forbid_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
