/* Leasequery: which client has which address, asked one by one (RFC 4388) and in bulk (RFC
 * 6926).  Either peer answers. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char row[] = "leasequery: {allow: [10.80.0.1, 192.0.2.0/28], bulk: {}}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "  - subnet: 10.80.0.0/24\n"
                          "    pools: [{range: 10.80.0.16-10.80.0.99}]\n"
                          "    reservations:\n"
                          "      - {hw-address: \"02:00:00:00:00:63\", address: 10.80.0.9}\n";

#define KEY(text) span_of((text), sizeof(text) - 1)
#define RELAY     ip4(0x0a500001)
#define WANTED    KEY("\x52\x0c")

static int set_up(void **state)
{
    *state = pair_new("1h", row);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static struct ip4 bind(struct pair *pair, struct ask ask)
{
    const struct sent_reply *reply;

    ask.type = DHCP4_DISCOVER;
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    reply = pair_only(pair, NULL);
    ask.type = DHCP4_REQUEST;
    ask.requested = reply->packet.yiaddr;
    ask.server = dhcp4_option_ip4(&reply->packet, OPTION_SERVER_IDENTIFIER);
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    reply = pair_only(pair, NULL);
    assert_int_equal(reply->packet.type, DHCP4_ACK);
    return reply->packet.yiaddr;
}

/* Given to one peer; `hlen` 0 asks for no hardware address. */
static const struct sent_reply *query(struct pair *pair, enum role role, struct ask ask,
                                      uint8_t hlen)
{
    struct node *node = &pair->nodes[role];
    uint8_t bytes[1500];
    struct datagram datagram = {.source = ask.giaddr,
                                .destination = node_address(role),
                                .local = node_address(role),
                                .source_port = DHCP4_SERVER_PORT,
                                .interface = 2};

    ask.type = DHCP4_LEASEQUERY;
    datagram.payload = span_of(bytes, ask_encode(&ask, bytes));
    bytes[2] = hlen;
    pair_forget(pair);
    server_receive(node->server, pair->now, &datagram, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    pair_settle(pair);
    return pair_last(pair, role);
}

static struct server_counters counters(struct pair *pair, enum role role)
{
    struct server_status status;

    server_status(pair->nodes[role].server, &status);
    return status.counters;
}

/* ---- one by one ---- */

static void an_address_in_use_is_told_with_its_client_by_both_peers(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind(pair, (struct ask){.client = 7,
                                                       .giaddr = RELAY,
                                                       .client_id = KEY("\xffport7"),
                                                       .relay_info = KEY("\x01\x02\x65\x37")});

    pair_run(pair, 10000);
    for (unsigned role = 0; role < 2; role++) {
        const struct sent_reply *reply =
            query(pair, (enum role)role,
                  (struct ask){.giaddr = RELAY, .ciaddr = address, .parameters = WANTED}, 0);
        const struct dhcp4_packet *p = &reply->packet;

        assert_int_equal(p->type, DHCP4_LEASEACTIVE);
        assert_int_equal(reply->reply.address.value, RELAY.value);
        assert_int_equal(reply->reply.port, DHCP4_SERVER_PORT);
        assert_int_equal(p->ciaddr.value, address.value);
        assert_int_equal(p->yiaddr.value, 0);
        assert_int_equal(p->giaddr.value, RELAY.value);
        assert_int_equal(p->hlen, 6);
        assert_int_equal(p->chaddr[5], 7);
        assert_true(span_equal(p->option[OPTION_CLIENT_IDENTIFIER], KEY("\xffport7")));
        assert_true(
            span_equal(p->option[OPTION_RELAY_AGENT_INFORMATION], KEY("\x01\x02\x65\x37")));
        assert_int_equal(dhcp4_option_ip4(p, OPTION_SERVER_IDENTIFIER).value,
                         node_address((enum role)role).value);
        assert_in_range(dhcp4_option_u32(p, OPTION_LEASE_TIME), 43188, 43191);
        assert_in_range(dhcp4_option_u32(p, OPTION_CLIENT_LAST_TRANSACTION_TIME), 10, 11);
        assert_false(dhcp4_has(p, OPTION_ASSOCIATED_IP));
    }
}

static void what_is_not_asked_for_is_not_told(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address =
        bind(pair,
             (struct ask){.client = 7, .giaddr = RELAY, .relay_info = KEY("\x01\x02\x65\x37")});
    const struct dhcp4_packet *p =
        &query(pair, ROLE_PRIMARY, (struct ask){.giaddr = RELAY, .ciaddr = address}, 0)->packet;

    assert_false(dhcp4_has(p, OPTION_RELAY_AGENT_INFORMATION));
    assert_false(dhcp4_has(p, OPTION_CLIENT_IDENTIFIER)); /* it sent none */
}

static enum dhcp4_type type_for(struct pair *pair, uint32_t address)
{
    return query(pair, ROLE_PRIMARY, (struct ask){.giaddr = RELAY, .ciaddr = ip4(address)}, 0)
        ->packet.type;
}

static void an_address_without_lease_is_unassigned_and_a_strange_one_unknown(void **state)
{
    assert_int_equal(type_for(*state, 0x0a500020), DHCP4_LEASEUNASSIGNED);
    assert_int_equal(type_for(*state, 0x0a500009), DHCP4_LEASEUNASSIGNED); /* reserved */
    assert_int_equal(type_for(*state, 0x0a500005), DHCP4_LEASEUNKNOWN);    /* of no pool */
    assert_int_equal(type_for(*state, 0x0b000001), DHCP4_LEASEUNKNOWN);
}

static void an_ended_lease_is_no_lease(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address =
        bind(pair, (struct ask){.client = 7, .giaddr = RELAY, .lease_time = 300});

    pair_run(pair, 302000);
    assert_int_equal(type_for(pair, address.value), DHCP4_LEASEUNASSIGNED);
    assert_int_equal(
        query(pair, ROLE_PRIMARY, (struct ask){.giaddr = RELAY, .client = 7}, 6)->packet.type,
        DHCP4_LEASEUNKNOWN);
}

/* A client with leases on two links: the one heard of last, and the addresses of both. */
static void a_client_is_found_by_hardware_address_and_by_identifier(void **state)
{
    struct pair *pair = *state;
    const struct ask client = {.client = 7, .client_id = KEY("\xffport7")};
    struct ask relayed = client;
    struct ip4 first, last;

    first = bind(pair, client);
    pair_run(pair, 2000);
    relayed.giaddr = RELAY;
    last = bind(pair, relayed);
    for (unsigned by_id = 0; by_id < 2; by_id++) {
        struct ask ask = {.giaddr = RELAY, .client = 7};
        const struct dhcp4_packet *p;
        struct span all;

        if (by_id != 0)
            ask.client_id = client.client_id;
        p = &query(pair, ROLE_SECONDARY, ask, by_id != 0 ? 0 : 6)->packet;
        assert_int_equal(p->type, DHCP4_LEASEACTIVE);
        assert_int_equal(p->ciaddr.value, last.value);
        all = p->option[OPTION_ASSOCIATED_IP];
        assert_int_equal(all.size, 8);
        for (size_t i = 0; i < 8; i += 4) {
            const uint32_t a = (uint32_t)all.data[i] << 24 | (uint32_t)all.data[i + 1] << 16 |
                               (uint32_t)all.data[i + 2] << 8 | all.data[i + 3];

            assert_true(a == first.value || a == last.value);
        }
    }
    assert_int_equal(
        query(pair, ROLE_PRIMARY, (struct ask){.giaddr = RELAY, .client = 8}, 6)->packet.type,
        DHCP4_LEASEUNKNOWN);
}

/* The client is the same, its network card is not. */
static void a_client_is_found_by_the_hardware_address_that_it_has_now(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.client = 7, .giaddr = RELAY, .client_id = KEY("\xffport7")};

    bind(pair, ask);
    ask.client = 8;
    bind(pair, ask);
    assert_int_equal(
        query(pair, ROLE_PRIMARY, (struct ask){.giaddr = RELAY, .client = 7}, 6)->packet.type,
        DHCP4_LEASEUNKNOWN);
    assert_int_equal(
        query(pair, ROLE_PRIMARY, (struct ask){.giaddr = RELAY, .client = 8}, 6)->packet.type,
        DHCP4_LEASEACTIVE);
}

