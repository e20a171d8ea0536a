/* proto/frame_decode.c - bytes of the partner to frames.
 *
 * The bytes are not trusted: every field is checked for its range here, so that what leaves
 * this file can be used as it is. */
#include "proto/frame.h"

#include "failover.pb-c.h"
#include "proto/binding_message.h"
#include "proto/frame_internal.h"

/* protobuf text is NUL-terminated by protobuf-c; what is longer than ours is cut. */
static void copy_text(char out[static FRAME_TEXT_MAX], const char *text)
{
    size_t size = text == NULL ? 0 : strnlen(text, FRAME_TEXT_MAX - 1);

    if (size > 0)
        memcpy(out, text, size);
    out[size] = '\0';
}

static bool hello_from(const Twindhcp__Hello *m, struct hello *h)
{
    if (m->role > ROLE_SECONDARY || !time_is_sane(m->state_since_ms) ||
        !time_is_sane(m->clock_ms) || !time_is_sane(m->mclt_ms) || m->mclt_ms == 0 ||
        !time_is_sane(m->mclt_wait_ms))
        return false;
    h->protocol = m->protocol;
    copy_text(h->pair, m->pair);
    h->role = (enum role)m->role;
    h->nonce = m->nonce;
    h->answers_nonce = m->answers_nonce;
    h->store_id = m->store_id;
    h->store_new = m->store_new;
    h->seq = m->seq;
    h->applied_store_id = m->applied_store_id;
    h->applied_incarnation = m->applied_incarnation;
    h->applied_seq = m->applied_seq;
    h->state = m->state;
    h->starting = m->starting;
    h->state_since = instant_ms(m->state_since_ms);
    h->term = m->term;
    h->clock = instant_ms(m->clock_ms);
    h->mclt_ms = m->mclt_ms;
    h->mclt_wait_ms = m->mclt_wait_ms;
    h->restored = m->restored;
    if (m->digests != NULL) {
        h->digests.pair = m->digests->pair;
        h->digests.part[PART_SUBNETS] = m->digests->subnets;
        h->digests.part[PART_POOLS] = m->digests->pools;
        h->digests.part[PART_RESERVATIONS] = m->digests->reservations;
        h->digests.part[PART_OPTIONS] = m->digests->options;
    }
    return chain_from(m->n_chain, m->chain, h->chain, &h->chain_count) &&
           identifiers_from(m->n_server_identifiers, m->server_identifiers, h->identifiers,
                            &h->identifier_count);
}

static bool update_from(const Twindhcp__BindingUpdate *m, struct message_arena *arena,
                        struct frame *f)
{
    struct binding *bindings;

    if (m->n_bindings > FRAME_BINDINGS_MAX)
        return false;
    bindings = message_arena_take(arena, (m->n_bindings + 1) * sizeof(*bindings));
    if (bindings == NULL)
        return false;
    for (size_t i = 0; i < m->n_bindings; i++) {
        if (binding_from_message(m->bindings[i], &bindings[i]) != TD_OK)
            return false;
        bindings[i].unsent = false;
    }
    f->update.last_seq = m->last_seq;
    f->update.number = m->number;
    f->update.count = m->n_bindings;
    f->update.bindings = bindings;
    return true;
}

static bool heartbeat_from(const Twindhcp__Heartbeat *m, struct frame *f)
{
    if (m->n_pools > FRAME_POOLS_MAX || !time_is_sane(m->clock_ms) ||
        !time_is_sane(m->mclt_ms) || m->mclt_ms == 0)
        return false;
    f->heartbeat.state = m->state;
    f->heartbeat.term = m->term;
    f->heartbeat.durable_seq = m->durable_seq;
    f->heartbeat.clock = instant_ms(m->clock_ms);
    f->heartbeat.mclt_ms = m->mclt_ms;
    f->heartbeat.digest = m->digest;
    f->heartbeat.pool_count = m->n_pools;
    for (size_t i = 0; i < m->n_pools; i++)
        f->heartbeat.pools[i] = (struct pool_free){ip4(m->pools[i]->first),
                                                   ip4(m->pools[i]->last), m->pools[i]->free};
    return true;
}

