/* daemon/capture/layers.h - from a captured packet to the DHCP datagram in it. */
#ifndef TWINDHCP_DAEMON_CAPTURE_LAYERS_H
#define TWINDHCP_DAEMON_CAPTURE_LAYERS_H

#include "proto/types.h"

/* What a captured packet begins with. */
enum capture_link {
    CAPTURE_ETHERNET, /* with or without VLAN tags */
    CAPTURE_SLL,      /* Linux cooked, as of `tcpdump -i any` */
    CAPTURE_SLL2,
    CAPTURE_IP, /* IPv4 at once */
};

enum capture_found {
    CAPTURE_DHCP,     /* UDP from or to port 67 or 68 */
    CAPTURE_OTHER,    /* something else altogether */
    CAPTURE_FRAGMENT, /* part of an IPv4 packet */
    CAPTURE_DAMAGED,  /* headers that contradict themselves, or a packet cut short */
    CAPTURE_FOUND,
};

/* `payload` is borrowed from the captured bytes. */
struct captured {
    struct ip4 source, destination;
    uint16_t source_port, destination_port;
    struct span payload;
};

/* `*out` changes only with CAPTURE_DHCP.  Constant memory, no loop over the payload. */
enum capture_found capture_decode(enum capture_link link, struct span bytes,
                                  struct captured *out);

#endif
