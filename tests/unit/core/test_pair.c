/* Two whole servers: what the pair promises, one behaviour a test. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lan[] = "lease-time: {default: 12h, min: 1m, max: 24h}\n"
                          "options: {domain-name-servers: [10.0.0.53]}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "    options: {routers: [10.77.0.1]}\n";

#define LEASE_S 43200u

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

static uint32_t lease_time(const struct sent_reply *reply)
{
    return dhcp4_option_u32(&reply->packet, OPTION_LEASE_TIME);
}

static void every_client_gets_an_address_of_its_own(void **state)
{
    struct pair *pair = *state;
    struct ip4 given[60];
    size_t by_primary = 0;

    for (uint8_t i = 0; i < 60; i++) {
        enum role by;

        given[i] = pair_bind(pair, i, &by);
        by_primary += by == ROLE_PRIMARY;
        for (uint8_t j = 0; j < i; j++)
            assert_int_not_equal(given[i].value, given[j].value);
        assert_int_equal(lease_time(pair_last(pair, by)), LEASE_S);
    }
    assert_in_range(by_primary, 15, 45); /* RFC 3074 splits the clients */
    pair_run(pair, 100);
    assert_true(pair_equal(pair));
}

/* The REQUEST that follows an offer to client 1. */
static struct ask offered(struct pair *pair, enum role *by)
{
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 1};

    pair_broadcast(pair, &ask);
    ask.requested = pair_only(pair, by)->packet.yiaddr;
    ask.type = DHCP4_REQUEST;
    ask.server = node_address(*by);
    pair_forget(pair);
    return ask;
}

static void an_ack_waits_for_the_own_disk(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ask ask = offered(pair, &by);

    pair->nodes[by].hold_store = true;
    pair_broadcast(pair, &ask);
    pair_run(pair, 900);
    assert_int_equal(pair_replies(pair), 0);
    pair->nodes[by].hold_store = false;
    pair_run(pair, 100);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
}

static void an_ack_waits_for_the_partners_disk(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ask ask = offered(pair, &by);

    pair->nodes[role_other(by)].hold_store = true;
    pair_broadcast(pair, &ask);
    assert_int_equal(pair_replies(pair), 0);
    pair->nodes[role_other(by)].hold_store = false;
    pair_settle(pair);
    assert_int_equal(lease_time(pair_only(pair, NULL)), LEASE_S);
}

static void a_slow_partner_costs_lease_time_and_no_service(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ask ask = offered(pair, &by);

    pair->nodes[role_other(by)].hold_store = true;
    pair_broadcast(pair, &ask);
    pair_run(pair, 60); /* ack-timeout is 50 ms */
    assert_int_equal(lease_time(pair_only(pair, NULL)), 3600);
}

static void the_survivor_renews_every_lease(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[20];

    for (uint8_t i = 0; i < 20; i++)
        address[i] = pair_bind(pair, i, NULL);
    pair_kill(pair, ROLE_PRIMARY);
    pair_run(pair, 400);
    assert_int_equal(pair_state(pair, ROLE_SECONDARY), FO_INTERRUPTED);
    for (uint8_t i = 0; i < 20; i++) {
        struct ask ask = {.type = DHCP4_REQUEST, .client = i, .ciaddr = address[i]};

        pair_forget(pair);
        pair_broadcast(pair, &ask);
        assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
        assert_int_equal(pair_only(pair, NULL)->packet.yiaddr.value, address[i].value);
        /* The dead peer knows of the full time: it may be promised again. */
        assert_in_range(lease_time(pair_only(pair, NULL)), LEASE_S - 60, LEASE_S);
    }
}

static void alone_new_clients_get_the_own_share_for_the_mclt(void **state)
{
    struct pair *pair = *state;
    enum role by;

    pair_kill(pair, ROLE_PRIMARY);
    pair_run(pair, 400);
    for (uint8_t i = 100; i < 120; i++) {
        const struct ip4 address = pair_bind(pair, i, &by);

        assert_int_equal(by, ROLE_SECONDARY);
        assert_int_equal(implied_owner(address), ROLE_SECONDARY);
        assert_int_equal(lease_time(pair_last(pair, by)), 3600);
    }
}

