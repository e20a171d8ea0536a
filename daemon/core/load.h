/* daemon/core/load.h - what the store holds, decoded in batches beside the server.
 *
 * A start with many leases is half decoding, half putting into the lease table.  A batch needs
 * no server while it is filled, so another thread can do the first half; the server then takes
 * batch by batch.  server_load() is the same for one record. */
#ifndef TWINDHCP_DAEMON_CORE_LOAD_H
#define TWINDHCP_DAEMON_CORE_LOAD_H

#include "daemon/core/server.h"

/* As many bindings go into a batch, or fewer large ones. */
#define LOAD_BATCH_BINDINGS ((size_t)512)

struct load_batch;

struct load_batch *load_batch_new(void);
void load_batch_free(struct load_batch *batch); /* NULL is fine */

/* Decode one stored pair of key and value, which are borrowed for the call.  TD_NO_SPACE: the
 * batch is full; an empty one takes any record.  TD_MALFORMED as of server_load(). */
MUST_USE enum td_err load_batch_add(struct load_batch *batch, struct span key,
                                    struct span value);

/* server_load() of all that `batch` holds; leaves it empty. */
void server_load_batch(struct server *server, struct load_batch *batch);

#endif
