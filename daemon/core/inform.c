/* daemon/core/inform.c - DHCPINFORM: options for a client that has its address (RFC
 * 2131 4.3.5). */
#include "daemon/core/server_internal.h"

void handle_inform(struct server *s, struct request *r, struct effects *fx)
{
    const struct policy policy = policy_of(s);

    if (!policy_serves(&policy)) {
        refuse_to_serve(s);
        return;
    }
    if (r->packet->ciaddr.value == 0) {
        CONCLUDE(s, EXPLAIN_SILENT, "a DHCPINFORM without an address of its client (ciaddr)");
        return;
    }
    if (!answer_is_mine(s, r, NULL))
        return;
    CONCLUDE(s, EXPLAIN_ACKS, "options for a client that has its address");
    reply_inform(s, r, fx);
}
