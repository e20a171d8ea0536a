/* daemon/api/answer.c - which path does what.  See request.h.
 *
 * One row a path and method: a new endpoint is a row and a function. */
#include <stdlib.h>

#include "daemon/api/import.h"
#include "daemon/api/request.h"
#include "daemon/api/reservations.h"
#include "daemon/api/status.h"
#include "daemon/explain/answer.h"

/* Write the answer to `out` and return its status, or fill `error` and return 0. */
typedef unsigned answer_function(struct api_site *site, const struct api_request *request,
                                 struct writer *out, struct api_error *error);

static bool takes_no_query(const struct api_request *request, struct api_error *error)
{
    return no_query_parse(request->arguments, request->argument_count, error);
}

/* NULL when memory ran out. */
static struct pool_view *view_pools(const struct api_host *host)
{
    const struct config *config = server_config(host->server);
    const struct lease_table *leases = server_leases(host->server);
    struct pool_view *pools = calloc(config->pool_count + 1, sizeof(*pools));

    for (size_t i = 0; pools != NULL && i < config->pool_count; i++) {
        pools[i].pool = &config->pools[i];
        pools[i].counts = lease_table_pool_counts(leases, pools[i].pool);
        pools[i].low = server_pool_is_low(host->server, pools[i].pool);
        pools[i].partner_free_known =
            server_partner_free(host->server, pools[i].pool, &pools[i].partner_free);
    }
    return pools;
}

/* In pools, and at reserved addresses outside of them. */
static uint64_t count_active(const struct api_host *host, const struct pool_view *pools)
{
    const struct config *config = server_config(host->server);
    struct lease_table *leases = server_leases(host->server);
    uint64_t active = 0;

    for (size_t i = 0; i < config->pool_count; i++)
        active += pools[i].counts.active;
    for (size_t s = 0; s < config->subnet_count; s++) {
        const struct config_subnet *subnet = &config->subnets[s];
        for (size_t r = 0; r < subnet->reservation_count; r++) {
            const struct lease *lease =
                lease_table_find(leases, subnet->reservations[r].address);
            active += lease != NULL && lease_table_pool(leases, lease) == NULL &&
                      lease->binding.state == BINDING_ACTIVE;
        }
    }
    for (size_t i = config->reservation_count; i < server_reservation_count(host->server);
         i++) {
        struct reservation_view view;

        active += server_reservation_view(host->server, i, &view) &&
                  view.use == RESERVATION_LEASED && view.binding.state == BINDING_ACTIVE &&
                  config_pool_of(config, view.binding.address) == NULL;
    }
    return active;
}

static unsigned answer_memory(struct api_error *error)
{
    api_error_set(error, 500, "", "out of memory");
    return 0;
}

/* All that is known of this server, as `render` puts it. */
static unsigned with_status(struct api_site *site, struct writer *out,
                            void (*render)(struct writer *out, const struct status_view *view),
                            struct api_error *error)
{
    const struct api_host *host = &site->host;
    struct server_status status;

    struct pool_view *pools = view_pools(host);
    if (pools == NULL)
        return answer_memory(error);
    server_status(host->server, &status);
    const struct status_view view = {
        .node = host->node,
        .version = host->version,
        .role = status.role,
        .config = server_config(host->server),
        .server = &status,
        .now = host->now(host->context),
        .wall_clock_difference_ms = host->wall_clock_difference(host->context),
        .busy_us = host->busy_us(host->context),
        .longest_turn_us = host->longest_turn_us(host->context),
        .pools = pools,
        .active = count_active(host, pools),
    };
    render(out, &view);
    free(pools);
    return 200;
}

static unsigned answer_status(struct api_site *site, const struct api_request *request,
                              struct writer *out, struct api_error *error)
{
    return takes_no_query(request, error) ? with_status(site, out, render_status, error) : 0;
}

static unsigned answer_metrics(struct api_site *site, const struct api_request *request,
                               struct writer *out, struct api_error *error)
{
    (void)request; /* as with /healthz */
    return with_status(site, out, render_metrics, error);
}

