/* tests/bench/load/histogram.h - a distribution of latencies in constant memory.
 *
 * Buckets grow with the value: 32 to each power of two, so a quantile is at most 1/32 (3 %)
 * above the true value.  Values below 64 ns are exact. */
#ifndef TWINDHCP_BENCH_HISTOGRAM_H
#define TWINDHCP_BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_SUB_BITS 5
#define HISTOGRAM_BUCKETS  ((64 - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS)

/* All zero is an empty one. */
struct histogram {
    uint64_t count, sum, max;
    uint64_t bucket[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);

/* The smallest value that at least `per_myriad` / 10,000 of all values do not exceed, as its
 * bucket's upper end, never above `max`.  0 when empty. */
uint64_t histogram_quantile(const struct histogram *h, unsigned int per_myriad);

/* 0 when empty. */
uint64_t histogram_mean(const struct histogram *h);

#endif
