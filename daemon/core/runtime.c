/* daemon/core/runtime.c - see runtime.h */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/core/runtime.h"

#include <stdlib.h>

#define NO_SLOT UINT32_MAX

struct reservation_record runtime_record(const struct runtime_entry *entry)
{
    return (struct reservation_record){
        span_of(entry->bytes, entry->id_size), entry->version,
        entry->state == RUNTIME_WITHDRAWN,
        span_of(entry->bytes + entry->id_size, entry->text_size)};
}

struct span runtime_id(const struct config *config,
                       const struct config_reservation *reservation,
                       uint8_t out[static RESERVATION_ID_MAX])
{
    const bool anywhere = reservation->subnet == CONFIG_ANYWHERE;
    const struct config_subnet *subnet =
        anywhere ? NULL : &config->subnets[reservation->subnet];
    const uint32_t network = anywhere ? 0 : subnet->network.value;

    for (size_t i = 0; i < 4; i++)
        out[i] = (uint8_t)(network >> (24 - 8 * i));
    out[4] = anywhere ? 0 : subnet->prefix_length;
    ASSERT(reservation->key.size <= CLIENT_KEY_MAX);
    memcpy(out + 5, reservation->key.data, reservation->key.size);
    return span_of(out, 5 + reservation->key.size);
}

/* ---- entries ---- */

static void entry_clear(struct runtime_entry *entry)
{
    free(entry->bytes);
    config_reservation_free(entry->reservation);
    *entry = (struct runtime_entry){.state = RUNTIME_WITHDRAWN};
}

void runtime_deinit(struct runtime *rt)
{
    for (size_t i = 0; i < rt->count; i++)
        entry_clear(&rt->entries[i]);
    free(rt->entries);
    free(rt->by_id.slots);
    free(rt->by_client.slots);
    free(rt->by_address.slots);
}

/* What was withdrawn longest ago gives way; SIZE_MAX when nothing was. */
static size_t oldest_withdrawn(const struct runtime *rt)
{
    size_t oldest = SIZE_MAX;

    for (size_t i = 0; i < rt->count; i++) {
        const struct runtime_entry *entry = &rt->entries[i];

        if (entry->state == RUNTIME_WITHDRAWN &&
            (oldest == SIZE_MAX ||
             version_compare(entry->version, rt->entries[oldest].version) < 0))
            oldest = i;
    }
    return oldest;
}

static void grow(struct runtime *rt, size_t count)
{
    if (count > rt->capacity) {
        rt->capacity = 2 * count + 16;
        rt->entries = realloc(rt->entries, rt->capacity * sizeof(*rt->entries));
        ASSERT(rt->entries != NULL);
    }
    while (rt->count < count)
        rt->entries[rt->count++] = (struct runtime_entry){.state = RUNTIME_WITHDRAWN};
}

static size_t new_slot(struct runtime *rt)
{
    if (rt->count == RUNTIME_KEPT_MAX)
        return oldest_withdrawn(rt);
    grow(rt, rt->count + 1);
    return rt->count - 1;
}

size_t runtime_put(struct runtime *rt, const struct reservation_record *record, size_t slot,
                   const struct config *config)
{
    struct runtime_entry *entry;
    struct config_problems problems = {NULL, 0};

    ASSERT(record->id.size > 5 && record->id.size <= RESERVATION_ID_MAX);
    if (slot == SIZE_MAX)
        slot = runtime_find(rt, record->id);
    if (slot == SIZE_MAX)
        slot = new_slot(rt);
    if (slot >= RUNTIME_KEPT_MAX)
        return SIZE_MAX;
    grow(rt, slot + 1);
    entry = &rt->entries[slot];
    entry_clear(entry);
    entry->bytes = malloc(record->id.size + record->text.size);
    ASSERT(entry->bytes != NULL);
    memcpy(entry->bytes, record->id.data, record->id.size);
    if (record->text.size > 0)
        memcpy(entry->bytes + record->id.size, record->text.data, record->text.size);
    entry->id_size = record->id.size;
    entry->text_size = record->text.size;
    entry->version = record->version;
    if (record->withdrawn)
        return slot;
    entry->state = RUNTIME_NOT_UNDERSTOOD;
    entry->reservation = config_reservation_parse(config, (const char *)record->text.data,
                                                  record->text.size, &problems);
    config_problems_free(&problems);
    return slot;
}

/* ---- lookups ---- */

static void index_reset(struct runtime_index *index, size_t count)
{
    size_t slots = 8;

    while (slots < 2 * count)
        slots *= 2;
    if (index->slots == NULL || index->mask + 1 != slots) {
        index->slots = realloc(index->slots, slots * sizeof(*index->slots));
        ASSERT(index->slots != NULL);
        index->mask = slots - 1;
    }
    memset(index->slots, 0xff, slots * sizeof(*index->slots));
}

typedef bool is_wanted(const struct runtime_entry *entry, const void *what);

/* The place of the entry that is wanted, or the empty one where it would be. */
static uint32_t *index_place(const struct runtime *rt, const struct runtime_index *index,
                             uint64_t hash, is_wanted *wanted, const void *what)
{
    size_t at = (size_t)hash & index->mask;

    while (index->slots[at] != NO_SLOT && !wanted(&rt->entries[index->slots[at]], what))
        at = (at + 1) & index->mask;
    return &index->slots[at];
}

