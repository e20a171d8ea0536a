#include "tests/bench/load/timers.h"

#include <stdlib.h>

#include "proto/types.h"

#define NONE UINT32_MAX

/* In the list of its slot, while one is set. */
struct link {
    uint32_t next, prev;
    uint32_t slot; /* NONE: not set */
};

struct timers {
    uint64_t tick; /* all slots up to this one have fired */
    uint32_t head[TIMERS_SLOTS];
    struct link *links;
};

struct timers *timers_new(uint32_t count, uint64_t now_ns)
{
    struct timers *t = calloc(1, sizeof *t);

    ASSERT(t != NULL);
    t->links = calloc(count, sizeof *t->links);
    ASSERT(t->links != NULL);
    t->tick = now_ns / TIMERS_TICK_NS;
    for (uint32_t i = 0; i < TIMERS_SLOTS; i++)
        t->head[i] = NONE;
    for (uint32_t i = 0; i < count; i++)
        t->links[i].slot = NONE;
    return t;
}

void timers_free(struct timers *t)
{
    if (t == NULL)
        return;
    free(t->links);
    free(t);
}

void timers_cancel(struct timers *t, uint32_t id)
{
    struct link *link = &t->links[id];

    if (link->slot == NONE)
        return;
    if (link->next != NONE)
        t->links[link->next].prev = link->prev;
    if (link->prev != NONE)
        t->links[link->prev].next = link->next;
    else
        t->head[link->slot] = link->next;
    link->slot = NONE;
}

void timers_set(struct timers *t, uint32_t id, uint64_t at_ns)
{
    uint64_t tick = at_ns / TIMERS_TICK_NS + 1;
    struct link *link = &t->links[id];

    timers_cancel(t, id);
    if (tick <= t->tick)
        tick = t->tick + 1;
    ASSERT(tick - t->tick < TIMERS_SLOTS);
    link->slot = (uint32_t)(tick % TIMERS_SLOTS);
    link->prev = NONE;
    link->next = t->head[link->slot];
    if (link->next != NONE)
        t->links[link->next].prev = id;
    t->head[link->slot] = id;
}

void timers_run(struct timers *t, uint64_t now_ns, void (*fire)(void *context, uint32_t id),
                void *context)
{
    while (t->tick < now_ns / TIMERS_TICK_NS) {
        uint32_t slot = (uint32_t)(++t->tick % TIMERS_SLOTS);

        while (t->head[slot] != NONE) {
            uint32_t id = t->head[slot];

            timers_cancel(t, id);
            fire(context, id);
        }
    }
}
