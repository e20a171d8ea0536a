/* daemon/io/shadow_socket.c - a packet socket that reads.  See shadow_socket.h. */
#include "daemon/io/shadow_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/option.h"

#define BUFFER_BYTES    (4 << 20)
#define ANCILLARY(what) ((uint32_t)(SKF_AD_OFF + (what)))

/* Untagged IPv4, UDP, no later fragment, port 67 or 68.  What bears a VLAN tag belongs to
 * another interface of this machine, which has a socket of its own if it is to be watched. */
static const struct sock_filter dhcp_only[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ANCILLARY(SKF_AD_PROTOCOL)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 13),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ANCILLARY(SKF_AD_VLAN_TAG_PRESENT)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 11),
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 9),
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 7, 0),
    BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
    BPF_STMT(BPF_LD | BPF_H | BPF_IND, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 67, 3, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 68, 2, 0),
    BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 67, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, 65535),
    BPF_STMT(BPF_RET | BPF_K, 0),
};

static enum td_err fail(const struct shadow_socket *s, const char *what,
                        char error[static SHADOW_SOCKET_ERROR])
{
    snprintf(error, SHADOW_SOCKET_ERROR, "%s cannot be watched: %s: %s%s", s->name, what,
             strerror(errno), errno == EPERM ? " (needs CAP_NET_RAW)" : "");
    return TD_IO;
}

static struct ip4 address_of(const char *name)
{
    struct ip4 found = ip4(0);
    struct ifaddrs *all;

    if (getifaddrs(&all) != 0)
        return found;
    for (const struct ifaddrs *a = all; a != NULL && found.value == 0; a = a->ifa_next) {
        struct sockaddr_in in;

        if (a->ifa_addr == NULL || a->ifa_addr->sa_family != AF_INET ||
            strcmp(a->ifa_name, name) != 0)
            continue;
        memcpy(&in, a->ifa_addr, sizeof(in));
        found = ip4(ntohl(in.sin_addr.s_addr));
    }
    freeifaddrs(all);
    return found;
}

/* The filter comes before the binding, so that nothing else is ever read. */
static enum td_err set_up(struct shadow_socket *s, unsigned index, bool promiscuous,
                          char error[static SHADOW_SOCKET_ERROR])
{
    const struct sock_fprog filter = {.len = ARRAY_SIZE(dhcp_only),
                                      .filter = (struct sock_filter *)(uintptr_t)dhcp_only};
    const struct sockaddr_ll at = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)index};
    const struct packet_mreq all = {.mr_ifindex = (int)index, .mr_type = PACKET_MR_PROMISC};
    const int room = BUFFER_BYTES;

    (void)setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    if (setsockopt(s->fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) != 0)
        return fail(s, "no filter", error);
    if (promiscuous &&
        setsockopt(s->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) != 0)
        return fail(s, "not promiscuous", error);
    if (bind(s->fd, (const struct sockaddr *)(const void *)&at, sizeof(at)) != 0)
        return fail(s, "not bound", error);
    return TD_OK;
}

enum td_err shadow_socket_open(struct shadow_socket *s, const char *name, bool promiscuous,
                               char error[static SHADOW_SOCKET_ERROR])
{
    const unsigned index = if_nametoindex(name);

    *s = (struct shadow_socket){-1, name, address_of(name)};
    if (index == 0)
        return fail(s, "no such interface", error);
    s->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0)
        return fail(s, "no packet socket", error);
    if (set_up(s, index, promiscuous, error) == TD_OK)
        return TD_OK;
    shadow_socket_close(s);
    return TD_IO;
}

void shadow_socket_close(struct shadow_socket *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

struct span shadow_socket_read(const struct shadow_socket *s, uint8_t *buffer, size_t size)
{
    const ssize_t got = recv(s->fd, buffer, size, 0);

    return span_of(buffer, got > 0 ? (size_t)got : 0);
}

uint64_t shadow_socket_lost(const struct shadow_socket *s)
{
    struct tpacket_stats stats;
    socklen_t size = sizeof(stats);

    return getsockopt(s->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0 ? stats.tp_drops
                                                                                : 0;
}
