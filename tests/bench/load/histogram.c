#include "tests/bench/load/histogram.h"

#include "proto/types.h"

#define SUB_BUCKETS (1U << HISTOGRAM_SUB_BITS)

static unsigned int bucket_of(uint64_t value)
{
    unsigned int shift;

    if (value < SUB_BUCKETS)
        return (unsigned int)value;
    shift = 63U - (unsigned int)__builtin_clzll(value) - HISTOGRAM_SUB_BITS;
    return (shift << HISTOGRAM_SUB_BITS) + (unsigned int)(value >> shift);
}

/* The largest value of a bucket. */
static uint64_t bucket_end(unsigned int bucket)
{
    unsigned int shift;
    uint64_t first;

    if (bucket < 2 * SUB_BUCKETS)
        return bucket;
    shift = (bucket >> HISTOGRAM_SUB_BITS) - 1;
    first = (uint64_t)(SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1))) << shift;
    return first + ((uint64_t)1 << shift) - 1;
}

void histogram_add(struct histogram *h, uint64_t value)
{
    h->count++;
    h->sum += value;
    if (value > h->max)
        h->max = value;
    h->bucket[bucket_of(value)]++;
}

uint64_t histogram_quantile(const struct histogram *h, unsigned int per_myriad)
{
    uint64_t seen = 0, wanted = (h->count * per_myriad + 9999) / 10000;

    ASSERT(per_myriad <= 10000);
    if (h->count == 0)
        return 0;
    if (wanted == 0)
        wanted = 1;
    for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->bucket[i];
        if (seen >= wanted)
            return bucket_end(i) < h->max ? bucket_end(i) : h->max;
    }
    UNREACHABLE("the buckets hold as many values as were added");
}

uint64_t histogram_mean(const struct histogram *h)
{
    return h->count > 0 ? h->sum / h->count : 0;
}
