/* ha/model/settings.h - what a run of the model includes.  Each may be set with -D. */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

/* ---- size ---- */
#ifndef ADDRESSES
#define ADDRESSES 1
#endif
#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef LEASE
#define LEASE 3 /* ticks of a full lease */
#endif
#ifndef MCLT
#define MCLT 1
#endif
#ifndef QUEUE
#define QUEUE 3 /* messages in flight in each direction */
#endif

/* ---- what may happen ---- */
#ifndef DECLARE
#define DECLARE 0 /* partner-down is declared: 1 while the partner is down, 2 over one that serves */
#endif
#ifndef HANDOVERS
#define HANDOVERS 0 /* orderly handover */
#endif
#ifndef LOSSES
#define LOSSES 0 /* how often a disk is lost */
#endif
#ifndef RELEASES
#define RELEASES 1 /* clients release */
#endif
#ifndef BALANCE
#define BALANCE 0 /* free addresses are given to the partner */
#endif
#ifndef CLAIMS
#define CLAIMS 0 /* claims: bind and release at the peer that is not the owner */
#endif
#ifndef REWIND
#define REWIND 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef LATE_DISK
#define LATE_DISK 0 /* a write becomes durable later, in a step of its own */
#endif
#ifndef SKEW
#define SKEW 0 /* clocks apart: a new version need only be above all that its writer has seen */
#endif
#ifndef SHORT_LINK
#define SHORT_LINK 0 /* 1: a cut link loses what is under way, both Hellos arrive in one step */
#endif
#ifndef ROUNDS
#define ROUNDS 0 /* so many counter-writes may follow each other; more are without end */
#endif
#ifndef ATTRIBUTES
#define ATTRIBUTES 0 /* a client tells each peer something else of itself */
#endif

/* ---- what is checked ---- */
#ifndef CHECK_I1
#define CHECK_I1 1
#endif
#ifndef CHECK_I2
#define CHECK_I2 1
#endif
#ifndef CHECK_I3
#define CHECK_I3 1
#endif
#ifndef CHECK_I6
#define CHECK_I6 1
#endif
#ifndef CHECK_CONFLICT
#define CHECK_CONFLICT 1
#endif
#ifndef SYMMETRY
#define SYMMETRY FIX_TIE /* clients are interchangeable: of two such states explore one */
#endif
#ifndef START_AT
#define START_AT 0 /* a state to start from, see start.h */
#endif

/* ---- the rules that a counterexample led to: 1 = the contract, 0 = without the rule ---- */
#ifndef FIX_CUM
#define FIX_CUM 1 /* no ack counts before the partner's SyncEnd */
#endif
#ifndef FIX_RW
#define FIX_RW 1 /* rewind only what was bound from a FREE that the partner had acked */
#endif
#ifndef FIX_MARK
#define FIX_MARK 1 /* "nothing sent since" is cleared durably before the frame leaves */
#endif
#ifndef FIX_TERM
#define FIX_TERM 1 /* clients differ: the higher term wins; a join bears its winner's term */
#endif
#ifndef FIX_LREL
#define FIX_LREL 1 /* partner's store lost: own unacked RELEASED or FREE become ACTIVE again */
#endif
#ifndef FIX_JOIN
#define FIX_JOIN 1 /* the join reads no clock */
#endif
#ifndef FIX_REST
#define FIX_REST 1 /* a result equal to an older record received is a counter-write too */
#endif
#ifndef FIX_CLV
#define FIX_CLV 1 /* a claimed release counts only for the version that the asker held */
#endif
#ifndef FIX_LACK
#define FIX_LACK 1 /* acks of a partner that lost its store count from its Ready on */
#endif
#ifndef FIX_GIVE
#define FIX_GIVE 1 /* only addresses whose freeing is acked are given away */
#endif
#ifndef FIX_SEQ
#define FIX_SEQ 1 /* the RECOVER peer sends first and takes what it is sent */
#endif
#ifndef FIX_PDL
#define FIX_PDL 1 /* PARTNER-DOWN past its wait: the partner's FREE address to its last client */
#endif
#ifndef FIX_LOST
#define FIX_LOST 1 /* partner's store lost while this peer was away too: both wait MCLT */
#endif
/* 1: an address is given away only once the lease before it has ended.
 * 2: what was given away is never revived (needs one more durable bit a record). */
#ifndef FIX_GIFT
#define FIX_GIFT 1
#endif
#ifndef FIX_STAND
#define FIX_STAND 1 /* an own record that stands against an older one is not written again */
#endif
#ifndef FIX_TIE
#define FIX_TIE 1 /* clients differ, nothing else decides: the version, not an order of clients */
#endif
#endif
