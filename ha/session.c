/* ha/session.c - the handshake, the numbering of frames, and liveness (README, sections 6 and
 * 8).
 *
 * The secondary greets; the primary answers with its own Hello.  Both judge the other's Hello
 * and say so in a HelloAck; with both verdicts in, the session is open.  The session is the two
 * nonces, so a frame that an older connection left behind is known as such. */
#include <stdio.h>

#include "ha/failover_internal.h"

/* splitmix64: the next nonce. */
static uint64_t next_random(struct failover *fo)
{
    uint64_t z = fo->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return z != 0 ? z : 1;
}

static uint64_t session_of(const struct failover *fo)
{
    const uint64_t primary = fo->self == ROLE_PRIMARY ? fo->nonce : fo->partner_nonce;
    const uint64_t secondary = fo->self == ROLE_PRIMARY ? fo->partner_nonce : fo->nonce;
    const uint64_t mixed = primary * UINT64_C(0x9e3779b97f4a7c15) ^ secondary;

    return mixed != 0 ? mixed : 1;
}

void session_end(struct failover *fo, const char *problem, struct fo_effects *fx)
{
    if (problem != NULL)
        snprintf(fo->last_problem, sizeof(fo->last_problem), "%s", problem);
    if (fo->open) {
        fo->session_ended_at = fo->now;
        fo->waiting_since = fo->now;
        fo->record.contact = fo->heard;
        fo->dirty = true;
        fo_add(fx, FO_DO_SESSION_END);
        fo_event(fx, 2, "session-ended", "%s",
                 problem != NULL ? problem : "contact with the partner is lost");
    }
    fo->session = 0;
    fo->open = fo->greeted = fo->accepted = false;
    fo->caught_up = fo->sync_sent = fo->ready_sent = fo->ready_heard = fo->trusted = false;
    fo->normal_heard = false;
    fo->set_back = fo->partner_set_back = fo->partner_lost = false;
    if (fo->handing_over || fo->handover_sent) {
        fo->handing_over = fo->handover_sent = false;
        fo_event(fx, 2, "handover-failed",
                 "contact ended before the partner took over; this peer serves again after the "
                 "next handshake");
    }
}

void session_close_link(struct failover *fo, const char *problem, struct fo_effects *fx)
{
    session_end(fo, problem, fx);
    if (fo->connected) {
        fo->connected = false;
        fo->disconnected_at = fo->now;
        fo_add(fx, FO_DO_RESET_LINK);
    }
}

static void send_hello(struct failover *fo, uint64_t answers, struct fo_effects *fx)
{
    struct frame frame = {.type = FRAME_HELLO};
    struct hello *h = &frame.hello;
    struct pair_record *r = &fo->record;

    fo->nonce = next_random(fo);
    fo->hello_at = fo->now;
    r->chain[r->chain_count - 1].last_seq = fo->progress->durable_seq;
    h->protocol = FRAME_PROTOCOL;
    snprintf(h->pair, sizeof(h->pair), "%s", fo->config->pair.name);
    h->role = fo->self;
    h->nonce = fo->nonce;
    h->answers_nonce = answers;
    h->store_id = r->store_id;
    h->store_new = r->store_new;
    h->chain_count = r->chain_count;
    memcpy(h->chain, r->chain, sizeof(h->chain));
    h->seq = fo->progress->durable_seq;
    h->applied_store_id = fo->progress->applied.store_id;
    h->applied_incarnation = fo->progress->applied.incarnation;
    h->applied_seq = fo->progress->applied.seq;
    h->starting = fo_decided(fo) == FO_STARTUP;
    h->state = h->starting ? r->state : fo_decided(fo);
    h->state_since = r->since;
    h->term = r->term;
    h->clock = fo->now;
    h->mclt_ms = fo->config->pair.mclt_ms;
    h->digests = fo->config->digests;
    h->restored = r->restored;
    h->mclt_wait_ms = failover_mclt_wait_ms(fo);
    h->identifier_count = fo->identifier_count;
    memcpy(h->identifiers, fo->identifiers, sizeof(h->identifiers));
    frame.session = 0;
    frame.n = 1;
    fo->sent_n = 1;
    fo_add(fx, FO_DO_SEND)->frame = frame;
}

static const struct incarnation *find_incarnation(const struct incarnation *chain, size_t count,
                                                  uint64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (chain[i].id == id)
            return &chain[i];
    }
    return NULL;
}

