/* tests/sim/link.c - the connection between the peers, as daemon/io/link.h promises it: frames
 * in order, or an up() that says that they are not.
 *
 * A cut holds frames back, as TCP does; they arrive when it is mended, unless the connection
 * broke meanwhile.  The secondary connects; the primary learns of a new connection by its first
 * frame. */
#include "tests/sim/sim.h"

#include <stdlib.h>

#define RECONNECT_MS 100
#define NOBODY       0
#define LATE_MS      30

static struct node *end_of(struct sim *sim, enum role role)
{
    return &sim->nodes[role];
}

bool link_is_whole(const struct sim *sim)
{
    return !sim->link.way[0].cut && !sim->link.way[1].cut;
}

static void go_down(struct sim *sim, enum role role)
{
    struct node *node = end_of(sim, role);

    if (sim->link.connection[role] == NOBODY)
        return;
    if (role == ROLE_PRIMARY)
        sim->link.buried = sim->link.connection[role];
    sim->link.connection[role] = NOBODY;
    trace(sim, role_name(role), "link down");
    if (node->server != NULL) {
        server_link_down(node->server, node_now(sim, node), &node->fx);
        node_touched(sim, role);
    }
}

static void go_up(struct sim *sim, enum role role, uint64_t connection)
{
    struct node *node = end_of(sim, role);

    go_down(sim, role);
    if (node->server == NULL)
        return;
    sim->link.connection[role] = connection;
    trace(sim, role_name(role), "link up (%llu)", (unsigned long long)connection);
    server_link_up(node->server, node_now(sim, node), &node->fx);
    node_touched(sim, role);
}

/* ---- frames on their way ---- */

static void drop_first(struct link_way *way)
{
    free(way->items[way->head].bytes);
    way->head++;
    way->count--;
    if (way->count == 0)
        way->head = 0;
}

static struct link_item *put(struct sim *sim, enum role from, uint64_t connection,
                             struct span bytes, bool end);

static void arrive(struct sim *sim, enum role to, const struct link_item *item)
{
    struct link *link = &sim->link;
    struct node *node = end_of(sim, to);
    struct server_status status;
    bool is_update;

    if (node->server == NULL)
        return;
    if (item->end) {
        if (link->connection[to] == item->connection)
            go_down(sim, to);
        return;
    }
    if (to == ROLE_PRIMARY && link->connection[to] < item->connection &&
        item->connection > link->buried)
        go_up(sim, to, item->connection);
    if (node->server == NULL || link->closing[to] == item->connection)
        return;
    if (link->connection[to] != item->connection) {
        /* Of a connection that this end has given up, or never had: the other end hears so. */
        put(sim, to, item->connection, span_of(NULL, 0), true);
        return;
    }
    trace_frame(sim, role_other(to), span_of(item->bytes, item->size), true);
    if (item->replayed)
        covered(sim, THING_FRAME_OF_OLD_SESSION);
    is_update = situation_frame(sim, to, span_of(item->bytes, item->size));
    server_status(node->server, &status);
    server_frame(node->server, node_now(sim, node), span_of(item->bytes, item->size),
                 &node->fx);
    if (is_update && !item->replayed)
        situation_after(sim, to, status.seq);
    node_touched(sim, to);
}

static void pump(struct sim *sim, struct happening *event)
{
    const enum role from = (enum role)event->who, to = role_other(from);
    struct link_way *way = &sim->link.way[from];

    if (way->count > 0 && way->cut)
        covered(sim, sim->link.way[to].cut ? THING_FRAME_HELD : THING_FRAME_HELD_ONE_WAY);
    while (way->count > 0 && !way->cut && !end_of(sim, to)->stopped &&
           way->items[way->head].at <= sim->now) {
        struct link_item item = way->items[way->head];

        way->items[way->head].bytes = NULL;
        drop_first(way);
        arrive(sim, to, &item);
        free(item.bytes);
    }
}

static struct link_item *put(struct sim *sim, enum role from, uint64_t connection,
                             struct span bytes, bool end)
{
    struct link_way *way = &sim->link.way[from];
    int64_t takes = rng_between(&sim->link_rng, 0, sim->settings.link_delay_ms);
    struct link_item *item;

    if (sim->now < sim->link.slow_until)
        takes += rng_between(&sim->link_rng, 0, sim->link.slow_ms);
    if (way->head + way->count == way->capacity) {
        if (way->count > 0)
            memmove(way->items, way->items + way->head, way->count * sizeof(*way->items));
        way->head = 0;
        if (way->count * 2 >= way->capacity) {
            way->capacity = 2 * way->capacity + 64;
            way->items = realloc(way->items, way->capacity * sizeof(*way->items));
            ASSERT(way->items != NULL);
        }
    }
    if (way->last_at < sim->now + takes)
        way->last_at = sim->now + takes;
    item = &way->items[way->head + way->count++];
    *item = (struct link_item){connection, way->last_at, end, false, NULL, bytes.size};
    if (takes >= LATE_MS)
        covered(sim, THING_FRAME_LATE);
    if (bytes.size > 0) {
        item->bytes = malloc(bytes.size);
        ASSERT(item->bytes != NULL);
        memcpy(item->bytes, bytes.data, bytes.size);
    }
    sim_at(sim, way->last_at, pump, (int)from, 0, NULL);
    return item;
}

