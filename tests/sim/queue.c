/* tests/sim/queue.c - events in order of time, and chance. */
#include "tests/sim/sim.h"

#include <stdlib.h>

/* splitmix64 */
uint64_t rng_next(struct rng *rng)
{
    uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint32_t rng_below(struct rng *rng, uint32_t sides)
{
    ASSERT(sides > 0);
    return (uint32_t)((rng_next(rng) >> 32) * sides >> 32);
}

int64_t rng_between(struct rng *rng, int64_t least, int64_t most)
{
    ASSERT(most >= least);
    return least + (int64_t)rng_below(rng, (uint32_t)(most - least + 1));
}

bool rng_percent(struct rng *rng, uint32_t percent)
{
    return rng_below(rng, 100) < percent;
}

/* Each part of the world has its own generator: taking a fault out of a plan leaves the others'
 * choices as they were. */
struct rng rng_fork(uint64_t seed, uint64_t purpose)
{
    struct rng rng = {seed * UINT64_C(0x9e3779b97f4a7c15) + purpose};

    rng.state = rng_next(&rng) ^ purpose * UINT64_C(0xd6e8feb86659fd93);
    return rng;
}

static bool earlier(const struct happening *a, const struct happening *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct happening *a, struct happening *b)
{
    const struct happening kept = *a;

    *a = *b;
    *b = kept;
}

void sim_at(struct sim *sim, int64_t at, event_run *run, int who, uint64_t n, void *data)
{
    struct event_queue *q = &sim->queue;
    size_t i = q->count;

    if (q->count == q->capacity) {
        q->capacity = 2 * q->capacity + 256;
        q->heap = realloc(q->heap, q->capacity * sizeof(*q->heap));
        ASSERT(q->heap != NULL);
    }
    q->heap[q->count++] =
        (struct happening){at < sim->now ? sim->now : at, ++q->made, run, who, n, data};
    while (i > 0 && earlier(&q->heap[i], &q->heap[(i - 1) / 2])) {
        swap(&q->heap[i], &q->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

bool queue_pop(struct event_queue *q, struct happening *out)
{
    size_t i = 0;

    if (q->count == 0)
        return false;
    *out = q->heap[0];
    q->heap[0] = q->heap[--q->count];
    for (;;) {
        size_t least = i;

        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < q->count; child++) {
            if (earlier(&q->heap[child], &q->heap[least]))
                least = child;
        }
        if (least == i)
            return true;
        swap(&q->heap[i], &q->heap[least]);
        i = least;
    }
}

void queue_deinit(struct event_queue *q)
{
    for (size_t i = 0; i < q->count; i++)
        free(q->heap[i].data);
    free(q->heap);
}
