/* An address is looked for before it is offered: whom the offer waits for, what an answer does,
 * and who is never made to wait. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "daemon/core/probe_table.h"

#define P ROLE_PRIMARY
#define S ROLE_SECONDARY

#define FILE_OF(probe, pool)                                                                   \
    "lease-time: {default: 100s, min: 5s, max: 100s}\n"                                        \
    "probe: " probe "\n"                                                                       \
    "subnets:\n"                                                                               \
    "  - subnet: 10.77.0.0/16\n"                                                               \
    "    pools: [{range: " pool "}]\n"
#define PROBED FILE_OF("{wait: 500ms, recheck: 20s}", "10.77.1.0-10.77.1.15")
#define BIG    FILE_OF("{wait: 3s}", "10.77.16.0-10.77.63.255")

static int set_up(void **state)
{
    *state = pair_new("10s", PROBED);
    return 0;
}

static int set_up_unprobed(void **state)
{
    *state = pair_new("10s", FILE_OF("none", "10.77.1.0-10.77.1.15"));
    return 0;
}

static int set_up_by_arp(void **state)
{
    *state = pair_new("10s", FILE_OF("{icmp: false}", "10.77.1.0-10.77.1.15"));
    return 0;
}

static int set_up_by_interface(void **state)
{
    *state = pair_new("10s", "subnets:\n"
                             "  - {subnet: 10.77.0.0/16, pools: [{range: 10.77.1.0/28}]}\n"
                             "  - subnet: 10.87.0.0/24\n"
                             "    interface: eth7\n"
                             "    probe: {}\n"
                             "    pools: [{range: 10.87.0.16-10.87.0.31}]\n");
    return 0;
}

static int set_up_big(void **state)
{
    *state = pair_new("10s", BIG);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static struct server_status status_of(struct pair *pair, enum role role)
{
    struct server_status status;

    server_status(pair->nodes[role].server, &status);
    return status;
}

static const struct ask discover = {.type = DHCP4_DISCOVER, .client = 7, .secs = 9};

/* Ask the primary alone, which answers everyone that has waited for long. */
static void ask_primary(struct pair *pair, struct ask ask)
{
    pair_tell(pair, P, &ask);
    pair_settle(pair);
}

/* The last probe of a node, of which there must be `count`. */
static struct probe last_probe(const struct pair *pair, enum role role, size_t count)
{
    const struct node *node = &pair->nodes[role];

    assert_int_equal(node->probe_count, count);
    return node->probes[(count - 1) % PROBES_KEPT];
}

static void answer(struct pair *pair, enum role role, const struct probe *probe,
                   enum probe_outcome outcome, uint8_t hardware)
{
    struct probe_result result = {probe->number, probe->address, outcome, 0, {0}};

    if (hardware != 0) {
        result.hlen = 6;
        result.hardware[0] = 2;
        result.hardware[5] = hardware;
    }
    server_probe_result(pair->nodes[role].server, pair->now, &result, &pair->nodes[role].fx);
    server_flush(pair->nodes[role].server, pair->now, &pair->nodes[role].fx);
    pair_settle(pair);
}

/* The address that the primary has offered, as its only reply. */
static struct ip4 offered(const struct pair *pair)
{
    assert_int_equal(pair->nodes[P].reply_count, 1);
    assert_int_equal(pair_last(pair, P)->packet.type, DHCP4_OFFER);
    return pair_last(pair, P)->packet.yiaddr;
}

/* What the primary offers is taken. */
static void take(struct pair *pair, struct ip4 address, uint8_t client)
{
    pair_forget(pair);
    ask_primary(pair, (struct ask){.type = DHCP4_REQUEST,
                                   .client = client,
                                   .requested = address,
                                   .server = node_address(P)});
    pair_run(pair, 100);
    assert_int_equal(pair_last(pair, P)->packet.type, DHCP4_ACK);
}

