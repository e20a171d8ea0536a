/* daemon/core/conflict.c - one address, two clients: the pair's promise was broken, and the
 * operator is told to whom and how it can have come about (README of ha/, sections 1 and 4). */
#include "daemon/core/server_internal.h"

static struct conflict_side side_of(const struct binding *b)
{
    struct conflict_side side = {.key_size = b->client.size,
                                 .state = b->state,
                                 .expires = b->expires,
                                 .given_by = b->version.writer};

    ASSERT(b->client.size <= sizeof(side.key));
    memcpy(side.key, b->client.data, b->client.size);
    return side;
}

static struct span key_of(const struct conflict_side *side)
{
    return span_of(side->key, side->key_size);
}

static const char *cause_of(const struct server *s)
{
    const struct failover *fo = &s->fo;

    if (failover_is_resolving(fo))
        return "both peers served alone: one was declared down while it still served";
    if (fo->record.partner_lost || fo->record.set_back || fo->record.store_new)
        return "a store was lost or set back, and with it what its peer had promised alone";
    return "no fault that the pair is built for explains it: check for a declaration over a "
           "serving peer, or a clock that was set before a start, and report it with both logs";
}

/* Counter-writes may bring the same two records once more. */
static bool is_known(const struct server *s, const struct conflict_record *record)
{
    for (size_t i = 0; i < s->conflict_ring.count; i++) {
        const struct conflict_record *known = &s->conflicts[i];

        if (ip4_equal(known->address, record->address) &&
            span_equal(key_of(&known->keeps), key_of(&record->keeps)) &&
            span_equal(key_of(&known->loses), key_of(&record->loses)) &&
            s->now.ms - known->when.ms < 60000)
            return true;
    }
    return false;
}

void conflict_found(struct server *s, const struct binding *own, const struct binding *received,
                    const struct binding *out, struct effects *fx)
{
    const struct policy policy = policy_of(s);
    const bool own_keeps = span_equal(own->client, out->client);
    const struct conflict_record record = {.when = s->now,
                                           .address = own->address,
                                           .keeps = side_of(own_keeps ? own : received),
                                           .loses = side_of(own_keeps ? received : own),
                                           .cause = cause_of(s)};
    char address[IP4_TEXT_SIZE], keeps[128], loses[128];

    /* Declined here and there: nobody has the address. */
    if (own->state == BINDING_ABANDONED && received->state == BINDING_ABANDONED)
        return;
    if (policy_ended(&policy, own) || policy_ended(&policy, received) || is_known(s, &record))
        return;
    /* A probe of one peer found a machine at it, and the other's did not: one client alone. */
    if (own->client.size == 0 || received->client.size == 0) {
        const struct span client = own->client.size > 0 ? own->client : received->client;

        effects_event(fx, EVENT_WARNING, "address-in-use",
                      "%s was given to %s by one peer, and the other found it in use by a "
                      "machine without a lease",
                      ip4_format(own->address, address),
                      client_key_format(client, keeps, sizeof(keeps)));
        return;
    }
    s->conflicts[ring_add(&s->conflict_ring, CONFLICT_HISTORY)] = record;
    s->counters.conflicts++;
    effects_event(fx, EVENT_ERROR, "conflict",
                  "%s was given to two clients: %s keeps it (by the %s), %s is refused when it "
                  "next asks (by the %s); %s",
                  ip4_format(own->address, address),
                  client_key_format(key_of(&record.keeps), keeps, sizeof(keeps)),
                  role_name(record.keeps.given_by),
                  client_key_format(key_of(&record.loses), loses, sizeof(loses)),
                  role_name(record.loses.given_by), record.cause);
}

size_t server_conflict_history(const struct server *s, struct conflict_record *out,
                               size_t capacity)
{
    const size_t count = s->conflict_ring.count < capacity ? s->conflict_ring.count : capacity;

    for (size_t i = 0; i < count; i++)
        out[i] = s->conflicts[ring_at(&s->conflict_ring, CONFLICT_HISTORY, i)];
    return count;
}
