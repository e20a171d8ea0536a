/* Clients attached to the servers' LAN, each with a hardware address of its own, on one packet
 * socket: broadcasts reach whoever is there, and servers' ARP requests are answered. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/load/clock.h"
#include "tests/bench/load/frame.h"
#include "tests/bench/load/wire_internal.h"

#define KNOWN_SERVERS 8

struct neighbour {
    struct ip4 address;
    uint8_t hardware[6];
};

struct lan_wire {
    struct wire wire;
    const struct holders *holders;
    struct neighbour servers[KNOWN_SERVERS]; /* learnt from what they send */
    size_t server_count;
    uint64_t overflows;
    uint8_t headers[WIRE_OUT][FRAME_HEADERS];
    struct iovec parts[WIRE_OUT][2];
    struct mmsghdr messages[WIRE_OUT];
    struct wire_in in;
};

static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static struct neighbour *find_server(struct lan_wire *lan, struct ip4 address)
{
    for (size_t i = 0; i < lan->server_count; i++)
        if (ip4_equal(lan->servers[i].address, address))
            return &lan->servers[i];
    return NULL;
}

static void learn_server(struct lan_wire *lan, const struct frame *frame)
{
    struct neighbour *server = find_server(lan, frame->from);

    if (server == NULL && lan->server_count < KNOWN_SERVERS)
        server = &lan->servers[lan->server_count++];
    if (server == NULL)
        return;
    server->address = frame->from;
    memcpy(server->hardware, frame->from_hardware, 6);
}

static void lan_send(struct wire *wire)
{
    struct lan_wire *lan = (struct lan_wire *)wire;

    for (size_t i = 0; i < wire->out_count; i++) {
        struct datagram *d = &wire->out[i];
        struct neighbour *server = d->unicast ? find_server(lan, d->server) : NULL;
        struct frame_route route = {.to = ip4(UINT32_MAX)};

        message_hardware(d->client, route.from_hardware);
        memcpy(route.to_hardware, server != NULL ? server->hardware : everybody, 6);
        if (d->unicast) {
            route.from = d->from;
            route.to = d->server;
        }
        frame_write_headers(&route, d->bytes, lan->headers[i]);
        lan->parts[i][0] = (struct iovec){lan->headers[i], FRAME_HEADERS};
        lan->parts[i][1] = (struct iovec){d->bytes, sizeof d->bytes};
        lan->messages[i].msg_hdr =
            (struct msghdr){.msg_iov = lan->parts[i], .msg_iovlen = ARRAY_SIZE(lan->parts[i])};
    }
    wire_send_all(wire->sockets[0].fd, lan->messages, wire->out_count);
}

static void answer_arp(struct lan_wire *lan, const struct frame *request)
{
    uint32_t client = holders_find(lan->holders, request->to, clock_now_ns() / NS_PER_S);
    uint8_t hardware[6], reply[FRAME_ARP];

    if (client == HOLDERS_NOBODY)
        return;
    message_hardware(client, hardware);
    frame_write_arp_reply(request, hardware, reply);
    /* Not sent: asked again in a second, as on any network. */
    (void)!send(lan->wire.sockets[0].fd, reply, sizeof reply, 0);
}

static bool lan_receive(struct wire *wire, wire_receiver *receiver, void *context)
{
    struct lan_wire *lan = (struct lan_wire *)wire;
    size_t received = wire_in_receive(&lan->in, wire->sockets[0].fd);
    uint64_t now = clock_now_ns();

    for (size_t i = 0; i < received; i++) {
        struct frame frame = frame_read(wire_in_bytes(&lan->in, i));

        if (frame.kind == FRAME_ARP_REQUEST)
            answer_arp(lan, &frame);
        if (frame.kind != FRAME_DHCP)
            continue;
        learn_server(lan, &frame);
        receiver(context, frame.payload, wire_in_time(&lan->in, i, now));
    }
    return received == WIRE_IN;
}

static uint64_t lan_overflows(struct wire *wire)
{
    struct lan_wire *lan = (struct lan_wire *)wire;
    struct tpacket_stats stats;
    socklen_t size = sizeof stats;

    /* Reading them sets them to zero. */
    if (getsockopt(wire->sockets[0].fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0)
        wire_die("the packet socket's counters");
    lan->overflows += stats.tp_drops;
    return lan->overflows;
}

static void lan_close(struct wire *wire)
{
    close(wire->sockets[0].fd);
    free(wire);
}

static const struct wire_ops lan_ops = {
    .send = lan_send,
    .receive = lan_receive,
    .overflows = lan_overflows,
    .close = lan_close,
};

/* IPv4 UDP to port 68, unfragmented; or ARP. */
static void attach_filter(int fd)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_ARP, 6, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_IP, 0, 6),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 4),
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DHCP4_CLIENT_PORT, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {.len = ARRAY_SIZE(code), .filter = code};

    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
        wire_die("a packet filter");
}

static int open_socket(const char *interface)
{
    struct sockaddr_ll here = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    struct packet_mreq promiscuous = {.mr_type = PACKET_MR_PROMISC};
    int on = 1, fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

    if (fd < 0)
        wire_die("a packet socket");
    here.sll_ifindex = promiscuous.mr_ifindex = (int)if_nametoindex(interface);
    if (here.sll_ifindex == 0)
        wire_die(interface);
    attach_filter(fd);
    wire_prepare_socket(fd);
    if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) !=
            0)
        wire_die("the packet socket's options");
    if (bind(fd, (const struct sockaddr *)&here, sizeof here) != 0)
        wire_die(interface);
    return fd;
}

struct wire *wire_lan_open(const char *interface, const struct holders *holders)
{
    struct lan_wire *lan = calloc(1, sizeof *lan);

    ASSERT(lan != NULL);
    lan->wire.ops = &lan_ops;
    lan->holders = holders;
    lan->wire.socket_count = 1;
    lan->wire.sockets[0] = (struct pollfd){open_socket(interface), POLLIN, 0};
    return &lan->wire;
}
