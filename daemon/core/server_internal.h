/* daemon/core/server_internal.h - what the files of daemon/core share. */
#ifndef TWINDHCP_DAEMON_CORE_SERVER_INTERNAL_H
#define TWINDHCP_DAEMON_CORE_SERVER_INTERNAL_H

#include "daemon/core/class.h"
#include "daemon/core/dns.h"
#include "daemon/core/explain.h"
#include "daemon/core/held.h"
#include "daemon/core/pace.h"
#include "daemon/core/probe_table.h"
#include "daemon/core/recent.h"
#include "daemon/core/ring.h"
#include "daemon/core/server.h"
#include "ha/hash.h"
#include "ha/hlc.h"
#include "ha/merge.h"
#include "ha/policy.h"
#include "proto/fqdn.h"
#include "proto/frame.h"
#include "proto/identity.h"

/* A record's `expires` lies this much beyond the lease time told, so that the time until the
 * DHCPACK leaves does not shorten it. */
#define LEASE_SLACK_MS     1000
#define UPDATES_IN_FLIGHT  8   /* BindingUpdates not yet acked */
#define ADDRESSES_MAX      16  /* own server identifiers */
#define ATTRIBUTE_SIZE_MAX 255 /* of a host name, option 82, vendor class as kept */
#define ENCODED_SIZE_MAX   (2 * FRAME_SIZE_MAX)
#define NAK_HISTORY        256
#define CONFLICT_HISTORY   256
#define CLAIMS_MAX         1024
#define STORE_RETRY_MS     1000
#define FREE_AGAIN_MS      10000 /* a lease that may not be freed yet is looked at again */
#define COUNTER_WRITES_MAX (FRAME_BINDINGS_MAX * UPDATES_IN_FLIGHT)

/* What becomes true when a batch is durable. */
struct batch_meta {
    uint64_t last_seq;   /* own writes up to here are in it or in earlier ones */
    uint64_t superseded; /* the first own seq, not acked then, that a write in it replaced; 0 =
                            none */
    bool has_applied;
    struct applied_record applied;
    uint64_t pair_written; /* number of the failover's PERSIST; 0 = none */
    uint64_t session;      /* of the partner's messages below */
    bool ack_due;
    uint64_t ack_last_seq, ack_number;
    bool sync_end;                /* the partner's SyncEnd stands behind it */
    uint64_t reservations_number; /* of the partner's ReservationUpdate to be acked; 0 = none */
    uint64_t reservations_session;
    size_t counter_count; /* counter-writes that must precede the ack */
    uint32_t counters[COUNTER_WRITES_MAX];
};

/* The own stream towards the partner. */
struct stream {
    uint64_t seq;         /* the last given out */
    uint64_t sent_seq;    /* in this session */
    uint64_t told_seq;    /* the highest last_seq of an update in this session */
    uint64_t acked_seq;   /* counted */
    uint64_t pending_ack; /* heard in this session, not counted yet */
    uint64_t number, acked_number;
    struct lease *last_sent; /* where to go on, if its seq is still sent_seq */
    bool walking;            /* the whole table is being sent */
    struct lease_walk walk;
    uint64_t walk_seq;   /* own durable seq when the walk began */
    uint64_t send_after; /* the batch that must be durable before anything is sent */
    bool all_unseen;     /* the partner's store was set back */
    bool trust;          /* what the partner acked, it holds */
    uint32_t generation; /* of that trust */
    bool ack_owed;       /* an ack that waits until ... */
    uint64_t owed_last_seq, owed_number;
    uint64_t owed_after; /* ... own writes up to here are sent, ... */
    uint32_t *owed;      /* ... and whatever the records of these addresses are by then */
    size_t owed_count, owed_capacity;
};

/* A request handed over to the owner of its address. */
struct claim {
    bool used;
    uint64_t id;
    enum claim_operation operation;
    struct instant since;
    struct held *held; /* the DHCPACK to send when granted; NULL for release and decline */
    bool imported;     /* of import.c: nobody waits for it */
};