static void a_returning_peer_is_brought_up_to_date(void **state)
{
    struct pair *pair = *state;
    struct ip4 address;

    pair_bind(pair, 1, NULL);
    pair_kill(pair, ROLE_PRIMARY);
    pair_run(pair, 400);
    address = pair_bind(pair, 2, NULL);
    pair_start(pair, ROLE_PRIMARY);
    pair_run(pair, 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "NORMAL");
    assert_true(pair_equal(pair));
    assert_int_equal(pair_binding(pair, ROLE_PRIMARY, address).state, BINDING_ACTIVE);
}

static void a_lost_store_is_refilled_and_waits_for_the_mclt(void **state)
{
    struct pair *pair = *state;

    for (uint8_t i = 0; i < 30; i++)
        pair_bind(pair, i, NULL);
    pair_kill(pair, ROLE_PRIMARY);
    pair_lose_store(pair, ROLE_PRIMARY);
    pair_run(pair, 400);
    pair_start(pair, ROLE_PRIMARY);
    pair_run(pair, 2000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "RECOVER-WAIT");
    assert_int_equal(pair_state(pair, ROLE_SECONDARY), FO_INTERRUPTED);
    assert_true(pair_equal(pair));
    pair_bind(pair, 99, NULL); /* the other serves all the while */
    pair_run(pair, 3600 * 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "NORMAL");
    assert_true(pair_equal(pair));
}

static void partner_down_gives_the_whole_pool_in_time(void **state)
{
    struct pair *pair = *state;
    const char *why;
    struct ip4 address;

    pair_kill(pair, ROLE_PRIMARY);
    pair_run(pair, 400);
    assert_int_equal(
        server_partner_down(pair->nodes[1].server, pair->now, false, &why, &pair->nodes[1].fx),
        TD_OK);
    pair_settle(pair);
    assert_int_equal(pair_state(pair, ROLE_SECONDARY), FO_PARTNER_DOWN);
    for (unsigned i = 0; i < 128; i++) { /* its own half */
        address = pair_bind(pair, (uint8_t)i, NULL);
        assert_int_equal(implied_owner(address), ROLE_SECONDARY);
    }
    pair_forget(pair);
    pair_broadcast(pair, &(struct ask){.type = DHCP4_DISCOVER, .client = 200});
    assert_int_equal(pair_replies(pair), 0); /* the rest may still be promised */
    pair_run(pair, 3600 * 1000 + 1000);
    address = pair_bind(pair, 200, NULL);
    pair_start(pair, ROLE_PRIMARY);
    pair_run(pair, 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "NORMAL");
    assert_true(pair_equal(pair));
}

static void partner_down_is_refused_while_the_partner_is_there(void **state)
{
    struct pair *pair = *state;
    const char *why = NULL;

    assert_int_equal(
        server_partner_down(pair->nodes[1].server, pair->now, true, &why, &pair->nodes[1].fx),
        TD_REFUSED);
    assert_string_equal(why, "the partner is connected: it is not down");
}

static void a_unicast_renewal_at_the_other_peer_is_claimed(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    const enum role other = role_other(by);
    struct ask ask = {
        .type = DHCP4_REQUEST, .client = 7, .ciaddr = address, .to = node_address(other)};
    struct instant before = pair_binding(pair, other, address).expires;

    pair_run(pair, 5000);
    pair_forget(pair);
    pair_tell(pair, other, &ask);
    pair_settle(pair);
    assert_non_null(pair_last(pair, other));
    assert_int_equal(pair_last(pair, other)->packet.type, DHCP4_ACK);
    assert_int_equal(lease_time(pair_last(pair, other)), LEASE_S);
    assert_true(pair_binding(pair, other, address).expires.ms > before.ms);
    assert_int_equal(pair_binding(pair, other, address).version.writer, by);
    assert_true(pair_equal(pair));
}

