/* daemon/lease/offers.c - what was offered and not yet taken.
 *
 * Found by address through the entry, by client and link through a hash; in a line by the
 * order in which they end, which is the order in which they were made. */
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"

#define OFFERS_EXPIRE_MAX 256

static struct offer *offer(const struct lease_table *table, uint32_t at)
{
    return segments_get(&table->offers, sizeof(struct offer), at);
}

static uint32_t hash_client(struct span client, uint32_t link)
{
    return (uint32_t)XXH3_64bits_withSeed(client.data, client.size, link);
}

static uint32_t hash_offer(const struct lease_table *table, uint32_t at)
{
    const struct offer *o = offer(table, at);

    return hash_client(o->offer.client, o->link);
}

static uint32_t *next_offer(const struct lease_table *table, uint32_t at)
{
    return &offer(table, at)->bucket_next;
}

static const struct bucket_kind by_offer = {hash_offer, next_offer};

void lease_offers_init(struct lease_table *table)
{
    table->offer_oldest = table->offer_newest = table->offer_unused = LEASE_NONE;
    buckets_init(&table->by_offer);
}

void lease_offers_deinit(struct lease_table *table)
{
    segments_deinit(&table->offers);
    buckets_deinit(&table->by_offer);
}

static void line_append(struct lease_table *table, uint32_t at)
{
    offer(table, at)->older = table->offer_newest;
    offer(table, at)->newer = LEASE_NONE;
    if (table->offer_newest != LEASE_NONE)
        offer(table, table->offer_newest)->newer = at;
    else
        table->offer_oldest = at;
    table->offer_newest = at;
}

static void line_unlink(struct lease_table *table, uint32_t at)
{
    const struct offer *o = offer(table, at);

    if (o->older != LEASE_NONE)
        offer(table, o->older)->newer = o->newer;
    else
        table->offer_oldest = o->newer;
    if (o->newer != LEASE_NONE)
        offer(table, o->newer)->older = o->older;
    else
        table->offer_newest = o->older;
}

/* The place of a new one. */
static uint32_t take(struct lease_table *table)
{
    const uint32_t at = table->offer_unused;

    if (at == LEASE_NONE) {
        segments_add(&table->offers, sizeof(struct offer));
        return table->offers.count - 1;
    }
    table->offer_unused = offer(table, at)->newer;
    return at;
}

static void end(struct lease_table *table, uint32_t at)
{
    struct offer *o = offer(table, at);
    struct entry *entry = lease_entry(table, o->entry);

    ASSERT(entry->lease.binding.offer == at);
    lease_limits_offer_end(table, at);
    buckets_remove(&table->by_offer, &by_offer, table, at);
    line_unlink(table, at);
    blocks_give(&table->blocks, (uint8_t *)(uintptr_t)o->offer.client.data, o->block_class);
    o->newer = table->offer_unused;
    table->offer_unused = at;
    entry->lease.binding.offer = LEASE_NO_OFFER;
    lease_free_enter(table, entry);
}

static uint32_t link_index(const struct config_subnet *subnet)
{
    return subnet != NULL ? (uint32_t)subnet->link->index : LEASE_NONE;
}

static uint32_t find(const struct lease_table *table, struct span client, uint32_t link)
{
    uint32_t at = buckets_first(&table->by_offer, hash_client(client, link));

    while (at != BUCKET_END && !(offer(table, at)->link == link &&
                                 span_equal(offer(table, at)->offer.client, client)))
        at = offer(table, at)->bucket_next;
    return at;
}

uint32_t lease_offer_of(const struct lease_table *table, struct span client,
                        const struct config_subnet *subnet)
{
    return find(table, client, link_index(subnet));
}

static struct span copy_key(struct lease_table *table, struct span key, uint8_t *block_class)
{
    *block_class = 0;
    if (key.size == 0)
        return span_of(NULL, 0);

    uint8_t *block = blocks_take(&table->blocks, key.size, block_class);

    memcpy(block, key.data, key.size);
    return span_of(block, key.size);
}

/* Make room for the offer of `entry` to `client`: end what it replaces. */
static void replace_older(struct lease_table *table, struct entry *entry, struct span client,
                          uint32_t link)
{
    if (entry->lease.binding.offer != LEASE_NO_OFFER)
        end(table, entry->lease.binding.offer);

    const uint32_t elsewhere = find(table, client, link);

    if (elsewhere != LEASE_NONE)
        end(table, elsewhere);
    if (table->by_offer.items == LEASE_OFFERS_MAX)
        end(table, table->offer_oldest);
}

void lease_table_offer(struct lease_table *table, struct ip4 address, struct span client,
                       struct instant until)
{
    const uint32_t link = link_index(config_subnet_of(table->config, address));
    struct entry *entry = lease_entry_touch(table, address);
    uint8_t key[BINDING_CLIENT_MAX];

    ASSERT(client.size <= sizeof(key));
    if (client.size > 0)
        memcpy(key, client.data, client.size); /* it may be the key of the offer replaced */
    client = span_of(key, client.size);
    replace_older(table, entry, client, link);
    if (table->offer_newest != LEASE_NONE)
        until = instant_later(until, offer(table, table->offer_newest)->offer.until);

    const uint32_t at = take(table);
    struct offer *o = offer(table, at);

    o->offer.address = address;
    o->offer.until = until;
    o->offer.client = copy_key(table, client, &o->block_class);
    o->entry = entry->lease.index;
    o->link = link;
    buckets_insert(&table->by_offer, &by_offer, table, at);
    line_append(table, at);
    lease_free_leave(table, entry);
    ASSERT(at < LEASE_OFFERS_MAX);
    entry->lease.binding.offer = (uint16_t)at;
}

static bool live(const struct lease_table *table, uint32_t at, struct instant now,
                 struct lease_offer *out)
{
    if (at == LEASE_NONE || !instant_before(now, offer(table, at)->offer.until))
        return false;
    *out = offer(table, at)->offer;
    return true;
}

bool lease_table_offer_at(struct lease_table *table, struct ip4 address, struct instant now,
                          struct lease_offer *out)
{
    const struct entry *entry = lease_entry_find(table, address);

    return entry != NULL && entry->lease.binding.offer != LEASE_NO_OFFER &&
           live(table, entry->lease.binding.offer, now, out);
}

bool lease_table_offer_to(struct lease_table *table, const struct config_subnet *subnet,
                          struct span client, struct instant now, struct lease_offer *out)
{
    return live(table, find(table, client, link_index(subnet)), now, out);
}

void lease_table_offer_end(struct lease_table *table, struct ip4 address)
{
    const struct entry *entry = lease_entry_find(table, address);

    if (entry != NULL && entry->lease.binding.offer != LEASE_NO_OFFER)
        end(table, entry->lease.binding.offer);
}

void lease_table_offers_expire(struct lease_table *table, struct instant now)
{
    for (int ended = 0; ended < OFFERS_EXPIRE_MAX && table->offer_oldest != LEASE_NONE &&
                        !instant_before(now, offer(table, table->offer_oldest)->offer.until);
         ended++)
        end(table, table->offer_oldest);
}

size_t lease_table_offer_count(const struct lease_table *table)
{
    return table->by_offer.items;
}
