/* proto/record.c - the pair's memory in its own store, to bytes and back.
 *
 * Bytes of the store are checked like those of the partner: a disk can lie. */
#include "proto/frame.h"

#include "proto/frame_internal.h"

size_t pair_record_encode(const struct pair_record *r, uint8_t *out, size_t capacity)
{
    Twindhcp__PairRecord m = TWINDHCP__PAIR_RECORD__INIT;
    struct chain_message chain;
    uint32_t identifiers[FRAME_IDENTIFIERS_MAX];

    m.state = r->state;
    m.since_ms = r->since.ms;
    m.term = r->term;
    m.store_new = r->store_new;
    m.store_id = r->store_id;
    m.partner_store_id = r->partner_store_id;
    m.wait_until_ms = r->wait_until.ms;
    m.partner_down_ms = r->partner_down_at.ms;
    m.wait_passed = r->wait_passed;
    m.heard_incarnation = r->heard_incarnation;
    m.heard_seq = r->heard_seq;
    m.partner_mclt_ms = r->partner_mclt_ms;
    m.own_mclt_ms = r->own_mclt_ms;
    m.mclt_wait_ms = r->mclt_wait_ms;
    m.mclt_wait_until_ms = r->mclt_wait_until.ms;
    m.contact_ms = r->contact.ms;
    m.partner_lost = r->partner_lost;
    m.partner_set_back = r->partner_set_back;
    m.set_back = r->set_back;
    m.restored = r->restored;
    m.n_chain = r->chain_count;
    m.chain = chain_message(&chain, r->chain, r->chain_count);
    m.n_partner_identifiers =
        identifier_values(r->identifiers, r->identifier_count, identifiers);
    m.partner_identifiers = identifiers;
    ASSERT(twindhcp__pair_record__get_packed_size(&m) <= capacity);
    return twindhcp__pair_record__pack(&m, out);
}

size_t applied_record_encode(const struct applied_record *r, uint8_t *out, size_t capacity)
{
    Twindhcp__AppliedRecord m = TWINDHCP__APPLIED_RECORD__INIT;

    m.store_id = r->store_id;
    m.incarnation = r->incarnation;
    m.seq = r->seq;
    ASSERT(twindhcp__applied_record__get_packed_size(&m) <= capacity);
    return twindhcp__applied_record__pack(&m, out);
}

size_t progress_record_encode(const struct progress_record *r, uint8_t *out, size_t capacity)
{
    Twindhcp__ProgressRecord m = TWINDHCP__PROGRESS_RECORD__INIT;

    m.seq = r->seq;
    m.acked_seq = r->acked_seq;
    m.clock_ms = r->clock.ms;
    ASSERT(twindhcp__progress_record__get_packed_size(&m) <= capacity);
    return twindhcp__progress_record__pack(&m, out);
}

enum td_err pair_record_decode(struct span bytes, uint8_t *arena_bytes, size_t arena_size,
                               struct pair_record *out)
{
    struct message_arena arena;
    const Twindhcp__PairRecord *m;
    struct pair_record r = {0};

    message_arena_init(&arena, arena_bytes, arena_size);
    m = twindhcp__pair_record__unpack(&arena.allocator, bytes.size, bytes.data);
    if (m == NULL || !time_is_sane(m->since_ms) || !time_is_sane(m->wait_until_ms) ||
        !time_is_sane(m->partner_down_ms) || !time_is_sane(m->partner_mclt_ms) ||
        !time_is_sane(m->mclt_wait_ms) || !time_is_sane(m->mclt_wait_until_ms) ||
        !time_is_sane(m->own_mclt_ms) || !time_is_sane(m->contact_ms) ||
        !chain_from(m->n_chain, m->chain, r.chain, &r.chain_count) ||
        !identifiers_from(m->n_partner_identifiers, m->partner_identifiers, r.identifiers,
                          &r.identifier_count))
        return TD_MALFORMED;
    r.state = m->state;
    r.since = instant_ms(m->since_ms);
    r.term = m->term;
    r.store_new = m->store_new;
    r.store_id = m->store_id;
    r.partner_store_id = m->partner_store_id;
    r.wait_until = instant_ms(m->wait_until_ms);
    r.partner_down_at = instant_ms(m->partner_down_ms);
    r.wait_passed = m->wait_passed;
    r.heard_incarnation = m->heard_incarnation;
    r.heard_seq = m->heard_seq;
    r.partner_mclt_ms = m->partner_mclt_ms;
    r.own_mclt_ms = m->own_mclt_ms;
    r.mclt_wait_ms = m->mclt_wait_ms;
    r.mclt_wait_until = instant_ms(m->mclt_wait_until_ms);
    r.contact = instant_ms(m->contact_ms);
    r.partner_lost = m->partner_lost;
    r.partner_set_back = m->partner_set_back;
    r.set_back = m->set_back;
    r.restored = m->restored;
    *out = r;
    return TD_OK;
}

enum td_err applied_record_decode(struct span bytes, uint8_t *arena_bytes, size_t arena_size,
                                  struct applied_record *out)
{
    struct message_arena arena;
    const Twindhcp__AppliedRecord *m;

    message_arena_init(&arena, arena_bytes, arena_size);
    m = twindhcp__applied_record__unpack(&arena.allocator, bytes.size, bytes.data);
    if (m == NULL)
        return TD_MALFORMED;
    *out = (struct applied_record){m->store_id, m->incarnation, m->seq};
    return TD_OK;
}

enum td_err progress_record_decode(struct span bytes, uint8_t *arena_bytes, size_t arena_size,
                                   struct progress_record *out)
{
    struct message_arena arena;
    const Twindhcp__ProgressRecord *m;

    message_arena_init(&arena, arena_bytes, arena_size);
    m = twindhcp__progress_record__unpack(&arena.allocator, bytes.size, bytes.data);
    if (m == NULL || !time_is_sane(m->clock_ms))
        return TD_MALFORMED;
    *out = (struct progress_record){m->seq, m->acked_seq, instant_ms(m->clock_ms)};
    return TD_OK;
}
