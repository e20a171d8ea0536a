#include "daemon/io/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#include "daemon/io/link_keys.h"
#include "daemon/io/link_monitor.h"
#include "daemon/io/link_peer.h"
#include "daemon/io/link_socket.h"
#include "daemon/io/link_zap.h"

#define BURST              16 /* frames that are read before they are handed on */
#define TURN_FRAMES        128
#define TURN_BYTES         ((size_t)128 << 10) /* 2 ms of work in a resync; clients wait too */
#define REBIND_MS          10
#define RECONNECT_MS       50
#define AFTER_REFUSAL_MS   500
#define REBIND_COMPLAIN_AT 100 /* tries: a second */

struct link {
    uv_loop_t *loop;
    struct link_host host;
    struct link_socket_options options; /* how a socket is made */
    struct link_keys keys;
    struct link_zap zap;
    struct link_socket *socket; /* NULL until the retry timer makes the next */
    struct link_peer peer;      /* the primary's view of who is there */
    bool up;
    bool reset_wanted;
    unsigned int rebinds;
    unsigned int handles; /* of libuv, not closed yet */
    bool look_wanted;
    bool monitor_unread; /* of a new socket: only what has been read to its end tells of more */
    uv_idle_t no_wait;   /* while it runs, the loop does not sleep */
    uv_timer_t retry;
    uv_poll_t zap_poll;
};

static void on_poll(uv_poll_t *poll, int status, int events);

static void tell(struct link *link, enum event_severity severity, const char *name,
                 const char *text)
{
    struct event event = {severity, name, text};

    link->host.event(link->host.context, &event);
}

static void go_up(struct link *link)
{
    link->up = true;
    link->host.up(link->host.context);
}

static void go_down(struct link *link)
{
    if (!link->up)
        return;
    link->up = false;
    link_peer_bury(&link->peer);
    link->host.down(link->host.context);
}

/* ---- the socket's life ---- */

/* ZeroMQ's descriptor tells only of the first of several events, and any call may take it away:
 * after calls elsewhere, look once more before the loop sleeps. */
static void look_again(struct link *link)
{
    link->look_wanted = true;
}

static enum td_err make_socket(struct link *link, char *error, size_t error_size)
{
    link->socket =
        link_socket_open(link->loop, &link->options, on_poll, link, error, error_size);
    if (link->socket == NULL)
        return TD_IO;
    link->rebinds = 0;
    link->monitor_unread = true;
    look_again(link);
    return TD_OK;
}

static void on_retry(uv_timer_t *timer)
{
    struct link *link = timer->data;
    char error[256];

    if (link->socket != NULL || make_socket(link, error, sizeof error) == TD_OK)
        return;
    if (++link->rebinds % REBIND_COMPLAIN_AT == 0)
        tell(link, EVENT_ERROR, "link-not-open", error);
    uv_timer_start(&link->retry, on_retry, REBIND_MS, 0);
}

/* One socket carries one connection of the secondary's: so nothing of an old one can come
 * after the new one is up. */
static void drop_socket(struct link *link, uint64_t retry_ms)
{
    link->reset_wanted = false;
    if (link->socket != NULL)
        link_socket_close(link->socket, 0);
    link->socket = NULL;
    uv_timer_start(&link->retry, on_retry, retry_ms, 0);
    go_down(link);
}

/* ---- what ZeroMQ has for us ---- */

static void on_failure(struct link *link, const char *reason)
{
    tell(link, EVENT_WARNING, "link-refused", reason);
    /* After a refusal ZeroMQ does not try again by itself. */
    if (link->options.role == ROLE_SECONDARY)
        drop_socket(link, AFTER_REFUSAL_MS);
}

static void on_connected(struct link *link)
{
    if (link->options.role == ROLE_SECONDARY && !link->up)
        go_up(link);
}

static void on_disconnected(struct link *link, int fd)
{
    if (!link->up)
        return;
    if (link->options.role == ROLE_SECONDARY)
        drop_socket(link, RECONNECT_MS);
    else if (link_peer_has_fd(&link->peer, fd))
        go_down(link);
}

static void read_monitor(struct link *link)
{
    struct link_monitor_event event;

    link->monitor_unread = false;
    while (link->socket != NULL && link_monitor_next(link->socket->monitor, &event)) {
        switch (event.change) {
        case LINK_CONNECTED:
            on_connected(link);
            break;
        case LINK_DISCONNECTED:
            on_disconnected(link, event.fd);
            break;
        case LINK_FAILED:
            on_failure(link, event.reason);
            break;
        case LINK_UNKNOWN_KEY:
            if (link->options.role == ROLE_SECONDARY) /* answer_zap() told the primary's */
                on_failure(link, event.reason);
            break;
        }
    }
}

/* A frame of a connection that this peer has not heard of takes the place of the one before. */
static bool is_from_partner(struct link *link, const struct link_frame *frame)
{
    if (link->options.role == ROLE_SECONDARY) {
        on_connected(link);
        return true;
    }
    if (link->up && link_peer_is(&link->peer, frame))
        return true;
    if (link_peer_is_buried(&link->peer, frame))
        return false;
    go_down(link);
    link_peer_adopt(&link->peer, frame);
    go_up(link);
    return true;
}

/* What one turn of the loop has taken. */
struct taken {
    size_t frames, bytes;
    bool all; /* nothing more was there */
};

static bool is_enough(const struct taken *taken)
{
    return taken->frames >= TURN_FRAMES || taken->bytes >= TURN_BYTES;
}

static size_t receive_burst(struct link *link, struct link_frame burst[static BURST],
                            struct taken *taken)
{
    size_t count = 0;

