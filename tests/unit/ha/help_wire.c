/* help_wire.c - carrying out the effects of two failovers without a server around them. */
#include "help_wire.h"

#include <stdio.h>
#include <stdlib.h>

struct wire *wire_make(void)
{
    struct wire *wire = calloc(1, sizeof(*wire));

    assert_non_null(wire);
    wire->now = instant_ms(INT64_C(1790000000000));
    wire->seed = 1;
    for (size_t i = 0; i < 2; i++) {
        struct config *config = &wire->peers[i].config;

        wire->dead[i] = true;
        config->has_pair = true;
        config->pair.name = "dc1";
        config->pair.mclt_ms = 3600000;
        config->pair.link_timeout_ms = 1000;
        config->pair.startup_wait_ms = 5000;
        config->pair.max_clock_skew_ms = 5000;
        config->pair.start_alone = CONFIG_START_ALONE_SERVE;
        config->digests = (struct digests){1, {2, 3, 4, 5}};
    }
    return wire;
}

void wire_free(struct wire *wire)
{
    free(wire);
}

static void reset_link(struct wire *wire);

static void note_event(struct wire_peer *peer, const struct fo_effect *effect)
{
    struct wire_event *event = &peer->events[peer->event_count++ % WIRE_EVENTS];

    event->name = effect->event.name;
    snprintf(event->text, sizeof(event->text), "%s", effect->event.text);
}

static void fill_heartbeat(struct wire_peer *peer, struct frame *frame)
{
    const struct failover *fo = &peer->fo;

    peer->heartbeats++;
    frame->type = FRAME_HEARTBEAT;
    frame->heartbeat.state = fo->state;
    frame->heartbeat.term = fo->record.term;
    frame->heartbeat.durable_seq = peer->progress.durable_seq;
    frame->heartbeat.clock = fo->now;
    frame->heartbeat.mclt_ms = peer->config.pair.mclt_ms;
}

void wire_give(struct wire *wire, enum role role, const struct frame *frame)
{
    struct wire_peer *to = &wire->peers[role];

    if (!wire->linked || wire->dead[role] || wire->deaf[role])
        return;
    assert_true(to->inbox_count < WIRE_FRAMES);
    to->inbox[to->inbox_count++] = *frame;
}

static void carry_out(struct wire *wire, enum role role, struct fo_effects *fx);

static void persist(struct wire *wire, enum role role, uint64_t number)
{
    struct wire_peer *peer = &wire->peers[role];
    struct fo_effects more = {.count = 0};

    if (peer->slow_disk)
        return;
    peer->disk = peer->fo.record;
    peer->has_disk = true;
    failover_durable(&peer->fo, wire->now, number, &more);
    carry_out(wire, role, &more);
}

static void carry_out(struct wire *wire, enum role role, struct fo_effects *fx)
{
    struct wire_peer *peer = &wire->peers[role];

    for (size_t i = 0; i < fx->count; i++) {
        struct fo_effect *effect = &fx->items[i];

        switch (effect->type) {
        case FO_DO_HEARTBEAT:
            fill_heartbeat(peer, &effect->frame);
            wire_give(wire, role_other(role), &effect->frame);
            break;
        case FO_DO_SEND:
            wire_give(wire, role_other(role), &effect->frame);
            break;
        case FO_DO_RESET_LINK:
            peer->resets++;
            reset_link(wire);
            break;
        case FO_DO_EVENT:
            note_event(peer, effect);
            break;
        case FO_DO_SESSION_OPEN:
            peer->sessions++;
            peer->sync = effect->sync;
            break;
        case FO_DO_SESSION_END:
            peer->ended++;
            break;
        case FO_DO_TRUST:
            peer->trusts++;
            break;
        case FO_DO_PERSIST:
        case FO_DO_STATE:
            break;
        }
    }
    /* The disk is done when all that was decided in the same breath is. */
    for (size_t i = 0; i < fx->count; i++) {
        if (fx->items[i].type == FO_DO_PERSIST)
            persist(wire, role, fx->items[i].number);
    }
}

static void set_link(struct wire *wire, bool up)
{
    wire->linked = up;
    for (size_t i = 0; i < 2; i++)
        wire->peers[i].inbox_count = 0;
    for (size_t i = 0; i < 2; i++) {
        struct fo_effects fx = {.count = 0};

        if (wire->dead[i])
            continue;
        failover_link(&wire->peers[i].fo, wire->now, up, &fx);
        carry_out(wire, (enum role)i, &fx);
    }
}

static void reset_link(struct wire *wire)
{
    if (wire->linked)
        set_link(wire, false);
}

void wire_link(struct wire *wire)
{
    set_link(wire, true);
    wire_settle(wire);
}

void wire_unlink(struct wire *wire)
{
    set_link(wire, false);
    wire_settle(wire);
}

/* Streams that hold nothing: a SyncEnd as soon as it may be sent. */
static void stream(struct wire *wire, enum role role)
{
    struct wire_peer *peer = &wire->peers[role];
    struct frame frame = {.type = FRAME_SYNC_END};
    struct fo_effects fx = {.count = 0};

    if (wire->dead[role] || !failover_may_send(&peer->fo) || peer->fo.sync_sent)
        return;
    frame.mark.last_seq = peer->progress.durable_seq;
    failover_stamp(&peer->fo, &frame);
    wire_give(wire, role_other(role), &frame);
    failover_sync_sent(&peer->fo, wire->now, &fx);
    carry_out(wire, role, &fx);
}

