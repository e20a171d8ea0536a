/* ha/failover.h - which state this peer is in, and what follows from it.
 *
 * One struct failover per pair.  It reads no clock, draws no random number and does no I/O:
 * events go in with the time, effects come out, and daemon/core carries them out.  It also owns
 * the session: the handshake, the numbering of frames, liveness.  The streams of bindings are
 * daemon/core's. */
#ifndef TWINDHCP_HA_FAILOVER_H
#define TWINDHCP_HA_FAILOVER_H

#include "config/model.h"
#include "ha/difference.h"
#include "proto/frame.h"

/* Values are on the wire and on disk. */
enum fo_state {
    FO_STARTUP = 0,
    FO_RECOVER = 1,
    FO_RECOVER_WAIT = 2,
    FO_NORMAL = 3,
    FO_INTERRUPTED = 4, /* COMMUNICATIONS-INTERRUPTED */
    FO_PARTNER_DOWN = 5,
    FO_POTENTIAL_CONFLICT = 6,
    FO_RESOLUTION_INTERRUPTED = 7,
    FO_SHUTDOWN = 8,
};
#define FO_STATES 9

const char *fo_state_name(enum fo_state state); /* "COMMUNICATIONS-INTERRUPTED"; static */

enum fo_link { FO_LINK_DOWN, FO_LINK_HANDSHAKE, FO_LINK_SYNC, FO_LINK_UP };
const char *fo_link_name(enum fo_link link); /* "down", "handshake", "synchronising", "up" */

/* For an operator. */
struct failover_status {
    enum fo_state state;
    struct instant since;
    const char *reason; /* why it was entered: one clause, static */
    const char
        *advice; /* what it waits for and the command that ends the wait; "" if nothing */
    uint32_t term;
    enum fo_link link;
    struct instant heard; /* the last frame of the partner; 0 = never */
    bool partner_known;   /* `partner_*` were heard at least once since start */
    enum fo_state partner_state;
    int64_t clock_difference_ms; /* partner's lease clock less own, as last measured */
    bool clocks_agree;
    int64_t mclt_ms;           /* in force */
    struct instant wait_until; /* RECOVER-WAIT's end, or PARTNER-DOWN's T_pd + MCLT; 0 = none */
    const char *config_difference; /* "", or "pools of 10.1.0.0/24, options of 10.2.0.0/16" */
    const struct differences *differences;
    const char *last_problem; /* why the last session was refused or ended; "" if none */
};

/* ---- effects, in the order to carry them out ---- */

enum fo_effect_type {
    FO_DO_PERSIST,      /* write fo->record; failover_durable(number) when it is */
    FO_DO_SEND,         /* `frame`, complete with session and number */
    FO_DO_HEARTBEAT,    /* fill in `frame`, which has its number, and send it */
    FO_DO_RESET_LINK,   /* drop the connection */
    FO_DO_EVENT,        /* tell the operator */
    FO_DO_SESSION_OPEN, /* a session begins: `sync` says what the partner lacks */
    FO_DO_SESSION_END,  /* nothing of it counts any more */
    FO_DO_STATE,        /* fo->state has changed */
    FO_DO_TRUST,        /* the partner's acks of this session count from here on */
};

/* What a new session has to do for the streams. */
struct fo_sync {
    bool whole; /* send the whole table, else own writes after `after` */
    uint64_t after;
    bool partner_lost; /* the partner's store is new, lost or set back: what it had acked and
                          what it knew no longer counts */
    bool partner_set_back; /* ... and every own record is unseen for this sync */
    bool set_back;         /* the own store is: all that it holds counts as seen */
    bool forget_applied;   /* the partner's numbers start anew */
};

struct fo_effect {
    enum fo_effect_type type;
    union {
        uint64_t number;
        struct frame frame;
        struct fo_sync sync;
        struct {
            int severity; /* 0 info .. 3 error, as enum event_severity */
            const char *name;
            char text[256];
        } event;
    };
};

#define FO_EFFECTS_MAX 24
struct fo_effects {
    size_t count;
    struct fo_effect items[FO_EFFECTS_MAX];
};

