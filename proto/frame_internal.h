/* proto/frame_internal.h - what frame_encode.c and frame_decode.c share. */
#ifndef TWINDHCP_PROTO_FRAME_INTERNAL_H
#define TWINDHCP_PROTO_FRAME_INTERNAL_H

#include <protobuf-c/protobuf-c.h>

#include "proto/types.h"

/* A bump allocator for protobuf-c: gives NULL when full, frees nothing. */
struct message_arena {
    uint8_t *bytes;
    size_t size, used;
    ProtobufCAllocator allocator;
};

void message_arena_init(struct message_arena *arena, uint8_t *bytes, size_t size);
void *message_arena_take(struct message_arena *arena, size_t size);

#endif