/* Does the partner's chain lack something that it once told us? */
static bool chain_lacks(const struct hello *h, uint64_t incarnation, uint64_t seq)
{
    const struct incarnation *found;

    if (incarnation == 0)
        return false;
    found = find_incarnation(h->chain, h->chain_count, incarnation);
    return found == NULL || found->last_seq < seq;
}

static void judge_store(struct failover *fo)
{
    const struct hello *h = &fo->partner;
    const struct pair_record *r = &fo->record;
    const struct applied_record *applied = &fo->progress->applied;
    const bool other = r->partner_store_id != 0 && r->partner_store_id != h->store_id;

    /* Once found out it counts until the partner is Ready, over any number of sessions: what it
     * had written and lost is in nobody's stream, and what it was told it may have forgotten.
     */
    fo->partner_set_back = r->partner_set_back || h->restored ||
                           (!other && (chain_lacks(h, r->heard_incarnation, r->heard_seq) ||
                                       (applied->store_id == h->store_id &&
                                        chain_lacks(h, applied->incarnation, applied->seq))));
    fo->partner_lost = other || h->store_new || fo->partner_set_back || r->partner_lost;
}

/* Why there can be no session with this partner; "" if there can. */
static void refusal(const struct failover *fo, const struct hello *h,
                    char out[static FRAME_TEXT_MAX])
{
    out[0] = '\0';
    if (h->protocol != FRAME_PROTOCOL)
        snprintf(out, FRAME_TEXT_MAX,
                 "protocol version %d here, %u there: upgrade the older peer", FRAME_PROTOCOL,
                 h->protocol);
    else if (strcmp(h->pair, fo->config->pair.name) != 0)
        snprintf(out, FRAME_TEXT_MAX, "pair.name is '%.80s' here, '%.80s' there",
                 fo->config->pair.name, h->pair);
    else if (h->role == fo->self)
        snprintf(out, FRAME_TEXT_MAX, "both peers are %s: check --node and the link addresses",
                 role_name(fo->self));
    else if (h->state >= FO_STATES || h->chain_count == 0 || h->store_id == 0)
        snprintf(out, FRAME_TEXT_MAX, "its Hello makes no sense");
}

/* Once for each state of the partner's file, when all that differs can be named. */
static void report_differences(struct failover *fo, struct fo_effects *fx)
{
    const struct digests *theirs = &fo->partner.digests;

    differences_text(&fo->differences, fo->config_difference, sizeof(fo->config_difference));
    if (memcmp(theirs, &fo->reported, sizeof(*theirs)) == 0 ||
        (differences_by_part(&fo->differences) && !fo->differences.named))
        return;
    fo->reported = *theirs;
    if (differences_exist(&fo->differences))
        fo_event(fx, 2, "configuration-differs",
                 "the peers' files differ: %s; replication goes on, install the same file on "
                 "both",
                 fo->config_difference);
}

static void compare_configurations(struct failover *fo, struct fo_effects *fx)
{
    differences_begin(&fo->differences, &fo->config->digests, &fo->partner.digests);
    fo->parts_due = differences_by_part(&fo->differences);
    fo->parts_sent = 0;
    report_differences(fo, fx);
}

/* One message a tick: ten thousand subnets must not hold up the stream. */
static void send_parts(struct failover *fo, struct fo_effects *fx)
{
    const size_t left = fo->config->subnet_count - fo->parts_sent;
    struct frame frame = {.type = FRAME_CONFIG_PARTS};

    frame.parts.count = left < FRAME_SUBNETS_MAX ? left : FRAME_SUBNETS_MAX;
    frame.parts.subnets = fo->config->subnet_digests + fo->parts_sent;
    frame.parts.more = left > frame.parts.count;
    frame.parts.file = fo->config->file_digests;
    fo->parts_sent += frame.parts.count;
    fo->parts_due = frame.parts.more;
    fo_send(fo, &frame, fx);
}

void session_hear_parts(struct failover *fo, const struct frame *frame, struct fo_effects *fx)
{
    if (!differences_hear(&fo->differences, fo->config, frame))
        session_close_link(fo, "the partner's list of subnets makes no sense", fx);
    else
        report_differences(fo, fx);
}

