#include "daemon/io/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/io/interfaces.h"
#include "proto/option.h"

/* A union aligns control messages. */
union receive_control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
};
union send_control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

struct out_slot {
    struct sockaddr_in to;
    struct iovec part;
    union send_control control;
};

struct udp_socket {
    int fd;
    struct ip4 bound; /* 0.0.0.0: all */
    size_t count;     /* collected to send */
    struct out_slot slots[UDP_BATCH];
    struct mmsghdr messages[UDP_BATCH];
};

struct udp {
    struct interfaces interfaces;
    struct ip4 *listen;
    size_t listen_count;
    struct udp_socket *sockets;
    size_t socket_count;
    struct udp_counters counters;

    /* Where a turn's datagrams go: `messages` names the rest and is always ready. */
    uint8_t buffers[UDP_TURN][UDP_DATAGRAM_SIZE];
    struct sockaddr_in from[UDP_TURN];
    union receive_control controls[UDP_TURN];
    struct iovec parts[UDP_TURN];
    struct mmsghdr messages[UDP_TURN];
};

static struct sockaddr_in socket_address(struct ip4 address, uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(address.value)};
}

static void explain_bind(struct ip4 address, uint16_t port, int problem, char *error,
                         size_t size)
{
    char text[IP4_TEXT_SIZE];

    ip4_format(address, text);
    if (problem == EADDRINUSE)
        snprintf(error, size,
                 "UDP port %u of %s is taken by another program, such as another DHCP server "
                 "(`ss -ulpn` shows which)",
                 port, text);
    else if (problem == EADDRNOTAVAIL)
        snprintf(error, size, "listen address %s is not an address of this machine", text);
    else
        snprintf(error, size, "UDP port %u of %s cannot be opened: %s%s", port, text,
                 strerror(problem), problem == EACCES ? " (needs CAP_NET_BIND_SERVICE)" : "");
}

