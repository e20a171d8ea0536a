/* tests/unit/api/help_server.c - see help_server.h */
#include "tests/unit/api/help_server.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the functions of daemon/core that the API calls ---- */

void server_status(const struct server *server, struct server_status *out)
{
    *out = server->status;
}

struct lease_table *server_leases(struct server *server)
{
    return server->leases;
}

const struct config *server_config(const struct server *server)
{
    return server->config;
}

size_t server_nak_history(const struct server *server, struct nak_record *out, size_t capacity)
{
    (void)server;
    for (size_t i = 0; i < capacity && i < 3; i++)
        out[i] = (struct nak_record){.when = instant_ms(NOW_MS - (int64_t)i * 1000),
                                     .xid = (uint32_t)i,
                                     .reason = "not on this link"};
    return capacity < 3 ? capacity : 3;
}

size_t server_conflict_history(const struct server *server, struct conflict_record *out,
                               size_t capacity)
{
    (void)server;
    if (capacity > 0)
        out[0] = (struct conflict_record){.when = instant_ms(NOW_MS), .cause = "two served"};
    return capacity > 0;
}

bool server_pool_is_low(const struct server *server, const struct config_pool *pool)
{
    (void)server;
    return pool->index == 0;
}

bool server_partner_free(const struct server *server, const struct config_pool *pool,
                         uint64_t *free)
{
    (void)server;
    *free = 7;
    return pool->index == 0;
}

struct ip4 server_address(const struct server *server)
{
    (void)server;
    return ip4(0x0a4d0002);
}

void server_explain(struct server *server, struct instant now, const struct datagram *datagram,
                    struct explain *e)
{
    (void)server;
    assert_int_equal(now.ms, NOW_MS);
    explain_add(e, "link", "", "%zu bytes at %x", datagram->payload.size,
                datagram->local.value);
    explain_conclude(e, EXPLAIN_NO_LINK, "no subnet");
}

enum td_err server_partner_down(struct server *server, struct instant now, bool force,
                                const char **why, struct effects *fx)
{
    assert_int_equal(now.ms, NOW_MS);
    server->declared++;
    server->forced += force;
    *why = server->partner_down_why;
    if (server->partner_down_result == TD_OK) {
        server->status.failover.state = FO_PARTNER_DOWN;
        effects_event(fx, EVENT_NOTICE, "state-changed", "to PARTNER-DOWN");
    }
    return server->partner_down_result;
}

/* Taken over a pair that is in NORMAL, and undone in SHUTDOWN. */
static enum td_err move(struct server *server, enum fo_state from, enum fo_state to,
                        const char **why)
{
    if (server->status.failover.state != from) {
        *why = "not in this state";
        return TD_REFUSED;
    }
    server->status.failover.state = to;
    return TD_OK;
}

enum td_err server_hand_over(struct server *server, struct instant now, const char **why,
                             struct effects *fx)
{
    (void)fx;
    assert_int_equal(now.ms, NOW_MS);
    return move(server, FO_NORMAL, FO_SHUTDOWN, why);
}

enum td_err server_return(struct server *server, struct instant now, const char **why,
                          struct effects *fx)
{
    (void)fx;
    assert_int_equal(now.ms, NOW_MS);
    return move(server, FO_SHUTDOWN, FO_NORMAL, why);
}

enum td_err server_end_wait(struct server *server, struct instant now, const char **why,
                            struct effects *fx)
{
    (void)fx;
    assert_int_equal(now.ms, NOW_MS);
    return move(server, FO_RECOVER_WAIT, FO_RECOVER, why);
}

enum td_err server_restored(struct server *server, struct instant now, const char **why,
                            struct effects *fx)
{
    (void)fx;
    assert_int_equal(now.ms, NOW_MS);
    return move(server, FO_NORMAL, FO_RECOVER, why);
}

const char *import_result_name(enum import_result result)
{
    return result == IMPORT_WRITTEN ? "written" : "ended";
}

