/* daemon/lease/table.h - bindings in memory.
 *
 * Every address that was ever bound, released, abandoned, given away or reserved has an entry;
 * an untouched address costs nothing and has its implied record (proto/binding.h).  Entries are
 * found by address, by client on a link, in order of own writes (seq), and by expiry.
 *
 * The table also knows which addresses are free to give: by pool and owner, least recently used
 * first, never-used ones before all others.  An address under offer is not free to give.
 *
 * Pure: no clock, no I/O.  Memory grows with entries, never with packets; without memory the
 * process stops (and the partner serves). */
#ifndef TWINDHCP_DAEMON_LEASE_TABLE_H
#define TWINDHCP_DAEMON_LEASE_TABLE_H

#include "config/model.h"
#include "proto/binding.h"

struct lease_table;

/* A record as the table keeps it, in half the memory of a struct binding: its spans are one run
 * of bytes, and what the table notes of it stands where there is room. */
enum lease_span {
    LEASE_CLIENT,
    LEASE_RESERVED,
    LEASE_HOST_NAME,
    LEASE_RELAY_INFO,
    LEASE_VENDOR_CLASS
};
#define LEASE_SPANS 5
struct lease_binding {
    int64_t version_ms; /* 0: nobody wrote it */
    struct instant cltt, expires;
    const uint8_t *bytes; /* the spans, one after the other; then the hardware address; then the
                             names, which say their own size */
    struct ip4 address;
    uint32_t term;
    uint32_t version_counter;
    uint16_t size[LEASE_SPANS];
    uint8_t version_writer; /* enum role */
    uint8_t state;          /* enum binding_state */
    uint8_t owner;          /* enum role */
    uint8_t htype, hlen;
    bool unsent : 1;
    bool has_names : 1;

    /* private */
    bool implied : 1; /* the contents are those of the implied record */
    bool
        ends_client : 1; /* the hardware address is the end of the client key, not in `bytes` */
    uint8_t block_class; /* of the block at `bytes` */
    uint8_t place;       /* enum lease_place */
    uint16_t offer;      /* the live offer of this address */
};

/* What the table keeps of one address.  Only `acked_*` may be written to; all else goes through
 * lease_table_put() and lease_table_sent(). */
struct lease {
    struct lease_binding binding;
    uint64_t seq;                 /* own seq of this write; 0 = the partner wrote it */
    struct instant acked_expires; /* see ha/README.md, acked(a); kept by daemon/core */
    uint32_t acked_generation; /* of which trust in the partner's store; kept by daemon/core */
    uint32_t index;            /* private */
};

/* `config` is borrowed and must outlive the table.  The new table is loading. */
struct lease_table *lease_table_new(const struct config *config);
void lease_table_free(struct lease_table *table); /* NULL is fine */

/* The record in full.  Its spans point into the table and live until the next lease_table_put()
 * of that address (the entry itself never moves or goes). */
struct binding lease_binding_of(const struct lease *lease);

static inline struct span lease_client(const struct lease *lease)
{
    return span_of(lease->binding.bytes, lease->binding.size[LEASE_CLIENT]);
}

static inline struct span lease_relay_info(const struct lease *lease)
{
    const struct lease_binding *b = &lease->binding;

    if (b->size[LEASE_RELAY_INFO] == 0)
        return span_of(NULL, 0);
    return span_of(b->bytes + b->size[LEASE_CLIENT] + b->size[LEASE_RESERVED] +
                       b->size[LEASE_HOST_NAME],
                   b->size[LEASE_RELAY_INFO]);
}

static inline struct version lease_version(const struct lease *lease)
{
    return (struct version){.ms = lease->binding.version_ms,
                            .counter = lease->binding.version_counter,
                            .writer = (enum role)lease->binding.version_writer};
}

/* Is the address set aside for somebody? */
static inline bool lease_is_reserved(const struct lease *lease)
{
    return lease->binding.size[LEASE_RESERVED] > 0;
}

/* NULL when the address was never touched.  An address that was only offered, or refused by a
 * may_give, may have an entry with its implied record (version_ms 0): nobody wrote it, and it
 * is no entry for the digest, the size, lists and own writes. */