static unsigned answer_health(struct api_site *site, const struct api_request *request,
                              struct writer *out, struct api_error *error)
{
    const struct api_host *host = &site->host;
    struct server_status status;

    (void)request; /* monitoring systems like to add arguments of their own */
    (void)error;
    server_status(host->server, &status);
    render_health(out, &status);
    return status_unwell(&status) == NULL ? 200 : 503;
}

static unsigned answer_leases(struct api_site *site, const struct api_request *request,
                              struct writer *out, struct api_error *error)
{
    const struct api_host *host = &site->host;
    struct lease_query query;

    if (!lease_query_parse(request->arguments, request->argument_count, &query, error))
        return 0;
    render_leases(out, server_leases(host->server), &site->leases, server_config(host->server),
                  &query, host->now(host->context));
    return 200;
}

static unsigned answer_pools(struct api_site *site, const struct api_request *request,
                             struct writer *out, struct api_error *error)
{
    const struct api_host *host = &site->host;
    if (!takes_no_query(request, error))
        return 0;
    struct pool_view *pools = view_pools(host);
    if (pools == NULL)
        return answer_memory(error);
    render_pools(out, server_config(host->server), pools);
    free(pools);
    return 200;
}

static unsigned answer_naks(struct api_site *site, const struct api_request *request,
                            struct writer *out, struct api_error *error)
{
    const struct api_host *host = &site->host;
    size_t limit;

    if (!limit_query_parse(request->arguments, request->argument_count, &limit, error))
        return 0;
    struct nak_record *naks = calloc(limit, sizeof(*naks));
    if (naks == NULL)
        return answer_memory(error);
    render_naks(out, naks, server_nak_history(host->server, naks, limit));
    free(naks);
    return 200;
}

static unsigned answer_conflicts(struct api_site *site, const struct api_request *request,
                                 struct writer *out, struct api_error *error)
{
    const struct server *server = site->host.server;
    struct server_status status;
    size_t limit;

    if (!limit_query_parse(request->arguments, request->argument_count, &limit, error))
        return 0;
    struct conflict_record *conflicts = calloc(limit, sizeof(*conflicts));
    if (conflicts == NULL)
        return answer_memory(error);
    server_status(server, &status);
    render_conflicts(out, status.counters.conflicts, conflicts,
                     server_conflict_history(server, conflicts, limit));
    free(conflicts);
    return 200;
}

/* A command to the pair, with the time and where its effects go. */
typedef enum td_err pair_command(struct server *server, struct instant now, bool force,
                                 const char **why, struct effects *fx);

static enum td_err hand_over(struct server *server, struct instant now, bool force,
                             const char **why, struct effects *fx)
{
    (void)force;
    return server_hand_over(server, now, why, fx);
}

static enum td_err come_back(struct server *server, struct instant now, bool force,
                             const char **why, struct effects *fx)
{
    (void)force;
    return server_return(server, now, why, fx);
}

static enum td_err end_wait(struct server *server, struct instant now, bool force,
                            const char **why, struct effects *fx)
{
    (void)force;
    return server_end_wait(server, now, why, fx);
}

static enum td_err restored(struct server *server, struct instant now, bool force,
                            const char **why, struct effects *fx)
{
    (void)force;
    return server_restored(server, now, why, fx);
}

static unsigned command_pair(struct api_site *site, pair_command *command, bool force,
                             struct writer *out, struct api_error *error)
{
    const struct api_host *host = &site->host;
    struct server_status status;
    const char *why = NULL;
    struct effects fx;

    if (!server_config(host->server)->has_pair) {
        api_error_set(error, 409, "add a pair: section to its configuration",
                      "this server runs alone: it has no partner");
        return 0;
    }
    effects_init(&fx);
    const enum td_err result =
        command(host->server, host->now(host->context), force, &why, &fx);
    /* Even a refusal may have something to say to the log. */
    host->perform(host->context, &fx);
    effects_deinit(&fx);

