/* daemon/core/runtime_command.c - what an operator does to reservations while the server runs,
 * and what there is to see of them. */
#include "daemon/core/server_internal.h"

#include <stdarg.h>
#include <stdio.h>

struct reason {
    char *text;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static enum td_err refuse(const struct reason *why,
                                                                const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(why->text, why->size, format, arguments);
    va_end(arguments);
    return TD_REFUSED;
}

static struct config_reservation *parse(struct server *s, struct span text,
                                        const struct reason *why)
{
    struct config_problems problems = {NULL, 0};
    struct config_reservation *made = NULL;

    if (text.size > RESERVATION_TEXT_MAX) {
        (void)refuse(why, "the reservation is larger than %zu bytes", RESERVATION_TEXT_MAX);
        return NULL;
    }
    made = config_reservation_parse(s->config, (const char *)text.data, text.size, &problems);
    if (made == NULL && problems.count > 0 && problems.items[0].line > 0)
        (void)refuse(why, "line %d, column %d: %s", problems.items[0].line,
                     problems.items[0].column, problems.items[0].text);
    else if (made == NULL && problems.count > 0)
        (void)refuse(why, "%s", problems.items[0].text);
    config_problems_free(&problems);
    return made;
}

/* What stands against it, in the words of the file's own checks. */
static enum td_err check_others(struct server *s, const struct config_reservation *r,
                                size_t own, const struct reason *why)
{
    const struct config *config = s->config;
    const struct config_reservation *other =
        r->subnet == CONFIG_ANYWHERE
            ? config_reservation_anywhere(config, r->key)
            : config_reservation_of(config, &config->subnets[r->subnet], r->key);
    char client[80], address[IP4_TEXT_SIZE];

    if (other != NULL)
        return refuse(
            why, "the reservation at %s:%d is for the same client, %s; change it there",
            other->file, other->line, client_key_format(r->key, client, sizeof(client)));
    if (r->address.value == 0)
        return TD_OK;
    other = config_reservation_at(config, r->address);
    if (other != NULL)
        return refuse(why,
                      "the reservation at %s:%d is for the same address, %s; change it there",
                      other->file, other->line, ip4_format(r->address, address));
    other = runtime_at(&s->runtime, r->address);
    if (other != NULL && (own == SIZE_MAX || other != s->runtime.entries[own].reservation))
        return refuse(why, "another reservation, for %s, has the address %s; remove that first",
                      client_key_format(other->key, client, sizeof(client)),
                      ip4_format(r->address, address));
    return TD_OK;
}

/* The one that is meant by a client alone. */
static size_t find_by_client(const struct server *s, struct span key, bool *several)
{
    size_t found = SIZE_MAX;

    *several = false;
    for (size_t i = 0; i < s->runtime.count; i++) {
        const struct runtime_entry *entry = &s->runtime.entries[i];

        if (entry->state == RUNTIME_WITHDRAWN || entry->id_size <= 5 ||
            !span_equal(span_of(entry->bytes + 5, entry->id_size - 5), key))
            continue;
        *several = found != SIZE_MAX;
        found = i;
    }
    return found;
}

static enum td_err find_own(struct server *s, enum reservation_command command,
                            const struct config_reservation *r, struct span id, size_t *own,
                            const struct reason *why)
{
    char client[80];
    bool several = false;

    *own = runtime_find(&s->runtime, id);
    if (*own != SIZE_MAX && s->runtime.entries[*own].state == RUNTIME_WITHDRAWN)
        *own = SIZE_MAX;
    (void)client_key_format(r->key, client, sizeof(client));
    if (command == RESERVATION_ADD) {
        if (*own == SIZE_MAX)
            return TD_OK;
        return refuse(why, "there is a reservation for %s already; edit or remove it", client);
    }
    if (*own == SIZE_MAX && r->address.value == 0 && command == RESERVATION_REMOVE)
        *own = find_by_client(s, r->key, &several);
    if (several)
        return refuse(why, "%s has reservations in several subnets; name its address too",
                      client);
    if (*own != SIZE_MAX)
        return TD_OK;
    (void)refuse(why, "no reservation for %s was made while running", client);
    return TD_NOT_FOUND;
}

static enum td_err change(struct server *s, enum reservation_command command, struct span text,
                          const struct config_reservation *r, struct reservation_change *done,
                          const struct reason *why)
{
    uint8_t id_bytes[RESERVATION_ID_MAX];
    struct reservation_record record = {.id = runtime_id(s->config, r, id_bytes), .text = text};
    size_t own;
    enum td_err result = find_own(s, command, r, record.id, &own, why);

    if (result == TD_OK && command != RESERVATION_REMOVE)
        result = check_others(s, r, own, why);
    if (result != TD_OK)
        return result;
    if (command == RESERVATION_ADD && s->runtime.live >= RUNTIME_MAX)
        return refuse(why,
                      "%zu reservations made while running are the most; write some into "
                      "the file",
                      RUNTIME_MAX);
    if (command == RESERVATION_REMOVE) {
        record.withdrawn = true;
        record.text = span_of(NULL, 0);
        memcpy(id_bytes, s->runtime.entries[own].bytes, s->runtime.entries[own].id_size);
        record.id = span_of(id_bytes, s->runtime.entries[own].id_size);
    }
    record.version = hlc_next(&s->hlc, s->now, s->self);
    done->slot = runtime_write(s, &record);
    done->version = record.version;
    if (done->slot == SIZE_MAX)
        return refuse(why, "there is no room for more reservations made while running");
    return TD_OK;
}

static const char *verb(enum reservation_command command)
{
    switch (command) {
    case RESERVATION_ADD:
        return "made";
    case RESERVATION_EDIT:
        return "changed";
    case RESERVATION_REMOVE:
        return "removed";
    }
    return "?";
}

enum td_err server_reservation(struct server *s, struct instant now,
                               enum reservation_command command, struct span text,
                               struct reservation_change *done, char *why, size_t why_size,
                               struct effects *fx)
{
    const struct reason reason = {why, why_size};
    struct config_reservation *r;
    char client[80], address[IP4_TEXT_SIZE];
    enum td_err result;

