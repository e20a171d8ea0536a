/* daemon/ctl/pools.h - the pools as a table. */
#ifndef TWINDHCP_DAEMON_CTL_POOLS_H
#define TWINDHCP_DAEMON_CTL_POOLS_H

#include <jansson.h>
#include <stdio.h>

/* `object` holds "pools" and "pair" as /v1/pools and /v1/status give them. */
void print_pools(const json_t *object, unsigned indent, FILE *out);

#endif
