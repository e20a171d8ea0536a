/* Frames from outside: stated limits hold, and hostile bytes do no harm. */
#include "help_frame.h"
#include "help_packets.h"

#include <stdlib.h>

#define MUTATIONS 100000

/* ---- limits ---- */

static size_t put_varint(uint8_t *out, uint64_t value)
{
    size_t at = 0;

    while (value >= 128) {
        out[at++] = (uint8_t)(value | 128);
        value >>= 7;
    }
    out[at++] = (uint8_t)value;
    return at;
}

/* An Envelope that holds the message `field`, in which field `inner` comes `count` times with
 * `size` bytes of zeros; `head` stands before them. */
static struct span repeated(unsigned field, unsigned inner, size_t count, size_t size,
                            struct span head)
{
    static uint8_t message[FRAME_SIZE_MAX];
    size_t used = head.size, at;

    memset(message, 0, sizeof(message));
    if (head.size > 0)
        memcpy(message, head.data, head.size);
    for (size_t i = 0; i < count; i++) {
        used += put_varint(message + used, inner << 3 | 2);
        used += put_varint(message + used, size) + size;
    }
    at = put_varint(help_encoded, field << 3 | 2);
    at += put_varint(help_encoded + at, used);
    memcpy(help_encoded + at, message, used);
    return span_of(help_encoded, at + used);
}

static enum td_err decode(struct span bytes)
{
    return frame_decode(bytes, help_arena, sizeof(help_arena), &help_decoded);
}

static void more_bindings_than_allowed_are_refused(void **state)
{
    const struct span none = {NULL, 0};

    (void)state;
    assert_int_equal(decode(repeated(FRAME_UPDATE, 3, FRAME_BINDINGS_MAX, 0, none)), TD_OK);
    assert_int_equal(help_decoded.update.count, FRAME_BINDINGS_MAX);
    assert_int_equal(decode(repeated(FRAME_UPDATE, 3, FRAME_BINDINGS_MAX + 1, 0, none)),
                     TD_MALFORMED);
}

static void more_bindings_than_the_arena_holds_are_refused(void **state)
{
    (void)state;
    assert_int_equal(decode(repeated(FRAME_UPDATE, 3, 400000, 0, (struct span){NULL, 0})),
                     TD_MALFORMED);
}

/* An MCLT of 1 ms is what a heartbeat and a Hello cannot be without. */
static void more_pools_than_allowed_are_refused(void **state)
{
    const struct span mclt = TEXT_SPAN("\x28\x01");

    (void)state;
    assert_int_equal(decode(repeated(FRAME_HEARTBEAT, 6, FRAME_POOLS_MAX, 0, mclt)), TD_OK);
    assert_int_equal(decode(repeated(FRAME_HEARTBEAT, 6, FRAME_POOLS_MAX + 1, 0, mclt)),
                     TD_MALFORMED);
}

static void a_longer_chain_than_allowed_is_refused(void **state)
{
    const struct span mclt = TEXT_SPAN("\x90\x01\x01");

    (void)state;
    assert_int_equal(decode(repeated(FRAME_HELLO, 8, FRAME_CHAIN_MAX, 0, mclt)), TD_OK);
    assert_int_equal(decode(repeated(FRAME_HELLO, 8, FRAME_CHAIN_MAX + 1, 0, mclt)),
                     TD_MALFORMED);
}

static void more_identifiers_than_allowed_are_refused(void **state)
{
    const struct span mclt = TEXT_SPAN("\x90\x01\x01");

    (void)state;
    /* Packed: one field of 4 bytes an address. */
    assert_int_equal(decode(repeated(FRAME_HELLO, 20, 1, 4 * FRAME_IDENTIFIERS_MAX, mclt)),
                     TD_OK);
    assert_int_equal(help_decoded.hello.identifier_count, FRAME_IDENTIFIERS_MAX);
    assert_int_equal(decode(repeated(FRAME_HELLO, 20, 1, 4 * FRAME_IDENTIFIERS_MAX + 4, mclt)),
                     TD_MALFORMED);
}

static void a_client_longer_than_any_is_refused(void **state)
{
    const struct span none = {NULL, 0};

    (void)state;
    assert_int_equal(decode(repeated(FRAME_NAK, 1, 1, BINDING_CLIENT_MAX, none)), TD_OK);
    assert_int_equal(decode(repeated(FRAME_NAK, 1, 1, BINDING_CLIENT_MAX + 1, none)),
                     TD_MALFORMED);
}

