/* tests/sim/trace.c - who said what to whom, who wrote what, who is in which state. */
#include "tests/sim/sim.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void trace_note(struct sim *sim, uint64_t a, uint64_t b)
{
    const uint64_t values[3] = {(uint64_t)sim->now, a, b};

    for (size_t i = 0; i < ARRAY_SIZE(values); i++)
        sim->hash = (sim->hash ^ values[i]) * UINT64_C(0x9e3779b97f4a7c15);
    sim->hash ^= sim->hash >> 29;
}

void trace(struct sim *sim, const char *who, const char *format, ...)
{
    va_list arguments;

    if (!sim->options.trace)
        return;
    printf("%4" PRId64 ".%03d %-11s ", sim->now / 1000, (int)(sim->now % 1000), who);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

static void binding_text(const struct sim *sim, const struct binding *b, char *out, size_t size)
{
    snprintf(out, size,
             "%x %s %s-%02x owner %s expires %" PRId64 " term %u version %" PRId64 ".%u %s%s",
             b->address.value, binding_state_name(b->state),
             client_text(sim, key_hash(b->client)),
             b->client.size > 0 ? b->client.data[b->client.size - 1] : 0, role_name(b->owner),
             b->expires.ms % 100000000, b->term, b->version.ms % 100000000, b->version.counter,
             role_name(b->version.writer), b->reserved.size > 0 ? " reserved" : "");
}

static void hello_text(const struct hello *h, char *out, size_t size)
{
    snprintf(out, size, "state %s%s term %u seq %" PRIu64 " applied %" PRIu64 "%s%s",
             fo_state_name((enum fo_state)h->state), h->starting ? " (starting)" : "", h->term,
             h->seq, h->applied_seq, h->store_new ? " new store" : "",
             h->answers_nonce != 0 ? " (answer)" : "");
}

static void frame_text(const struct frame *f, char *out, size_t size)
{
    out[0] = '\0';
    switch (f->type) {
    case FRAME_HELLO:
        hello_text(&f->hello, out, size);
        break;
    case FRAME_HELLO_ACK:
        snprintf(out, size, "%s%s", f->hello_ack.set_back ? "you are set back " : "",
                 f->hello_ack.refused);
        break;
    case FRAME_UPDATE:
        snprintf(out, size, "last %" PRIu64 " number %" PRIu64 ", %zu bindings",
                 f->update.last_seq, f->update.number, f->update.count);
        break;
    case FRAME_ACK:
        snprintf(out, size, "last %" PRIu64 " number %" PRIu64, f->ack.last_seq, f->ack.number);
        break;
    case FRAME_SYNC_END:
    case FRAME_READY:
    case FRAME_HANDOVER:
        snprintf(out, size, "%" PRIu64, f->mark.last_seq);
        break;
    case FRAME_STATE:
        snprintf(out, size, "%s term %u seq %" PRIu64,
                 fo_state_name((enum fo_state)f->state.state), f->state.term,
                 f->state.last_seq);
        break;
    case FRAME_CLAIM:
        snprintf(out, size, "%" PRIu64 " operation %d %x", f->claim.id, (int)f->claim.operation,
                 f->claim.binding.address.value);
        break;
    case FRAME_CLAIM_REPLY:
        snprintf(out, size, "%" PRIu64 " %s %s", f->claim_reply.id,
                 f->claim_reply.granted ? "granted" : "refused", f->claim_reply.reason);
        break;
    case FRAME_GOODBYE:
        snprintf(out, size, "%s", f->goodbye.reason);
        break;
    case FRAME_NAK:
        snprintf(out, size, "%x", f->nak.address.value);
        break;
    case FRAME_CONFIG_PARTS:
    case FRAME_HEARTBEAT:
        break;
    }
}

void trace_frame(struct sim *sim, enum role from, struct span bytes, const char *what)
{
    static uint8_t *arena;
    struct frame f;
    char text[400];

    trace_note(sim, from, bytes.size);
    if (!sim->options.trace)
        return;
    if (arena == NULL)
        arena = malloc(FRAME_ARENA_SIZE);
    if (arena == NULL || frame_decode(bytes, arena, FRAME_ARENA_SIZE, &f) != TD_OK ||
        f.type == FRAME_HEARTBEAT)
        return;
    frame_text(&f, text, sizeof(text));
    trace(sim, role_name(from), "%s %s %s", what, frame_type_name(f.type), text);
    for (size_t i = 0; f.type == FRAME_UPDATE && i < f.update.count; i++) {
        binding_text(sim, &f.update.bindings[i], text, sizeof(text));
        trace(sim, role_name(from), "%s   %s", what, text);
    }
}

void trace_write(struct sim *sim, enum role role, struct span key, struct span value)
{
    static uint8_t arena[65536];
    struct stored_binding stored;
    struct pair_record record;
    char text[400];

    trace_note(sim, role, key_hash(value));
    if (!sim->options.trace)
        return;
    if (key.data[0] == 'b' &&
        stored_binding_decode(value, arena, sizeof(arena), &stored) == TD_OK) {
        binding_text(sim, &stored.binding, text, sizeof(text));
        trace(sim, role_name(role), "disk: seq %" PRIu64 " %s", stored.seq, text);
    } else if (key.data[0] == 'p' &&
               pair_record_decode(value, arena, sizeof(arena), &record) == TD_OK) {
        trace(sim, role_name(role), "disk: state %s term %u%s",
              fo_state_name((enum fo_state)record.state), record.term,
              record.store_new ? " new store" : "");
    }
}
