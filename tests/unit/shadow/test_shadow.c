/* What a shadow takes for a difference and what not, and what it learns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/shadow/pending.h"
#include "tests/unit/shadow/help_wire.h"

#define POOLED  ip4(0x0a4d1000)
#define POOLED2 ip4(0x0a4d1005)

static const struct asked discover = {.type = DHCP4_DISCOVER, .client = 9};
static const struct told offered = {.type = DHCP4_OFFER, .yiaddr = {0x0a4d1000}};

static int set_up(void **state)
{
    static struct wire wire;

    wire_init(&wire);
    *state = &wire;
    return 0;
}

static int tear_down(void **state)
{
    wire_deinit(*state);
    return 0;
}

static void assert_alike(const struct wire *wire, uint64_t agreed)
{
    const struct shadow_counters c = wire_counters(wire);

    assert_int_equal(c.agreed, agreed);
    assert_int_equal(c.differed, 0);
}

/* Found once, and nothing else with it. */
static void assert_only(const struct wire *wire, enum shadow_kind kind, uint8_t code)
{
    assert_int_equal(wire_found(wire, kind, code), 1);
    for (size_t i = 0; i < TALLY_ROWS; i++) {
        const struct tally_row *row = shadow_tally(wire->shadow)->rows[i];

        if (row != NULL &&
            (row->first.difference.kind != kind || row->first.difference.code != code))
            fail_msg("%s %u: they %s, we %s", shadow_kind_name(row->first.difference.kind),
                     row->first.difference.code, row->first.difference.theirs,
                     row->first.difference.ours);
    }
    assert_int_equal(wire_counters(wire).differed, 1);
}

static void the_whole_of_first_contact_agrees(void **state)
{
    const struct asked request = {
        .type = DHCP4_REQUEST, .client = 9, .requested = POOLED, .server = OTHER};
    const struct told ack = {.type = DHCP4_ACK, .yiaddr = POOLED};

    wire_exchange(*state, &discover, &offered);
    wire_exchange(*state, &request, &ack);
    assert_alike(*state, 2);
    assert_int_equal(wire_counters(*state).learned, 1);
}

static void another_free_address_of_the_pool_is_no_difference(void **state)
{
    const struct told other = {.type = DHCP4_OFFER, .yiaddr = POOLED2};

    wire_exchange(*state, &discover, &other);
    assert_alike(*state, 1);
}

static void an_address_of_another_pool_is_one(void **state)
{
    const struct told other = {.type = DHCP4_OFFER, .yiaddr = ip4(0x0a4d1100)};

    wire_exchange(*state, &discover, &other);
    assert_only(*state, SHADOW_ADDRESS, 0);
}

static void a_reserved_client_offered_a_pool_address_is_one(void **state)
{
    const struct asked reserved = {.type = DHCP4_DISCOVER, .client = 3};

    wire_exchange(*state, &reserved, &offered);
    assert_only(*state, SHADOW_ADDRESS, 0);
}

/* What was acknowledged is known: offered again it must be the same address. */
static void a_lease_that_was_learned_is_offered_again(void **state)
{
    const struct asked request = {
        .type = DHCP4_REQUEST, .client = 9, .requested = POOLED2, .server = OTHER};
    const struct told ack = {.type = DHCP4_ACK, .yiaddr = POOLED2};

    wire_exchange(*state, &request, &ack);
    wire_exchange(*state, &discover, &offered); /* and not POOLED2: still the same pool */
    assert_alike(*state, 2);

    /* Another client is refused that address by us. */
    const struct asked thief = {.type = DHCP4_REQUEST, .client = 8, .requested = POOLED2};
    const struct told granted = {.type = DHCP4_ACK, .yiaddr = POOLED2};

    wire_exchange(*state, &thief, &granted);
    assert_only(*state, SHADOW_WE_REFUSE, 0);
}

static void an_expired_lease_is_free_again(void **state)
{
    struct wire *wire = *state;
    const struct asked request = {
        .type = DHCP4_REQUEST, .client = 9, .requested = POOLED, .server = OTHER};
    const struct told ack = {.type = DHCP4_ACK, .yiaddr = POOLED};
    const struct asked later = {
        .type = DHCP4_REQUEST, .client = 8, .requested = POOLED, .server = OTHER};

    wire_exchange(wire, &request, &ack);
    wire->now.ms += 3601000;
    wire_exchange(wire, &later, &ack);
    assert_alike(wire, 2);
}

