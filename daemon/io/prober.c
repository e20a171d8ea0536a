#include "daemon/io/prober.h"

#include <net/if.h> /* before the kernel's own, which gives way to it */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/icmp.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "daemon/io/probe_packet.h"
#include "daemon/io/send.h"

#define BATCH 64
/* As many as the core can have under way, and those that it has just given up: with room for
 * them none is ever lost, for a lost one would count as silence. */
#define RESULTS_MAX 8192
#define ASKED_SLOTS 16384 /* a power of two */
#define LINKS_MAX   64
/* The network is not flooded, whatever the clients do. */
#define PER_SECOND 4000
#define LATE_MS    2000 /* an answer that comes so much later is still told */

enum { BY_ICMP, BY_ARP };

/* Whom an ARP reply may answer. */
struct asked {
    struct ip4 address;
    uint32_t interface;
    uint64_t number; /* 0: nobody */
    int64_t until_ms;
};

struct link_address {
    uint32_t interface;
    bool ethernet;
    uint8_t mac[PROBE_MAC_SIZE];
};

struct outgoing {
    struct probe probe;
    union {
        struct sockaddr_in in;
        struct sockaddr_ll ll;
    } to;
    uint8_t bytes[PROBE_ECHO_SIZE > PROBE_ARP_SIZE ? PROBE_ECHO_SIZE : PROBE_ARP_SIZE];
    struct iovec part;
};

struct queue {
    size_t count;
    struct outgoing items[BATCH];
    struct mmsghdr messages[BATCH];
};

struct prober {
    int fds[PROBER_SOCKETS]; /* -1: none */
    uint16_t id, sequence;
    uint64_t token;
    struct queue queues[PROBER_SOCKETS];
    struct probe_result results[RESULTS_MAX]; /* of what was not sent */
    size_t result_head, result_count;
    struct asked asked[ASKED_SLOTS];
    struct link_address links[LINKS_MAX];
    size_t link_count;
    size_t read;       /* packets, since prober_next() last said that there is nothing */
    int64_t credit;    /* probes that may be sent, in thousandths */
    int64_t credit_at; /* ms */
    struct prober_counters counters;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- opening ---- */

/* Nothing but echo replies reaches the socket: an error message says what silence says. */
static int open_icmp(void)
{
    const struct icmp_filter filter = {.data = ~(1u << ICMP_ECHOREPLY)};
    int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof filter) != 0) {
        close(fd);
        return -1;
    }
    send_enlarge_buffers(fd);
    return fd;
}

/* Replies alone: a busy link is full of requests. */
static int open_arp(void)
{
    static struct sock_filter replies[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPOP_REPLY, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 256),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const struct sock_fprog program = {ARRAY_SIZE(replies), replies};
    const struct sockaddr_ll all = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP)};
    /* Bound only once the filter is there. */
    int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
        bind(fd, (const struct sockaddr *)&all, sizeof all) != 0) {
        close(fd);
        return -1;
    }
    send_enlarge_buffers(fd);
    return fd;
}

struct prober *prober_without_sockets(void)
{
    struct prober *prober = calloc(1, sizeof *prober);

    ASSERT(prober != NULL);
    prober->fds[BY_ICMP] = prober->fds[BY_ARP] = -1;
    prober->credit = PER_SECOND * INT64_C(1000);
    prober->credit_at = now_ms();
    return prober;
}

struct prober *prober_open(char *error, size_t error_size)
{
    struct prober *prober = prober_without_sockets();

    prober->fds[BY_ICMP] = open_icmp();
    if (prober->fds[BY_ICMP] >= 0)
        prober->fds[BY_ARP] = open_arp();
    if (prober->fds[BY_ARP] < 0 ||
        getrandom(&prober->token, sizeof prober->token, 0) != sizeof prober->token) {
        snprintf(error, error_size, "no raw sockets to probe addresses: %s%s", strerror(errno),
                 errno == EPERM ? " (needs CAP_NET_RAW)" : "");
        prober_close(prober);
        return NULL;
    }
    prober->id = (uint16_t)prober->token;
    return prober;
}

void prober_close(struct prober *prober)
{
    if (prober == NULL)
        return;
    for (size_t i = 0; i < PROBER_SOCKETS; i++) {
        if (prober->fds[i] >= 0)
            close(prober->fds[i]);
    }
    free(prober);
}

int prober_fd(const struct prober *prober, size_t i)
{
    return prober->fds[i];
}

/* ---- asking ---- */

