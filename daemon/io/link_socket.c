#include "daemon/io/link_socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/io/link_monitor.h"
#include "daemon/io/link_peer.h"
#include "daemon/io/link_zap.h"

#define FRAME_MAX (1 << 20)

static void set_int(void *socket, int option, int value)
{
    int failed = zmq_setsockopt(socket, option, &value, sizeof value);

    ASSERT(failed == 0);
}

static void set_text(void *socket, int option, const char *value)
{
    int failed = zmq_setsockopt(socket, option, value, strlen(value));

    ASSERT(failed == 0);
}

static void set_options(void *socket, const struct link_socket_options *options)
{
    int64_t frame_max = FRAME_MAX;
    int failed = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max);

    ASSERT(failed == 0);
    set_int(socket, ZMQ_LINGER, 0);
    set_int(socket, ZMQ_SNDHWM, 1000);
    set_int(socket, ZMQ_RCVHWM, 1000);
    set_int(socket, ZMQ_HANDSHAKE_IVL, 2000);
    /* A host that vanished answers nothing: unless told, the kernel would try for two minutes,
     * ever more seldom, and miss the moment in which it is back. */
    set_int(socket, ZMQ_CONNECT_TIMEOUT, 1000);
    set_int(socket, ZMQ_RECONNECT_IVL, 50);
    set_int(socket, ZMQ_RECONNECT_IVL_MAX, 500);
    set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
    set_int(socket, ZMQ_TCP_KEEPALIVE_IDLE, 5);
    set_int(socket, ZMQ_TCP_KEEPALIVE_INTVL, 1);
    set_int(socket, ZMQ_TCP_KEEPALIVE_CNT, 5);
    if (strchr(options->endpoint, '[') != NULL)
        set_int(socket, ZMQ_IPV6, 1);
    if (options->role == ROLE_PRIMARY)
        set_int(socket, ZMQ_ROUTER_MANDATORY, 1); /* a frame for nobody is an error */
    else
        set_int(socket, ZMQ_IMMEDIATE, 1); /* no queueing without a connection */
}

static void set_security(void *socket, const struct link_socket_options *options)
{
    const struct link_keys *keys = options->keys;

    if (keys == NULL)
        return;
    set_text(socket, ZMQ_CURVE_SECRETKEY, keys->own_secret);
    if (options->role == ROLE_PRIMARY) {
        set_int(socket, ZMQ_CURVE_SERVER, 1);
        set_text(socket, ZMQ_ZAP_DOMAIN, LINK_ZAP_DOMAIN);
    } else {
        set_text(socket, ZMQ_CURVE_PUBLICKEY, keys->own_public);
        set_text(socket, ZMQ_CURVE_SERVERKEY, keys->partner_public);
    }
}

static enum td_err attach(void *socket, const struct link_socket_options *options, char *error,
                          size_t size)
{
    if (options->role == ROLE_SECONDARY) {
        if (zmq_connect(socket, options->endpoint) == 0)
            return TD_OK;
        snprintf(error, size, "the primary's link address %s cannot be used: %s",
                 options->endpoint, zmq_strerror(errno));
        return TD_IO;
    }
    if (zmq_bind(socket, options->endpoint) == 0)
        return TD_OK;
    if (errno == EADDRINUSE)
        snprintf(error, size, "the link address %s is in use by another process",
                 options->endpoint);
    else if (errno == EADDRNOTAVAIL || errno == ENODEV)
        snprintf(error, size, "the link address %s is not an address of this machine",
                 options->endpoint);
    else
        snprintf(error, size, "the link address %s cannot be opened: %s", options->endpoint,
                 zmq_strerror(errno));
    return TD_IO;
}

int link_socket_fd(void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;
    int failed = zmq_getsockopt(socket, ZMQ_FD, &fd, &size);

    ASSERT(failed == 0);
    return fd;
}

static void watch(uv_loop_t *loop, struct link_socket *self, void *socket, uv_poll_cb on_event,
                  void *context)
{
    uv_poll_t *poll = &self->polls[self->handles++];

    uv_poll_init(loop, poll, link_socket_fd(socket));
    poll->data = context;
    uv_poll_start(poll, UV_READABLE, on_event);
}

struct link_socket *link_socket_open(uv_loop_t *loop, struct link_socket_options *options,
                                     uv_poll_cb on_event, void *context, char *error,
                                     size_t error_size)
{
    struct link_socket *self = calloc(1, sizeof *self);

    ASSERT(self != NULL);
    self->socket =
        zmq_socket(options->context, options->role == ROLE_PRIMARY ? ZMQ_ROUTER : ZMQ_DEALER);
    ASSERT(self->socket != NULL);
    self->routed = options->role == ROLE_PRIMARY;
    set_options(self->socket, options);
    set_security(self->socket, options);
    self->monitor = link_monitor_open(options->context, self->socket, options->opened++);
    ASSERT(self->monitor != NULL);
    if (attach(self->socket, options, error, error_size) != TD_OK) {
        link_monitor_close(self->monitor, self->socket);
        zmq_close(self->socket);
        free(self);
        return NULL;
    }
    watch(loop, self, self->socket, on_event, context);
    watch(loop, self, self->monitor, on_event, context);
    return self;
}

static void on_poll_closed(uv_handle_t *handle)
{
    struct link_socket *self = handle->data;

    if (--self->handles == 0)
        free(self);
}

void link_socket_close(struct link_socket *self, int linger_ms)
{
    for (size_t i = 0; i < ARRAY_SIZE(self->polls); i++) {
        self->polls[i].data = self;
        uv_close((uv_handle_t *)&self->polls[i], on_poll_closed);
    }
    link_monitor_close(self->monitor, self->socket);
    set_int(self->socket, ZMQ_LINGER, linger_ms);
    zmq_close(self->socket);
}

static bool receive_part(void *socket, zmq_msg_t *part)
{
    int result;

    do
        result = zmq_msg_recv(part, socket, ZMQ_DONTWAIT);
    while (result < 0 && errno == EINTR);
    return result >= 0;
}

static void read_id(const zmq_msg_t *part, struct link_id *id)
{
    id->size = zmq_msg_size(part);
    ASSERT(id->size <= sizeof id->bytes); /* ZeroMQ's own limit */
    memcpy(id->bytes, zmq_msg_data((zmq_msg_t *)(uintptr_t)part), id->size);
}

bool link_socket_receive(struct link_socket *self, struct link_frame *frame)
{
    const size_t payload_at = self->routed ? 1 : 0;
    size_t parts = 0;
    bool more = true;

    *frame = (struct link_frame){.fd = -1};
    zmq_msg_init(&frame->payload);
    while (more) {
        if (!receive_part(self->socket, &frame->payload))
            break;
        if (parts == 0 && payload_at == 1)
            read_id(&frame->payload, &frame->from);
        more = zmq_msg_more(&frame->payload) != 0;
        parts++;
    }
    if (parts == 0) {
        zmq_msg_close(&frame->payload);
        return false;
    }
    frame->fd = zmq_msg_get(&frame->payload, ZMQ_SRCFD);
    frame->whole = !more && parts == payload_at + 1;
    return true;
}

void link_frame_close(struct link_frame *frame)
{
    zmq_msg_close(&frame->payload);
}

bool link_socket_send(struct link_socket *self, const struct link_peer *peer, struct span bytes)
{
    if (peer->id.size > 0 &&
        zmq_send(self->socket, peer->id.bytes, peer->id.size, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return false;
    return zmq_send(self->socket, bytes.data, bytes.size, ZMQ_DONTWAIT) >= 0;
}
