/* tests/bench/load/run.h - one run: bind, load, drain. */
#ifndef TWINDHCP_BENCH_RUN_H
#define TWINDHCP_BENCH_RUN_H

#include "tests/bench/load/options.h"

struct result {
    struct stats stats;
    uint64_t begin_ns, end_ns; /* with the drain */
    uint64_t span_ns;          /* from the first start to the last, or its time */
    uint64_t done_in_span;     /* the drain does not make a rate higher */
    uint64_t starved;          /* starts that found no idle client */
    uint64_t lag_ns;           /* the most that a start came late */
    uint64_t overflows;        /* datagrams that our sockets had no room for */
    uint32_t bound_before;     /* by this step: the first has them all */
    uint64_t bind_ns;          /* how long that took */
    double cpu_s;              /* of this process, in load and drain */
};

/* Bind, then every step of the options; `out` has room for a result of each. */
void run(const struct options *options, struct result *out);

#endif