static void read_link(int fd, uint32_t interface, struct link_address *out)
{
    struct ifreq request = {0};

    *out = (struct link_address){.interface = interface};
    if (if_indextoname(interface, request.ifr_name) == NULL ||
        ioctl(fd, SIOCGIFHWADDR, &request) != 0 || request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
        return;
    out->ethernet = true;
    memcpy(out->mac, request.ifr_hwaddr.sa_data, PROBE_MAC_SIZE);
}

/* NULL: no ARP is spoken there. */
static const struct link_address *link_of(struct prober *prober, uint32_t interface)
{
    struct link_address *link = NULL;

    for (size_t i = 0; i < prober->link_count && link == NULL; i++) {
        if (prober->links[i].interface == interface)
            link = &prober->links[i];
    }
    if (link == NULL) {
        if (prober->link_count == LINKS_MAX)
            prober->link_count = 0;
        link = &prober->links[prober->link_count++];
        read_link(prober->fds[BY_ARP], interface, link);
    }
    return link->ethernet ? link : NULL;
}

void prober_refresh(struct prober *prober)
{
    prober->link_count = 0;
}

static struct asked *asked_of(struct prober *prober, struct ip4 address)
{
    return &prober->asked[(address.value * UINT32_C(2654435769) >> 16) % ASKED_SLOTS];
}

static void note_result(struct prober *prober, const struct probe *probe,
                        enum probe_outcome outcome)
{
    ASSERT(prober->result_count < RESULTS_MAX);
    prober->results[(prober->result_head + prober->result_count++) % RESULTS_MAX] =
        (struct probe_result){
            .number = probe->number, .address = probe->address, .outcome = outcome};
}

static void note_dropped(struct prober *prober, const struct probe *probe, int error)
{
    prober->counters.dropped++;
    prober->counters.last_error = error;
    note_result(prober, probe, PROBE_NOT_SENT);
}

static bool take_credit(struct prober *prober)
{
    const int64_t now = now_ms(), most = PER_SECOND * INT64_C(1000);

    prober->credit += (now - prober->credit_at) * PER_SECOND;
    prober->credit_at = now;
    if (prober->credit > most)
        prober->credit = most;
    if (prober->credit < 1000)
        return false;
    prober->credit -= 1000;
    return true;
}

/* Has the system said that there is no way to the address, as opposed to no room? */
static bool is_no_way(int error)
{
    return error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN ||
           error == EHOSTDOWN || error == ENXIO || error == ENODEV;
}

static void flush_queue(struct prober *prober, int way)
{
    struct queue *queue = &prober->queues[way];
    size_t at = 0;

    while (at < queue->count) {
        const int sent = sendmmsg(prober->fds[way], queue->messages + at,
                                  (unsigned)(queue->count - at), MSG_DONTWAIT);

        if (sent > 0) {
            at += (size_t)sent;
            prober->counters.sent += (uint64_t)sent;
        } else if (errno != EINTR && is_no_way(errno)) {
            note_result(prober, &queue->items[at++].probe, PROBE_NO_WAY);
        } else if (errno != EINTR) {
            note_dropped(prober, &queue->items[at++].probe, errno);
        }
    }
    queue->count = 0;
}

void prober_flush(struct prober *prober)
{
    for (int way = 0; way < PROBER_SOCKETS; way++)
        flush_queue(prober, way);
}

static struct outgoing *enqueue(struct prober *prober, int way, const struct probe *probe,
                                size_t to_size, size_t size)
{
    struct queue *queue = &prober->queues[way];
    struct outgoing *out;
    struct msghdr *message;

    if (queue->count == BATCH)
        flush_queue(prober, way);
    out = &queue->items[queue->count];
    message = &queue->messages[queue->count++].msg_hdr;
    memset(out, 0, sizeof *out);
    out->probe = *probe;
    out->part = (struct iovec){out->bytes, size};
    *message = (struct msghdr){.msg_name = &out->to,
                               .msg_namelen = (socklen_t)to_size,
                               .msg_iov = &out->part,
                               .msg_iovlen = 1};
    return out;
}

static void send_arp(struct prober *prober, const struct probe *probe,
                     const struct link_address *link)
{
    struct outgoing *out =
        enqueue(prober, BY_ARP, probe, sizeof(struct sockaddr_ll), PROBE_ARP_SIZE);

    out->to.ll = (struct sockaddr_ll){.sll_family = AF_PACKET,
                                      .sll_protocol = htons(ETH_P_ARP),
                                      .sll_ifindex = (int)probe->interface,
                                      .sll_halen = PROBE_MAC_SIZE};
    memset(out->to.ll.sll_addr, 0xff, PROBE_MAC_SIZE);
    probe_arp_encode(link->mac, probe->address, out->bytes);
    *asked_of(prober, probe->address) = (struct asked){
        probe->address, probe->interface, probe->number, now_ms() + probe->wait_ms + LATE_MS};
}

static void send_echo(struct prober *prober, const struct probe *probe)
{
    const struct probe_echo echo = {.id = prober->id,
                                    .sequence = prober->sequence++,
                                    .token = prober->token,
                                    .number = probe->number,
                                    .address = probe->address};
    struct outgoing *out =
        enqueue(prober, BY_ICMP, probe, sizeof(struct sockaddr_in), PROBE_ECHO_SIZE);

    out->to.in = (struct sockaddr_in){.sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(probe->address.value)};
    probe_echo_encode(&echo, out->bytes);
}

void prober_send(struct prober *prober, const struct probe *probe)
{
    const struct link_address *link = NULL;

    if (probe->arp && probe->interface != 0 && prober->fds[BY_ARP] >= 0)
        link = link_of(prober, probe->interface);
    if (prober->fds[BY_ICMP] < 0 || (link == NULL && !probe->icmp))
        note_result(prober, probe, PROBE_NO_WAY);
    else if (!take_credit(prober))
        note_dropped(prober, probe, 0);
    else if (link != NULL)
        send_arp(prober, probe, link);
    else
        send_echo(prober, probe);
}

/* ---- hearing ---- */

static bool hear_echo(struct prober *prober, struct span packet, struct probe_result *out)
{
    struct probe_echo echo;

    if (!probe_echo_decode(packet, prober->id, prober->token, &echo))
        return false;
    *out = (struct probe_result){
        .number = echo.number, .address = echo.address, .outcome = PROBE_ANSWERED};
    return true;
}

static bool hear_arp(struct prober *prober, struct span packet, const struct sockaddr_ll *from,
                     struct probe_result *out)
{
    const uint32_t interface = (uint32_t)from->sll_ifindex;
    const struct link_address *link = link_of(prober, interface);
    uint8_t mac[PROBE_MAC_SIZE];
    struct ip4 address;
    struct asked *asked;

    if (link == NULL || !probe_arp_decode(packet, link->mac, &address, mac))
        return false;
    asked = asked_of(prober, address);
    if (asked->number == 0 || !ip4_equal(asked->address, address) ||
        asked->interface != interface || now_ms() > asked->until_ms)
        return false;
    *out = (struct probe_result){.number = asked->number,
                                 .address = address,
                                 .outcome = PROBE_ANSWERED,
                                 .hlen = PROBE_MAC_SIZE};
    memcpy(out->hardware, mac, PROBE_MAC_SIZE);
    asked->number = 0; /* one answer is enough */
    return true;
}

/* One packet; `*answer` says whether `out` was filled in.  False: none is there. */
static bool receive_one(struct prober *prober, int way, struct probe_result *out, bool *answer)
{
    uint8_t bytes[256];
    struct sockaddr_ll from = {0};
    socklen_t from_size = sizeof from;
    ssize_t size;

    *answer = false;
    if (prober->fds[way] < 0)
        return false;
    size = recvfrom(prober->fds[way], bytes, sizeof bytes, MSG_DONTWAIT | MSG_TRUNC,
                    (struct sockaddr *)&from, &from_size);
    if (size < 0)
        return errno == EINTR;
    prober->read++;
    if ((size_t)size <= sizeof bytes) {
        const struct span packet = span_of(bytes, (size_t)size);

        *answer = way == BY_ICMP ? hear_echo(prober, packet, out)
                                 : hear_arp(prober, packet, &from, out);
    }
    prober->counters.strays += !*answer;
    return true;
}

bool prober_next(struct prober *prober, struct probe_result *out)
{
    bool answer;

    if (prober->result_count > 0) {
        *out = prober->results[prober->result_head];
        prober->result_head = (prober->result_head + 1) % RESULTS_MAX;
        prober->result_count--;
        return true;
    }
    for (int way = 0; way < PROBER_SOCKETS; way++) {
        while (prober->read < PROBER_TURN && receive_one(prober, way, out, &answer)) {
            if (answer)
                return true;
        }
    }
    prober->read = 0;
    return false;
}

struct prober_counters prober_counters(const struct prober *prober)
{
    return prober->counters;
}