static void who_may_not_ask_is_not_answered(void **state)
{
    struct pair *pair = *state;
    const struct ip4 stranger = ip4(0x0a500002);

    assert_null(query(pair, ROLE_PRIMARY, (struct ask){.giaddr = stranger, .client = 1}, 6));
    assert_null(query(pair, ROLE_PRIMARY, (struct ask){.client = 1}, 6));     /* no relay */
    assert_null(query(pair, ROLE_PRIMARY, (struct ask){.giaddr = RELAY}, 0)); /* nothing */
    assert_int_equal(counters(pair, ROLE_PRIMARY).queries_refused, 3);
    assert_int_equal(counters(pair, ROLE_PRIMARY).received[DHCP4_LEASEQUERY], 3);
    assert_non_null(
        query(pair, ROLE_PRIMARY, (struct ask){.giaddr = ip4(0xc0000207), .client = 1}, 6));
}

/* ---- in bulk ---- */

struct answers {
    unsigned active, unassigned, done, status;
    uint32_t base;
    struct ip4 last;
    uint8_t state, source;
};

static struct answers bulk(struct pair *pair, enum role role, struct ask ask, uint8_t hlen)
{
    struct server *server = pair->nodes[role].server;
    struct bulk_query bulk_query = {.running = false};
    struct answers answers = {0};
    static uint8_t out[3 * BULK_ROOM];
    static struct dhcp4_scratch scratch;
    uint8_t bytes[1500];
    size_t size;

