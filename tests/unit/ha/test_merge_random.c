/* The laws of the join, over random pairs of records of one address (seeded: a failure
 * repeats). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ha/hlc.h"
#include "ha/merge.h"

#define PAIRS 200000

#define KEY(text) span_of((text), sizeof(text) - 1)

static uint64_t seed = 20240229;

static unsigned below(unsigned limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 20) % limit);
}

/* Few values for each field, so that ties are common. */
static struct binding random_record(enum role writer)
{
    const struct span clients[] = {KEY("\x01"
                                       "a"),
                                   KEY("\x01"
                                       "bb"),
                                   {NULL, 0}};
    const struct span names[] = {{NULL, 0}, KEY("x")};
    struct binding b = binding_implied(ip4(0x0a000001));

    b.client = clients[below(8) % 3];
    b.state = b.client.size > 0 ? (enum binding_state)below(4) : BINDING_FREE;
    b.owner = (enum role)below(2);
    b.term = below(3);
    b.version = (struct version){100 + below(4), below(2), writer};
    b.expires = instant_ms(1000 + 10 * (int64_t)below(3));
    b.cltt = instant_ms(below(2));
    b.reserved = clients[below(8) % 3];
    b.host_name = names[below(2)];
    return b;
}

static void describe(const char *who, const struct binding *b)
{
    printf("%s: %s client '%.*s' term %u version %lld.%u.%d expires %lld cltt %lld owner %d\n",
           who, binding_state_name(b->state), (int)b->client.size,
           b->client.size > 0 ? (const char *)b->client.data : "", b->term,
           (long long)b->version.ms, b->version.counter, (int)b->version.writer,
           (long long)b->expires.ms, (long long)b->cltt.ms, (int)b->owner);
}

static bool identical(const struct binding *a, const struct binding *b)
{
    return binding_same_contents(a, b) && a->term == b->term &&
           version_compare(a->version, b->version) == 0;
}

static void both_peers_compute_the_same_join(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct binding a = random_record(ROLE_PRIMARY);
        const struct binding b = random_record(ROLE_SECONDARY);
        struct binding at_a, at_b;
        const struct merge_outcome x = merge(&a, &b, MERGE_UNSEEN, &at_a);
        const struct merge_outcome y = merge(&b, &a, MERGE_UNSEEN, &at_b);

        if (!binding_same_contents(&at_a, &at_b)) {
            describe("a", &a);
            describe("b", &b);
            fail();
        }
        assert_int_equal(x.conflict, y.conflict);
        assert_int_not_equal(x.result, MERGE_IGNORED);
        assert_int_not_equal(y.result, MERGE_IGNORED);
        /* Never do both take the other's, nor both keep their own. */
        assert_false(x.result == MERGE_TOOK && y.result == MERGE_TOOK);
        assert_false(x.result == MERGE_KEPT && y.result == MERGE_KEPT);
    }
}

/* "... bears the term of the record whose client it keeps (same client: of the later `expires`;
 * equal: the lower), never the writer's": what each peer is left with bears the same term. */
static void both_peers_compute_the_same_term(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct binding a = random_record(ROLE_PRIMARY);
        const struct binding b = random_record(ROLE_SECONDARY);
        struct binding at_a, at_b;
        const struct merge_outcome x = merge(&a, &b, MERGE_UNSEEN, &at_a);
        const struct merge_outcome y = merge(&b, &a, MERGE_UNSEEN, &at_b);
        const struct binding *stays_a = x.result == MERGE_KEPT ? &a : &at_a;
        const struct binding *stays_b = y.result == MERGE_KEPT ? &b : &at_b;

        if (stays_a->term != stays_b->term) {
            describe("a", &a);
            describe("b", &b);
            printf("a stays with term %u, b with term %u\n", stays_a->term, stays_b->term);
            fail();
        }
    }
}

static void the_join_of_a_record_with_itself_changes_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct binding a = random_record((enum role)below(2));
        struct binding out;

        assert_int_equal(merge(&a, &a, MERGE_UNSEEN, &out).result, MERGE_KEPT);
        assert_true(binding_same_contents(&out, &a));
    }
}

/* Hearing the same once more, after the join, changes no contents. */
static void the_join_is_idempotent(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct binding a = random_record(ROLE_PRIMARY);
        const struct binding b = random_record(ROLE_SECONDARY);
        struct binding joined, again;

        merge(&a, &b, MERGE_UNSEEN, &joined);
        joined.version = (struct version){1000, 0, ROLE_PRIMARY};
        merge(&joined, &b, MERGE_UNSEEN, &again);
        if (!binding_same_contents(&joined, &again)) {
            describe("a", &a);
            describe("b", &b);
            describe("joined", &joined);
            describe("again", &again);
            fail();
        }
    }
}

