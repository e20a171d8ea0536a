/* Leases of another server: what the pair takes over, and what it refuses. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/core/import.h"

static const char lan[] = "lease-time: {default: 12h, min: 1m, max: 24h}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "    reservations:\n"
                          "      - {hw-address: \"02:00:00:00:00:07\", address: 10.77.16.7}\n";

#define DAY_MS (INT64_C(86400) * 1000)

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

static struct ip4 in_pool(uint8_t last)
{
    return ip4(UINT32_C(0x0a4d1000) + last);
}

/* The lease of client `client`, with a day to run. */
static struct imported_lease lease_of(const struct pair *pair, uint8_t client,
                                      struct ip4 address)
{
    return (struct imported_lease){.address = address,
                                   .expires = instant_add_ms(pair->now, DAY_MS),
                                   .htype = 1,
                                   .hlen = 6,
                                   .chaddr = {2, 0, 0, 0, 0, client}};
}

/* An address of the pool that `role` owns, and that nobody has. */
static struct ip4 owned_by(struct pair *pair, enum role role)
{
    for (uint8_t last = 16;; last++)
        if (pair_binding(pair, role, in_pool(last)).owner == role)
            return in_pool(last);
}

static enum import_result bring(struct pair *pair, enum role role,
                                const struct imported_lease *lease)
{
    struct node *node = &pair->nodes[role];
    const enum import_result result =
        server_import_lease(node->server, pair->now, lease, false, &node->fx);

    pair_run(pair, 100);
    return result;
}

static void an_own_address_is_written_and_reaches_the_partner(void **state)
{
    struct pair *pair = *state;
    const struct imported_lease lease = lease_of(pair, 9, owned_by(pair, ROLE_PRIMARY));

    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_WRITTEN);
    const struct binding b = pair_binding(pair, ROLE_SECONDARY, lease.address);
    assert_int_equal(b.state, BINDING_ACTIVE);
    assert_true(b.expires.ms >= lease.expires.ms);
    assert_int_equal(b.chaddr[5], 9);
    assert_true(pair_equal(pair));
}

/* One writer: the owner writes in its own stream, by a claim. */
static void the_partners_address_is_handed_over_to_it(void **state)
{
    struct pair *pair = *state;
    const struct imported_lease lease = lease_of(pair, 9, owned_by(pair, ROLE_SECONDARY));

    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_HANDED_OVER);
    const struct binding b = pair_binding(pair, ROLE_PRIMARY, lease.address);
    assert_int_equal(b.state, BINDING_ACTIVE);
    assert_int_equal(b.version.writer, ROLE_SECONDARY);
    assert_true(pair_equal(pair));
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_UNCHANGED);
}

/* More than the claims that there are for it: the rest is asked for again. */
static void handing_over_leaves_claims_for_clients(void **state)
{
    struct pair *pair = *state;
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    struct imported_lease lease = lease_of(pair, 9, owned_by(pair, ROLE_SECONDARY));
    unsigned handed_over = 0;

    pair->hold_frames = true;
    while (server_import_lease(node->server, pair->now, &lease, false, &node->fx) ==
           IMPORT_HANDED_OVER)
        handed_over++;
    assert_int_equal(handed_over, 256);
    pair->hold_frames = false;
    pair_run(pair, 100);
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_UNCHANGED);
}

static void a_known_client_keeps_its_address(void **state)
{
    struct pair *pair = *state;
    const struct imported_lease lease = lease_of(pair, 9, owned_by(pair, ROLE_PRIMARY));
    struct ask ask = {.type = DHCP4_REQUEST, .client = 9, .requested = lease.address};

    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_WRITTEN);
    pair_broadcast(pair, &ask);
    pair_run(pair, 100);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
    assert_int_equal(pair_only(pair, NULL)->packet.yiaddr.value, lease.address.value);
}

static void another_clients_lease_stands(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 1, &by);
    const struct imported_lease lease = lease_of(pair, 9, address);

    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_IN_USE);
    assert_int_equal(bring(pair, ROLE_SECONDARY, &lease), IMPORT_IN_USE);
    assert_int_equal(pair_binding(pair, by, address).chaddr[5], 1);
}

static void what_does_not_fit_is_refused_with_a_reason(void **state)
{
    struct pair *pair = *state;
    struct imported_lease lease = lease_of(pair, 9, ip4(0x0a4d2001));

    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_NOT_CONFIGURED);
    lease = lease_of(pair, 9, in_pool(7));
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_RESERVED);
    lease = lease_of(pair, 9, owned_by(pair, ROLE_PRIMARY));
    lease.expires = pair->now;
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_ENDED);
    lease = lease_of(pair, 9, owned_by(pair, ROLE_PRIMARY));
    lease.hlen = 0;
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_NO_CLIENT);
}

/* A lease of 24 h could outlive what the partner may assume while it hears nothing. */
static void nothing_is_taken_while_the_partner_is_not_heard(void **state)
{
    struct pair *pair = *state;

    pair_cut(pair);
    pair_run(pair, 3000);
    const struct imported_lease lease = lease_of(pair, 9, owned_by(pair, ROLE_PRIMARY));
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_NOT_NOW);
    assert_int_equal(pair_binding(pair, ROLE_PRIMARY, lease.address).state, BINDING_FREE);
}

static void an_abandoned_address_needs_no_client_and_its_owner(void **state)
{
    struct pair *pair = *state;
    struct imported_lease lease = lease_of(pair, 0, owned_by(pair, ROLE_PRIMARY));

    lease.abandoned = true;
    lease.hlen = 0;
    assert_int_equal(bring(pair, ROLE_SECONDARY, &lease), IMPORT_PARTNERS);
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_WRITTEN);
    assert_int_equal(pair_binding(pair, ROLE_SECONDARY, lease.address).state,
                     BINDING_ABANDONED);
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_UNCHANGED);
}

static void a_dry_run_writes_nothing(void **state)
{
    struct pair *pair = *state;
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    const enum role roles[] = {ROLE_PRIMARY, ROLE_SECONDARY};

    for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
        const struct imported_lease lease = lease_of(pair, 9, owned_by(pair, roles[i]));
        assert_int_equal(server_import_lease(node->server, pair->now, &lease, true, &node->fx),
                         i == 0 ? IMPORT_WRITTEN : IMPORT_HANDED_OVER);
        pair_run(pair, 100);
        assert_int_equal(pair_binding(pair, ROLE_PRIMARY, lease.address).state, BINDING_FREE);
    }
}

/* A lease with no end has the longest time that the wire knows. */
static void a_longer_lease_of_the_same_client_is_taken(void **state)
{
    struct pair *pair = *state;
    struct imported_lease lease = lease_of(pair, 9, owned_by(pair, ROLE_PRIMARY));

    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_WRITTEN);
    lease.expires = instant_add_ms(lease.expires, INT64_C(4294967295) * 1000);
    assert_int_equal(bring(pair, ROLE_PRIMARY, &lease), IMPORT_WRITTEN);
    assert_true(pair_binding(pair, ROLE_SECONDARY, lease.address).expires.ms >=
                lease.expires.ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_own_address_is_written_and_reaches_the_partner,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_partners_address_is_handed_over_to_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(handing_over_leaves_claims_for_clients, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_known_client_keeps_its_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_clients_lease_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused_with_a_reason, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_taken_while_the_partner_is_not_heard, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_abandoned_address_needs_no_client_and_its_owner,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dry_run_writes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_longer_lease_of_the_same_client_is_taken, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
