#include "tests/bench/load/report.h"

#include "tests/bench/load/clock.h"

static double ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

static double per_second(uint64_t count, uint64_t ns)
{
    return ns > 0 ? (double)count * 1e9 / (double)ns : 0;
}

/* From the first start to the last exchange done. */
static double until_last_s(const struct result *r)
{
    return (double)clock_elapsed_ns(r->begin_ns, r->stats.last_done_ns) / 1e9;
}

static double gap_s(const struct gap *gap)
{
    return (double)clock_elapsed_ns(gap->mark_ns, gap->last_unanswered_ns) / 1e9;
}

static void text_latency(FILE *out, const char *name, const struct histogram *h)
{
    if (h->count == 0)
        return;
    fprintf(out, "  %-16s %10.3f %10.3f %10.3f %10.3f %10.3f\n", name,
            ms(histogram_quantile(h, 5000)), ms(histogram_quantile(h, 9000)),
            ms(histogram_quantile(h, 9900)), ms(histogram_quantile(h, 9990)), ms(h->max));
}

static void text_exchange(FILE *out, const struct exchange_counts *e, const char *name)
{
    if (e->started == 0)
        return;
    fprintf(out, "  %-16s %10llu started %10llu done %10llu clean %8llu resent %6llu refused\n",
            name, (unsigned long long)e->started, (unsigned long long)e->done,
            (unsigned long long)e->clean, (unsigned long long)e->resent,
            (unsigned long long)e->refused);
}

static void text_verdicts(FILE *out, const struct stats *stats)
{
    fputs("replies: ", out);
    for (unsigned int i = 0; i < VERDICTS; i++)
        if (stats->verdicts[i] > 0)
            fprintf(out, " %llu %s%s", (unsigned long long)stats->verdicts[i],
                    i >= VERDICT_FIRST_WRONG ? "WRONG: " : "", verdict_name((enum verdict)i));
    fputs("\n", out);
}