/* What the streams have reached; kept by daemon/core, read for Hello. */
struct fo_progress {
    uint64_t durable_seq;
    struct applied_record applied;
};

struct failover {
    /* fixed */
    const struct config *config;
    enum role self;
    const struct fo_progress *progress;
    size_t identifier_count;
    struct ip4 identifiers[FRAME_IDENTIFIERS_MAX];

    /* durable, as last written or about to be */
    struct pair_record record;
    uint64_t written, durable; /* numbers of PERSISTs asked for and done */
    bool dirty;                /* changed since, not worth a write of its own */

    /* the state acted on; `pending` waits for its durability */
    struct instant now, started;
    enum fo_state state;
    struct instant since;
    const char *reason;
    bool has_pending;
    enum fo_state pending;
    const char *pending_reason;
    uint64_t pending_number;
    int64_t absence_ms;           /* how long this peer was down before it started */
    struct instant waiting_since; /* STARTUP: the start, or the last contact */

    /* connection and session */
    bool connected;
    struct instant disconnected_at;
    uint64_t random; /* state of the nonce generator */
    uint64_t nonce, partner_nonce;
    uint64_t session; /* 0: none */
    uint64_t sent_n, received_n;
    bool greeted, accepted; /* the partner's Hello / HelloAck are here */
    bool open;              /* both, and ours sent */
    bool partner_set_back;  /* our verdict */
    bool partner_lost;      /* its store is new, another than before, or set back */
    bool set_back;          /* the partner's verdict */
    struct instant hello_at, heard, heartbeat_at;
    struct instant session_ended_at; /* 0 while one is open */
    struct hello partner;            /* of this session */
    uint32_t term_before;            /* own term before the handshake */
    bool caught_up;                  /* the partner's SyncEnd is applied */
    bool sync_sent;                  /* own SyncEnd is sent */
    bool ready_sent, ready_heard;
    bool normal_heard;   /* the partner is in NORMAL, for whoever has applied ... */
    uint64_t normal_seq; /* ... its writes up to here */
    bool trusted;        /* acks of this session count */

    /* last heard of the partner, over sessions */
    bool partner_known;
    enum fo_state partner_state;
    int64_t clock_difference_ms;
    bool clocks_agree;
    char last_problem[FRAME_TEXT_MAX + 64];
    struct differences differences; /* of the files */
    struct digests reported;        /* the partner's, as last told to the operator */
    bool parts_due;                 /* own ConfigParts are to be sent, ... */
    size_t parts_sent;              /* ... and so many subnets are */
    char config_difference[160];

    bool started_alone; /* serves without having met its partner since it was in STARTUP */

    bool speechless; /* the own store cannot be written: no contact until it can */

    bool handing_over;  /* SHUTDOWN by command: the partner is still to be told */
    bool handover_sent; /* it is told, in this session */
    bool handed_over;   /* told and taken: no contact until a restart or `twinctl return` */
    bool handed_to;     /* the partner's handover is being taken */

    uint64_t ignored; /* frames that meant nothing: of an old session, or out of place */
};

void failover_init(struct failover *fo, const struct config *config, enum role self,
                   const struct fo_progress *progress, const struct ip4 *identifiers,
                   size_t identifier_count);

/* Begin.  `stored` is the record as kept, NULL for a new store; `kept_clock` the lease clock as
 * kept; `seed` is random. */
void failover_start(struct failover *fo, struct instant now, const struct pair_record *stored,
                    struct instant kept_clock, const uint64_t seed[static 3],
                    struct fo_effects *fx);

void failover_link(struct failover *fo, struct instant now, bool up, struct fo_effects *fx);

/* What daemon/core has to do with a frame. */
enum fo_frame {
    FO_FRAME_DONE,   /* dealt with, or of no meaning */
    FO_FRAME_STREAM, /* of the open session: an update, ack, SyncEnd, NAK notice, claim ... */
};
enum fo_frame failover_receive(struct failover *fo, struct instant now,
                               const struct frame *frame, struct fo_effects *fx);
