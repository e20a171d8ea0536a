/* daemon/io/probe_packet.h - what a probe says on the wire, and what an answer to it looks
 * like.
 *
 * An echo request carries its address, its number and a token that nobody else knows: what
 * comes back with them is an answer, whatever else the network brings.  An ARP reply has no
 * room for that: it counts for an address that was asked for, on the interface where it was. */
#ifndef TWINDHCP_DAEMON_IO_PROBE_PACKET_H
#define TWINDHCP_DAEMON_IO_PROBE_PACKET_H

#include "proto/types.h"

#define PROBE_ECHO_SIZE 28 /* 8 of ICMP, then token, number and address */
#define PROBE_ARP_SIZE  28
#define PROBE_MAC_SIZE  6

struct probe_echo {
    uint16_t id, sequence;
    uint64_t token, number;
    struct ip4 address;
};

/* An echo request (RFC 792). */
void probe_echo_encode(const struct probe_echo *echo, uint8_t out[static PROBE_ECHO_SIZE]);

/* An IPv4 packet with an echo reply that has this id and token and comes from the very address
 * that was asked; `echo->number` and `echo->address` are set. */
MUST_USE bool probe_echo_decode(struct span packet, uint16_t id, uint64_t token,
                                struct probe_echo *echo);

/* An ARP request for `address` by which nobody learns anything of the sender's (RFC 5227
 * 2.1.1). */
void probe_arp_encode(const uint8_t own[static PROBE_MAC_SIZE], struct ip4 address,
                      uint8_t out[static PROBE_ARP_SIZE]);

/* An ARP reply to `own`: who has which address. */
MUST_USE bool probe_arp_decode(struct span packet, const uint8_t own[static PROBE_MAC_SIZE],
                               struct ip4 *address, uint8_t mac[static PROBE_MAC_SIZE]);

#endif
