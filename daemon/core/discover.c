/* daemon/core/discover.c - DHCPDISCOVER: which address to offer (RFC 2131 4.3.1). */
#include "daemon/core/server_internal.h"

#include <stdio.h>

/* Could a REQUEST of this client for `address` be granted, by this peer or by a claim? */
static bool may_offer(struct server *s, const struct request *r, const struct binding *b)
{
    const struct policy policy = policy_of(s);

    if (!select_configured_for(s, r, b->address) ||
        offered_to_other(s, b->address, r->names.key) || probe_forbids(s, r, b))
        return false;
    if (may_bind(s, b, &r->names))
        return true;
    /* The partner's address, held or last held by this very client: it will be claimed. */
    return !s->alone && policy.state == FO_NORMAL && b->owner != s->self &&
           b->state != BINDING_ABANDONED && span_equal(b->client, r->names.key);
}

/* `as`: why this address. */
static bool try_address(struct server *s, const struct request *r, struct ip4 candidate,
                        const char *as, struct ip4 *address)
{
    const struct binding b = lease_table_binding(s->leases, candidate);

    if (EXPLAINS(s) && candidate.value != 0)
        explain_may_bind(s, r, &b, as);
    if (candidate.value == 0 || !may_offer(s, r, &b))
        return false;
    *address = candidate;
    return true;
}

struct picking {
    struct give_context give; /* what give_may() wants */
    const struct request *request;
};

static bool may_pick(void *context, const struct binding *b, uint64_t seq)
{
    struct picking *picking = context;

    return give_may(&picking->give, b, seq) &&
           !probe_forbids(picking->give.server, picking->request, b);
}

/* `chosen`: 0.0.0.0 if none. */
static void explain_pool(struct server *s, const struct config_pool *pool, enum role owner,
                         struct ip4 chosen)
{
    const struct pool_counts counts = lease_table_pool_counts(s->leases, pool);
    char range[2 * IP4_TEXT_SIZE];

    snprintf(range, sizeof(range), "%s-%s", IP(s, pool->range.first), IP(s, pool->range.last));
    EXPLAIN(s, "pool", range, "%s%s: %llu free of the %s%s",
            chosen.value != 0 ? "gives, in the order that it is to follow, " : "none to give",
            chosen.value != 0 ? IP(s, chosen) : "", (unsigned long long)counts.free[owner],
            role_name(owner), s->alone ? "'s half (the other half comes next)" : "'s");
}

static void explain_pool_denies(struct server *s, const struct config_pool *pool)
{
    char range[2 * IP4_TEXT_SIZE];

    snprintf(range, sizeof(range), "%s-%s", IP(s, pool->range.first), IP(s, pool->range.last));
    EXPLAIN(s, "pool", range, "%s", NOT_ADMITTED);
}

static bool pick_in(struct server *s, const struct request *r,
                    const struct config_subnet *subnet, enum role owner,
                    struct picking *picking, struct ip4 *address)
{
    const bool admits = place_admits(s, r, subnet->admission);
    bool found = false;

    for (size_t i = 0; i < subnet->pool_count && !found; i++) {
        const struct config_pool *pool = &s->config->pools[subnet->first_pool + i];

        if (!admits || !place_admits(s, r, pool->admission)) {
            if (EXPLAINS(s))
                explain_pool_denies(s, pool);
        } else if (EXPLAINS(s)) {
            found = lease_table_peek_for(s->leases, pool, owner, r->names.key, may_pick,
                                         picking, address);
            explain_pool(s, pool, owner, found ? *address : ip4(0));
        } else {
            found = lease_table_pick_for(s->leases, pool, owner, r->names.key, may_pick,
                                         picking, address);
        }
    }
    return found;
}

/* A free address in the order that the pool wants: of the own share first, then, where the
 * policy allows it, of the partner's; in the subnet that the packet named before the others on
 * its link. */