static void an_offer_waits_until_nobody_has_answered(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    assert_true(probe.arp && probe.icmp);
    assert_int_equal(probe.interface, 2);
    assert_int_equal(probe.wait_ms, 500);
    assert_int_equal(status_of(pair, P).probes_pending, 1);
    pair_run(pair, 490);
    assert_int_equal(pair_replies(pair), 0);
    pair_run(pair, 20);
    assert_int_equal(offered(pair).value, probe.address.value);
    assert_int_equal(status_of(pair, P).counters.probes_silent, 1);
    assert_int_equal(status_of(pair, P).probes_pending, 0);
}

static void a_machine_that_answers_costs_the_address_and_not_the_client(void **state)
{
    struct pair *pair = *state;
    struct probe first, second;

    ask_primary(pair, discover);
    first = last_probe(pair, P, 1);
    answer(pair, P, &first, PROBE_ANSWERED, 99);
    assert_true(pair_had_event(pair, P, "address-in-use: "));
    assert_non_null(strstr(pair->nodes[P].events[0], "02:00:00:00:00:63"));
    second = last_probe(pair, P, 2);
    assert_int_not_equal(second.address.value, first.address.value);
    pair_run(pair, 510);
    assert_int_equal(offered(pair).value, second.address.value);
    for (int role = 0; role < 2; role++) {
        const struct binding b = pair_binding(pair, (enum role)role, first.address);

        assert_int_equal(b.state, BINDING_ABANDONED);
        assert_true(b.expires.ms >= pair->now.ms + 24 * 3600000 - 1000);
    }
    assert_true(pair_equal(pair));
    assert_int_equal(status_of(pair, P).counters.probes_in_use, 1);
}

static void a_retransmission_starts_no_second_probe_and_is_the_one_answered(void **state)
{
    struct pair *pair = *state;
    struct ask again = discover;

    ask_primary(pair, discover);
    pair_run(pair, 300);
    again.xid = 4711;
    ask_primary(pair, again);
    pair_run(pair, 210);
    assert_int_equal(pair->nodes[P].probe_count, 1);
    offered(pair);
    assert_int_equal(pair_last(pair, P)->packet.xid, 4711);
}

static void the_address_is_reserved_while_it_is_probed(void **state)
{
    struct pair *pair = *state;
    struct ask other = discover;
    struct ip4 first;

    ask_primary(pair, discover);
    first = last_probe(pair, P, 1).address;
    other.client = 8;
    other.requested = first;
    ask_primary(pair, other);
    assert_int_not_equal(last_probe(pair, P, 2).address.value, first.value);
}

static void silence_counts_for_as_long_as_recheck_says(void **state)
{
    struct pair *pair = *state;
    struct ask other = discover;
    struct ip4 address;

    ask_primary(pair, discover);
    address = last_probe(pair, P, 1).address;
    pair_run(pair, 510);
    take(pair, address, 7);
    ask_primary(pair, (struct ask){.type = DHCP4_RELEASE,
                                   .client = 7,
                                   .ciaddr = address,
                                   .server = node_address(P),
                                   .to = node_address(P)});
    pair_run(pair, 200);
    assert_int_equal(pair_binding(pair, P, address).state, BINDING_FREE);
    pair_forget(pair);
    other.client = 8;
    other.requested = address;
    ask_primary(pair, other);
    assert_int_equal(offered(pair).value, address.value);
    assert_int_equal(pair->nodes[P].probe_count, 0);
    /* The offer runs out, and so does what is known. */
    pair_run(pair, 70000);
    pair_forget(pair);
    ask_primary(pair, other);
    assert_int_equal(last_probe(pair, P, 1).address.value, address.value);
    assert_int_equal(pair_replies(pair), 0);
}

/* It may have been given by the other peer, and its host answers, of course. */
static void a_client_is_offered_its_own_lease_at_once(void **state)
{
    struct pair *pair = *state;
    struct ip4 address;

    ask_primary(pair, discover);
    address = last_probe(pair, P, 1).address;
    pair_run(pair, 510);
    take(pair, address, 7);
    pair_run(pair, 30000); /* longer than `recheck` */
    pair_forget(pair);
    ask_primary(pair, discover);
    assert_int_equal(pair->nodes[P].probe_count, 0);
    assert_int_equal(offered(pair).value, address.value);
}

