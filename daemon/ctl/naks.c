/* daemon/ctl/naks.c - twinctl naks */
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

enum ctl_exit ctl_naks(const struct ctl_options *options)
{
    char *path = ctl_path_add(strdup("/v1/naks"), "limit", options->limit);
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
        print_naks(value_at(reply.value, "naks"));
    ctl_reply_free(&reply);
    return CTL_OK;
}