    server_status(host->server, &status);
    if (result != TD_OK) {
        api_error_set(error, 409, "twinctl status shows the state and what it waits for", "%s",
                      why == NULL ? "refused in this state" : why);
        return 0;
    }
    writer_open(out, NULL, '{');
    writer_bool(out, "accepted", true);
    writer_text(out, "state", status_state(&status));
    writer_instant(out, "wait_until", status.failover.wait_until);
    writer_close(out, '}');
    return 200;
}

static unsigned answer_partner_down(struct api_site *site, const struct api_request *request,
                                    struct writer *out, struct api_error *error)
{
    bool force;

    if (!takes_no_query(request, error) || !partner_down_parse(request->body, &force, error))
        return 0;
    return command_pair(site, server_partner_down, force, out, error);
}

#define ANSWER_COMMAND(name, command)                                                          \
    static unsigned name(struct api_site *site, const struct api_request *request,             \
                         struct writer *out, struct api_error *error)                          \
    {                                                                                          \
        return takes_no_query(request, error) ? command_pair(site, command, false, out, error) \
                                              : 0;                                             \
    }

ANSWER_COMMAND(answer_handover, hand_over)
ANSWER_COMMAND(answer_return, come_back)
ANSWER_COMMAND(answer_end_wait, end_wait)
ANSWER_COMMAND(answer_restored, restored)

/* Each lease gets its word, in their order. */
static unsigned answer_import(struct api_site *site, const struct api_request *request,
                              struct writer *out, struct api_error *error)
{
    const struct api_host *host = &site->host;
    struct api_import import;
    struct effects fx;

    if (!takes_no_query(request, error) || !api_import_parse(request->body, &import, error))
        return 0;
    effects_init(&fx);
    writer_open(out, NULL, '{');
    writer_open(out, "results", '[');
    for (size_t i = 0; i < import.count; i++)
        writer_text(out, NULL,
                    import_result_name(
                        server_import_lease(host->server, host->now(host->context),
                                            &import.leases[i].lease, import.dry_run, &fx)));
    writer_close(out, ']');
    writer_close(out, '}');
    api_import_free(&import);
    host->perform(host->context, &fx);
    effects_deinit(&fx);
    return 200;
}

/* Not by TCP, although it changes nothing: it works for its answer, and for anybody there. */
static unsigned answer_explain(struct api_site *site, const struct api_request *request,
                               struct writer *out, struct api_error *error)
{
    const struct api_host *host = &site->host;
    struct question question;

    if (!takes_no_query(request, error) || !explain_parse(request->body, &question, error))
        return 0;
    const struct datagram datagram = question_datagram(&question, server_address(host->server));
    json_t *answer = explain_answer(host->server, host->now(host->context), &datagram);
    char *text = json_dumps(answer, JSON_INDENT(1));
    json_decref(answer);
    if (text == NULL)
        return answer_memory(error);
    writer_json(out, NULL, text);
    free(text);
    return 200;
}

static const struct route {
    const char *path;
    bool command; /* changes something, or is costly: only by the unix socket */
    answer_function *answer;
    const char *type;   /* NULL: JSON */
    size_t body_max;    /* 0: API_BODY_MAX */
    const char *method; /* NULL: POST for a command, GET and HEAD for others */
} routes[] = {
    {"/v1/status", false, answer_status, NULL, 0, NULL},
    {"/v1/leases", false, answer_leases, NULL, 0, NULL},
    {"/v1/leases/import", true, answer_import, NULL, API_IMPORT_BODY_MAX, NULL},
    {"/v1/pools", false, answer_pools, NULL, 0, NULL},
    {"/v1/naks", false, answer_naks, NULL, 0, NULL},
    {"/v1/conflicts", false, answer_conflicts, NULL, 0, NULL},
    {"/metrics", false, answer_metrics, METRICS_TYPE, 0, NULL},
    {"/v1/explain", true, answer_explain, NULL, API_EXPLAIN_BODY_MAX, NULL},
    {"/v1/pair/partner-down", true, answer_partner_down, NULL, 0, NULL},
    {"/v1/pair/handover", true, answer_handover, NULL, 0, NULL},
    {"/v1/pair/return", true, answer_return, NULL, 0, NULL},
    {"/v1/pair/end-wait", true, answer_end_wait, NULL, 0, NULL},
    {"/v1/pair/restored", true, answer_restored, NULL, 0, NULL},
    {"/healthz", false, answer_health, NULL, 0, NULL},
    {"/v1/reservations", false, answer_reservations, NULL, 0, NULL},
    {"/v1/reservations", true, answer_reservation_add, NULL, 0, "POST"},
    {"/v1/reservations", true, answer_reservation_edit, NULL, 0, "PUT"},
    {"/v1/reservations", true, answer_reservation_remove, NULL, 0, "DELETE"},
};

