/* daemon/core/held.c - the ring of waiting replies. */
#include "daemon/core/held.h"

#include <stdlib.h>

void held_init(struct held_queue *queue)
{
    memset(queue, 0, sizeof(*queue));
    queue->ring = calloc(HELD_MAX, sizeof(struct held *));
    queue->addresses = calloc(HELD_MAX, sizeof(uint32_t));
    ASSERT(queue->ring != NULL && queue->addresses != NULL);
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
    free(queue->addresses);
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
    const size_t at = (queue->head + queue->count) % HELD_MAX;

    ASSERT(queue->count < HELD_MAX); /* no more than were made */
    queue->ring[at] = held;
    queue->addresses[at] = held->address.value;
    queue->count++;
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

void held_revoke(struct held_queue *queue, struct ip4 address)
{
    for (size_t i = 0; i < queue->count; i++) {
        uint32_t *waiting = &queue->addresses[(queue->head + i) % HELD_MAX];

        if (*waiting == address.value)
            *waiting = 0;
    }
}

bool held_head_is_revoked(const struct held_queue *queue)
{
    return queue->count > 0 && queue->addresses[queue->head] == 0;
}

size_t held_count(const struct held_queue *queue)
{
    return queue->count;
}
