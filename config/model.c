/* config/model.c - lookups in a finished model. */
#include "config/model.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "config/load.h"
#include "config/loader.h"

#define NO_SLOT UINT32_MAX

struct config_index {
    const struct config_reservation *reservations; /* of all subnets, ascending by address */
    size_t reservation_count;
    uint32_t *slots; /* open addressing by subnet and client; NO_SLOT = empty */
    size_t slot_mask;
    struct arena arena; /* holds the model, and this */
};

const struct config_option *config_options_find(const struct config_options *set, uint8_t code)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->options[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->count && set->options[low].code == code ? &set->options[low] : NULL;
}

bool config_role_of(const struct config *config, const char *name, enum role *role)
{
    for (size_t i = 0; config->has_pair && i < 2; i++) {
        if (config->pair.nodes[i].name != NULL &&
            strcmp(config->pair.nodes[i].name, name) == 0) {
            *role = (enum role)i;
            return true;
        }
    }
    return false;
}

const struct config_subnet *config_subnet_of(const struct config *config, struct ip4 address)
{
    size_t low = 0, high = config->subnet_count;
    const struct config_subnet *subnet;

    while (low < high) { /* the first that begins above the address */
        size_t middle = low + (high - low) / 2;

        if (config->subnets[middle].network.value <= address.value)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    subnet = &config->subnets[low - 1];
    return ((uint64_t)(address.value ^ subnet->network.value) >>
            (32 - subnet->prefix_length)) == 0
               ? subnet
               : NULL;
}

static bool parts_hold(const struct config_pool *pool, struct ip4 address)
{
    size_t low = 0, high = pool->part_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (pool->parts[middle].first.value <= address.value)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && address.value <= pool->parts[low - 1].last.value;
}

const struct config_pool *config_pool_of(const struct config *config, struct ip4 address)
{
    size_t low = 0, high = config->pool_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (config->pools[middle].range.first.value <= address.value)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && parts_hold(&config->pools[low - 1], address) ? &config->pools[low - 1]
                                                                   : NULL;
}

/* The slot of the client, or the empty one where it would be. */
static size_t find_slot(const struct config_index *index, size_t subnet, struct span key)
{
    size_t slot = (size_t)XXH3_64bits_withSeed(key.data, key.size, subnet) & index->slot_mask;

    while (index->slots[slot] != NO_SLOT) {
        const struct config_reservation *r = &index->reservations[index->slots[slot]];

        if (r->subnet == subnet && span_equal(r->key, key))
            break;
        slot = (slot + 1) & index->slot_mask;
    }
    return slot;
}

const struct config_reservation *config_reservation_of(const struct config *config,
                                                       const struct config_subnet *subnet,
                                                       struct span key)
{
    const struct config_index *index = config->index;
    uint32_t found;

    if (subnet->reservation_count == 0 || key.size == 0)
        return NULL;
    found = index->slots[find_slot(index, subnet->index, key)];
    return found == NO_SLOT ? NULL : &index->reservations[found];
}

const struct config_reservation *config_reservation_at(const struct config *config,
                                                       struct ip4 address)
{
    const struct config_index *index = config->index;
    size_t low = 0, high = index->reservation_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (index->reservations[middle].address.value < address.value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < index->reservation_count &&
                   ip4_equal(index->reservations[low].address, address)
               ? &index->reservations[low]
               : NULL;
}

void config_index_build(struct config *config, struct arena *arena,
                        const struct config_reservation *reservations, size_t count)
{
    struct config_index *index = ARENA_ARRAY(arena, struct config_index, 1);
    size_t slots = 8;

    ASSERT(count < NO_SLOT);
    while (slots < 2 * count)
        slots *= 2;
    index->reservations = reservations;
    index->reservation_count = count;
    index->slots = ARENA_ARRAY(arena, uint32_t, slots);
    index->slot_mask = slots - 1;
    memset(index->slots, 0xff, slots * sizeof(*index->slots));
    for (size_t i = 0; i < count; i++)
        index->slots[find_slot(index, reservations[i].subnet, reservations[i].key)] =
            (uint32_t)i;
    config->index = index;
}

void config_index_own(struct config *config, struct arena arena)
{
    config->index->arena = arena;
}

void config_free(struct config *config)
{
    struct arena arena;

    if (config == NULL)
        return;
    arena = config->index->arena;
    arena_free(&arena);
}
