#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "help_io.h"
#include "help_link.h"

static int setup(void **state)
{
    *state = pair_new();
    return 0;
}

static int teardown(void **state)
{
    pair_free(*state);
    return 0;
}

struct wanted {
    struct end *end;
    size_t frames;
};

static bool frames_are_there(void *context)
{
    const struct wanted *wanted = context;

    return wanted->end->frames >= wanted->frames;
}

static void wait_for_frames(struct end *end, size_t frames)
{
    struct wanted wanted = {end, frames};

    help_run_until(&end->pair->loop, frames_are_there, &wanted);
}

static bool is_down(void *context)
{
    return !((struct end *)context)->is_up;
}

static bool both_were_down(void *context)
{
    const struct pair *pair = context;

    return pair->primary.downs > 0 && pair->secondary.downs > 0;
}

static void assert_orderly(const struct pair *pair)
{
    assert_int_equal(pair->primary.out_of_place, 0);
    assert_int_equal(pair->secondary.out_of_place, 0);
}

static void both_ends_come_up(void **state)
{
    struct pair *pair = *state;

    pair_open(pair);
    assert_int_equal(pair->primary.ups, 1);
    assert_int_equal(pair->secondary.ups, 1);
    assert_orderly(pair);
}

static void the_secondary_waits_for_a_primary_that_comes_later(void **state)
{
    struct pair *pair = *state;

    end_open(&pair->secondary);
    help_run_ms(&pair->loop, 300);
    assert_int_equal(pair->secondary.ups, 0);
    end_open(&pair->primary);
    pair_wait_until_up(pair);
    assert_orderly(pair);
}

static void frames_arrive_in_order_in_both_directions(void **state)
{
    struct pair *pair = *state;

    pair_open(pair);
    wait_for_frames(&pair->secondary, 1);
    for (uint32_t i = 1; i <= 500; i++) {
        end_send(&pair->primary, i, 100);
        end_send(&pair->secondary, i, 100);
    }
    wait_for_frames(&pair->primary, 501);
    wait_for_frames(&pair->secondary, 501);
    for (uint32_t i = 0; i <= 500; i++) {
        assert_int_equal(pair->primary.numbers[i], i);
        assert_int_equal(pair->secondary.numbers[i], i);
    }
    assert_orderly(pair);
}

/* One frame at a time: each arrival depends on ZeroMQ's descriptor having told of it. */
static void no_frame_is_left_lying(void **state)
{
    struct pair *pair = *state;
    size_t frames;

    pair_open(pair);
    wait_for_frames(&pair->secondary, 1);
    for (uint32_t i = 1; i <= 300; i++) {
        frames = pair->primary.frames;
        end_send(&pair->secondary, i, 8);
        wait_for_frames(&pair->primary, frames + 1);
        frames = pair->secondary.frames;
        end_send(&pair->primary, i, 8);
        wait_for_frames(&pair->secondary, frames + 1);
    }
    assert_orderly(pair);
}

static void the_largest_frame_passes(void **state)
{
    struct pair *pair = *state;

    pair_open(pair);
    end_send(&pair->secondary, 7, 1 << 20);
    wait_for_frames(&pair->primary, 2);
    assert_int_equal(pair->primary.last_size, 1 << 20);
}

static void nothing_is_sent_before_the_link_is_up(void **state)
{
    struct pair *pair = *state;

    end_open(&pair->primary);
    end_open(&pair->secondary);
    end_send(&pair->primary, 99, 8);
    end_send(&pair->secondary, 99, 8);
    pair_wait_until_up(pair);
    wait_for_frames(&pair->secondary, 1);
    assert_int_equal(pair->primary.numbers[0], 0);
    assert_int_equal(pair->secondary.numbers[0], 0);
}

static void assert_reset_ends_and_renews(struct pair *pair, struct end *resetting)
{
    pair_open(pair);
    wait_for_frames(&pair->secondary, 1);
    link_reset(resetting->link);
    end_send(resetting, 77, 8); /* belongs to the connection that is given up */
    help_run_until(&pair->loop, both_were_down, pair);
    pair_wait_until_up(pair);
    wait_for_frames(&pair->primary, 2);
    wait_for_frames(&pair->secondary, 2);
    assert_int_equal(pair->primary.downs, 1);
    assert_int_equal(pair->secondary.downs, 1);
    assert_int_equal(pair->primary.ups, 2);
    assert_int_equal(pair->secondary.ups, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pair->primary.numbers[i], 0);
        assert_int_equal(pair->secondary.numbers[i], 0);
    }
    assert_orderly(pair);
}

static void a_reset_by_the_primary_makes_a_new_connection(void **state)
{
    struct pair *pair = *state;

    assert_reset_ends_and_renews(pair, &pair->primary);
}

static void a_reset_by_the_secondary_makes_a_new_connection(void **state)
{
    struct pair *pair = *state;

    assert_reset_ends_and_renews(pair, &pair->secondary);
}

