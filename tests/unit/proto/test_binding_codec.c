/* The one encoding of a binding: what goes in comes out, and hostile bytes do no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/binding.h"

#define TEXT_SPAN(text) span_of((text), sizeof(text) - 1)
#define RECORD_MAX      (64 * 1024)

static struct stored_binding some_record(void)
{
    return (struct stored_binding){
        .binding =
            {
                .address = ip4(0x0a4d1010),
                .state = BINDING_ACTIVE,
                .owner = ROLE_SECONDARY,
                .term = 3,
                .version = {1000, 2, ROLE_SECONDARY},
                .cltt = {900},
                .expires = {5000},
                .client = TEXT_SPAN("\x00\x01\x52\x54\x00\x12\x34\x56"),
                .reserved = TEXT_SPAN("\x01zz"),
                .unsent = true,
                .htype = 1,
                .hlen = 6,
                .chaddr = {0x52, 0x54, 0, 0x12, 0x34, 0x56},
                .host_name = TEXT_SPAN("db1"),
                .relay_info = TEXT_SPAN("\x01\x04port"),
                .vendor_class = TEXT_SPAN("PXEClient"),
                .names = TEXT_SPAN("\x00\x07\x03\x03"
                                   "db1"),
            },
        .seq = 42,
    };
}

/* Every number as large as it may be, every span as long. */
static struct stored_binding largest_record(void)
{
    static const uint8_t bytes[BINDING_ATTRIBUTE_MAX];
    struct stored_binding r = some_record();

    r.seq = UINT64_MAX;
    r.binding.address = ip4(UINT32_MAX);
    r.binding.state = BINDING_ABANDONED;
    r.binding.term = UINT32_MAX;
    r.binding.version = (struct version){INT64_MAX / 8, UINT32_MAX, ROLE_SECONDARY};
    r.binding.cltt = r.binding.expires = instant_ms(INT64_MAX / 8);
    r.binding.client = r.binding.reserved = span_of(bytes, BINDING_CLIENT_MAX);
    r.binding.htype = 255;
    r.binding.hlen = 16;
    r.binding.host_name = r.binding.relay_info = r.binding.vendor_class =
        span_of(bytes, BINDING_ATTRIBUTE_MAX);
    return r;
}

static struct span encode(const struct stored_binding *record, uint8_t *out, size_t capacity)
{
    const size_t size = stored_binding_encode(record, out, capacity);

    assert_true(size <= binding_encoded_max(&record->binding));
    return span_of(out, size);
}

static void assert_same_record(const struct stored_binding *a, const struct stored_binding *b)
{
    assert_true(binding_same_contents(&a->binding, &b->binding));
    assert_int_equal(version_compare(a->binding.version, b->binding.version), 0);
    assert_int_equal(a->binding.term, b->binding.term);
    assert_int_equal(a->binding.unsent, b->binding.unsent);
    assert_int_equal(a->seq, b->seq);
}

/* With an arena of exactly the documented size, so that reading beyond it is seen. */
static void assert_round_trip(const struct stored_binding *record)
{
    static uint8_t bytes[RECORD_MAX];
    const struct span encoded = encode(record, bytes, sizeof(bytes));
    const size_t arena_size = 2 * encoded.size + 1024;
    uint8_t *arena = malloc(arena_size);
    struct stored_binding decoded;

    assert_non_null(arena);
    assert_int_equal(stored_binding_decode(encoded, arena, arena_size, &decoded), TD_OK);
    memset(bytes, 0xee, sizeof(bytes)); /* the result is in the arena alone */
    assert_same_record(&decoded, record);
    free(arena);
}

static void a_full_record_comes_back_as_it_was(void **state)
{
    const struct stored_binding record = some_record();

    (void)state;
    assert_round_trip(&record);
}

static void an_implied_record_comes_back_as_it_was(void **state)
{
    const struct stored_binding record = {.binding = binding_implied(ip4(0x0a000007))};

    (void)state;
    assert_round_trip(&record);
}

static void the_largest_record_comes_back_as_it_was(void **state)
{
    const struct stored_binding record = largest_record();

    (void)state;
    assert_round_trip(&record);
}

static void the_encoded_size_is_within_its_bound(void **state)
{
    static uint8_t bytes[RECORD_MAX];
    const struct stored_binding record = largest_record();
    const struct span encoded = encode(&record, bytes, binding_encoded_max(&record.binding));

    (void)state;
    assert_true(encoded.size > BINDING_ATTRIBUTE_MAX * 3 + BINDING_CLIENT_MAX * 2);
}

