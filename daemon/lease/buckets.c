/* daemon/lease/buckets.c - linear hashing.
 *
 * With n buckets, and p the largest power of two that is not above n, the buckets 0 .. n-p-1
 * have been split into themselves and those from p on.  Bucket n, when it is added, takes from
 * bucket n-p what belongs to it by one more bit of the hash. */
#include "daemon/lease/buckets.h"

static uint32_t *head(const struct buckets *b, uint32_t bucket)
{
    return segments_get(&b->heads, sizeof(uint32_t), bucket);
}

static uint32_t power_below(uint32_t count)
{
    return UINT32_C(1) << (31 - (unsigned)__builtin_clz(count));
}

static uint32_t bucket_of(const struct buckets *b, uint32_t hash)
{
    const uint32_t power = power_below(b->heads.count);
    const uint32_t bucket = hash & (2 * power - 1);

    return bucket < b->heads.count ? bucket : bucket - power;
}

static uint32_t *add_head(struct buckets *b)
{
    uint32_t *added = segments_add(&b->heads, sizeof(uint32_t));

    *added = BUCKET_END;
    return added;
}

void buckets_init(struct buckets *b)
{
    *b = (struct buckets){.items = 0};
    add_head(b);
}

void buckets_deinit(struct buckets *b)
{
    segments_deinit(&b->heads);
}

uint32_t buckets_first(const struct buckets *b, uint32_t hash)
{
    return *head(b, bucket_of(b, hash));
}

static void grow(struct buckets *b, const struct bucket_kind *kind,
                 const struct lease_table *table)
{
    const uint32_t added = b->heads.count;
    uint32_t *to = add_head(b);
    uint32_t *link = head(b, added - power_below(added));

    while (*link != BUCKET_END) {
        const uint32_t item = *link;
        uint32_t *next = kind->next(table, item);

        if (bucket_of(b, kind->hash(table, item)) != added) {
            link = next;
            continue;
        }
        *link = *next;
        *next = *to;
        *to = item;
    }

    /* The chain that the next insertion splits is far away in memory, and known now. */
    const uint32_t coming = *head(b, added + 1 - power_below(added + 1));

    if (coming != BUCKET_END)
        __builtin_prefetch(kind->next(table, coming));
}

void buckets_reserve(struct buckets *b, uint32_t items)
{
    ASSERT(b->items == 0);
    while (b->heads.count < items)
        add_head(b);
}

void buckets_insert(struct buckets *b, const struct bucket_kind *kind,
                    const struct lease_table *table, uint32_t item)
{
    if (b->items == b->heads.count)
        grow(b, kind, table);

    uint32_t *first = head(b, bucket_of(b, kind->hash(table, item)));

    *kind->next(table, item) = *first;
    *first = item;
    b->items++;
}

void buckets_remove(struct buckets *b, const struct bucket_kind *kind,
                    const struct lease_table *table, uint32_t item)
{
    uint32_t *link = head(b, bucket_of(b, kind->hash(table, item)));

    while (*link != item) {
        ASSERT(*link != BUCKET_END);
        link = kind->next(table, *link);
    }
    *link = *kind->next(table, item);
    b->items--;
}