/* A claim of the partner that was granted, to be answered once the write is sent. */
struct granted {
    uint64_t id, seq;
    struct ip4 address;
};

/* How the client of a request is named, found when it is asked for first (names.c). */
struct client_name {
    bool known;
    struct ip4 address;    /* that it is at */
    bool has_fqdn;         /* it sent option 81, which is to be answered */
    struct fqdn fqdn;      /* as sent */
    struct name name;      /* the result, whole if there is a domain; empty: none */
    size_t host_size;      /* of it without the domain */
    bool forward, reverse; /* what the pair keeps in the DNS */
    uint8_t option[FQDN_SIZE_MAX];
};

struct server {
    const struct config *config;
    bool alone;
    enum role self;
    struct ip4 addresses[ADDRESSES_MAX];
    size_t address_count;

    bool started;
    struct instant now;
    struct lease_table *leases;
    struct failover fo;
    struct fo_progress progress;   /* durable */
    struct applied_record applied; /* of the partner's stream, durable or on the way */
    struct hlc hlc;
    struct stream stream;

    bool loaded_pair;
    struct pair_record pair_record;
    struct instant kept_clock;

    /* batches: one is filled while the other is written */
    struct store_batch batches[2];
    struct batch_meta metas[2];
    size_t filling;
    bool in_flight;
    uint64_t batch_number; /* of the one being filled */
    struct pace pace;
    struct instant clock_kept_at;
    bool store_failed;
    struct instant store_retry_at;
    char store_problem[200];

    struct held_queue held;
    struct recent *recent;
    struct probe_table *probes; /* NULL: no address is ever probed */
    uint64_t probe_number;
    struct claim claims[CLAIMS_MAX];
    uint64_t claim_id;
    size_t claim_count;   /* not answered yet */
    size_t import_claims; /* of these, import.c's */
    struct granted granted[CLAIMS_MAX];
    size_t granted_head, granted_count;

    /* reservations are written into the records bit by bit */
    bool set_aside_due;
    struct lease_walk withdrawing; /* first from the records of those that are no more ... */
    size_t set_aside_next;         /* ... then into those of the ones that are */

    struct runtime runtime;                 /* reservations made while running */
    uint64_t runtime_number, runtime_acked; /* ReservationUpdates of this session */
    size_t runtime_next;                    /* the next entry to look at for sending */

    struct instant free_again; /* not before then: more has ended than was freed at once */

    size_t balance_next; /* the next pool to look at; all were: pool_count */
    struct instant balanced_at;
    size_t heartbeat_pool;  /* the next pool to report */
    uint64_t *partner_free; /* by pool index */
    bool *partner_free_known;
    uint64_t partner_digest, partner_digest_against; /* the own one when it was heard */
    bool partner_digest_known;
    uint64_t partner_durable_seq;

    bool *pool_low;             /* by pool index: told, and not recovered since */
    size_t watch_next;          /* the next pool to look at */
    struct instant *limit_told; /* by limit: when the log last said that it is reached */

    struct nak_record naks[NAK_HISTORY];
    struct ring nak_ring;
    struct conflict_record conflicts[CONFLICT_HISTORY];
    struct ring conflict_ring;
    struct server_counters counters;

    struct dhcp4_scratch scratch;
    struct dhcp4_packet packet;
    struct classes classes, classes_here; /* ... with the additional ones of a place */
    uint64_t *wanted_classes;
    struct config_send send; /* of the reply being composed, where several levels say it */
    struct dhcp4_writer writer;
    uint8_t *arena;   /* FRAME_ARENA_SIZE: what was decoded last */
    uint8_t *encoded; /* ENCODED_SIZE_MAX: what is being encoded */
    struct fo_effects fo_fx;

