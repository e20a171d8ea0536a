/* daemon/lease/blocks.c - blocks in classes of size. */
#include "daemon/lease/blocks.h"

#include <stdlib.h>

/* A chunk less the allocator's own words stays within whole pages. */
#define CHUNK_SIZE (64 * 1024 - 64)

/* Multiples of 8, so that every block can hold the link of its free list.  Most leases need 30
 * to 60 bytes. */
static const uint16_t class_size[LEASE_BLOCK_CLASSES] = {
    0,   16,  24,  32,  40,   48,   56,   64,   80,   96,   128,  160,   192,
    256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, LEASE_BLOCK_MAX,
};

static uint8_t class_of(size_t size)
{
    uint8_t class = 1;

    ASSERT(size > 0 && size <= LEASE_BLOCK_MAX);
    while (class_size[class] < size)
        class ++;
    return class;
}

size_t blocks_size(uint8_t class)
{
    return class_size[class];
}

void blocks_init(struct blocks *blocks)
{
    *blocks = (struct blocks){.chunks = NULL};
}

void blocks_deinit(struct blocks *blocks)
{
    while (blocks->chunks != NULL) {
        void *next;

        memcpy(&next, blocks->chunks, sizeof(next));
        free(blocks->chunks);
        blocks->chunks = next;
    }
}

static uint8_t *cut(struct blocks *blocks, size_t size)
{
    if (blocks->bump_left < size) {
        uint8_t *chunk = malloc(CHUNK_SIZE);

        ASSERT(chunk != NULL);
        memcpy(chunk, &blocks->chunks, sizeof(blocks->chunks));
        blocks->chunks = chunk;
        blocks->bump = chunk + sizeof(blocks->chunks);
        blocks->bump_left = CHUNK_SIZE - sizeof(blocks->chunks);
    }

    uint8_t *block = blocks->bump;

    blocks->bump += size;
    blocks->bump_left -= size;
    return block;
}

uint8_t *blocks_take(struct blocks *blocks, size_t size, uint8_t *class)
{
    uint8_t *block;

    *class = class_of(size);
    block = blocks->unused[*class];
    if (block == NULL)
        return cut(blocks, class_size[*class]);
    memcpy(&blocks->unused[*class], block, sizeof(blocks->unused[*class]));
    return block;
}

void blocks_give(struct blocks *blocks, uint8_t *block, uint8_t class)
{
    if (class == 0)
        return;
    memcpy(block, &blocks->unused[class], sizeof(blocks->unused[class]));
    blocks->unused[class] = block;
}
