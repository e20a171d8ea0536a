/* daemon/api/leases.h - the lease table as JSON, a page at a time. */
#ifndef TWINDHCP_DAEMON_API_LEASES_H
#define TWINDHCP_DAEMON_API_LEASES_H

#include "daemon/api/query.h"
#include "daemon/api/writer.h"

/* A page ends after so many addresses looked at, matching or not, or so many bytes written, so
 * that one client in a million leases costs the loop a few milliseconds at a time. */
#define LEASES_LOOKED_AT_MAX 20000
#define LEASES_PAGE_BYTES    ((size_t)8 * 1024 * 1024)

/* The addresses of the table in order, kept from one page to the next: to sort them is what a
 * page of a big table would mostly cost.  Entries never go, so that the snapshot is complete as
 * long as the table has not grown; a list being read page by page may go on with an older one,
 * and then lacks addresses first used meanwhile.  Starts zeroed. */
struct lease_snapshot {
    struct lease_list list;
    bool taken;
    struct instant when;
};
#define LEASE_SNAPSHOT_MS 60000 /* how old it may be for the next page */
void lease_snapshot_free(struct lease_snapshot *snapshot);

/* One lease as an object of an array. */
void render_lease(struct writer *out, const struct lease *lease, const struct config *config,
                  struct instant now);

/* {"leases": [...], "next": ADDRESS or null}, ascending by address.  `next` is for `after`:
 * there may be more behind it, even when this page is short or empty. */
void render_leases(struct writer *out, struct lease_table *table,
                   struct lease_snapshot *snapshot, const struct config *config,
                   const struct lease_query *query, struct instant now);

#endif
