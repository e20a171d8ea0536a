/* daemon/io/turns.h - how busy the loop is, and for how long at a stretch.
 *
 * Pure.  A turn is the work between two waits; while it lasts no client is heard. */
#ifndef TWINDHCP_DAEMON_IO_TURNS_H
#define TWINDHCP_DAEMON_IO_TURNS_H

#include "proto/types.h"

#define TURNS_WINDOW_MS 15000

/* Starts zeroed. */
struct turns {
    bool begun;
    uint64_t ended_ns, idle_ns; /* at the end of the last turn */
    uint64_t busy_ns;           /* since the first */
    uint64_t window_ns;         /* when the window began */
    uint64_t longest_ns[2];     /* in this window, in the one before */
};

/* A turn ends.  `idle_ns`: for how long the loop has waited in all.  Returns how long the turn
 * was. */
uint64_t turns_end(struct turns *turns, uint64_t now_ns, uint64_t idle_ns);

/* The longest turn of the last one to two windows. */
uint64_t turns_longest_ns(const struct turns *turns, uint64_t now_ns);

#endif
