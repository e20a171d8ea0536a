/* ha/model/canon.h - one state for all that behave alike: what can no longer matter is
 * forgotten, numbers are renumbered, and of two states that differ only in the names of the
 * clients one is explored. */

/* Is there a write of `p` that still has this version? */
static bool is_present(int p, int a, int version)
{
    return (MEM(p).record[a].mine && MEM(p).record[a].version == version) ||
           (DISK(p).record[a].mine && DISK(p).record[a].version == version);
}

static void forget_applied(int p, int a)
{
    struct knowledge *mem = &MEM(p).known[a], *disk = &DISK(p).known[a];

    if (VOL(p).at[a].ack_due)
        return;
    if (!is_present(OTHER(p), a, mem->applied))
        mem->applied = 0;
    if (mem->applied != disk->applied && !is_present(OTHER(p), a, disk->applied))
        disk->applied = 0;
    if (!LATE_DISK)
        disk->applied = mem->applied;
}

static void forget_acks_of_old(int p, int a)
{
    for (int i = 0; i < queued(p); i++) {
        struct message *m = &WORLD.queue[p][i];

        if ((m->kind == ACK || m->kind == HELLO) && !is_present(p, a, m->at[a].version))
            m->at[a].version = 0;
    }
}

static void forget_of_address(int p, int a)
{
    struct volatile_address *v = &VOL(p).at[a];

    forget_applied(p, a);
    if (MEM(p).record[a].state != ACTIVE)
        v->acked_left = 0;
    if (!MEM(p).record[a].mine)
        MEM(p).known[a].acked = v->ack_held = 0;
    if (!DISK(p).record[a].mine)
        DISK(p).known[a].acked = 0;
    if (MEM(p).known[a].acked)
        v->ack_held = 0;
    if (FIX_GIFT != 2 || MEM(p).known[a].acked)
        MEM(p).known[a].given = 0;
    if (FIX_GIFT != 2 || DISK(p).known[a].acked)
        DISK(p).known[a].given = 0;
    forget_acks_of_old(p, a);
    if (VOL(p).caught_up && !(FIX_LACK && VOL(p).partner_lost))
        v->ack_held = 0;
}

/* The session of a link that is down: only what is still under way to this peer can use it. */
static void forget_session(int p)
{
    struct volatile_part *v = &VOL(p);

    v->sync_sent = v->ready_sent = v->tell_normal = 0;
    drop_claim(p);
    for (int a = 0; a < ADDRESSES; a++) {
        v->at[a].sent = v->at[a].ack_due = 0;
        if (queued(p) == 0)
            v->at[a].ack_held = 0;
    }
    if (queued(p) > 0)
        return;
    v->session = SESSION_NONE;
    v->caught_up = 0;
    v->partner_behind = v->partner_lost = 0;
    if (v->reply_on && v->reply_kind == REPLY_ASKED)
        drop_reply(p);
}

static void forget(void)
{
    for (int p = 0; p < 2; p++) {
        for (int a = 0; a < ADDRESSES; a++)
            forget_of_address(p, a);
        if (VOL(p).reply_kind != REPLY_ON_ACK)
            VOL(p).reply_version = 0;
        if (!WORLD.link)
            forget_session(p);
    }
}

/* ---- terms: only their order matters, and of a record only while it may yet be joined ---- */

static bool may_be_joined(int a)
{
    for (int p = 0; p < 2; p++) {
        if ((MEM(p).record[a].mine && !MEM(p).known[a].acked) ||
            (DISK(p).record[a].mine && !DISK(p).known[a].acked))
            return true;
        for (int i = 0; i < queued(p); i++)
            if (WORLD.queue[p][i].kind == UPDATE && WORLD.queue[p][i].address == a)
                return true;
    }
    return false;
}

static int lower(int x, int y)
{
    return x < y ? x : y;
}

static int lowest_term(const bool *joined)
{
    int lowest = 3;

    for (int p = 0; p < 2; p++) {
        lowest = lower(lowest, lower(MEM(p).term, DISK(p).term));
        for (int a = 0; a < ADDRESSES; a++)
            if (joined[a])
                lowest = lower(lowest, lower(MEM(p).record[a].term, DISK(p).record[a].term));
        for (int i = 0; i < queued(p); i++) {
            if (WORLD.queue[p][i].kind == HELLO)
                lowest = lower(lowest, WORLD.queue[p][i].term);
            if (WORLD.queue[p][i].kind == UPDATE)
                lowest = lower(lowest, WORLD.queue[p][i].record.term);
        }
    }
    return lowest;
}

static void renumber_terms(void)
{
    bool joined[ADDRESSES];
    int lowest;

    for (int a = 0; a < ADDRESSES; a++)
        joined[a] = may_be_joined(a);
    lowest = lowest_term(joined);
    for (int p = 0; p < 2; p++) {
        MEM(p).term -= lowest;
        DISK(p).term -= lowest;
        for (int a = 0; a < ADDRESSES; a++) {
            struct record *mem = &MEM(p).record[a], *disk = &DISK(p).record[a];

            mem->term = joined[a] ? mem->term - lowest : 0;
            disk->term = joined[a] ? disk->term - lowest : 0;
        }
        for (int i = 0; i < queued(p); i++) {
            struct message *m = &WORLD.queue[p][i];

            m->term = m->kind == HELLO ? m->term - lowest : 0;
            m->record.term = m->kind == UPDATE ? m->record.term - lowest : 0;
        }
    }
}

/* ---- clients are interchangeable ---- */

static int swapped(int client)
{
    return client == 1 ? 2 : client == 2 ? 1 : client;
}

static void swap_clients(void)
{
    for (int p = 0; p < 2; p++) {
        for (int a = 0; a < ADDRESSES; a++) {
            MEM(p).record[a].client = swapped(MEM(p).record[a].client);
            DISK(p).record[a].client = swapped(DISK(p).record[a].client);
        }
        VOL(p).reply_client = swapped(VOL(p).reply_client);
        VOL(p).claim_client = swapped(VOL(p).claim_client);
        for (int i = 0; i < queued(p); i++) {
            struct message *m = &WORLD.queue[p][i];

            m->record.client = swapped(m->record.client);
            m->client = swapped(m->client);
        }
    }
    for (int a = 0; a < ADDRESSES; a++) {
        const int first = WORLD.held[a].client1;

        WORLD.held[a].client1 = WORLD.held[a].client2;
        WORLD.held[a].client2 = first;
    }
}

static void make_canonical(void)
{
    forget();
    renumber_versions();
    renumber_terms();
    if (CLIENTS == 2 && SYMMETRY) {
        const struct world before = WORLD;

        swap_clients();
        if (memcmp(&before, &WORLD, sizeof(before)) < 0)
            WORLD = before;
    }
}
