#include "daemon/io/loop.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/io/daemon_internal.h"
#include "daemon/io/notify.h"

#define TICK_MAX_MS 100  /* see server_tick() */
#define TURN_MAX_MS 100  /* a longer one is told to the operator */
#define STOP_MAX_MS 5000 /* for what is written to become durable */
#define LINGER_MS   200  /* for the partner to take the last frames */

/* ---- effects ---- */

static void send_reply(struct daemon *daemon, const struct reply *reply)
{
    struct reply broadcast;

    if (reply->way != REPLY_FRAME) {
        udp_send(daemon->udp, reply);
    } else if (daemon->raw != NULL && raw_can_send(reply)) {
        raw_send(daemon->raw, reply);
    } else {
        broadcast = *reply;
        broadcast.way = REPLY_BROADCAST;
        udp_send(daemon->udp, &broadcast);
    }
}

static void carry_out_one(struct daemon *daemon, const struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_COMMIT:
        store_commit(daemon->store, effect->batch);
        break;
    case EFFECT_SEND:
        if (daemon->link != NULL)
            link_send(daemon->link, effect->bytes);
        break;
    case EFFECT_LINK_RESET:
        if (daemon->link != NULL)
            link_reset(daemon->link);
        break;
    case EFFECT_REPLY:
        send_reply(daemon, &effect->reply);
        break;
    case EFFECT_PROBE:
        prober_send(daemon->prober, &effect->probe);
        break;
    case EFFECT_EVENT:
        log_write(daemon->log, log_time_now(), effect->event.severity, effect->event.name,
                  effect->event.text);
        break;
    }
}

static void carry_out(struct daemon *daemon, struct effects *fx)
{
    for (size_t i = 0; i < fx->count; i++)
        carry_out_one(daemon, &fx->items[i]);
    udp_flush(daemon->udp);
    if (daemon->raw != NULL)
        raw_flush(daemon->raw);
    if (daemon->prober != NULL)
        prober_flush(daemon->prober);
    effects_clear(fx);
}

static void flush(struct daemon *daemon)
{
    daemon->dirty = false;
    if (daemon->ddns != NULL && !daemon->stopping)
        daemon_feed_dns(daemon);
    server_flush(daemon->server, daemon_now(daemon), &daemon->fx);
    carry_out(daemon, &daemon->fx);
}

void daemon_touched(struct daemon *daemon)
{
    daemon->dirty = true;
}

struct instant daemon_now(void *context)
{
    struct daemon *daemon = context;

    return lease_clock_now(&daemon->clock, clock_read());
}

int64_t daemon_wall_clock_difference(void *context)
{
    const struct daemon *daemon = context;

    return lease_clock_difference(&daemon->clock, clock_read());
}

uint64_t daemon_busy_us(void *context)
{
    const struct daemon *daemon = context;

    return daemon->turns.busy_ns / 1000;
}

uint64_t daemon_longest_turn_us(void *context)
{
    const struct daemon *daemon = context;

    return turns_longest_ns(&daemon->turns, uv_hrtime()) / 1000;
}

void daemon_perform(void *context, struct effects *fx)
{
    struct daemon *daemon = context;

    carry_out(daemon, &daemon->fx); /* what was asked before comes first */
    carry_out(daemon, fx);
    flush(daemon);
}

/* ---- the loop's turns ---- */

static void on_core_timer(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;

    daemon_hear_probes(daemon); /* before it is said that nobody has answered */
    server_tick(daemon->server, daemon_now(daemon), &daemon->fx);
    daemon_touched(daemon);
}

static void set_core_timer(struct daemon *daemon)
{
    int64_t wait = server_wakeup(daemon->server).ms - daemon_now(daemon).ms;

    if (wait > TICK_MAX_MS)
        wait = TICK_MAX_MS;
    uv_timer_start(&daemon->core_timer, on_core_timer, wait < 1 ? 1 : (uint64_t)wait, 0);
}

static void end_turn(struct daemon *daemon)
{
    const uint64_t ms =
        turns_end(&daemon->turns, uv_hrtime(), uv_metrics_idle_time(&daemon->loop)) / 1000000;

    if (ms > TURN_MAX_MS)
        log_printf(daemon->log, EVENT_WARNING, "turn-long",
                   "no client was heard for %" PRIu64 " ms: this machine is too busy, or stood "
                   "still",
                   ms);
}

/* Timers and idle work may have touched the core since the last wait.  The timer is set anew
 * each time, for the core may want it earlier than before. */
static void on_before_wait(uv_prepare_t *handle)
{
    struct daemon *daemon = handle->data;

    if (daemon->dirty)
        flush(daemon);
    if (daemon->link != NULL)
        link_before_wait(daemon->link);
    set_core_timer(daemon);
    end_turn(daemon);
}

