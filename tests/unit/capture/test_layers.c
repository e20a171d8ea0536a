/* Link, IPv4 and UDP headers of captured packets. */
#include "daemon/capture/layers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PAYLOAD "dhcp"
/* 10.0.0.9:68 to 10.0.0.1:67, four bytes of payload. */
#define UDP_IN_IP                                                                              \
    "\x45\x00\x00\x20\x00\x00\x00\x00\x40\x11\x00\x00\x0a\x00\x00\x09\x0a\x00\x00\x01"         \
    "\x00\x44\x00\x43\x00\x0c\x00\x00" PAYLOAD
#define MACS        "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x09"
#define BYTES(text) span_of(text, sizeof(text) - 1)

static void assert_found(enum capture_link link, struct span bytes)
{
    struct captured found;

    assert_int_equal(capture_decode(link, bytes, &found), CAPTURE_DHCP);
    assert_int_equal(found.source.value, 0x0a000009);
    assert_int_equal(found.destination.value, 0x0a000001);
    assert_int_equal(found.source_port, 68);
    assert_int_equal(found.destination_port, 67);
    assert_true(span_equal(found.payload, BYTES(PAYLOAD)));
}

static void assert_not(enum capture_found kind, enum capture_link link, struct span bytes)
{
    struct captured found = {.source_port = 7};

    assert_int_equal(capture_decode(link, bytes, &found), kind);
    assert_int_equal(found.source_port, 7);
}

static void every_link_leads_to_the_datagram(void **state)
{
    (void)state;
    assert_found(CAPTURE_IP, BYTES(UDP_IN_IP));
    assert_found(CAPTURE_ETHERNET, BYTES(MACS "\x08\x00" UDP_IN_IP));
    assert_found(CAPTURE_SLL, BYTES("\x00\x00\x00\x01\x00\x06\x02\x00\x00\x00\x00\x09\x00\x00"
                                    "\x08\x00" UDP_IN_IP));
    assert_found(CAPTURE_SLL2, BYTES("\x08\x00\x00\x00\x00\x00\x00\x02\x00\x01\x00\x06"
                                     "\x02\x00\x00\x00\x00\x09\x00\x00" UDP_IN_IP));
}

static void vlan_tags_are_passed_over_up_to_four(void **state)
{
    (void)state;
    assert_found(CAPTURE_ETHERNET, BYTES(MACS "\x81\x00\x00\x0a\x08\x00" UDP_IN_IP));
    assert_found(CAPTURE_ETHERNET,
                 BYTES(MACS "\x88\xa8\x00\x0a\x81\x00\x00\x0b\x08\x00" UDP_IN_IP));
    assert_not(CAPTURE_OTHER, CAPTURE_ETHERNET,
               BYTES(MACS "\x81\x00\x00\x0a\x81\x00\x00\x0a\x81\x00\x00\x0a\x81\x00\x00\x0a"
                          "\x81\x00\x00\x0a\x08\x00" UDP_IN_IP));
}

/* Ethernet pads short packets. */
static void what_follows_the_ip_packet_is_no_part_of_it(void **state)
{
    (void)state;
    assert_found(CAPTURE_ETHERNET, BYTES(MACS "\x08\x00" UDP_IN_IP "\x00\x00\x00\x00\x00"));
}

static void options_of_ip_are_passed_over(void **state)
{
    (void)state;
    assert_found(CAPTURE_IP,
                 BYTES("\x46\x00\x00\x24\x00\x00\x00\x00\x40\x11\x00\x00\x0a\x00\x00\x09"
                       "\x0a\x00\x00\x01\x01\x01\x01\x00"
                       "\x00\x44\x00\x43\x00\x0c\x00\x00" PAYLOAD));
}

static void a_fragment_is_told_apart(void **state)
{
    uint8_t bytes[] = UDP_IN_IP;

    (void)state;
    bytes[6] = 0x20; /* more fragments */
    assert_not(CAPTURE_FRAGMENT, CAPTURE_IP, span_of(bytes, sizeof(bytes) - 1));
    bytes[6] = 0;
    bytes[7] = 1; /* not the first */
    assert_not(CAPTURE_FRAGMENT, CAPTURE_IP, span_of(bytes, sizeof(bytes) - 1));
    bytes[6] = 0x40; /* don't fragment */
    bytes[7] = 0;
    assert_found(CAPTURE_IP, span_of(bytes, sizeof(bytes) - 1));
}

static void other_packets_are_not_dhcp(void **state)
{
    uint8_t bytes[] = UDP_IN_IP;
    const struct span ip = span_of(bytes, sizeof(bytes) - 1);

    (void)state;
    assert_not(CAPTURE_OTHER, CAPTURE_ETHERNET, BYTES(MACS "\x08\x06" UDP_IN_IP)); /* ARP */
    bytes[21] = bytes[23] = 53;
    assert_not(CAPTURE_OTHER, CAPTURE_IP, ip);
    bytes[9] = 6; /* TCP */
    assert_not(CAPTURE_OTHER, CAPTURE_IP, ip);
    bytes[0] = 0x65;
    assert_not(CAPTURE_OTHER, CAPTURE_IP, ip);
}

static void a_packet_cut_anywhere_is_damaged(void **state)
{
    const struct span whole = BYTES(MACS "\x08\x00" UDP_IN_IP);

    (void)state;
    for (size_t size = 0; size < whole.size; size++)
        assert_not(CAPTURE_DAMAGED, CAPTURE_ETHERNET, span_of(whole.data, size));
}

static void lengths_that_contradict_each_other_are_damage(void **state)
{
    uint8_t bytes[] = UDP_IN_IP;
    const struct span ip = span_of(bytes, sizeof(bytes) - 1);

    (void)state;
    bytes[25] = 7; /* UDP shorter than its header */
    assert_not(CAPTURE_DAMAGED, CAPTURE_IP, ip);
    bytes[25] = 13; /* longer than the IP packet */
    assert_not(CAPTURE_DAMAGED, CAPTURE_IP, ip);
    bytes[25] = 12;
    bytes[3] = 19; /* IP shorter than its header */
    assert_not(CAPTURE_DAMAGED, CAPTURE_IP, ip);
    bytes[3] = 0x20;
    bytes[0] = 0x44; /* a header of 16 bytes */
    assert_not(CAPTURE_DAMAGED, CAPTURE_IP, ip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_link_leads_to_the_datagram),
        cmocka_unit_test(vlan_tags_are_passed_over_up_to_four),
        cmocka_unit_test(what_follows_the_ip_packet_is_no_part_of_it),
        cmocka_unit_test(options_of_ip_are_passed_over),
        cmocka_unit_test(a_fragment_is_told_apart),
        cmocka_unit_test(other_packets_are_not_dhcp),
        cmocka_unit_test(a_packet_cut_anywhere_is_damaged),
        cmocka_unit_test(lengths_that_contradict_each_other_are_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
