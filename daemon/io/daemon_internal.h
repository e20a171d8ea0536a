/* daemon/io/daemon_internal.h - what loop.c, inputs.c and start.c share of struct daemon. */
#ifndef TWINDHCP_DAEMON_IO_DAEMON_INTERNAL_H
#define TWINDHCP_DAEMON_IO_DAEMON_INTERNAL_H

#include "daemon/ddns/worker.h"
#include "daemon/io/bulk.h"
#include "daemon/io/clock.h"
#include "daemon/io/intake.h"
#include "daemon/io/link.h"
#include "daemon/io/loop.h"
#include "daemon/io/prober.h"
#include "daemon/io/raw.h"
#include "daemon/io/store.h"
#include "daemon/io/turns.h"
#include "daemon/io/udp.h"

#define DAEMON_SIGNALS 3

struct daemon_poll {
    uv_poll_t poll;
    struct daemon *daemon;
    size_t socket;
    struct intake intake;
};

struct daemon {
    const struct config *config;
    enum role role;
    struct log *log;
    struct udp *udp;
    struct prober *prober; /* NULL where no address is ever probed */
    struct raw *raw;       /* NULL where only relays are served */
    struct link *link;     /* NULL without a pair */
    struct bulk *bulk;     /* NULL without bulk leasequery */
    struct store *store;
    struct server *server;
    struct ddns_worker *ddns; /* NULL: the DNS is not told */
    struct lease_clock clock;
    struct effects fx;
    bool dirty;    /* the core has had inputs since its last flush */
    bool stopping; /* told to; what is written is still on its way to the disk */

    struct turns turns;
    uv_loop_t loop;
    struct daemon_poll *polls; /* one for each UDP socket */
    uv_poll_t probe_polls[PROBER_SOCKETS];
    uv_poll_t interfaces;
    int interfaces_fd;
    uv_prepare_t before_wait;
    uv_check_t after_wait;
    uv_timer_t core_timer, housekeeping, stop_timer;
    uv_signal_t signals[DAEMON_SIGNALS];
    struct udp_counters udp_seen; /* as last reported */
    uint64_t shed_seen;
    struct bulk_counters bulk_seen;
    struct send_counters raw_seen;
    struct prober_counters prober_seen;
};

/* start.c: open everything and start the core. */
MUST_USE enum td_err daemon_open(struct daemon *daemon, char *error, size_t error_size);

/* inputs.c: watch the sockets, the interfaces and the clock. */
void daemon_watch(struct daemon *daemon);
void daemon_unwatch_clients(struct daemon *daemon);

/* inputs.c: what is known of probes goes to the core. */
void daemon_hear_probes(struct daemon *daemon);
/* dns.c: begin the thread that tells the DNS; give it what there is to do. */
MUST_USE enum td_err daemon_open_dns(struct daemon *daemon, char *error, size_t error_size);
void daemon_feed_dns(struct daemon *daemon);

/* loop.c: the core was given something. */
void daemon_touched(struct daemon *daemon);
/* loop.c: the store reported a result; `failure` is NULL if it was a good one. */
void daemon_store_settled(struct daemon *daemon, const char *failure);

#endif
