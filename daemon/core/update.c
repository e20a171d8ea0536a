/* daemon/core/update.c - the partner's stream: each record meets the own one, and the batch is
 * acked when all that came of it is durable (README of ha/, sections 3 and 4). */
#include "daemon/core/server_internal.h"

bool stream_is_unseen(const struct server *s, const struct lease *lease)
{
    return s->stream.all_unseen || lease->seq > s->stream.acked_seq;
}

static enum merge_mode mode_for(const struct server *s, const struct lease *own)
{
    if (failover_is_recovering(&s->fo) && !failover_partner_is_recovering(&s->fo))
        return MERGE_AS_SENT;
    if (own == NULL || !stream_is_unseen(s, own))
        return MERGE_SEEN;
    if (s->fo.state == FO_PARTNER_DOWN && failover_partner_is_recovering(&s->fo))
        return MERGE_SURVIVOR;
    return MERGE_UNSEEN;
}

/* The partner has dealt with this client, and the address may be under offer here no more. That
 * it freed an old lease of the client is no word of what the client asks now. */
static void note_progress(struct server *s, const struct binding *b)
{
    struct lease_offer offer;

    if (b->state == BINDING_FREE)
        return;
    recent_forget(s->recent, RECENT_ASKED, b->client, 0);
    if (lease_table_offer_at(s->leases, b->address, s->now, &offer))
        lease_table_offer_end(s->leases, b->address);
}

/* A freeing that the partner overruled is not tried again at once: each try would cost both
 * peers a write. */
static void rest_if_overruled(struct server *s, const struct binding *mine, bool unseen,
                              struct lease *lease)
{
    const struct instant again = instant_add_ms(s->now, FREE_AGAIN_MS);

    if (unseen && mine->state == BINDING_FREE && mine->client.size > 0 &&
        lease->binding.state != BINDING_FREE && instant_before(lease->binding.expires, again))
        lease_table_postpone(s->leases, lease, again);
}

static void receive_binding(struct server *s, const struct binding *received,
                            struct effects *fx)
{
    const struct lease *own = lease_table_find(s->leases, received->address);
    const struct binding mine = lease_table_binding(s->leases, received->address);
    const bool unseen = own != NULL && stream_is_unseen(s, own);
    struct batch_meta *meta = persist_meta(s);
    struct binding out;
    uint8_t names[NAMES_SIZE_MAX];
    const enum merge_mode mode = mode_for(s, own);
    struct merge_outcome outcome = merge(&mine, received, mode, &out);

    if (mine.names.size > 0 || received->names.size > 0)
        outcome = merge_names(&mine, received, mode, outcome, names, &out);
    hlc_observe(&s->hlc, received->version);
    /* After a declaration over a partner that served the terms differ, and yet two clients may
     * hold the address. */
    if (outcome.conflict || (outcome.two_holders && failover_is_resolving(&s->fo)))
        conflict_found(s, &mine, received, &out, fx);
    switch (outcome.result) {
    case MERGE_TOOK:
        rest_if_overruled(s, &mine, unseen, persist_received(s, &out));
        note_progress(s, &out);
        break;
    case MERGE_STANDS:
        if (own == NULL || own->seq == 0)
            persist_own(s, &out); /* the partner's own word, which it has lost */
        ASSERT(meta->counter_count < COUNTER_WRITES_MAX);
        meta->counters[meta->counter_count++] = out.address.value;
        break;
    case MERGE_REWRITE:
        rest_if_overruled(s, &mine, unseen, persist_own(s, &out));
        ASSERT(meta->counter_count < COUNTER_WRITES_MAX);
        meta->counters[meta->counter_count++] = out.address.value;
        break;
    case MERGE_IGNORED:
    case MERGE_KEPT:
        break;
    }
}

static void applied_to(struct server *s, uint64_t last_seq)
{
    const struct hello *partner = &s->fo.partner;
    const uint64_t incarnation = partner->chain[partner->chain_count - 1].id;

    if (s->applied.store_id != partner->store_id)
        s->applied = (struct applied_record){partner->store_id, incarnation, 0};
    if (last_seq >= s->applied.seq) {
        s->applied.incarnation = incarnation;
        s->applied.seq = last_seq;
    }
    persist_applied(s, &s->applied);
    persist_meta(s)->session = s->fo.session;
}

void update_receive(struct server *s, const struct frame *frame, struct effects *fx)
{
    struct batch_meta *meta = persist_meta(s);

    if (meta->counter_count + frame->update.count > COUNTER_WRITES_MAX) {
        /* It has more in flight than the protocol allows. */
        failover_abandon_session(&s->fo, s->now, "the partner sent too much at once",
                                 &s->fo_fx);
        return;
    }
    for (size_t i = 0; i < frame->update.count; i++)
        receive_binding(s, &frame->update.bindings[i], fx);
    applied_to(s, frame->update.last_seq);
    meta->ack_due = true;
    meta->ack_last_seq = frame->update.last_seq;
    meta->ack_number = frame->update.number;
}

void update_sync_end(struct server *s, const struct frame *frame)
{
    applied_to(s, frame->mark.last_seq);
    persist_meta(s)->sync_end = true;
}
