/* daemon/ctl/import/pair.h - `pair:` and `server:` from what the other server says of itself.
 */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_PAIR_H
#define TWINDHCP_DAEMON_CTL_IMPORT_PAIR_H

#include "daemon/ctl/import/import.h"

struct import_node {
    const char *name;    /* NULL: not said */
    const char *address; /* IPv4, or a name that is none, or NULL */
    struct place place;
};

/* server.interfaces as --interfaces says, or eth0 with a word about it. */
void import_interfaces(struct import *run, struct yaml *server);

/* Name, nodes with their links, security; `mode` is a word of ours. */
void import_pair(struct import *run, struct yaml *pair, const char *name, const char *mode,
                 const struct import_node nodes[2], struct place place);

#endif