static void a_released_address_is_free_on_both(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    struct ask ask = {.type = DHCP4_RELEASE,
                      .client = 7,
                      .ciaddr = address,
                      .xid = 77,
                      .server = node_address(by),
                      .to = node_address(role_other(by))};

    pair_tell(pair, role_other(by), &ask); /* even when told to the other */
    pair_settle(pair);
    pair_run(pair, 100);
    assert_int_equal(pair_binding(pair, by, address).state, BINDING_FREE);
    assert_int_equal(pair_binding(pair, role_other(by), address).state, BINDING_FREE);
    assert_int_equal(pair_bind(pair, 7, NULL).value, address.value); /* it comes back to it */
}

static void a_declined_address_is_abandoned_on_both(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    struct ask ask = {.type = DHCP4_DECLINE,
                      .client = 7,
                      .requested = address,
                      .xid = 78,
                      .server = node_address(by)};

    pair_broadcast(pair, &ask);
    pair_run(pair, 50);
    assert_int_equal(pair_binding(pair, ROLE_PRIMARY, address).state, BINDING_ABANDONED);
    assert_int_equal(pair_binding(pair, ROLE_SECONDARY, address).state, BINDING_ABANDONED);
    assert_int_not_equal(pair_bind(pair, 7, NULL).value, address.value);
}

static void an_ended_lease_is_freed_and_equal_on_both(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 9, .lease_time = 60};
    enum role by;
    struct ip4 address;

    pair_broadcast(pair, &ask);
    address = pair_only(pair, &by)->packet.yiaddr;
    ask.type = DHCP4_REQUEST;
    ask.requested = address;
    ask.server = node_address(by);
    pair_broadcast(pair, &ask);
    assert_int_equal(pair_binding(pair, ROLE_PRIMARY, address).state, BINDING_ACTIVE);
    pair_run(pair, 80000);
    assert_int_equal(pair_binding(pair, ROLE_PRIMARY, address).state, BINDING_FREE);
    assert_true(pair_equal(pair));
}

static void wrong_network_is_refused_with_a_reason(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_REQUEST, .client = 5, .requested = ip4(0x0a630001)};
    const struct sent_reply *reply;
    enum role by;
    struct nak_record naks[4];

    pair_broadcast(pair, &ask);
    reply = pair_only(pair, &by);
    assert_int_equal(reply->packet.type, DHCP4_NAK);
    assert_int_equal(reply->reply.way, REPLY_BROADCAST);
    assert_true(dhcp4_has(&reply->packet, OPTION_MESSAGE));
    /* Both know of it. */
    assert_int_equal(server_nak_history(pair->nodes[role_other(by)].server, naks, 4), 1);
    assert_int_equal(naks[0].by, by);
}

static void an_unknown_client_at_reboot_hears_nothing(void **state)
{
    struct pair *pair = *state;

    pair_broadcast(
        pair, &(struct ask){.type = DHCP4_REQUEST, .client = 5, .requested = ip4(0x0a4d1005)});
    assert_int_equal(pair_replies(pair), 0);
}

static void a_lease_of_another_is_refused_at_reboot(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 7, NULL);

    pair_forget(pair);
    pair_broadcast(pair,
                   &(struct ask){.type = DHCP4_REQUEST, .client = 8, .requested = address});
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_NAK);
}

static void a_full_disk_stops_acks_and_ends(void **state)
{
    struct pair *pair = *state;
    struct server_status status;
    enum role by;
    const struct ip4 address = pair_bind(pair, 7, &by);
    struct ask ask = {
        .type = DHCP4_REQUEST, .client = 7, .ciaddr = address, .to = node_address(by)};

    pair->nodes[by].full_store = true;
    pair_forget(pair);
    pair_tell(pair, by, &ask);
    pair_run(pair, 3000);
    assert_int_equal(pair_replies(pair), 0);
    server_status(pair->nodes[by].server, &status);
    assert_false(status.store_ok);
    assert_string_equal(status.store_problem, "No space left on device");
    pair->nodes[by].full_store = false;
    pair_run(pair, 2000);
    server_status(pair->nodes[by].server, &status);
    assert_true(status.store_ok);
    pair_tell(pair, by, &ask);
    pair_settle(pair);
    assert_int_equal(pair_last(pair, by)->packet.type, DHCP4_ACK);
}

