/* daemon/core/runtime.h - reservations that were made while the servers ran.
 *
 * A set of records, one for each client and subnet, of which the higher version holds; kept in
 * the store and the same on both peers.  What it means here follows from the set and from the
 * configuration alone: the file goes before it, and of two for one address the newer holds. */
#ifndef TWINDHCP_DAEMON_CORE_RUNTIME_H
#define TWINDHCP_DAEMON_CORE_RUNTIME_H

#include "config/load.h"
#include "proto/reservation.h"

/* An operator may make so many; two peers that were apart may have twice as many together. */
#define RUNTIME_MAX      ((size_t)20000)
#define RUNTIME_KEPT_MAX (2 * RUNTIME_MAX)

enum runtime_state {
    RUNTIME_HOLDS,
    RUNTIME_FILE_FIRST,     /* the file has a reservation for that client or address */
    RUNTIME_REPLACED,       /* a newer one has the address */
    RUNTIME_NOT_UNDERSTOOD, /* not in terms of this configuration: no such subnet, class ... */
    RUNTIME_WITHDRAWN,
};

struct runtime_entry {
    uint8_t *bytes; /* id and text */
    size_t id_size, text_size;
    struct version version;
    enum runtime_state state;
    struct config_reservation *reservation; /* NULL: withdrawn, or not understood */
    uint64_t batch;                         /* of the store that it is in */
    uint64_t number;                        /* of the frame that took it to the partner ... */
    bool is_sent;                           /* ... in this session */
    bool partner_has;                       /* it came from there */
};

struct runtime_index {
    uint32_t *slots;
    size_t mask;
};

struct runtime {
    struct runtime_entry *entries; /* an entry stays where it is */
    size_t count, capacity;
    size_t live;    /* not withdrawn */
    size_t holding; /* that hold */
    size_t unsent;  /* to the partner in this session */
    unsigned used;  /* kinds of identity of those that hold, one bit each */
    struct runtime_index by_id, by_client, by_address;
};

void runtime_deinit(struct runtime *rt);

/* Put `record` (copied) into its entry, or a new one; into entry `slot` when that is not
 * SIZE_MAX.  Returns the slot; SIZE_MAX: no room.  What holds is known again after
 * runtime_settle(). */
size_t runtime_put(struct runtime *rt, const struct reservation_record *record, size_t slot,
                   const struct config *config);
void runtime_settle(struct runtime *rt, const struct config *config);

/* Of those that were there at the last runtime_settle(); SIZE_MAX when there is none. */
size_t runtime_find(const struct runtime *rt, struct span id);

/* What holds for the client in the subnet (an index, or CONFIG_ANYWHERE), and at the address;
 * NULL if nothing.  O(1). */
const struct config_reservation *runtime_of(const struct runtime *rt, size_t subnet,
                                            struct span key);
const struct config_reservation *runtime_at(const struct runtime *rt, struct ip4 address);

struct reservation_record runtime_record(const struct runtime_entry *entry);

/* The id of what `reservation` is for, written to `out`. */
struct span runtime_id(const struct config *config,
                       const struct config_reservation *reservation,
                       uint8_t out[static RESERVATION_ID_MAX]);

/* Equal for equal sets, whatever the order and what was withdrawn. */
uint64_t runtime_digest(const struct runtime *rt);

#endif