struct lease *lease_table_find(struct lease_table *table, struct ip4 address);

/* The record of `address`, implied if need be. */
struct binding lease_table_binding(struct lease_table *table, struct ip4 address);

/* The pool that holds its address; NULL outside all pools. */
const struct config_pool *lease_table_pool(const struct lease_table *table,
                                           const struct lease *lease);

/* Replace the record of binding->address (copied, with what its spans point to; they may point
 * into the old record).  `seq` > 0 makes it the newest own write and must be above all before
 * it, except while loading, where any order is fine; 0 takes it out of the own writes.  Keeps
 * `acked_*` as they were (0 in a new entry).  Ends no offer. */
struct lease *lease_table_put(struct lease_table *table, const struct binding *binding,
                              uint64_t seq);

/* Bindings whose client is `key` and whose address is on the link of `subnet`: the ACTIVE one
 * that expires last, else the RELEASED or FREE one whose lease ended last; NULL if none.
 * ABANDONED ones never count.  O(entries of that client).  Not while loading. */
struct lease *lease_table_find_client(struct lease_table *table,
                                      const struct config_subnet *subnet, struct span key);

/* The same among those that are `wanted`: a client may hold an address that it may not keep. */
typedef bool lease_is_wanted(void *context, const struct lease *lease);
struct lease *lease_table_find_client_among(struct lease_table *table,
                                            const struct config_subnet *subnet, struct span key,
                                            lease_is_wanted *wanted, void *context);

/* All bindings of a client, whatever their state, one after the other: the one after `last`,
 * NULL for the first; NULL past the end.  No write may come between.  By hardware address they
 * are found only where the configuration has a `leasequery`. */
struct lease *lease_table_next_of_client(struct lease_table *table, struct span key,
                                         const struct lease *last);
struct lease *lease_table_next_of_hardware(struct lease_table *table, uint8_t htype,
                                           struct span chaddr, const struct lease *last);

/* Called once after loading: from here on own writes come in order of seq.  Enters all clients,
 * sorts the own writes, and the free addresses by cltt. */
void lease_table_loaded(struct lease_table *table);

/* Own writes in order of seq: the first with seq > `after`, NULL past the end.  Not while
 * loading.  O(1) for 0, near the end, and near where the last of these questions ended (a
 * sender that goes on where it was); else a walk from the nearest of these three.  `previous`
 * is an own write. */
struct lease *lease_table_next_own(struct lease_table *table, const struct lease *previous);
struct lease *lease_table_first_own_after(struct lease_table *table, uint64_t after);

/* From the newest own write backwards, NULL past the first.  Moves no place of the above. */
struct lease *lease_table_last_own(struct lease_table *table);
struct lease *lease_table_previous_own(struct lease_table *table, const struct lease *next);

/* The record is `unsent` no more.  And how many are. */
void lease_table_sent(struct lease_table *table, struct lease *lease);
size_t lease_table_unsent(const struct lease_table *table);

/* The record (ACTIVE, RELEASED or ABANDONED) with the earliest `due`, or NULL.  `due` is set to
 * binding.expires by put (RELEASED: 0, at once) and may be moved later by _postpone. */
struct lease *lease_table_earliest(struct lease_table *table, struct instant *due);
void lease_table_postpone(struct lease_table *table, struct lease *lease, struct instant due);

/* Every entry that is there when the walk begins, once each and in no order that means
 * anything, with the record that it has when the walk comes to it.  One that appears later is
 * not in the walk; whoever sends all there is sends what was written since in its turn (own
 * writes).  Also those that nobody wrote (version_ms 0): the caller passes them, so that each
 * step is O(1). NULL past the end.  Costs nothing to begin, to keep, or to give up. */
struct lease_walk {
    uint32_t next, end;
};
void lease_table_walk_begin(const struct lease_table *table, struct lease_walk *walk);
struct lease *lease_table_walk_next(struct lease_table *table, struct lease_walk *walk);

/* Every record in ascending order of address, for people.  NULL past the end.  The addresses
 * are those of a sorted snapshot that lease_table_list_begin() makes (milliseconds a million),
 * the records those of now: one that appears later is not in the list. */
