/* daemon/shadow/tally.h - how often the two servers differ in what, with a first example. */
#ifndef TWINDHCP_DAEMON_SHADOW_TALLY_H
#define TWINDHCP_DAEMON_SHADOW_TALLY_H

#include "daemon/shadow/compare.h"

#define TALLY_CLIENT 160

/* One difference, and in which exchange. */
struct shadow_finding {
    struct instant when;
    uint32_t xid;
    enum dhcp4_type asked;     /* what the client sent */
    char client[TALLY_CLIENT]; /* as client_key_format() puts it */
    struct shadow_difference difference;
};

struct tally_row {
    uint64_t count; /* 0: never seen */
    struct shadow_finding first;
};

/* A row a kind; options a row a code. */
#define TALLY_ROWS (SHADOW_KINDS + 256)
struct tally {
    struct tally_row *rows[TALLY_ROWS]; /* NULL: never seen */
};

void tally_deinit(struct tally *tally); /* starts zeroed */
void tally_add(struct tally *tally, const struct shadow_finding *finding);

#endif
