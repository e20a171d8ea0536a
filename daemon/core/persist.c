/* daemon/core/persist.c - writes to the store: records gather in a batch, and one batch at a
 * time is on its way to the disk.
 *
 * Keys: "b" + address (4 bytes, network order) a binding, "p" the pair's memory, "a" how far
 * the partner's stream is applied, "q" the own progress. */
#include <stdlib.h>

#include "daemon/core/server_internal.h"

/* So often the lease clock is written for want of anything else. */
#define CLOCK_KEPT_MS 1000

static void put(struct server *s, const char *key, size_t key_size, const uint8_t *value,
                size_t size)
{
    store_batch_put(&s->batches[s->filling], span_of(key, key_size), span_of(value, size));
}

struct batch_meta *persist_meta(struct server *s)
{
    return &s->metas[s->filling];
}

uint64_t persist_filling_number(const struct server *s)
{
    return s->batch_number;
}

uint64_t persist_pending_number(const struct server *s)
{
    return s->batches[s->filling].count > 0 ? s->batch_number : s->batch_number - 1;
}

static void put_lease(struct server *s, const struct lease *lease)
{
    const struct stored_binding stored = {lease_binding_of(lease), lease->seq};
    const struct binding *b = &stored.binding;
    const uint32_t a = b->address.value;
    const char key[5] = {'b', (char)(a >> 24), (char)(a >> 16), (char)(a >> 8), (char)a};
    size_t size;

    ASSERT(binding_encoded_max(b) <= ENCODED_SIZE_MAX);
    size = stored_binding_encode(&stored, s->encoded, ENCODED_SIZE_MAX);

    put(s, key, sizeof(key), s->encoded, size);
}

/* How much of what the partner acked of the old record still holds for the new one. */
static struct instant still_acked(const struct server *s, const struct lease *old,
                                  const struct binding *b)
{
    if (old == NULL || b->state != BINDING_ACTIVE || old->binding.state != BINDING_ACTIVE ||
        !span_equal(lease_client(old), b->client))
        return instant_ms(0);
    return persist_acked(s, old);
}

/* An own write that the partner has not acked is replaced: until the new one is durable, a
 * crash brings the old one back, so its seq must not be passed over as a gap. */
static void note_superseded(struct server *s, const struct lease *old)
{
    struct batch_meta *meta = persist_meta(s);

    if (old != NULL && old->seq > s->stream.acked_seq &&
        (meta->superseded == 0 || old->seq < meta->superseded))
        meta->superseded = old->seq;
}

static struct lease *replace(struct server *s, const struct binding *b, uint64_t seq)
{
    const struct lease *old = lease_table_find(s->leases, b->address);
    const struct instant acked = still_acked(s, old, b);
    struct lease *lease;

    ASSERT(s->explain == NULL);
    note_superseded(s, old);
    if (s->dns != NULL)
        dns_before(s, old);
    /* Should the client be bound again before that is durable, the old reply would still rest
     * on a lease that the disk knows as over. */
    if (old != NULL && old->binding.state == BINDING_ACTIVE &&
        (b->state != BINDING_ACTIVE || !span_equal(lease_client(old), b->client)))
        held_revoke(&s->held, b->address);
    lease = lease_table_put(s->leases, b, seq);

    lease->acked_expires = acked;
    lease->acked_generation = s->stream.generation;
    if (s->dns != NULL)
        dns_after(s, lease);
    put_lease(s, lease);
    return lease;
}

struct lease *persist_own(struct server *s, struct binding *b)
{
    struct lease *lease;

    ASSERT(b->state != BINDING_ACTIVE || b->client.size > 0);
    if (s->dns != NULL && b->names.size > 0)
        dns_intend(s, b);
    b->version = hlc_next(&s->hlc, s->now, s->self);
    /* With a session it is as good as sent. */
    b->unsent = b->unsent && !s->alone && !s->fo.open;
    lease = replace(s, b, ++s->stream.seq);
    persist_meta(s)->last_seq = s->stream.seq;
    return lease;
}

struct lease *persist_received(struct server *s, const struct binding *b)
{
    hlc_observe(&s->hlc, b->version);
    return replace(s, b, 0);
}

void persist_pair(struct server *s, uint64_t number)
{
    uint8_t value[PAIR_RECORD_SIZE_MAX];

    put(s, "p", 1, value, pair_record_encode(&s->fo.record, value, sizeof(value)));
    persist_meta(s)->pair_written = number;
}

