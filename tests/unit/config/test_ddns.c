/* `names:` and `ddns:`: what they make, and what is wrong with them. */
#include "tests/unit/config/help_load.h"

#define DDNS(zones) SERVER SUBNETS "ddns:\n  zones:\n" zones

static void without_either_nobody_is_named(void **state)
{
    struct config *config = load_right(SERVER SUBNETS, NULL);

    (void)state;
    assert_null(config->names);
    assert_null(config->ddns);
    assert_null(config->subnets[0].names);
    config_free(config);
}

static void a_subnet_says_only_what_differs(void **state)
{
    struct config *config =
        load_right(SERVER "names: {source: generated, suffix: DC1.Example.net., "
                          "client-updates: override}\n"
                          "subnets:\n"
                          "  - {subnet: 10.0.0.0/24, names: {generated: 'x-{hw}'}}\n"
                          "  - {subnet: 10.0.1.0/24}\n",
                   NULL);
    const struct config_names *names = config->subnets[0].names;

    (void)state;
    assert_int_equal(names->source, NAME_GENERATED);
    assert_string_equal(names->suffix, "dc1.example.net");
    assert_int_equal(names->client_updates, CLIENT_UPDATES_OVERRIDE);
    assert_string_equal(names->generated, "x-{hw}");
    assert_string_equal(config->names->generated, "dhcp-{address}");
    assert_ptr_equal(config->subnets[1].names, config->names);
    config_free(config);
}

static void a_shared_network_stands_between_file_and_subnet(void **state)
{
    struct config *config = load_right(SERVER "names: {suffix: file.net}\n"
                                              "shared-networks:\n"
                                              "  - name: row\n"
                                              "    names: {suffix: row.net, replace: always}\n"
                                              "    subnets:\n"
                                              "      - {subnet: 10.0.0.0/24}\n"
                                              "      - {subnet: 10.0.1.0/24, names: {suffix: "
                                              "own.net}}\n",
                                       NULL);

    (void)state;
    assert_string_equal(config->subnets[0].names->suffix, "row.net");
    assert_string_equal(config->subnets[1].names->suffix, "own.net");
    assert_int_equal(config->subnets[1].names->replace, REPLACE_ALWAYS);
    config_free(config);
}

static void a_zone_has_servers_and_a_key(void **state)
{
    struct config *config = load_right(
        SERVER SUBNETS
        "ddns:\n"
        "  keys: [{name: k1, algorithm: hmac-sha512, secret-file: /k}]\n"
        "  zones:\n"
        "    - {zone: dc1.net, server: [10.0.0.53, 10.0.0.54], port: 5353, key: k1}\n"
        "    - {zone: 10.in-addr.arpa, server: 10.0.0.53}\n",
        NULL);
    const struct config_ddns *ddns = config->ddns;

    (void)state;
    assert_int_equal(ddns->zone_count, 2);
    assert_int_equal(ddns->zones[0].server_count, 2);
    assert_int_equal(ddns->zones[0].port, 5353);
    assert_ptr_equal(ddns->zones[0].key, &ddns->keys[0]);
    assert_int_equal(ddns->keys[0].algorithm, TSIG_HMAC_SHA512);
    assert_null(ddns->zones[1].key);
    assert_int_equal(ddns->ttl_s, 3600);
    assert_int_equal(ddns->timeout_ms, 2000);
    assert_int_equal(ddns->conflicts, CONFLICTS_CHECK);
    assert_non_null(config->names); /* with its defaults */
    config_free(config);
}

static void a_name_is_in_the_longest_zone_that_it_lies_in(void **state)
{
    struct config *config = load_right(DDNS("    - {zone: net, server: 10.0.0.53}\n"
                                            "    - {zone: dc1.net, server: 10.0.0.53}\n"),
                                       NULL);
    const struct config_ddns *ddns = config->ddns;

    (void)state;
    assert_string_equal(config_ddns_zone_of(ddns, span_of("a.dc1.net", 9))->zone, "dc1.net");
    assert_string_equal(config_ddns_zone_of(ddns, span_of("a.xdc1.net", 10))->zone, "net");
    assert_null(config_ddns_zone_of(ddns, span_of("a.example", 9)));
    config_free(config);
}

static void an_address_has_its_reverse_name(void **state)
{
    char name[REVERSE_NAME_SIZE];

    (void)state;
    assert_int_equal(config_reverse_name(ip4(0x0a070009), name), 21);
    assert_string_equal(name, "9.0.7.10.in-addr.arpa");
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    expect_problems(DDNS("    - {zone: dc1.net, server: 10.0.0.53, key: k1}\n"), NULL,
                    "f:5:47: key: there is no key 'k1' in ddns.keys; write it there\n");
    expect_problems(DDNS("    - {zone: a, server: 10.0.0.53}\n"
                         "    - {zone: A., server: 10.0.0.53}\n"),
                    NULL, "f:6:7: zone 'a' is given twice; remove one\n");
    expect_problems(DDNS("    - {zone: a b, server: ns1}\n"), NULL,
                    "f:5:14: zone: 'a b' is not a domain; write one such as dc1.example.net\n"
                    "f:5:27: server: 'ns1' is not an IPv4 address such as 10.0.0.1\n");
    expect_problems(
        SERVER SUBNETS "names: {source: none, replace: always}\n", NULL,
        "f:3:32: replace: it only says something of `source: client`; remove it, or "
        "the other source\n");
    expect_problems(
        SERVER SUBNETS "names: {generated: dhcp}\n", NULL,
        "f:3:20: generated: 'dhcp' names all clients alike; write {address} or {hw} "
        "into it\n");
    expect_problems(SERVER SUBNETS "names: {generated: 'a.{hw}'}\n", NULL,
                    "f:3:20: generated: 'a.{hw}' may have lower case letters, digits, '-', "
                    "{address} and {hw} in it; write for example dhcp-{address}\n");
}

/* Both peers write the same names to the same servers; where the secrets lie is each one's own.
 */
static void the_digest_covers_names_and_zones(void **state)
{
    static const char *const texts[] = {
        SERVER SUBNETS,
        SERVER SUBNETS "names: {source: generated}\n",
        DDNS("    - {zone: a, server: 10.0.0.53}\n"),
        DDNS("    - {zone: a, server: 10.0.0.54}\n"),
        DDNS("    - {zone: a, server: 10.0.0.53}\n  ttl: 2h\n"),
        DDNS("    - {zone: a, server: 10.0.0.53, key: k}\n"
             "  keys: [{name: k, secret-file: /a}]\n"),
    };
    static const char other_file[] = DDNS("    - {zone: a, server: 10.0.0.53, key: k}\n"
                                          "  keys: [{name: k, secret-file: /b}]\n");
    uint64_t digest[ARRAY_SIZE(texts)];
    struct config *config;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        config = load_right(texts[i], NULL);
        digest[i] = config->digests.part[PART_SUBNETS];
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(digest[i], digest[j]);
        config_free(config);
    }
    config = load_right(other_file, NULL);
    assert_int_equal(config->digests.part[PART_SUBNETS], digest[ARRAY_SIZE(texts) - 1]);
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_either_nobody_is_named),
        cmocka_unit_test(a_subnet_says_only_what_differs),
        cmocka_unit_test(a_shared_network_stands_between_file_and_subnet),
        cmocka_unit_test(a_zone_has_servers_and_a_key),
        cmocka_unit_test(a_name_is_in_the_longest_zone_that_it_lies_in),
        cmocka_unit_test(an_address_has_its_reverse_name),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(the_digest_covers_names_and_zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
