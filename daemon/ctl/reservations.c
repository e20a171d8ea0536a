/* daemon/ctl/reservations.c - twinctl reservations: list, add, edit, remove */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/listing.h"

#define PATH "/v1/reservations"

static void add_head(struct table *table)
{
    table_init(table, "ADDRESS", "CLIENT", "HOST NAME", "STATE", "FROM", NULL);
}

/* "waiting: leased to 52:54:00:12:34:56 until 2026-11-23 21:00:00" */
static void add_state(struct table *table, const json_t *item)
{
    const char *state = value_text(item, "state");
    const char *holder = value_text(item, "leased_to");
    char words[TIME_TEXT_SIZE];
    const char *until = value_is_set(item, "leased_until")
                            ? time_in_words(value_text(item, "leased_until"), words)
                            : "it is released";
    const bool waits = state != NULL && strcmp(state, "waiting") == 0;

    if (holder != NULL)
        table_format(table, "%sleased to %s until %s", waits ? "waiting: " : "", holder, until);
    else if (waits)
        table_format(table, "waiting: not to be used until %s", until);
    else
        table_text(table, state);
}

static void add_item(struct table *table, const json_t *item)
{
    const char *place = value_text(item, "place");
    const char *client = value_text(item, "client");
    const json_t *partner = value_at(item, "partner_has_it");

    table_text(table, value_text(item, "address"));
    /* What is not understood here is shown as it was written. */
    table_text(table, client != NULL ? client : value_text(item, "text"));
    table_text(table, value_text(item, "host_name"));
    add_state(table, item);
    if (place != NULL)
        table_text(table, place);
    else
        table_text(table, json_is_false(partner) ? "runtime, here only" : "runtime");
}

/* One page; `*next` is where the next one begins, below 0 after the last. */
static enum ctl_exit list_page(const struct ctl_options *options, int64_t after,
                               struct listing *listing, int64_t *next)
{
    char number[24];
    char *path = strdup(PATH);
    struct ctl_reply reply;
    enum ctl_exit result;

    snprintf(number, sizeof(number), "%lld", (long long)after);
    path = ctl_path_add(path, "address", options->address);
    path = ctl_path_add(path, "client", options->client);
    path = ctl_path_add(path, "source", options->source);
    path = ctl_path_add(path, "after", after > 0 ? number : NULL);
    if (path == NULL) {
        fputs("twinctl: out of memory\n", stderr);
        return CTL_FAILED;
    }
    result = ctl_ask_or_complain(options, path, NULL, &reply);
    free(path);
    if (result != CTL_OK)
        return result;
    listing_page(listing, value_at(reply.value, "reservations"));
    *next = value_is_set(reply.value, "next") ? value_int(reply.value, "next") : -1;
    ctl_reply_free(&reply);
    return CTL_OK;
}

static enum ctl_exit list(const struct ctl_options *options)
{
    struct listing listing = {
        .json = options->json, .what = "reservations", .head = add_head, .row = add_item};
    int64_t next = 0;
    enum ctl_exit result;

    do {
        result = list_page(options, next, &listing, &next);
    } while (result == CTL_OK && next > 0);
    listing_end(&listing, result == CTL_OK);
    return result;
}

static enum ctl_exit change(const struct ctl_options *options, const char *method,
                            const char *done)
{
    struct ctl_reply reply;
    const enum ctl_exit result =
        ctl_send_or_complain(options, method, PATH, options->words[1], &reply);

    if (result != CTL_OK)
        return result;
    if (options->json) {
        fputs(reply.text, stdout);
    } else {
        const json_t *partner = value_at(reply.value, "partner_has_it");

        printf("%s%s\n", done,
               json_is_true(partner)    ? "; both servers have it"
               : json_is_false(partner) ? "; the partner is told when it has contact"
                                        : "");
    }
    ctl_reply_free(&reply);
    return CTL_OK;
}

enum ctl_exit ctl_reservations(const struct ctl_options *options)
{
    static const struct {
        const char *word, *method, *done;
    } changes[] = {{"add", "POST", "reserved"},
                   {"edit", "PUT", "changed"},
                   {"remove", "DELETE", "removed"}};
    const char *word = options->words[0];

    if (word == NULL || strcmp(word, "list") == 0)
        return list(options);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
        if (strcmp(changes[i].word, word) == 0)
            return change(options, changes[i].method, changes[i].done);
    return CTL_USAGE; /* arguments.c has let no other through */
}
