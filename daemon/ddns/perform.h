/* daemon/ddns/perform.h - a job as the messages of RFC 4703, one after the other. */
#ifndef TWINDHCP_DAEMON_DDNS_PERFORM_H
#define TWINDHCP_DAEMON_DDNS_PERFORM_H

#include "daemon/ddns/message.h"

#define DDNS_FAILURE_SIZE 160

/* How a message gets to a server of its zone and an answer back: daemon/ddns/exchange.h, or a
 * test.  Anything but DDNS_REJECTED is a server's word; that is everything else, with `problem`
 * saying what. */
struct ddns_transport {
    void *context;
    enum ddns_answer (*ask)(void *context, const struct ddns_message *message,
                            char problem[static DDNS_FAILURE_SIZE]);
};

struct ddns_performer {
    const struct config_ddns *ddns;
    const struct ddns_keys *keys;
    struct ddns_transport transport;
};

/* Do all of `job`; what lies in no zone of the file (any more) is left as it is.  `problem` is
 * set for DNS_FAILED; then some of it may have been done. */
enum dns_outcome ddns_perform(const struct ddns_performer *performer, const struct dns_job *job,
                              char problem[static DDNS_FAILURE_SIZE]);

#endif
