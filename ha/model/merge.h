/* ha/model/merge.h - an incoming record meets the own one (README of ha/, section 4). */

static bool same_contents(const struct record *x, const struct record *y)
{
    return x->state == y->state && x->client == y->client && x->left == y->left &&
           x->owner == y->owner && x->attribute == y->attribute;
}

/* ACTIVE over RELEASED over FREE.  Without FIX_JOIN a record that has ended counts as FREE, by
 * the clock of the peer that joins, and P1's is a tick ahead. */
static int rank(int p, const struct record *r)
{
    if (!FIX_JOIN && r->left <= p)
        return 0;
    return r->state == ACTIVE ? 2 : r->state == RELEASED ? 1 : 0;
}

static const struct record *newer(const struct record *x, const struct record *y)
{
    return x->version > y->version ? x : y;
}

static const struct record *winner(int p, const struct record *own, const struct record *r)
{
    const bool own_active = rank(p, own) == 2, r_active = rank(p, r) == 2;

    if (FIX_TERM && own->term != r->term && own->client && r->client)
        return own->term > r->term ? own : r;
    if (own_active != r_active)
        return own_active ? own : r;
    if (own_active && own->term != r->term)
        return own->term > r->term ? own : r;
    if (own_active && own->left != r->left)
        return own->left > r->left ? own : r;
    if (!FIX_TIE && own->client != r->client)
        return own->client > r->client ? own : r;
    return newer(own, r);
}

static struct record join_other_client(int p, const struct record *own, const struct record *r)
{
    struct record out = *winner(p, own, r);

    if (rank(p, own) < 2 || rank(p, r) < 2 || own->term != r->term)
        return out;
    if (CHECK_CONFLICT && own->left && r->left)
        fail("a conflict although no fault is beyond what is promised");
    out.left = own->left > r->left ? own->left : r->left;
    return out;
}

static struct record join_same_client(int p, const struct record *own, const struct record *r)
{
    struct record out = *newer(own, r);

    if (rank(p, own) != rank(p, r))
        out.state = rank(p, own) > rank(p, r) ? own->state : r->state;
    out.left = own->left > r->left ? own->left : r->left;
    if (FIX_TERM && own->left != r->left)
        out.term = own->left > r->left ? own->term : r->term;
    else if (FIX_TERM)
        out.term = own->term < r->term ? own->term : r->term;
    return out;
}

static void take(int p, int a, struct record r)
{
    struct volatile_address *v = &VOL(p).at[a];

    if (r.client != MEM(p).record[a].client || r.state != ACTIVE)
        v->acked_left = 0;
    r.mine = 0;
    MEM(p).record[a] = r;
    MEM(p).known[a].acked = MEM(p).known[a].unsent = MEM(p).known[a].given = 0;
    v->ack_held = 0;
    written(p);
    if (r.state == ACTIVE && r.left > v->acked_left)
        v->acked_left = r.left;
}

static void counter_write(int p, int a, struct record out, int seen, bool above_all)
{
    if (ROUNDS && ++WORLD.rounds > ROUNDS)
        fail("counter-writes without end");
    if (out.client != MEM(p).record[a].client)
        VOL(p).at[a].acked_left = 0;
    if (!FIX_TERM)
        out.term = MEM(p).term;
    write_own(p, a, out, seen, above_all);
    MEM(p).known[a].unsent = MEM(p).known[a].given = 0;
    written(p);
}

static bool is_unseen(int p, int a)
{
    const struct record *own = &MEM(p).record[a];

    /* A peer in RECOVER takes what it is sent as it is. */
    if (FIX_SEQ && VOL(p).state == RECOVER && !VOL(p).partner_behind)
        return false;
    return own->version && own->mine && !MEM(p).known[a].acked;
}

static void merge(int p, int a, struct record r, bool above_all)
{
    const struct record own = MEM(p).record[a];
    const int seen = own.version > r.version ? own.version : r.version;
    struct record out;

    r.mine = 0;
    if (!is_unseen(p, a)) {
        if (r.version > own.version)
            take(p, a, r);
        return;
    }
    out = own.client == r.client ? join_same_client(p, &own, &r)
                                 : join_other_client(p, &own, &r);
    if (same_contents(&out, &r)) {
        if (r.version > own.version) {
            take(p, a, out);
            return;
        }
        if (same_contents(&out, &own))
            return;
        if (!FIX_REST) {
            take(p, a, out);
            return;
        }
    }
    /* The own record stands.  A new version would say no more, and two peers that cross could
     * answer each other with new versions for ever: it is sent before the ack, that is all. */
    if (FIX_STAND && own.version > r.version && same_contents(&out, &own) && own.term == out.term)
        return;
    counter_write(p, a, out, seen, above_all);
}
