/* daemon/lease/blocks.h - memory for the variable parts of leases and offers.
 *
 * Blocks come in classes of size, are cut from large chunks without a header, and go back to
 * the list of their class: a malloc() of 20 bytes costs 32, and there are a million of them. */
#ifndef TWINDHCP_DAEMON_LEASE_BLOCKS_H
#define TWINDHCP_DAEMON_LEASE_BLOCKS_H

#include "proto/types.h"

#define LEASE_BLOCK_CLASSES 26 /* class 0: no block, of size 0 */
#define LEASE_BLOCK_MAX     16384

struct blocks {
    void *chunks; /* each begins with a pointer to the next */
    uint8_t *bump;
    size_t bump_left;
    void *unused[LEASE_BLOCK_CLASSES]; /* each begins with a pointer to the next */
};

void blocks_init(struct blocks *blocks);
void blocks_deinit(struct blocks *blocks);

/* At least `size` bytes (1 .. LEASE_BLOCK_MAX); `*class` says how many. */
uint8_t *blocks_take(struct blocks *blocks, size_t size, uint8_t *class);
size_t blocks_size(uint8_t class);

/* Give back a block with the class that it was given with; of class 0 there is none. */
void blocks_give(struct blocks *blocks, uint8_t *block, uint8_t class);

#endif
