/* ha/model/steps.h - what the events do. */

static void tick_peer(int p)
{
    struct volatile_part *v = &VOL(p);

    for (int a = 0; a < ADDRESSES; a++) {
        MEM(p).record[a].left = less_one(MEM(p).record[a].left);
        DISK(p).record[a].left = less_one(DISK(p).record[a].left);
        v->at[a].acked_left = less_one(v->at[a].acked_left);
    }
    for (int i = 0; i < queued(p); i++)
        WORLD.queue[p][i].record.left = less_one(WORLD.queue[p][i].record.left);
    MEM(p).wait = less_one(MEM(p).wait);
    DISK(p).wait = less_one(DISK(p).wait);
    v->reply_left = less_one(v->reply_left);
    if (v->reply_on && v->reply_left == 0 && v->reply_kind != REPLY_ASKED)
        drop_reply(p);
}

static void tick(void)
{
    for (int p = 0; p < 2; p++)
        tick_peer(p);
    for (int a = 0; a < ADDRESSES; a++)
        for (int c = 1; c <= CLIENTS; c++)
            set_held(a, c, less_one(held(a, c)));
}

/* SHORT_LINK: what is under way is lost with the link. */
static void link_down(void)
{
    WORLD.link = 0;
    for (int p = 0; p < 2 && SHORT_LINK; p++) {
        empty_queue(p);
        close_session(p);
    }
}

static void crash(int p)
{
    set_up(p, false);
    memset(&VOL(p), 0, sizeof(VOL(p)));
    MEM(p) = DISK(p);
    empty_queue(p);
    link_down();
}

/* The implied record of address `a` belongs to peer `a & 1`. */
static void lose_disk(int p)
{
    struct store s;

    memset(&s, 0, sizeof(s));
    for (int a = 0; a < ADDRESSES; a++)
        s.record[a].owner = a & 1;
    s.store_new = 1;
    s.state = RECOVER;
    s.wait = MCLT;
    MEM(p) = DISK(p) = s;
    if (p)
        WORLD.store1++;
    else
        WORLD.store0++;
    WORLD.losses++;
}

static void start(int p)
{
    const int durable = MEM(p).state;

    set_up(p, true);
    VOL(p).state = durable == SHUTDOWN || durable == RECOVER ? durable : STARTUP;
    if (MEM(p).store_new)
        MEM(p).wait = DISK(p).wait = MCLT;
}

static void serve_alone(int p)
{
    const int durable = MEM(p).state;

    empty_queue(p);
    close_session(p);
    enter(p, durable == PARTNER_DOWN  ? PARTNER_DOWN
             : in_conflict(durable) ? RESOLUTION_INTERRUPTED
                                    : INTERRUPTED);
}

static void send_hello(int p)
{
    *put(OTHER(p), HELLO) = greeting(p);
    if (VOL(p).state == SHUTDOWN)
        VOL(p).handover_sent = 1;
}

static void link_up(void)
{
    WORLD.link = 1;
    for (int p = 0; p < 2; p++) {
        empty_queue(p);
        close_session(p);
        VOL(p).session = SESSION_GREETING;
    }
    send_hello(0);
    send_hello(1);
    if (SHORT_LINK) {
        receive(0, true);
        receive(1, true);
    }
}

static void detect(int p)
{
    empty_queue(p);
    close_session(p);
    enter(p, VOL(p).state == CONFLICT ? RESOLUTION_INTERRUPTED : INTERRUPTED);
}

static void hold_reply(int p, int a, int client, enum reply_kind kind, int left)
{
    struct volatile_part *v = &VOL(p);

    v->reply_on = 1;
    v->reply_address = a;
    v->reply_client = client;
    v->reply_kind = kind;
    v->reply_left = left;
    v->reply_acked = 0;
}

static void request(const struct event *e)
{
    const int p = e->p, a = e->a, state = VOL(p).state;
    struct record r = MEM(p).record[a];
    const bool same = r.client == e->c;
    int left;

    if (!same || r.state != ACTIVE)
        VOL(p).at[a].acked_left = 0;
    left = state == NORMAL ? LEASE : promise_limit(p, a);
    r.left = same && state != NORMAL && r.left > left ? r.left : left;
    r.state = ACTIVE;
    r.client = e->c;
    r.attribute = ATTRIBUTES && p;
    r.term = MEM(p).term;
    write_own(p, a, r, 0, e->above_all);
    hold_reply(p, a, e->c, state == NORMAL ? REPLY_ON_ACK : REPLY_ALONE, left);
    VOL(p).reply_version = MEM(p).record[a].version;
}

/* A DHCPACK leaves, if the record is still what it rests on. */
static void answer(int p, bool full)
{
    const struct volatile_part *v = &VOL(p);
    const int a = v->reply_address, client = v->reply_client, limit = promise_limit(p, a);
    const int left = full || v->reply_left < limit ? v->reply_left : limit;
    const struct record *r = &MEM(p).record[a];

    if (r->state == ACTIVE && r->client == client && r->left >= left)
        promise(p, a, client, left);
    drop_reply(p);
}

