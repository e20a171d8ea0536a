/* proto/binding.h - the record of one address, and its one encoding.
 *
 * The protobuf `Binding` message of failover.proto is both what the partner is sent and what
 * the store keeps (README of ha/, section 2). */
#ifndef TWINDHCP_PROTO_BINDING_H
#define TWINDHCP_PROTO_BINDING_H

#include "proto/names.h"
#include "proto/types.h"

/* Values are on the wire and on disk. */
enum binding_state {
    BINDING_FREE = 0,
    BINDING_ACTIVE = 1,
    BINDING_RELEASED = 2,
    BINDING_ABANDONED = 3, /* declined, or found in use */
};
#define BINDING_STATES 4

/* A hybrid logical clock reading and who wrote: breaks ties and recognises duplicates. */
struct version {
    int64_t ms; /* lease clock; 0 = the implied record of an address never touched */
    uint32_t counter;
    enum role writer;
};

/* -1, 0, 1 */
int version_compare(struct version a, struct version b);

/* The longest spans of a binding.  A longer one could not come from a packet (proto/dhcp4.h).
 */
#define BINDING_CLIENT_MAX    256  /* client, reserved */
#define BINDING_ATTRIBUTE_MAX 4096 /* host_name, relay_info, vendor_class */

/* `expires` of a lease without end: a moment that no clock of ours reaches and every calendar
 * can write, 9999-12-31T23:59:59Z.  Later ones are as good. */
#define BINDING_NEVER_MS INT64_C(253402300799000)

static inline bool instant_is_never(struct instant when)
{
    return when.ms >= BINDING_NEVER_MS;
}

/* Every span is borrowed: from the lease table, the packet, the configuration or the frame. */
struct binding {
    struct ip4 address;
    enum binding_state state;
    enum role owner; /* who writes this address in NORMAL */
    uint32_t term;
    struct version version;
    struct instant cltt;    /* client last transaction time */
    struct instant expires; /* never below what any peer promised the client */
    struct span client;     /* key as of dhcp4_client_key(); empty = no client yet */
    struct span
        reserved; /* key of the client that the address is set aside for; empty = none */
    bool unsent;  /* bound from a FREE that the partner had acked, nothing sent since */
    uint8_t htype, hlen;
    uint8_t chaddr[16];
    struct span host_name;    /* option 12 as sent */
    struct span relay_info;   /* option 82 as sent */
    struct span vendor_class; /* option 60 as sent */
    struct span names;        /* proto/names.h; at most NAMES_SIZE_MAX */
};

const char *binding_state_name(enum binding_state state); /* "FREE", ... static */
const char *role_name(enum role role);                    /* "primary", "secondary" */

/* The peer that owns an address never touched: the parity of its bits, so that of every aligned
 * block each peer owns one half, and files that differ between peers change nothing. */
enum role implied_owner(struct ip4 address);

/* How many of the addresses first..last (inclusive) `role` owns by implied_owner(). O(1). */
uint64_t implied_owner_count(struct ip4 first, struct ip4 last, enum role role);

/* The implied record of `address`: FREE, no client, version 0. */
struct binding binding_implied(struct ip4 address);

/* Equal in everything but version, term and `unsent`. */
bool binding_same_contents(const struct binding *a, const struct binding *b);

/* A 64-bit hash of what binding_same_contents() compares.  The digest of a table is the sum of
 * these over all records that are not equal in contents to their implied record. */
uint64_t binding_hash(const struct binding *b);

/* The record as kept in the store: the binding and its place in a stream. */
struct stored_binding {
    struct binding binding;
    uint64_t seq; /* own seq of this write; 0 = the partner wrote it */
};

/* An upper bound of the encoded size. */
size_t binding_encoded_max(const struct binding *b);

/* Encode; returns the bytes written, at most binding_encoded_max(). */
size_t stored_binding_encode(const struct stored_binding *b, uint8_t *out, size_t capacity);

/* Decode.  Spans point into `arena`, which the caller gives and which must hold twice
 * bytes.size + 1024: with less, TD_NO_SPACE or TD_MALFORMED.  TD_MALFORMED for anything that no
 * version of ours could have written.  `*out` changes only on success. */
MUST_USE enum td_err stored_binding_decode(struct span bytes, uint8_t *arena, size_t arena_size,
                                           struct stored_binding *out);

#endif
