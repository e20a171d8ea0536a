/* help_state.h - all that a server keeps, as one number. */
#ifndef HELP_STATE_H
#define HELP_STATE_H

#include "daemon/core/server.h"

/* Equal while nothing changes but the memory that a packet is worked on in. */
uint64_t server_state_hash(struct server *s);

#endif
