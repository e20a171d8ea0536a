/* proto/frame_internal.c - see frame_internal.h */
#include "proto/frame_internal.h"

static void *arena_alloc(void *data, size_t size)
{
    return message_arena_take(data, size);
}

static void arena_free(void *data, void *pointer)
{
    (void)data;
    (void)pointer;
}

void message_arena_init(struct message_arena *arena, uint8_t *bytes, size_t size)
{
    arena->bytes = bytes;
    arena->size = size;
    arena->used = (16 - (uintptr_t)bytes % 16) % 16;
    arena->allocator = (ProtobufCAllocator){arena_alloc, arena_free, arena};
}

void *message_arena_take(struct message_arena *arena, size_t size)
{
    const size_t rounded = (size + 15) & ~(size_t)15;
    void *got;

    if (rounded < size || arena->used > arena->size || rounded > arena->size - arena->used)
        return NULL;
    got = arena->bytes + arena->used;
    arena->used += rounded;
    return got;
}

Twindhcp__Incarnation **chain_message(struct chain_message *m, const struct incarnation *chain,
                                      size_t count)
{
    ASSERT(count <= FRAME_CHAIN_MAX);
    for (size_t i = 0; i < count; i++) {
        twindhcp__incarnation__init(&m->items[i]);
        m->items[i].id = chain[i].id;
        m->items[i].last_seq = chain[i].last_seq;
        m->pointers[i] = &m->items[i];
    }
    return m->pointers;
}

size_t identifier_values(const struct ip4 *identifiers, size_t count,
                         uint32_t out[static FRAME_IDENTIFIERS_MAX])
{
    ASSERT(count <= FRAME_IDENTIFIERS_MAX);
    for (size_t i = 0; i < count; i++)
        out[i] = identifiers[i].value;
    return count;
}

bool time_is_sane(int64_t ms)
{
    return ms >= 0 && ms < INT64_C(1) << 50;
}

bool chain_from(size_t count, Twindhcp__Incarnation *const *items, struct incarnation *out,
                size_t *out_count)
{
    if (count > FRAME_CHAIN_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        out[i] = (struct incarnation){items[i]->id, items[i]->last_seq};
    *out_count = count;
    return true;
}

bool identifiers_from(size_t count, const uint32_t *values, struct ip4 *out, size_t *out_count)
{
    if (count > FRAME_IDENTIFIERS_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        out[i] = ip4(values[i]);
    *out_count = count;
    return true;
}
