/* ha/model/trace.h - a counterexample for people: run `pan -r` with TRACE=1. */

static const char *const state_names[] = {"STARTUP", "NORMAL",  "C-INTERRUPTED",
                                          "P-DOWN",  "RECOVER", "CONFLICT",
                                          "R-INTERRUPTED", "SHUTDOWN"};
static const char *const lease_names[] = {"FREE", "ACTIVE", "RELEASED"};
static const char *const message_names[] = {
    "-",      "Hello", "Update",       "Ack",        "SyncEnd", "Ready",
    "Normal", "Claim", "ClaimRelease", "ClaimReply", "Handover"};
static const char *const event_names[] = {
    "tick",        "crash",      "lose disk",   "start",         "serve alone",  "link up",
    "cut",         "detect",     "flush",       "request",       "DHCPACK full", "DHCPACK short",
    "release",     "free",       "give",        "claim",         "claim release", "send Update",
    "send Ack",    "send SyncEnd", "send State", "send ClaimReply", "receive",    "declare down",
    "hand over",   "send Handover"};
static const char *const reply_names[] = {"waits for the ack", "leaves alone",
                                          "waits for the claim", "is granted"};

static void print_record(const struct record *r)
{
    if (r->version == 0) {
        printf("never written (owner P%d)", r->owner);
        return;
    }
    printf("%s c%d left %d owner P%d v%d", lease_names[r->state], r->client, r->left, r->owner,
           r->version);
    if (r->term)
        printf(" term %d", r->term);
    if (r->attribute)
        printf(" attribute %d", r->attribute);
}

static void print_address(int p, int a)
{
    const struct record *r = &MEM(p).record[a];

    printf("       a%d: ", a);
    print_record(r);
    printf(r->mine ? MEM(p).known[a].acked ? ", own, acked" : ", own, not acked"
           : r->version ? ", the partner's"
                        : "");
    if (r->mine && VOL(p).at[a].sent)
        printf(", sent");
    if (MEM(p).known[a].unsent)
        printf(", rewind is safe");
    if (VOL(p).at[a].acked_left)
        printf(", partner knows %d left", VOL(p).at[a].acked_left);
    if (memcmp(r, &DISK(p).record[a], sizeof(*r)) != 0) {
        printf("; on disk: ");
        print_record(&DISK(p).record[a]);
    }
    printf("\n");
}

static void print_queue(int p)
{
    if (queued(p) == 0)
        return;
    printf("       under way to it:");
    for (int i = 0; i < queued(p); i++) {
        const struct message *m = &WORLD.queue[p][i];

        printf(" %s", message_names[m->kind]);
        if (m->kind == HELLO)
            printf("(%s%s)", state_names[m->state], m->starting ? ", starting" : "");
        if (m->kind == UPDATE || m->kind == CLAIM_RELEASE) {
            printf("(");
            print_record(&m->record);
            printf(")");
        }
    }
    printf("\n");
}

static void print_peer(int p)
{
    const struct volatile_part *v = &VOL(p);

    printf("    P%d %s", p, is_up(p) ? state_names[v->state] : "is down");
    if (!is_up(p) || v->state == STARTUP)
        printf(", durable %s", state_names[MEM(p).state]);
    if (MEM(p).store_new)
        printf(", new store");
    if (MEM(p).wait)
        printf(", waits %d", MEM(p).wait);
    if (MEM(p).term)
        printf(", term %d", MEM(p).term);
    printf(v->session == SESSION_OPEN ? v->caught_up ? ", caught up" : ", session open" : "");
    if (v->reply_on)
        printf(", DHCPACK of a%d to c%d for %d %s", v->reply_address, v->reply_client,
               v->reply_left, reply_names[v->reply_kind]);
    printf("\n");
    for (int a = 0; a < ADDRESSES; a++)
        print_address(p, a);
    print_queue(p);
}

static bool has_client(enum event_kind kind)
{
    return kind == REQUEST || kind == RELEASE || kind == ASK_BIND || kind == ASK_RELEASE;
}

static void print_event(const struct event *e)
{
    printf("** %s", event_names[e->kind]);
    if (e->kind != TICK && e->kind != LINK_UP && e->kind != CUT)
        printf(" P%d", e->p);
    if (has_client(e->kind))
        printf(" a%d c%d", e->a, e->c);
    printf("\n");
}

static void print_state(void)
{
    print_peer(0);
    print_peer(1);
    for (int a = 0; a < ADDRESSES; a++)
        for (int c = 1; c <= CLIENTS; c++)
            if (held(a, c))
                printf("    c%d holds a%d for %d\n", c, a, held(a, c));
    if (!WORLD.link)
        printf("    no link\n");
    if (failed)
        printf("!! %s\n", why);
}

static void trace(const struct event *e)
{
    static int wanted = -1;

    if (wanted < 0)
        wanted = getenv("TRACE") != NULL;
    if (!wanted)
        return;
    print_event(e);
    print_state();
}
