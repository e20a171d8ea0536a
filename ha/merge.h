/* ha/merge.h - an incoming record meets the own record of the same address (README, section 4).
 *
 * No rule reads a clock, so both peers compute the same. */
#ifndef TWINDHCP_HA_MERGE_H
#define TWINDHCP_HA_MERGE_H

#include "proto/binding.h"

/* How to look at the own record. */
enum merge_mode {
    MERGE_SEEN,     /* the partner knows it: what comes was written in that knowledge */
    MERGE_UNSEEN,   /* an own write that the partner has not acked: the two are concurrent */
    MERGE_AS_SENT,  /* this peer is in RECOVER: take whatever comes */
    MERGE_SURVIVOR, /* this peer is PARTNER-DOWN and the other in RECOVER: own clients stay */
};

enum merge_result {
    MERGE_IGNORED, /* a duplicate, or older than what is held: nothing to write */
    MERGE_TOOK,    /* `out` is the received record: write it as the partner's */
    MERGE_KEPT,    /* contents equal, own version higher: nothing to write */
    MERGE_STANDS,  /* the own record, newer and other: not written again, sent before the ack */
    MERGE_REWRITE, /* `out` is a write of this peer: new version and seq, sent before the ack */
};

struct merge_outcome {
    enum merge_result result;
    bool two_holders;    /* both are ACTIVE or ABANDONED, for different clients */
    bool conflict;       /* ... with equal terms: I1 is at stake unless one has ended */
    bool client_changed; /* the own record's client lost the address */
};

/* `out` borrows from `own` and `received`.  For MERGE_REWRITE the caller sets its version; its
 * term is set here.  Conflicts are reported without looking at clocks: the caller counts one
 * only if neither lease has ended. */
struct merge_outcome merge(const struct binding *own, const struct binding *received,
                           enum merge_mode mode, struct binding *out);

/* After merge(), which takes the names of the record that it takes the rest from: of records
 * that were written apart each may be the only one to know of a name in the DNS, so `out` gets
 * the names of both, in `buffer`.  Nothing changes where nobody has names. */
struct merge_outcome merge_names(const struct binding *own, const struct binding *received,
                                 enum merge_mode mode, struct merge_outcome outcome,
                                 uint8_t buffer[static NAMES_SIZE_MAX], struct binding *out);

/* Of use to ha/merge_names.c alone: what is to be done when `out` is what both make. */
struct merge_outcome merge_finish(const struct binding *own, const struct binding *received,
                                  struct binding *out, struct merge_outcome outcome);

#endif
