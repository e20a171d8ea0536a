/* daemon/io/store.h - committing to the lease store from the loop, on one thread of its own.
 *
 * Batches are written in the order given, one synchronous write each, and their results come
 * back in that order on the loop thread.  When one fails, every batch given before its failure
 * was reported fails with it, unwritten: nothing is ever durable that was given after something
 * that is not. */
#ifndef TWINDHCP_DAEMON_IO_STORE_H
#define TWINDHCP_DAEMON_IO_STORE_H

#include <uv.h>

#include "daemon/io/store_db.h"

struct store;

struct store_host {
    void *context;
    void (*durable)(void *context, uint64_t number);
    void (*failed)(void *context, uint64_t number, const char *reason);
};

/* Start the thread.  Takes `db`, which nobody else may use from now on.  `host` is copied. */
struct store *store_new(uv_loop_t *loop, struct store_db *db, const struct store_host *host);

/* Hand over `batch`, which is borrowed until its result is reported; read by another thread. */
void store_commit(struct store *store, const struct store_batch *batch);

/* Batches whose result has not been reported yet. */
size_t store_pending(const struct store *store);

/* Write what was handed over, end the thread, close the database.  Reports nothing more; the
 * memory is freed when the loop has run once more.  NULL is fine. */
void store_free(struct store *store);

#endif
