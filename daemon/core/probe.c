/* daemon/core/probe.c - an address is looked for on the network before it is offered: a machine
 * may have it without a lease, or by a lease that this peer does not know of.
 *
 * The DHCPDISCOVER waits here, its address reserved by an offer that is not told yet.  Once it
 * is known whether somebody has the address, the packet is dealt with as if it came then: that
 * address is good for it, or is not there any more.  Time alone ends a probe that nobody
 * answers, so that a lost answer holds up nothing. */
#include "daemon/core/server_internal.h"

/* For one DHCPDISCOVER.  A client asks again anyway. */
#define PROBES_PER_DISCOVER 4

/* An address that was found in use and may not be abandoned is not asked about again before
 * then: it may be abandoned by then, or be silent. */
#define IN_USE_AGAIN_MS 10000

/* How `address`, one of the client's link, is probed now; false: it is not. */
static bool settings_of(const struct server *s, const struct request *r, struct ip4 address,
                        struct config_probe *out)
{
    const struct config_subnet *other;

    *out = r->subnet->probe;
    if (!config_subnet_holds(r->subnet, address)) {
        other = config_subnet_of(s->config, address);
        if (other != NULL)
            *out = other->probe;
    }
    if (config_probe_is_on(out))
        return true;
    *out = config_probe_default;
    return !s->alone && failover_started_alone(&s->fo);
}

/* What a probe has found and still counts. */
static const struct probe_found *found_lately(const struct server *s,
                                              const struct config_probe *probe,
                                              struct ip4 address)
{
    const struct probe_found *found = probe_table_found(s->probes, address);
    int64_t counts_ms;

    if (found == NULL)
        return NULL;
    counts_ms = found->in_use ? IN_USE_AGAIN_MS : probe->recheck_ms;
    return s->now.ms - found->at.ms < counts_ms ? found : NULL;
}

static bool is_own_lease(const struct binding *b, struct span client)
{
    return b->state == BINDING_ACTIVE && span_equal(b->client, client);
}

bool probe_forbids(const struct server *s, const struct request *r, const struct binding *b)
{
    struct config_probe probe;
    const struct probe_found *found;

    if (s->probes == NULL || is_own_lease(b, r->names.key) ||
        !settings_of(s, r, b->address, &probe))
        return false;
    found = found_lately(s, &probe, b->address);
    return found != NULL && found->in_use;
}

/* A link that this machine is attached to; 0: behind a relay. */
static uint32_t interface_of(const struct request *r)
{
    return r->packet->giaddr.value == 0 ? r->datagram->interface : 0;
}

static bool needs_probe(const struct server *s, const struct request *r,
                        const struct binding *b, struct config_probe *probe)
{
    if (is_own_lease(b, r->names.key) || ip4_equal(b->address, r->probed) ||
        !settings_of(s, r, b->address, probe))
        return false;
    if (probe->icmp != CONFIG_FLAG_YES && interface_of(r) == 0)
        return false; /* there is no way to ask */
    return found_lately(s, probe, b->address) == NULL;
}

static void send_probe(struct server *s, const struct request *r,
                       const struct probe_waiting *waiting, const struct config_probe *probe,
                       struct effects *fx)
{
    effects_add(fx, EFFECT_PROBE)->probe =
        (struct probe){.number = waiting->number,
                       .address = waiting->address,
                       .interface = interface_of(r),
                       .icmp = probe->icmp == CONFIG_FLAG_YES,
                       .arp = probe->arp == CONFIG_FLAG_YES,
                       .wait_ms = probe->wait_ms};
    s->counters.probes_sent++;
}

/* False: there is no room, or this DHCPDISCOVER has had its share. */
static bool begin_waiting(struct server *s, const struct request *r, const struct binding *b,
                          const struct config_probe *probe, struct effects *fx)
{
    struct probe_waiting *waiting = probe_table_find(s->probes, b->address);

    if (r->datagram->payload.size > PROBE_PACKET_MAX)
        return false;
    if (waiting == NULL) {
        if (r->probes >= PROBES_PER_DISCOVER)
            return false;
        waiting =
            probe_table_add(s->probes, b->address, instant_add_ms(s->now, probe->wait_ms));
        if (waiting == NULL)
            return false;
        waiting->number = ++s->probe_number;
        waiting->version = b->version;
        waiting->probes = r->probes + 1;
        send_probe(s, r, waiting, probe, fx);
    }
    probe_table_keep(s->probes, waiting, r->datagram);
    waiting->hlen = r->packet->hlen;
    memcpy(waiting->chaddr, r->packet->chaddr, sizeof(waiting->chaddr));
    return true;
}