enum import_result server_import_lease(struct server *server, struct instant now,
                                       const struct imported_lease *lease, bool dry_run,
                                       struct effects *fx)
{
    (void)fx;
    assert_int_equal(now.ms, NOW_MS);
    server->imported += !dry_run;
    server->imported_last = lease->address;
    return lease->expires.ms > NOW_MS ? IMPORT_WRITTEN : IMPORT_ENDED;
}

/* Durable when asked for the third time. */
enum td_err server_reservation(struct server *server, struct instant now,
                               enum reservation_command command, struct span text,
                               struct reservation_change *done, char *why, size_t why_size,
                               struct effects *fx)
{
    assert_int_equal(now.ms, NOW_MS);
    (void)fx;
    snprintf(why, why_size, "not like that");
    if (server->reserve_result != TD_OK)
        return server->reserve_result;
    *done = (struct reservation_change){0, {NOW_MS, 0, ROLE_PRIMARY}};
    server->asked = 0;
    snprintf(server->reserved, sizeof(server->reserved), "%.*s",
             command == RESERVATION_REMOVE ? 0 : (int)text.size, (const char *)text.data);
    return TD_OK;
}

bool server_reservation_done(const struct server *server,
                             const struct reservation_change *change,
                             enum reservation_reach *reach)
{
    assert_int_equal(change->version.ms, NOW_MS);
    *reach = RESERVATION_ON_BOTH;
    return ++((struct server *)(uintptr_t)server)->asked == 3;
}

size_t server_reservation_count(const struct server *server)
{
    return server->config->reservation_count + 1;
}

bool server_reservation_view(struct server *server, size_t index, struct reservation_view *out)
{
    *out = (struct reservation_view){.state = RUNTIME_HOLDS};
    if (index < server->config->reservation_count) {
        out->reservation = &server->config->reservations[index];
        out->use = RESERVATION_WAITING;
        out->binding = help_active("10.77.0.20", "52:54:00:00:00:21", NOW_MS + 60000);
        return true;
    }
    out->runtime = true;
    out->state = RUNTIME_NOT_UNDERSTOOD;
    out->text = span_of(server->reserved, strlen(server->reserved));
    out->version = (struct version){NOW_MS, 0, ROLE_PRIMARY};
    return server->reserved[0] != '\0';
}

/* ---- */

struct server *help_server_new(bool pair)
{
    struct server *server = calloc(1, sizeof(*server));

    assert_non_null(server);
    server->config = help_config(pair);
    server->leases = lease_table_new(server->config);
    lease_table_loaded(server->leases);
    server->status.alone = !pair;
    server->status.serving = true;
    server->status.store_ok = true;
    server->status.store_problem = "";
    server->status.failover.state = FO_NORMAL;
    server->status.failover.reason = "both caught up";
    server->status.failover.advice = "";
    server->status.failover.config_difference = "";
    server->status.failover.last_problem = "";
    return server;
}

void help_server_free(struct server *server)
{
    lease_table_free(server->leases);
    config_free(server->config);
    free(server);
}

static struct instant now(void *context)
{
    (void)context;
    return instant_ms(NOW_MS);
}

static int64_t difference(void *context)
{
    (void)context;
    return 12;
}

static uint64_t busy(void *context)
{
    (void)context;
    return 1500000;
}

static uint64_t longest(void *context)
{
    (void)context;
    return 1250;
}

static void perform(void *context, struct effects *fx)
{
    struct server *server = context;

    server->performed += (int)fx->count;
    effects_clear(fx);
}

struct api *help_listen(uv_loop_t *loop, struct server *server, const char *socket_path,
                        const char *tcp, char *error, size_t error_size)
{
    const struct api_host host = {
        .server = server,
        .node = "dhcp-a",
        .version = "0.1.0",
        .context = server,
        .now = now,
        .wall_clock_difference = difference,
        .busy_us = busy,
        .longest_turn_us = longest,
        .perform = perform,
    };

    return api_new(loop, &host, socket_path, tcp, error, error_size);
}

