/* tests/sim/shrink.c - a failing run with as few faults and clients as still fail alike. */
#include "tests/sim/batch.h"

#include <stdio.h>

struct trial {
    const struct run *run;
    const char *rule;
    bool fails;
};

static void make(void *context, size_t i, struct run *run)
{
    const struct trial *trial = context;

    (void)i;
    *run = *trial->run;
    run->options.trace = false;
}

static void report(void *context, size_t i, const struct run *run, const struct result *result)
{
    struct trial *trial = context;

    (void)i;
    (void)run;
    trial->fails = strcmp(result->rule, trial->rule) == 0;
}

static bool still_fails(const struct run *run, const char *rule)
{
    struct trial trial = {run, rule, false};
    const struct batch batch = {1, 1, make, report, &trial};

    batch_run(&batch);
    return trial.fails;
}

static bool without_fault(struct run *run, size_t i, const char *rule)
{
    struct run less = *run;

    memmove(&less.plan.faults[i], &less.plan.faults[i + 1],
            (less.plan.count - i - 1) * sizeof(less.plan.faults[0]));
    less.plan.count--;
    less.fewer_faults = true;
    if (!still_fails(&less, rule))
        return false;
    *run = less;
    return true;
}

static bool with_fewer_clients(struct run *run, const char *rule)
{
    struct run less = *run;

    if (less.settings.clients <= less.settings.reservations + 2)
        return false;
    less.fewer_clients = true;
    less.settings.clients -= (less.settings.clients - less.settings.reservations) / 4 + 1;
    if (!still_fails(&less, rule))
        return false;
    *run = less;
    return true;
}

void run_quiet(struct run *run)
{
    run->no_noise = true;
    run->settings.loss_percent = run->settings.duplicate_percent = 0;
}

static bool without_noise(struct run *run, const char *rule)
{
    struct run less = *run;

    if (less.settings.loss_percent + less.settings.duplicate_percent == 0)
        return false;
    run_quiet(&less);
    if (!still_fails(&less, rule))
        return false;
    *run = less;
    return true;
}

void shrink(struct run *run, const char *rule)
{
    bool less = true;

    while (less) {
        less = false;
        for (size_t i = run->plan.count; i-- > 0;)
            less |= without_fault(run, i, rule);
        while (with_fewer_clients(run, rule))
            less = true;
        less |= without_noise(run, rule);
    }
}

void run_print(const struct run *run)
{
    const struct settings *s = &run->settings;

    printf("  %s, mclt %lld s (changed: %lld s), lease %lld s, link-timeout %lld ms, "
           "ack-timeout %lld ms, startup-wait %lld ms,\n"
           "  max-unanswered %lld ms, skew %lld ms, offer-hold %lld s, start-alone %s, pools "
           "%u and %u, %u reservations%s, %u clients, packets lost %u%% doubled %u%% late %lld "
           "ms,\n  renew-cache %u%%, allocation %u, rapid-commit %s%s\n",
           s->hot_standby ? "hot-standby" : "load-balancing", (long long)s->mclt_s,
           (long long)s->mclt_changed_s, (long long)s->lease_s, (long long)s->link_timeout_ms,
           (long long)s->ack_timeout_ms, (long long)s->startup_wait_ms,
           (long long)s->max_unanswered_ms, (long long)s->skew_ms, (long long)s->offer_hold_s,
           s->start_alone_wait ? "wait" : "serve", s->pool_size[0], s->pool_size[1],
           s->reservations, s->late_reservation ? " and a late one" : "", s->clients,
           s->loss_percent, s->duplicate_percent, (long long)s->delay_max_ms, s->renew_cache,
           s->allocation, s->rapid_commit ? "true" : "false",
           guests_are_denied(s) ? ", guests" : "");
    for (size_t i = 0; i < run->plan.count; i++) {
        const struct fault *f = &run->plan.faults[i];

        printf("  fault %2u at %3lld.%03d s: %-11s %-9s for %lld ms, parameter %lld\n",
               f->number, (long long)f->at / 1000, (int)(f->at % 1000), fault_name(f->kind),
               role_name(f->role), (long long)f->duration, (long long)f->param);
    }
    if (run->options.has_crash)
        printf("  %s dies before its effect %llu, %s\n", role_name(run->options.crash_role),
               (unsigned long long)run->options.crash_point,
               run->options.crash_loses ? "losing the write under way" : "keeping its writes");
}

static void print_only(const struct plan *plan)
{
    printf(" --only ");
    if (plan->count == 0)
        printf("0");
    for (size_t i = 0; i < plan->count; i++)
        printf("%s%u", i == 0 ? "" : ",", plan->faults[i].number);
}

void run_print_again(const struct run *run, const struct scenario *scenario)
{
    printf("  again: tests/sim/run");
    if (scenario != NULL)
        printf(" --scenario %s", scenario->name);
    printf(" --seed %llu", (unsigned long long)run->seed);
    if (run->options.has_crash)
        printf(" --crash %s:%llu:%s", role_name(run->options.crash_role),
               (unsigned long long)run->options.crash_point,
               run->options.crash_loses ? "lost" : "kept");
    if (run->fewer_faults)
        print_only(&run->plan);
    if (run->fewer_clients)
        printf(" --clients %u", run->settings.clients);
    if (run->no_noise)
        printf(" --no-noise");
    printf(" --trace\n");
}
