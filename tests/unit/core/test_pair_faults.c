/* Two servers when something is amiss: a full disk, a deaf partner, an operator's error, files
 * that differ, a restored store. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define P ROLE_PRIMARY
#define S ROLE_SECONDARY

#define SMALL                                                                                  \
    "lease-time: {default: 100s, min: 5s, max: 100s}\n"                                        \
    "subnets:\n"                                                                               \
    "  - subnet: 10.77.0.0/16\n"                                                               \
    "    pools: [{range: 10.77.1.0-10.77.1.7}]\n"

static int set_up(void **state)
{
    *state = pair_new("10s", SMALL);
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

/* Renewals too: in NORMAL the partner could only ask the peer that cannot write. */
static void of_a_full_disk_the_partner_serves_the_clients(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    const struct ask ask = {.type = DHCP4_REQUEST, .client = 7, .ciaddr = address};
    const enum role other = role_other(by);

    pair->nodes[by].full_store = true;
    pair_tell(pair, by, &ask);
    pair_run(pair, 1500);
    assert_int_equal(pair_state(pair, other), FO_INTERRUPTED);
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    pair_settle(pair);
    assert_int_equal(pair_only(pair, &by)->packet.type, DHCP4_ACK);
    assert_int_equal(by, other);
    pair->nodes[role_other(other)].full_store = false;
    pair_run(pair, 3000);
    assert_int_equal(pair_state(pair, P), FO_NORMAL);
    assert_int_equal(pair_state(pair, S), FO_NORMAL);
    assert_true(pair_equal(pair));
}

/* The client's old lease runs out at the deaf partner, which frees it: the third time the
 * client asks it is answered all the same. */
static void that_an_old_lease_was_freed_is_no_word_of_the_client(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 7};
    enum role deaf, by;

    pair_bind(pair, 7, &deaf);
    pair_run(pair, 100500); /* over, but not yet beyond doubt */
    pair_forget(pair);
    pair_tell(pair, role_other(deaf), &ask);
    pair_run(pair, 2000);
    pair_tell(pair, role_other(deaf), &ask);
    pair_run(pair, 6000);
    assert_int_equal(pair_replies(pair), 0);
    pair_tell(pair, role_other(deaf), &ask);
    pair_settle(pair);
    assert_int_equal(pair_only(pair, &by)->packet.type, DHCP4_OFFER);
}

/* What `role` alone tells `client`. */
static struct ip4 bind_at(struct pair *pair, enum role role, uint8_t client)
{
    struct ask ask = {.type = DHCP4_DISCOVER, .client = client};

    pair_forget(pair);
    pair_tell(pair, role, &ask);
    pair_settle(pair);
    if (pair_last(pair, role) == NULL)
        return ip4(0);
    ask.type = DHCP4_REQUEST;
    ask.requested = pair_last(pair, role)->packet.yiaddr;
    ask.server = node_address(role);
    pair_tell(pair, role, &ask);
    pair_run(pair, 100);
    assert_int_equal(pair_last(pair, role)->packet.type, DHCP4_ACK);
    return ask.requested;
}

static void declare(struct pair *pair, enum role role)
{
    struct node *node = &pair->nodes[role];
    const char *why = "";

    assert_int_equal(server_partner_down(node->server, pair->now, false, &why, &node->fx),
                     TD_OK);
    pair_settle(pair);
    assert_int_equal(pair_state(pair, role), FO_PARTNER_DOWN);
}

static void a_declaration_over_a_serving_partner_is_counted_and_explained(void **state)
{
    struct pair *pair = *state;
    struct conflict_record found[4];
    struct ip4 first[4];
    size_t count = 0;

    pair_cut(pair);
    pair_run(pair, 1500);
    for (uint8_t client = 1; client <= 4; client++)
        first[client - 1] = bind_at(pair, S, client);
    declare(pair, P);
    for (int i = 0; i < 4; i++) { /* they renew at the secondary, for the MCLT each time */
        pair_run(pair, 5000);
        for (uint8_t client = 1; client <= 4; client++) {
            const struct ask renew = {.type = DHCP4_REQUEST,
                                      .client = client,
                                      .ciaddr = first[client - 1],
                                      .to = node_address(S)};

            pair_tell(pair, S, &renew);
        }
    }
    for (uint8_t client = 11; client <= 18; client++)
        assert_true(bind_at(pair, P, client).value != 0);
    pair_mend(pair);
    pair_run(pair, 2000);
    assert_int_equal(pair_state(pair, P), FO_NORMAL);
    assert_true(pair_equal(pair));
    assert_true(pair_had_event(pair, P, "conflict") || pair_had_event(pair, S, "conflict"));
    for (enum role role = P; role <= S; role++) {
        count = server_conflict_history(pair->nodes[role].server, found, 4);
        assert_int_equal(status_of(pair, role).counters.conflicts, count);
        if (count == 0)
            continue;
        assert_int_equal(count, 4);
        assert_int_equal(found[0].keeps.given_by, P); /* the higher term */
        assert_int_equal(found[0].loses.given_by, S);
        assert_int_equal(found[0].loses.key_size, found[0].keeps.key_size);
        assert_non_null(strstr(found[0].cause, "declared down while it still served"));
        assert_true(found[0].loses.expires.ms > found[0].when.ms);
    }
    assert_true(server_conflict_history(pair->nodes[P].server, found, 4) +
                    server_conflict_history(pair->nodes[S].server, found, 4) >=
                4);
}

