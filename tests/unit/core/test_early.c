/* `renew-cache`: an early renewal is answered with what is left and costs no write. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const char lan[] = "lease-time: {default: 100s, min: 5s, max: 1000s}\n"
                          "subnets:\n"
                          "  - subnet: 10.77.0.0/16\n"
                          "    renew-cache: 25%\n"
                          "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
                          "  - subnet: 10.78.0.0/16\n"
                          "    renew-cache: 80s\n"
                          "    pools: [{range: 10.78.16.0-10.78.16.255}]\n";

struct world {
    struct pair *pair;
    enum role by;
    struct ip4 address;
    struct binding before;
    uint64_t commits;
};

/* A client with a lease of 100 s, given now. */
static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    w->pair = pair_new("10s", lan);
    w->address = pair_bind(w->pair, 1, &w->by);
    pair_run(w->pair, 3000); /* acked, and nothing on its way */
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    pair_free(w->pair);
    free(w);
    return 0;
}

static struct ask renewal(const struct world *w)
{
    return (struct ask){
        .type = DHCP4_REQUEST, .client = 1, .ciaddr = w->address, .to = node_address(w->by)};
}

static uint64_t version_of(struct world *w)
{
    const struct version v = pair_binding(w->pair, w->by, w->address).version;

    return (uint64_t)v.ms * 1000 + v.counter;
}

static uint32_t early_acks(struct world *w)
{
    struct server_status status;

    server_status(w->pair->nodes[w->by].server, &status);
    return (uint32_t)status.counters.acks_early;
}

/* Answered how, and was anything written? */
static uint32_t renew(struct world *w, const struct ask *ask, bool *written)
{
    const uint64_t version = version_of(w);
    const struct sent_reply *sent;

    pair_forget(w->pair);
    pair_tell(w->pair, w->by, ask);
    pair_settle(w->pair);
    if (pair_replies(w->pair) == 0)
        pair_run(w->pair, 100);
    sent = pair_only(w->pair, NULL);
    assert_int_equal(sent->packet.type, DHCP4_ACK);
    *written = version_of(w) != version;
    return dhcp4_option_u32(&sent->packet, OPTION_LEASE_TIME);
}

static void an_early_renewal_gets_what_is_left(void **state)
{
    struct world *w = *state;
    const struct ask ask = renewal(w);
    bool written;

    pair_run(w->pair, 17000); /* 20 s gone */
    assert_int_equal(renew(w, &ask, &written), 80);
    assert_false(written);
    assert_int_equal(early_acks(w), 1);
}

static void a_later_one_gets_a_new_lease(void **state)
{
    struct world *w = *state;
    const struct ask ask = renewal(w);
    bool written;

    pair_run(w->pair, 25000);
    assert_int_equal(renew(w, &ask, &written), 100);
    assert_true(written);
    assert_int_equal(early_acks(w), 0);
}

/* The record has to learn it. */
static void a_client_that_says_something_new_is_written(void **state)
{
    struct world *w = *state;
    struct ask ask = renewal(w);
    bool written;

    ask.host_name = span_of("new", 3);
    assert_int_equal(renew(w, &ask, &written), 100);
    assert_true(written);
    ask.xid = 7;
    (void)renew(w, &ask, &written);
    assert_false(written);
}

/* What the partner is not known to hold may not be promised beyond the MCLT: asked with a
 * write, so that it will be. */
static void without_the_partners_ack_it_is_written(void **state)
{
    struct world *w = *state;
    const struct ask ask = {.type = DHCP4_DISCOVER, .client = 2, .secs = 9};
    struct ask request = {.type = DHCP4_REQUEST, .client = 2, .server = node_address(w->by)};
    bool written;

    w->pair->hold_frames = true;
    pair_forget(w->pair);
    pair_tell(w->pair, w->by, &ask);
    pair_settle(w->pair);
    request.requested = w->address = pair_last(w->pair, w->by)->packet.yiaddr;
    pair_tell(w->pair, w->by, &request);
    pair_run(w->pair, 100);
    request.xid = 99;
    assert_int_equal(renew(w, &request, &written), 10);
    assert_true(written);
    assert_int_equal(early_acks(w), 0);
}

