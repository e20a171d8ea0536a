/* tests/bench/echo/echo.c - sends every datagram back as it came: what the path allows.
 *
 * usage: bench_echo [even | odd]
 *
 * UDP port 67, in batches.  With `even` or `odd` only for clients whose hardware address is so:
 * two of them then receive and answer as many packets as two servers that share their clients.
 */
#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH         64U
#define DATAGRAM      1500
#define SOCKET_BUFFER (64 << 20)
#define PORT          67
#define CHADDR_END    33 /* the last byte of a 6-byte hardware address in a DHCP packet */

enum half { EVERYONE, EVEN, ODD };

struct batch {
    uint8_t bytes[BATCH][DATAGRAM];
    struct sockaddr_in peers[BATCH];
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH];
};

static void die(const char *what)
{
    fprintf(stderr, "bench_echo: %s: %s\n", what, strerror(errno));
    exit(2);
}

static int open_socket(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int size = SOCKET_BUFFER, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        die("a UDP socket");
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
        die("a large socket buffer");
    if (bind(fd, (const struct sockaddr *)&here, sizeof here) != 0)
        die("UDP port 67");
    return fd;
}

/* Waits for one datagram and takes what else is there. */
static unsigned int receive(int fd, struct batch *batch)
{
    int received;

    for (unsigned int i = 0; i < BATCH; i++) {
        batch->parts[i] = (struct iovec){batch->bytes[i], DATAGRAM};
        batch->messages[i].msg_hdr = (struct msghdr){.msg_name = &batch->peers[i],
                                                     .msg_namelen = sizeof batch->peers[i],
                                                     .msg_iov = &batch->parts[i],
                                                     .msg_iovlen = 1};
    }
    received = recvmmsg(fd, batch->messages, BATCH, MSG_WAITFORONE, NULL);
    if (received < 0 && errno != EINTR)
        die("receiving");
    return received > 0 ? (unsigned int)received : 0;
}

static bool is_ours(const struct batch *batch, unsigned int i, enum half half)
{
    bool odd = batch->bytes[i][CHADDR_END] & 1;

    return half == EVERYONE ||
           (batch->messages[i].msg_len > CHADDR_END && odd == (half == ODD));
}

/* What is to go back moves to the front of the batch; returns how many. */
static unsigned int select_ours(struct batch *batch, unsigned int received, enum half half)
{
    unsigned int count = 0;

    for (unsigned int i = 0; i < received; i++) {
        if (!is_ours(batch, i, half))
            continue;
        batch->parts[i].iov_len = batch->messages[i].msg_len;
        batch->messages[count++].msg_hdr = batch->messages[i].msg_hdr;
    }
    return count;
}

static void send_back(int fd, struct batch *batch, unsigned int count)
{
    unsigned int sent = 0;

    while (sent < count) {
        int n = sendmmsg(fd, batch->messages + sent, count - sent, 0);

        if (n > 0)
            sent += (unsigned int)n;
        else if (errno != EINTR)
            die("sending");
    }
}

static enum half half_of(int argc, char **argv)
{
    if (argc == 1)
        return EVERYONE;
    if (argc == 2 && strcmp(argv[1], "even") == 0)
        return EVEN;
    if (argc == 2 && strcmp(argv[1], "odd") == 0)
        return ODD;
    fputs("usage: bench_echo [even | odd]\n", stderr);
    exit(2);
}

int main(int argc, char **argv)
{
    static struct batch batch;
    enum half half = half_of(argc, argv);
    int fd = open_socket();

    for (;;)
        send_back(fd, &batch, select_ours(&batch, receive(fd, &batch), half));
}
