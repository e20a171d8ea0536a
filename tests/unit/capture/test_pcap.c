/* Capture files of both byte orders and both formats, written here byte by byte. */
#include "daemon/capture/pcap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define UDP_IN_IP                                                                              \
    "\x45\x00\x00\x20\x00\x00\x00\x00\x40\x11\x00\x00\x0a\x00\x00\x09\x0a\x00\x00\x01"         \
    "\x00\x44\x00\x43\x00\x0c\x00\x00"                                                         \
    "dhcp"
#define BIG_HEAD   "\xa1\xb2\xc3\xd4\x00\x02\x00\x04\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\x65"
#define BIG_PACKET "\x6a\xb1\x2c\x80\x00\x00\x03\xe8\0\0\0\x20\0\0\0\x20" UDP_IN_IP
#define LITTLE_NANO_HEAD                                                                       \
    "\x4d\x3c\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\xff\xff\0\0\x65\0\0\0"
#define LITTLE_NANO_PACKET "\x80\x2c\xb1\x6a\x40\x42\x0f\x00\x20\0\0\0\x20\0\0\0" UDP_IN_IP
/* Section header, interface (raw IP, microseconds), enhanced packet. */
#define NG_FILE                                                                                \
    "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"     \
    "\x1c\0\0\0"                                                                               \
    "\x01\0\0\0\x14\0\0\0\x65\0\0\0\0\0\0\0\x14\0\0\0"                                         \
    "\x06\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\xe8\x03\0\0\x20\0\0\0\x20\0\0\0" UDP_IN_IP           \
    "\x40\0\0\0"

static char path[] = "/tmp/twindhcp-capture-XXXXXX";

static struct capture *open_bytes(const char *bytes, size_t size, char *error)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    return capture_open(path, error);
}
#define OPEN(text, error) open_bytes(text, sizeof(text) - 1, error)

static void assert_one(struct capture *capture, int64_t ms)
{
    char error[CAPTURE_ERROR_SIZE];
    struct capture_packet packet;

    assert_non_null(capture);
    assert_int_equal(capture_next(capture, &packet, error), TD_OK);
    assert_int_equal(packet.number, 1);
    assert_int_equal(packet.when.ms, ms);
    assert_int_equal(packet.datagram.payload.size, 4);
    assert_int_equal(capture_next(capture, &packet, error), TD_NOT_FOUND);
    capture_close(capture);
}

static void both_byte_orders_and_resolutions_are_read(void **state)
{
    char error[CAPTURE_ERROR_SIZE] = "";

    (void)state;
    assert_one(OPEN(BIG_HEAD BIG_PACKET, error), 0x6ab12c80LL * 1000 + 1);
    assert_one(OPEN(LITTLE_NANO_HEAD LITTLE_NANO_PACKET, error), 0x6ab12c80LL * 1000 + 1);
}

static void pcapng_is_read(void **state)
{
    char error[CAPTURE_ERROR_SIZE] = "";

    (void)state;
    assert_one(OPEN(NG_FILE, error), 1);
}

static void a_file_that_breaks_off_says_so(void **state)
{
    static const char text[] = BIG_HEAD BIG_PACKET BIG_PACKET;
    char error[CAPTURE_ERROR_SIZE] = "";
    struct capture_packet packet;
    struct capture *capture = open_bytes(text, sizeof(text) - 5, error);

    (void)state;
    assert_non_null(capture);
    assert_int_equal(capture_next(capture, &packet, error), TD_OK);
    assert_int_equal(capture_next(capture, &packet, error), TD_MALFORMED);
    assert_non_null(strstr(error, "breaks off after packet 1"));
    capture_close(capture);
}

static void what_is_no_capture_is_refused(void **state)
{
    char error[CAPTURE_ERROR_SIZE] = "";

    (void)state;
    assert_null(OPEN("no capture at all, but long enough", error));
    assert_non_null(strstr(error, "cannot read the capture"));
    assert_null(capture_open("/nonexistent", error));
    assert_null(
        OPEN("\xa1\xb2\xc3\xd4\x00\x02\x00\x04\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\x69", error));
    assert_non_null(strstr(error, "link type 105"));
}

static int make_file(void **state)
{
    const int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_and_resolutions_are_read),
        cmocka_unit_test(pcapng_is_read),
        cmocka_unit_test(a_file_that_breaks_off_says_so),
        cmocka_unit_test(what_is_no_capture_is_refused),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
