/* daemon/api/listen.h - the sockets that the API listens on.
 *
 * Both functions return a listening, non-blocking descriptor, or -1 with a one-line text for a
 * person in `error`. */
#ifndef TWINDHCP_DAEMON_API_LISTEN_H
#define TWINDHCP_DAEMON_API_LISTEN_H

#include <sys/types.h>

#include "proto/types.h"

/* Which socket file is ours, so that another's is never removed. */
struct socket_file {
    char path[108];
    dev_t device;
    ino_t inode;
};

/* A unix socket at `path`, mode 0660 from its first moment.  The last directory of the path is
 * made when it is missing.  The socket file of a dead process is replaced; a live one, and any
 * other file, is an error. */
MUST_USE int listen_unix(const char *path, struct socket_file *file, char *error,
                         size_t error_size);

/* Remove the socket file unless another process has put its own there. */
void socket_file_remove(const struct socket_file *file);

/* TCP at "127.0.0.1:8067". */
MUST_USE int listen_tcp(const char *address, char *error, size_t error_size);

#endif
