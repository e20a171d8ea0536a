/* daemon/api/api.h - the HTTP/JSON API of a running daemon.
 *
 * Runs in the loop thread on libmicrohttpd's external epoll set; never blocks the loop. */
#ifndef TWINDHCP_DAEMON_API_API_H
#define TWINDHCP_DAEMON_API_API_H

#include <uv.h>

#include "daemon/core/server.h"

/* What the API needs of the daemon around it. */
struct api_host {
    struct server *server;
    const char *node;    /* this node's name */
    const char *version; /* "0.1.0" */
    void *context;       /* handed to the functions below */
    /* The lease clock. */
    struct instant (*now)(void *context);
    /* How far the wall clock is from the lease clock, ms. */
    int64_t (*wall_clock_difference)(void *context);
    /* For how long the loop has worked since the start, and at a stretch of late. */
    uint64_t (*busy_us)(void *context);
    uint64_t (*longest_turn_us)(void *context);
    /* Carry out effects of a command, then flush the server. */
    void (*perform)(void *context, struct effects *fx);
};

struct api;

/* Listen on unix socket `socket_path` (mode 0660; a stale socket file of a dead process is
 * replaced, a live one is an error) and, when not NULL, on `http` ("127.0.0.1:8067"), where
 * commands are refused.  NULL with a one-line text for a person in `error` when that fails.
 * `host` is copied. */
MUST_USE struct api *api_new(uv_loop_t *loop, const struct api_host *host,
                             const char *socket_path, const char *http, char *error,
                             size_t error_size);
/* NULL is fine; removes the socket file.  The handles close, and the last memory goes, when the
 * loop next runs: run it once more after this. */
void api_free(struct api *api);

#endif
