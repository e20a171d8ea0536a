/* daemon/io/store_load.h - all of a store into a server, before it starts.
 *
 * Reading and decoding run on a thread of their own beside the caller's, which puts what was
 * decoded into the server; the server knows of no thread. */
#ifndef TWINDHCP_DAEMON_IO_STORE_LOAD_H
#define TWINDHCP_DAEMON_IO_STORE_LOAD_H

#include "daemon/core/server.h"
#include "daemon/io/store_db.h"

/* Results and `error` as of store_db_load(); after a failure the server holds a part. */
MUST_USE enum td_err store_load(struct store_db *db, struct server *server,
                                char error[static STORE_ERROR_SIZE]);

#endif
