/* daemon/ctl/leases.c - twinctl leases
 *
 * There may be a million: page by page, what is printed is forgotten. */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/listing.h"

static void add_head(struct table *table)
{
    table_init(table, "ADDRESS", "STATE", "HARDWARE", "CLIENT", "HOST NAME", "EXPIRES", "LEFT",
               "OWNER", NULL);
}

static void add_expiry(struct table *table, const json_t *lease)
{
    const int64_t left = value_int(lease, "expires_in_seconds");
    char when[TIME_TEXT_SIZE], time_left[DURATION_TEXT_SIZE];

    table_text(table, time_in_words(value_text(lease, "expires"), when));
    if (!value_is_set(lease, "expires_in_seconds"))
        table_text(table, NULL);
    else if (left <= 0)
        table_text(table, "ended");
    else
        table_text(table, duration_in_words(left, time_left));
}

static void add_lease(struct table *table, const json_t *lease)
{
    const char *hardware = value_text(lease, "hw_address");
    const char *client = value_text(lease, "client");
    const bool same = hardware != NULL && client != NULL && strcmp(hardware, client) == 0;

    table_text(table, value_text(lease, "address"));
    table_text(table, value_text(lease, "state"));
    table_text(table, hardware);
    table_text(table, same ? NULL : client);
    table_text(table, value_text(lease, "host_name"));
    add_expiry(table, lease);
    table_text(table, value_text(lease, "owner"));
}

static char *first_path(const struct ctl_options *options)
{
    char *path = strdup("/v1/leases");

    path = ctl_path_add(path, "subnet", options->subnet);
    path = ctl_path_add(path, "client", options->client);
    path = ctl_path_add(path, "address", options->address);
    return ctl_path_add(path, "state", options->state);
}

/* One page; `next` gets a copy of where the next one begins, NULL after the last. */
static enum ctl_exit list_page(const struct ctl_options *options, const char *after,
                               struct listing *listing, char **next)
{
    char *path = ctl_path_add(first_path(options), "after", after);
    struct ctl_reply reply;

    *next = NULL;
    if (path == NULL) {
        fputs("twinctl: out of memory\n", stderr);
        return CTL_FAILED;
    }
    const enum ctl_exit result = ctl_ask_or_complain(options, path, NULL, &reply);
    free(path);
    if (result != CTL_OK)
        return result;
    listing_page(listing, value_at(reply.value, "leases"));
    const char *at = value_text(reply.value, "next");
    if (at != NULL)
        *next = strdup(at);
    ctl_reply_free(&reply);
    return CTL_OK;
}

enum ctl_exit ctl_leases(const struct ctl_options *options)
{
    struct listing listing = {
        .json = options->json, .what = "leases", .head = add_head, .row = add_lease};
    char *after = NULL;
    enum ctl_exit result;

    do {
        char *next;
        result = list_page(options, after, &listing, &next);
        free(after);
        after = next;
    } while (result == CTL_OK && after != NULL);
    free(after);
    listing_end(&listing, result == CTL_OK);
    return result;
}
