/* daemon/api/status.c - see status.h */
#include "daemon/api/status.h"

#include "daemon/api/names.h"

#include <inttypes.h>
#include <stdio.h>

static const char *mode_name(enum config_mode mode)
{
    switch (mode) {
    case CONFIG_LOAD_BALANCING:
        return "load-balancing";
    case CONFIG_HOT_STANDBY:
        return "hot-standby";
    }
    return "unknown";
}

/* A partner may claim to have heard of more than we remember after our store was set back. */
static uint64_t behind(uint64_t ahead, uint64_t reached)
{
    return ahead > reached ? ahead - reached : 0;
}

const char *status_state(const struct server_status *server)
{
    return server->alone ? "ALONE" : fo_state_name(server->failover.state);
}

const char *status_unwell(const struct server_status *server)
{
    if (!server->store_ok)
        return server->store_problem != NULL && server->store_problem[0] != '\0'
                   ? server->store_problem
                   : "the store cannot be written";
    if (server->serving)
        return NULL;
    if (server->alone)
        return "the server is not started";
    return server->failover.reason != NULL ? server->failover.reason : "not serving";
}

static void render_digest(struct writer *out, const char *key, uint64_t digest)
{
    char text[20];

    snprintf(text, sizeof(text), "%016" PRIx64, digest);
    writer_text(out, key, text);
}

static void render_state(struct writer *out, const struct status_view *view)
{
    const struct server_status *server = view->server;
    const struct failover_status *fo = &server->failover;

    writer_text(out, "state", status_state(server));
    if (server->alone) {
        writer_null(out, "since");
        writer_null(out, "since_seconds");
        writer_null(out, "seconds_in_state");
        writer_text(out, "reason", "no pair is configured");
        writer_text(out, "advice", "");
        writer_null(out, "term");
        writer_null(out, "wait_until");
        writer_null(out, "mclt_seconds");
        return;
    }
    writer_instant(out, "since", fo->since);
    writer_int(out, "since_seconds", fo->since.ms / 1000);
    writer_int(out, "seconds_in_state", (view->now.ms - fo->since.ms) / 1000);
    writer_text(out, "reason", fo->reason == NULL ? "" : fo->reason);
    writer_text(out, "advice", fo->advice == NULL ? "" : fo->advice);
    writer_uint(out, "term", fo->term);
    writer_instant(out, "wait_until", fo->wait_until);
    writer_int(out, "mclt_seconds", fo->mclt_ms / 1000);
}

static void render_link(struct writer *out, const struct status_view *view)
{
    const struct failover_status *fo = &view->server->failover;

    writer_open(out, "link", '{');
    writer_text(out, "state", fo_link_name(fo->link));
    if (fo->heard.ms == 0)
        writer_null(out, "heard_ms_ago");
    else
        writer_int(out, "heard_ms_ago", view->now.ms - fo->heard.ms);
    if (fo->partner_known) {
        writer_int(out, "clock_difference_ms", fo->clock_difference_ms);
        writer_bool(out, "clocks_agree", fo->clocks_agree);
    } else {
        writer_null(out, "clock_difference_ms");
        writer_null(out, "clocks_agree");
    }
    writer_close(out, '}');
}

static void render_partner(struct writer *out, const struct status_view *view)
{
    const struct server_status *server = view->server;
    const enum role role = role_other(view->role);

    writer_open(out, "partner", '{');
    writer_text(out, "name", view->config->pair.nodes[role].name);
    writer_text(out, "role", role_name(role));
    writer_text(out, "link", view->config->pair.nodes[role].link);
    if (server->failover.partner_known) {
        writer_text(out, "state", fo_state_name(server->failover.partner_state));
        writer_uint(out, "durable_seq", server->partner_durable_seq);
    } else {
        writer_text(out, "state", "unknown");
        writer_null(out, "durable_seq");
    }
    writer_close(out, '}');
}

static void render_replication(struct writer *out, const struct status_view *view)
{
    const struct server_status *server = view->server;

    writer_open(out, "replication", '{');
    writer_uint(out, "seq", server->seq);
    writer_uint(out, "durable", server->durable_seq);
    writer_uint(out, "acked", server->acked_seq);
    writer_uint(out, "lag", behind(server->seq, server->acked_seq));
    writer_uint(out, "partner_applied", server->partner_applied);
    if (server->failover.partner_known)
        writer_uint(out, "partner_lag",
                    behind(server->partner_durable_seq, server->partner_applied));
    else
        writer_null(out, "partner_lag");
    writer_uint(out, "unsent", server->own_unsent);
    writer_close(out, '}');
}

static void render_differences(struct writer *out, const struct differences *d)
{
    char network[IP4_TEXT_SIZE], subnet[IP4_TEXT_SIZE + 4];

    writer_open(out, "config_differences", '[');
    for (size_t i = 0; d != NULL && d->named && i < d->count; i++) {
        const struct difference *item = &d->items[i];

        snprintf(subnet, sizeof(subnet), "%s/%u", ip4_format(item->network, network),
                 item->prefix_length);
        writer_open(out, NULL, '{');
        writer_text(out, "part", difference_part_name(item->part));
        writer_text(out, "subnet", item->of_file ? NULL : subnet);
        writer_text(out, "where", difference_where_name(item->where));
        writer_close(out, '}');
    }
    writer_close(out, ']');
}

