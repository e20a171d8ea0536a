/* proto/frame.h - what the peers say to each other, decoded; and the pair's memory on disk.
 *
 * The only place besides binding.c that knows protobuf-c.  failover.proto documents the fields;
 * ha/README.md says when each message is sent. */
#ifndef TWINDHCP_PROTO_FRAME_H
#define TWINDHCP_PROTO_FRAME_H

#include "proto/binding.h"
#include "proto/digests.h"
#include "proto/identity.h"
#include "proto/reservation.h"

#define FRAME_PROTOCOL         1
#define FRAME_SIZE_MAX         ((size_t)1 << 20) /* anything larger ends the session */
#define FRAME_BINDINGS_MAX     ((size_t)256)     /* in one BindingUpdate */
#define FRAME_CHAIN_MAX        64                /* incarnations in a Hello */
#define FRAME_POOLS_MAX        64                /* pools in one Heartbeat */
#define FRAME_IDENTIFIERS_MAX  16
#define FRAME_SUBNETS_MAX      ((size_t)1024) /* in one ConfigParts */
#define FRAME_RESERVATIONS_MAX 64             /* in one ReservationUpdate */
#define FRAME_TEXT_MAX         200
#define FRAME_ARENA_SIZE       ((size_t)4 << 20) /* enough to decode any frame that we ever send */

struct incarnation {
    uint64_t id;
    uint64_t last_seq;
};

struct hello {
    uint32_t protocol;
    char pair[FRAME_TEXT_MAX];
    enum role role;
    uint64_t nonce, answers_nonce;
    uint64_t store_id;
    bool store_new;
    size_t chain_count;
    struct incarnation chain[FRAME_CHAIN_MAX]; /* oldest first */
    uint64_t seq;
    uint64_t applied_store_id, applied_incarnation, applied_seq;
    uint32_t state; /* enum fo_state, checked by ha/ */
    bool starting;
    struct instant state_since;
    uint32_t term;
    struct instant clock;
    int64_t mclt_ms;
    bool restored;
    int64_t mclt_wait_ms;
    struct digests digests;
    size_t identifier_count;
    struct ip4 identifiers[FRAME_IDENTIFIERS_MAX];
};

struct pool_free {
    struct ip4 first, last;
    uint64_t free;
};

enum claim_operation { CLAIM_EXTEND = 1, CLAIM_RELEASE = 2, CLAIM_DECLINE = 3 };

enum frame_type {
    FRAME_HELLO = 10,
    FRAME_HELLO_ACK = 11,
    FRAME_UPDATE = 12,
    FRAME_ACK = 13,
    FRAME_SYNC_END = 14,
    FRAME_READY = 15,
    FRAME_STATE = 16,
    FRAME_HEARTBEAT = 17,
    FRAME_NAK = 18,
    FRAME_CLAIM = 19,
    FRAME_CLAIM_REPLY = 20,
    FRAME_HANDOVER = 21,
    FRAME_GOODBYE = 22,
    FRAME_CONFIG_PARTS = 23,
    FRAME_RESERVATIONS = 24,
    FRAME_RESERVATIONS_ACK = 25,
};
const char *frame_type_name(enum frame_type type); /* "Hello", ... */