static void a_stopped_and_continued_peer_does_not_serve_on(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = pair_bind(pair, 7, NULL);

    pair->now = instant_add_ms(pair->now, 5000); /* nobody ran: SIGSTOP */
    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY,
              &(struct ask){.type = DHCP4_REQUEST,
                            .client = 7,
                            .ciaddr = address,
                            .to = node_address(ROLE_PRIMARY)});
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_STARTUP);
    pair_run(pair, 1500);
    assert_int_equal(pair_replies(pair), 0);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
}

static void cut_apart_both_serve_and_agree_again(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[10];
    enum role by[10];

    for (uint8_t i = 0; i < 10; i++)
        address[i] = pair_bind(pair, i, &by[i]);
    pair_cut(pair);
    pair_run(pair, 1500);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_INTERRUPTED);
    assert_int_equal(pair_state(pair, ROLE_SECONDARY), FO_INTERRUPTED);
    for (uint8_t i = 0; i < 10; i++) {
        /* Each renews at the peer that did not write the lease. */
        struct ask ask = {.type = DHCP4_REQUEST,
                          .client = i,
                          .ciaddr = address[i],
                          .to = node_address(role_other(by[i]))};

        pair_forget(pair);
        pair_tell(pair, role_other(by[i]), &ask);
        pair_settle(pair);
        assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
    }
    pair_mend(pair);
    pair_run(pair, 1500);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    assert_true(pair_equal(pair));
    assert_false(pair_had_event(pair, ROLE_PRIMARY, "conflict"));
}

static void the_other_peer_answers_a_client_that_waits(void **state)
{
    struct pair *pair = *state;
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 3};
    enum role by, deaf;

    pair_broadcast(pair, &ask);
    pair_only(pair, &deaf);
    pair_forget(pair);
    ask.secs = 4;
    pair_tell(pair, role_other(deaf), &ask); /* the one it belongs to hears nothing */
    pair_settle(pair);
    pair_only(pair, &by);
    assert_int_equal(by, role_other(deaf));
}

static void both_restarted_know_all_leases(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[10];

    for (uint8_t i = 0; i < 10; i++)
        address[i] = pair_bind(pair, i, NULL);
    pair_kill(pair, ROLE_PRIMARY);
    pair_kill(pair, ROLE_SECONDARY);
    pair_run(pair, 100);
    pair_start(pair, ROLE_SECONDARY);
    pair_start(pair, ROLE_PRIMARY);
    pair_run(pair, 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    for (uint8_t i = 0; i < 10; i++)
        assert_int_equal(pair_bind(pair, i, NULL).value, address[i].value);
}

static void a_lone_starter_serves_after_startup_wait(void **state)
{
    struct pair *pair = *state;

    pair_kill(pair, ROLE_PRIMARY);
    pair_kill(pair, ROLE_SECONDARY);
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 4000);
    assert_int_equal(pair_state(pair, ROLE_SECONDARY), FO_STARTUP);
    pair_run(pair, 1500);
    assert_int_equal(pair_state(pair, ROLE_SECONDARY), FO_INTERRUPTED);
    pair_bind(pair, 1, NULL);
}

/* Rewind: while alone, the own half of the pool serves any number of short-lived clients. */
static void alone_for_long_the_own_share_is_used_again_and_again(void **state)
{
    static const char small[] = "lease-time: 10s\n"
                                "subnets:\n"
                                "  - subnet: 10.77.0.0/16\n"
                                "    pools: [{range: 10.77.16.0-10.77.16.15}]\n";
    struct pair *pair = pair_new("10s", small);

    (void)state;
    pair_kill(pair, ROLE_PRIMARY);
    pair_run(pair, 400);
    for (uint8_t i = 0; i < 64; i++) {
        const struct ip4 address = pair_bind(pair, i, NULL);

        assert_int_equal(implied_owner(address), ROLE_SECONDARY);
        if (i % 8 == 7)
            pair_run(pair, 30000); /* all have ended, by either clock */
    }
    pair_start(pair, ROLE_PRIMARY);
    pair_run(pair, 40000);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_NORMAL);
    assert_true(pair_equal(pair));
    pair_free(pair);
}

