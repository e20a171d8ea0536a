/* What the peers say to each other: what goes in comes out. */
#include "help_frame.h"

static void round_trip(const struct frame *frame)
{
    const struct span bytes = help_encode(frame);

    assert_int_equal(frame_decode(bytes, help_arena, sizeof(help_arena), &help_decoded), TD_OK);
    memset(help_encoded, 0xee, bytes.size); /* the result is in the arena alone */
    assert_true(help_decoded.session == frame->session);
    assert_true(help_decoded.n == frame->n);
    assert_int_equal(help_decoded.type, frame->type);
}

static void assert_same_binding(const struct binding *a, const struct binding *b)
{
    assert_true(binding_same_contents(a, b));
    assert_int_equal(version_compare(a->version, b->version), 0);
    assert_int_equal(a->term, b->term);
}

static void a_hello_comes_back_as_it_was(void **state)
{
    const struct frame *f = help_hello();
    const struct hello *a = &f->hello, *b = &help_decoded.hello;

    (void)state;
    round_trip(f);
    assert_int_equal(b->protocol, a->protocol);
    assert_string_equal(b->pair, a->pair);
    assert_int_equal(b->role, a->role);
    assert_true(b->nonce == a->nonce && b->answers_nonce == a->answers_nonce);
    assert_true(b->store_id == a->store_id && b->store_new == a->store_new);
    assert_int_equal(b->chain_count, 2);
    assert_memory_equal(b->chain, a->chain, 2 * sizeof(a->chain[0]));
    assert_true(b->seq == a->seq && b->applied_store_id == a->applied_store_id);
    assert_true(b->applied_incarnation == a->applied_incarnation);
    assert_true(b->applied_seq == a->applied_seq);
    assert_true(b->state == a->state && b->starting == a->starting);
    assert_true(b->state_since.ms == a->state_since.ms && b->term == a->term);
    assert_true(b->clock.ms == a->clock.ms && b->mclt_ms == a->mclt_ms);
    assert_true(b->restored == a->restored && b->mclt_wait_ms == a->mclt_wait_ms);
    assert_memory_equal(&b->digests, &a->digests, sizeof(a->digests));
    assert_int_equal(b->identifier_count, 2);
    assert_memory_equal(b->identifiers, a->identifiers, 2 * sizeof(a->identifiers[0]));
}

static void the_largest_hello_comes_back_as_it_was(void **state)
{
    struct frame *f = help_hello();

    (void)state;
    memset(f->hello.pair, 'x', FRAME_TEXT_MAX - 1);
    f->hello.chain_count = FRAME_CHAIN_MAX;
    for (size_t i = 0; i < FRAME_CHAIN_MAX; i++)
        f->hello.chain[i] = (struct incarnation){UINT64_MAX, UINT64_MAX};
    f->hello.identifier_count = FRAME_IDENTIFIERS_MAX;
    round_trip(f);
    assert_string_equal(help_decoded.hello.pair, f->hello.pair);
    assert_int_equal(help_decoded.hello.chain_count, FRAME_CHAIN_MAX);
    assert_true(help_decoded.hello.chain[FRAME_CHAIN_MAX - 1].last_seq == UINT64_MAX);
    assert_int_equal(help_decoded.hello.identifier_count, FRAME_IDENTIFIERS_MAX);
}

static void a_verdict_comes_back_as_it_was(void **state)
{
    struct frame *f = help_begin(FRAME_HELLO_ACK);

    (void)state;
    f->hello_ack.set_back = true;
    memcpy(f->hello_ack.refused, "no", 3);
    round_trip(f);
    assert_true(help_decoded.hello_ack.set_back);
    assert_string_equal(help_decoded.hello_ack.refused, "no");
}

