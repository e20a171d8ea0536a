/* What an explanation says, word for word: the steps in order, then the verdict. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char lan[] =
    "options: {domain-name-servers: [10.0.0.53], domain-name: example.net}\n"
    "classes:\n"
    "  - {name: pxe, match: {vendor-class-identifier: \"PXEClient*\"}, options: {domain-name: "
    "pxe.example.net}}\n"
    "  - {name: rack, match: {option-82: \"01:01:07\"}, lease-time: {max: 10m}, "
    "options: {domain-name: rack.example.net}}\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.16.9}]\n"
    "    options: {routers: [10.77.0.1], ntp-servers: [10.0.0.123]}\n"
    "    reservations:\n"
    "      - {hw-address: \"02:00:00:00:00:03\", address: 10.77.0.33, host-name: db1}\n"
    "  - subnet: 10.80.0.0/24\n"
    "    pools: [{range: 10.80.0.16-10.80.0.18}]\n";

static int set_up(void **state)
{
    *state = pair_new("1h", lan);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static struct explain e;

static void explain_bytes(const struct pair *pair, enum role role, const struct ask *ask,
                          struct span bytes)
{
    const struct datagram datagram = {
        .source = ask->giaddr.value != 0 ? ask->giaddr : ask->ciaddr,
        .destination = ask->to.value != 0 ? ask->to : ip4(UINT32_MAX),
        .local = node_address(role),
        .source_port = DHCP4_CLIENT_PORT,
        .interface = 2,
        .payload = bytes,
    };

    explain_init(&e);
    server_explain(pair->nodes[role].server, pair->now, &datagram, &e);
}

static const char *told(void)
{
    static char text[EXPLAIN_TEXT_MAX];
    size_t at = 0;

    for (size_t i = 0; i < e.count; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s: %s: %s\n", e.steps[i].name,
                               e.steps[i].subject, e.steps[i].text);
    snprintf(text + at, sizeof(text) - at, "%s, %s\n", explain_verdict_name(e.verdict), e.why);
    return text;
}

static const char *explain_ask(const struct pair *pair, enum role role, const struct ask *ask)
{
    uint8_t bytes[1500];

    explain_bytes(pair, role, ask, span_of(bytes, ask_encode(ask, bytes)));
    return told();
}

static void an_offer_names_link_classes_pool_and_levels(void **state)
{
    static const uint8_t circuit[] = {1, 1, 7}, wanted[] = {1, 3, 6, 15, 66};
    const struct ask ask = {.type = DHCP4_DISCOVER,
                            .client = 9,
                            .giaddr = ip4(0x0a4d0001),
                            .relay_info = span_of(circuit, sizeof(circuit)),
                            .parameters = span_of(wanted, sizeof(wanted))};

    assert_string_equal(
        explain_ask(*state, ROLE_PRIMARY, &ask),
        "link: 10.77.0.1: the relay (giaddr), by the subnet that it stands in\n"
        "subnet: 10.77.0.0/16: pools: 1, reservations: 1\n"
        "client: 02:00:00:00:00:09: by its hardware address: it sends no usable client "
        "identifier (option 61)\n"
        "reservation: : none for this client in this subnet\n"
        "class: pxe: vendor-class-identifier (option 60) is not sent\n"
        "class: rack: matches\n"
        "binding: : no address on this link is or was this client's\n"
        "answer: primary: load-balancing: the client is in hash bucket 79 of 256, those below "
        "128 are the primary's\n"
        "pool: 10.77.16.0-10.77.16.9: gives, in the order that it is to follow, 10.77.16.1: 5 "
        "free of the primary's\n"
        "lease-time: 600 s: as set by class rack; cut to the MCLT if the partner's ack comes "
        "late\n"
        "option: 1 subnet-mask: from the subnet's prefix\n"
        "option: 3 routers: from the subnet\n"
        "option: 6 domain-name-servers: from the file\n"
        "option: 15 domain-name: from class rack\n"
        "option: 66 tftp-server-name: asked for, and not sent: no level sets it\n"
        "option: 42 ntp-servers: set by the subnet, and not sent: not asked for (option 55)\n"
        "way: 10.77.0.1: by UDP, routed, port 67\n"
        "offer, 10.77.16.1 is offered for 600 s\n");
}

static void what_the_partner_answers_is_left_to_it(void **state)
{
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 9};

    assert_string_equal(explain_ask(*state, ROLE_SECONDARY, &ask),
                        "link: 10.77.0.3: the receiving interface's own address\n"
                        "subnet: 10.77.0.0/16: pools: 1, reservations: 1\n"
                        "client: 02:00:00:00:00:09: by its hardware address: it sends no "
                        "usable client identifier (option 61)\n"
                        "reservation: : none for this client in this subnet\n"
                        "class: pxe: vendor-class-identifier (option 60) is not sent\n"
                        "class: rack: dhcp-agent-options (option 82) is not sent\n"
                        "binding: : no address on this link is or was this client's\n"
                        "answer: primary: load-balancing: the client is in hash bucket 79 of "
                        "256, those below 128 are the primary's\n"
                        "left-to-partner, the primary answers this client\n");
}

static void a_refusal_says_whose_the_address_is(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 1, NULL);
    const struct ask ask = {.type = DHCP4_REQUEST, .client = 2, .requested = address};

    assert_string_equal(explain_ask(pair, ROLE_SECONDARY, &ask),
                        "link: 10.77.0.3: the receiving interface's own address\n"
                        "subnet: 10.77.0.0/16: pools: 1, reservations: 1\n"
                        "client: 02:00:00:00:00:02: by its hardware address: it sends no "
                        "usable client identifier (option 61)\n"
                        "reservation: : none for this client in this subnet\n"
                        "class: pxe: vendor-class-identifier (option 60) is not sent\n"
                        "class: rack: dhcp-agent-options (option 82) is not sent\n"
                        "binding: : no address on this link is or was this client's\n"
                        "address: 10.77.16.0: what the client asks for: not by this peer, "
                        "another client's lease of it may stand\n"
                        "answer: secondary: it owns 10.77.16.0\n"
                        "way: 255.255.255.255: broadcast on the client's link, port 68\n"
                        "nak, 10.77.16.0: requested address is leased to another client\n");
}

static void a_reserved_address_comes_first(void **state)
{
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 3};

    assert_string_equal(explain_ask(*state, ROLE_PRIMARY, &ask),
                        "link: 10.77.0.2: the receiving interface's own address\n"
                        "subnet: 10.77.0.0/16: pools: 1, reservations: 1\n"
                        "client: 02:00:00:00:00:03: by its hardware address: it sends no "
                        "usable client identifier (option 61)\n"
                        "reservation: 10.77.0.33: test, line 19\n"
                        "class: pxe: vendor-class-identifier (option 60) is not sent\n"
                        "class: rack: dhcp-agent-options (option 82) is not sent\n"
                        "binding: : no address on this link is or was this client's\n"
                        "answer: primary: it owns 10.77.0.33\n"
                        "address: 10.77.0.33: its reservation: yes, it is FREE\n"
                        "lease-time: 43200 s: as set by the file; cut to the MCLT if the "
                        "partner's ack comes late\n"
                        "option: 1 subnet-mask: from the subnet's prefix\n"
                        "option: 3 routers: from the subnet\n"
                        "option: 6 domain-name-servers: from the file\n"
                        "option: 12 host-name: from the reservation\n"
                        "option: 15 domain-name: from the file\n"
                        "option: 28 broadcast-address: from the subnet's prefix\n"
                        "option: 42 ntp-servers: from the subnet\n"
                        "way: 10.77.0.33: a frame to the client's hardware address, port 68\n"
                        "offer, 10.77.0.33 is offered for 43200 s\n");
}

static void an_option_that_runs_past_the_end_is_found(void **state)
{
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 3, .max_size = 1400};
    uint8_t bytes[1500];
    const size_t size = ask_encode(&ask, bytes);

    explain_bytes(*state, ROLE_PRIMARY, &ask, span_of(bytes, size - 2));
    assert_string_equal(
        told(),
        "decode: truncated: 246 bytes: an option runs past its field\n"
        "malformed, option 57 at byte 243 runs past the end of the options field (byte 246)\n");
}

static void an_unknown_relay_has_no_subnet(void **state)
{
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 3, .giaddr = ip4(0xc0000201)};

    assert_string_equal(explain_ask(*state, ROLE_PRIMARY, &ask),
                        "link: 192.0.2.1: the relay (giaddr), by the subnet that it stands in\n"
                        "no-subnet, no configured subnet holds the address of its link\n");
}

/* What finds no room is counted, and the verdict is kept. */
static void steps_without_room_are_counted(void **state)
{
    (void)state;
    explain_init(&e);
    for (int i = 0; i < EXPLAIN_STEPS_MAX + 3; i++)
        explain_add(&e, "step", "", "%d", i);
    assert_int_equal(e.count, EXPLAIN_STEPS_MAX);
    assert_int_equal(e.cut, 3);
    explain_add(&e, "step", "", "%*d", (int)EXPLAIN_TEXT_MAX, 1);
    assert_int_equal(e.cut, 4);
    explain_conclude(&e, EXPLAIN_NAKS, "first");
    explain_conclude(&e, EXPLAIN_ACKS, "second");
    assert_int_equal(e.verdict, EXPLAIN_NAKS);
    assert_string_equal(e.why, "first");
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PAIR(an_offer_names_link_classes_pool_and_levels),
        WITH_PAIR(what_the_partner_answers_is_left_to_it),
        WITH_PAIR(a_refusal_says_whose_the_address_is),
        WITH_PAIR(a_reserved_address_comes_first),
        WITH_PAIR(an_option_that_runs_past_the_end_is_found),
        WITH_PAIR(an_unknown_relay_has_no_subnet),
        cmocka_unit_test(steps_without_room_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
