/* daemon/lease/offers.c - what was offered and not yet taken.
 *
 * Found by address through the entry, by client and subnet through a hash; in a line by the
 * order in which they end, which is the order in which they were made. */
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"

#define FIRST_OFFERS      64
#define OFFERS_EXPIRE_MAX 256

static uint32_t *bucket_of(const struct lease_table *table, struct span client, uint32_t subnet)
{
    const uint64_t hash = XXH3_64bits_withSeed(client.data, client.size, subnet);

    return &table->offer_buckets[hash & (table->offer_capacity - 1)];
}

static void bucket_link(struct lease_table *table, uint32_t at)
{
    struct offer *o = &table->offers[at];
    uint32_t *bucket = bucket_of(table, o->offer.client, o->subnet);

    o->bucket_next = *bucket;
    *bucket = at;
}

static void bucket_unlink(struct lease_table *table, uint32_t at)
{
    const struct offer *o = &table->offers[at];
    uint32_t *link = bucket_of(table, o->offer.client, o->subnet);

    while (*link != at) {
        ASSERT(*link != LEASE_NONE);
        link = &table->offers[*link].bucket_next;
    }
    *link = o->bucket_next;
}

static void line_append(struct lease_table *table, uint32_t at)
{
    table->offers[at].older = table->offer_newest;
    table->offers[at].newer = LEASE_NONE;
    if (table->offer_newest != LEASE_NONE)
        table->offers[table->offer_newest].newer = at;
    else
        table->offer_oldest = at;
    table->offer_newest = at;
}

static void line_unlink(struct lease_table *table, uint32_t at)
{
    const struct offer *o = &table->offers[at];

    if (o->older != LEASE_NONE)
        table->offers[o->older].newer = o->newer;
    else
        table->offer_oldest = o->newer;
    if (o->newer != LEASE_NONE)
        table->offers[o->newer].older = o->older;
    else
        table->offer_newest = o->older;
}

/* Only when every slot is in use. */
static void grow(struct lease_table *table)
{
    const size_t old = table->offer_capacity;

    ASSERT(table->offer_count == old && old < LEASE_OFFERS_MAX);
    table->offer_capacity = old > 0 ? old * 2 : FIRST_OFFERS;
    table->offers =
        lease_reallocate(table->offers, table->offer_capacity, sizeof(struct offer));
    table->offer_buckets =
        lease_reallocate(table->offer_buckets, table->offer_capacity, sizeof(uint32_t));
    for (size_t i = 0; i < table->offer_capacity; i++)
        table->offer_buckets[i] = LEASE_NONE;
    for (uint32_t i = 0; i < old; i++)
        bucket_link(table, i);
    for (size_t i = table->offer_capacity; i-- > old;) {
        table->offers[i].newer = table->offer_unused;
        table->offer_unused = (uint32_t)i;
    }
}

static void end(struct lease_table *table, uint32_t at)
{
    struct offer *o = &table->offers[at];
    struct entry *entry = lease_entry(table, o->entry);

    ASSERT(entry->offer == at);
    bucket_unlink(table, at);
    line_unlink(table, at);
    if (o->block_size > 0)
        blocks_give(&table->blocks, (uint8_t *)(uintptr_t)o->offer.client.data, o->block_size);
    o->newer = table->offer_unused;
    table->offer_unused = at;
    table->offer_count--;
    entry->offer = LEASE_NONE;
    lease_free_enter(table, entry);
}

static uint32_t subnet_index(const struct config_subnet *subnet)
{
    return subnet != NULL ? (uint32_t)subnet->index : LEASE_NONE;
}

static uint32_t find(const struct lease_table *table, struct span client, uint32_t subnet)
{
    if (table->offer_capacity == 0)
        return LEASE_NONE;

    uint32_t at = *bucket_of(table, client, subnet);

    while (at != LEASE_NONE && !(table->offers[at].subnet == subnet &&
                                 span_equal(table->offers[at].offer.client, client)))
        at = table->offers[at].bucket_next;
    return at;
}

static struct span copy_key(struct lease_table *table, struct span key, uint16_t *block_size)
{
    *block_size = 0;
    if (key.size == 0)
        return span_of(NULL, 0);

    uint8_t *block = blocks_take(&table->blocks, key.size, block_size);

    memcpy(block, key.data, key.size);
    return span_of(block, key.size);
}

/* Make room for the offer of `entry` to `client`: end what it replaces. */
static void replace_older(struct lease_table *table, struct entry *entry, struct span client,
                          uint32_t subnet)
{
    if (entry->offer != LEASE_NONE)
        end(table, entry->offer);

    const uint32_t elsewhere = find(table, client, subnet);

    if (elsewhere != LEASE_NONE)
        end(table, elsewhere);
    if (table->offer_count == LEASE_OFFERS_MAX)
        end(table, table->offer_oldest);
}

void lease_table_offer(struct lease_table *table, struct ip4 address, struct span client,
                       struct instant until)
{
    const uint32_t subnet = subnet_index(config_subnet_of(table->config, address));
    struct entry *entry = lease_entry_touch(table, address);
    uint8_t key[BINDING_CLIENT_MAX];

    ASSERT(client.size <= sizeof(key));
    if (client.size > 0)
        memcpy(key, client.data, client.size); /* it may be the key of the offer replaced */
    client = span_of(key, client.size);
    replace_older(table, entry, client, subnet);
    if (table->offer_newest != LEASE_NONE)
        until = instant_later(until, table->offers[table->offer_newest].offer.until);
    if (table->offer_unused == LEASE_NONE)
        grow(table);

    const uint32_t at = table->offer_unused;
    struct offer *o = &table->offers[at];

    table->offer_unused = o->newer;
    o->offer.address = address;
    o->offer.until = until;
    o->offer.client = copy_key(table, client, &o->block_size);
    o->entry = entry->lease.index;
    o->subnet = subnet;
    bucket_link(table, at);
    line_append(table, at);
    table->offer_count++;
    lease_free_leave(table, entry);
    entry->offer = at;
}

static bool live(const struct lease_table *table, uint32_t at, struct instant now,
                 struct lease_offer *out)
{
    if (at == LEASE_NONE || !instant_before(now, table->offers[at].offer.until))
        return false;
    *out = table->offers[at].offer;
    return true;
}

bool lease_table_offer_at(struct lease_table *table, struct ip4 address, struct instant now,
                          struct lease_offer *out)
{
    const struct entry *entry = lease_entry_find(table, address);

    return entry != NULL && live(table, entry->offer, now, out);
}

bool lease_table_offer_to(struct lease_table *table, const struct config_subnet *subnet,
                          struct span client, struct instant now, struct lease_offer *out)
{
    return live(table, find(table, client, subnet_index(subnet)), now, out);
}

void lease_table_offer_end(struct lease_table *table, struct ip4 address)
{
    const struct entry *entry = lease_entry_find(table, address);

    if (entry != NULL && entry->offer != LEASE_NONE)
        end(table, entry->offer);
}

void lease_table_offers_expire(struct lease_table *table, struct instant now)
{
    for (int ended = 0; ended < OFFERS_EXPIRE_MAX && table->offer_oldest != LEASE_NONE &&
                        !instant_before(now, table->offers[table->offer_oldest].offer.until);
         ended++)
        end(table, table->offer_oldest);
}

size_t lease_table_offer_count(const struct lease_table *table)
{
    return table->offer_count;
}

void lease_offers_deinit(struct lease_table *table)
{
    free(table->offers);
    free(table->offer_buckets);
}
