/* What a reply carries and where it goes (RFC 2131 4.1 and table 3, RFC 3046, RFC 6842). */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lan[] =
    "options: {domain-name-servers: [10.0.0.53], domain-name: example.net}\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
    "    options: {routers: [10.77.0.1]}\n";

#define KEY(text) span_of((text), sizeof(text) - 1)
#define RELAY     ip4(0x0a4d0001)
#define WRONG     ip4(0x0a630001) /* 10.99.0.1, of no link here */
#define EVERYONE  ip4(UINT32_MAX)

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

/* The one reply of both peers. */
static const struct sent_reply *ask_both(struct pair *pair, const struct ask *ask)
{
    pair_forget(pair);
    pair_broadcast(pair, ask);
    return pair_only(pair, NULL);
}

/* ---- where it goes ---- */

static void through_a_relay_it_goes_to_the_relays_server_port(void **state)
{
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .giaddr = RELAY});

    assert_int_equal(sent->packet.type, DHCP4_OFFER);
    assert_int_equal(sent->reply.way, REPLY_UDP);
    assert_int_equal(sent->reply.address.value, RELAY.value);
    assert_int_equal(sent->reply.port, 67);
    assert_int_equal(sent->reply.interface, 0);
    assert_int_equal(sent->packet.giaddr.value, RELAY.value);
}

/* ... even when the client asks for broadcast: that is the relay's to do. */
static void the_relay_is_told_of_the_broadcast_flag(void **state)
{
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER,
                                       .client = 1,
                                       .giaddr = RELAY,
                                       .flags = DHCP4_FLAG_BROADCAST});

    assert_int_equal(sent->reply.way, REPLY_UDP);
    assert_int_equal(sent->packet.flags, DHCP4_FLAG_BROADCAST);
}

static void a_client_that_can_hear_it_gets_a_frame(void **state)
{
    static const uint8_t hardware[6] = {2, 0, 0, 0, 0, 1};
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER, .client = 1});

    assert_int_equal(sent->reply.way, REPLY_FRAME);
    assert_int_equal(sent->reply.address.value, sent->packet.yiaddr.value);
    assert_int_equal(sent->reply.port, 68);
    assert_int_equal(sent->reply.interface, 2);
    assert_int_equal(sent->reply.hlen, 6);
    assert_memory_equal(sent->reply.chaddr, hardware, 6);
}

static void with_the_broadcast_flag_it_is_broadcast(void **state)
{
    const struct sent_reply *sent = ask_both(
        *state,
        &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .flags = DHCP4_FLAG_BROADCAST});

    assert_int_equal(sent->reply.way, REPLY_BROADCAST);
    assert_int_equal(sent->reply.address.value, EVERYONE.value);
    assert_int_equal(sent->reply.port, 68);
    assert_int_equal(sent->reply.interface, 2);
}

/* The flag says nothing to a client that has its address (RFC 2131 4.1). */
static void a_client_with_an_address_gets_it_there(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 1, NULL);
    const struct sent_reply *sent =
        ask_both(pair, &(struct ask){.type = DHCP4_REQUEST,
                                     .client = 1,
                                     .ciaddr = address,
                                     .flags = DHCP4_FLAG_BROADCAST});

    assert_int_equal(sent->packet.type, DHCP4_ACK);
    assert_int_equal(sent->reply.way, REPLY_UDP);
    assert_int_equal(sent->reply.address.value, address.value);
    assert_int_equal(sent->reply.port, 68);
    assert_int_equal(sent->packet.ciaddr.value, address.value);
}

static void a_nak_without_relay_is_broadcast(void **state)
{
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_REQUEST, .client = 1, .requested = WRONG});

    assert_int_equal(sent->packet.type, DHCP4_NAK);
    assert_int_equal(sent->reply.way, REPLY_BROADCAST);
    assert_int_equal(sent->reply.address.value, EVERYONE.value);
    assert_int_equal(sent->reply.port, 68);
}

/* The client may not use its address any more, so it must not be told there. */
static void a_nak_does_not_go_to_the_address_it_refuses(void **state)
{
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_REQUEST, .client = 1, .ciaddr = WRONG});

    assert_int_equal(sent->packet.type, DHCP4_NAK);
    assert_int_equal(sent->reply.way, REPLY_BROADCAST);
    assert_int_equal(sent->packet.ciaddr.value, 0);
}

