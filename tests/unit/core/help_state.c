#include "help_state.h"

#include <malloc.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/core/server_internal.h"
#include "daemon/lease/limits.h"
#include "daemon/lease/table_internal.h"

static uint64_t hash(uint64_t before, const void *bytes, size_t size)
{
    return XXH3_64bits_withSeed(bytes, size, before);
}

/* A block of its own, whatever its type is. */
static uint64_t hash_block(uint64_t before, void *block)
{
    return block == NULL ? before : hash(before, block, malloc_usable_size(block));
}

static uint64_t hash_table(uint64_t h, struct lease_table *t)
{
    h = hash(h, t, offsetof(struct lease_table, blocks));
    for (uint32_t i = 0; i < t->entries.count; i++) {
        const struct binding b = lease_binding_of(&lease_entry(t, i)->lease);
        const uint64_t record = binding_hash(&b);

        h = hash(h, lease_entry(t, i), sizeof(struct entry));
        h = hash(h, &record, sizeof(record));
    }
    for (uint32_t i = 0; i < t->offers.count; i++)
        h = hash(h, segments_get(&t->offers, sizeof(struct offer), i), sizeof(struct offer));
    h = hash_block(h, t->limits);
    return hash(h, t->pools, t->config->pool_count * sizeof(*t->pools));
}

static uint64_t hash_probes_of(uint64_t h, struct server *s, const struct config_pool *pool)
{
    for (uint32_t a = pool->range.first.value; a <= pool->range.last.value; a++) {
        const struct probe_waiting *waiting = probe_table_find(s->probes, ip4(a));
        const struct probe_found *found = probe_table_found(s->probes, ip4(a));

        if (waiting != NULL) {
            h = hash(h, waiting, sizeof(*waiting));
            h = hash(h, waiting->datagram.payload.data, waiting->datagram.payload.size);
        }
        if (found != NULL)
            h = hash(h, found, sizeof(*found));
    }
    return h;
}

static uint64_t hash_probes(uint64_t h, struct server *s)
{
    const size_t count = probe_table_count(s->probes);

    for (size_t i = 0; i < s->config->pool_count; i++)
        h = hash_probes_of(h, s, &s->config->pools[i]);
    return hash(h, &count, sizeof(count));
}

static uint64_t hash_runtime(uint64_t h, const struct runtime *rt)
{
    for (size_t i = 0; i < rt->count; i++) {
        h = hash(h, &rt->entries[i], sizeof(rt->entries[i]));
        h = hash(h, rt->entries[i].bytes, rt->entries[i].id_size + rt->entries[i].text_size);
    }
    return h;
}

uint64_t server_state_hash(struct server *s)
{
    uint64_t h = hash(0, s, offsetof(struct server, scratch));

    h = hash_block(h, s->recent);
    for (size_t i = 0; i < ARRAY_SIZE(s->batches); i++)
        h = hash(h, s->batches[i].bytes, s->batches[i].size);
    h = hash(h, s->held.ring, HELD_MAX * sizeof(*s->held.ring));
    h = hash_block(h, s->pool_low);
    h = hash_block(h, s->limit_told);
    h = hash_block(h, s->partner_free);
    h = hash_block(h, s->partner_free_known);
    h = hash_block(h, s->dns);
    if (s->probes != NULL)
        h = hash_probes(h, s);
    return hash_table(hash_runtime(h, &s->runtime), s->leases);
}
