/* tests/bench/load/holders.h - which client holds which address, and until when.
 *
 * The clients' own view: what they were promised, whatever the servers remember. */
#ifndef TWINDHCP_BENCH_HOLDERS_H
#define TWINDHCP_BENCH_HOLDERS_H

#include "proto/types.h"

#define HOLDERS_NOBODY UINT32_MAX

struct holders;

struct holders *holders_new(void);
void holders_free(struct holders *holders);

/* The client that holds `address` at `now_s` (seconds), or HOLDERS_NOBODY. */
uint32_t holders_find(const struct holders *holders, struct ip4 address, uint64_t now_s);

/* `client` holds `address` to the end of second `until_s`, whoever held it before. */
void holders_set(struct holders *holders, struct ip4 address, uint32_t client,
                 uint64_t until_s);

/* Nothing happens unless `client` is the one that holds it. */
void holders_clear(struct holders *holders, struct ip4 address, uint32_t client);

#endif
