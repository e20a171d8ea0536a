/* ha/merge.c - the join of two concurrent records, and when there is nothing to join. */
#include "ha/merge.h"

/* ABANDONED over ACTIVE over RELEASED over FREE, for one client. */
static int state_rank(enum binding_state state)
{
    switch (state) {
    case BINDING_ABANDONED:
        return 3;
    case BINDING_ACTIVE:
        return 2;
    case BINDING_RELEASED:
        return 1;
    case BINDING_FREE:
        return 0;
    }
    return 0;
}

static bool holds_address(const struct binding *b)
{
    return b->state == BINDING_ACTIVE || b->state == BINDING_ABANDONED;
}

static const struct binding *newer(const struct binding *a, const struct binding *b)
{
    return version_compare(a->version, b->version) >= 0 ? a : b;
}

/* Records of one client: the strongest state, the longest promise, the rest of the newer one.
 */
static void join_same_client(const struct binding *a, const struct binding *b,
                             struct binding *out)
{
    *out = *newer(a, b);
    out->state = state_rank(a->state) >= state_rank(b->state) ? a->state : b->state;
    out->expires = instant_later(a->expires, b->expires);
    if (a->expires.ms != b->expires.ms)
        out->term = a->expires.ms > b->expires.ms ? a->term : b->term;
    else
        out->term = a->term < b->term ? a->term : b->term;
}

/* Which of two clients keeps the address.  The last word is the version's: it alone knows which
 * of two records was written in knowledge of the other. */
static const struct binding *winner(const struct binding *a, const struct binding *b)
{
    /* A record without a client (never bound) promises nothing, whatever its term. */
    if (a->client.size > 0 && b->client.size > 0 && a->term != b->term)
        return a->term > b->term ? a : b;
    if (holds_address(a) != holds_address(b))
        return holds_address(a) ? a : b;
    if (holds_address(a) && a->expires.ms != b->expires.ms)
        return a->expires.ms > b->expires.ms ? a : b;
    return newer(a, b);
}

static void join_other_client(const struct binding *own, const struct binding *received,
                              struct binding *out, struct merge_outcome *outcome)
{
    *out = *winner(own, received);
    outcome->two_holders = holds_address(own) && holds_address(received);
    if (own->term == received->term && outcome->two_holders) {
        outcome->conflict = true;
        out->expires = instant_later(own->expires, received->expires);
    }
}

/* Equal but for the version: the term decides later joins, so it must be the same on both. */
static bool same_record(const struct binding *a, const struct binding *b)
{
    return a->term == b->term && binding_same_contents(a, b);
}

struct merge_outcome merge_finish(const struct binding *own, const struct binding *received,
                                  struct binding *out, struct merge_outcome outcome)
{
    outcome.client_changed = !span_equal(own->client, out->client);
    if (same_record(out, received) && version_compare(received->version, own->version) > 0) {
        *out = *received;
        outcome.result = MERGE_TOOK;
    } else if (same_record(out, received) && same_record(out, own)) {
        outcome.result = MERGE_KEPT;
    } else if (same_record(out, own) && version_compare(own->version, received->version) > 0) {
        outcome.result = MERGE_STANDS;
    } else {
        outcome.result = MERGE_REWRITE;
    }
    return outcome;
}

struct merge_outcome merge(const struct binding *own, const struct binding *received,
                           enum merge_mode mode, struct binding *out)
{
    struct merge_outcome outcome = {.result = MERGE_IGNORED};

    ASSERT(ip4_equal(own->address, received->address));
    if (mode == MERGE_AS_SENT ||
        (mode == MERGE_SEEN && version_compare(received->version, own->version) > 0)) {
        *out = *received;
        if (version_compare(received->version, own->version) == 0 &&
            binding_same_contents(own, received))
            return outcome;
        outcome.result = MERGE_TOOK;
        outcome.client_changed = !span_equal(own->client, out->client);
        return outcome;
    }
    if (mode == MERGE_SEEN)
        return outcome;
    if (own->client.size > 0 && span_equal(own->client, received->client)) {
        join_same_client(own, received, out);
    } else if (mode == MERGE_SURVIVOR && own->client.size > 0) {
        /* All that the peer in RECOVER can have promised has ended. */
        *out = *own;
    } else {
        join_other_client(own, received, out, &outcome);
    }
    return merge_finish(own, received, out, outcome);
}
