/* daemon/lease/segments.c - an array that never moves its items. */
#include "daemon/lease/segments.h"

#include <stdlib.h>

void *segments_add(struct segments *s, size_t item_size)
{
    const uint32_t index = s->count;

    ASSERT(index < UINT32_MAX - SEGMENT_FIRST);
    if (index % SEGMENT_FIRST == 0) { /* no segment begins elsewhere */
        const uint32_t n = index + SEGMENT_FIRST;
        const unsigned bit = 31 - (unsigned)__builtin_clz(n);
        uint8_t **segment = &s->at[bit - SEGMENT_FIRST_BITS];

        if (*segment == NULL)
            *segment = aligned_alloc(SEGMENT_ALIGNMENT, item_size << bit);
        ASSERT(*segment != NULL);
    }
    s->count++;
    return segments_get(s, item_size, index);
}

void segments_deinit(struct segments *s)
{
    for (size_t i = 0; i < SEGMENTS; i++)
        free(s->at[i]);
    *s = (struct segments){.count = 0};
}
