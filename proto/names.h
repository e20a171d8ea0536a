/* proto/names.h - what a binding says of the DNS: the client's name, and which names stand, or
 * may stand, in the DNS for its address.
 *
 * A binding carries it as one run of bytes (struct binding, `names`), empty for a client
 * without a name.  The entries are written before the DNS is told, so whatever may stand there
 * is in the record, on both peers, and whoever is in charge of the address finds what is left
 * to do:
 *
 *     00 10                    size of all of it, 16
 *     03                       forward 1, reverse 2: what the pair is to keep in the DNS
 *     03 'd' 'b' '1'           the client's name, lower case, without the dot at its end
 *     07                       an entry: forward 1, reverse 2, ADDED 4
 *     02 00 01 aa              its client's key, size less one
 *     03 'd' 'b' '1'           its name
 */
#ifndef TWINDHCP_PROTO_NAMES_H
#define TWINDHCP_PROTO_NAMES_H

#include "proto/types.h"

#define NAME_SIZE_MAX    253 /* of a domain name as text (RFC 1035 2.3.4) */
#define NAMES_ENTRIES    6
#define NAMES_SIZE_MAX   (4 + NAME_SIZE_MAX + NAMES_ENTRIES * (3 + 256 + NAME_SIZE_MAX))
#define NAMES_ENTRIES_OK 3 /* with so many, no other is begun */

/* Values are on the wire and on disk. */
enum name_state {
    NAME_MAYBE = 0, /* about to be put into the DNS, or to be taken out: may stand there */
    NAME_ADDED = 1, /* stands there */
    NAME_TAKEN = 2, /* another client's: nothing of ours was put there */
};

struct name_entry {
    enum name_state state;
    bool forward, reverse; /* the A record; the PTR record */
    struct span client;    /* whose name: the key as of dhcp4_client_key() */
    struct span name;
};

struct names {
    bool forward, reverse; /* what the pair is to keep for the client */
    struct span name;      /* empty: the client has none */
    size_t count;
    struct name_entry entry[NAMES_ENTRIES]; /* by name, then client; no two alike */
};

/* Spans point into `bytes`.  False for what no version of ours could have written; empty bytes
 * are no names at all.  `*out` is then unspecified. */
MUST_USE bool names_decode(struct span bytes, struct names *out);

/* The bytes, in `out`; empty when there is nothing to say. */
struct span names_encode(const struct names *names, uint8_t out[static NAMES_SIZE_MAX]);

/* The size that the first two bytes give: how much of a longer run is the names'. */
static inline size_t names_size_at(const uint8_t *bytes)
{
    return (size_t)(bytes[0] << 8 | bytes[1]);
}

/* The entry of this client and name; NULL if there is none. */
struct name_entry *names_find(struct names *names, struct span client, struct span name);

/* Add one that is not there, in its place in the order; false when there is no room. */
bool names_add(struct names *names, const struct name_entry *entry);

void names_remove(struct names *names, struct name_entry *entry);

/* All entries of both, for records that were written apart: one that is not in both alike MAYBE
 * stand in the DNS.  Both peers make the same of it.  The client's name stays that of `names`;
 * what is beyond NAMES_ENTRIES is left out. */
void names_join(struct names *names, const struct names *other);

#endif