void help_close_loop(uv_loop_t *loop)
{
    while (uv_run(loop, UV_RUN_DEFAULT) != 0)
        ;
    assert_int_equal(uv_loop_close(loop), 0);
}

/* A port that was free a moment ago. */
static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void on_stop(uv_async_t *async)
{
    struct help_api *api = async->data;

    api_free(api->api);
    uv_close((uv_handle_t *)async, NULL);
}

static void run_loop(void *context)
{
    struct help_api *api = context;

    uv_run(&api->loop, UV_RUN_DEFAULT);
}

struct help_api *help_api_start(struct server *server)
{
    struct help_api *api = calloc(1, sizeof(*api));

    assert_non_null(api);
    api->server = server;
    strcpy(api->directory, "/tmp/twindhcp-api-XXXXXX");
    assert_non_null(mkdtemp(api->directory));
    snprintf(api->socket, sizeof(api->socket), "%s/api.sock", api->directory);
    snprintf(api->tcp, sizeof(api->tcp), "127.0.0.1:%u", free_port());

    assert_int_equal(uv_loop_init(&api->loop), 0);
    assert_int_equal(uv_async_init(&api->loop, &api->stop, on_stop), 0);
    api->stop.data = api;
    api->api =
        help_listen(&api->loop, server, api->socket, api->tcp, api->error, sizeof(api->error));
    if (api->api == NULL)
        fail_msg("%s", api->error);
    assert_int_equal(uv_thread_create(&api->thread, run_loop, api), 0);
    return api;
}

void help_api_stop(struct help_api *api)
{
    uv_async_send(&api->stop);
    assert_int_equal(uv_thread_join(&api->thread), 0);
    help_close_loop(&api->loop);
    assert_int_equal(rmdir(api->directory), 0); /* the socket file is gone */
    help_server_free(api->server);
    free(api);
}

struct collected {
    char *text;
    size_t size;
};

static size_t collect(char *data, size_t one, size_t size, void *context)
{
    struct collected *c = context;

    (void)one;
    c->text = realloc(c->text, c->size + size + 1);
    assert_non_null(c->text);
    memcpy(c->text + c->size, data, size);
    c->size += size;
    c->text[c->size] = '\0';
    return size;
}

static size_t collect_header(char *data, size_t one, size_t size, void *context)
{
    struct help_answer *answer = context;
    char line[256];

    (void)one;
    snprintf(line, sizeof(line), "%.*s", (int)size, data);
    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(line, "Allow: ", 7) == 0)
        snprintf(answer->allow, sizeof(answer->allow), "%.60s", line + 7);
    if (strncmp(line, "Content-Type: ", 14) == 0)
        snprintf(answer->type, sizeof(answer->type), "%.60s", line + 14);
    return size;
}

struct help_answer help_ask(const struct help_api *api, bool tcp, const char *method,
                            const char *path, const char *body)
{
    struct help_answer answer = {0};
    struct collected collected = {NULL, 0};
    char url[512];
    CURL *curl = curl_easy_init();

    assert_non_null(curl);
    snprintf(url, sizeof(url), "http://%s%s", tcp ? api->tcp : "localhost", path);
    if (!tcp)
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, api->socket);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    if (body != NULL)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    if (method != NULL && strcmp(method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (method != NULL)
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &collected);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, collect_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    const CURLcode result = curl_easy_perform(curl);
    if (result != CURLE_OK)
        fail_msg("%s: %s", path, curl_easy_strerror(result));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_easy_cleanup(curl);
    answer.text = collected.text;
    if (answer.text != NULL) {
        answer.value = json_loads(answer.text, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(answer.value);
    }
    return answer;
}

void help_answer_free(struct help_answer *answer)
{
    free(answer->text);
    json_decref(answer->value);
    *answer = (struct help_answer){0};
}
