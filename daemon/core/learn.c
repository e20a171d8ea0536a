/* daemon/core/learn.c - leases that another server gave, heard on the wire (daemon/shadow).
 *
 * They go into the table and nowhere else: a server that learns is alone, without a store, and
 * is asked for explanations only. */
#include "daemon/core/server_internal.h"

static void put(struct server *s, struct binding *b)
{
    b->version = hlc_next(&s->hlc, s->now, s->self);
    (void)lease_table_put(s->leases, b, 0);
}

void server_learn(struct server *s, struct instant now, const struct binding *binding)
{
    struct binding b = *binding;

    ASSERT(s->alone && s->started && s->explain == NULL && now.ms >= s->now.ms);
    ASSERT(b.state == BINDING_FREE || b.client.size > 0);
    s->now = now;
    put(s, &b);
}

void server_learn_time(struct server *s, struct instant now)
{
    struct instant due;
    const struct lease *lease;

    ASSERT(s->alone && s->started && now.ms >= s->now.ms);
    s->now = now;
    while ((lease = lease_table_earliest(s->leases, &due)) != NULL &&
           !instant_before(now, due)) {
        struct binding b = lease_binding_of(lease);

        b.state = BINDING_FREE;
        put(s, &b);
    }
}
