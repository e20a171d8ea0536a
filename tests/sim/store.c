/* tests/sim/store.c - a disk: a log of atomic batches, of which a crash may keep, lose or tear
 * the last, that may be slow or full, and that may be lost or set back to an earlier day. */
#include "tests/sim/sim.h"

#include <stdlib.h>

#define RETRY_MS 1100 /* by then a server has tried again */
#define HEADER   8    /* size and checksum, 4 bytes each */

static uint32_t checksum(const uint8_t *bytes, size_t size)
{
    uint32_t sum = 2166136261u;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 16777619u;
    return sum;
}

static void append(struct store *store, const void *bytes, size_t size)
{
    if (store->capacity - store->size < size) {
        store->capacity = 2 * store->capacity + size + 4096;
        store->bytes = realloc(store->bytes, store->capacity);
        ASSERT(store->bytes != NULL);
    }
    memcpy(store->bytes + store->size, bytes, size);
    store->size += size;
}

/* The batch at `at`; false where the log ends or is torn. */
static bool batch_at(const struct store *store, size_t at, struct store_batch *out)
{
    uint32_t size, sum;

    if (store->size - at < HEADER)
        return false;
    memcpy(&size, store->bytes + at, 4);
    memcpy(&sum, store->bytes + at + 4, 4);
    if (store->size - at - HEADER < size || checksum(store->bytes + at + HEADER, size) != sum)
        return false;
    *out = (struct store_batch){.bytes = store->bytes + at + HEADER, .size = size};
    return true;
}

static void mark_synced(struct store *store)
{
    if (store->end_count == store->end_capacity) {
        store->end_capacity = 2 * store->end_capacity + 64;
        store->ends = realloc(store->ends, store->end_capacity * sizeof(*store->ends));
        ASSERT(store->ends != NULL);
    }
    store->ends[store->end_count++] = store->size;
    store->synced = store->size;
}

static void fail_write(struct sim *sim, struct node *node)
{
    node->store.size = node->store.synced;
    node->store.writing = NULL;
    trace(sim, role_name(node->role), "disk full");
    covered(sim, THING_WRITE_FAILED);
    node->store.retried_at = sim->now + RETRY_MS;
    server_store_failed(node->server, node_now(sim, node), "No space left on device",
                        &node->fx);
    node_touched(sim, node->role);
}

static void written(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];
    struct store *store = &node->store;
    const struct store_batch *batch = store->writing;
    struct span key, value;
    size_t at = 0;

    if (event->n != node->epoch || node_put_by(sim, node->role, event))
        return;
    ASSERT(batch != NULL);
    if (sim->now < store->full_until) {
        fail_write(sim, node);
        return;
    }
    mark_synced(store);
    while (store_batch_next(batch, &at, &key, &value)) {
        situation_write(sim, node->role, key, value);
        trace_write(sim, node->role, key, value);
        view_add(sim, node->role, key, value);
    }
    store->writing = NULL;
    server_durable(node->server, node_now(sim, node), batch->number, &node->fx);
    node_touched(sim, node->role);
}

void store_begin(struct sim *sim, enum role role, const struct store_batch *batch)
{
    struct node *node = &sim->nodes[role];
    struct store *store = &node->store;
    const uint32_t head[2] = {(uint32_t)batch->size, checksum(batch->bytes, batch->size)};
    int64_t takes = rng_between(&sim->store_rng, 0, sim->settings.commit_max_ms);

    ASSERT(store->writing == NULL && store->size == store->synced);
    store->writing = batch;
    append(store, head, sizeof(head));
    append(store, batch->bytes, batch->size);
    if (sim->now < store->slow_until) {
        takes = rng_between(&sim->store_rng, 1, store->slow_ms);
        store->slow_done_at = sim->now + takes;
        covered(sim, THING_WRITE_SLOW);
    }
    trace_note(sim, batch->number, batch->size);
    sim_at(sim, sim->now + takes, written, (int)role, node->epoch, NULL);
}

/* The write under way came through after all. */
static void keep_unsynced(struct sim *sim, enum role role)
{
    struct store *store = &sim->nodes[role].store;
    struct store_batch batch;
    struct span key, value;
    size_t at = 0;

    if (!batch_at(store, store->synced, &batch))
        UNREACHABLE("it was written whole");
    while (store_batch_next(&batch, &at, &key, &value))
        view_add(sim, role, key, value);
    mark_synced(store);
}

