/* daemon/core/server.h - one DHCP server of the pair, as a function.
 *
 * Inputs with the time of the lease clock go in, effects come out.  No socket, disk, clock,
 * thread or random source: production and the simulator differ only in who carries the effects
 * out.
 *
 * `now` never goes back from one call to the next.  Effects are appended to `fx` in the order
 * in which they must be done. */
#ifndef TWINDHCP_DAEMON_CORE_SERVER_H
#define TWINDHCP_DAEMON_CORE_SERVER_H

#include "config/model.h"
#include "daemon/core/dns.h"
#include "daemon/core/effects.h"
#include "daemon/core/explain.h"
#include "daemon/core/runtime.h"
#include "daemon/lease/table.h"
#include "ha/failover.h"
#include "proto/dhcp4.h"

struct server;

/* A received datagram.  `payload` is borrowed for the call. */
struct datagram {
    struct ip4 source, destination; /* destination as in the IP header (may be broadcast) */
    struct ip4 local;               /* the receiving interface's own address */
    uint16_t source_port;
    uint32_t interface;         /* index; 0 = received by a `listen` address */
    const char *interface_name; /* borrowed for the call; NULL with index 0 */
    struct span payload;
};

/* `config` is borrowed until server_free().  `role` counts only when config->has_pair.
 * `addresses` are this server's own client-facing addresses (what it may put into option 54);
 * copied. */
struct server *server_new(const struct config *config, enum role role,
                          const struct ip4 *addresses, size_t address_count);
void server_free(struct server *server);

/* Give back one stored pair of key and value; all of them, in any order, before server_start().
 * TD_MALFORMED: not written by any version of ours (the caller stops with an error naming the
 * key). */
MUST_USE enum td_err server_load(struct server *server, struct span key, struct span value);

/* The smallest `now` that server_start() accepts: the kept lease clock.  0 when nothing was
 * stored. */
struct instant server_kept_clock(const struct server *server);

/* Begin.  `seed` is 32 random bytes (ids and nonces come from it). */
void server_start(struct server *server, struct instant now, const uint8_t seed[static 32],
                  struct effects *fx);

/* A datagram from a client or relay. */
void server_receive(struct server *server, struct instant now, const struct datagram *datagram,
                    struct effects *fx);

/* ---- bulk leasequery (RFC 6926): the shell has the connections ---- */

/* One query of one connection.  All zero: none. */
struct bulk_query {
    bool running;
    uint32_t xid;
    enum bulk_kind { BULK_ALL, BULK_ADDRESS, BULK_CLIENT, BULK_HARDWARE, BULK_RELAY } kind;
    struct ip4 address;
    uint8_t key[CLIENT_KEY_MAX]; /* of a client; hardware address; sub-option's value */
    size_t key_size;
    uint8_t code;         /* of the sub-option */
    uint32_t from, until; /* seconds; only what changed in between; 0: no such limit */
    uint8_t wanted[255];  /* the options asked for (55) */
    size_t wanted_count;
    bool told_base; /* the first answer has said the time */
    uint8_t status; /* of the end; 0: all went well */
    struct lease_walk walk;
};

/* May this host ask? */
MUST_USE bool server_may_query(const struct server *server, struct ip4 host);

/* Begin what `message` (without its size before it) asks for.  False: it is no query, the
 * connection is of no use; counted.  While one query runs no other begins. */
MUST_USE bool server_bulk_begin(struct server *server, struct instant now, struct span message,
                                struct bulk_query *query);

/* Look at some more leases and append the answers to `out`, each after its size; at least
 * BULK_ROOM bytes of room.  Returns the bytes written, perhaps 0; `query->running` ends with
 * the DHCPLEASEQUERYDONE. */
#define BULK_ROOM (2 + DHCP4_MAX_SIZE)
size_t server_bulk_next(struct server *server, struct instant now, struct bulk_query *query,
                        uint8_t *out, size_t capacity);

/* What server_receive() would do with the datagram now, and why: by the same code, with nothing
 * written, sent, offered, counted or remembered.  `e` is initialised (explain.h). */
void server_explain(struct server *server, struct instant now, const struct datagram *datagram,
                    struct explain *e);

/* For a server alone that only watches (daemon/shadow): a binding that another server made, and
 * leases that end by themselves.  Memory only. */
void server_learn(struct server *server, struct instant now, const struct binding *binding);
void server_learn_time(struct server *server, struct instant now);

/* The partner connection.  `up`: a new connection is there (everything sent before on another
 * is lost); `frame`: one frame from it. */
void server_link_up(struct server *server, struct instant now, struct effects *fx);
void server_link_down(struct server *server, struct instant now, struct effects *fx);
void server_frame(struct server *server, struct instant now, struct span frame,
                  struct effects *fx);

/* Batch `number` of an EFFECT_COMMIT is durable. */
void server_durable(struct server *server, struct instant now, uint64_t number,
                    struct effects *fx);
