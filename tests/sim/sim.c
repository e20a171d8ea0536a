/* tests/sim/sim.c - the command: seeds, one seed with its trace, scenarios, sweeps. */
#include "tests/sim/batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SHRINK_MAX 3 /* failures that are shrunk; the others are only named */

struct arguments {
    uint64_t seeds, first, every;
    bool one, trace, hash, shrink, stop, sweep, quiet, coverage, no_noise;
    const char *scenario; /* NULL: drawn from the seed; "all": each of them */
    unsigned jobs;
    bool has_crash, crash_loses;
    enum role crash_role;
    uint64_t crash_point;
    uint32_t clients;
    const char *only; /* "1,4": these faults of the plan alone */
};

struct totals {
    const struct arguments *arguments;
    const struct scenario *scenario; /* NULL: seeds */
    size_t passed, failed;
    struct coverage coverage, covered_runs; /* of all runs, and of this scenario's */
    struct coverage of_scenario, of_scenario_runs;
    struct { /* failures to be shrunk when all have run */
        struct run run;
        char rule[16];
    } kept[SHRINK_MAX];
    size_t kept_count;
    uint64_t points[2]; /* sweep */
};

static const char usage[] =
    "usage: sim [--seeds N] [--first S] [--jobs J] [--no-shrink] [--stop] [--hash] "
    "[--coverage]\n"
    "       sim --seed S [--trace] [--only 1,4,..] [--clients N] [--no-noise]\n"
    "                    [--crash ROLE:POINT:lost|kept]\n"
    "       sim --scenario NAME|all [--seed S | --seeds N] [--trace]\n"
    "       sim --scenario NAME|all --sweep [--every K]\n"
    "       sim --list\n";

static void keep_only(struct plan *plan, const char *list)
{
    struct plan kept = {.count = 0};
    char *end;

    while (*list != '\0') {
        const unsigned long i = strtoul(list, &end, 10);

        if (end != list && i >= 1 && i <= plan->count)
            kept.faults[kept.count++] = plan->faults[i - 1];
        list = *end == ',' ? end + 1 : end;
        if (end == list && *list != '\0')
            break;
    }
    *plan = kept;
}

static void make_seed(const struct totals *t, uint64_t seed, struct run *run)
{
    const struct arguments *a = t->arguments;

    if (t->scenario != NULL)
        scenario_draw(t->scenario, run, seed);
    else
        run_draw(run, seed);
    run->options =
        (struct options){a->trace, a->has_crash, a->crash_role, a->crash_point, a->crash_loses};
    if (a->only != NULL) {
        keep_only(&run->plan, a->only);
        run->fewer_faults = true;
    }
    if (a->clients > 0) {
        run->settings.clients = a->clients;
        run->fewer_clients = true;
    }
    if (a->no_noise)
        run_quiet(run);
}

static void print_failure(struct totals *t, const struct run *run, const struct result *result)
{
    printf("FAILED seed %" PRIu64 " at %" PRId64 " ms: %s: %s\n", run->seed, result->at,
           result->rule, result->text);
    run_print_again(run, t->scenario);
    if (!t->arguments->shrink || t->kept_count == SHRINK_MAX)
        return;
    t->kept[t->kept_count].run = *run;
    memcpy(t->kept[t->kept_count++].rule, result->rule, sizeof(result->rule));
}

static void shrink_kept(struct totals *t)
{
    for (size_t i = 0; i < t->kept_count; i++) {
        shrink(&t->kept[i].run, t->kept[i].rule);
        printf("seed %" PRIu64 " breaks %s with no more than:\n", t->kept[i].run.seed,
               t->kept[i].rule);
        run_print(&t->kept[i].run);
        run_print_again(&t->kept[i].run, t->scenario);
    }
    t->kept_count = 0;
}

