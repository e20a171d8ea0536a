/* daemon/core/effects.h - what the server asks of the world, in the order to do it.
 *
 * The core fills a list; daemon/io (or the simulator) carries it out from first to last and
 * then clears it.  Everything an effect points to lives until effects_clear(), except a store
 * batch, which lives until its server_durable(). */
#ifndef TWINDHCP_DAEMON_CORE_EFFECTS_H
#define TWINDHCP_DAEMON_CORE_EFFECTS_H

#include "proto/types.h"

/* One atomic, synchronous write to the store: puts in order, a later one of a key wins. */
struct store_batch {
    uint64_t number; /* 1, 2, 3 ... */
    size_t count;
    uint8_t *bytes; /* see store_batch_next() */
    size_t size, capacity;
};

/* Iterate: *at starts as 0.  False at the end. */
bool store_batch_next(const struct store_batch *batch, size_t *at, struct span *key,
                      struct span *value);
/* Append a put (copied). */
void store_batch_put(struct store_batch *batch, struct span key, struct span value);

/* Where a reply goes. */
enum reply_way {
    REPLY_UDP,       /* plain UDP to address:port (relay, or a client with ciaddr) */
    REPLY_BROADCAST, /* UDP to 255.255.255.255:68 on the interface */
    REPLY_FRAME,     /* a unicast frame to hardware address and `address`:68, without ARP */
};

struct reply {
    enum reply_way way;
    uint32_t interface; /* index it leaves by; 0 = by route (relays, renewals) */
    struct ip4 source;  /* the server's address to send from */
    struct ip4 address;
    uint16_t port;
    uint8_t chaddr[16];
    uint8_t hlen;
    struct span packet;
};

/* Every message for an operator has a stable name and a severity. */
enum event_severity { EVENT_INFO, EVENT_NOTICE, EVENT_WARNING, EVENT_ERROR };
struct event {
    enum event_severity severity;
    const char *name; /* "state-changed", "conflict", ...: static, see daemon/core/README.md */
    const char *text; /* one line for a person */
};

/* Ask on the network whether a machine has `address`; server_probe_result() is told of an
 * answer, and of nobody having been asked. */
struct probe {
    uint64_t number;
    struct ip4 address;
    uint32_t interface; /* index of the link that it is on; 0 = not attached here */
    bool icmp, arp;     /* by ARP where that can be, else by ICMP */
    int64_t wait_ms;    /* for so long an answer is of use */
};

enum effect_type {
    EFFECT_COMMIT,     /* write `batch` synchronously, then server_durable() or
                          server_store_failed() */
    EFFECT_SEND,       /* `bytes` as one frame to the partner */
    EFFECT_LINK_RESET, /* drop the partner connection, connect anew */
    EFFECT_REPLY,
    EFFECT_EVENT,
    EFFECT_PROBE,
};

struct effect {
    enum effect_type type;
    union {
        const struct store_batch *batch;
        struct span bytes;
        struct reply reply;
        struct event event;
        struct probe probe;
    };
};

struct effects {
    struct effect *items;
    size_t count, capacity;
    struct effects_block *blocks, *unused; /* private: what effects point to */
};

void effects_init(struct effects *fx);
void effects_deinit(struct effects *fx);
void effects_clear(struct effects *fx); /* keeps the memory of a busy turn, not of a flood */

/* Memory that lives until effects_clear(). */
uint8_t *effects_alloc(struct effects *fx, size_t size);

/* The new last effect, to be filled in. */
struct effect *effects_add(struct effects *fx, enum effect_type type);

/* printf into an EFFECT_EVENT. */
void effects_event(struct effects *fx, enum event_severity severity, const char *name,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
