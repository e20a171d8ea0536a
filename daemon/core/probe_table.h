/* daemon/core/probe_table.h - DHCPDISCOVERs whose address is being probed, and what probes have
 * found of late.
 *
 * Both of fixed size, found by address.  Of what was found a new finding may push out an old
 * one: forgetting costs a probe and nothing else. */
#ifndef TWINDHCP_DAEMON_CORE_PROBE_TABLE_H
#define TWINDHCP_DAEMON_CORE_PROBE_TABLE_H

#include "daemon/core/server.h"
#include "proto/binding.h"

#define PROBES_MAX        4096 /* under way at one time */
#define PROBE_PACKET_MAX  2048 /* of a DHCPDISCOVER; daemon/io reads no longer ones */
#define PROBE_FOUND_SLOTS 65536
#define PROBE_NAME_SIZE   16 /* of an interface, with its NUL */

struct probe_waiting {
    uint64_t number; /* of the probe */
    struct ip4 address;
    struct instant deadline; /* nobody has answered by then: nobody has it */
    struct version version;  /* of the record when the probe was sent */
    unsigned probes;         /* made for this DHCPDISCOVER, this one included */
    uint8_t hlen, chaddr[16];
    struct datagram datagram; /* the client's newest; the payload is kept by the table ... */
    char interface_name[PROBE_NAME_SIZE]; /* ... and its interface's name here; "": none */
    bool used;                            /* private, as is ... */
    uint32_t next;                        /* ... this */
};

struct probe_found {
    struct ip4 address;
    struct instant at;
    uint64_t number; /* of the probe; 0: nothing was found */
    bool in_use;
};

struct probe_table;

struct probe_table *probe_table_new(void);
void probe_table_free(struct probe_table *table);

/* NULL: no probe of `address` is under way. */
struct probe_waiting *probe_table_find(struct probe_table *table, struct ip4 address);

/* A new one for `address`, of which there is none; NULL when there are PROBES_MAX.  The caller
 * fills in the rest and calls probe_table_keep(). */
struct probe_waiting *probe_table_add(struct probe_table *table, struct ip4 address,
                                      struct instant deadline);
/* `datagram` (PROBE_PACKET_MAX at most) waits in place of the one before; copied. */
void probe_table_keep(struct probe_table *table, struct probe_waiting *waiting,
                      const struct datagram *datagram);
/* What is kept of it stays as it is until the next probe_table_add(). */
void probe_table_remove(struct probe_table *table, struct probe_waiting *waiting);

/* Up to PROBES_DUE_MAX of those whose deadline is over; returns how many. */
#define PROBES_DUE_MAX 256
size_t probe_table_due(struct probe_table *table, struct instant now,
                       struct probe_waiting *due[static PROBES_DUE_MAX]);
/* Not later than the first deadline; false when none is under way. */
bool probe_table_wakeup(const struct probe_table *table, struct instant *at);
size_t probe_table_count(const struct probe_table *table);

void probe_table_note(struct probe_table *table, const struct probe_found *found);
/* The newest finding about `address`; NULL if none is known. */
const struct probe_found *probe_table_found(const struct probe_table *table,
                                            struct ip4 address);

#endif
