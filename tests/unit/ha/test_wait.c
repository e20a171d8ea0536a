/* Waits: which MCLT they go by, that they count running time, and what ends them (README,
 * sections 2 and 6). */
#include "help_wire.h"

#define P ROLE_PRIMARY
#define S ROLE_SECONDARY

#define MCLT 3600000

static void restart_with_mclt(struct wire *wire, enum role role, int64_t mclt_ms)
{
    wire_unlink(wire);
    wire_kill(wire, role);
    wire->peers[role].config.pair.mclt_ms = mclt_ms;
    wire_start(wire, role);
    wire_link(wire);
    wire_run(wire, 500);
}

static void assert_waits(struct wire *wire, enum role role, int64_t mclt_ms)
{
    assert_int_equal(failover_mclt_wait_ms(wire_fo(wire, role)), mclt_ms);
}

/* Of the peer whose setting was lowered, and of the other: either may have promised by it. */
static void a_lowered_mclt_counts_for_its_own_length(void **state)
{
    struct wire *wire = *state;

    restart_with_mclt(wire, S, MCLT / 2);
    assert_waits(wire, P, MCLT);
    assert_waits(wire, S, MCLT);
    restart_with_mclt(wire, P, MCLT / 2);
    assert_waits(wire, P, MCLT);
    assert_waits(wire, S, MCLT);
    wire_run(wire, MCLT - 5000);
    assert_waits(wire, P, MCLT);
    wire_run(wire, 6000);
    assert_waits(wire, P, MCLT / 2);
    assert_waits(wire, S, MCLT / 2);
}

/* The partner goes on promising by the old value until it has heard of the new one. */
static void a_lowered_mclt_counts_as_old_until_the_partner_knows(void **state)
{
    struct wire *wire = *state;

    wire_unlink(wire);
    wire_kill(wire, P);
    wire->peers[P].config.pair.mclt_ms = wire->peers[S].config.pair.mclt_ms = MCLT / 2;
    wire_start(wire, P);
    wire_run(wire, 3 * MCLT);
    assert_waits(wire, P, MCLT);
}

static void a_small_value_in_between_does_not_hide_the_large_one(void **state)
{
    struct wire *wire = *state;

    restart_with_mclt(wire, S, MCLT / 2);
    restart_with_mclt(wire, S, MCLT / 4);
    assert_waits(wire, P, MCLT);
    restart_with_mclt(wire, P, MCLT / 4);
    wire_run(wire, MCLT / 2);
    assert_waits(wire, P, MCLT);
}

/* What the new store has forgotten its partner knows. */
static void a_lost_store_waits_by_the_mclt_that_its_partner_remembers(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, S);
    wire->peers[S].has_disk = false;
    wire->peers[S].config.pair.mclt_ms = MCLT / 4;
    wire_unlink(wire);
    wire_start(wire, S);
    wire_link(wire);
    wire_run(wire, MCLT - 1000);
    assert_int_equal(wire_state(wire, S), FO_RECOVER_WAIT);
    wire_run(wire, 2000);
    assert_int_equal(wire_state(wire, S), FO_NORMAL);
}

static void the_wait_of_a_survivor_begins_anew_with_a_restart(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, S);
    wire_run(wire, 2000);
    wire_declare_down(wire, P);
    wire_run(wire, MCLT - 5000);
    assert_false(failover_wait_is_over(wire_fo(wire, P), wire->now));
    wire_kill(wire, P);
    wire_run(wire, 10000); /* or the clock was set meanwhile: who knows */
    wire_start(wire, P);
    wire_run(wire, 10000);
    assert_int_equal(wire_state(wire, P), FO_PARTNER_DOWN);
    assert_false(failover_wait_is_over(wire_fo(wire, P), wire->now));
    wire_run(wire, MCLT);
    assert_true(failover_wait_is_over(wire_fo(wire, P), wire->now));
}

static void a_wait_that_was_over_stays_over(void **state)
{
    struct wire *wire = *state;

    wire_kill(wire, S);
    wire_run(wire, 2000);
    wire_declare_down(wire, P);
    wire_run(wire, MCLT + 1000);
    wire->peers[P].disk = wire_fo(wire, P)->record; /* goes with the next batch */
    wire_kill(wire, P);
    wire_start(wire, P);
    wire_run(wire, 6000);
    assert_int_equal(wire_state(wire, P), FO_PARTNER_DOWN);
    assert_true(failover_wait_is_over(wire_fo(wire, P), wire->now));
}