static enum td_err open_socket(struct udp_socket *s, struct ip4 address, uint16_t port,
                               char *error, size_t error_size)
{
    struct sockaddr_in to = socket_address(address, port);
    int on = 1, failed;

    s->bound = address;
    s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0) {
        snprintf(error, error_size, "no UDP socket: %s", strerror(errno));
        return TD_IO;
    }
    failed = setsockopt(s->fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    failed |= setsockopt(s->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    ASSERT(failed == 0);
    send_enlarge_buffers(s->fd);
    if (bind(s->fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return TD_OK;
    explain_bind(address, port, errno, error, error_size);
    close(s->fd);
    return TD_IO;
}

static enum td_err open_sockets(struct udp *udp, uint16_t port, char *error, size_t size)
{
    size_t wanted = udp->interfaces.count > 0 ? 1 : udp->listen_count;

    udp->sockets = calloc(wanted, sizeof *udp->sockets);
    ASSERT(udp->sockets != NULL);
    while (udp->socket_count < wanted) {
        struct ip4 address =
            udp->interfaces.count > 0 ? ip4(0) : udp->listen[udp->socket_count];

        if (open_socket(&udp->sockets[udp->socket_count], address, port, error, size) != TD_OK)
            return TD_IO;
        udp->socket_count++;
    }
    return TD_OK;
}

/* The kernel writes how much of these it has used. */
static void make_ready(struct udp *udp, size_t i)
{
    struct msghdr *header = &udp->messages[i].msg_hdr;

    header->msg_namelen = sizeof udp->from[i];
    header->msg_controllen = sizeof udp->controls[i].bytes;
}

static void init_messages(struct udp *udp)
{
    for (size_t i = 0; i < UDP_TURN; i++) {
        udp->parts[i] = (struct iovec){udp->buffers[i], UDP_DATAGRAM_SIZE};
        udp->messages[i].msg_hdr = (struct msghdr){.msg_name = &udp->from[i],
                                                   .msg_iov = &udp->parts[i],
                                                   .msg_iovlen = 1,
                                                   .msg_control = udp->controls[i].bytes};
        make_ready(udp, i);
    }
}

struct udp *udp_open(const struct udp_options *options, char *error, size_t error_size)
{
    struct udp *udp;

    if (options->interface_count == 0 && options->listen_count == 0) {
        snprintf(error, error_size, "neither interfaces nor listen addresses are configured");
        return NULL;
    }
    udp = calloc(1, sizeof *udp);
    ASSERT(udp != NULL);
    init_messages(udp);
    udp->listen_count = options->listen_count;
    udp->listen = calloc(options->listen_count + 1, sizeof *udp->listen);
    ASSERT(udp->listen != NULL);
    if (options->listen_count > 0)
        memcpy(udp->listen, options->listen, options->listen_count * sizeof *udp->listen);
    if (interfaces_init(&udp->interfaces, options->interfaces, options->interface_count, error,
                        error_size) != TD_OK ||
        open_sockets(udp, options->port, error, error_size) != TD_OK) {
        udp_close(udp);
        return NULL;
    }
    return udp;
}

void udp_close(struct udp *udp)
{
    if (udp == NULL)
        return;
    for (size_t i = 0; i < udp->socket_count; i++)
        close(udp->sockets[i].fd);
    free(udp->sockets);
    free(udp->listen);
    interfaces_deinit(&udp->interfaces);
    free(udp);
}

size_t udp_addresses(const struct udp *udp, struct ip4 *out, size_t capacity)
{
    size_t count = 0;

    for (size_t i = 0; i < udp->interfaces.count; i++) {
        const struct interface *interface = &udp->interfaces.items[i];

        for (size_t j = 0; j < interface->address_count; j++, count++) {
            if (count < capacity)
                out[count] = interface->addresses[j];
        }
    }
    for (size_t i = 0; i < udp->listen_count; i++, count++) {
        if (count < capacity)
            out[count] = udp->listen[i];
    }
    return count;
}

size_t udp_socket_count(const struct udp *udp)
{
    return udp->socket_count;
}

int udp_fd(const struct udp *udp, size_t socket)
{
    ASSERT(socket < udp->socket_count);
    return udp->sockets[socket].fd;
}

/* ---- receiving ---- */

/* False when the kernel did not say where the datagram arrived. */
static bool read_control(struct msghdr *header, struct in_pktinfo *info)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            memcpy(info, CMSG_DATA(c), sizeof *info);
            return true;
        }
    }
    return false;
}

static bool is_listen_address(const struct udp *udp, struct ip4 address)
{
    for (size_t i = 0; i < udp->listen_count; i++) {
        if (ip4_equal(udp->listen[i], address))
            return true;
    }
    return false;
}

/* Sets interface and local address; false when the datagram came by another way than those that
 * are served. */
static bool place(const struct udp *udp, uint32_t index, struct datagram *datagram)
{
    const struct interface *interface;

    datagram->local = datagram->destination;
    datagram->interface = 0;
    datagram->interface_name = NULL;
    if (is_listen_address(udp, datagram->destination))
        return true;
    interface = interfaces_by_index(&udp->interfaces, index);
    if (interface == NULL || interface->address_count == 0)
        return false;
    datagram->interface = index;
    datagram->interface_name = interface->name;
    /* A broadcast, or an address that clients are not to know: answered as the interface. */
    if (interfaces_by_address(&udp->interfaces, datagram->destination) == NULL)
        datagram->local = interface->addresses[0];
    return true;
}

static bool accept_message(struct udp *udp, size_t i, struct datagram *out)
{
    struct msghdr *header = &udp->messages[i].msg_hdr;
    struct in_pktinfo info = {0};

    if (!read_control(header, &info))
        return false;
    *out = (struct datagram){.source = ip4(ntohl(udp->from[i].sin_addr.s_addr)),
                             .source_port = ntohs(udp->from[i].sin_port),
                             .destination = ip4(ntohl(info.ipi_addr.s_addr)),
                             .payload =
                                 span_of(header->msg_iov->iov_base, udp->messages[i].msg_len)};
    if (!place(udp, (uint32_t)info.ipi_ifindex, out)) {
        udp->counters.elsewhere++;
        return false;
    }
    if ((header->msg_flags & MSG_TRUNC) != 0) {
        udp->counters.too_long++;
        return false;
    }
    return true;
}

