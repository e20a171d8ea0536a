/* ha/model/session.h - the handshake, the states, and what arrives (README of ha/, 3 and 6). */

/* Entering a state is durable before the peer acts on it. */
static void enter(int p, int state)
{
    VOL(p).state = state;
    if (state != STARTUP)
        MEM(p).state = state;
    make_durable(p);
}

static void enter_normal(int p)
{
    MEM(p).store_new = 0;
    MEM(p).wait = 0;
    MEM(p).declared = 0;
    enter(p, NORMAL);
}

/* An answer to what `p` has claimed so far means nothing to it any more. */
static void forget_claim(int p)
{
    const int q = OTHER(p);

    VOL(q).claim_awaited = 0;
    for (int i = 0; i < QUEUE; i++) {
        if (WORLD.queue[q][i].kind == CLAIM_BIND)
            WORLD.queue[q][i].awaited = 0;
        if (WORLD.queue[p][i].kind == CLAIM_REPLY)
            WORLD.queue[p][i].awaited = 0;
    }
}

static void drop_reply(int p)
{
    struct volatile_part *v = &VOL(p);

    if (v->reply_kind == REPLY_ASKED)
        forget_claim(p);
    v->reply_on = v->reply_address = v->reply_client = 0;
    v->reply_version = v->reply_left = v->reply_kind = v->reply_acked = 0;
}

static void drop_claim(int p)
{
    struct volatile_part *v = &VOL(p);

    v->claim_on = v->claim_address = v->claim_client = v->claim_granted = v->claim_awaited = 0;
}

/* Nothing of this session counts any more. */
static void close_session(int p)
{
    struct volatile_part *v = &VOL(p);

    for (int a = 0; a < ADDRESSES; a++)
        v->at[a].ack_held = v->at[a].sent = v->at[a].ack_due = 0;
    v->session = SESSION_NONE;
    v->caught_up = v->sync_sent = v->ready_sent = v->ready_heard = v->tell_normal = 0;
    v->partner_behind = v->partner_lost = 0;
    drop_claim(p);
    if (v->reply_on && v->reply_kind >= REPLY_ASKED)
        drop_reply(p);
}

/* The record at `a` counts as acked, in memory and, if it is there already, on disk. */
static void count_ack(int p, int a)
{
    MEM(p).known[a].acked = 1;
    DISK(p).known[a].acked = DISK(p).record[a].version == MEM(p).record[a].version;
}

static void know_acked_left(int p, int a)
{
    const struct record *r = &MEM(p).record[a];

    if (r->state == ACTIVE && r->left > VOL(p).at[a].acked_left)
        VOL(p).at[a].acked_left = r->left;
}

/* ---- Hello ---- */

/* The partner's store is another than before: it knows nothing of what it had acked. */
static void partner_store_lost(int p, int a)
{
    const bool acked = is_acked(p, a);
    struct record r = MEM(p).record[a];
    const bool revive = FIX_LREL && !acked && r.state != ACTIVE && r.left > 0 && r.client &&
                        !(FIX_GIFT == 2 && MEM(p).known[a].given);

    MEM(p).known[a].applied = DISK(p).known[a].applied = 0;
    VOL(p).at[a].acked_left = 0;
    if (revive) {
        r.state = ACTIVE;
        write_own(p, a, r, 0, true);
        MEM(p).known[a].unsent = 0;
    } else if (r.version) {
        MEM(p).record[a].mine = 1;
        MEM(p).known[a].acked = acked;
    }
    DISK(p).record[a] = MEM(p).record[a];
    DISK(p).known[a] = MEM(p).known[a];
}

/* What the peer says in Hello. */
static struct message greeting(int p)
{
    const bool starting = VOL(p).state == STARTUP;
    struct message m;

    memset(&m, 0, sizeof(m));
    m.kind = HELLO;
    m.starting = starting;
    m.state = starting ? MEM(p).state : VOL(p).state;
    m.store_new = MEM(p).store_new;
    m.term = MEM(p).term;
    m.store = store_id(p);
    m.partner_store = DISK(p).partner_store;
    for (int a = 0; a < ADDRESSES; a++)
        m.at[a].version = DISK(p).known[a].applied;
    return m;
}