static void a_restored_store_stops_serving_and_recovers(void **state)
{
    struct pair *pair = *state;
    struct node *node = &pair->nodes[P];
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    const char *why = "";

    pair_run(pair, 1000);
    assert_int_equal(server_restored(node->server, pair->now, &why, &node->fx), TD_OK);
    pair_settle(pair);
    assert_false(status_of(pair, P).serving);
    assert_true(pair_had_event(pair, P, "state-changed"));
    pair_run(pair, 4000);
    assert_int_equal(pair_state(pair, P), FO_RECOVER_WAIT);
    assert_int_equal(pair_state(pair, S), FO_INTERRUPTED);
    pair_run(pair, 8000);
    assert_int_equal(pair_state(pair, P), FO_NORMAL);
    assert_true(pair_equal(pair));
    assert_int_equal(pair_binding(pair, P, address).state, BINDING_ACTIVE);
}

static void the_wait_of_a_lost_store_can_be_ended(void **state)
{
    struct pair *pair = *state;
    struct node *node = &pair->nodes[S];
    const char *why = "";

    pair_kill(pair, S);
    pair_lose_store(pair, S);
    pair_start(pair, S);
    pair_run(pair, 2000);
    assert_int_equal(pair_state(pair, S), FO_RECOVER_WAIT);
    assert_int_equal(server_end_wait(node->server, pair->now, &why, &node->fx), TD_OK);
    pair_run(pair, 500);
    assert_int_equal(pair_state(pair, S), FO_NORMAL);
    assert_int_equal(pair_state(pair, P), FO_NORMAL);
}

/* The client's newest lease is of an address that the file sets aside for another by now. */
static void a_lease_that_may_not_be_kept_hides_none_that_may(void **state)
{
    struct pair *pair =
        pair_new("10s", SMALL "    reservations: [{hw-address: '02:00:00:00:00:63', "
                              "address: 10.77.1.3}]\n");
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 7};
    struct lease_table *leases;
    struct binding old;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);

    (void)state;
    leases = server_leases(pair->nodes[by].server);
    old = lease_table_binding(leases, address);
    old.address = ip4(0x0a4d0103);
    old.expires = instant_add_ms(old.expires, 1000000);
    lease_table_put(leases, &old, 0);
    for (uint8_t client = 20; client < 30; client++)
        (void)bind_at(pair, by, client); /* no other address is left */
    pair_forget(pair);
    pair_tell(pair, by, &ask);
    pair_settle(pair);
    assert_int_equal(pair_last(pair, by)->packet.type, DHCP4_OFFER);
    assert_int_equal(pair_last(pair, by)->packet.yiaddr.value, address.value);
    pair_free(pair);
}

/* One commit of `node` becomes durable; the one after it waits. */
static void let_one_commit_through(struct pair *pair, struct node *node)
{
    node->commits_until_hold = 1;
    node->hold_store = false;
    pair_run(pair, 10);
}

/* Each write replaces the one before: the first two are durable at the owner and yet nothing of
 * them has been sent when their seq is passed over. */
static void a_claim_is_answered_when_its_record_has_been_sent(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    const enum role other = role_other(by);
    struct node *owner = &pair->nodes[by];
    struct ask ask = {
        .type = DHCP4_REQUEST, .client = 7, .ciaddr = address, .to = node_address(other)};

    pair_run(pair, 1000);
    pair_forget(pair);
    owner->hold_store = true;
    for (ask.xid = 1; ask.xid <= 3; ask.xid++) {
        pair_tell(pair, other, &ask);
        pair_settle(pair);
        if (ask.xid > 1)
            let_one_commit_through(pair, owner);
    }
    assert_int_equal(pair_replies(pair), 0);
    owner->hold_store = false;
    pair_run(pair, 20);
    assert_int_equal(pair_replies(pair), 3);
    assert_int_equal(pair_last(pair, other)->packet.type, DHCP4_ACK);
    assert_true(pair_equal(pair));
}

static bool was_told(const struct node *node, const char *words)
{
    for (size_t i = 0; i < node->event_count; i++)
        if (strstr(node->events[i], words) != NULL)
            return true;
    return false;
}

/* An owner whose disk stands still hears, and answers nothing that waits for the disk. */
static void a_claim_left_unanswered_ends_the_session(void **state)
{
    static const char *const words = "the partner left a claim unanswered";
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    const enum role other = role_other(by);
    const struct ask ask = {
        .type = DHCP4_REQUEST, .client = 7, .ciaddr = address, .to = node_address(other)};

    pair_run(pair, 1000);
    pair_forget(pair);
    pair->nodes[by].hold_store = true;
    pair_run(pair, 1500);
    assert_false(was_told(&pair->nodes[other], words));
    pair_tell(pair, other, &ask);
    pair_run(pair, 900);
    assert_false(was_told(&pair->nodes[other], words));
    pair_run(pair, 300);
    assert_true(was_told(&pair->nodes[other], words));
    assert_int_equal(pair_replies(pair), 0);
}

int main(void)
{
#define PAIR_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        PAIR_TEST(of_a_full_disk_the_partner_serves_the_clients),
        PAIR_TEST(that_an_old_lease_was_freed_is_no_word_of_the_client),
        PAIR_TEST(a_declaration_over_a_serving_partner_is_counted_and_explained),
        PAIR_TEST(a_restored_store_stops_serving_and_recovers),
        PAIR_TEST(the_wait_of_a_lost_store_can_be_ended),
        cmocka_unit_test(a_lease_that_may_not_be_kept_hides_none_that_may),
        PAIR_TEST(a_claim_is_answered_when_its_record_has_been_sent),
        PAIR_TEST(a_claim_left_unanswered_ends_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
