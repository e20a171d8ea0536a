/* daemon/core/pace.h - when the own writes go out, to the disk and to the partner.
 *
 * A commit costs a server the same whether it holds one record or a hundred: the disk's sync, a
 * frame, its ack, and the threads that wake for each.  While few records come each goes out at
 * once; the more come, the longer they gather, up to a few milliseconds.  They gather once, on
 * the side of whose they are: what the partner sends is committed as it comes. */
#ifndef TWINDHCP_DAEMON_CORE_PACE_H
#define TWINDHCP_DAEMON_CORE_PACE_H

#include "proto/types.h"

/* Starts zeroed. */
struct pace {
    struct instant round;       /* when own writes went out last */
    struct instant handed_over; /* the last batch */
    uint32_t rate;              /* records a millisecond, smoothed, in 1/256 */
};

/* From when on `count` > 0 own writes are to go out; not after `now` when at once. */
struct instant pace_due(const struct pace *pace, struct instant now, size_t count);

/* A batch of `count` records, whosever they are, was handed to the store. */
void pace_note(struct pace *pace, struct instant now, size_t count);

/* The own writes went out: to the partner or, without one, to the disk. */
void pace_went_out(struct pace *pace, struct instant now);

#endif
