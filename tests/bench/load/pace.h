/* tests/bench/load/pace.h - when to start the next exchange.
 *
 * At a fixed rate, whether the servers keep up or not; or in closed loop, where a fixed number
 * is always under way. */
#ifndef TWINDHCP_BENCH_PACE_H
#define TWINDHCP_BENCH_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Starts are at least this far apart: sleeping and waking for each would cost the servers' CPU.
 */
#define PACE_TICK_NS 200000ULL

struct pace_options {
    double rate;      /* exchanges per second; 0: closed loop */
    uint32_t window;  /* exchanges under way in closed loop */
    uint64_t count;   /* starts in all; 0: no limit */
    uint64_t span_ns; /* starts end after this time; 0: no limit */
};

struct pace {
    struct pace_options options;
    uint64_t begin_ns, started;
    uint64_t lag_ns; /* the most that a start came after its time */
};

void pace_begin(struct pace *pace, const struct pace_options *options, uint64_t now_ns);

/* How many to start now. */
uint64_t pace_due(const struct pace *pace, uint64_t now_ns, uint32_t busy);

/* So many were started. */
void pace_started(struct pace *pace, uint64_t count, uint64_t now_ns);

/* No more starts. */
bool pace_is_over(const struct pace *pace, uint64_t now_ns);

/* When pace_due() or pace_is_over() may change by time alone; UINT64_MAX: never. */
uint64_t pace_next_ns(const struct pace *pace, uint64_t now_ns);

#endif
