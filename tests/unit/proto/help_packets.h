/* tests/unit/proto/help_packets.h - bytes written down as text, and packets as clients send
 * them. */
#ifndef TWINDHCP_TESTS_UNIT_PROTO_HELP_PACKETS_H
#define TWINDHCP_TESTS_UNIT_PROTO_HELP_PACKETS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/dhcp4.h"

struct help_bytes {
    uint8_t data[4096];
    size_t size;
};

/* Reads "35 01 01", "00*64" (64 times 00) and 'text'; anything else fails the test. */
struct help_bytes help_hex(const char *text);

static inline struct span help_span(const struct help_bytes *b)
{
    return span_of(b->data, b->size);
}

/* 236 bytes of header and the cookie, as text: an Ethernet client that knows nothing yet. */
#define HELP_HEADER                                                                            \
    "01 01 06 00 11223344 0000 0000 00*16 525400123456 00*10 00*64 00*128 63825363 "

/* Fails the test unless `text` is what `bytes` holds. */
void help_assert_bytes(const uint8_t *bytes, size_t size, const char *text);

/* Decodes HELP_HEADER and these options; what `packet` borrows stays valid until the next call.
 */
enum dhcp4_decode help_decode(const char *options, struct dhcp4_packet *packet);
enum dhcp4_decode help_decode_whole(const char *text, struct dhcp4_packet *packet);

/* Packets as clients and relays send them. */
extern const char help_dhclient_discover[];
extern const char help_dhclient_request[];
extern const char help_udhcpc_discover[];
extern const char help_udhcpc_renew[];
extern const char help_pxe_discover[];
extern const char help_relayed_discover[];
extern const char help_bootp_request[];
extern const char help_overloaded_ack[];

/* All of the above; NULL at the end. */
extern const char *const help_packets[];

/* A small generator: the same numbers on every machine. */
struct help_random {
    uint64_t state; /* not 0 */
};
uint32_t help_random_next(struct help_random *r);
uint32_t help_random_below(struct help_random *r, uint32_t limit);

#endif
