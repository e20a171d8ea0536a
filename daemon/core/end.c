/* daemon/core/end.c - DHCPRELEASE and DHCPDECLINE: the client gives an address up (RFC
 * 2131 4.3.3, 4.3.4). */
#include "daemon/core/server_internal.h"

#define ENDED_WINDOW_MS 600000

/* Only the record's own client, naming a server of this pair, and only once for one xid. */
static bool counts(struct server *s, const struct request *r, const struct binding *b)
{
    const struct dhcp4_packet *p = r->packet;

    if (!dhcp4_has(p, OPTION_SERVER_IDENTIFIER) ||
        !select_is_pair_identifier(s, r, dhcp4_option_ip4(p, OPTION_SERVER_IDENTIFIER))) {
        CONCLUDE(s, EXPLAIN_SILENT, "it names no server of this pair");
        return false;
    }
    if ((b->state != BINDING_ACTIVE && b->state != BINDING_RELEASED) ||
        !span_equal(b->client, r->names.key)) {
        CONCLUDE(s, EXPLAIN_SILENT, "%s is not this client's", IP(s, b->address));
        return false;
    }
    if (request_noted(s, RECENT_ENDED, r->names.key, p->xid, ENDED_WINDOW_MS) > 1) {
        s->counters.duplicate++;
        CONCLUDE(s, EXPLAIN_SILENT, "seen before");
        return false;
    }
    return true;
}

void end_write(struct server *s, const struct binding *current, enum claim_operation operation)
{
    struct binding b = *current;

    b.term = s->alone ? 0 : s->fo.record.term;
    b.cltt = s->now;
    if (operation == CLAIM_RELEASE) {
        b.state = BINDING_RELEASED;
    } else {
        b.state = BINDING_ABANDONED;
        b.expires = instant_later(b.expires, instant_add_ms(s->now, s->config->abandon_ms));
    }
    persist_own(s, &b);
    lease_table_offer_end(s->leases, b.address);
}

static void end(struct server *s, struct request *r, struct ip4 address,
                enum claim_operation operation, struct effects *fx)
{
    const struct policy policy = policy_of(s);
    const struct binding b = lease_table_binding(s->leases, address);
    const struct ip4 server = dhcp4_option_ip4(r->packet, OPTION_SERVER_IDENTIFIER);

    if (!policy_serves(&policy)) {
        refuse_to_serve(s);
        return;
    }
    if (!counts(s, r, &b))
        return;
    if (operation == CLAIM_RELEASE && b.state == BINDING_RELEASED) {
        CONCLUDE(s, EXPLAIN_SILENT, "it is released already");
        return;
    }
    if (EXPLAINS(s) && policy_may_end(&policy, &b)) {
        CONCLUDE(s, EXPLAIN_ENDS, "%s is %s", IP(s, address),
                 operation == CLAIM_RELEASE ? "free again" : "set aside: it is in use");
    } else if (policy_may_end(&policy, &b)) {
        end_write(s, &b, operation);
        if (operation == CLAIM_DECLINE) {
            char text[IP4_TEXT_SIZE];

            effects_event(fx, EVENT_WARNING, "address-declined",
                          "%s was declined by its client, which found it in use: not given to "
                          "anyone for %lld s",
                          ip4_format(address, text), (long long)(s->config->abandon_ms / 1000));
        }
    } else if (r->unicast || select_is_own_identifier(s, r, server)) {
        claim_begin(s, r, operation, address, fx);
    } else {
        CONCLUDE(s, EXPLAIN_PARTNER, "the partner owns %s", IP(s, address));
        s->counters.left_to_partner++; /* its owner hears the broadcast too */
    }
}

void handle_release(struct server *s, struct request *r, struct effects *fx)
{
    end(s, r, r->packet->ciaddr, CLAIM_RELEASE, fx);
}

void handle_decline(struct server *s, struct request *r, struct effects *fx)
{
    end(s, r, dhcp4_option_ip4(r->packet, OPTION_REQUESTED_ADDRESS), CLAIM_DECLINE, fx);
}