/* It could not be written (`reason`: "No space left on device").  The same batch is committed
 * again by later effects, once a second, until it succeeds; no DHCPACK leaves meanwhile. */
void server_store_failed(struct server *server, struct instant now, const char *reason,
                         struct effects *fx);

/* What came of EFFECT_PROBE `number`.  That nobody answers need not be told: time tells. */
enum probe_outcome {
    PROBE_ANSWERED, /* a machine has the address */
    PROBE_NO_WAY,   /* nobody can be asked there: counts as silence */
    PROBE_NOT_SENT, /* nobody was asked: the client has to ask again */
};
struct probe_result {
    uint64_t number;
    struct ip4 address;
    enum probe_outcome outcome;
    uint8_t hlen, hardware[16]; /* of who answered; hlen 0: not known */
};
void server_probe_result(struct server *server, struct instant now,
                         const struct probe_result *result, struct effects *fx);

/* Once after each batch of inputs: hands over what the batch wrote, sends what may be sent. */
void server_flush(struct server *server, struct instant now, struct effects *fx);

/* Timers.  Call at server_wakeup() at the latest, and at least every 100 ms. */
void server_tick(struct server *server, struct instant now, struct effects *fx);
struct instant server_wakeup(const struct server *server);

/* Operator commands.  TD_REFUSED with a reason in `why` (static text) when the state forbids
 * it.  `force` also ends the waiting of a peer that cannot know what its partner did (new
 * store, RECOVER, ...). */
MUST_USE enum td_err server_partner_down(struct server *server, struct instant now, bool force,
                                         const char **why, struct effects *fx);

/* Orderly handover: the partner serves alone from here on, the whole pool at once.  Accepted in
 * NORMAL only; status tells whether the partner took it.  A return, or a restart, brings this
 * peer back. */
MUST_USE enum td_err server_hand_over(struct server *server, struct instant now,
                                      const char **why, struct effects *fx);
MUST_USE enum td_err server_return(struct server *server, struct instant now, const char **why,
                                   struct effects *fx);

/* RECOVER-WAIT ends: the operator knows that no lease of before can stand. */
MUST_USE enum td_err server_end_wait(struct server *server, struct instant now,
                                     const char **why, struct effects *fx);
/* The store was restored from an older copy: it counts as lost. */
MUST_USE enum td_err server_restored(struct server *server, struct instant now,
                                     const char **why, struct effects *fx);

/* Make, replace or remove a reservation while running; `text` is as an item of the file's
 * `reservations:`, and for a removal names the client alone.  TD_MALFORMED, TD_REFUSED or
 * TD_NOT_FOUND with a text in `why`.  It holds at once, and stays when
 * server_reservation_done() says so. */
enum reservation_command { RESERVATION_ADD, RESERVATION_EDIT, RESERVATION_REMOVE };
struct reservation_change {
    size_t slot;
    struct version version;
};
MUST_USE enum td_err server_reservation(struct server *server, struct instant now,
                                        enum reservation_command command, struct span text,
                                        struct reservation_change *done, char *why,
                                        size_t why_size, struct effects *fx);
enum reservation_reach { RESERVATION_NO_PARTNER, RESERVATION_HERE_ONLY, RESERVATION_ON_BOTH };
/* Is the change durable here, and has the partner made it durable too? */
MUST_USE bool server_reservation_done(const struct server *server,
                                      const struct reservation_change *change,
                                      enum reservation_reach *reach);

/* `count` datagrams were not given to it, for more came than could be done. */
void server_note_shed(struct server *server, size_t count);
/* `count` packets looked like answers to probes and were none. */
void server_note_probe_strays(struct server *server, size_t count);

/* Orderly stop: what is undecided is dropped, what is written is flushed.  No state change of
 * the pair. */
void server_stop(struct server *server, struct instant now, struct effects *fx);

/* ---- looking in; pointers are good until the next call that changes the server ---- */

struct server_counters {
    uint64_t received[DHCP4_TYPES];         /* by enum dhcp4_type, 0 = BOOTP */
    uint64_t sent[DHCP4_TYPES];             /* the same */
    uint64_t malformed[DHCP4_DROP_REASONS]; /* by enum dhcp4_decode */
    uint64_t no_subnet;                     /* relay or interface of no configured subnet */
    uint64_t not_admitted;                  /* allow, deny or require kept the client out */
    uint64_t not_serving;                   /* received in a state that serves nothing */
    uint64_t left_to_partner;               /* the partner's to answer */
    uint64_t other_server;                  /* REQUEST naming another server */
    uint64_t no_free_address;
    uint64_t over_limit;      /* no new address, for `limits` are reached */
    uint64_t bootp_refused;   /* BOOTP clients that may not have an address here */
    uint64_t bootp_withheld;  /* ... whose address cannot be promised without end now */
    uint64_t naks_withheld;   /* would be a NAK, but this peer may not decide it */
    uint64_t duplicate;       /* release, decline with an xid seen before */
    uint64_t queries_refused; /* leasequeries of nobody who may ask, or that ask for nothing */
    uint64_t shed;            /* in a flood: copies, and first contacts that ask again anyway */
    uint64_t partner_frames_bad;
    uint64_t conflicts;
    uint64_t acks_degraded; /* DHCPACKs at MCLT because the partner's ack came late */
    uint64_t acks_early;    /* renewals so early that the lease stayed as it was */
    uint64_t acks_dropped;  /* held DHCPACKs whose record was replaced or not durable in time */
    uint64_t store_failures;
    uint64_t probes_sent;
    uint64_t probes_in_use;  /* somebody answered */
    uint64_t probes_silent;  /* nobody but the client itself did */
    uint64_t probes_dropped; /* DHCPDISCOVERs left unanswered, for their address was not probed:
                                too many at once, or tried in vain */
    uint64_t probes_stray;   /* packets that looked like answers */
    uint64_t fqdn_malformed; /* options 81 that are none; the request was answered without */
};

