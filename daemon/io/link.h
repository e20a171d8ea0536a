/* daemon/io/link.h - the connection to the partner: frames in order, or an event that says they
 * are not.
 *
 * The primary binds, the secondary connects (ZeroMQ ROUTER and DEALER).  A dumb pipe: what
 * frames mean is daemon/core's.  Between one up() and the next down() frames come in order, all
 * from one connection; nothing of an older connection is ever delivered after the up() of a
 * newer one.
 *
 * The secondary is up when the handshake of a connection is done, the primary when the first
 * frame of a connection has arrived: a new connection takes the place of the one before.
 *
 * With CURVE each side knows the other by its public key, and the primary lets in no other. */
#ifndef TWINDHCP_DAEMON_IO_LINK_H
#define TWINDHCP_DAEMON_IO_LINK_H

#include <uv.h>

#include "config/model.h"
#include "daemon/core/effects.h"

struct link;

/* Called from the loop and link_before_wait(), never from within the other functions below. */
struct link_host {
    void *context;
    void (*up)(void *context);
    void (*down)(void *context);
    void (*frame)(void *context, struct span bytes); /* borrowed for the call */
    void (*event)(void *context, const struct event *event);
};

/* `pair` is borrowed until link_free(), `host` is copied.  NULL with a text for a person in
 * `error`: the address is taken or not ours, a key is missing, malformed or readable by
 * everybody. */
MUST_USE struct link *link_new(uv_loop_t *loop, const struct config_pair *pair, enum role role,
                               const struct link_host *host, char *error, size_t error_size);

/* Send one frame (copied).  Nothing is sent while the link is down; when the partner takes no
 * more, the connection is dropped as by link_reset(). */
void link_send(struct link *link, struct span bytes);

/* Before the loop waits, after all sending: ZeroMQ may have taken in what its descriptor will
 * not tell of any more.  Calls the host as the loop does. */
void link_before_wait(struct link *link);

/* Drop the connection; down() follows if it was up, and up() when there is a new one. */
void link_reset(struct link *link);

/* Close, giving what is unsent `linger_ms` (blocking).  Calls nobody any more; the memory is
 * freed when the loop has run once more.  NULL is fine. */
void link_free(struct link *link, int linger_ms);

#endif
