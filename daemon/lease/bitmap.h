/* daemon/lease/bitmap.h - a set of numbers below a fixed limit, in which the next one is found
 * at once: a bit for each, and above every 64 words one that says which of them have any. */
#ifndef TWINDHCP_DAEMON_LEASE_BITMAP_H
#define TWINDHCP_DAEMON_LEASE_BITMAP_H

#include "proto/types.h"

#define BITMAP_LEVELS 6 /* 64^6 is above every number of addresses */

struct bitmap {
    uint64_t *level[BITMAP_LEVELS]; /* NULL: not used, all of it no bitmap */
    unsigned levels;
    uint64_t size;
};

/* Of the numbers below `size`, none.  Without memory the process stops. */
void bitmap_init(struct bitmap *b, uint64_t size);
void bitmap_deinit(struct bitmap *b);

void bitmap_add(struct bitmap *b, uint64_t number);
void bitmap_remove(struct bitmap *b, uint64_t number);

/* The smallest number in the set that is not below `from`; false if none.  O(log size). */
MUST_USE bool bitmap_next(const struct bitmap *b, uint64_t from, uint64_t *number);

#endif
