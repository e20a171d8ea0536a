/* daemon/io/shadow_socket.h - a socket that sees the DHCP packets of an interface, those of
 * other programs on this machine too, and binds no port: nothing is taken away from anybody. */
#ifndef TWINDHCP_DAEMON_IO_SHADOW_SOCKET_H
#define TWINDHCP_DAEMON_IO_SHADOW_SOCKET_H

#include "daemon/capture/layers.h"

#define SHADOW_SOCKET_ERROR 256

struct shadow_socket {
    int fd;
    const char *name; /* borrowed */
    struct ip4 local; /* its first address; 0.0.0.0: it has none, as a mirror port may */
};

/* TD_IO with a text for a person.  `promiscuous`: also frames that are for other machines. */
MUST_USE enum td_err shadow_socket_open(struct shadow_socket *s, const char *name,
                                        bool promiscuous,
                                        char error[static SHADOW_SOCKET_ERROR]);
void shadow_socket_close(struct shadow_socket *s);

/* The next packet from its IP header on, written to `buffer`; size 0: none waits. */
struct span shadow_socket_read(const struct shadow_socket *s, uint8_t *buffer, size_t size);

/* How many the kernel had no room for since the last question. */
uint64_t shadow_socket_lost(const struct shadow_socket *s);

#endif