    struct client_name name;             /* of the request being answered */
    uint8_t names_bytes[NAMES_SIZE_MAX]; /* of the record being written */
    struct dns *dns;                     /* NULL: no `ddns` is configured */
    struct explain *explain; /* not NULL: nothing is done, all is noted (explain.h) */
};

/* One request while it is being answered. */
struct request {
    const struct datagram *datagram;
    const struct dhcp4_packet *packet;
    const struct config_subnet *subnet;
    const struct config_reservation *reservation;
    struct client_names names;
    struct ip4 source;     /* the own address that the reply leaves from */
    struct ip4 identifier; /* what we put into option 54 */
    bool unicast;          /* sent to this server alone */
    unsigned probes;       /* made for it already */
    struct ip4 probed;     /* an address that it may have, as a probe has shown; 0: none */
    bool partner_unheard;  /* the client waits for a partner that does not answer */
    uint8_t key_bytes[CLIENT_KEY_MAX];
    uint8_t hardware_key_bytes[CLIENT_KEY_MAX];
    uint8_t relay_bytes[ATTRIBUTE_SIZE_MAX]; /* option 82 of before */
    uint8_t flex_id_bytes[FLEX_ID_MAX];
};

/* Who says what to a client, nearest first. */
struct levels {
    const struct config_subnet *subnet;     /* that the address is in */
    const struct config_terms *reservation; /* NULL: the client has none */
    const struct classes *classes;
    const struct config_terms *place; /* pool, subnet, shared network and file in one */
    const struct config_send *send;   /* of all levels; NULL: none says anything */
    struct ip4 address;               /* the client's */
};

/* Note it and tell how often it was within the window, this one included; an explanation only
 * tells. */
static inline unsigned request_noted(struct server *s, enum recent_kind kind, struct span key,
                                     uint32_t xid, int64_t window_ms)
{
    return EXPLAINS(s) ? recent_count(s->recent, kind, key, xid, s->now, window_ms) + 1
                       : recent_note(s->recent, kind, key, xid, s->now, window_ms);
}

#define NOT_ADMITTED    "allow, deny or require keep the client out"
#define NO_FREE_ADDRESS "no pool of the client's link has a free address for it"

/* explain_why.c - the longer explanations; all ask for s->explain */
void explain_request(struct server *s, const struct request *r) __attribute__((cold));
void explain_may_bind(struct server *s, const struct request *r, const struct binding *b,
                      const char *as) __attribute__((cold));
/* explain_class.c */
void explain_classes(struct server *s, const struct request *r) __attribute__((cold));
void explain_option(struct server *s, const struct request *r, const struct levels *levels,
                    uint8_t code) __attribute__((cold));
void explain_lease_time(struct server *s, const struct request *r, struct ip4 address,
                        uint32_t wanted, uint32_t told) __attribute__((cold));
void explain_boot(struct server *s, const struct levels *levels) __attribute__((cold));
/* What is set and was not asked for; what found no room (after the packet is finished). */
void explain_unasked(struct server *s, const struct request *r, const struct levels *levels)
    __attribute__((cold));
void explain_dropped(struct server *s) __attribute__((cold));
void explain_reply(struct explain *e, const struct reply *reply) __attribute__((cold));
void explain_malformed(struct explain *e, struct span bytes, enum dhcp4_decode decoded)
    __attribute__((cold));
/* server.c - time passes */
void server_advance(struct server *s, struct instant now, struct effects *fx);
/* Not in this state: counted. */
void refuse_to_serve(struct server *s);