struct lease_list {
    uint32_t *addresses;
    size_t count, next;
};
void lease_table_list_begin(struct lease_table *table, struct lease_list *list);
struct lease *lease_table_list_next(struct lease_table *table, struct lease_list *list);
void lease_table_list_end(struct lease_list *list);

/* The sum of binding_hash() over all entries whose contents differ from their implied record.
 */
uint64_t lease_table_digest(const struct lease_table *table);

size_t lease_table_size(const struct lease_table *table); /* entries */

/* ---- free addresses ---- */

/* May `binding` (version 0 for an untouched address) be given to a new client now?  The
 * caller's policy: freeing acked, reservations of others.  Called for FREE records without an
 * offer whose owner is as asked and that are not set aside (`reserved` empty).  Must not change
 * the table. */
typedef bool lease_may_give(void *context, const struct binding *binding, uint64_t seq);

/* The least recently used free address of `pool` owned by `owner` for which may_give says yes:
 * never-used ones in ascending order first, then the touched ones in the order in which they
 * became free (a given-up offer counts as that).  At most LEASE_SCAN_MAX touched ones are
 * looked at, refused ones going to the back of the list; a refused never-used one goes there
 * too.  False if there is none.  Does not change the record: the caller offers or binds it. */
#define LEASE_SCAN_MAX 64
MUST_USE bool lease_table_pick(struct lease_table *table, const struct config_pool *pool,
                               enum role owner, lease_may_give *may_give, void *context,
                               struct ip4 *address);

/* The same in the order that the pool's `allocation` asks for, for `client`:
 * least-recently-used as above; sequential the lowest address; random one that the client's key
 * and the seed choose, or, when the first guesses are taken, as above.  In the same way at most
 * LEASE_SCAN_MAX touched ones are looked at. */
MUST_USE bool lease_table_pick_for(struct lease_table *table, const struct config_pool *pool,
                                   enum role owner, struct span client,
                                   lease_may_give *may_give, void *context,
                                   struct ip4 *address);

/* What lease_table_pick_for() would give now; changes nothing.  For explanations: each call
 * goes past the refused ones anew. */
MUST_USE bool lease_table_peek_for(const struct lease_table *table,
                                   const struct config_pool *pool, enum role owner,
                                   struct span client, lease_may_give *may_give, void *context,
                                   struct ip4 *address);

/* What random choice and counting are made unforeseeable with: 64 random bits.  While loading.
 */
void lease_table_seed(struct lease_table *table, uint64_t seed);

/* FREE addresses of a pool by owner (offered ones included), and ACTIVE, RELEASED, ABANDONED
 * ones. */
struct pool_counts {
    uint64_t free[2]; /* by owner */
    uint64_t active, released, abandoned;
};
struct pool_counts lease_table_pool_counts(const struct lease_table *table,
                                           const struct config_pool *pool);

/* ---- offers: soft, in memory only ---- */

struct lease_offer {
    struct ip4 address;
    struct span client; /* key, in the table's memory */
    struct instant until;
};
#define LEASE_OFFERS_MAX 65535 /* the oldest offer is given up for a new one beyond this */

/* Remember that `address` is offered to `client` until `until` (offers end in the order made:
 * one that would end before the newest ends with it).  One offer a client and link, one an
 * address: an older one of either is replaced.  `client` may be the key of such a one. */
void lease_table_offer(struct lease_table *table, struct ip4 address, struct span client,
                       struct instant until);

/* The live offer of an address / to a client on the link of a subnet (NULL: outside all); false
 * if none at `now`, which its `until` must be above. */
MUST_USE bool lease_table_offer_at(struct lease_table *table, struct ip4 address,
                                   struct instant now, struct lease_offer *out);
MUST_USE bool lease_table_offer_to(struct lease_table *table,
                                   const struct config_subnet *subnet, struct span client,
                                   struct instant now, struct lease_offer *out);

/* End the offer of `address` (it was taken, or will not be); nothing if there is none. */
void lease_table_offer_end(struct lease_table *table, struct ip4 address);

/* Give back the addresses of offers whose time is over; bounded work per call (256). */
void lease_table_offers_expire(struct lease_table *table, struct instant now);
size_t lease_table_offer_count(const struct lease_table *table);

#endif