static void a_nak_through_a_relay_sets_the_broadcast_flag(void **state)
{
    const struct sent_reply *sent = ask_both(
        *state,
        &(struct ask){.type = DHCP4_REQUEST, .client = 1, .requested = WRONG, .giaddr = RELAY});

    assert_int_equal(sent->packet.type, DHCP4_NAK);
    assert_int_equal(sent->reply.way, REPLY_UDP);
    assert_int_equal(sent->reply.address.value, RELAY.value);
    assert_int_equal(sent->reply.port, 67);
    assert_int_equal(sent->packet.flags, DHCP4_FLAG_BROADCAST);
}

/* ---- what it carries (table 3) ---- */

static void an_offer_carries_what_table_3_says(void **state)
{
    enum role by;
    const struct sent_reply *sent;
    const struct dhcp4_packet *p;

    pair_broadcast(*state,
                   &(struct ask){.type = DHCP4_DISCOVER, .client = 9, .xid = 0xdeadbeef});
    sent = pair_only(*state, &by);
    p = &sent->packet;
    assert_int_equal(p->op, DHCP4_BOOTREPLY);
    assert_int_equal(p->htype, 1);
    assert_int_equal(p->hlen, 6);
    assert_int_equal(p->chaddr[5], 9);
    assert_true(p->xid == 0xdeadbeef);
    assert_int_equal(p->hops, 0);
    assert_int_equal(p->secs, 0);
    assert_int_equal(p->ciaddr.value, 0);
    assert_int_not_equal(p->yiaddr.value, 0);
    assert_int_equal(dhcp4_option_ip4(p, OPTION_SERVER_IDENTIFIER).value,
                     node_address(by).value);
    assert_int_equal(sent->reply.source.value, node_address(by).value);
    assert_int_equal(dhcp4_option_u32(p, OPTION_LEASE_TIME), 43200);
    assert_false(dhcp4_has(p, OPTION_REQUESTED_ADDRESS));
    assert_false(dhcp4_has(p, OPTION_PARAMETER_REQUEST_LIST));
}

static void t1_and_t2_are_half_and_seven_eighths(void **state)
{
    struct pair *pair = *state;
    enum role by;

    pair_bind(pair, 1, &by);
    assert_int_equal(dhcp4_option_u32(&pair_last(pair, by)->packet, OPTION_LEASE_TIME), 43200);
    assert_int_equal(dhcp4_option_u32(&pair_last(pair, by)->packet, OPTION_RENEWAL_TIME),
                     21600);
    assert_int_equal(dhcp4_option_u32(&pair_last(pair, by)->packet, OPTION_REBINDING_TIME),
                     37800);
}

static void a_nak_carries_no_lease_and_says_why(void **state)
{
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_REQUEST, .client = 1, .requested = WRONG});
    const struct dhcp4_packet *p = &sent->packet;

    assert_int_equal(p->yiaddr.value, 0);
    assert_int_equal(p->siaddr.value, 0);
    assert_false(dhcp4_has(p, OPTION_LEASE_TIME));
    assert_false(dhcp4_has(p, OPTION_ROUTERS));
    assert_false(dhcp4_has(p, OPTION_SUBNET_MASK));
    assert_true(dhcp4_has(p, OPTION_SERVER_IDENTIFIER));
    assert_true(p->option[OPTION_MESSAGE].size > 0);
}

/* RFC 6842: as sent, in every reply. */
static void the_client_identifier_is_echoed(void **state)
{
    const struct span id = KEY("\xff\x00\x01opaque");
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER, .client = 1, .client_id = id});

    assert_true(span_equal(sent->packet.option[OPTION_CLIENT_IDENTIFIER], id));
}

static void the_client_identifier_is_echoed_in_a_nak_too(void **state)
{
    const struct span id = KEY("\xff\x00\x01opaque");
    const struct sent_reply *sent = ask_both(
        *state,
        &(struct ask){.type = DHCP4_REQUEST, .client = 1, .requested = WRONG, .client_id = id});

    assert_int_equal(sent->packet.type, DHCP4_NAK);
    assert_true(span_equal(sent->packet.option[OPTION_CLIENT_IDENTIFIER], id));
}

static void no_client_identifier_is_made_up(void **state)
{
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_DISCOVER, .client = 1});

    assert_false(dhcp4_has(&sent->packet, OPTION_CLIENT_IDENTIFIER));
}

