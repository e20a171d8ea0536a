/* ha/model/rules.h - who may do what with an address (README of ha/, section 5). */

/* The partner holds this record: acked, its own, never written, or undone unsent. */
static bool is_acked(int p, int a)
{
    const struct record *r = &MEM(p).record[a];
    const struct knowledge *k = &MEM(p).known[a];

    return r->version == 0 || !r->mine || k->acked || k->unsent;
}

/* An own write: a version above all seen, next in the own stream, not acked, not sent. */
static void write_own(int p, int a, struct record r, int seen, bool above_all)
{
    struct store *m = &MEM(p);
    const bool was_free = m->record[a].state == FREE, was_acked = is_acked(p, a);
    const bool unsent = m->known[a].unsent || (was_free && was_acked);
    const bool given = was_free && r.state == FREE && (was_acked || m->known[a].given);

    if (m->record[a].version > seen)
        seen = m->record[a].version;
    r.mine = 1;
    r.version = 0;
    r.version = new_version(seen, above_all);
    m->record[a] = r;
    m->known[a].acked = 0;
    m->known[a].unsent = unsent;
    m->known[a].given = given;
    VOL(p).at[a].ack_held = 0;
    VOL(p).at[a].sent = 0;
    if (r.state != ACTIVE)
        VOL(p).at[a].acked_left = 0;
    written(p);
}

static bool in_conflict(int state)
{
    return state == CONFLICT || state == RESOLUTION_INTERRUPTED;
}

static bool serves_in(int state)
{
    return state == NORMAL || state == INTERRUPTED || state == PARTNER_DOWN || in_conflict(state);
}

static bool serves(int p)
{
    return is_up(p) && serves_in(VOL(p).state);
}

/* max(acked(a) - now, MCLT) */
static int promise_limit(int p, int a)
{
    const int acked = VOL(p).at[a].acked_left;

    return acked > MCLT && !in_conflict(VOL(p).state) ? acked : MCLT;
}

/* The table "Bind a to client X". */
static bool may_bind(int p, int a, int client)
{
    const struct record *r = &MEM(p).record[a];
    const int state = VOL(p).state;
    const bool down_past_wait = state == PARTNER_DOWN && MEM(p).wait == 0;
    const bool past_all_promises = down_past_wait && r->left == 0;

    if (!serves_in(state) || (state == NORMAL && r->owner != p))
        return false;
    if (r->state != FREE && r->client == client)
        return true;
    if (in_conflict(state))
        return false;
    if (r->state == FREE && r->owner == p)
        return is_acked(p, a) || r->client == client || past_all_promises;
    if (FIX_PDL && r->state == FREE && r->client == client && down_past_wait)
        return true;
    return past_all_promises;
}

/* Free: only the owner, or the survivor; alone only what can be undone as if it had not been. */
static bool may_free(int p, int a)
{
    const struct record *r = &MEM(p).record[a];
    const struct knowledge *k = &MEM(p).known[a];
    const int state = VOL(p).state, q = OTHER(p);

    if (!is_up(p) || r->state == FREE || (r->owner != p && state != PARTNER_DOWN))
        return false;
    if (state == INTERRUPTED) {
        /* without FIX_RW: "its seq is above the sent mark" */
        const bool seems_unsent = r->mine && !k->acked && !VOL(p).at[a].sent &&
                                  DISK(q).known[a].applied != r->version;

        return REWIND && r->left == 0 && (FIX_RW ? k->unsent : seems_unsent);
    }
    if (r->state == ACTIVE && r->left > 0)
        return false;
    return state == NORMAL || (state == PARTNER_DOWN && MEM(p).wait == 0);
}

/* Balance: give a free address away. */
static bool may_give_away(int p, int a)
{
    const struct record *r = &MEM(p).record[a];

    return BALANCE && is_up(p) && VOL(p).state == NORMAL && r->state == FREE && r->owner == p &&
           (is_acked(p, a) || !FIX_GIVE) && (FIX_GIFT != 1 || r->left == 0);
}

/* A client is told that it holds `a` for `left` ticks: the place where I1 and I6 are checked. */
static void promise(int p, int a, int client, int left)
{
    const struct store *partner = &DISK(OTHER(p));
    const int known = partner->record[a].client == client ? partner->record[a].left : 0;

    if (left == 0)
        return;
    for (int other = 1; other <= CLIENTS; other++)
        if (CHECK_I1 && other != client && held(a, other) > 0)
            fail("I1: two clients hold one address");
    if (CHECK_I6 && left > MCLT && VOL(p).state != PARTNER_DOWN && !partner->store_new &&
        left > known)
        fail("I6: a promise beyond MCLT and beyond what the partner knows");
    if (left > held(a, client))
        set_held(a, client, left);
}
