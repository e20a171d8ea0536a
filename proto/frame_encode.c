/* proto/frame_encode.c - frames to bytes, without allocation. */
#include "proto/frame.h"

#include "failover.pb-c.h"
#include "proto/binding_message.h"
#include "proto/frame_internal.h"

/* More than any message without bindings takes: a Hello with a full chain, a heartbeat with all
 * its pools, the longest texts. */
#define SMALL_FRAME_MAX    8192
#define SUBNET_DIGESTS_MAX ((size_t)64)

size_t frame_encoded_max(const struct frame *frame)
{
    size_t size = SMALL_FRAME_MAX;

    if (frame->type == FRAME_UPDATE) {
        for (size_t i = 0; i < frame->update.count; i++)
            size += binding_encoded_max(&frame->update.bindings[i]) + 8;
    } else if (frame->type == FRAME_CLAIM) {
        size += binding_encoded_max(&frame->claim.binding);
    } else if (frame->type == FRAME_CONFIG_PARTS) {
        size += frame->parts.count * SUBNET_DIGESTS_MAX;
    } else if (frame->type == FRAME_RESERVATIONS) {
        for (size_t i = 0; i < frame->reservations.count; i++)
            size += reservation_encoded_max(&frame->reservations.records[i]) + 8;
    }
    return size;
}

static ProtobufCBinaryData bytes_of(struct span span)
{
    /* protobuf-c only reads what it packs. */
    return (ProtobufCBinaryData){span.size, (uint8_t *)(uintptr_t)span.data};
}

static char *text_of(const char *text)
{
    return (char *)(uintptr_t)text;
}

static size_t pack(const Twindhcp__Envelope *envelope, uint8_t *out, size_t capacity)
{
    const size_t size = twindhcp__envelope__get_packed_size(envelope);

    ASSERT(size <= capacity);
    return twindhcp__envelope__pack(envelope, out);
}

static Twindhcp__Envelope envelope_of(const struct frame *f)
{
    Twindhcp__Envelope e = TWINDHCP__ENVELOPE__INIT;

    e.session = f->session;
    e.n = f->n;
    return e;
}

static size_t encode_hello(const struct frame *f, uint8_t *out, size_t capacity)
{
    const struct hello *h = &f->hello;
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__Hello m = TWINDHCP__HELLO__INIT;
    Twindhcp__ConfigDigests digests = TWINDHCP__CONFIG_DIGESTS__INIT;
    struct chain_message chain;
    uint32_t identifiers[FRAME_IDENTIFIERS_MAX];

    digests.pair = h->digests.pair;
    digests.subnets = h->digests.part[PART_SUBNETS];
    digests.pools = h->digests.part[PART_POOLS];
    digests.reservations = h->digests.part[PART_RESERVATIONS];
    digests.options = h->digests.part[PART_OPTIONS];
    m.protocol = h->protocol;
    m.pair = text_of(h->pair);
    m.role = h->role;
    m.nonce = h->nonce;
    m.answers_nonce = h->answers_nonce;
    m.store_id = h->store_id;
    m.store_new = h->store_new;
    m.n_chain = h->chain_count;
    m.chain = chain_message(&chain, h->chain, h->chain_count);
    m.seq = h->seq;
    m.applied_incarnation = h->applied_incarnation;
    m.applied_seq = h->applied_seq;
    m.applied_store_id = h->applied_store_id;
    m.state = h->state;
    m.starting = h->starting;
    m.state_since_ms = h->state_since.ms;
    m.term = h->term;
    m.clock_ms = h->clock.ms;
    m.mclt_ms = h->mclt_ms;
    m.digests = &digests;
    m.restored = h->restored;
    m.mclt_wait_ms = h->mclt_wait_ms;
    m.n_server_identifiers =
        identifier_values(h->identifiers, h->identifier_count, identifiers);
    m.server_identifiers = identifiers;
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_HELLO;
    e.hello = &m;
    return pack(&e, out, capacity);
}

static size_t encode_update(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__BindingUpdate m = TWINDHCP__BINDING_UPDATE__INIT;
    Twindhcp__Binding bindings[FRAME_BINDINGS_MAX];
    Twindhcp__Binding *pointers[FRAME_BINDINGS_MAX];

    /* By the bound: to ask protobuf-c for the size would cost half as much again as packing. */
    ASSERT(f->update.count <= FRAME_BINDINGS_MAX && frame_encoded_max(f) <= capacity);
    for (size_t i = 0; i < f->update.count; i++) {
        binding_to_message(&f->update.bindings[i], &bindings[i]);
        bindings[i].unsent = false; /* the sender's own affair */
        pointers[i] = &bindings[i];
    }
    m.last_seq = f->update.last_seq;
    m.number = f->update.number;
    m.n_bindings = f->update.count;
    m.bindings = pointers;
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_UPDATE;
    e.update = &m;
    return twindhcp__envelope__pack(&e, out);
}

