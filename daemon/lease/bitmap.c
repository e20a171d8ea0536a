/* daemon/lease/bitmap.c - see bitmap.h */
#include "daemon/lease/bitmap.h"

#include <stdlib.h>

#define WORD_BITS 64U

void bitmap_init(struct bitmap *b, uint64_t size)
{
    uint64_t words = size;

    *b = (struct bitmap){.size = size};
    do {
        words = (words + WORD_BITS - 1) / WORD_BITS;
        ASSERT(b->levels < BITMAP_LEVELS);
        b->level[b->levels] = calloc((size_t)words + 1, sizeof(uint64_t));
        ASSERT(b->level[b->levels] != NULL);
        b->levels++;
    } while (words > 1);
}

void bitmap_deinit(struct bitmap *b)
{
    for (unsigned i = 0; i < b->levels; i++)
        free(b->level[i]);
    *b = (struct bitmap){.levels = 0};
}

void bitmap_add(struct bitmap *b, uint64_t number)
{
    ASSERT(number < b->size);
    for (unsigned i = 0; i < b->levels; i++, number /= WORD_BITS)
        b->level[i][number / WORD_BITS] |= UINT64_C(1) << number % WORD_BITS;
}

void bitmap_remove(struct bitmap *b, uint64_t number)
{
    ASSERT(number < b->size);
    for (unsigned i = 0; i < b->levels; i++, number /= WORD_BITS) {
        b->level[i][number / WORD_BITS] &= ~(UINT64_C(1) << number % WORD_BITS);
        if (b->level[i][number / WORD_BITS] != 0)
            return;
    }
}

/* The first set bit of the level at or after `at`; false when the word has none left. */
static bool next_in_word(const struct bitmap *b, unsigned level, uint64_t at, uint64_t *found)
{
    const uint64_t word = b->level[level][at / WORD_BITS] >> at % WORD_BITS;

    if (word == 0)
        return false;
    *found = at + (unsigned)__builtin_ctzll(word);
    return true;
}

bool bitmap_next(const struct bitmap *b, uint64_t from, uint64_t *number)
{
    unsigned level = 0;
    uint64_t at = from;

    if (from >= b->size)
        return false;
    /* Up to where there is something at or after it, ... */
    while (!next_in_word(b, level, at, &at)) {
        at = at / WORD_BITS + 1; /* the word after; there is room for one past the last */
        if (++level == b->levels)
            return false;
    }
    /* ... and down to the first of it. */
    while (level > 0) {
        level--;
        if (!next_in_word(b, level, at * WORD_BITS, &at))
            UNREACHABLE("the level above says that there is one");
    }
    *number = at;
    return true;
}
