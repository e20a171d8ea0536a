/* daemon/io/bulk.c - see bulk.h */
#include "daemon/io/bulk.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#define BACKLOG      16
#define MESSAGE_MAX  DHCP4_MAX_SIZE /* of a query; a longer one is none */
#define OUT_SIZE     (16 * BULK_ROOM)
#define IDLE_LOOK_MS 1000

struct connection {
    uv_tcp_t tcp;
    struct bulk *bulk;
    bool used, closing;
    uint64_t heard_ms; /* of the loop: when it last said something or took an answer */
    uint8_t in[2 + MESSAGE_MAX];
    size_t in_size;
    struct bulk_query query;
    uv_write_t write;
    bool writing;
    uint8_t out[OUT_SIZE];
};

struct bulk {
    uv_loop_t *loop;
    const struct config_leasequery *query;
    struct bulk_host host;
    uv_tcp_t *listeners;
    size_t listener_count;
    struct connection *connections;
    uv_idle_t work;   /* runs while a query has more to say and its connection takes it */
    uv_timer_t timer; /* for idle connections */
    struct bulk_counters counters;
};

static bool has_work(const struct connection *c)
{
    return c->used && !c->closing && c->query.running && !c->writing;
}

static void on_work(uv_idle_t *idle);

static void settle_work(struct bulk *bulk)
{
    for (uint32_t i = 0; i < bulk->query->connections; i++) {
        if (has_work(&bulk->connections[i])) {
            uv_idle_start(&bulk->work, on_work);
            return;
        }
    }
    uv_idle_stop(&bulk->work);
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;

    c->used = false;
}

static void close_connection(struct connection *c)
{
    if (c->closing)
        return;
    c->closing = true;
    uv_close((uv_handle_t *)&c->tcp, on_closed);
    settle_work(c->bulk);
}

static void close_useless(struct connection *c)
{
    if (!c->closing)
        c->bulk->counters.closed++;
    close_connection(c);
}

static void take_message(struct connection *c);

static void on_written(uv_write_t *write, int status)
{
    struct connection *c = write->data;

    c->writing = false;
    if (c->closing)
        return;
    if (status != 0) {
        close_connection(c);
        return;
    }
    c->heard_ms = uv_now(c->bulk->loop);
    take_message(c);
    settle_work(c->bulk);
}

/* One turn of one query. */
static void advance(struct connection *c)
{
    struct bulk *bulk = c->bulk;
    const size_t size = server_bulk_next(bulk->host.server, bulk->host.now(bulk->host.context),
                                         &c->query, c->out, sizeof(c->out));
    uv_buf_t buffer = uv_buf_init((char *)c->out, (unsigned)size);

    if (size == 0)
        return;
    c->writing = true;
    c->write.data = c;
    if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &buffer, 1, on_written) != 0) {
        c->writing = false;
        close_connection(c);
    }
}

static void on_work(uv_idle_t *idle)
{
    struct bulk *bulk = idle->data;

    for (uint32_t i = 0; i < bulk->query->connections; i++)
        if (has_work(&bulk->connections[i]))
            advance(&bulk->connections[i]);
    settle_work(bulk);
}

/* The next query of what was received, if it is there as a whole and none runs. */
static void take_message(struct connection *c)
{
    struct bulk *bulk = c->bulk;
    size_t size;

    if (c->query.running || c->writing || c->in_size < 2)
        return;
    size = (size_t)c->in[0] << 8 | c->in[1];
    if (size > MESSAGE_MAX) {
        close_useless(c);
        return;
    }
    if (c->in_size < 2 + size)
        return;
    if (!server_bulk_begin(bulk->host.server, bulk->host.now(bulk->host.context),
                           span_of(c->in + 2, size), &c->query)) {
        close_useless(c);
        return;
    }
    c->in_size -= 2 + size;
    memmove(c->in, c->in + 2 + size, c->in_size);
    settle_work(bulk);
}

/* No room left means that a query waits for the one that runs: what follows it stays with the
 * kernel. */
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct connection *c = handle->data;

    (void)suggested;
    *out = uv_buf_init((char *)c->in + c->in_size, (unsigned)(sizeof(c->in) - c->in_size));
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct connection *c = stream->data;

    (void)buffer;
    if (size == UV_ENOBUFS) {
        close_useless(c); /* asks faster than it can be answered */
    } else if (size < 0) {
        close_connection(c);
    } else if (size > 0) {
        c->in_size += (size_t)size;
        c->heard_ms = uv_now(c->bulk->loop);
        take_message(c);
    }
}

