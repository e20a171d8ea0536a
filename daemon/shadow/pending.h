/* daemon/shadow/pending.h - requests that wait for the other server's answer. */
#ifndef TWINDHCP_DAEMON_SHADOW_PENDING_H
#define TWINDHCP_DAEMON_SHADOW_PENDING_H

#include "proto/dhcp4.h"

#define PENDING_MAX        4096 /* a power of two */
#define PENDING_WAIT_MS    3000
#define PENDING_PACKET_MAX 1500 /* a longer request is judged by its first bytes: malformed */
#define PENDING_INTERFACE  16

struct pending {
    struct instant when;
    uint32_t xid;
    struct ip4 giaddr;
    uint8_t chaddr[16];
    enum dhcp4_type type;
    struct ip4 source, destination, local;
    char interface[PENDING_INTERFACE];
    uint16_t source_port, size;
    bool done;
    uint8_t bytes[PENDING_PACKET_MAX];
    uint32_t next; /* private: in its chain */
};

struct pending_table;
struct pending_table *pending_new(void);
void pending_free(struct pending_table *table); /* NULL is fine */

/* The newest that waits and is like `packet`: same xid, client, relay; of one of the types in
 * the set (bit 1 << type).  NULL if none. */
struct pending *pending_find(struct pending_table *table, const struct dhcp4_packet *packet,
                             unsigned types);

/* The oldest that is not done; NULL if none.  Those that are done are forgotten on the way. */
struct pending *pending_oldest(struct pending_table *table);

/* A new one, to be filled in but for xid, client, relay and type, which come from `packet`.
 * When all places are taken, the oldest has to be done before (pending_is_full()). */
struct pending *pending_add(struct pending_table *table, const struct dhcp4_packet *packet);
bool pending_is_full(const struct pending_table *table);

#endif