static void a_release_frees_and_a_decline_bars(void **state)
{
    struct wire *wire = *state;
    const struct asked request = {
        .type = DHCP4_REQUEST, .client = 9, .requested = POOLED, .server = OTHER};
    const struct told ack = {.type = DHCP4_ACK, .yiaddr = POOLED};
    const struct asked release = {
        .type = DHCP4_RELEASE, .client = 9, .ciaddr = POOLED, .server = OTHER};
    const struct asked decline = {
        .type = DHCP4_DECLINE, .client = 8, .requested = POOLED, .server = OTHER};
    struct asked other = request;

    wire_exchange(wire, &request, &ack);
    wire_ask(wire, &release);
    other.client = 8;
    wire_exchange(wire, &other, &ack);
    assert_alike(wire, 2);
    wire_ask(wire, &decline);
    other.client = 7;
    wire_exchange(wire, &other, &ack);
    assert_only(wire, SHADOW_WE_REFUSE, 0);
}

static void silence_is_judged_after_a_while(void **state)
{
    struct wire *wire = *state;

    wire_ask(wire, &discover);
    shadow_tick(wire->shadow, instant_add_ms(wire->now, PENDING_WAIT_MS - 1));
    assert_int_equal(wire_counters(wire).differed, 0);
    shadow_tick(wire->shadow, instant_add_ms(wire->now, PENDING_WAIT_MS));
    /* Nobody has been heard yet, so the link of the packet is not known: silent as well. */
    assert_alike(wire, 1);

    wire_exchange(wire, &discover, &offered); /* now it is */
    struct asked again = discover;

    again.xid = 7;
    wire->now.ms += 10000;
    wire_ask(wire, &again);
    shadow_tick(wire->shadow, instant_add_ms(wire->now, PENDING_WAIT_MS));
    assert_only(wire, SHADOW_ONLY_WE, 0);
}

static void an_answer_where_we_are_silent_is_a_difference(void **state)
{
    const struct asked foreign = {
        .type = DHCP4_DISCOVER, .client = 9, .giaddr = ip4(0xc0000201)};

    wire_exchange(*state, &foreign, &offered);
    assert_only(*state, SHADOW_ONLY_THEY, 0);
}

static void a_refusal_that_we_would_not_give_is_a_difference(void **state)
{
    const struct asked request = {
        .type = DHCP4_REQUEST, .client = 9, .requested = POOLED, .server = OTHER};
    const struct told nak = {.type = DHCP4_NAK};

    wire_exchange(*state, &request, &nak);
    assert_only(*state, SHADOW_THEY_REFUSE, 0);
}

static void two_refusals_agree(void **state)
{
    const struct asked request = {
        .type = DHCP4_REQUEST, .client = 9, .requested = ip4(0xc0000209), .server = OTHER};
    const struct told nak = {.type = DHCP4_NAK};

    wire_exchange(*state, &request, &nak);
    assert_alike(*state, 1);
}

static void a_lease_from_before_is_no_difference(void **state)
{
    const struct asked reboot = {.type = DHCP4_REQUEST, .client = 9, .requested = POOLED};
    const struct told ack = {.type = DHCP4_ACK, .yiaddr = POOLED};
    struct asked renewal = {.type = DHCP4_REQUEST, .client = 9, .ciaddr = POOLED, .xid = 2};

    wire_exchange(*state, &reboot, &ack);
    assert_alike(*state, 0);
    assert_int_equal(wire_counters(*state).unlearned, 1);
    wire_exchange(*state, &renewal, &ack); /* now it is known */
    assert_alike(*state, 1);
}

static void each_field_that_differs_is_named(void **state)
{
    struct wire *wire = *state;
    struct told told = offered;
    struct asked asked = discover;

    told.lease_time = 1800;
    wire_exchange(wire, &asked, &told);
    assert_only(wire, SHADOW_LEASE_TIME, 0);
    told = offered;
    told.router = ip4(0x0a4d00fd);
    asked.xid = 2;
    wire_exchange(wire, &asked, &told);
    assert_int_equal(wire_found(wire, SHADOW_OPTION, OPTION_ROUTERS), 1);
    told = offered;
    told.extra = 19;
    asked.xid = 3;
    wire_exchange(wire, &asked, &told);
    assert_int_equal(wire_found(wire, SHADOW_OPTION, 19), 1);
    told = offered;
    told.file = "x.efi";
    told.siaddr = ip4(0x0a000007);
    asked.xid = 4;
    wire_exchange(wire, &asked, &told);
    assert_int_equal(wire_found(wire, SHADOW_BOOT_FILE, 0), 1);
    assert_int_equal(wire_found(wire, SHADOW_NEXT_SERVER, 0), 1);
    assert_int_equal(wire_counters(wire).differed, 4);
    assert_int_equal(wire_found(wire, SHADOW_LEASE_TIME, 0), 1);
}

