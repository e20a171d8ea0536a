/* daemon/lease/limits.h - how many leases and offers there are for one client, hardware
 * address, port, relay or class (`limits` of the configuration).
 *
 * Counted are ACTIVE records, whoever wrote them, and live offers of this peer.  Both peers
 * know all records, so both count the whole; what the partner has offered, or bound within one
 * ack, is not known here yet.  What is counted is named by a hash of value and limit with the
 * table's seed.  Without limits in the configuration nothing is kept and nothing is looked at.
 */
#ifndef TWINDHCP_DAEMON_LEASE_LIMITS_H
#define TWINDHCP_DAEMON_LEASE_LIMITS_H

#include "daemon/lease/table.h"

/* What of a client, or of a record, is counted. */
struct lease_holder {
    struct span client; /* key */
    uint8_t htype, hlen;
    const uint8_t *chaddr;
    struct span relay_info;       /* as records keep it */
    const struct binding *record; /* the whole of it; looked at when a class is limited */
};

/* Which of the classes that `limits` name is the client of `record` in, by what the record
 * keeps of it?  The same at every time for the same record: what was counted in is counted out.
 */
typedef void lease_classify(void *context, const struct binding *record,
                            const struct config_limit *const limits[], size_t count, bool in[]);

/* Who answers that; while loading, and needed only when config->limits_classes. */
void lease_limits_classify(struct lease_table *table, lease_classify *classify, void *context);

/* The limit that leaves no room in `subnet` for one more address of `holder`, NULL if none. Its
 * own offer on that link is not counted: it would be replaced. */
const struct config_limit *lease_limits_full(const struct lease_table *table,
                                             const struct config_subnet *subnet,
                                             const struct lease_holder *holder);

/* Count the offer of `address`, made before, as one of `holder` until it ends. */
void lease_limits_offered(struct lease_table *table, struct ip4 address,
                          const struct lease_holder *holder);

#endif
