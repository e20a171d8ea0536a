/* daemon/core/discover.c - DHCPDISCOVER: which address to offer (RFC 2131 4.3.1). */
#include "daemon/core/server_internal.h"

/* Could a REQUEST of this client for `address` be granted, by this peer or by a claim? */
static bool may_offer(struct server *s, const struct request *r, const struct binding *b)
{
    const struct policy policy = policy_of(s);

    if (!select_configured_for(s, r, b->address) || offered_to_other(s, b->address, r->key))
        return false;
    if (may_bind(s, b, who_asks(r)))
        return true;
    /* The partner's address, held or last held by this very client: it will be claimed. */
    return !s->alone && policy.state == FO_NORMAL && b->owner != s->self &&
           b->state != BINDING_ABANDONED && span_equal(b->client, r->key);
}

struct choice {
    bool found;
    struct ip4 address;
};

static bool try_address(struct server *s, const struct request *r, struct ip4 address,
                        struct choice *choice)
{
    const struct binding b = lease_table_binding(s->leases, address);

    if (address.value == 0 || !may_offer(s, r, &b))
        return false;
    *choice = (struct choice){true, address};
    return true;
}

static bool pick_in(struct server *s, const struct config_subnet *subnet, enum role owner,
                    struct give_context *give, struct choice *choice)
{
    for (size_t i = 0; i < subnet->pool_count && !choice->found; i++)
        choice->found = lease_table_pick(s->leases, &s->config->pools[subnet->first_pool + i],
                                         owner, give_may, give, &choice->address);
    return choice->found;
}

/* The least recently used free address: of the own share first, then, where the policy allows
 * it, of the partner's; in the subnet that the packet named before the others on its link. */
static bool pick(struct server *s, const struct request *r, struct choice *choice)
{
    struct give_context give = {s, policy_of(s)};
    const bool whole = s->alone || (give.policy.state == FO_PARTNER_DOWN &&
                                    give.policy.partner_down_wait_over);
    const enum role owners[2] = {s->self, role_other(s->self)};
    const struct config_link *link = r->subnet->link;

    for (size_t o = 0; o < (whole ? 2u : 1u); o++) {
        if (pick_in(s, r->subnet, owners[o], &give, choice))
            return true;
        for (size_t i = 0; i < link->subnet_count; i++)
            if (link->subnets[i] != r->subnet &&
                pick_in(s, link->subnets[i], owners[o], &give, choice))
                return true;
    }
    return false;
}

static void offer(struct server *s, const struct request *r, struct ip4 address,
                  struct effects *fx)
{
    const struct policy policy = policy_of(s);
    const struct lease *lease = lease_table_find(s->leases, address);
    const uint32_t wanted = select_lease_seconds(s, r, address);
    uint8_t packet[DHCP4_MAX_SIZE];
    struct reply reply;
    int64_t promise = lease_ms_of(s, wanted);

    /* In NORMAL the DHCPACK will wait for the partner and hold what is offered. */
    if (policy.state != FO_NORMAL)
        promise = policy_promise_ms(&policy, promise,
                                    lease != NULL ? persist_acked(s, lease) : instant_ms(0));
    lease_table_offer(s->leases, address, r->key,
                      instant_add_ms(s->now, s->config->offer_hold_ms));
    reply_lease(s, r, DHCP4_OFFER, address, lease_seconds_of(s, promise), &reply, packet);
    reply_send(s, &reply, DHCP4_OFFER, fx);
}

/* RFC 4039: acknowledged at once where it is allowed, asked for, and this peer's alone.  A peer
 * that only helps offers: were both to commit, the client would hold two addresses. */
static bool commits(struct server *s, const struct request *r, struct ip4 address,
                    const struct binding *decider)
{
    const struct binding b = lease_table_binding(s->leases, address);

    return dhcp4_has(r->packet, OPTION_RAPID_COMMIT) &&
           r->subnet->effective->care.rapid_commit == CONFIG_FLAG_YES &&
           answer_is_my_turn(s, r, decider) && may_bind(s, &b, who_asks(r));
}

struct asker {
    struct server *server;
    const struct request *request;
};

/* An address that the file has set aside for another since does not hide one that is good. */
static bool may_keep(void *context, const struct lease *lease)
{
    const struct asker *asker = context;

    return select_configured_for(asker->server, asker->request, lease->binding.address);
}

void handle_discover(struct server *s, struct request *r, struct effects *fx)
{
    struct asker asker = {s, r};
    const struct lease *known =
        lease_table_find_client_among(s->leases, r->subnet, r->key, may_keep, &asker);
    const struct ip4 requested = dhcp4_option_ip4(r->packet, OPTION_REQUESTED_ADDRESS);
    struct choice choice = {false, {0}};
    struct lease_offer earlier;
    struct binding decider;
    bool has_decider = false;

    if (known != NULL) {
        decider = lease_binding_of(known);
        has_decider = true;
    } else if (r->reservation != NULL) {
        decider = lease_table_binding(s->leases, r->reservation->address);
        has_decider = true;
    }
    if (!answer_is_mine(s, r, has_decider ? &decider : NULL))
        return;
    /* Existing binding, reservation, previous address, the offer made before, the requested
     * address, then any. */
    if ((known != NULL && known->binding.state == BINDING_ACTIVE &&
         try_address(s, r, known->binding.address, &choice)) ||
        (r->reservation != NULL && try_address(s, r, r->reservation->address, &choice)) ||
        (known != NULL && try_address(s, r, known->binding.address, &choice)) ||
        (lease_table_offer_to(s->leases, r->subnet, r->key, s->now, &earlier) &&
         try_address(s, r, earlier.address, &choice)) ||
        try_address(s, r, requested, &choice) || pick(s, r, &choice)) {
        if (commits(s, r, choice.address, has_decider ? &decider : NULL))
            bind_address(s, r, choice.address);
        else
            offer(s, r, choice.address, fx);
        return;
    }
    s->counters.no_free_address++;
}
