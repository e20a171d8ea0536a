/* Digests: equal for files that mean the same, different in the part that differs. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>
#include <stdlib.h>

static const char original[] = PAIR SERVER
    "options: {routers: 10.0.0.1, domain-name: x.net}\n"
    "classes:\n"
    "  - {name: c, match: {host-name: [a, b], client-system: 7}, options: {root-path: /c}}\n"
    "  - {name: d, match: {host-name: d}}\n"
    "subnets:\n"
    "  - subnet: 10.0.0.0/24\n"
    "    pools:\n"
    "      - {range: 10.0.0.10-10.0.0.19, exclude: [10.0.0.11, 10.0.0.13]}\n"
    "      - {range: 10.0.0.20-10.0.0.29}\n"
    "    reservations:\n"
    "      - {client-id: '01', address: 10.0.0.5, host-name: h}\n"
    "      - {client-id: '02', address: 10.0.0.6}\n"
    "  - subnet: 10.0.1.0/24\n";

static struct digests digests_of(const char *text, const char *node)
{
    struct config *config = load_right(text, node);
    struct digests digests = config->digests;

    config_free(config);
    return digests;
}

/* `text` with `from`, which stands in it once, replaced by `to`. */
static char *edited(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    size_t size = strlen(text) + strlen(to) + 1;
    char *result = malloc(size);

    assert_non_null(at);
    assert_null(strstr(at + 1, from));
    assert_non_null(result);
    (void)snprintf(result, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return result;
}

enum part {
    PAIR_PART = 1,
    SUBNETS_PART = 2,
    POOLS_PART = 4,
    RESERVATIONS_PART = 8,
    OPTIONS_PART = 16
};

static unsigned differing(struct digests a, struct digests b)
{
    unsigned parts = a.pair != b.pair ? PAIR_PART : 0;

    for (enum config_part part = 0; part < CONFIG_PARTS; part++)
        parts |= a.part[part] != b.part[part] ? (unsigned)SUBNETS_PART << part : 0;
    return parts;
}

static void formatting_and_order_change_nothing(void **state)
{
    static const char other[] =
        "# the same in another hand\n"
        "subnets:\n"
        "- {subnet: 10.0.1.0/24}\n"
        "- reservations:\n"
        "  - address: 10.0.0.6\n"
        "    client-id: \"02\"\n"
        "  - address: 10.0.0.5\n"
        "    client-id: \"0x01\"\n"
        "    options:\n"
        "      host-name: h\n"
        "  pools:\n"
        "  - range: 10.0.0.20 - 10.0.0.29\n"
        "  - range: 10.0.0.10-10.0.0.19\n"
        "    exclude: [10.0.0.13, 10.0.0.11, 10.0.0.11-10.0.0.11]\n"
        "  subnet: 10.0.0.0/24\n"
        "classes:\n"
        "- options: {root-path: /c}\n"
        "  match: {client-system: [7], host-name: [b, a]}\n"
        "  name: c\n"
        "- {name: d, match: {host-name: d}}\n"
        "options:\n"
        "  domain-name: \"x.net\"\n"
        "  routers: [10.0.0.1]\n"
        "offer-hold: 1m\n"
        "lease-time: {max: 1d, min: 300s}\n"
        "server:\n"
        "  interfaces: [eth7]\n"
        "  store: /elsewhere\n" PAIR "  mode: load-balancing\n  mclt: 60m\n";

    (void)state;
    assert_int_equal(0, differing(digests_of(original, "a"), digests_of(other, "a")));
}

static void both_nodes_have_one_digest_of_one_file(void **state)
{
    (void)state;
    assert_int_equal(0, differing(digests_of(original, "a"), digests_of(original, "b")));
}

static void a_change_differs_in_its_part_alone(void **state)
{
    static const struct {
        const char *from, *to;
        unsigned parts;
    } changes[] = {
        {"name: p\n", "name: q\n", PAIR_PART},
        {"security: none", "security: {curve: /k}", PAIR_PART},
        {"tcp://10.1.0.2:6470", "tcp://10.1.0.2:6471", PAIR_PART},
        {"security: none", "security: none\n  split: 60", PAIR_PART},
        {"security: none", "security: none\n  max-clock-skew: 6s", PAIR_PART},
        {"options: {routers", "lease-time: 1h\noptions: {routers", SUBNETS_PART},
        {"options: {routers", "offer-hold: 30s\noptions: {routers", SUBNETS_PART},
        {"options: {routers", "abandon-time: 1h\noptions: {routers", SUBNETS_PART},
        {"options: {routers", "probe: {}\noptions: {routers", SUBNETS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/25", SUBNETS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    probe: {wait: 1s}", SUBNETS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    lease-time: 1h", SUBNETS_PART},
        {"10.0.0.20-10.0.0.29", "10.0.0.20-10.0.0.28", POOLS_PART},
        {"10.0.0.20-10.0.0.29", "10.0.0.20-10.0.0.29, lease-time: 1h", POOLS_PART},
        {"10.0.0.11, 10.0.0.13", "10.0.0.11, 10.0.0.14", POOLS_PART},
        {"'02', address: 10.0.0.6", "'02', address: 10.0.0.7", RESERVATIONS_PART},
        {"'02'", "'03'", RESERVATIONS_PART},
        {"address: 10.0.0.6", "address: 10.0.0.6, lease-time: 1h", RESERVATIONS_PART},
        {"host-name: h}", "host-name: i}", OPTIONS_PART},
        {"options: {routers", "never-send: host-name\noptions: {routers", OPTIONS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    always-send: routers", OPTIONS_PART},
        {"options: {routers",
         "option-definitions: [{name: x, code: 230, type: u8}]\noptions: {routers",
         OPTIONS_PART},
        {"options: {routers",
         "option-definitions: [{name: x, space: y, code: 1, type: u8}]\noptions: {routers",
         OPTIONS_PART},
        {"routers: 10.0.0.1", "routers: [10.0.0.1, 10.0.0.2]", OPTIONS_PART},
        {"{name: d", "{name: e", OPTIONS_PART},
        {"[a, b]", "[a, 'b*']", OPTIONS_PART},
        {"[a, b]", "[a]", OPTIONS_PART},
        {"root-path: /c}", "root-path: /c}, next-server: 10.0.0.9", OPTIONS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    boot-file-name: x", OPTIONS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    options: {time-offset: 0}",
         OPTIONS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n  - subnet: 10.0.2.0/24", SUBNETS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    deny: c", SUBNETS_PART},
        {"10.0.0.20-10.0.0.29", "10.0.0.20-10.0.0.29, allow: d", POOLS_PART},
        {"10.0.0.20-10.0.0.29", "10.0.0.20-10.0.0.29, require: [d, known]", POOLS_PART},
        {"10.0.0.20-10.0.0.29", "10.0.0.20-10.0.0.29, add-classes: d", OPTIONS_PART},
        {"subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    add-classes: d", OPTIONS_PART},
        {"address: 10.0.0.6", "address: 10.0.0.6, classes: c", RESERVATIONS_PART},
        {"address: 10.0.0.6", "address: 10.0.0.6, add-classes: c", OPTIONS_PART},
        {"match: {host-name: d}", "match: {host-name: {prefix: d}}", OPTIONS_PART},
        {"match: {host-name: d}", "match: {not: {host-name: d}}", OPTIONS_PART},
        {"match: {host-name: d}", "match: {host-name: {present: true}}", OPTIONS_PART},
        {"match: {host-name: d}", "match: {class: c}", OPTIONS_PART},
        {"match: {host-name: d}", "match: {relay.circuit-id: d}", OPTIONS_PART},
        {"match: {host-name: d}", "expression: 'option[12].exists'", OPTIONS_PART},
        {"{host-name: d}", "{host-name: d}, additional: true", OPTIONS_PART},
    };
    struct digests before = digests_of(original, "a");

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        char *text = edited(original, changes[i].from, changes[i].to);

        assert_int_equal(differing(before, digests_of(text, "a")), changes[i].parts);
        free(text);
    }
}

static void the_order_of_classes_is_a_difference(void **state)
{
    static const char one[] = SERVER SUBNETS "classes:\n"
                                             "  - {name: c, match: {host-name: c}}\n"
                                             "  - {name: d, match: {host-name: d}}\n";
    static const char other[] = SERVER SUBNETS "classes:\n"
                                               "  - {name: d, match: {host-name: d}}\n"
                                               "  - {name: c, match: {host-name: c}}\n";

    (void)state;
    assert_int_equal(differing(digests_of(one, NULL), digests_of(other, NULL)), OPTIONS_PART);
}

/* Of two expressions, and of two places, that differ in one thing alone. */
static void what_a_test_says_is_a_difference(void **state)
{
    static const char one[] =
        SERVER "classes:\n"
               "- {name: c, expression: \"substring(option[60].hex, 0, 3) == 'PXE'\"}\n"
               "- {name: d, expression: \"member('c') and vendor[1].exists\"}\n"
               "flex-id: \"concat(relay4[1].hex, '/')\"\n"
               "subnets: [{subnet: 10.0.0.0/24, allow: c}]\n";
    static const struct {
        const char *from, *to;
        unsigned parts;
    } changes[] = {
        {"0, 3)", "1, 3)", OPTIONS_PART},         {"0, 3)", "0, 4)", OPTIONS_PART},
        {"'PXE'", "'PXF'", OPTIONS_PART},         {"[60]", "[61]", OPTIONS_PART},
        {"vendor[1]", "vendor[2]", OPTIONS_PART}, {"('c')", "('known')", OPTIONS_PART},
        {" and ", " or ", OPTIONS_PART},          {"allow: c", "allow: d", SUBNETS_PART},
        {"allow: c", "deny: c", SUBNETS_PART},    {"relay4[1]", "relay4[2]", OPTIONS_PART},
        {", '/')", ", ':')", OPTIONS_PART},       {"flex-id: ", "#", OPTIONS_PART},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        char *text = edited(one, changes[i].from, changes[i].to);

        assert_int_equal(differing(digests_of(one, NULL), digests_of(text, NULL)),
                         changes[i].parts);
        free(text);
    }
}

/* In `differing` parts, and in no other, subnet `index` differs. */
static void assert_parts(const struct config *a, const struct config *b, size_t index,
                         unsigned differing_parts)
{
    unsigned found = 0;

    for (enum config_part part = 0; part < CONFIG_PARTS; part++)
        found |= a->subnet_digests[index].part[part] != b->subnet_digests[index].part[part]
                     ? 1u << part
                     : 0;
    assert_int_equal(found, differing_parts);
}

static void what_a_subnet_lacks_has_no_digest(void **state)
{
    struct config *config = load_right(original, "a");
    const struct subnet_digests *empty = &config->subnet_digests[1];

    (void)state;
    assert_true(empty->part[PART_SUBNETS] != 0);
    assert_true(empty->part[PART_POOLS] == 0 && empty->part[PART_RESERVATIONS] == 0 &&
                empty->part[PART_OPTIONS] == 0);
    config_free(config);
}

static void each_subnet_has_a_digest_of_each_part(void **state)
{
    char *text = edited(original, "10.0.0.20-10.0.0.29", "10.0.0.20-10.0.0.28");
    char *longer =
        edited(original, "subnet: 10.0.1.0/24", "subnet: 10.0.1.0/24\n    lease-time: 1h");
    struct config *one = load_right(original, "a"), *other = load_right(text, "a"),
                  *third = load_right(longer, "a");

    (void)state;
    assert_parts(one, other, 0, 1u << PART_POOLS);
    assert_parts(one, other, 1, 0);
    assert_parts(one, third, 0, 0);
    assert_parts(one, third, 1, 1u << PART_SUBNETS);
    config_free(one);
    config_free(other);
    config_free(third);
    free(text);
    free(longer);
}

/* Peers of two builds compare them: a change of these numbers is a change of the protocol. */
static void digests_stay_what_they_are(void **state)
{
    struct digests digests = digests_of(original, "a");
    struct digests alone = digests_of(SERVER SUBNETS, NULL);

    (void)state;
    assert_int_equal(alone.pair, 0);
    assert_int_equal(digests.pair, UINT64_C(0xdf725eab8505e348));
    assert_int_equal(digests.part[PART_SUBNETS], UINT64_C(0xae69a04e6deda1ee));
    assert_int_equal(digests.part[PART_POOLS], UINT64_C(0xc0d2d48e4bdcd4a4));
    assert_int_equal(digests.part[PART_RESERVATIONS], UINT64_C(0xabd6adad1c3844e1));
    assert_int_equal(digests.part[PART_OPTIONS], UINT64_C(0x74724f5633eaae92));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formatting_and_order_change_nothing),
        cmocka_unit_test(both_nodes_have_one_digest_of_one_file),
        cmocka_unit_test(a_change_differs_in_its_part_alone),
        cmocka_unit_test(the_order_of_classes_is_a_difference),
        cmocka_unit_test(what_a_test_says_is_a_difference),
        cmocka_unit_test(each_subnet_has_a_digest_of_each_part),
        cmocka_unit_test(what_a_subnet_lacks_has_no_digest),
        cmocka_unit_test(digests_stay_what_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
