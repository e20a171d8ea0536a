/* The pair's memory on disk: what is written reads back, damaged bytes are refused or harmless.
 */
#include "help_packets.h"

#include "proto/frame.h"

#define MUTATIONS 25000

static uint8_t arena[FRAME_ARENA_SIZE];

static struct pair_record some_pair_record(void)
{
    return (struct pair_record){
        .state = 5,
        .since = {1},
        .term = 2,
        .store_new = true,
        .store_id = 3,
        .partner_store_id = UINT64_MAX,
        .wait_until = {4},
        .partner_down_at = {5},
        .wait_passed = true,
        .heard_incarnation = 6,
        .heard_seq = 7,
        .partner_mclt_ms = 8,
        .mclt_wait_ms = 9,
        .own_mclt_ms = 21,
        .mclt_wait_until = {22},
        .restored = true,
        .contact = {10},
        .chain_count = 2,
        .chain = {{11, 12}, {13, 14}},
        .identifier_count = 1,
        .identifiers = {{0x0a4d0002}},
    };
}

static void a_pair_record_comes_back_as_it_was(void **state)
{
    const struct pair_record record = some_pair_record();
    struct pair_record out = {0};
    uint8_t bytes[PAIR_RECORD_SIZE_MAX];
    const size_t size = pair_record_encode(&record, bytes, sizeof(bytes));

    (void)state;
    assert_int_equal(pair_record_decode(span_of(bytes, size), arena, sizeof(arena), &out),
                     TD_OK);
    assert_int_equal(out.state, 5);
    assert_true(out.since.ms == 1 && out.term == 2 && out.store_new && out.store_id == 3);
    assert_true(out.partner_store_id == UINT64_MAX && out.wait_until.ms == 4);
    assert_true(out.partner_down_at.ms == 5 && out.wait_passed);
    assert_true(out.heard_incarnation == 6 && out.heard_seq == 7);
    assert_true(out.partner_mclt_ms == 8 && out.mclt_wait_ms == 9 && out.contact.ms == 10);
    assert_true(out.own_mclt_ms == 21 && out.mclt_wait_until.ms == 22 && out.restored);
    assert_int_equal(out.chain_count, 2);
    assert_memory_equal(out.chain, record.chain, 2 * sizeof(record.chain[0]));
    assert_int_equal(out.identifier_count, 1);
    assert_true(ip4_equal(out.identifiers[0], record.identifiers[0]));
}

static void the_largest_pair_record_fits_its_bound(void **state)
{
    struct pair_record record = some_pair_record(), out;
    uint8_t bytes[PAIR_RECORD_SIZE_MAX];
    size_t size;

    (void)state;
    record.chain_count = FRAME_CHAIN_MAX;
    for (size_t i = 0; i < FRAME_CHAIN_MAX; i++)
        record.chain[i] = (struct incarnation){UINT64_MAX, UINT64_MAX};
    record.identifier_count = FRAME_IDENTIFIERS_MAX;
    record.heard_seq = UINT64_MAX;
    record.contact = record.since = record.wait_until = instant_ms((INT64_C(1) << 50) - 1);
    size = pair_record_encode(&record, bytes, sizeof(bytes));
    assert_int_equal(pair_record_decode(span_of(bytes, size), arena, sizeof(arena), &out),
                     TD_OK);
    assert_int_equal(out.chain_count, FRAME_CHAIN_MAX);
}

static void the_small_records_come_back_as_they_were(void **state)
{
    const struct applied_record applied = {UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 2};
    const struct progress_record progress = {
        UINT64_MAX, UINT64_MAX - 1, {(INT64_C(1) << 50) - 1}};
    struct applied_record applied_out;
    struct progress_record progress_out;
    uint8_t bytes[64];
    size_t size;

    (void)state;
    size = applied_record_encode(&applied, bytes, APPLIED_RECORD_SIZE_MAX);
    assert_int_equal(
        applied_record_decode(span_of(bytes, size), arena, sizeof(arena), &applied_out), TD_OK);
    assert_memory_equal(&applied_out, &applied, sizeof(applied));
    size = progress_record_encode(&progress, bytes, PROGRESS_RECORD_SIZE_MAX);
    assert_int_equal(
        progress_record_decode(span_of(bytes, size), arena, sizeof(arena), &progress_out),
        TD_OK);
    assert_memory_equal(&progress_out, &progress, sizeof(progress));
}

static void mutated_records_are_read_or_refused(void **state)
{
    struct help_random random = {20240302};
    size_t read = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < MUTATIONS; i++) {
        const struct pair_record record = some_pair_record();
        uint8_t bytes[PAIR_RECORD_SIZE_MAX];
        size_t size = pair_record_encode(&record, bytes, sizeof(bytes));
        struct pair_record out;
        struct applied_record applied;
        struct progress_record progress;
        enum td_err err;

        for (uint32_t n = 1 + help_random_below(&random, 4); n > 0; n--)
            bytes[help_random_below(&random, (uint32_t)size)] ^=
                (uint8_t)(1u << help_random_below(&random, 8));
        err = pair_record_decode(span_of(bytes, size), arena, sizeof(arena), &out);
        if (err == TD_OK)
            assert_true(out.chain_count <= FRAME_CHAIN_MAX &&
                        out.identifier_count <= FRAME_IDENTIFIERS_MAX &&
                        out.wait_until.ms >= 0);
        *(err == TD_OK ? &read : &refused) += 1;
        err = applied_record_decode(span_of(bytes, size), arena, sizeof(arena), &applied);
        assert_true(err == TD_OK || err == TD_MALFORMED);
        err = progress_record_decode(span_of(bytes, size), arena, sizeof(arena), &progress);
        assert_true(err == TD_MALFORMED || progress.clock.ms >= 0);
    }
    assert_true(read > 0 && refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_record_comes_back_as_it_was),
        cmocka_unit_test(the_largest_pair_record_fits_its_bound),
        cmocka_unit_test(the_small_records_come_back_as_they_were),
        cmocka_unit_test(mutated_records_are_read_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