static void an_operator_who_knows_better_ends_the_wait(void **state)
{
    struct wire *wire = *state;
    struct failover_status status;
    struct fo_effects fx = {.count = 0};
    const char *why = NULL;

    assert_int_equal(failover_end_wait(wire_fo(wire, S), wire->now, &why, &fx), TD_REFUSED);
    assert_non_null(strstr(why, "does not wait"));
    wire_kill(wire, S);
    wire->peers[S].has_disk = false;
    wire_unlink(wire);
    wire_start(wire, S);
    wire_link(wire);
    wire_run(wire, 1000);
    assert_int_equal(wire_state(wire, S), FO_RECOVER_WAIT);
    failover_status(wire_fo(wire, S), &status);
    assert_non_null(strstr(status.advice, "twinctl end-wait"));
    assert_int_equal(failover_end_wait(wire_fo(wire, S), wire->now, &why, &fx), TD_OK);
    assert_int_equal(wire_state(wire, S), FO_RECOVER);
    assert_int_equal(wire_fo(wire, S)->record.wait_until.ms, 0);
}

/* The operator knows what neither peer can see: the copy is of a moment that the partner never
 * heard anything beyond of. */
static void a_restored_store_counts_as_set_back(void **state)
{
    struct wire *wire = *state;
    struct fo_effects fx = {.count = 0};
    const char *why = NULL;

    wire_unlink(wire);
    wire_run(wire, 2000);
    assert_int_equal(wire_state(wire, P), FO_INTERRUPTED);
    assert_int_equal(failover_restored(wire_fo(wire, P), wire->now, &why, &fx), TD_OK);
    wire_perform(wire, P, &fx);
    assert_int_equal(wire_state(wire, P), FO_RECOVER);
    assert_int_equal(failover_restored(wire_fo(wire, P), wire->now, &why, &fx), TD_REFUSED);
    wire_kill(wire, P); /* and it is not forgotten */
    wire_start(wire, P);
    wire_run(wire, 20000);
    assert_int_equal(wire_state(wire, P), FO_RECOVER);
    wire_link(wire);
    assert_true(wire->peers[S].sync.partner_set_back);
    assert_true(wire->peers[S].sync.whole);
    assert_true(wire->peers[P].sync.set_back);
    assert_int_equal(wire_state(wire, P), FO_RECOVER_WAIT);
    wire_run(wire, MCLT + 1000);
    assert_int_equal(wire_state(wire, P), FO_NORMAL);
    assert_false(wire_fo(wire, P)->record.restored);
    wire_unlink(wire);
    wire_link(wire);
    assert_false(wire->peers[S].sync.partner_set_back);
}

static void every_state_obeys_the_word_that_the_store_is_a_copy(void **state)
{
    struct wire *wire = *state;

    for (enum fo_state from = FO_STARTUP; from <= FO_SHUTDOWN; from++) {
        struct failover fo = *wire_fo(wire, P);
        struct fo_effects fx = {.count = 0};
        const char *why;

        fo.state = from;
        assert_int_equal(failover_restored(&fo, wire->now, &why, &fx), TD_OK);
        assert_int_equal(fo.state, FO_RECOVER);
        assert_int_equal(fo.record.state, from == FO_RECOVER ? FO_NORMAL : FO_RECOVER);
        assert_true(fo.record.restored && fo.record.set_back);
    }
}

int main(void)
{
#define RUNNING(name) cmocka_unit_test_setup_teardown(name, wire_set_up, wire_tear_down)
    const struct CMUnitTest tests[] = {
        RUNNING(a_lowered_mclt_counts_for_its_own_length),
        RUNNING(a_lowered_mclt_counts_as_old_until_the_partner_knows),
        RUNNING(a_small_value_in_between_does_not_hide_the_large_one),
        RUNNING(a_lost_store_waits_by_the_mclt_that_its_partner_remembers),
        RUNNING(the_wait_of_a_survivor_begins_anew_with_a_restart),
        RUNNING(a_wait_that_was_over_stays_over),
        RUNNING(an_operator_who_knows_better_ends_the_wait),
        RUNNING(a_restored_store_counts_as_set_back),
        RUNNING(every_state_obeys_the_word_that_the_store_is_a_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
