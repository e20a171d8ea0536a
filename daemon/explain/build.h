/* daemon/explain/build.h - a client's packet from its parts, for a question. */
#ifndef TWINDHCP_DAEMON_EXPLAIN_BUILD_H
#define TWINDHCP_DAEMON_EXPLAIN_BUILD_H

#include "daemon/explain/question.h"

#define BUILD_PARTS_MAX 64

/* As on a command line; NULL: not given.  Borrowed. */
struct build_parts {
    const char *type; /* "discover", "request", "decline", "release", "inform" */
    const char *hw_address, *client_id;
    const char *giaddr, *ciaddr, *requested, *server_id;
    const char *secs;
    bool broadcast;                       /* the flag */
    const char *options[BUILD_PARTS_MAX]; /* "NAME=VALUE", values of a list with commas */
    size_t option_count;
    const char *relay[BUILD_PARTS_MAX]; /* "circuit-id=VALUE", "remote-id=...", "N=..." */
    size_t relay_count;
};

/* Fill in the packet.  False with a text for a person that names the part. */
MUST_USE bool build_packet(const struct build_parts *parts, struct question *out, char *error,
                           size_t error_size);

#endif
