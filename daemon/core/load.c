/* daemon/core/load.c - records of the store back into the server, before it starts. */
#include "daemon/core/load.h"

#include <stdlib.h>

#include "daemon/core/server_internal.h"

/* Nearly ten times what decoding the largest binding takes, and many times what a single record
 * does: room for what a later version may add to them. */
#define ARENA_SIZE        ((size_t)256 << 10)
#define SINGLE_ARENA_SIZE ((size_t)64 << 10)

/* The records of which there is one each. */
struct single_records {
    bool has_pair, has_applied, has_progress;
    struct pair_record pair;
    struct applied_record applied;
    struct progress_record progress;
};

/* Decoded in terms of the configuration, which the server alone has. */
struct kept_reservation {
    uint8_t key[8];
    size_t key_size, size;
    uint8_t *value;
};

struct load_batch {
    struct single_records singles;
    struct stored_binding bindings[LOAD_BATCH_BINDINGS];
    size_t count;
    struct kept_reservation *reservations; /* as they are stored: they are few */
    size_t reservation_count, reservation_capacity;
    uint8_t arena[ARENA_SIZE]; /* what the bindings point to */
    size_t used;
};

static void load_batch_clear(struct load_batch *batch)
{
    batch->singles.has_pair = batch->singles.has_applied = batch->singles.has_progress = false;
    batch->count = batch->used = 0;
}

/* ---- decoding: the server is not looked at ---- */

static bool is_reservation(struct span key)
{
    return key.size > 0 && key.data[0] == 'r';
}

static bool is_binding(struct span key)
{
    return key.size > 0 && key.data[0] == 'b';
}

static enum td_err decode_binding(struct span key, struct span value, uint8_t *arena,
                                  size_t arena_size, struct stored_binding *out)
{
    uint32_t address;

    if (key.size != 5 || stored_binding_decode(value, arena, arena_size, out) != TD_OK)
        return TD_MALFORMED;
    address = (uint32_t)key.data[1] << 24 | (uint32_t)key.data[2] << 16 |
              (uint32_t)key.data[3] << 8 | key.data[4];
    return out->binding.address.value == address ? TD_OK : TD_MALFORMED;
}

/* `arena` holds SINGLE_ARENA_SIZE and is free again afterwards. */
static enum td_err decode_single(struct span key, struct span value, uint8_t *arena,
                                 struct single_records *singles)
{
    const size_t size = SINGLE_ARENA_SIZE;
    bool *has;
    enum td_err result;

    if (key.size != 1)
        return TD_MALFORMED;
    switch (key.data[0]) {
    case 'p':
        has = &singles->has_pair;
        result = pair_record_decode(value, arena, size, &singles->pair);
        break;
    case 'a':
        has = &singles->has_applied;
        result = applied_record_decode(value, arena, size, &singles->applied);
        break;
    case 'q':
        has = &singles->has_progress;
        result = progress_record_decode(value, arena, size, &singles->progress);
        break;
    default:
        return TD_MALFORMED;
    }
    if (result != TD_OK)
        return TD_MALFORMED;
    *has = true;
    return TD_OK;
}

/* ---- taking ---- */

static void take_binding(struct server *s, const struct stored_binding *stored)
{
    hlc_observe(&s->hlc, stored->binding.version);
    lease_table_put(s->leases, &stored->binding, stored->seq);
    if (stored->seq > s->stream.seq)
        s->stream.seq = stored->seq;
}

static void take_singles(struct server *s, const struct single_records *singles)
{
    if (singles->has_pair) {
        s->loaded_pair = true;
        s->pair_record = singles->pair;
    }
    if (singles->has_applied)
        s->applied = singles->applied;
    if (singles->has_progress) {
        if (singles->progress.seq > s->stream.seq)
            s->stream.seq = singles->progress.seq;
        s->stream.acked_seq = singles->progress.acked_seq;
        s->kept_clock = singles->progress.clock;
    }
}

/* ---- one record, or many ---- */

enum td_err server_load(struct server *s, struct span key, struct span value)
{
    ASSERT(!s->started);
    if (is_binding(key)) {
        struct stored_binding stored;

        if (decode_binding(key, value, s->arena, ARENA_SIZE, &stored) != TD_OK)
            return TD_MALFORMED;
        take_binding(s, &stored);
    } else if (is_reservation(key)) {
        return runtime_load(s, key, value);
    } else {
        struct single_records singles = {.has_pair = false};

        if (decode_single(key, value, s->arena, &singles) != TD_OK)
            return TD_MALFORMED;
        take_singles(s, &singles);
    }
    return TD_OK;
}

