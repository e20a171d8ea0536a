/* daemon/ctl/status.c - twinctl status: one screen that says how the pair is */
#include <inttypes.h>
#include <string.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/pools.h"
#include "daemon/ctl/table.h"
#include "daemon/ctl/value.h"
#include "daemon/ctl/wait.h"

static const char *or_dash(const char *text)
{
    return text == NULL || text[0] == '\0' ? "-" : text;
}

static void print_heading(const json_t *s)
{
    const char *pair = value_text(s, "pair");

    if (pair == NULL)
        printf("%s, alone (no pair), twindhcp %s\n\n", or_dash(value_text(s, "node")),
               or_dash(value_text(s, "version")));
    else
        printf("%s, %s of pair %s, %s, twindhcp %s\n\n", or_dash(value_text(s, "node")),
               or_dash(value_text(s, "role")), pair, or_dash(value_text(s, "mode")),
               or_dash(value_text(s, "version")));
}

static void heard_in_words(const json_t *s, char *out, size_t size)
{
    const int64_t ms = value_int(s, "link.heard_ms_ago");
    char words[DURATION_TEXT_SIZE];

    if (!value_is_set(s, "link.heard_ms_ago"))
        snprintf(out, size, "never heard since this server started");
    else if (ms < 10000)
        snprintf(out, size, "heard %" PRId64 ".%" PRId64 " s ago", ms / 1000, ms % 1000 / 100);
    else
        snprintf(out, size, "heard %s ago", duration_in_words(ms / 1000, words));
}

/* Both peers, a line each: what this one knows of the other is when it heard it last. */
static void print_peers(const json_t *s)
{
    char since[TIME_TEXT_SIZE], words[DURATION_TEXT_SIZE], heard[64];
    struct table table;

    table_init(&table, "", "NODE", "ROLE", "STATE", "SINCE", "WHY", NULL);
    table_text(&table, "this");
    table_text(&table, value_text(s, "node"));
    table_text(&table, value_text(s, "role"));
    table_text(&table, value_text(s, "state"));
    if (value_is_set(s, "since"))
        table_format(&table, "%s (%s)", time_in_words(value_text(s, "since"), since),
                     duration_in_words(value_int(s, "seconds_in_state"), words));
    else
        table_text(&table, NULL);
    table_text(&table, value_text(s, "reason"));
    if (value_is_set(s, "partner")) {
        table_text(&table, "partner");
        table_text(&table, value_text(s, "partner.name"));
        table_text(&table, value_text(s, "partner.role"));
        table_text(&table, value_text(s, "partner.state"));
        heard_in_words(s, heard, sizeof(heard));
        table_text(&table, heard);
        table_text(&table, NULL);
    }
    table_print(&table, 0, stdout);
    table_deinit(&table);
    putchar('\n');
}

static void print_line(const char *name, const char *text)
{
    printf("%-13s ", name);
    print_safely(text, stdout);
    putchar('\n');
}

static void print_link(const json_t *s)
{
    char line[256];

    if (value_is_set(s, "link.clock_difference_ms"))
        snprintf(line, sizeof(line), "%s, partner's clock %+" PRId64 " ms%s",
                 or_dash(value_text(s, "link.state")), value_int(s, "link.clock_difference_ms"),
                 value_bool(s, "link.clocks_agree") ? "" : " (TOO FAR APART)");
    else
        snprintf(line, sizeof(line), "%s", or_dash(value_text(s, "link.state")));
    print_line("Link", line);
    if (or_dash(value_text(s, "last_problem"))[0] != '-')
        print_line("Last problem", value_text(s, "last_problem"));
}

