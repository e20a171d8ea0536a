/* daemon/core/answer.c - whose it is to answer (README of ha/, "Answer").
 *
 * In NORMAL a broadcast or relayed packet is the business of one peer; the other helps when
 * that one does not seem to. */
#include "daemon/core/server_internal.h"

#define ASKED_WINDOW_MS  60000
#define ASKED_UNANSWERED 3 /* the first packet and two retransmissions */

static bool partner_is_full_in(const struct server *s, const struct config_subnet *subnet)
{
    for (size_t i = 0; i < subnet->pool_count; i++) {
        const size_t pool = subnet->first_pool + i;

        if (!s->partner_free_known[pool] || s->partner_free[pool] > 0)
            return false;
    }
    return true;
}

/* The partner has said that it has no free address in any pool of the link, which has some. */
static bool partner_is_full(const struct server *s, const struct config_link *link)
{
    size_t pools = 0;

    for (size_t i = 0; i < link->subnet_count; i++) {
        pools += link->subnets[i]->pool_count;
        if (!partner_is_full_in(s, link->subnets[i]))
            return false;
    }
    return pools > 0;
}

static enum role peer_to_answer(const struct server *s, const struct request *r,
                                const struct binding *known)
{
    if (known != NULL)
        return known->owner;
    if (s->config->pair.mode == CONFIG_HOT_STANDBY)
        return ROLE_PRIMARY;
    return hash_peer(r->names.key, s->config->pair.split_percent);
}

/* Note the question and tell whether the client has waited for the partner in vain. */
static bool partner_unheard(struct server *s, const struct request *r)
{
    const unsigned asked =
        recent_note(s->recent, RECENT_ASKED, r->names.key, 0, s->now, ASKED_WINDOW_MS);
    const int64_t waited_ms = (int64_t)hash_client_secs(r->packet->secs) * 1000;

    return waited_ms >= s->config->pair.max_unanswered_ms || asked >= ASKED_UNANSWERED;
}

bool answer_is_my_turn(const struct server *s, const struct request *r,
                       const struct binding *known)
{
    return s->alone || s->fo.state == FO_PARTNER_DOWN || peer_to_answer(s, r, known) == s->self;
}

bool answer_is_mine(struct server *s, const struct request *r, const struct binding *known)
{
    if (s->alone || s->fo.state != FO_NORMAL || r->unicast)
        return true;
    if (peer_to_answer(s, r, known) == s->self)
        return true;
    if (partner_unheard(s, r) || (known == NULL && partner_is_full(s, r->subnet->link)))
        return true;
    s->counters.left_to_partner++;
    return false;
}
