/* proto/identity.h - by what a reservation may know a client.
 *
 * A key is a tag byte and the bytes of the identity; the first two kinds are the client's own
 * keys (dhcp4_client_key()).  One key names one client or one place, wherever it stands: in the
 * configuration, in the record of an address that is set aside, in a claim. */
#ifndef TWINDHCP_PROTO_IDENTITY_H
#define TWINDHCP_PROTO_IDENTITY_H

#include "proto/dhcp4.h"

/* The values are tags: on the wire and on disk. */
enum identity {
    IDENTITY_HW_ADDRESS = 0, /* type and address of the hardware */
    IDENTITY_CLIENT_ID = 1,  /* option 61 */
    IDENTITY_CIRCUIT_ID = 2, /* sub-option 1 of option 82 (RFC 3046): the port */
    IDENTITY_REMOTE_ID = 3,  /* sub-option 2: the relay, or the modem */
    IDENTITY_DUID = 4,       /* the DUID inside an option 61 of type 255 (RFC 4361) */
    IDENTITY_FLEX_ID = 5,    /* what the file's own expression makes of the packet */
};
#define IDENTITIES 6

/* Of a flex-id; a longer one is none. */
#define FLEX_ID_MAX 128

/* "hw-address", "client-id", ...: as the configuration names it.  Static. */
const char *identity_name(enum identity kind);

/* What identities are made of: of a packet, or of a record. */
struct client_names {
    struct span key;          /* dhcp4_client_key() */
    struct span hardware_key; /* tag, hardware type, address */
    struct span relay_info;   /* option 82 of a relay; never one that a client made up */
    struct span flex_id;      /* at most FLEX_ID_MAX; empty: none, or no such expression */
};

/* The key of `kind` that the client has, written to `out`; empty when it has none. */
struct span identity_key(const struct client_names *names, enum identity kind,
                         uint8_t out[static CLIENT_KEY_MAX]);

/* Is `key` one of the client's? */
bool identity_is_of(const struct client_names *names, struct span key);

#endif