/* The bytes in every store of every release: a change here is a new format. */
static void the_encoding_is_stable(void **state)
{
    static const uint8_t want[] = {
        0x0d, 0x10, 0x10, 0x4d, 0x0a,             /* 1 address 10.77.16.16 */
        0x10, 0x01,                               /* 2 state ACTIVE */
        0x18, 0x01,                               /* 3 owner secondary */
        0x20, 0x03,                               /* 4 term */
        0x28, 0xe8, 0x07, 0x30, 0x02, 0x38, 0x01, /* 5 6 7 version 1000.2 of the secondary */
        0x40, 0x84, 0x07,                         /* 8 cltt 900 */
        0x48, 0x88, 0x27,                         /* 9 expires 5000 */
        0x52, 0x08, 0x00, 0x01, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56, /* 10 client */
        0x5a, 0x03, 0x01, 'z',  'z',                                /* 11 reserved */
        0x60, 0x01,                                                 /* 12 htype */
        0x6a, 0x06, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56,             /* 13 chaddr */
        0x72, 0x03, 'd',  'b',  '1',                                /* 14 host_name */
        0x7a, 0x06, 0x01, 0x04, 'p',  'o',  'r',  't',              /* 15 relay_info */
        0x82, 0x01, 0x09, 'P',  'X',  'E',  'C',  'l',  'i',  'e',  'n', 't', /* 16 */
        0xa2, 0x01, 0x07, 0x00, 0x07, 0x03, 0x03, 'd',  'b',  '1',            /* 20 names */
        0xf0, 0x01, 0x01,                                                     /* 30 unsent */
        0xf8, 0x01, 0x2a,                                                     /* 31 seq 42 */
    };
    uint8_t bytes[512];
    const struct stored_binding record = some_record();
    const struct span encoded = encode(&record, bytes, sizeof(bytes));

    (void)state;
    assert_int_equal(encoded.size, sizeof(want));
    assert_memory_equal(encoded.data, want, sizeof(want));
}

/* Decode some_record() with the encoded fields `extra` after it. */
static enum td_err decode_with(const uint8_t *extra, size_t extra_size)
{
    uint8_t bytes[512], arena[4096];
    const struct stored_binding record = some_record();
    struct span encoded = encode(&record, bytes, sizeof(bytes));
    struct stored_binding decoded = {.seq = 77};

    memcpy(bytes + encoded.size, extra, extra_size); /* of a field sent twice the last counts */
    encoded.size += extra_size;

    const enum td_err result = stored_binding_decode(encoded, arena, sizeof(arena), &decoded);

    if (result != TD_OK)
        assert_int_equal(decoded.seq, 77);
    return result;
}

static void numbers_out_of_range_are_malformed(void **state)
{
    static const uint8_t wrong[][12] = {
        {0x10, 0x04},                                                      /* state 4 */
        {0x10, 0xff, 0x01},                                                /* state 255 */
        {0x18, 0x02},                                                      /* owner 2 */
        {0x38, 0x02},                                                      /* writer 2 */
        {0x60, 0x80, 0x02},                                                /* htype 256 */
        {0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1}, /* version */
        {0x40, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1}, /* cltt -1 */
        {0x48, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},      /* expires */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        size_t size = 2;

        while ((wrong[i][size - 1] & 0x80) != 0)
            size++;
        assert_int_equal(decode_with(wrong[i], size), TD_MALFORMED);
    }
}

static void spans_out_of_range_are_malformed(void **state)
{
    uint8_t field[2 + 257] = {0x6a, 17}; /* chaddr of 17 bytes */
    static uint8_t host[3 + 4097] = {0x72, 0x81, 0x20};
    static uint8_t arena[16 * 1024];
    struct stored_binding decoded;

    (void)state;
    assert_int_equal(decode_with(field, 2 + 17), TD_MALFORMED);
    assert_int_equal(
        stored_binding_decode(span_of(host, sizeof(host)), arena, sizeof(arena), &decoded),
        TD_MALFORMED);

    uint8_t client[3 + 257] = {0x52, 0x81, 0x02};

    assert_int_equal(decode_with(client, sizeof(client)), TD_MALFORMED);
    client[0] = 0x5a; /* reserved */
    assert_int_equal(decode_with(client, sizeof(client)), TD_MALFORMED);
}