static void many_resets_leave_both_ends_up(void **state)
{
    struct pair *pair = *state;

    pair_open(pair);
    for (int i = 0; i < 20; i++) {
        link_reset(i % 3 == 0 ? pair->primary.link : pair->secondary.link);
        help_run_ms(&pair->loop, (uint64_t)(i % 5) * 20);
    }
    pair_wait_until_up(pair);
    wait_for_frames(&pair->primary, (size_t)pair->primary.ups);
    assert_orderly(pair);
}

static void a_partner_that_goes_is_noticed_at_once(void **state)
{
    struct pair *pair = *state;

    pair_open(pair);
    end_close(&pair->secondary);
    help_run_until(&pair->loop, is_down, &pair->primary);
    assert_int_equal(pair->primary.downs, 1);

    end_open(&pair->secondary);
    pair_wait_until_up(pair);
    end_close(&pair->primary);
    help_run_until(&pair->loop, is_down, &pair->secondary);
    assert_orderly(pair);
}

/* The host of the secondary died without a word and is back: its old connection still stands.
 */
static void a_newer_connection_takes_the_place_of_the_one_before(void **state)
{
    struct pair *pair = *state;
    struct end second = {.pair = pair, .role = ROLE_SECONDARY, .answers = false};

    pair_open(pair);
    end_open(&second);
    help_run_ms(&pair->loop, 200);
    assert_int_equal(pair->primary.ups, 1); /* it has said nothing yet */
    end_send(&second, 55, 8);
    wait_for_frames(&pair->primary, 2);
    assert_int_equal(pair->primary.downs, 1);
    assert_int_equal(pair->primary.ups, 2);
    assert_int_equal(pair->primary.numbers[1], 55);

    end_send(&pair->secondary, 66, 8); /* of the old one: never heard again */
    end_send(&second, 56, 8);
    wait_for_frames(&pair->primary, 3);
    help_run_ms(&pair->loop, 100);
    assert_int_equal(pair->primary.frames, 3);
    assert_int_equal(pair->primary.numbers[2], 56);
    end_close(&second);
    help_run_until(&pair->loop, is_down, &pair->primary);
    assert_int_equal(pair->primary.downs, 2);
    assert_orderly(pair);
}

/* Both loops are one here: while this test sends, nobody reads. */
static void a_partner_that_takes_no_more_is_dropped(void **state)
{
    struct pair *pair = *state;
    int downs = pair->secondary.downs;

    pair_open(pair);
    for (uint32_t i = 0; i < 20000 && pair->secondary.event[0] == '\0'; i++)
        end_send(&pair->secondary, i, 16384);
    assert_string_equal(pair->secondary.event, "link-full");
    help_run_until(&pair->loop, is_down, &pair->secondary);
    assert_int_equal(pair->secondary.downs, downs + 1);
    pair_wait_until_up(pair);
    assert_orderly(pair);
}

static void an_address_in_use_is_named(void **state)
{
    struct pair *pair = *state;
    struct end other = {.pair = pair, .role = ROLE_PRIMARY};
    const char *error;

    end_open(&pair->primary);
    error = end_open_fails(&other);
    assert_non_null(strstr(error, pair->address));
    assert_non_null(strstr(error, "is in use by another process"));
}

static void an_address_of_another_machine_is_named(void **state)
{
    struct pair *pair = *state;

    pair->config.nodes[ROLE_PRIMARY].link = "tcp://192.0.2.1:6470";
    assert_non_null(strstr(end_open_fails(&pair->primary),
                           "tcp://192.0.2.1:6470 is not an address of this machine"));
}

static void an_address_that_is_none_is_an_error_at_both_ends(void **state)
{
    struct pair *pair = *state;

    pair->config.nodes[ROLE_PRIMARY].link = "nonsense";
    assert_non_null(strstr(end_open_fails(&pair->primary), "nonsense cannot be opened"));
    assert_non_null(strstr(end_open_fails(&pair->secondary), "nonsense cannot be used"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_ends_come_up),
        TEST(the_secondary_waits_for_a_primary_that_comes_later),
        TEST(frames_arrive_in_order_in_both_directions),
        TEST(no_frame_is_left_lying),
        TEST(the_largest_frame_passes),
        TEST(nothing_is_sent_before_the_link_is_up),
        TEST(a_reset_by_the_primary_makes_a_new_connection),
        TEST(a_reset_by_the_secondary_makes_a_new_connection),
        TEST(many_resets_leave_both_ends_up),
        TEST(a_partner_that_goes_is_noticed_at_once),
        TEST(a_newer_connection_takes_the_place_of_the_one_before),
        TEST(a_partner_that_takes_no_more_is_dropped),
        TEST(an_address_in_use_is_named),
        TEST(an_address_of_another_machine_is_named),
        TEST(an_address_that_is_none_is_an_error_at_both_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
