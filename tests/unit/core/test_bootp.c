/* BOOTP clients (RFC 951, 1534): no message type, no end of the lease, nothing of DHCP in the
 * reply. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lan[] = "next-server: 10.77.0.9\n"
                          "boot-file-name: kernel\n"
                          "options: {domain-name: example.net}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    options: {routers: [10.77.0.1]}\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "    reservations:\n"
                          "      - {hw-address: '02:00:00:00:00:01', address: 10.77.16.1}\n"
                          "  - subnet: 10.78.0.0/16\n"
                          "    bootp: dynamic\n"
                          "    lease-time: 1h\n"
                          "    pools: [{range: 10.78.16.0-10.78.16.255}]\n"
                          "  - subnet: 10.79.0.0/16\n"
                          "    bootp: none\n"
                          "    reservations:\n"
                          "      - {hw-address: '02:00:00:00:00:01', address: 10.79.16.1}\n";

#define RELAY_78 ip4(0x0a4e0001)
#define RELAY_79 ip4(0x0a4f0001)
#define RESERVED 0x0a4d1001

static int set_up(void **state)
{
    *state = pair_new("1h", lan);
    pair_run(*state, 1000); /* reservations are set aside */
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static void ask(struct pair *pair, uint8_t client, struct ip4 giaddr)
{
    pair_forget(pair);
    pair_broadcast(pair, &(struct ask){.client = client, .giaddr = giaddr});
    pair_run(pair, 100);
}

static struct server_counters counters(const struct pair *pair, enum role role)
{
    struct server_status status;

    server_status(pair->nodes[role].server, &status);
    return status.counters;
}

static void a_reserved_address_is_told_at_once(void **state)
{
    struct pair *pair = *state;
    const struct dhcp4_packet *p;
    const struct sent_reply *sent;

    pair_broadcast(pair, &(struct ask){.client = 1});
    sent = pair_only(pair, NULL);
    p = &sent->packet;
    assert_int_equal(p->type, DHCP4_NONE);
    assert_int_equal(p->yiaddr.value, RESERVED);
    assert_int_equal(p->siaddr.value, 0x0a4d0009);
    assert_string_equal((const char *)p->file.data, "kernel");
    assert_int_equal(dhcp4_option_ip4(p, OPTION_ROUTERS).value, 0x0a4d0001);
    assert_int_equal(dhcp4_option_ip4(p, OPTION_SUBNET_MASK).value, 0xffff0000);
}

static void nothing_of_dhcp_is_in_it(void **state)
{
    static const uint8_t codes[] = {OPTION_LEASE_TIME,        OPTION_MESSAGE_TYPE,
                                    OPTION_SERVER_IDENTIFIER, OPTION_RENEWAL_TIME,
                                    OPTION_REBINDING_TIME,    OPTION_OVERLOAD};
    struct pair *pair = *state;
    const struct sent_reply *sent;

    ask(pair, 1, ip4(0));
    sent = pair_only(pair, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        assert_false(dhcp4_has(&sent->packet, codes[i]));
    assert_int_equal(sent->reply.packet.size, 300);
}

static void without_a_reservation_it_is_left_alone(void **state)
{
    struct pair *pair = *state;

    ask(pair, 7, ip4(0));
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(counters(pair, ROLE_PRIMARY).bootp_refused, 1);
}

static void where_there_is_no_bootp_a_reservation_helps_nothing(void **state)
{
    struct pair *pair = *state;

    ask(pair, 1, RELAY_79);
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(counters(pair, ROLE_PRIMARY).bootp_refused, 1);
}

static void any_client_gets_a_lease_without_end_where_that_is_allowed(void **state)
{
    struct pair *pair = *state;
    struct ip4 address;

    ask(pair, 7, RELAY_78);
    address = pair_only(pair, NULL)->packet.yiaddr;
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_NONE);
    for (int role = 0; role < 2; role++) {
        const struct binding b = pair_binding(pair, (enum role)role, address);

        assert_int_equal(b.state, BINDING_ACTIVE);
        assert_int_equal(b.expires.ms, BINDING_NEVER_MS);
    }
    ask(pair, 7, RELAY_78);
    assert_int_equal(pair_only(pair, NULL)->packet.yiaddr.value, address.value);
}

/* It cannot be told of an end, so it is not told at all. */
static void without_the_partners_ack_it_has_to_wait(void **state)
{
    struct pair *pair = *state;

    pair->hold_frames = true;
    ask(pair, 7, RELAY_78);
    assert_int_equal(pair_replies(pair), 0);
    assert_int_equal(counters(pair, ROLE_PRIMARY).bootp_withheld +
                         counters(pair, ROLE_SECONDARY).bootp_withheld,
                     1);
    pair->hold_frames = false;
    pair_run(pair, 3000);
    ask(pair, 7, RELAY_78);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_NONE);
}

/* ... and takes no address that nobody could use afterwards. */
static void without_contact_nothing_is_bound(void **state)
{
    struct pair *pair = *state;
    struct ip4 address;

    ask(pair, 7, RELAY_78);
    address = pair_only(pair, NULL)->packet.yiaddr;
    pair_run(pair, 1000);
    pair_cut(pair);
    pair_run(pair, 2000);
    ask(pair, 8, RELAY_78);
    assert_int_equal(pair_replies(pair), 0);
    for (uint32_t i = 0; i < 256; i++)
        assert_true(ip4_equal(address, ip4(0x0a4e1000 + i)) ||
                    pair_binding(pair, ROLE_PRIMARY, ip4(0x0a4e1000 + i)).state ==
                        BINDING_FREE);
    ask(pair, 7, RELAY_78); /* the partner holds this one */
    assert_true(pair_replies(pair) > 0);
    assert_int_equal(
        pair_last(pair, pair->nodes[0].reply_count > 0 ? 0 : 1)->packet.yiaddr.value,
        address.value);
}

/* A reserved address that the partner may not know to be set aside. */
static void a_reservation_without_an_acked_record_has_to_wait(void **state)
{
    struct pair *pair = pair_make("1h", lan);

    (void)state;
    pair_start(pair, ROLE_PRIMARY);
    pair_start(pair, ROLE_SECONDARY);
    pair->hold_frames = false;
    for (int i = 0; i < 200 && (pair_state(pair, ROLE_PRIMARY) != FO_NORMAL ||
                                pair_state(pair, ROLE_SECONDARY) != FO_NORMAL);
         i++)
        pair_run(pair, 10);
    pair->hold_frames = true;
    pair_run(pair, 200);
    ask(pair, 1, ip4(0));
    assert_int_equal(pair_replies(pair), 0);
    pair->hold_frames = false;
    pair_run(pair, 3000);
    ask(pair, 1, ip4(0));
    assert_int_equal(pair_only(pair, NULL)->packet.yiaddr.value, RESERVED);
    pair_free(pair);
}

#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PAIR(a_reserved_address_is_told_at_once),
        IN_PAIR(nothing_of_dhcp_is_in_it),
        IN_PAIR(without_a_reservation_it_is_left_alone),
        IN_PAIR(where_there_is_no_bootp_a_reservation_helps_nothing),
        IN_PAIR(any_client_gets_a_lease_without_end_where_that_is_allowed),
        IN_PAIR(without_the_partners_ack_it_has_to_wait),
        IN_PAIR(without_contact_nothing_is_bound),
        cmocka_unit_test(a_reservation_without_an_acked_record_has_to_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
