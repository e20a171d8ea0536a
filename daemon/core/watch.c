/* daemon/core/watch.c - `warn-free`: pools that run out of free addresses are told once, and
 * once more when they have recovered by a quarter beyond that. */
#include "daemon/core/server_internal.h"

#define POOLS_MAX 64 /* looked at per call */

static uint64_t threshold_of(const struct config_pool *pool)
{
    return config_share_of(pool->effective->care.warn_free, pool->size);
}

static void say(const struct server *s, const struct config_pool *pool, uint64_t free, bool low,
                struct effects *fx)
{
    char first[IP4_TEXT_SIZE], last[IP4_TEXT_SIZE];

    ip4_format(pool->range.first, first);
    ip4_format(pool->range.last, last);
    if (low)
        effects_event(
            fx, EVENT_WARNING, "pool-low",
            "%s-%s of %s has %llu free addresses of %llu, fewer than warn-free (%llu)", first,
            last, s->config->subnets[pool->subnet].text, (unsigned long long)free,
            (unsigned long long)pool->size, (unsigned long long)threshold_of(pool));
    else
        effects_event(fx, EVENT_NOTICE, "pool-recovered",
                      "%s-%s of %s has %llu free addresses of %llu again", first, last,
                      s->config->subnets[pool->subnet].text, (unsigned long long)free,
                      (unsigned long long)pool->size);
}

static void watch(struct server *s, const struct config_pool *pool, struct effects *fx)
{
    const uint64_t threshold = threshold_of(pool);
    struct pool_counts counts;
    uint64_t free;
    bool *low = &s->pool_low[pool->index];

    if (threshold == 0)
        return;
    counts = lease_table_pool_counts(s->leases, pool);
    free = counts.free[ROLE_PRIMARY] + counts.free[ROLE_SECONDARY];
    if (*low ? free > threshold + threshold / 4 : free < threshold) {
        *low = !*low;
        say(s, pool, free, *low, fx);
    }
}

void watch_tick(struct server *s, struct effects *fx)
{
    const size_t pools = s->config->warn_free ? s->config->pool_count : 0;

    for (size_t i = 0; i < POOLS_MAX && i < pools; i++) {
        watch(s, &s->config->pools[s->watch_next], fx);
        s->watch_next = (s->watch_next + 1) % pools;
    }
}

bool server_pool_is_low(const struct server *s, const struct config_pool *pool)
{
    return s->pool_low[pool->index];
}
