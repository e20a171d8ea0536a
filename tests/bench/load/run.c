#define _GNU_SOURCE /* ppoll */
#include "tests/bench/load/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "tests/bench/load/clock.h"

#define BIND_PATIENCE   (60 * NS_PER_S) /* without one more client bound */
#define RECEIVE_BATCHES 8               /* before starts and timers get their turn */
#define STARTS_A_TURN   128             /* at a fixed rate, late or not: replies come first */

static volatile sig_atomic_t stopped, marked;

struct running {
    const struct options *options;
    struct result *result;
    struct wire *wire;
    struct clients *clients;
    struct pace pace;
    unsigned int weight_sum;
    uint64_t random;
    uint64_t overflows; /* in the steps before */
    bool exhausted;     /* only first contacts are wanted, and all clients have had theirs */
};

static void on_signal(int number)
{
    if (number == SIGUSR1)
        marked = 1;
    else
        stopped = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
}

/* A signal that comes just before we sleep is seen at the timers' next tick. */
static void sleep_until(struct running *r, uint64_t until_ns)
{
    uint64_t now = clock_now_ns();
    uint64_t longest = 10 * NS_PER_MS; /* the timers' tick */
    uint64_t span = clock_elapsed_ns(now, until_ns);
    struct timespec timeout;

    span = span < longest ? span : longest;
    timeout = (struct timespec){.tv_sec = 0, .tv_nsec = (long)span};
    (void)ppoll(r->wire->sockets, r->wire->socket_count, &timeout, NULL);
}

static enum exchange pick(struct running *r)
{
    unsigned int at, i = 0;

    r->random = r->random * 6364136223846793005ULL + 1442695040888963407ULL;
    at = (unsigned int)(r->random >> 33) % r->weight_sum;
    while (at >= r->options->weights[i])
        at -= r->options->weights[i++];
    return (enum exchange)i;
}

/* At a fixed rate, what finds no idle client is left out and not made up for. */
static void start_due(struct running *r, bool binding, uint64_t now)
{
    uint64_t due = pace_due(&r->pace, now, clients_busy(r->clients)), started = 0;

    if (r->pace.options.rate > 0 && due > STARTS_A_TURN)
        due = STARTS_A_TURN;
    while (started < due) {
        enum exchange exchange = binding ? EXCHANGE_DORA : pick(r);

        if (!clients_start(r->clients, exchange, now)) {
            r->exhausted = exchange == EXCHANGE_DORA && clients_busy(r->clients) == 0;
            break;
        }
        started++;
    }
    if (r->pace.options.rate > 0) {
        r->result->starved += due - started;
        started = due;
    }
    pace_started(&r->pace, started, now);
}

static void receive_all(struct running *r)
{
    for (int i = 0; i < RECEIVE_BATCHES; i++) {
        bool more = r->wire->ops->receive(r->wire, clients_receive, r->clients);

        wire_flush(r->wire);
        if (!more)
            break;
    }
}

/* Once round: what is due is started and sent, what came is read. */
static void turn(struct running *r, bool binding)
{
    uint64_t now = clock_now_ns();

    if (marked && r->result->stats.gap.mark_ns == 0) {
        marked = 0; /* it belongs to this step */
        r->result->stats.gap.mark_ns = now;
    }
    start_due(r, binding, now);
    clients_run_timers(r->clients, now);
    wire_flush(r->wire);
    sleep_until(r, pace_next_ns(&r->pace, now));
    receive_all(r);
}

static void bind_clients(struct running *r)
{
    struct pace_options pace = {.window = r->options->bind_window, .count = r->options->bind};
    uint64_t begin = clock_now_ns(), progress = begin;
    size_t bound = 0;

    if (r->options->bind == 0)
        return;
    pace_begin(&r->pace, &pace, begin);
    r->result->stats.started_at_ns = begin;
    while (clients_bound(r->clients) < r->options->bind && !stopped) {
        turn(r, true);
        if (clients_bound(r->clients) > bound)
            progress = clock_now_ns();
        bound = clients_bound(r->clients);
        if (clock_elapsed_ns(progress, clock_now_ns()) > BIND_PATIENCE) {
            fprintf(stderr, "load: only %zu of %u clients could be bound\n", bound,
                    r->options->bind);
            exit(2);
        }
    }
    r->result->bound_before = (uint32_t)bound;
    r->result->bind_ns = clock_elapsed_ns(begin, clock_now_ns());
    fprintf(stderr, "load: %zu clients bound\n", bound); /* for whoever waits for the load */
}

static double cpu_seconds(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* What was wrong while binding stays wrong; all else starts from zero. */
static void forget_binding(struct running *r)
{
    uint64_t wrong[VERDICTS];

    memcpy(wrong, r->result->stats.verdicts, sizeof wrong);
    memset(&r->result->stats, 0, sizeof r->result->stats);
    memcpy(r->result->stats.verdicts + VERDICT_FIRST_WRONG, wrong + VERDICT_FIRST_WRONG,
           sizeof wrong - VERDICT_FIRST_WRONG * sizeof *wrong);
    r->result->starved = 0;
}

static bool is_enough(const struct running *r)
{
    return stopped || r->exhausted ||
           (r->options->until > 0 && stats_done(&r->result->stats) >= r->options->until);
}

static void load(struct running *r, uint32_t window)
{
    struct pace_options pace = r->options->pace;
    struct result *result = r->result;
    double cpu_before = cpu_seconds();
    uint64_t drain_end;

    pace.window = window;
    r->exhausted = false;
    result->begin_ns = clock_now_ns();
    result->stats.started_at_ns = result->begin_ns;
    pace_begin(&r->pace, &pace, result->begin_ns);
    while (!pace_is_over(&r->pace, clock_now_ns()) && !is_enough(r))
        turn(r, false);
    result->span_ns = clock_elapsed_ns(result->begin_ns, clock_now_ns());
    result->done_in_span = stats_done(&result->stats);
    result->lag_ns = r->pace.lag_ns;

    drain_end = clock_now_ns() + r->options->drain_ns;
    r->pace.options = (struct pace_options){.count = r->pace.started};
    while (clients_busy(r->clients) > 0 && clock_now_ns() < drain_end && !stopped)
        turn(r, false);
    clients_give_up(r->clients);
    result->end_ns = clock_now_ns();
    result->cpu_s = cpu_seconds() - cpu_before;
    result->overflows = r->wire->ops->overflows(r->wire) - r->overflows;
    r->overflows += result->overflows;
}

static struct wire *open_wire(const struct options *options, const struct holders *holders)
{
    return options->lan != NULL ? wire_lan_open(options->lan, holders)
                                : wire_relay_open(options->servers, options->server_count);
}

void run(const struct options *options, struct result *out)
{
    struct running r = {.options = options, .result = out, .random = options->clients.count};
    struct holders *holders = holders_new();

    catch_signals();
    memset(out, 0, options->step_count * sizeof *out);
    prctl(PR_SET_TIMERSLACK, 1);
    for (size_t i = 0; i < EXCHANGES; i++)
        r.weight_sum += options->weights[i];
    r.wire = open_wire(options, holders);
    r.clients = clients_new(&options->clients, holders, clock_now_ns());
    clients_use(r.clients, r.wire, &out->stats);
    bind_clients(&r);
    forget_binding(&r);
    for (size_t i = 0; i < options->step_count; i++) {
        r.result = &out[i];
        clients_use(r.clients, r.wire, &out[i].stats);
        load(&r, options->windows[i]);
    }
    clients_free(r.clients);
    r.wire->ops->close(r.wire);
    holders_free(holders);
}
