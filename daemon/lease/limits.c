/* daemon/lease/limits.c - see limits.h */
#include "daemon/lease/limits.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/lease/table_internal.h"
#include "proto/dhcp4.h"

#define RELAY_CIRCUIT_ID 1
#define RELAY_REMOTE_ID  2

/* How many there are of one value under one limit; 0: unused. */
struct tally {
    uint64_t token;
    uint32_t count;
    uint32_t next; /* in its bucket; unused: the next unused one */
};

/* What is counted for an offer, or for a record. */
struct tokens {
    size_t count;
    uint64_t token[CONFIG_LIMITS_MAX];
};

/* The limits that hold somewhere, of which a holder has a token each. */
struct limited {
    size_t count;
    const struct config_limit *limit[CONFIG_LIMITS_MAX];
};

struct lease_limits {
    struct segments tallies; /* struct tally */
    struct buckets by_token;
    uint32_t unused;
    struct segments offered; /* struct tokens, by offer */
    lease_classify *classify;
    void *classify_context;
};

/* ---- tokens ---- */

/* Empty: there is nothing to count. */
static struct span value_of(enum config_limit_per per, const struct lease_holder *holder,
                            uint8_t hardware[static 18])
{
    switch (per) {
    case CONFIG_PER_CLIENT:
        return holder->client;
    case CONFIG_PER_HARDWARE:
        hardware[0] = holder->htype;
        memcpy(hardware + 1, holder->chaddr, holder->hlen);
        return span_of(hardware, holder->hlen > 0 ? 1 + (size_t)holder->hlen : 0);
    case CONFIG_PER_CIRCUIT:
        return dhcp4_suboption(holder->relay_info, RELAY_CIRCUIT_ID);
    case CONFIG_PER_REMOTE:
        return dhcp4_suboption(holder->relay_info, RELAY_REMOTE_ID);
    case CONFIG_PER_CLASS:
        break; /* counts clients of any value */
    }
    return span_of(NULL, 0);
}

static void add_token(const struct lease_table *table, const struct config_limit *limit,
                      struct span value, struct tokens *out, struct limited *limited)
{
    ASSERT(out->count < CONFIG_LIMITS_MAX && limited->count == out->count);
    limited->limit[limited->count++] = limit;
    out->token[out->count++] =
        XXH3_64bits_withSeed(value.data, value.size, table->seed + limit->index);
}

/* Those of `classes` that the holder is in. */
static void add_classes(const struct lease_table *table, const struct limited *classes,
                        const struct lease_holder *holder, struct tokens *out,
                        struct limited *limited)
{
    static const uint8_t whole = 0; /* all clients of a class are one value */
    bool in[CONFIG_LIMITS_MAX];

    if (classes->count == 0)
        return;
    ASSERT(table->limits->classify != NULL && holder->record != NULL);
    table->limits->classify(table->limits->classify_context, holder->record, classes->limit,
                            classes->count, in);
    for (size_t i = 0; i < classes->count; i++)
        if (in[i])
            add_token(table, classes->limit[i], span_of(&whole, 1), out, limited);
}

static void tokens_of(const struct lease_table *table, const struct config_subnet *subnet,
                      const struct lease_holder *holder, struct tokens *out,
                      struct limited *limited)
{
    const struct config_limits *limits =
        subnet != NULL ? subnet->effective->care.limits : table->config->terms.care.limits;
    struct limited classes;

    out->count = limited->count = classes.count = 0;
    for (; limits != NULL; limits = limits->above) {
        for (size_t i = 0; i < limits->count; i++) {
            const struct config_limit *limit = &limits->items[i];
            uint8_t hardware[18];
            const struct span value = value_of(limit->per, holder, hardware);

            if (limit->per == CONFIG_PER_CLASS) {
                ASSERT(classes.count < CONFIG_LIMITS_MAX);
                classes.limit[classes.count++] = limit;
            } else if (value.size > 0) {
                add_token(table, limit, value, out, limited);
            }
        }
    }
    add_classes(table, &classes, holder, out, limited);
}

/* ---- tallies ---- */

static struct tally *tally(const struct lease_table *table, uint32_t at)
{
    return segments_get(&table->limits->tallies, sizeof(struct tally), at);
}

static uint32_t hash_tally(const struct lease_table *table, uint32_t at)
{
    return (uint32_t)tally(table, at)->token;
}

static uint32_t *next_tally(const struct lease_table *table, uint32_t at)
{
    return &tally(table, at)->next;
}

static const struct bucket_kind by_token = {hash_tally, next_tally};

static uint32_t find_tally(const struct lease_table *table, uint64_t token)
{
    uint32_t at = buckets_first(&table->limits->by_token, (uint32_t)token);

    while (at != BUCKET_END && tally(table, at)->token != token)
        at = tally(table, at)->next;
    return at;
}

static uint32_t new_tally(struct lease_table *table, uint64_t token)
{
    struct lease_limits *limits = table->limits;
    uint32_t at = limits->unused;

    if (at == LEASE_NONE) {
        segments_add(&limits->tallies, sizeof(struct tally));
        at = limits->tallies.count - 1;
    } else {
        limits->unused = tally(table, at)->next;
    }
    *tally(table, at) = (struct tally){.token = token};
    buckets_insert(&limits->by_token, &by_token, table, at);
    return at;
}

