/* tests/bench/load/clock.h - the one clock of a run.
 *
 * CLOCK_REALTIME, because the kernel stamps arriving datagrams with it: a latency then ends
 * when the reply reached this machine, not when we were scheduled to read it. */
#ifndef TWINDHCP_BENCH_CLOCK_H
#define TWINDHCP_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_MS 1000000ULL
#define NS_PER_S  1000000000ULL

static inline uint64_t clock_ns_of(struct timespec t)
{
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static inline uint64_t clock_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return clock_ns_of(now);
}

/* 0 rather than a huge number where two stamps of one instant come out in the wrong order. */
static inline uint64_t clock_elapsed_ns(uint64_t from, uint64_t to)
{
    return to > from ? to - from : 0;
}

#endif