/* persist.c - writing records, and what follows when they are durable */
struct lease *persist_own(struct server *s, struct binding *b); /* sets version */
struct lease *persist_received(struct server *s, const struct binding *b);
void persist_pair(struct server *s, uint64_t number);
struct batch_meta *persist_meta(struct server *s); /* of the batch being filled */
void persist_applied(struct server *s, const struct applied_record *applied);
void persist_commit(struct server *s, struct effects *fx);
/* From when on the batch being filled is to be handed over, once the store is free. */
struct instant persist_due(const struct server *s);
uint64_t persist_filling_number(const struct server *s);
/* The batch with which all records in the table are durable. */
uint64_t persist_pending_number(const struct server *s);
/* Up to where a missing own seq means that something newer, durable here, stands for it. */
uint64_t persist_closable_seq(const struct server *s);
bool persist_is_durable(const struct server *s, uint64_t batch);
void persist_clear_unsent(struct server *s);
/* acked(a) of the README; what the partner holds of a freeing; whether it knows the record. */
struct instant persist_acked(const struct server *s, const struct lease *lease);
bool persist_freeing_acked(const struct server *s, const struct binding *b, uint64_t seq);

/* policy_view.c - this server's situation, for ha/policy */
struct policy policy_of(const struct server *s);
bool may_bind(struct server *s, const struct binding *b, const struct client_names *client);
/* What the allocator asks (lease_may_give): to any new client at all? */
struct give_context {
    struct server *server;
    struct policy policy;
};
bool give_may(void *context, const struct binding *b, uint64_t seq);
/* Does a live offer of `address` stand, to another client? */
bool offered_to_other(struct server *s, struct ip4 address, struct span client);
/* Has another client than the request's a lease of it that has not ended? */
bool held_by_other(const struct server *s, const struct request *r, const struct binding *b);
bool may_nak(struct server *s, const struct binding *b, const struct client_names *client);
uint64_t lease_seq(struct server *s, struct ip4 address);

/* select.c - subnet, client, reservation, class, lease time, option values */
bool select_request(struct server *s, const struct datagram *datagram, struct request *r);
bool select_is_own_address(const struct server *s, const struct request *r, struct ip4 address);
/* An own address, or what stands for it in option 54. */
bool select_is_own_identifier(const struct server *s, const struct request *r,
                              struct ip4 address);
bool select_is_pair_identifier(const struct server *s, const struct request *r,
                               struct ip4 address);
/* May `address` be given to the request's client as far as the configuration goes? */
bool select_configured_for(struct server *s, const struct request *r, struct ip4 address);
/* The subnet of the client's link that holds `address`; the one selected if none does. */
const struct config_subnet *select_subnet(const struct request *r, struct ip4 address);
/* What pool, subnet and file say of `address`. */
const struct config_terms *select_place(const struct server *s, const struct request *r,
                                        struct ip4 address);
/* What speaks to the client at `address`. */
struct levels select_levels(struct server *s, const struct request *r, struct ip4 address);
/* times.c: T1 and T2 as these levels want them, and as they are for a lease that is told. */
struct lease_shares select_shares(const struct levels *levels);
struct dhcp4_lease_times times_of(const struct lease_shares *shares, uint32_t seconds);
/* From seconds told or configured to milliseconds from now, and back; `expires` of a lease that
 * is written now.  CONFIG_INFINITE: without end. */
int64_t lease_ms_of(const struct server *s, uint32_t seconds);
uint32_t lease_seconds_of(const struct server *s, int64_t ms);
struct instant lease_expires(const struct server *s, int64_t ms);
uint32_t select_lease_seconds(struct server *s, const struct request *r, struct ip4 address);

/* reservation.c - whose reservation, and what it has set aside */
void reservation_find(struct server *s, struct request *r); /* by all the client's names */
const struct config_reservation *reservation_at(const struct server *s, struct ip4 address);
struct ip4 reservation_address(const struct request *r); /* 0.0.0.0: it has none */
/* Is `key` one of the client's that the record names; is it set aside for that very client? */
bool reservation_names(const struct server *s, const struct binding *b, struct span key);
bool reservation_names_holder(const struct server *s, const struct binding *b);
/* Could the client have the address that is kept for it now, as far as its record says? */
bool reservation_is_within_reach(struct server *s, const struct request *r);
/* The client holds `b`, but may have the address that is kept for it. */
bool reservation_awaits(struct server *s, const struct request *r, const struct binding *b);

