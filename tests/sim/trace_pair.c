/* tests/sim/trace_pair.c - what the peers say to each other and write, told. */
#include "tests/sim/sim.h"

#include <inttypes.h>
#include <stdio.h>

static uint8_t arena[FRAME_ARENA_SIZE];

static void binding_text(const struct sim *sim, const struct binding *b, char *out, size_t size)
{
    int used =
        snprintf(out, size, "%s %s", address_text(b->address), binding_state_name(b->state));

    if (b->client.size > 0)
        used += snprintf(out + used, size - (size_t)used, " %s until %.3f",
                         client_text(sim, key_hash(b->client)),
                         (double)(b->expires.ms - LEASE_CLOCK_AT_START) / 1000);
    if (b->reserved.size > 0)
        used += snprintf(out + used, size - (size_t)used, ", reserved for %s",
                         client_text(sim, key_hash(b->reserved)));
    snprintf(out + used, size - (size_t)used, ", owner %s, term %u, version %.3f+%u %s",
             role_name(b->owner), b->term,
             (double)(b->version.ms - LEASE_CLOCK_AT_START) / 1000, b->version.counter,
             role_name(b->version.writer));
}

static void hello_text(const struct hello *h, char *out, size_t size)
{
    snprintf(out, size,
             "in %s%s, term %u, own writes up to %" PRIu64 ", the partner's up to %" PRIu64
             "%s%s",
             fo_state_name((enum fo_state)h->state), h->starting ? " (starting)" : "", h->term,
             h->seq, h->applied_seq, h->store_new ? ", store is new" : "",
             h->answers_nonce != 0 ? " (answer)" : "");
}

static const char *operation_name(enum claim_operation operation)
{
    switch (operation) {
    case CLAIM_EXTEND:
        return "lease";
    case CLAIM_RELEASE:
        return "release of";
    case CLAIM_DECLINE:
        return "decline of";
    }
    return "?";
}

static void claim_text(const struct sim *sim, const struct frame *f, char *out, size_t size)
{
    snprintf(out, size, "number %" PRIu64 ": %s %s for %s", f->claim.id,
             operation_name(f->claim.operation), address_text(f->claim.binding.address),
             client_text(sim, key_hash(f->claim.binding.client)));
}

static void frame_text(const struct sim *sim, const struct frame *f, char *out, size_t size)
{
    out[0] = '\0';
    switch (f->type) {
    case FRAME_HELLO:
        hello_text(&f->hello, out, size);
        break;
    case FRAME_HELLO_ACK:
        snprintf(out, size, "%s%s", f->hello_ack.set_back ? "your store was set back " : "",
                 f->hello_ack.refused);
        break;
    case FRAME_UPDATE:
        snprintf(out, size, "number %" PRIu64 ", all up to write %" PRIu64 ", %zu records",
                 f->update.number, f->update.last_seq, f->update.count);
        break;
    case FRAME_ACK:
        snprintf(out, size, "of number %" PRIu64 ", all up to write %" PRIu64, f->ack.number,
                 f->ack.last_seq);
        break;
    case FRAME_SYNC_END:
    case FRAME_READY:
    case FRAME_HANDOVER:
        snprintf(out, size, "at write %" PRIu64, f->mark.last_seq);
        break;
    case FRAME_STATE:
        snprintf(out, size, "%s, term %u, at write %" PRIu64,
                 fo_state_name((enum fo_state)f->state.state), f->state.term,
                 f->state.last_seq);
        break;
    case FRAME_CLAIM:
        claim_text(sim, f, out, size);
        break;
    case FRAME_CLAIM_REPLY:
        snprintf(out, size, "number %" PRIu64 " %s%s%s", f->claim_reply.id,
                 f->claim_reply.granted ? "granted" : "refused",
                 f->claim_reply.granted ? "" : ": ", f->claim_reply.reason);
        break;
    case FRAME_GOODBYE:
        snprintf(out, size, "%s", f->goodbye.reason);
        break;
    case FRAME_NAK:
        snprintf(out, size, "%s to %s", address_text(f->nak.address),
                 client_text(sim, key_hash(f->nak.client)));
        break;
    case FRAME_RESERVATIONS:
    case FRAME_RESERVATIONS_ACK:
        snprintf(out, size, "number %" PRIu64 ", %zu of them", f->reservations.number,
                 f->reservations.count);
        break;
    case FRAME_CONFIG_PARTS:
        snprintf(out, size, "%zu subnets", f->parts.count);
        break;
    case FRAME_HEARTBEAT:
        break;
    }
}

void trace_frame(struct sim *sim, enum role from, struct span bytes, bool arrives)
{
    const char *who = role_name(arrives ? role_other(from) : from);
    struct frame f;
    char text[400], what[40];

    trace_note(sim, from, bytes.size);
    if (!sim->options.trace || frame_decode(bytes, arena, sizeof(arena), &f) != TD_OK ||
        f.type == FRAME_HEARTBEAT)
        return;
    snprintf(what, sizeof(what), arrives ? "<- %s:" : "(lost on the way to the %s)",
             role_name(arrives ? from : role_other(from)));
    frame_text(sim, &f, text, sizeof(text));
    trace(sim, who, "%s %s %s", what, frame_type_name(f.type), text);
    for (size_t i = 0; f.type == FRAME_UPDATE && i < f.update.count; i++) {
        binding_text(sim, &f.update.bindings[i], text, sizeof(text));
        trace(sim, who, "%s     %s", what, text);
    }
}

/* The pair's record is written for many reasons; told is what matters here. */
static void tell_pair(struct sim *sim, enum role role, const struct pair_record *record)
{
    const struct view *view = &sim->nodes[role].view;

    if (!view->has_pair || view->pair_state != record->state || view->pair_term != record->term)
        trace(sim, role_name(role), "wrote state %s, term %u%s",
              fo_state_name((enum fo_state)record->state), record->term,
              record->store_new ? ", store is new" : "");
}

void trace_write(struct sim *sim, enum role role, struct span key, struct span value)
{
    struct stored_binding stored;
    struct pair_record record;
    char text[400];

    trace_note(sim, role, key_hash(value));
    if (!sim->options.trace)
        return;
    if (key.data[0] == 'b' &&
        stored_binding_decode(value, arena, sizeof(arena), &stored) == TD_OK) {
        binding_text(sim, &stored.binding, text, sizeof(text));
        if (stored.seq > 0)
            trace(sim, role_name(role), "wrote %s (own write %" PRIu64 ")", text, stored.seq);
        else
            trace(sim, role_name(role), "wrote %s (the partner's)", text);
    } else if (key.data[0] == 'p' &&
               pair_record_decode(value, arena, sizeof(arena), &record) == TD_OK) {
        tell_pair(sim, role, &record);
    }
}
