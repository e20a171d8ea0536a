/* daemon/ctl/leases_import.c - twinctl leases import: another server's leases into this pair.
 *
 * Leases go in batches, over and over: one of the partner's addresses is handed over to it, and
 * only the next round, where it stands as unchanged, shows that it was taken. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/import/lease_file.h"
#include "daemon/ctl/table.h"
#include "proto/option.h"

#define BATCH          100 /* small, because the server hears no client meanwhile */
#define ROUNDS_MAX     40  /* without any progress, of ROUND_PAUSE_MS each */
#define ROUND_PAUSE_MS 100

enum fate { WAITS, TAKEN, REFUSED };

struct outcome {
    enum fate fate;
    const char *word; /* of the server, or NULL */
};

struct importing {
    const struct ctl_options *options;
    struct lease_file file;
    struct outcome *outcomes; /* by row */
    size_t waiting;
    bool shows_progress;
};

/* What the server's words mean; texts for people. */
static const struct {
    const char *word;
    enum fate fate;
    const char *text;
} words[] = {
    {"written", TAKEN, "imported"},
    {"unchanged", TAKEN, "here already"},
    {"handed-over", WAITS, "not taken by the partner"},
    {"busy", WAITS, "not taken by the partner"},
    {"ended", REFUSED, "the lease has ended"},
    {"no-client", REFUSED, "names no client"},
    {"no-address", REFUSED, "in no pool and not reserved"},
    {"reserved", REFUSED, "reserved for another client"},
    {"in-use", REFUSED, "another client has it, or it is abandoned or offered"},
    {"the-partners", REFUSED, "abandoned, and the partner's: import at the partner too"},
    {"not-now", REFUSED, "the pair is not in NORMAL"},
};

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text == NULL)
        return;
    json_t *value = json_string(text); /* NULL for what is no UTF-8: a name can be left out */
    if (value != NULL)
        json_object_set_new(object, key, value);
}

static json_t *lease_to_json(const struct lease_row *row)
{
    char address[IP4_TEXT_SIZE];
    json_t *object = json_object();

    set_text(object, "address", ip4_format(row->address, address));
    json_object_set_new(object, "expires", json_integer(row->expires));
    set_text(object, "state", row->state == LEASE_ABANDONED ? "ABANDONED" : "ACTIVE");
    json_object_set_new(object, "hw_type", json_integer(row->htype));
    set_text(object, "hw_address", row->hw_address);
    set_text(object, "client_id", row->client_id);
    set_text(object, "host_name", row->host_name);
    set_text(object, "relay_info", row->relay_info);
    set_text(object, "vendor_class", row->vendor_class);
    return object;
}

static char *batch_to_text(const struct importing *im, const size_t *rows, size_t count)
{
    json_t *root = json_object(), *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, lease_to_json(&im->file.rows[rows[i]]));
    json_object_set_new(root, "dry_run", json_boolean(im->options->dry_run));
    json_object_set_new(root, "leases", list);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    return text;
}

static void take_result(struct importing *im, size_t row, const char *word)
{
    struct outcome *outcome = &im->outcomes[row];

    for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
        if (word == NULL || strcmp(words[w].word, word) != 0)
            continue;
        /* What stands now and was handed over before is this import's doing. */
        const bool asked_before = outcome->word != NULL;
        outcome->fate = words[w].fate;
        outcome->word = words[w].text;
        if (outcome->fate == WAITS && im->options->dry_run)
            outcome->fate = TAKEN;
        if (outcome->fate == TAKEN && (asked_before || im->options->dry_run) &&
            (asked_before || strcmp(word, "unchanged") != 0))
            outcome->word = "imported";
        im->waiting -= outcome->fate != WAITS;
        return;
    }
    outcome->word = "refused by a server of another version";
    outcome->fate = REFUSED;
    im->waiting--;
}

static enum ctl_exit send_batch(struct importing *im, const size_t *rows, size_t count)
{
    char *body = batch_to_text(im, rows, count);
    struct ctl_reply reply;

    if (body == NULL) {
        fputs("twinctl: out of memory\n", stderr);
        return CTL_FAILED;
    }
    const enum ctl_exit result =
        ctl_ask_or_complain(im->options, "/v1/leases/import", body, &reply);
    free(body);
    if (result != CTL_OK)
        return result;
    const json_t *results = json_object_get(reply.value, "results");
    for (size_t i = 0; i < count; i++)
        take_result(im, rows[i], json_string_value(json_array_get(results, i)));
    ctl_reply_free(&reply);
    return CTL_OK;
}

static void show_progress(const struct importing *im)
{
    enum { WIDTH = 40 };
    static const char bar[] = "########################################";
    const size_t all = im->file.count, done = all - im->waiting;
    const int filled = all == 0 ? WIDTH : (int)(done * WIDTH / all);

    if (im->shows_progress)
        fprintf(stderr, "\r[%-*.*s] %zu of %zu leases", WIDTH, filled, bar, done, all);
}

/* All that wait, once. */
static enum ctl_exit send_round(struct importing *im)
{
    size_t rows[BATCH], count = 0;
    enum ctl_exit result = CTL_OK;

