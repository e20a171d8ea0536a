/* ha/model/events.h - what may happen next, and what it does. */

enum event_kind {
    TICK, /* one unit of time */
    CRASH,
    LOSE_DISK,
    START,
    SERVE_ALONE, /* STARTUP ends without a partner */
    LINK_UP,
    CUT,
    DETECT, /* the partner is silent */
    FLUSH,
    REQUEST,
    ACK_FULL,  /* the DHCPACK leaves with the time that was waited for */
    ACK_SHORT, /* it leaves without the partner's ack */
    RELEASE,
    FREE_IT,
    GIVE,
    ASK_BIND,    /* a claim */
    ASK_RELEASE, /* a claimed release */
    SEND_UPDATE,
    SEND_ACK,
    SEND_SYNC_END,
    SEND_STATE, /* Ready, or NORMAL */
    SEND_REPLY, /* of a claim */
    RECEIVE,
    DECLARE_DOWN,
    HAND_OVER,
    SEND_HANDOVER,
};

/* Peer, address and client as far as the kind has them; `above_all` see new_version(). */
struct event {
    enum event_kind kind;
    int p, a, c;
    bool above_all;
};

static int less_one(int x)
{
    return x > 0 ? x - 1 : 0;
}

/* With clocks apart a write has two outcomes; else one, and the other is no event of its own. */
static bool version_choice(const struct event *e)
{
    return e->above_all || (SKEW && MEM(e->p).record[e->a].version < newest_version());
}

/* What the peer sends first has to arrive before the other's answer makes sense. */
static bool may_send(int p)
{
    if (!WORLD.link || !is_up(p) || VOL(p).session != SESSION_OPEN)
        return false;
    return !FIX_SEQ || VOL(p).state == RECOVER || !VOL(p).partner_behind || VOL(p).caught_up;
}

static bool in_session(int p)
{
    return WORLD.link && is_up(p) && VOL(p).session == SESSION_OPEN;
}

/* ---- may it happen? ---- */

static bool can_serve_alone(int p)
{
    const int durable = MEM(p).state;

    if (!is_up(p) || VOL(p).state != STARTUP || WORLD.link || DISK(p).declared)
        return false;
    return durable == PARTNER_DOWN || durable == INTERRUPTED || durable == NORMAL ||
           in_conflict(durable);
}

static bool can_request(const struct event *e)
{
    const struct record *r = &MEM(e->p).record[e->a];
    const bool in_vain = r->state == ACTIVE && r->client == e->c && r->left == LEASE;

    return serves(e->p) && !VOL(e->p).reply_on && may_bind(e->p, e->a, e->c) && !in_vain &&
           version_choice(e);
}

/* May the waiting DHCPACK leave, with the full time or a short one? */
static bool can_answer(int p, bool full)
{
    const struct volatile_part *v = &VOL(p);

    if (!serves(p) || !v->reply_on || !all_durable(p))
        return false;
    if (!full)
        return v->reply_kind <= REPLY_ALONE && !v->reply_acked;
    return v->reply_kind == REPLY_GRANTED ||
           (v->reply_kind == REPLY_ON_ACK && v->reply_acked && v->state == NORMAL);
}

static bool holds_active(int p, int a, int client)
{
    const struct record *r = &MEM(p).record[a];

    return held(a, client) > 0 && r->state == ACTIVE && r->client == client;
}

static bool can_release(const struct event *e)
{
    const bool writer = VOL(e->p).state != NORMAL || MEM(e->p).record[e->a].owner == e->p;

    return RELEASES && serves(e->p) && writer && holds_active(e->p, e->a, e->c) &&
           version_choice(e);
}

static bool can_claim(int p, int a)
{
    return CLAIMS && WORLD.link && is_up(p) && VOL(p).state == NORMAL && VOL(p).caught_up &&
           MEM(p).record[a].owner != p && has_room(OTHER(p));
}

static bool can_ask_bind(const struct event *e)
{
    const struct record *r = &MEM(e->p).record[e->a];

    return can_claim(e->p, e->a) && !VOL(e->p).reply_on &&
           (r->state == FREE || r->client == e->c);
}

static bool can_send_ack(int p)
{
    bool due = false;

    if (!in_session(p) || !all_durable(p) || !has_room(OTHER(p)))
        return false;
    for (int a = 0; a < ADDRESSES; a++)
        if (VOL(p).at[a].ack_due) {
            due = true;
            if (is_unsent(p, a))
                return false; /* the counter-write first */
        }
    return due;
}