static void on_after_wait(uv_check_t *handle)
{
    struct daemon *daemon = handle->data;

    if (daemon->dirty)
        flush(daemon);
}

/* ---- stopping ---- */

static void stop_incomplete(struct daemon *daemon, const char *why)
{
    log_printf(daemon->log, EVENT_ERROR, "stop-incomplete",
               "%s: what was not written was never acknowledged to a client", why);
    uv_stop(&daemon->loop);
}

static void on_stop_timer(uv_timer_t *timer)
{
    stop_incomplete(timer->data, "the store did not finish in time");
}

/* While stopping, the last result ends the loop; otherwise the core decides what comes next. */
void daemon_store_settled(struct daemon *daemon, const char *failure)
{
    if (!daemon->stopping)
        return;
    if (daemon->dirty)
        flush(daemon);
    if (failure != NULL)
        stop_incomplete(daemon, failure);
    else if (store_pending(daemon->store) == 0)
        uv_stop(&daemon->loop);
}

static void stop(struct daemon *daemon, const char *signal_name)
{
    if (daemon->stopping) { /* told twice */
        uv_stop(&daemon->loop);
        return;
    }
    log_printf(daemon->log, EVENT_NOTICE, "stopping", "received %s", signal_name);
    notify_stopping();
    daemon->stopping = true;
    daemon_unwatch_clients(daemon);
    server_stop(daemon->server, daemon_now(daemon), &daemon->fx);
    daemon_touched(daemon);
    uv_timer_start(&daemon->stop_timer, on_stop_timer, STOP_MAX_MS, 0);
    daemon_store_settled(daemon, NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct daemon *daemon = handle->data;

    if (number == SIGHUP)
        log_printf(
            daemon->log, EVENT_NOTICE, "reload-needs-restart",
            "the configuration is read at start only: check it with --check, then restart "
            "this node, and the partner serves meanwhile");
    else
        stop(daemon, number == SIGTERM ? "SIGTERM" : "SIGINT");
}

static void watch_signals(struct daemon *daemon)
{
    static const int numbers[DAEMON_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};

    for (size_t i = 0; i < DAEMON_SIGNALS; i++) {
        uv_signal_init(&daemon->loop, &daemon->signals[i]);
        daemon->signals[i].data = daemon;
        uv_signal_start(&daemon->signals[i], on_signal, numbers[i]);
    }
}

/* ---- the interface ---- */

struct daemon *daemon_new(const struct daemon_options *options, char *error, size_t error_size)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    int failed;

    ASSERT(daemon != NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN); /* until the loop answers it */
    daemon->config = options->config;
    daemon->role = options->role;
    daemon->log = options->log;
    daemon->interfaces_fd = -1;
    effects_init(&daemon->fx);
    failed = uv_loop_init(&daemon->loop);
    failed |= uv_loop_configure(&daemon->loop, UV_METRICS_IDLE_TIME);
    ASSERT(failed == 0);
    if (daemon_open(daemon, error, error_size) != TD_OK) {
        daemon_free(daemon);
        return NULL;
    }
    return daemon;
}

void daemon_run(struct daemon *daemon)
{
    uv_prepare_init(&daemon->loop, &daemon->before_wait);
    uv_check_init(&daemon->loop, &daemon->after_wait);
    uv_timer_init(&daemon->loop, &daemon->core_timer);
    uv_timer_init(&daemon->loop, &daemon->stop_timer);
    daemon->before_wait.data = daemon->after_wait.data = daemon;
    daemon->core_timer.data = daemon->stop_timer.data = daemon;
    watch_signals(daemon);
    daemon_watch(daemon);
    uv_prepare_start(&daemon->before_wait, on_before_wait);
    uv_check_start(&daemon->after_wait, on_after_wait);
    flush(daemon); /* what server_start() asked for */
    notify_ready();
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    log_printf(daemon->log, EVENT_NOTICE, "stopped",
               "all that was acknowledged is in the store");
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void daemon_free(struct daemon *daemon)
{
    int busy;

    if (daemon == NULL)
        return;
    link_free(daemon->link, daemon->stopping ? LINGER_MS : 0);
    store_free(daemon->store);
    ddns_worker_free(daemon->ddns);
    uv_walk(&daemon->loop, close_handle, NULL);
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    busy = uv_loop_close(&daemon->loop);
    ASSERT(busy == 0);
    if (daemon->interfaces_fd >= 0)
        close(daemon->interfaces_fd);
    bulk_free(daemon->bulk);
    prober_close(daemon->prober);
    raw_close(daemon->raw);
    udp_close(daemon->udp);
    server_free(daemon->server);
    effects_deinit(&daemon->fx);
    free(daemon->polls);
    free(daemon);
}

uv_loop_t *daemon_loop(struct daemon *daemon)
{
    return &daemon->loop;
}

struct server *daemon_server(struct daemon *daemon)
{
    return daemon->server;
}
