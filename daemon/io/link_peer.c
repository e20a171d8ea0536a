#include "daemon/io/link_peer.h"

static bool same_id(const struct link_id *a, const struct link_id *b)
{
    return a->size > 0 && span_equal(span_of(a->bytes, a->size), span_of(b->bytes, b->size));
}

bool link_peer_is(const struct link_peer *peer, const struct link_frame *frame)
{
    return same_id(&peer->id, &frame->from);
}

bool link_peer_is_buried(const struct link_peer *peer, const struct link_frame *frame)
{
    for (size_t i = 0; i < LINK_BURIED; i++) {
        if (same_id(&peer->buried[i], &frame->from))
            return true;
    }
    return false;
}

bool link_peer_has_fd(const struct link_peer *peer, int fd)
{
    return peer->id.size > 0 && peer->fd == fd;
}

void link_peer_adopt(struct link_peer *peer, const struct link_frame *frame)
{
    peer->id = frame->from;
    peer->fd = frame->fd;
}

void link_peer_bury(struct link_peer *peer)
{
    if (peer->id.size == 0)
        return;
    peer->buried[peer->next_buried] = peer->id;
    peer->next_buried = (peer->next_buried + 1) % LINK_BURIED;
    peer->id.size = 0;
    peer->fd = -1;
}