/* The state that follows from two Hellos for the one who sent `own`; -1: it stays. */
static int decide(const struct message *own, const struct message *other)
{
    const int state = own->state, others = other->state;
    const bool other_serves = !other->starting && (others == INTERRUPTED || others == NORMAL);
    const bool was_down = own->starting && state == PARTNER_DOWN;

    if (own->starting || state == SHUTDOWN) {
        if (own->store_new)
            return RECOVER;
        if (others == PARTNER_DOWN)
            return was_down ? CONFLICT : RECOVER;
        if (FIX_LOST && other->store_new && !was_down)
            return RECOVER;
        if (was_down)
            return other_serves || in_conflict(others) ? CONFLICT : PARTNER_DOWN;
        if (in_conflict(others) || in_conflict(state))
            return CONFLICT;
        return other->term > own->term ? RECOVER : -1;
    }
    switch (state) {
    case PARTNER_DOWN:
        return others == PARTNER_DOWN || other_serves || in_conflict(others) ? CONFLICT : -1;
    case INTERRUPTED:
    case NORMAL:
        if (others == PARTNER_DOWN || in_conflict(others))
            return CONFLICT;
        return others == RECOVER ? INTERRUPTED : -1;
    case RESOLUTION_INTERRUPTED:
        return CONFLICT;
    default:
        return -1;
    }
}

/* Behind a PARTNER-DOWN partner no wait is due; where nobody knows what a partner that lost its
 * store had done, one is. */
static void set_wait(int p, const struct message *other)
{
    const int own = VOL(p).state;

    if ((own != STARTUP && own != SHUTDOWN) || MEM(p).store_new)
        return;
    if (other->state == PARTNER_DOWN)
        MEM(p).wait = 0;
    else if (FIX_LOST && other->store_new)
        MEM(p).wait = MCLT;
}

/* What the partner had applied counts as sent, and as acked once it may. */
static void hear_applied(int p, int a, const struct message *m)
{
    const bool knows_us = m->partner_store == store_id(p);
    const struct record *mem = &MEM(p).record[a], *disk = &DISK(p).record[a];

    if (mem->mine && knows_us && m->at[a].version == mem->version)
        VOL(p).at[a].ack_held = 1;
    VOL(p).at[a].sent = disk->mine && knows_us && m->at[a].version == disk->version;
}

static void hear_hello(int p, const struct message *m)
{
    const struct message own = greeting(p);
    const int next = decide(&own, m);
    struct volatile_part *v = &VOL(p);

    v->session = SESSION_OPEN;
    v->partner_lost = m->store_new;
    v->partner_behind = m->store_new || m->state == RECOVER || decide(m, &own) == RECOVER;
    if (m->term > MEM(p).term)
        MEM(p).term = DISK(p).term = m->term;
    for (int a = 0; a < ADDRESSES; a++) {
        if (MEM(p).partner_store != m->store)
            partner_store_lost(p, a);
        hear_applied(p, a, m);
    }
    MEM(p).partner_store = DISK(p).partner_store = m->store;
    if (next == RECOVER)
        set_wait(p, m);
    if (next >= 0)
        enter(p, next);
}

/* ---- the end of the synchronisation ---- */

/* Both are caught up as soon as each has told the other that it is ready. */
static void try_ready(int p)
{
    struct volatile_part *v = &VOL(p);

    if (!v->caught_up || !v->ready_heard)
        return;
    v->partner_behind = v->partner_lost = 0;
    for (int a = 0; a < ADDRESSES; a++)
        if (v->at[a].ack_held && MEM(p).record[a].mine) {
            count_ack(p, a);
            v->at[a].ack_held = 0;
        }
    if (v->state == PARTNER_DOWN || v->state == INTERRUPTED || v->state == NORMAL) {
        enter_normal(p);
        v->tell_normal = 1;
        v->ready_heard = 0;
    } else if (v->state == RECOVER && v->ready_sent) {
        enter_normal(p);
        v->ready_heard = 0;
    }
}

static void hear_sync_end(int p)
{
    const bool lost = VOL(p).partner_lost, behind = VOL(p).partner_behind;
    const int state = VOL(p).state;

    VOL(p).caught_up = 1;
    for (int a = 0; a < ADDRESSES; a++) {
        const bool mine = MEM(p).record[a].mine, ack_held = VOL(p).at[a].ack_held;

        if (ack_held && mine && !(FIX_LACK && lost))
            count_ack(p, a);
        if (mine ? MEM(p).known[a].acked && ack_held : !lost)
            know_acked_left(p, a);
    }
    if (state == CONFLICT)
        enter_normal(p);
    else if ((state == STARTUP || state == SHUTDOWN) && behind)
        enter(p, INTERRUPTED);
    else if (state == STARTUP || state == SHUTDOWN || (state == INTERRUPTED && !behind))
        enter_normal(p);
    try_ready(p);
}

/* ---- the streams and claims ---- */

