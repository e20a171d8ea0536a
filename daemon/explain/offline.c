/* daemon/explain/offline.c - see offline.h */
#include "daemon/explain/offline.h"

#include <stdlib.h>

#define STEP_MS   10
#define MEET_MS   60000 /* the longest that peers without a past may need */
#define SETTLE_MS 1000  /* reservations are written into the records meanwhile */

struct offline {
    struct server *servers[2]; /* by role; one alone: [0] */
    struct effects fx[2];
    size_t count;
    enum role asked;
    struct instant now;
};

static void carry_out_one(struct offline *o, size_t i, const struct effect *effect)
{
    struct server *other = o->servers[1 - i];

    switch (effect->type) {
    case EFFECT_COMMIT:
        server_durable(o->servers[i], o->now, effect->batch->number, &o->fx[i]);
        break;
    case EFFECT_SEND:
        if (other != NULL)
            server_frame(other, o->now, effect->bytes, &o->fx[1 - i]);
        break;
    case EFFECT_LINK_RESET:
    case EFFECT_REPLY:
    case EFFECT_PROBE:
    case EFFECT_EVENT:
        break;
    }
}

/* What one effect causes comes at the end of its server's list. */
static void carry_out(struct offline *o)
{
    size_t done[2] = {0, 0};

    while (done[0] < o->fx[0].count || done[1] < o->fx[1].count) {
        for (size_t i = 0; i < ARRAY_SIZE(o->fx); i++) {
            while (done[i] < o->fx[i].count) {
                const struct effect effect = o->fx[i].items[done[i]++];

                carry_out_one(o, i, &effect);
            }
        }
    }
    effects_clear(&o->fx[0]);
    effects_clear(&o->fx[1]);
}

static bool all_serve(const struct offline *o)
{
    for (size_t i = 0; i < o->count; i++) {
        struct server_status status;

        server_status(o->servers[i], &status);
        if (!status.alone && status.failover.state != FO_NORMAL)
            return false;
    }
    return true;
}

static void pass_time(struct offline *o, int64_t ms)
{
    for (const int64_t end = o->now.ms + ms; o->now.ms < end;) {
        o->now.ms += STEP_MS;
        for (size_t i = 0; i < o->count; i++)
            server_tick(o->servers[i], o->now, &o->fx[i]);
        carry_out(o);
    }
}

struct offline *offline_new(const struct config *config, enum role role, struct ip4 local,
                            struct instant now)
{
    struct offline *o = calloc(1, sizeof(*o));
    const uint8_t seeds[2][32] = {{1}, {2}};

    ASSERT(o != NULL);
    o->count = config->has_pair ? 2 : 1;
    o->asked = config->has_pair ? role : ROLE_PRIMARY;
    o->now = now;
    for (size_t i = 0; i < ARRAY_SIZE(o->fx); i++)
        effects_init(&o->fx[i]);
    for (size_t i = 0; i < o->count; i++) {
        o->servers[i] = server_new(config, (enum role)i, &local, i == (size_t)o->asked ? 1 : 0);
        server_start(o->servers[i], now, seeds[i], &o->fx[i]);
    }
    for (size_t i = 0; i < o->count && config->has_pair; i++)
        server_link_up(o->servers[i], now, &o->fx[i]);
    carry_out(o);
    for (int64_t waited = 0; !all_serve(o) && waited < MEET_MS; waited += STEP_MS)
        pass_time(o, STEP_MS);
    pass_time(o, SETTLE_MS);
    if (all_serve(o))
        return o;
    offline_free(o);
    return NULL;
}

void offline_free(struct offline *o)
{
    if (o == NULL)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(o->fx); i++) {
        server_free(o->servers[i]);
        effects_deinit(&o->fx[i]);
    }
    free(o);
}

struct server *offline_server(struct offline *o)
{
    return o->servers[o->asked];
}

struct instant offline_now(const struct offline *o)
{
    return o->now;
}
