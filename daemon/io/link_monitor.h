/* daemon/io/link_monitor.h - what ZeroMQ tells about the connections of a socket. */
#ifndef TWINDHCP_DAEMON_IO_LINK_MONITOR_H
#define TWINDHCP_DAEMON_IO_LINK_MONITOR_H

#include "proto/types.h"

enum link_change {
    LINK_CONNECTED,    /* the handshake is done */
    LINK_DISCONNECTED, /* a connection, shaken hands or not, is closed */
    LINK_FAILED,       /* the handshake failed: `reason` */
    LINK_UNKNOWN_KEY,  /* the secondary's key was not accepted: both sides are told, `reason` is
                          the secondary's */
};

struct link_monitor_event {
    enum link_change change;
    int fd;             /* the connection's descriptor; -1 for the failures */
    const char *reason; /* static */
};

/* A socket to read the events of `socket` from; `number` makes its name.  NULL when out of
 * sockets. */
MUST_USE void *link_monitor_open(void *context, void *socket, unsigned int number);

/* Before `socket` is closed. */
void link_monitor_close(void *monitor, void *socket);

/* The next event; false when there is none at present. */
MUST_USE bool link_monitor_next(void *monitor, struct link_monitor_event *event);

#endif
