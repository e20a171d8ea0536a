/* T1 and T2 (RFC 2131 4.4.5): where they are said, and what becomes of them in a lease that is
 * shorter than they are. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/core/server_internal.h"

static const char lan[] = "lease-time: {default: 12h, min: 1m, max: 24h}\n"
                          "renew-time: 25%\n"
                          "classes:\n"
                          "  - {name: small, match: {option-57: '0578'}, rebind-time: 2h}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    rebind-time: 50%\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255, renew-time: 3h}]\n"
                          "    reservations:\n"
                          "      - {hw-address: '02:00:00:00:00:01', address: 10.77.16.1,\n"
                          "         renew-time: 1h}\n"
                          "      - {hw-address: '02:00:00:00:00:02', address: 10.77.0.9}\n";

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

static void assert_times(const struct sent_reply *sent, enum dhcp4_type type, uint32_t lease,
                         uint32_t t1, uint32_t t2)
{
    assert_non_null(sent);
    assert_int_equal(sent->packet.type, type);
    assert_int_equal(dhcp4_option_u32(&sent->packet, OPTION_LEASE_TIME), lease);
    assert_int_equal(dhcp4_option_u32(&sent->packet, OPTION_RENEWAL_TIME), t1);
    assert_int_equal(dhcp4_option_u32(&sent->packet, OPTION_REBINDING_TIME), t2);
}

static void assert_offer(struct pair *pair, struct ask ask, uint32_t t1, uint32_t t2)
{
    ask.type = DHCP4_DISCOVER;
    ask.secs = 9;
    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY, &ask);
    pair_settle(pair);
    assert_times(pair_last(pair, ROLE_PRIMARY), DHCP4_OFFER, 43200, t1, t2);
}

static void the_nearest_level_says_when_to_renew(void **state)
{
    assert_offer(*state, (struct ask){.client = 7}, 10800, 21600); /* pool */
    assert_offer(*state, (struct ask){.client = 1}, 3600, 21600);  /* reservation */
    assert_offer(*state, (struct ask){.client = 2}, 10800, 21600); /* file */
    assert_offer(*state, (struct ask){.client = 1, .max_size = 1400}, 3600, 7200); /* class */
}

/* Both are told in the DHCPACK as in the offer. */
static void an_ack_carries_what_the_offer_said(void **state)
{
    struct pair *pair = *state;
    enum role by;

    pair_bind(pair, 7, &by);
    assert_times(pair_last(pair, by), DHCP4_ACK, 43200, 10800, 21600);
}

/* A lease at the MCLT (1h) is shorter than the T1 of three hours: T2 is its percentage of what
 * is told, and T1 has to be below. */
static void a_degraded_lease_keeps_the_order(void **state)
{
    struct pair *pair = *state;
    enum role by;

    pair_cut(pair);
    pair_run(pair, 2000);
    pair_kill(pair, ROLE_SECONDARY);
    pair_bind(pair, 7, &by);
    assert_int_equal(by, ROLE_PRIMARY);
    assert_times(pair_last(pair, by), DHCP4_ACK, 3600, 1800 * 4 / 7, 1800);
}

static struct dhcp4_lease_times times(enum config_share_unit unit1, uint32_t t1,
                                      enum config_share_unit unit2, uint32_t t2,
                                      uint32_t seconds)
{
    const struct lease_shares shares = {{unit1, t1}, {unit2, t2}};

    return times_of(&shares, seconds);
}

static void without_a_word_they_are_half_and_seven_eighths(void **state)
{
    static const uint32_t leases[][3] = {
        {3600, 1800, 3150}, {1, 0, 0}, {0xfffffffe, 0x7fffffff, 0xdffffffe}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(leases); i++) {
        const struct dhcp4_lease_times t =
            times(CONFIG_SHARE_UNSET, 0, CONFIG_SHARE_UNSET, 0, leases[i][0]);

        assert_int_equal(t.renewal, leases[i][1]);
        assert_int_equal(t.rebinding, leases[i][2]);
    }
}

/* Whatever is configured, T1 < T2 < lease for every lease that has room for it. */
static void they_are_in_order_for_every_lease(void **state)
{
    static const uint32_t values[] = {1, 50, 100, 1000, 5000, 8750, 9999};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        for (size_t j = 0; j < ARRAY_SIZE(values); j++) {
            for (int units = 0; units < 9; units++) {
                for (uint32_t lease = 10; lease < 100000; lease = lease * 3 / 2) {
                    const struct dhcp4_lease_times t =
                        times((enum config_share_unit)(units % 3), values[i],
                              (enum config_share_unit)(units / 3), values[j], lease);

                    assert_true(t.rebinding < lease);
                    assert_true(t.renewal < t.rebinding || t.rebinding == 0);
                }
            }
        }
    }
}

static void without_end_there_is_no_renewal(void **state)
{
    const struct dhcp4_lease_times t =
        times(CONFIG_SHARE_COUNT, 5, CONFIG_SHARE_PERCENT, 5000, CONFIG_INFINITE);

    (void)state;
    assert_int_equal(t.lease, UINT32_MAX);
    assert_int_equal(t.renewal, UINT32_MAX);
    assert_int_equal(t.rebinding, UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_nearest_level_says_when_to_renew, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_ack_carries_what_the_offer_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_degraded_lease_keeps_the_order, set_up, tear_down),
        cmocka_unit_test(without_a_word_they_are_half_and_seven_eighths),
        cmocka_unit_test(they_are_in_order_for_every_lease),
        cmocka_unit_test(without_end_there_is_no_renewal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
