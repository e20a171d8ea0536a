/* daemon/core/server.c - the entry points: each lets time pass, gives the input to whom it
 * concerns and leaves the server ready for the next. */
#include "daemon/core/server_internal.h"

#include <stdlib.h>

static void *must_have(void *memory)
{
    ASSERT(memory != NULL);
    return memory;
}

struct server *server_new(const struct config *config, enum role role,
                          const struct ip4 *addresses, size_t address_count)
{
    struct server *s = must_have(calloc(1, sizeof(*s)));

    s->config = config;
    s->alone = !config->has_pair;
    s->self = s->alone ? ROLE_PRIMARY : role;
    s->address_count = address_count < ADDRESSES_MAX ? address_count : ADDRESSES_MAX;
    for (size_t i = 0; i < s->address_count; i++)
        s->addresses[i] = addresses[i];
    s->leases = must_have(lease_table_new(config));
    limits_init(s);
    s->recent = recent_new();
    s->probes = config_may_probe(config) ? probe_table_new() : NULL;
    classes_init(&s->classes, config->class_count);
    classes_init(&s->classes_here, config->class_count);
    s->wanted_classes = must_have(calloc(s->classes.words, sizeof(uint64_t)));
    s->arena = must_have(malloc(FRAME_ARENA_SIZE));
    s->encoded = must_have(malloc(ENCODED_SIZE_MAX));
    s->partner_free = must_have(calloc(config->pool_count + 1, sizeof(uint64_t)));
    s->partner_free_known = must_have(calloc(config->pool_count + 1, sizeof(bool)));
    s->pool_low = must_have(calloc(config->pool_count + 1, sizeof(bool)));
    s->limit_told = must_have(calloc(config->limit_count + 1, sizeof(struct instant)));
    if (config->ddns != NULL)
        dns_init(s);
    held_init(&s->held);
    s->batch_number = 1;
    if (!s->alone)
        failover_init(&s->fo, config, role, &s->progress, addresses, address_count);
    return s;
}

void server_free(struct server *s)
{
    if (s == NULL)
        return;
    claim_drop_all(s);
    stream_end(s);
    free(s->stream.owed);
    held_deinit(&s->held);
    free(s->batches[0].bytes);
    free(s->batches[1].bytes);
    free(s->limit_told);
    free(s->pool_low);
    free(s->partner_free);
    free(s->partner_free_known);
    free(s->encoded);
    free(s->arena);
    classes_deinit(&s->classes);
    probe_table_free(s->probes);
    dns_deinit(s);
    classes_deinit(&s->classes_here);
    free(s->wanted_classes);
    recent_free(s->recent);
    lease_table_free(s->leases);
    runtime_deinit(&s->runtime);
    free(s);
}

struct instant server_kept_clock(const struct server *s)
{
    return s->kept_clock;
}

/* Time passes.  A process that stood still does not know what its partner did meanwhile. */
void server_advance(struct server *s, struct instant now, struct effects *fx)
{
    const int64_t stood_still = now.ms - s->now.ms;

    ASSERT(s->started && stood_still >= 0);
    s->now = now;
    if (!s->alone && stood_still > s->config->pair.link_timeout_ms) {
        failover_stalled(&s->fo, now, &s->fo_fx);
        peer_run(s, fx);
    }
}

void server_start(struct server *s, struct instant now, const uint8_t seed[static 32],
                  struct effects *fx)
{
    uint64_t random[3], table_seed;

    ASSERT(!s->started && now.ms >= s->kept_clock.ms);
    s->started = true;
    s->now = s->clock_kept_at = now;
    memcpy(random, seed, sizeof(random));
    memcpy(&table_seed, seed + sizeof(random), sizeof(table_seed));
    lease_table_seed(s->leases, table_seed);
    lease_table_loaded(s->leases);
    /* The table notes the place, and has the way there behind it before anybody is served. */
    (void)lease_table_first_own_after(s->leases, s->stream.acked_seq);
    if (s->dns != NULL)
        dns_begin(s);
    s->progress.durable_seq = s->stream.seq;
    s->progress.applied = s->applied;
    s->metas[0].last_seq = s->metas[1].last_seq = s->stream.seq;
    runtime_start(s, fx);
    if (s->alone) {
        upkeep_set_aside(s);
        effects_event(fx, EVENT_NOTICE, "started", "alone, without a partner");
    } else {
        failover_start(&s->fo, now, s->loaded_pair ? &s->pair_record : NULL, s->kept_clock,
                       random, &s->fo_fx);
        peer_run(s, fx);
    }
    server_flush(s, now, fx);
}

void refuse_to_serve(struct server *s)
{
    s->counters.not_serving++;
    CONCLUDE(s, EXPLAIN_NOT_SERVING, "this peer is in %s", fo_state_name(s->fo.state));
}