static bool claim_from(const Twindhcp__Claim *m, struct frame *f)
{
    if (m->operation < CLAIM_EXTEND || m->operation > CLAIM_DECLINE || m->binding == NULL ||
        m->version_writer > ROLE_SECONDARY || !time_is_sane((int64_t)m->version_ms) ||
        !time_is_sane((int64_t)m->lease_ms) || m->flex_id.len > FLEX_ID_MAX)
        return false;
    f->claim.id = m->id;
    f->claim.operation = (enum claim_operation)m->operation;
    f->claim.version = (struct version){(int64_t)m->version_ms, m->version_counter,
                                        (enum role)m->version_writer};
    f->claim.lease_ms = (int64_t)m->lease_ms;
    f->claim.flex_id = span_of(m->flex_id.data, m->flex_id.len);
    return binding_from_message(m->binding, &f->claim.binding) == TD_OK;
}

static bool nak_from(const Twindhcp__NakNotice *m, struct frame *f)
{
    if (m->client.len > 256 || !time_is_sane(m->when_ms))
        return false;
    f->nak.client = span_of(m->client.data, m->client.len);
    f->nak.address = ip4(m->address);
    f->nak.reason = m->reason;
    f->nak.xid = m->xid;
    f->nak.when = instant_ms(m->when_ms);
    return true;
}

static bool parts_from(const Twindhcp__ConfigParts *m, struct message_arena *arena,
                       struct frame *f)
{
    struct subnet_digests *subnets;

    if (m->n_subnets > FRAME_SUBNETS_MAX)
        return false;
    subnets = message_arena_take(arena, (m->n_subnets + 1) * sizeof(*subnets));
    if (subnets == NULL)
        return false;
    for (size_t i = 0; i < m->n_subnets; i++) {
        const Twindhcp__SubnetDigests *d = m->subnets[i];

        if (d->prefix_length > 32)
            return false;
        subnets[i] =
            (struct subnet_digests){ip4(d->network),
                                    (uint8_t)d->prefix_length,
                                    {d->subnet, d->pools, d->reservations, d->options}};
    }
    f->parts.count = m->n_subnets;
    f->parts.subnets = subnets;
    f->parts.more = m->more;
    f->parts.file.part[PART_SUBNETS] = m->file_subnets;
    f->parts.file.part[PART_OPTIONS] = m->file_options;
    return true;
}

static bool reservations_from(const Twindhcp__ReservationUpdate *m, struct message_arena *arena,
                              struct frame *f)
{
    struct reservation_record *records;

    if (m->n_reservations > FRAME_RESERVATIONS_MAX)
        return false;
    records = message_arena_take(arena, (m->n_reservations + 1) * sizeof(*records));
    if (records == NULL)
        return false;
    for (size_t i = 0; i < m->n_reservations; i++) {
        if (!reservation_from_message(m->reservations[i], &records[i]))
            return false;
        for (size_t j = 0; j < i; j++) /* one of a kind, and few */
            if (span_equal(records[j].id, records[i].id))
                return false;
    }
    f->reservations.number = m->number;
    f->reservations.count = m->n_reservations;
    f->reservations.records = records;
    return true;
}

