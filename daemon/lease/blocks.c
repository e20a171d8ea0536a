/* daemon/lease/blocks.c - blocks in classes of size. */
#include "daemon/lease/blocks.h"

#include <stdlib.h>

/* A chunk less the allocator's own words stays within whole pages. */
#define CHUNK_SIZE (64 * 1024 - 64)

/* Multiples of 8, so that every block can hold the link of its free list. */
static const uint16_t class_size[LEASE_BLOCK_CLASSES] = {
    16,   24,   32,   48,   64,   96,    128,
    192,  256,  384,  512,  768,  1024,  1536,
    2048, 3072, 4096, 6144, 8192, 12288, LEASE_BLOCK_MAX,
};

static size_t class_of(size_t size)
{
    size_t class = 0;

    ASSERT(size > 0 && size <= LEASE_BLOCK_MAX);
    while (class_size[class] < size)
        class ++;
    return class;
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

uint8_t *blocks_take(struct blocks *blocks, size_t size, uint16_t *given)
{
    const size_t class = class_of(size);
    uint8_t *block = blocks->unused[class];

    *given = class_size[class];
    if (block == NULL)
        return cut(blocks, class_size[class]);
    memcpy(&blocks->unused[class], block, sizeof(blocks->unused[class]));
    return block;
}

void blocks_give(struct blocks *blocks, uint8_t *block, uint16_t given)
{
    const size_t class = class_of(given);

    ASSERT(class_size[class] == given);
    memcpy(block, &blocks->unused[class], sizeof(blocks->unused[class]));
    blocks->unused[class] = block;
}
