/* daemon/api/http.h - HTTP on one listening socket, in the loop thread. */
#ifndef TWINDHCP_DAEMON_API_HTTP_H
#define TWINDHCP_DAEMON_API_HTTP_H

#include "daemon/api/request.h"

struct http;

/* Serve `fd` (taken in any case) with api_answer().  `site` is borrowed until http_free().
 * `may_command`: see struct api_request.  NULL when that fails, with `errno`. */
MUST_USE struct http *http_new(uv_loop_t *loop, int fd, struct api_site *site,
                               bool may_command);

/* Stops at once; NULL is fine.  Memory is freed by the loop when it next runs. */
void http_free(struct http *http);

#endif