static size_t encode_heartbeat(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__Heartbeat m = TWINDHCP__HEARTBEAT__INIT;
    Twindhcp__PoolFree pools[FRAME_POOLS_MAX];
    Twindhcp__PoolFree *pointers[FRAME_POOLS_MAX];

    ASSERT(f->heartbeat.pool_count <= FRAME_POOLS_MAX);
    for (size_t i = 0; i < f->heartbeat.pool_count; i++) {
        twindhcp__pool_free__init(&pools[i]);
        pools[i].first = f->heartbeat.pools[i].first.value;
        pools[i].last = f->heartbeat.pools[i].last.value;
        pools[i].free = f->heartbeat.pools[i].free;
        pointers[i] = &pools[i];
    }
    m.state = f->heartbeat.state;
    m.term = f->heartbeat.term;
    m.durable_seq = f->heartbeat.durable_seq;
    m.clock_ms = f->heartbeat.clock.ms;
    m.mclt_ms = f->heartbeat.mclt_ms;
    m.digest = f->heartbeat.digest;
    m.n_pools = f->heartbeat.pool_count;
    m.pools = pointers;
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_HEARTBEAT;
    e.heartbeat = &m;
    return pack(&e, out, capacity);
}

static size_t encode_nak(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__NakNotice m = TWINDHCP__NAK_NOTICE__INIT;

    m.client = bytes_of(f->nak.client);
    m.address = f->nak.address.value;
    m.reason = f->nak.reason;
    m.xid = f->nak.xid;
    m.when_ms = f->nak.when.ms;
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_NAK;
    e.nak = &m;
    return pack(&e, out, capacity);
}

static size_t encode_claim(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__Claim m = TWINDHCP__CLAIM__INIT;
    Twindhcp__Binding binding;

    binding_to_message(&f->claim.binding, &binding);
    m.id = f->claim.id;
    m.operation = f->claim.operation;
    m.version_ms = (uint64_t)f->claim.version.ms;
    m.version_counter = f->claim.version.counter;
    m.version_writer = f->claim.version.writer;
    m.binding = &binding;
    m.lease_ms = (uint64_t)f->claim.lease_ms;
    m.flex_id = bytes_of(f->claim.flex_id);
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_CLAIM;
    e.claim = &m;
    return pack(&e, out, capacity);
}

static size_t encode_claim_reply(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__ClaimReply m = TWINDHCP__CLAIM_REPLY__INIT;

    m.id = f->claim_reply.id;
    m.granted = f->claim_reply.granted;
    m.seq = f->claim_reply.seq;
    m.reason = text_of(f->claim_reply.reason);
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_CLAIM_REPLY;
    e.claim_reply = &m;
    return pack(&e, out, capacity);
}

static size_t encode_reservations(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__ReservationUpdate m = TWINDHCP__RESERVATION_UPDATE__INIT;
    Twindhcp__Reservation reservations[FRAME_RESERVATIONS_MAX];
    Twindhcp__Reservation *pointers[FRAME_RESERVATIONS_MAX];

    ASSERT(f->reservations.count <= FRAME_RESERVATIONS_MAX);
    for (size_t i = 0; i < f->reservations.count; i++) {
        reservation_to_message(&f->reservations.records[i], &reservations[i]);
        pointers[i] = &reservations[i];
    }
    m.number = f->reservations.number;
    m.n_reservations = f->reservations.count;
    m.reservations = pointers;
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_RESERVATIONS;
    e.reservations = &m;
    return pack(&e, out, capacity);
}

static size_t encode_reservations_ack(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__ReservationAck m = TWINDHCP__RESERVATION_ACK__INIT;

    m.number = f->reservations.number;
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_RESERVATIONS_ACK;
    e.reservations_ack = &m;
    return pack(&e, out, capacity);
}

static size_t encode_parts(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__ConfigParts m = TWINDHCP__CONFIG_PARTS__INIT;
    Twindhcp__SubnetDigests subnets[FRAME_SUBNETS_MAX];
    Twindhcp__SubnetDigests *pointers[FRAME_SUBNETS_MAX];

    ASSERT(f->parts.count <= FRAME_SUBNETS_MAX);
    for (size_t i = 0; i < f->parts.count; i++) {
        const struct subnet_digests *d = &f->parts.subnets[i];

        twindhcp__subnet_digests__init(&subnets[i]);
        subnets[i].network = d->network.value;
        subnets[i].prefix_length = d->prefix_length;
        subnets[i].subnet = d->part[PART_SUBNETS];
        subnets[i].pools = d->part[PART_POOLS];
        subnets[i].reservations = d->part[PART_RESERVATIONS];
        subnets[i].options = d->part[PART_OPTIONS];
        pointers[i] = &subnets[i];
    }
    m.n_subnets = f->parts.count;
    m.subnets = pointers;
    m.more = f->parts.more;
    m.file_subnets = f->parts.file.part[PART_SUBNETS];
    m.file_options = f->parts.file.part[PART_OPTIONS];
    e.message_case = TWINDHCP__ENVELOPE__MESSAGE_CONFIG_PARTS;
    e.config_parts = &m;
    return pack(&e, out, capacity);
}

