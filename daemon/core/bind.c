/* daemon/core/bind.c - writing a lease for a client whose request is granted. */
#include "daemon/core/server_internal.h"

struct span binding_attribute(struct span sent)
{
    return sent.size > ATTRIBUTE_SIZE_MAX ? span_of(sent.data, ATTRIBUTE_SIZE_MAX) : sent;
}

/* What the client says of itself.  What it does not say now stays as it was: a direct renewal
 * has no option 82. */
void binding_set_attributes(const struct request *r, struct binding *b)
{
    const struct dhcp4_packet *p = r->packet;

    b->htype = p->htype;
    b->hlen = p->hlen;
    memcpy(b->chaddr, p->chaddr, sizeof(b->chaddr));
    if (dhcp4_has(p, OPTION_HOST_NAME))
        b->host_name = binding_attribute(p->option[OPTION_HOST_NAME]);
    if (p->giaddr.value != 0 && dhcp4_has(p, OPTION_RELAY_AGENT_INFORMATION))
        b->relay_info = binding_attribute(p->option[OPTION_RELAY_AGENT_INFORMATION]);
    if (dhcp4_has(p, OPTION_VENDOR_CLASS_IDENTIFIER))
        b->vendor_class = binding_attribute(p->option[OPTION_VENDOR_CLASS_IDENTIFIER]);
}

void bind_address(struct server *s, const struct request *r, struct ip4 address)
{
    bind_address_for(s, r, address, select_lease_seconds(s, r, address));
}

void bind_address_for(struct server *s, const struct request *r, struct ip4 address,
                      uint32_t seconds)
{
    const struct policy policy = policy_of(s);
    struct lease *lease = lease_table_find(s->leases, address);
    struct binding b = lease != NULL ? lease_binding_of(lease) : binding_implied(address);
    const bool same = span_equal(b.client, r->names.key);
    int64_t promise = lease_ms_of(s, seconds);

    /* An own address that nobody else knows to be bound can be taken back (rewind). */
    b.unsent =
        b.unsent || (policy.state == FO_INTERRUPTED && b.state == BINDING_FREE &&
                     b.owner == s->self && persist_freeing_acked(s, &b, lease_seq(s, address)));
    if (!same) {
        b.client = r->names.key;
        b.expires = instant_ms(0);
        b.host_name = b.relay_info = b.vendor_class = span_of(NULL, 0);
    }
    /* In NORMAL the full time is written and promised once the partner has acked it. */
    if (policy.state != FO_NORMAL)
        promise = policy_promise_ms(
            &policy, promise, lease != NULL && same ? persist_acked(s, lease) : instant_ms(0));
    if (EXPLAINS(s)) {
        ack_explain(s, r, address, seconds, lease_seconds_of(s, promise));
        return;
    }
    b.state = BINDING_ACTIVE;
    b.term = s->alone ? 0 : s->fo.record.term;
    b.cltt = s->now;
    b.expires = instant_later(b.expires, lease_expires(s, promise));
    binding_set_attributes(r, &b);
    if (select_subnet(r, address)->names != NULL || b.names.size > 0)
        names_write(s, r, same, &b);
    lease = persist_own(s, &b);
    lease_table_offer_end(s->leases, address);
    ack_hold(s, r, address, seconds, lease);
}
