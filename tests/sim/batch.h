/* tests/sim/batch.h - many runs, each in a process of its own; a failing one made smaller; runs
 * that are written down. */
#ifndef TWINDHCP_SIM_BATCH_H
#define TWINDHCP_SIM_BATCH_H

#include "tests/sim/sim.h"

struct scenario;

struct run {
    uint64_t seed;
    struct settings settings;
    struct plan plan;
    struct options options;
    bool fewer_faults, fewer_clients, no_noise; /* than the seed or the scenario has */
};

struct result {
    bool done;     /* false: the process died */
    char rule[16]; /* "" when all was well; "crash" when it died */
    char text[600];
    int64_t at;
    uint64_t hash, events, acks, naks, skipped_faults, points[2];
    struct coverage coverage;
};

/* The run that a seed makes. */
void run_draw(struct run *run, uint64_t seed);
/* Carry it out in this process. */
void run_here(const struct run *run, struct result *result);
/* ... in `jobs` processes: `make` fills in the i-th of `count`, `report` hears of each. */
struct batch {
    size_t count;
    unsigned jobs;
    void (*make)(void *context, size_t i, struct run *run);
    void (*report)(void *context, size_t i, const struct run *run, const struct result *result);
    void *context;
};
void batch_run(const struct batch *batch);

/* Leave out faults and clients as long as the same rule is violated. */
void shrink(struct run *run, const char *rule);
void run_print(const struct run *run);
void run_quiet(struct run *run); /* the network loses and doubles nothing by itself */
/* The arguments that make this run again; `scenario` may be NULL. */
void run_print_again(const struct run *run, const struct scenario *scenario);

#define REACHES_MAX 4

struct scenario {
    const char *name;
    const char *says;
    void (*set)(struct settings *settings, struct plan *plan);
    size_t reach_count;
    enum thing reaches[REACHES_MAX]; /* what it is there for: in some of its seeds at least */
};
const struct scenario *scenario_find(const char *name);
const struct scenario *scenario_at(size_t index); /* NULL past the end */
void scenario_draw(const struct scenario *scenario, struct run *run, uint64_t seed);

#endif