static uint64_t free_of(struct pair *pair, enum role owner)
{
    return lease_table_pool_counts(server_leases(pair->nodes[0].server),
                                   &pair->nodes[0].config->pools[0])
        .free[owner];
}

/* Section 7: the richer gives. */
static void a_used_up_half_is_filled_from_the_other(void **state)
{
    struct pair *pair = *state;

    /* Only one peer hears the clients, so only its half is used. */
    for (unsigned i = 0; i < 100; i++) {
        struct ask ask = {.type = DHCP4_DISCOVER, .client = (uint8_t)i, .secs = 5};

        pair_forget(pair);
        pair_tell(pair, ROLE_PRIMARY, &ask);
        pair_settle(pair);
        ask.type = DHCP4_REQUEST;
        ask.requested = pair_last(pair, ROLE_PRIMARY)->packet.yiaddr;
        ask.server = node_address(ROLE_PRIMARY);
        pair_tell(pair, ROLE_PRIMARY, &ask);
        pair_settle(pair);
    }
    assert_int_equal(free_of(pair, ROLE_PRIMARY), 28);
    assert_int_equal(free_of(pair, ROLE_SECONDARY), 128);
    pair_run(pair, 11000);
    assert_int_equal(free_of(pair, ROLE_PRIMARY), 78);
    assert_int_equal(free_of(pair, ROLE_SECONDARY), 78);
    assert_true(pair_equal(pair));
    pair_run(pair, 60000); /* and there it stays */
    assert_int_equal(free_of(pair, ROLE_PRIMARY), 78);
}

/* The newest record of an address stands for the older ones only once it is durable: a crash
 * brings the older one back, and the partner must get it then. */
static void a_replaced_write_is_passed_over_only_when_its_heir_is_durable(void **state)
{
    struct pair *pair = *state;
    enum role by;
    struct ask ask = offered(pair, &by);
    struct node *node = &pair->nodes[by];

    node->hold_store = true;
    pair_broadcast(pair, &ask); /* in a batch on its way */
    pair_broadcast(pair, &ask); /* again, in the batch after it */
    node->commits_until_hold = 1;
    node->hold_store = false;
    pair_run(pair, 100); /* the first is durable, the second is not */
    pair_kill(pair, by);
    node->hold_store = false;
    pair_start(pair, by);
    pair_run(pair, 1000);
    assert_int_equal(pair_binding(pair, by, ask.requested).state, BINDING_ACTIVE);
    assert_int_equal(pair_binding(pair, role_other(by), ask.requested).state, BINDING_ACTIVE);
    assert_true(pair_equal(pair));
}

static void hand_over(struct pair *pair, enum role role)
{
    const char *why = "";

    assert_int_equal(
        server_hand_over(pair->nodes[role].server, pair->now, &why, &pair->nodes[role].fx),
        TD_OK);
}

/* Nothing that the peer promised is unknown to its partner, so there is nothing to wait for. */
static void after_a_handover_the_partner_has_the_whole_pool_at_once(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[200];
    const char *why;

    pair_bind(pair, 250, NULL);
    hand_over(pair, ROLE_PRIMARY);
    pair_run(pair, 200);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "SHUTDOWN");
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "PARTNER-DOWN");
    for (uint8_t i = 0; i < 200; i++) {
        enum role by;

        address[i] = pair_bind(pair, i, &by);
        assert_int_equal(by, ROLE_SECONDARY);
    }
    pair_run(pair, 5000);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_SHUTDOWN); /* it does not slip back */
    assert_int_equal(server_return(pair->nodes[0].server, pair->now, &why, &pair->nodes[0].fx),
                     TD_OK);
    pair_run(pair, 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "NORMAL");
    assert_true(pair_equal(pair));
    for (uint8_t i = 0; i < 200; i++)
        assert_int_equal(pair_bind(pair, i, NULL).value, address[i].value);
}

