/* daemon/shadow/shadow.h - watching another DHCP server: where would we have answered
 * differently?
 *
 * Packets and time go in, findings come out.  No socket and no way to send one. */
#ifndef TWINDHCP_DAEMON_SHADOW_SHADOW_H
#define TWINDHCP_DAEMON_SHADOW_SHADOW_H

#include "daemon/shadow/tally.h"

struct shadow;

/* Told of each difference as it is found. */
typedef void shadow_found(void *context, const struct shadow_finding *finding);

/* `config` is borrowed until shadow_free(); its pair section counts for nothing.  `found` may
 * be NULL. */
struct shadow *shadow_new(const struct config *config, struct instant now, shadow_found *found,
                          void *context);
void shadow_free(struct shadow *shadow); /* NULL is fine */

/* A datagram seen on the wire, of a client, relay or server; `payload` is borrowed. */
struct shadow_packet {
    struct ip4 source, destination;
    uint16_t source_port;
    struct ip4 local;           /* of the interface that saw it; 0.0.0.0: not known */
    const char *interface_name; /* NULL: not known */
    struct span payload;
};

/* `now` may go back (captures do): it then counts as the latest before. */
void shadow_see(struct shadow *shadow, struct instant now, const struct shadow_packet *packet);

/* Time passes: requests that nobody answered are judged. */
void shadow_tick(struct shadow *shadow, struct instant now);

struct shadow_counters {
    uint64_t requests, replies; /* seen */
    uint64_t malformed;
    uint64_t repeated;  /* retransmissions while the first waits */
    uint64_t unmatched; /* replies to no request that we saw, or one more to the same */
    uint64_t agreed, differed;
    uint64_t unlearned; /* of a lease from before we watched */
    uint64_t passed;    /* not judged: too many at once */
    uint64_t learned;   /* leases */
};
struct shadow_counters shadow_counters(const struct shadow *shadow);
const struct tally *shadow_tally(const struct shadow *shadow);

#endif