/* The messages that hold a few numbers. */
static size_t encode_small(const struct frame *f, uint8_t *out, size_t capacity)
{
    Twindhcp__Envelope e = envelope_of(f);
    Twindhcp__HelloAck hello_ack = TWINDHCP__HELLO_ACK__INIT;
    Twindhcp__BindingAck ack = TWINDHCP__BINDING_ACK__INIT;
    Twindhcp__SyncEnd sync_end = TWINDHCP__SYNC_END__INIT;
    Twindhcp__Ready ready = TWINDHCP__READY__INIT;
    Twindhcp__PeerState state = TWINDHCP__PEER_STATE__INIT;
    Twindhcp__Handover handover = TWINDHCP__HANDOVER__INIT;
    Twindhcp__Goodbye goodbye = TWINDHCP__GOODBYE__INIT;

    switch (f->type) {
    case FRAME_HELLO_ACK:
        hello_ack.set_back = f->hello_ack.set_back;
        hello_ack.refused = text_of(f->hello_ack.refused);
        e.message_case = TWINDHCP__ENVELOPE__MESSAGE_HELLO_ACK;
        e.hello_ack = &hello_ack;
        break;
    case FRAME_ACK:
        ack.last_seq = f->ack.last_seq;
        ack.number = f->ack.number;
        e.message_case = TWINDHCP__ENVELOPE__MESSAGE_ACK;
        e.ack = &ack;
        break;
    case FRAME_SYNC_END:
        sync_end.last_seq = f->mark.last_seq;
        e.message_case = TWINDHCP__ENVELOPE__MESSAGE_SYNC_END;
        e.sync_end = &sync_end;
        break;
    case FRAME_READY:
        ready.last_seq = f->mark.last_seq;
        e.message_case = TWINDHCP__ENVELOPE__MESSAGE_READY;
        e.ready = &ready;
        break;
    case FRAME_STATE:
        state.state = f->state.state;
        state.term = f->state.term;
        state.last_seq = f->state.last_seq;
        e.message_case = TWINDHCP__ENVELOPE__MESSAGE_PEER_STATE;
        e.peer_state = &state;
        break;
    case FRAME_HANDOVER:
        handover.last_seq = f->mark.last_seq;
        e.message_case = TWINDHCP__ENVELOPE__MESSAGE_HANDOVER;
        e.handover = &handover;
        break;
    case FRAME_GOODBYE:
        goodbye.reason = text_of(f->goodbye.reason);
        e.message_case = TWINDHCP__ENVELOPE__MESSAGE_GOODBYE;
        e.goodbye = &goodbye;
        break;
    case FRAME_HELLO:
    case FRAME_UPDATE:
    case FRAME_HEARTBEAT:
    case FRAME_NAK:
    case FRAME_CLAIM:
    case FRAME_CLAIM_REPLY:
    case FRAME_CONFIG_PARTS:
    case FRAME_RESERVATIONS:
    case FRAME_RESERVATIONS_ACK:
        UNREACHABLE("encoded by its own function");
        break;
    }
    return pack(&e, out, capacity);
}

size_t frame_encode(const struct frame *f, uint8_t *out, size_t capacity)
{
    switch (f->type) {
    case FRAME_HELLO:
        return encode_hello(f, out, capacity);
    case FRAME_UPDATE:
        return encode_update(f, out, capacity);
    case FRAME_HEARTBEAT:
        return encode_heartbeat(f, out, capacity);
    case FRAME_NAK:
        return encode_nak(f, out, capacity);
    case FRAME_CLAIM:
        return encode_claim(f, out, capacity);
    case FRAME_CLAIM_REPLY:
        return encode_claim_reply(f, out, capacity);
    case FRAME_CONFIG_PARTS:
        return encode_parts(f, out, capacity);
    case FRAME_RESERVATIONS:
        return encode_reservations(f, out, capacity);
    case FRAME_RESERVATIONS_ACK:
        return encode_reservations_ack(f, out, capacity);
    case FRAME_HELLO_ACK:
    case FRAME_ACK:
    case FRAME_SYNC_END:
    case FRAME_READY:
    case FRAME_STATE:
    case FRAME_HANDOVER:
    case FRAME_GOODBYE:
        return encode_small(f, out, capacity);
    }
    return 0;
}