/* What the partner lacks of our writes. */
static struct fo_sync sync_for(const struct failover *fo)
{
    const struct hello *h = &fo->partner;
    const struct pair_record *r = &fo->record;
    const struct incarnation *known =
        find_incarnation(r->chain, r->chain_count, h->applied_incarnation);
    struct fo_sync sync = {0};

    sync.partner_lost = fo->partner_lost;
    sync.partner_set_back = fo->partner_set_back;
    sync.set_back = fo->set_back;
    /* A store that was set back gives the same numbers once more. */
    sync.forget_applied = fo->partner_set_back || fo->progress->applied.store_id != h->store_id;
    if (fo->partner_lost)
        sync.whole = true;
    else if (h->applied_store_id == r->store_id && known != NULL &&
             h->applied_seq <= known->last_seq)
        sync.after = h->applied_seq;
    else if (fo->set_back)
        sync.after = fo->progress->durable_seq; /* it has applied more than we know of */
    else
        sync.whole = true;
    return sync;
}

static void open_session(struct failover *fo, struct fo_effects *fx)
{
    struct pair_record *r = &fo->record;
    const struct hello *h = &fo->partner;

    fo->open = true;
    fo->session_ended_at = instant_ms(0);
    fo->heartbeat_at = fo->now;
    fo->last_problem[0] = '\0';
    fo->term_before = r->term;
    compare_configurations(fo, fx);
    if (fo->partner_lost && !h->store_new && !r->partner_lost)
        fo_event(fx, 2, "partner-store-lost", "the partner's store %s: it is sent all bindings",
                 fo->partner_set_back ? "was set back" : "is another than before");
    if (fo->set_back)
        fo_event(fx, 3, "store-set-back",
                 "this peer's store is older than what it told its partner: it resynchronises");
    fo_add(fx, FO_DO_SESSION_OPEN)->sync = sync_for(fo);
    if (h->term > r->term)
        r->term = h->term;
    if (fo->set_back && !r->set_back) { /* what it promised and forgot may stand that long */
        r->set_back = true;
        wait_begin(fo);
    }
    wait_met(fo);
    r->partner_lost = fo->partner_lost;
    r->partner_set_back = fo->partner_set_back;
    r->partner_store_id = h->store_id;
    r->heard_incarnation = h->chain[h->chain_count - 1].id;
    r->heard_seq = h->seq;
    r->contact = fo->now;
    r->identifier_count = h->identifier_count;
    memcpy(r->identifiers, h->identifiers, sizeof(r->identifiers));
    fo_persist(fo, fx);
    /* A peer that still holds the old session for alive begins where a lost one would. */
    if (fo_decided(fo) == FO_NORMAL || fo_decided(fo) == FO_POTENTIAL_CONFLICT)
        transition_on(fo, FO_EV_LOST, fx);
    transition_on(fo, FO_EV_MET, fx);
    fo_announce(fo, fx);
}

static void greet_back(struct failover *fo, const struct hello *h, struct fo_effects *fx)
{
    struct frame frame = {.type = FRAME_HELLO_ACK};

    fo->partner_nonce = h->nonce;
    if (fo->self == ROLE_PRIMARY)
        send_hello(fo, h->nonce, fx);
    fo->session = session_of(fo);
    fo->received_n = 1;
    refusal(fo, h, frame.hello_ack.refused);
    if (frame.hello_ack.refused[0] != '\0') {
        fo_send(fo, &frame, fx);
        if (strcmp(fo->last_problem, frame.hello_ack.refused) != 0)
            fo_event(fx, 3, "partner-refused", "no session with the partner: %s",
                     frame.hello_ack.refused);
        session_end(fo, frame.hello_ack.refused, fx);
        fo->hello_at = instant_add_ms(fo->now, HELLO_REFUSED_MS);
        return;
    }
    fo->partner = *h;
    fo->greeted = true;
    failover_hear_hello(fo, fx);
    judge_store(fo);
    frame.hello_ack.set_back = fo->partner_set_back;
    fo_send(fo, &frame, fx);
}

/* Before the incarnation is durable nobody may hear of it: after a crash it would never have
 * been, and this store would look set back.  A Hello tells the durable state, so it waits for
 * one that is on its way to the disk. */
static bool may_greet(const struct failover *fo)
{
    return fo->durable > 0 && !fo->has_pending && !fo->handed_over && !fo->speechless;
}

