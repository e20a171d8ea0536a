/* daemon/core/evaluate.h - running a compiled expression over a packet.
 *
 *     struct evaluate_room room;
 *     struct span id;
 *
 *     if (evaluate_value(&config->flex_id, &facts, &room, &id) && id.size > 0)
 *         ... use `id`, which points into `room`, the packet or the program
 *
 * No memory beyond `room`, and at most EXPRESSION_STEPS steps, each linear in what it reads. */
#ifndef TWINDHCP_DAEMON_CORE_EVALUATE_H
#define TWINDHCP_DAEMON_CORE_EVALUATE_H

#include "daemon/core/facts.h"

/* For texts that are made on the way.  Not to be initialized by the caller. */
#define EVALUATE_ROOM 4096
struct evaluate_room {
    size_t used;
    uint8_t bytes[EVALUATE_ROOM];
};

/* An EXPRESSION_TEST.  False also when it cannot be evaluated: a value has another size than a
 * conversion takes, or `room` is full. */
MUST_USE bool evaluate_test(const struct expression *expression, const struct facts *facts);

/* An EXPRESSION_VALUE; false, with nothing in `out`, when it cannot be evaluated.  An option
 * that is not in the packet is an empty value, which is no failure. */
MUST_USE bool evaluate_value(const struct expression *expression, const struct facts *facts,
                             struct evaluate_room *room, struct span *out);

#endif
