/* ha/model/world.h - what a state of the model is: two peers with memory and disk, the link
 * between them, and what the clients hold.
 *
 * Time is kept as what is left of it, so that a state looks the same whenever it is reached: a
 * lease with `left` ticks, a wait with `wait` ticks.  Everything is packed, because the number
 * of states that fit in memory decides what can be checked. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#define PACKED __attribute__((packed))
typedef unsigned short bits;
typedef unsigned char small;

enum lease_state { FREE, ACTIVE, RELEASED };
enum peer_state {
    STARTUP,
    NORMAL,
    INTERRUPTED,
    PARTNER_DOWN,
    RECOVER,  /* and RECOVER-WAIT: `wait` > 0 */
    CONFLICT, /* POTENTIAL-CONFLICT */
    RESOLUTION_INTERRUPTED,
    SHUTDOWN,
};
enum message_kind {
    HELLO = 1,
    UPDATE,
    ACK,
    SYNC_END,
    TELL_READY,
    TELL_NORMAL,
    CLAIM_BIND,
    CLAIM_RELEASE,
    CLAIM_REPLY,
    HANDOVER,
};

/* The record of one address. */
struct PACKED record {
    bits state : 2, client : 2; /* 0: no client yet */
    bits left : 3;              /* until `expires` */
    bits owner : 1;
    bits version : 5; /* its rank among all versions there are; 0: never written */
    bits mine : 1;    /* in the own stream, else in the partner's */
    bits term : 2;
    bits attribute : 1; /* what the client said of itself */
};

/* A peer's durable knowledge of one address beside its record. */
struct PACKED knowledge {
    small applied : 5; /* version of the partner's last write that was applied here */
    small acked : 1;   /* the own write is acked */
    small unsent : 1;  /* was FREE and acked, and nothing has been sent since: rewind is safe */
    small given : 1;   /* FREE, and its freeing was acked before the present write */
};

struct PACKED store {
    struct record record[ADDRESSES];
    struct knowledge known[ADDRESSES];
    bits state : 4;
    bits store_new : 1;
    bits partner_store : 2; /* identity of the store last talked to */
    bits wait : 3;          /* RECOVER-WAIT, or T_pd + MCLT */
    bits declared : 1;      /* ghost: the partner was declared alone since this peer's NORMAL */
    bits term : 2;
};

/* Why a DHCPACK is held back, and when it may leave. */
enum reply_kind {
    REPLY_ON_ACK,  /* written in NORMAL: the full time with the ack, MCLT without */
    REPLY_ALONE,   /* written without a partner: at once */
    REPLY_ASKED,   /* claimed from the owner: when the claim is granted */
    REPLY_GRANTED, /* granted: at once */
};

struct PACKED volatile_address {
    bits ack_held : 1; /* an ack came that does not count before SyncEnd or Ready */
    bits sent : 1;     /* the own write was sent in this session */
    bits ack_due : 1;  /* an ack is owed */
    bits acked_left : 3;
};

/* What a crash takes. */
struct PACKED volatile_part {
    struct volatile_address at[ADDRESSES];
    /* the one DHCPACK held back */
    bits reply_on : 1, reply_address : 1, reply_client : 2, reply_version : 5, reply_left : 3,
        reply_kind : 2, reply_acked : 1;
    /* the session */
    bits session : 2; /* SESSION_* */
    bits caught_up : 1, sync_sent : 1, ready_sent : 1, ready_heard : 1, tell_normal : 1,
        handover_sent : 1;
    bits partner_behind : 1; /* it is in RECOVER, as both Hellos say, until its Ready */
    bits partner_lost : 1;   /* its store is new or lost: its acks count from its Ready on */
    /* the partner's claim being answered */
    bits claim_on : 1, claim_address : 1, claim_client : 2, claim_granted : 1, claim_awaited : 1;
    small state : 4;
};
enum { SESSION_NONE, SESSION_GREETING, SESSION_OPEN };

struct PACKED message {
    bits kind : 4, address : 1, client : 2, granted : 1;
    bits awaited : 1; /* a claim or its reply: the asker still waits for the answer */
    /* HELLO: durable state if starting, own store, the partner's store as it knows it */
    bits starting : 1, state : 4, store_new : 1, term : 2, store : 2, partner_store : 2;
    struct record record;                               /* UPDATE, CLAIM_RELEASE */
    struct PACKED { small version : 5; } at[ADDRESSES]; /* ACK, HELLO: applied */
};

struct PACKED world {
    struct store memory[2], disk[2];
    struct volatile_part vol[2];
    struct message queue[2][QUEUE]; /* queue[p]: on its way to p */
    small queued0 : 4, queued1 : 4;
    small up0 : 1, up1 : 1, link : 1, losses : 2;
    small rounds : 5; /* counter-writes since anything else happened */
    small store0 : 2, store1 : 2; /* identity of each peer's store */
    struct PACKED { bits client1 : 3, client2 : 3, client3 : 3; } held[ADDRESSES];
};
#endif
