/* daemon/lease/table_internal.h - what the files of the lease table share.
 *
 * Entries never move and never go, and name each other by index: half the size of a pointer,
 * and most of what a lease costs is such links. */
#ifndef TWINDHCP_DAEMON_LEASE_TABLE_INTERNAL_H
#define TWINDHCP_DAEMON_LEASE_TABLE_INTERNAL_H

#include "daemon/lease/bitmap.h"
#include "daemon/lease/blocks.h"
#include "daemon/lease/buckets.h"
#include "daemon/lease/table.h"

#define LEASE_NONE BUCKET_END /* no entry, no offer, no place */

enum lease_place { LEASE_NOWHERE, LEASE_IN_HEAP, LEASE_IN_FREE_LIST };

struct entry {
    struct lease lease; /* first: a struct lease of the table is its entry */
    uint32_t pool;      /* index; LEASE_NONE = outside all pools */
    uint32_t own_previous, own_next;
    uint32_t client_next; /* in its bucket */
    union {               /* as binding.place says */
        uint32_t heap_at;
        struct {
            uint32_t free_previous, free_next; /* in the list of binding.owner */
        };
    };
};
_Static_assert(sizeof(struct entry) == 112, "there are millions of them");

#define LEASE_NO_OFFER UINT16_MAX
_Static_assert(LEASE_OFFERS_MAX == LEASE_NO_OFFER, "an entry names its offer in 16 bits");

/* When an entry is due, beside its number, so that to compare costs no look at the entry. */
struct heap_item {
    struct instant due;
    uint32_t entry;
} __attribute__((packed, aligned(4)));

/* Where the entries of addresses in a row are, as many as one cache line has room for: pools
 * fill up side by side, so that a lookup comes by few lines, and the search for a never-used
 * address passes many at a time. */
#define NEIGHBOURS 14U
struct neighbours {
    uint32_t number; /* address / NEIGHBOURS */
    uint32_t next;   /* in its bucket */
    uint32_t entry[NEIGHBOURS];
};
_Static_assert(sizeof(struct neighbours) == SEGMENT_ALIGNMENT, "a cache line");

struct free_list {
    uint32_t first, last; /* least recently used first */
};

/* The first never-used address of its owner; all before it are touched or the other's. */
struct free_cursor {
    size_t part; /* of the pool; part_count = at the end */
    uint32_t next;
};

struct pool_state {
    struct pool_counts counts;
    struct free_list list[2];     /* by owner */
    struct free_cursor cursor[2]; /* by owner */
    struct bitmap *by_address;    /* two, by owner: what is in `list`; NULL: not asked for */
};

struct offer {
    struct lease_offer offer;
    uint32_t entry;
    uint32_t link;         /* index; LEASE_NONE = on none */
    uint32_t older, newer; /* in the order in which they end; unused: the next unused one */
    uint32_t bucket_next;
    uint8_t block_class; /* of the block that client.data points to */
};

struct lease_table {
    const struct config *config;

    struct segments entries;       /* struct entry */
    struct segments neighbours;    /* struct neighbours */
    struct buckets by_address;     /* of neighbours */
    struct buckets by_client;      /* of entries with a client */
    struct buckets by_hardware;    /* of entries with a hardware address, if anybody may ask */
    struct segments hardware_next; /* uint32_t: of each entry, the next in its bucket */

    struct segments heap; /* struct heap_item */
    uint32_t heap_count;

    struct pool_state *pools; /* by config_pool.index */

    struct lease_limits *limits; /* NULL: none are configured */
    uint64_t seed;               /* of what is to be unforeseeable */
    uint32_t own_first, own_last;
    uint32_t own_hint; /* where the last question about own writes ended, or LEASE_NONE */
    bool loading;
    bool own_unsorted;

    struct segments offers;  /* struct offer */
    struct buckets by_offer; /* of offers, by client and link */
    uint32_t offer_oldest, offer_newest, offer_unused;

    uint64_t digest;
    size_t size, unsent;

    struct blocks blocks;

    /* What work is done with; a question may change it. */
    struct neighbours *found_last; /* NULL: none yet; see find_neighbours() */
    uint8_t scratch[LEASE_BLOCK_MAX];
};

/* ---- entries.c ---- */

