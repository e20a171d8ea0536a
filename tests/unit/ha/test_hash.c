/* Whose client is it: RFC 3074 section 6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ha/hash.h"

#define KEY(text) span_of((text), sizeof(text) - 1)
/* A client key without option 61: tag 0, type Ethernet, hardware address. */
#define HW(text) KEY("\x00\x01" text)
/* ... and with it: tag 1, the option's data. */
#define ID(text) KEY("\x01" text)

/* The buckets were computed apart from this code, from the table in the RFC. */
static void known_clients_have_the_buckets_of_the_rfc(void **state)
{
    (void)state;
    assert_int_equal(hash_bucket(HW("\x52\x54\x00\x12\x34\x56")), 156);
    assert_int_equal(hash_bucket(HW("\x52\x54\x00\x12\x34\x57")), 174);
    assert_int_equal(hash_bucket(HW("\x02\x00\x00\x00\x00\x01")), 133);
    assert_int_equal(hash_bucket(HW("\xff\xff\xff\xff\xff\xff")), 79);
    assert_int_equal(hash_bucket(HW("\x00\x00\x00\x00\x00\x00")), 254);
    assert_int_equal(hash_bucket(ID("\x01\x52\x54\x00\x12\x34\x56")), 253);
    assert_int_equal(hash_bucket(ID("\xff\x01\x02")), 103);
    assert_int_equal(hash_bucket(ID("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd"
                                    "\xee\xff")),
                     17);
    assert_int_equal(hash_bucket(ID("db1.example.net")), 97);
}

static void the_longest_identifier_counts_whole(void **state)
{
    uint8_t key[256] = {1};

    (void)state;
    for (unsigned i = 0; i < 255; i++)
        key[1 + i] = (uint8_t)i;
    assert_int_equal(hash_bucket(span_of(key, sizeof(key))), 188);
}

/* One byte long, the hash is the permutation itself: 256 keys, 256 buckets. */
static void the_table_is_a_permutation(void **state)
{
    bool seen[256] = {false};

    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        const uint8_t key[2] = {1, (uint8_t)i};

        seen[hash_bucket(span_of(key, sizeof(key)))] = true;
    }
    for (unsigned i = 0; i < 256; i++)
        assert_true(seen[i]);
}

/* A client that sends its hardware address as identifier, with the type in front, hashes those
 * 7 bytes; the same card without identifier hashes 6. */
static void the_identifier_counts_before_the_hardware_address(void **state)
{
    (void)state;
    assert_int_equal(hash_bucket(ID("\x52\x54\x00\x12\x34\x56")),
                     hash_bucket(HW("\x52\x54\x00\x12\x34\x56")));
    assert_int_not_equal(hash_bucket(ID("\x01\x52\x54\x00\x12\x34\x56")),
                         hash_bucket(HW("\x52\x54\x00\x12\x34\x56")));
}

static void the_hardware_type_does_not_count(void **state)
{
    (void)state;
    assert_int_equal(hash_bucket(KEY("\x00\x06\x52\x54\x00\x12\x34\x56")),
                     hash_bucket(HW("\x52\x54\x00\x12\x34\x56")));
}

static void a_key_without_bytes_has_the_bucket_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(hash_bucket(HW("")), 0);
    assert_int_equal(hash_bucket(span_of(NULL, 0)), 0);
}

static size_t primaries(uint32_t split_percent)
{
    size_t count = 0;

    for (unsigned i = 0; i < 256; i++) {
        const uint8_t key[2] = {1, (uint8_t)i};

        count += hash_peer(span_of(key, sizeof(key)), split_percent) == ROLE_PRIMARY;
    }
    return count;
}

static void the_split_is_the_primarys_share_of_the_buckets(void **state)
{
    (void)state;
    assert_int_equal(primaries(0), 0);
    assert_int_equal(primaries(1), 2);
    assert_int_equal(primaries(50), 128);
    assert_int_equal(primaries(90), 230);
    assert_int_equal(primaries(99), 253);
    assert_int_equal(primaries(100), 256);
}

static void a_larger_split_takes_no_client_from_the_primary(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        const uint8_t bytes[2] = {1, (uint8_t)i};
        const struct span key = span_of(bytes, sizeof(bytes));

        for (uint32_t split = 1; split <= 100; split++) {
            if (hash_peer(key, split - 1) == ROLE_PRIMARY)
                assert_int_equal(hash_peer(key, split), ROLE_PRIMARY);
        }
    }
}

static void cards_of_one_maker_are_split_in_halves(void **state)
{
    unsigned count = 0;

    (void)state;
    for (unsigned i = 0; i < 4096; i++) {
        const uint8_t key[8] = {0, 1, 0x52, 0x54, 0, 0, (uint8_t)(i >> 8), (uint8_t)i};

        count += hash_peer(span_of(key, sizeof(key)), 50) == ROLE_PRIMARY;
    }
    assert_int_equal(count, 2048);
}

static void plain_secs_are_taken_as_they_are(void **state)
{
    (void)state;
    assert_int_equal(hash_client_secs(0), 0);
    assert_int_equal(hash_client_secs(4), 4);
    assert_int_equal(hash_client_secs(255), 255);
    assert_int_equal(hash_client_secs(257), 257);
    assert_int_equal(hash_client_secs(65535), 65535);
}

static void swapped_secs_are_turned_round(void **state)
{
    (void)state;
    assert_int_equal(hash_client_secs(0x0100), 1);
    assert_int_equal(hash_client_secs(0x0400), 4);
    assert_int_equal(hash_client_secs(0xff00), 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_clients_have_the_buckets_of_the_rfc),
        cmocka_unit_test(the_longest_identifier_counts_whole),
        cmocka_unit_test(the_table_is_a_permutation),
        cmocka_unit_test(the_identifier_counts_before_the_hardware_address),
        cmocka_unit_test(the_hardware_type_does_not_count),
        cmocka_unit_test(a_key_without_bytes_has_the_bucket_of_nothing),
        cmocka_unit_test(the_split_is_the_primarys_share_of_the_buckets),
        cmocka_unit_test(a_larger_split_takes_no_client_from_the_primary),
        cmocka_unit_test(cards_of_one_maker_are_split_in_halves),
        cmocka_unit_test(plain_secs_are_taken_as_they_are),
        cmocka_unit_test(swapped_secs_are_turned_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