/* dnsmasq names itself as next server always; T1 and T2 follow from the lease time. */
static void what_means_the_same_is_no_difference(void **state)
{
    struct told told = offered;

    told.siaddr = OTHER;
    told.no_times = true;
    wire_exchange(*state, &discover, &told);
    assert_alike(*state, 1);
}

static void a_broadcast_address_that_follows_from_the_mask_is_none(void **state)
{
    struct told told = offered;
    struct asked again = discover;

    told.broadcast = ip4(0x0a4dffff);
    wire_exchange(*state, &discover, &told);
    assert_alike(*state, 1);
    told.broadcast = ip4(0x0a4d00ff);
    again.xid = 2;
    wire_exchange(*state, &again, &told);
    assert_only(*state, SHADOW_OPTION, OPTION_BROADCAST_ADDRESS);
}

static void a_retransmission_is_judged_once(void **state)
{
    wire_ask(*state, &discover);
    wire_exchange(*state, &discover, &offered);
    wire_tell(*state, &discover, &offered); /* of a second server, or heard twice */
    assert_alike(*state, 1);
    assert_int_equal(wire_counters(*state).repeated, 1);
    assert_int_equal(wire_counters(*state).unmatched, 1);
}

static void what_is_no_packet_is_counted(void **state)
{
    struct wire *wire = *state;
    const struct shadow_packet junk = {.payload = span_of("junk", 4)};

    shadow_see(wire->shadow, wire->now, &junk);
    assert_int_equal(wire_counters(wire).malformed, 1);
}

/* In a flood the oldest give way, unjudged and counted. */
static void more_than_fit_pass_unjudged(void **state)
{
    struct wire *wire = *state;
    struct asked asked = discover;

    for (uint32_t i = 1; i <= PENDING_MAX + 100; i++) {
        asked.xid = i;
        wire_ask(wire, &asked);
    }
    assert_int_equal(wire_counters(wire).passed, 100);
    asked.xid = 100;
    wire_tell(wire, &asked, &offered);
    assert_int_equal(wire_counters(wire).unmatched, 1);
    asked.xid = 101;
    wire_tell(wire, &asked, &offered);
    assert_alike(wire, 1);
}

/* A capture's clock may step back. */
static void time_that_goes_back_stands_still(void **state)
{
    struct wire *wire = *state;

    wire_exchange(wire, &discover, &offered);
    wire->now.ms -= 60000;
    struct asked again = discover;

    again.xid = 2;
    wire_exchange(wire, &again, &offered);
    assert_alike(wire, 2);
}

#define ON_WIRE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WIRE(the_whole_of_first_contact_agrees),
        ON_WIRE(another_free_address_of_the_pool_is_no_difference),
        ON_WIRE(an_address_of_another_pool_is_one),
        ON_WIRE(a_reserved_client_offered_a_pool_address_is_one),
        ON_WIRE(a_lease_that_was_learned_is_offered_again),
        ON_WIRE(an_expired_lease_is_free_again),
        ON_WIRE(a_release_frees_and_a_decline_bars),
        ON_WIRE(silence_is_judged_after_a_while),
        ON_WIRE(an_answer_where_we_are_silent_is_a_difference),
        ON_WIRE(a_refusal_that_we_would_not_give_is_a_difference),
        ON_WIRE(two_refusals_agree),
        ON_WIRE(a_lease_from_before_is_no_difference),
        ON_WIRE(each_field_that_differs_is_named),
        ON_WIRE(what_means_the_same_is_no_difference),
        ON_WIRE(a_broadcast_address_that_follows_from_the_mask_is_none),
        ON_WIRE(a_retransmission_is_judged_once),
        ON_WIRE(what_is_no_packet_is_counted),
        ON_WIRE(more_than_fit_pass_unjudged),
        ON_WIRE(time_that_goes_back_stands_still),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
