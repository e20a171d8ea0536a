/* daemon/core/claim.c - one writer: in NORMAL a request for the partner's address is handed
 * over to it (README of ha/, "One writer").
 *
 * The owner writes in its own stream and then answers, so the record is here before the answer;
 * the client is answered once both are durable. */
#include <stdio.h>

#include "daemon/core/server_internal.h"

static struct claim *find_claim(struct server *s, uint64_t id)
{
    struct claim *claim = &s->claims[id % CLAIMS_MAX];

    return claim->used && claim->id == id ? claim : NULL;
}

static void end_claim(struct server *s, struct claim *claim)
{
    if (claim->held != NULL)
        held_give_back(&s->held, claim->held);
    s->claim_count--;
    s->import_claims -= claim->imported;
    *claim = (struct claim){0};
}

void claim_begin(struct server *s, const struct request *r, enum claim_operation operation,
                 struct ip4 address, struct effects *fx)
{
    const uint32_t seconds = select_lease_seconds(s, r, address);
    struct claim *claim = &s->claims[(s->claim_id + 1) % CLAIMS_MAX];
    struct frame frame = {.type = FRAME_CLAIM};
    struct binding b = lease_table_binding(s->leases, address);

    if (EXPLAINS(s)) {
        if (!s->fo.open)
            CONCLUDE(s, EXPLAIN_SILENT, "the partner, which owns it, does not hear");
        CONCLUDE(s, operation == CLAIM_EXTEND ? EXPLAIN_ASKS : EXPLAIN_ENDS,
                 "the partner owns %s and is asked to write for this peer", IP(s, address));
        if (operation == CLAIM_EXTEND)
            ack_explain(s, r, address, seconds, seconds);
        return;
    }
    if (!s->fo.open || claim->used)
        return; /* the client asks again */
    *claim = (struct claim){true, ++s->claim_id, operation, s->now, NULL, false};
    s->claim_count++;
    if (operation == CLAIM_EXTEND) {
        claim->held = ack_prepare(s, r, address, seconds);
        if (claim->held == NULL) {
            end_claim(s, claim);
            return;
        }
    }
    frame.claim.id = claim->id;
    frame.claim.operation = operation;
    frame.claim.version = b.version;
    /* The owner's clock may be ahead of ours: without end by either. */
    frame.claim.lease_ms =
        seconds == CONFIG_INFINITE ? BINDING_NEVER_MS : (int64_t)seconds * 1000;
    frame.claim.binding = b;
    if (!span_equal(b.client, r->names.key))
        frame.claim.binding.host_name = frame.claim.binding.relay_info =
            frame.claim.binding.vendor_class = span_of(NULL, 0); /* another client's */
    if (operation == CLAIM_EXTEND &&
        (select_subnet(r, address)->names != NULL || b.names.size > 0))
        names_write(s, r, span_equal(b.client, r->names.key), &frame.claim.binding);
    frame.claim.binding.client = r->names.key;
    frame.claim.binding.reserved = span_of(NULL, 0);
    binding_set_attributes(r, &frame.claim.binding);
    frame.claim.flex_id = r->names.flex_id;
    peer_send(s, &frame, fx);
}

bool claim_import(struct server *s, const struct binding *b, struct span flex_id,
                  int64_t lease_ms, struct effects *fx)
{
    struct claim *claim = &s->claims[(s->claim_id + 1) % CLAIMS_MAX];
    struct frame frame = {.type = FRAME_CLAIM};

    if (!s->fo.open || claim->used)
        return false;
    *claim = (struct claim){true, ++s->claim_id, CLAIM_EXTEND, s->now, NULL, true};
    s->claim_count++;
    s->import_claims++;
    frame.claim.id = claim->id;
    frame.claim.operation = CLAIM_EXTEND;
    frame.claim.version = b->version;
    frame.claim.lease_ms = lease_ms;
    frame.claim.binding = *b;
    frame.claim.flex_id = flex_id;
    peer_send(s, &frame, fx);
    return true;
}

static void answer(struct server *s, uint64_t id, bool granted, uint64_t seq,
                   const char *reason, struct effects *fx)
{
    struct frame frame = {.type = FRAME_CLAIM_REPLY};

    frame.claim_reply.id = id;
    frame.claim_reply.granted = granted;
    frame.claim_reply.seq = seq;
    snprintf(frame.claim_reply.reason, sizeof(frame.claim_reply.reason), "%s", reason);
    peer_send(s, &frame, fx);
}

/* A grant is told only after the record has been sent. */
static void grant(struct server *s, uint64_t id, struct ip4 address, struct effects *fx)
{
    if (s->granted_count == CLAIMS_MAX) {
        answer(s, id, false, 0, "too many claims at once", fx);
        return;
    }
    s->granted[(s->granted_head + s->granted_count++) % CLAIMS_MAX] =
        (struct granted){id, s->stream.seq, address};
}

