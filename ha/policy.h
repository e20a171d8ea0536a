/* ha/policy.h - who may do what with an address (README, section 5).
 *
 * Questions about one record in one state; nothing here changes anything. */
#ifndef TWINDHCP_HA_POLICY_H
#define TWINDHCP_HA_POLICY_H

#include "ha/failover.h"
#include "proto/binding.h"

/* The situation of this peer. */
struct policy {
    bool alone; /* no pair: owner of everything, no partner to wait for */
    enum role self;
    enum fo_state state;
    struct instant now;
    bool partner_down_wait_over; /* T_pd + MCLT has passed, or an orderly handover */
    int64_t max_clock_skew_ms;
    int64_t mclt_ms; /* the most that may be promised beyond what the partner knows */
    bool clocks_agree;
};

/* A record together with what is known of its way to the partner. */
struct policy_record {
    const struct binding *binding;
    bool freeing_acked; /* version 0, written by the partner, or acked by it */
};

/* Has the lease ended beyond doubt, by either clock? */
bool policy_ended(const struct policy *policy, const struct binding *b);

/* Does this peer hand out addresses at all / may it only extend its own known leases? */
bool policy_serves(const struct policy *policy);
bool policy_serves_renewals_only(const struct policy *policy);

/* Is it for this peer to write the record in this state? */
bool policy_may_write(const struct policy *policy, const struct binding *b);

/* The table "Bind a to client X". */
bool policy_may_bind(const struct policy *policy, const struct policy_record *record,
                     struct span client);

/* May the address go to a client that never had it: what the allocator asks. */
bool policy_may_give(const struct policy *policy, const struct policy_record *record);

/* May a lease that ended, or was released, be made FREE? */
bool policy_may_free(const struct policy *policy, const struct binding *b);

/* May release or decline be written here for the record's own client? */
bool policy_may_end(const struct policy *policy, const struct binding *b);

/* The lease time that may be promised now, ms: min(wanted, max(acked - now, MCLT)).  `acked` as
 * in the README, 0 when the partner knows of nothing. */
int64_t policy_promise_ms(const struct policy *policy, int64_t wanted_ms, struct instant acked);

/* Is a NAK for a client asking for this address, which is on its link, this peer's to decide?
 * (rules b and c of the README) */
bool policy_may_nak(const struct policy *policy, const struct policy_record *record,
                    struct span client);

#endif