/* RFC 3046 2.2: the whole option, unchanged, as the last one before End. */
static void assert_relay_info_is_last(const struct sent_reply *sent, struct span info)
{
    const uint8_t *bytes = sent->bytes;
    size_t at = DHCP4_HEADER_SIZE;
    uint8_t last = 0;

    while (bytes[at] != OPTION_END) {
        last = bytes[at];
        at += bytes[at] == OPTION_PAD ? 1 : 2 + (size_t)bytes[at + 1];
    }
    assert_int_equal(last, OPTION_RELAY_AGENT_INFORMATION);
    assert_true(span_equal(sent->packet.option[OPTION_RELAY_AGENT_INFORMATION], info));
}

static void option_82_is_echoed_last_and_unchanged(void **state)
{
    const struct span info = KEY("\x01\x04port\x02\x03\xff\x00\x52\x97\x01!");
    const struct sent_reply *sent = ask_both(
        *state, &(struct ask){
                    .type = DHCP4_DISCOVER, .client = 1, .giaddr = RELAY, .relay_info = info});

    assert_relay_info_is_last(sent, info);
}

static void option_82_is_echoed_in_a_nak_too(void **state)
{
    const struct span info = KEY("\x01\x04port");
    const struct sent_reply *sent = ask_both(*state, &(struct ask){.type = DHCP4_REQUEST,
                                                                   .client = 1,
                                                                   .requested = WRONG,
                                                                   .giaddr = RELAY,
                                                                   .relay_info = info});

    assert_int_equal(sent->packet.type, DHCP4_NAK);
    assert_relay_info_is_last(sent, info);
}

/* ---- DHCPINFORM (RFC 2131 4.3.5) ---- */

static void an_inform_is_answered_without_lease_and_address(void **state)
{
    const struct ip4 own = ip4(0x0a4d0063);
    const struct sent_reply *sent =
        ask_both(*state, &(struct ask){.type = DHCP4_INFORM, .client = 1, .ciaddr = own});
    const struct dhcp4_packet *p = &sent->packet;

    assert_int_equal(p->type, DHCP4_ACK);
    assert_int_equal(p->yiaddr.value, 0);
    assert_int_equal(p->ciaddr.value, own.value);
    assert_false(dhcp4_has(p, OPTION_LEASE_TIME));
    assert_false(dhcp4_has(p, OPTION_RENEWAL_TIME));
    assert_false(dhcp4_has(p, OPTION_REBINDING_TIME));
    assert_true(dhcp4_has(p, OPTION_ROUTERS));
    assert_int_equal(sent->reply.way, REPLY_UDP);
    assert_int_equal(sent->reply.address.value, own.value);
    assert_int_equal(sent->reply.port, 68);
}

static void an_inform_makes_no_binding(void **state)
{
    struct pair *pair = *state;
    const struct ip4 own = ip4(0x0a4d1007);

    ask_both(pair, &(struct ask){.type = DHCP4_INFORM, .client = 1, .ciaddr = own});
    assert_int_equal(pair_binding(pair, ROLE_PRIMARY, own).state, BINDING_FREE);
    assert_int_equal(pair_binding(pair, ROLE_SECONDARY, own).state, BINDING_FREE);
}

static void an_inform_without_an_address_is_not_answered(void **state)
{
    pair_broadcast(*state, &(struct ask){.type = DHCP4_INFORM, .client = 1});
    assert_int_equal(pair_replies(*state), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(through_a_relay_it_goes_to_the_relays_server_port),
        TEST(the_relay_is_told_of_the_broadcast_flag),
        TEST(a_client_that_can_hear_it_gets_a_frame),
        TEST(with_the_broadcast_flag_it_is_broadcast),
        TEST(a_client_with_an_address_gets_it_there),
        TEST(a_nak_without_relay_is_broadcast),
        TEST(a_nak_does_not_go_to_the_address_it_refuses),
        TEST(a_nak_through_a_relay_sets_the_broadcast_flag),
        TEST(an_offer_carries_what_table_3_says),
        TEST(t1_and_t2_are_half_and_seven_eighths),
        TEST(a_nak_carries_no_lease_and_says_why),
        TEST(the_client_identifier_is_echoed),
        TEST(the_client_identifier_is_echoed_in_a_nak_too),
        TEST(no_client_identifier_is_made_up),
        TEST(option_82_is_echoed_last_and_unchanged),
        TEST(option_82_is_echoed_in_a_nak_too),
        TEST(an_inform_is_answered_without_lease_and_address),
        TEST(an_inform_makes_no_binding),
        TEST(an_inform_without_an_address_is_not_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