struct load_batch *load_batch_new(void)
{
    struct load_batch *batch = malloc(sizeof(*batch));

    ASSERT(batch != NULL);
    batch->reservations = NULL;
    batch->reservation_count = batch->reservation_capacity = 0;
    load_batch_clear(batch);
    return batch;
}

static void forget_reservations(struct load_batch *batch)
{
    for (size_t i = 0; i < batch->reservation_count; i++)
        free(batch->reservations[i].value);
    batch->reservation_count = 0;
}

void load_batch_free(struct load_batch *batch)
{
    if (batch == NULL)
        return;
    forget_reservations(batch);
    free(batch->reservations);
    free(batch);
}

/* The memory that the spans of `binding` take, from `arena` on. */
static size_t arena_used(const struct binding *binding, const uint8_t *arena)
{
    const struct span spans[] = {binding->client,     binding->reserved,     binding->host_name,
                                 binding->relay_info, binding->vendor_class, binding->names};
    size_t used = 0;

    for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
        if (spans[i].size > 0 && (size_t)(spans[i].data - arena) + spans[i].size > used)
            used = (size_t)(spans[i].data - arena) + spans[i].size;
    }
    return used;
}

/* Is there room for what decoding `value` may take?  An empty batch has all it can have. */
static bool has_room(const struct load_batch *batch, struct span value)
{
    const size_t left = ARENA_SIZE - batch->used;

    if (batch->used == 0 && batch->count == 0)
        return true;
    return batch->count < LOAD_BATCH_BINDINGS && left >= SINGLE_ARENA_SIZE &&
           value.size <= (left - 1024) / 2;
}

/* Checked here, taken later. */
static enum td_err keep_reservation(struct load_batch *batch, struct span key,
                                    struct span value, uint8_t *arena, size_t arena_size)
{
    struct kept_reservation kept = {.key_size = key.size, .size = value.size};
    struct reservation_record record;
    size_t slot;

    if (runtime_decode(key, value, arena, arena_size, &slot, &record) != TD_OK)
        return TD_MALFORMED;
    ASSERT(key.size <= sizeof(kept.key));
    if (batch->reservation_count == batch->reservation_capacity) {
        batch->reservation_capacity = 2 * batch->reservation_capacity + 16;
        batch->reservations = realloc(batch->reservations, batch->reservation_capacity *
                                                               sizeof(*batch->reservations));
        ASSERT(batch->reservations != NULL);
    }
    kept.value = malloc(value.size);
    ASSERT(kept.value != NULL);
    memcpy(kept.key, key.data, key.size);
    memcpy(kept.value, value.data, value.size);
    batch->reservations[batch->reservation_count++] = kept;
    return TD_OK;
}

static void take_reservations(struct server *s, struct load_batch *batch)
{
    for (size_t i = 0; i < batch->reservation_count; i++) {
        const struct kept_reservation *kept = &batch->reservations[i];

        const enum td_err result = runtime_load(s, span_of(kept->key, kept->key_size),
                                                span_of(kept->value, kept->size));

        ASSERT(result == TD_OK); /* it has been decoded before */
    }
    forget_reservations(batch);
}

enum td_err load_batch_add(struct load_batch *batch, struct span key, struct span value)
{
    uint8_t *arena = batch->arena + batch->used;
    struct stored_binding *stored = &batch->bindings[batch->count];

    if (!has_room(batch, value))
        return TD_NO_SPACE;
    if (is_reservation(key))
        return keep_reservation(batch, key, value, arena, ARENA_SIZE - batch->used);
    if (!is_binding(key))
        return decode_single(key, value, arena, &batch->singles);
    if (decode_binding(key, value, arena, ARENA_SIZE - batch->used, stored) != TD_OK)
        return TD_MALFORMED;
    batch->used += arena_used(&stored->binding, arena);
    batch->count++;
    return TD_OK;
}

void server_load_batch(struct server *s, struct load_batch *batch)
{
    ASSERT(!s->started);
    for (size_t i = 0; i < batch->count; i++)
        take_binding(s, &batch->bindings[i]);
    take_singles(s, &batch->singles);
    take_reservations(s, batch);
    load_batch_clear(batch);
}
