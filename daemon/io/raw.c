#include "daemon/io/raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/io/headers.h"
#include "proto/dhcp4.h"

#define BATCH 64

struct slot {
    struct sockaddr_ll to;
    uint8_t headers[HEADERS_SIZE];
    struct iovec parts[2];
};

struct raw {
    int fd;
    size_t count;
    struct slot slots[BATCH];
    struct mmsghdr messages[BATCH];
    struct send_counters counters;
};

struct raw *raw_open(char *error, size_t error_size)
{
    /* Protocol 0: it receives nothing. */
    int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct raw *raw;

    if (fd < 0) {
        snprintf(error, error_size,
                 "no packet socket to answer clients without an address: %s%s", strerror(errno),
                 errno == EPERM ? " (needs CAP_NET_RAW)" : "");
        return NULL;
    }
    send_enlarge_buffers(fd);
    raw = calloc(1, sizeof *raw);
    ASSERT(raw != NULL);
    raw->fd = fd;
    return raw;
}

void raw_close(struct raw *raw)
{
    if (raw == NULL)
        return;
    close(raw->fd);
    free(raw);
}

bool raw_can_send(const struct reply *reply)
{
    return reply->interface != 0 && reply->hlen > 0 &&
           reply->hlen <= sizeof((struct sockaddr_ll *)0)->sll_addr;
}

void raw_send(struct raw *raw, const struct reply *reply)
{
    struct slot *slot = &raw->slots[raw->count];
    struct headers_addresses addresses = {.source = reply->source,
                                          .destination = reply->address,
                                          .source_port = DHCP4_SERVER_PORT,
                                          .destination_port = DHCP4_CLIENT_PORT};

    ASSERT(raw_can_send(reply));
    slot->to = (struct sockaddr_ll){.sll_family = AF_PACKET,
                                    .sll_protocol = htons(ETH_P_IP),
                                    .sll_ifindex = (int)reply->interface,
                                    .sll_halen = reply->hlen};
    memcpy(slot->to.sll_addr, reply->chaddr, reply->hlen);
    headers_encode(&addresses, reply->packet, slot->headers);
    slot->parts[0] = (struct iovec){slot->headers, sizeof slot->headers};
    slot->parts[1] = (struct iovec){(void *)(uintptr_t)reply->packet.data, reply->packet.size};
    raw->messages[raw->count].msg_hdr = (struct msghdr){.msg_name = &slot->to,
                                                        .msg_namelen = sizeof slot->to,
                                                        .msg_iov = slot->parts,
                                                        .msg_iovlen = ARRAY_SIZE(slot->parts)};
    if (++raw->count == BATCH)
        raw_flush(raw);
}

void raw_flush(struct raw *raw)
{
    if (raw->count == 0)
        return;
    send_batch(raw->fd, raw->messages, raw->count, &raw->counters);
    raw->count = 0;
}

struct send_counters raw_counters(const struct raw *raw)
{
    return raw->counters;
}