static void a_renewal_is_never_probed(void **state)
{
    struct pair *pair = *state;
    struct ip4 address;

    ask_primary(pair, discover);
    address = last_probe(pair, P, 1).address;
    pair_run(pair, 510);
    take(pair, address, 7);
    pair_run(pair, 30000);
    pair_forget(pair);
    ask_primary(pair, (struct ask){.type = DHCP4_REQUEST,
                                   .client = 7,
                                   .ciaddr = address,
                                   .to = node_address(P)});
    pair_run(pair, 100);
    assert_int_equal(pair->nodes[P].probe_count, 0);
    assert_int_equal(pair_last(pair, P)->packet.type, DHCP4_ACK);
}

static void an_answer_of_the_client_itself_is_none(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    answer(pair, P, &probe, PROBE_ANSWERED, 7);
    assert_int_equal(offered(pair).value, probe.address.value);
    assert_int_equal(pair_binding(pair, P, probe.address).state, BINDING_FREE);
}

static void a_late_answer_takes_the_offer_back(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    pair_run(pair, 510);
    assert_int_equal(offered(pair).value, probe.address.value);
    answer(pair, P, &probe, PROBE_ANSWERED, 99);
    assert_int_equal(pair_binding(pair, P, probe.address).state, BINDING_ABANDONED);
    pair_forget(pair);
    ask_primary(pair, (struct ask){.type = DHCP4_REQUEST,
                                   .client = 7,
                                   .requested = probe.address,
                                   .server = node_address(P)});
    pair_run(pair, 100);
    assert_int_equal(pair_last(pair, P)->packet.type, DHCP4_NAK);
}

/* It is the client that has taken the offer and answers now. */
static void an_answer_after_the_lease_was_given_means_nothing(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    pair_run(pair, 510);
    take(pair, probe.address, 7);
    answer(pair, P, &probe, PROBE_ANSWERED, 0);
    assert_int_equal(pair_binding(pair, P, probe.address).state, BINDING_ACTIVE);
    assert_int_equal(status_of(pair, P).counters.probes_in_use, 0);
}

static void an_answer_to_another_probe_means_nothing(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    probe.number += 5;
    answer(pair, P, &probe, PROBE_ANSWERED, 99);
    assert_int_equal(pair_binding(pair, P, probe.address).state, BINDING_FREE);
    assert_int_equal(status_of(pair, P).probes_pending, 1);
}

static void an_address_that_could_not_be_probed_is_not_offered(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    answer(pair, P, &probe, PROBE_NOT_SENT, 0);
    pair_run(pair, 1000);
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(status_of(pair, P).counters.probes_dropped, 1);
    /* The client asks again. */
    ask_primary(pair, discover);
    assert_int_equal(pair->nodes[P].probe_count, 2);
}

static void where_nobody_can_be_asked_the_offer_leaves(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    answer(pair, P, &probe, PROBE_NO_WAY, 0);
    assert_int_equal(offered(pair).value, probe.address.value);
}

static void one_discover_has_four_probes(void **state)
{
    struct pair *pair = *state;

    ask_primary(pair, discover);
    for (size_t i = 1; i <= 4; i++) {
        const struct probe probe = last_probe(pair, P, i);

        answer(pair, P, &probe, PROBE_ANSWERED, 99);
    }
    pair_run(pair, 1000);
    assert_int_equal(pair->nodes[P].probe_count, 4);
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(status_of(pair, P).counters.probes_dropped, 1);
    ask_primary(pair, discover);
    assert_int_equal(pair->nodes[P].probe_count, 5);
}

/* What answers behind a relay, where no hardware address is known, may be that client, served
 * by the other peer meanwhile: its old address is left alone, and not offered. */
