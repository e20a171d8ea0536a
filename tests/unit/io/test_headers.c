#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/io/headers.h"

static const struct headers_addresses from_server = {
    .source = {0x0a4d0001},      /* 10.77.0.1 */
    .destination = {0x0a4d0063}, /* 10.77.0.99 */
    .source_port = 67,
    .destination_port = 68,
};

/* Computed by another program. */
static void headers_bear_both_checksums(void **state)
{
    static const uint8_t wanted[HEADERS_SIZE] = {
        0x45, 0x00, 0x00, 0x21, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x25, 0xcf, 0x0a, 0x4d,
        0x00, 0x01, 0x0a, 0x4d, 0x00, 0x63, 0x00, 0x43, 0x00, 0x44, 0x00, 0x0d, 0xa2, 0x83,
    };
    uint8_t out[HEADERS_SIZE];

    (void)state;
    headers_encode(&from_server, span_of("offer", 5), out);
    assert_memory_equal(out, wanted, sizeof wanted);
}

/* RFC 768: a sum of zero is sent as all ones, for zero means "no checksum". */
static void a_udp_checksum_is_never_zero(void **state)
{
    static const uint8_t payload[] = {0xea, 0x55}; /* makes the sum zero */
    uint8_t out[HEADERS_SIZE];

    (void)state;
    headers_encode(&from_server, span_of(payload, sizeof payload), out);
    assert_int_equal(out[26], 0xff);
    assert_int_equal(out[27], 0xff);
}

/* The receiver's check: the sum over everything, checksum included, is all ones. */
static uint32_t sum_of(const uint8_t *bytes, size_t size)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < size; i++)
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static void the_largest_payload_checks_out(void **state)
{
    static uint8_t
        packet[12 + 8 + HEADERS_PAYLOAD_MAX]; /* pseudo header, UDP header, payload */
    uint8_t out[HEADERS_SIZE];
    size_t udp_size = 8 + HEADERS_PAYLOAD_MAX;

    (void)state;
    memset(packet + 20, 0xff, HEADERS_PAYLOAD_MAX);
    headers_encode(&from_server, span_of(packet + 20, HEADERS_PAYLOAD_MAX), out);
    assert_int_equal(sum_of(out, 20), 0xffff);
    memcpy(packet, out + 12, 8);
    packet[9] = 17;
    packet[10] = (uint8_t)(udp_size >> 8);
    packet[11] = (uint8_t)udp_size;
    memcpy(packet + 12, out + 20, 8);
    assert_int_equal(sum_of(packet, sizeof packet), 0xffff);
}

static void an_empty_payload_is_fine(void **state)
{
    uint8_t out[HEADERS_SIZE];

    (void)state;
    headers_encode(&from_server, span_of(NULL, 0), out);
    assert_int_equal(out[3], 28);
    assert_int_equal(out[25], 8);
    assert_int_equal(sum_of(out, 20), 0xffff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_bear_both_checksums),
        cmocka_unit_test(a_udp_checksum_is_never_zero),
        cmocka_unit_test(the_largest_payload_checks_out),
        cmocka_unit_test(an_empty_payload_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
