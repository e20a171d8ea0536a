/* daemon/core/send.c - the own stream: what the partner lacks, in order of seq, each record
 * after it is durable here (README of ha/, section 3). */
#include <stdlib.h>

#include "daemon/core/server_internal.h"

#define FRAME_BYTES    (FRAME_SIZE_MAX - ((size_t)64 << 10))
#define WALK_LOOKS_MAX 16384 /* entries looked at for one frame of a walk */
#define FRAMES_AT_ONCE 2     /* more are sent when these are acked: clients wait meanwhile */

/* The bindings of one BindingUpdate in the making. */
struct collection {
    size_t count, bytes;
    struct binding bindings[FRAME_BINDINGS_MAX];
};

static bool collect(struct collection *c, const struct lease *lease)
{
    const struct binding record = lease_binding_of(lease), *b = &record;
    const size_t size = binding_encoded_max(b) + 8;

    if (c->count == FRAME_BINDINGS_MAX || c->bytes + size > FRAME_BYTES)
        return false;
    c->bindings[c->count++] = *b;
    c->bytes += size;
    return true;
}

/* `reached`: all own writes up to there have been sent or replaced.  What it stands for is only
 * told as far as no crash could bring a replaced write back. */
static void send_update(struct server *s, const struct collection *c, uint64_t reached,
                        struct effects *fx)
{
    const uint64_t closable = persist_closable_seq(s);
    struct frame frame = {.type = FRAME_UPDATE};

    if (reached > closable)
        reached = closable;
    if (reached > s->stream.told_seq)
        s->stream.told_seq = reached;
    frame.update.last_seq = s->stream.told_seq;
    frame.update.number = ++s->stream.number;
    frame.update.count = c->count;
    frame.update.bindings = c->bindings;
    peer_send(s, &frame, fx);
}

/* A partner that lost what it had acked may meet clients to whom the address was given up in
 * its name: until it knows better again, the last client holds what it was promised. */
static void revive_unacked(struct server *s)
{
    const struct policy policy = policy_of(s);
    struct lease_walk walk;
    const struct lease *lease;

    /* As they lie in memory, milliseconds a million: there may be as many unacked ones, and to
     * follow their own order takes many times as long. */
    lease_table_walk_begin(s->leases, &walk);
    while ((lease = lease_table_walk_next(s->leases, &walk)) != NULL) {
        struct binding b;

        if (lease->seq <= s->stream.acked_seq ||
            (lease->binding.state != BINDING_FREE && lease->binding.state != BINDING_RELEASED))
            continue;
        b = lease_binding_of(lease);
        if (b.client.size > 0 && (b.reserved.size == 0 || reservation_names_holder(s, &b)) &&
            !policy_ended(&policy, &b)) {
            b.state = BINDING_ACTIVE;
            persist_own(s, &b);
        }
    }
}

void stream_begin(struct server *s, const struct fo_sync *sync)
{
    struct stream *st = &s->stream;

    stream_end(s);
    persist_clear_unsent(s);
    if (sync->forget_applied) {
        s->applied = (struct applied_record){s->fo.partner.store_id, 0, 0};
        persist_applied(s, &s->applied);
    }
    st->number = st->acked_number = 0;
    st->last_sent = NULL;
    st->sent_seq = st->told_seq = st->pending_ack = sync->whole ? 0 : sync->after;
    st->all_unseen = sync->partner_set_back;
    if (sync->set_back && sync->after > st->acked_seq)
        st->acked_seq = sync->after;
    if (sync->partner_lost) {
        st->trust = false;
        st->generation++;
        revive_unacked(s);
    }
    if (sync->whole) {
        st->walking = true;
        st->walk_seq = persist_closable_seq(s);
        lease_table_walk_begin(s->leases, &st->walk);
    }
}

void stream_end(struct server *s)
{
    struct stream *st = &s->stream;

    st->walking = false;
    st->all_unseen = false;
    st->ack_owed = false;
    st->owed_after = 0;
    st->owed_count = 0;
}

void stream_trust(struct server *s)
{
    struct stream *st = &s->stream;

    st->trust = true;
    st->all_unseen = false;
    if (st->pending_ack > st->acked_seq)
        st->acked_seq = st->pending_ack;
}

