/* daemon/core/status.c - what an operator may see. */
#include "daemon/core/server_internal.h"

static size_t count_unsent(const struct server *s)
{
    const struct stream *st = &s->stream;

    /* An upper bound: gaps in seq are rewritten records. */
    return st->seq > st->sent_seq ? (size_t)(st->seq - st->sent_seq) : 0;
}

void server_status(const struct server *s, struct server_status *out)
{
    const struct policy policy = policy_of(s);

    memset(out, 0, sizeof(*out));
    out->alone = s->alone;
    out->role = s->self;
    if (!s->alone) {
        failover_status(&s->fo, &out->failover);
        out->own_unsent = count_unsent(s);
        out->partner_digest = s->partner_digest;
        out->partner_digest_known = s->partner_digest_known &&
                                    s->partner_digest_against == lease_table_digest(s->leases);
    }
    out->serving = !s->store_failed && policy_serves(&policy);
    out->seq = s->stream.seq;
    out->durable_seq = s->progress.durable_seq;
    out->acked_seq = s->stream.acked_seq;
    out->partner_applied = s->applied.seq;
    out->partner_durable_seq = s->partner_durable_seq;
    out->digest = lease_table_digest(s->leases);
    out->bindings = lease_table_size(s->leases);
    out->offers = lease_table_offer_count(s->leases);
    out->held = held_count(&s->held);
    out->probes_pending = s->probes != NULL ? probe_table_count(s->probes) : 0;
    out->probes_all = !s->alone && failover_started_alone(&s->fo);
    out->store_ok = !s->store_failed;
    out->store_problem = s->store_problem;
    server_dns_status(s, &out->dns);
    out->counters = s->counters;
}

struct lease_table *server_leases(struct server *s)
{
    return s->leases;
}

const struct config *server_config(const struct server *s)
{
    return s->config;
}

struct ip4 server_address(const struct server *s)
{
    return s->address_count > 0 ? s->addresses[0] : ip4(0);
}
