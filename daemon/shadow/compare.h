/* daemon/shadow/compare.h - the other server's answer beside our own. */
#ifndef TWINDHCP_DAEMON_SHADOW_COMPARE_H
#define TWINDHCP_DAEMON_SHADOW_COMPARE_H

#include "daemon/core/server.h"

enum shadow_kind {
    SHADOW_ONLY_THEY,
    SHADOW_ONLY_WE,
    SHADOW_THEY_REFUSE,
    SHADOW_WE_REFUSE,
    SHADOW_TYPE,
    SHADOW_ADDRESS,
    SHADOW_LEASE_TIME,
    SHADOW_RENEWAL_TIME,
    SHADOW_REBINDING_TIME,
    SHADOW_NEXT_SERVER,
    SHADOW_SERVER_NAME,
    SHADOW_BOOT_FILE,
    SHADOW_OPTION,
    SHADOW_KINDS,
};
const char *shadow_kind_name(enum shadow_kind kind); /* "only-they-answer", ...: static */

#define SHADOW_TEXT            256
#define SHADOW_DIFFERENCES_MAX 32 /* of one packet; more are not looked at */

struct shadow_difference {
    enum shadow_kind kind;
    uint8_t code; /* of SHADOW_OPTION, else 0 */
    char theirs[SHADOW_TEXT], ours[SHADOW_TEXT];
};

struct shadow_differences {
    size_t count;
    struct shadow_difference items[SHADOW_DIFFERENCES_MAX];
};

/* `theirs`: NULL when the other was silent.  `ours`: our explanation of the same request. */
void shadow_compare(const struct config *config, const struct dhcp4_packet *theirs,
                    const struct explain *ours, struct shadow_differences *out);

#endif
