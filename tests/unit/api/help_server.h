/* tests/unit/api/help_server.h - a server that says what the test wants, behind a real API.
 *
 * It stands in for daemon/core: the functions of server.h that the API calls are defined here.
 */
#ifndef TWINDHCP_TESTS_UNIT_API_HELP_SERVER_H
#define TWINDHCP_TESTS_UNIT_API_HELP_SERVER_H

#include "tests/unit/api/help_site.h"

#include "daemon/api/api.h"
#include "daemon/core/import.h"

struct server {
    struct config *config;
    struct lease_table *leases;
    struct server_status status;
    enum td_err partner_down_result;
    const char *partner_down_why;
    int declared, forced, performed, imported; /* how often */
    struct ip4 imported_last;
    char reserved[128]; /* the text of the one reservation made while running */
    int asked;          /* how often whether it is done */
    enum td_err reserve_result;
};

/* In NORMAL, with no leases. */
struct server *help_server_new(bool pair);
void help_server_free(struct server *server);

/* The API of `server` in a thread of its own, in a new directory. */
struct help_api {
    struct server *server;
    char directory[32], socket[64], tcp[32];
    struct api *api;
    char error[256]; /* why there is no `api` */
    uv_loop_t loop;
    uv_async_t stop;
    uv_thread_t thread;
};

struct help_api *help_api_start(struct server *server);
void help_api_stop(struct help_api *api); /* frees it and its server */

/* Listen in a loop that does not run; NULL with a text in `error`. */
struct api *help_listen(uv_loop_t *loop, struct server *server, const char *socket,
                        const char *tcp, char *error, size_t error_size);
/* Let the loop finish what api_free() began, and close it. */
void help_close_loop(uv_loop_t *loop);

struct help_answer {
    long status;
    char *text;
    json_t *value; /* NULL when there is no body */
    char allow[64], type[64];
};

/* By the unix socket, or by TCP.  `method` NULL is GET; `body` NULL is none. */
struct help_answer help_ask(const struct help_api *api, bool tcp, const char *method,
                            const char *path, const char *body);
void help_answer_free(struct help_answer *answer);

#endif
