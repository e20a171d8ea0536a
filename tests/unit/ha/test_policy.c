/* The tables of README section 5, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ha/policy.h"

#define KEY(text) span_of((text), sizeof(text) - 1)
#define X                                                                                      \
    KEY("\x01"                                                                                 \
        "x")
#define Y                                                                                      \
    KEY("\x01"                                                                                 \
        "y")
#define NONE span_of(NULL, 0)

#define NOW   INT64_C(1000000)
#define SKEW  5000
#define MCLT  3600000
#define ENDED (NOW - SKEW) /* the first moment that counts as ended */
#define LATER (NOW + 1)

static struct policy in_state(enum fo_state state)
{
    return (struct policy){
        .self = ROLE_PRIMARY,
        .state = state,
        .now = {NOW},
        .max_clock_skew_ms = SKEW,
        .mclt_ms = MCLT,
        .clocks_agree = true,
    };
}

/* Columns of the matrices: NORMAL, COMMUNICATIONS-INTERRUPTED, PARTNER-DOWN before and past its
 * wait, alone, POTENTIAL-CONFLICT, RECOVER. */
#define COLUMNS 7

static struct policy column(size_t i)
{
    static const enum fo_state states[COLUMNS] = {
        FO_NORMAL,  FO_INTERRUPTED,        FO_PARTNER_DOWN, FO_PARTNER_DOWN,
        FO_STARTUP, FO_POTENTIAL_CONFLICT, FO_RECOVER};
    struct policy policy = in_state(states[i]);

    policy.partner_down_wait_over = i == 3;
    policy.alone = i == 4;
    return policy;
}

struct row {
    const char *label;
    enum binding_state state;
    enum role owner;
    struct span client;
    int64_t expires;
    struct span reserved;
    bool freeing_acked;
};

#define ME   ROLE_PRIMARY
#define THEM ROLE_SECONDARY

static size_t rows(struct row out[static 64])
{
    const struct row all[] = {
        {"ACTIVE   mine   X", BINDING_ACTIVE, ME, X, LATER, NONE, false},
        {"ACTIVE   theirs X", BINDING_ACTIVE, THEM, X, LATER, NONE, false},
        {"ACTIVE   mine   Y", BINDING_ACTIVE, ME, Y, LATER, NONE, false},
        {"ACTIVE   theirs Y", BINDING_ACTIVE, THEM, Y, LATER, NONE, false},
        {"ACTIVE   mine   Y ended", BINDING_ACTIVE, ME, Y, ENDED, NONE, false},
        {"ACTIVE   theirs Y ended", BINDING_ACTIVE, THEM, Y, ENDED, NONE, false},
        {"ACTIVE   mine   Y by one clock", BINDING_ACTIVE, ME, Y, ENDED + 1, NONE, false},
        {"ACTIVE   mine   X reserved Y", BINDING_ACTIVE, ME, X, LATER, Y, false},
        {"RELEASED mine   X", BINDING_RELEASED, ME, X, LATER, NONE, false},
        {"RELEASED theirs X", BINDING_RELEASED, THEM, X, LATER, NONE, false},
        {"RELEASED mine   Y", BINDING_RELEASED, ME, Y, LATER, NONE, false},
        {"RELEASED mine   Y ended", BINDING_RELEASED, ME, Y, ENDED, NONE, false},
        {"FREE     mine   nobody", BINDING_FREE, ME, NONE, 0, NONE, true},
        {"FREE     mine   Y acked", BINDING_FREE, ME, Y, LATER, NONE, true},
        {"FREE     mine   X unacked", BINDING_FREE, ME, X, LATER, NONE, false},
        {"FREE     mine   Y unacked", BINDING_FREE, ME, Y, LATER, NONE, false},
        {"FREE     mine   Y unacked ended", BINDING_FREE, ME, Y, ENDED, NONE, false},
        {"FREE     mine   reserved X", BINDING_FREE, ME, NONE, 0, X, true},
        {"FREE     mine   reserved Y", BINDING_FREE, ME, NONE, 0, Y, true},
        {"FREE     theirs nobody", BINDING_FREE, THEM, NONE, 0, NONE, true},
        {"FREE     theirs X", BINDING_FREE, THEM, X, LATER, NONE, true},
        {"FREE     theirs Y", BINDING_FREE, THEM, Y, LATER, NONE, true},
        {"FREE     theirs Y ended", BINDING_FREE, THEM, Y, ENDED, NONE, true},
        {"FREE     theirs reserved X", BINDING_FREE, THEM, NONE, 0, X, true},
        {"FREE     theirs Y reserved X", BINDING_FREE, THEM, Y, LATER, X, true},
        {"FREE     theirs reserved Y", BINDING_FREE, THEM, NONE, 0, Y, true},
        {"ABANDON  mine   X", BINDING_ABANDONED, ME, X, LATER, NONE, false},
        {"ABANDON  mine   Y", BINDING_ABANDONED, ME, Y, LATER, NONE, false},
        {"ABANDON  mine   X ended", BINDING_ABANDONED, ME, X, ENDED, NONE, false},
    };

    memcpy(out, all, sizeof(all));
    return ARRAY_SIZE(all);
}