bool probe_holds(struct server *s, const struct request *r, struct ip4 address,
                 struct effects *fx)
{
    struct config_probe probe;
    struct binding b;

    if (s->probes == NULL)
        return false;
    b = lease_table_binding(s->leases, address);
    if (!needs_probe(s, r, &b, &probe))
        return false;
    if (EXPLAINS(s)) {
        EXPLAIN(s, "probe", IP(s, address),
                "looked for on the network first, for %lld ms: "
                "what follows holds when no machine answers",
                (long long)probe.wait_ms);
        s->explain->probes = true;
        return false;
    }
    /* An address that was not probed is not offered: the client asks again. */
    if (!begin_waiting(s, r, &b, &probe, fx)) {
        s->counters.probes_dropped++;
        return true;
    }
    lease_table_offer(s->leases, address, r->names.key,
                      instant_add_ms(s->now, s->config->offer_hold_ms));
    limits_note_offer(s, r, address);
    return true;
}

/* ---- what was found ---- */

static bool still_offered(struct server *s, struct ip4 address, struct span client)
{
    struct lease_offer offer;

    return lease_table_offer_at(s->leases, address, s->now, &offer) &&
           span_equal(offer.client, client);
}

/* A DHCPDISCOVER that waited, as if it came now. */
struct recalled {
    bool good; /* false: it means nothing any more */
    struct request request;
    struct datagram datagram;
    char interface_name[PROBE_NAME_SIZE];
    uint8_t payload[PROBE_PACKET_MAX];
};

static void recall(struct server *s, const struct probe_waiting *waiting, struct recalled *out)
{
    memset(&out->request, 0, sizeof(out->request));
    out->datagram = waiting->datagram;
    out->datagram.payload.data = out->payload; /* where it was the next may be written */
    memcpy(out->interface_name, waiting->interface_name, sizeof(out->interface_name));
    if (out->interface_name[0] != '\0')
        out->datagram.interface_name = out->interface_name;
    memcpy(out->payload, waiting->datagram.payload.data, waiting->datagram.payload.size);
    out->good = dhcp4_decode(out->datagram.payload, &s->scratch, &s->packet) == DHCP4_DECODED &&
                select_request(s, &out->datagram, &out->request);
    out->request.probes = waiting->probes;
    /* Else it has had its answer, or has gone to another server. */
    out->good = out->good && still_offered(s, waiting->address, out->request.names.key);
}

/* `address` is good for it, 0: none is known to be. */
static void resume(struct server *s, struct recalled *recalled, struct ip4 address,
                   struct effects *fx)
{
    const struct policy policy = policy_of(s);

    recalled->request.probed = address;
    if (!recalled->good || s->store_failed || !policy_serves(&policy))
        return;
    if (recalled->request.packet->type == DHCP4_NONE)
        handle_bootp(s, &recalled->request, fx);
    else
        handle_discover(s, &recalled->request, fx);
}

/* May nobody but a stranger have the address?  Then it may be taken out of use, by the rule by
 * which it could be given to any new client. */
static bool may_abandon(struct server *s, const struct binding *b)
{
    const struct policy policy = policy_of(s);

    if (b->state != BINDING_FREE || s->store_failed || !policy_may_write(&policy, b))
        return false;
    if (policy.state == FO_PARTNER_DOWN && b->owner != s->self)
        return policy.partner_down_wait_over && policy_ended(&policy, b);
    return s->alone || persist_freeing_acked(s, b, lease_seq(s, b->address));
}

static void abandon(struct server *s, const struct binding *found)
{
    struct binding b = *found;

    /* As a lease of an own address it can be taken back while the partner does not know. */
    b.unsent = b.unsent || (s->fo.state == FO_INTERRUPTED && b.owner == s->self);
    b.state = BINDING_ABANDONED;
    b.term = s->alone ? 0 : s->fo.record.term;
    b.cltt = s->now;
    b.expires = instant_later(b.expires, instant_add_ms(s->now, s->config->abandon_ms));
    persist_own(s, &b);
    lease_table_offer_end(s->leases, b.address);
}

static void tell(const struct server *s, const struct probe_result *result, bool abandoned,
                 struct effects *fx)
{
    const struct span hardware = span_of(result->hardware, result->hlen);
    char address[IP4_TEXT_SIZE], who[3 * sizeof(result->hardware) + 1] = "";

