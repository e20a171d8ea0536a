/* daemon/core/peer.c - between the failover state machine and the rest of the server: its
 * effects are carried out here, and the partner's frames given to whom they concern. */
#include "daemon/core/server_internal.h"

void peer_send(struct server *s, struct frame *frame, struct effects *fx)
{
    struct effect *effect;
    size_t capacity;
    uint8_t *bytes;

    ASSERT(s->fo.open && s->explain == NULL);
    failover_stamp(&s->fo, frame);
    capacity = frame_encoded_max(frame);
    bytes = effects_alloc(fx, capacity);
    effect = effects_add(fx, EFFECT_SEND);
    effect->bytes = span_of(bytes, frame_encode(frame, bytes, capacity));
}

/* One that has its session and number already. */
static void send_stamped(const struct frame *frame, struct effects *fx)
{
    const size_t capacity = frame_encoded_max(frame);
    uint8_t *bytes = effects_alloc(fx, capacity);
    struct effect *effect = effects_add(fx, EFFECT_SEND);

    effect->bytes = span_of(bytes, frame_encode(frame, bytes, capacity));
}

static void fill_heartbeat(struct server *s, struct frame *frame)
{
    const size_t pools = s->config->pool_count;
    const size_t count = pools < FRAME_POOLS_MAX ? pools : FRAME_POOLS_MAX;

    frame->type = FRAME_HEARTBEAT;
    frame->heartbeat.state = s->fo.state;
    frame->heartbeat.term = s->fo.record.term;
    frame->heartbeat.durable_seq = s->progress.durable_seq;
    frame->heartbeat.clock = s->now;
    frame->heartbeat.mclt_ms = s->config->pair.mclt_ms;
    frame->heartbeat.digest = lease_table_digest(s->leases);
    frame->heartbeat.pool_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct config_pool *pool = &s->config->pools[(s->heartbeat_pool + i) % pools];

        frame->heartbeat.pools[i] =
            (struct pool_free){pool->range.first, pool->range.last,
                               lease_table_pool_counts(s->leases, pool).free[s->self]};
    }
    if (pools > 0)
        s->heartbeat_pool = (s->heartbeat_pool + count) % pools;
}

static void entered_state(struct server *s)
{
    if (s->fo.state == FO_NORMAL || s->fo.state == FO_PARTNER_DOWN)
        upkeep_set_aside(s);
}

void peer_run(struct server *s, struct effects *fx)
{
    for (size_t i = 0; i < s->fo_fx.count; i++) {
        struct fo_effect *do_ = &s->fo_fx.items[i];

        switch (do_->type) {
        case FO_DO_PERSIST:
            persist_pair(s, do_->number);
            break;
        case FO_DO_SEND:
            send_stamped(&do_->frame, fx);
            break;
        case FO_DO_HEARTBEAT:
            fill_heartbeat(s, &do_->frame);
            send_stamped(&do_->frame, fx);
            break;
        case FO_DO_RESET_LINK:
            effects_add(fx, EFFECT_LINK_RESET);
            break;
        case FO_DO_EVENT:
            effects_event(fx, (enum event_severity)do_->event.severity, do_->event.name, "%s",
                          do_->event.text);
            break;
        case FO_DO_SESSION_OPEN:
            stream_begin(s, &do_->sync);
            runtime_session_begin(s);
            break;
        case FO_DO_SESSION_END:
            stream_end(s);
            claim_drop_all(s);
            memset(s->partner_free_known, 0, s->config->pool_count * sizeof(bool));
            s->partner_digest_known = false;
            break;
        case FO_DO_STATE:
            entered_state(s);
            break;
        case FO_DO_TRUST:
            stream_trust(s);
            break;
        }
    }
    s->fo_fx.count = 0;
}

static void hear_heartbeat(struct server *s, const struct frame *frame)
{
    s->partner_durable_seq = frame->heartbeat.durable_seq;
    /* Two digests say something of each other only while nothing is on its way. */
    s->partner_digest = frame->heartbeat.digest;
    s->partner_digest_against = lease_table_digest(s->leases);
    s->partner_digest_known =
        frame->heartbeat.durable_seq == s->applied.seq && s->stream.acked_seq == s->stream.seq;
    for (size_t i = 0; i < frame->heartbeat.pool_count; i++) {
        const struct pool_free *theirs = &frame->heartbeat.pools[i];
        const struct config_pool *pool = config_pool_of(s->config, theirs->first);

        if (pool != NULL && ip4_equal(pool->range.last, theirs->last)) {
            s->partner_free[pool->index] = theirs->free;
            s->partner_free_known[pool->index] = true;
        }
    }
}

static void hear_stream(struct server *s, const struct frame *frame, struct effects *fx)
{
    switch (frame->type) {
    case FRAME_UPDATE:
        update_receive(s, frame, fx);
        break;
    case FRAME_ACK:
        stream_ack_heard(s, frame->ack.last_seq, frame->ack.number);
        break;
    case FRAME_SYNC_END:
        update_sync_end(s, frame);
        break;
    case FRAME_NAK:
        nak_heard(s, frame);
        break;
    case FRAME_CLAIM:
        claim_heard(s, frame, fx);
        break;
    case FRAME_CLAIM_REPLY:
        claim_reply_heard(s, frame);
        break;
    case FRAME_HEARTBEAT:
        hear_heartbeat(s, frame);
        break;
    case FRAME_RESERVATIONS:
        runtime_heard(s, frame, fx);
        break;
    case FRAME_RESERVATIONS_ACK:
        runtime_ack_heard(s, frame->reservations.number);
        break;
    case FRAME_HANDOVER:
        failover_handed_to(&s->fo, s->now, s->applied.seq >= frame->mark.last_seq, &s->fo_fx);
        break;
    case FRAME_HELLO:
    case FRAME_HELLO_ACK:
    case FRAME_READY:
    case FRAME_STATE:
    case FRAME_GOODBYE:
    case FRAME_CONFIG_PARTS:
        break; /* the failover's own */
    }
}

void peer_frame(struct server *s, struct span bytes, struct effects *fx)
{
    struct frame frame;

    if (frame_decode(bytes, s->arena, FRAME_ARENA_SIZE, &frame) != TD_OK) {
        s->counters.partner_frames_bad++;
        failover_bad_frame(&s->fo, s->now, &s->fo_fx);
        peer_run(s, fx);
        return;
    }
    if (failover_receive(&s->fo, s->now, &frame, &s->fo_fx) == FO_FRAME_STREAM) {
        peer_run(s, fx);
        hear_stream(s, &frame, fx);
    }
    peer_run(s, fx);
}

bool server_partner_free(const struct server *s, const struct config_pool *pool, uint64_t *free)
{
    if (s->alone || !s->partner_free_known[pool->index])
        return false;
    *free = s->partner_free[pool->index];
    return true;
}
