/* daemon/api/names.c - what leases and server say of names and the DNS. */
#include "daemon/api/names.h"

static const char *state_name(enum name_state state)
{
    switch (state) {
    case NAME_MAYBE:
        return "pending";
    case NAME_ADDED:
        return "registered";
    case NAME_TAKEN:
        return "taken";
    }
    return "unknown";
}

void render_lease_names(struct writer *out, struct span bytes)
{
    struct names names;

    if (!names_decode(bytes, &names))
        UNREACHABLE("names were checked when they came");
    if (names.name.size == 0)
        writer_null(out, "name");
    else
        writer_bytes(out, "name", names.name);
    writer_open(out, "dns", '[');
    for (size_t i = 0; i < names.count; i++) {
        const struct name_entry *entry = &names.entry[i];

        writer_open(out, NULL, '{');
        writer_bytes(out, "name", entry->name);
        writer_client(out, "client", entry->client);
        writer_text(out, "state", state_name(entry->state));
        writer_bool(out, "forward", entry->forward);
        writer_bool(out, "reverse", entry->reverse);
        writer_close(out, '}');
    }
    writer_close(out, ']');
}

void render_dns(struct writer *out, const struct dns_status *dns)
{
    if (!dns->configured) {
        writer_null(out, "dns");
        return;
    }
    writer_open(out, "dns", '{');
    writer_uint(out, "backlog", dns->backlog);
    writer_uint(out, "in_flight", dns->in_flight);
    writer_uint(out, "added", dns->added);
    writer_uint(out, "removed", dns->removed);
    writer_uint(out, "taken", dns->taken);
    writer_uint(out, "failed", dns->failed);
    writer_text(out, "problem", dns->problem);
    writer_close(out, '}');
}
