/* Questions made of parts, and what servers of a file answer without a daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "config/load.h"
#include "daemon/explain/answer.h"
#include "daemon/explain/build.h"
#include "daemon/explain/offline.h"

static const char lan[] = "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.9}]\n"
                          "    options: {routers: [10.77.0.1]}\n";
static const char pair_section[] = "pair:\n"
                                   "  name: test\n"
                                   "  nodes:\n"
                                   "    primary: {name: a, link: \"tcp://10.78.0.1:6470\"}\n"
                                   "    secondary: {name: b, link: \"tcp://10.78.0.2:6470\"}\n"
                                   "  security: none\n";

static struct config *load(bool pair)
{
    struct config_problems problems = {0};
    char text[2048];
    const int size = snprintf(text, sizeof(text), "%sserver: {interfaces: [eth0]}\n%s",
                              pair ? pair_section : "", lan);
    struct config *config = config_load_text("test", text, (size_t)size, "a", &problems);

    config_problems_print(&problems, "test", stderr);
    config_problems_free(&problems);
    assert_non_null(config);
    return config;
}

/* The answer of the role's server, for the caller to json_decref(). */
static json_t *ask(bool pair, enum role role, const struct question *question)
{
    struct config *config = load(pair);
    const struct datagram datagram = question_datagram(question, ip4(0x0a4d0002));
    struct offline *offline =
        offline_new(config, role, datagram.local, instant_ms(INT64_C(1790000000000)));
    json_t *answer;

    assert_non_null(offline);
    answer = explain_answer(offline_server(offline), offline_now(offline), &datagram);
    assert_non_null(answer);
    offline_free(offline);
    config_free(config);
    return answer;
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    assert_non_null(value);
    return value;
}

static void assert_build(const struct build_parts *parts, struct question *question)
{
    char error[256] = "";

    *question = (struct question){.size = 0};
    if (!build_packet(parts, question, error, sizeof(error)))
        fail_msg("%s", error);
}

/* Of the two peers of a file one answers, and the other says who. */
static void one_peer_of_a_file_answers(void **state)
{
    const struct build_parts parts = {.hw_address = "52:54:00:12:34:56"};
    struct question question;
    json_t *primary, *secondary;

    (void)state;
    assert_build(&parts, &question);
    primary = ask(true, ROLE_PRIMARY, &question);
    secondary = ask(true, ROLE_SECONDARY, &question);
    assert_string_equal(text(primary, "verdict"), "left-to-partner");
    assert_true(json_is_null(json_object_get(primary, "reply")));
    assert_string_equal(text(secondary, "verdict"), "offer");
    assert_true(json_is_true(json_object_get(secondary, "answered")));
    json_decref(primary);
    json_decref(secondary);
}

static void options_of_a_reply_say_where_they_come_from(void **state)
{
    const struct build_parts parts = {.hw_address = "52:54:00:12:34:56"};
    struct question question;
    json_t *answer, *packet;

    (void)state;
    assert_build(&parts, &question);
    answer = ask(false, ROLE_PRIMARY, &question);
    packet = json_object_get(json_object_get(answer, "reply"), "packet");
    assert_string_equal(text(packet, "type"), "DHCPOFFER");
    assert_string_equal(text(packet, "yiaddr"), "10.77.16.1");
    assert_string_equal(text(json_array_get(json_object_get(packet, "options"), 0), "origin"),
                        "from the subnet's prefix");
    assert_string_equal(text(json_array_get(json_object_get(packet, "options"), 1), "value"),
                        "10.77.0.1");
    assert_string_equal(text(json_array_get(json_object_get(packet, "options"), 1), "origin"),
                        "from the subnet");
    json_decref(answer);
}