static void on_hello(struct failover *fo, const struct frame *frame, struct fo_effects *fx)
{
    const struct hello *h = &frame->hello;

    if (frame->session != 0 || frame->n != 1 || !may_greet(fo) ||
        (fo->self == ROLE_SECONDARY && (h->answers_nonce != fo->nonce || fo->session != 0))) {
        fo->ignored++;
        return;
    }
    if (fo->session != 0)
        session_end(fo, "the partner began a new session", fx);
    fo->heard = fo->now;
    greet_back(fo, h, fx);
}

static void on_hello_ack(struct failover *fo, const struct frame *frame, struct fo_effects *fx)
{
    if (fo->open) {
        session_close_link(fo, "a second HelloAck in one session", fx);
        return;
    }
    if (frame->hello_ack.refused[0] != '\0') {
        char problem[FRAME_TEXT_MAX + 64];

        snprintf(problem, sizeof(problem), "the partner refused: %s", frame->hello_ack.refused);
        if (strcmp(fo->last_problem, problem) != 0)
            fo_event(fx, 3, "refused-by-partner", "%s", problem);
        session_end(fo, problem, fx);
        fo->hello_at = instant_add_ms(fo->now, HELLO_REFUSED_MS);
        return;
    }
    fo->set_back = frame->hello_ack.set_back;
    fo->accepted = true;
    if (fo->greeted)
        open_session(fo, fx);
}

enum fo_frame failover_receive(struct failover *fo, struct instant now,
                               const struct frame *frame, struct fo_effects *fx)
{
    fo->now = now;
    if (frame->type == FRAME_HELLO) {
        on_hello(fo, frame, fx);
        return FO_FRAME_DONE;
    }
    if (fo->session == 0 || frame->session != fo->session) {
        fo->ignored++; /* an older session's; nothing that it says counts */
        return FO_FRAME_DONE;
    }
    if (frame->n != fo->received_n + 1) {
        session_close_link(fo, "a frame of the partner was lost on the way", fx);
        return FO_FRAME_DONE;
    }
    fo->received_n++;
    fo->heard = now;
    if (frame->type == FRAME_HELLO_ACK) {
        on_hello_ack(fo, frame, fx);
        return FO_FRAME_DONE;
    }
    if (!fo->open) {
        session_close_link(fo, "the partner spoke before the handshake was over", fx);
        return FO_FRAME_DONE;
    }
    return failover_hear(fo, frame, fx);
}

void failover_bad_frame(struct failover *fo, struct instant now, struct fo_effects *fx)
{
    fo->now = now;
    session_close_link(fo, "a frame of the partner could not be read", fx);
}

void failover_abandon_session(struct failover *fo, struct instant now, const char *problem,
                              struct fo_effects *fx)
{
    fo->now = now;
    session_close_link(fo, problem, fx);
}

void failover_link(struct failover *fo, struct instant now, bool up, struct fo_effects *fx)
{
    fo->now = now;
    session_end(fo, fo->open ? "the connection to the partner was closed" : NULL, fx);
    fo->connected = up;
    if (!up)
        fo->disconnected_at = now;
    else
        session_greet(fo, fx);
}

void session_greet(struct failover *fo, struct fo_effects *fx)
{
    if (fo->connected && fo->session == 0 && fo->self == ROLE_SECONDARY && may_greet(fo))
        send_hello(fo, 0, fx);
}

void session_tick(struct failover *fo, struct fo_effects *fx)
{
    if (fo->open) {
        if (fo->now.ms - fo->heard.ms >= fo->config->pair.link_timeout_ms) {
            session_close_link(fo, "no frame from the partner for link-timeout", fx);
            if (fo_decided(fo) == FO_NORMAL || fo_decided(fo) == FO_POTENTIAL_CONFLICT)
                transition_on(fo, FO_EV_LOST, fx);
        } else if (fo->now.ms - fo->heartbeat_at.ms >= HEARTBEAT_MS) {
            fo->heartbeat_at = fo->now;
            failover_stamp(fo, &fo_add(fx, FO_DO_HEARTBEAT)->frame);
        }
        if (fo->open && fo->parts_due)
            send_parts(fo, fx);
    } else if (fo->connected && fo->now.ms - fo->hello_at.ms >= HELLO_RETRY_MS &&
               fo->self == ROLE_SECONDARY) {
        session_end(fo, NULL, fx);
        session_greet(fo, fx);
    }
}
