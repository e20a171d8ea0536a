/* daemon/core/dns.h - what is to be done to the DNS, asked for by whoever does it.
 *
 * The records of the leases say what the DNS is to hold and what it may hold (proto/names.h);
 * what differs is work.  A job is given out when the record that announces it is durable here
 * and, while the pair is in NORMAL, with the partner; by the peer that may write the record.
 * Its result is a write of that record.  So nothing is lost with a peer, and a job that is done
 * twice changes nothing (RFC 4703).  README of daemon/ddns/, "Who does what, and when". */
#ifndef TWINDHCP_DAEMON_CORE_DNS_H
#define TWINDHCP_DAEMON_CORE_DNS_H

#include "proto/names.h"

struct server;
struct effects;

#define DNS_JOBS_MAX 32 /* given out and not done */

struct dns_job {
    uint64_t id;
    struct ip4 address;
    bool add;              /* else take out what is ours */
    bool forward, reverse; /* the A record, the PTR record */
    uint16_t client_size;
    uint8_t name_size;
    uint8_t client[256];          /* whose: the key as of dhcp4_client_key() */
    char name[NAME_SIZE_MAX + 1]; /* text, NUL-terminated */
};

/* A job that waits for longer than this is not begun any more. */
#define DNS_LATE_MS INT64_C(1000)

enum dns_outcome {
    DNS_DONE,
    DNS_TAKEN,  /* the name is another client's; nothing was changed */
    DNS_FAILED, /* no server did it: it will be tried again */
    DNS_LATE,   /* not begun: it has waited so long that it may be wrong by now */
};

/* Of one peer; `backlog` is that of the pair, since both have the records. */
struct dns_status {
    bool configured;
    uint64_t backlog;                       /* records with something left to do */
    uint64_t in_flight;                     /* jobs given out */
    uint64_t added, removed, taken, failed; /* since the start, by this peer */
    bool failing;
    const char *problem; /* of the last failure while failing; "" else */
};

/* The next job; false if there is none that this peer may do now.  Call server_flush() after
 * it.
 */
MUST_USE bool server_dns_next(struct server *server, struct instant now, struct dns_job *job,
                              struct effects *fx);

/* What became of a job that was given out.  `problem` says why it failed, one clause. */
void server_dns_done(struct server *server, struct instant now, const struct dns_job *done,
                     enum dns_outcome outcome, const char *problem, struct effects *fx);

void server_dns_status(const struct server *server, struct dns_status *out);

#endif
