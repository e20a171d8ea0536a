/* ha/hash.h - which peer answers a client that has no binding (RFC 3074). */
#ifndef TWINDHCP_HA_HASH_H
#define TWINDHCP_HA_HASH_H

#include "proto/types.h"

/* RFC 3074 section 6: the bucket 0..255 of a client.  `key` is a client key as of
 * dhcp4_client_key(): the client identifier's data counts, else the hardware address. */
uint8_t hash_bucket(struct span key);

/* The peer that the hash names when `split_percent` of the buckets are the primary's. */
enum role hash_peer(struct span key, uint32_t split_percent);

/* Seconds since the client began, from the `secs` field.  Some clients send it byte-swapped: a
 * value above 255 whose low byte is 0 is taken for one of these. */
uint16_t hash_client_secs(uint16_t secs);

#endif
