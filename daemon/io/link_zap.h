/* daemon/io/link_zap.h - who may connect: ZeroMQ's authentication protocol (ZAP, RFC 27).
 *
 * ZeroMQ asks for each new connection; the answer is yes for one public key. */
#ifndef TWINDHCP_DAEMON_IO_LINK_ZAP_H
#define TWINDHCP_DAEMON_IO_LINK_ZAP_H

#include "daemon/io/link_keys.h"

#define LINK_ZAP_DOMAIN "twindhcp"

struct link_zap {
    void *socket;
    uint8_t allowed[LINK_KEY_BYTES];
};

/* Before the socket that it guards is bound.  TD_REFUSED when `context` has a handler already.
 */
MUST_USE enum td_err link_zap_init(struct link_zap *zap, void *context,
                                   const char *allowed_public);
void link_zap_deinit(struct link_zap *zap);

/* Answer all that is asked at present; returns how many were turned away. */
size_t link_zap_work(struct link_zap *zap);

#endif
