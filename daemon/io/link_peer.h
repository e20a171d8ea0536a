/* daemon/io/link_peer.h - which connection of the primary's socket is the partner's.
 *
 * ZeroMQ gives each connection a routing id of its own.  One is the partner's present one; the
 * last few of before are remembered, for frames of them may still wait in ZeroMQ. */
#ifndef TWINDHCP_DAEMON_IO_LINK_PEER_H
#define TWINDHCP_DAEMON_IO_LINK_PEER_H

#include "daemon/io/link_socket.h"

#define LINK_BURIED 16

struct link_peer {
    struct link_id id; /* size 0: none */
    int fd;            /* the descriptor of its connection */
    struct link_id buried[LINK_BURIED];
    size_t next_buried;
};

bool link_peer_is(const struct link_peer *peer, const struct link_frame *frame);
bool link_peer_is_buried(const struct link_peer *peer, const struct link_frame *frame);
bool link_peer_has_fd(const struct link_peer *peer, int fd);

void link_peer_adopt(struct link_peer *peer, const struct link_frame *frame);
/* The present connection is over; nothing if there is none. */
void link_peer_bury(struct link_peer *peer);

#endif
