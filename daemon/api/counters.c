/* daemon/api/counters.c - see status.h */
#include "daemon/api/status.h"

static void render_by_type(struct writer *out, const char *key, const uint64_t *counts,
                           size_t size)
{
    writer_open(out, key, '{');
    for (size_t type = 0; type < size; type++)
        writer_uint(out, dhcp4_type_name((enum dhcp4_type)type), counts[type]);
    writer_close(out, '}');
}

void render_counters(struct writer *out, const struct server_counters *c)
{
    writer_open(out, "counters", '{');
    render_by_type(out, "received", c->received, ARRAY_SIZE(c->received));
    render_by_type(out, "sent", c->sent, ARRAY_SIZE(c->sent));
    writer_open(out, "malformed", '{');
    for (size_t reason = DHCP4_DECODED + 1; reason < DHCP4_DROP_REASONS; reason++)
        writer_uint(out, dhcp4_decode_name((enum dhcp4_decode)reason), c->malformed[reason]);
    writer_close(out, '}');
    writer_uint(out, "no_subnet", c->no_subnet);
    writer_uint(out, "not_admitted", c->not_admitted);
    writer_uint(out, "not_serving", c->not_serving);
    writer_uint(out, "left_to_partner", c->left_to_partner);
    writer_uint(out, "other_server", c->other_server);
    writer_uint(out, "no_free_address", c->no_free_address);
    writer_uint(out, "over_limit", c->over_limit);
    writer_uint(out, "bootp_refused", c->bootp_refused);
    writer_uint(out, "bootp_withheld", c->bootp_withheld);
    writer_uint(out, "naks_withheld", c->naks_withheld);
    writer_uint(out, "duplicate", c->duplicate);
    writer_uint(out, "queries_refused", c->queries_refused);
    writer_uint(out, "shed", c->shed);
    writer_uint(out, "partner_frames_bad", c->partner_frames_bad);
    writer_uint(out, "conflicts", c->conflicts);
    writer_uint(out, "acks_degraded", c->acks_degraded);
    writer_uint(out, "acks_early", c->acks_early);
    writer_uint(out, "acks_dropped", c->acks_dropped);
    writer_uint(out, "store_failures", c->store_failures);
    writer_open(out, "probes", '{');
    writer_uint(out, "sent", c->probes_sent);
    writer_uint(out, "in_use", c->probes_in_use);
    writer_uint(out, "silent", c->probes_silent);
    writer_uint(out, "dropped", c->probes_dropped);
    writer_uint(out, "stray", c->probes_stray);
    writer_close(out, '}');
    writer_uint(out, "fqdn_malformed", c->fqdn_malformed);
    writer_close(out, '}');
}
