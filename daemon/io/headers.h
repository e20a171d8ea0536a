/* daemon/io/headers.h - the IPv4 and UDP headers of a datagram that goes out without the
 * kernel's help. */
#ifndef TWINDHCP_DAEMON_IO_HEADERS_H
#define TWINDHCP_DAEMON_IO_HEADERS_H

#include "proto/types.h"

#define HEADERS_SIZE        28
#define HEADERS_PAYLOAD_MAX (65535 - HEADERS_SIZE)

struct headers_addresses {
    struct ip4 source, destination;
    uint16_t source_port, destination_port;
};

/* Headers with both checksums for `payload` (at most HEADERS_PAYLOAD_MAX bytes). */
void headers_encode(const struct headers_addresses *addresses, struct span payload,
                    uint8_t out[static HEADERS_SIZE]);

/* The internet checksum (RFC 1071) of at most 65535 bytes; 0 of what holds its own. */
uint16_t headers_checksum(struct span bytes);

#endif
