/* Two peers on a wire: the handshake, the numbering of frames, liveness (README, sections 6,
 * 8). */
#include "help_wire.h"

#include <stdio.h>

#define P ROLE_PRIMARY
#define S ROLE_SECONDARY

static int set_up(void **state)
{
    *state = wire_new();
    return 0;
}

static int set_up_stopped(void **state)
{
    *state = wire_make();
    return 0;
}

static int tear_down(void **state)
{
    wire_free(*state);
    return 0;
}

static void start_both(struct wire *wire)
{
    wire_start(wire, P);
    wire_start(wire, S);
    wire_link(wire);
}

static struct failover *fo_of(struct wire *wire, enum role role)
{
    return &wire->peers[role].fo;
}

#define ASSERT_STATE(wire, role, text)                                                         \
    assert_string_equal(fo_state_name(wire_state(wire, role)), text)

/* ---- the handshake ---- */

static void two_new_stores_open_a_session_and_serve(void **state)
{
    struct wire *wire = *state;

    start_both(wire);
    assert_int_equal(wire->peers[P].sessions, 1);
    assert_int_equal(wire->peers[S].sessions, 1);
    assert_true(fo_of(wire, P)->session == fo_of(wire, S)->session);
    assert_true(fo_of(wire, P)->session != 0);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
    assert_false(wire->peers[P].disk.store_new);
    assert_false(wire->peers[S].disk.store_new);
}

/* After a crash an incarnation that was never durable would make this store look set back. */
static void nobody_hears_of_an_incarnation_before_it_is_durable(void **state)
{
    struct wire *wire = *state;
    struct fo_effects fx = {.count = 0};

    wire->peers[S].slow_disk = true;
    start_both(wire);
    wire_run(wire, 2000);
    assert_int_equal(fo_of(wire, P)->ignored, 0);
    assert_false(fo_of(wire, P)->greeted);
    wire->peers[S].slow_disk = false;
    failover_durable(fo_of(wire, S), wire->now, fo_of(wire, S)->written, &fx);
    assert_int_equal(fx.count, 1);
    assert_int_equal(fx.items[0].type, FO_DO_SEND);
    assert_int_equal(fx.items[0].frame.type, FRAME_HELLO);
}

static void every_session_is_another(void **state)
{
    struct wire *wire = *state;
    const uint64_t first = fo_of(wire, P)->session;

    wire_unlink(wire);
    wire_link(wire);
    assert_true(fo_of(wire, P)->open);
    assert_true(fo_of(wire, P)->session != first);
}

static void each_peer_remembers_the_other(void **state)
{
    struct wire *wire = *state;

    for (size_t i = 0; i < 2; i++) {
        const struct pair_record *own = &wire->peers[i].disk;
        const struct pair_record *other = &wire->peers[1 - i].disk;

        assert_true(own->partner_store_id == other->store_id);
        assert_true(own->heard_incarnation == other->chain[other->chain_count - 1].id);
        assert_int_equal(own->identifier_count, 1);
        assert_true(
            failover_is_partner_identifier(&wire->peers[i].fo, ip4(0x0a4d0003 - (uint32_t)i)));
    }
}

static void assert_refused(struct wire *wire, const char *at_primary, const char *at_secondary)
{
    start_both(wire);
    assert_int_equal(wire->peers[P].sessions + wire->peers[S].sessions, 0);
    assert_string_equal(fo_of(wire, P)->last_problem, at_primary);
    assert_string_equal(fo_of(wire, S)->last_problem, at_secondary);
    assert_non_null(strstr(wire_event(wire, P, "partner-refused"), at_primary));
    assert_non_null(strstr(wire_event(wire, S, "partner-refused"), at_secondary));
}

static void another_pair_is_refused_by_name(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].config.pair.name = "dc2";
    assert_refused(wire, "pair.name is 'dc1' here, 'dc2' there",
                   "pair.name is 'dc2' here, 'dc1' there");
}

