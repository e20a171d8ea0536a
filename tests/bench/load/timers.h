/* tests/bench/load/timers.h - one timer for each client, on a wheel.
 *
 * Setting, cancelling and firing cost the same however many there are. */
#ifndef TWINDHCP_BENCH_TIMERS_H
#define TWINDHCP_BENCH_TIMERS_H

#include <stdint.h>

#define TIMERS_TICK_NS 8000000ULL /* a timer fires at most this late, and never early */
#define TIMERS_SLOTS   16384U     /* so none may be further away than 131 s */

struct timers;

struct timers *timers_new(uint32_t count, uint64_t now_ns);
void timers_free(struct timers *timers);

/* Replaces what was set for `id`. */
void timers_set(struct timers *timers, uint32_t id, uint64_t at_ns);
void timers_cancel(struct timers *timers, uint32_t id);

/* Call `fire` for each that is due; it may set and cancel timers. */
void timers_run(struct timers *timers, uint64_t now_ns,
                void (*fire)(void *context, uint32_t id), void *context);

#endif