/* flex_id.c - only where the file has a `flex-id` */
void flex_id_of_packet(const struct server *s, struct request *r); /* into r->names */
/* By what a record keeps: hardware, identifier, option 82, host name and vendor class. */
struct span flex_id_of_record(const struct server *s, const struct binding *b,
                              uint8_t out[static FLEX_ID_MAX]);

/* runtime_sync.c - reservations made while running: store and partner */
size_t runtime_write(struct server *s, const struct reservation_record *record);
MUST_USE enum td_err runtime_load(struct server *s, struct span key, struct span value);
MUST_USE enum td_err runtime_decode(struct span key, struct span value, uint8_t *arena,
                                    size_t arena_size, size_t *slot,
                                    struct reservation_record *record);
void runtime_start(struct server *s, struct effects *fx);
void runtime_session_begin(struct server *s);
void runtime_pump(struct server *s, struct effects *fx);
void runtime_heard(struct server *s, const struct frame *frame, struct effects *fx);
void runtime_ack_heard(struct server *s, uint64_t number);
void runtime_ack_batch(struct server *s, const struct batch_meta *meta, struct effects *fx);

/* class.c - which classes a client belongs to */
const struct classes *classes_of(struct server *s, const struct request *r);
/* With the additional ones of the pool (NULL: none), the subnet, its shared network and the
 * reservation.  Good until the next such question. */
const struct classes *classes_at(struct server *s, const struct request *r,
                                 const struct config_subnet *subnet,
                                 const struct config_pool *pool);

/* admit.c - may the client be served at a place that says `admission` (NULL: says nothing)?  Of
 * a pool it is asked before an address of it is given, not for a reserved address. */
bool place_admits(struct server *s, const struct request *r,
                  const struct config_admission *admission);
/* Does the client's link admit it, and one of the subnets on it? */
bool link_admits(struct server *s, const struct request *r);
/* Does any pool of the link, if it has one? */
bool pools_admit(struct server *s, const struct request *r);

/* answer.c - whose it is to answer (README, "Answer") */
bool answer_is_mine(struct server *s, const struct request *r, const struct binding *known);
/* Is it this peer's even while the partner may be answering too? */
bool answer_is_my_turn(const struct server *s, const struct request *r,
                       const struct binding *known);

/* discover.c, request.c, end.c, inform.c, bootp.c */
/* The address for a client that names none that it has; whether it is this peer's to answer. */
enum choice { CHOICE_FOUND, CHOICE_NONE, CHOICE_DENIED, CHOICE_PARTNERS };
enum choice choose_address(struct server *s, const struct request *r, struct ip4 *address);
void handle_bootp(struct server *s, struct request *r, struct effects *fx);
void handle_discover(struct server *s, struct request *r, struct effects *fx);
void handle_request(struct server *s, struct request *r, struct effects *fx);
void handle_release(struct server *s, struct request *r, struct effects *fx);
void handle_decline(struct server *s, struct request *r, struct effects *fx);
/* end.c: what a granted release or decline writes */
void end_write(struct server *s, const struct binding *current, enum claim_operation operation);
void handle_inform(struct server *s, struct request *r, struct effects *fx);

/* leasequery.c, leasequery_bulk.c - who has which address */
void leasequery_receive(struct server *s, const struct datagram *datagram, struct effects *fx);
/* The own address that a reply to `datagram` leaves from. */
struct ip4 select_source(const struct server *s, const struct datagram *datagram);
/* A lease that has not ended. */
bool leasequery_is_active(const struct server *s, const struct binding *b);
/* Is it an address that this server gives out? */
bool leasequery_is_ours(const struct server *s, struct ip4 address);
/* What an answer about `b` says, but for the header's xid and addresses.  `wanted`: the options
 * asked for. */