/* No promise is lost: the joined record lasts as long as what its client was promised, and as
 * any other holder's of the same term. */
static void the_join_never_shortens_a_promise(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct binding pair[2] = {random_record(ROLE_PRIMARY),
                                        random_record(ROLE_SECONDARY)};
        struct binding out;

        merge(&pair[0], &pair[1], MERGE_UNSEEN, &out);
        for (size_t j = 0; j < 2; j++) {
            if (span_equal(out.client, pair[j].client) && out.client.size > 0)
                assert_true(out.expires.ms >= pair[j].expires.ms);
        }
    }
}

/* ---- two peers that exchange their records as section 3 says ---- */

struct peer {
    enum role role;
    struct binding record;
    struct hlc hlc;
    bool unseen; /* `record` is an own write that the partner has not acked */
};

/* A record, or the ack of the one that bears this version; a counter-write leaves before the
 * ack of what it answers. */
struct message {
    bool is_ack;
    struct binding binding;
};

struct channel {
    size_t head, count;
    struct message messages[16];
};

static void send(struct channel *to, bool is_ack, const struct binding *binding)
{
    struct message *message = &to->messages[(to->head + to->count++) % 16];

    assert_true(to->count <= 16);
    message->is_ack = is_ack;
    message->binding = *binding;
}

/* True if it took a counter-write. */
static bool receive(struct peer *peer, struct channel *from, struct channel *to)
{
    const struct message message = from->messages[from->head++ % 16];
    bool rewrites = false;
    struct binding out;

    from->count--;
    if (message.is_ack) {
        if (version_compare(message.binding.version, peer->record.version) == 0)
            peer->unseen = false;
        return false;
    }
    hlc_observe(&peer->hlc, message.binding.version);
    switch (
        merge(&peer->record, &message.binding, peer->unseen ? MERGE_UNSEEN : MERGE_SEEN, &out)
            .result) {
    case MERGE_TOOK:
        peer->record = out;
        peer->unseen = false;
        break;
    case MERGE_REWRITE:
        out.version = hlc_next(&peer->hlc, instant_ms(1), peer->role);
        peer->record = out;
        peer->unseen = rewrites = true;
        send(to, false, &out);
        break;
    case MERGE_STANDS:
    case MERGE_KEPT:
    case MERGE_IGNORED:
        break;
    }
    send(to, true, &message.binding);
    return rewrites;
}

/* Returns how many counter-writes it took. */
static unsigned exchange(struct peer peers[2])
{
    struct channel to[2] = {{0}, {0}};
    unsigned counter_writes = 0, steps = 0;

    for (size_t i = 0; i < 2; i++) {
        peers[i].unseen = true;
        hlc_observe(&peers[i].hlc, peers[i].record.version);
        send(&to[1 - i], false, &peers[i].record);
    }
    while (to[0].count + to[1].count > 0) {
        size_t who = below(2);

        if (to[who].count == 0)
            who = 1 - who;
        counter_writes += receive(&peers[who], &to[who], &to[1 - who]);
        assert_true(++steps < 64);
    }
    return counter_writes;
}

static void two_peers_agree_after_one_round_of_counter_writes(void **state)
{
    unsigned most = 0;

    (void)state;
    for (unsigned i = 0; i < PAIRS; i++) {
        struct peer peers[2] = {{.role = ROLE_PRIMARY}, {.role = ROLE_SECONDARY}};
        struct binding start[2];
        unsigned counter_writes;

        for (size_t j = 0; j < 2; j++)
            start[j] = peers[j].record = random_record((enum role)j);
        counter_writes = exchange(peers);
        if (!identical(&peers[0].record, &peers[1].record)) {
            describe("primary had", &start[0]);
            describe("secondary had", &start[1]);
            describe("primary has", &peers[0].record);
            describe("secondary has", &peers[1].record);
            fail();
        }
        assert_false(peers[0].unseen || peers[1].unseen);
        if (counter_writes > most)
            most = counter_writes;
    }
    assert_in_range(most, 1, 2); /* at most one on each side */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_peers_compute_the_same_join),
        cmocka_unit_test(both_peers_compute_the_same_term),
        cmocka_unit_test(the_join_of_a_record_with_itself_changes_nothing),
        cmocka_unit_test(the_join_is_idempotent),
        cmocka_unit_test(the_join_never_shortens_a_promise),
        cmocka_unit_test(two_peers_agree_after_one_round_of_counter_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
