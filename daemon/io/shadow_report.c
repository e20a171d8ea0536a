/* daemon/io/shadow_report.c - see shadow_report.h */
#include "daemon/io/shadow_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <time.h>

#define TIME_SIZE 32

static const char *time_text(struct instant when, char out[static TIME_SIZE])
{
    const time_t seconds = (time_t)(when.ms / 1000);
    struct tm utc;
    size_t size;

    gmtime_r(&seconds, &utc);
    size = strftime(out, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out + size, TIME_SIZE - size, ".%03dZ", (int)(when.ms % 1000));
    return out;
}

void shadow_summarise(const struct shadow *shadow, char out[static SHADOW_SUMMARY_SIZE])
{
    const struct shadow_counters c = shadow_counters(shadow);

    snprintf(out, SHADOW_SUMMARY_SIZE,
             "%" PRIu64 " requests and %" PRIu64 " replies seen; answers: %" PRIu64
             " alike, %" PRIu64 " differ, %" PRIu64 " of leases from before",
             c.requests, c.replies, c.agreed, c.differed, c.unlearned);
}

static void print_finding(const struct tally_row *row, FILE *out)
{
    const struct shadow_finding *f = &row->first;
    const struct shadow_difference *d = &f->difference;
    const struct option_definition *known =
        d->kind == SHADOW_OPTION ? option_find_code(d->code) : NULL;
    char when[TIME_SIZE];

    fprintf(out, "%8" PRIu64 "  %s", row->count, shadow_kind_name(d->kind));
    if (d->kind == SHADOW_OPTION)
        fprintf(out, " %u %s", d->code, known != NULL ? known->name : "");
    fprintf(out, "\n          first: %s %s of %s, xid 0x%08x\n", time_text(f->when, when),
            dhcp4_type_name(f->asked), f->client, f->xid);
    fprintf(out, "          they:  %s\n          we:    %s\n",
            d->theirs[0] != '\0' ? d->theirs : "nothing",
            d->ours[0] != '\0' ? d->ours : "nothing");
}

void shadow_print(const struct shadow *shadow, FILE *out)
{
    const struct shadow_counters c = shadow_counters(shadow);
    const struct tally *tally = shadow_tally(shadow);
    char summary[SHADOW_SUMMARY_SIZE];

    shadow_summarise(shadow, summary);
    fprintf(out, "%s\n", summary);
    fprintf(out,
            "leases learned: %" PRIu64 "; not judged: %" PRIu64 " retransmissions, %" PRIu64
            " replies to nothing that waited, %" PRIu64 " too many at once, %" PRIu64
            " malformed\n",
            c.learned, c.repeated, c.unmatched, c.passed, c.malformed);
    for (size_t i = 0; i < TALLY_ROWS; i++) {
        if (tally->rows[i] != NULL)
            print_finding(tally->rows[i], out);
    }
    fflush(out);
}

void shadow_write_line(const struct shadow_finding *f, FILE *out)
{
    const struct shadow_difference *d = &f->difference;
    char when[TIME_SIZE], xid[16];
    json_t *line;

    snprintf(xid, sizeof(xid), "0x%08x", f->xid);
    line = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "time", time_text(f->when, when),
                     "client", f->client, "xid", xid, "asked", dhcp4_type_name(f->asked),
                     "difference", shadow_kind_name(d->kind), "they", d->theirs, "we", d->ours);
    if (line != NULL && d->kind == SHADOW_OPTION)
        json_object_set_new(line, "code", json_integer(d->code));
    if (line != NULL)
        json_dumpf(line, out, JSON_COMPACT);
    fputc('\n', out);
    fflush(out);
    json_decref(line);
}