static void report(void *context, size_t i, const struct run *run, const struct result *result)
{
    struct totals *t = context;

    (void)i;
    coverage_add(&t->coverage, &t->covered_runs, &result->coverage);
    coverage_add(&t->of_scenario, &t->of_scenario_runs, &result->coverage);
    if (t->arguments->hash)
        printf("seed %" PRIu64 " hash %016" PRIx64 " events %" PRIu64 " acks %" PRIu64
               " naks %" PRIu64 " faults skipped %" PRIu64 " of %zu\n",
               run->seed, result->hash, result->events, result->acks, result->naks,
               result->skipped_faults, run->plan.count);
    if (result->rule[0] == '\0') {
        t->passed++;
        return;
    }
    t->failed++;
    if (!t->arguments->quiet)
        print_failure(t, run, result);
    if (t->arguments->stop) {
        printf("stopped after %zu\n", t->passed + t->failed);
        fflush(stdout);
        _exit(1);
    }
}

static void make_by_seed(void *context, size_t i, struct run *run)
{
    const struct totals *t = context;

    make_seed(t, t->arguments->first + i, run);
}

/* A scenario that no longer comes to what it is there for tests nothing. */
static void check_reached(struct totals *t)
{
    for (size_t i = 0; i < t->scenario->reach_count; i++) {
        const enum thing thing = t->scenario->reaches[i];

        if (t->of_scenario.things[thing] > 0) {
            t->passed++;
            continue;
        }
        t->failed++;
        printf("FAILED scenario %s: in %" PRIu64 " seeds it never came to \"%s\"\n",
               t->scenario->name, t->arguments->seeds, thing_name(thing));
    }
}

static void run_seeds(struct totals *t)
{
    const struct batch batch = {t->arguments->seeds, t->arguments->jobs, make_by_seed, report,
                                t};

    printf("seeds %" PRIu64 " .. %" PRIu64 "%s%s\n", t->arguments->first,
           t->arguments->first + t->arguments->seeds - 1, t->scenario != NULL ? " of " : "",
           t->scenario != NULL ? t->scenario->name : "");
    memset(&t->of_scenario, 0, sizeof(t->of_scenario));
    batch_run(&batch);
    shrink_kept(t);
    if (t->scenario != NULL && !t->arguments->one)
        check_reached(t);
}

static int run_one(struct totals *t)
{
    struct result result = {.done = false};
    struct run run;

    make_seed(t, t->arguments->first, &run);
    printf("seed %" PRIu64 "\n", run.seed);
    run_print(&run);
    fflush(stdout);
    run_here(&run, &result);
    printf("hash %016" PRIx64 ", %" PRIu64 " events, %" PRIu64 " acks, %" PRIu64
           " naks, %" PRIu64 " faults skipped\n",
           result.hash, result.events, result.acks, result.naks, result.skipped_faults);
    if (result.rule[0] == '\0') {
        printf("1 passed, 0 failed\n");
        return 0;
    }
    printf("FAILED at %" PRId64 " ms: %s: %s\n0 passed, 1 failed\n", result.at, result.rule,
           result.text);
    return 1;
}

/* ---- the sweep: each peer dies before each of its effects in turn ---- */

static void make_by_point(void *context, size_t i, struct run *run)
{
    const struct totals *t = context;
    const uint64_t every = t->arguments->every;
    const uint64_t of_primary = t->points[0] / every + 1;
    const uint64_t n = i / 2;

    make_seed(t, t->arguments->first, run);
    run->options.has_crash = true;
    run->options.crash_loses = i % 2 == 0;
    run->options.crash_role = n < of_primary ? ROLE_PRIMARY : ROLE_SECONDARY;
    run->options.crash_point = 1 + every * (n < of_primary ? n : n - of_primary);
}

static void sweep(struct totals *t)
{
    struct batch batch = {0, t->arguments->jobs, make_by_point, report, t};
    struct result result = {.done = false};
    struct run run;

    make_seed(t, t->arguments->first, &run);
    run_here(&run, &result);
    memcpy(t->points, result.points, sizeof(t->points));
    batch.count =
        2 * (t->points[0] / t->arguments->every + 1 + t->points[1] / t->arguments->every + 1);
    printf("sweep of %s: %" PRIu64 " points of the primary, %" PRIu64
           " of the secondary, %zu runs\n",
           t->scenario != NULL ? t->scenario->name : "the seed", t->points[0], t->points[1],
           batch.count);
    batch_run(&batch);
    shrink_kept(t);
}