void leasequery_describe(struct server *s, const struct binding *b, struct span wanted);
struct dhcp4_reply_header leasequery_header(const struct binding *b);

/* limits.c - before the records are loaded */
void limits_init(struct server *s);
/* May the client have one more address?  Tells the operator when not. */
bool limits_allow(struct server *s, const struct request *r, struct ip4 address,
                  struct effects *fx);
void limits_note_offer(struct server *s, const struct request *r, struct ip4 address);

/* probe.c - is an address in use, before it is offered? */
/* Nothing is offered to the request now: it waits for a probe of `address`, or is dropped. */
bool probe_holds(struct server *s, const struct request *r, struct ip4 address,
                 struct effects *fx);
/* A probe has found the address of `b` in use. */
bool probe_forbids(const struct server *s, const struct request *r, const struct binding *b);
void probe_tick(struct server *s, struct effects *fx);

/* bind.c - writing a lease for a request */
void bind_address(struct server *s, const struct request *r, struct ip4 address);
void bind_address_for(struct server *s, const struct request *r, struct ip4 address,
                      uint32_t seconds);
struct span binding_attribute(struct span sent); /* as a record keeps it */
void binding_set_attributes(const struct request *r, struct binding *b);

/* early.c - a renewal that needs no write; false when it does */
/* Does nobody but this peer write the record now? */
bool early_is_sole_writer(const struct server *s, const struct binding *b);
bool answer_early(struct server *s, const struct request *r, struct ip4 address);

/* reply.c, options.c - composing and addressing */
/* Returns T1 and T2 for another lease time in the same packet. */
struct lease_shares reply_lease(struct server *s, const struct request *r, enum dhcp4_type type,
                                struct ip4 address, uint32_t seconds, struct reply *reply,
                                uint8_t packet[static DHCP4_MAX_SIZE]);
void reply_bootp(struct server *s, const struct request *r, struct ip4 address,
                 struct reply *reply, uint8_t packet[static DHCP4_MAX_SIZE]);
/* An offer of no address (RFC 8925, RFC 2563), with what is said at `place`. */
void reply_no_address(struct server *s, const struct request *r, struct ip4 place,
                      struct effects *fx);
void reply_inform(struct server *s, const struct request *r, struct effects *fx);
void reply_nak(struct server *s, const struct request *r, const char *reason,
               struct effects *fx);
void reply_send(struct server *s, const struct reply *reply, enum dhcp4_type type,
                struct effects *fx);
/* Where a relay listens: where it sends from, if it says so (RFC 8357). */
uint16_t reply_relay_port(const struct dhcp4_packet *p, const struct datagram *datagram);
void options_add(struct server *s, const struct request *r, const struct levels *levels);
struct config_boot options_boot(const struct levels *levels);
struct span options_find(const struct levels *levels, uint8_t code); /* data NULL: none */

/* names.c - how clients are named; only where levels->subnet->names is not NULL */
void names_add_host_name(struct server *s, const struct request *r,
                         const struct levels *levels);
void names_add_fqdn(struct server *s, const struct request *r, const struct levels *levels);
/* The client's name into its record, which was of the `same` client before or not. */
void names_write(struct server *s, const struct request *r, bool same, struct binding *b);
/* The name that the partner found for the client of its claim. */
void names_write_claimed(struct server *s, struct span claimed, struct binding *b);

/* dns_record.c - what a record has to be written down of before it is done to the DNS; only
 * where s->dns is not NULL */
void dns_intend(struct server *s, struct binding *b);
bool dns_is_settled(struct span names); /* nothing of the record may stand in the DNS */

/* dns.c - the work that the records leave for the DNS */
void dns_init(struct server *s);
void dns_deinit(struct server *s);
void dns_begin(struct server *s); /* all records are loaded */
/* The record of an address is to be replaced, or was. */
void dns_before(struct server *s, const struct lease *lease);
void dns_after(struct server *s, const struct lease *lease);
void dns_tick(struct server *s);
const struct config_send *options_send(struct server *s, const struct levels *levels);
bool options_never(const struct levels *levels, uint8_t code);
/* Is the client content without an IPv4 address (RFC 8925) where it would get `address`, or to
 * be told that there is none (RFC 2563)? */
