/* Which addresses are probed, and how, as the file and its subnets say. */
#include "tests/unit/config/help_load.h"

#include "config/model.h"

#define HEAD "server: {interfaces: [lo]}\n"
#define TWO_SUBNETS(of_second)                                                                 \
    "subnets:\n- {subnet: 10.1.0.0/16}\n- {subnet: 10.2.0.0/16" of_second "}\n"

static void nothing_is_probed_unless_a_file_says_so(void **state)
{
    struct config *config = load_right(HEAD TWO_SUBNETS(""), "a");

    (void)state;
    assert_false(config_probe_is_on(&config->subnets[0].probe));
    assert_false(config_may_probe(config));
    config_free(config);
}

static void what_the_file_says_holds_where_a_subnet_says_nothing(void **state)
{
    struct config *config = load_right(
        HEAD "probe: {icmp: false, wait: 200ms, recheck: 5m}\n" TWO_SUBNETS(""), "a");

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct config_probe *probe = &config->subnets[i].probe;

        assert_int_equal(probe->icmp, CONFIG_FLAG_NO);
        assert_int_equal(probe->arp, CONFIG_FLAG_YES);
        assert_int_equal(probe->wait_ms, 200);
        assert_int_equal(probe->recheck_ms, 300000);
    }
    assert_true(config_may_probe(config));
    config_free(config);
}

static void what_a_subnet_says_stands_in_place_of_all_that_the_file_says(void **state)
{
    struct config *none = load_right(HEAD "probe: {}\n" TWO_SUBNETS(", probe: none"), "a");
    struct config *other =
        load_right(HEAD "probe: {wait: 1s}\n" TWO_SUBNETS(", probe: {icmp: false}"), "a");

    (void)state;
    assert_true(config_probe_is_on(&none->subnets[0].probe));
    assert_false(config_probe_is_on(&none->subnets[1].probe));
    assert_int_equal(other->subnets[0].probe.wait_ms, 1000);
    assert_int_equal(other->subnets[1].probe.wait_ms, 500);
    assert_int_equal(other->subnets[1].probe.icmp, CONFIG_FLAG_NO);
    config_free(none);
    config_free(other);
}

/* Used where nothing is written, after a start without the partner. */
static void the_defaults_of_the_table_are_those_of_the_model(void **state)
{
    struct config *config = load_right(HEAD "probe: {}\n" TWO_SUBNETS(""), "a");
    const struct config_probe *probe = &config->probe;

    (void)state;
    assert_int_equal(probe->icmp, config_probe_default.icmp);
    assert_int_equal(probe->arp, config_probe_default.arp);
    assert_int_equal(probe->wait_ms, config_probe_default.wait_ms);
    assert_int_equal(probe->recheck_ms, config_probe_default.recheck_ms);
    config_free(config);
}

static void wrong_values_are_named(void **state)
{
    (void)state;
    expect_problems(
        HEAD "probe: yes\n" TWO_SUBNETS(""), "a",
        "f:2:8: probe: 'yes' is not known; write {icmp: true, arp: true}, or none\n");
    expect_problems(HEAD "probe: {icmp: on}\n" TWO_SUBNETS(""), "a",
                    "f:2:15: icmp: 'on' is not true or false\n");
    expect_problems(HEAD "probe: {wait: 10s}\n" TWO_SUBNETS(""), "a",
                    "f:2:15: wait: '10s' is out of range; write 50ms to 3s\n");
    expect_problems(HEAD "probe: {ping: true}\n" TWO_SUBNETS(""), "a",
                    "f:2:9: unknown key 'ping' in probe; known are icmp, arp, wait, recheck\n");
    expect_problems(HEAD "probe: [icmp]\n" TWO_SUBNETS(""), "a",
                    "f:2:8: probe is a list; write a map of icmp, arp, wait, recheck\n");
}

static void neither_way_is_refused_and_names_both_places(void **state)
{
    (void)state;
    expect_problems(HEAD "probe:\n  icmp: false\n  arp: false\n" TWO_SUBNETS(""), "a",
                    "f:4:8: probe: arp is false, and so is icmp at line 3; set one of them to "
                    "true, or write 'probe: none'\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_probed_unless_a_file_says_so),
        cmocka_unit_test(what_the_file_says_holds_where_a_subnet_says_nothing),
        cmocka_unit_test(what_a_subnet_says_stands_in_place_of_all_that_the_file_says),
        cmocka_unit_test(the_defaults_of_the_table_are_those_of_the_model),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(neither_way_is_refused_and_names_both_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
