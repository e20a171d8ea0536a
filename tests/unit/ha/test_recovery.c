/* Two peers on a wire: what they find out about each other's store, term, clock and
 * configuration, and the states that follow (README, section 6). */
#include "help_wire.h"

#include <stdio.h>

#define P ROLE_PRIMARY
#define S ROLE_SECONDARY

#define MCLT 3600000

static int set_up_stopped(void **state)
{
    *state = wire_make();
    return 0;
}

static void lose_store(struct wire *wire, enum role role)
{
    wire->peers[role].has_disk = false;
    memset(&wire->peers[role].progress, 0, sizeof(wire->peers[role].progress));
}

#define ASSERT_STATE(wire, role, text)                                                         \
    assert_string_equal(fo_state_name(wire_state(wire, role)), text)

/* ---- stores ---- */

/* The primary has told of 10 writes when its store is put back to 4. */
static void set_back(struct wire *wire)
{
    struct pair_record snapshot;

    wire->peers[P].progress.durable_seq = 4;
    wire_run(wire, 300);
    snapshot = wire_fo(wire, P)->record;
    wire->peers[P].progress.durable_seq = 10;
    wire_run(wire, 300);
    assert_int_equal(wire_fo(wire, S)->record.heard_seq, 10);
    wire->peers[S].progress.applied.seq = 10;
    wire_kill(wire, P);
    wire_run(wire, 500);
    wire->peers[P].disk = snapshot;
    wire->peers[P].progress.durable_seq = 4;
}

static void a_store_that_was_set_back_is_found_out(void **state)
{
    struct wire *wire = *state;

    set_back(wire);
    wire_forget(wire);
    wire_start(wire, P);
    wire_link(wire);
    assert_true(wire->peers[S].sync.partner_set_back);
    assert_true(wire->peers[S].sync.partner_lost);
    assert_true(wire->peers[S].sync.whole);
    assert_true(wire->peers[P].sync.set_back);
    assert_int_equal(wire->peers[P].sync.after, 4);
    assert_non_null(wire_event(wire, P, "store-set-back"));
    assert_non_null(wire_event(wire, S, "partner-store-lost"));
    ASSERT_STATE(wire, P, "RECOVER-WAIT");
    ASSERT_STATE(wire, S, "COMMUNICATIONS-INTERRUPTED");
}

