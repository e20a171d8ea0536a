/* tests/bench/load/wire.h - how requests reach the servers and replies the clients.
 *
 * Two ways: as a relay with helper addresses (wire_relay.c), or attached to the servers' LAN
 * (wire_lan.c).  Sends and receives in batches; nothing is allocated per packet. */
#ifndef TWINDHCP_BENCH_WIRE_H
#define TWINDHCP_BENCH_WIRE_H

#include <poll.h>

#include "tests/bench/load/holders.h"
#include "tests/bench/load/message.h"

#define WIRE_SERVERS 2
#define WIRE_SOCKETS 2

struct datagram {
    uint8_t bytes[MESSAGE_SIZE];
    bool unicast;      /* from the client's address to one server; else to all of them */
    uint32_t client;   /* its number */
    struct ip4 from;   /* the client's address, or the relay's */
    struct ip4 server; /* of a unicast one */
    uint64_t *sent_at; /* where to write when it left, or NULL */
};

/* `bytes` are borrowed until the receiver returns; `at_ns` is when the kernel took them in. */
typedef void wire_receiver(void *context, struct span bytes, uint64_t at_ns);

struct wire_ops;

#define WIRE_OUT 16 /* requests a batch: they share one time of sending */

struct wire {
    const struct wire_ops *ops;
    struct pollfd sockets[WIRE_SOCKETS];
    nfds_t socket_count;
    size_t out_count;
    struct datagram out[WIRE_OUT];
};

struct wire_ops {
    /* Send `out`, which is not empty. */
    void (*send)(struct wire *wire);
    /* One batch from each socket; false when nothing more was waiting. */
    bool (*receive)(struct wire *wire, wire_receiver *receiver, void *context);
    /* What our own sockets had no room for: a run with any is not to be trusted. */
    uint64_t (*overflows)(struct wire *wire);
    void (*close)(struct wire *wire);
};

/* Both end the process with a message when the system does not allow it.
 *
 * Replies come to UDP port 67 at any address of this machine for relayed requests, to port 68
 * for unicast ones; so every client's address must be local (`ip route add local NETWORK dev
 * lo`). */
struct wire *wire_relay_open(const struct ip4 *servers, size_t count);

/* `holders` says which ARP requests to answer for: the clients' addresses. */
struct wire *wire_lan_open(const char *interface, const struct holders *holders);

/* Room for the next datagram, sent at the latest with wire_flush(). */
struct datagram *wire_next(struct wire *wire);
void wire_flush(struct wire *wire);

#endif
