/* daemon/io/store_dir.h - the directory that the lease store lives in. */
#ifndef TWINDHCP_DAEMON_IO_STORE_DIR_H
#define TWINDHCP_DAEMON_IO_STORE_DIR_H

#include "proto/types.h"

/* Make sure that `path` is a directory that a store may be made or opened in: its last
 * component is made when its parent is there; one that holds other files and no store is
 * refused, for RocksDB would mix its own among them.  TD_IO and a text for a person in `error`
 * otherwise. */
MUST_USE enum td_err store_dir_prepare(const char *path, char *error, size_t error_size);

/* Try whether a file of STORE_PROBE_SIZE bytes can be written and synchronised there. */
#define STORE_PROBE_SIZE ((size_t)1 << 20)
MUST_USE enum td_err store_dir_probe(const char *path, char *error, size_t error_size);

/* "PATH is in use by process 1234 ...", from the lock that another process holds there. */
void store_dir_explain_lock(const char *path, char *error, size_t error_size);

#endif
