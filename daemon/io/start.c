/* Opening everything, in the order in which a mistake is cheapest to find. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "daemon/io/daemon_internal.h"
#include "daemon/io/store_load.h"

#define SEED_SIZE 32

static enum td_err open_clients(struct daemon *daemon, char *error, size_t size)
{
    const struct config_server *server = &daemon->config->server;
    struct udp_options options = {.interfaces = server->interfaces,
                                  .interface_count = server->interface_count,
                                  .listen = server->listen,
                                  .listen_count = server->listen_count,
                                  .port = DHCP4_SERVER_PORT};

    daemon->udp = udp_open(&options, error, size);
    if (daemon->udp == NULL)
        return TD_IO;
    if (server->interface_count == 0)
        return TD_OK;
    daemon->raw = raw_open(error, size);
    return daemon->raw != NULL ? TD_OK : TD_IO;
}

static bool file_probes(const struct config *config)
{
    for (size_t i = 0; i < config->subnet_count; i++) {
        if (config_probe_is_on(&config->subnets[i].probe))
            return true;
    }
    return false;
}

/* What the file asks for has to be possible.  What a start without the partner would have is
 * not worth a server that does not start. */
static enum td_err open_prober(struct daemon *daemon, char *error, size_t size)
{
    if (!config_may_probe(daemon->config))
        return TD_OK;
    daemon->prober = prober_open(error, size);
    if (daemon->prober != NULL)
        return TD_OK;
    if (file_probes(daemon->config))
        return TD_IO;
    log_printf(daemon->log, EVENT_WARNING, "probes-impossible",
               "%s: started without its partner, this server will offer addresses unprobed",
               error);
    daemon->prober = prober_without_sockets();
    return TD_OK;
}

static void make_server(struct daemon *daemon)
{
    size_t count = udp_addresses(daemon->udp, NULL, 0);
    struct ip4 *addresses = calloc(count + 1, sizeof *addresses);

    ASSERT(addresses != NULL);
    (void)udp_addresses(daemon->udp, addresses, count);
    daemon->server = server_new(daemon->config, daemon->role, addresses, count);
    free(addresses);
}

static void on_durable(void *context, uint64_t number)
{
    struct daemon *daemon = context;

    server_durable(daemon->server, daemon_now(daemon), number, &daemon->fx);
    daemon_touched(daemon);
    daemon_store_settled(daemon, NULL);
}

static void on_store_failed(void *context, uint64_t number, const char *reason)
{
    struct daemon *daemon = context;

    (void)number;
    server_store_failed(daemon->server, daemon_now(daemon), reason, &daemon->fx);
    daemon_touched(daemon);
    daemon_store_settled(daemon, reason);
}

static enum td_err open_store(struct daemon *daemon, char *error, size_t size)
{
    struct store_host host = {daemon, on_durable, on_store_failed};
    char problem[STORE_ERROR_SIZE];
    struct store_db *db = store_db_open(daemon->config->server.store, problem);
    enum td_err result = TD_IO;

    if (db != NULL)
        result = store_load(db, daemon->server, problem);
    if (result != TD_OK) {
        snprintf(error, size, "the lease store %s", problem);
        store_db_close(db);
        return result;
    }
    daemon->store = store_new(&daemon->loop, db, &host);
    return TD_OK;
}

static void on_link_up(void *context)
{
    struct daemon *daemon = context;

    server_link_up(daemon->server, daemon_now(daemon), &daemon->fx);
    daemon_touched(daemon);
}

static void on_link_down(void *context)
{
    struct daemon *daemon = context;

    server_link_down(daemon->server, daemon_now(daemon), &daemon->fx);
    daemon_touched(daemon);
}

static void on_frame(void *context, struct span bytes)
{
    struct daemon *daemon = context;

    server_frame(daemon->server, daemon_now(daemon), bytes, &daemon->fx);
    daemon_touched(daemon);
}

static void on_link_event(void *context, const struct event *event)
{
    struct daemon *daemon = context;

    log_write(daemon->log, log_time_now(), event->severity, event->name, event->text);
}

static enum td_err open_link(struct daemon *daemon, char *error, size_t size)
{
    struct link_host host = {.context = daemon,
                             .up = on_link_up,
                             .down = on_link_down,
                             .frame = on_frame,
                             .event = on_link_event};

    if (!daemon->config->has_pair)
        return TD_OK;
    daemon->link =
        link_new(&daemon->loop, &daemon->config->pair, daemon->role, &host, error, size);
    return daemon->link != NULL ? TD_OK : TD_IO;
}

static enum td_err start_server(struct daemon *daemon, char *error, size_t size)
{
    uint8_t seed[SEED_SIZE];
    struct instant kept = server_kept_clock(daemon->server);
    struct clock_reading reading = clock_read();

    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        snprintf(error, size, "the system gives no random numbers: %s", strerror(errno));
        return TD_IO;
    }
    lease_clock_start(&daemon->clock, reading, kept);
    server_start(daemon->server, lease_clock_now(&daemon->clock, reading), seed, &daemon->fx);
    return TD_OK;
}

static enum td_err open_bulk(struct daemon *daemon, char *error, size_t size)
{
    const struct bulk_host host = {daemon, daemon_now, daemon->server};
    const size_t count = udp_addresses(daemon->udp, NULL, 0);
    struct ip4 *addresses;
    bool listens;

    if (!daemon->config->leasequery.bulk)
        return TD_OK;
    addresses = calloc(count + 1, sizeof *addresses);
    ASSERT(addresses != NULL);
    (void)udp_addresses(daemon->udp, addresses, count);
    daemon->bulk = bulk_new(&daemon->loop, &daemon->config->leasequery, &host);
    listens = bulk_listen(daemon->bulk, addresses, count, error, size);
    free(addresses);
    return listens ? TD_OK : TD_IO;
}

enum td_err daemon_open(struct daemon *daemon, char *error, size_t error_size)
{
    enum td_err result = open_clients(daemon, error, error_size);

    if (result != TD_OK)
        return result;
    result = open_prober(daemon, error, error_size);
    if (result != TD_OK)
        return result;
    make_server(daemon);
    result = open_store(daemon, error, error_size);
    /* Only now: the partner takes a connection for a server that answers. */
    if (result == TD_OK)
        result = open_link(daemon, error, error_size);
    if (result == TD_OK)
        result = daemon_open_dns(daemon, error, error_size);
    if (result == TD_OK)
        result = start_server(daemon, error, error_size);
    if (result == TD_OK)
        result = open_bulk(daemon, error, error_size);
    return result;
}
