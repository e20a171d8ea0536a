/* daemon/capture/pcap.h - the DHCP datagrams of a capture file (pcap, pcapng). */
#ifndef TWINDHCP_DAEMON_CAPTURE_PCAP_H
#define TWINDHCP_DAEMON_CAPTURE_PCAP_H

#include "daemon/capture/layers.h"

struct capture;

#define CAPTURE_ERROR_SIZE 512

/* "-" is standard input.  NULL with a text for a person in `error`. */
MUST_USE struct capture *capture_open(const char *path, char error[static CAPTURE_ERROR_SIZE]);
void capture_close(struct capture *capture); /* NULL is fine */

struct capture_packet {
    uint64_t number; /* in the file, from 1, as Wireshark counts */
    struct instant when;
    struct captured datagram; /* its payload lives until the next call */
};

/* The next DHCP datagram.  TD_NOT_FOUND at the end of the file; TD_MALFORMED with a text in
 * `error` where it breaks off. */
MUST_USE enum td_err capture_next(struct capture *capture, struct capture_packet *out,
                                  char error[static CAPTURE_ERROR_SIZE]);

/* How many packets were of which kind up to here. */
uint64_t capture_count(const struct capture *capture, enum capture_found kind);

#endif
