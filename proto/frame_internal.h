/* proto/frame_internal.h - what frame_encode.c, frame_decode.c and record.c share. */
#ifndef TWINDHCP_PROTO_FRAME_INTERNAL_H
#define TWINDHCP_PROTO_FRAME_INTERNAL_H

#include "failover.pb-c.h"
#include "proto/frame.h"

/* A bump allocator for protobuf-c: gives NULL when full, frees nothing. */
struct message_arena {
    uint8_t *bytes;
    size_t size, used;
    ProtobufCAllocator allocator;
};

void message_arena_init(struct message_arena *arena, uint8_t *bytes, size_t size);
void *message_arena_take(struct message_arena *arena, size_t size);

void reservation_to_message(const struct reservation_record *r, Twindhcp__Reservation *m);
bool reservation_from_message(const Twindhcp__Reservation *m, struct reservation_record *out);

/* To messages: what they point at lives in `m` and `out`. */
struct chain_message {
    Twindhcp__Incarnation items[FRAME_CHAIN_MAX];
    Twindhcp__Incarnation *pointers[FRAME_CHAIN_MAX];
};
Twindhcp__Incarnation **chain_message(struct chain_message *m, const struct incarnation *chain,
                                      size_t count);
size_t identifier_values(const struct ip4 *identifiers, size_t count,
                         uint32_t out[static FRAME_IDENTIFIERS_MAX]);

/* From messages, whose bytes are not trusted: false when out of range. */
bool time_is_sane(int64_t ms);
bool chain_from(size_t count, Twindhcp__Incarnation *const *items, struct incarnation *out,
                size_t *out_count);
bool identifiers_from(size_t count, const uint32_t *values, struct ip4 *out, size_t *out_count);

#endif
