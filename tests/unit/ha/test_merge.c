/* Two records of one address meet (README of ha/, section 4): each rule by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ha/merge.h"

#define KEY(text) span_of((text), sizeof(text) - 1)
#define ALICE                                                                                  \
    KEY("\x01"                                                                                 \
        "alice")
#define BOB                                                                                    \
    KEY("\x01"                                                                                 \
        "bob")

#define WHERE 0x0a4d1005u

/* `version` odd: the primary wrote it, even: the secondary. */
static struct binding record(enum binding_state state, struct span client, int64_t expires,
                             int64_t version)
{
    struct binding b = binding_implied(ip4(WHERE));

    b.state = state;
    b.client = client;
    b.expires = instant_ms(expires);
    b.version = (struct version){version, 0, version % 2 != 0 ? ROLE_PRIMARY : ROLE_SECONDARY};
    b.term = 1;
    return b;
}

static struct binding active(struct span client, int64_t expires, int64_t version)
{
    return record(BINDING_ACTIVE, client, expires, version);
}

/* The join as both peers compute it: the contents must be equal. */
static struct merge_outcome join(const struct binding *own, const struct binding *received,
                                 struct binding *out)
{
    const struct merge_outcome outcome = merge(own, received, MERGE_UNSEEN, out);
    struct binding theirs;
    const struct merge_outcome other = merge(received, own, MERGE_UNSEEN, &theirs);

    assert_true(binding_same_contents(out, &theirs));
    assert_int_equal(outcome.conflict, other.conflict);
    return outcome;
}

/* ---- rule 1: the partner knew the own record ---- */

static void a_record_written_in_knowledge_is_taken(void **state)
{
    const struct binding own = active(ALICE, 1000, 10);
    const struct binding received = record(BINDING_FREE, BOB, 1, 11);
    struct binding out;
    struct merge_outcome outcome = merge(&own, &received, MERGE_SEEN, &out);

    (void)state;
    assert_int_equal(outcome.result, MERGE_TOOK);
    assert_true(outcome.client_changed);
    assert_false(outcome.conflict);
    assert_true(binding_same_contents(&out, &received));
}

static void a_duplicate_is_ignored(void **state)
{
    const struct binding own = active(ALICE, 1000, 10);
    struct binding out;

    (void)state;
    assert_int_equal(merge(&own, &own, MERGE_SEEN, &out).result, MERGE_IGNORED);
}

static void an_older_version_of_what_is_known_is_ignored(void **state)
{
    const struct binding own = active(ALICE, 1000, 10);
    const struct binding received = active(BOB, 9000, 9);
    struct binding out;

    (void)state;
    assert_int_equal(merge(&own, &received, MERGE_SEEN, &out).result, MERGE_IGNORED);
}

/* ---- rule 2: concurrent, two clients ---- */

static void the_higher_term_wins_over_everything(void **state)
{
    struct binding own = record(BINDING_FREE, ALICE, 10, 9);
    const struct binding received = active(BOB, 9000, 20);
    struct binding out;
    struct merge_outcome outcome;

    (void)state;
    own.term = 2;
    outcome = join(&own, &received, &out);
    assert_int_equal(outcome.result, MERGE_REWRITE);
    assert_false(outcome.conflict);
    assert_true(binding_same_contents(&out, &own));
    assert_int_equal(out.term, 2);
}

static void a_held_address_wins_over_one_given_up(void **state)
{
    static const enum binding_state held[] = {BINDING_ACTIVE, BINDING_ABANDONED};
    static const enum binding_state free[] = {BINDING_RELEASED, BINDING_FREE};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct binding own = record(held[i / 2], ALICE, 10, 9);
        const struct binding received = record(free[i % 2], BOB, 9000, 20);
        struct binding out;

        assert_int_equal(join(&own, &received, &out).result, MERGE_REWRITE);
        assert_true(binding_same_contents(&out, &own));
        assert_int_equal(join(&received, &own, &out).result, MERGE_REWRITE);
        assert_true(binding_same_contents(&out, &own));
    }
}

