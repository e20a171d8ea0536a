#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/bench/load/check.h"

#define ALICE  7U
#define BOB    8U
#define NOW_S  1000U
#define LEASED ip4(0x0a401001)
#define SERVER ip4(0x0a4d0002)
#define RELAY  ip4(0x0a4d0004)

static const struct expectation waits_ack = {
    .client = ALICE,
    .generation = 3,
    .waiting = CHECK_WAITS_ACK,
    .address = {0x0a401001},
    .server = {0x0a4d0002},
    .relay = {0x0a4d0004},
    .discovered = true,
};

static struct reply right_reply(enum dhcp4_type type)
{
    return (struct reply){
        .op = DHCP4_BOOTREPLY,
        .type = type,
        .xid = check_xid(ALICE, waits_ack.generation),
        .client = ALICE,
        .yiaddr = LEASED,
        .giaddr = RELAY,
        .has_lease_time = true,
        .has_server_id = true,
        .has_subnet_mask = true,
        .lease_time_s = 3600,
        .server_id = SERVER,
        .subnet_mask = ip4(0xfff00000),
    };
}

static int setup(void **state)
{
    *state = holders_new();
    return 0;
}

static int teardown(void **state)
{
    holders_free(*state);
    return 0;
}

static struct expectation waits_offer(void)
{
    struct expectation expected = waits_ack;

    expected.waiting = CHECK_WAITS_OFFER;
    expected.address = expected.server = ip4(0);
    return expected;
}

static void right_answers_are_good(void **state)
{
    struct expectation discovering = waits_offer();
    struct reply offer = right_reply(DHCP4_OFFER), ack = right_reply(DHCP4_ACK);

    assert_int_equal(check_reply(&discovering, &offer, *state, NOW_S), VERDICT_GOOD);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_GOOD);
}

static void address_of_another_client_is_a_duplicate(void **state)
{
    struct reply ack = right_reply(DHCP4_ACK);

    holders_set(*state, LEASED, BOB, NOW_S + 1);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_DUPLICATE_ADDRESS);
    /* His lease has ended. */
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S + 1), VERDICT_GOOD);
    /* He has released it. */
    holders_set(*state, LEASED, BOB, NOW_S + 100);
    holders_clear(*state, LEASED, BOB);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_GOOD);
}

static void own_address_is_no_duplicate(void **state)
{
    struct reply ack = right_reply(DHCP4_ACK);

    holders_set(*state, LEASED, ALICE, NOW_S + 100);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_GOOD);
    /* What Bob has lost meanwhile does not take it from Alice. */
    holders_clear(*state, LEASED, BOB);
    assert_int_equal(holders_find(*state, LEASED, NOW_S), ALICE);
}

/* Only the answer to a past transaction of the same client is merely late. */
static void foreign_xid_is_wrong(void **state)
{
    struct reply ack = right_reply(DHCP4_ACK);

    ack.xid = check_xid(ALICE, waits_ack.generation - 1);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_LATE);
    ack.xid = check_xid(ALICE, waits_ack.generation + 1);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_WRONG_XID);
    ack.xid = check_xid(BOB, waits_ack.generation);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_WRONG_XID);
}

static void missing_options_are_seen(void **state)
{
    struct reply reply = right_reply(DHCP4_ACK);

    reply.has_lease_time = false;
    assert_int_equal(check_reply(&waits_ack, &reply, *state, NOW_S), VERDICT_NO_LEASE_TIME);
    reply = right_reply(DHCP4_ACK);
    reply.has_server_id = false;
    assert_int_equal(check_reply(&waits_ack, &reply, *state, NOW_S), VERDICT_NO_SERVER_ID);
    reply = right_reply(DHCP4_ACK);
    reply.has_subnet_mask = false;
    assert_int_equal(check_reply(&waits_ack, &reply, *state, NOW_S), VERDICT_NO_SUBNET_MASK);
    /* In an answer that comes late as well. */
    reply.xid = check_xid(ALICE, waits_ack.generation - 1);
    assert_int_equal(check_reply(&waits_ack, &reply, *state, NOW_S), VERDICT_NO_SUBNET_MASK);
}