/* realloc() that does not fail: without memory this peer stops and its partner serves. */
void *lease_reallocate(void *old, size_t count, size_t size);

void lease_entries_init(struct lease_table *table);
void lease_entries_deinit(struct lease_table *table);
struct entry *lease_entry_find(const struct lease_table *table, struct ip4 address);

/* The entry of `address`; a new one holds the implied record and is in no list. */
struct entry *lease_entry_touch(struct lease_table *table, struct ip4 address);

/* The addresses around `address`; NULL when none of them was ever touched. */
const struct neighbours *lease_neighbours(const struct lease_table *table, struct ip4 address);

static inline struct entry *lease_entry(const struct lease_table *table, uint32_t index)
{
    return segments_get(&table->entries, sizeof(struct entry), index);
}

static inline struct entry *lease_entry_of(struct lease *lease)
{
    return (struct entry *)lease;
}

/* Touched only by an offer or a refusal: no record that anybody wrote. */
static inline bool lease_entry_is_placeholder(const struct entry *entry)
{
    return entry->lease.binding.implied && entry->lease.binding.version_ms == 0;
}

/* Copy `binding` and what its spans point to; those may point into the entry's block.  Leaves
 * what is private in the entry's binding, but for the block and `implied`. */
void lease_entry_assign(struct lease_table *table, struct entry *entry,
                        const struct binding *binding);

/* The hardware address: binding->hlen bytes. */
void lease_hardware_copy(const struct lease_binding *binding, uint8_t out[static 16]);

/* ---- clients.c ---- */

void lease_clients_init(struct lease_table *table);
void lease_clients_deinit(struct lease_table *table);
void lease_clients_loaded(struct lease_table *table);
void lease_clients_add(struct lease_table *table, struct entry *entry);
void lease_clients_remove(struct lease_table *table, struct entry *entry);

/* ---- hardware.c ---- */

void lease_hardware_init(struct lease_table *table);
void lease_hardware_deinit(struct lease_table *table);
void lease_hardware_loaded(struct lease_table *table);
void lease_hardware_add(struct lease_table *table, struct entry *entry);
void lease_hardware_remove(struct lease_table *table, struct entry *entry);

/* ---- expiry.c ---- */

void lease_expiry_set(struct lease_table *table, struct entry *entry, struct instant due);
void lease_expiry_remove(struct lease_table *table, struct entry *entry); /* if it is in */

/* ---- free.c ---- */

/* Move the cursor on to the first address from where it stands that is the owner's and was
 * never touched; false at the end of the pool. */
bool lease_free_seek(const struct lease_table *table, const struct config_pool *pool,
                     enum role owner, struct free_cursor *cursor);
bool lease_is_free_to_give(const struct entry *entry);
void lease_free_init(struct lease_table *table);
void lease_free_deinit(struct lease_table *table);
void lease_free_loaded(struct lease_table *table);

/* Put the entry at the back of its list, if it is one to be found there and is not there yet.
 */
void lease_free_enter(struct lease_table *table, struct entry *entry);
void lease_free_leave(struct lease_table *table, struct entry *entry); /* if it is in */

/* The entry is new: its address is a never-used one no more. */
void lease_free_touched(struct lease_table *table, const struct entry *entry);

/* Count the entry in or out of its pool. */
void lease_free_count(struct lease_table *table, const struct entry *entry, bool in);

/* ---- limits.c ---- */

void lease_limits_init(struct lease_table *table);
void lease_limits_deinit(struct lease_table *table);
void lease_limits_loaded(struct lease_table *table);

/* Count the entry, if it is ACTIVE, in or out; the offer out. */
void lease_limits_count(struct lease_table *table, const struct entry *entry, bool in);
void lease_limits_offer_end(struct lease_table *table, uint32_t offer);

/* ---- writes.c ---- */

/* Give the entry its new place among the own writes; seq 0: none. */
void lease_writes_set(struct lease_table *table, struct entry *entry, uint64_t seq);
void lease_writes_loaded(struct lease_table *table);

/* ---- offers.c ---- */

void lease_offers_init(struct lease_table *table);
/* The offer to a client on the link of a subnet, LEASE_NONE if there is none. */
uint32_t lease_offer_of(const struct lease_table *table, struct span client,
                        const struct config_subnet *subnet);
void lease_offers_deinit(struct lease_table *table);

#endif