static void of_two_holders_the_later_lease_wins(void **state)
{
    const struct binding own = active(ALICE, 900, 20);
    const struct binding received = active(BOB, 1000, 9);
    struct binding out;
    struct merge_outcome outcome = join(&own, &received, &out);

    (void)state;
    assert_true(outcome.conflict);
    assert_true(outcome.client_changed);
    assert_true(span_equal(out.client, BOB));
    assert_int_equal(out.expires.ms, 1000);
}

static void with_equal_leases_the_higher_version_wins(void **state)
{
    const struct binding own = active(ALICE, 1000, 20);
    const struct binding received = active(BOB, 1000, 21);
    struct binding out;
    struct merge_outcome outcome = join(&own, &received, &out);

    (void)state;
    assert_int_equal(outcome.result, MERGE_TOOK);
    assert_true(outcome.conflict);
    assert_true(span_equal(out.client, BOB));
}

static void of_two_free_records_the_higher_version_wins(void **state)
{
    const struct binding own = record(BINDING_FREE, ALICE, 5000, 20);
    const struct binding received = record(BINDING_RELEASED, BOB, 10, 21);
    struct binding out;
    struct merge_outcome outcome = join(&own, &received, &out);

    (void)state;
    assert_false(outcome.conflict);
    assert_true(span_equal(out.client, BOB));
    assert_int_equal(out.state, BINDING_RELEASED);
}

/* The partner learns it as it is: a new version each time would go round in a circle. */
static void an_own_record_that_stands_is_not_written_again(void **state)
{
    const struct binding own = active(ALICE, 2000, 21);
    const struct binding received = active(BOB, 1000, 20);
    struct binding out;
    struct merge_outcome outcome = merge(&own, &received, MERGE_UNSEEN, &out);

    (void)state;
    assert_int_equal(outcome.result, MERGE_STANDS);
    assert_int_equal(version_compare(out.version, own.version), 0);
    outcome = merge(&received, &own, MERGE_UNSEEN, &out);
    assert_int_equal(outcome.result, MERGE_TOOK);
}

/* Newer, and yet not what the join makes of both. */
static void a_result_of_both_is_a_write_above_both(void **state)
{
    const struct binding own = active(ALICE, 1000, 21);
    const struct binding received = active(ALICE, 2000, 20);
    struct binding out;
    const struct merge_outcome outcome = merge(&own, &received, MERGE_UNSEEN, &out);

    (void)state;
    assert_int_equal(outcome.result, MERGE_REWRITE);
    assert_int_equal(out.expires.ms, 2000);
}

/* A promise may still stand: the winner keeps the address for as long as the loser had it. */
static void the_winner_of_a_conflict_keeps_the_later_expires(void **state)
{
    const struct binding own = record(BINDING_ABANDONED, ALICE, 900, 21);
    const struct binding received = active(BOB, 1000, 20);
    struct binding out;

    (void)state;
    assert_true(join(&own, &received, &out).conflict);
    assert_int_equal(out.expires.ms, 1000);
}

static void different_terms_are_no_conflict(void **state)
{
    struct binding own = active(ALICE, 900, 21);
    const struct binding received = active(BOB, 1000, 20);
    struct binding out;

    (void)state;
    own.term = 2;
    assert_false(join(&own, &received, &out).conflict);
    assert_true(span_equal(out.client, ALICE));
    assert_int_equal(out.expires.ms, 900);
}

static void the_joined_record_bears_the_term_of_its_client(void **state)
{
    struct binding own = active(ALICE, 900, 21);
    const struct binding received = active(BOB, 1000, 20);
    struct binding out;

    (void)state;
    own.term = 7;
    merge(&received, &own, MERGE_UNSEEN, &out);
    assert_int_equal(out.term, 7);
    merge(&own, &received, MERGE_UNSEEN, &out);
    assert_int_equal(out.term, 7);
}

