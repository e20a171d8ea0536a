/* What the loop watches besides store and link: client sockets, interfaces, clock, counters. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "daemon/io/daemon_internal.h"
#include "daemon/io/interfaces.h"
#include "daemon/io/notify.h"

#define HOUSEKEEPING_MS 1000

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct daemon_poll *p = poll->data;
    struct daemon *daemon = p->daemon;
    struct datagram turn[UDP_TURN];
    uint16_t order[INTAKE_MAX];
    bool full;
    const size_t count = udp_receive(daemon->udp, p->socket, turn, &full);
    const size_t due = intake_order(&p->intake, turn, count, full, order);
    const struct instant now = daemon_now(daemon);

    (void)status;
    (void)events;
    for (size_t i = 0; i < due; i++)
        server_receive(daemon->server, now, &turn[order[i]], &daemon->fx);
    server_note_shed(daemon->server, count - due);
    if (count > 0)
        daemon_touched(daemon);
}

void daemon_hear_probes(struct daemon *daemon)
{
    struct probe_result result;

    if (daemon->prober == NULL)
        return;
    while (prober_next(daemon->prober, &result)) {
        server_probe_result(daemon->server, daemon_now(daemon), &result, &daemon->fx);
        daemon_touched(daemon);
    }
}

static void on_probe_answered(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    daemon_hear_probes(poll->data);
}

static void on_interfaces_changed(uv_poll_t *poll, int status, int events)
{
    struct daemon *daemon = poll->data;
    char text[256];

    (void)status;
    (void)events;
    interfaces_watch_drain(daemon->interfaces_fd);
    if (daemon->prober != NULL)
        prober_refresh(daemon->prober);
    if (udp_refresh(daemon->udp, text, sizeof text))
        log_printf(daemon->log, EVENT_NOTICE, "interface-changed",
                   "%s; an address that is new here is served from the next start on", text);
}

static void check_clock(struct daemon *daemon)
{
    struct clock_reading reading = clock_read();
    int64_t difference = lease_clock_difference(&daemon->clock, reading);

    switch (lease_clock_check(&daemon->clock, reading)) {
    case LEASE_CLOCK_QUIET:
        break;
    case LEASE_CLOCK_DIFFERS:
        log_printf(daemon->log, EVENT_ERROR, "clock-differs",
                   "the wall clock is %" PRId64 " ms %s the lease clock: leases go on by the "
                   "lease clock; correct the wall clock, or restart this node if it is right",
                   difference < 0 ? -difference : difference,
                   difference < 0 ? "behind" : "ahead of");
        break;
    case LEASE_CLOCK_AGREES:
        log_printf(daemon->log, EVENT_NOTICE, "clock-agrees",
                   "wall clock and lease clock agree again");
        break;
    }
}

static void check_sent(struct daemon *daemon, const char *how, struct send_counters *seen,
                       struct send_counters present)
{
    if (present.dropped > seen->dropped)
        log_printf(daemon->log, EVENT_WARNING, "reply-not-sent",
                   "%" PRIu64 " replies could not be sent as %s, the last: %s",
                   present.dropped - seen->dropped, how, strerror(present.last_error));
    *seen = present;
}

static void check_shed(struct daemon *daemon)
{
    uint64_t shed = 0;

    for (size_t i = 0; i < udp_socket_count(daemon->udp); i++)
        shed += daemon->polls[i].intake.shed;
    if (shed > daemon->shed_seen)
        log_printf(daemon->log, EVENT_WARNING, "discovers-shed",
                   "%" PRIu64 " DHCPDISCOVERs were left unanswered: more comes than can be "
                   "done, so whoever holds a lease or an offer goes first",
                   shed - daemon->shed_seen);
    daemon->shed_seen = shed;
}

static void check_bulk(struct daemon *daemon)
{
    const struct bulk_counters present =
        daemon->bulk != NULL ? bulk_counters(daemon->bulk) : (struct bulk_counters){0};
    const struct bulk_counters *seen = &daemon->bulk_seen;

    if (present.refused > seen->refused || present.closed > seen->closed)
        log_printf(daemon->log, EVENT_WARNING, "leasequery-refused",
                   "%" PRIu64 " connections for leasequeries were turned away (not allowed, or "
                   "one too many), %" PRIu64 " closed (idle, or no query)",
                   present.refused - seen->refused, present.closed - seen->closed);
    daemon->bulk_seen = present;
}

static void check_prober(struct daemon *daemon)
{
    const struct prober_counters present = prober_counters(daemon->prober);
    struct prober_counters *seen = &daemon->prober_seen;

    if (present.dropped > seen->dropped)
        log_printf(daemon->log, EVENT_WARNING, "probe-not-sent",
                   "%" PRIu64 " addresses could not be probed and were not offered, the last: "
                   "%s",
                   present.dropped - seen->dropped,
                   present.last_error == 0 ? "more than 4000 in a second"
                                           : strerror(present.last_error));
    server_note_probe_strays(daemon->server, present.strays - seen->strays);
    *seen = present;
}

static void check_counters(struct daemon *daemon)
{
    struct udp_counters present = udp_counters(daemon->udp);
    struct udp_counters *seen = &daemon->udp_seen;

    if (present.overflowed > seen->overflowed)
        log_printf(daemon->log, EVENT_WARNING, "requests-lost",
                   "%" PRIu64 " datagrams were lost: they came faster than they could be read",
                   present.overflowed - seen->overflowed);
    if (present.too_long > seen->too_long)
        log_printf(daemon->log, EVENT_WARNING, "request-too-long",
                   "%" PRIu64 " datagrams above %d bytes were dropped",
                   present.too_long - seen->too_long, UDP_DATAGRAM_SIZE);
    check_sent(daemon, "datagrams", &seen->out, present.out);
    if (daemon->raw != NULL)
        check_sent(daemon, "frames", &daemon->raw_seen, raw_counters(daemon->raw));
    if (daemon->prober != NULL)
        check_prober(daemon);
    *seen = present;
}

static void on_housekeeping(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;

    notify_alive();
    check_clock(daemon);
    check_counters(daemon);
    check_shed(daemon);
    check_bulk(daemon);
    log_tick(daemon->log, log_time_now());
}

static void watch_interfaces(struct daemon *daemon)
{
    if (daemon->config->server.interface_count == 0)
        return;
    daemon->interfaces_fd = interfaces_watch();
    if (daemon->interfaces_fd < 0) {
        log_printf(daemon->log, EVENT_WARNING, "interfaces-not-watched",
                   "changes of interfaces will not be noticed: %s", strerror(errno));
        return;
    }
    uv_poll_init(&daemon->loop, &daemon->interfaces, daemon->interfaces_fd);
    daemon->interfaces.data = daemon;
    uv_poll_start(&daemon->interfaces, UV_READABLE, on_interfaces_changed);
}

static void watch_clients(struct daemon *daemon)
{
    size_t count = udp_socket_count(daemon->udp);

    daemon->polls = calloc(count, sizeof *daemon->polls);
    ASSERT(daemon->polls != NULL);
    for (size_t i = 0; i < count; i++) {
        struct daemon_poll *p = &daemon->polls[i];

        *p = (struct daemon_poll){.daemon = daemon, .socket = i};
        uv_poll_init(&daemon->loop, &p->poll, udp_fd(daemon->udp, i));
        p->poll.data = p;
        uv_poll_start(&p->poll, UV_READABLE, on_readable);
    }
}

static void watch_probes(struct daemon *daemon)
{
    for (size_t i = 0; daemon->prober != NULL && i < PROBER_SOCKETS; i++) {
        if (prober_fd(daemon->prober, i) < 0)
            continue;
        uv_poll_init(&daemon->loop, &daemon->probe_polls[i], prober_fd(daemon->prober, i));
        daemon->probe_polls[i].data = daemon;
        uv_poll_start(&daemon->probe_polls[i], UV_READABLE, on_probe_answered);
    }
}

void daemon_unwatch_clients(struct daemon *daemon)
{
    for (size_t i = 0; i < udp_socket_count(daemon->udp); i++)
        uv_poll_stop(&daemon->polls[i].poll);
}

void daemon_watch(struct daemon *daemon)
{
    uint64_t alive = notify_alive_interval_ms();
    uint64_t interval = alive > 0 && alive < HOUSEKEEPING_MS ? alive : HOUSEKEEPING_MS;

    watch_clients(daemon);
    watch_probes(daemon);
    watch_interfaces(daemon);
    uv_timer_init(&daemon->loop, &daemon->housekeeping);
    daemon->housekeeping.data = daemon;
    uv_timer_start(&daemon->housekeeping, on_housekeeping, interval, interval);
}