static const char *extend(struct server *s, const struct frame *frame)
{
    const struct binding *asked = &frame->claim.binding;
    struct binding b = lease_table_binding(s->leases, asked->address);
    uint8_t hardware[sizeof(asked->chaddr) + 2] = {0, asked->htype};
    const struct client_names client = {asked->client,
                                        span_of(hardware, (size_t)asked->hlen + 2),
                                        asked->relay_info, frame->claim.flex_id};

    memcpy(&hardware[2], asked->chaddr, sizeof(asked->chaddr));
    if (asked->client.size == 0 || !may_bind(s, &b, &client) ||
        offered_to_other(s, asked->address, asked->client))
        return "the address may not be given to this client";
    if (!span_equal(b.client, asked->client))
        b.expires = instant_ms(0);
    b.client = asked->client;
    b.state = BINDING_ACTIVE;
    b.term = s->fo.record.term;
    b.cltt = s->now;
    b.expires = instant_later(b.expires, lease_expires(s, frame->claim.lease_ms));
    b.htype = asked->htype;
    b.hlen = asked->hlen;
    memcpy(b.chaddr, asked->chaddr, sizeof(b.chaddr));
    b.host_name = asked->host_name;
    b.relay_info = asked->relay_info;
    b.vendor_class = asked->vendor_class;
    if (asked->names.size > 0 || b.names.size > 0)
        names_write_claimed(s, asked->names, &b);
    persist_own(s, &b);
    lease_table_offer_end(s->leases, asked->address);
    return NULL;
}

static const char *end_lease(struct server *s, const struct frame *frame)
{
    const struct binding *asked = &frame->claim.binding;
    const struct binding b = lease_table_binding(s->leases, asked->address);

    if (version_compare(b.version, frame->claim.version) != 0)
        return "the record has changed since";
    if (!span_equal(b.client, asked->client) ||
        (b.state != BINDING_ACTIVE && b.state != BINDING_RELEASED))
        return "the address is not this client's";
    end_write(s, &b, frame->claim.operation);
    return NULL;
}

void claim_heard(struct server *s, const struct frame *frame, struct effects *fx)
{
    const struct binding b = lease_table_binding(s->leases, frame->claim.binding.address);
    const char *refused = NULL;

    if (s->fo.state != FO_NORMAL || b.owner != s->self)
        refused = "this peer does not own the address, or is not in NORMAL";
    else if (s->store_failed)
        refused = "this peer cannot write";
    else if (frame->claim.operation == CLAIM_EXTEND)
        refused = extend(s, frame);
    else
        refused = end_lease(s, frame);
    if (refused != NULL)
        answer(s, frame->claim.id, false, 0, refused, fx);
    else
        grant(s, frame->claim.id, b.address, fx);
}

/* Has the partner been sent the write of the grant, or what has replaced it since?  That its
 * seq is passed over is not enough: its heir may have been replaced in turn, by a write that is
 * not durable yet. */
static bool is_sent(const struct server *s, const struct granted *g)
{
    const struct lease *lease = lease_table_find(s->leases, g->address);

    return g->seq <= s->stream.told_seq && (lease == NULL || lease->seq <= s->stream.sent_seq);
}

void claim_answer_sent(struct server *s, struct effects *fx)
{
    while (s->granted_count > 0) {
        const struct granted *g = &s->granted[s->granted_head];

        if (!is_sent(s, g))
            return;
        s->granted_head = (s->granted_head + 1) % CLAIMS_MAX;
        s->granted_count--;
        answer(s, g->id, true, g->seq, "", fx);
    }
}

void claim_reply_heard(struct server *s, const struct frame *frame)
{
    struct claim *claim = find_claim(s, frame->claim_reply.id);

    if (claim == NULL)
        return;
    if (frame->claim_reply.granted && claim->held != NULL) {
        /* The partner's record stands in the batch being filled, or is durable already. */
        claim->held->batch = persist_filling_number(s);
        claim->held->seq = 0;
        claim->held->deadline = s->now;
        /* So that there is such a batch. */
        persist_applied(s, &s->applied);
        held_push(&s->held, claim->held);
        claim->held = NULL;
    }
    end_claim(s, claim);
}

void claim_drop_all(struct server *s)
{
    for (size_t i = 0; i < CLAIMS_MAX; i++) {
        if (s->claims[i].used)
            end_claim(s, &s->claims[i]);
    }
    s->granted_count = 0;
}

void claim_tick(struct server *s)
{
    if (s->claim_count == 0)
        return;
    for (size_t i = 0; i < CLAIMS_MAX; i++) {
        const struct claim *claim = &s->claims[i];

        if (claim->used && s->now.ms - claim->since.ms >= s->config->pair.link_timeout_ms) {
            failover_abandon_session(&s->fo, s->now, "the partner left a claim unanswered",
                                     &s->fo_fx);
            return;
        }
    }
}
