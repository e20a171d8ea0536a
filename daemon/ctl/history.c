/* daemon/ctl/history.c - twinctl naks, twinctl conflicts: what happened */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/table.h"
#include "daemon/ctl/value.h"

static void print_naks(const json_t *naks)
{
    char when[TIME_TEXT_SIZE];
    struct table table;
    const json_t *nak;
    size_t i;

    table_init(&table, "WHEN", "ADDRESS", "CLIENT", "BY", "XID", "REASON", NULL);
    json_array_foreach(naks, i, nak)
    {
        table_text(&table, time_in_words(value_text(nak, "when"), when));
        table_text(&table, value_text(nak, "address"));
        table_text(&table, value_text(nak, "client"));
        table_text(&table, value_text(nak, "by"));
        table_text(&table, value_text(nak, "xid"));
        table_text(&table, value_text(nak, "reason"));
    }
    if (table_rows(&table) == 0)
        puts("no DHCPNAK was sent by either server since this one started");
    else
        table_print(&table, 0, stdout);
    table_deinit(&table);
}

static void print_conflicts(const json_t *conflicts)
{
    char when[TIME_TEXT_SIZE];
    struct table table;
    const json_t *conflict;
    size_t i;

    table_init(&table, "WHEN", "ADDRESS", "KEEPS IT", "GIVEN BY", "IS REFUSED", "GIVEN BY",
               "CAUSE", NULL);
    json_array_foreach(conflicts, i, conflict)
    {
        table_text(&table, time_in_words(value_text(conflict, "when"), when));
        table_text(&table, value_text(conflict, "address"));
        table_text(&table, value_text(conflict, "keeps.client"));
        table_text(&table, value_text(conflict, "keeps.given_by"));
        table_text(&table, value_text(conflict, "loses.client"));
        table_text(&table, value_text(conflict, "loses.given_by"));
        table_text(&table, value_text(conflict, "cause"));
    }
    if (table_rows(&table) == 0)
        puts("no address was found with two clients since this server started");
    else
        table_print(&table, 0, stdout);
    table_deinit(&table);
}

/* Ask for the newest of `list` and print them. */
static enum ctl_exit show(const struct ctl_options *options, const char *path_of,
                          const char *list, void (*print)(const json_t *))
{
    char *path = ctl_path_add(strdup(path_of), "limit", options->limit);
    struct ctl_reply reply;

    if (path == NULL) {
        fputs("twinctl: out of memory\n", stderr);
        return CTL_FAILED;
    }
    const enum ctl_exit result = ctl_ask_or_complain(options, path, NULL, &reply);
    free(path);
    if (result != CTL_OK)
        return result;
    if (options->json)
        fputs(reply.text, stdout);
    else
        print(value_at(reply.value, list));
    ctl_reply_free(&reply);
    return CTL_OK;
}

enum ctl_exit ctl_naks(const struct ctl_options *options)
{
    return show(options, "/v1/naks", "naks", print_naks);
}

enum ctl_exit ctl_conflicts(const struct ctl_options *options)
{
    return show(options, "/v1/conflicts", "conflicts", print_conflicts);
}
