/* config/arena.h - memory that is given back all at once.
 *
 * A model and the tree it is made from are each many small pieces with one end of life. */
#ifndef TWINDHCP_CONFIG_ARENA_H
#define TWINDHCP_CONFIG_ARENA_H

#include "proto/types.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* NULL: empty */
};

/* `size` zeroed bytes, aligned for any type; never NULL: a system that has no memory left for a
 * file of at most CONFIG_FILE_MAX stops the program. */
void *arena_alloc(struct arena *arena, size_t size);

/* `size` bytes of `text` and a terminator. */
char *arena_text(struct arena *arena, const char *text, size_t size);

/* A copy of `bytes`; `data` is never NULL, so that an empty value is told from none. */
struct span arena_span(struct arena *arena, struct span bytes);

__attribute__((format(printf, 2, 3))) char *arena_format(struct arena *arena,
                                                         const char *format, ...);

/* An array of `count` zeroed elements. */
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), (count) * sizeof(type)))

void arena_free(struct arena *arena);

#endif
