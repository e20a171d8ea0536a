/* daemon/core/bootp.c - BOOTP clients (RFC 951, 1534): a request without a message type.
 *
 * Such a client keeps its address for ever and says nothing more.  A reserved address needs no
 * lease: the record sets it aside on both peers.  Any other needs one without end, told only
 * when the partner has acked it. */
#include "daemon/core/server_internal.h"

/* Is the address known, here and at the partner, to be kept from everyone else? */
static bool is_kept_for(struct server *s, const struct request *r, const struct binding *b)
{
    return b->reserved.size > 0 && span_equal(b->reserved, r->reservation->key) &&
           !held_by_other(s, r, b) && b->state != BINDING_ABANDONED &&
           (s->alone || lease_seq(s, b->address) <= s->stream.acked_seq);
}

/* An address without a lease can only be that of one machine: whoever else stands at a place
 * would get it too. */
static bool has_own_address(const struct request *r)
{
    return reservation_address(r).value != 0 &&
           (span_equal(r->reservation->key, r->names.key) ||
            span_equal(r->reservation->key, r->names.hardware_key));
}

static void answer_reserved(struct server *s, const struct request *r, struct effects *fx)
{
    const struct ip4 address = r->reservation->address;
    const struct binding b = lease_table_binding(s->leases, address);
    uint8_t packet[DHCP4_MAX_SIZE];
    struct reply reply;

    if (!select_configured_for(s, r, address)) {
        s->counters.not_admitted++;
        CONCLUDE(s, EXPLAIN_SILENT, NOT_ADMITTED);
        return;
    }
    if (!answer_is_mine(s, r, &b))
        return;
    if (!is_kept_for(s, r, &b)) {
        s->counters.bootp_withheld++;
        CONCLUDE(s, EXPLAIN_SILENT, "%s is not known here and at the partner to be kept for it",
                 IP(s, address));
        return;
    }
    CONCLUDE(s, EXPLAIN_ACKS, "BOOTP: %s is reserved for it", IP(s, address));
    reply_bootp(s, r, address, &reply, packet);
    reply_send(s, &reply, DHCP4_NONE, fx);
}

/* Is the record its lease without end, which the partner holds already? */
static bool is_acked_lease(struct server *s, const struct request *r, const struct binding *b)
{
    const struct lease *lease = lease_table_find(s->leases, b->address);
    const struct policy policy = policy_of(s);
    const int64_t forever = lease_ms_of(s, CONFIG_INFINITE);

    return lease != NULL && b->state == BINDING_ACTIVE && span_equal(b->client, r->names.key) &&
           instant_is_never(b->expires) &&
           policy_promise_ms(&policy, forever, persist_acked(s, lease)) == forever;
}

static void answer_any(struct server *s, const struct request *r, struct effects *fx)
{
    struct ip4 address;
    struct binding b;
    bool acked, told;

    switch (choose_address(s, r, &address)) {
    case CHOICE_PARTNERS:
        return;
    case CHOICE_NONE:
        s->counters.no_free_address++;
        CONCLUDE(s, EXPLAIN_SILENT, NO_FREE_ADDRESS);
        return;
    case CHOICE_DENIED:
        s->counters.not_admitted++;
        CONCLUDE(s, EXPLAIN_SILENT, NOT_ADMITTED);
        return;
    case CHOICE_FOUND:
        break;
    }
    b = lease_table_binding(s->leases, address);
    acked = is_acked_lease(s, r, &b);
    /* A record that could not be told would only be lost to others. */
    told = acked || s->alone || s->fo.state == FO_NORMAL;
    if (acked && early_is_sole_writer(s, &b)) {
        ack_hold_as_is(s, r, address, CONFIG_INFINITE);
    } else if (!told || !may_bind(s, &b, &r->names) || !limits_allow(s, r, address, fx)) {
        s->counters.bootp_withheld++;
        CONCLUDE(s, EXPLAIN_SILENT, "BOOTP: %s cannot be given without end now",
                 IP(s, address));
    } else if (!probe_holds(s, r, address, fx)) {
        bind_address_for(s, r, address, CONFIG_INFINITE);
    }
}

void handle_bootp(struct server *s, struct request *r, struct effects *fx)
{
    const enum config_bootp mode = r->subnet->effective->care.bootp;
    const struct policy policy = policy_of(s);

    if (!policy_serves(&policy))
        refuse_to_serve(s);
    else if (has_own_address(r) && mode != CONFIG_BOOTP_NONE)
        answer_reserved(s, r, fx);
    else if (mode == CONFIG_BOOTP_DYNAMIC)
        answer_any(s, r, fx);
    else {
        s->counters.bootp_refused++;
        CONCLUDE(s, EXPLAIN_SILENT, "BOOTP, without a reservation, is not served here");
    }
}