/* A record that never had a client promises nothing, so its term says nothing. */
static void a_record_without_client_never_wins_by_its_term(void **state)
{
    struct binding own = record(BINDING_FREE, span_of(NULL, 0), 0, 30);
    const struct binding received = active(BOB, 1000, 9);
    struct binding out;

    (void)state;
    own.term = 5;
    join(&own, &received, &out);
    assert_int_equal(out.state, BINDING_ACTIVE);
    assert_true(span_equal(out.client, BOB));
}

/* ---- rule 2: concurrent, one client ---- */

static void for_one_client_the_stronger_state_wins(void **state)
{
    /* Weakest first. */
    static const enum binding_state order[] = {BINDING_FREE, BINDING_RELEASED, BINDING_ACTIVE,
                                               BINDING_ABANDONED};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 4; j++) {
            const struct binding own = record(order[i], ALICE, 1000, 9);
            const struct binding received = record(order[j], ALICE, 1000, 20);
            struct binding out;

            assert_false(join(&own, &received, &out).conflict);
            assert_int_equal(out.state, order[i > j ? i : j]);
        }
    }
}

/* I6: a write for the same client never lowers `expires`. */
static void for_one_client_the_longest_promise_stands(void **state)
{
    const struct binding own = active(ALICE, 2000, 9);
    const struct binding received = record(BINDING_RELEASED, ALICE, 1000, 20);
    struct binding out;

    (void)state;
    join(&own, &received, &out);
    assert_int_equal(out.state, BINDING_ACTIVE);
    assert_int_equal(out.expires.ms, 2000);
}

static void attributes_and_owner_come_from_the_higher_version(void **state)
{
    struct binding own = active(ALICE, 2000, 9);
    struct binding received = active(ALICE, 1000, 20);
    struct binding out;

    (void)state;
    own.host_name = KEY("old");
    own.owner = ROLE_PRIMARY;
    received.host_name = KEY("new");
    received.owner = ROLE_SECONDARY;
    received.reserved = BOB;
    received.cltt = instant_ms(77);
    join(&own, &received, &out);
    assert_true(span_equal(out.host_name, KEY("new")));
    assert_true(span_equal(out.reserved, BOB));
    assert_int_equal(out.owner, ROLE_SECONDARY);
    assert_int_equal(out.cltt.ms, 77);
    assert_int_equal(out.expires.ms, 2000);
}

static void for_one_client_the_term_is_that_of_the_later_promise(void **state)
{
    struct binding own = active(ALICE, 2000, 9);
    struct binding received = active(ALICE, 1000, 20);
    struct binding out;

    (void)state;
    received.term = 3;
    merge(&own, &received, MERGE_UNSEEN, &out);
    assert_int_equal(out.term, 1);
    merge(&received, &own, MERGE_UNSEEN, &out);
    assert_int_equal(out.term, 1);
}

static void with_equal_promises_the_rewritten_record_bears_the_lower_term(void **state)
{
    struct binding own = active(ALICE, 1000, 21);
    const struct binding received = record(BINDING_RELEASED, ALICE, 1000, 20);
    struct binding out;

    (void)state;
    own.term = 3;
    assert_int_equal(merge(&own, &received, MERGE_UNSEEN, &out).result, MERGE_REWRITE);
    assert_int_equal(out.term, 1);
}

/* ---- what is written, and what is not ---- */

static void equal_contents_are_written_by_nobody(void **state)
{
    const struct binding older = active(ALICE, 1000, 20);
    const struct binding newer = active(ALICE, 1000, 21);
    struct binding out;

    (void)state;
    assert_int_equal(merge(&older, &newer, MERGE_UNSEEN, &out).result, MERGE_TOOK);
    assert_int_equal(out.version.ms, 21);
    assert_int_equal(merge(&newer, &older, MERGE_UNSEEN, &out).result, MERGE_KEPT);
}

static void an_older_record_with_other_contents_is_rewritten(void **state)
{
    const struct binding own = record(BINDING_FREE, ALICE, 10, 21);
    const struct binding received = active(BOB, 1000, 20);
    struct binding out;

    (void)state;
    /* Both know the outcome, yet the own version is higher: it takes a write above both. */
    assert_int_equal(merge(&own, &received, MERGE_UNSEEN, &out).result, MERGE_REWRITE);
    assert_true(binding_same_contents(&out, &received));
}

