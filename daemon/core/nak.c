/* daemon/core/nak.c - refusing a client, telling the partner, and remembering it. */
#include "daemon/core/server_internal.h"

#define PARTNER_NAK_MS 10000

static const char *reason_text(uint32_t reason)
{
    switch ((enum nak_reason)reason) {
    case NAK_WRONG_LINK:
        return "requested address is not on this link";
    case NAK_LEASED_TO_OTHER:
        return "requested address is leased to another client";
    case NAK_NOT_AVAILABLE:
        return "requested address is not available to this client";
    case NAK_KEPT_ADDRESS:
        return "another address is reserved for this client, and free now";
    case NAK_SERVER_DOWN:
        return "the server of this offer is down";
    case NAK_LIMIT:
        return "the client has as many addresses as it may have";
    }
    return "refused";
}

static void remember(struct server *s, struct span key, struct ip4 address, uint32_t xid,
                     struct instant when, uint32_t reason, enum role by)
{
    struct nak_record *record = &s->naks[ring_add(&s->nak_ring, NAK_HISTORY)];

    *record = (struct nak_record){.when = when,
                                  .address = address,
                                  .key_size = key.size,
                                  .xid = xid,
                                  .reason = reason_text(reason),
                                  .by = by};
    ASSERT(key.size <= sizeof(record->key));
    memcpy(record->key, key.data, key.size);
}

void nak_send(struct server *s, const struct request *r, struct ip4 address,
              enum nak_reason reason, struct effects *fx)
{
    struct frame frame = {.type = FRAME_NAK};

    CONCLUDE(s, EXPLAIN_NAKS, "%s: %s", IP(s, address), reason_text(reason));
    reply_nak(s, r, reason_text(reason), fx);
    if (EXPLAINS(s))
        return;
    remember(s, r->names.key, address, r->packet->xid, s->now, reason, s->self);
    if (s->alone || !s->fo.open)
        return;
    frame.nak.client = r->names.key;
    frame.nak.address = address;
    frame.nak.reason = reason;
    frame.nak.xid = r->packet->xid;
    frame.nak.when = s->now;
    peer_send(s, &frame, fx);
}

void nak_heard(struct server *s, const struct frame *frame)
{
    if (frame->nak.client.size == 0)
        return;
    remember(s, frame->nak.client, frame->nak.address, frame->nak.xid, frame->nak.when,
             frame->nak.reason, role_other(s->self));
    recent_note(s->recent, RECENT_PARTNER_NAK, frame->nak.client, frame->nak.xid, s->now,
                PARTNER_NAK_MS);
}

size_t server_nak_history(const struct server *s, struct nak_record *out, size_t capacity)
{
    const size_t count = s->nak_ring.count < capacity ? s->nak_ring.count : capacity;

    for (size_t i = 0; i < count; i++)
        out[i] = s->naks[ring_at(&s->nak_ring, NAK_HISTORY, i)];
    return count;
}
