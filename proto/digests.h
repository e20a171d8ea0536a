/* proto/digests.h - digests of a configuration's parts, which two peers compare (README of ha/,
 * "Configuration digests").  Equal digests mean that the parts mean the same. */
#ifndef TWINDHCP_PROTO_DIGESTS_H
#define TWINDHCP_PROTO_DIGESTS_H

#include "proto/types.h"

enum config_part { PART_SUBNETS, PART_POOLS, PART_RESERVATIONS, PART_OPTIONS };
#define CONFIG_PARTS 4

/* Of the whole file. */
struct digests {
    uint64_t pair;
    uint64_t part[CONFIG_PARTS];
};

/* Of one subnet; 0 where it has nothing of a kind. */
struct subnet_digests {
    struct ip4 network;
    uint8_t prefix_length;
    uint64_t part[CONFIG_PARTS];
};

/* Of what stands outside of all subnets: lease times and the like as PART_SUBNETS, options and
 * classes as PART_OPTIONS. */
struct file_digests {
    uint64_t part[CONFIG_PARTS];
};

#endif