static void render_pair(struct writer *out, const struct status_view *view)
{
    const struct server_status *server = view->server;

    if (server->alone) {
        writer_null(out, "link");
        writer_null(out, "partner");
        writer_null(out, "replication");
    } else {
        render_link(out, view);
        render_partner(out, view);
        render_replication(out, view);
    }
    render_digest(out, "digest", server->digest);
    if (server->alone || !server->partner_digest_known) {
        writer_null(out, "partner_digest");
        writer_text(out, "digests", server->alone ? NULL : "unknown");
    } else {
        render_digest(out, "partner_digest", server->partner_digest);
        writer_text(out, "digests",
                    server->digest == server->partner_digest ? "equal" : "differ");
    }
    writer_text(
        out, "config_difference",
        server->failover.config_difference == NULL ? "" : server->failover.config_difference);
    render_differences(out, server->failover.differences);
    writer_text(out, "last_problem",
                server->failover.last_problem == NULL ? "" : server->failover.last_problem);
}

static void render_pool_list(struct writer *out, const struct config *config,
                             const struct pool_view *pools)
{
    writer_open(out, "pools", '[');
    for (size_t i = 0; i < config->pool_count; i++) {
        const struct pool_view *view = &pools[i];
        char range[2 * IP4_TEXT_SIZE + 1], first[IP4_TEXT_SIZE], last[IP4_TEXT_SIZE];

        snprintf(range, sizeof(range), "%s-%s", ip4_format(view->pool->range.first, first),
                 ip4_format(view->pool->range.last, last));
        writer_open(out, NULL, '{');
        writer_text(out, "range", range);
        writer_text(out, "subnet", config->subnets[view->pool->subnet].text);
        writer_uint(out, "size", view->pool->size);
        writer_uint(out, "active", view->counts.active);
        writer_uint(out, "released", view->counts.released);
        writer_uint(out, "abandoned", view->counts.abandoned);
        writer_open(out, "free", '{');
        writer_uint(out, "primary", view->counts.free[ROLE_PRIMARY]);
        writer_uint(out, "secondary", view->counts.free[ROLE_SECONDARY]);
        writer_close(out, '}');
        writer_bool(out, "low", view->low);
        if (view->partner_free_known)
            writer_uint(out, "free_partner_says", view->partner_free);
        else
            writer_null(out, "free_partner_says");
        writer_close(out, '}');
    }
    writer_close(out, ']');
}

void render_status(struct writer *out, const struct status_view *view)
{
    const struct server_status *server = view->server;

    writer_open(out, NULL, '{');
    writer_text(out, "node", view->node);
    writer_text(out, "version", view->version);
    writer_text(out, "role", server->alone ? "alone" : role_name(view->role));
    writer_text(out, "pair", server->alone ? NULL : view->config->pair.name);
    writer_text(out, "mode", server->alone ? "alone" : mode_name(view->config->pair.mode));
    writer_bool(out, "serving", server->serving);
    render_state(out, view);
    render_pair(out, view);

    writer_open(out, "store", '{');
    writer_bool(out, "ok", server->store_ok);
    writer_text(out, "problem", server->store_problem == NULL ? "" : server->store_problem);
    writer_close(out, '}');
    writer_open(out, "leases", '{');
    writer_uint(out, "bindings", server->bindings);
    writer_uint(out, "active", view->active);
    writer_uint(out, "offers", server->offers);
    writer_uint(out, "held", server->held);
    writer_close(out, '}');
    writer_open(out, "probes", '{');
    writer_uint(out, "pending", server->probes_pending);
    writer_bool(out, "every_address", server->probes_all);
    writer_close(out, '}');
    render_pool_list(out, view->config, view->pools);
    writer_open(out, "loop", '{');
    writer_uint(out, "busy_us", view->busy_us);
    writer_uint(out, "longest_turn_us", view->longest_turn_us);
    writer_close(out, '}');
    writer_open(out, "clock", '{');
    writer_instant(out, "now", view->now);
    writer_int(out, "wall_difference_ms", view->wall_clock_difference_ms);
    writer_close(out, '}');
    render_dns(out, &server->dns);
    render_counters(out, &server->counters);
    writer_close(out, '}');
}

void render_health(struct writer *out, const struct server_status *server)
{
    const char *why = status_unwell(server);

    writer_open(out, NULL, '{');
    writer_text(out, "status", why == NULL ? "serving" : "unwell");
    writer_text(out, "state", status_state(server));
    if (why != NULL) {
        writer_text(out, "why", why);
        writer_text(out, "advice",
                    server->failover.advice == NULL ? "" : server->failover.advice);
    }
    writer_close(out, '}');
}

void render_pools(struct writer *out, const struct config *config,
                  const struct pool_view *pools)
{
    writer_open(out, NULL, '{');
    writer_text(out, "pair", config->has_pair ? config->pair.name : NULL);
    render_pool_list(out, config, pools);
    writer_close(out, '}');
}
