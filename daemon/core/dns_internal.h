/* daemon/core/dns_internal.h - what dns.c and dns_record.c share. */
#ifndef TWINDHCP_DAEMON_CORE_DNS_INTERNAL_H
#define TWINDHCP_DAEMON_CORE_DNS_INTERNAL_H

#include "daemon/core/server_internal.h"

/* What a record leaves to do first.  Taking out goes before putting in: two clients of one
 * address may have had one name. */
enum dns_work {
    DNS_NOTHING,
    DNS_INTEND, /* write into the record what is about to be done */
    DNS_REMOVE,
    DNS_ADD,
};

struct dns_step {
    enum dns_work work;
    struct name_entry *entry; /* in the names given */
    bool forward, reverse;
};

/* `names` are those of `b`. */
struct dns_step dns_step_of(const struct binding *b, struct names *names);

/* Is it the name that its client shall have now? */
bool dns_is_wanted(const struct binding *b, const struct names *names,
                   const struct name_entry *entry);

/* Make the entries say what is about to be done; true if anything changed. */
bool dns_announce(const struct binding *b, struct names *names);

#endif
