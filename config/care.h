/* config/care.h - how addresses are cared for, as any level of the file may say it: T1 and T2,
 * early renewals, BOOTP, rapid commit, limits, the order of allocation, warnings. */
#ifndef TWINDHCP_CONFIG_CARE_H
#define TWINDHCP_CONFIG_CARE_H

#include "proto/types.h"

/* A part of something: of a lease in percent or seconds, of a pool in percent or addresses. */
enum config_share_unit {
    CONFIG_SHARE_UNSET, /* not set at this level */
    CONFIG_SHARE_PERCENT,
    CONFIG_SHARE_COUNT, /* seconds or addresses */
};
struct config_share {
    enum config_share_unit unit;
    uint32_t value; /* hundredths of a percent, seconds, addresses */
};
#define CONFIG_SHARE_WHOLE 10000 /* 100% */

/* How much of `whole` it is; 0 when it is not set. */
uint64_t config_share_of(struct config_share share, uint64_t whole);

enum config_flag { CONFIG_FLAG_UNSET, CONFIG_FLAG_NO, CONFIG_FLAG_YES };

/* In the order of their words in the schema, after "not set". */
enum config_allocation {
    CONFIG_ALLOCATION_UNSET,
    CONFIG_LEAST_RECENTLY_USED,
    CONFIG_RANDOM,
    CONFIG_SEQUENTIAL,
};
enum config_bootp {
    CONFIG_BOOTP_UNSET,
    CONFIG_BOOTP_NONE,
    CONFIG_BOOTP_RESERVED,
    CONFIG_BOOTP_DYNAMIC,
};

/* At most so many leases for one value of what is counted, or for all clients of a class,
 * within the level that says so. */
enum config_limit_per {
    CONFIG_PER_CLIENT,
    CONFIG_PER_HARDWARE,
    CONFIG_PER_CIRCUIT,
    CONFIG_PER_REMOTE,
    CONFIG_PER_CLASS, /* not a word of `per`: the limit has `class` */
};
#define CONFIG_PERS              4  /* words of `per` */
#define CONFIG_LIMIT_CLASSES_MAX 16 /* at one level */
const char *config_limit_per_name(enum config_limit_per per);

struct config_limit {
    enum config_limit_per per;
    uint16_t class; /* number; of CONFIG_PER_CLASS */
    uint32_t leases;
    uint32_t index;         /* among all limits of the file */
    const char *class_name; /* NULL: not of a class */
};

/* "per circuit-id" or "of class guests", in two words: how, and what. */
const char *config_limit_how(const struct config_limit *limit);
const char *config_limit_what(const struct config_limit *limit);

/* The limits of a level, and above them those of the levels around it: all of them hold. */
struct config_limits {
    const struct config_limits *above; /* NULL: none */
    const struct config_limit *items;
    size_t count;
};
#define CONFIG_LIMIT_LEVELS 3 /* file, shared network, subnet */
#define CONFIG_LIMITS_MAX     /* that hold at once */                                          \
    ((size_t)(CONFIG_PERS + CONFIG_LIMIT_CLASSES_MAX) * CONFIG_LIMIT_LEVELS)

/* 0 or NULL where a level says nothing. */
struct config_care {
    struct config_share renew, rebind; /* T1 and T2; [50%, 87.5%] */
    struct config_share renew_cache;   /* [0%] */
    struct config_share warn_free;     /* [none] */
    enum config_allocation allocation; /* [least-recently-used] */
    enum config_bootp bootp;           /* [reserved] */
    enum config_flag rapid_commit;     /* [false] */
    enum config_flag authoritative, match_client_id, echo_client_id; /* [true] */
    const struct config_limits *limits;
};

bool config_care_is_set(const struct config_care *care);

/* What holds where `own` says what it does, over what holds above.  The limits of both hold:
 * those of the result are `own`'s, and above's where it has none. */
struct config_care config_care_over(struct config_care above, const struct config_care *own);

#endif
