/* tests/bench/instructions/site.h - one server or a pair in this process, without a world.
 *
 * The link delivers at once and the store keeps nothing: each batch is durable when its server
 * next comes round.  Time moves only in site_run(). */
#ifndef TWINDHCP_BENCH_SITE_H
#define TWINDHCP_BENCH_SITE_H

#include "proto/types.h"

#define SITE_TURN 64 /* datagrams that a server gets in one turn */

struct site;

/* What servers send to clients; `packet` is borrowed for the call. */
typedef void site_receiver(void *context, struct span packet);

/* Started; a pair is in NORMAL. */
struct site *site_new(bool pair, site_receiver *receiver, void *context);
void site_free(struct site *site);

size_t site_servers(const struct site *site);
struct ip4 site_address(enum role role);

/* A datagram for the next turn of a server; `payload` is borrowed until then.  At most
 * SITE_TURN. */
void site_send(struct site *site, enum role role, struct ip4 source, uint16_t port,
               struct span payload);

/* Turns of the servers until nothing is left to do now. */
void site_settle(struct site *site);

/* Let time pass, with turns for what becomes due. */
void site_run(struct site *site, int64_t ms);

/* From here on turns are counted. */
void site_begin_counting(struct site *site);

#endif
