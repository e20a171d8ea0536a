/* tests/sim/batch.c - many runs, each in a process of its own: one that dies takes no other
 * with it. */
#include "tests/sim/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX    64
#define RUN_SECONDS 300 /* of real time: then it hangs */

struct slot {
    pid_t pid; /* 0: free */
    size_t i;
    struct run run;
};

void run_draw(struct run *run, uint64_t seed)
{
    memset(run, 0, sizeof(*run));
    run->seed = seed;
    settings_draw(&run->settings, seed);
    plan_draw(&run->plan, &run->settings, seed);
}

void run_here(const struct run *run, struct result *result)
{
    struct sim *sim = sim_new(run->seed, &run->settings, &run->plan, &run->options);

    sim_run(sim);
    snprintf(result->rule, sizeof(result->rule), "%s", sim->violation_rule);
    snprintf(result->text, sizeof(result->text), "%s", sim->violation);
    result->at = sim->violation_at;
    result->hash = sim->hash;
    result->events = sim->events;
    result->acks = sim->acks;
    result->naks = sim->naks;
    result->skipped_faults = sim->skipped_faults;
    memcpy(result->points, sim->points, sizeof(result->points));
    result->coverage = sim->coverage;
    result->done = true;
    sim_free(sim);
}

static void begin(struct slot *slot, struct result *result)
{
    memset(result, 0, sizeof(*result));
    fflush(stdout);
    slot->pid = fork();
    ASSERT(slot->pid >= 0);
    if (slot->pid == 0) {
        alarm(RUN_SECONDS);
        run_here(&slot->run, result);
        exit(0);
    }
}

static void end_one(const struct batch *batch, struct slot *slots, struct result *results,
                    unsigned jobs)
{
    int status;
    const pid_t pid = wait(&status);

    for (unsigned j = 0; j < jobs; j++) {
        struct result *r = &results[j];

        if (slots[j].pid != pid)
            continue;
        slots[j].pid = 0;
        if (!r->done || status != 0) {
            snprintf(r->rule, sizeof(r->rule), "crash");
            snprintf(r->text, sizeof(r->text), "the process ended with %s %d",
                     WIFSIGNALED(status) ? "signal" : "status",
                     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        }
        batch->report(batch->context, slots[j].i, &slots[j].run, r);
    }
}

static unsigned free_slot(const struct slot *slots, unsigned jobs)
{
    for (unsigned j = 0; j < jobs; j++) {
        if (slots[j].pid == 0)
            return j;
    }
    UNREACHABLE("fewer run than there are slots");
}

void batch_run(const struct batch *batch)
{
    const unsigned jobs =
        batch->jobs < 1 ? 1 : (batch->jobs > JOBS_MAX ? JOBS_MAX : batch->jobs);
    struct slot *slots = calloc(jobs, sizeof(*slots));
    struct result *results = mmap(NULL, jobs * sizeof(*results), PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    size_t begun = 0, ended = 0;

    ASSERT(slots != NULL && results != MAP_FAILED);
    while (ended < batch->count) {
        if (begun < batch->count && begun - ended < jobs) {
            const unsigned j = free_slot(slots, jobs);

            slots[j].i = begun++;
            batch->make(batch->context, slots[j].i, &slots[j].run);
            begin(&slots[j], &results[j]);
        } else {
            end_one(batch, slots, results, jobs);
            ended++;
        }
    }
    munmap(results, jobs * sizeof(*results));
    free(slots);
}
