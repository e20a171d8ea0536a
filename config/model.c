/* config/model.c - lookups in a finished model. */
#include "config/model.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "config/load.h"
#include "config/loader.h"

#define NO_SLOT UINT32_MAX

struct relay {
    struct ip4 address;
    const struct config_subnet *subnet;
};

struct config_index {
    const struct ip4 *reserved;  /* the addresses of config->reservations, ascending ... */
    const uint32_t *reserved_by; /* ... and which has it */
    size_t reserved_count;
    uint32_t *slots; /* of config->reservations; open addressing by subnet and client; NO_SLOT =
                        empty */
    size_t slot_mask;
    const struct relay *relays; /* ascending */
    size_t relay_count;
    const struct config_subnet *const *attached; /* those that name an interface, by its name */
    size_t attached_count;
    struct arena arena; /* holds the model, and this */
};

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

/* How many of the ascending `starts` are not above `address`.  They stand close together: a
 * search through the structs themselves would wait for the memory of each that it looks at. */
static size_t count_up_to(const struct ip4 *starts, size_t count, struct ip4 address)
{
    size_t first = 0;

    while (count > 0) {
        const size_t half = count - count / 2;

        first += starts[first + half - 1].value <= address.value ? half : 0;
        count -= half;
    }
    return first;
}

const struct config_subnet *config_subnet_of(const struct config *config, struct ip4 address)
{
    const size_t up_to = count_up_to(config->subnet_starts, config->subnet_count, address);

    return up_to > 0 && config_subnet_holds(&config->subnets[up_to - 1], address)
               ? &config->subnets[up_to - 1]
               : NULL;
}

bool config_on_link(const struct config_subnet *subnet, struct ip4 address)
{
    const struct config_link *link = subnet->link;

    for (size_t i = 0; i < link->subnet_count; i++)
        if (config_subnet_holds(link->subnets[i], address))
            return true;
    return false;
}

const struct config_subnet *config_subnet_on_link(const struct config_subnet *subnet,
                                                  struct ip4 address)
{
    const struct config_link *link = subnet->link;

    for (size_t i = 0; i < link->subnet_count; i++)
        if (config_subnet_holds(link->subnets[i], address))
            return link->subnets[i];
    return subnet;
}

static int compare_relay(const void *left, const void *right)
{
    const struct relay *a = left, *b = right;

    return (a->address.value > b->address.value) - (a->address.value < b->address.value);
}

const struct config_subnet *config_subnet_of_relay(const struct config *config,
                                                   struct ip4 address)
{
    const struct relay wanted = {address, NULL};
    const struct relay *found;

    if (config->index->relay_count == 0)
        return NULL;
    found = bsearch(&wanted, config->index->relays, config->index->relay_count, sizeof(wanted),
                    compare_relay);
    return found != NULL ? found->subnet : NULL;
}

