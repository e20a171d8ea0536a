/* daemon/ctl/client.h - one request to the daemon, over its unix socket. */
#ifndef TWINDHCP_DAEMON_CTL_CLIENT_H
#define TWINDHCP_DAEMON_CTL_CLIENT_H

#include <jansson.h>

#include "daemon/ctl/ctl.h"

struct ctl_reply {
    long status;   /* of HTTP */
    char *text;    /* as it came, NUL-terminated */
    json_t *value; /* parsed: always an object */
};

/* GET `path` (with its query), or POST `body` to it when not NULL.  Prints nothing.
 *
 * CTL_OK when there is an answer of any status.  Else CTL_UNREACHABLE or CTL_FAILED with a text
 * for a person in `error`, and `*reply` is empty.  ctl_reply_free() in any case. */
enum ctl_exit ctl_ask(const struct ctl_options *options, const char *path, const char *body,
                      struct ctl_reply *reply, char *error, size_t error_size);

/* As above, and done with what went wrong: an error, ours or the server's, is printed and its
 * exit status returned.  With --json the server's error goes to stdout as well, as it came. */
enum ctl_exit ctl_ask_or_complain(const struct ctl_options *options, const char *path,
                                  const char *body, struct ctl_reply *reply);

/* The same with a body and any method. */
enum ctl_exit ctl_send_or_complain(const struct ctl_options *options, const char *method,
                                   const char *path, const char *body, struct ctl_reply *reply);

void ctl_reply_free(struct ctl_reply *reply);

/* Append ?name=value or &name=value, escaped; NULL values are left out.  `path` is heap memory
 * and may move; NULL when memory runs out. */
char *ctl_path_add(char *path, const char *name, const char *value);

#endif
