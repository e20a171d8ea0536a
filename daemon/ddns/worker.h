/* daemon/ddns/worker.h - the thread that does jobs, so that no DNS server ever keeps a client
 * waiting. */
#ifndef TWINDHCP_DAEMON_DDNS_WORKER_H
#define TWINDHCP_DAEMON_DDNS_WORKER_H

#include <uv.h>

#include "daemon/core/dns.h"
#include "daemon/ddns/keys.h"

/* Called in the loop's thread. */
struct ddns_host {
    void *context;
    void (*done)(void *context, const struct dns_job *job, enum dns_outcome outcome,
                 const char *problem);
};

struct ddns_worker;

/* Begins the thread.  `ddns` is borrowed, `keys` taken, `host` copied. */
struct ddns_worker *ddns_worker_new(uv_loop_t *loop, const struct config_ddns *ddns,
                                    struct ddns_keys keys, const struct ddns_host *host);

/* Ends it: what is not done is left, the records of the leases remember.  NULL is fine.  The
 * handle closes, and the last memory goes, when the loop next runs. */
void ddns_worker_free(struct ddns_worker *worker);

/* At most DNS_JOBS_MAX are there at a time. */
void ddns_worker_submit(struct ddns_worker *worker, const struct dns_job *job);

#endif
