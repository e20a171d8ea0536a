/* daemon/lease/sort.h - stable sorting of a million small keys in milliseconds.
 *
 * Radix sort by bytes, least significant first; a byte that all keys share costs nothing. */
#ifndef TWINDHCP_DAEMON_LEASE_SORT_H
#define TWINDHCP_DAEMON_LEASE_SORT_H

#include "proto/types.h"

struct sort_item {
    uint64_t key;
    uint32_t value;
};

/* Ascending by key, equal keys as they came.  `scratch` holds as many. */
void sort_items(struct sort_item *items, struct sort_item *scratch, size_t count);

/* Ascending.  `scratch` holds as many. */
void sort_addresses(uint32_t *addresses, uint32_t *scratch, size_t count);

#endif