size_t udp_receive(struct udp *udp, size_t socket, struct datagram out[static UDP_TURN],
                   bool *full)
{
    struct udp_socket *s = &udp->sockets[socket];
    size_t accepted = 0;

    ASSERT(socket < udp->socket_count);
    *full = true;
    for (size_t at = 0; at < UDP_TURN && *full; at += UDP_BATCH) {
        int count;

        count = recvmmsg(s->fd, &udp->messages[at], UDP_BATCH, MSG_DONTWAIT, NULL);
        *full = count == UDP_BATCH;
        for (size_t i = at; count > 0 && i < at + (size_t)count; i++) {
            udp->counters.received++;
            if (accept_message(udp, i, &out[accepted]))
                accepted++;
            make_ready(udp, i);
        }
    }
    return accepted;
}

/* ---- sending ---- */

static void flush_socket(struct udp *udp, struct udp_socket *s)
{
    if (s->count == 0)
        return;
    send_batch(s->fd, s->messages, s->count, &udp->counters.out);
    s->count = 0;
}

/* The one that is bound to `source`; the only one where all addresses share it. */
static struct udp_socket *socket_for(struct udp *udp, struct ip4 source)
{
    for (size_t i = 0; i < udp->socket_count; i++) {
        if (ip4_equal(udp->sockets[i].bound, source))
            return &udp->sockets[i];
    }
    return &udp->sockets[0];
}

static void set_source(struct msghdr *header, const struct reply *reply)
{
    struct in_pktinfo info = {.ipi_ifindex = (int)reply->interface,
                              .ipi_spec_dst.s_addr = htonl(reply->source.value)};
    struct cmsghdr *c = CMSG_FIRSTHDR(header);

    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(c), &info, sizeof info);
}

void udp_send(struct udp *udp, const struct reply *reply)
{
    struct udp_socket *s = socket_for(udp, reply->source);
    struct out_slot *slot = &s->slots[s->count];
    struct msghdr *header = &s->messages[s->count].msg_hdr;

    slot->to = reply->way == REPLY_UDP
                   ? socket_address(reply->address, reply->port)
                   : socket_address(ip4(INADDR_BROADCAST), DHCP4_CLIENT_PORT);
    slot->part = (struct iovec){(void *)(uintptr_t)reply->packet.data, reply->packet.size};
    memset(&slot->control, 0, sizeof slot->control);
    *header = (struct msghdr){.msg_name = &slot->to,
                              .msg_namelen = sizeof slot->to,
                              .msg_iov = &slot->part,
                              .msg_iovlen = 1,
                              .msg_control = slot->control.bytes,
                              .msg_controllen = sizeof slot->control.bytes};
    set_source(header, reply);
    if (++s->count == UDP_BATCH)
        flush_socket(udp, s);
}

void udp_flush(struct udp *udp)
{
    for (size_t i = 0; i < udp->socket_count; i++)
        flush_socket(udp, &udp->sockets[i]);
}

bool udp_refresh(struct udp *udp, char *text, size_t text_size)
{
    return interfaces_refresh(&udp->interfaces, text, text_size);
}

static uint64_t overflowed(int fd)
{
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof info;
    int failed = getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &size);

    ASSERT(failed == 0);
    return info[SK_MEMINFO_DROPS];
}

struct udp_counters udp_counters(const struct udp *udp)
{
    struct udp_counters counters = udp->counters;

    for (size_t i = 0; i < udp->socket_count; i++)
        counters.overflowed += overflowed(udp->sockets[i].fd);
    return counters;
}