static void hear_update(int p, const struct message *m, bool above_all)
{
    merge(p, m->address, m->record, above_all);
    MEM(p).known[m->address].applied = m->record.version;
    written(p);
    VOL(p).at[m->address].ack_due = 1;
}

static void hear_ack(int p, const struct message *m)
{
    struct volatile_part *v = &VOL(p);
    const bool waits = (FIX_CUM && !v->caught_up) || (FIX_LACK && v->partner_lost);

    for (int a = 0; a < ADDRESSES; a++) {
        const int version = m->at[a].version;

        if (!version || !MEM(p).record[a].mine || MEM(p).record[a].version != version)
            continue;
        if (waits) {
            v->at[a].ack_held = 1;
        } else {
            MEM(p).known[a].acked = 1;
            know_acked_left(p, a);
        }
        written(p);
        if (v->reply_on && v->reply_address == a && v->reply_kind == REPLY_ON_ACK &&
            MEM(p).known[a].acked && version >= v->reply_version)
            v->reply_acked = 1;
    }
}

/* The partner's claim: the owner decides by the table and answers in its stream's turn. */
static void hear_claim(int p, const struct message *m)
{
    const int a = m->address, client = m->client, state = VOL(p).state;
    struct record r = MEM(p).record[a];

    VOL(p).claim_on = 1;
    VOL(p).claim_address = a;
    VOL(p).claim_client = client;
    VOL(p).claim_granted = 0;
    VOL(p).claim_awaited = m->awaited;
    if ((state != NORMAL && state != INTERRUPTED) || r.owner != p || !may_bind(p, a, client))
        return;
    if (r.client != client)
        VOL(p).at[a].acked_left = 0;
    r.state = ACTIVE;
    r.client = client;
    r.left = LEASE;
    r.attribute = ATTRIBUTES && !p; /* told to the asker */
    r.term = MEM(p).term;
    write_own(p, a, r, 0, true);
    VOL(p).claim_granted = 1;
}

static void hear_claimed_release(int p, const struct message *m)
{
    const int a = m->address, state = VOL(p).state;
    struct record r = MEM(p).record[a];

    if ((state != NORMAL && state != INTERRUPTED) || r.state != ACTIVE || r.client != m->client ||
        (FIX_CLV && r.version != m->record.version))
        return;
    r.state = RELEASED;
    r.term = MEM(p).term;
    write_own(p, a, r, 0, true);
}

static void hear_claim_reply(int p, const struct message *m)
{
    struct volatile_part *v = &VOL(p);
    const struct record *r = &MEM(p).record[m->address];

    if (!v->reply_on || v->reply_kind != REPLY_ASKED || !m->awaited)
        return;
    if (m->granted && r->state == ACTIVE && r->client == v->reply_client && r->left > 0) {
        const int limit = promise_limit(p, m->address);

        v->reply_kind = REPLY_GRANTED;
        v->reply_left = r->left < limit ? r->left : limit;
    } else {
        drop_reply(p);
    }
}

static void hear_handover(int p)
{
    const int q = OTHER(p);

    if (VOL(p).state != NORMAL || MEM(p).term >= 3)
        return;
    MEM(q).declared = DISK(q).declared = 1;
    MEM(p).wait = 0;
    MEM(p).term++;
    enter(p, PARTNER_DOWN);
}

static void receive(int p, bool above_all)
{
    struct message *queue = WORLD.queue[p];
    const struct message m = queue[0];
    const int last = queued(p) - 1;

    for (int i = 0; i < last; i++)
        queue[i] = queue[i + 1];
    memset(&queue[last], 0, sizeof(queue[last]));
    set_queued(p, last);
    if (m.kind != HELLO && VOL(p).session == SESSION_NONE)
        return;
    switch (m.kind) {
    case HELLO:
        hear_hello(p, &m);
        break;
    case UPDATE:
        hear_update(p, &m, above_all);
        break;
    case ACK:
        hear_ack(p, &m);
        break;
    case SYNC_END:
        hear_sync_end(p);
        break;
    case TELL_READY:
        VOL(p).ready_heard = 1;
        try_ready(p);
        break;
    case TELL_NORMAL:
        if (VOL(p).state == RECOVER)
            enter_normal(p);
        break;
    case CLAIM_BIND:
        hear_claim(p, &m);
        break;
    case CLAIM_RELEASE:
        hear_claimed_release(p, &m);
        break;
    case CLAIM_REPLY:
        hear_claim_reply(p, &m);
        break;
    case HANDOVER:
        hear_handover(p);
        break;
    }
}