static void dispatch(struct server *s, struct request *r, struct effects *fx)
{
    switch (r->packet->type) {
    case DHCP4_DISCOVER:
        if (!policy_serves(&(struct policy){.alone = s->alone, .state = s->fo.state}))
            refuse_to_serve(s);
        else
            handle_discover(s, r, fx);
        break;
    case DHCP4_REQUEST:
        handle_request(s, r, fx);
        break;
    case DHCP4_DECLINE:
        handle_decline(s, r, fx);
        break;
    case DHCP4_RELEASE:
        handle_release(s, r, fx);
        break;
    case DHCP4_INFORM:
        handle_inform(s, r, fx);
        break;
    case DHCP4_NONE:
        handle_bootp(s, r, fx);
        break;
    case DHCP4_OFFER:
    case DHCP4_ACK:
    case DHCP4_NAK:
    case DHCP4_FORCERENEW:
    case DHCP4_LEASEQUERY:
    case DHCP4_LEASEUNASSIGNED:
    case DHCP4_LEASEUNKNOWN:
    case DHCP4_LEASEACTIVE:
    case DHCP4_BULKLEASEQUERY:
    case DHCP4_LEASEQUERYDONE:
        CONCLUDE(s, EXPLAIN_SILENT, "%s is nothing that a client asks a server",
                 dhcp4_type_name(r->packet->type));
        break; /* what only servers say: counted, not answered */
    }
}

static void receive(struct server *s, const struct datagram *datagram,
                    enum dhcp4_decode decoded, struct effects *fx)
{
    struct request r;

    if (decoded != DHCP4_DECODED) {
        s->counters.malformed[decoded]++;
        if (EXPLAINS(s))
            explain_malformed(s->explain, datagram->payload, decoded);
        return;
    }
    if (s->packet.op != DHCP4_BOOTREQUEST) {
        CONCLUDE(s, EXPLAIN_SILENT, "it is a reply of a server");
        return;
    }
    if (s->packet.type < ARRAY_SIZE(s->counters.received))
        s->counters.received[s->packet.type]++;
    /* Who cannot write must not answer: the partner will. */
    if (s->store_failed ||
        (!s->alone && (s->fo.state == FO_STARTUP || s->fo.state == FO_SHUTDOWN ||
                       failover_is_recovering(&s->fo)))) {
        s->counters.not_serving++;
        CONCLUDE(s, EXPLAIN_NOT_SERVING, "%s",
                 s->store_failed ? "the store cannot be written" : fo_state_name(s->fo.state));
        return;
    }
    if (s->packet.type == DHCP4_LEASEQUERY) {
        leasequery_receive(s, datagram, fx);
        return;
    }
    if (!select_request(s, datagram, &r)) {
        s->counters.no_subnet++;
        CONCLUDE(s, EXPLAIN_NO_LINK, "no configured subnet holds the address of its link");
        return;
    }
    if (r.names.key.data[0] == 0 && s->packet.hlen == 0) {
        s->counters.malformed[DHCP4_DROP_BAD_HLEN]++; /* neither identifier nor hardware */
        CONCLUDE(s, EXPLAIN_MALFORMED, "neither a client identifier nor a hardware address");
        return;
    }
    if (EXPLAINS(s))
        explain_request(s, &r);
    dispatch(s, &r, fx);
}

void server_receive(struct server *s, struct instant now, const struct datagram *datagram,
                    struct effects *fx)
{
    const enum dhcp4_decode decoded = dhcp4_decode(datagram->payload, &s->scratch, &s->packet);

    server_advance(s, now, fx);
    receive(s, datagram, decoded, fx);
}

void server_explain(struct server *s, struct instant now, const struct datagram *datagram,
                    struct explain *e)
{
    const enum dhcp4_decode decoded = dhcp4_decode(datagram->payload, &s->scratch, &s->packet);
    const struct server_counters counters = s->counters;
    const struct instant then = s->now;
    struct effects fx;

    ASSERT(s->started && s->explain == NULL && now.ms >= then.ms);
    effects_init(&fx);
    s->explain = e;
    s->now = now;
    receive(s, datagram, decoded, &fx);
    s->now = then;
    s->explain = NULL;
    s->counters = counters;
    ASSERT(fx.count == 0);
    effects_deinit(&fx);
}

void server_link_up(struct server *s, struct instant now, struct effects *fx)
{
    server_advance(s, now, fx);
    if (s->alone)
        return;
    failover_link(&s->fo, now, true, &s->fo_fx);
    peer_run(s, fx);
}

void server_link_down(struct server *s, struct instant now, struct effects *fx)
{
    server_advance(s, now, fx);
    if (s->alone)
        return;
    failover_link(&s->fo, now, false, &s->fo_fx);
    peer_run(s, fx);
}

void server_frame(struct server *s, struct instant now, struct span frame, struct effects *fx)
{
    server_advance(s, now, fx);
    if (!s->alone)
        peer_frame(s, frame, fx);
}