static bool pick(struct server *s, const struct request *r, struct ip4 *address)
{
    struct picking picking = {{s, policy_of(s)}, r};
    const struct policy *policy = &picking.give.policy;
    const bool whole =
        s->alone || (policy->state == FO_PARTNER_DOWN && policy->partner_down_wait_over);
    const enum role owners[2] = {s->self, role_other(s->self)};
    const struct config_link *link = r->subnet->link;

    for (size_t o = 0; o < (whole ? 2u : 1u); o++) {
        if (pick_in(s, r, r->subnet, owners[o], &picking, address))
            return true;
        for (size_t i = 0; i < link->subnet_count; i++)
            if (link->subnets[i] != r->subnet &&
                pick_in(s, r, link->subnets[i], owners[o], &picking, address))
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
    if (EXPLAINS(s)) {
        explain_lease_time(s, r, address, wanted, lease_seconds_of(s, promise));
        CONCLUDE(s, EXPLAIN_OFFERS, "%s is offered for %s", IP(s, address),
                 explain_seconds(s->explain, lease_seconds_of(s, promise)));
    } else {
        lease_table_offer(s->leases, address, r->names.key,
                          instant_add_ms(s->now, s->config->offer_hold_ms));
        limits_note_offer(s, r, address);
    }
    reply_lease(s, r, DHCP4_OFFER, address, lease_seconds_of(s, promise), &reply, packet);
    reply_send(s, &reply, DHCP4_OFFER, fx);
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

/* Whose it is to answer goes by this record. */
static bool find_decider(struct server *s, const struct request *r, const struct lease *known,
                         struct binding *decider)
{
    const struct ip4 kept = reservation_address(r);

    if (reservation_is_within_reach(s, r) || (known == NULL && kept.value != 0))
        *decider = lease_table_binding(s->leases, kept);
    else if (known != NULL)
        *decider = lease_binding_of(known);
    else
        return false;
    return true;
}

static const struct lease *find_known(struct server *s, const struct request *r)
{
    struct asker asker = {s, r};

    return lease_table_find_client_among(s->leases, r->subnet, r->names.key, may_keep, &asker);
}

enum choice choose_address(struct server *s, const struct request *r, struct ip4 *address)
{
    const struct lease *known = find_known(s, r);
    const struct ip4 requested = dhcp4_option_ip4(r->packet, OPTION_REQUESTED_ADDRESS);
    struct lease_offer earlier;
    struct binding decider;

    if (!link_admits(s, r))
        return CHOICE_DENIED;
    if (r->probes == 0 &&
        !answer_is_mine(s, r, find_decider(s, r, known, &decider) ? &decider : NULL))
        return CHOICE_PARTNERS;
    /* The reserved address, the own one or the previous one, the offer made before, the
     * requested address, then any. */
    if (try_address(s, r, reservation_address(r), "its reservation", address) ||
        (known != NULL &&
         try_address(s, r, known->binding.address, "its own, or its last", address)) ||
        (lease_table_offer_to(s->leases, r->subnet, r->names.key, s->now, &earlier) &&
         try_address(s, r, earlier.address, "what it was offered before", address)) ||
        try_address(s, r, requested, "what it asks for", address) || pick(s, r, address))
        return CHOICE_FOUND;
    return pools_admit(s, r) ? CHOICE_NONE : CHOICE_DENIED;
}

/* RFC 4039: acknowledged at once where it is allowed, asked for, and this peer's alone.  A peer
 * that only helps offers: were both to commit, the client would hold two addresses. */
static bool commits(struct server *s, const struct request *r, struct ip4 address)
{
    struct binding b, decider;
    bool known;

    if (!dhcp4_has(r->packet, OPTION_RAPID_COMMIT) ||
        r->subnet->effective->care.rapid_commit != CONFIG_FLAG_YES)
        return false;
    b = lease_table_binding(s->leases, address);
    known = find_decider(s, r, find_known(s, r), &decider);
    return answer_is_my_turn(s, r, known ? &decider : NULL) && may_bind(s, &b, &r->names);
}

void handle_discover(struct server *s, struct request *r, struct effects *fx)
{
    struct ip4 address = ip4(0);
    const enum choice choice = choose_address(s, r, &address);

    if (choice != CHOICE_PARTNERS && choice != CHOICE_DENIED &&
        options_v6_only(s, r, address)) {
        CONCLUDE(s, EXPLAIN_OFFERS,
                 "0.0.0.0 is offered: the client can do without an IPv4 address (option 108)");
        reply_no_address(s, r, address, fx);
        return;
    }
    switch (choice) {
    case CHOICE_FOUND:
        if (!limits_allow(s, r, address, fx)) {
            CONCLUDE(s, EXPLAIN_SILENT, "there are as many leases as `limits` allows");
            break;
        }
        if (probe_holds(s, r, address, fx))
            break;
        if (commits(s, r, address))
            bind_address(s, r, address);
        else
            offer(s, r, address, fx);
        break;
    case CHOICE_NONE:
        s->counters.no_free_address++;
        if (options_auto_config(s, r)) {
            CONCLUDE(s, EXPLAIN_OFFERS,
                     "0.0.0.0 is offered: there is no free address (option 116)");
            reply_no_address(s, r, address, fx);
        }
        CONCLUDE(s, EXPLAIN_SILENT, NO_FREE_ADDRESS);
        break;
    case CHOICE_DENIED:
        s->counters.not_admitted++;
        CONCLUDE(s, EXPLAIN_SILENT, NOT_ADMITTED);
        break;
    case CHOICE_PARTNERS:
        break;
    }
}
