/* tests/unit/shadow/help_wire.h - a client and another server on a wire that a shadow watches.
 */
#ifndef TWINDHCP_TESTS_UNIT_SHADOW_HELP_WIRE_H
#define TWINDHCP_TESTS_UNIT_SHADOW_HELP_WIRE_H

#include "config/load.h"
#include "daemon/shadow/shadow.h"

#define OTHER  ip4(0x0a4d0001) /* the other server */
#define NOW_MS INT64_C(1790000000000)

/* 10.77.0.0/16 with pools .16.0-.16.9 and .17.0-.17.9, a reservation of client 3, 1 h. */
struct config *help_config(void);

struct asked {
    enum dhcp4_type type;
    uint8_t client;
    uint32_t xid; /* 0: 1 */
    struct ip4 requested, ciaddr, server, giaddr;
};

/* What the other says beside type, identifier and xid. */
struct told {
    enum dhcp4_type type;
    struct ip4 yiaddr, siaddr;
    uint32_t lease_time;  /* 0: an hour */
    struct ip4 router;    /* 0.0.0.0: as configured */
    struct ip4 broadcast; /* 0.0.0.0: none */
    const char *file;
    uint8_t extra; /* the code of one more option; 0: none */
    bool no_times; /* no options 58 and 59 */
};

size_t help_request(const struct asked *asked, uint8_t out[static DHCP4_MAX_SIZE]);
size_t help_reply(const struct asked *asked, const struct told *told,
                  uint8_t out[static DHCP4_MAX_SIZE]);

struct wire {
    struct config *config;
    struct shadow *shadow;
    struct instant now;
};

void wire_init(struct wire *wire);
void wire_deinit(struct wire *wire);
void wire_ask(struct wire *wire, const struct asked *asked);
void wire_tell(struct wire *wire, const struct asked *asked, const struct told *told);
/* Both, with `ms` in between. */
void wire_exchange(struct wire *wire, const struct asked *asked, const struct told *told);

/* How often that difference was found; `code` counts for options. */
uint64_t wire_found(const struct wire *wire, enum shadow_kind kind, uint8_t code);
struct shadow_counters wire_counters(const struct wire *wire);

#endif
