/* tests/bench/load/ring.h - clients that wait their turn, first in, first out. */
#ifndef TWINDHCP_BENCH_RING_H
#define TWINDHCP_BENCH_RING_H

#include <stdlib.h>

#include "proto/types.h"

struct ring {
    uint32_t *ids;
    size_t capacity, first, count;
};

static inline void ring_init(struct ring *ring, size_t capacity)
{
    *ring = (struct ring){.ids = calloc(capacity, sizeof *ring->ids), .capacity = capacity};
    ASSERT(ring->ids != NULL);
}

static inline void ring_deinit(struct ring *ring)
{
    free(ring->ids);
}

static inline void ring_put(struct ring *ring, uint32_t id)
{
    ASSERT(ring->count < ring->capacity);
    ring->ids[(ring->first + ring->count++) % ring->capacity] = id;
}

static inline uint32_t ring_take(struct ring *ring)
{
    uint32_t id = ring->ids[ring->first];

    ASSERT(ring->count > 0);
    ring->first = (ring->first + 1) % ring->capacity;
    ring->count--;
    return id;
}

#endif
