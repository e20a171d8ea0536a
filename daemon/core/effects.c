/* daemon/core/effects.c - the list of effects and the memory behind it. */
#include "daemon/core/effects.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE  ((size_t)256 << 10)
#define BLOCKS_KEPT 8

struct effects_block {
    struct effects_block *next;
    size_t size, used;
    uint8_t bytes[];
};

/* Out of memory is not survivable here: half an effect list is worse than a restart. */
static void *must_have(void *memory)
{
    ASSERT(memory != NULL);
    return memory;
}

void effects_init(struct effects *fx)
{
    memset(fx, 0, sizeof(*fx));
}

static void free_blocks(struct effects_block *block)
{
    while (block != NULL) {
        struct effects_block *next = block->next;

        free(block);
        block = next;
    }
}

void effects_deinit(struct effects *fx)
{
    free_blocks(fx->blocks);
    free_blocks(fx->unused);
    free(fx->items);
    effects_init(fx);
}

/* The blocks of a turn lie newest first: they are unused oldest first, as they will be taken.
 */
void effects_clear(struct effects *fx)
{
    size_t kept = 0;

    fx->count = 0;
    while (fx->blocks != NULL) {
        struct effects_block *block = fx->blocks;

        fx->blocks = block->next;
        if (block->size > BLOCK_SIZE) {
            free(block);
            continue;
        }
        block->used = 0;
        block->next = fx->unused;
        fx->unused = block;
    }
    for (struct effects_block *block = fx->unused; block != NULL; block = block->next) {
        if (++kept < BLOCKS_KEPT)
            continue;
        free_blocks(block->next);
        block->next = NULL;
    }
}

static struct effects_block *take_block(struct effects *fx, size_t size)
{
    struct effects_block *block = fx->unused;

    if (block != NULL && size <= BLOCK_SIZE) {
        fx->unused = block->next;
        return block;
    }
    size = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    block = must_have(malloc(sizeof(*block) + size));
    block->size = size;
    block->used = 0;
    return block;
}

uint8_t *effects_alloc(struct effects *fx, size_t size)
{
    const size_t rounded = (size + 15) & ~(size_t)15;
    struct effects_block *block = fx->blocks;

    if (block == NULL || block->size - block->used < rounded) {
        block = take_block(fx, rounded);
        block->next = fx->blocks;
        fx->blocks = block;
    }
    block->used += rounded;
    return block->bytes + block->used - rounded;
}

struct effect *effects_add(struct effects *fx, enum effect_type type)
{
    if (fx->count == fx->capacity) {
        fx->capacity = fx->capacity == 0 ? 64 : 2 * fx->capacity;
        fx->items = must_have(realloc(fx->items, fx->capacity * sizeof(*fx->items)));
    }
    fx->items[fx->count].type = type;
    return &fx->items[fx->count++];
}

void effects_event(struct effects *fx, enum event_severity severity, const char *name,
                   const char *format, ...)
{
    struct effect *effect = effects_add(fx, EFFECT_EVENT);
    char *text = (char *)effects_alloc(fx, 512);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, 512, format, arguments);
    va_end(arguments);
    effect->event = (struct event){severity, name, text};
}

/* ---- store batches: key size (1 byte), value size (4 bytes), key, value ---- */

void store_batch_put(struct store_batch *batch, struct span key, struct span value)
{
    const size_t size = 5 + key.size + value.size;
    const uint32_t value_size = (uint32_t)value.size;
    uint8_t *at;

    ASSERT(key.size > 0 && key.size < 256 && value.size < UINT32_MAX);
    if (batch->capacity - batch->size < size) {
        batch->capacity = 2 * batch->capacity + size + 4096;
        batch->bytes = must_have(realloc(batch->bytes, batch->capacity));
    }
    at = batch->bytes + batch->size;
    at[0] = (uint8_t)key.size;
    memcpy(at + 1, &value_size, sizeof(value_size));
    memcpy(at + 5, key.data, key.size);
    if (value.size > 0)
        memcpy(at + 5 + key.size, value.data, value.size);
    batch->size += size;
    batch->count++;
}

bool store_batch_next(const struct store_batch *batch, size_t *at, struct span *key,
                      struct span *value)
{
    const uint8_t *entry;
    uint32_t value_size;

    if (*at >= batch->size)
        return false;
    entry = batch->bytes + *at;
    memcpy(&value_size, entry + 1, sizeof(value_size));
    *key = span_of(entry + 5, entry[0]);
    *value = span_of(entry + 5 + entry[0], value_size);
    *at += 5 + key->size + value->size;
    return true;
}
