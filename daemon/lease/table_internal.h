/* daemon/lease/table_internal.h - what the files of the lease table share.
 *
 * Entries never move and never go, and name each other by index: half the size of a pointer,
 * and most of what a lease costs is such links. */
#ifndef TWINDHCP_DAEMON_LEASE_TABLE_INTERNAL_H
#define TWINDHCP_DAEMON_LEASE_TABLE_INTERNAL_H

#include "daemon/lease/blocks.h"
#include "daemon/lease/table.h"

#define LEASE_NONE UINT32_MAX /* no entry, no offer, no place */

struct entry {
    struct lease lease; /* first: a struct lease of the table is its entry */
    uint32_t own_previous, own_next;
    uint32_t client_next; /* in its bucket */
    uint32_t heap_at;     /* place in the heap; LEASE_NONE = not in it */
    union {
        struct {
            uint32_t free_previous, free_next; /* while in_free_list */
        };
        struct instant due; /* while in the heap */
    };
    uint32_t offer;       /* the live offer of this address */
    uint16_t block_size;  /* of the block that binding.bytes points to; 0 = none */
    uint8_t in_free_list; /* of lease.binding.owner */
    uint8_t implied;      /* the contents are those of the implied record */
};

struct free_list {
    uint32_t first, last; /* least recently used first */
};

/* Where the search for never-used addresses goes on: all before it are touched or another's. */
struct free_cursor {
    size_t part; /* of the pool; part_count = at the end */
    uint32_t next;
};

struct pool_state {
    struct pool_counts counts;
    struct free_list list[2];     /* by owner */
    struct free_cursor cursor[2]; /* by owner */
};

struct offer {
    struct lease_offer offer;
    uint32_t entry;
    uint32_t subnet;       /* index; LEASE_NONE = in none */
    uint32_t older, newer; /* in the order in which they end */
    uint32_t bucket_next;
    uint16_t block_size; /* of the block that client.data points to */
};

struct lease_table {
    const struct config *config;

    struct entry **chunks;
    size_t chunk_capacity;
    uint32_t entry_count;

    uint32_t *slots; /* open addressing, 1 << slot_bits */
    unsigned slot_bits;

    uint32_t *buckets; /* of entries with a client, by hash of its key; a power of two */
    size_t bucket_count, bucketed;

    uint32_t *heap;
    size_t heap_count, heap_capacity;

    struct pool_state *pools; /* by config_pool.index */

    uint32_t own_first, own_last;
    uint32_t own_hint; /* where the last question about own writes ended, or LEASE_NONE */
    bool loading;
    bool own_unsorted;

    struct offer *offers;
    uint32_t *offer_buckets; /* as many as offer_capacity, a power of two */
    size_t offer_count, offer_capacity;
    uint32_t offer_oldest, offer_newest, offer_unused;

    uint64_t digest;
    size_t size;

    struct blocks blocks;
    uint8_t scratch[LEASE_BLOCK_MAX];
};

/* ---- entries.c ---- */

/* realloc() that does not fail: without memory this peer stops and its partner serves. */
void *lease_reallocate(void *old, size_t count, size_t size);

void lease_entries_init(struct lease_table *table);
void lease_entries_deinit(struct lease_table *table);
struct entry *lease_entry_find(struct lease_table *table, struct ip4 address);

/* The entry of `address`; a new one holds the implied record and is in no list. */
struct entry *lease_entry_touch(struct lease_table *table, struct ip4 address);

#define LEASE_CHUNK_BITS 10

static inline struct entry *lease_entry(const struct lease_table *table, uint32_t index)
{
    return &table->chunks[index >> LEASE_CHUNK_BITS]
                         [index & ((UINT32_C(1) << LEASE_CHUNK_BITS) - 1)];
}

static inline struct entry *lease_entry_of(struct lease *lease)
{
    return (struct entry *)lease;
}

/* Touched only by an offer or a refusal: no record that anybody wrote. */
static inline bool lease_entry_is_placeholder(const struct entry *entry)
{
    return entry->implied && entry->lease.binding.version.ms == 0;
}

/* Copy `binding` and what its spans point to; those may point into the entry's block. */
void lease_entry_assign(struct lease_table *table, struct entry *entry,
                        const struct binding *binding);

/* ---- clients.c ---- */

void lease_clients_add(struct lease_table *table, struct entry *entry);
void lease_clients_remove(struct lease_table *table, struct entry *entry);

/* ---- expiry.c ---- */

void lease_expiry_set(struct lease_table *table, struct entry *entry, struct instant due);
void lease_expiry_remove(struct lease_table *table, struct entry *entry); /* if it is in */

/* ---- free.c ---- */

void lease_free_init(struct lease_table *table);
void lease_free_deinit(struct lease_table *table);
void lease_free_loaded(struct lease_table *table);

/* Put the entry at the back of its list, if it is one to be found there and is not there yet.
 */
void lease_free_enter(struct lease_table *table, struct entry *entry);
void lease_free_leave(struct lease_table *table, struct entry *entry); /* if it is in */

/* Count the entry in or out of its pool. */
void lease_free_count(struct lease_table *table, const struct entry *entry, bool in);

/* ---- writes.c ---- */

/* Give the entry its new place among the own writes; seq 0: none. */
void lease_writes_set(struct lease_table *table, struct entry *entry, uint64_t seq);
void lease_writes_loaded(struct lease_table *table);

/* ---- offers.c ---- */

void lease_offers_deinit(struct lease_table *table);

#endif
