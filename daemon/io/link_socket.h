/* daemon/io/link_socket.h - one ZeroMQ socket of the link, with its monitor, in the loop. */
#ifndef TWINDHCP_DAEMON_IO_LINK_SOCKET_H
#define TWINDHCP_DAEMON_IO_LINK_SOCKET_H

#include <uv.h>
#include <zmq.h>

#include "daemon/io/link_keys.h"

struct link_peer;

struct link_socket_options {
    void *context; /* ZeroMQ's */
    enum role role;
    const char *endpoint;         /* of the primary */
    const struct link_keys *keys; /* NULL: no encryption */
    unsigned int opened;          /* sockets so far: makes names */
};

struct link_socket {
    void *socket, *monitor;
    bool routed; /* the primary's: a frame begins with its sender's routing id */
    uv_poll_t polls[2];
    unsigned int handles; /* of libuv, not closed yet */
};

/* A routing id, as ZeroMQ gives it to a connection. */
struct link_id {
    uint8_t bytes[255];
    size_t size;
};

struct link_frame {
    struct link_id from; /* the primary only */
    int fd;              /* the descriptor of its connection; -1 when ZeroMQ does not say */
    bool whole;          /* of as many parts as we send; any other is not the partner's */
    zmq_msg_t payload;
};

/* The descriptor that tells that a ZeroMQ socket wants to be looked at. */
int link_socket_fd(void *socket);

/* Bind or connect; `on_event` gets polls whose data is `context`.  NULL with a text for a
 * person. */
MUST_USE struct link_socket *link_socket_open(uv_loop_t *loop,
                                              struct link_socket_options *options,
                                              uv_poll_cb on_event, void *context, char *error,
                                              size_t error_size);

/* Freed when the loop has run once more. */
void link_socket_close(struct link_socket *self, int linger_ms);

/* False when nothing is there; otherwise link_frame_close() it. */
MUST_USE bool link_socket_receive(struct link_socket *self, struct link_frame *frame);
void link_frame_close(struct link_frame *frame);

/* False when it cannot be taken: the queue is full, or the partner is gone. */
MUST_USE bool link_socket_send(struct link_socket *self, const struct link_peer *peer,
                               struct span bytes);

#endif
