/* daemon/core/request.c - DHCPREQUEST: SELECTING, INIT-REBOOT, RENEWING and REBINDING told
 * apart as RFC 2131 4.3.2 says, and granted, refused, handed over or left alone. */
#include "daemon/core/server_internal.h"

/* Both peers must agree on the links before either says that a client is on the wrong one. */
static bool links_agree(const struct server *s, const struct request *r, struct ip4 address)
{
    return s->alone || differences_spare_link(&s->fo.differences, r->subnet,
                                              config_subnet_of(s->config, address));
}

/* Without authority other servers may know better: nothing is said of another network, nor to
 * a client that neither has a record here nor has chosen this server. */
static bool has_authority(const struct request *r)
{
    return r->subnet->effective->care.authoritative != CONFIG_FLAG_NO;
}

static bool may_speak_up(struct server *s, const struct request *r)
{
    const struct dhcp4_packet *p = r->packet;

    return has_authority(r) ||
           (dhcp4_has(p, OPTION_SERVER_IDENTIFIER) &&
            select_is_own_identifier(s, r, dhcp4_option_ip4(p, OPTION_SERVER_IDENTIFIER))) ||
           lease_table_find_client(s->leases, r->subnet, r->names.key) != NULL;
}

static void refuse_wrong_link(struct server *s, const struct request *r, struct ip4 address,
                              struct effects *fx)
{
    const struct policy policy = policy_of(s);

    if (!policy_serves(&policy) || !answer_is_mine(s, r, NULL))
        return;
    if (links_agree(s, r, address) && has_authority(r)) {
        nak_send(s, r, address, NAK_WRONG_LINK, fx);
    } else {
        s->counters.naks_withheld++;
        CONCLUDE(s, EXPLAIN_SILENT,
                 "%s is not on the client's link, but the peers' files differ in it, or this "
                 "server is not authoritative there",
                 IP(s, address));
    }
}

static void refuse(struct server *s, const struct request *r, const struct binding *b,
                   struct effects *fx)
{
    const struct policy policy = policy_of(s);

    if ((!may_nak(s, b, &r->names) &&
         (select_configured_for(s, r, b->address) || !policy_may_write(&policy, b) ||
          policy.state == FO_INTERRUPTED)) ||
        !may_speak_up(s, r)) {
        s->counters.naks_withheld++;
        CONCLUDE(s, EXPLAIN_SILENT, "%s is not granted, and this peer may not refuse it",
                 IP(s, b->address));
        return;
    }
    nak_send(s, r, b->address, held_by_other(s, r, b) ? NAK_LEASED_TO_OTHER : NAK_NOT_AVAILABLE,
             fx);
}

/* In NORMAL, an address that the partner owns: it is asked to write for us, if it is ours to
 * answer at all. */
static bool is_for_claim(const struct server *s, const struct request *r,
                         const struct binding *b)
{
    return !s->alone && s->fo.state == FO_NORMAL && b->owner != s->self &&
           b->state != BINDING_ABANDONED &&
           (b->state == BINDING_FREE || span_equal(b->client, r->names.key));
}

/* A client in SELECTING has just been offered what it asks for. */
static bool selected_by_identifier(const struct request *r)
{
    return dhcp4_has(r->packet, OPTION_SERVER_IDENTIFIER);
}

/* Who asked this server by name is told, where that is its to decide (README of ha/, "NAK"), so
 * that it starts over; others do so by themselves. */
static bool is_over_limit(struct server *s, const struct request *r, const struct binding *b,
                          bool named, struct effects *fx)
{
    if (limits_allow(s, r, b->address, fx))
        return false;
    if (named && (s->alone || (s->fo.state == FO_NORMAL && b->owner == s->self)))
        nak_send(s, r, b->address, NAK_LIMIT, fx);
    CONCLUDE(s, EXPLAIN_SILENT, "there are as many leases as `limits` allows");
    return true;
}

/* `selected`: the client names this server, so it is ours to answer whoever owns the address.
 */
static void decide(struct server *s, const struct request *r, struct ip4 address, bool selected,
                   struct effects *fx)
{
    const struct binding b = lease_table_binding(s->leases, address);

