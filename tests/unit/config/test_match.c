/* What `match` refuses, and the form that it gives to what it takes. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#define CLASS                                                                                  \
    "server: {interfaces: eth0}\nsubnets: [{subnet: 10.0.0.0/24}]\nclasses:\n- name: c\n  "    \
    "match: "

static void conditions_stand_before_what_they_are_made_of(void **state)
{
    struct config *config =
        load_right(CLASS "{not: {host-name: a}, any: [{host-name: b, client-system: 7}, "
                         "{host-name: c}], client-system: 0}\n",
                   NULL);
    const struct config_class *class = &config->classes[0];
    const struct config_condition *c = class->conditions;

    (void)state;
    assert_int_equal(class->condition_count, 8);
    assert_int_equal(c[0].code, OPTION_CLIENT_SYSTEM);
    assert_int_equal(c[0].extent, 1);
    assert_int_equal(c[1].kind, CONDITION_ANY);
    assert_int_equal(c[1].extent, 5);
    assert_int_equal(c[2].kind, CONDITION_ALL);
    assert_int_equal(c[2].extent, 3);
    assert_int_equal(c[3].code, OPTION_HOST_NAME);
    assert_int_equal(c[5].code, OPTION_HOST_NAME);
    assert_int_equal(c[6].kind, CONDITION_NOT);
    assert_int_equal(c[6].extent, 2);
    config_free(config);
}

static struct config_gate gate_of(const char *match)
{
    char text[512];
    struct config *config;
    struct config_gate gate;

    (void)snprintf(text, sizeof(text), CLASS "%s\n", match);
    config = load_right(text, NULL);
    gate = config->classes[0].gate;
    config_free(config);
    return gate;
}

/* With what an option has to begin for the class to hold. */
static void the_first_condition_makes_a_gate(void **state)
{
    static const struct {
        const char *match;
        uint8_t code;
        const char *head;
    } rows[] = {
        {"{host-name: [db1, db2, 'db*']}", OPTION_HOST_NAME, "db"},
        {"{vendor-class-identifier: {prefix: PXEClient}}", 60, "PXEClien"},
        {"{vendor-class-identifier: 'a?c', client-system: 7}", 60, "a"},
        {"{option-224: '61:62'}", 224, "ab"},
        {"{host-name: [a, b]}", OPTION_HOST_NAME, ""},
        {"{client-system: [7, 9]}", OPTION_CLIENT_SYSTEM, ""},
        {"{user-class: iPXE}", OPTION_USER_CLASS, ""},
        {"{host-name: {present: false}}", 0, ""},
        {"{relay.circuit-id: a}", 0, ""},
        {"{any: [{host-name: a}, {host-name: b}]}", 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct config_gate gate = gate_of(rows[i].match);

        assert_int_equal(gate.code, rows[i].code);
        assert_int_equal(gate.size, strlen(rows[i].head));
        assert_memory_equal(&gate.head, rows[i].head, gate.size);
    }
}

static void a_wrong_subject_is_met_with_a_right_one(void **state)
{
    (void)state;
    expect_problems(CLASS "{relay.circuit: a}\n", NULL,
                    "f:5:11: unknown relay sub-option 'relay.circuit'; did you mean "
                    "'relay.circuit-id'?\n");
    expect_problems(CLASS "{relay.option-256: a}\n", NULL,
                    "f:5:11: unknown relay sub-option 'relay.option-256'; write "
                    "relay.circuit-id, relay.remote-id, relay.subscriber-id, relay.relay-id, "
                    "relay.link-selection or relay.option-N\n");
    expect_problems(CLASS "{packet.gidadr: 10.0.0.1}\n", NULL,
                    "f:5:11: unknown field 'packet.gidadr'; did you mean 'packet.giaddr'?\n");
    expect_problems(CLASS "{packet.q: 1}\n", NULL,
                    "f:5:11: unknown field 'packet.q'; write packet.giaddr, "
                    "packet.hw-address, packet.secs or another that the manual names\n");
    expect_problems(CLASS "{option-43.type: 1}\n", NULL,
                    "f:5:11: 'option-43.type' names no sub-option; write option-43.option-N, N "
                    "from 0 to 255\n");
    expect_problems(CLASS "{host-nam.1: 1}\n", NULL,
                    "f:5:11: unknown option 'host-nam'; did you mean 'host-name'?\n");
}

static void a_value_fits_its_subject(void **state)
{
    (void)state;
    expect_problems(
        CLASS "{packet.giaddr: 10.0.0, packet.hw-address: zz, packet.hw-type: 256,\n"
              "    packet.broadcast: maybe, packet.message-type: leasequery, "
              "packet.source: 10.0.0.1/8}\n",
        NULL,
        "f:5:26: packet.giaddr: '10.0.0' does not fit; write an IPv4 address such as 10.0.0.1\n"
        "f:5:53: packet.hw-address: 'zz' is not a hardware address such as 52:54:00:12:34:56\n"
        "f:5:73: packet.hw-type: '256' does not fit; write a number from 0 to 255\n"
        "f:6:23: packet.broadcast: 'maybe' does not fit; write true or false\n"
        "f:6:51: packet.message-type: 'leasequery' does not fit; write a number from 0 to 255, "
        "or a word such as discover\n"
        "f:6:78: packet.source: '10.0.0.1/8' has host bits set; write 10.0.0.0/8\n");
    expect_problems(
        CLASS "{relay.circuit-id: 0xzz}\n", NULL,
        "f:5:29: relay.circuit-id: '0xzz' does not fit; write a text, or bytes such "
        "as 0xaabb\n");
}

static void a_comparison_fits_its_subject(void **state)
{
    (void)state;
    expect_problems(CLASS "{client-system: {prefix: 1}, packet.secs: {glob: '1*'}}\n", NULL,
                    "f:5:35: client-system: a prefix is for texts, bytes and addresses; write "
                    "the values or from and to\n"
                    "f:5:59: packet.secs: a glob is for texts; write the values or from and "
                    "to\n");
    expect_problems(CLASS "{host-name: {from: a}}\n", NULL,
                    "f:5:29: host-name: from and to are for numbers and addresses; write the "
                    "values, prefix or glob\n");
    expect_problems(CLASS "{packet.secs: {from: 9, to: 4}}\n", NULL,
                    "f:5:31: packet.secs: from 9 is above to 4; write the smaller one first\n");
    expect_problems(CLASS "{packet.giaddr: {from: 10.0.0.0/8}}\n", NULL,
                    "f:5:33: packet.giaddr: from and to take one address each; write the "
                    "network without them\n");
    expect_problems(CLASS "{packet.giaddr: {present: true}}\n", NULL,
                    "f:5:36: packet.giaddr is in every packet; write the values that it may "
                    "have\n");
    expect_problems(CLASS "{host-name: {present: yes}}\n", NULL,
                    "f:5:32: present: 'yes' does not fit; write true or false\n");
    expect_problems(CLASS "{host-name: {begins: a}}\n", NULL,
                    "f:5:23: host-name: unknown comparison 'begins'; write prefix, glob, in, "
                    "present, from or to\n");
    expect_problems(CLASS "{host-name: {prefix: a, glob: 'a*'}}\n", NULL,
                    "f:5:22: host-name: write one comparison, and others beside it with "
                    "'all'\n");
    expect_problems(
        CLASS "{host-name: {}}\n", NULL,
        "f:5:22: host-name: the map is empty; write prefix, glob, in, present, from "
        "or to\n");
    expect_problems(CLASS "{host-name: {prefix: a, prefix: b}}\n", NULL,
                    "f:5:34: host-name: prefix is given twice; keep one\n");
}

static void groups_are_lists_of_maps(void **state)
{
    (void)state;
    expect_problems(CLASS "{any: {host-name: a}}\n", NULL,
                    "f:5:16: any is a map; write a list, each item after '- '\n");
    expect_problems(CLASS "{any: [a]}\n", NULL,
                    "f:5:17: match is a single value; write a map of options such as "
                    "{client-system: [15, 16]}\n");
    expect_problems(CLASS "{all: []}\n", NULL,
                    "f:5:16: the list of all is empty; write at least one item, or remove the "
                    "key\n");
    expect_problems(CLASS "{not: {}}\n", NULL,
                    "f:5:16: match is empty and would match every client; write at least one "
                    "option\n");
    expect_problems(CLASS "{not: {host-name: a}, not: {host-name: b}}\n", NULL,
                    "f:5:32: not is given twice in one map; the first is at line 5\n");
    expect_problems(CLASS "{host-name: a, option-12: '62'}\n", NULL,
                    "f:5:25: option 'option-12' (code 12) is given twice; the first is at line "
                    "5\n");
    expect_problems(CLASS "{? [a] : b}\n", NULL,
                    "f:5:13: a key of match is a list; write a word\n");
}

static void nesting_has_a_limit(void **state)
{
    char text[512];
    size_t used = (size_t)snprintf(text, sizeof(text), CLASS);

    (void)state;
    for (int i = 0; i < 9; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "{not: ");
    used += (size_t)snprintf(text + used, sizeof(text) - used, "{host-name: a}");
    for (int i = 0; i < 9; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "}");
    expect_problems(text, NULL,
                    "f:5:64: match is nested too deeply; all, any and not go 8 levels deep\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_stand_before_what_they_are_made_of),
        cmocka_unit_test(the_first_condition_makes_a_gate),
        cmocka_unit_test(a_wrong_subject_is_met_with_a_right_one),
        cmocka_unit_test(a_value_fits_its_subject),
        cmocka_unit_test(a_comparison_fits_its_subject),
        cmocka_unit_test(groups_are_lists_of_maps),
        cmocka_unit_test(nesting_has_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
