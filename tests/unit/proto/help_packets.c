/* tests/unit/proto/help_packets.c */
#include "help_packets.h"

#include <stdio.h>
#include <stdlib.h>

/* ISC dhclient 4.4: asks by hardware address, names itself, long parameter request list. */
const char help_dhclient_discover[] =
    " 01 01 06 00 a1b2c3d4 0003 0000 00*16 525400123456 00*10 00*64 00*128 63825363"
    " 35 01 01"
    " 32 04 0a4d0014"
    " 0c 03 'db1'"
    " 37 0d 01 1c 02 03 0f 06 77 0c 2c 2f 1a 79 2a"
    " ff 00*31";

const char help_dhclient_request[] =
    " 01 01 06 00 a1b2c3d4 0003 0000 00*16 525400123456 00*10 00*64 00*128 63825363"
    " 35 01 03"
    " 36 04 0a4d0001"
    " 32 04 0a4d0014"
    " 0c 03 'db1'"
    " 37 0d 01 1c 02 03 0f 06 77 0c 2c 2f 1a 79 2a"
    " ff 00*25";

/* busybox udhcpc: client identifier, maximum size 576, vendor class. */
const char help_udhcpc_discover[] =
    " 01 01 06 00 9f3c0a51 0000 0000 00*16 02420a4d0063 00*10 00*64 00*128 63825363"
    " 35 01 01"
    " 3d 07 01 02420a4d0063"
    " 39 02 0240"
    " 37 07 01 03 06 0c 0f 1c 2a"
    " 3c 0c 'udhcp 1.35.0'"
    " ff 00*16";

/* Renewing: unicast, ciaddr filled in, no requested address and no server identifier. */
const char help_udhcpc_renew[] =
    " 01 01 06 00 9f3c0a52 0000 0000 0a4d0063 00*12 02420a4d0063 00*10 00*64 00*128 63825363"
    " 35 01 03"
    " 3d 07 01 02420a4d0063"
    " 39 02 0240"
    " 37 07 01 03 06 0c 0f 1c 2a"
    " 3c 0c 'udhcp 1.35.0'"
    " ff";

/* UEFI PXE firmware: broadcast flag, architecture 7, machine identifier, 548 bytes in all. */
const char help_pxe_discover[] =
    " 01 01 06 00 a89a60f1 0004 8000 00*16 525400abcdef 00*10 00*64 00*128 63825363"
    " 35 01 01"
    " 39 02 05c0"
    " 37 23 01 02 03 04 05 06 0c 0d 0f 11 12 16 17 1c 28 29 2a 2b 32 33 36 3a 3b 3c 42 43 61"
    " 80 81 82 83 84 85 86 87"
    " 61 11 00 a1b2c3d4e5f60718293a4b5c6d7e8f90"
    " 5e 03 01 03 10"
    " 5d 02 0007"
    " 3c 20 'PXEClient:Arch:00007:UNDI:003016'"
    " ff 00*194";

/* A relay on 10.78.3.1: circuit and remote id, link selection. */
const char help_relayed_discover[] =
    " 01 01 06 01 5e0c77aa 0001 0000 00*12 0a4e0301 525400123457 00*10 00*64 00*128 63825363"
    " 35 01 01"
    " 37 04 01 03 06 0f"
    " 52 1c 01 0a 'eth0/1/7:5' 02 06 0050569a0001 05 04 0a4e0300 0c 00"
    " ff";

/* BOOTP of 1985: no message type, 64 bytes of vendor field without End. */
const char help_bootp_request[] =
    " 01 01 06 00 00000007 0000 0000 00*16 08002b010203 00*10 00*64 00*128 63825363 00*60";

/* The options go on in file and sname. */
const char help_overloaded_ack[] =
    " 02 01 06 00 11223344 0000 0000 00*4 0a4d0014 00*8 525400123456 00*10"
    " 0c 03 'db1' ff 00*58"
    " 06 04 0a000035 0f 04 '.net' ff 00*115"
    " 63825363"
    " 35 01 05 34 01 03 0f 0b 'dc1.example' ff";

const char *const help_packets[] = {
    help_dhclient_discover, help_dhclient_request, help_udhcpc_discover,
    help_udhcpc_renew,      help_pxe_discover,     help_relayed_discover,
    help_bootp_request,     help_overloaded_ack,   NULL,
};

static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    assert_true(c >= 'a' && c <= 'f');
    return (unsigned)(c - 'a' + 10);
}

static void append(struct help_bytes *b, uint8_t byte, size_t times)
{
    assert_true(times <= sizeof b->data - b->size);
    memset(b->data + b->size, byte, times);
    b->size += times;
}

struct help_bytes help_hex(const char *text)
{
    struct help_bytes b = {.size = 0};

    while (*text != '\0') {
        if (*text == ' ') {
            text++;
        } else if (*text == '\'') {
            for (text++; *text != '\''; text++)
                append(&b, (uint8_t)*text, 1);
            text++;
        } else {
            const uint8_t byte = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
            size_t times = 1;

            text += 2;
            if (*text == '*') {
                char *end;

                times = strtoul(text + 1, &end, 10);
                text = end;
            }
            append(&b, byte, times);
        }
    }
    return b;
}

void help_assert_bytes(const uint8_t *bytes, size_t size, const char *text)
{
    const struct help_bytes expected = help_hex(text);

    assert_int_equal(size, expected.size);
    assert_memory_equal(bytes, expected.data, size);
}

enum dhcp4_decode help_decode_whole(const char *text, struct dhcp4_packet *packet)
{
    static struct help_bytes bytes;
    static struct dhcp4_scratch scratch;

    bytes = help_hex(text);
    return dhcp4_decode(help_span(&bytes), &scratch, packet);
}

enum dhcp4_decode help_decode(const char *options, struct dhcp4_packet *packet)
{
    char text[8192];
    const int size = snprintf(text, sizeof text, "%s%s", HELP_HEADER, options);

    assert_in_range(size, 1, sizeof text - 1);
    return help_decode_whole(text, packet);
}

/* xorshift64* */
uint32_t help_random_next(struct help_random *r)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (uint32_t)(r->state * 2685821657736338717u >> 32);
}

uint32_t help_random_below(struct help_random *r, uint32_t limit)
{
    return (uint32_t)((uint64_t)help_random_next(r) * limit >> 32);
}