static void a_store_that_was_set_back_waits_for_the_mclt(void **state)
{
    struct wire *wire = *state;

    set_back(wire);
    wire_start(wire, P);
    wire_link(wire);
    wire_run(wire, MCLT - 100);
    ASSERT_STATE(wire, P, "RECOVER-WAIT");
    wire_run(wire, 500);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

/* The snapshot may be of a time when the peer was catching up for another reason: what it
 * promised since is as unknown as ever. */
static void a_snapshot_taken_in_recover_waits_for_the_mclt_too(void **state)
{
    struct wire *wire = *state;

    set_back(wire);
    wire->peers[P].disk.state = FO_RECOVER;
    wire_start(wire, P);
    wire_link(wire);
    wire_run(wire, 1000);
    assert_true(wire_fo(wire, P)->set_back);
    ASSERT_STATE(wire, P, "RECOVER-WAIT");
}

static void a_plain_restart_is_no_set_back(void **state)
{
    struct wire *wire = *state;

    wire->peers[P].progress.durable_seq = 10;
    wire_run(wire, 300);
    wire_kill(wire, P);
    wire_run(wire, 500);
    wire_start(wire, P);
    wire_link(wire);
    assert_false(wire->peers[S].sync.partner_set_back);
    assert_false(wire->peers[S].sync.partner_lost);
    assert_false(wire->peers[S].sync.whole);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

/* It is told what was written after its `applied`, and no more. */
static void a_sync_goes_on_where_the_partner_stopped(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].progress.applied.seq = 7;
    wire->peers[P].progress.durable_seq = 10;
    wire_run(wire, 300);
    wire_unlink(wire);
    wire->peers[S].progress.applied.seq = 7;
    wire_link(wire);
    assert_false(wire->peers[P].sync.whole);
    assert_int_equal(wire->peers[P].sync.after, 7);
}

static void a_lost_store_is_sent_everything_and_waits(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_run(wire, 500);
    lose_store(wire, P);
    wire_start(wire, P);
    wire_link(wire);
    assert_true(wire->peers[S].sync.whole);
    assert_true(wire->peers[S].sync.partner_lost);
    assert_true(wire->peers[S].sync.forget_applied);
    ASSERT_STATE(wire, P, "RECOVER-WAIT");
    ASSERT_STATE(wire, S, "COMMUNICATIONS-INTERRUPTED");
    wire_run(wire, MCLT + 500);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

/* Acks of a peer whose store is lost count from its Ready on. */
static void acks_of_a_lost_store_count_from_ready_on(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_run(wire, 500);
    lose_store(wire, P);
    wire_start(wire, P);
    wire_forget(wire);
    wire_link(wire);
    wire_run(wire, 1000);
    assert_int_equal(wire->peers[S].trusts, 0);
    assert_false(wire_fo(wire, S)->trusted);
    wire_run(wire, MCLT);
    assert_true(wire_fo(wire, S)->trusted);
    assert_int_equal(wire->peers[S].trusts, 1);
}

static void acks_count_once_the_partner_is_caught_up_with(void **state)
{
    struct wire *wire = *state;

    wire_unlink(wire);
    wire_forget(wire);
    wire_link(wire);
    assert_int_equal(wire->peers[P].trusts, 1);
    assert_int_equal(wire->peers[S].trusts, 1);
}

/* RESOLUTION-INTERRUPTED, and the partner comes back without its store: it must have told that
 * it is Ready before this peer gives up serving alone. */
static void after_a_conflict_a_lost_store_is_waited_for(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_kill(wire, S);
    wire->peers[S].disk.state = FO_RESOLUTION_INTERRUPTED;
    lose_store(wire, P);
    wire_start(wire, P);
    wire_start(wire, S);
    wire_link(wire);
    wire_run(wire, 1000);
    ASSERT_STATE(wire, P, "RECOVER-WAIT");
    assert_int_not_equal(wire_state(wire, S), FO_NORMAL);
    assert_false(wire_fo(wire, S)->trusted);
}

/* ---- terms ---- */

static void a_higher_term_is_adopted(void **state)
{
    struct wire *wire = *state;
    struct frame frame = {.type = FRAME_STATE};

    frame.state.state = FO_NORMAL;
    frame.state.term = 9;
    failover_stamp(wire_fo(wire, S), &frame);
    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_int_equal(wire_fo(wire, P)->record.term, 9);
    assert_true(wire_fo(wire, P)->dirty);
}

static void a_lower_term_changes_nothing(void **state)
{
    struct wire *wire = *state;

    wire_fo(wire, P)->record.term = 5;
    wire_run(wire, 300);
    assert_int_equal(wire_fo(wire, P)->record.term, 5);
    assert_int_equal(wire_fo(wire, S)->record.term, 5); /* heartbeats carry it */
}

/* The partner was in PARTNER-DOWN while this peer was away: it has to catch up first. */
static void a_higher_term_heard_at_the_start_means_recover(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_run(wire, 300);
    wire_fo(wire, S)->record.term++;
    wire_start(wire, P);
    wire_link(wire);
    assert_non_null(strstr(wire_event(wire, P, "state-changed"), "STARTUP -> RECOVER"));
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
    assert_int_equal(wire_fo(wire, P)->record.term, 1);
}

static void the_peer_declared_down_comes_back_through_recover(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_run(wire, 300);
    wire_declare_down(wire, S);
    assert_int_equal(wire_fo(wire, S)->record.term, 1);
    wire_forget(wire);
    wire_start(wire, P);
    wire_link(wire);
    assert_non_null(wire_event(wire, P, "state-changed"));
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
    assert_int_equal(wire->peers[P].disk.term, 1);
}

static void partner_down_survives_a_restart(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_run(wire, 300);
    wire_declare_down(wire, S);
    wire_kill(wire, S);
    wire_start(wire, S);
    ASSERT_STATE(wire, S, "STARTUP");
    wire_run(wire, 5000);
    ASSERT_STATE(wire, S, "PARTNER-DOWN");
    assert_int_equal(wire_fo(wire, S)->record.term, 1);
}

static void served_by_both_after_a_declaration_is_a_conflict(void **state)
{
    struct wire *wire = *state;

    wire_unlink(wire);
    wire_run(wire, 300);
    wire_declare_down(wire, S); /* over a partner that serves */
    wire_forget(wire);
    wire_link(wire);
    assert_non_null(strstr(wire_event(wire, P, "state-changed"), "POTENTIAL-CONFLICT"));
    assert_non_null(strstr(wire_event(wire, S, "state-changed"), "POTENTIAL-CONFLICT"));
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

/* ---- clocks, MCLT, configuration ---- */

static void clocks_apart_are_told_and_told_when_they_agree_again(void **state)
{
    struct wire *wire = *state;
    struct frame frame = {.type = FRAME_HEARTBEAT};

    frame.heartbeat.state = FO_NORMAL;
    frame.heartbeat.mclt_ms = MCLT;
    frame.heartbeat.clock = instant_add_ms(wire->now, 5001);
    failover_stamp(wire_fo(wire, S), &frame);
    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_false(wire_fo(wire, P)->clocks_agree);
    assert_non_null(wire_event(wire, P, "clocks-differ"));
    assert_true(wire_fo(wire, P)->open);
    ASSERT_STATE(wire, P, "NORMAL");
    wire_run(wire, 300);
    assert_true(wire_fo(wire, P)->clocks_agree);
    assert_non_null(wire_event(wire, P, "clocks-agree"));
}

static void a_promise_takes_the_smaller_mclt_and_a_wait_the_larger(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].config.pair.mclt_ms = 2 * MCLT;
    wire_run(wire, 300);
    assert_int_equal(failover_mclt_promise_ms(wire_fo(wire, P)), MCLT);
    assert_int_equal(failover_mclt_wait_ms(wire_fo(wire, P)), 2 * MCLT);
    assert_int_equal(failover_mclt_promise_ms(wire_fo(wire, S)), MCLT);
    assert_int_equal(failover_mclt_wait_ms(wire_fo(wire, S)), 2 * MCLT);
}

/* ---- alone, and commands ---- */

static void a_lone_starter_serves_after_startup_wait(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_kill(wire, S);
    wire_start(wire, S);
    wire_run(wire, 4990);
    ASSERT_STATE(wire, S, "STARTUP");
    wire_run(wire, 10);
    ASSERT_STATE(wire, S, "COMMUNICATIONS-INTERRUPTED");
}

static void with_start_alone_wait_it_keeps_waiting(void **state)
{
    struct wire *wire = *state;
    struct failover_status status;

    wire->peers[S].config.pair.start_alone = CONFIG_START_ALONE_WAIT;
    wire_kill(wire, P);
    wire_kill(wire, S);
    wire_start(wire, S);
    wire_run(wire, 60000);
    ASSERT_STATE(wire, S, "STARTUP");
    failover_status(wire_fo(wire, S), &status);
    assert_non_null(strstr(status.advice, "twinctl partner-down --force"));
}

static void a_new_store_alone_waits_and_names_the_way_out(void **state)
{
    struct wire *wire = *state;
    struct failover_status status;

    wire_start(wire, S);
    wire_run(wire, 60000);
    ASSERT_STATE(wire, S, "RECOVER");
    failover_status(wire_fo(wire, S), &status);
    assert_non_null(strstr(status.advice, "twinctl partner-down --force"));
}

static void partner_down_needs_force_where_a_peer_waits(void **state)
{
    struct wire *wire = *state;
    struct fo_effects fx = {.count = 0};
    const char *why = NULL;

    wire_start(wire, S);
    assert_int_equal(failover_declare(wire_fo(wire, S), wire->now, false, &why, &fx),
                     TD_REFUSED);
    assert_non_null(strstr(why, "--force"));
    assert_int_equal(failover_declare(wire_fo(wire, S), wire->now, true, &why, &fx), TD_OK);
    assert_int_equal(wire_fo(wire, S)->record.state, FO_PARTNER_DOWN);
}

static void a_peer_that_stood_still_starts_anew(void **state)
{
    struct wire *wire = *state;
    struct fo_effects fx = {.count = 0};

    failover_stalled(wire_fo(wire, P), instant_add_ms(wire->now, 2000), &fx);
    ASSERT_STATE(wire, P, "STARTUP");
    assert_false(wire_fo(wire, P)->open);
    assert_int_equal(wire_fo(wire, P)->record.state, FO_NORMAL);
}

/* Long away while the partner lost its store: it cannot know whether that one had been alone.
 */
static void both_wait_when_one_was_away_and_the_other_lost_its_store(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_kill(wire, S);
    lose_store(wire, P);
    wire_start(wire, P);
    wire_start(wire, S);
    wire_fo(wire, S)->absence_ms = MCLT;
    wire_link(wire);
    wire_run(wire, 100);
    ASSERT_STATE(wire, P, "RECOVER-WAIT");
    ASSERT_STATE(wire, S, "RECOVER-WAIT");
    wire_run(wire, MCLT + 1000);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

static void both_in_shutdown_serve_after_a_handshake(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, P);
    wire_kill(wire, S);
    wire->peers[P].disk.state = wire->peers[S].disk.state = FO_SHUTDOWN;
    wire_start(wire, P);
    wire_start(wire, S);
    wire_run(wire, 10000);
    ASSERT_STATE(wire, P, "SHUTDOWN");
    wire_link(wire);
    ASSERT_STATE(wire, P, "NORMAL");
    ASSERT_STATE(wire, S, "NORMAL");
}

int main(void)
{
#define NEW(name)     cmocka_unit_test_setup_teardown(name, set_up_stopped, wire_tear_down)
#define RUNNING(name) cmocka_unit_test_setup_teardown(name, wire_set_up, wire_tear_down)
    const struct CMUnitTest tests[] = {
        RUNNING(a_store_that_was_set_back_is_found_out),
        RUNNING(a_store_that_was_set_back_waits_for_the_mclt),
        RUNNING(a_snapshot_taken_in_recover_waits_for_the_mclt_too),
        RUNNING(a_plain_restart_is_no_set_back),
        RUNNING(a_sync_goes_on_where_the_partner_stopped),
        RUNNING(a_lost_store_is_sent_everything_and_waits),
        RUNNING(acks_of_a_lost_store_count_from_ready_on),
        RUNNING(acks_count_once_the_partner_is_caught_up_with),
        RUNNING(after_a_conflict_a_lost_store_is_waited_for),
        RUNNING(a_higher_term_is_adopted),
        RUNNING(a_lower_term_changes_nothing),
        RUNNING(a_higher_term_heard_at_the_start_means_recover),
        RUNNING(the_peer_declared_down_comes_back_through_recover),
        RUNNING(partner_down_survives_a_restart),
        RUNNING(served_by_both_after_a_declaration_is_a_conflict),
        RUNNING(clocks_apart_are_told_and_told_when_they_agree_again),
        RUNNING(a_promise_takes_the_smaller_mclt_and_a_wait_the_larger),
        RUNNING(a_lone_starter_serves_after_startup_wait),
        RUNNING(with_start_alone_wait_it_keeps_waiting),
        NEW(a_new_store_alone_waits_and_names_the_way_out),
        NEW(partner_down_needs_force_where_a_peer_waits),
        RUNNING(a_peer_that_stood_still_starts_anew),
        RUNNING(both_wait_when_one_was_away_and_the_other_lost_its_store),
        RUNNING(both_in_shutdown_serve_after_a_handshake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
