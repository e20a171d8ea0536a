#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/load/clock.h"
#include "tests/bench/load/wire_internal.h"

#define SOCKET_BUFFER (64 << 20)

void wire_die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

struct datagram *wire_next(struct wire *wire)
{
    if (wire->out_count == WIRE_OUT)
        wire_flush(wire);
    return &wire->out[wire->out_count++];
}

void wire_flush(struct wire *wire)
{
    uint64_t now = clock_now_ns();

    if (wire->out_count == 0)
        return;
    for (size_t i = 0; i < wire->out_count; i++)
        if (wire->out[i].sent_at != NULL)
            *wire->out[i].sent_at = now;
    wire->ops->send(wire);
    wire->out_count = 0;
}

void wire_prepare_socket(int fd)
{
    int size = SOCKET_BUFFER, on = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
        wire_die("a large socket buffer");
    if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0)
        wire_die("time stamps");
}

size_t wire_in_receive(struct wire_in *in, int fd)
{
    int received;

    for (size_t i = 0; i < WIRE_IN; i++) {
        in->parts[i] = (struct iovec){in->buffers[i], WIRE_IN_SIZE};
        in->messages[i].msg_hdr = (struct msghdr){
            .msg_iov = &in->parts[i],
            .msg_iovlen = 1,
            .msg_control = in->controls[i].bytes,
            .msg_controllen = sizeof in->controls[i].bytes,
        };
    }
    do
        received = recvmmsg(fd, in->messages, WIRE_IN, MSG_DONTWAIT, NULL);
    while (received < 0 && errno == EINTR);
    if (received >= 0)
        return (size_t)received;
    /* ENETDOWN and the like are told once, and the socket goes on. */
    if (errno != EAGAIN && errno != ENETDOWN && errno != ECONNREFUSED)
        wire_die("receiving");
    return 0;
}

struct span wire_in_bytes(const struct wire_in *in, size_t i)
{
    return span_of(in->buffers[i], in->messages[i].msg_len);
}

uint64_t wire_in_time(struct wire_in *in, size_t i, uint64_t otherwise)
{
    struct msghdr *header = &in->messages[i].msg_hdr;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        struct timespec at;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        memcpy(&at, CMSG_DATA(c), sizeof at);
        return clock_ns_of(at);
    }
    return otherwise;
}

static bool is_unreachable(int problem)
{
    return problem == EHOSTUNREACH || problem == ENETUNREACH || problem == ECONNREFUSED ||
           problem == ENETDOWN || problem == ENOBUFS;
}

void wire_send_all(int fd, struct mmsghdr *messages, size_t count)
{
    size_t sent = 0;

    while (sent < count) {
        int n = sendmmsg(fd, messages + sent, (unsigned int)(count - sent), 0);

        if (n > 0)
            sent += (size_t)n;
        else if (is_unreachable(errno))
            sent++;
        else if (errno != EINTR)
            wire_die("sending");
    }
}
