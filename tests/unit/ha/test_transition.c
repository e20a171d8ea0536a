/* The whole table of transitions, as text: one line for each state and event that can change
 * anything, one column for each situation.  A new row of the table changes one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ha/failover_internal.h"

#define NOW  INT64_C(1000000000)
#define MCLT INT64_C(3600000)

/* What a guard can look at.  The plain situation: both peers knew each other, neither was ever
 * in PARTNER-DOWN, the partner has just started out of NORMAL. */
struct situation {
    const char *name;
    enum fo_state was; /* the own durable state, while the own state is STARTUP */
    bool own_store_new, partner_store_new, partner_lost, set_back;
    int64_t absence_ms;
    enum fo_state partner;
    bool partner_serves; /* it is not starting */
    bool partner_term_higher;
    bool wait_due, wait_for_partner, ready_sent;
};

static const struct situation situations[] = {
    {"plain", .was = FO_NORMAL, .partner = FO_NORMAL},
    {"own store new", .was = FO_NORMAL, .partner = FO_NORMAL, .own_store_new = true},
    {"both stores new", .was = FO_NORMAL, .partner = FO_RECOVER, .own_store_new = true,
     .partner_store_new = true, .partner_lost = true},
    {"own store set back", .was = FO_NORMAL, .partner = FO_NORMAL, .set_back = true},
    {"partner's store lost", .was = FO_NORMAL, .partner = FO_RECOVER, .partner_lost = true,
     .absence_ms = MCLT - 1},
    {"... and long away", .was = FO_NORMAL, .partner = FO_RECOVER, .partner_lost = true,
     .absence_ms = MCLT},
    {"was SHUTDOWN, partner's store lost", .was = FO_SHUTDOWN, .partner = FO_RECOVER,
     .partner_lost = true},
    {"partner serves", .was = FO_NORMAL, .partner = FO_INTERRUPTED, .partner_serves = true},
    {"partner in PARTNER-DOWN", .was = FO_NORMAL, .partner = FO_PARTNER_DOWN,
     .partner_serves = true, .partner_term_higher = true},
    {"partner starts from PARTNER-DOWN", .was = FO_NORMAL, .partner = FO_PARTNER_DOWN,
     .partner_term_higher = true},
    {"partner was in PARTNER-DOWN", .was = FO_NORMAL, .partner = FO_NORMAL,
     .partner_term_higher = true},
    {"partner in conflict", .was = FO_NORMAL, .partner = FO_RESOLUTION_INTERRUPTED},
    {"partner in RECOVER", .was = FO_NORMAL, .partner = FO_RECOVER},
    {"was PARTNER-DOWN", .was = FO_PARTNER_DOWN, .partner = FO_NORMAL},
    {"was PARTNER-DOWN, partner serves", .was = FO_PARTNER_DOWN, .partner = FO_INTERRUPTED,
     .partner_serves = true},
    {"was PARTNER-DOWN, partner too", .was = FO_PARTNER_DOWN, .partner = FO_PARTNER_DOWN},
    {"was in conflict", .was = FO_POTENTIAL_CONFLICT, .partner = FO_NORMAL},
    {"wait due", .was = FO_NORMAL, .partner = FO_NORMAL, .wait_due = true},
    {"start-alone: wait", .was = FO_NORMAL, .partner = FO_NORMAL, .wait_for_partner = true},
    {"Ready sent", .was = FO_NORMAL, .partner = FO_NORMAL, .ready_sent = true},
};

static void make(const struct situation *s, enum fo_state state, struct config *config,
                 struct failover *fo)
{
    static const struct fo_progress progress;

