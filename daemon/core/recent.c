/* daemon/core/recent.c - a table of recent events: each has a few slots where it may be, and
 * the oldest there gives way.  With one slot, two clients that share it and both ask again and
 * again would make each other forgotten for as long as they ask. */
#include "daemon/core/recent.h"

#include <stdlib.h>

#define WAYS 4
#define SETS 4096 /* a power of two */

struct slot {
    uint64_t id;
    struct instant first;
    unsigned count;
};

struct recent {
    struct slot slots[SETS][WAYS];
};

struct recent *recent_new(void)
{
    struct recent *recent = calloc(1, sizeof(*recent));

    ASSERT(recent != NULL);
    return recent;
}

void recent_free(struct recent *recent)
{
    free(recent);
}

/* FNV-1a over kind, xid and client. */
static uint64_t id_of(enum recent_kind kind, struct span client, uint32_t xid)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ ((uint64_t)kind << 32 | xid);

    hash *= UINT64_C(0x100000001b3);
    for (size_t i = 0; i < client.size; i++) {
        hash ^= client.data[i];
        hash *= UINT64_C(0x100000001b3);
    }
    return hash ^ hash >> 29;
}

/* Where it is in its set, or where it would be. */
static size_t way_of(const struct slot set[static WAYS], uint64_t id)
{
    size_t oldest = 0;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].id == id)
            return i;
        if (instant_before(set[i].first, set[oldest].first))
            oldest = i;
    }
    return oldest;
}

static struct slot *slot_of(struct recent *recent, uint64_t id)
{
    struct slot *set = recent->slots[id % SETS];

    return &set[way_of(set, id)];
}

unsigned recent_note(struct recent *recent, enum recent_kind kind, struct span client,
                     uint32_t xid, struct instant now, int64_t window_ms)
{
    const uint64_t id = id_of(kind, client, xid);
    struct slot *slot = slot_of(recent, id);

    if (slot->id != id || now.ms - slot->first.ms > window_ms)
        *slot = (struct slot){id, now, 0};
    return ++slot->count;
}

unsigned recent_count(const struct recent *recent, enum recent_kind kind, struct span client,
                      uint32_t xid, struct instant now, int64_t window_ms)
{
    const uint64_t id = id_of(kind, client, xid);
    const struct slot *set = recent->slots[id % SETS];
    const struct slot *slot = &set[way_of(set, id)];

    return slot->id == id && now.ms - slot->first.ms <= window_ms ? slot->count : 0;
}

void recent_forget(struct recent *recent, enum recent_kind kind, struct span client,
                   uint32_t xid)
{
    const uint64_t id = id_of(kind, client, xid);
    struct slot *slot = slot_of(recent, id);

    if (slot->id == id)
        *slot = (struct slot){0};
}
