/* Reservations: by what they know a client, where they may stand, what they may leave out. */
#include "tests/unit/config/help_load.h"

#include <stdlib.h>

#define FILE_WITH(text) SERVER SUBNETS text
#define KEY(text)       span_of((text), sizeof(text) - 1)

static void each_identity_has_its_key(void **state)
{
    struct config *config =
        load_right(FILE_WITH("flex-id: relay4[1].hex\n"
                             "reservations:\n"
                             "- {hw-address: '52:54:00:00:00:01', address: 10.0.0.1}\n"
                             "- {client-id: 'text:a', address: 10.0.0.2}\n"
                             "- {circuit-id: 'text:eth7/1', address: 10.0.0.3}\n"
                             "- {remote-id: '01:02', address: 10.0.0.4}\n"
                             "- {duid: '00:03:00:01:02', address: 10.0.0.5}\n"
                             "- {flex-id: 'text:r7-1', address: 10.0.0.6}\n"),
                   NULL);
    const struct span keys[] = {
        KEY("\0\1\x52\x54\0\0\0\1"), KEY("\1a"),   KEY("\2eth7/1"), KEY("\3\1\2"),
        KEY("\4\0\3\0\1\2"),         KEY("\5r7-1")};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct config_reservation *r =
            config_reservation_of(config, &config->subnets[0], keys[i]);

        assert_non_null(r);
        assert_int_equal(r->address.value, 0x0a000001 + i);
    }
    assert_int_equal(config->identities.used, 0x3f);
    config_free(config);
}

/* Without an address, beside all subnets: of no subnet.  In a subnet: of that one. */
static void an_address_is_optional(void **state)
{
    struct config *config = load_right(
        SERVER "subnets: [{subnet: 10.0.0.0/24, reservations: [{client-id: '01', address: "
               "10.0.0.9}, {client-id: '02', host-name: x}]}]\n"
               "reservations: [{client-id: '03', host-name: y}]\n",
        NULL);
    const struct config_reservation *r;

    (void)state;
    r = config_reservation_of(config, &config->subnets[0], KEY("\1\2"));
    assert_int_equal(r->address.value, 0);
    assert_int_equal(r->subnet, 0);
    assert_null(config_reservation_of(config, &config->subnets[0], KEY("\1\3")));
    r = config_reservation_anywhere(config, KEY("\1\3"));
    assert_string_equal(r->host_name, "y");
    assert_int_equal(r->subnet, CONFIG_ANYWHERE);
    assert_null(config_reservation_anywhere(config, KEY("\1\2")));
    assert_null(config_reservation_at(config, ip4(0)));
    assert_ptr_equal(config_reservation_at(config, address("10.0.0.9")),
                     config_reservation_of(config, &config->subnets[0], KEY("\1\1")));
    config_free(config);
}

static void clients_without_address_are_reserved_once_too(void **state)
{
    (void)state;
    expect_problems(
        FILE_WITH("reservations:\n- {client-id: '01'}\n- {client-id: '01'}\n"), NULL,
        "f:5:3: reservations of lines 4 and 5 are for one client, id 01; keep one of "
        "them\n");
}

static void classes_are_given_by_name(void **state)
{
    struct config *config =
        load_right(FILE_WITH("classes: [{name: a, match: {client-system: 0}}, {name: b, match: "
                             "{client-system: 1}}]\n"
                             "reservations: [{client-id: '01', classes: [b, a]}]\n"),
                   NULL);

    (void)state;
    assert_int_equal(config->reservations[0].classes.count, 2);
    assert_int_equal(config->reservations[0].classes.numbers[0], CONFIG_BUILTINS);
    assert_int_equal(config->reservations[0].classes.numbers[1], CONFIG_BUILTINS + 1);
    config_free(config);
    expect_problems(FILE_WITH("classes: [{name: fast, match: {client-system: 0}}]\n"
                              "reservations: [{client-id: '01', classes: fats}]\n"),
                    NULL, "f:4:43: classes: unknown class 'fats'; did you mean 'fast'?\n");
}

static void the_order_is_written_or_the_usual_one(void **state)
{
    struct config *config =
        load_right(FILE_WITH("reservation-identifiers: [circuit-id, hw-address]\n"), NULL);

    (void)state;
    assert_int_equal(config->identities.count, 2);
    assert_int_equal(config->identities.order[0], IDENTITY_CIRCUIT_ID);
    assert_int_equal(config->identities.order[1], IDENTITY_HW_ADDRESS);
    config_free(config);
    config = load_right(FILE_WITH(""), NULL);
    assert_int_equal(config->identities.count, IDENTITIES);
    assert_int_equal(config->identities.order[0], IDENTITY_CLIENT_ID);
    config_free(config);
}

static void what_is_not_tried_cannot_be_reserved_by(void **state)
{
    (void)state;
    expect_problems(
        FILE_WITH("reservation-identifiers: [hw-address, circut-id, hw-address]\n"
                  "reservations: [{remote-id: '01'}]\n"),
        NULL,
        "f:3:39: reservation-identifiers: 'circut-id' is none; write a list of hw-address, "
        "client-id, circuit-id, remote-id, duid and flex-id\n"
        "f:3:50: reservation-identifiers: hw-address is given twice; keep one of them\n"
        "f:4:28: remote-id: no client is looked for by it; add it to "
        "'reservation-identifiers'\n");
}