static bool message_from(const Twindhcp__Envelope *e, struct message_arena *arena,
                         struct frame *f)
{
    switch (e->message_case) {
    case TWINDHCP__ENVELOPE__MESSAGE_HELLO:
        return hello_from(e->hello, &f->hello);
    case TWINDHCP__ENVELOPE__MESSAGE_HELLO_ACK:
        f->hello_ack.set_back = e->hello_ack->set_back;
        copy_text(f->hello_ack.refused, e->hello_ack->refused);
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_UPDATE:
        return update_from(e->update, arena, f);
    case TWINDHCP__ENVELOPE__MESSAGE_ACK:
        f->ack.last_seq = e->ack->last_seq;
        f->ack.number = e->ack->number;
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_SYNC_END:
        f->mark.last_seq = e->sync_end->last_seq;
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_READY:
        f->mark.last_seq = e->ready->last_seq;
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_PEER_STATE:
        f->state.state = e->peer_state->state;
        f->state.term = e->peer_state->term;
        f->state.last_seq = e->peer_state->last_seq;
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_HEARTBEAT:
        return heartbeat_from(e->heartbeat, f);
    case TWINDHCP__ENVELOPE__MESSAGE_NAK:
        return nak_from(e->nak, f);
    case TWINDHCP__ENVELOPE__MESSAGE_CLAIM:
        return claim_from(e->claim, f);
    case TWINDHCP__ENVELOPE__MESSAGE_CLAIM_REPLY:
        f->claim_reply.id = e->claim_reply->id;
        f->claim_reply.granted = e->claim_reply->granted;
        f->claim_reply.seq = e->claim_reply->seq;
        copy_text(f->claim_reply.reason, e->claim_reply->reason);
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_HANDOVER:
        f->mark.last_seq = e->handover->last_seq;
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_GOODBYE:
        copy_text(f->goodbye.reason, e->goodbye->reason);
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE_CONFIG_PARTS:
        return parts_from(e->config_parts, arena, f);
    case TWINDHCP__ENVELOPE__MESSAGE_RESERVATIONS:
        return reservations_from(e->reservations, arena, f);
    case TWINDHCP__ENVELOPE__MESSAGE_RESERVATIONS_ACK:
        f->reservations.number = e->reservations_ack->number;
        return true;
    case TWINDHCP__ENVELOPE__MESSAGE__NOT_SET:
    case _TWINDHCP__ENVELOPE__MESSAGE__CASE_IS_INT_SIZE:
        return false;
    }
    return false;
}

enum td_err frame_decode(struct span bytes, uint8_t *arena_bytes, size_t arena_size,
                         struct frame *out)
{
    struct message_arena arena;
    const Twindhcp__Envelope *e;

    if (bytes.size > FRAME_SIZE_MAX)
        return TD_MALFORMED;
    message_arena_init(&arena, arena_bytes, arena_size);
    e = twindhcp__envelope__unpack(&arena.allocator, bytes.size, bytes.data);
    if (e == NULL)
        return TD_MALFORMED;
    memset(out, 0, sizeof(*out));
    out->session = e->session;
    out->n = e->n;
    out->type = (enum frame_type)e->message_case; /* the field numbers are the values */
    return message_from(e, &arena, out) ? TD_OK : TD_MALFORMED;
}

const char *frame_type_name(enum frame_type type)
{
    switch (type) {
    case FRAME_HELLO:
        return "Hello";
    case FRAME_HELLO_ACK:
        return "HelloAck";
    case FRAME_UPDATE:
        return "BindingUpdate";
    case FRAME_ACK:
        return "BindingAck";
    case FRAME_SYNC_END:
        return "SyncEnd";
    case FRAME_READY:
        return "Ready";
    case FRAME_STATE:
        return "PeerState";
    case FRAME_HEARTBEAT:
        return "Heartbeat";
    case FRAME_NAK:
        return "NakNotice";
    case FRAME_CLAIM:
        return "Claim";
    case FRAME_CLAIM_REPLY:
        return "ClaimReply";
    case FRAME_HANDOVER:
        return "Handover";
    case FRAME_GOODBYE:
        return "Goodbye";
    case FRAME_CONFIG_PARTS:
        return "ConfigParts";
    case FRAME_RESERVATIONS:
        return "ReservationUpdate";
    case FRAME_RESERVATIONS_ACK:
        return "ReservationAck";
    }
    return "unknown";
}