typedef bool question(const struct policy *policy, const struct policy_record *record);

static bool may_x_be_bound(const struct policy *policy, const struct policy_record *record)
{
    return policy_may_bind(policy, record, X);
}

static bool may_be_freed(const struct policy *policy, const struct policy_record *record)
{
    return policy_may_free(policy, record->binding);
}

static bool may_x_be_refused(const struct policy *policy, const struct policy_record *record)
{
    return policy_may_nak(policy, record, X);
}

static char *add(char *at, const struct row *row, question *asked)
{
    struct binding b = binding_implied(ip4(0x0a000001));
    const struct policy_record record = {&b, row->freeing_acked};

    b.state = row->state;
    b.owner = row->owner;
    b.client = row->client;
    b.reserved = row->reserved;
    b.expires = instant_ms(row->expires);
    *at++ = ' ';
    for (size_t i = 0; i < COLUMNS; i++) {
        const struct policy policy = column(i);

        *at++ = asked(&policy, &record) ? "NIDPA!!"[i] : '.';
    }
    *at = '\0';
    return at;
}

/* A letter is a yes: Normal, Interrupted, partner-Down before its wait, Past it, Alone; `!` are
 * the states that serve no new client. */
static const char expected[] =
    /*                                 bind X  give to  free    NAK X
     *                                         a new                          */
    "ACTIVE   mine   X                NIDPA!. ....... ....... .......\n"
    "ACTIVE   theirs X                .IDPA!. ....... ....... .......\n"
    "ACTIVE   mine   Y                ....... ....... ....... NIDPA..\n"
    "ACTIVE   theirs Y                ....... ....... ....... NIDPA..\n"
    "ACTIVE   mine   Y ended          ...PA.. ....... N..PA.. N......\n"
    "ACTIVE   theirs Y ended          ...PA.. ....... ...PA.. .......\n"
    "ACTIVE   mine   Y by one clock   ....A.. ....... ....A.. NIDP...\n"
    "ACTIVE   mine   X reserved Y     ....... ....... ....... N..PA..\n"
    "RELEASED mine   X                NIDPA!. ....... N..PA.. .......\n"
    "RELEASED theirs X                .IDPA!. ....... ...PA.. .......\n"
    "RELEASED mine   Y                ....... ....... N..PA.. N..PA..\n"
    "RELEASED mine   Y ended          ...PA.. ....... N..PA.. N......\n"
    "FREE     mine   nobody           NIDPA.. NIDPA.. ....... .......\n"
    "FREE     mine   Y acked          NIDPA.. NIDPA.. ....... .......\n"
    "FREE     mine   X unacked        NIDPA.. ....A.. ....... .......\n"
    "FREE     mine   Y unacked        ....A.. ....A.. ....... N..P...\n"
    "FREE     mine   Y unacked ended  ...PA.. ...PA.. ....... N......\n"
    "FREE     mine   reserved X       NIDPA.. ....... ....... .......\n"
    "FREE     mine   reserved Y       ....... ....... ....... N..PA..\n"
    "FREE     theirs nobody           ...PA.. ...PA.. ....... .......\n"
    "FREE     theirs X                ...PA.. ....A.. ....... .......\n"
    "FREE     theirs Y                ....A.. ....A.. ....... ...P...\n"
    "FREE     theirs Y ended          ...PA.. ...PA.. ....... .......\n"
    "FREE     theirs reserved X       .I.PA.. ....... ....... .......\n"
    "FREE     theirs Y reserved X     .I..A.. ....... ....... ...P...\n"
    "FREE     theirs reserved Y       ....... ....... ....... ...PA..\n"
    "ABANDON  mine   X                ....... ....... ....... N..PA..\n"
    "ABANDON  mine   Y                ....... ....... ....... N..PA..\n"
    "ABANDON  mine   X ended          ...PA.. ....... N..PA.. N......\n";

