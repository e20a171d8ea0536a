#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/bench/load/frame.h"
#include "tests/bench/load/message.h"

#define CLIENT  0x01020304U
#define ADDRESS ip4(0x0a401001)
#define SERVER  ip4(0x0a4d0002)
#define RELAY   ip4(0x0a4d0004)

/* The project's own decoder reads what we send as what we meant. */
static void requests_say_what_they_mean(void **state)
{
    static const struct {
        enum request_kind kind;
        enum dhcp4_type type;
        bool requested, server, ciaddr;
    } rows[] = {
        {REQUEST_DISCOVER, DHCP4_DISCOVER, false, false, false},
        {REQUEST_SELECTING, DHCP4_REQUEST, true, true, false},
        {REQUEST_RENEWING, DHCP4_REQUEST, false, false, true},
        {REQUEST_REBINDING, DHCP4_REQUEST, false, false, true},
        {REQUEST_REBOOTING, DHCP4_REQUEST, true, false, false},
        {REQUEST_RELEASE, DHCP4_RELEASE, false, true, true},
    };
    static struct dhcp4_scratch scratch;
    static struct dhcp4_packet packet;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct request request = {rows[i].kind, CLIENT, 99, 5, ADDRESS, SERVER, RELAY};
        uint8_t bytes[MESSAGE_SIZE];

        message_write(&request, bytes);
        assert_int_equal(dhcp4_decode(span_of(bytes, sizeof bytes), &scratch, &packet),
                         DHCP4_DECODED);
        assert_int_equal(packet.type, rows[i].type);
        assert_int_equal(packet.xid, 99);
        assert_int_equal(packet.secs, 5);
        assert_int_equal(packet.hops, 1);
        assert_int_equal(packet.giaddr.value, RELAY.value);
        assert_memory_equal(packet.chaddr, "\x02\0\1\2\3\4", 6);
        assert_int_equal(packet.option[OPTION_CLIENT_IDENTIFIER].size, 7);
        assert_int_equal(packet.ciaddr.value, rows[i].ciaddr ? ADDRESS.value : 0);
        assert_int_equal(dhcp4_option_ip4(&packet, OPTION_REQUESTED_ADDRESS).value,
                         rows[i].requested ? ADDRESS.value : 0);
        assert_int_equal(dhcp4_option_ip4(&packet, OPTION_SERVER_IDENTIFIER).value,
                         rows[i].server ? SERVER.value : 0);
    }
}

static size_t write_reply(uint8_t out[static DHCP4_MAX_SIZE])
{
    struct dhcp4_reply_header header = {.htype = 1,
                                        .hlen = 6,
                                        .xid = 99,
                                        .yiaddr = ADDRESS,
                                        .giaddr = RELAY,
                                        .chaddr = {2, 0, 1, 2, 3, 4}};
    struct dhcp4_writer writer;

    dhcp4_writer_init(&writer, &header, 0);
    dhcp4_writer_add_u8(&writer, OPTION_MESSAGE_TYPE, DHCP4_ACK);
    dhcp4_writer_add_ip4(&writer, OPTION_SERVER_IDENTIFIER, SERVER);
    dhcp4_writer_add_u32(&writer, OPTION_LEASE_TIME, 3600);
    dhcp4_writer_add_ip4(&writer, OPTION_SUBNET_MASK, ip4(0xfff00000));
    return dhcp4_writer_finish(&writer, out, DHCP4_MAX_SIZE);
}

static void replies_are_read(void **state)
{
    uint8_t bytes[DHCP4_MAX_SIZE];
    struct reply reply;

    (void)state;
    assert_true(message_read(span_of(bytes, write_reply(bytes)), &reply));
    assert_int_equal(reply.op, DHCP4_BOOTREPLY);
    assert_int_equal(reply.type, DHCP4_ACK);
    assert_int_equal(reply.xid, 99);
    assert_int_equal(reply.client, CLIENT);
    assert_int_equal(reply.yiaddr.value, ADDRESS.value);
    assert_int_equal(reply.giaddr.value, RELAY.value);
    assert_true(reply.has_lease_time && reply.has_server_id && reply.has_subnet_mask);
    assert_int_equal(reply.lease_time_s, 3600);
    assert_int_equal(reply.server_id.value, SERVER.value);
    assert_int_equal(reply.subnet_mask.value, 0xfff00000);
}

/* Cut anywhere within its options, a reply is refused. */
static void damaged_replies_are_refused(void **state)
{
    uint8_t bytes[DHCP4_MAX_SIZE];
    size_t end, size = write_reply(bytes);
    struct reply reply;

    (void)state;
    for (end = DHCP4_HEADER_SIZE; bytes[end] != OPTION_END; end += 2U + bytes[end + 1])
        ;
    for (size_t cut = 0; cut <= end; cut++)
        assert_false(message_read(span_of(bytes, cut), &reply));
    assert_true(message_read(span_of(bytes, end + 1), &reply));
    bytes[DHCP4_HEADER_SIZE - 1] ^= 1; /* the magic cookie */
    assert_false(message_read(span_of(bytes, size), &reply));
}

static void foreign_hardware_is_no_client(void **state)
{
    uint8_t bytes[DHCP4_MAX_SIZE];
    struct reply reply;
    size_t size = write_reply(bytes);

    (void)state;
    bytes[28] = 0x52;
    assert_true(message_read(span_of(bytes, size), &reply));
    assert_int_equal(reply.client, MESSAGE_NO_CLIENT);
}

static uint32_t sum_words(const uint8_t *bytes, size_t size, uint32_t sum)
{
    for (size_t i = 0; i < size; i += 2)
        sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

/* A sum over a field and its checksum is all ones (RFC 1071). */
static void frames_have_right_checksums(void **state)
{
    struct frame_route route = {.from = ADDRESS, .to = SERVER};
    uint8_t frame[FRAME_HEADERS + MESSAGE_SIZE];
    struct request request = {REQUEST_RENEWING, CLIENT, 99, 5, ADDRESS, SERVER, ip4(0)};
    uint32_t pseudo;

    (void)state;
    message_write(&request, frame + FRAME_HEADERS);
    frame_write_headers(&route, frame + FRAME_HEADERS, frame);
    assert_int_equal(sum_words(frame + 14, 20, 0), 0xffff);
    pseudo = sum_words(frame + 26, 8, 17 + 8 + MESSAGE_SIZE);
    assert_int_equal(sum_words(frame + 34, 8 + MESSAGE_SIZE, pseudo), 0xffff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_say_what_they_mean),
        cmocka_unit_test(replies_are_read),
        cmocka_unit_test(damaged_replies_are_refused),
        cmocka_unit_test(foreign_hardware_is_no_client),
        cmocka_unit_test(frames_have_right_checksums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
