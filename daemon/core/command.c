/* daemon/core/command.c - what an operator tells the pair. */
#include "daemon/core/server_internal.h"

/* False for a server that is alone. */
static bool begin(struct server *s, struct instant now, const char **why, struct effects *fx)
{
    server_advance(s, now, fx);
    if (s->alone)
        *why = "this server has no partner: the file has no pair";
    return !s->alone;
}

static enum td_err end(struct server *s, enum td_err err, struct effects *fx)
{
    peer_run(s, fx);
    server_flush(s, s->now, fx);
    return err;
}

enum td_err server_partner_down(struct server *s, struct instant now, bool force,
                                const char **why, struct effects *fx)
{
    if (!begin(s, now, why, fx))
        return TD_REFUSED;
    return end(s, failover_declare(&s->fo, now, force, why, &s->fo_fx), fx);
}

enum td_err server_hand_over(struct server *s, struct instant now, const char **why,
                             struct effects *fx)
{
    enum td_err err;

    if (!begin(s, now, why, fx))
        return TD_REFUSED;
    err = failover_hand_over(&s->fo, now, why, &s->fo_fx);
    peer_run(s, fx);
    if (err == TD_OK)
        claim_drop_all(s);
    return end(s, err, fx);
}

enum td_err server_return(struct server *s, struct instant now, const char **why,
                          struct effects *fx)
{
    if (!begin(s, now, why, fx))
        return TD_REFUSED;
    return end(s, failover_return(&s->fo, now, why, &s->fo_fx), fx);
}

enum td_err server_end_wait(struct server *s, struct instant now, const char **why,
                            struct effects *fx)
{
    if (!begin(s, now, why, fx))
        return TD_REFUSED;
    return end(s, failover_end_wait(&s->fo, now, why, &s->fo_fx), fx);
}

enum td_err server_restored(struct server *s, struct instant now, const char **why,
                            struct effects *fx)
{
    if (!begin(s, now, why, fx))
        return TD_REFUSED;
    return end(s, failover_restored(&s->fo, now, why, &s->fo_fx), fx);
}
