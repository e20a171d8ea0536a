/* daemon/core/ack.c - DHCPACKs that wait: for the own disk always, for the partner's ack up to
 * ack-timeout (README of ha/, "Lease time"). */
#include "daemon/core/server_internal.h"

#define HOLD_MAX_MS 10000 /* the client has long asked again */

struct held *ack_prepare(struct server *s, const struct request *r, struct ip4 address,
                         uint32_t seconds)
{
    struct held *held = held_take(&s->held);

    if (held == NULL) {
        s->counters.acks_dropped++;
        return NULL;
    }
    held->bootp = r->packet->type == DHCP4_NONE;
    if (held->bootp)
        reply_bootp(s, r, address, &held->reply, held->packet);
    else
        held->shares =
            reply_lease(s, r, DHCP4_ACK, address, seconds, &held->reply, held->packet);
    held->packet_size = (uint16_t)held->reply.packet.size;
    held->lease_time_at = s->writer.lease_time_at;
    held->renewal_time_at = s->writer.renewal_time_at;
    held->rebinding_time_at = s->writer.rebinding_time_at;
    held->address = address;
    held->xid = r->packet->xid;
    held->wanted_s = seconds;
    held->since = s->now;
    held->key_size = (uint16_t)r->names.key.size;
    memcpy(held->key, r->names.key.data, r->names.key.size);
    return held;
}

void ack_hold(struct server *s, const struct request *r, struct ip4 address, uint32_t seconds,
              const struct lease *lease)
{
    struct held *held = ack_prepare(s, r, address, seconds);

    if (held == NULL)
        return;
    held->batch = persist_filling_number(s);
    held->seq = lease->seq;
    held->deadline = instant_add_ms(s->now, s->alone ? 0 : s->config->pair.ack_timeout_ms);
    held_push(&s->held, held);
}

/* The record may still be on its way to the disk: wait for all that is. */
void ack_hold_as_is(struct server *s, const struct request *r, struct ip4 address,
                    uint32_t seconds)
{
    struct held *held;

    if (EXPLAINS(s)) {
        ack_explain(s, r, address, seconds, seconds);
        return;
    }
    held = ack_prepare(s, r, address, seconds);
    if (held == NULL)
        return;
    held->batch = persist_pending_number(s);
    held->seq = 0; /* what is told has been acked */
    held->deadline = s->now;
    held_push(&s->held, held);
}

/* The lease time that can be told now, in seconds; 0 if none: the record is another's by now,
 * or the partner has refused this very request. */
static uint32_t seconds_to_promise(struct server *s, const struct held *held)
{
    const struct policy policy = policy_of(s);
    const struct span key = span_of(held->key, held->key_size);
    const struct lease *lease = lease_table_find(s->leases, held->address);
    int64_t promise;

    if (lease == NULL || lease->binding.state != BINDING_ACTIVE ||
        !span_equal(lease_client(lease), key))
        return 0;
    if (!s->alone &&
        recent_count(s->recent, RECENT_PARTNER_NAK, key, held->xid, s->now, 10000) > 0)
        return 0;
    promise =
        policy_promise_ms(&policy, lease_ms_of(s, held->wanted_s), persist_acked(s, lease));
    if (promise > lease->binding.expires.ms - s->now.ms)
        promise = lease->binding.expires.ms - s->now.ms;
    return lease_seconds_of(s, promise);
}

static void send_or_drop(struct server *s, struct held *held, struct effects *fx)
{
    const uint32_t seconds = seconds_to_promise(s, held);

    if (seconds == 0 || s->now.ms - held->since.ms > HOLD_MAX_MS) {
        s->counters.acks_dropped++;
        return;
    }
    if (held->bootp && seconds != CONFIG_INFINITE) {
        s->counters.bootp_withheld++; /* it cannot be told of an end */
        return;
    }
    if (seconds < held->wanted_s)
        s->counters.acks_degraded++;
    dhcp4_patch_lease_time(held->packet, held->lease_time_at, held->renewal_time_at,
                           held->rebinding_time_at, times_of(&held->shares, seconds));
    held->reply.packet = span_of(held->packet, held->packet_size);
    reply_send(s, &held->reply, held->bootp ? DHCP4_NONE : DHCP4_ACK, fx);
}

/* As it would be composed and cut when it leaves. */
static void explain_ack(struct server *s, const struct request *r, struct ip4 address,
                        uint32_t seconds, uint32_t told)
{
    uint8_t packet[DHCP4_MAX_SIZE];
    struct effects unused = {0};
    struct lease_shares shares;
    struct reply reply;

    if (r->packet->type == DHCP4_NONE) {
        reply_bootp(s, r, address, &reply, packet);
    } else {
        shares = reply_lease(s, r, DHCP4_ACK, address, seconds, &reply, packet);
        dhcp4_patch_lease_time(packet, s->writer.lease_time_at, s->writer.renewal_time_at,
                               s->writer.rebinding_time_at, times_of(&shares, told));
    }
    reply_send(s, &reply, DHCP4_ACK, &unused);
}

void ack_explain(struct server *s, const struct request *r, struct ip4 address,
                 uint32_t seconds, uint32_t told)
{
    explain_lease_time(s, r, address, seconds, told);
    if (recent_count(s->recent, RECENT_PARTNER_NAK, r->names.key, r->packet->xid, s->now,
                     10000) > 0)
        CONCLUDE(s, EXPLAIN_SILENT, "the partner has refused this very request");
    if (told == 0 || (r->packet->type == DHCP4_NONE && told != CONFIG_INFINITE))
        CONCLUDE(s, EXPLAIN_SILENT, "no time that is long enough can be promised");
    CONCLUDE(s, EXPLAIN_ACKS, "%s is acknowledged for %s, once %s", IP(s, address),
             explain_seconds(s->explain, told),
             s->alone                   ? "it is on the disk"
             : s->fo.state == FO_NORMAL ? "it is on the disks of both"
                                        : "it is on this peer's disk");
    if (explain_is_answered(s->explain->verdict))
        explain_ack(s, r, address, seconds, told);
}

static bool must_wait(const struct server *s, const struct held *held)
{
    if (!persist_is_durable(s, held->batch))
        return true;
    return !s->alone && s->fo.state == FO_NORMAL && held->seq > s->stream.acked_seq &&
           instant_before(s->now, held->deadline);
}

void ack_release(struct server *s, struct effects *fx)
{
    struct policy policy;
    bool serves;

    if (held_head(&s->held) == NULL)
        return;
    policy = policy_of(s);
    serves = policy_serves(&policy) || policy_serves_renewals_only(&policy);
    for (struct held *held = held_head(&s->held); held != NULL; held = held_head(&s->held)) {
        if (serves && must_wait(s, held))
            return;
        if (serves && !held_head_is_revoked(&s->held))
            send_or_drop(s, held, fx);
        else
            s->counters.acks_dropped++;
        held_pop(&s->held);
    }
}
