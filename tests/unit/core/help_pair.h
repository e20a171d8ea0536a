/* help_pair.h - two servers in one process: a store that keeps what was committed, a link that
 * can be cut, and hand-made packets.  Time moves only when a test says so. */
#ifndef HELP_PAIR_H
#define HELP_PAIR_H

#include "config/load.h"
#include "daemon/core/server.h"

#define REPLIES_MAX 256
#define EVENTS_MAX  256
#define PROBES_KEPT 64

/* What one server sent to clients. */
struct sent_reply {
    struct reply reply;
    uint8_t bytes[DHCP4_MAX_SIZE];
    struct dhcp4_packet packet;
    struct dhcp4_scratch scratch;
};

struct kept {
    uint8_t key[8];
    size_t key_size;
    uint8_t *value;
    size_t size;
};

struct node {
    struct server *server; /* NULL: not running */
    struct config *config;
    enum role role;
    struct effects fx;
    struct kept *store;
    size_t store_count, store_capacity;
    const struct store_batch *pending; /* handed over, not durable yet */
    bool hold_store;                   /* commits stay pending */
    bool full_store;                   /* commits fail */
    unsigned commits_until_hold;       /* then hold_store; 0: never */
    uint64_t commits;
    struct sent_reply replies[REPLIES_MAX];
    size_t reply_count;
    char events[EVENTS_MAX][256];
    size_t event_count;
    struct probe probes[PROBES_KEPT];
    size_t probe_count;
    uint8_t **inbox; /* frames on their way to this node */
    size_t *inbox_size;
    size_t inbox_count;
};

struct pair {
    struct instant now;
    struct node nodes[2];
    bool linked;      /* the servers have been told of a connection */
    bool cut;         /* no connection can be made */
    bool hold_frames; /* frames stay in the inboxes */
    uint64_t seed;
};

/* A pair with `yaml` after the pair section; both started and in NORMAL. */
struct pair *pair_new(const char *mclt, const char *yaml);
/* Half of one: `yaml` alone, and one server, which has no partner. */
struct pair *pair_alone(const char *yaml);
/* Made, not started. */
struct pair *pair_make(const char *mclt, const char *yaml);
void pair_free(struct pair *pair);

void pair_start(struct pair *pair, enum role role);
void pair_kill(struct pair *pair, enum role role); /* at once; the store stays */
void pair_lose_store(struct pair *pair, enum role role);
void pair_cut(struct pair *pair);
void pair_mend(struct pair *pair);

/* Let time pass in steps of 10 ms, carrying everything out. */
void pair_run(struct pair *pair, int64_t ms);
/* Carry out what is due now. */
void pair_settle(struct pair *pair);
enum fo_state pair_state(const struct pair *pair, enum role role);
bool pair_equal(const struct pair *pair); /* digests */

/* ---- clients ---- */

struct ask {
    enum dhcp4_type type; /* DHCP4_NONE: a BOOTP request */
    uint8_t client;       /* last byte of the hardware address 02:00:00:00:00:xx */
    uint32_t xid;
    struct ip4 requested, server, ciaddr, giaddr;
    uint16_t secs, flags;
    struct ip4 to;    /* 0: broadcast */
    struct ip4 local; /* 0: the node's own */
    struct span client_id, relay_info, parameters;
    uint32_t lease_time;
    uint16_t max_size;
    bool add_end_pad;
    bool rapid_commit;
    struct span host_name;
    struct span options; /* more of them, as they are sent */
};

struct ip4 node_address(enum role role); /* 10.77.0.2, 10.77.0.3 */

/* The bytes of a request; returns the size. */
size_t ask_encode(const struct ask *ask, uint8_t out[static 1500]);
/* Give it to one server, or to both (a broadcast LAN). */
void pair_tell(struct pair *pair, enum role role, const struct ask *ask);
void pair_broadcast(struct pair *pair, const struct ask *ask);

/* The newest reply of a node, NULL if none since the last pair_forget(). */
const struct sent_reply *pair_last(const struct pair *pair, enum role role);
void pair_forget(struct pair *pair);          /* replies and events */
size_t pair_replies(const struct pair *pair); /* of both */
/* The one reply of both; fails the test if there are more or none. */
const struct sent_reply *pair_only(const struct pair *pair, enum role *by);

/* The whole of first contact on a broadcast LAN; returns the address. */
struct ip4 pair_bind(struct pair *pair, uint8_t client, enum role *by);
struct binding pair_binding(struct pair *pair, enum role role, struct ip4 address);
bool pair_had_event(const struct pair *pair, enum role role, const char *name);

#endif