static void text_servers(FILE *out, const struct stats *stats)
{
    fputs("DHCPACKs:", out);
    for (size_t i = 0; i < STATS_SERVERS; i++) {
        uint32_t a = stats->servers[i].id.value;

        if (stats->servers[i].acks > 0)
            fprintf(out, " %llu by %u.%u.%u.%u", (unsigned long long)stats->servers[i].acks,
                    a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
    }
    fputs("\n", out);
}

static void text_doubts(FILE *out, const struct result *r)
{
    if (r->overflows > 0)
        fprintf(out, "NOT VALID: %llu replies were lost in this program's own sockets\n",
                (unsigned long long)r->overflows);
    if (r->starved > 0)
        fprintf(out, "%llu starts found no idle client\n", (unsigned long long)r->starved);
    if (r->lag_ns > 5 * NS_PER_MS)
        fprintf(out, "starts came up to %.1f ms late\n", ms(r->lag_ns));
}

static void text_gap(FILE *out, const struct gap *gap)
{
    if (gap->mark_ns == 0)
        return;
    fprintf(
        out,
        "after the mark: %llu exchanges unanswered at first, the last of them started %.3f s "
        "after it; waited p50 %.3f s, longest %.3f s\n",
        (unsigned long long)gap->affected, gap_s(gap),
        ms(histogram_quantile(&gap->wait, 5000)) / 1e3, ms(gap->wait.max) / 1e3);
}

void report_text(const struct result *r, FILE *out)
{
    const struct stats *stats = &r->stats;

    if (r->bound_before > 0)
        fprintf(out, "bound before: %u clients in %.2f s\n", r->bound_before,
                (double)r->bind_ns / 1e9);
    fprintf(out, "%.2f s: %.0f exchanges/s; last done after %.3f s; this program: %.2f CPU s\n",
            (double)r->span_ns / 1e9, per_second(r->done_in_span, r->span_ns), until_last_s(r),
            r->cpu_s);
    for (unsigned int i = 0; i < EXCHANGES; i++)
        text_exchange(out, &stats->exchange[i], exchange_name((enum exchange)i));
    fprintf(out, "  %-16s %10s %10s %10s %10s %10s\n", "ms", "p50", "p90", "p99", "p99.9",
            "max");
    for (unsigned int i = 0; i < EXCHANGES; i++)
        text_latency(out, exchange_name((enum exchange)i), &stats->exchange[i].latency);
    text_latency(out, "DISCOVER-OFFER", &stats->offer);
    text_latency(out, "REQUEST-ACK", &stats->ack);
    text_verdicts(out, stats);
    text_servers(out, stats);
    text_gap(out, &stats->gap);
    text_doubts(out, r);
}

static void json_latency(FILE *out, const char *name, const struct histogram *h)
{
    fprintf(out,
            "\"%s\": {\"count\": %llu, \"mean\": %.4f, \"p50\": %.4f, \"p90\": %.4f, "
            "\"p99\": %.4f, \"p999\": %.4f, \"max\": %.4f}",
            name, (unsigned long long)h->count, ms(histogram_mean(h)),
            ms(histogram_quantile(h, 5000)), ms(histogram_quantile(h, 9000)),
            ms(histogram_quantile(h, 9900)), ms(histogram_quantile(h, 9990)), ms(h->max));
}

static void json_exchanges(FILE *out, const struct stats *stats)
{
    const char *comma = "";

    fputs("  \"exchanges\": {", out);
    for (unsigned int i = 0; i < EXCHANGES; i++) {
        const struct exchange_counts *e = &stats->exchange[i];

        if (e->started == 0)
            continue;
        fprintf(out,
                "%s\n    \"%s\": {\"started\": %llu, \"done\": %llu, \"clean\": %llu, "
                "\"sent\": %llu, \"resent\": %llu, \"refused\": %llu,\n      ",
                comma, exchange_name((enum exchange)i), (unsigned long long)e->started,
                (unsigned long long)e->done, (unsigned long long)e->clean,
                (unsigned long long)e->sent, (unsigned long long)e->resent,
                (unsigned long long)e->refused);
        json_latency(out, "latency", &e->latency);
        fputs("}", out);
        comma = ",";
    }
    fputs("},\n  ", out);
    json_latency(out, "offer", &stats->offer);
    fputs(",\n  ", out);
    json_latency(out, "ack", &stats->ack);
    fputs(",\n", out);
}

static void json_replies(FILE *out, const struct stats *stats)
{
    const char *comma = "";

    fputs("  \"replies\": {", out);
    for (unsigned int i = 0; i < VERDICTS; i++)
        fprintf(out, "%s\"%s\": %llu", i > 0 ? ", " : "", verdict_name((enum verdict)i),
                (unsigned long long)stats->verdicts[i]);
    fputs("},\n  \"servers\": {", out);
    for (size_t i = 0; i < STATS_SERVERS; i++) {
        uint32_t a = stats->servers[i].id.value;

        if (stats->servers[i].acks == 0)
            continue;
        fprintf(out, "%s\"%u.%u.%u.%u\": %llu", comma, a >> 24, a >> 16 & 255, a >> 8 & 255,
                a & 255, (unsigned long long)stats->servers[i].acks);
        comma = ", ";
    }
    fputs("},\n", out);
}

static void json_seconds(FILE *out, const struct stats *stats)
{
    size_t last = STATS_SECONDS;

    while (last > 0 && stats->done_in_second[last - 1] == 0)
        last--;
    fputs("  \"done_in_second\": [", out);
    for (size_t i = 0; i < last; i++)
        fprintf(out, "%s%u", i > 0 ? ", " : "", stats->done_in_second[i]);
    fputs("],\n", out);
}

static void json_gap(FILE *out, const struct gap *gap)
{
    if (gap->mark_ns == 0)
        return;
    fprintf(out, "  \"gap\": {\"affected\": %llu, \"last_unanswered_s\": %.4f, ",
            (unsigned long long)gap->affected, gap_s(gap));
    json_latency(out, "wait", &gap->wait);
    fputs("},\n", out);
}

void report_json(const struct result *r, FILE *out)
{
    const struct stats *stats = &r->stats;

    fprintf(out, "{\"bound_before\": %u, \"bind_s\": %.4f,\n", r->bound_before,
            (double)r->bind_ns / 1e9);
    fprintf(out, "  \"span_s\": %.4f, \"per_second\": %.1f, \"until_last_s\": %.4f,\n",
            (double)r->span_ns / 1e9, per_second(r->done_in_span, r->span_ns), until_last_s(r));
    fprintf(out,
            "  \"started\": %llu, \"done\": %llu, \"clean\": %llu, \"resent\": %llu, "
            "\"wrong\": %llu,\n",
            (unsigned long long)stats_started(stats), (unsigned long long)stats_done(stats),
            (unsigned long long)stats_clean(stats), (unsigned long long)stats_resent(stats),
            (unsigned long long)stats_wrong(stats));
    fprintf(out,
            "  \"begin_epoch_s\": %.6f, \"end_epoch_s\": %.6f, \"first_done_epoch_s\": %.6f,\n",
            (double)r->begin_ns / 1e9, (double)r->end_ns / 1e9,
            (double)stats->first_done_ns / 1e9);
    json_exchanges(out, stats);
    json_replies(out, stats);
    json_gap(out, &stats->gap);
    json_seconds(out, stats);
    fprintf(out,
            "  \"starved\": %llu, \"lag_ms\": %.3f, \"overflows\": %llu, \"cpu_s\": %.4f}\n",
            (unsigned long long)r->starved, ms(r->lag_ns), (unsigned long long)r->overflows,
            r->cpu_s);
}