static void an_update_comes_back_as_it_was(void **state)
{
    struct frame *f = help_begin(FRAME_UPDATE);
    struct binding bindings[FRAME_BINDINGS_MAX];

    (void)state;
    for (uint32_t i = 0; i < FRAME_BINDINGS_MAX; i++)
        bindings[i] = help_binding(0x0a4d0000 + i);
    bindings[7] = binding_implied(ip4(0));
    f->update.last_seq = UINT64_MAX;
    f->update.number = 4;
    f->update.count = FRAME_BINDINGS_MAX;
    f->update.bindings = bindings;
    round_trip(f);
    assert_true(help_decoded.update.last_seq == UINT64_MAX);
    assert_int_equal(help_decoded.update.number, 4);
    assert_int_equal(help_decoded.update.count, FRAME_BINDINGS_MAX);
    for (size_t i = 0; i < FRAME_BINDINGS_MAX; i++)
        assert_same_binding(&help_decoded.update.bindings[i], &bindings[i]);
}

/* Whether something was sent since is the sender's own affair. */
static void unsent_stays_at_home(void **state)
{
    struct frame *f = help_begin(FRAME_UPDATE);
    const struct binding b = help_binding(1);

    (void)state;
    f->update.count = 1;
    f->update.bindings = &b;
    round_trip(f);
    assert_false(help_decoded.update.bindings[0].unsent);
}

static void an_update_without_bindings_comes_back_as_it_was(void **state)
{
    struct frame *f = help_begin(FRAME_UPDATE);

    (void)state;
    f->update.last_seq = 9;
    round_trip(f);
    assert_int_equal(help_decoded.update.count, 0);
    assert_int_equal(help_decoded.update.last_seq, 9);
}

static void an_ack_comes_back_as_it_was(void **state)
{
    struct frame *f = help_begin(FRAME_ACK);

    (void)state;
    f->ack.last_seq = UINT64_MAX - 1;
    f->ack.number = 5;
    round_trip(f);
    assert_true(help_decoded.ack.last_seq == UINT64_MAX - 1);
    assert_int_equal(help_decoded.ack.number, 5);
}

static void marks_come_back_as_they_were(void **state)
{
    static const enum frame_type types[] = {FRAME_SYNC_END, FRAME_READY, FRAME_HANDOVER};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        struct frame *f = help_begin(types[i]);

        f->mark.last_seq = 40 + i;
        round_trip(f);
        assert_int_equal(help_decoded.mark.last_seq, 40 + i);
    }
}

static void a_state_comes_back_as_it_was(void **state)
{
    struct frame *f = help_begin(FRAME_STATE);

    (void)state;
    f->state.state = 5;
    f->state.term = 6;
    f->state.last_seq = 7;
    round_trip(f);
    assert_int_equal(help_decoded.state.state, 5);
    assert_int_equal(help_decoded.state.term, 6);
    assert_int_equal(help_decoded.state.last_seq, 7);
}

static void a_heartbeat_comes_back_as_it_was(void **state)
{
    const struct frame *f = help_heartbeat();

    (void)state;
    round_trip(f);
    assert_int_equal(help_decoded.heartbeat.state, 3);
    assert_int_equal(help_decoded.heartbeat.term, 2);
    assert_int_equal(help_decoded.heartbeat.durable_seq, 99);
    assert_int_equal(help_decoded.heartbeat.clock.ms, f->heartbeat.clock.ms);
    assert_int_equal(help_decoded.heartbeat.mclt_ms, 3600000);
    assert_true(help_decoded.heartbeat.digest == UINT64_MAX);
    assert_int_equal(help_decoded.heartbeat.pool_count, FRAME_POOLS_MAX);
    assert_memory_equal(help_decoded.heartbeat.pools, f->heartbeat.pools,
                        sizeof(f->heartbeat.pools));
}

static void a_nak_comes_back_as_it_was(void **state)
{
    const struct frame *f = help_nak();

    (void)state;
    round_trip(f);
    assert_true(span_equal(help_decoded.nak.client, f->nak.client));
    assert_true(ip4_equal(help_decoded.nak.address, f->nak.address));
    assert_int_equal(help_decoded.nak.reason, 2);
    assert_true(help_decoded.nak.xid == UINT32_MAX);
    assert_int_equal(help_decoded.nak.when.ms, f->nak.when.ms);
}

