/* daemon/io/prober.h - asks the network whether a machine has an address: by ARP through a
 * packet socket, or by ICMP echo through a raw one.
 *
 * Probes are collected and leave together.  Never blocks, and never calls anybody: what came of
 * the probes is asked for with prober_next(). */
#ifndef TWINDHCP_DAEMON_IO_PROBER_H
#define TWINDHCP_DAEMON_IO_PROBER_H

#include "daemon/core/effects.h"
#include "daemon/core/server.h"

#define PROBER_SOCKETS 2

struct prober;

/* NULL with a text for a person in `error`. */
MUST_USE struct prober *prober_open(char *error, size_t error_size);
/* One that can ask nobody: each result is PROBE_NO_WAY. */
struct prober *prober_without_sockets(void);
void prober_close(struct prober *prober); /* NULL is fine */

void prober_send(struct prober *prober, const struct probe *probe);
void prober_flush(struct prober *prober);

/* The next thing that is known of a probe; false: nothing more is there now.  Reads at most
 * PROBER_TURN packets between two times that it says false. */
#define PROBER_TURN 1024
MUST_USE bool prober_next(struct prober *prober, struct probe_result *out);

/* Descriptors that become readable when an answer is there; -1: no such socket. */
int prober_fd(const struct prober *prober, size_t i);

/* Interfaces have changed: their hardware addresses are read anew. */
void prober_refresh(struct prober *prober);

struct prober_counters {
    uint64_t sent;
    uint64_t dropped; /* not sent, for the system or the own limit had no room */
    int last_error;   /* errno of the last drop; 0: the own limit */
    uint64_t strays;  /* packets that looked like answers and were none */
};
struct prober_counters prober_counters(const struct prober *prober);

#endif