static void ack_must_be_for_what_was_asked(void **state)
{
    struct reply ack = right_reply(DHCP4_ACK);

    ack.yiaddr = ip4(LEASED.value + 1);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_WRONG_ADDRESS);
    ack = right_reply(DHCP4_ACK);
    ack.server_id = ip4(SERVER.value + 1);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_WRONG_SERVER);
    ack = right_reply(DHCP4_ACK);
    ack.giaddr = ip4(0);
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_WRONG_RELAY);
}

static void offer_must_have_an_address(void **state)
{
    struct expectation discovering = waits_offer();
    struct reply offer = right_reply(DHCP4_OFFER);

    offer.yiaddr = ip4(0);
    assert_int_equal(check_reply(&discovering, &offer, *state, NOW_S), VERDICT_WRONG_ADDRESS);
}

static void types_must_fit_the_step(void **state)
{
    struct expectation renewing = waits_ack, discovering = waits_offer();
    struct reply offer = right_reply(DHCP4_OFFER), ack = right_reply(DHCP4_ACK);

    renewing.discovered = false;
    assert_int_equal(check_reply(&renewing, &offer, *state, NOW_S), VERDICT_WRONG_TYPE);
    assert_int_equal(check_reply(&discovering, &ack, *state, NOW_S), VERDICT_WRONG_TYPE);
    /* The other server's OFFER, after the first was taken. */
    assert_int_equal(check_reply(&waits_ack, &offer, *state, NOW_S), VERDICT_LATE);
    ack.type = DHCP4_REQUEST;
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_WRONG_TYPE);
    ack.type = DHCP4_ACK;
    ack.op = DHCP4_BOOTREQUEST;
    assert_int_equal(check_reply(&waits_ack, &ack, *state, NOW_S), VERDICT_MALFORMED);
}

static void nak_refuses_only_what_is_asked(void **state)
{
    struct expectation discovering = waits_offer();
    struct reply nak = {.op = DHCP4_BOOTREPLY,
                        .type = DHCP4_NAK,
                        .xid = check_xid(ALICE, waits_ack.generation),
                        .client = ALICE};

    assert_int_equal(check_reply(&waits_ack, &nak, *state, NOW_S), VERDICT_REFUSED);
    assert_int_equal(check_reply(&discovering, &nak, *state, NOW_S), VERDICT_LATE);
}

static void second_answer_is_late(void **state)
{
    struct expectation idle = waits_ack;
    struct reply ack = right_reply(DHCP4_ACK);

    idle.waiting = CHECK_WAITS_NOT;
    assert_int_equal(check_reply(&idle, &ack, *state, NOW_S), VERDICT_LATE);
}

/* An echo has to be of the message that was sent last. */
static void echo_of_an_earlier_step_is_late(void **state)
{
    struct expectation discovering = waits_offer();
    struct reply echo = {.op = DHCP4_BOOTREQUEST,
                         .type = DHCP4_DISCOVER,
                         .xid = check_xid(ALICE, waits_ack.generation),
                         .client = ALICE};

    (void)state;
    assert_int_equal(check_echo(&discovering, &echo), VERDICT_GOOD);
    assert_int_equal(check_echo(&waits_ack, &echo), VERDICT_LATE);
    echo.xid++;
    assert_int_equal(check_echo(&discovering, &echo), VERDICT_WRONG_XID);
}

static void every_verdict_has_a_name(void **state)
{
    (void)state;
    for (unsigned int i = 0; i < VERDICTS; i++)
        assert_non_null(verdict_name((enum verdict)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(right_answers_are_good, setup, teardown),
        cmocka_unit_test_setup_teardown(address_of_another_client_is_a_duplicate, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(own_address_is_no_duplicate, setup, teardown),
        cmocka_unit_test_setup_teardown(foreign_xid_is_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(missing_options_are_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(ack_must_be_for_what_was_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(offer_must_have_an_address, setup, teardown),
        cmocka_unit_test_setup_teardown(types_must_fit_the_step, setup, teardown),
        cmocka_unit_test_setup_teardown(nak_refuses_only_what_is_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(second_answer_is_late, setup, teardown),
        cmocka_unit_test(echo_of_an_earlier_step_is_late),
        cmocka_unit_test(every_verdict_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
