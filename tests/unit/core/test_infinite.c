/* Leases without end (RFC 2131 3.3): told only where configured, and in a pair only when the
 * partner has acked them. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lan[] = "leasequery: {allow: [10.77.0.9]}\n"
                          "lease-time: {default: 1h, min: 1m, max: infinite}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.7, lease-time: infinite}]\n"
                          "  - subnet: 10.78.0.0/16\n"
                          "    lease-time: 2h\n"
                          "    pools: [{range: 10.78.16.0-10.78.16.255}]\n"
                          "  - subnet: 10.79.0.0/16\n"
                          "    lease-time: {default: 2h, max: 3h}\n"
                          "    pools: [{range: 10.79.16.0-10.79.16.255}]\n";

static int set_up(void **state)
{
    *state = pair_new("10m", lan);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static uint32_t seconds_of(const struct sent_reply *sent)
{
    assert_int_equal(sent->packet.type, DHCP4_ACK);
    return dhcp4_option_u32(&sent->packet, OPTION_LEASE_TIME);
}

/* A renewal by `client`, heard by `to` alone. */
static uint32_t renewed(struct pair *pair, enum role to, uint8_t client, struct ip4 address)
{
    pair_forget(pair);
    pair_tell(pair, to,
              &(struct ask){.type = DHCP4_REQUEST,
                            .client = client,
                            .xid = (uint32_t)pair->now.ms,
                            .ciaddr = address,
                            .to = node_address(to)});
    pair_run(pair, 100);
    return seconds_of(pair_only(pair, NULL));
}

static void it_is_told_when_the_partner_has_acked_it(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 1, &by);
    const struct dhcp4_packet *packet = &pair_last(pair, by)->packet;

    assert_int_equal(seconds_of(pair_last(pair, by)), UINT32_MAX);
    assert_int_equal(dhcp4_option_u32(packet, OPTION_RENEWAL_TIME), UINT32_MAX);
    assert_int_equal(dhcp4_option_u32(packet, OPTION_REBINDING_TIME), UINT32_MAX);
    for (int role = 0; role < 2; role++)
        assert_int_equal(pair_binding(pair, (enum role)role, address).expires.ms,
                         BINDING_NEVER_MS);
}

static void without_an_ack_it_is_the_mclt(void **state)
{
    struct pair *pair = *state;
    enum role by;

    pair->hold_frames = true;
    pair_bind(pair, 1, &by);
    assert_int_equal(seconds_of(pair_last(pair, by)), 600);
}

static void a_peer_without_contact_promises_the_mclt(void **state)
{
    struct pair *pair = *state;
    struct ip4 address;
    enum role by;

    pair_cut(pair);
    pair_kill(pair, ROLE_SECONDARY);
    pair_run(pair, 2000);
    address = pair_bind(pair, 1, &by);
    assert_int_equal(seconds_of(pair_last(pair, by)), 600);
    assert_true(pair_binding(pair, by, address).expires.ms < pair->now.ms + 602000);

    pair_mend(pair);
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 3000);
    assert_int_equal(renewed(pair, by, 1, address), UINT32_MAX);
}

/* The partner holds it, so nothing new is promised. */
static void what_was_acked_is_told_again_without_contact(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 1, &by);

    pair_run(pair, 1000);
    pair_cut(pair);
    pair_run(pair, 2000);
    assert_int_equal(renewed(pair, by, 1, address), UINT32_MAX);
    assert_int_equal(renewed(pair, role_other(by), 1, address), UINT32_MAX);
}

static void the_owner_grants_it_to_a_claim(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 1, &by);
    const struct binding before = pair_binding(pair, by, address);

    assert_int_equal(renewed(pair, role_other(by), 1, address), UINT32_MAX);
    assert_true(pair_binding(pair, by, address).version.ms > before.version.ms);
    assert_int_equal(pair_binding(pair, by, address).expires.ms, BINDING_NEVER_MS);
}

static uint32_t offered(struct pair *pair, uint32_t giaddr, uint32_t wanted)
{
    const struct ask ask = {.type = DHCP4_DISCOVER,
                            .client = 1,
                            .giaddr = ip4(giaddr),
                            .lease_time = wanted,
                            .secs = 9};

    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY, &ask);
    pair_settle(pair);
    return dhcp4_option_u32(&pair_last(pair, ROLE_PRIMARY)->packet, OPTION_LEASE_TIME);
}

static void a_client_may_ask_for_it_where_that_is_configured(void **state)
{
    assert_int_equal(offered(*state, 0x0a4e0001, UINT32_MAX), UINT32_MAX);
    assert_int_equal(offered(*state, 0x0a4e0001, 0), 7200);
    assert_int_equal(offered(*state, 0x0a4f0001, UINT32_MAX), 10800);
}

static void a_leasequery_tells_that_it_has_no_end(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 1, NULL);

    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY,
              &(struct ask){.type = DHCP4_LEASEQUERY,
                            .ciaddr = address,
                            .giaddr = ip4(0x0a4d0009),
                            .to = node_address(ROLE_PRIMARY)});
    pair_settle(pair);
    assert_int_equal(dhcp4_option_u32(&pair_only(pair, NULL)->packet, OPTION_LEASE_TIME),
                     UINT32_MAX);
}

static void a_release_ends_it(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 1, &by);

    pair_tell(pair, by,
              &(struct ask){.type = DHCP4_RELEASE,
                            .client = 1,
                            .xid = 77,
                            .ciaddr = address,
                            .server = node_address(by),
                            .to = node_address(by)});
    pair_run(pair, 1000);
    for (int role = 0; role < 2; role++)
        assert_int_equal(pair_binding(pair, (enum role)role, address).state, BINDING_FREE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_told_when_the_partner_has_acked_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_an_ack_it_is_the_mclt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_peer_without_contact_promises_the_mclt, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_acked_is_told_again_without_contact, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_owner_grants_it_to_a_claim, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_client_may_ask_for_it_where_that_is_configured,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_leasequery_tells_that_it_has_no_end, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_release_ends_it, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
