/* daemon/core/ring.h - positions in an array that keeps the newest of many. */
#ifndef TWINDHCP_DAEMON_CORE_RING_H
#define TWINDHCP_DAEMON_CORE_RING_H

#include "proto/types.h"

/* Starts zeroed; `size` is that of the array, the same in every call. */
struct ring {
    size_t next, count;
};

/* Where the next one goes; the oldest makes room. */
static inline size_t ring_add(struct ring *ring, size_t size)
{
    const size_t at = ring->next;

    ring->next = (at + 1) % size;
    if (ring->count < size)
        ring->count++;
    return at;
}

/* Where the newest (0), the one before it (1) ... is; `age` < count. */
static inline size_t ring_at(const struct ring *ring, size_t size, size_t age)
{
    return (ring->next + size - 1 - age) % size;
}

#endif
