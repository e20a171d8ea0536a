/* daemon/ctl/import/range.h - networks, and ranges of addresses inside of them. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_RANGE_H
#define TWINDHCP_DAEMON_CTL_IMPORT_RANGE_H

#include "daemon/ctl/import/import.h"
#include "proto/option.h"

struct import_range {
    struct ip4 first, last; /* both are in it */
};

/* "10.0.0.0/8"; host bits are cut off.  False when it is none. */
bool network_read(const char *text, struct import_range *out);
const char *network_text(struct import *run, struct import_range network);

/* "10.0.0.1 - 10.0.0.9", or a network. */
bool range_read(const char *text, struct import_range *out);

/* Add a pool for `range` to the list: without the network's own and its broadcast address,
 * which no client may have.  The pool; NULL after a note when nothing is left. */
struct yaml *range_add_pool(struct import *run, struct yaml *pools, struct yaml *notes,
                            struct import_range network, struct import_range range,
                            struct place place, const char *what);

#endif