struct frame {
    uint64_t session, n;
    enum frame_type type;
    union {
        struct hello hello;
        struct {
            bool set_back;
            char refused[FRAME_TEXT_MAX];
        } hello_ack;
        struct {
            uint64_t last_seq, number;
            size_t count;
            const struct binding *bindings;
        } update;
        struct {
            uint64_t last_seq, number;
        } ack;
        struct {
            uint64_t last_seq;
        } mark; /* SyncEnd, Ready, Handover */
        struct {
            uint32_t state, term;
            uint64_t last_seq;
        } state;
        struct {
            uint32_t state, term;
            uint64_t durable_seq;
            struct instant clock;
            int64_t mclt_ms;
            uint64_t digest;
            size_t pool_count;
            struct pool_free pools[FRAME_POOLS_MAX];
        } heartbeat;
        struct {
            struct span client;
            struct ip4 address;
            uint32_t reason, xid;
            struct instant when;
        } nak;
        struct {
            uint64_t id;
            enum claim_operation operation;
            struct version version;
            struct binding binding;
            int64_t lease_ms;
            struct span flex_id; /* at most FLEX_ID_MAX; empty: none */
        } claim;
        struct {
            uint64_t id;
            bool granted;
            uint64_t seq;
            char reason[FRAME_TEXT_MAX];
        } claim_reply;
        struct {
            char reason[FRAME_TEXT_MAX];
        } goodbye;
        struct {
            size_t count;
            const struct subnet_digests *subnets; /* ascending by network */
            bool more;
            struct file_digests file;
        } parts;
        struct {
            uint64_t number;
            size_t count; /* 0 in an ack */
            const struct reservation_record *records;
        } reservations; /* ReservationUpdate, ReservationAck */
    };
};

/* An upper bound of frame_encode()'s result. */
size_t frame_encoded_max(const struct frame *frame);
size_t frame_encode(const struct frame *frame, uint8_t *out, size_t capacity);

/* Decode; everything variable points into `arena` (FRAME_ARENA_SIZE bytes) and lives until its
 * next use.  TD_MALFORMED: not a frame of ours. */
MUST_USE enum td_err frame_decode(struct span bytes, uint8_t *arena, size_t arena_size,
                                  struct frame *out);

/* ---- the pair's memory of one peer, in its own store ---- */

struct pair_record {
    uint32_t state; /* last durable enum fo_state */
    struct instant since;
    uint32_t term;
    bool store_new;
    uint64_t store_id, partner_store_id; /* 0: no partner met yet */
    struct instant wait_until;           /* RECOVER-WAIT's end; 0 = none due */
    struct instant partner_down_at;      /* T_pd */
    bool wait_passed;                    /* T_pd + MCLT is over, or need not be waited for */
    uint64_t heard_incarnation, heard_seq;
    int64_t partner_mclt_ms;        /* 0 = never heard */
    int64_t own_mclt_ms;            /* as last announced */
    int64_t mclt_wait_ms;           /* the largest that either announced of late ... */
    struct instant mclt_wait_until; /* ... counts until then, even if no longer announced */
    struct instant contact;
    bool partner_lost;     /* its store was lost or set back, and it is not Ready yet */
    bool partner_set_back; /* ... and it must be told so until then */
    bool set_back;         /* the own store was: the wait for that has begun */
    bool restored;         /* the operator says that the own store is an older copy */
    size_t chain_count;
    struct incarnation chain[FRAME_CHAIN_MAX];
    size_t identifier_count;
    struct ip4 identifiers[FRAME_IDENTIFIERS_MAX]; /* the partner's server identifiers */
};

#define PAIR_RECORD_SIZE_MAX 4096
size_t pair_record_encode(const struct pair_record *record, uint8_t *out, size_t capacity);
MUST_USE enum td_err pair_record_decode(struct span bytes, uint8_t *arena, size_t arena_size,
                                        struct pair_record *out);

/* How far the partner's stream is applied here. */
struct applied_record {
    uint64_t store_id, incarnation, seq;
};

#define APPLIED_RECORD_SIZE_MAX 64
size_t applied_record_encode(const struct applied_record *record, uint8_t *out,
                             size_t capacity);
MUST_USE enum td_err applied_record_decode(struct span bytes, uint8_t *arena, size_t arena_size,
                                           struct applied_record *out);

/* Written with every batch: how far the own stream and the lease clock had come. */
struct progress_record {
    uint64_t seq;
    uint64_t acked_seq; /* a lower bound */
    struct instant clock;
};

#define PROGRESS_RECORD_SIZE_MAX 64
size_t progress_record_encode(const struct progress_record *record, uint8_t *out,
                              size_t capacity);
MUST_USE enum td_err progress_record_decode(struct span bytes, uint8_t *arena,
                                            size_t arena_size, struct progress_record *out);

#endif
