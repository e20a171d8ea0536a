/* tests/bench/instructions/counted.h - the work of which the instructions are counted.
 *
 * callgrind counts while counted_turn() runs (--toggle-collect), and nothing else: neither what
 * clients, link and store cost, nor what comes before the exchanges that are measured. */
#ifndef TWINDHCP_BENCH_COUNTED_H
#define TWINDHCP_BENCH_COUNTED_H

#include "daemon/core/server.h"

/* What a server finds when its loop comes round. */
struct turn {
    const struct datagram *datagrams;
    size_t datagram_count;
    const struct span *frames; /* of the partner */
    size_t frame_count;
    uint64_t durable; /* this batch of the store's; 0: none */
    bool tick;
};

/* Give all of it to the server and flush once, as the daemon's loop does.  `fx`, which has been
 * carried out, is cleared first; returns how many effects it has then. */
size_t turn_take(struct server *server, struct instant now, const struct turn *turn,
                 struct effects *fx);

/* The same, counted. */
size_t counted_turn(struct server *server, struct instant now, const struct turn *turn,
                    struct effects *fx);

#endif
