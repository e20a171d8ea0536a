/* daemon/io/shadow_run.c - see shadow_run.h */
#include "daemon/io/shadow_run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <uv.h>

#include "daemon/capture/pcap.h"
#include "daemon/io/shadow_report.h"
#include "daemon/io/shadow_socket.h"

#define TICK_MS    250
#define SUMMARY_MS 60000
#define READS_MAX  256 /* packets of one interface before the loop looks at the others */
#define PACKET_MAX 65536
#define SIGNALS    3

struct watched {
    struct shadow_socket socket;
    uv_poll_t poll;
    struct watcher *watcher;
};

struct watcher {
    const struct shadow_options *options;
    struct shadow *shadow;
    FILE *report; /* NULL: none */
    uv_loop_t loop;
    uv_timer_t tick;
    uv_signal_t signals[SIGNALS];
    struct watched *watched;
    size_t watched_count;
    uint64_t damaged, fragments;
    int64_t summarised_ms;
    uint8_t buffer[PACKET_MAX];
};

static struct instant now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return instant_ms((int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

static void on_found(void *context, const struct shadow_finding *finding)
{
    const struct watcher *w = context;

    if (w->report != NULL)
        shadow_write_line(finding, w->report);
}

static enum shadow_outcome end(struct watcher *w, enum shadow_outcome outcome)
{
    if (outcome != SHADOW_FAILED) {
        shadow_print(w->shadow, stdout);
        outcome = shadow_counters(w->shadow).differed > 0 ? SHADOW_DIFFERS : SHADOW_ALIKE;
    }
    if (w->report != NULL && fclose(w->report) != 0) {
        log_printf(w->options->log, EVENT_ERROR, "shadow-report", "%s: %s", w->options->report,
                   strerror(errno));
        outcome = SHADOW_FAILED;
    }
    shadow_free(w->shadow);
    free(w->watched);
    free(w);
    return outcome;
}

static bool open_report(struct watcher *w)
{
    if (w->options->report == NULL)
        return true;
    w->report = fopen(w->options->report, "a");
    if (w->report == NULL)
        log_printf(w->options->log, EVENT_ERROR, "not-started", "%s cannot be written: %s",
                   w->options->report, strerror(errno));
    return w->report != NULL;
}

/* ---- out of a capture ---- */

static enum shadow_outcome read_capture(struct watcher *w)
{
    char error[CAPTURE_ERROR_SIZE] = "";
    struct capture *capture = capture_open(w->options->pcap, error);
    struct capture_packet packet;
    enum td_err result = TD_MALFORMED;

    while (capture != NULL && (result = capture_next(capture, &packet, error)) == TD_OK) {
        const struct shadow_packet seen = {.source = packet.datagram.source,
                                           .destination = packet.datagram.destination,
                                           .source_port = packet.datagram.source_port,
                                           .payload = packet.datagram.payload};

        if (w->shadow == NULL)
            w->shadow = shadow_new(w->options->config, packet.when, on_found, w);
        shadow_see(w->shadow, packet.when, &seen);
    }
    if (result == TD_MALFORMED) {
        log_printf(w->options->log, EVENT_ERROR, "shadow-capture", "%s", error);
    } else if (w->shadow == NULL) {
        log_printf(w->options->log, EVENT_ERROR, "shadow-capture", "no DHCP packet in %s",
                   w->options->pcap);
    } else {
        printf("%s: packets that are no DHCP: %" PRIu64 ", fragments: %" PRIu64
               ", damaged: %" PRIu64 "\n",
               w->options->pcap, capture_count(capture, CAPTURE_OTHER),
               capture_count(capture, CAPTURE_FRAGMENT),
               capture_count(capture, CAPTURE_DAMAGED));
    }
    capture_close(capture);
    return result == TD_NOT_FOUND && w->shadow != NULL ? SHADOW_ALIKE : SHADOW_FAILED;
}

/* ---- live ---- */

static void see(struct watched *watched, struct span bytes)
{
    struct watcher *w = watched->watcher;
    struct captured found;
    struct shadow_packet seen;

    switch (capture_decode(CAPTURE_IP, bytes, &found)) {
    case CAPTURE_DHCP:
        seen = (struct shadow_packet){.source = found.source,
                                      .destination = found.destination,
                                      .source_port = found.source_port,
                                      .local = watched->socket.local,
                                      .interface_name = watched->socket.name,
                                      .payload = found.payload};
        shadow_see(w->shadow, now(), &seen);
        break;
    case CAPTURE_FRAGMENT:
        w->fragments++;
        break;
    case CAPTURE_DAMAGED:
        w->damaged++;
        break;
    case CAPTURE_OTHER:
    case CAPTURE_FOUND:
        break;
    }
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct watched *watched = poll->data;
    struct span bytes;

    (void)status;
    (void)events;
    for (int i = 0; i < READS_MAX; i++) {
        bytes = shadow_socket_read(&watched->socket, watched->watcher->buffer, PACKET_MAX);
        if (bytes.size == 0)
            return;
        see(watched, bytes);
    }
}

static void summarise(struct watcher *w)
{
    char summary[SHADOW_SUMMARY_SIZE];
    uint64_t lost = 0;

    shadow_summarise(w->shadow, summary);
    for (size_t i = 0; i < w->watched_count; i++)
        lost += shadow_socket_lost(&w->watched[i].socket);
    log_printf(w->options->log, EVENT_NOTICE, "shadow-summary", "%s", summary);
    if (lost > 0)
        log_printf(w->options->log, EVENT_WARNING, "shadow-lost",
                   "%" PRIu64 " packets came faster than they could be read", lost);
}

static void on_tick(uv_timer_t *timer)
{
    struct watcher *w = timer->data;
    const struct instant at = now();

    shadow_tick(w->shadow, at);
    log_tick(w->options->log, log_time_now());
    if (at.ms - w->summarised_ms >= SUMMARY_MS) {
        w->summarised_ms = at.ms;
        summarise(w);
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct watcher *w = handle->data;

    if (number == SIGUSR1)
        shadow_print(w->shadow, stdout);
    else
        uv_stop(&w->loop);
}

static bool open_sockets(struct watcher *w)
{
    const struct config_server *server = &w->options->config->server;
    char error[SHADOW_SOCKET_ERROR];

    w->watched = calloc(server->interface_count + 1, sizeof(*w->watched));
    ASSERT(w->watched != NULL);
    if (server->interface_count == 0) {
        log_printf(w->options->log, EVENT_ERROR, "not-started",
                   "server.interfaces of the configuration names no interface to watch");
        return false;
    }
    for (size_t i = 0; i < server->interface_count; i++) {
        struct watched *watched = &w->watched[i];

        if (shadow_socket_open(&watched->socket, server->interfaces[i], w->options->promiscuous,
                               error) != TD_OK) {
            log_printf(w->options->log, EVENT_ERROR, "not-started", "%s", error);
            return false;
        }
        w->watched_count++;
        watched->watcher = w;
    }
    return true;
}

static void start_handles(struct watcher *w)
{
    static const int numbers[SIGNALS] = {SIGTERM, SIGINT, SIGUSR1};

    for (size_t i = 0; i < w->watched_count; i++) {
        uv_poll_init(&w->loop, &w->watched[i].poll, w->watched[i].socket.fd);
        w->watched[i].poll.data = &w->watched[i];
        uv_poll_start(&w->watched[i].poll, UV_READABLE, on_readable);
    }
    for (size_t i = 0; i < SIGNALS; i++) {
        uv_signal_init(&w->loop, &w->signals[i]);
        w->signals[i].data = w;
        uv_signal_start(&w->signals[i], on_signal, numbers[i]);
    }
    uv_timer_init(&w->loop, &w->tick);
    w->tick.data = w;
    uv_timer_start(&w->tick, on_tick, TICK_MS, TICK_MS);
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    uv_close(handle, NULL);
}

static enum shadow_outcome watch(struct watcher *w)
{
    const bool opened = open_sockets(w);
    int failed = uv_loop_init(&w->loop);

    ASSERT(failed == 0);
    if (opened) {
        w->summarised_ms = now().ms;
        w->shadow = shadow_new(w->options->config, now(), on_found, w);
        start_handles(w);
        log_printf(w->options->log, EVENT_NOTICE, "shadow-started",
                   "watching, and answering nobody");
        uv_run(&w->loop, UV_RUN_DEFAULT);
        summarise(w);
    }
    uv_walk(&w->loop, close_handle, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    failed = uv_loop_close(&w->loop);
    ASSERT(failed == 0);
    for (size_t i = 0; i < w->watched_count; i++)
        shadow_socket_close(&w->watched[i].socket);
    return opened ? SHADOW_ALIKE : SHADOW_FAILED;
}

enum shadow_outcome shadow_run(const struct shadow_options *options)
{
    struct watcher *w = calloc(1, sizeof(*w));
    enum shadow_outcome outcome = SHADOW_FAILED;

    ASSERT(w != NULL);
    w->options = options;
    if (open_report(w))
        outcome = options->pcap != NULL ? read_capture(w) : watch(w);
    return end(w, outcome);
}
