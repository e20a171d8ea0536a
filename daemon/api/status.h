/* daemon/api/status.h - the state of this peer, its pools and its NAKs as JSON.
 *
 * Pure: everything shown is passed in. */
#ifndef TWINDHCP_DAEMON_API_STATUS_H
#define TWINDHCP_DAEMON_API_STATUS_H

#include "daemon/api/writer.h"
#include "daemon/core/server.h"

struct pool_view {
    const struct config_pool *pool;
    struct pool_counts counts;
    bool low; /* fewer free addresses than `warn-free` */
    bool partner_free_known;
    uint64_t partner_free; /* addresses the partner says it may give from its share */
};

struct status_view {
    const char *node, *version;
    enum role role; /* of no meaning when alone */
    const struct config *config;
    const struct server_status *server;
    struct instant now;
    int64_t wall_clock_difference_ms;
    uint64_t busy_us, longest_turn_us; /* of the loop */
    const struct pool_view *pools;     /* all of config->pools, in their order */
    uint64_t active;                   /* ACTIVE bindings */
};

/* The state in one word: that of the pair, or "ALONE" without one. */
const char *status_state(const struct server_status *server);

/* NULL when DHCP is served and the store works; else why not, one clause. */
const char *status_unwell(const struct server_status *server);

void render_status(struct writer *out, const struct status_view *view);
void render_health(struct writer *out, const struct server_status *server);
/* {"pair": NAME or null, "pools": [...]} */
void render_pools(struct writer *out, const struct config *config,
                  const struct pool_view *pools);
/* {"count": N, "conflicts": [...]}, in the order given; `total` since the start. */
void render_conflicts(struct writer *out, uint64_t total,
                      const struct conflict_record *conflicts, size_t count);
/* {"naks": [...]}, in the order given. */
void render_naks(struct writer *out, const struct nak_record *naks, size_t count);

/* For Prometheus (text format 0.0.4). */
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
void render_metrics(struct writer *w, const struct status_view *view);

/* "counters": {...} of the object that is open. */
void render_counters(struct writer *out, const struct server_counters *counters);

#endif