void store_crash(struct sim *sim, enum role role, enum crash_outcome outcome)
{
    struct store *store = &sim->nodes[role].store;

    store->writing = NULL;
    if (store->size == store->synced)
        return;
    switch (outcome) {
    case CRASH_KEEPS:
        covered(sim, THING_WRITE_KEPT);
        keep_unsynced(sim, role);
        break;
    case CRASH_LOSES:
        covered(sim, THING_WRITE_LOST);
        store->size = store->synced;
        break;
    case CRASH_TEARS:
        covered(sim, THING_WRITE_TORN);
        store->size -= (store->size - store->synced) / 3 + 1;
        break;
    }
}

void store_wipe(struct store *store)
{
    store->size = store->synced = store->end_count = 0;
}

void store_set_back(struct store *store, size_t batches)
{
    ASSERT(batches > 0 && batches <= store->end_count);
    store->end_count = batches;
    store->size = store->synced = store->ends[batches - 1];
}

uint64_t store_seq_at(const struct store *store, size_t batches)
{
    uint8_t arena[1024];
    struct progress_record progress = {0};
    struct store_batch batch;
    struct span key, value;
    size_t at = 0;

    if (batches == 0 || !batch_at(store, batches == 1 ? 0 : store->ends[batches - 2], &batch))
        return 0;
    while (store_batch_next(&batch, &at, &key, &value)) {
        if (key.size == 1 && key.data[0] == 'q' &&
            progress_record_decode(value, arena, sizeof(arena), &progress) != TD_OK)
            UNREACHABLE("the server wrote what it cannot read");
    }
    return progress.seq;
}

/* ---- reading it all back ---- */

struct entry {
    struct span key, value;
};

static uint64_t key_number(struct span key)
{
    uint64_t number = 0;

    ASSERT(key.size <= 7);
    for (size_t i = 0; i < key.size; i++)
        number = number << 8 | key.data[i];
    return number;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const uint64_t i = key_number(x->key), j = key_number(y->key);

    if (i != j)
        return i < j ? -1 : 1;
    return x->key.data < y->key.data ? -1 : 1; /* both in the log: the later one last */
}

/* The newest value of every key; frees nothing that it points to. */
static struct entry *read_log(struct store *store, size_t *count)
{
    struct entry *entries = NULL;
    struct store_batch batch;
    size_t used = 0, capacity = 0, at = 0, kept = 0;

    while (batch_at(store, at, &batch)) {
        struct entry e;
        size_t inside = 0;

        while (store_batch_next(&batch, &inside, &e.key, &e.value)) {
            if (used == capacity) {
                capacity = 2 * capacity + 256;
                entries = realloc(entries, capacity * sizeof(*entries));
                ASSERT(entries != NULL);
            }
            entries[used++] = e;
        }
        at += HEADER + batch.size;
    }
    ASSERT(at == store->synced);
    store->size = at; /* a torn batch is no batch */
    if (used > 0)
        qsort(entries, used, sizeof(*entries), by_key);
    for (size_t i = 0; i < used; i++) {
        if (i + 1 == used || !span_equal(entries[i].key, entries[i + 1].key))
            entries[kept++] = entries[i];
    }
    *count = kept;
    return entries;
}

void store_load(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    size_t count;
    struct entry *entries = read_log(&node->store, &count);

    for (size_t i = 0; i < count; i++) { /* in any order */
        const size_t j = i + rng_below(&sim->store_rng, (uint32_t)(count - i));
        const struct entry e = entries[j];

        entries[j] = entries[i];
        entries[i] = e;
        if (server_load(node->server, e.key, e.value) != TD_OK)
            sim_violation(sim, "store", "%s cannot read what it wrote", role_name(role));
    }
    free(entries);
}

void view_rebuild(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    size_t count;
    struct entry *entries = read_log(&node->store, &count);
    struct view before = node->view;

    memset(node->view.records, 0, sizeof(node->view.records));
    node->view.has_pair = false;
    node->view.seq = node->view.applied_seq = 0;
    for (size_t i = 0; i < count; i++)
        view_add(sim, role, entries[i].key, entries[i].value);
    memcpy(node->view.known, before.known, sizeof(before.known)); /* that it was, stays true */
    free(entries);
}

void store_deinit(struct store *store)
{
    free(store->bytes);
    free(store->ends);
}