    memset(config, 0, sizeof(*config));
    config->pair.mclt_ms = MCLT;
    config->pair.start_alone =
        s->wait_for_partner ? CONFIG_START_ALONE_WAIT : CONFIG_START_ALONE_SERVE;
    failover_init(fo, config, ROLE_PRIMARY, &progress, NULL, 0);
    fo->now = instant_ms(NOW);
    fo->state = state;
    fo->record.state = state == FO_STARTUP ? s->was : state;
    fo->record.store_new = s->own_store_new;
    fo->record.term = fo->term_before = 1;
    fo->record.wait_until = instant_ms(s->wait_due ? NOW + 1 : NOW);
    fo->absence_ms = s->absence_ms;
    fo->open = fo->greeted = fo->accepted = true;
    fo->set_back = s->set_back;
    fo->partner_lost = s->partner_lost;
    fo->ready_sent = s->ready_sent;
    fo->partner.state = s->partner;
    fo->partner.starting = !s->partner_serves;
    fo->partner.store_new = s->partner_store_new;
    fo->partner.term = s->partner_term_higher ? 2 : 1;
    if (s->partner_term_higher)
        fo->record.term = 2; /* adopted when the session opened */
}

static const char *const codes[FO_STATES] = {"ST", "RE", "RW", "NO", "IN",
                                             "PD", "PC", "RI", "SH"};

static const char *const event_names[FO_EVENTS] = {
    "met",       "caught up", "ready",         "partner NORMAL", "lost",
    "alone",     "wait over", "declared down", "forced",         "stalled",
    "hand over", "handed to", "restored",
};

/* False if nothing ever changes. */
static bool line_of(char *out, enum fo_state state, enum fo_event event)
{
    bool changes = false;
    char *at = out + sprintf(out, "%s %-15s", codes[state], event_names[event]);

    for (size_t i = 0; i < ARRAY_SIZE(situations); i++) {
        struct config config;
        struct failover fo;
        const char *reason;
        enum fo_state target;

        make(&situations[i], state, &config, &fo);
        target = transition_target(&fo, event, &reason);
        /* A row says why; a row that stays says so too. */
        assert_non_null(reason);
        assert_true(target == state || reason[0] != '\0');
        changes = changes || target != state;
        at += sprintf(at, " %-2s", target == state ? "." : codes[target]);
    }
    sprintf(at, "\n");
    return changes;
}

/* Columns, in order: plain | own store new | both new | set back || partner's store lost | long
 * away | was SHUTDOWN || partner serves | in PARTNER-DOWN | starts from it | was in it | in
 * conflict | in RECOVER || was PARTNER-DOWN | and partner serves | both | was in conflict ||
 * wait due | start-alone: wait | Ready sent. */
static const char expected[] =
    "ST met             .  RE RE RE .  RE RE .  RE RE RE PC .  PD PC PC PC .  .  . \n"
    "ST caught up       NO NO IN NO IN IN IN NO NO NO NO NO IN NO NO NO NO NO NO NO\n"
    "ST alone           IN IN IN IN IN IN .  IN IN IN IN IN IN PD PD PD RI IN .  IN\n"
    "ST forced          PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD\n"
    "ST restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "RE caught up       .  .  NO .  .  .  .  .  .  .  .  .  .  .  .  .  .  RW .  . \n"
    "RE ready           .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  NO\n"
    "RE partner NORMAL  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  NO\n"
    "RE forced          PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD\n"
    "RW met             .  .  .  .  .  .  .  .  RE RE .  .  .  .  .  RE .  .  .  . \n"
    "RW wait over       RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "RW forced          PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD\n"
    "RW restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "NO lost            IN IN IN IN IN IN IN IN IN IN IN IN IN IN IN IN IN IN IN IN\n"
    "NO stalled         ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST\n"
    "NO hand over       SH SH SH SH SH SH SH SH SH SH SH SH SH SH SH SH SH SH SH SH\n"
    "NO handed to       PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD\n"
    "NO restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "IN met             .  .  .  RE .  .  .  .  PC PC .  PC .  .  .  PC .  .  .  . \n"
    "IN caught up       NO NO .  NO .  .  .  NO NO NO NO NO .  NO NO NO NO NO NO NO\n"
    "IN ready           NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO\n"
    "IN declared down   PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD\n"
    "IN stalled         ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST\n"
    "IN restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "PD met             .  .  .  RE .  .  .  PC PC PC .  PC .  .  PC PC .  .  .  . \n"
    "PD ready           NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO NO\n"
    "PD stalled         ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST\n"
    "PD restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "PC caught up       NO NO IN NO IN IN IN NO NO NO NO NO IN NO NO NO NO NO NO NO\n"
    "PC lost            RI RI RI RI RI RI RI RI RI RI RI RI RI RI RI RI RI RI RI RI\n"
    "PC stalled         ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST\n"
    "PC restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "RI met             PC PC PC RE PC PC PC PC PC PC PC PC PC PC PC PC PC PC PC PC\n"
    "RI declared down   PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD\n"
    "RI stalled         ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST ST\n"
    "RI restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n"
    "SH met             .  .  RE RE RE RE RE .  RE RE RE PC .  .  .  RE .  .  .  . \n"
    "SH caught up       NO NO IN NO IN IN IN NO NO NO NO NO IN NO NO NO NO NO NO NO\n"
    "SH forced          PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD PD\n"
    "SH restored        RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE RE\n";

