/* daemon/lease/blocks.h - memory for the variable parts of leases and offers.
 *
 * Blocks come in classes of size, are cut from large chunks without a header, and go back to
 * the list of their class: a malloc() of 20 bytes costs 32, and there are a million of them. */
#ifndef TWINDHCP_DAEMON_LEASE_BLOCKS_H
#define TWINDHCP_DAEMON_LEASE_BLOCKS_H

#include "proto/types.h"

#define LEASE_BLOCK_CLASSES 21
#define LEASE_BLOCK_MAX     16384

struct blocks {
    void *chunks; /* each begins with a pointer to the next */
    uint8_t *bump;
    size_t bump_left;
    void *unused[LEASE_BLOCK_CLASSES]; /* each begins with a pointer to the next */
};

void blocks_init(struct blocks *blocks);
void blocks_deinit(struct blocks *blocks);

/* At least `size` bytes (1 .. LEASE_BLOCK_MAX); `*given` says how many. */
uint8_t *blocks_take(struct blocks *blocks, size_t size, uint16_t *given);

/* Give back a block with the size that it was given with. */
void blocks_give(struct blocks *blocks, uint8_t *block, uint16_t given);

#endif