static void store_recovered(struct server *s, struct effects *fx)
{
    if (!s->store_failed)
        return;
    s->store_failed = false;
    s->store_problem[0] = '\0';
    effects_event(fx, EVENT_NOTICE, "store-recovered", "the store can be written again");
    if (!s->alone)
        failover_store(&s->fo, s->now, true, &s->fo_fx);
    peer_run(s, fx);
}

void server_durable(struct server *s, struct instant now, uint64_t number, struct effects *fx)
{
    const struct batch_meta *meta = &s->metas[1 - s->filling];

    server_advance(s, now, fx);
    ASSERT(s->in_flight && number + 1 == s->batch_number);
    s->in_flight = false;
    s->progress.durable_seq = meta->last_seq;
    if (meta->has_applied)
        s->progress.applied = meta->applied;
    store_recovered(s, fx);
    if (!s->alone) {
        if (meta->pair_written > 0) {
            failover_durable(&s->fo, now, meta->pair_written, &s->fo_fx);
            peer_run(s, fx);
        }
        if (meta->has_applied) {
            failover_applied(&s->fo, now, &s->fo_fx);
            peer_run(s, fx);
        }
        if (meta->sync_end && s->fo.open && meta->session == s->fo.session) {
            failover_caught_up(&s->fo, now, &s->fo_fx);
            peer_run(s, fx);
        }
        stream_pump(s, fx);
        stream_ack_batch(s, meta, fx);
        runtime_ack_batch(s, meta, fx);
    }
    server_flush(s, now, fx);
}

void server_store_failed(struct server *s, struct instant now, const char *reason,
                         struct effects *fx)
{
    const size_t size = strnlen(reason, sizeof(s->store_problem) - 1);

    server_advance(s, now, fx);
    ASSERT(s->in_flight);
    if (!s->store_failed) {
        effects_event(fx, EVENT_ERROR, "store-failed",
                      "the store cannot be written (%s): no client is answered until it can, "
                      "and the partner, if any, serves all; tried again every second",
                      reason);
        if (!s->alone)
            failover_store(&s->fo, now, false, &s->fo_fx);
        peer_run(s, fx);
    }
    s->store_failed = true;
    s->counters.store_failures++;
    memcpy(s->store_problem, reason, size);
    s->store_problem[size] = '\0';
    s->store_retry_at = instant_add_ms(now, STORE_RETRY_MS);
}

void server_flush(struct server *s, struct instant now, struct effects *fx)
{
    server_advance(s, now, fx);
    runtime_pump(s, fx); /* first: a peer that comes back shall know them before it serves */
    stream_pump(s, fx);
    ack_release(s, fx);
    persist_commit(s, fx);
}

static void retry_store(struct server *s, struct effects *fx)
{
    if (s->store_failed && s->in_flight && s->store_retry_at.ms != 0 &&
        !instant_before(s->now, s->store_retry_at)) {
        s->store_retry_at = instant_ms(0);
        effects_add(fx, EFFECT_COMMIT)->batch = &s->batches[1 - s->filling];
    }
}

void server_tick(struct server *s, struct instant now, struct effects *fx)
{
    server_advance(s, now, fx);
    if (!s->alone) {
        failover_tick(&s->fo, now, &s->fo_fx);
        peer_run(s, fx);
        claim_tick(s);
        peer_run(s, fx);
    }
    probe_tick(s, fx);
    upkeep_tick(s);
    watch_tick(s, fx);
    retry_store(s, fx);
    server_flush(s, now, fx);
}

struct instant server_wakeup(const struct server *s)
{
    struct instant at = s->alone ? instant_add_ms(s->now, 100) : failover_wakeup(&s->fo), due;
    const struct held *held = held_head(&s->held);

    if (s->batches[s->filling].count > 0 && !s->in_flight) {
        due = persist_due(s);
        at = instant_before(due, at) ? due : at;
    }
    if (stream_gathers(s, &due) && instant_before(due, at))
        at = due;
    if (upkeep_is_behind(s, &due) && instant_before(due, at))
        at = due;
    if (s->probes != NULL && probe_table_wakeup(s->probes, &due) && instant_before(due, at))
        at = due;
    if (held != NULL && instant_before(s->now, held->deadline) &&
        instant_before(held->deadline, at))
        at = held->deadline;
    return at;
}

void server_note_shed(struct server *s, size_t count)
{
    s->counters.shed += count;
}

void server_stop(struct server *s, struct instant now, struct effects *fx)
{
    server_advance(s, now, fx);
    while (held_count(&s->held) > 0)
        held_pop(&s->held);
    if (!s->alone && s->fo.open) {
        struct frame frame = {.type = FRAME_GOODBYE};

        stream_pump(s, fx);
        memcpy(frame.goodbye.reason, "stopped", sizeof("stopped"));
        peer_send(s, &frame, fx);
    }
    persist_commit(s, fx);
}