    for (size_t i = 0; i < im->file.count && result == CTL_OK; i++) {
        if (im->outcomes[i].fate == WAITS)
            rows[count++] = i;
        if (count == BATCH || (i + 1 == im->file.count && count > 0)) {
            result = send_batch(im, rows, count);
            count = 0;
            show_progress(im);
        }
    }
    return result;
}

static enum ctl_exit send_all(struct importing *im)
{
    const struct timespec pause = {0, ROUND_PAUSE_MS * 1000000L};
    unsigned idle = 0;

    while (im->waiting > 0 && idle < ROUNDS_MAX) {
        const size_t before = im->waiting;
        const enum ctl_exit result = send_round(im);
        if (result != CTL_OK)
            return result;
        idle = im->waiting < before ? 0 : idle + 1;
        if (im->waiting > 0)
            nanosleep(&pause, NULL);
    }
    return CTL_OK;
}

static void print_refused(const struct importing *im)
{
    struct table table;
    char address[IP4_TEXT_SIZE];

    table_init(&table, "ADDRESS", "CLIENT", "HOST NAME", "WHY NOT", NULL);
    for (size_t i = 0; i < im->file.count; i++) {
        const struct lease_row *row = &im->file.rows[i];
        if (im->outcomes[i].fate == TAKEN)
            continue;
        table_text(&table, ip4_format(row->address, address));
        table_text(&table, row->hw_address != NULL ? row->hw_address : row->client_id);
        table_text(&table, row->host_name);
        table_text(&table, im->outcomes[i].word);
    }
    if (table_rows(&table) > 0)
        table_print(&table, 0, stdout);
    table_deinit(&table);
}

static size_t count_with(const struct importing *im, const char *text)
{
    size_t count = 0;

    for (size_t i = 0; i < im->file.count; i++)
        count += im->outcomes[i].word != NULL && strcmp(im->outcomes[i].word, text) == 0;
    return count;
}

static void print_json(const struct importing *im)
{
    json_t *root = json_object(), *refused = json_array();
    char address[IP4_TEXT_SIZE];

    json_object_set_new(root, "imported", json_integer((json_int_t)count_with(im, "imported")));
    json_object_set_new(root, "here_already",
                        json_integer((json_int_t)count_with(im, "here already")));
    for (size_t i = 0; i < im->file.count; i++) {
        if (im->outcomes[i].fate == TAKEN)
            continue;
        json_t *one = json_object();
        set_text(one, "address", ip4_format(im->file.rows[i].address, address));
        set_text(one, "why_not", im->outcomes[i].word);
        json_array_append_new(refused, one);
    }
    json_object_set_new(root, "refused", refused);
    json_dumpf(root, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(root);
}

static enum ctl_exit report(const struct importing *im)
{
    size_t taken = 0;

    for (size_t i = 0; i < im->file.count; i++)
        taken += im->outcomes[i].fate == TAKEN;
    if (im->options->json) {
        print_json(im);
        return taken == im->file.count ? CTL_OK : CTL_FAILED;
    }
    print_refused(im);
    printf("%s%zu of %zu leases (%zu of them here already)\n",
           im->options->dry_run ? "would import " : "imported ", taken, im->file.count,
           count_with(im, "here already"));
    if (im->file.bad > 0)
        printf("%zu entries of the file could not be read\n", im->file.bad);
    if (im->file.others > 0)
        printf("%zu entries of the file are no leases: hosts or classes made at run time\n",
               im->file.others);
    /* What has ended meanwhile is nobody's loss. */
    return taken + count_with(im, "the lease has ended") == im->file.count ? CTL_OK
                                                                           : CTL_FAILED;
}

typedef bool lease_parser(struct lease_file *file, const char *text, size_t size);

static enum ctl_exit import_leases(const struct ctl_options *options, const char *origin,
                                   lease_parser *parse)
{
    struct importing im = {.options = options};
    struct import run;
    size_t size = 0;
    enum ctl_exit result = CTL_FAILED;

    import_init(&run, origin, options->file);
    im.file.run = &run;
    const char *text = import_read(&run, options->file, NULL, &size);
    if (text == NULL || !parse(&im.file, text, size)) {
        fprintf(stderr, "twinctl: %s\n", run.problem);
    } else {
        lease_file_settle(&im.file);
        im.waiting = im.file.count;
        im.outcomes = calloc(im.file.count + 1, sizeof(*im.outcomes));
        im.shows_progress = isatty(STDERR_FILENO) == 1 && !options->json;
        result = im.outcomes == NULL ? CTL_FAILED : send_all(&im);
        if (im.shows_progress)
            fputc('\n', stderr);
        if (result == CTL_OK)
            result = report(&im);
        free(im.outcomes);
    }
    lease_file_deinit(&im.file);
    import_deinit(&run);
    return result;
}

enum ctl_exit ctl_leases_import_kea(const struct ctl_options *options)
{
    return import_leases(options, "kea", lease_file_kea);
}

enum ctl_exit ctl_leases_import_isc(const struct ctl_options *options)
{
    return import_leases(options, "isc", lease_file_isc);
}