static bool may_connect(const struct bulk *bulk, const uv_tcp_t *tcp)
{
    struct sockaddr_in peer = {.sin_family = AF_UNSPEC};
    int size = sizeof(peer);

    return uv_tcp_getpeername(tcp, (struct sockaddr *)&peer, &size) == 0 &&
           peer.sin_family == AF_INET &&
           server_may_query(bulk->host.server, ip4(ntohl(peer.sin_addr.s_addr)));
}

static struct connection *unused_connection(struct bulk *bulk)
{
    for (uint32_t i = 0; i < bulk->query->connections; i++)
        if (!bulk->connections[i].used)
            return &bulk->connections[i];
    return NULL;
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

/* Take it and close it: who is not let in is to hear so at once. */
static void turn_away(struct bulk *bulk, uv_stream_t *listener)
{
    uv_tcp_t *tcp = malloc(sizeof(*tcp));

    ASSERT(tcp != NULL);
    bulk->counters.refused++;
    uv_tcp_init(bulk->loop, tcp);
    (void)uv_accept(listener, (uv_stream_t *)tcp);
    uv_close((uv_handle_t *)tcp, free_handle);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct bulk *bulk = listener->data;
    struct connection *c = unused_connection(bulk);

    if (status != 0)
        return;
    if (c == NULL) {
        turn_away(bulk, listener);
        return;
    }
    *c = (struct connection){.bulk = bulk, .used = true, .heard_ms = uv_now(bulk->loop)};
    uv_tcp_init(bulk->loop, &c->tcp);
    c->tcp.data = c;
    if (uv_accept(listener, (uv_stream_t *)&c->tcp) != 0) {
        close_connection(c);
    } else if (!may_connect(bulk, &c->tcp)) {
        bulk->counters.refused++;
        close_connection(c);
    } else {
        bulk->counters.accepted++;
        uv_read_start((uv_stream_t *)&c->tcp, give_room, on_read);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct bulk *bulk = timer->data;
    const uint64_t now = uv_now(bulk->loop);

    for (uint32_t i = 0; i < bulk->query->connections; i++) {
        struct connection *c = &bulk->connections[i];

        if (c->used && !has_work(c) && now - c->heard_ms > (uint64_t)bulk->query->idle_ms)
            close_useless(c);
    }
}

static bool listen_on(struct bulk *bulk, struct ip4 address, char *error, size_t error_size)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)bulk->query->bulk_port),
                             .sin_addr.s_addr = htonl(address.value)};
    uv_tcp_t *listener = &bulk->listeners[bulk->listener_count];
    char text[IP4_TEXT_SIZE];
    int failed;

    uv_tcp_init(bulk->loop, listener);
    bulk->listener_count++;
    listener->data = bulk;
    failed = uv_tcp_bind(listener, (const struct sockaddr *)&at, 0);
    if (failed == 0)
        failed = uv_listen((uv_stream_t *)listener, BACKLOG, on_connection);
    if (failed != 0)
        snprintf(error, error_size, "cannot listen for leasequeries on TCP %s:%u: %s",
                 ip4_format(address, text), bulk->query->bulk_port, uv_strerror(failed));
    return failed == 0;
}

struct bulk *bulk_new(uv_loop_t *loop, const struct config_leasequery *query,
                      const struct bulk_host *host)
{
    struct bulk *bulk = calloc(1, sizeof(*bulk));

    ASSERT(bulk != NULL);
    *bulk = (struct bulk){.loop = loop, .query = query, .host = *host};
    bulk->connections = calloc(query->connections, sizeof(*bulk->connections));
    ASSERT(bulk->connections != NULL);
    uv_idle_init(loop, &bulk->work);
    bulk->work.data = bulk;
    uv_timer_init(loop, &bulk->timer);
    bulk->timer.data = bulk;
    return bulk;
}

bool bulk_listen(struct bulk *bulk, const struct ip4 *addresses, size_t count, char *error,
                 size_t error_size)
{
    ASSERT(bulk->listeners == NULL);
    bulk->listeners = calloc(count + 1, sizeof(*bulk->listeners));
    ASSERT(bulk->listeners != NULL);
    for (size_t i = 0; i < count; i++)
        if (!listen_on(bulk, addresses[i], error, error_size))
            return false;
    uv_timer_start(&bulk->timer, on_timer, IDLE_LOOK_MS, IDLE_LOOK_MS);
    return true;
}

void bulk_free(struct bulk *bulk)
{
    if (bulk == NULL)
        return;
    free(bulk->listeners);
    free(bulk->connections);
    free(bulk);
}

struct bulk_counters bulk_counters(const struct bulk *bulk)
{
    return bulk->counters;
}
