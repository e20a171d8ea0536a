/* RFC 4039: a DHCPDISCOVER with option 80 is acknowledged at once, by one peer. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lan[] = "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    rapid-commit: true\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "  - subnet: 10.78.0.0/16\n"
                          "    pools: [{range: 10.78.16.0-10.78.16.255}]\n";

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

static struct ask discover(uint8_t client)
{
    return (struct ask){.type = DHCP4_DISCOVER, .client = client, .rapid_commit = true};
}

/* Durable on both disks first, as every DHCPACK. */
static void the_answering_peer_commits_at_once(void **state)
{
    struct pair *pair = *state;
    const struct ask ask = discover(1);
    const struct sent_reply *sent;
    enum role by;

    for (int i = 0; i < 2; i++)
        pair->nodes[i].hold_store = true;
    pair_broadcast(pair, &ask);
    assert_int_equal(pair_replies(pair), 0);
    for (int i = 0; i < 2; i++)
        pair->nodes[i].hold_store = false;
    pair_run(pair, 100);
    sent = pair_only(pair, &by);
    assert_int_equal(sent->packet.type, DHCP4_ACK);
    assert_true(dhcp4_has(&sent->packet, OPTION_RAPID_COMMIT));
    assert_int_equal(sent->packet.option[OPTION_RAPID_COMMIT].size, 0);
    assert_int_equal(dhcp4_option_u32(&sent->packet, OPTION_LEASE_TIME), 43200);
    for (int role = 0; role < 2; role++)
        assert_int_equal(pair_binding(pair, (enum role)role, sent->packet.yiaddr).state,
                         BINDING_ACTIVE);
}

static void who_does_not_ask_for_it_is_offered(void **state)
{
    struct pair *pair = *state;

    pair_broadcast(pair, &(struct ask){.type = DHCP4_DISCOVER, .client = 1});
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_OFFER);
    assert_false(dhcp4_has(&pair_only(pair, NULL)->packet, OPTION_RAPID_COMMIT));
}

static void where_it_is_not_configured_is_offered(void **state)
{
    struct pair *pair = *state;
    struct ask ask = discover(1);

    ask.giaddr = ip4(0x0a4e0001);
    pair_broadcast(pair, &ask);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_OFFER);
}

/* The client has waited long enough for both to answer: one of them commits. */
static void a_peer_that_helps_offers(void **state)
{
    struct pair *pair = *state;
    struct ask ask = discover(1);
    unsigned acks = 0, offers = 0;

    ask.secs = 9;
    pair_broadcast(pair, &ask);
    pair_run(pair, 100);
    assert_int_equal(pair_replies(pair), 2);
    for (int role = 0; role < 2; role++) {
        acks += pair_last(pair, (enum role)role)->packet.type == DHCP4_ACK;
        offers += pair_last(pair, (enum role)role)->packet.type == DHCP4_OFFER;
    }
    assert_int_equal(acks, 1);
    assert_int_equal(offers, 1);
}

/* Out of contact the partner may be serving the same clients. */
static void without_contact_each_commits_its_own(void **state)
{
    struct pair *pair = *state;
    unsigned acks[2] = {0, 0};

    pair_cut(pair);
    pair_run(pair, 2000);
    for (uint8_t client = 1; client < 40; client++) {
        const struct ask ask = discover(client);

        pair_forget(pair);
        pair_broadcast(pair, &ask);
        pair_run(pair, 20);
        assert_int_equal(pair_replies(pair), 2);
        for (int role = 0; role < 2; role++)
            acks[role] += pair_last(pair, (enum role)role)->packet.type == DHCP4_ACK;
    }
    assert_int_equal(acks[0] + acks[1], 39);
    assert_true(acks[0] > 0 && acks[1] > 0);
}

#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PAIR(the_answering_peer_commits_at_once),
        IN_PAIR(who_does_not_ask_for_it_is_offered),
        IN_PAIR(where_it_is_not_configured_is_offered),
        IN_PAIR(a_peer_that_helps_offers),
        IN_PAIR(without_contact_each_commits_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
