/* daemon/explain/answer.h - an explanation as JSON: daemon/api/README.md, POST /v1/explain. */
#ifndef TWINDHCP_DAEMON_EXPLAIN_ANSWER_H
#define TWINDHCP_DAEMON_EXPLAIN_ANSWER_H

#include <jansson.h>

#include "daemon/core/server.h"

/* Explain `datagram` at `now` and say all of it: a new reference, NULL when memory ran out. */
json_t *explain_answer(struct server *server, struct instant now,
                       const struct datagram *datagram);

#endif