static void a_clients_old_address_is_not_abandoned_for_an_unknown_answer(void **state)
{
    struct pair *pair = *state;
    struct probe probe, next;
    struct ip4 address;

    ask_primary(pair, discover);
    address = last_probe(pair, P, 1).address;
    pair_run(pair, 510);
    take(pair, address, 7);
    ask_primary(pair, (struct ask){.type = DHCP4_RELEASE,
                                   .client = 7,
                                   .ciaddr = address,
                                   .server = node_address(P),
                                   .to = node_address(P)});
    pair_run(pair, 30000);
    pair_forget(pair);
    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    assert_int_equal(probe.address.value, address.value);
    answer(pair, P, &probe, PROBE_ANSWERED, 0);
    assert_int_equal(pair_binding(pair, P, address).state, BINDING_FREE);
    next = last_probe(pair, P, 2);
    assert_int_not_equal(next.address.value, address.value);
    pair_run(pair, 510);
    assert_int_equal(offered(pair).value, next.address.value);
}

static void behind_a_relay_without_icmp_there_is_no_probe(void **state)
{
    struct pair *pair = *state;
    struct ask relayed = discover;

    relayed.giaddr = ip4(0x0a4d0001);
    ask_primary(pair, relayed);
    assert_int_equal(pair->nodes[P].probe_count, 0);
    offered(pair);
}

static void another_servers_client_is_not_offered_anything_afterwards(void **state)
{
    struct pair *pair = *state;

    ask_primary(pair, discover);
    ask_primary(pair, (struct ask){.type = DHCP4_REQUEST,
                                   .client = 7,
                                   .requested = ip4(0x0a4d0105),
                                   .server = ip4(0x0a4d0099)});
    pair_run(pair, 1000);
    assert_int_equal(pair_replies(pair), 0);
}

static void nothing_is_probed_unless_configured(void **state)
{
    struct pair *pair = *state;

    ask_primary(pair, discover);
    assert_int_equal(pair->nodes[P].probe_count, 0);
    offered(pair);
}

/* README of ha/, section 6: it cannot know whom its partner may have served. */
static void a_lone_starter_probes_every_address_until_it_has_met_its_partner(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    pair_kill(pair, S);
    pair_kill(pair, P);
    pair_start(pair, P);
    pair_run(pair, 5500);
    assert_int_equal(pair_state(pair, P), FO_INTERRUPTED);
    assert_true(status_of(pair, P).probes_all);
    pair_forget(pair);
    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    assert_true(probe.icmp && probe.arp);
    pair_run(pair, 510);
    assert_int_equal(offered(pair).value, probe.address.value);
    pair_start(pair, S);
    pair_run(pair, 1000);
    assert_int_equal(pair_state(pair, P), FO_NORMAL);
    assert_false(status_of(pair, P).probes_all);
    pair_forget(pair);
    ask_primary(pair, (struct ask){.type = DHCP4_DISCOVER, .client = 8, .secs = 9});
    assert_int_equal(pair->nodes[P].probe_count, 0);
    offered(pair);
}

static void whoever_only_loses_its_partner_does_not_probe_every_address(void **state)
{
    struct pair *pair = *state;

    pair_kill(pair, S);
    pair_run(pair, 1500);
    assert_int_equal(pair_state(pair, P), FO_INTERRUPTED);
    assert_false(status_of(pair, P).probes_all);
    ask_primary(pair, discover);
    assert_int_equal(pair->nodes[P].probe_count, 0);
}

/* Found while alone, freed while alone: the partner never hears of it. */
static void an_address_found_while_alone_is_known_to_the_partner_afterwards(void **state)
{
    struct pair *pair = *state;
    struct probe probe;

    pair_cut(pair);
    pair_run(pair, 1500);
    assert_int_equal(pair_state(pair, P), FO_INTERRUPTED);
    ask_primary(pair, discover);
    probe = last_probe(pair, P, 1);
    answer(pair, P, &probe, PROBE_ANSWERED, 99);
    pair_mend(pair);
    pair_run(pair, 3000);
    assert_int_equal(pair_state(pair, P), FO_NORMAL);
    assert_int_equal(pair_binding(pair, S, probe.address).state, BINDING_ABANDONED);
    assert_true(pair_equal(pair));
}

