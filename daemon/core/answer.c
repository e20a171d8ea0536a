/* daemon/core/answer.c - whose it is to answer (README of ha/, "Answer").
 *
 * In NORMAL a broadcast or relayed packet is the business of one peer; the other helps when
 * that one does not seem to. */
#include "daemon/core/server_internal.h"

#define ASKED_WINDOW_MS  60000
#define ASKED_UNANSWERED 3 /* the first packet and two retransmissions */

static bool partner_is_full_in(struct server *s, const struct request *r,
                               const struct config_subnet *subnet)
{
    for (size_t i = 0; i < subnet->pool_count; i++) {
        const size_t pool = subnet->first_pool + i;

        if ((!s->partner_free_known[pool] || s->partner_free[pool] > 0) &&
            place_admits(s, r, subnet->admission) &&
            place_admits(s, r, s->config->pools[pool].admission))
            return false;
    }
    return true;
}

/* The partner has said that it has no free address for the client in any pool of the link,
 * which has some. */
static bool partner_is_full(struct server *s, const struct request *r)
{
    const struct config_link *link = r->subnet->link;
    size_t pools = 0;

    for (size_t i = 0; i < link->subnet_count; i++) {
        pools += link->subnets[i]->pool_count;
        if (!partner_is_full_in(s, r, link->subnets[i]))
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

static void explain_peer(struct server *s, const struct request *r, const struct binding *known)
{
    const char *who = role_name(peer_to_answer(s, r, known));

    if (known != NULL)
        EXPLAIN(s, "answer", who, "it owns %s", IP(s, known->address));
    else if (s->config->pair.mode == CONFIG_HOT_STANDBY)
        EXPLAIN(s, "answer", who, "hot-standby: the primary answers");
    else
        EXPLAIN(s, "answer", who,
                "load-balancing: the client is in hash bucket %u of 256, those below %u are "
                "the primary's",
                hash_bucket(r->names.key), 256 * s->config->pair.split_percent / 100);
}

/* Note the question and tell whether the client has waited for the partner in vain. */
static bool partner_unheard(struct server *s, const struct request *r)
{
    const unsigned asked = request_noted(s, RECENT_ASKED, r->names.key, 0, ASKED_WINDOW_MS);
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
    if (s->alone || s->fo.state != FO_NORMAL || r->unicast) {
        EXPLAIN(s, "answer", "this server", "%s",
                s->alone     ? "there is no partner"
                : r->unicast ? "sent to this peer alone"
                             : "outside of NORMAL each peer answers whom it hears");
        return true;
    }
    if (EXPLAINS(s))
        explain_peer(s, r, known);
    if (peer_to_answer(s, r, known) == s->self)
        return true;
    if (partner_unheard(s, r) || (known == NULL && partner_is_full(s, r))) {
        EXPLAIN(s, "answer", role_name(s->self),
                "helps: the client waits in vain, or the partner has no address for it");
        return true;
    }
    CONCLUDE(s, EXPLAIN_PARTNER, "the %s answers this client", role_name(role_other(s->self)));
    s->counters.left_to_partner++;
    return false;
}
