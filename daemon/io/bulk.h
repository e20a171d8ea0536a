/* daemon/io/bulk.h - connections for bulk leasequery (RFC 6926).
 *
 * Who connects from where the configuration lets nobody ask is turned away; a connection that
 * reads too slowly is written to no further, one that is idle or sends what is no query is
 * closed.  A query takes its turn with the clients: some leases in each turn of the loop. */
#ifndef TWINDHCP_DAEMON_IO_BULK_H
#define TWINDHCP_DAEMON_IO_BULK_H

#include <uv.h>

#include "daemon/core/server.h"

struct bulk;

struct bulk_host {
    void *context;
    struct instant (*now)(void *context);
    struct server *server;
};

struct bulk_counters {
    uint64_t accepted;
    uint64_t refused; /* of no host that may ask, or one connection too many */
    uint64_t closed;  /* by us: idle, or no query */
};

/* `query` is borrowed.  The handles belong to the loop: whoever ends it closes them and runs it
 * once more before bulk_free(). */
struct bulk *bulk_new(uv_loop_t *loop, const struct config_leasequery *query,
                      const struct bulk_host *host);
void bulk_free(struct bulk *bulk); /* NULL is fine */

/* Listen on the port of each address, once.  False and a text for a person when one cannot be
 * had. */
MUST_USE bool bulk_listen(struct bulk *bulk, const struct ip4 *addresses, size_t count,
                          char *error, size_t error_size);

struct bulk_counters bulk_counters(const struct bulk *bulk);

#endif