/* It is told once, not with every attempt. */
static void a_refusal_is_no_stream_of_messages(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].config.pair.name = "dc2";
    start_both(wire);
    wire_forget(wire);
    wire_run(wire, 60000);
    assert_null(wire_event(wire, P, "partner-refused"));
    assert_null(wire_event(wire, S, "partner-refused"));
}

static void a_corrected_name_is_accepted_by_itself(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].config.pair.name = "dc2";
    start_both(wire);
    wire->peers[S].config.pair.name = "dc1";
    wire_run(wire, 10000);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
    assert_string_equal(fo_of(wire, P)->last_problem, "");
}

/* The Hello of a secondary that has just connected, to be changed by a test. */
static struct frame hello_to_primary(struct wire *wire)
{
    struct frame hello;

    wire_start(wire, P);
    wire_start(wire, S);
    wire->hold = true;
    wire_link(wire);
    assert_int_equal(wire->peers[P].inbox_count, 1);
    hello = wire->peers[P].inbox[0];
    assert_int_equal(hello.type, FRAME_HELLO);
    wire->peers[P].inbox_count = 0;
    wire->hold = false;
    return hello;
}

/* The answer that the secondary then hears, too. */
static void assert_hello_refused(struct wire *wire, const struct frame *hello, const char *why)
{
    char theirs[300];

    wire_give(wire, P, hello);
    wire_settle(wire);
    assert_false(fo_of(wire, P)->open);
    assert_string_equal(fo_of(wire, P)->last_problem, why);
    snprintf(theirs, sizeof(theirs), "the partner refused: %s", why);
    assert_string_equal(fo_of(wire, S)->last_problem, theirs);
    assert_string_equal(wire_event(wire, S, "refused-by-partner"), theirs);
}

static void another_protocol_is_refused_on_both(void **state)
{
    struct wire *wire = *state;
    struct frame hello = hello_to_primary(wire);

    hello.hello.protocol = 7;
    assert_hello_refused(wire, &hello,
                         "protocol version 1 here, 7 there: upgrade the older peer");
}

static void two_peers_of_one_role_are_refused_on_both(void **state)
{
    struct wire *wire = *state;
    struct frame hello = hello_to_primary(wire);

    hello.hello.role = ROLE_PRIMARY;
    assert_hello_refused(wire, &hello,
                         "both peers are primary: check --node and the link addresses");
}

static void a_hello_without_sense_is_refused(void **state)
{
    struct wire *wire = *state;
    struct frame hello = hello_to_primary(wire);

    hello.hello.chain_count = 0;
    assert_hello_refused(wire, &hello, "its Hello makes no sense");
}

static void a_hello_of_an_unknown_state_is_refused(void **state)
{
    struct wire *wire = *state;
    struct frame hello = hello_to_primary(wire);

    hello.hello.state = FO_STATES;
    assert_hello_refused(wire, &hello, "its Hello makes no sense");
}

static void a_lost_hello_is_sent_again(void **state)
{
    struct wire *wire = *state;

    hello_to_primary(wire);
    wire_run(wire, 600);
    assert_true(fo_of(wire, P)->open);
    assert_true(fo_of(wire, S)->open);
}