/* Bytes that were no frame: ends the session. */
void failover_bad_frame(struct failover *fo, struct instant now, struct fo_effects *fx);

/* The session is of no use any more, as `problem` says. */
void failover_abandon_session(struct failover *fo, struct instant now, const char *problem,
                              struct fo_effects *fx);

/* Give `frame` its session and number; it must then be sent. */
void failover_stamp(struct failover *fo, struct frame *frame);

/* The partner's SyncEnd is applied and durable / the own one is sent. */
void failover_caught_up(struct failover *fo, struct instant now, struct fo_effects *fx);
/* More of the partner's stream is applied and durable. */
void failover_applied(struct failover *fo, struct instant now, struct fo_effects *fx);
void failover_sync_sent(struct failover *fo, struct instant now, struct fo_effects *fx);

void failover_durable(struct failover *fo, struct instant now, uint64_t number,
                      struct fo_effects *fx);
void failover_tick(struct failover *fo, struct instant now, struct fo_effects *fx);
struct instant failover_wakeup(const struct failover *fo);

/* The own store cannot be written, or can again.  A peer that cannot keep what it hears or says
 * leaves contact, so that its partner serves every client. */
void failover_store(struct failover *fo, struct instant now, bool writable,
                    struct fo_effects *fx);

/* The loop stood still for longer than link-timeout: what the partner did meanwhile is unknown.
 */
void failover_stalled(struct failover *fo, struct instant now, struct fo_effects *fx);

/* The operator declares the partner down.  `force` also ends the waiting of a peer that cannot
 * know what its partner did. */
MUST_USE enum td_err failover_declare(struct failover *fo, struct instant now, bool force,
                                      const char **why, struct fo_effects *fx);

/* No lease that this peer has forgotten can stand any more, says the operator: RECOVER-WAIT
 * ends. */
MUST_USE enum td_err failover_end_wait(struct failover *fo, struct instant now,
                                       const char **why, struct fo_effects *fx);

/* The store was restored from an older copy: it counts as lost.  The peer stops serving, in
 * whatever state it is, and recovers from its partner. */
MUST_USE enum td_err failover_restored(struct failover *fo, struct instant now,
                                       const char **why, struct fo_effects *fx);

/* Orderly handover, by the operator at the peer that goes.  daemon/core then flushes its stream
 * and calls failover_flushed(); the partner's core calls failover_handed_to() for a Handover
 * whose seq it has applied.  failover_return() ends it. */
MUST_USE enum td_err failover_hand_over(struct failover *fo, struct instant now,
                                        const char **why, struct fo_effects *fx);
void failover_flushed(struct failover *fo, struct instant now, struct fo_effects *fx);
/* `applied`: all that the Handover stands on is here. */
void failover_handed_to(struct failover *fo, struct instant now, bool applied,
                        struct fo_effects *fx);
MUST_USE enum td_err failover_return(struct failover *fo, struct instant now, const char **why,
                                     struct fo_effects *fx);

/* May own bindings be sent in this session now? */
bool failover_may_send(const struct failover *fo);
/* Is this peer catching up, so that it takes records as they come? */
bool failover_is_recovering(const struct failover *fo);
/* Does this peer serve without having met its partner since its start?  It cannot know whom the
 * partner may have served: every address is to be probed before it is offered. */
bool failover_started_alone(const struct failover *fo);
/* Both peers served alone, and this session is to bring them together. */
bool failover_is_resolving(const struct failover *fo);
bool failover_partner_is_recovering(const struct failover *fo);
/* The MCLT for a promise, and for a wait. */
int64_t failover_mclt_promise_ms(const struct failover *fo);
int64_t failover_mclt_wait_ms(const struct failover *fo);
/* PARTNER-DOWN: T_pd + MCLT is over, or need not be waited for. */
bool failover_wait_is_over(const struct failover *fo, struct instant now);
/* Is `address` one of the partner's server identifiers? */
bool failover_is_partner_identifier(const struct failover *fo, struct ip4 address);
void failover_status(const struct failover *fo, struct failover_status *out);

#endif