static int compare_attached(const void *left, const void *right)
{
    const struct config_subnet *const *a = left, *const *b = right;
    const int order = strcmp((*a)->ways.interface, (*b)->ways.interface);

    return order != 0 ? order : ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

static int compare_name(const void *name, const void *subnet)
{
    return strcmp(name, (*(const struct config_subnet *const *)subnet)->ways.interface);
}

const struct config_subnet *config_subnet_of_interface(const struct config *config,
                                                       const char *name)
{
    const struct config_subnet *const *found;

    if (name == NULL || config->index->attached_count == 0)
        return NULL;
    found = bsearch(name, config->index->attached, config->index->attached_count,
                    sizeof(const struct config_subnet *), compare_name);
    return found != NULL ? *found : NULL;
}

bool config_pool_holds(const struct config_pool *pool, struct ip4 address)
{
    const struct ip4_range range = pool->range;
    size_t low = 0, high = pool->part_count;

    if (address.value < range.first.value || address.value > range.last.value)
        return false;
    if (pool->size == (uint64_t)range.last.value - range.first.value + 1)
        return true; /* nothing is excluded */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (pool->parts[middle].first.value <= address.value)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && address.value <= pool->parts[low - 1].last.value;
}

/* Among `count` pools from `first` on. */
static const struct config_pool *pool_among(const struct config *config, size_t first,
                                            size_t count, struct ip4 address)
{
    const size_t up_to = count_up_to(config->pool_starts + first, count, address);
    const struct config_pool *pool;

    if (up_to == 0)
        return NULL;
    pool = &config->pools[first + up_to - 1];
    return config_pool_holds(pool, address) ? pool : NULL;
}

const struct config_pool *config_pool_of(const struct config *config, struct ip4 address)
{
    return pool_among(config, 0, config->pool_count, address);
}

const struct config_pool *config_pool_in(const struct config *config,
                                         const struct config_subnet *subnet, struct ip4 address)
{
    return pool_among(config, subnet->first_pool, subnet->pool_count, address);
}

/* The slot of the client, or the empty one where it would be. */
static size_t find_slot(const struct config *config, size_t subnet, struct span key)
{
    const struct config_index *index = config->index;
    size_t slot = (size_t)XXH3_64bits_withSeed(key.data, key.size, subnet) & index->slot_mask;

    while (index->slots[slot] != NO_SLOT) {
        const struct config_reservation *r = &config->reservations[index->slots[slot]];

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
    uint32_t found;

    if (subnet->reservation_count == 0 || key.size == 0)
        return NULL;
    found = config->index->slots[find_slot(config, subnet->index, key)];
    return found == NO_SLOT ? NULL : &config->reservations[found];
}

const struct config_reservation *config_reservation_anywhere(const struct config *config,
                                                             struct span key)
{
    uint32_t found;

    if (config->anywhere_count == 0 || key.size == 0)
        return NULL;
    found = config->index->slots[find_slot(config, CONFIG_ANYWHERE, key)];
    return found == NO_SLOT ? NULL : &config->reservations[found];
}

const struct config_reservation *config_reservation_at(const struct config *config,
                                                       struct ip4 address)
{
    const struct config_index *index = config->index;
    const size_t up_to = count_up_to(index->reserved, index->reserved_count, address);

    return up_to > 0 && ip4_equal(index->reserved[up_to - 1], address)
               ? &config->reservations[index->reserved_by[up_to - 1]]
               : NULL;
}

static void build_gates(struct config *config, struct arena *arena)
{
    struct config_gate *gates = ARENA_ARRAY(arena, struct config_gate, config->class_count);

    for (size_t i = 0; i < config->class_count; i++)
        gates[i] = config->classes[i].gate;
    config->gates = gates;
}

static void build_starts(struct config *config, struct arena *arena)
{
    struct ip4 *subnets = ARENA_ARRAY(arena, struct ip4, config->subnet_count);
    struct ip4 *pools = ARENA_ARRAY(arena, struct ip4, config->pool_count);

    for (size_t i = 0; i < config->subnet_count; i++)
        subnets[i] = config->subnets[i].network;
    for (size_t i = 0; i < config->pool_count; i++)
        pools[i] = config->pools[i].range.first;
    config->subnet_starts = subnets;
    config->pool_starts = pools;
}

/* A relay of a shared network is entered once, for its first subnet, which stands for all. */
static void build_relays(struct config *config, struct arena *arena)
{
    struct relay *relays;
    size_t count = 0;

    for (size_t i = 0; i < config->subnet_count; i++)
        count += config->subnets[i].ways.relay_count;
    for (size_t i = 0; i < config->link_count; i++)
        count += config->links[i].ways.relay_count;
    relays = ARENA_ARRAY(arena, struct relay, count);
    count = 0;
    for (size_t i = 0; i < config->subnet_count; i++)
        for (size_t j = 0; j < config->subnets[i].ways.relay_count; j++)
            relays[count++] =
                (struct relay){config->subnets[i].ways.relays[j], &config->subnets[i]};
    for (size_t i = 0; i < config->link_count; i++)
        for (size_t j = 0; j < config->links[i].ways.relay_count; j++)
            relays[count++] =
                (struct relay){config->links[i].ways.relays[j], config->links[i].subnets[0]};
    if (count > 1)
        qsort(relays, count, sizeof(*relays), compare_relay);
    config->index->relays = relays;
    config->index->relay_count = count;
}

/* Subnets of one shared network may have one interface: one of them stands for all. */
static void build_attached(struct config *config, struct arena *arena)
{
    const struct config_subnet **attached =
        ARENA_ARRAY(arena, const struct config_subnet *, config->subnet_count);
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < config->subnet_count; i++)
        if (config->subnets[i].ways.interface != NULL)
            attached[count++] = &config->subnets[i];
    if (count > 1)
        qsort(attached, count, sizeof(const struct config_subnet *), compare_attached);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 ||
            strcmp(attached[kept - 1]->ways.interface, attached[i]->ways.interface) != 0)
            attached[kept++] = attached[i];
    config->index->attached = attached;
    config->index->attached_count = kept;
}

void config_index_build(struct config *config, struct arena *arena,
                        const struct config_reservation *reservations, size_t count)
{
    struct config_index *index = ARENA_ARRAY(arena, struct config_index, 1);
    struct ip4 *reserved = ARENA_ARRAY(arena, struct ip4, count);
    uint32_t *reserved_by = ARENA_ARRAY(arena, uint32_t, count);
    size_t slots = 8;

    ASSERT(count < NO_SLOT);
    while (slots < 2 * count)
        slots *= 2;
    config->reservations = reservations;
    config->reservation_count = count;
    config->index = index;
    index->slots = ARENA_ARRAY(arena, uint32_t, slots);
    index->slot_mask = slots - 1;
    memset(index->slots, 0xff, slots * sizeof(*index->slots));
    for (size_t i = 0; i < count; i++) {
        index->slots[find_slot(config, reservations[i].subnet, reservations[i].key)] =
            (uint32_t)i;
        config->identities.used |= 1u << reservations[i].key.data[0];
        config->anywhere_count += reservations[i].subnet == CONFIG_ANYWHERE;
        if (reservations[i].address.value == 0)
            continue;
        reserved[index->reserved_count] = reservations[i].address;
        reserved_by[index->reserved_count++] = (uint32_t)i;
    }
    index->reserved = reserved;
    index->reserved_by = reserved_by;
    build_gates(config, arena);
    build_starts(config, arena);
    build_relays(config, arena);
    build_attached(config, arena);
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