static void a_claim_comes_back_as_it_was(void **state)
{
    const struct frame *f = help_claim();

    (void)state;
    round_trip(f);
    assert_int_equal(help_decoded.claim.id, 12);
    assert_int_equal(help_decoded.claim.operation, CLAIM_DECLINE);
    assert_int_equal(version_compare(help_decoded.claim.version, f->claim.version), 0);
    assert_same_binding(&help_decoded.claim.binding, &f->claim.binding);
    assert_int_equal(help_decoded.claim.lease_ms, 43200000);
    assert_true(span_equal(help_decoded.claim.flex_id, f->claim.flex_id));
}

static void parts_come_back_as_they_were(void **state)
{
    const struct frame *f = help_parts();

    (void)state;
    round_trip(f);
    assert_int_equal(help_decoded.parts.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct subnet_digests *a = &f->parts.subnets[i];
        const struct subnet_digests *b = &help_decoded.parts.subnets[i];

        assert_true(ip4_equal(a->network, b->network) && a->prefix_length == b->prefix_length);
        assert_memory_equal(a->part, b->part, sizeof(a->part));
    }
    assert_true(help_decoded.parts.more);
    assert_memory_equal(&help_decoded.parts.file, &f->parts.file, sizeof(f->parts.file));
}

static void the_most_parts_fit_a_frame(void **state)
{
    static struct subnet_digests subnets[FRAME_SUBNETS_MAX];
    struct frame *f = help_parts();

    (void)state;
    memset(subnets, 0xff, sizeof(subnets));
    for (size_t i = 0; i < FRAME_SUBNETS_MAX; i++)
        subnets[i].prefix_length = 32;
    f->parts.count = FRAME_SUBNETS_MAX;
    f->parts.subnets = subnets;
    round_trip(f);
    assert_int_equal(help_decoded.parts.count, FRAME_SUBNETS_MAX);
}

static void a_claim_reply_comes_back_as_it_was(void **state)
{
    struct frame *f = help_begin(FRAME_CLAIM_REPLY);

    (void)state;
    f->claim_reply.id = 12;
    f->claim_reply.granted = true;
    f->claim_reply.seq = 13;
    memset(f->claim_reply.reason, 'r', FRAME_TEXT_MAX - 1);
    round_trip(f);
    assert_int_equal(help_decoded.claim_reply.id, 12);
    assert_true(help_decoded.claim_reply.granted);
    assert_int_equal(help_decoded.claim_reply.seq, 13);
    assert_string_equal(help_decoded.claim_reply.reason, f->claim_reply.reason);
}

static void a_goodbye_comes_back_as_it_was(void **state)
{
    struct frame *f = help_begin(FRAME_GOODBYE);

    (void)state;
    memcpy(f->goodbye.reason, "stopped", 8);
    round_trip(f);
    assert_string_equal(help_decoded.goodbye.reason, "stopped");
}

static void every_frame_has_a_name(void **state)
{
    (void)state;
    for (int type = FRAME_HELLO; type <= FRAME_GOODBYE; type++)
        assert_string_not_equal(frame_type_name((enum frame_type)type), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_comes_back_as_it_was),
        cmocka_unit_test(the_largest_hello_comes_back_as_it_was),
        cmocka_unit_test(a_verdict_comes_back_as_it_was),
        cmocka_unit_test(an_update_comes_back_as_it_was),
        cmocka_unit_test(unsent_stays_at_home),
        cmocka_unit_test(an_update_without_bindings_comes_back_as_it_was),
        cmocka_unit_test(an_ack_comes_back_as_it_was),
        cmocka_unit_test(marks_come_back_as_they_were),
        cmocka_unit_test(a_state_comes_back_as_it_was),
        cmocka_unit_test(a_heartbeat_comes_back_as_it_was),
        cmocka_unit_test(a_nak_comes_back_as_it_was),
        cmocka_unit_test(a_claim_comes_back_as_it_was),
        cmocka_unit_test(parts_come_back_as_they_were),
        cmocka_unit_test(the_most_parts_fit_a_frame),
        cmocka_unit_test(a_claim_reply_comes_back_as_it_was),
        cmocka_unit_test(a_goodbye_comes_back_as_it_was),
        cmocka_unit_test(every_frame_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