/* The name of the interface, by which the subnet was found, is borrowed for the call only. */
static void the_interface_of_a_waiting_packet_is_remembered(void **state)
{
    struct pair *pair = *state;
    struct node *node = &pair->nodes[P];
    char name[8] = "eth7";
    uint8_t bytes[1500];
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 7, .secs = 9};
    struct datagram datagram = {.destination = ip4(UINT32_MAX),
                                .local = node_address(P),
                                .source_port = DHCP4_CLIENT_PORT,
                                .interface = 7,
                                .interface_name = name};

    datagram.payload = span_of(bytes, ask_encode(&ask, bytes));
    server_receive(node->server, pair->now, &datagram, &node->fx);
    memset(name, 'x', sizeof(name) - 1);
    memset(bytes, 0xff, sizeof(bytes));
    pair_settle(pair);
    assert_int_equal(last_probe(pair, P, 1).interface, 7);
    pair_run(pair, 510);
    assert_int_equal(offered(pair).value >> 8, 0x0a5700);
    assert_int_equal(pair_last(pair, P)->reply.interface, 7);
}

static void when_too_many_are_probed_a_client_has_to_ask_again(void **state)
{
    struct pair *pair = *state;
    struct ask ask = discover;
    uint8_t id[3] = {1};

    ask.client_id = span_of(id, sizeof(id));
    for (unsigned i = 0; i < PROBES_MAX + 10; i++) {
        id[1] = (uint8_t)(i >> 8);
        id[2] = (uint8_t)i;
        pair_tell(pair, P, &ask);
        pair_settle(pair);
    }
    assert_int_equal(pair->nodes[P].probe_count, PROBES_MAX);
    assert_int_equal(status_of(pair, P).probes_pending, PROBES_MAX);
    assert_int_equal(status_of(pair, P).counters.probes_dropped, 10);
    pair_run(pair, 3500);
    assert_int_equal(pair->nodes[P].reply_count, PROBES_MAX);
    assert_int_equal(status_of(pair, P).probes_pending, 0);
}

#define TEST(f)          cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define TEST_UNPROBED(f) cmocka_unit_test_setup_teardown(f, set_up_unprobed, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_offer_waits_until_nobody_has_answered),
        TEST(a_machine_that_answers_costs_the_address_and_not_the_client),
        TEST(a_retransmission_starts_no_second_probe_and_is_the_one_answered),
        TEST(the_address_is_reserved_while_it_is_probed),
        TEST(silence_counts_for_as_long_as_recheck_says),
        TEST(a_client_is_offered_its_own_lease_at_once),
        TEST(a_renewal_is_never_probed),
        TEST(an_answer_of_the_client_itself_is_none),
        TEST(a_late_answer_takes_the_offer_back),
        TEST(an_answer_after_the_lease_was_given_means_nothing),
        TEST(an_answer_to_another_probe_means_nothing),
        TEST(an_address_that_could_not_be_probed_is_not_offered),
        TEST(where_nobody_can_be_asked_the_offer_leaves),
        TEST(one_discover_has_four_probes),
        TEST(a_clients_old_address_is_not_abandoned_for_an_unknown_answer),
        TEST(another_servers_client_is_not_offered_anything_afterwards),
        TEST(an_address_found_while_alone_is_known_to_the_partner_afterwards),
        TEST_UNPROBED(nothing_is_probed_unless_configured),
        TEST_UNPROBED(a_lone_starter_probes_every_address_until_it_has_met_its_partner),
        TEST_UNPROBED(whoever_only_loses_its_partner_does_not_probe_every_address),
        cmocka_unit_test_setup_teardown(behind_a_relay_without_icmp_there_is_no_probe,
                                        set_up_by_arp, tear_down),
        cmocka_unit_test_setup_teardown(the_interface_of_a_waiting_packet_is_remembered,
                                        set_up_by_interface, tear_down),
        cmocka_unit_test_setup_teardown(when_too_many_are_probed_a_client_has_to_ask_again,
                                        set_up_big, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