static void every_part_finds_its_place_in_the_packet(void **state)
{
    const struct build_parts parts = {
        .type = "request",
        .hw_address = "02:00:00:00:00:09",
        .client_id = "text:db1",
        .giaddr = "10.7.0.1",
        .ciaddr = "10.7.0.9",
        .requested = "10.7.0.10",
        .server_id = "10.7.0.2",
        .secs = "258",
        .broadcast = true,
        .options = {"vendor-class-identifier=PXEClient, twice",
                    "domain-name-servers=1.2.3.4,5.6.7.8",
                    "dhcp-parameter-request-list=routers,66,option-3"},
        .option_count = 3,
        .relay = {"circuit-id=text:eth7", "link-selection=10.9.0.0", "9=01:02"},
        .relay_count = 3,
    };
    static struct dhcp4_packet p;
    static struct dhcp4_scratch scratch;
    struct question q;

    (void)state;
    assert_build(&parts, &q);
    assert_int_equal(dhcp4_decode(span_of(q.bytes, q.size), &scratch, &p), DHCP4_DECODED);
    assert_int_equal(p.type, DHCP4_REQUEST);
    assert_int_equal(p.hlen, 6);
    assert_int_equal(p.chaddr[5], 9);
    assert_int_equal(p.secs, 258);
    assert_int_equal(p.flags, DHCP4_FLAG_BROADCAST);
    assert_int_equal(p.giaddr.value, 0x0a070001);
    assert_int_equal(p.ciaddr.value, 0x0a070009);
    assert_int_equal(dhcp4_option_ip4(&p, OPTION_REQUESTED_ADDRESS).value, 0x0a07000a);
    assert_int_equal(dhcp4_option_ip4(&p, OPTION_SERVER_IDENTIFIER).value, 0x0a070002);
    assert_true(span_equal(p.option[OPTION_CLIENT_IDENTIFIER], span_of("db1", 3)));
    assert_true(
        span_equal(p.option[OPTION_VENDOR_CLASS_IDENTIFIER], span_of("PXEClient, twice", 16)));
    assert_int_equal(p.option[OPTION_DOMAIN_NAME_SERVERS].size, 8);
    assert_true(
        span_equal(p.option[OPTION_PARAMETER_REQUEST_LIST], span_of("\x03\x42\x03", 3)));
    assert_true(span_equal(dhcp4_relay_suboption(&p, 1), span_of("eth7", 4)));
    assert_true(span_equal(dhcp4_relay_suboption(&p, 5), span_of("\x0a\x09\x00\x00", 4)));
    assert_true(span_equal(dhcp4_relay_suboption(&p, 9), span_of("\x01\x02", 2)));
}

static void a_bad_part_is_named(void **state)
{
    static const struct {
        struct build_parts parts;
        const char *named;
    } bad[] = {
        {{.type = "offer"}, "--type"},
        {{.hw_address = "5254x"}, "--hw-address"},
        {{.giaddr = "10.0.0"}, "--giaddr"},
        {{.requested = "x"}, "--requested"},
        {{.client_id = "zz"}, "--client-id"},
        {{.secs = "65536"}, "--secs"},
        {{.options = {"routers=x"}, .option_count = 1}, "--option"},
        {{.options = {"no-such=1"}, .option_count = 1}, "--option"},
        {{.relay = {"circuit-id"}, .relay_count = 1}, "--relay"},
        {{.relay = {"256=01"}, .relay_count = 1}, "--relay"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct question q = {.size = 0};
        char error[256] = "";

        assert_false(build_packet(&bad[i].parts, &q, error, sizeof(error)));
        assert_non_null(strstr(error, bad[i].named));
    }
}

static void a_question_comes_back_from_its_json(void **state)
{
    const struct build_parts parts = {.hw_address = "52:54:00:12:34:56"};
    struct question q, back;
    char error[256] = "";
    json_t *value;

    (void)state;
    assert_build(&parts, &q);
    q.source = ip4(0x0a000001);
    q.local = ip4(0x0a000002);
    snprintf(q.interface, sizeof(q.interface), "eth0");
    value = question_to_json(&q);
    assert_true(question_from_json(value, &back, error, sizeof(error)));
    assert_int_equal(back.size, q.size);
    assert_memory_equal(back.bytes, q.bytes, q.size);
    assert_int_equal(back.source.value, q.source.value);
    assert_int_equal(back.destination.value, 0);
    assert_int_equal(back.local.value, q.local.value);
    assert_string_equal(question_datagram(&back, ip4(0)).interface_name, "eth0");
    json_decref(value);
}

static void hexadecimal_is_whole_bytes(void **state)
{
    static struct question q;

    (void)state;
    assert_true(question_parse_hex("01:Fa\n 0b", &q));
    assert_int_equal(q.size, 3);
    assert_int_equal(q.bytes[1], 0xfa);
    assert_false(question_parse_hex("", &q));
    assert_false(question_parse_hex("0", &q));
    assert_false(question_parse_hex("0:1", &q));
    assert_false(question_parse_hex("0x01", &q));
}

/* A renewal comes to the server itself, a relayed packet too. */
static void a_missing_destination_is_what_it_mostly_is(void **state)
{
    const struct ip4 own = ip4(0x0a4d0002);
    struct build_parts parts = {.hw_address = "52:54:00:12:34:56"};
    struct question q;

    (void)state;
    assert_build(&parts, &q);
    assert_int_equal(question_datagram(&q, own).destination.value, UINT32_MAX);
    parts.ciaddr = "10.77.16.3";
    assert_build(&parts, &q);
    assert_int_equal(question_datagram(&q, own).destination.value, own.value);
    assert_int_equal(question_datagram(&q, own).source.value, 0x0a4d1003);
    q.destination = ip4(UINT32_MAX);
    assert_int_equal(question_datagram(&q, own).destination.value, UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_peer_of_a_file_answers),
        cmocka_unit_test(options_of_a_reply_say_where_they_come_from),
        cmocka_unit_test(every_part_finds_its_place_in_the_packet),
        cmocka_unit_test(a_bad_part_is_named),
        cmocka_unit_test(a_question_comes_back_from_its_json),
        cmocka_unit_test(hexadecimal_is_whole_bytes),
        cmocka_unit_test(a_missing_destination_is_what_it_mostly_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
