/* daemon/api/http.c - see http.h
 *
 * libmicrohttpd waits on an epoll set of its own; the set's descriptor becomes readable when
 * any of its sockets is ready, so the loop polls that one descriptor. */
#include "daemon/api/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <unistd.h>

#define CONNECTIONS_MAX      64
#define CONNECTION_TIMEOUT_S 10u
#define ASK_AGAIN_MS         2u /* for what waits for the disk */
#define CONNECTION_MEMORY    ((size_t)32 * 1024)

struct http {
    struct api_site *site;
    bool may_command;
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    uv_timer_t timer;
    uv_timer_t patience; /* runs while there are suspended requests */
    int open_handles;    /* of the three above */
    struct incoming *suspended;
};

/* What is collected of one request before it is answered. */
struct incoming {
    struct api_wait wait;
    struct MHD_Connection *connection; /* while it is suspended ... */
    struct incoming *next;             /* ... in the list of those */
    size_t size, capacity, max;
    bool too_large;
    uint8_t *body; /* grows up to `max` */
};

struct collected {
    struct api_argument arguments[API_ARGUMENTS_MAX];
    size_t count;
    bool bad;
};

static enum MHD_Result collect_argument(void *context, enum MHD_ValueKind kind,
                                        const char *name, size_t name_size, const char *value,
                                        size_t value_size)
{
    struct collected *collected = context;

    (void)kind;
    if (collected->count == API_ARGUMENTS_MAX || strlen(name) != name_size ||
        (value != NULL && strlen(value) != value_size)) {
        collected->bad = true;
        return MHD_NO;
    }
    collected->arguments[collected->count++] =
        (struct api_argument){name, value == NULL ? "" : value};
    return MHD_YES;
}

static enum MHD_Result reply(struct MHD_Connection *connection,
                             const struct api_response *answer)
{
    struct MHD_Response *response =
        answer->body == NULL
            ? MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT)
            : MHD_create_response_from_buffer(answer->size, answer->body,
                                              MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(answer->body);
        return MHD_NO; /* the connection is closed */
    }
    enum MHD_Result result =
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    if (result == MHD_YES)
        result = MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (result == MHD_YES && answer->allow != NULL)
        result = MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, answer->allow);
    if (result == MHD_YES)
        result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

/* A body that does not fit is read on to its end, so that it can be answered. */
static void collect_body(struct incoming *incoming, const char *data, size_t size)
{
    if (incoming->too_large || size > incoming->max - incoming->size) {
        incoming->too_large = true;
        return;
    }
    if (size > incoming->capacity - incoming->size) {
        const size_t capacity = (incoming->size + size) * 2;
        uint8_t *body = realloc(incoming->body, capacity);
        if (body == NULL) {
            incoming->too_large = true;
            return;
        }
        incoming->body = body;
        incoming->capacity = capacity;
    }
    memcpy(incoming->body + incoming->size, data, size);
    incoming->size += size;
}

static void on_patience(uv_timer_t *timer);

/* Its answer is not there yet: it is asked again soon, and nobody waits for it meanwhile. */
static void suspend(struct http *http, struct incoming *incoming,
                    struct MHD_Connection *connection)
{
    if (http->suspended == NULL)
        uv_timer_start(&http->patience, on_patience, ASK_AGAIN_MS, 0);
    incoming->connection = connection;
    incoming->next = http->suspended;
    http->suspended = incoming;
    MHD_suspend_connection(connection);
}

static void resume_all(struct http *http)
{
    struct incoming *incoming = http->suspended;

    http->suspended = NULL;
    for (struct incoming *next; incoming != NULL; incoming = next) {
        next = incoming->next;
        MHD_resume_connection(incoming->connection);
    }
}

/* Called once when the headers are there, then with parts of the body, then without a body. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *data, size_t *data_size, void **state)
{
    struct http *http = context;
    struct incoming *incoming = *state;

    (void)version;
    if (incoming == NULL) {
        incoming = calloc(1, sizeof(*incoming));
        if (incoming == NULL)
            return MHD_NO;
        /* Over TCP nothing is commanded, so nothing large is kept either. */
        incoming->max = http->may_command ? api_body_max(path) : API_BODY_MAX;
        *state = incoming;
        return MHD_YES;
    }
    if (*data_size > 0) {
        collect_body(incoming, data, *data_size);
        *data_size = 0;
        return MHD_YES;
    }

    struct collected collected = {.count = 0};
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, collect_argument,
                                &collected);
    const struct api_request request = {
        .method = method,
        .path = path,
        .arguments = collected.arguments,
        .argument_count = collected.count,
        .arguments_bad = collected.bad,
        .body = span_of(incoming->body, incoming->size),
        .body_too_large = incoming->too_large,
        .wait = &incoming->wait,
        .may_command = http->may_command,
    };
    struct api_response answer;
    api_answer(http->site, &request, &answer);
    if (answer.ask_again) {
        suspend(http, incoming, connection);
        return MHD_YES;
    }
    return reply(connection, &answer);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)connection;
    (void)how;
    struct incoming *incoming = *state;
    if (incoming != NULL)
        free(incoming->body);
    free(incoming);
    *state = NULL;
}

static void on_timer(uv_timer_t *timer);

/* libmicrohttpd says when it wants to run even if nothing becomes readable: a connection that
 * timed out, or one with more to do now. */
static void schedule(struct http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;

    if (MHD_get_timeout(http->daemon, &wait_ms) == MHD_YES)
        uv_timer_start(&http->timer, on_timer, wait_ms, 0);
    else
        uv_timer_stop(&http->timer);
}

static void run(struct http *http)
{
    MHD_run(http->daemon);
    schedule(http);
}

static void on_timer(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_patience(uv_timer_t *timer)
{
    struct http *http = timer->data;

    resume_all(http);
    run(http);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status; /* an error of the set: let libmicrohttpd see it */
    (void)events;
    run(poll->data);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct http *http = handle->data;

    if (--http->open_handles == 0)
        free(http);
}

static bool start_polling(struct http *http, uv_loop_t *loop)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

    if (info == NULL || uv_poll_init(loop, &http->poll, info->epoll_fd) != 0)
        return false;
    http->poll.data = http;
    uv_timer_init(loop, &http->timer);
    http->timer.data = http;
    uv_timer_init(loop, &http->patience);
    http->patience.data = http;
    http->open_handles = 3;
    if (uv_poll_start(&http->poll, UV_READABLE, on_ready) != 0)
        return false;
    schedule(http);
    return true;
}

struct http *http_new(uv_loop_t *loop, int fd, struct api_site *site, bool may_command)
{
    struct http *http = calloc(1, sizeof(*http));

    if (http == NULL) {
        close(fd);
        return NULL;
    }
    http->site = site;
    http->may_command = may_command;
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, http,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        CONNECTION_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
    if (http->daemon == NULL) { /* it has closed the descriptor */
        free(http);
        return NULL;
    }
    if (!start_polling(http, loop)) {
        http_free(http);
        errno = EIO;
        return NULL;
    }
    return http;
}

void http_free(struct http *http)
{
    if (http == NULL)
        return;
    const bool closing = http->open_handles > 0;
    if (closing) {
        /* Before the daemon closes the descriptor that is polled. */
        uv_close((uv_handle_t *)&http->poll, on_handle_closed);
        uv_close((uv_handle_t *)&http->timer, on_handle_closed);
        uv_close((uv_handle_t *)&http->patience, on_handle_closed);
    }
    resume_all(http); /* what is suspended cannot be closed */
    MHD_stop_daemon(http->daemon);
    if (!closing)
        free(http);
}
