/* daemon/lease/entries.c - the entries, where they lie, and how they are found by address. */
#include <stdlib.h>

#include "daemon/lease/table_internal.h"

void *lease_reallocate(void *old, size_t count, size_t size)
{
    void *grown = reallocarray(old, count, size);

    ASSERT(grown != NULL);
    return grown;
}

static struct neighbours *neighbours(const struct lease_table *table, uint32_t at)
{
    return segments_get(&table->neighbours, sizeof(struct neighbours), at);
}

/* Every bit of the number counts in the lowest ones, by which a bucket is chosen; multiplying
 * alone leaves numbers in a row in chains five long (constants: C. Wellons, "lowbias32"). */
static uint32_t hash_number(uint32_t number)
{
    number = (number ^ number >> 16) * UINT32_C(0x7feb352d);
    number = (number ^ number >> 15) * UINT32_C(0x846ca68b);
    return number ^ number >> 16;
}

static uint32_t hash_neighbours(const struct lease_table *table, uint32_t at)
{
    return hash_number(neighbours(table, at)->number);
}

static uint32_t *next_neighbours(const struct lease_table *table, uint32_t at)
{
    return &neighbours(table, at)->next;
}

static const struct bucket_kind by_address = {hash_neighbours, next_neighbours};

void lease_entries_init(struct lease_table *table)
{
    buckets_init(&table->by_address);
}

void lease_entries_deinit(struct lease_table *table)
{
    segments_deinit(&table->entries);
    segments_deinit(&table->neighbours);
    buckets_deinit(&table->by_address);
}

/* What was found last is remembered, for a packet asks for its address a dozen times.  It is no
 * part of what the table says, so that it may change where the table is only read. */
static void remember(const struct lease_table *table, struct neighbours *found)
{
    ((struct lease_table *)(uintptr_t)table)->found_last = found;
}

static struct neighbours *find_neighbours(const struct lease_table *table, uint32_t number)
{
    struct neighbours *last = table->found_last;

    if (last != NULL && last->number == number)
        return last;
    for (uint32_t at = buckets_first(&table->by_address, hash_number(number));
         at != BUCKET_END;) {
        struct neighbours *n = neighbours(table, at);

        if (n->number == number) {
            remember(table, n);
            return n;
        }
        at = n->next;
    }
    return NULL;
}

const struct neighbours *lease_neighbours(const struct lease_table *table, struct ip4 address)
{
    return find_neighbours(table, address.value / NEIGHBOURS);
}

struct entry *lease_entry_find(const struct lease_table *table, struct ip4 address)
{
    const struct neighbours *n = lease_neighbours(table, address);
    const uint32_t index = n != NULL ? n->entry[address.value % NEIGHBOURS] : LEASE_NONE;

    return index != LEASE_NONE ? lease_entry(table, index) : NULL;
}

static struct neighbours *touch_neighbours(struct lease_table *table, uint32_t number)
{
    struct neighbours *n = find_neighbours(table, number);

    if (n != NULL)
        return n;

    const uint32_t at = table->neighbours.count;

    n = segments_add(&table->neighbours, sizeof(*n));
    n->number = number;
    for (size_t i = 0; i < NEIGHBOURS; i++)
        n->entry[i] = LEASE_NONE;
    buckets_insert(&table->by_address, &by_address, table, at);
    return n;
}

struct entry *lease_entry_touch(struct lease_table *table, struct ip4 address)
{
    struct neighbours *n = touch_neighbours(table, address.value / NEIGHBOURS);
    uint32_t *place = &n->entry[address.value % NEIGHBOURS];

    if (*place != LEASE_NONE)
        return lease_entry(table, *place);

    const struct config_pool *pool = config_pool_of(table->config, address);
    const uint32_t index = table->entries.count;
    struct entry *entry = segments_add(&table->entries, sizeof(*entry));

    *entry = (struct entry){
        .lease = {.binding = {.address = address,
                              .state = BINDING_FREE,
                              .owner = (uint8_t)implied_owner(address),
                              .implied = true,
                              .ends_client = true,
                              .place = LEASE_NOWHERE,
                              .offer = LEASE_NO_OFFER},
                  .index = index},
        .pool = pool != NULL ? (uint32_t)pool->index : LEASE_NONE,
        .own_previous = LEASE_NONE,
        .own_next = LEASE_NONE,
        .client_next = LEASE_NONE,
    };
    *place = index;
    lease_free_touched(table, entry);
    return entry;
}

/* ---- records ---- */

/* What lies in a block, in this order. */
#define PARTS (LEASE_SPANS + 2)
struct parts {
    struct span part[PARTS];
    size_t size;
};

/* Most client keys, made of the hardware address or of an identifier, end with that address. */
static bool ends_with_hardware(const struct binding *b)
{
    return b->client.size >= b->hlen &&
           (b->hlen == 0 ||
            memcmp(b->client.data + (b->client.size - b->hlen), b->chaddr, b->hlen) == 0);
}