static void every_state_hears_every_event_as_written_here(void **state)
{
    static char actual[FO_STATES * FO_EVENTS * 128];
    char *at = actual;

    (void)state;
    for (size_t s = 0; s < FO_STATES; s++) {
        for (size_t e = 0; e < FO_EVENTS; e++) {
            if (line_of(at, (enum fo_state)s, (enum fo_event)e))
                at += strlen(at);
        }
    }
    *at = '\0';
    if (strcmp(actual, expected) != 0)
        printf("%s", actual);
    assert_string_equal(actual, expected);
}

/* "... goes to COMMUNICATIONS-INTERRUPTED or stays PARTNER-DOWN until then, never NORMAL": in
 * NORMAL nobody would serve the share of a partner that waits in RECOVER. */
static void nobody_enters_normal_while_the_partner_recovers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(situations); i++) {
        for (size_t s = 0; s < FO_STATES; s++) {
            struct config config;
            struct failover fo;
            const char *reason;

            make(&situations[i], (enum fo_state)s, &config, &fo);
            if (situations[i].partner != FO_RECOVER || fo_state_recovers(fo.state) ||
                fo.state == FO_NORMAL)
                continue;
            if (transition_target(&fo, FO_EV_CAUGHT_UP, &reason) == FO_NORMAL)
                fail_msg("%s, %s: NORMAL before the partner's Ready",
                         fo_state_name((enum fo_state)s), situations[i].name);
        }
    }
}

/* ---- what entering a state does ---- */

static struct fo_effects fx;

static size_t count_of(enum fo_effect_type type)
{
    size_t count = 0;

    for (size_t i = 0; i < fx.count; i++)
        count += fx.items[i].type == type;
    return count;
}

static void enter(struct failover *fo, struct config *config, enum fo_state from,
                  enum fo_event event)
{
    make(&situations[0], from, config, fo);
    fo->open = fo->greeted = false;
    fx.count = 0;
    transition_on(fo, event, &fx);
}

static void a_serving_state_is_entered_when_it_is_durable(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    enter(&fo, &config, FO_NORMAL, FO_EV_LOST);
    assert_int_equal(count_of(FO_DO_PERSIST), 1);
    assert_int_equal(fo.record.state, FO_INTERRUPTED);
    assert_int_equal(fo.state, FO_NORMAL);
    failover_durable(&fo, instant_ms(NOW + 1), fo.written, &fx);
    assert_int_equal(fo.state, FO_INTERRUPTED);
    assert_int_equal(count_of(FO_DO_STATE), 1);
}

static void to_stop_serving_never_waits(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    make(&situations[3], FO_INTERRUPTED, &config, &fo);
    fx.count = 0;
    transition_on(&fo, FO_EV_MET, &fx);
    assert_int_equal(fo.state, FO_RECOVER);
    assert_int_equal(count_of(FO_DO_PERSIST), 1);
}

/* What the peer was before decides how it starts. */
static void standing_still_does_not_touch_the_durable_state(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    enter(&fo, &config, FO_PARTNER_DOWN, FO_EV_STALLED);
    assert_int_equal(fo.state, FO_STARTUP);
    assert_int_equal(fo.record.state, FO_PARTNER_DOWN);
    assert_int_equal(count_of(FO_DO_PERSIST), 0);
}