/* ---- the special modes ---- */

static void in_recover_records_are_taken_as_sent(void **state)
{
    const struct binding own = active(ALICE, 9000, 21);
    const struct binding received = record(BINDING_FREE, BOB, 10, 20);
    struct binding out;
    struct merge_outcome outcome = merge(&own, &received, MERGE_AS_SENT, &out);

    (void)state;
    assert_int_equal(outcome.result, MERGE_TOOK);
    assert_true(outcome.client_changed);
    assert_true(binding_same_contents(&out, &received));
    assert_int_equal(merge(&own, &own, MERGE_AS_SENT, &out).result, MERGE_IGNORED);
}

static void the_survivor_keeps_its_client_whatever_comes(void **state)
{
    const struct binding own = record(BINDING_FREE, ALICE, 10, 20);
    struct binding received = active(BOB, 9000, 21);
    struct binding out;
    struct merge_outcome outcome;

    (void)state;
    received.term = 9;
    outcome = merge(&own, &received, MERGE_SURVIVOR, &out);
    assert_int_equal(outcome.result, MERGE_REWRITE);
    assert_false(outcome.conflict);
    assert_false(outcome.client_changed);
    assert_true(binding_same_contents(&out, &own));
    assert_int_equal(out.term, 1);
}

static void the_survivor_without_a_client_takes_the_record(void **state)
{
    const struct binding own = binding_implied(ip4(WHERE));
    const struct binding received = active(BOB, 9000, 21);
    struct binding out;

    (void)state;
    assert_int_equal(merge(&own, &received, MERGE_SURVIVOR, &out).result, MERGE_TOOK);
}

static void the_survivor_joins_records_of_one_client(void **state)
{
    const struct binding own = active(ALICE, 1000, 20);
    const struct binding received = active(ALICE, 9000, 19);
    struct binding out;

    (void)state;
    merge(&own, &received, MERGE_SURVIVOR, &out);
    assert_int_equal(out.expires.ms, 9000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_written_in_knowledge_is_taken),
        cmocka_unit_test(a_duplicate_is_ignored),
        cmocka_unit_test(an_older_version_of_what_is_known_is_ignored),
        cmocka_unit_test(the_higher_term_wins_over_everything),
        cmocka_unit_test(a_held_address_wins_over_one_given_up),
        cmocka_unit_test(of_two_holders_the_later_lease_wins),
        cmocka_unit_test(with_equal_leases_the_higher_version_wins),
        cmocka_unit_test(of_two_free_records_the_higher_version_wins),
        cmocka_unit_test(an_own_record_that_stands_is_not_written_again),
        cmocka_unit_test(a_result_of_both_is_a_write_above_both),
        cmocka_unit_test(the_winner_of_a_conflict_keeps_the_later_expires),
        cmocka_unit_test(different_terms_are_no_conflict),
        cmocka_unit_test(the_joined_record_bears_the_term_of_its_client),
        cmocka_unit_test(a_record_without_client_never_wins_by_its_term),
        cmocka_unit_test(for_one_client_the_stronger_state_wins),
        cmocka_unit_test(for_one_client_the_longest_promise_stands),
        cmocka_unit_test(attributes_and_owner_come_from_the_higher_version),
        cmocka_unit_test(for_one_client_the_term_is_that_of_the_later_promise),
        cmocka_unit_test(with_equal_promises_the_rewritten_record_bears_the_lower_term),
        cmocka_unit_test(equal_contents_are_written_by_nobody),
        cmocka_unit_test(an_older_record_with_other_contents_is_rewritten),
        cmocka_unit_test(in_recover_records_are_taken_as_sent),
        cmocka_unit_test(the_survivor_keeps_its_client_whatever_comes),
        cmocka_unit_test(the_survivor_without_a_client_takes_the_record),
        cmocka_unit_test(the_survivor_joins_records_of_one_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
