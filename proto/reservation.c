/* proto/reservation.c - see reservation.h */
#include "proto/reservation.h"

#include "proto/frame_internal.h"

#define ID_MIN          6 /* network, prefix length, a tag */
#define PREFIX_AT       4
#define AROUND_THE_REST ((size_t)64) /* tags, sizes and numbers */

size_t reservation_encoded_max(const struct reservation_record *r)
{
    return r->id.size + r->text.size + AROUND_THE_REST;
}

void reservation_to_message(const struct reservation_record *r, Twindhcp__Reservation *m)
{
    twindhcp__reservation__init(m);
    /* protobuf-c only reads what it packs. */
    m->id = (ProtobufCBinaryData){r->id.size, (uint8_t *)(uintptr_t)r->id.data};
    m->text = (ProtobufCBinaryData){r->text.size, (uint8_t *)(uintptr_t)r->text.data};
    m->version_ms = (uint64_t)r->version.ms;
    m->version_counter = r->version.counter;
    m->version_writer = r->version.writer;
    m->withdrawn = r->withdrawn;
}

bool reservation_from_message(const Twindhcp__Reservation *m, struct reservation_record *out)
{
    if (m->id.len < ID_MIN || m->id.len > RESERVATION_ID_MAX || m->id.data[PREFIX_AT] > 32 ||
        m->text.len > RESERVATION_TEXT_MAX || m->withdrawn != (m->text.len == 0) ||
        !time_is_sane((int64_t)m->version_ms) || m->version_ms == 0 ||
        m->version_writer > ROLE_SECONDARY)
        return false;
    *out = (struct reservation_record){
        .id = span_of(m->id.data, m->id.len),
        .version = {(int64_t)m->version_ms, m->version_counter, (enum role)m->version_writer},
        .withdrawn = m->withdrawn,
        .text = span_of(m->text.data, m->text.len)};
    return true;
}

size_t reservation_encode(const struct reservation_record *r, uint8_t *out, size_t capacity)
{
    Twindhcp__Reservation m;

    reservation_to_message(r, &m);
    ASSERT(twindhcp__reservation__get_packed_size(&m) <= capacity);
    return twindhcp__reservation__pack(&m, out);
}

enum td_err reservation_decode(struct span bytes, uint8_t *arena_bytes, size_t arena_size,
                               struct reservation_record *out)
{
    struct message_arena arena;
    const Twindhcp__Reservation *m;

    message_arena_init(&arena, arena_bytes, arena_size);
    m = twindhcp__reservation__unpack(&arena.allocator, bytes.size, bytes.data);
    return m != NULL && reservation_from_message(m, out) ? TD_OK : TD_MALFORMED;
}
