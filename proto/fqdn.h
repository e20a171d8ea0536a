/* proto/fqdn.h - names of clients: what they send as names, and the Client FQDN option (81, RFC
 * 4702), in its canonical wire form and the deprecated ASCII one. */
#ifndef TWINDHCP_PROTO_FQDN_H
#define TWINDHCP_PROTO_FQDN_H

#include "proto/names.h"
#include "proto/option.h"

/* A domain name being made: labels of lower case letters, digits and inner hyphens, with dots
 * between them and none at the end. */
struct name {
    uint8_t size; /* 0 = none */
    char text[NAME_SIZE_MAX];
};

static inline struct span name_span(const struct name *name)
{
    return span_of(name->text, name->size);
}

/* Add what `bytes` can be as one label: upper case becomes lower, any other byte that a host
 * name may not have a hyphen; hyphens at either end go, and what is beyond 63 bytes.  Nothing
 * is added when nothing is left.  False when the name has no room for it; it is then as before.
 */
MUST_USE bool name_add_label(struct name *name, struct span bytes);

/* The labels of text with dots between them, the same way. */
MUST_USE bool name_add_text(struct name *name, struct span text);

/* Does the name lie in `domain` (without a final dot), or is it `domain` itself? */
bool name_lies_in(const struct name *name, struct span domain);

/* Option 81.  The flags are S, O, E and N of RFC 4702 2.1. */
struct fqdn {
    bool server_updates; /* S: the server is to write the A record */
    bool overridden;     /* O: of a server, that S is not as the client said */
    bool wire;           /* E: the name is in wire form */
    bool no_updates;     /* N: the server is to write nothing */
    bool qualified;      /* the name is whole; else it wants the server's domain */
    struct name name;    /* empty: the client leaves it to the server */
};

/* False for what is no such option: too short, a label that goes beyond the end, a compressed
 * name. `*out` changes only on success. */
MUST_USE bool fqdn_decode(struct span option, struct fqdn *out);

#define FQDN_SIZE_MAX (3 + 255)

/* The option as a server sends it (both RCODE fields 255), the name whole.  Returns its size.
 */
size_t fqdn_encode(const struct fqdn *fqdn, uint8_t out[static FQDN_SIZE_MAX]);

/* The flags of the answer to `asked` when the server writes the records named (RFC 4702 4). */
struct fqdn fqdn_answer(const struct fqdn *asked, bool forward, bool reverse);

#endif