static void a_declaration_begins_a_term_and_a_wait(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    enter(&fo, &config, FO_INTERRUPTED, FO_EV_DECLARED_DOWN);
    assert_int_equal(fo.record.term, 2);
    assert_int_equal(fo.record.partner_down_at.ms, NOW);
    assert_false(failover_wait_is_over(&fo, instant_ms(NOW + MCLT - 1)));
    assert_true(failover_wait_is_over(&fo, instant_ms(NOW + MCLT)));
}

/* A restart of the survivor is no new declaration. */
static void a_restart_in_partner_down_keeps_term_and_wait(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    make(&situations[0], FO_STARTUP, &config, &fo);
    fo.record.state = FO_PARTNER_DOWN;
    fo.record.partner_down_at = instant_ms(NOW - 500);
    fx.count = 0;
    transition_on(&fo, FO_EV_STARTED_ALONE, &fx);
    assert_int_equal(fo.record.state, FO_PARTNER_DOWN);
    assert_int_equal(fo.record.term, 1);
    assert_int_equal(fo.record.partner_down_at.ms, NOW - 500);
}

/* In the conflict after an earlier PARTNER-DOWN the partner served: what it promised then has
 * to be waited for anew, and its records are of the same term as ours. */
static void a_forced_declaration_after_a_conflict_begins_a_new_wait(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    make(&situations[0], FO_STARTUP, &config, &fo);
    fo.record.state = FO_RESOLUTION_INTERRUPTED;
    fo.record.partner_down_at = instant_ms(NOW - 2 * MCLT);
    fx.count = 0;
    transition_on(&fo, FO_EV_FORCED, &fx);
    assert_int_equal(fo.record.state, FO_PARTNER_DOWN);
    assert_false(failover_wait_is_over(&fo, instant_ms(NOW + 1)));
    assert_int_equal(fo.record.term, 2);
}

static void normal_ends_what_waits_and_newness(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    make(&situations[2], FO_RECOVER, &config, &fo);
    fo.record.wait_until = instant_ms(NOW + MCLT);
    fo.record.partner_down_at = instant_ms(NOW - 5);
    fo.record.wait_passed = true;
    fx.count = 0;
    transition_on(&fo, FO_EV_CAUGHT_UP, &fx);
    assert_int_equal(fo.record.state, FO_NORMAL);
    assert_false(fo.record.store_new);
    assert_false(fo.record.wait_passed);
    assert_int_equal(fo.record.wait_until.ms, 0);
    assert_int_equal(fo.record.partner_down_at.ms, 0);
}

static void the_largest_mclt_counts_for_a_wait_the_smaller_for_a_promise(void **state)
{
    struct config config;
    struct failover fo;

    (void)state;
    make(&situations[3], FO_STARTUP, &config, &fo);
    fo.record.partner_mclt_ms = 2 * MCLT;
    assert_int_equal(failover_mclt_wait_ms(&fo), 2 * MCLT);
    assert_int_equal(failover_mclt_promise_ms(&fo), MCLT);
    fo.record.partner_mclt_ms = MCLT / 2;
    assert_int_equal(failover_mclt_wait_ms(&fo), MCLT);
    assert_int_equal(failover_mclt_promise_ms(&fo), MCLT / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_hears_every_event_as_written_here),
        cmocka_unit_test(nobody_enters_normal_while_the_partner_recovers),
        cmocka_unit_test(a_serving_state_is_entered_when_it_is_durable),
        cmocka_unit_test(to_stop_serving_never_waits),
        cmocka_unit_test(standing_still_does_not_touch_the_durable_state),
        cmocka_unit_test(a_declaration_begins_a_term_and_a_wait),
        cmocka_unit_test(a_restart_in_partner_down_keeps_term_and_wait),
        cmocka_unit_test(a_forced_declaration_after_a_conflict_begins_a_new_wait),
        cmocka_unit_test(normal_ends_what_waits_and_newness),
        cmocka_unit_test(the_largest_mclt_counts_for_a_wait_the_smaller_for_a_promise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
