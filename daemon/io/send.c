#include "daemon/io/send.h"

#include <errno.h>

#define BUFFER_SIZE (8 << 20)

void send_batch(int fd, struct mmsghdr *messages, size_t count, struct send_counters *counters)
{
    size_t at = 0;

    while (at < count) {
        int sent = sendmmsg(fd, messages + at, (unsigned int)(count - at), MSG_DONTWAIT);

        if (sent > 0) {
            at += (size_t)sent;
            counters->sent += (uint64_t)sent;
            continue;
        }
        if (errno == EINTR)
            continue;
        counters->last_error = errno;
        if (errno == EAGAIN || errno == ENOBUFS) { /* no room for any of the rest either */
            counters->dropped += count - at;
            return;
        }
        counters->dropped++; /* the first of them is to blame */
        at++;
    }
}

void send_enlarge_buffers(int fd)
{
    int size = BUFFER_SIZE;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}