static void remember(struct link *link, enum role from, struct span bytes)
{
    struct link_item *item = &link->sent[from][link->sent_count[from]++ % LINK_REMEMBERED];

    item->connection = link->connection[from];
    item->size = bytes.size;
    item->bytes = realloc(item->bytes, bytes.size);
    ASSERT(item->bytes != NULL);
    memcpy(item->bytes, bytes.data, bytes.size);
}

/* daemon/io does not let this happen; a session must not trust it to. */
void link_replay(struct sim *sim, enum role from)
{
    struct link *link = &sim->link;

    if (link->connection[from] == NOBODY || link->closing[from] == link->connection[from])
        return;
    for (size_t i = 0; i < LINK_REMEMBERED; i++) {
        const size_t at = (link->sent_count[from] + i) % LINK_REMEMBERED;
        const struct link_item *item = &link->sent[from][at];

        if (item->bytes != NULL && item->connection != link->connection[from])
            put(sim, from, link->connection[from], span_of(item->bytes, item->size), false)
                ->replayed = true;
    }
}

void link_send(struct sim *sim, enum role from, struct span bytes)
{
    struct link *link = &sim->link;

    if (link->connection[from] == NOBODY || link->closing[from] == link->connection[from])
        return;
    if (link->lose_next[from] > 0) {
        link->lose_next[from]--;
        trace_frame(sim, from, bytes, false);
        covered(sim, THING_FRAME_LOST);
        return;
    }
    remember(link, from, bytes);
    situation_sent(sim, from, bytes);
    put(sim, from, link->connection[from], bytes, false);
}

/* Closing a connection may throw away what was not sent yet. */
static void forget_unsent(struct sim *sim, enum role from, uint64_t connection)
{
    struct link_way *way = &sim->link.way[from];
    const size_t keep = rng_below(&sim->link_rng, (uint32_t)way->count + 1);

    for (size_t i = keep; i < way->count; i++) {
        struct link_item *item = &way->items[way->head + i];

        if (item->connection == connection && !item->end) {
            free(item->bytes);
            *item = (struct link_item){NOBODY, item->at, true, false, NULL, 0};
        }
    }
}

static void own_end_down(struct sim *sim, struct happening *event)
{
    struct node *node = end_of(sim, (enum role)event->who);

    if (node->server == NULL || sim->link.connection[event->who] != event->n ||
        node_put_by(sim, node->role, event))
        return;
    go_down(sim, node->role);
}

void link_reset(struct sim *sim, enum role by)
{
    const uint64_t connection = sim->link.connection[by];

    if (connection == NOBODY || sim->link.closing[by] == connection)
        return;
    sim->link.closing[by] = connection;
    forget_unsent(sim, by, connection);
    put(sim, by, connection, span_of(NULL, 0), true);
    sim_at(sim, sim->now, own_end_down, (int)by, connection, NULL);
}

void link_break(struct sim *sim)
{
    if (sim->link.connection[ROLE_PRIMARY] != NOBODY &&
        sim->link.connection[ROLE_PRIMARY] == sim->link.connection[ROLE_SECONDARY])
        covered(sim, THING_CONNECTION_BROKEN);
    for (int role = 0; role < 2; role++) {
        forget_unsent(sim, (enum role)role, sim->link.connection[role]);
        sim_at(sim, sim->now + rng_between(&sim->link_rng, 0, 300), own_end_down, role,
               sim->link.connection[role], NULL);
    }
}

/* The system closes a dead process's connection; a dead machine says nothing. */
void link_process_gone(struct sim *sim, enum role role, bool power)
{
    const uint64_t connection = sim->link.connection[role];

    if (role == ROLE_PRIMARY)
        sim->link.buried = sim->link.made;
    if (connection == NOBODY)
        return;
    sim->link.connection[role] = NOBODY;
    forget_unsent(sim, role, connection);
    if (!power)
        put(sim, role, connection, span_of(NULL, 0), true);
}

void link_cut(struct sim *sim, enum role from, bool cut)
{
    if (sim->link.way[from].cut == cut)
        return;
    trace(sim, "world", "frames from %s %s", role_name(from),
          cut ? "do not get through" : "get through again");
    sim->link.way[from].cut = cut;
    sim->link.cuts++;
    if (!cut)
        sim_at(sim, sim->now + 1, pump, (int)from, 0, NULL);
}

void link_wake(struct sim *sim, enum role to)
{
    sim_at(sim, sim->now, pump, (int)role_other(to), 0, NULL);
}

/* ---- connecting ---- */

static void try_connect(struct sim *sim, struct happening *event)
{
    struct link *link = &sim->link;
    const bool both = node_runs(&sim->nodes[0]) && node_runs(&sim->nodes[1]);

    (void)event;
    sim_at(sim, sim->now + RECONNECT_MS, try_connect, 0, 0, NULL);
    if (!both || !link_is_whole(sim))
        return;
    if (link->connection[ROLE_SECONDARY] == NOBODY)
        go_up(sim, ROLE_SECONDARY, ++link->made);
}

void link_start(struct sim *sim)
{
    sim_at(sim, rng_between(&sim->link_rng, 0, RECONNECT_MS), try_connect, 0, 0, NULL);
}

void link_deinit(struct link *link)
{
    for (int i = 0; i < 2; i++) {
        while (link->way[i].count > 0)
            drop_first(&link->way[i]);
        free(link->way[i].items);
        for (size_t j = 0; j < LINK_REMEMBERED; j++)
            free(link->sent[i][j].bytes);
    }
}