    ask.type = DHCP4_BULKLEASEQUERY;
    ask.xid = 77;
    size = ask_encode(&ask, bytes);
    bytes[2] = hlen;
    assert_true(server_bulk_begin(server, pair->now, span_of(bytes, size), &bulk_query));
    while (bulk_query.running) {
        size = server_bulk_next(server, pair->now, &bulk_query, out, sizeof(out));
        for (size_t at = 0; at < size;) {
            const size_t one = (size_t)out[at] << 8 | out[at + 1];
            struct dhcp4_packet p;

            assert_int_equal(dhcp4_decode(span_of(out + at + 2, one), &scratch, &p),
                             DHCP4_DECODED);
            assert_int_equal(p.xid, 77);
            answers.active += p.type == DHCP4_LEASEACTIVE;
            answers.unassigned += p.type == DHCP4_LEASEUNASSIGNED;
            answers.done += p.type == DHCP4_LEASEQUERYDONE;
            if (dhcp4_has(&p, OPTION_BASE_TIME)) {
                assert_int_equal(answers.base, 0);
                answers.base = dhcp4_option_u32(&p, OPTION_BASE_TIME);
            }
            if (dhcp4_has(&p, OPTION_STATUS_CODE))
                answers.status = p.option[OPTION_STATUS_CODE].data[0];
            if (p.type != DHCP4_LEASEQUERYDONE) {
                answers.last = p.ciaddr;
                answers.state = p.option[OPTION_DHCP_STATE].data[0];
                answers.source = p.option[OPTION_DATA_SOURCE].data[0];
            }
            at += 2 + one;
        }
    }
    assert_int_equal(answers.done, 1);
    return answers;
}

static void all_leases_are_told_and_the_end(void **state)
{
    struct pair *pair = *state;
    struct answers answers;

    for (uint8_t client = 1; client <= 30; client++)
        bind(pair, (struct ask){.client = client, .giaddr = RELAY});
    answers = bulk(pair, ROLE_PRIMARY, (struct ask){.type = DHCP4_NONE}, 0);
    assert_int_equal(answers.active, 30);
    assert_int_equal(answers.base, pair->now.ms / 1000);
    assert_int_equal(answers.status, 0);
    answers = bulk(pair, ROLE_SECONDARY, (struct ask){.type = DHCP4_NONE}, 0);
    assert_int_equal(answers.active, 30);
}