static void a_second_hello_begins_a_new_session(void **state)
{
    struct wire *wire = *state;
    const uint64_t first = fo_of(wire, P)->session;

    /* The secondary starts anew before the primary has noticed that it was gone. */
    wire_start(wire, S);
    assert_true(fo_of(wire, P)->open && fo_of(wire, S)->open);
    assert_true(fo_of(wire, P)->session != first);
    assert_true(fo_of(wire, P)->session == fo_of(wire, S)->session);
    assert_int_equal(wire->peers[P].ended, 1);
    wire_run(wire, 100);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

static void a_hello_on_the_same_connection_ends_the_session_before(void **state)
{
    struct wire *wire = *state;
    struct frame hello = {.type = FRAME_HELLO, .n = 1};

    hello.hello = fo_of(wire, P)->partner;
    hello.hello.nonce = 4711;
    wire_give(wire, P, &hello);
    wire_settle(wire);
    assert_int_equal(wire->peers[P].ended, 1);
    assert_string_equal(wire_event(wire, P, "session-ended"),
                        "the partner began a new session");
}

static void an_answer_to_an_older_hello_is_ignored(void **state)
{
    struct wire *wire = *state;
    const uint64_t ignored = fo_of(wire, S)->ignored;
    struct frame hello = {.type = FRAME_HELLO, .n = 1};

    hello.hello = fo_of(wire, S)->partner;
    hello.hello.answers_nonce = 4711;
    wire_give(wire, S, &hello);
    wire_settle(wire);
    assert_true(fo_of(wire, S)->open);
    assert_int_equal(fo_of(wire, S)->ignored, ignored + 1);
}

/* ---- the numbering of frames ---- */

static struct frame stamped(struct wire *wire, enum role from, enum frame_type type)
{
    struct frame frame = {.type = type};

    failover_stamp(fo_of(wire, from), &frame);
    return frame;
}

static void a_lost_frame_ends_the_session(void **state)
{
    struct wire *wire = *state;
    struct frame frame;

    stamped(wire, S, FRAME_STATE); /* it never arrives */
    frame = stamped(wire, S, FRAME_STATE);
    frame.state.state = FO_NORMAL;
    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_false(fo_of(wire, P)->open);
    assert_int_equal(wire->peers[P].resets, 1);
    assert_string_equal(wire_event(wire, P, "session-ended"),
                        "a frame of the partner was lost on the way");
}

static void a_frame_that_comes_twice_ends_the_session(void **state)
{
    struct wire *wire = *state;
    struct frame frame = stamped(wire, S, FRAME_STATE);

    frame.state.state = FO_NORMAL;
    wire_give(wire, P, &frame);
    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_false(fo_of(wire, P)->open);
}

static void a_frame_of_an_older_session_is_ignored(void **state)
{
    struct wire *wire = *state;
    struct frame frame = stamped(wire, S, FRAME_READY);
    const uint64_t ignored = fo_of(wire, P)->ignored;

    wire_unlink(wire);
    wire_link(wire);
    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_true(fo_of(wire, P)->open);
    assert_int_equal(fo_of(wire, P)->ignored, ignored + 1);
}

static void before_the_handshake_is_over_nothing_else_may_be_said(void **state)
{
    struct wire *wire = *state;
    struct frame frame = {.type = FRAME_SYNC_END};

    wire_start(wire, P);
    wire_start(wire, S);
    wire->hold = true;
    wire_link(wire);
    wire->hold = false;
    wire->deaf[S] = true; /* so that the primary stays in the handshake */
    wire_settle(wire);
    assert_true(fo_of(wire, P)->session != 0);
    frame.session = fo_of(wire, P)->session;
    frame.n = 2;
    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_string_equal(fo_of(wire, P)->last_problem,
                        "the partner spoke before the handshake was over");
    assert_int_equal(wire->peers[P].resets, 1);
}

static void a_second_verdict_ends_the_session(void **state)
{
    struct wire *wire = *state;
    const struct frame frame = stamped(wire, S, FRAME_HELLO_ACK);

    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_string_equal(wire_event(wire, P, "session-ended"),
                        "a second HelloAck in one session");
}

static void bytes_that_are_no_frame_end_the_session(void **state)
{
    struct wire *wire = *state;
    struct fo_effects fx = {.count = 0};

    failover_bad_frame(fo_of(wire, P), wire->now, &fx);
    assert_false(fo_of(wire, P)->open);
    assert_int_equal(fx.items[0].type, FO_DO_SESSION_END);
    assert_string_equal(fo_of(wire, P)->last_problem,
                        "a frame of the partner could not be read");
}

static void an_orderly_goodbye_ends_the_session(void **state)
{
    struct wire *wire = *state;
    const struct frame frame = stamped(wire, S, FRAME_GOODBYE);

    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_string_equal(wire_event(wire, P, "session-ended"), "the partner stops");
}

/* ---- liveness ---- */

static void heartbeats_come_every_250_ms(void **state)
{
    struct wire *wire = *state;

    wire_run(wire, 1000);
    wire_forget(wire);
    wire_run(wire, 10000);
    assert_int_equal(wire->peers[P].heartbeats, 40);
    assert_int_equal(wire->peers[S].heartbeats, 40);
    assert_int_equal(wire->peers[P].ended, 0);
}

static void silence_for_link_timeout_is_a_lost_partner(void **state)
{
    struct wire *wire = *state;

    wire_run(wire, 1000);
    wire->deaf[P] = true;
    while (wire->now.ms + 10 < fo_of(wire, P)->heard.ms + 1000)
        wire_run(wire, 10);
    ASSERT_STATE(wire, P, "NORMAL");
    wire_run(wire, 10);
    ASSERT_STATE(wire, P, "COMMUNICATIONS-INTERRUPTED");
    assert_string_equal(wire_event(wire, P, "session-ended"),
                        "no frame from the partner for link-timeout");
}

static void a_closed_connection_may_be_back_within_200_ms(void **state)
{
    struct wire *wire = *state;

    wire_unlink(wire);
    wire_run(wire, 190);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
    wire_link(wire);
    wire_run(wire, 100);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

static void a_closed_connection_that_stays_away_is_a_lost_partner(void **state)
{
    struct wire *wire = *state;

    wire_unlink(wire);
    wire_run(wire, 200);
    ASSERT_STATE(wire, P, "COMMUNICATIONS-INTERRUPTED");
    ASSERT_STATE(wire, S, "COMMUNICATIONS-INTERRUPTED");
}

/* A connection without a handshake is no partner. */
static void a_connection_that_says_nothing_is_a_lost_partner(void **state)
{
    struct wire *wire = *state;

    wire->deaf[P] = wire->deaf[S] = true;
    wire_unlink(wire);
    wire_link(wire);
    wire_run(wire, 990);
    ASSERT_STATE(wire, P, "NORMAL");
    wire_run(wire, 10);
    ASSERT_STATE(wire, P, "COMMUNICATIONS-INTERRUPTED");
}

int main(void)
{
#define NEW(name)     cmocka_unit_test_setup_teardown(name, set_up_stopped, tear_down)
#define RUNNING(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        NEW(two_new_stores_open_a_session_and_serve),
        NEW(nobody_hears_of_an_incarnation_before_it_is_durable),
        RUNNING(every_session_is_another),
        RUNNING(each_peer_remembers_the_other),
        NEW(another_pair_is_refused_by_name),
        NEW(a_refusal_is_no_stream_of_messages),
        NEW(a_corrected_name_is_accepted_by_itself),
        NEW(another_protocol_is_refused_on_both),
        NEW(two_peers_of_one_role_are_refused_on_both),
        NEW(a_hello_without_sense_is_refused),
        NEW(a_hello_of_an_unknown_state_is_refused),
        NEW(a_lost_hello_is_sent_again),
        RUNNING(a_second_hello_begins_a_new_session),
        RUNNING(a_hello_on_the_same_connection_ends_the_session_before),
        RUNNING(an_answer_to_an_older_hello_is_ignored),
        RUNNING(a_lost_frame_ends_the_session),
        RUNNING(a_frame_that_comes_twice_ends_the_session),
        RUNNING(a_frame_of_an_older_session_is_ignored),
        NEW(before_the_handshake_is_over_nothing_else_may_be_said),
        RUNNING(a_second_verdict_ends_the_session),
        RUNNING(bytes_that_are_no_frame_end_the_session),
        RUNNING(an_orderly_goodbye_ends_the_session),
        RUNNING(heartbeats_come_every_250_ms),
        RUNNING(silence_for_link_timeout_is_a_lost_partner),
        RUNNING(a_closed_connection_may_be_back_within_200_ms),
        RUNNING(a_closed_connection_that_stays_away_is_a_lost_partner),
        RUNNING(a_connection_that_says_nothing_is_a_lost_partner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
