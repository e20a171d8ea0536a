/* daemon/io/udp.h - DHCP datagrams in and out, in batches.
 *
 * With `interfaces` one socket is bound to 0.0.0.0 and takes what arrives on those interfaces,
 * and what arrives anywhere for a `listen` address; with `listen` alone each address has its
 * own socket, and broadcasts are not heard.  The port is never shared: a second server on it is
 * an error at start.
 *
 * Nothing blocks.  What the system does not take is dropped and counted. */
#ifndef TWINDHCP_DAEMON_IO_UDP_H
#define TWINDHCP_DAEMON_IO_UDP_H

#include "daemon/core/server.h"
#include "daemon/io/send.h"

#define UDP_BATCH 64  /* of one system call */
#define UDP_TURN  512 /* of one turn of the loop */
#define UDP_DATAGRAM_SIZE                                                                      \
    2048 /* relays add to a client's 1500 at most; longer ones are dropped */

struct udp;

struct udp_options {
    const char *const *interfaces; /* borrowed until udp_close() */
    size_t interface_count;
    const struct ip4 *listen; /* copied */
    size_t listen_count;
    uint16_t port; /* DHCP4_SERVER_PORT, except in tests; 0 = any free one */
};

/* NULL with a text for a person in `error`: which interface is missing or has no address, which
 * address and port is taken. */
MUST_USE struct udp *udp_open(const struct udp_options *options, char *error,
                              size_t error_size);
void udp_close(struct udp *udp); /* NULL is fine */

/* All addresses that it serves on; `out` holds `capacity`, returns how many there are. */
size_t udp_addresses(const struct udp *udp, struct ip4 *out, size_t capacity);

size_t udp_socket_count(const struct udp *udp);
int udp_fd(const struct udp *udp, size_t socket);

/* Read what a socket holds, up to a turn.  Returns how many of them are for this server; they
 * are good until the next call for any socket.  `*full`: there may be more to read. */
MUST_USE size_t udp_receive(struct udp *udp, size_t socket,
                            struct datagram out[static UDP_TURN], bool *full);

/* Collect a REPLY_UDP or REPLY_BROADCAST.  Its packet is borrowed until udp_flush(). */
void udp_send(struct udp *udp, const struct reply *reply);
void udp_flush(struct udp *udp);

/* Interfaces or addresses may have changed.  True when they have: `text` says what is now. */
MUST_USE bool udp_refresh(struct udp *udp, char *text, size_t text_size);

struct udp_counters {
    uint64_t received;
    uint64_t elsewhere; /* arrived on interfaces that are not served */
    uint64_t too_long;
    uint64_t overflowed; /* dropped by the kernel: the receive buffer was full */
    struct send_counters out;
};
struct udp_counters udp_counters(const struct udp *udp);

#endif