/* The client holds nothing any more, and ignores replies to what it asked before. */
static void client_lets_go(int a, int client)
{
    set_held(a, client, 0);
    for (int p = 0; p < 2; p++)
        if (VOL(p).reply_on && VOL(p).reply_address == a && VOL(p).reply_client == client)
            drop_reply(p);
}

static void release(const struct event *e)
{
    struct record r = MEM(e->p).record[e->a];

    client_lets_go(e->a, e->c);
    r.state = RELEASED;
    r.term = MEM(e->p).term;
    write_own(e->p, e->a, r, 0, e->above_all);
}

static void free_it(const struct event *e)
{
    const int p = e->p, a = e->a;
    struct record r = MEM(p).record[a];

    r.state = FREE;
    r.term = MEM(p).term;
    write_own(p, a, r, 0, e->above_all);
    /* a rewind is, to the partner, no change at all */
    MEM(p).known[a].unsent = VOL(p).state == INTERRUPTED;
    DISK(p).known[a].unsent = MEM(p).known[a].unsent;
}

static void give(const struct event *e)
{
    struct record r = MEM(e->p).record[e->a];

    r.owner = OTHER(e->p);
    r.term = MEM(e->p).term;
    write_own(e->p, e->a, r, 0, e->above_all);
}

static void ask_bind(const struct event *e)
{
    struct message *m;

    m = put(OTHER(e->p), CLAIM_BIND);
    m->address = e->a;
    m->client = e->c;
    m->awaited = 1;
    hold_reply(e->p, e->a, e->c, REPLY_ASKED, LEASE);
    VOL(e->p).reply_version = 0;
}

static void ask_release(const struct event *e)
{
    struct message *m;

    client_lets_go(e->a, e->c);
    m = put(OTHER(e->p), CLAIM_RELEASE);
    m->address = e->a;
    m->client = e->c;
    m->record = MEM(e->p).record[e->a];
    m->record.mine = 0;
}

static void send_update(int p, int a)
{
    struct message *m = put(OTHER(p), UPDATE);

    m->address = a;
    m->record = DISK(p).record[a];
    m->record.mine = 0;
    VOL(p).at[a].sent = 1;
    MEM(p).known[a].unsent = 0;
    if (FIX_MARK)
        DISK(p).known[a].unsent = 0;
}

static void send_ack(int p)
{
    struct message *m = put(OTHER(p), ACK);

    for (int a = 0; a < ADDRESSES; a++) {
        m->at[a].version = MEM(p).known[a].applied;
        VOL(p).at[a].ack_due = 0;
    }
}

static void send_state(int p)
{
    if (VOL(p).state == RECOVER) {
        put(OTHER(p), TELL_READY);
        VOL(p).ready_sent = 1;
        try_ready(p);
    } else {
        put(OTHER(p), TELL_NORMAL);
        VOL(p).tell_normal = 0;
    }
}

static void send_reply(int p)
{
    struct message *m = put(OTHER(p), CLAIM_REPLY);

    m->address = VOL(p).claim_address;
    m->granted = VOL(p).claim_granted;
    m->awaited = VOL(p).claim_awaited;
    drop_claim(p);

}

static void declare_down(int p)
{
    const int q = OTHER(p);

    MEM(q).declared = DISK(q).declared = 1;
    empty_queue(p);
    close_session(p);
    MEM(p).wait = MCLT;
    MEM(p).term++;
    enter(p, PARTNER_DOWN);
}

static void happen(const struct event *e)
{
    const int p = e->p;

    switch (e->kind) {
    case TICK:
        tick();
        break;
    case CRASH:
        crash(p);
        break;
    case LOSE_DISK:
        lose_disk(p);
        break;
    case START:
        start(p);
        break;
    case SERVE_ALONE:
        serve_alone(p);
        break;
    case LINK_UP:
        link_up();
        break;
    case CUT:
        link_down();
        break;
    case DETECT:
        detect(p);
        break;
    case FLUSH:
        make_durable(p);
        break;
    case REQUEST:
        request(e);
        break;
    case ACK_FULL:
    case ACK_SHORT:
        answer(p, e->kind == ACK_FULL);
        break;
    case RELEASE:
        release(e);
        break;
    case FREE_IT:
        free_it(e);
        break;
    case GIVE:
        give(e);
        break;
    case ASK_BIND:
        ask_bind(e);
        break;
    case ASK_RELEASE:
        ask_release(e);
        break;
    case SEND_UPDATE:
        send_update(p, e->a);
        break;
    case SEND_ACK:
        send_ack(p);
        break;
    case SEND_SYNC_END:
        put(OTHER(p), SYNC_END);
        VOL(p).sync_sent = 1;
        break;
    case SEND_STATE:
        send_state(p);
        break;
    case SEND_REPLY:
        send_reply(p);
        break;
    case RECEIVE:
        receive(p, e->above_all);
        break;
    case DECLARE_DOWN:
        declare_down(p);
        break;
    case HAND_OVER:
        enter(p, SHUTDOWN);
        drop_reply(p);
        drop_claim(p);
        break;
    case SEND_HANDOVER:
        put(OTHER(p), HANDOVER);
        VOL(p).handover_sent = 1;
        break;
    }
}