/* A record may have come with what is still on its way to the disk, and a lease that a crash
 * would undo is not confirmed. */
static void what_is_not_on_disk_is_waited_for(void **state)
{
    struct world *w = *state;
    struct node *node = &w->pair->nodes[w->by];
    const struct ask other = {.type = DHCP4_RELEASE,
                              .client = 2,
                              .ciaddr = pair_bind(w->pair, 2, NULL),
                              .server = node_address(w->by),
                              .to = node_address(w->by)};
    const struct ask ask = renewal(w);

    node->hold_store = true;
    pair_forget(w->pair);
    pair_tell(w->pair, w->by, &other);
    pair_settle(w->pair);
    pair_tell(w->pair, w->by, &ask);
    pair_settle(w->pair);
    assert_int_equal(early_acks(w), 1);
    assert_int_equal(pair_replies(w->pair), 0);
    node->hold_store = false;
    pair_settle(w->pair);
    assert_int_equal(pair_replies(w->pair), 1);
}

/* The partner, which cannot be heard, may have ended the lease and written so: a confirmation
 * that writes nothing would be older than that when the two meet. */
static void out_of_contact_it_is_written(void **state)
{
    struct world *w = *state;
    const struct ask ask = renewal(w);
    bool written;

    pair_cut(w->pair);
    pair_run(w->pair, 3000);
    assert_int_equal(pair_state(w->pair, w->by), FO_INTERRUPTED);
    (void)renew(w, &ask, &written);
    assert_true(written);
    assert_int_equal(early_acks(w), 0);
}

/* The same with the peer that owns it not: it may be ending the lease just now. */
static void by_the_peer_that_does_not_own_it_it_is_written(void **state)
{
    struct world *w = *state;
    struct ask ask = renewal(w);
    bool written;

    w->by = w->by == ROLE_PRIMARY ? ROLE_SECONDARY : ROLE_PRIMARY;
    ask.to = node_address(w->by);
    assert_int_equal(renew(w, &ask, &written), 100);
    assert_true(written);
}

/* Restarts and reboots of a whole row are where it saves most. */
static void a_rebooting_client_is_answered_so_too(void **state)
{
    struct world *w = *state;
    const struct ask ask = {.type = DHCP4_REQUEST, .client = 1, .requested = w->address};
    bool written;

    assert_int_equal(renew(w, &ask, &written), 97);
    assert_false(written);
}

/* 80 s of 100: T1 would have passed. */
static void a_duration_counts_up_to_half_of_the_lease(void **state)
{
    struct world *w = *state;
    struct ask ask = {
        .type = DHCP4_DISCOVER, .client = 2, .secs = 9, .giaddr = ip4(0x0a4e0001)};
    bool written;

    pair_forget(w->pair);
    pair_tell(w->pair, w->by, &ask);
    pair_settle(w->pair);
    ask.type = DHCP4_REQUEST;
    ask.server = node_address(w->by);
    ask.requested = w->address = pair_last(w->pair, w->by)->packet.yiaddr;
    (void)renew(w, &ask, &written);
    assert_true(written);
    ask = renewal(w);
    ask.client = 2;
    pair_run(w->pair, 40000);
    assert_int_equal(renew(w, &ask, &written), 60);
    assert_false(written);
    pair_run(w->pair, 15000);
    assert_int_equal(renew(w, &ask, &written), 100);
    assert_true(written);
}

#define WITH_LEASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LEASE(an_early_renewal_gets_what_is_left),
        WITH_LEASE(a_later_one_gets_a_new_lease),
        WITH_LEASE(a_client_that_says_something_new_is_written),
        WITH_LEASE(without_the_partners_ack_it_is_written),
        WITH_LEASE(what_is_not_on_disk_is_waited_for),
        WITH_LEASE(out_of_contact_it_is_written),
        WITH_LEASE(by_the_peer_that_does_not_own_it_it_is_written),
        WITH_LEASE(a_rebooting_client_is_answered_so_too),
        WITH_LEASE(a_duration_counts_up_to_half_of_the_lease),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