static void longer_texts_are_cut(void **state)
{
    struct span bytes;

    (void)state;
    bytes = repeated(FRAME_GOODBYE, 1, 1, 500, (struct span){NULL, 0});
    memset(help_encoded + bytes.size - 500, 'g', 500);
    assert_int_equal(decode(bytes), TD_OK);
    assert_int_equal(strlen(help_decoded.goodbye.reason), FRAME_TEXT_MAX - 1);
}

/* 1 MiB is a frame, one byte more is none, whatever it holds. */
static void a_frame_above_1_mib_is_refused(void **state)
{
    struct span bytes = repeated(FRAME_GOODBYE, 1, 1, 1000, (struct span){NULL, 0});
    const size_t missing = FRAME_SIZE_MAX - bytes.size - 4;
    uint8_t *tail = help_encoded + bytes.size;

    (void)state;
    tail[0] = 9 << 3 | 2; /* a field that nobody knows */
    assert_int_equal(put_varint(tail + 1, missing), 3);
    memset(tail + 4, 0, missing + 1);
    assert_int_equal(decode(span_of(help_encoded, FRAME_SIZE_MAX)), TD_OK);
    assert_int_equal(put_varint(tail + 1, missing + 1), 3);
    assert_int_equal(decode(span_of(help_encoded, FRAME_SIZE_MAX + 1)), TD_MALFORMED);
}

static void no_bytes_are_no_frame(void **state)
{
    (void)state;
    assert_int_equal(decode(span_of(help_encoded, 0)), TD_MALFORMED);
}

/* With an arena of every size up to the one that suffices, and not a byte beyond it touched. */
static void an_arena_that_is_too_small_is_refused(void **state)
{
    struct binding bindings[3];
    struct frame *f = help_begin(FRAME_UPDATE);
    struct span bytes;
    size_t enough = 0;

    (void)state;
    for (uint32_t i = 0; i < 3; i++)
        bindings[i] = help_binding(i);
    f->update.count = 3;
    f->update.bindings = bindings;
    bytes = help_encode(f);
    for (size_t size = 0; enough == 0; size += 16) {
        uint8_t *small = malloc(size > 0 ? size : 1);

        assert_non_null(small);
        assert_true(size < 65536);
        if (frame_decode(bytes, small, size, &help_decoded) == TD_OK)
            enough = size;
        free(small);
    }
    assert_true(enough > 3 * sizeof(struct binding));
}

static void values_out_of_range_are_refused(void **state)
{
    static const uint8_t long_id[FLEX_ID_MAX + 1];
    struct frame *f = help_hello();

    (void)state;
    f->hello.role = (enum role)2;
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_hello();
    f->hello.mclt_ms = 0;
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_hello();
    f->hello.clock = instant_ms(-1);
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_heartbeat();
    f->heartbeat.clock = instant_ms(INT64_MAX);
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_claim();
    f->claim.operation = (enum claim_operation)4;
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_claim();
    f->claim.flex_id = span_of(long_id, sizeof(long_id));
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_claim();
    f->claim.lease_ms = -1;
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_claim();
    f->claim.binding.state = (enum binding_state)4;
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_parts();
    ((struct subnet_digests *)(uintptr_t)f->parts.subnets)[1].prefix_length = 33;
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
    f = help_nak();
    f->nak.when = instant_ms(-1);
    assert_int_equal(decode(help_encode(f)), TD_MALFORMED);
}

/* ---- hostile bytes ---- */

static bool in_arena(struct span span)
{
    return span.size == 0 || (span.data >= help_arena &&
                              span.data + span.size <= help_arena + sizeof(help_arena));
}

/* What was let through can be used as it is. */
static void check_binding(const struct binding *b)
{
    assert_true(b->state < BINDING_STATES && b->owner <= ROLE_SECONDARY && b->hlen <= 16);
    assert_true(b->client.size <= BINDING_CLIENT_MAX && in_arena(b->client));
    assert_true(b->reserved.size <= BINDING_CLIENT_MAX && in_arena(b->reserved));
    assert_true(b->host_name.size <= BINDING_ATTRIBUTE_MAX && in_arena(b->host_name));
    assert_true(b->expires.ms >= 0 && b->cltt.ms >= 0 && b->version.ms >= 0);
}

