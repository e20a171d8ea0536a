/* daemon/lease/segments.h - an array that grows at its end and never moves what is in it.
 *
 * Each segment is as long as all before it together, so that a handful of pointers reach every
 * item, growing copies nothing, and no item is ever far from being found: a segment's pages are
 * the kernel's business until they are written to. */
#ifndef TWINDHCP_DAEMON_LEASE_SEGMENTS_H
#define TWINDHCP_DAEMON_LEASE_SEGMENTS_H

#include "proto/types.h"

#define SEGMENT_FIRST_BITS 6
#define SEGMENT_FIRST      (UINT32_C(1) << SEGMENT_FIRST_BITS) /* items of the first one */
#define SEGMENTS           (32 - SEGMENT_FIRST_BITS)
#define SEGMENT_ALIGNMENT  64 /* bytes: a cache line */

/* All zero is an empty one. */
struct segments {
    uint8_t *at[SEGMENTS];
    uint32_t count; /* items */
};

/* Item `index`, below `count`.  Always asked with the same `item_size`. */
static inline void *segments_get(const struct segments *s, size_t item_size, uint32_t index)
{
    const uint32_t n = index + SEGMENT_FIRST;
    const unsigned bit = 31 - (unsigned)__builtin_clz(n);

    return s->at[bit - SEGMENT_FIRST_BITS] + (size_t)(n - (UINT32_C(1) << bit)) * item_size;
}

/* One more item at the end, not initialised.  Without memory the process stops. */
void *segments_add(struct segments *s, size_t item_size);

void segments_deinit(struct segments *s);

#endif
