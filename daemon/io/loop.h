/* daemon/io/loop.h - the running daemon: carries the core's effects out, and brings it the
 * world.
 *
 * One loop thread runs sockets, core, partner link and API; the store has a thread of its own.
 * In each turn of the loop all inputs that wait are handed to the core first; then it is
 * flushed once, so that one write to the store and one message to the partner serve them all.
 */
#ifndef TWINDHCP_DAEMON_IO_LOOP_H
#define TWINDHCP_DAEMON_IO_LOOP_H

#include <uv.h>

#include "daemon/core/server.h"
#include "daemon/io/log.h"

struct daemon;

struct daemon_options {
    const struct config *config; /* borrowed until daemon_free() */
    enum role role;              /* counts only when the configuration has a pair */
    struct log *log;             /* borrowed */
};

/* Open sockets, store and link, give the core back what the store holds, and start it.  NULL
 * with a text for a person in `error`. */
MUST_USE struct daemon *daemon_new(const struct daemon_options *options, char *error,
                                   size_t error_size);

/* Serve until SIGTERM or SIGINT, then stop orderly: what is written becomes durable first. */
void daemon_run(struct daemon *daemon);

/* Closes everything.  What others have in daemon_loop() they must have closed, but for what
 * closes with the loop's next turn.  NULL is fine. */
void daemon_free(struct daemon *daemon);

uv_loop_t *daemon_loop(struct daemon *daemon);
struct server *daemon_server(struct daemon *daemon);

/* For struct api_host; `context` is the daemon. */
struct instant daemon_now(void *context);
int64_t daemon_wall_clock_difference(void *context);
/* For how long the loop has worked since its start, and at a stretch of late (turns.h). */
uint64_t daemon_busy_us(void *context);
uint64_t daemon_longest_turn_us(void *context);
/* Carries out and clears `fx`, then flushes the server. */
void daemon_perform(void *context, struct effects *fx);

#endif
