/* daemon/api/history.c - what happened, as JSON: NAKs and conflicts.  See status.h */
#include "daemon/api/status.h"

#include <inttypes.h>
#include <stdio.h>

void render_naks(struct writer *out, const struct nak_record *naks, size_t count)
{
    writer_open(out, NULL, '{');
    writer_open(out, "naks", '[');
    for (size_t i = 0; i < count; i++) {
        const struct nak_record *nak = &naks[i];
        char xid[12];

        snprintf(xid, sizeof(xid), "0x%08" PRIx32, nak->xid);
        writer_open(out, NULL, '{');
        writer_instant(out, "when", nak->when);
        writer_ip4(out, "address", nak->address);
        writer_client(out, "client", span_of(nak->key, nak->key_size));
        writer_text(out, "xid", xid);
        writer_text(out, "reason", nak->reason);
        writer_text(out, "by", role_name(nak->by));
        writer_close(out, '}');
    }
    writer_close(out, ']');
    writer_close(out, '}');
}

static const char *state_name(enum binding_state state)
{
    return state == BINDING_ABANDONED ? "ABANDONED" : "ACTIVE";
}

static void render_side(struct writer *out, const char *key, const struct conflict_side *side)
{
    writer_open(out, key, '{');
    writer_client(out, "client", span_of(side->key, side->key_size));
    writer_text(out, "state", state_name(side->state));
    writer_instant(out, "expires", side->expires);
    writer_text(out, "given_by", role_name(side->given_by));
    writer_close(out, '}');
}

void render_conflicts(struct writer *out, uint64_t total,
                      const struct conflict_record *conflicts, size_t count)
{
    writer_open(out, NULL, '{');
    writer_uint(out, "count", total);
    writer_open(out, "conflicts", '[');
    for (size_t i = 0; i < count; i++) {
        const struct conflict_record *conflict = &conflicts[i];

        writer_open(out, NULL, '{');
        writer_instant(out, "when", conflict->when);
        writer_ip4(out, "address", conflict->address);
        render_side(out, "keeps", &conflict->keeps);
        render_side(out, "loses", &conflict->loses);
        writer_text(out, "cause", conflict->cause);
        writer_close(out, '}');
    }
    writer_close(out, ']');
    writer_close(out, '}');
}
