/* ha/model/start.h - where a run starts: two peers in NORMAL that know of nothing, or, to look
 * deeper, a state that is known to be reachable. */

static void both_normal(void)
{
    memset(&WORLD, 0, sizeof(WORLD));
    for (int p = 0; p < 2; p++) {
        for (int a = 0; a < ADDRESSES; a++)
            MEM(p).record[a].owner = a & 1;
        MEM(p).state = NORMAL;
        DISK(p) = MEM(p);
        VOL(p).state = NORMAL;
        VOL(p).session = SESSION_OPEN;
        VOL(p).caught_up = 1;
        VOL(p).sync_sent = 1;
    }
    WORLD.up0 = WORLD.up1 = 1;
    WORLD.link = 1;
}

/* The link is cut and noticed by nobody yet. */
static void without_link(void)
{
    WORLD.link = 0;
    for (int p = 0; p < 2; p++)
        close_session(p);
}

/* c1 was served by P1 during the resync; P1 applied P0's freeing, its counter-write is not
 * sent, and the link is cut again. */
static void freeing_meets_renewal(void)
{
    MEM(0).record[0] = (struct record){.state = FREE, .client = 1, .version = 2, .mine = 1};
    MEM(1).record[0] =
        (struct record){.state = ACTIVE, .client = 1, .left = 1, .version = 3, .mine = 1};
    MEM(1).known[0].applied = 2;
    for (int a = 1; a < ADDRESSES; a++)
        MEM(0).record[a].owner = MEM(1).record[a].owner = 0;
    MEM(1).state = VOL(1).state = INTERRUPTED;
    set_held(0, 1, 1);
    without_link();
}

/* P0 wrote for c1 and died before it was sent; what it promised is over.  P1, PARTNER-DOWN past
 * its wait, gave the address to c2, who has released it. */
static void survivor_gave_it_away(void)
{
    MEM(0).record[0] =
        (struct record){.state = ACTIVE, .client = 1, .left = LEASE, .version = 1, .mine = 1};
    MEM(0).known[0].unsent = 1;
    MEM(0).declared = 1;
    MEM(1).record[0] =
        (struct record){.state = FREE, .client = 2, .version = 2, .mine = 1, .term = 1};
    MEM(1).state = PARTNER_DOWN;
    MEM(1).term = 1;
    WORLD.up0 = 0;
    without_link();
    memset(&VOL(0), 0, sizeof(VOL(0)));
    VOL(1).state = PARTNER_DOWN;
}

/* c1 released at P0 and came back at P1, who promised acked(a), while the link was cut; P1 has
 * just died. */
static void released_and_came_back(void)
{
    MEM(0).record[0] =
        (struct record){.state = RELEASED, .client = 1, .left = 3, .version = 2, .mine = 1};
    MEM(1).record[0] =
        (struct record){.state = ACTIVE, .client = 1, .left = 3, .version = 3, .mine = 1};
    MEM(0).state = MEM(1).state = INTERRUPTED;
    WORLD.up1 = 0;
    set_held(0, 1, 3);
    without_link();
    VOL(0).state = INTERRUPTED;
    memset(&VOL(1), 0, sizeof(VOL(1)));
}

static void start_at(void)
{
    both_normal();
    switch (START_AT) {
    case 1:
        freeing_meets_renewal();
        break;
    case 2:
        survivor_gave_it_away();
        break;
    case 3:
        released_and_came_back();
        break;
    }
    DISK(0) = MEM(0);
    DISK(1) = MEM(1);
}
