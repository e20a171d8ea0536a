/* daemon/core/runtime_sync.c - reservations made while running: into the store, and to the
 * partner.
 *
 * Each session begins with all of them, those withdrawn too; then what changes is sent when it
 * is durable here, and acked when it is durable there.  Of each the higher version holds, so it
 * does not matter in what order, or how often, they come. */
#include "daemon/core/server_internal.h"

#include <stdlib.h>

#define FRAMES_IN_FLIGHT 4
#define FRAME_ROOM       (FRAME_SIZE_MAX / 2)
#define KEY_SIZE         5

static void persist_entry(struct server *s, size_t slot)
{
    struct runtime_entry *entry = &s->runtime.entries[slot];
    const struct reservation_record record = runtime_record(entry);
    const uint8_t key[KEY_SIZE] = {'r', (uint8_t)(slot >> 24), (uint8_t)(slot >> 16),
                                   (uint8_t)(slot >> 8), (uint8_t)slot};
    const size_t size = reservation_encode(&record, s->encoded, ENCODED_SIZE_MAX);

    store_batch_put(&s->batches[s->filling], span_of(key, sizeof(key)),
                    span_of(s->encoded, size));
    entry->batch = persist_filling_number(s);
}

/* Who holds what may be another now. */
static void settle(struct server *s)
{
    runtime_settle(&s->runtime, s->config);
    upkeep_set_aside(s);
}

size_t runtime_write(struct server *s, const struct reservation_record *record)
{
    const size_t slot = runtime_put(&s->runtime, record, SIZE_MAX, s->config);

    if (slot == SIZE_MAX)
        return slot;
    hlc_observe(&s->hlc, record->version);
    persist_entry(s, slot);
    settle(s);
    return slot;
}

/* ---- from the store ---- */

enum td_err runtime_decode(struct span key, struct span value, uint8_t *arena,
                           size_t arena_size, size_t *slot, struct reservation_record *record)
{
    if (key.size != KEY_SIZE)
        return TD_MALFORMED;
    *slot = (size_t)key.data[1] << 24 | (size_t)key.data[2] << 16 | (size_t)key.data[3] << 8 |
            key.data[4];
    return *slot < RUNTIME_KEPT_MAX ? reservation_decode(value, arena, arena_size, record)
                                    : TD_MALFORMED;
}

enum td_err runtime_load(struct server *s, struct span key, struct span value)
{
    struct reservation_record record;
    size_t slot;

    if (runtime_decode(key, value, s->arena, FRAME_ARENA_SIZE, &slot, &record) != TD_OK)
        return TD_MALFORMED;
    hlc_observe(&s->hlc, record.version);
    (void)runtime_put(&s->runtime, &record, slot, s->config);
    return TD_OK;
}

void runtime_start(struct server *s, struct effects *fx)
{
    size_t idle = 0;

    runtime_settle(&s->runtime, s->config);
    for (size_t i = 0; i < s->runtime.count; i++) {
        const enum runtime_state state = s->runtime.entries[i].state;

        idle += state != RUNTIME_HOLDS && state != RUNTIME_WITHDRAWN;
    }
    if (idle > 0)
        effects_event(fx, EVENT_WARNING, "reservations-idle",
                      "%zu reservations made while running do not hold under this "
                      "configuration; `twinctl reservations` shows which and why",
                      idle);
}

/* ---- to the partner ---- */

void runtime_session_begin(struct server *s)
{
    struct runtime *rt = &s->runtime;

    s->runtime_number = s->runtime_acked = 0;
    rt->unsent = 0;
    for (size_t i = 0; i < rt->count; i++) {
        struct runtime_entry *entry = &rt->entries[i];

        entry->is_sent = false;
        entry->number = 0;
        entry->partner_has = false;
        rt->unsent += entry->id_size > 0;
    }
    s->runtime_next = 0;
}

/* False when there is nothing more to send now. */
static bool send_some(struct server *s, struct effects *fx)
{
    struct runtime *rt = &s->runtime;
    struct reservation_record records[FRAME_RESERVATIONS_MAX];
    struct frame frame = {.type = FRAME_RESERVATIONS};
    size_t bytes = 0, count = 0;

    for (size_t looks = 0; looks < rt->count && count < FRAME_RESERVATIONS_MAX; looks++) {
        struct runtime_entry *entry = &rt->entries[s->runtime_next];

        if (entry->id_size > 0 && !entry->is_sent && persist_is_durable(s, entry->batch)) {
            records[count] = runtime_record(entry);
            bytes += reservation_encoded_max(&records[count]);
            if (bytes > FRAME_ROOM)
                break;
            count++;
            entry->is_sent = true;
            entry->number = s->runtime_number + 1;
            rt->unsent--;
        }
        s->runtime_next = (s->runtime_next + 1) % rt->count;
    }
    if (count == 0)
        return false;
    frame.reservations.number = ++s->runtime_number;
    frame.reservations.count = count;
    frame.reservations.records = records;
    peer_send(s, &frame, fx);
    return true;
}

void runtime_pump(struct server *s, struct effects *fx)
{
    if (s->runtime.unsent == 0 || s->alone || !s->fo.open)
        return;
    while (s->runtime.unsent > 0 && s->runtime_number - s->runtime_acked < FRAMES_IN_FLIGHT) {
        if (!send_some(s, fx))
            return;
    }
}

/* ---- from the partner ---- */

static void take(struct server *s, const struct reservation_record *record, struct effects *fx)
{
    struct runtime *rt = &s->runtime;
    size_t slot = runtime_find(rt, record->id);
    int order = 1;

    hlc_observe(&s->hlc, record->version);
    if (slot != SIZE_MAX)
        order = version_compare(record->version, rt->entries[slot].version);
    if (order > 0) {
        slot = runtime_put(rt, record, slot, s->config);
        if (slot == SIZE_MAX) {
            effects_event(fx, EVENT_ERROR, "reservations-full",
                          "the partner has more reservations made while running than the %zu "
                          "that are kept: one is not taken",
                          RUNTIME_KEPT_MAX);
            return;
        }
        persist_entry(s, slot);
    }
    if (order >= 0) {
        rt->entries[slot].is_sent = true;
        rt->entries[slot].partner_has = true;
    }
}

void runtime_heard(struct server *s, const struct frame *frame, struct effects *fx)
{
    struct batch_meta *meta = persist_meta(s);

    for (size_t i = 0; i < frame->reservations.count; i++)
        take(s, &frame->reservations.records[i], fx);
    settle(s);
    /* So that there is a batch, even when nothing was new. */
    persist_applied(s, &s->applied);
    meta->reservations_number = frame->reservations.number;
    meta->reservations_session = s->fo.session;
}

void runtime_ack_heard(struct server *s, uint64_t number)
{
    if (number <= s->runtime_number && number > s->runtime_acked)
        s->runtime_acked = number;
}

void runtime_ack_batch(struct server *s, const struct batch_meta *meta, struct effects *fx)
{
    struct frame frame = {.type = FRAME_RESERVATIONS_ACK};

    if (meta->reservations_number == 0 || !s->fo.open ||
        meta->reservations_session != s->fo.session)
        return;
    frame.reservations.number = meta->reservations_number;
    peer_send(s, &frame, fx);
}
