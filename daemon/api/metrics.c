/* daemon/api/metrics.c - the state of this peer for Prometheus, by its naming conventions.
 *
 * Label values come from the configuration and from names of ours: none needs escaping but the
 * nodes' and the pair's, which the configuration limits to plain characters. */
#include <inttypes.h>

#include "daemon/api/status.h"

static void help(struct writer *w, const char *name, const char *type, const char *text)
{
    writer_plain(w, "# HELP twindhcp_%s %s\n# TYPE twindhcp_%s %s\n", name, text, name, type);
}

static void gauge(struct writer *w, const char *name, const char *text, int64_t value)
{
    help(w, name, "gauge", text);
    writer_plain(w, "twindhcp_%s %" PRId64 "\n", name, value);
}

static void seconds(struct writer *w, const char *name, const char *text, int64_t ms)
{
    help(w, name, "gauge", text);
    writer_plain(w, "twindhcp_%s %s%" PRId64 ".%03d\n", name, ms < 0 ? "-" : "",
                 (ms < 0 ? -ms : ms) / 1000, (int)((ms < 0 ? -ms : ms) % 1000));
}

static void microseconds(struct writer *w, const char *name, const char *type, const char *text,
                         uint64_t us)
{
    help(w, name, type, text);
    writer_plain(w, "twindhcp_%s %" PRIu64 ".%06u\n", name, us / 1000000,
                 (unsigned)(us % 1000000));
}

static void counter(struct writer *w, const char *name, const char *text, uint64_t value)
{
    help(w, name, "counter", text);
    writer_plain(w, "twindhcp_%s %" PRIu64 "\n", name, value);
}

static void by_type(struct writer *w, const char *name, const char *text,
                    const uint64_t *counts, size_t size)
{
    help(w, name, "counter", text);
    for (size_t type = 0; type < size; type++)
        writer_plain(w, "twindhcp_%s{type=\"%s\"} %" PRIu64 "\n", name,
                     dhcp4_type_name((enum dhcp4_type)type), counts[type]);
}

/* Received, and left without an answer on purpose or for want of something. */
static void render_drops(struct writer *w, const struct server_counters *c)
{
    const struct {
        const char *reason;
        uint64_t count;
    } drops[] = {
        {"no-subnet", c->no_subnet},           {"not-admitted", c->not_admitted},
        {"not-serving", c->not_serving},       {"left-to-partner", c->left_to_partner},
        {"other-server", c->other_server},     {"no-free-address", c->no_free_address},
        {"over-limit", c->over_limit},         {"bootp-refused", c->bootp_refused},
        {"bootp-withheld", c->bootp_withheld}, {"nak-withheld", c->naks_withheld},
        {"duplicate", c->duplicate},           {"shed", c->shed},
        {"ack-dropped", c->acks_dropped},
    };

    help(w, "dhcp_unanswered_total", "counter", "DHCP packets left without an answer");
    for (size_t i = 0; i < ARRAY_SIZE(drops); i++)
        writer_plain(w, "twindhcp_dhcp_unanswered_total{reason=\"%s\"} %" PRIu64 "\n",
                     drops[i].reason, drops[i].count);
    help(w, "dhcp_malformed_total", "counter", "Packets that are not DHCP");
    for (size_t reason = DHCP4_DECODED + 1; reason < DHCP4_DROP_REASONS; reason++)
        writer_plain(w, "twindhcp_dhcp_malformed_total{reason=\"%s\"} %" PRIu64 "\n",
                     dhcp4_decode_name((enum dhcp4_decode)reason), c->malformed[reason]);
}