    if (hardware.size > 0)
        hex_format(hardware, who, sizeof(who));
    if (abandoned)
        effects_event(fx, EVENT_WARNING, "address-in-use",
                      "%s is free, but %s%s answers there: not given to anyone for %lld s",
                      ip4_format(result->address, address),
                      hardware.size > 0 ? "" : "a machine", who,
                      (long long)(s->config->abandon_ms / 1000));
    else
        effects_event(fx, EVENT_WARNING, "address-in-use",
                      "%s is to be offered, but %s%s answers there: not offered by this server "
                      "for %d s, and looked for again then",
                      ip4_format(result->address, address),
                      hardware.size > 0 ? "" : "a machine", who, IN_USE_AGAIN_MS / 1000);
}

/* Who answers may be the address's last client, whose new lease this peer has not heard of. */
static bool may_be_last_client(const struct probe_result *result, const struct binding *b,
                               struct span client)
{
    return result->hlen == 0 && client.size > 0 && span_equal(b->client, client);
}

/* `version`: of the record when it was asked; `client`: for whom. */
static void found_in_use(struct server *s, const struct probe_result *result,
                         struct version version, struct span client, struct effects *fx)
{
    const struct binding b = lease_table_binding(s->leases, result->address);
    const bool abandons = version_compare(b.version, version) == 0 && may_abandon(s, &b) &&
                          !may_be_last_client(result, &b, client);

    s->counters.probes_in_use++;
    probe_table_note(s->probes,
                     &(struct probe_found){result->address, s->now, result->number, true});
    if (abandons)
        abandon(s, &b);
    tell(s, result, abandons, fx);
}

/* Does the client itself answer?  That is no other machine. */
static bool is_of_client(const struct probe_waiting *waiting, const struct probe_result *result)
{
    return result->hlen > 0 && result->hlen == waiting->hlen &&
           memcmp(result->hardware, waiting->chaddr, result->hlen) == 0;
}

static void conclude_silent(struct server *s, struct probe_waiting *waiting, struct effects *fx)
{
    const struct probe_found found = {waiting->address, s->now, waiting->number, false};
    struct recalled recalled;

    s->counters.probes_silent++;
    probe_table_note(s->probes, &found);
    recall(s, waiting, &recalled);
    probe_table_remove(s->probes, waiting);
    resume(s, &recalled, found.address, fx);
}

static void conclude_answered(struct server *s, struct probe_waiting *waiting,
                              const struct probe_result *result, struct effects *fx)
{
    const struct version version = waiting->version;
    struct recalled recalled;

    if (is_of_client(waiting, result)) {
        s->counters.probes_silent++;
        recall(s, waiting, &recalled);
        probe_table_remove(s->probes, waiting);
        resume(s, &recalled, result->address, fx);
        return;
    }
    recall(s, waiting, &recalled);
    probe_table_remove(s->probes, waiting);
    found_in_use(s, result, version, recalled.request.names.key, fx);
    if (recalled.good)
        lease_table_offer_end(s->leases, result->address);
    resume(s, &recalled, ip4(0), fx);
}

/* The address counts as free and may be on offer by now.  A client that has taken the offer may
 * be the one that answers. */
static void hear_late(struct server *s, const struct probe_result *result, struct effects *fx)
{
    const struct probe_found *found = probe_table_found(s->probes, result->address);
    const struct binding b = lease_table_binding(s->leases, result->address);
    struct lease_offer offer;

    if (result->outcome != PROBE_ANSWERED || found == NULL || found->number != result->number ||
        found->in_use || !lease_table_offer_at(s->leases, result->address, s->now, &offer))
        return;
    found_in_use(s, result, b.version, offer.client, fx);
    lease_table_offer_end(s->leases, result->address);
}

void server_probe_result(struct server *s, struct instant now,
                         const struct probe_result *result, struct effects *fx)
{
    struct probe_waiting *waiting;

    ASSERT(s->probes != NULL && result->hlen <= sizeof(result->hardware));
    server_advance(s, now, fx);
    waiting = probe_table_find(s->probes, result->address);
    if (waiting == NULL || waiting->number != result->number) {
        hear_late(s, result, fx);
        return;
    }
    switch (result->outcome) {
    case PROBE_ANSWERED:
        conclude_answered(s, waiting, result, fx);
        break;
    case PROBE_NO_WAY:
        conclude_silent(s, waiting, fx);
        break;
    case PROBE_NOT_SENT:
        s->counters.probes_dropped++;
        probe_table_remove(s->probes, waiting);
        lease_table_offer_end(s->leases, result->address);
        break;
    }
}

void probe_tick(struct server *s, struct effects *fx)
{
    struct probe_waiting *due[PROBES_DUE_MAX];
    const size_t count = s->probes == NULL ? 0 : probe_table_due(s->probes, s->now, due);

    for (size_t i = 0; i < count; i++)
        conclude_silent(s, due[i], fx);
}

void server_note_probe_strays(struct server *s, size_t count)
{
    s->counters.probes_stray += count;
}