static void check(const struct frame *f)
{
    switch (f->type) {
    case FRAME_HELLO:
        assert_true(f->hello.chain_count <= FRAME_CHAIN_MAX);
        assert_true(f->hello.identifier_count <= FRAME_IDENTIFIERS_MAX);
        assert_true(f->hello.role <= ROLE_SECONDARY && f->hello.mclt_ms > 0);
        assert_non_null(memchr(f->hello.pair, '\0', FRAME_TEXT_MAX));
        break;
    case FRAME_HELLO_ACK:
        assert_non_null(memchr(f->hello_ack.refused, '\0', FRAME_TEXT_MAX));
        break;
    case FRAME_UPDATE:
        assert_true(f->update.count <= FRAME_BINDINGS_MAX);
        for (size_t i = 0; i < f->update.count; i++)
            check_binding(&f->update.bindings[i]);
        break;
    case FRAME_HEARTBEAT:
        assert_true(f->heartbeat.pool_count <= FRAME_POOLS_MAX && f->heartbeat.mclt_ms > 0);
        break;
    case FRAME_NAK:
        assert_true(f->nak.client.size <= BINDING_CLIENT_MAX && in_arena(f->nak.client));
        break;
    case FRAME_CLAIM:
        assert_true(f->claim.operation >= CLAIM_EXTEND && f->claim.operation <= CLAIM_DECLINE);
        assert_true(f->claim.lease_ms >= 0);
        check_binding(&f->claim.binding);
        assert_true(f->claim.flex_id.size <= FLEX_ID_MAX);
        break;
    case FRAME_CLAIM_REPLY:
        assert_non_null(memchr(f->claim_reply.reason, '\0', FRAME_TEXT_MAX));
        break;
    case FRAME_GOODBYE:
        assert_non_null(memchr(f->goodbye.reason, '\0', FRAME_TEXT_MAX));
        break;
    case FRAME_CONFIG_PARTS:
        assert_true(f->parts.count <= FRAME_SUBNETS_MAX);
        for (size_t i = 0; i < f->parts.count; i++)
            assert_true(f->parts.subnets[i].prefix_length <= 32);
        break;
    case FRAME_RESERVATIONS:
        assert_true(f->reservations.count <= FRAME_RESERVATIONS_MAX);
        for (size_t i = 0; i < f->reservations.count; i++) {
            const struct reservation_record *r = &f->reservations.records[i];

            assert_true(r->id.size >= 6 && r->id.size <= RESERVATION_ID_MAX && in_arena(r->id));
            assert_true(r->text.size <= RESERVATION_TEXT_MAX && r->version.ms > 0);
            assert_true(r->withdrawn == (r->text.size == 0));
        }
        break;
    case FRAME_RESERVATIONS_ACK:
    case FRAME_ACK:
    case FRAME_SYNC_END:
    case FRAME_READY:
    case FRAME_STATE:
    case FRAME_HANDOVER:
        break;
    }
    assert_string_not_equal(frame_type_name(f->type), "unknown");
}

static void mutated_frames_are_read_or_refused(void **state)
{
    static struct frame *(*const makers[])(void) = {
        help_hello,  help_heartbeat, help_nak,         help_claim,
        help_update, help_parts,     help_reservations};
    struct help_random random = {20240301};
    size_t read = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < MUTATIONS; i++) {
        const struct span whole = help_encode(makers[i % ARRAY_SIZE(makers)]());
        size_t size = whole.size;
        uint8_t *bytes;

        for (uint32_t n = 1 + help_random_below(&random, 4); n > 0; n--)
            help_encoded[help_random_below(&random, (uint32_t)size)] ^=
                (uint8_t)(1u << help_random_below(&random, 8));
        if (help_random_below(&random, 4) == 0)
            size = help_random_below(&random, (uint32_t)size + 1);
        /* Of exactly its size, so that reading beyond it is seen. */
        bytes = malloc(size > 0 ? size : 1);
        assert_non_null(bytes);
        memcpy(bytes, help_encoded, size);
        if (frame_decode(span_of(bytes, size), help_arena, sizeof(help_arena), &help_decoded) ==
            TD_OK) {
            free(bytes); /* nothing points into it */
            check(&help_decoded);
            read++;
        } else {
            free(bytes);
            refused++;
        }
    }
    assert_true(read > MUTATIONS / 100 && refused > MUTATIONS / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_bindings_than_allowed_are_refused),
        cmocka_unit_test(more_bindings_than_the_arena_holds_are_refused),
        cmocka_unit_test(more_pools_than_allowed_are_refused),
        cmocka_unit_test(a_longer_chain_than_allowed_is_refused),
        cmocka_unit_test(more_identifiers_than_allowed_are_refused),
        cmocka_unit_test(a_client_longer_than_any_is_refused),
        cmocka_unit_test(longer_texts_are_cut),
        cmocka_unit_test(a_frame_above_1_mib_is_refused),
        cmocka_unit_test(no_bytes_are_no_frame),
        cmocka_unit_test(an_arena_that_is_too_small_is_refused),
        cmocka_unit_test(values_out_of_range_are_refused),
        cmocka_unit_test(mutated_frames_are_read_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
