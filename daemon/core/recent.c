/* daemon/core/recent.c - a direct-mapped table of recent events. */
#include "daemon/core/recent.h"

#include <stdlib.h>

#define SLOTS 16384 /* a power of two */

struct slot {
    uint64_t id;
    struct instant first;
    unsigned count;
};

struct recent {
    struct slot slots[SLOTS];
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

unsigned recent_note(struct recent *recent, enum recent_kind kind, struct span client,
                     uint32_t xid, struct instant now, int64_t window_ms)
{
    const uint64_t id = id_of(kind, client, xid);
    struct slot *slot = &recent->slots[id % SLOTS];

    if (slot->id != id || now.ms - slot->first.ms > window_ms)
        *slot = (struct slot){id, now, 0};
    return ++slot->count;
}

unsigned recent_count(const struct recent *recent, enum recent_kind kind, struct span client,
                      uint32_t xid, struct instant now, int64_t window_ms)
{
    const uint64_t id = id_of(kind, client, xid);
    const struct slot *slot = &recent->slots[id % SLOTS];

    return slot->id == id && now.ms - slot->first.ms <= window_ms ? slot->count : 0;
}

void recent_forget(struct recent *recent, enum recent_kind kind, struct span client,
                   uint32_t xid)
{
    const uint64_t id = id_of(kind, client, xid);
    struct slot *slot = &recent->slots[id % SLOTS];

    if (slot->id == id)
        *slot = (struct slot){0};
}
