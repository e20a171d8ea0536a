/* daemon/io/raw.h - unicast frames to clients that have no address yet, through a packet
 * socket.
 *
 * Replies are collected and leave together.  Never blocks: what the system does not take is
 * dropped and counted, for the client asks again. */
#ifndef TWINDHCP_DAEMON_IO_RAW_H
#define TWINDHCP_DAEMON_IO_RAW_H

#include "daemon/core/effects.h"
#include "daemon/io/send.h"

struct raw;

/* NULL with a text for a person in `error`. */
MUST_USE struct raw *raw_open(char *error, size_t error_size);
void raw_close(struct raw *raw); /* NULL is fine */

/* Whether a REPLY_FRAME has a hardware address that a frame can be sent to; else it has to be
 * broadcast. */
bool raw_can_send(const struct reply *reply);

/* Collect a reply for which raw_can_send().  Its packet is borrowed until raw_flush(). */
void raw_send(struct raw *raw, const struct reply *reply);
void raw_flush(struct raw *raw);

struct send_counters raw_counters(const struct raw *raw);

#endif
