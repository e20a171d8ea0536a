/* daemon/explain/question.h - the packet to be explained, and how it arrives. */
#ifndef TWINDHCP_DAEMON_EXPLAIN_QUESTION_H
#define TWINDHCP_DAEMON_EXPLAIN_QUESTION_H

#include <jansson.h>

#include "daemon/core/server.h"

#define QUESTION_INTERFACE  16
#define QUESTION_PACKET_MAX 2048 /* what the daemon reads of a datagram */

struct question {
    struct ip4 source, destination;     /* 0.0.0.0: not known */
    struct ip4 local;                   /* of the receiving interface; 0.0.0.0: not known */
    char interface[QUESTION_INTERFACE]; /* its name; "": not known */
    uint8_t bytes[QUESTION_PACKET_MAX];
    size_t size;
};

/* {"packet": "0101...", "source": IP, "destination": IP, "local": IP, "interface": NAME}; only
 * `packet` must be there.  False with a text for a person; `*out` changes only on success. */
MUST_USE bool question_from_json(const json_t *value, struct question *out, char *error,
                                 size_t error_size);

/* A new reference; NULL when memory ran out. */
json_t *question_to_json(const struct question *question);

/* "01 01 06 00", "01:01:06", "010106..." of any length up to QUESTION_PACKET_MAX, white space
 * anywhere.  False if it is anything else. */
MUST_USE bool question_parse_hex(const char *text, struct question *out);

/* As the server would receive it.  What is not known is guessed as it mostly is: `own` stands
 * for the receiving interface's address; a packet is broadcast, but for what a relay, or a
 * client with an address, sends to the server itself.  Borrows the question. */
struct datagram question_datagram(const struct question *question, struct ip4 own);

#endif
