/* config/schema_server.c - the keys of `server`. */
#include "config/schema_rows.h"

#define SOCKET_MAX_BYTES 107 /* sun_path of a unix socket */

static const struct schema_key api_keys[] = {
    {.name = "socket",
     .type = SCHEMA_PATH,
     .at = offsetof(struct config_server, api_socket),
     .min = 1,
     .max = SOCKET_MAX_BYTES,
     .initial = "/run/twindhcp/api.sock",
     .doc = "Unix socket of the API; `{node}` in it becomes the node's name.",
     .example = "/run/twindhcp/api.sock"},
    {.name = "http",
     .type = SCHEMA_ENDPOINT,
     .at = offsetof(struct config_server, api_http),
     .doc = "Address and port of the API over TCP; not served unless written.",
     .example = "\"127.0.0.1:8067\""},
};
SECTION(api, "api", "server.api", "Where the HTTP API is served.");

static const struct schema_key server_keys[] = {
    SERVE_KEYS,
    {.name = "store",
     .type = SCHEMA_PATH,
     .at = offsetof(struct config_server, store),
     .min = 1,
     .max = PATH_MAX_BYTES,
     .initial = "/var/lib/twindhcp",
     .doc = "Directory of the lease store; `{node}` in it becomes the node's name.",
     .example = "/var/lib/twindhcp"},
    {.name = "api",
     .type = SCHEMA_SECTION,
     .section = &schema_api,
     .doc = "Where the HTTP API is served.",
     .example = "{http: \"127.0.0.1:8067\"}"},
};
SECTION(
    server, "server", "server",
    "What the daemon uses of the machine. `interfaces` or `listen` is needed here or on each "
    "node.");