static bool deliver(struct wire *wire, enum role role)
{
    struct wire_peer *peer = &wire->peers[role];
    struct fo_effects fx = {.count = 0};
    struct frame frame;

    if (peer->inbox_count == 0 || wire->hold)
        return false;
    frame = peer->inbox[0];
    memmove(&peer->inbox[0], &peer->inbox[1], --peer->inbox_count * sizeof(peer->inbox[0]));
    if (failover_receive(&peer->fo, wire->now, &frame, &fx) == FO_FRAME_STREAM &&
        frame.type == FRAME_SYNC_END) {
        peer->progress.applied = (struct applied_record){
            peer->fo.partner.store_id,
            peer->fo.partner.chain[peer->fo.partner.chain_count - 1].id, frame.mark.last_seq};
        failover_caught_up(&peer->fo, wire->now, &fx);
    }
    carry_out(wire, role, &fx);
    return true;
}

void wire_settle(struct wire *wire)
{
    bool busy = true;

    for (size_t rounds = 0; busy; rounds++) {
        assert_true(rounds < 10000);
        busy = false;
        for (size_t i = 0; i < 2; i++) {
            busy |= deliver(wire, (enum role)i);
            stream(wire, (enum role)i);
        }
    }
}

void wire_run(struct wire *wire, int64_t ms)
{
    for (int64_t passed = 0; passed < ms; passed += 10) {
        wire->now = instant_add_ms(wire->now, 10);
        for (size_t i = 0; i < 2; i++) {
            struct fo_effects fx = {.count = 0};

            if (wire->dead[i])
                continue;
            failover_tick(&wire->peers[i].fo, wire->now, &fx);
            carry_out(wire, (enum role)i, &fx);
        }
        wire_settle(wire);
    }
}

void wire_start(struct wire *wire, enum role role)
{
    struct wire_peer *peer = &wire->peers[role];
    const struct ip4 identifier = ip4(0x0a4d0002 + (uint32_t)role);
    struct fo_effects fx = {.count = 0};
    uint64_t seed[3];

    for (size_t i = 0; i < 3; i++)
        seed[i] = wire->seed++ * UINT64_C(0x9e3779b97f4a7c15);
    wire->dead[role] = false;
    failover_init(&peer->fo, &peer->config, role, &peer->progress, &identifier, 1);
    failover_start(&peer->fo, wire->now, peer->has_disk ? &peer->disk : NULL, wire->now, seed,
                   &fx);
    carry_out(wire, role, &fx);
    if (wire->linked)
        wire_link(wire);
}

void wire_kill(struct wire *wire, enum role role)
{
    wire->dead[role] = true;
    wire_unlink(wire);
}

struct wire *wire_new(void)
{
    struct wire *wire = wire_make();

    wire_start(wire, ROLE_PRIMARY);
    wire_start(wire, ROLE_SECONDARY);
    wire_link(wire);
    wire_run(wire, 100);
    assert_string_equal(fo_state_name(wire_state(wire, ROLE_PRIMARY)), "NORMAL");
    assert_string_equal(fo_state_name(wire_state(wire, ROLE_SECONDARY)), "NORMAL");
    wire_forget(wire);
    return wire;
}

enum fo_state wire_state(const struct wire *wire, enum role role)
{
    return wire->peers[role].fo.state;
}

const char *wire_event(const struct wire *wire, enum role role, const char *name)
{
    const struct wire_peer *peer = &wire->peers[role];

    for (size_t i = 0; i < peer->event_count && i < WIRE_EVENTS; i++) {
        if (strcmp(peer->events[i].name, name) == 0)
            return peer->events[i].text;
    }
    return NULL;
}

void wire_forget(struct wire *wire)
{
    for (size_t i = 0; i < 2; i++) {
        struct wire_peer *peer = &wire->peers[i];

        peer->event_count = peer->sessions = peer->ended = peer->resets = 0;
        peer->heartbeats = peer->trusts = 0;
    }
}

int wire_set_up(void **state)
{
    *state = wire_new();
    return 0;
}

int wire_tear_down(void **state)
{
    wire_free(*state);
    return 0;
}

struct failover *wire_fo(struct wire *wire, enum role role)
{
    return &wire->peers[role].fo;
}

void wire_perform(struct wire *wire, enum role role, struct fo_effects *fx)
{
    for (size_t i = 0; i < fx->count; i++) {
        struct fo_effects more = {.count = 0};

        if (fx->items[i].type == FO_DO_PERSIST) {
            wire->peers[role].disk = wire_fo(wire, role)->record;
            failover_durable(wire_fo(wire, role), wire->now, fx->items[i].number, &more);
        }
    }
    fx->count = 0;
}

void wire_declare_down(struct wire *wire, enum role by)
{
    static struct fo_effects fx;
    const char *why;

    fx.count = 0;
    assert_int_equal(failover_declare(wire_fo(wire, by), wire->now, false, &why, &fx), TD_OK);
    wire_perform(wire, by, &fx);
    assert_int_equal(wire_state(wire, by), FO_PARTNER_DOWN);
}
