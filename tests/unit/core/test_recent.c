/* What was seen lately: counted within a window, forgotten when told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/core/recent.h"

#define KEY(text) span_of((text), sizeof(text) - 1)
#define ALICE                                                                                  \
    KEY("\x01"                                                                                 \
        "alice")
#define BOB                                                                                    \
    KEY("\x01"                                                                                 \
        "bob")
#define WINDOW 1000

static int set_up(void **state)
{
    *state = recent_new();
    return 0;
}

static int tear_down(void **state)
{
    recent_free(*state);
    return 0;
}

static unsigned note(struct recent *recent, struct span client, uint32_t xid, int64_t ms)
{
    return recent_note(recent, RECENT_REQUEST, client, xid, instant_ms(ms), WINDOW);
}

static unsigned count(const struct recent *recent, struct span client, uint32_t xid, int64_t ms)
{
    return recent_count(recent, RECENT_REQUEST, client, xid, instant_ms(ms), WINDOW);
}

static void what_is_noted_again_is_counted(void **state)
{
    assert_int_equal(count(*state, ALICE, 1, 5000), 0);
    assert_int_equal(note(*state, ALICE, 1, 5000), 1);
    assert_int_equal(note(*state, ALICE, 1, 5100), 2);
    assert_int_equal(note(*state, ALICE, 1, 5200), 3);
    assert_int_equal(count(*state, ALICE, 1, 5300), 3);
}

static void counting_changes_nothing(void **state)
{
    note(*state, ALICE, 1, 5000);
    assert_int_equal(count(*state, ALICE, 1, 5000), 1);
    assert_int_equal(count(*state, ALICE, 1, 5000), 1);
}

static void after_the_window_it_begins_anew(void **state)
{
    note(*state, ALICE, 1, 5000);
    note(*state, ALICE, 1, 5500);
    assert_int_equal(count(*state, ALICE, 1, 6000), 2);
    assert_int_equal(count(*state, ALICE, 1, 6001), 0);
    assert_int_equal(note(*state, ALICE, 1, 6001), 1);
}

static void clients_are_kept_apart(void **state)
{
    note(*state, ALICE, 1, 5000);
    assert_int_equal(count(*state, BOB, 1, 5000), 0);
}

static void transactions_are_kept_apart(void **state)
{
    note(*state, ALICE, 1, 5000);
    assert_int_equal(count(*state, ALICE, 2, 5000), 0);
    assert_int_equal(note(*state, ALICE, 2, 5000), 1);
}

static void kinds_are_kept_apart(void **state)
{
    note(*state, ALICE, 1, 5000);
    assert_int_equal(
        recent_count(*state, RECENT_PARTNER_NAK, ALICE, 1, instant_ms(5000), WINDOW), 0);
    assert_int_equal(recent_note(*state, RECENT_ENDED, ALICE, 1, instant_ms(5000), WINDOW), 1);
}

static void what_is_forgotten_was_never_seen(void **state)
{
    note(*state, ALICE, 1, 5000);
    note(*state, BOB, 1, 5000);
    recent_forget(*state, RECENT_REQUEST, ALICE, 1);
    assert_int_equal(count(*state, ALICE, 1, 5000), 0);
    assert_int_equal(count(*state, BOB, 1, 5000), 1);
    assert_int_equal(note(*state, ALICE, 1, 5000), 1);
}

static void to_forget_the_unknown_does_no_harm(void **state)
{
    note(*state, BOB, 1, 5000);
    recent_forget(*state, RECENT_REQUEST, ALICE, 1);
    assert_int_equal(count(*state, BOB, 1, 5000), 1);
}

/* Two clients that share a place would each be the other's first contact, for ever: among a
 * few thousand such pairs are many. */
static void clients_that_ask_at_the_same_time_are_all_remembered(void **state)
{
    enum { CLIENTS = 2000 };
    unsigned forgotten = 0;

    for (unsigned turn = 1; turn <= 3; turn++) {
        for (unsigned i = 0; i < CLIENTS; i++) {
            const uint8_t key[] = {1, (uint8_t)(i >> 8), (uint8_t)i};
            const unsigned seen = note(*state, span_of(key, sizeof(key)), 0, 5000 + turn);

            forgotten += turn == 3 && seen < 3;
        }
    }
    assert_int_equal(forgotten, 0);
}

/* A flood of clients may push out what is old, but never makes one client count for another: a
 * second REQUEST that is none would end in a DHCPNAK. */
static void a_flood_never_counts_one_client_for_another(void **state)
{
    for (uint32_t i = 0; i < 200000; i++) {
        uint8_t key[8] = {
            0, 1, 2, 0, (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

        assert_int_equal(note(*state, span_of(key, sizeof(key)), i, 5000), 1);
        assert_int_equal(count(*state, span_of(key, sizeof(key)), i, 5000), 1);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_noted_again_is_counted),
        TEST(counting_changes_nothing),
        TEST(after_the_window_it_begins_anew),
        TEST(clients_are_kept_apart),
        TEST(transactions_are_kept_apart),
        TEST(kinds_are_kept_apart),
        TEST(what_is_forgotten_was_never_seen),
        TEST(to_forget_the_unknown_does_no_harm),
        TEST(clients_that_ask_at_the_same_time_are_all_remembered),
        TEST(a_flood_never_counts_one_client_for_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
