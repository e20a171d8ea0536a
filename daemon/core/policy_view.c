/* daemon/core/policy_view.c - this server's situation, as ha/policy wants to see it. */
#include "daemon/core/server_internal.h"

struct policy policy_of(const struct server *s)
{
    struct policy p = {.alone = s->alone, .self = s->self, .now = s->now};

    if (s->alone)
        return p;
    p.state = s->fo.state;
    /* Leaving PARTNER-DOWN: what is written now may become durable after the partner has been
     * told, so the partner's share is not touched any more. */
    if (p.state == FO_PARTNER_DOWN && s->fo.has_pending && s->fo.pending == FO_NORMAL)
        p.state = FO_NORMAL;
    p.partner_down_wait_over =
        p.state == FO_PARTNER_DOWN && failover_wait_is_over(&s->fo, s->now);
    p.max_clock_skew_ms = s->config->pair.max_clock_skew_ms;
    p.mclt_ms = failover_mclt_promise_ms(&s->fo);
    p.clocks_agree = s->fo.clocks_agree;
    return p;
}

uint64_t lease_seq(struct server *s, struct ip4 address)
{
    const struct lease *lease = lease_table_find(s->leases, address);

    return lease != NULL ? lease->seq : 0;
}

/* The policy knows a client by its key alone.  What names the hardware names one client, as far
 * as anybody can tell; any other identity names whoever is there (a port, a machine with
 * several interfaces): it lets the client have the address, but does not assure that no other
 * has it. */
static const struct binding *as_seen_by(const struct binding *b,
                                        const struct client_names *client, struct binding *seen)
{
    if (b->reserved.size == 0 || span_equal(b->reserved, client->key))
        return b;
    *seen = *b;
    if (span_equal(b->reserved, client->hardware_key))
        seen->reserved = client->key;
    else if (identity_is_of(client, b->reserved))
        seen->reserved = span_of(NULL, 0);
    return seen;
}

bool may_bind(struct server *s, const struct binding *b, const struct client_names *client)
{
    const struct policy policy = policy_of(s);
    struct binding seen;
    const struct policy_record record = {as_seen_by(b, client, &seen),
                                         persist_freeing_acked(s, b, lease_seq(s, b->address))};

    return policy_may_bind(&policy, &record, client->key);
}

bool may_nak(struct server *s, const struct binding *b, const struct client_names *client)
{
    const struct policy policy = policy_of(s);
    struct binding seen;
    const struct policy_record record = {as_seen_by(b, client, &seen),
                                         persist_freeing_acked(s, b, lease_seq(s, b->address))};

    return policy_may_nak(&policy, &record, client->key);
}

bool give_may(void *context, const struct binding *b, uint64_t seq)
{
    const struct give_context *give = context;
    const struct policy_record record = {b, persist_freeing_acked(give->server, b, seq)};

    return reservation_at(give->server, b->address) == NULL &&
           policy_may_give(&give->policy, &record);
}

bool offered_to_other(struct server *s, struct ip4 address, struct span client)
{
    struct lease_offer offer;

    return lease_table_offer_at(s->leases, address, s->now, &offer) &&
           !span_equal(offer.client, client);
}

bool held_by_other(const struct server *s, const struct request *r, const struct binding *b)
{
    const struct policy policy = policy_of(s);

    return b->state == BINDING_ACTIVE && !policy_ended(&policy, b) &&
           !span_equal(b->client, r->names.key);
}