static void one_client_one_address_or_one_relay_is_told(void **state)
{
    struct pair *pair = *state;
    const struct span at_a = KEY("\x02\x01"
                                 "A"),
                      at_b = KEY("\x02\x01"
                                 "B\x0c\x02R1");
    struct ip4 address;
    struct answers answers;

    for (uint8_t client = 1; client <= 6; client++)
        address = bind(pair, (struct ask){.client = client,
                                          .giaddr = RELAY,
                                          .client_id = client == 6 ? KEY("\x00six") : KEY(""),
                                          .relay_info = client <= 2 ? at_a : at_b});
    answers = bulk(pair, ROLE_PRIMARY, (struct ask){.ciaddr = address}, 0);
    assert_int_equal(answers.active, 1);
    assert_int_equal(answers.last.value, address.value);
    assert_int_equal(answers.state, 2);
    answers = bulk(pair, ROLE_PRIMARY, (struct ask){.client_id = KEY("\x00six")}, 0);
    assert_int_equal(answers.last.value, address.value);
    answers = bulk(pair, ROLE_PRIMARY, (struct ask){.client = 6}, 6);
    assert_int_equal(answers.last.value, address.value);
    assert_int_equal(bulk(pair, ROLE_PRIMARY, (struct ask){.relay_info = at_a}, 0).active, 2);
    assert_int_equal(
        bulk(pair, ROLE_PRIMARY, (struct ask){.relay_info = KEY("\x0c\x02R1")}, 0).active, 4);
    assert_int_equal(
        bulk(pair, ROLE_PRIMARY, (struct ask){.ciaddr = ip4(0x0a500063)}, 0).active, 0);
}

/* The data source says whose write it is: bit 0 is the partner's. */
static void one_of_the_peers_says_that_it_knows_it_from_the_other(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind(pair, (struct ask){.client = 1, .giaddr = RELAY});
    const uint8_t first = bulk(pair, ROLE_PRIMARY, (struct ask){.ciaddr = address}, 0).source;
    const uint8_t second =
        bulk(pair, ROLE_SECONDARY, (struct ask){.ciaddr = address}, 0).source;

    assert_int_equal(first + second, 1);
}

static void a_released_address_is_unassigned(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind(pair, (struct ask){.client = 1});
    struct answers answers;

    for (unsigned role = 0; role < 2; role++)
        pair_tell(pair, (enum role)role,
                  &(struct ask){.type = DHCP4_RELEASE,
                                .client = 1,
                                .ciaddr = address,
                                .server = node_address((enum role)role),
                                .to = node_address((enum role)role)});
    pair_settle(pair);
    answers = bulk(pair, ROLE_PRIMARY, (struct ask){.ciaddr = address}, 0);
    assert_int_equal(answers.unassigned, 1);
    assert_true(answers.state == 4 || answers.state == 1); /* released, or free by now */
}

static void what_is_no_query_is_refused(void **state)
{
    struct pair *pair = *state;
    struct bulk_query bulk_query = {.running = false};
    uint8_t bytes[1500];
    const size_t size = ask_encode(&(struct ask){.type = DHCP4_LEASEQUERY}, bytes);
    struct server *server = pair->nodes[0].server;

    assert_false(server_bulk_begin(server, pair->now, span_of(bytes, size), &bulk_query));
    assert_false(server_bulk_begin(server, pair->now, span_of(bytes, 100), &bulk_query));
    assert_false(bulk_query.running);
    assert_int_equal(counters(pair, ROLE_PRIMARY).queries_refused, 1);
    assert_int_equal(counters(pair, ROLE_PRIMARY).malformed[DHCP4_DROP_SHORT], 1);
    assert_true(server_may_query(server, ip4(0xc000020f)));
    assert_false(server_may_query(server, ip4(0xc0000210)));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_address_in_use_is_told_with_its_client_by_both_peers),
        TEST(what_is_not_asked_for_is_not_told),
        TEST(an_address_without_lease_is_unassigned_and_a_strange_one_unknown),
        TEST(an_ended_lease_is_no_lease),
        TEST(a_client_is_found_by_hardware_address_and_by_identifier),
        TEST(a_client_is_found_by_the_hardware_address_that_it_has_now),
        TEST(who_may_not_ask_is_not_answered),
        TEST(all_leases_are_told_and_the_end),
        TEST(one_client_one_address_or_one_relay_is_told),
        TEST(one_of_the_peers_says_that_it_knows_it_from_the_other),
        TEST(a_released_address_is_unassigned),
        TEST(what_is_no_query_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