static bool can_send_sync_end(int p)
{
    return may_send(p) && !VOL(p).sync_sent && all_durable(p) && !has_unsent(p) &&
           has_room(OTHER(p));
}

static bool can_send_state(int p)
{
    const struct volatile_part *v = &VOL(p);

    if (!in_session(p) || !has_room(OTHER(p)) || !all_durable(p) || has_unsent(p))
        return false;
    if (v->state == RECOVER)
        return v->caught_up && v->sync_sent && !v->ready_sent && MEM(p).wait == 0;
    return v->tell_normal;
}

static bool can_send_reply(int p)
{
    return WORLD.link && is_up(p) && VOL(p).claim_on && all_durable(p) &&
           !is_unsent(p, VOL(p).claim_address) && has_room(OTHER(p));
}

static bool can_receive(const struct event *e)
{
    return is_up(e->p) && queued(e->p) > 0 &&
           (e->above_all || (SKEW && WORLD.queue[e->p][0].kind == UPDATE));
}

static bool can_declare(int p)
{
    const int state = VOL(p).state;

    return DECLARE && is_up(p) && (state == INTERRUPTED || state == RESOLUTION_INTERRUPTED) &&
           MEM(p).term < 3 && (DECLARE == 2 ? !WORLD.link : !is_up(OTHER(p)));
}

static bool can_send_handover(int p)
{
    return HANDOVERS && in_session(p) && VOL(p).state == SHUTDOWN && !VOL(p).handover_sent &&
           all_durable(p) && !has_unsent(p) && has_room(OTHER(p));
}

static bool is_possible(const struct event *e)
{
    const int p = e->p, a = e->a, q = OTHER(p);

    switch (e->kind) {
    case TICK:
        return true;
    case CRASH:
        return CRASHES && is_up(p);
    case LOSE_DISK:
        return !is_up(p) && WORLD.losses < LOSSES;
    case START:
        return !is_up(p);
    case SERVE_ALONE:
        return can_serve_alone(p);
    case LINK_UP:
        return !WORLD.link && is_up(0) && is_up(1);
    case CUT:
        return WORLD.link;
    case DETECT:
        return is_up(p) && !WORLD.link && (VOL(p).state == NORMAL || VOL(p).state == CONFLICT);
    case FLUSH:
        return is_up(p) && !all_durable(p);
    case REQUEST:
        return can_request(e);
    case ACK_FULL:
        return can_answer(p, true);
    case ACK_SHORT:
        return can_answer(p, false);
    case RELEASE:
        return can_release(e);
    case FREE_IT:
        return may_free(p, a) && version_choice(e);
    case GIVE:
        return may_give_away(p, a) && version_choice(e);
    case ASK_BIND:
        return can_ask_bind(e);
    case ASK_RELEASE:
        return RELEASES && can_claim(p, a) && holds_active(p, a, e->c);
    case SEND_UPDATE:
        return may_send(p) && is_unsent(p, a) && has_room(q);
    case SEND_ACK:
        return can_send_ack(p);
    case SEND_SYNC_END:
        return can_send_sync_end(p);
    case SEND_STATE:
        return can_send_state(p);
    case SEND_REPLY:
        return can_send_reply(p);
    case RECEIVE:
        return can_receive(e);
    case DECLARE_DOWN:
        return can_declare(p);
    case HAND_OVER:
        return HANDOVERS && is_up(p) && VOL(p).state == NORMAL && VOL(p).caught_up && WORLD.link;
    case SEND_HANDOVER:
        return can_send_handover(p);
    }
    return false;
}

/* Sending an ack, a SyncEnd or a claim's answer at once loses no behaviour, for the link may
 * hold it as long as it likes: where one can be sent, nothing else happens before. */
static bool is_next(const struct event *e)
{
    if (!is_possible(e))
        return false;
    switch (e->kind) {
    case SEND_ACK:
        return e->p == 0 || !can_send_ack(0);
    case SEND_SYNC_END:
    case SEND_REPLY:
        return true;
    default:
        break;
    }
    for (int p = 0; p < 2; p++)
        if (can_send_ack(p) || can_send_sync_end(p) || can_send_reply(p))
            return false;
    return true;
}
