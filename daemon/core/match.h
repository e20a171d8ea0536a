/* daemon/core/match.h - the conditions of `match`. */
#ifndef TWINDHCP_DAEMON_CORE_MATCH_H
#define TWINDHCP_DAEMON_CORE_MATCH_H

#include "daemon/core/facts.h"

/* Whether all of the conditions hold. */
bool match_holds(const struct config_condition *conditions, size_t count,
                 const struct facts *facts);

/* User class (RFC 3004): whether `wanted`, with its size before it, is one of the classes or,
 * as iPXE sends it, the bare text. */
bool match_user_class(struct span wanted, struct span value);

#endif
