/* daemon/ctl/import/lease_kea.c - Kea's lease file: comma-separated values under a line of
 * names, commas within a value written as "&#x2c". */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/lease_file.h"
#include "proto/option.h"

#define COLUMNS_MAX 32
#define FOREVER_S   INT64_C(8589934591)

enum column { ADDRESS, HWADDR, CLIENT_ID, LIFETIME, EXPIRE, HOSTNAME, STATE, CONTEXT, COLUMNS };

struct reader {
    struct lease_file *file;
    size_t index[COLUMNS]; /* COLUMNS_MAX: the file has no such column */
    const char *values[COLUMNS_MAX];
    size_t count;
};

static bool split(struct reader *r, char *line)
{
    r->count = 0;
    for (char *at = line; at != NULL;) {
        if (r->count == COLUMNS_MAX)
            return false;
        r->values[r->count++] = at;
        char *comma = strchr(at, ',');
        if (comma != NULL)
            *comma++ = '\0';
        at = comma;
    }
    return true;
}

static bool read_names(struct reader *r)
{
    static const char *const names[COLUMNS] = {"address",        "hwaddr",      "client_id",
                                               "valid_lifetime", "expire",      "hostname",
                                               "state",          "user_context"};

    for (size_t c = 0; c < COLUMNS; c++) {
        r->index[c] = COLUMNS_MAX;
        for (size_t v = 0; v < r->count; v++)
            if (strcmp(r->values[v], names[c]) == 0)
                r->index[c] = v;
    }
    return r->index[ADDRESS] < COLUMNS_MAX && r->index[EXPIRE] < COLUMNS_MAX;
}

/* "" when the line has no such column. */
static const char *value(const struct reader *r, enum column column)
{
    return r->index[column] < r->count ? r->values[r->index[column]] : "";
}

static bool read_number(const char *text, int64_t *out)
{
    if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

static const char *read_hex(const struct reader *r, const char *text)
{
    uint8_t bytes[255];
    size_t size = sizeof(bytes);

    if (text[0] == '\0' || !hex_parse(text, bytes, &size))
        return NULL;
    char *out = import_alloc(r->file->run, size * 3 + 1);
    return hex_format(span_of(bytes, size), out, size * 3 + 1);
}

/* {"ISC": {"relay-agent-info": "0x0104..."}}, or the same inside of "sub-options". */
static const char *read_relay(const struct reader *r, const char *context)
{
    const char *at = strstr(context, "relay-agent-info");
    const char *hex = at == NULL ? NULL : strstr(at, "\"0x");

    if (hex == NULL)
        return NULL;
    hex++;
    return read_hex(r, import_copy(r->file->run, hex, strcspn(hex, "\"")));
}

/* "&#x2c" is a comma, "&#x26" an ampersand. */
static const char *unescape(const struct reader *r, const char *text)
{
    char *out = import_copy(r->file->run, text, strlen(text)), *to = out;

    for (const char *from = text; *from != '\0'; from++) {
        unsigned code;
        if (strncmp(from, "&#x", 3) == 0 && sscanf(from + 3, "%2x", &code) == 1 &&
            code >= 0x20 && code < 0x7f) {
            *to++ = (char)code;
            from += 4;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return out[0] == '\0' ? NULL : out;
}

static bool read_row(struct reader *r, struct lease_row *row)
{
    int64_t lifetime = 0, state = 0;

    *row = (struct lease_row){.htype = 1};
    if (!ip4_parse(value(r, ADDRESS), &row->address) ||
        !read_number(value(r, EXPIRE), &row->expires))
        return false;
    if (value(r, STATE)[0] != '\0' && !read_number(value(r, STATE), &state))
        return false;
    if (read_number(value(r, LIFETIME), &lifetime) && lifetime == UINT32_MAX)
        row->expires = FOREVER_S;
    if (row->expires > FOREVER_S)
        row->expires = FOREVER_S;
    /* A lifetime of 0 is how Kea writes that it forgets a lease; 2 and above are over. */
    row->state = state == 1                    ? LEASE_ABANDONED
                 : state != 0 || lifetime == 0 ? LEASE_OVER
                                               : LEASE_ACTIVE;
    row->hw_address = read_hex(r, value(r, HWADDR));
    row->client_id = read_hex(r, value(r, CLIENT_ID));
    row->host_name = unescape(r, value(r, HOSTNAME));
    row->relay_info = read_relay(r, value(r, CONTEXT));
    return true;
}

/* A copy of the line that begins at `*at`, without its end; moves `*at` behind it. */
static char *next_line(struct lease_file *file, const char *text, size_t size, size_t *at)
{
    const char *begin = text + *at;
    const char *end = memchr(begin, '\n', size - *at);
    size_t length = end == NULL ? size - *at : (size_t)(end - begin);

    *at += length + (end != NULL);
    if (length > 0 && begin[length - 1] == '\r')
        length--;
    return import_copy(file->run, begin, length);
}

bool lease_file_kea(struct lease_file *file, const char *text, size_t size)
{
    struct reader r = {.file = file};
    struct lease_row row;
    size_t at = 0;

    if (!split(&r, next_line(file, text, size, &at)) || !read_names(&r))
        return import_fail(file->run, (struct place){file->run->file, 1, 1},
                           "the first line is not the names of Kea's columns (address, hwaddr, "
                           "..., expire, ...)");
    while (at < size) {
        char *line = next_line(file, text, size, &at);
        if (line[0] == '\0')
            continue;
        if (split(&r, line) && read_row(&r, &row))
            lease_file_add(file, &row);
        else
            file->bad++;
    }
    return true;
}