static void render_probes(struct writer *w, const struct server_status *s)
{
    const struct server_counters *c = &s->counters;
    const struct {
        const char *result;
        uint64_t count;
    } results[] = {{"in-use", c->probes_in_use},
                   {"silent", c->probes_silent},
                   {"dropped", c->probes_dropped}};

    gauge(w, "probes_pending", "Addresses that are being probed before they are offered",
          (int64_t)s->probes_pending);
    gauge(w, "probes_every_address",
          "1 when every address is probed, for this peer started without its partner",
          s->probes_all);
    counter(w, "probes_sent_total", "Probes of addresses", c->probes_sent);
    help(w, "probes_total", "counter", "What came of probes");
    for (size_t i = 0; i < ARRAY_SIZE(results); i++)
        writer_plain(w, "twindhcp_probes_total{result=\"%s\"} %" PRIu64 "\n", results[i].result,
                     results[i].count);
    counter(w, "probe_strays_total", "Packets that looked like answers to probes and were none",
            c->probes_stray);
}

static void render_dhcp(struct writer *w, const struct server_counters *c)
{
    by_type(w, "dhcp_received_total", "DHCP packets received by type", c->received,
            ARRAY_SIZE(c->received));
    by_type(w, "dhcp_sent_total", "DHCP packets sent by type", c->sent, ARRAY_SIZE(c->sent));
    render_drops(w, c);
    counter(w, "acks_degraded_total",
            "DHCPACKs cut to the MCLT because the partner's acknowledgement came late",
            c->acks_degraded);
    counter(w, "acks_early_total", "Renewals so early in the lease that it was left as it was",
            c->acks_early);
    counter(w, "conflicts_total", "Addresses found with two clients when the peers met",
            c->conflicts);
    counter(w, "partner_frames_bad_total", "Frames of the partner that could not be read",
            c->partner_frames_bad);
    counter(w, "store_failures_total", "Writes that the store refused", c->store_failures);
}

static void render_dns_of(struct writer *w, const struct dns_status *dns)
{
    gauge(w, "dns_backlog", "Leases whose names are not yet in the DNS as they shall be",
          (int64_t)dns->backlog);
    help(w, "dns_updates_total", "counter", "What became of updates of the DNS");
    writer_plain(w, "twindhcp_dns_updates_total{result=\"added\"} %" PRIu64 "\n", dns->added);
    writer_plain(w, "twindhcp_dns_updates_total{result=\"removed\"} %" PRIu64 "\n",
                 dns->removed);
    writer_plain(w, "twindhcp_dns_updates_total{result=\"taken\"} %" PRIu64 "\n", dns->taken);
    writer_plain(w, "twindhcp_dns_updates_total{result=\"failed\"} %" PRIu64 "\n", dns->failed);
}

static void render_differences(struct writer *w, const struct failover_status *fo)
{
    const struct differences *d = fo->differences;
    char network[IP4_TEXT_SIZE];

    gauge(w, "config_differs", "1 when the partner's configuration is another",
          fo->config_difference != NULL && fo->config_difference[0] != '\0');
    if (d == NULL || !d->named || d->count == 0)
        return;
    help(w, "config_difference", "gauge", "A part of the configuration that differs");
    for (size_t i = 0; i < d->count; i++) {
        const struct difference *item = &d->items[i];

        writer_plain(w, "twindhcp_config_difference{part=\"%s\",where=\"%s\",subnet=\"",
                     difference_part_name(item->part), difference_where_name(item->where));
        if (!item->of_file)
            writer_plain(w, "%s/%u", ip4_format(item->network, network), item->prefix_length);
        writer_plain(w, "\"} 1\n");
    }
}

