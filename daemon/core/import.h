/* daemon/core/import.h - leases that another server gave, kept as if this pair had given them.
 *
 * Accepted alone and in NORMAL, where what is written reaches the partner before anybody relies
 * on it.  What the partner owns is handed over to it as a claim; the same lease brought once
 * more says whether the partner took it (README of ha/, section 9). */
#ifndef TWINDHCP_DAEMON_CORE_IMPORT_H
#define TWINDHCP_DAEMON_CORE_IMPORT_H

#include "daemon/core/server.h"

struct imported_lease {
    struct ip4 address;
    bool abandoned; /* declined, or found in use; needs no client */
    struct instant expires;
    struct span client_id; /* option 61, or empty */
    uint8_t htype, hlen;
    uint8_t chaddr[16];
    struct span host_name, relay_info, vendor_class; /* as sent; empty: not known */
};

enum import_result {
    IMPORT_WRITTEN,        /* durable with the next batch, and on its way to the partner */
    IMPORT_HANDED_OVER,    /* the partner is asked to write it; ask again */
    IMPORT_BUSY,           /* too much is handed over already; ask again */
    IMPORT_UNCHANGED,      /* it stands here already, as long or longer */
    IMPORT_ENDED,          /* the lease has ended */
    IMPORT_NO_CLIENT,      /* neither identifier nor hardware address */
    IMPORT_NOT_CONFIGURED, /* the address is in no pool and not reserved */
    IMPORT_RESERVED,       /* the address is set aside for another client */
    IMPORT_IN_USE,         /* another client has the address, or it is abandoned or offered */
    IMPORT_PARTNERS,       /* abandoned, and the partner's: bring it to the partner */
    IMPORT_NOT_NOW,        /* not in this state */
};
#define IMPORT_RESULTS 11

const char *import_result_name(enum import_result result); /* "written", ...; static */

/* Write the lease, or, with `dry_run`, say what would become of it.  Borrows everything. */
enum import_result server_import_lease(struct server *server, struct instant now,
                                       const struct imported_lease *lease, bool dry_run,
                                       struct effects *fx);

#endif
