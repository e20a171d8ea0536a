/* tests/bench/load/message.h - what our clients send, and what they read of a reply.
 *
 * Written apart from the server's codec, so that a mistake in one is not excused by the other.
 */
#ifndef TWINDHCP_BENCH_MESSAGE_H
#define TWINDHCP_BENCH_MESSAGE_H

#include "proto/dhcp4.h"

#define MESSAGE_SIZE 300 /* every request is padded to a BOOTP packet, as common clients do */

/* The state of RFC 2131 (figure 5) that a request is sent from. */
enum request_kind {
    REQUEST_DISCOVER,
    REQUEST_SELECTING,
    REQUEST_RENEWING,
    REQUEST_REBINDING,
    REQUEST_REBOOTING,
    REQUEST_RELEASE,
};

struct request {
    enum request_kind kind;
    uint32_t client; /* its number; stands in chaddr and the client identifier */
    uint32_t xid;
    uint16_t secs;
    struct ip4 address; /* the client's, or the one it asks for */
    struct ip4 server;  /* the chosen one: SELECTING, RELEASE */
    struct ip4 relay;   /* 0.0.0.0: no relay */
};

void message_write(const struct request *request, uint8_t out[static MESSAGE_SIZE]);

#define MESSAGE_NO_CLIENT UINT32_MAX

/* The hardware address of a client: 02:00 and its number. */
void message_hardware(uint32_t client, uint8_t out[static 6]);

struct reply {
    uint8_t op;
    enum dhcp4_type type; /* DHCP4_NONE: no option 53 */
    uint32_t xid;
    uint32_t client; /* MESSAGE_NO_CLIENT: chaddr is none of ours */
    struct ip4 yiaddr, giaddr;
    bool has_lease_time, has_server_id, has_subnet_mask;
    uint32_t lease_time_s;
    struct ip4 server_id, subnet_mask;
};

/* False: not a DHCP packet, or an option runs past its end or has another size than it must. */
MUST_USE bool message_read(struct span bytes, struct reply *out);

#endif