/* ---- arguments ---- */

static bool parse_crash(struct arguments *a, const char *text)
{
    char role[16], outcome[8];
    unsigned long long point;

    if (sscanf(text, "%15[^:]:%llu:%7s", role, &point, outcome) != 3)
        return false;
    a->has_crash = true;
    a->crash_point = point;
    a->crash_loses = strcmp(outcome, "lost") == 0;
    a->crash_role = strcmp(role, "primary") == 0 ? ROLE_PRIMARY : ROLE_SECONDARY;
    return true;
}

static bool parse_flag(struct arguments *a, const char *name)
{
    const struct {
        const char *name;
        bool *flag;
        bool value;
    } flags[] = {{"--trace", &a->trace, true},       {"--hash", &a->hash, true},
                 {"--no-shrink", &a->shrink, false}, {"--stop", &a->stop, true},
                 {"--sweep", &a->sweep, true},       {"--quiet", &a->quiet, true},
                 {"--coverage", &a->coverage, true}, {"--no-noise", &a->no_noise, true}};

    for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
        if (strcmp(name, flags[i].name) == 0) {
            *flags[i].flag = flags[i].value;
            return true;
        }
    }
    return false;
}

static bool parse_value(struct arguments *a, const char *name, const char *value)
{
    if (strcmp(name, "--seeds") == 0)
        a->seeds = strtoull(value, NULL, 10);
    else if (strcmp(name, "--first") == 0)
        a->first = strtoull(value, NULL, 10);
    else if (strcmp(name, "--seed") == 0)
        a->one = (a->first = strtoull(value, NULL, 10)) != 0;
    else if (strcmp(name, "--jobs") == 0)
        a->jobs = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(name, "--every") == 0)
        a->every = strtoull(value, NULL, 10);
    else if (strcmp(name, "--clients") == 0)
        a->clients = (uint32_t)strtoul(value, NULL, 10);
    else if (strcmp(name, "--only") == 0)
        a->only = value;
    else if (strcmp(name, "--scenario") == 0)
        a->scenario = value;
    else if (strcmp(name, "--crash") == 0)
        return parse_crash(a, value);
    else
        return false;
    return true;
}

static bool parse(struct arguments *a, int count, char **words)
{
    for (int i = 1; i < count; i++) {
        if (parse_flag(a, words[i]))
            continue;
        if (i + 1 == count || !parse_value(a, words[i], words[i + 1]))
            return false;
        i++;
    }
    return a->every > 0 && a->clients <= CLIENTS_MAX && a->seeds > 0;
}

static void list_scenarios(void)
{
    for (size_t i = 0; scenario_at(i) != NULL; i++)
        printf("%-28s %s\n", scenario_at(i)->name, scenario_at(i)->says);
}

static void run_many(struct totals *t)
{
    if (t->arguments->sweep)
        sweep(t);
    else
        run_seeds(t);
}

int main(int count, char **words)
{
    struct arguments a = {.seeds = 100, .first = 1, .every = 1, .jobs = 2, .shrink = true};
    static struct totals t;
    size_t never = 0;

    t.arguments = &a;
    if (count == 2 && strcmp(words[1], "--list") == 0) {
        list_scenarios();
        return 0;
    }
    if (!parse(&a, count, words)) {
        fputs(usage, stderr);
        return 2;
    }
    if (a.scenario == NULL || strcmp(a.scenario, "all") != 0) {
        if (a.scenario != NULL && (t.scenario = scenario_find(a.scenario)) == NULL) {
            fprintf(stderr, "no scenario is called %s; --list names them\n", a.scenario);
            return 2;
        }
        if (a.one && !a.sweep)
            return run_one(&t);
        run_many(&t);
    } else {
        if (a.one && !a.sweep)
            a.seeds = 1; /* that seed of each */
        for (size_t i = 0; scenario_at(i) != NULL; i++) {
            t.scenario = scenario_at(i);
            run_many(&t);
        }
    }
    if (a.coverage)
        never = coverage_print(&t.coverage, &t.covered_runs);
    printf("%zu passed, %zu failed\n", t.passed, t.failed);
    return t.failed > 0 || never > 0;
}
