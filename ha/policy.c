/* ha/policy.c - the tables of README section 5. */
#include "ha/policy.h"

bool policy_ended(const struct policy *p, const struct binding *b)
{
    const int64_t skew = p->alone ? 0 : p->max_clock_skew_ms;

    return p->now.ms >= b->expires.ms + skew;
}

bool policy_serves(const struct policy *p)
{
    return p->alone || p->state == FO_NORMAL || p->state == FO_INTERRUPTED ||
           p->state == FO_PARTNER_DOWN;
}

bool policy_serves_renewals_only(const struct policy *p)
{
    return !p->alone &&
           (p->state == FO_POTENTIAL_CONFLICT || p->state == FO_RESOLUTION_INTERRUPTED);
}

static bool holds_client(const struct binding *b, struct span client)
{
    return client.size > 0 && span_equal(b->client, client);
}

static bool leased_to(const struct binding *b, struct span client)
{
    return (b->state == BINDING_ACTIVE || b->state == BINDING_RELEASED) &&
           holds_client(b, client);
}

bool policy_may_write(const struct policy *p, const struct binding *b)
{
    if (p->alone || p->state == FO_PARTNER_DOWN)
        return true;
    return policy_serves(p) && b->owner == p->self;
}

/* The rows of the table that deny, whatever the state; a `no` beats a `yes`. */
static bool denied(const struct policy *p, const struct binding *b, struct span client)
{
    if (b->reserved.size > 0 && !span_equal(b->reserved, client))
        return true;
    return b->state == BINDING_ABANDONED && !policy_ended(p, b);
}

/* Nothing that anyone promised for this address can still stand. */
static bool past_all_promises(const struct policy *p, const struct binding *b)
{
    return p->state == FO_PARTNER_DOWN && p->partner_down_wait_over && policy_ended(p, b);
}

static bool may_bind_free(const struct policy *p, const struct policy_record *r,
                          struct span client)
{
    const struct binding *b = r->binding;

    if (b->owner == p->self)
        return r->freeing_acked || holds_client(b, client) || past_all_promises(p, b);
    if (p->state == FO_INTERRUPTED)
        return b->reserved.size > 0 && span_equal(b->reserved, client);
    if (p->state == FO_PARTNER_DOWN && p->partner_down_wait_over)
        return holds_client(b, client) || policy_ended(p, b);
    return false;
}

static bool may_bind_alone(const struct policy *p, const struct binding *b, struct span client)
{
    return b->state == BINDING_FREE || leased_to(b, client) || policy_ended(p, b);
}

bool policy_may_bind(const struct policy *p, const struct policy_record *r, struct span client)
{
    const struct binding *b = r->binding;

    if (denied(p, b, client))
        return false;
    if (p->alone)
        return may_bind_alone(p, b, client);
    if (policy_serves_renewals_only(p))
        return leased_to(b, client);
    if (!policy_serves(p) || (p->state == FO_NORMAL && b->owner != p->self))
        return false;
    switch (b->state) {
    case BINDING_ACTIVE:
    case BINDING_RELEASED:
        return holds_client(b, client) || past_all_promises(p, b);
    case BINDING_FREE:
        return may_bind_free(p, r, client);
    case BINDING_ABANDONED:
        return past_all_promises(p,
                                 b); /* ended, as denied() has seen; else it is freed first */
    }
    return false;
}

bool policy_may_give(const struct policy *p, const struct policy_record *r)
{
    static const uint8_t nobody[1] = {0xff}; /* no client key begins with this tag */

    return r->binding->state == BINDING_FREE &&
           policy_may_bind(p, r, span_of(nobody, sizeof(nobody)));
}

bool policy_may_free(const struct policy *p, const struct binding *b)
{
    if (!p->alone && !p->clocks_agree)
        return false;
    if (b->state == BINDING_FREE || (b->state != BINDING_RELEASED && !policy_ended(p, b)))
        return false;
    if (p->alone)
        return true;
    if (p->state == FO_NORMAL)
        return b->owner == p->self;
    if (p->state == FO_INTERRUPTED) /* rewind: to the partner it has been FREE all the time */
        return b->owner == p->self && b->unsent && policy_ended(p, b);
    return p->state == FO_PARTNER_DOWN && p->partner_down_wait_over;
}

bool policy_may_end(const struct policy *p, const struct binding *b)
{
    return policy_may_write(p, b) || p->state == FO_INTERRUPTED;
}

int64_t policy_promise_ms(const struct policy *p, int64_t wanted_ms, struct instant acked)
{
    int64_t limit = p->mclt_ms;

    if (p->alone)
        return wanted_ms;
    if (p->clocks_agree && !policy_serves_renewals_only(p) && acked.ms - p->now.ms > limit)
        limit = acked.ms - p->now.ms;
    return wanted_ms < limit ? wanted_ms : limit;
}

bool policy_may_nak(const struct policy *p, const struct policy_record *r, struct span client)
{
    const struct binding *b = r->binding;
    const bool decides = p->alone || (p->state == FO_NORMAL && b->owner == p->self) ||
                         (p->state == FO_PARTNER_DOWN && p->partner_down_wait_over);

    if (!policy_serves(p))
        return false;
    if (b->state == BINDING_ACTIVE && !policy_ended(p, b) && !holds_client(b, client))
        return true;
    return decides && !policy_may_bind(p, r, client);
}
