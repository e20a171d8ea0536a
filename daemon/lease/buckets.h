/* daemon/lease/buckets.h - hash chains that grow by one bucket at a time (linear hashing).
 *
 * There is never a moment at which all items are hashed anew: a table that doubles does so over
 * as many insertions as it has items.  Items are numbers, and each holds the number of the next
 * in its chain. */
#ifndef TWINDHCP_DAEMON_LEASE_BUCKETS_H
#define TWINDHCP_DAEMON_LEASE_BUCKETS_H

#include "daemon/lease/segments.h"

#define BUCKET_END UINT32_MAX /* of a chain */

struct lease_table;

struct buckets {
    struct segments heads; /* uint32_t: the first of each chain, or BUCKET_END */
    uint32_t items;
};

/* What the items of one kind of chain are like. */
struct bucket_kind {
    uint32_t (*hash)(const struct lease_table *table, uint32_t item);
    uint32_t *(*next)(const struct lease_table *table, uint32_t item);
};

void buckets_init(struct buckets *b);
void buckets_deinit(struct buckets *b);

/* Be as large from the beginning as `items` will make it; while it is empty. */
void buckets_reserve(struct buckets *b, uint32_t items);

/* The first item of the chain in which one with this hash would be. */
uint32_t buckets_first(const struct buckets *b, uint32_t hash);

/* Put in an item that is in no chain; at most one chain of others is split.  Take out one that
 * is in: its hash is still what it was. */
void buckets_insert(struct buckets *b, const struct bucket_kind *kind,
                    const struct lease_table *table, uint32_t item);
void buckets_remove(struct buckets *b, const struct bucket_kind *kind,
                    const struct lease_table *table, uint32_t item);

#endif