    while (count < BURST && !is_enough(taken)) {
        if (!link_socket_receive(link->socket, &burst[count])) {
            taken->all = true;
            break;
        }
        taken->frames++;
        taken->bytes += zmq_msg_size(&burst[count++].payload);
    }
    return count;
}

/* What happened to connections before these frames were sent has been read by now.  Should a
 * frame be the reason to drop the connection, the rest is of the past. */
static void hand_on(struct link *link, struct link_frame *burst, size_t count)
{
    const struct link_socket *socket = link->socket;

    for (size_t i = 0; i < count; i++) {
        struct link_frame *frame = &burst[i];

        if (socket != NULL && link->socket == socket && !link->reset_wanted && frame->whole &&
            is_from_partner(link, frame))
            link->host.frame(link->host.context, span_of(zmq_msg_data(&frame->payload),
                                                         zmq_msg_size(&frame->payload)));
        link_frame_close(frame);
    }
}

static void answer_zap(struct link *link)
{
    if (link_zap_work(&link->zap) > 0)
        tell(link, EVENT_WARNING, "link-stranger",
             "a connection with a key that is not the partner's was refused");
}

static void work_burst(struct link *link, bool monitored, struct taken *taken)
{
    struct link_frame burst[BURST];
    size_t count;

    if (link->reset_wanted)
        drop_socket(link, link->options.role == ROLE_PRIMARY ? 0 : RECONNECT_MS);
    answer_zap(link);
    if (link->socket == NULL) {
        taken->all = true;
        return;
    }
    count = receive_burst(link, burst, taken);
    if (count > 0 || monitored || link->monitor_unread)
        read_monitor(link);
    hand_on(link, burst, count);
}

/* `monitored`: the monitor has something to tell.  Returns how many frames were there. */
static size_t work(struct link *link, bool monitored)
{
    struct taken taken = {.frames = 0};

    while (!taken.all && !is_enough(&taken))
        work_burst(link, monitored, &taken);
    if (!taken.all || link->reset_wanted)
        look_again(link);
    return taken.frames;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct link *link = poll->data;

    (void)status;
    (void)events;
    (void)work(link, link->socket == NULL || poll != &link->socket->polls[0]);
}

static void on_no_wait(uv_idle_t *no_wait)
{
    uv_idle_stop(no_wait);
}

/* ---- the interface ---- */

void link_send(struct link *link, struct span bytes)
{
    if (!link->up || link->reset_wanted || link->socket == NULL)
        return;
    if (!link_socket_send(link->socket, &link->peer, bytes)) {
        tell(link, EVENT_WARNING, "link-full",
             "the partner takes no more frames: the connection is dropped");
        link->reset_wanted = true;
    }
    look_again(link);
}

/* For frames that are found here the loop's next turn begins at once. */
void link_before_wait(struct link *link)
{
    if (!link->look_wanted)
        return;
    link->look_wanted = false;
    if (work(link, false) > 0 || link->look_wanted)
        uv_idle_start(&link->no_wait, on_no_wait);
}

void link_reset(struct link *link)
{
    link->reset_wanted = true;
    look_again(link);
}

static enum td_err start_security(struct link *link, const struct config_pair *pair,
                                  enum role role, char *error, size_t size)
{
    if (pair->curve_directory == NULL)
        return TD_OK;
    if (link_keys_read(&link->keys, pair->curve_directory, pair->nodes[role].name,
                       pair->nodes[role_other(role)].name, error, size) != TD_OK)
        return TD_IO;
    link->options.keys = &link->keys;
    if (role == ROLE_SECONDARY)
        return TD_OK; /* it knows the primary by CURVE itself */
    if (link_zap_init(&link->zap, link->options.context, link->keys.partner_public) != TD_OK) {
        snprintf(error, size, "ZeroMQ takes no authentication handler: %s",
                 zmq_strerror(errno));
        return TD_IO;
    }
    uv_poll_init(link->loop, &link->zap_poll, link_socket_fd(link->zap.socket));
    link->zap_poll.data = link;
    link->handles++;
    uv_poll_start(&link->zap_poll, UV_READABLE, on_poll);
    return TD_OK;
}

struct link *link_new(uv_loop_t *loop, const struct config_pair *pair, enum role role,
                      const struct link_host *host, char *error, size_t error_size)
{
    struct link *link = calloc(1, sizeof *link);

    ASSERT(link != NULL);
    link->loop = loop;
    link->host = *host;
    link->options = (struct link_socket_options){
        .context = zmq_ctx_new(), .role = role, .endpoint = pair->nodes[ROLE_PRIMARY].link};
    ASSERT(link->options.context != NULL);
    uv_idle_init(loop, &link->no_wait);
    uv_timer_init(loop, &link->retry);
    link->no_wait.data = link->retry.data = link;
    link->handles = 2;
    if (start_security(link, pair, role, error, error_size) != TD_OK ||
        make_socket(link, error, error_size) != TD_OK) {
        link_free(link, 0);
        return NULL;
    }
    return link;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct link *link = handle->data;

    if (--link->handles == 0)
        free(link);
}

void link_free(struct link *link, int linger_ms)
{
    if (link == NULL)
        return;
    if (link->socket != NULL)
        link_socket_close(link->socket, linger_ms);
    if (link->zap.socket != NULL) {
        uv_close((uv_handle_t *)&link->zap_poll, on_handle_closed);
        link_zap_deinit(&link->zap);
    }
    uv_close((uv_handle_t *)&link->no_wait, on_handle_closed);
    uv_close((uv_handle_t *)&link->retry, on_handle_closed);
    zmq_ctx_term(link->options.context);
    link_keys_wipe(&link->keys);
}