size_t api_body_max(const char *path)
{
    for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
        if (strcmp(routes[i].path, path) == 0 && routes[i].body_max > 0)
            return routes[i].body_max;
    return API_BODY_MAX;
}

static bool is_method(const struct route *route, const char *method)
{
    if (route->method != NULL)
        return strcmp(method, route->method) == 0;
    return route->command ? strcmp(method, "POST") == 0
                          : strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* The route of path and method; of another method of the path when there is none. */
static const struct route *find_route(const struct api_request *request)
{
    const struct route *found = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
        if (strcmp(routes[i].path, request->path) != 0)
            continue;
        if (is_method(&routes[i], request->method))
            return &routes[i];
        if (found == NULL)
            found = &routes[i];
    }
    return found;
}

/* "GET, HEAD, POST, PUT, DELETE": one path has several. */
static const char *allowed_methods(const struct route *route)
{
    if (strcmp(route->path, "/v1/reservations") == 0)
        return "GET, HEAD, POST, PUT, DELETE";
    return route->command ? "POST" : "GET, HEAD";
}

/* What is wrong with asking for this path by this method at all. */
static bool check_route(const struct route *route, const struct api_request *request,
                        struct api_error *error)
{
    if (route == NULL)
        return api_error_set(
            error, 404,
            "GET /v1/status, /v1/leases, /v1/reservations, /v1/pools, /v1/naks, "
            "/v1/conflicts, /metrics, /healthz or POST /v1/explain, /v1/leases/import, "
            "/v1/pair/partner-down, handover, return, end-wait or restored",
            "there is no \"%.80s\"", request->path);
    if (!is_method(route, request->method)) {
        api_error_set(error, 405, route->command ? "use POST" : "use GET",
                      "%.20s is not for \"%s\"", request->method, route->path);
        error->allow = allowed_methods(route);
        return false;
    }
    if (route->command && !request->may_command)
        return api_error_set(error, 403, "use twinctl on the server, or its unix socket",
                             "commands are not accepted over TCP, where anybody may connect");
    if (request->arguments_bad)
        return api_error_set(error, 400, "", "too many arguments, or a NUL in one");
    if (request->body_too_large)
        return api_error_set(error, 413, "", "the body is larger than %zu bytes",
                             api_body_max(request->path));
    return true;
}

static void render_error(struct writer *out, const struct api_error *error)
{
    writer_open(out, NULL, '{');
    writer_text(out, "error", error->text);
    writer_text(out, "hint", error->hint);
    writer_close(out, '}');
}

void api_answer(struct api_site *site, const struct api_request *request,
                struct api_response *response)
{
    const struct route *route = find_route(request);
    struct api_error error = {0};
    struct writer out = {0};
    unsigned status = 0;

    if (check_route(route, request, &error))
        status = route->answer(site, request, &out, &error);
    response->ask_again = status == API_ASK_AGAIN;
    if (response->ask_again)
        return;
    if (status == 0) {
        status = error.status;
        render_error(&out, &error);
    }
    response->allow = error.allow;
    response->type =
        status != 0 && route != NULL && route->type != NULL ? route->type : "application/json";
    response->size = 0;
    response->body = writer_take(&out, &response->size);
    response->status = response->body == NULL ? 500 : status;
}