/* ---- flex-id ---- */

#define BY_FLEX_ID "reservations: [{flex-id: 'text:a'}]\n"

static void a_flex_id_needs_the_files_expression(void **state)
{
    (void)state;
    expect_problems(FILE_WITH(BY_FLEX_ID), NULL,
                    "f:3:26: flex-id: no client is known by it, for the file has no 'flex-id'; "
                    "write for example 'flex-id: \"concat(relay4[1].hex, pkt4.mac)\"' beside "
                    "'subnets'\n");
}

/* And the reservations are not told of a second time. */
static void what_is_wrong_with_the_expression_has_its_place(void **state)
{
    (void)state;
    expect_problems(FILE_WITH("flex-id: \"concat(relay4[1].hex)\"\n" BY_FLEX_ID), NULL,
                    "f:3:10: flex-id: at character 21, ')': ',' expected, found ')'\n");
    expect_problems(FILE_WITH("flex-id: \"option[60].exists\"\n" BY_FLEX_ID), NULL,
                    "f:3:10: flex-id: at character 1, 'option[60].exists': this is a test; a "
                    "value is expected, such as option[60].hex\n");
    expect_problems(FILE_WITH("flex-id: \"member('known')\"\n"), NULL,
                    "f:3:10: flex-id: at character 8, ''known')': classes are not known yet "
                    "where this is evaluated\n");
    expect_problems(FILE_WITH("flex-id: [a]\n" BY_FLEX_ID), NULL,
                    "f:3:10: flex-id is a list; write a single value\n");
}

static void a_flex_id_has_at_most_128_bytes(void **state)
{
    char text[400];

    (void)state;
    snprintf(text, sizeof(text),
             FILE_WITH("flex-id: pkt4.mac\nreservations: [{flex-id: 'text:%0129d'}]\n"), 0);
    expect_problems(text, NULL, "f:4:26: flex-id: the text has 129 bytes; write 1 to 128\n");
}

static void an_expression_that_a_renewal_changes_is_warned_of(void **state)
{
    (void)state;
    expect_warnings(
        FILE_WITH("flex-id: pkt4.giaddr\n" BY_FLEX_ID),
        "f:3:10: warning: flex-id: it looks at a field that a renewing client's packet "
        "has otherwise or not at all; its clients lose their address when they "
        "renew\n");
}

/* ---- one alone ---- */

static struct config_reservation *parsed(const struct config *config, const char *text,
                                         const char *expected)
{
    struct config_problems problems;
    struct config_reservation *r =
        config_reservation_parse(config, text, strlen(text), &problems);

    if (expected == NULL) {
        assert_int_equal(problems.count, 0);
    } else {
        assert_null(r);
        assert_int_equal(problems.count, 1);
        assert_string_equal(problems.items[0].text, expected);
    }
    config_problems_free(&problems);
    return r;
}

static void one_alone_is_read_as_json_or_yaml(void **state)
{
    struct config *config = load_right(FILE_WITH(""), NULL);
    struct config_reservation *r = parsed(
        config, "{\"hw-address\": \"52:54:00:00:00:01\", \"address\": \"10.0.0.7\"}", NULL);

    (void)state;
    assert_int_equal(r->subnet, 0);
    assert_int_equal(r->address.value, 0x0a000007);
    config_reservation_free(r);
    r = parsed(config, "client-id: text:x\nhost-name: db1\n", NULL);
    assert_int_equal(r->subnet, CONFIG_ANYWHERE);
    assert_string_equal(r->host_name, "db1");
    config_reservation_free(r);
    config_free(config);
}

static void one_alone_is_checked_as_in_the_file(void **state)
{
    struct config *config = load_right(FILE_WITH(""), NULL);

    (void)state;
    parsed(config, "{client-id: '01', address: 10.1.0.7}",
           "address: 10.1.0.7 is in no subnet; write one of a subnet of this configuration");
    parsed(config, "{client-id: '01', address: 10.0.0.255}",
           "address: 10.0.0.255 is the broadcast address of 10.0.0.0/24; its hosts are "
           "10.0.0.1-10.0.0.254");
    parsed(config, "{client-id: '01', adress: 10.0.0.7}",
           "unknown key 'adress' in reservation; did you mean 'address'?");
    parsed(
        config, "[1]",
        "reservations is a list; write a map of hw-address, client-id, circuit-id, remote-id, "
        "duid, flex-id, address, classes ...");
    parsed(config, "{client-id",
           "not valid YAML: did not find expected ',' or '}' (while parsing "
           "a flow mapping that begins at line 1)");
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_identity_has_its_key),
        cmocka_unit_test(an_address_is_optional),
        cmocka_unit_test(clients_without_address_are_reserved_once_too),
        cmocka_unit_test(classes_are_given_by_name),
        cmocka_unit_test(the_order_is_written_or_the_usual_one),
        cmocka_unit_test(what_is_not_tried_cannot_be_reserved_by),
        cmocka_unit_test(a_flex_id_needs_the_files_expression),
        cmocka_unit_test(what_is_wrong_with_the_expression_has_its_place),
        cmocka_unit_test(a_flex_id_has_at_most_128_bytes),
        cmocka_unit_test(an_expression_that_a_renewal_changes_is_warned_of),
        cmocka_unit_test(one_alone_is_read_as_json_or_yaml),
        cmocka_unit_test(one_alone_is_checked_as_in_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
