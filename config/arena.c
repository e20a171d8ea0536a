#include "config/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Under AddressSanitizer every piece is an allocation of its own, so that reading past one is
 * seen and not hidden by its neighbour. */
#if defined(__SANITIZE_ADDRESS__)
#define CHUNK_SIZE ((size_t)0)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHUNK_SIZE ((size_t)0)
#endif
#endif
#ifndef CHUNK_SIZE
#define CHUNK_SIZE ((size_t)64 * 1024)
#endif
#define CHUNK_SIZE_MAX ((size_t)4 * 1024 * 1024)
#define ALIGNMENT      ((size_t)16)

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    _Alignas(16) uint8_t bytes[];
};

static struct arena_chunk *add_chunk(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = calloc(1, sizeof(*chunk) + size);

    ASSERT(chunk != NULL);
    chunk->size = size;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

/* Chunks grow: those of a large file are mappings of their own to malloc(), which the system
 * gets back although the arenas of tree and model have grown side by side. */
static size_t next_chunk_size(const struct arena_chunk *last)
{
    if (last == NULL || CHUNK_SIZE == 0)
        return CHUNK_SIZE;
    return last->size < CHUNK_SIZE_MAX / 2 ? last->size * 2 : CHUNK_SIZE_MAX;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->chunks;
    size_t start, room;

    ASSERT(size < SIZE_MAX / 2);
    if (chunk != NULL) {
        start = (chunk->used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (start <= chunk->size && size <= chunk->size - start && CHUNK_SIZE != 0) {
            chunk->used = start + size;
            return chunk->bytes + start;
        }
    }
    room = next_chunk_size(chunk);
    chunk = add_chunk(arena, size > room ? size : room);
    chunk->used = size;
    return chunk->bytes;
}

char *arena_text(struct arena *arena, const char *text, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);

    if (size > 0)
        memcpy(copy, text, size);
    return copy;
}

struct span arena_span(struct arena *arena, struct span bytes)
{
    return span_of(arena_text(arena, (const char *)bytes.data, bytes.size), bytes.size);
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text;
    int size;

    va_start(arguments, format);
    size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    ASSERT(size >= 0);
    text = arena_alloc(arena, (size_t)size + 1);
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return text;
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;

    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
    arena->chunks = NULL;
}