/* What became of a DHCP request, for the history of both peers. */
struct nak_record {
    struct instant when;
    struct ip4 address;
    uint8_t key[CLIENT_KEY_MAX];
    size_t key_size;
    uint32_t xid;
    const char *reason; /* static */
    enum role by;
};

/* One client of a conflict. */
struct conflict_side {
    uint8_t key[CLIENT_KEY_MAX];
    size_t key_size;
    enum binding_state state; /* ACTIVE or ABANDONED */
    struct instant expires;   /* as it was when the peers met */
    enum role given_by;
};

/* One address, two clients with leases that had not ended: found when the peers' records met
 * (README of ha/, section 4). */
struct conflict_record {
    struct instant when;
    struct ip4 address;
    struct conflict_side keeps, loses; /* the loser is refused when it next asks */
    const char *cause;                 /* how it can have come about; static */
};

struct server_status {
    bool alone; /* no pair configured */
    enum role role;
    struct failover_status failover; /* ha/failover.h; zero when alone */
    bool serving;
    uint64_t seq, durable_seq, acked_seq; /* own stream; lag = seq - acked_seq */
    uint64_t partner_applied;             /* of the partner's stream */
    uint64_t partner_durable_seq;         /* as last heard */
    size_t own_unsent;                    /* bindings not yet sent */
    uint64_t digest;                      /* of the whole lease table */
    uint64_t partner_digest; /* as last heard, when partner_digest_known: while nothing
                                is on its way in either direction */
    bool partner_digest_known;
    size_t bindings, offers, held;
    size_t probes_pending; /* DHCPDISCOVERs that wait for one */
    bool probes_all;       /* every address is probed: this peer started without its partner */
    bool store_ok;
    const char *store_problem; /* "" when ok */
    struct dns_status dns;
    struct server_counters counters;
};

void server_status(const struct server *server, struct server_status *out);
struct lease_table *server_leases(struct server *server);
const struct config *server_config(const struct server *server);
/* The first of its own client-facing addresses; 0.0.0.0 if it has none. */
struct ip4 server_address(const struct server *server);
/* The newest `capacity` NAK decisions of both peers, newest first; returns how many. */
size_t server_nak_history(const struct server *server, struct nak_record *out, size_t capacity);
/* The newest `capacity` conflicts that this peer found, newest first; returns how many. */
size_t server_conflict_history(const struct server *server, struct conflict_record *out,
                               size_t capacity);
/* Has the pool fewer free addresses than its `warn-free`, and not recovered since? */
bool server_pool_is_low(const struct server *server, const struct config_pool *pool);
/* What has become of a reservation's address. */
enum reservation_use {
    RESERVATION_NO_ADDRESS,
    RESERVATION_PENDING, /* the address is about to be set aside */
    RESERVATION_FREE,    /* it is, and waits for its client */
    RESERVATION_LEASED,  /* to whom it is for */
    RESERVATION_WAITING, /* for the lease of another to end: `binding` says whose and when */
};
struct reservation_view {
    bool runtime;                                 /* made while running; else of the file */
    const struct config_reservation *reservation; /* NULL: not understood */
    enum runtime_state state;
    enum reservation_use use;
    struct binding binding; /* of the address, if there is one */
    struct span text;       /* the rest: of those made while running */
    struct version version;
    enum reservation_reach reach;
};
/* How many there may be to look at: first those of the file, then the others, each of which
 * stays at its index.  View one; false when there is none at that index. */
size_t server_reservation_count(const struct server *server);
MUST_USE bool server_reservation_view(struct server *server, size_t index,
                                      struct reservation_view *out);
/* Of those made while running: equal on both peers when both know the same. */
uint64_t server_reservation_digest(const struct server *server);
/* Free addresses of a pool per owner as the partner last said; false when unknown. */
MUST_USE bool server_partner_free(const struct server *server, const struct config_pool *pool,
                                  uint64_t *free);

#endif