void stream_ack_heard(struct server *s, uint64_t last_seq, uint64_t number)
{
    struct stream *st = &s->stream;

    if (number > st->number || last_seq > st->told_seq) {
        failover_abandon_session(&s->fo, s->now, "the partner acked what it was never sent",
                                 &s->fo_fx);
        return;
    }
    if (number > st->acked_number)
        st->acked_number = number;
    if (last_seq > st->pending_ack)
        st->pending_ack = last_seq;
    if (s->fo.trusted && st->pending_ack > st->acked_seq)
        st->acked_seq = st->pending_ack;
}

static bool window_is_open(const struct server *s)
{
    return s->stream.number - s->stream.acked_number < UPDATES_IN_FLIGHT;
}

/* Is it worth sending?  Placeholders of offers have never been written. */
static bool is_sendable(const struct server *s, const struct lease *lease)
{
    return lease->binding.version_ms != 0 && lease->seq <= s->progress.durable_seq;
}

static void send_walk_frame(struct server *s, struct effects *fx)
{
    struct stream *st = &s->stream;
    struct collection c;
    bool more = true;

    c.count = c.bytes = 0;
    for (size_t looks = 0; more && looks < WALK_LOOKS_MAX && c.count < FRAME_BINDINGS_MAX &&
                           c.bytes < FRAME_BYTES / 2;
         looks++) {
        const struct lease *lease = lease_table_walk_next(s->leases, &st->walk);

        more = lease != NULL;
        /* What is not durable yet has a seq after walk_seq and comes in its turn. */
        if (more && is_sendable(s, lease) && !collect(&c, lease))
            UNREACHABLE("half a frame is left for one binding");
    }
    if (more) {
        send_update(s, &c, s->stream.told_seq, fx);
        return;
    }
    st->walking = false;
    st->sent_seq = st->walk_seq;
    send_update(s, &c, st->walk_seq, fx);
}

static struct lease *next_to_send(struct server *s)
{
    struct stream *st = &s->stream;

    if (st->last_sent != NULL && st->last_sent->seq == st->sent_seq)
        return lease_table_next_own(s->leases, st->last_sent);
    return lease_table_first_own_after(s->leases, st->sent_seq);
}

static bool has_own_to_send(const struct server *s)
{
    return s->stream.sent_seq < s->progress.durable_seq ||
           s->stream.told_seq < persist_closable_seq(s);
}

static struct instant own_due(const struct server *s)
{
    const struct stream *st = &s->stream;
    /* At least one, the gap that replaced writes leave. */
    const uint64_t waiting = s->progress.durable_seq - st->sent_seq + 1;

    /* An answer, an ack or the end of the sync stands behind them. */
    if (s->granted_count > 0 || st->ack_owed || !s->fo.sync_sent || s->fo.handing_over)
        return s->now;
    return pace_due(&s->pace, s->now, waiting);
}

bool stream_gathers(const struct server *s, struct instant *until)
{
    if (s->alone || !failover_may_send(&s->fo) || !has_own_to_send(s))
        return false;
    *until = own_due(s);
    return instant_before(s->now, *until);
}

/* False when there is nothing to send. */
static bool send_own_frame(struct server *s, struct effects *fx)
{
    struct stream *st = &s->stream;
    struct lease *lease;
    struct collection c;

    if (!has_own_to_send(s))
        return false;
    c.count = c.bytes = 0;
    lease = next_to_send(s);
    while (lease != NULL && lease->seq <= s->progress.durable_seq && collect(&c, lease)) {
        st->last_sent = lease;
        st->sent_seq = lease->seq;
        lease = lease_table_next_own(s->leases, lease);
    }
    /* Nothing left: the gaps up to the last durable seq are closed too. */
    if (lease == NULL || lease->seq > s->progress.durable_seq) {
        st->sent_seq = s->progress.durable_seq;
    }
    send_update(s, &c, st->sent_seq, fx);
    return true;
}

static void send_ack(struct server *s, uint64_t last_seq, uint64_t number, struct effects *fx)
{
    struct frame frame = {.type = FRAME_ACK};

    frame.ack.last_seq = last_seq;
    frame.ack.number = number;
    peer_send(s, &frame, fx);
}

static bool owed_is_sent(struct server *s)
{
    struct stream *st = &s->stream;

    while (st->owed_count > 0) {
        const struct lease *lease =
            lease_table_find(s->leases, ip4(st->owed[st->owed_count - 1]));

        if (lease->seq > st->sent_seq)
            return false;
        st->owed_count--;
    }
    return st->sent_seq >= st->owed_after;
}