static void the_table_of_the_readme_holds(void **state)
{
    char actual[8192] = "";
    char *at = actual;
    struct row all[64];
    const size_t count = rows(all);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        at += sprintf(at, "%-32s", all[i].label);
        at = add(at, &all[i], may_x_be_bound);
        at = add(at, &all[i], policy_may_give);
        at = add(at, &all[i], may_be_freed);
        at = add(at, &all[i], may_x_be_refused);
        at += sprintf(at, "\n");
    }
    if (strcmp(actual, expected) != 0)
        printf("%s", actual);
    assert_string_equal(actual, expected);
}

/* ---- lease time ---- */

static void in_normal_what_the_partner_holds_may_be_promised(void **state)
{
    const struct policy policy = in_state(FO_NORMAL);

    (void)state;
    assert_int_equal(policy_promise_ms(&policy, 10 * MCLT, instant_ms(NOW + 10 * MCLT)),
                     10 * MCLT);
    assert_int_equal(policy_promise_ms(&policy, 10 * MCLT, instant_ms(NOW + 4 * MCLT)),
                     4 * MCLT);
}

static void without_an_ack_no_more_than_the_mclt_is_promised(void **state)
{
    const enum fo_state states[] = {FO_NORMAL, FO_INTERRUPTED, FO_PARTNER_DOWN};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        const struct policy policy = in_state(states[i]);

        assert_int_equal(policy_promise_ms(&policy, 10 * MCLT, instant_ms(0)), MCLT);
        assert_int_equal(policy_promise_ms(&policy, 10 * MCLT, instant_ms(NOW + 5)), MCLT);
        assert_int_equal(policy_promise_ms(&policy, 10 * MCLT, instant_ms(NOW - 5)), MCLT);
    }
}

static void a_short_lease_is_promised_as_it_is(void **state)
{
    const struct policy policy = in_state(FO_INTERRUPTED);

    (void)state;
    assert_int_equal(policy_promise_ms(&policy, 60000, instant_ms(0)), 60000);
    assert_int_equal(policy_promise_ms(&policy, 60000, instant_ms(NOW + 10 * MCLT)), 60000);
}

static void while_the_clocks_differ_nothing_beyond_the_mclt_is_promised(void **state)
{
    struct policy policy = in_state(FO_NORMAL);

    (void)state;
    policy.clocks_agree = false;
    assert_int_equal(policy_promise_ms(&policy, 10 * MCLT, instant_ms(NOW + 10 * MCLT)), MCLT);
}

static void in_conflict_states_nothing_beyond_the_mclt_is_promised(void **state)
{
    const struct policy conflict = in_state(FO_POTENTIAL_CONFLICT);
    const struct policy interrupted = in_state(FO_RESOLUTION_INTERRUPTED);

    (void)state;
    assert_int_equal(policy_promise_ms(&conflict, 10 * MCLT, instant_ms(NOW + 10 * MCLT)),
                     MCLT);
    assert_int_equal(policy_promise_ms(&interrupted, 10 * MCLT, instant_ms(NOW + 10 * MCLT)),
                     MCLT);
}

static void alone_the_full_time_is_promised(void **state)
{
    struct policy policy = in_state(FO_STARTUP);

    (void)state;
    policy.alone = true;
    assert_int_equal(policy_promise_ms(&policy, 10 * MCLT, instant_ms(0)), 10 * MCLT);
}

/* ---- time ---- */

static void a_lease_has_ended_only_when_both_clocks_agree(void **state)
{
    struct policy policy = in_state(FO_NORMAL);
    struct binding b = binding_implied(ip4(1));

    (void)state;
    b.expires = instant_ms(NOW);
    policy.now = instant_ms(NOW + SKEW - 1);
    assert_false(policy_ended(&policy, &b));
    policy.now = instant_ms(NOW + SKEW);
    assert_true(policy_ended(&policy, &b));
}

static void alone_there_is_one_clock(void **state)
{
    struct policy policy = in_state(FO_STARTUP);
    struct binding b = binding_implied(ip4(1));

    (void)state;
    policy.alone = true;
    b.expires = instant_ms(NOW);
    assert_true(policy_ended(&policy, &b));
    b.expires = instant_ms(NOW + 1);
    assert_false(policy_ended(&policy, &b));
}

