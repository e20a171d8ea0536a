/* daemon/explain/offline.h - the servers of a configuration, without a daemon: to ask what they
 * would do with an empty lease table.
 *
 * With a pair both peers run in this process and are brought to NORMAL, so that what is said
 * of who answers is what the pair would do. */
#ifndef TWINDHCP_DAEMON_EXPLAIN_OFFLINE_H
#define TWINDHCP_DAEMON_EXPLAIN_OFFLINE_H

#include "daemon/core/server.h"

struct offline;

/* `config` is borrowed; `role` counts when it has a pair; `local` is the asked server's own
 * address.  NULL when the peers do not come to NORMAL. */
MUST_USE struct offline *offline_new(const struct config *config, enum role role,
                                     struct ip4 local, struct instant now);
void offline_free(struct offline *offline); /* NULL is fine */

struct server *offline_server(struct offline *offline);
struct instant offline_now(const struct offline *offline);

#endif
