/* daemon/io/store_db.h - the lease store on disk: a RocksDB database, without threads.
 *
 * The only file that knows RocksDB.  Errors are texts for a person: what is wrong and, where it
 * helps, what to do. */
#ifndef TWINDHCP_DAEMON_IO_STORE_DB_H
#define TWINDHCP_DAEMON_IO_STORE_DB_H

#include "daemon/core/effects.h"

#define STORE_ERROR_SIZE 512

struct store_db;

/* Open the store in directory `path`; its last component is made if only that is missing.  Ends
 * with a synchronous test write (of nothing: a put and its delete), so a full or read-only disk
 * shows now.  NULL and a text in `error` when that fails. */
MUST_USE struct store_db *store_db_open(const char *path, char error[static STORE_ERROR_SIZE]);
void store_db_close(struct store_db *self); /* NULL is fine */

/* TD_OK to go on; anything else ends the loading with it. */
typedef enum td_err store_record(void *context, struct span key, struct span value);

/* Every record, ascending by key.  TD_IO when the store cannot be read, else what `record`
 * said; then `error` names the key. */
MUST_USE enum td_err store_db_load(struct store_db *self, store_record *record, void *context,
                                   char error[static STORE_ERROR_SIZE]);

/* All of `batch`, atomically and durably.  After a failure RocksDB refuses further writes, so
 * the next call opens the database anew first; the batch that failed may or may not be in it.
 */
MUST_USE enum td_err store_db_write(struct store_db *self, const struct store_batch *batch,
                                    char error[static STORE_ERROR_SIZE]);

#endif
