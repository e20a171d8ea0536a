/* daemon/io/dns.c - between the core's jobs for the DNS and the thread that does them. */
#include "daemon/io/daemon_internal.h"
#include "proto/fqdn.h"

static void on_done(void *context, const struct dns_job *job, enum dns_outcome outcome,
                    const char *problem)
{
    struct daemon *daemon = context;

    if (daemon->stopping)
        return;
    server_dns_done(daemon->server, daemon_now(daemon), job, outcome, problem, &daemon->fx);
    daemon_touched(daemon);
}

/* Names that no zone holds are given to clients, and go nowhere. */
static void warn_of_zones(struct daemon *daemon)
{
    const struct config *config = daemon->config;

    for (size_t i = 0; i < config->subnet_count; i++) {
        const struct config_subnet *subnet = &config->subnets[i];
        const char *suffix = subnet->names->suffix;
        struct name domain = {.size = 0};
        const struct span text =
            suffix != NULL
                ? span_of(suffix, strlen(suffix))
                : config_options_find(subnet->effective->options, OPTION_DOMAIN_NAME);

        if (subnet->names->source != NAME_OF_NOBODY && text.data != NULL &&
            name_add_text(&domain, text) &&
            config_ddns_zone_of(config->ddns, name_span(&domain)) == NULL)
            log_printf(daemon->log, EVENT_WARNING, "dns-no-zone",
                       "names of subnet %s end in %.*s, which lies in no zone of `ddns`: they "
                       "are not written into the DNS",
                       subnet->text, (int)domain.size, domain.text);
    }
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
        warn_of_zones(daemon);
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
