/* A relay with helper addresses (RFC 1542): what its clients broadcast goes to every server
 * from the relay's address; what they unicast, the servers get from the client's own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/load/clock.h"
#include "tests/bench/load/wire_internal.h"

enum { RELAYED, UNICAST, SOCKETS };

#define OUT_MESSAGES ((size_t)WIRE_OUT * WIRE_SERVERS)

/* The messages of one sendmmsg(). */
struct outgoing {
    size_t count;
    struct sockaddr_in to[OUT_MESSAGES];
    struct iovec parts[OUT_MESSAGES];
    struct mmsghdr messages[OUT_MESSAGES];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    } controls[OUT_MESSAGES];
};

struct relay_wire {
    struct wire wire;
    struct ip4 servers[WIRE_SERVERS];
    size_t server_count;
    struct outgoing outgoing[SOCKETS];
    struct wire_in in;
};

static struct sockaddr_in socket_address(struct ip4 address, uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(address.value)};
}

static int open_socket(uint16_t port)
{
    struct sockaddr_in here = socket_address(ip4(0), port);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        wire_die("a UDP socket");
    wire_prepare_socket(fd);
    if (bind(fd, (const struct sockaddr *)&here, sizeof here) != 0)
        wire_die(port == DHCP4_SERVER_PORT ? "UDP port 67" : "UDP port 68");
    return fd;
}

/* What never changes in a message: its parts, and the frame of the control message. */
static void init_outgoing(struct outgoing *out)
{
    for (size_t i = 0; i < OUT_MESSAGES; i++) {
        struct msghdr *header = &out->messages[i].msg_hdr;
        struct cmsghdr *control;

        *header = (struct msghdr){
            .msg_name = &out->to[i],
            .msg_namelen = sizeof out->to[i],
            .msg_iov = &out->parts[i],
            .msg_iovlen = 1,
            .msg_control = out->controls[i].bytes,
            .msg_controllen = sizeof out->controls[i].bytes,
        };
        control = CMSG_FIRSTHDR(header);
        control->cmsg_level = IPPROTO_IP;
        control->cmsg_type = IP_PKTINFO;
        control->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
    }
}

static void add(struct outgoing *out, struct datagram *d, struct ip4 server)
{
    struct in_pktinfo from = {.ipi_spec_dst.s_addr = htonl(d->from.value)};

    out->to[out->count] = socket_address(server, DHCP4_SERVER_PORT);
    out->parts[out->count] = (struct iovec){d->bytes, sizeof d->bytes};
    memcpy(CMSG_DATA(&out->controls[out->count].align), &from, sizeof from);
    out->count++;
}

/* The last one for whom none of the helper addresses is, so that nothing is left out. */
static size_t index_of(const struct relay_wire *relay, struct ip4 server)
{
    size_t k = 0;

    while (k + 1 < relay->server_count && !ip4_equal(relay->servers[k], server))
        k++;
    return k;
}

/* All that goes to one server, then all that goes to the other: in turns, each packet would
 * wake a server that had just gone to sleep after the one before. */
static void relay_send(struct wire *wire)
{
    struct relay_wire *relay = (struct relay_wire *)wire;

    for (size_t i = 0; i < SOCKETS; i++)
        relay->outgoing[i].count = 0;
    for (size_t k = 0; k < relay->server_count; k++) {
        for (size_t i = 0; i < wire->out_count; i++) {
            struct datagram *d = &wire->out[i];

            if (!d->unicast)
                add(&relay->outgoing[RELAYED], d, relay->servers[k]);
            else if (index_of(relay, d->server) == k)
                add(&relay->outgoing[UNICAST], d, d->server);
        }
    }
    for (size_t i = 0; i < SOCKETS; i++)
        wire_send_all(wire->sockets[i].fd, relay->outgoing[i].messages,
                      relay->outgoing[i].count);
}

static bool relay_receive(struct wire *wire, wire_receiver *receiver, void *context)
{
    struct wire_in *in = &((struct relay_wire *)wire)->in;
    bool more = false;

    for (size_t i = 0; i < SOCKETS; i++) {
        size_t received = wire_in_receive(in, wire->sockets[i].fd);
        uint64_t now = clock_now_ns();

        for (size_t k = 0; k < received; k++)
            receiver(context, wire_in_bytes(in, k), wire_in_time(in, k, now));
        more |= received == WIRE_IN;
    }
    return more;
}

static uint64_t relay_overflows(struct wire *wire)
{
    uint64_t dropped = 0;

    for (size_t i = 0; i < SOCKETS; i++) {
        uint32_t info[SK_MEMINFO_VARS] = {0};
        socklen_t size = sizeof info;

        if (getsockopt(wire->sockets[i].fd, SOL_SOCKET, SO_MEMINFO, info, &size) != 0)
            wire_die("the socket's counters");
        dropped += info[SK_MEMINFO_DROPS];
    }
    return dropped;
}

static void relay_close(struct wire *wire)
{
    for (size_t i = 0; i < SOCKETS; i++)
        close(wire->sockets[i].fd);
    free(wire);
}

static const struct wire_ops relay_ops = {
    .send = relay_send,
    .receive = relay_receive,
    .overflows = relay_overflows,
    .close = relay_close,
};

struct wire *wire_relay_open(const struct ip4 *servers, size_t count)
{
    struct relay_wire *relay = calloc(1, sizeof *relay);

    ASSERT(relay != NULL && count <= WIRE_SERVERS);
    relay->wire.ops = &relay_ops;
    memcpy(relay->servers, servers, count * sizeof *servers);
    relay->server_count = count;
    relay->wire.socket_count = SOCKETS;
    relay->wire.sockets[RELAYED] = (struct pollfd){open_socket(DHCP4_SERVER_PORT), POLLIN, 0};
    relay->wire.sockets[UNICAST] = (struct pollfd){open_socket(DHCP4_CLIENT_PORT), POLLIN, 0};
    for (size_t i = 0; i < SOCKETS; i++)
        init_outgoing(&relay->outgoing[i]);
    return &relay->wire;
}
