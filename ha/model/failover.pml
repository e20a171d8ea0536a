/* ha/model/failover.pml - sections 3 to 6 of ha/README.md for spin.  See README.md here.
 *
 * One process chooses, again and again, any event that is possible; what is possible and what
 * an event does is C (events.h, steps.h), so that a state is one packed struct and a step one
 * transition.  Nothing is fair and nothing is ordered but what a stream orders. */

c_decl {
\#include <stdbool.h>
\#include <stdio.h>
\#include <stdlib.h>
\#include <string.h>
\#include "settings.h"
\#include "world.h"
}

c_state "struct world w" "Global"

c_code {
\#include "access.h"
\#include "versions.h"
\#include "rules.h"
\#include "merge.h"
\#include "session.h"
\#include "canon.h"
\#include "events.h"
\#include "steps.h"
\#include "check.h"
\#include "trace.h"
\#include "start.h"

static bool possible(enum event_kind kind, int p, int a, int c, bool above_all)
{
    const struct event e = {kind, p, a, c, above_all};

    return is_next(&e);
}

/* One step, and whether all is well after it. */
static bool step(enum event_kind kind, int p, int a, int c, bool above_all)
{
    const struct event event = {kind, p, a, c, above_all}, *e = &event;

    failed = false;
    if (e->kind != SEND_UPDATE && e->kind != SEND_ACK && e->kind != SEND_SYNC_END &&
        e->kind != RECEIVE && e->kind != FLUSH)
        WORLD.rounds = 0;
    happen(e);
    make_canonical();
    if (CHECK_I2)
        check_holders();
    if (CHECK_I3)
        check_tables();
    trace(e);
    return !failed;
}
}

bool holds = true;

/* kind, peer, address, client, and whether a version is above all others */
#define EVENT(kind, p, a, c, v) \
    :: d_step { \
        c_expr { possible (kind, p, a, c, v) } -> \
        c_code { now.holds = step(kind, p, a, c, v); }; \
        assert(holds) \
    }

#define OF_PEERS(kind) EVENT(kind, 0, 0, 1, 1) EVENT(kind, 1, 0, 1, 1)
#define OF_ADDRESS(kind, a) EVENT(kind, 0, a, 1, 1) EVENT(kind, 1, a, 1, 1)
#define OF_CLIENT(kind, a, c) EVENT(kind, 0, a, c, 1) EVENT(kind, 1, a, c, 1)

/* that write, and so choose a version */
#define WRITES(kind, a, c) OF_CLIENT(kind, a, c) EVENT(kind, 0, a, c, 0) EVENT(kind, 1, a, c, 0)

#define AT_ADDRESS(a) \
    OF_ADDRESS(SEND_UPDATE, a) \
    WRITES(FREE_IT, a, 1) \
    WRITES(GIVE, a, 1)

#define AT_CLIENT(a, c) \
    WRITES(REQUEST, a, c) \
    WRITES(RELEASE, a, c) \
    OF_CLIENT(ASK_BIND, a, c) \
    OF_CLIENT(ASK_RELEASE, a, c)

active proctype world()
{
    d_step { c_code { start_at(); } };
    do
    EVENT(TICK, 0, 0, 1, 1)
    EVENT(LINK_UP, 0, 0, 1, 1)
    EVENT(CUT, 0, 0, 1, 1)
    OF_PEERS(CRASH)
    OF_PEERS(LOSE_DISK)
    OF_PEERS(START)
    OF_PEERS(SERVE_ALONE)
    OF_PEERS(DETECT)
    OF_PEERS(FLUSH)
    OF_PEERS(ACK_FULL)
    OF_PEERS(ACK_SHORT)
    OF_PEERS(SEND_ACK)
    OF_PEERS(SEND_SYNC_END)
    OF_PEERS(SEND_STATE)
    OF_PEERS(SEND_REPLY)
    OF_PEERS(DECLARE_DOWN)
    OF_PEERS(HAND_OVER)
    OF_PEERS(SEND_HANDOVER)
    WRITES(RECEIVE, 0, 1)
    AT_ADDRESS(0)
    AT_CLIENT(0, 1)
    AT_CLIENT(0, 2)
#if CLIENTS > 2
    AT_CLIENT(0, 3)
#endif
#if ADDRESSES > 1
    AT_ADDRESS(1)
    AT_CLIENT(1, 1)
    AT_CLIENT(1, 2)
#if CLIENTS > 2
    AT_CLIENT(1, 3)
#endif
#endif
    od
}
