/* daemon/ctl/import/lease_isc.c - dhcpd.leases. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/ctl/import/isc_tree.h"
#include "daemon/ctl/import/lease_file.h"
#include "proto/option.h"

#define FOREVER_S INT64_C(8589934591)

/* What gathers of one lease. */
struct gathered {
    struct lease_file *file;
    struct lease_row row;
    bool bad;
    uint8_t relay_info[255];
    size_t relay_size;
};

/* "never", "epoch 1795467600", or "3 2026/11/25 10:00:00" in UTC. */
static bool read_time(const struct isc_token *word, int64_t *out)
{
    struct tm tm = {0};

    if (isc_is(word, "never")) {
        *out = FOREVER_S;
        return true;
    }
    if (word == NULL || word->next == NULL)
        return false;
    if (isc_is(word, "epoch")) {
        *out = strtoll(word->next->text, NULL, 10);
        return *out >= 0 && *out <= FOREVER_S;
    }
    if (word->next->next == NULL ||
        sscanf(word->next->text, "%4d/%2d/%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3 ||
        sscanf(word->next->next->text, "%2d:%2d:%2d", &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 3)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    *out = timegm(&tm);
    return *out >= 0;
}

static void read_state(struct gathered *g, const struct isc_token *word)
{
    if (isc_is(word, "active") || isc_is(word, "bootp"))
        g->row.state = LEASE_ACTIVE;
    else if (isc_is(word, "abandoned"))
        g->row.state = LEASE_ABANDONED;
    else
        g->row.state = LEASE_OVER; /* free, backup, expired, released, reset */
}

/* A text with octal escapes, or 1:2:3. */
static struct span read_bytes(struct gathered *g, const struct isc_token *word)
{
    if (word == NULL)
        return span_of(NULL, 0);
    if (word->kind == ISC_TEXT)
        return span_of(word->text, word->size);
    size_t size = word->size + 1;
    uint8_t *bytes = import_alloc(g->file->run, size);
    return hex_parse(word->text, bytes, &size) ? span_of(bytes, size) : span_of(NULL, 0);
}

static const char *in_hex(struct gathered *g, struct span bytes)
{
    if (bytes.size == 0 || bytes.size > 255)
        return NULL;
    char *out = import_alloc(g->file->run, bytes.size * 3 + 1);
    return hex_format(bytes, out, bytes.size * 3 + 1);
}

static const char *in_text(struct gathered *g, const struct isc_token *word)
{
    return word == NULL || word->size == 0 || word->size > 255
               ? NULL
               : import_copy(g->file->run, word->text, word->size);
}

static void add_relay(struct gathered *g, uint8_t code, struct span bytes)
{
    if (bytes.size == 0 || bytes.size + 2 > sizeof(g->relay_info) - g->relay_size)
        return;
    g->relay_info[g->relay_size++] = code;
    g->relay_info[g->relay_size++] = (uint8_t)bytes.size;
    memcpy(g->relay_info + g->relay_size, bytes.data, bytes.size);
    g->relay_size += bytes.size;
}

static void read_hardware(struct gathered *g, const struct isc_statement *s)
{
    static const struct {
        const char *name;
        uint8_t type;
    } types[] = {{"ethernet", 1}, {"token-ring", 6}, {"fddi", 8}, {"infiniband", 32}};

    for (size_t t = 0; t < ARRAY_SIZE(types); t++)
        if (isc_is(isc_word(s, 1), types[t].name))
            g->row.htype = types[t].type;
    const struct span bytes = read_bytes(g, isc_word(s, 2));
    g->row.hw_address = bytes.size <= 16 ? in_hex(g, bytes) : NULL;
}

static void read_one(struct gathered *g, const struct isc_statement *s)
{
    if (isc_starts(s, "ends"))
        g->bad = !read_time(isc_word(s, 1), &g->row.expires) || g->bad;
    else if (isc_starts(s, "binding state"))
        read_state(g, isc_word(s, 2));
    else if (isc_starts(s, "abandoned"))
        g->row.state = LEASE_ABANDONED;
    else if (isc_starts(s, "hardware"))
        read_hardware(g, s);
    else if (isc_starts(s, "uid"))
        g->row.client_id = in_hex(g, read_bytes(g, isc_word(s, 1)));
    else if (isc_starts(s, "client-hostname"))
        g->row.host_name = in_text(g, isc_word(s, 1));
    else if (isc_starts(s, "set vendor-class-identifier ="))
        g->row.vendor_class = in_text(g, isc_word(s, 3));
    else if (isc_starts(s, "option agent.circuit-id"))
        add_relay(g, 1, read_bytes(g, isc_word(s, 2)));
    else if (isc_starts(s, "option agent.remote-id"))
        add_relay(g, 2, read_bytes(g, isc_word(s, 2)));
}

static void read_lease(struct lease_file *file, const struct isc_statement *lease)
{
    struct gathered g = {.file = file, .row = {.htype = 1}};
    const struct isc_token *address = isc_word(lease, 1);

    if (address == NULL || !ip4_parse(address->text, &g.row.address)) {
        file->bad++;
        return;
    }
    for (const struct isc_statement *s = lease->block; s != NULL; s = s->next)
        read_one(&g, s);
    if (g.relay_size > 0)
        g.row.relay_info = in_hex(&g, span_of(g.relay_info, g.relay_size));
    if (g.row.expires == 0 && g.row.state == LEASE_ACTIVE)
        g.row.state = LEASE_OVER;
    if (g.bad)
        file->bad++;
    else
        lease_file_add(file, &g.row);
}

static void on_statement(void *context, const struct isc_statement *statement)
{
    struct lease_file *file = context;

    if (isc_starts(statement, "lease") && statement->has_block)
        read_lease(file, statement);
    else if (statement->has_block && !isc_starts(statement, "failover"))
        file->others++;
}

bool lease_file_isc(struct lease_file *file, const char *text, size_t size)
{
    return isc_parse_each(file->run, text, size, on_statement, file);
}
