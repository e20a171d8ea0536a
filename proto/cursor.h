/* proto/cursor.h - reading bytes that came from outside.
 *
 * The first read beyond the end sticks: later reads give zeros and `failed` stays set, so a
 * decoder reads its fields and checks once.  Multi-byte values are in network order. */
#ifndef TWINDHCP_PROTO_CURSOR_H
#define TWINDHCP_PROTO_CURSOR_H

#include "proto/types.h"

struct cursor {
    const uint8_t *next;
    size_t left;
    bool failed;
};

static inline struct cursor cursor_of(struct span bytes)
{
    return (struct cursor){bytes.data, bytes.size, false};
}

static inline struct span cursor_bytes(struct cursor *c, size_t size)
{
    struct span got = {NULL, 0};

    if (c->failed || size > c->left) {
        c->failed = true;
        return got;
    }
    got = span_of(c->next, size);
    c->next += size;
    c->left -= size;
    return got;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
    struct span b = cursor_bytes(c, 1);

    return b.size == 1 ? b.data[0] : 0;
}

static inline uint16_t cursor_u16(struct cursor *c)
{
    struct span b = cursor_bytes(c, 2);

    return (uint16_t)(b.size == 2 ? b.data[0] << 8 | b.data[1] : 0);
}

static inline uint32_t cursor_u32(struct cursor *c)
{
    struct span b = cursor_bytes(c, 4);

    return b.size == 4 ? (uint32_t)b.data[0] << 24 | (uint32_t)b.data[1] << 16 |
                             (uint32_t)b.data[2] << 8 | b.data[3]
                       : 0;
}

#endif
