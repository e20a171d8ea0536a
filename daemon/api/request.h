/* daemon/api/request.h - a request and its answer, apart from how HTTP carries them. */
#ifndef TWINDHCP_DAEMON_API_REQUEST_H
#define TWINDHCP_DAEMON_API_REQUEST_H

#include "daemon/api/api.h"
#include "daemon/api/leases.h"

/* Longer queries and bodies are refused. */
#define API_ARGUMENTS_MAX 16
#define API_BODY_MAX      4096 /* of most paths */
/* A packet of QUESTION_PACKET_MAX bytes in hexadecimal. */
#define API_EXPLAIN_BODY_MAX 8192

/* A change that is answered when it is durable: what is kept from one question to the next. */
struct api_wait {
    bool begun;
    struct reservation_change change;
    struct instant since;
};

struct api_request {
    const char *method, *path;
    const struct api_argument *arguments;
    size_t argument_count;
    bool arguments_bad; /* too many, or with a NUL in them */
    struct span body;
    bool body_too_large;
    struct api_wait *wait; /* starts zeroed; the same each time the request is asked again */
    bool may_command;      /* came by the unix socket, whose file permissions say who may */
};

/* How large a body of a request for `path` may be. */
size_t api_body_max(const char *path);

struct api_response {
    bool ask_again; /* there is no answer yet: the same request again, a little later */
    unsigned status;
    const char *allow; /* with 405: the methods that the path has; else NULL */
    const char *type;  /* of the body: "application/json", or what the path gives */
    char *body;        /* for the caller to free(); NULL when memory ran out */
    size_t size;
};

/* What answers are made of. */
struct api_site {
    struct api_host host;
    struct lease_snapshot leases;
};

/* Do what `request` asks and write the answer.  Always answers; status 500 with no body when
 * memory ran out.  Bounded work, whatever is asked. */
void api_answer(struct api_site *site, const struct api_request *request,
                struct api_response *response);

#endif