static void print_replication(const json_t *s)
{
    char line[256], partner[64];

    if (value_is_set(s, "replication.partner_lag"))
        snprintf(partner, sizeof(partner), "%" PRId64 " of the partner's not yet applied",
                 value_int(s, "replication.partner_lag"));
    else
        snprintf(partner, sizeof(partner), "partner's unknown");
    snprintf(line, sizeof(line),
             "%" PRId64 " own writes not yet acknowledged (%" PRId64 " not yet sent), %s",
             value_int(s, "replication.lag"), value_int(s, "replication.unsent"), partner);
    print_line("Replication", line);

    const char *digests = or_dash(value_text(s, "digests"));
    const char *when =
        strcmp(or_dash(value_text(s, "link.state")), "up") == 0 ? "" : ", as last heard";
    if (strcmp(digests, "equal") == 0)
        snprintf(line, sizeof(line), "equal (%s)%s", or_dash(value_text(s, "digest")), when);
    else if (strcmp(digests, "differ") == 0)
        snprintf(line, sizeof(line), "differ (%s here, %s there)%s",
                 or_dash(value_text(s, "digest")), or_dash(value_text(s, "partner_digest")),
                 when);
    else
        snprintf(line, sizeof(line), "not comparable while bindings are on their way (%s here)",
                 or_dash(value_text(s, "digest")));
    print_line("Digests", line);
    if (or_dash(value_text(s, "config_difference"))[0] != '-') {
        snprintf(line, sizeof(line), "DIFFERS from the partner's: %s",
                 value_text(s, "config_difference"));
        print_line("Configuration", line);
    }
}

static void print_self(const json_t *s)
{
    const int64_t drift = value_int(s, "clock.wall_difference_ms");
    char line[256];

    print_line("Serving", value_bool(s, "serving") ? "yes" : "NO");
    print_line("Store",
               value_bool(s, "store.ok") ? "ok" : or_dash(value_text(s, "store.problem")));
    snprintf(line, sizeof(line),
             "%" PRId64 " active, %" PRId64 " bindings, %" PRId64 " offers, %" PRId64
             " replies held",
             value_int(s, "leases.active"), value_int(s, "leases.bindings"),
             value_int(s, "leases.offers"), value_int(s, "leases.held"));
    print_line("Leases", line);
    if (value_bool(s, "probes.every_address") || value_int(s, "counters.probes.sent") > 0) {
        snprintf(line, sizeof(line),
                 "%" PRId64 " sent, %" PRId64 " found in use, %" PRId64 " pending%s",
                 value_int(s, "counters.probes.sent"), value_int(s, "counters.probes.in_use"),
                 value_int(s, "probes.pending"),
                 value_bool(s, "probes.every_address")
                     ? "; every address, until the partner is met"
                     : "");
        print_line("Probes", line);
    }
    if (value_int(s, "counters.conflicts") > 0) {
        snprintf(line, sizeof(line), "%" PRId64 " since the start: twinctl conflicts",
                 value_int(s, "counters.conflicts"));
        print_line("Conflicts", line);
    }
    if (drift > 1000 || drift < -1000) {
        snprintf(line, sizeof(line),
                 "the wall clock is %+" PRId64 " ms from the lease clock: it was set", drift);
        print_line("Clock", line);
    }
}

static void print_dns(const json_t *s)
{
    char line[256];

    snprintf(line, sizeof(line),
             "%" PRId64 " leases to be updated; %" PRId64 " names added, %" PRId64
             " removed, %" PRId64 " taken by others, %" PRId64 " failures",
             value_int(s, "dns.backlog"), value_int(s, "dns.added"),
             value_int(s, "dns.removed"), value_int(s, "dns.taken"),
             value_int(s, "dns.failed"));
    print_line("DNS", line);
    if (or_dash(value_text(s, "dns.problem"))[0] != '-')
        print_line("DNS problem", value_text(s, "dns.problem"));
}

static void print_advice(const json_t *s)
{
    char until[TIME_TEXT_SIZE];

    if (value_is_set(s, "wait_until"))
        print_line("Waits until", time_in_words(value_text(s, "wait_until"), until));
    if (or_dash(value_text(s, "advice"))[0] != '-')
        print_line("To do", value_text(s, "advice"));
}

static void print_status(const json_t *s)
{
    print_heading(s);
    print_peers(s);
    print_self(s);
    if (value_is_set(s, "partner")) {
        print_link(s);
        print_replication(s);
    }
    if (value_is_set(s, "dns"))
        print_dns(s);
    print_advice(s);
    putchar('\n');
    print_pools(s, 0, stdout);
}

enum ctl_exit ctl_status(const struct ctl_options *options)
{
    struct ctl_reply reply;
    const bool waits = options->wait != NULL || options->wait_equal;
    const enum ctl_exit result = waits
                                     ? ctl_wait(options, &reply)
                                     : ctl_ask_or_complain(options, "/v1/status", NULL, &reply);

    if (result != CTL_OK)
        return result;
    if (options->json)
        fputs(reply.text, stdout);
    else
        print_status(reply.value);
    ctl_reply_free(&reply);
    return CTL_OK;
}