static void render_pair(struct writer *w, const struct status_view *view)
{
    const struct server_status *s = view->server;
    const struct failover_status *fo = &s->failover;

    help(w, "failover_state", "gauge", "1 for the state that this peer is in");
    for (size_t state = 0; state < FO_STATES; state++)
        writer_plain(w, "twindhcp_failover_state{state=\"%s\"} %d\n",
                     fo_state_name((enum fo_state)state), fo->state == state);
    seconds(w, "failover_state_seconds", "Time in this state", view->now.ms - fo->since.ms);
    gauge(w, "failover_term", "The pair's epoch: one more with every PARTNER-DOWN", fo->term);
    gauge(w, "link_up", "1 when both peers hear each other and are caught up",
          fo->link == FO_LINK_UP);
    if (fo->partner_known) {
        seconds(w, "partner_clock_difference_seconds", "The partner's lease clock less the own",
                fo->clock_difference_ms);
        gauge(w, "replication_partner_lag",
              "The partner's writes that are not yet applied here",
              s->partner_durable_seq > s->partner_applied
                  ? (int64_t)(s->partner_durable_seq - s->partner_applied)
                  : 0);
    }
    gauge(w, "replication_lag", "Own writes that the partner has not acknowledged",
          s->seq > s->acked_seq ? (int64_t)(s->seq - s->acked_seq) : 0);
    render_differences(w, fo);
}

static void pool_line(struct writer *w, const struct status_view *view, size_t i,
                      const char *labels, uint64_t count)
{
    const struct config_pool *pool = view->pools[i].pool;
    char first[IP4_TEXT_SIZE], last[IP4_TEXT_SIZE];

    writer_plain(w, "twindhcp_pool_addresses{subnet=\"%s\",range=\"%s-%s\",%s} %" PRIu64 "\n",
                 view->config->subnets[pool->subnet].text, ip4_format(pool->range.first, first),
                 ip4_format(pool->range.last, last), labels, count);
}

static void render_pools_of(struct writer *w, const struct status_view *view)
{
    help(w, "pool_addresses", "gauge", "Addresses of a pool by state, free ones by owner");
    for (size_t i = 0; i < view->config->pool_count; i++) {
        const struct pool_counts *c = &view->pools[i].counts;

        pool_line(w, view, i, "state=\"active\",owner=\"\"", c->active);
        pool_line(w, view, i, "state=\"released\",owner=\"\"", c->released);
        pool_line(w, view, i, "state=\"abandoned\",owner=\"\"", c->abandoned);
        pool_line(w, view, i, "state=\"free\",owner=\"primary\"", c->free[ROLE_PRIMARY]);
        pool_line(w, view, i, "state=\"free\",owner=\"secondary\"", c->free[ROLE_SECONDARY]);
    }
}

static void render_low_pools(struct writer *w, const struct status_view *view)
{
    int64_t low = 0;

    for (size_t i = 0; i < view->config->pool_count; i++)
        low += view->pools[i].low;
    gauge(w, "pools_low", "Pools with fewer free addresses than warn-free", low);
}

void render_metrics(struct writer *w, const struct status_view *view)
{
    const struct server_status *s = view->server;

    help(w, "info", "gauge", "Who this is");
    writer_plain(w, "twindhcp_info{version=\"%s\",node=\"%s\",role=\"%s\",pair=\"%s\"} 1\n",
                 view->version, view->node, s->alone ? "alone" : role_name(view->role),
                 s->alone ? "" : view->config->pair.name);
    gauge(w, "serving", "1 when clients are answered in this state", s->serving);
    gauge(w, "store_ok", "1 when bindings can be made durable", s->store_ok);
    seconds(w, "wall_clock_difference_seconds", "The wall clock less the lease clock",
            view->wall_clock_difference_ms);
    microseconds(w, "loop_busy_seconds_total", "counter",
                 "Time for which the loop has worked: its rate is its load", view->busy_us);
    microseconds(w, "loop_longest_turn_seconds", "gauge",
                 "The longest time of late in which no client was heard",
                 view->longest_turn_us);
    gauge(w, "leases_active", "ACTIVE leases", (int64_t)view->active);
    gauge(w, "offers", "DHCPOFFERs outstanding", (int64_t)s->offers);
    gauge(w, "replies_held", "Replies that wait for their durability", (int64_t)s->held);
    if (!s->alone)
        render_pair(w, view);
    if (s->dns.configured)
        render_dns_of(w, &s->dns);
    render_dhcp(w, &s->counters);
    render_probes(w, s);
    render_pools_of(w, view);
    render_low_pools(w, view);
}
