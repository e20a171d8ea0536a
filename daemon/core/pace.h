/* daemon/core/pace.h - when the next batch of writes is handed to the store.
 *
 * A commit costs both peers the same whether it holds one record or a hundred: the disk's sync,
 * a frame, its ack, and the threads that wake for each.  While few records come each is handed
 * over at once; the more come, the longer they gather, up to a few milliseconds. */
#ifndef TWINDHCP_DAEMON_CORE_PACE_H
#define TWINDHCP_DAEMON_CORE_PACE_H

#include "proto/types.h"

/* Starts zeroed. */
struct pace {
    struct instant handed_over; /* the last batch */
    uint32_t rate;              /* records a millisecond, smoothed, in 1/256 */
};

/* From when on a batch of `count` > 0 records is to be handed over; not after `now` when at
 * once.
 */
struct instant pace_due(const struct pace *pace, struct instant now, size_t count);

/* A batch of `count` records was handed over. */
void pace_note(struct pace *pace, struct instant now, size_t count);

#endif
