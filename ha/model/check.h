/* ha/model/check.h - what must hold in every state.  I1 and I6 are checked where a DHCPACK
 * leaves, in promise(). */

/* I2: a peer that would refuse a client must not face one that holds the address. */
static void check_holder(int p, int a, int client)
{
    const struct record *r = &MEM(p).record[a];
    const int state = VOL(p).state;
    const bool decides = (state == NORMAL && r->owner == p) ||
                         (state == PARTNER_DOWN && MEM(p).wait == 0);

    if (r->state == ACTIVE && r->left > 0 && r->client != client)
        fail("I2: a client that holds the address is refused, for it is another's");
    if (decides && !may_bind(p, a, client))
        fail("I2: a client that holds the address is refused, for it may not have it");
}

static void check_holders(void)
{
    for (int p = 0; p < 2; p++) {
        const int state = VOL(p).state;

        if (!is_up(p) || (state != NORMAL && state != INTERRUPTED && state != PARTNER_DOWN))
            continue;
        for (int a = 0; a < ADDRESSES; a++)
            for (int c = 1; c <= CLIENTS; c++)
                if (held(a, c) > 0)
                    check_holder(p, a, c);
    }
}

static bool is_at_rest(int p)
{
    if (VOL(p).state != NORMAL || !VOL(p).caught_up || queued(p) > 0 || !all_durable(p) ||
        has_unsent(p))
        return false;
    for (int a = 0; a < ADDRESSES; a++)
        if (VOL(p).at[a].ack_due)
            return false;
    return true;
}

/* I3: when nothing is under way both hold the same. */
static void check_tables(void)
{
    if (!WORLD.link || !is_at_rest(0) || !is_at_rest(1))
        return;
    for (int a = 0; a < ADDRESSES; a++) {
        const struct record *x = &MEM(0).record[a], *y = &MEM(1).record[a];

        if (!same_contents(x, y) || x->version != y->version)
            fail("I3: the tables differ although nothing is under way");
    }
}
