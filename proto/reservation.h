/* proto/reservation.h - a reservation made while the servers run, and its one encoding: what
 * the partner is sent and what the store keeps (failover.proto). */
#ifndef TWINDHCP_PROTO_RESERVATION_H
#define TWINDHCP_PROTO_RESERVATION_H

#include "proto/binding.h"
#include "proto/identity.h"

#define RESERVATION_ID_MAX   ((size_t)CLIENT_KEY_MAX + 5)
#define RESERVATION_TEXT_MAX ((size_t)4096)

struct reservation_record {
    struct span
        id; /* what it is for: network (4 bytes), prefix length (1), key of the client */
    struct version version;
    bool withdrawn;
    struct span text; /* as a file would say it */
};

size_t reservation_encoded_max(const struct reservation_record *r);
size_t reservation_encode(const struct reservation_record *r, uint8_t *out, size_t capacity);

/* Decode; spans point into `arena`, which must hold twice bytes.size + 1024.  TD_MALFORMED for
 * anything that no version of ours could have written. */
MUST_USE enum td_err reservation_decode(struct span bytes, uint8_t *arena, size_t arena_size,
                                        struct reservation_record *out);

#endif
