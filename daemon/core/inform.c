/* daemon/core/inform.c - DHCPINFORM: options for a client that has its address (RFC
 * 2131 4.3.5). */
#include "daemon/core/server_internal.h"

void handle_inform(struct server *s, struct request *r, struct effects *fx)
{
    const struct policy policy = policy_of(s);

    if (!policy_serves(&policy)) {
        s->counters.not_serving++;
        return;
    }
    if (r->packet->ciaddr.value == 0 || !answer_is_mine(s, r, NULL))
        return;
    reply_inform(s, r, fx);
}
