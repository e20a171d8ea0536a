/* ha/model/access.h - short names for the parts of a state, and the verdict. */

#define WORLD   (now.w)
#define MEM(p)  (now.w.memory[p])
#define DISK(p) (now.w.disk[p])
#define VOL(p)  (now.w.vol[p])
#define OTHER(p) (1 - (p))

static bool failed;
static char why[200];

/* A property does not hold; the first one found is the one told. */
static void fail(const char *text)
{
    if (!failed) {
        failed = true;
        strncpy(why, text, sizeof(why) - 1);
    }
}

static bool is_up(int p)
{
    return p ? WORLD.up1 : WORLD.up0;
}

static void set_up(int p, bool up)
{
    if (p)
        WORLD.up1 = up;
    else
        WORLD.up0 = up;
}

static int store_id(int p)
{
    return p ? WORLD.store1 : WORLD.store0;
}

static int queued(int p)
{
    return p ? WORLD.queued1 : WORLD.queued0;
}

static void set_queued(int p, int count)
{
    if (p)
        WORLD.queued1 = count;
    else
        WORLD.queued0 = count;
}

/* How long `client` still holds `address`, as the client sees it. */
static int held(int address, int client)
{
    switch (client) {
    case 1:
        return WORLD.held[address].client1;
    case 2:
        return WORLD.held[address].client2;
    default:
        return WORLD.held[address].client3;
    }
}

static void set_held(int address, int client, int left)
{
    switch (client) {
    case 1:
        WORLD.held[address].client1 = left;
        break;
    case 2:
        WORLD.held[address].client2 = left;
        break;
    default:
        WORLD.held[address].client3 = left;
    }
}

static bool has_room(int p)
{
    return queued(p) < QUEUE;
}

static void empty_queue(int p)
{
    memset(WORLD.queue[p], 0, sizeof(WORLD.queue[p]));
    set_queued(p, 0);
}

/* Room for one more message to `p`; zeroed. */
static struct message *put(int p, enum message_kind kind)
{
    struct message *m = &WORLD.queue[p][queued(p)];

    memset(m, 0, sizeof(*m));
    m->kind = kind;
    set_queued(p, queued(p) + 1);
    return m;
}

/* Sent in this session, in the order of the stream? */
static bool is_unsent(int p, int a)
{
    return DISK(p).record[a].mine && !VOL(p).at[a].sent;
}

static bool has_unsent(int p)
{
    for (int a = 0; a < ADDRESSES; a++)
        if (is_unsent(p, a))
            return true;
    return false;
}

static bool all_durable(int p)
{
    return !LATE_DISK || memcmp(&MEM(p), &DISK(p), sizeof(struct store)) == 0;
}

static void make_durable(int p)
{
    for (int a = 0; a < ADDRESSES; a++) {
        const struct record *mem = &MEM(p).record[a], *disk = &DISK(p).record[a];

        if (disk->version != mem->version || disk->mine != mem->mine)
            VOL(p).at[a].sent = 0;
    }
    DISK(p) = MEM(p);
}

static void written(int p)
{
    if (!LATE_DISK)
        make_durable(p);
}