/* A newer release may have written more; an upgrade is done one peer at a time. */
static void unknown_fields_are_ignored(void **state)
{
    static const uint8_t unknown[] = {0xc0, 0x02, 0x05, 0xca, 0x02, 0x02, 'h', 'i'};

    (void)state;
    assert_int_equal(decode_with(unknown, sizeof(unknown)), TD_OK);
}

static void a_cut_record_never_reads_beyond_its_end(void **state)
{
    uint8_t bytes[512], arena[2048];
    const struct stored_binding record = some_record();
    const struct span encoded = encode(&record, bytes, sizeof(bytes));
    size_t refused = 0;

    (void)state;
    for (size_t size = 0; size < encoded.size; size++) {
        uint8_t *exact = malloc(size > 0 ? size : 1);
        struct stored_binding decoded;

        assert_non_null(exact);
        memcpy(exact, bytes, size);
        if (stored_binding_decode(span_of(exact, size), arena, sizeof(arena), &decoded) !=
            TD_OK)
            refused++;
        free(exact);
    }
    assert_true(refused > encoded.size / 2); /* the others end between two fields */
}

static void a_small_arena_is_an_error_and_no_overflow(void **state)
{
    uint8_t bytes[512];
    const struct stored_binding record = some_record();
    const struct span encoded = encode(&record, bytes, sizeof(bytes));
    bool fitted = false;

    (void)state;
    for (size_t size = 0; size < 128; size++) {
        uint8_t *arena = malloc(size > 0 ? size : 1);
        struct stored_binding decoded = {.seq = 77};

        assert_non_null(arena);
        if (stored_binding_decode(encoded, arena, size, &decoded) == TD_OK) {
            assert_same_record(&decoded, &record);
            fitted = true;
        } else {
            assert_false(fitted); /* what fitted a smaller one fits this one */
            assert_int_equal(decoded.seq, 77);
        }
        free(arena);
    }
    assert_true(fitted);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void assert_values_sound(const struct binding *b)
{
    assert_true(b->state <= BINDING_ABANDONED);
    assert_true(b->owner == ROLE_PRIMARY || b->owner == ROLE_SECONDARY);
    assert_true(b->version.writer == ROLE_PRIMARY || b->version.writer == ROLE_SECONDARY);
    assert_true(b->hlen <= 16);
    assert_true(b->client.size <= BINDING_CLIENT_MAX);
    assert_true(b->reserved.size <= BINDING_CLIENT_MAX);
    assert_true(b->cltt.ms >= 0 && b->expires.ms >= 0 && b->version.ms >= 0);
}

/* Whatever is accepted is in range, readable to its last byte, and encodes to what decodes to
 * the same again. */
static void mutated_records_are_refused_or_in_range(void **state)
{
    uint8_t original[512];
    const struct stored_binding record = some_record();
    const struct span encoded = encode(&record, original, sizeof(original));
    uint64_t seed = 0x5eed5eed5eed5eed;
    size_t accepted = 0, refused = 0;

    (void)state;
    for (int round = 0; round < 100000; round++) {
        const size_t size = 1 + next_random(&seed) % encoded.size;
        const size_t arena_size = 2 * size + 1024;
        uint8_t *bytes = malloc(size), *arena = malloc(arena_size);
        struct stored_binding decoded;

        assert_non_null(bytes);
        assert_non_null(arena);
        memcpy(bytes, original, size);
        for (uint64_t changes = next_random(&seed) % 4; changes > 0; changes--)
            bytes[next_random(&seed) % size] = (uint8_t)next_random(&seed);
        if (stored_binding_decode(span_of(bytes, size), arena, arena_size, &decoded) == TD_OK) {
            assert_values_sound(&decoded.binding);
            assert_round_trip(&decoded);
            accepted++;
        } else {
            refused++;
        }
        free(bytes);
        free(arena);
    }
    assert_true(accepted > 1000);
    assert_true(refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_record_comes_back_as_it_was),
        cmocka_unit_test(an_implied_record_comes_back_as_it_was),
        cmocka_unit_test(the_largest_record_comes_back_as_it_was),
        cmocka_unit_test(the_encoded_size_is_within_its_bound),
        cmocka_unit_test(the_encoding_is_stable),
        cmocka_unit_test(numbers_out_of_range_are_malformed),
        cmocka_unit_test(spans_out_of_range_are_malformed),
        cmocka_unit_test(unknown_fields_are_ignored),
        cmocka_unit_test(a_cut_record_never_reads_beyond_its_end),
        cmocka_unit_test(a_small_arena_is_an_error_and_no_overflow),
        cmocka_unit_test(mutated_records_are_refused_or_in_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