struct client {
    size_t subnet;
    struct span key;
};

static uint64_t hash_client(const struct client *client)
{
    return XXH3_64bits_withSeed(client->key.data, client->key.size, client->subnet);
}

static bool is_of_client(const struct runtime_entry *entry, const void *what)
{
    const struct client *client = what;

    return entry->reservation->subnet == client->subnet &&
           span_equal(entry->reservation->key, client->key);
}

static uint64_t hash_address(struct ip4 address)
{
    return address.value * UINT64_C(0x9e3779b97f4a7c15) >> 20;
}

static bool is_at_address(const struct runtime_entry *entry, const void *what)
{
    const struct ip4 *address = what;

    return ip4_equal(entry->reservation->address, *address);
}

static bool has_id(const struct runtime_entry *entry, const void *what)
{
    const struct span *id = what;

    return span_equal(span_of(entry->bytes, entry->id_size), *id);
}

static uint64_t hash_id(struct span id)
{
    return XXH3_64bits(id.data, id.size);
}

size_t runtime_find(const struct runtime *rt, struct span id)
{
    uint32_t found;

    if (rt->by_id.slots == NULL)
        return SIZE_MAX;
    found = *index_place(rt, &rt->by_id, hash_id(id), has_id, &id);
    return found == NO_SLOT ? SIZE_MAX : found;
}

const struct config_reservation *runtime_of(const struct runtime *rt, size_t subnet,
                                            struct span key)
{
    const struct client client = {subnet, key};
    uint32_t found;

    if (rt->holding == 0 || key.size == 0)
        return NULL;
    found = *index_place(rt, &rt->by_client, hash_client(&client), is_of_client, &client);
    return found != NO_SLOT && rt->entries[found].state == RUNTIME_HOLDS
               ? rt->entries[found].reservation
               : NULL;
}

const struct config_reservation *runtime_at(const struct runtime *rt, struct ip4 address)
{
    uint32_t found;

    if (rt->holding == 0)
        return NULL;
    found = *index_place(rt, &rt->by_address, hash_address(address), is_at_address, &address);
    return found != NO_SLOT && rt->entries[found].state == RUNTIME_HOLDS
               ? rt->entries[found].reservation
               : NULL;
}

/* ---- what holds ---- */

static bool file_has(const struct config *config, const struct config_reservation *r)
{
    if (r->subnet == CONFIG_ANYWHERE)
        return config_reservation_anywhere(config, r->key) != NULL;
    return config_reservation_of(config, &config->subnets[r->subnet], r->key) != NULL ||
           (r->address.value != 0 && config_reservation_at(config, r->address) != NULL);
}

/* The newer of two takes the place. */
static void compete(struct runtime *rt, uint32_t *place, size_t slot)
{
    struct runtime_entry *entry = &rt->entries[slot];

    if (*place != NO_SLOT && *place != slot) {
        struct runtime_entry *other = &rt->entries[*place];

        if (version_compare(other->version, entry->version) > 0) {
            entry->state = RUNTIME_REPLACED;
            return;
        }
        other->state = RUNTIME_REPLACED;
    }
    *place = (uint32_t)slot;
}

static void place_entry(struct runtime *rt, const struct config *config, size_t slot)
{
    struct runtime_entry *entry = &rt->entries[slot];
    const struct config_reservation *r = entry->reservation;
    const struct span id = span_of(entry->bytes, entry->id_size);

    if (entry->id_size > 0)
        *index_place(rt, &rt->by_id, hash_id(id), has_id, &id) = (uint32_t)slot;
    rt->unsent += entry->id_size > 0 && !entry->is_sent;
    rt->live += entry->state != RUNTIME_WITHDRAWN;
    if (r == NULL)
        return;
    entry->state = file_has(config, r) ? RUNTIME_FILE_FIRST : RUNTIME_HOLDS;
    if (entry->state != RUNTIME_HOLDS)
        return;
    const struct client client = {r->subnet, r->key};

    compete(rt, index_place(rt, &rt->by_client, hash_client(&client), is_of_client, &client),
            slot);
    if (r->address.value != 0)
        compete(rt,
                index_place(rt, &rt->by_address, hash_address(r->address), is_at_address,
                            &r->address),
                slot);
}

void runtime_settle(struct runtime *rt, const struct config *config)
{
    rt->live = rt->holding = rt->unsent = 0;
    rt->used = 0;
    index_reset(&rt->by_id, rt->count);
    index_reset(&rt->by_client, rt->count);
    index_reset(&rt->by_address, rt->count);
    for (size_t i = 0; i < rt->count; i++)
        place_entry(rt, config, i);
    for (size_t i = 0; i < rt->count; i++) {
        const struct runtime_entry *entry = &rt->entries[i];

        if (entry->state != RUNTIME_HOLDS)
            continue;
        rt->holding++;
        rt->used |= 1u << entry->reservation->key.data[0];
    }
}

uint64_t runtime_digest(const struct runtime *rt)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < rt->count; i++) {
        const struct runtime_entry *entry = &rt->entries[i];

        if (entry->state != RUNTIME_WITHDRAWN)
            sum += XXH3_64bits_withSeed(entry->bytes, entry->id_size + entry->text_size,
                                        (uint64_t)entry->version.ms * 2 +
                                            entry->version.writer + entry->version.counter);
    }
    return sum;
}