static struct parts parts_of(const struct binding *b, bool ends_client)
{
    struct parts p = {.part = {[LEASE_CLIENT] = b->client,
                               [LEASE_RESERVED] = b->reserved,
                               [LEASE_HOST_NAME] = b->host_name,
                               [LEASE_RELAY_INFO] = b->relay_info,
                               [LEASE_VENDOR_CLASS] = b->vendor_class,
                               [LEASE_SPANS] = span_of(b->chaddr, ends_client ? 0 : b->hlen),
                               [LEASE_SPANS + 1] = b->names}};

    for (size_t i = 0; i < PARTS; i++)
        p.size += p.part[i].size;
    return p;
}

/* A part that is already in its place stays there. */
static void write_parts(uint8_t *to, const struct parts *p)
{
    for (size_t i = 0; i < PARTS; i++) {
        if (p->part[i].size > 0 && p->part[i].data != to)
            memcpy(to, p->part[i].data, p->part[i].size);
        to += p->part[i].size;
    }
}

/* Does writing to `block` leave each part as it is until it has been copied?  A renewal takes
 * most parts from where they shall be, and the others from a packet. */
static bool may_write_over(const uint8_t *block, size_t block_size, const struct parts *p)
{
    const uint8_t *to = block;

    for (size_t i = 0; i < PARTS; i++) {
        const struct span *part = &p->part[i];

        if (part->size > 0 && part->data != to &&
            (uintptr_t)part->data < (uintptr_t)block + block_size &&
            (uintptr_t)block < (uintptr_t)part->data + part->size)
            return false;
        to += part->size;
    }
    return true;
}

static void store_parts(struct lease_table *table, struct lease_binding *to,
                        const struct parts *p)
{
    uint8_t *old = (uint8_t *)(uintptr_t)to->bytes; /* our own memory */
    const uint8_t old_class = to->block_class;
    const size_t old_size = blocks_size(old_class);

    if (p->size > old_size) {
        uint8_t *block = blocks_take(&table->blocks, p->size, &to->block_class);

        write_parts(block, p);
        blocks_give(&table->blocks, old, old_class);
        to->bytes = block;
    } else if (may_write_over(old, old_size, p)) {
        write_parts(old, p);
    } else {
        ASSERT(p->size <= sizeof(table->scratch));
        write_parts(table->scratch, p);
        memcpy(old, table->scratch, p->size);
    }
}

static bool is_implied(const struct binding *b)
{
    struct binding implied;

    if (b->state != BINDING_FREE)
        return false;
    implied = binding_implied(b->address);
    return binding_same_contents(b, &implied);
}

void lease_entry_assign(struct lease_table *table, struct entry *entry,
                        const struct binding *binding)
{
    struct lease_binding *to = &entry->lease.binding;
    const bool ends_client = ends_with_hardware(binding);
    const struct parts parts = parts_of(binding, ends_client);
    const bool implied = is_implied(binding);

    store_parts(table, to, &parts);
    for (size_t i = 0; i < LEASE_SPANS; i++)
        to->size[i] = (uint16_t)parts.part[i].size;
    to->version_ms = binding->version.ms;
    to->version_counter = binding->version.counter;
    to->version_writer = (uint8_t)binding->version.writer;
    to->cltt = binding->cltt;
    to->expires = binding->expires;
    to->term = binding->term;
    to->state = (uint8_t)binding->state;
    to->owner = (uint8_t)binding->owner;
    to->htype = binding->htype;
    to->hlen = binding->hlen;
    to->unsent = binding->unsent;
    to->has_names = binding->names.size > 0;
    to->implied = implied;
    to->ends_client = ends_client;
}

static struct span next_part(const uint8_t **at, size_t size)
{
    const struct span part = span_of(*at, size);

    if (size > 0)
        *at += size;
    return part;
}

void lease_hardware_copy(const struct lease_binding *binding, uint8_t out[static 16])
{
    const uint8_t *at = binding->bytes;

    if (binding->hlen == 0)
        return;
    if (binding->ends_client) {
        at += binding->size[LEASE_CLIENT] - binding->hlen;
    } else {
        for (size_t i = 0; i < LEASE_SPANS; i++)
            at += binding->size[i];
    }
    memcpy(out, at, binding->hlen);
}

struct binding lease_binding_of(const struct lease *lease)
{
    const struct lease_binding *from = &lease->binding;
    const uint8_t *at = from->bytes;
    struct binding b = {
        .address = from->address,
        .state = (enum binding_state)from->state,
        .owner = (enum role)from->owner,
        .term = from->term,
        .version = lease_version(lease),
        .cltt = from->cltt,
        .expires = from->expires,
        .unsent = from->unsent,
        .htype = from->htype,
        .hlen = from->hlen,
    };

    b.client = next_part(&at, from->size[LEASE_CLIENT]);
    b.reserved = next_part(&at, from->size[LEASE_RESERVED]);
    b.host_name = next_part(&at, from->size[LEASE_HOST_NAME]);
    b.relay_info = next_part(&at, from->size[LEASE_RELAY_INFO]);
    b.vendor_class = next_part(&at, from->size[LEASE_VENDOR_CLASS]);
    lease_hardware_copy(from, b.chaddr);
    if (from->has_names) {
        at += from->ends_client ? 0 : from->hlen;
        b.names = span_of(at, names_size_at(at));
    }
    return b;
}