    if (EXPLAINS(s))
        explain_may_bind(s, r, &b, "what the client asks for");
    if (!config_on_link(r->subnet, address)) {
        refuse_wrong_link(s, r, address, fx);
        return;
    }
    if (!selected_by_identifier(r) && span_equal(b.client, r->names.key) &&
        reservation_awaits(s, r, &b)) {
        nak_send(s, r, address, NAK_KEPT_ADDRESS, fx);
        return;
    }
    if (select_configured_for(s, r, address) && may_bind(s, &b, &r->names) &&
        !offered_to_other(s, address, r->names.key)) {
        if (!is_over_limit(s, r, &b, selected, fx) && !answer_early(s, r, address))
            bind_address(s, r, address);
        return;
    }
    if (!selected && !answer_is_mine(s, r, &b))
        return;
    if (select_configured_for(s, r, address) && is_for_claim(s, r, &b)) {
        if (!is_over_limit(s, r, &b, selected, fx))
            claim_begin(s, r, CLAIM_EXTEND, address, fx);
    } else {
        refuse(s, r, &b, fx);
    }
}

/* The client takes another server's offer: ours is over.  Only when that server is a partner
 * known to be down, and the client insists, is it told to start over. */
static void selected_other(struct server *s, const struct request *r, struct ip4 server,
                           struct effects *fx)
{
    struct lease_offer offer;
    const unsigned seen = request_noted(s, RECENT_REQUEST, r->names.key, r->packet->xid, 60000);

    if (!EXPLAINS(s) &&
        lease_table_offer_to(s->leases, r->subnet, r->names.key, s->now, &offer))
        lease_table_offer_end(s->leases, offer.address);
    s->counters.other_server++;
    if (!s->alone && s->fo.state == FO_PARTNER_DOWN && seen >= 2 &&
        failover_is_partner_identifier(&s->fo, server))
        nak_send(s, r, dhcp4_option_ip4(r->packet, OPTION_REQUESTED_ADDRESS), NAK_SERVER_DOWN,
                 fx);
    CONCLUDE(s, EXPLAIN_SILENT, "the client takes the offer of another server, %s",
             IP(s, server));
}

/* RFC 2131 4.3.2: of a client without a record nothing is known, so nothing is said; unless the
 * address is another's for sure. */
static void init_reboot(struct server *s, const struct request *r, struct ip4 address,
                        struct effects *fx)
{
    const struct binding b = lease_table_binding(s->leases, address);
    const bool on_link = config_on_link(r->subnet, address);

    if (on_link && !held_by_other(s, r, &b) && !span_equal(b.client, r->names.key) &&
        lease_table_find_client(s->leases, r->subnet, r->names.key) == NULL) {
        CONCLUDE(s, EXPLAIN_SILENT,
                 "a client that reboots with %s and of which nothing is known: another server "
                 "may know it",
                 IP(s, address));
        return;
    }
    decide(s, r, address, false, fx);
}

/* Does `server`, which the client names, mean this peer alone?  What a relay puts in our place
 * (RFC 5107), or a configured identifier, means both: then who has offered is meant. */
static bool is_selected(struct server *s, const struct request *r, struct ip4 server)
{
    struct lease_offer offer;

    if (select_is_own_address(s, r, server))
        return true;
    return lease_table_offer_to(s->leases, r->subnet, r->names.key, s->now, &offer);
}

void handle_request(struct server *s, struct request *r, struct effects *fx)
{
    const struct dhcp4_packet *p = r->packet;
    const struct policy policy = policy_of(s);
    const struct ip4 requested = dhcp4_option_ip4(p, OPTION_REQUESTED_ADDRESS);

    if (policy_serves_renewals_only(&policy)) {
        const struct binding b = lease_table_binding(s->leases, p->ciaddr);

        if (p->ciaddr.value != 0 && select_configured_for(s, r, p->ciaddr) &&
            b.state == BINDING_ACTIVE && may_bind(s, &b, &r->names))
            bind_address(s, r, p->ciaddr);
        else
            refuse_to_serve(s);
        return;
    }
    if (dhcp4_has(p, OPTION_SERVER_IDENTIFIER)) {
        const struct ip4 server = dhcp4_option_ip4(p, OPTION_SERVER_IDENTIFIER);

        EXPLAIN(s, "server", IP(s, server), "the server that the client names: %s",
                select_is_own_identifier(s, r, server) ? "this one" : "not this one");
        if (!select_is_own_identifier(s, r, server))
            selected_other(s, r, server, fx);
        else if (requested.value != 0 || p->ciaddr.value != 0)
            decide(s, r, requested.value != 0 ? requested : p->ciaddr,
                   is_selected(s, r, server), fx);
    } else if (p->ciaddr.value != 0) {
        decide(s, r, p->ciaddr, r->unicast, fx);
    } else if (requested.value != 0) {
        init_reboot(s, r, requested, fx);
    }
    CONCLUDE(s, EXPLAIN_SILENT, "a DHCPREQUEST that names no address");
}
