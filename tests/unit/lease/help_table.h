/* A small configuration and short ways to write bindings, for the tests of the lease table. */
#ifndef TWINDHCP_TESTS_UNIT_LEASE_HELP_TABLE_H
#define TWINDHCP_TESTS_UNIT_LEASE_HELP_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "daemon/lease/table.h"

/* 10.0.0.0/24  pool 0: 10.0.0.16-79 without 32-39; pool 1: 10.0.0.128-131
 * 10.0.1.0/24  pool 2: all 256
 * 10.8.0.0/15  pool 3: 10.8.0.0-10.8.255.255 */
extern const struct config help_config;
#define SUBNET(i) (&help_config.subnets[i])
#define POOL(i)   (&help_config.pools[i])
#define A(c, d)   ip4(UINT32_C(0x0a000000) + (c)*256u + (d)) /* 10.0.c.d */
#define BIG(n)    ip4(UINT32_C(0x0a080000) + (n))            /* of pool 3 */

#define KEY(text) span_of((text), sizeof(text) - 1)
#define ALICE     KEY("\x00\x01alice")
#define BOB                                                                                    \
    KEY("\x00\x01"                                                                             \
        "bob")

/* Versions count up from 1. */
struct binding help_binding(struct ip4 address, enum binding_state state, struct span client,
                            int64_t expires_ms);
struct binding help_active(struct ip4 address, struct span client, int64_t expires_ms);
struct binding help_free(struct ip4 address, enum role owner);

/* may_give that takes everything; nothing; all but the one address of `context`. */
bool help_give_all(void *context, const struct binding *binding, uint64_t seq);
bool help_give_none(void *context, const struct binding *binding, uint64_t seq);
bool help_give_all_but(void *context, const struct binding *binding, uint64_t seq);

/* lease_table_pick() with help_give_all: 0.0.0.0 for none. */
struct ip4 help_pick(struct lease_table *table, size_t pool, enum role owner);

/* cmocka fixtures: *state is a table, loaded. */
int help_setup(void **state);
int help_teardown(void **state);

/* xorshift64; `*state` is not 0. */
uint64_t help_random(uint64_t *state);

#endif
