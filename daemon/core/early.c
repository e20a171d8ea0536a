/* daemon/core/early.c - `renew-cache`: a renewal that comes early in the lease is answered from
 * the record as it stands, with the time that is left, and writes nothing.
 *
 * What is told stays within what the record says and the partner is known to hold, so no rule
 * of the promise is touched; what a record would learn from the request is written.  And only
 * who alone writes the record may leave it as it is: out of contact the partner may end the
 * lease, and what it writes would then be the newest that was heard of the address. */
#include "daemon/core/server_internal.h"

bool early_is_sole_writer(const struct server *s, const struct binding *b)
{
    return s->alone || s->fo.state == FO_PARTNER_DOWN ||
           (s->fo.state == FO_NORMAL && b->owner == s->self);
}

/* Has so little of the lease gone that it may stay as it is? */
static bool is_early(struct config_share cache, int64_t wanted_ms, int64_t left_ms)
{
    uint64_t early_ms = config_share_of(cache, (uint64_t)wanted_ms);

    if (cache.unit == CONFIG_SHARE_COUNT) {
        early_ms *= 1000;
        if (early_ms > (uint64_t)wanted_ms / 2)
            early_ms = (uint64_t)wanted_ms / 2;
    }
    return wanted_ms - left_ms <= (int64_t)early_ms;
}

/* Would a write tell the partner and the disk nothing but a later end? */
static bool says_nothing_new(const struct request *r, const struct binding *b)
{
    struct binding with = *b;

    binding_set_attributes(r, &with);
    return with.htype == b->htype && with.hlen == b->hlen &&
           memcmp(with.chaddr, b->chaddr, sizeof(b->chaddr)) == 0 &&
           span_equal(with.host_name, b->host_name) &&
           span_equal(with.relay_info, b->relay_info) &&
           span_equal(with.vendor_class, b->vendor_class);
}

/* What is left of the lease as it was told, at most what would be told now. */
static int64_t left_ms(const struct server *s, const struct binding *b, int64_t wanted_ms)
{
    const int64_t left = instant_is_never(b->expires)
                             ? b->expires.ms - s->now.ms
                             : b->expires.ms - LEASE_SLACK_MS - s->now.ms;

    return left < wanted_ms ? left : wanted_ms;
}

bool answer_early(struct server *s, const struct request *r, struct ip4 address)
{
    struct config_share cache;
    const struct lease *lease;
    struct policy policy;
    struct binding b;
    int64_t wanted, left;

    if (!s->config->renew_cache)
        return false;
    cache = select_place(s, r, address)->care.renew_cache;
    if (cache.value == 0)
        return false;
    lease = lease_table_find(s->leases, address);
    if (lease == NULL || lease->binding.state != BINDING_ACTIVE ||
        !span_equal(lease_client(lease), r->names.key))
        return false;
    policy = policy_of(s);
    b = lease_binding_of(lease);
    wanted = lease_ms_of(s, select_lease_seconds(s, r, address));
    left = left_ms(s, &b, wanted);
    if (left <= 0 || !is_early(cache, wanted, left) || !early_is_sole_writer(s, &b) ||
        !says_nothing_new(r, &b) ||
        policy_promise_ms(&policy, left, persist_acked(s, lease)) < left)
        return false;
    s->counters.acks_early++;
    EXPLAIN(s, "renew-cache", IP(s, address), "so early a renewal is answered without a write");
    if (!EXPLAINS(s))
        lease_table_offer_end(s->leases, address);
    ack_hold_as_is(s, r, address, lease_seconds_of(s, left));
    return true;
}
