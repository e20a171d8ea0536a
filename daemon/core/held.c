/* daemon/core/held.c - the ring of waiting replies. */
#include "daemon/core/held.h"

#include <stdlib.h>

void held_init(struct held_queue *queue)
{
    memset(queue, 0, sizeof(*queue));
    queue->ring = calloc(HELD_MAX, sizeof(struct held *));
    ASSERT(queue->ring != NULL);
}

void held_deinit(struct held_queue *queue)
{
    while (queue->count > 0)
        held_pop(queue);
    while (queue->unused != NULL) {
        struct held *next = queue->unused->next_free;

        free(queue->unused);
        queue->unused = next;
    }
    free(queue->ring);
}

struct held *held_take(struct held_queue *queue)
{
    struct held *held = queue->unused;

    if (held != NULL) {
        queue->unused = held->next_free;
        return held;
    }
    if (queue->made == HELD_MAX)
        return NULL;
    held = malloc(sizeof(*held));
    ASSERT(held != NULL);
    queue->made++;
    return held;
}

void held_give_back(struct held_queue *queue, struct held *held)
{
    held->next_free = queue->unused;
    queue->unused = held;
}

void held_push(struct held_queue *queue, struct held *held)
{
    ASSERT(queue->count < HELD_MAX); /* no more than were made */
    queue->ring[(queue->head + queue->count++) % HELD_MAX] = held;
}

struct held *held_head(const struct held_queue *queue)
{
    return queue->count > 0 ? queue->ring[queue->head] : NULL;
}

void held_pop(struct held_queue *queue)
{
    held_give_back(queue, held_head(queue));
    queue->head = (queue->head + 1) % HELD_MAX;
    queue->count--;
}

size_t held_count(const struct held_queue *queue)
{
    return queue->count;
}