static void while_the_clocks_differ_nothing_is_freed(void **state)
{
    struct policy policy = in_state(FO_NORMAL);
    struct binding b = binding_implied(ip4(1));

    (void)state;
    b.owner = ME;
    b.state = BINDING_ACTIVE;
    b.client = X;
    assert_true(policy_may_free(&policy, &b));
    policy.clocks_agree = false;
    assert_false(policy_may_free(&policy, &b));
    b.state = BINDING_RELEASED;
    assert_false(policy_may_free(&policy, &b));
    policy.alone = true;
    assert_true(policy_may_free(&policy, &b));
}

/* ---- who writes, who serves: one letter a state, in order of enum fo_state ---- */

#define EACH_STATE(text, fact)                                                                 \
    do {                                                                                       \
        char marks[FO_STATES + 1] = "";                                                        \
        for (size_t i = 0; i < FO_STATES; i++) {                                               \
            const struct policy policy = in_state((enum fo_state)i);                           \
            marks[i] = (fact) ? "SRWNIDCXH"[i] : '.';                                          \
        }                                                                                      \
        assert_string_equal(marks, text);                                                      \
    } while (0)

static void three_states_serve_everyone(void **state)
{
    (void)state;
    EACH_STATE("...NID...", policy_serves(&policy));
}

static void two_states_serve_renewals_only(void **state)
{
    (void)state;
    EACH_STATE("......CX.", policy_serves_renewals_only(&policy));
}

static void an_address_has_one_writer(void **state)
{
    struct binding mine = binding_implied(ip4(1)), theirs = mine;

    (void)state;
    mine.owner = ME;
    theirs.owner = THEM;
    EACH_STATE("...NID...", policy_may_write(&policy, &mine));
    EACH_STATE(".....D...", policy_may_write(&policy, &theirs));
}

/* Interrupted, the other peer too may release and abandon for the record's own client. */
static void a_client_may_give_up_its_lease_at_either_peer(void **state)
{
    struct binding mine = binding_implied(ip4(1)), theirs = mine;

    (void)state;
    mine.owner = ME;
    theirs.owner = THEM;
    EACH_STATE("...NID...", policy_may_end(&policy, &mine));
    EACH_STATE("....ID...", policy_may_end(&policy, &theirs));
}

static void alone_everything_is_served_and_written(void **state)
{
    struct policy policy = in_state(FO_STARTUP);
    struct binding theirs = binding_implied(ip4(1));

    (void)state;
    policy.alone = true;
    theirs.owner = THEM;
    assert_true(policy_serves(&policy));
    assert_false(policy_serves_renewals_only(&policy));
    assert_true(policy_may_write(&policy, &theirs));
    assert_true(policy_may_end(&policy, &theirs));
}

/* A client key of no bytes is no client: it matches no record that has none. */
static void nobody_is_never_the_last_client(void **state)
{
    const struct policy policy = in_state(FO_NORMAL);
    struct binding b = binding_implied(ip4(1));
    const struct policy_record record = {&b, false};

    (void)state;
    b.owner = ME;
    assert_false(policy_may_bind(&policy, &record, NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_the_readme_holds),
        cmocka_unit_test(in_normal_what_the_partner_holds_may_be_promised),
        cmocka_unit_test(without_an_ack_no_more_than_the_mclt_is_promised),
        cmocka_unit_test(a_short_lease_is_promised_as_it_is),
        cmocka_unit_test(while_the_clocks_differ_nothing_beyond_the_mclt_is_promised),
        cmocka_unit_test(in_conflict_states_nothing_beyond_the_mclt_is_promised),
        cmocka_unit_test(alone_the_full_time_is_promised),
        cmocka_unit_test(a_lease_has_ended_only_when_both_clocks_agree),
        cmocka_unit_test(alone_there_is_one_clock),
        cmocka_unit_test(while_the_clocks_differ_nothing_is_freed),
        cmocka_unit_test(three_states_serve_everyone),
        cmocka_unit_test(two_states_serve_renewals_only),
        cmocka_unit_test(an_address_has_one_writer),
        cmocka_unit_test(a_client_may_give_up_its_lease_at_either_peer),
        cmocka_unit_test(alone_everything_is_served_and_written),
        cmocka_unit_test(nobody_is_never_the_last_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
