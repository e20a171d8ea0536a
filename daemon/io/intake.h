/* daemon/io/intake.h - what to do first when more comes than can be done.
 *
 * Pure.  Usually requests are dealt with as they came.  When a socket holds more than is read
 * in one turn of the loop, whoever holds a lease or an offer goes first: an offer whose
 * DHCPREQUEST is lost was made in vain.  When that lasts, the oldest DHCPDISCOVERs are shed,
 * for their clients ask again anyway: so a flood costs first contacts and never collapses the
 * service. */
#ifndef TWINDHCP_DAEMON_IO_INTAKE_H
#define TWINDHCP_DAEMON_IO_INTAKE_H

#include "daemon/io/udp.h"

#define INTAKE_MAX   UDP_TURN
#define INTAKE_TURNS 8   /* full ones in a row, before anything is shed */
#define INTAKE_SHARE 256 /* what is done of a turn when shedding */

/* Starts zeroed; one a socket. */
struct intake {
    unsigned int full_turns;
    uint64_t duplicates; /* the same message of the same client twice in a turn */
    uint64_t shed;
};

/* Which of `count` datagrams to deal with, and in which order: indexes into `datagrams`;
 * returns how many.  `full`: the socket holds more. */
size_t intake_order(struct intake *intake, const struct datagram *datagrams, size_t count,
                    bool full, uint16_t order[static INTAKE_MAX]);

#endif
