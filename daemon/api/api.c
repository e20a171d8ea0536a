/* daemon/api/api.c - see api.h */
#include "daemon/api/api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/api/http.h"
#include "daemon/api/listen.h"

struct api {
    struct api_site site;
    struct socket_file file;
    struct http *local; /* the unix socket */
    struct http *tcp;   /* NULL = none */
};

static struct api *give_up(struct api *api, const char *what, char *error, size_t error_size)
{
    if (what != NULL)
        snprintf(error, error_size, "cannot serve the API on %s: %s", what, strerror(errno));
    api_free(api);
    return NULL;
}

struct api *api_new(uv_loop_t *loop, const struct api_host *host, const char *socket_path,
                    const char *http, char *error, size_t error_size)
{
    struct api *api = calloc(1, sizeof(*api));
    int fd;

    if (api == NULL)
        return give_up(api, socket_path, error, error_size);
    api->site.host = *host;

    fd = listen_unix(socket_path, &api->file, error, error_size);
    if (fd < 0)
        return give_up(api, NULL, error, error_size);
    api->local = http_new(loop, fd, &api->site, true);
    if (api->local == NULL)
        return give_up(api, socket_path, error, error_size);

    if (http != NULL) {
        fd = listen_tcp(http, error, error_size);
        if (fd < 0)
            return give_up(api, NULL, error, error_size);
        api->tcp = http_new(loop, fd, &api->site, false);
        if (api->tcp == NULL)
            return give_up(api, http, error, error_size);
    }
    return api;
}

void api_free(struct api *api)
{
    if (api == NULL)
        return;
    /* First, so that whoever finds the file finds a server behind it. */
    if (api->file.path[0] != '\0')
        socket_file_remove(&api->file);
    http_free(api->tcp);
    http_free(api->local);
    lease_snapshot_free(&api->site.leases);
    free(api);
}
