/* tests/bench/load/frame.h - Ethernet frames of the attached clients. */
#ifndef TWINDHCP_BENCH_FRAME_H
#define TWINDHCP_BENCH_FRAME_H

#include "tests/bench/load/message.h"

#define FRAME_HEADERS 42 /* Ethernet, IPv4 and UDP */
#define FRAME_ARP     42

struct frame_route {
    uint8_t from_hardware[6], to_hardware[6];
    struct ip4 from, to;
};

/* The headers before a request of MESSAGE_SIZE bytes, from port 68 to port 67. */
void frame_write_headers(const struct frame_route *route, const uint8_t *message,
                         uint8_t out[static FRAME_HEADERS]);

enum frame_kind { FRAME_OTHER, FRAME_DHCP, FRAME_ARP_REQUEST };

struct frame {
    enum frame_kind kind;
    const uint8_t *from_hardware; /* 6 bytes */
    struct ip4 from, to;          /* of the IP packet, or who asks for whom */
    struct span payload;
};

/* FRAME_DHCP: a UDP datagram to port 68, whole. */
struct frame frame_read(struct span bytes);

/* The answer to a request: `hardware` has `request->to`. */
void frame_write_arp_reply(const struct frame *request, const uint8_t hardware[static 6],
                           uint8_t out[static FRAME_ARP]);

#endif
