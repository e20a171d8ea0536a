#include "tests/bench/load/exchange.h"

#include "tests/bench/load/clock.h"

static const char *const names[EXCHANGES] = {
    [EXCHANGE_DORA] = "dora",     [EXCHANGE_RENEW] = "renew",     [EXCHANGE_REBIND] = "rebind",
    [EXCHANGE_REBOOT] = "reboot", [EXCHANGE_RELEASE] = "release", [EXCHANGE_ECHO] = "echo",
};

const char *exchange_name(enum exchange exchange)
{
    ASSERT(exchange < EXCHANGES);
    return names[exchange];
}

uint64_t stats_started(const struct stats *stats)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < EXCHANGES; i++)
        sum += stats->exchange[i].started;
    return sum;
}

uint64_t stats_done(const struct stats *stats)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < EXCHANGES; i++)
        sum += stats->exchange[i].done;
    return sum;
}

uint64_t stats_clean(const struct stats *stats)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < EXCHANGES; i++)
        sum += stats->exchange[i].clean;
    return sum;
}

uint64_t stats_resent(const struct stats *stats)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < EXCHANGES; i++)
        sum += stats->exchange[i].resent;
    return sum;
}

uint64_t stats_wrong(const struct stats *stats)
{
    uint64_t sum = 0;

    for (size_t i = VERDICT_FIRST_WRONG; i < VERDICTS; i++)
        sum += stats->verdicts[i];
    return sum;
}

void stats_count_ack(struct stats *stats, struct ip4 server)
{
    size_t i = 0;

    while (i < STATS_SERVERS - 1 && stats->servers[i].acks > 0 &&
           !ip4_equal(stats->servers[i].id, server))
        i++;
    stats->servers[i].id = server;
    stats->servers[i].acks++;
}

static void count_affected(struct gap *gap, uint64_t started_ns)
{
    gap->affected++;
    if (started_ns > gap->last_unanswered_ns)
        gap->last_unanswered_ns = started_ns;
}

void stats_count_done(struct stats *stats, const struct outcome *outcome)
{
    struct exchange_counts *counts = &stats->exchange[outcome->exchange];
    uint64_t second = clock_elapsed_ns(stats->started_at_ns, outcome->done_ns) / NS_PER_S;

    counts->done++;
    counts->clean += outcome->clean;
    histogram_add(&counts->latency, outcome->waited_ns);
    stats->done_in_second[second < STATS_SECONDS ? second : STATS_SECONDS - 1]++;
    if (stats->first_done_ns == 0)
        stats->first_done_ns = outcome->done_ns;
    if (outcome->done_ns > stats->last_done_ns)
        stats->last_done_ns = outcome->done_ns;
    if (stats->gap.mark_ns == 0 || outcome->done_ns < stats->gap.mark_ns || outcome->clean)
        return;
    count_affected(&stats->gap, outcome->started_ns);
    histogram_add(&stats->gap.wait, outcome->waited_ns);
}

void stats_count_unanswered(struct stats *stats, uint64_t started_ns)
{
    if (stats->gap.mark_ns != 0)
        count_affected(&stats->gap, started_ns);
}