void stream_pump(struct server *s, struct effects *fx)
{
    struct stream *st = &s->stream;

    if (s->alone || !failover_may_send(&s->fo) || !persist_is_durable(s, st->send_after))
        return;
    for (size_t i = 0; st->walking && window_is_open(s) && i < FRAMES_AT_ONCE; i++)
        send_walk_frame(s, fx);
    if (st->walking)
        return;
    if (window_is_open(s) && has_own_to_send(s) && !instant_before(s->now, own_due(s))) {
        pace_went_out(&s->pace, s->now);
        for (size_t i = 0; window_is_open(s) && i < FRAMES_AT_ONCE; i++) {
            if (!send_own_frame(s, fx))
                break;
        }
    }
    if (st->ack_owed && owed_is_sent(s)) {
        st->ack_owed = false;
        send_ack(s, st->owed_last_seq, st->owed_number, fx);
    }
    claim_answer_sent(s, fx);
    if (!s->fo.sync_sent && st->told_seq >= s->progress.durable_seq) {
        struct frame frame = {.type = FRAME_SYNC_END};

        frame.mark.last_seq = st->told_seq;
        peer_send(s, &frame, fx);
        failover_sync_sent(&s->fo, s->now, &s->fo_fx);
        peer_run(s, fx);
    }
    if (s->fo.handing_over && st->told_seq == st->seq && !st->ack_owed && !s->in_flight &&
        s->batches[s->filling].count == 0) {
        failover_flushed(&s->fo, s->now, &s->fo_fx);
        peer_run(s, fx);
    }
}

/* Counter-writes that the stream has not reached yet overtake it, outside the in-flight limit,
 * and come once more in their turn. */
static void send_counters(struct server *s, const struct batch_meta *meta, struct effects *fx)
{
    struct collection c;

    c.count = c.bytes = 0;
    for (size_t i = 0; i < meta->counter_count; i++) {
        const struct lease *lease = lease_table_find(s->leases, ip4(meta->counters[i]));

        ASSERT(lease != NULL);
        if (lease->seq <= s->stream.sent_seq || lease->seq > s->progress.durable_seq)
            continue;
        if (!collect(&c, lease)) {
            send_update(s, &c, s->stream.told_seq, fx);
            c.count = c.bytes = 0;
            if (!collect(&c, lease))
                UNREACHABLE("an empty frame holds one binding");
        }
    }
    if (c.count > 0)
        send_update(s, &c, s->stream.told_seq, fx);
}

/* The counter-writes of a batch that cannot be told now: nothing may be sent, or a write that
 * is not durable yet has replaced them.  That their seq is passed over would not be enough. */
static void owe_counters(struct server *s, const struct batch_meta *meta, bool may_send)
{
    struct stream *st = &s->stream;

    if (st->owed_capacity - st->owed_count < meta->counter_count) {
        st->owed_capacity = 2 * st->owed_capacity + COUNTER_WRITES_MAX;
        st->owed = realloc(st->owed, st->owed_capacity * sizeof(st->owed[0]));
        ASSERT(st->owed != NULL);
    }
    for (size_t i = 0; i < meta->counter_count; i++) {
        const struct lease *lease = lease_table_find(s->leases, ip4(meta->counters[i]));

        ASSERT(lease != NULL);
        if (!may_send || lease->seq > s->progress.durable_seq)
            st->owed[st->owed_count++] = meta->counters[i];
    }
}

void stream_ack_batch(struct server *s, const struct batch_meta *meta, struct effects *fx)
{
    struct stream *st = &s->stream;
    const bool may_send =
        failover_may_send(&s->fo) && !st->walking && persist_is_durable(s, st->send_after);

    if (!meta->ack_due || !s->fo.open || meta->session != s->fo.session)
        return;
    if (may_send)
        send_counters(s, meta, fx);
    else
        st->owed_after = st->seq;
    owe_counters(s, meta, may_send);
    st->ack_owed = !owed_is_sent(s);
    if (!st->ack_owed) {
        send_ack(s, meta->ack_last_seq, meta->ack_number, fx);
        return;
    }
    /* The partner may go on sending; what we made of its records it learns before the ack of
     * them. */
    st->owed_last_seq = meta->ack_last_seq;
    st->owed_number = meta->ack_number;
    send_ack(s, 0, meta->ack_number, fx);
}
