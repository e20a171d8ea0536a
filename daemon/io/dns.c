/* daemon/io/dns.c - between the core's jobs for the DNS and the thread that does them. */
#include "daemon/io/daemon_internal.h"

static void on_done(void *context, const struct dns_job *job, enum dns_outcome outcome,
                    const char *problem)
{
    struct daemon *daemon = context;

    if (daemon->stopping)
        return;
    server_dns_done(daemon->server, daemon_now(daemon), job, outcome, problem, &daemon->fx);
    daemon_touched(daemon);
}

enum td_err daemon_open_dns(struct daemon *daemon, char *error, size_t error_size)
{
    const struct ddns_host host = {daemon, on_done};
    struct ddns_keys keys;
    enum td_err result;

    if (daemon->config->ddns == NULL)
        return TD_OK;
    result = ddns_keys_load(daemon->config->ddns, &keys, error, error_size);
    if (result == TD_OK)
        daemon->ddns = ddns_worker_new(&daemon->loop, daemon->config->ddns, keys, &host);
    return result;
}

void daemon_feed_dns(struct daemon *daemon)
{
    struct dns_job job;

    while (server_dns_next(daemon->server, daemon_now(daemon), &job, &daemon->fx))
        ddns_worker_submit(daemon->ddns, &job);
}