static void count_in(struct lease_table *table, const struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++) {
        uint32_t at = find_tally(table, tokens->token[i]);

        if (at == BUCKET_END)
            at = new_tally(table, tokens->token[i]);
        tally(table, at)->count++;
    }
}

static void count_out(struct lease_table *table, const struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++) {
        const uint32_t at = find_tally(table, tokens->token[i]);

        ASSERT(at != BUCKET_END && tally(table, at)->count > 0);
        if (--tally(table, at)->count > 0)
            continue;
        buckets_remove(&table->limits->by_token, &by_token, table, at);
        tally(table, at)->next = table->limits->unused;
        table->limits->unused = at;
    }
}

static uint32_t count_of(const struct lease_table *table, uint64_t token)
{
    const uint32_t at = find_tally(table, token);

    return at == BUCKET_END ? 0 : tally(table, at)->count;
}

/* ---- records ---- */

void lease_limits_init(struct lease_table *table)
{
    if (table->config->limit_count == 0)
        return;
    table->limits = lease_reallocate(NULL, 1, sizeof(*table->limits));
    *table->limits = (struct lease_limits){.unused = LEASE_NONE};
    buckets_init(&table->limits->by_token);
}

void lease_limits_classify(struct lease_table *table, lease_classify *classify, void *context)
{
    ASSERT(table->loading);
    if (table->limits == NULL)
        return;
    table->limits->classify = classify;
    table->limits->classify_context = context;
}

void lease_limits_deinit(struct lease_table *table)
{
    if (table->limits == NULL)
        return;
    segments_deinit(&table->limits->tallies);
    segments_deinit(&table->limits->offered);
    buckets_deinit(&table->limits->by_token);
    free(table->limits);
}

void lease_limits_count(struct lease_table *table, const struct entry *entry, bool in)
{
    struct binding b;
    struct lease_holder holder;
    struct tokens tokens;
    struct limited limited;

    if (entry->lease.binding.state != BINDING_ACTIVE)
        return;
    b = lease_binding_of(&entry->lease);
    holder = (struct lease_holder){b.client, b.htype, b.hlen, b.chaddr, b.relay_info, &b};
    tokens_of(table, config_subnet_of(table->config, b.address), &holder, &tokens, &limited);
    if (in)
        count_in(table, &tokens);
    else
        count_out(table, &tokens);
}

void lease_limits_loaded(struct lease_table *table)
{
    for (uint32_t i = 0; table->limits != NULL && i < table->entries.count; i++)
        lease_limits_count(table, lease_entry(table, i), true);
}

/* ---- offers ---- */

static struct tokens *offered(const struct lease_table *table, uint32_t offer)
{
    return segments_get(&table->limits->offered, sizeof(struct tokens), offer);
}

void lease_limits_offered(struct lease_table *table, struct ip4 address,
                          const struct lease_holder *holder)
{
    const struct entry *entry = lease_entry_find(table, address);
    struct limited limited;

    ASSERT(entry != NULL && entry->lease.binding.offer != LEASE_NO_OFFER);
    if (table->limits == NULL)
        return;
    while (table->limits->offered.count <= entry->lease.binding.offer)
        *(struct tokens *)segments_add(&table->limits->offered, sizeof(struct tokens)) =
            (struct tokens){.count = 0};
    lease_limits_offer_end(table, entry->lease.binding.offer);
    tokens_of(table, config_subnet_of(table->config, address), holder,
              offered(table, entry->lease.binding.offer), &limited);
    count_in(table, offered(table, entry->lease.binding.offer));
}

void lease_limits_offer_end(struct lease_table *table, uint32_t offer)
{
    if (table->limits == NULL || offer >= table->limits->offered.count)
        return;
    count_out(table, offered(table, offer));
    offered(table, offer)->count = 0;
}

static bool offer_counts(const struct lease_table *table, uint32_t offer, uint64_t token)
{
    const struct tokens *tokens;

    if (offer == LEASE_NONE || offer >= table->limits->offered.count)
        return false;
    tokens = offered(table, offer);
    for (size_t i = 0; i < tokens->count; i++) {
        if (tokens->token[i] == token)
            return true;
    }
    return false;
}

const struct config_limit *lease_limits_full(const struct lease_table *table,
                                             const struct config_subnet *subnet,
                                             const struct lease_holder *holder)
{
    struct tokens tokens;
    struct limited limited;
    uint32_t own;

    if (table->limits == NULL)
        return NULL;
    tokens_of(table, subnet, holder, &tokens, &limited);
    own = lease_offer_of(table, holder->client, subnet);
    for (size_t i = 0; i < tokens.count; i++) {
        const uint32_t others =
            count_of(table, tokens.token[i]) - offer_counts(table, own, tokens.token[i]);

        if (others >= limited.limit[i]->leases)
            return limited.limit[i];
    }
    return NULL;
}