void persist_applied(struct server *s, const struct applied_record *applied)
{
    uint8_t value[APPLIED_RECORD_SIZE_MAX];
    struct batch_meta *meta = persist_meta(s);

    put(s, "a", 1, value, applied_record_encode(applied, value, sizeof(value)));
    meta->has_applied = true;
    meta->applied = *applied;
}

struct instant persist_due(const struct server *s)
{
    const struct batch_meta *meta = &s->metas[s->filling];
    const size_t count = s->batches[s->filling].count;

    if (count == 0)
        return instant_add_ms(s->clock_kept_at, CLOCK_KEPT_MS);
    /* Own writes may gather; whoever waits for these has done so, or must not. */
    return meta->has_applied || meta->pair_written > 0 ? s->now
                                                       : pace_due(&s->pace, s->now, count);
}

/* Hand the filled batch over, if it is time.  It carries the lease clock with it. */
void persist_commit(struct server *s, struct effects *fx)
{
    struct store_batch *batch = &s->batches[s->filling];
    struct progress_record progress;
    uint8_t value[PROGRESS_RECORD_SIZE_MAX];

    if (s->in_flight || instant_before(s->now, persist_due(s)))
        return;
    pace_note(&s->pace, s->now, batch->count);
    if (s->alone || !s->fo.open)
        pace_went_out(&s->pace, s->now);
    if (s->fo.dirty) {
        s->fo.dirty = false;
        persist_pair(s, persist_meta(s)->pair_written);
    }
    progress = (struct progress_record){s->stream.seq, s->stream.acked_seq, s->now};
    put(s, "q", 1, value, progress_record_encode(&progress, value, sizeof(value)));
    persist_meta(s)->last_seq = s->stream.seq;
    s->clock_kept_at = s->now;
    batch->number = s->batch_number++;
    s->in_flight = true;
    effects_add(fx, EFFECT_COMMIT)->batch = batch;
    s->filling = 1 - s->filling;
    s->batches[s->filling].count = 0;
    s->batches[s->filling].size = 0;
    s->metas[s->filling].superseded = 0;
    s->metas[s->filling].has_applied = false;
    s->metas[s->filling].pair_written = 0;
    s->metas[s->filling].ack_due = false;
    s->metas[s->filling].sync_end = false;
    s->metas[s->filling].reservations_number = 0;
    s->metas[s->filling].counter_count = 0;
    s->metas[s->filling].last_seq = s->stream.seq;
}

struct instant persist_acked(const struct server *s, const struct lease *lease)
{
    const struct stream *stream = &s->stream;
    struct instant acked = instant_ms(0);

    if (!stream->trust || lease->binding.state != BINDING_ACTIVE)
        return acked;
    if (lease->acked_generation == stream->generation)
        acked = lease->acked_expires;
    if (lease->seq <= stream->acked_seq)
        acked = instant_later(acked, lease->binding.expires);
    return acked;
}

bool persist_freeing_acked(const struct server *s, const struct binding *b, uint64_t seq)
{
    return b->version.ms == 0 || seq <= s->stream.acked_seq || b->unsent;
}

/* From here on the records may be sent, so no lease among them can be undone as if it had never
 * been: said durably before the first frame leaves.  From the newest on, as those without a
 * session are, so that what had been acked for long is not looked at. */
void persist_clear_unsent(struct server *s)
{
    struct lease *lease = lease_table_last_own(s->leases);
    bool any = false;

    while (lease_table_unsent(s->leases) > 0 && lease != NULL &&
           lease->seq > s->stream.acked_seq) {
        if (lease->binding.unsent) {
            lease_table_sent(s->leases, lease);
            put_lease(s, lease);
            any = true;
        }
        lease = lease_table_previous_own(s->leases, lease);
    }
    if (any)
        s->stream.send_after = s->batch_number;
}

uint64_t persist_closable_seq(const struct server *s)
{
    uint64_t closable = s->progress.durable_seq;

    for (size_t i = 0; i < ARRAY_SIZE(s->metas); i++) {
        const uint64_t superseded = s->metas[i].superseded;

        if ((i == s->filling || s->in_flight) && superseded != 0 && superseded <= closable)
            closable = superseded - 1;
    }
    return closable;
}

bool persist_is_durable(const struct server *s, uint64_t batch)
{
    return batch < s->batch_number && !(s->in_flight && batch + 1 == s->batch_number);
}
