#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/io/headers.h"
#include "daemon/io/raw.h"

#define LOOPBACK_INDEX 1 /* in every namespace */

static const struct reply offer = {
    .way = REPLY_FRAME,
    .interface = LOOPBACK_INDEX,
    .source = {0xc0000201u}, /* 192.0.2.1 and .99, for documentation: nobody receives them */
    .address = {0xc0000263u},
    .chaddr = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56},
    .hlen = 6,
    .packet = {(const uint8_t *)"a DHCPOFFER", 11},
};

static void a_frame_needs_an_interface_and_an_address_that_fits(void **state)
{
    struct reply reply = offer;

    (void)state;
    assert_true(raw_can_send(&reply));
    reply.hlen = 8;
    assert_true(raw_can_send(&reply));
    reply.hlen = 9;
    assert_false(raw_can_send(&reply));
    reply.hlen = 0;
    assert_false(raw_can_send(&reply));
    reply = offer;
    reply.interface = 0;
    assert_false(raw_can_send(&reply));
}

/* The listener hears all that passes the loopback.  Where that is not allowed the test is
 * skipped. */
static struct raw *open_both(int *listener)
{
    struct sockaddr_ll on = {.sll_family = AF_PACKET,
                             .sll_protocol = htons(ETH_P_ALL),
                             .sll_ifindex = LOOPBACK_INDEX};
    char error[256] = "";
    struct raw *raw = raw_open(error, sizeof error);

    if (raw == NULL) {
        assert_non_null(strstr(error, "CAP_NET_RAW"));
        skip();
    }
    *listener = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    assert_true(*listener >= 0);
    assert_int_equal(bind(*listener, (struct sockaddr *)&on, sizeof on), 0);
    return raw;
}

/* The next frame to the client's hardware address, without what else passes. */
static size_t next_frame(int listener, uint8_t *frame, size_t size)
{
    struct pollfd p = {.fd = listener, .events = POLLIN};

    while (poll(&p, 1, 2000) == 1) {
        ssize_t got = recv(listener, frame, size, 0);

        if (got >= (ssize_t)ETH_HLEN && memcmp(frame, offer.chaddr, ETH_ALEN) == 0)
            return (size_t)got;
    }
    return 0;
}

static void a_frame_goes_to_the_hardware_address_with_all_headers(void **state)
{
    struct headers_addresses addresses = {offer.source, offer.address, 67, 68};
    uint8_t frame[256], headers[HEADERS_SIZE];
    int listener;
    struct raw *raw = open_both(&listener);

    (void)state;
    raw_send(raw, &offer);
    raw_flush(raw);
    headers_encode(&addresses, offer.packet, headers);
    assert_int_equal(next_frame(listener, frame, sizeof frame),
                     ETH_HLEN + HEADERS_SIZE + offer.packet.size);
    assert_int_equal(frame[12] << 8 | frame[13], ETH_P_IP);
    assert_memory_equal(frame + ETH_HLEN, headers, sizeof headers);
    assert_memory_equal(frame + ETH_HLEN + HEADERS_SIZE, offer.packet.data, offer.packet.size);
    assert_int_equal(raw_counters(raw).sent, 1);
    close(listener);
    raw_close(raw);
}

static void more_frames_than_a_batch_all_leave_but_the_bad_one(void **state)
{
    struct reply bad = offer;
    int listener;
    struct raw *raw = open_both(&listener);

    (void)state;
    bad.interface = 0x7ffffff0; /* there is none with that index */
    for (int i = 0; i < 100; i++)
        raw_send(raw, i == 50 ? &bad : &offer);
    raw_flush(raw);
    assert_int_equal(raw_counters(raw).sent, 99);
    assert_int_equal(raw_counters(raw).dropped, 1);
    close(listener);
    raw_close(raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_needs_an_interface_and_an_address_that_fits),
        cmocka_unit_test(a_frame_goes_to_the_hardware_address_with_all_headers),
        cmocka_unit_test(more_frames_than_a_batch_all_leave_but_the_bad_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
