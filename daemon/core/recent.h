/* daemon/core/recent.h - what was seen lately: retransmissions, duplicates, the partner's NAKs.
 *
 * A table of fixed size in which a new entry may push out an old one: forgetting costs a client
 * one retransmission and nothing else. */
#ifndef TWINDHCP_DAEMON_CORE_RECENT_H
#define TWINDHCP_DAEMON_CORE_RECENT_H

#include "proto/types.h"

struct recent;

enum recent_kind {
    RECENT_ASKED,       /* a client asks and nobody has answered it yet */
    RECENT_REQUEST,     /* one REQUEST, by xid */
    RECENT_ENDED,       /* a RELEASE or DECLINE, by xid */
    RECENT_PARTNER_NAK, /* the partner refused this REQUEST, by xid */
};

struct recent *recent_new(void);
void recent_free(struct recent *recent);

/* Note one more of it; returns how many were noted within `window_ms`, this one included. */
unsigned recent_note(struct recent *recent, enum recent_kind kind, struct span client,
                     uint32_t xid, struct instant now, int64_t window_ms);

/* How many were noted within `window_ms`. */
unsigned recent_count(const struct recent *recent, enum recent_kind kind, struct span client,
                      uint32_t xid, struct instant now, int64_t window_ms);

void recent_forget(struct recent *recent, enum recent_kind kind, struct span client,
                   uint32_t xid);

#endif
