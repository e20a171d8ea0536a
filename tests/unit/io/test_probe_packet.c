/* What counts as an answer to a probe, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/io/headers.h"
#include "daemon/io/probe_packet.h"

#define HEADER 20

static const struct probe_echo sent = {.id = 0x1234,
                                       .sequence = 5,
                                       .token = UINT64_C(0xa1b2c3d4e5f60718),
                                       .number = 77,
                                       .address = {0xc0000263}};
static const uint8_t own[PROBE_MAC_SIZE] = {2, 0, 0, 0, 0, 1};
static const uint8_t other[PROBE_MAC_SIZE] = {2, 0, 0, 0, 0, 2};

static void set_checksum(uint8_t *icmp)
{
    uint16_t sum;

    icmp[2] = icmp[3] = 0;
    sum = headers_checksum(span_of(icmp, PROBE_ECHO_SIZE));
    icmp[2] = (uint8_t)(sum >> 8);
    icmp[3] = (uint8_t)sum;
}

/* The reply of 192.0.2.99, in an IPv4 packet without options. */
static void make_reply(uint8_t packet[static HEADER + PROBE_ECHO_SIZE])
{
    memset(packet, 0, HEADER);
    packet[0] = 0x45;
    packet[9] = 1;
    packet[12] = 0xc0;
    packet[14] = 0x02;
    packet[15] = 0x63;
    probe_echo_encode(&sent, packet + HEADER);
    packet[HEADER] = 0;
    set_checksum(packet + HEADER);
}

static bool is_answer(const uint8_t *packet, size_t size)
{
    struct probe_echo echo;

    return probe_echo_decode(span_of(packet, size), sent.id, sent.token, &echo);
}

static void an_echo_request_is_as_the_rfc_says(void **state)
{
    static const uint8_t expected[PROBE_ECHO_SIZE] = {
        8,    0,    0, 0, 0x12, 0x34, 0, 5, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6,
        0x07, 0x18, 0, 0, 0,    0,    0, 0, 0,    77,   0xc0, 0,    2,    0x63};
    uint8_t bytes[PROBE_ECHO_SIZE];

    (void)state;
    probe_echo_encode(&sent, bytes);
    assert_int_equal(headers_checksum(span_of(bytes, sizeof(bytes))), 0);
    bytes[2] = bytes[3] = 0; /* the checksum, seen to be right */
    assert_memory_equal(bytes, expected, sizeof(expected));
}

static void its_reply_is_an_answer_for_the_address_that_sends_it(void **state)
{
    uint8_t packet[HEADER + PROBE_ECHO_SIZE];
    struct probe_echo echo;

    (void)state;
    make_reply(packet);
    assert_true(probe_echo_decode(span_of(packet, sizeof(packet)), sent.id, sent.token, &echo));
    assert_int_equal(echo.number, 77);
    assert_int_equal(echo.address.value, sent.address.value);
}

static void a_reply_that_differs_in_anything_is_none(void **state)
{
    static const size_t places[] = {0,          9,           12,          15,
                                    HEADER + 0, HEADER + 1,  HEADER + 4,  HEADER + 5,
                                    HEADER + 8, HEADER + 15, HEADER + 24, HEADER + 27};
    uint8_t packet[HEADER + PROBE_ECHO_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        make_reply(packet);
        packet[places[i]] ^= 0x10;
        if (places[i] > HEADER)
            set_checksum(packet + HEADER); /* whoever forges can sum up */
        assert_false(is_answer(packet, sizeof(packet)));
    }
    make_reply(packet);
    packet[HEADER + 2] ^= 1;
    assert_false(is_answer(packet, sizeof(packet)));
}

static void a_packet_that_is_cut_off_is_none(void **state)
{
    uint8_t packet[HEADER + PROBE_ECHO_SIZE];

    (void)state;
    make_reply(packet);
    for (size_t size = 0; size < sizeof(packet); size++)
        assert_false(is_answer(packet, size));
    packet[0] = 0x4f; /* a header of 60 bytes */
    assert_false(is_answer(packet, sizeof(packet)));
}

static void an_arp_probe_teaches_nobody_an_address(void **state)
{
    static const uint8_t expected[PROBE_ARP_SIZE] = {0, 1, 8, 0, 6,    4, 0, 1,   2, 0,
                                                     0, 0, 0, 1, 0,    0, 0, 0,   0, 0,
                                                     0, 0, 0, 0, 0xc0, 0, 2, 0x63};
    uint8_t bytes[PROBE_ARP_SIZE];

    (void)state;
    probe_arp_encode(own, sent.address, bytes);
    assert_memory_equal(bytes, expected, sizeof(expected));
}

static void make_arp_reply(uint8_t packet[static PROBE_ARP_SIZE])
{
    probe_arp_encode(other, ip4(0), packet);
    packet[7] = 2;
    packet[14] = 0xc0;
    packet[16] = 2;
    packet[17] = 0x63;
    memcpy(packet + 18, own, sizeof(own));
}

static void an_arp_reply_says_who_has_the_address(void **state)
{
    uint8_t packet[PROBE_ARP_SIZE + 18] = {0}, mac[PROBE_MAC_SIZE];
    struct ip4 address;

    (void)state;
    make_arp_reply(packet);
    assert_true(probe_arp_decode(span_of(packet, sizeof(packet)), own, &address, mac));
    assert_int_equal(address.value, sent.address.value);
    assert_memory_equal(mac, other, sizeof(mac));
}

static void an_arp_packet_that_is_no_reply_to_us_is_none(void **state)
{
    static const size_t places[] = {0, 2, 4, 5, 7, 18, 23};
    uint8_t packet[PROBE_ARP_SIZE], mac[PROBE_MAC_SIZE];
    struct ip4 address;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        make_arp_reply(packet);
        packet[places[i]] ^= 0x10;
        assert_false(probe_arp_decode(span_of(packet, sizeof(packet)), own, &address, mac));
    }
    make_arp_reply(packet);
    for (size_t size = 0; size < sizeof(packet); size++)
        assert_false(probe_arp_decode(span_of(packet, size), own, &address, mac));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_echo_request_is_as_the_rfc_says),
        cmocka_unit_test(its_reply_is_an_answer_for_the_address_that_sends_it),
        cmocka_unit_test(a_reply_that_differs_in_anything_is_none),
        cmocka_unit_test(a_packet_that_is_cut_off_is_none),
        cmocka_unit_test(an_arp_probe_teaches_nobody_an_address),
        cmocka_unit_test(an_arp_reply_says_who_has_the_address),
        cmocka_unit_test(an_arp_packet_that_is_no_reply_to_us_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