    server_advance(s, now, fx);
    if (s->store_failed)
        return refuse(&reason, "the store cannot be written: %s", s->store_problem);
    r = parse(s, text, &reason);
    if (r == NULL)
        return TD_MALFORMED;
    result = change(s, command, text, r, done, &reason);
    if (result == TD_OK)
        effects_event(fx, EVENT_NOTICE, "reservation-changed",
                      "the reservation of %s for %s was %s by an operator",
                      r->address.value != 0 ? ip4_format(r->address, address) : "no address",
                      client_key_format(r->key, client, sizeof(client)), verb(command));
    config_reservation_free(r);
    server_flush(s, now, fx);
    return result;
}

/* ---- looking ---- */

static enum reservation_reach reach_of(const struct server *s,
                                       const struct runtime_entry *entry)
{
    if (s->alone)
        return RESERVATION_NO_PARTNER;
    return entry->partner_has || (entry->number > 0 && entry->number <= s->runtime_acked)
               ? RESERVATION_ON_BOTH
               : RESERVATION_HERE_ONLY;
}

bool server_reservation_done(const struct server *s, const struct reservation_change *change,
                             enum reservation_reach *reach)
{
    const struct runtime_entry *entry;

    ASSERT(change->slot < s->runtime.count);
    entry = &s->runtime.entries[change->slot];
    *reach = reach_of(s, entry);
    /* One that has been changed again is as good as done. */
    return version_compare(entry->version, change->version) != 0 ||
           persist_is_durable(s, entry->batch);
}

size_t server_reservation_count(const struct server *s)
{
    return s->config->reservation_count + s->runtime.count;
}

static enum reservation_use use_of(struct server *s, const struct config_reservation *r,
                                   struct binding *b)
{
    const struct policy policy = policy_of(s);

    if (r->address.value == 0)
        return RESERVATION_NO_ADDRESS;
    *b = lease_table_binding(s->leases, r->address);
    if (b->state == BINDING_FREE)
        return span_equal(b->reserved, r->key) ? RESERVATION_FREE : RESERVATION_PENDING;
    if (b->state != BINDING_ABANDONED && reservation_names(s, b, r->key))
        return RESERVATION_LEASED;
    return policy_ended(&policy, b) ? RESERVATION_PENDING : RESERVATION_WAITING;
}

bool server_reservation_view(struct server *s, size_t index, struct reservation_view *out)
{
    const size_t written = s->config->reservation_count;

    *out = (struct reservation_view){.state = RUNTIME_HOLDS};
    if (index < written) {
        out->reservation = &s->config->reservations[index];
    } else {
        const struct runtime_entry *entry = &s->runtime.entries[index - written];

        if (entry->state == RUNTIME_WITHDRAWN)
            return false;
        out->runtime = true;
        out->reservation = entry->reservation;
        out->state = entry->state;
        out->text = runtime_record(entry).text;
        out->version = entry->version;
        out->reach = reach_of(s, entry);
    }
    out->use = out->reservation != NULL ? use_of(s, out->reservation, &out->binding)
                                        : RESERVATION_NO_ADDRESS;
    return true;
}

uint64_t server_reservation_digest(const struct server *s)
{
    return runtime_digest(&s->runtime);
}