static void after_a_handover_a_restart_returns(void **state)
{
    struct pair *pair = *state;

    hand_over(pair, ROLE_SECONDARY);
    pair_run(pair, 200);
    pair_kill(pair, ROLE_SECONDARY);
    pair_bind(pair, 1, NULL);
    pair_run(pair, 5000);
    pair_start(pair, ROLE_SECONDARY);
    assert_int_equal(pair_state(pair, ROLE_SECONDARY), FO_SHUTDOWN);
    pair_run(pair, 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "NORMAL");
    assert_true(pair_equal(pair));
}

static void a_handover_whose_partner_dies_waits_for_it(void **state)
{
    struct pair *pair = *state;

    pair->nodes[ROLE_PRIMARY].hold_store = true; /* SHUTDOWN is not durable yet */
    hand_over(pair, ROLE_PRIMARY);
    pair_settle(pair);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_SHUTDOWN); /* and serves nobody */
    pair_kill(pair, ROLE_SECONDARY);
    pair->nodes[ROLE_PRIMARY].hold_store = false;
    pair_run(pair, 10000);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_SHUTDOWN);
    assert_true(pair_had_event(pair, ROLE_PRIMARY, "handover-failed"));
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "NORMAL");
}

static void a_handover_is_refused_without_a_partner(void **state)
{
    struct pair *pair = *state;
    const char *why = "";

    pair_kill(pair, ROLE_PRIMARY);
    pair_run(pair, 400);
    assert_int_equal(
        server_hand_over(pair->nodes[1].server, pair->now, &why, &pair->nodes[1].fx),
        TD_REFUSED);
    assert_string_equal(why,
                        "only a peer in NORMAL, with its partner connected, can hand over");
}

int main(void)
{
#define PAIR_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        PAIR_TEST(every_client_gets_an_address_of_its_own),
        PAIR_TEST(an_ack_waits_for_the_own_disk),
        PAIR_TEST(an_ack_waits_for_the_partners_disk),
        PAIR_TEST(a_slow_partner_costs_lease_time_and_no_service),
        PAIR_TEST(the_survivor_renews_every_lease),
        PAIR_TEST(alone_new_clients_get_the_own_share_for_the_mclt),
        PAIR_TEST(a_returning_peer_is_brought_up_to_date),
        PAIR_TEST(a_lost_store_is_refilled_and_waits_for_the_mclt),
        PAIR_TEST(partner_down_gives_the_whole_pool_in_time),
        PAIR_TEST(partner_down_is_refused_while_the_partner_is_there),
        PAIR_TEST(a_unicast_renewal_at_the_other_peer_is_claimed),
        PAIR_TEST(a_released_address_is_free_on_both),
        PAIR_TEST(a_declined_address_is_abandoned_on_both),
        PAIR_TEST(an_ended_lease_is_freed_and_equal_on_both),
        PAIR_TEST(wrong_network_is_refused_with_a_reason),
        PAIR_TEST(an_unknown_client_at_reboot_hears_nothing),
        PAIR_TEST(a_lease_of_another_is_refused_at_reboot),
        PAIR_TEST(a_full_disk_stops_acks_and_ends),
        PAIR_TEST(a_stopped_and_continued_peer_does_not_serve_on),
        PAIR_TEST(cut_apart_both_serve_and_agree_again),
        PAIR_TEST(the_other_peer_answers_a_client_that_waits),
        PAIR_TEST(both_restarted_know_all_leases),
        PAIR_TEST(a_lone_starter_serves_after_startup_wait),
        PAIR_TEST(a_replaced_write_is_passed_over_only_when_its_heir_is_durable),
        PAIR_TEST(after_a_handover_the_partner_has_the_whole_pool_at_once),
        PAIR_TEST(after_a_handover_a_restart_returns),
        PAIR_TEST(a_handover_whose_partner_dies_waits_for_it),
        PAIR_TEST(a_handover_is_refused_without_a_partner),
        PAIR_TEST(a_used_up_half_is_filled_from_the_other),
        cmocka_unit_test(alone_for_long_the_own_share_is_used_again_and_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