bool options_v6_only(struct server *s, const struct request *r, struct ip4 address);
bool options_auto_config(struct server *s, const struct request *r);

/* nak.c */
enum nak_reason {
    NAK_WRONG_LINK = 1,
    NAK_LEASED_TO_OTHER = 2,
    NAK_NOT_AVAILABLE = 3,
    NAK_SERVER_DOWN = 4,
    NAK_LIMIT = 5,
    NAK_KEPT_ADDRESS = 6,
};
void nak_send(struct server *s, const struct request *r, struct ip4 address,
              enum nak_reason reason, struct effects *fx);
void nak_heard(struct server *s, const struct frame *frame);

/* conflict.c - one address, two clients: told and remembered */
void conflict_found(struct server *s, const struct binding *own, const struct binding *received,
                    const struct binding *out, struct effects *fx);

/* ack.c - DHCPACKs that wait */
void ack_hold(struct server *s, const struct request *r, struct ip4 address, uint32_t seconds,
              const struct lease *lease);
/* For a record that stays as it is. */
void ack_hold_as_is(struct server *s, const struct request *r, struct ip4 address,
                    uint32_t seconds);
struct held *ack_prepare(struct server *s, const struct request *r, struct ip4 address,
                         uint32_t seconds);
void ack_release(struct server *s, struct effects *fx);
/* The DHCPACK as it would leave, with `told` seconds of the `seconds` that are to be had. */
void ack_explain(struct server *s, const struct request *r, struct ip4 address,
                 uint32_t seconds, uint32_t told);

/* peer.c, update.c, send.c, claim.c - the partner */
void peer_frame(struct server *s, struct span bytes, struct effects *fx);
void peer_run(struct server *s, struct effects *fx); /* carries out s->fo_fx */
void peer_send(struct server *s, struct frame *frame, struct effects *fx); /* not yet stamped */
void update_receive(struct server *s, const struct frame *frame, struct effects *fx);
void update_sync_end(struct server *s, const struct frame *frame);
void stream_begin(struct server *s, const struct fo_sync *sync);
void stream_end(struct server *s);
void stream_ack_heard(struct server *s, uint64_t last_seq, uint64_t number);
void stream_trust(struct server *s);
void stream_pump(struct server *s, struct effects *fx);
/* When stream_pump() has something to send that it does not send yet; else false. */
bool stream_gathers(const struct server *s, struct instant *until);
void stream_ack_batch(struct server *s, const struct batch_meta *meta, struct effects *fx);
bool stream_is_unseen(const struct server *s, const struct lease *lease);
void claim_begin(struct server *s, const struct request *r, enum claim_operation operation,
                 struct ip4 address, struct effects *fx);
/* An imported lease of the partner's address, with `lease_ms` left; false: no claim is free. */
bool claim_import(struct server *s, const struct binding *b, struct span flex_id,
                  int64_t lease_ms, struct effects *fx);
void claim_heard(struct server *s, const struct frame *frame, struct effects *fx);
void claim_reply_heard(struct server *s, const struct frame *frame);
void claim_answer_sent(struct server *s, struct effects *fx);
void claim_drop_all(struct server *s);
void claim_tick(struct server *s); /* fills s->fo_fx */

/* watch.c - pools that run out */
void watch_tick(struct server *s, struct effects *fx);

/* upkeep.c - what time brings: freeing, offers, setting aside */
void upkeep_tick(struct server *s);
/* Is there more to do, from when on? */
bool upkeep_is_behind(const struct server *s, struct instant *from);
void upkeep_set_aside(struct server *s); /* all reservations, from the beginning */

#endif
