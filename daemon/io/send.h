/* daemon/io/send.h - sendmmsg that never blocks and never stops at one bad message. */
#ifndef TWINDHCP_DAEMON_IO_SEND_H
#define TWINDHCP_DAEMON_IO_SEND_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct mmsghdr; /* of sys/socket.h, with _GNU_SOURCE */

struct send_counters {
    uint64_t sent, dropped;
    int last_error; /* errno of the last drop */
};

/* Send `count` messages; those that the system refuses are dropped and counted. */
void send_batch(int fd, struct mmsghdr *messages, size_t count, struct send_counters *counters);

/* The size of socket buffer that bursts need; more than the system's limit where the process
 * may. */
void send_enlarge_buffers(int fd);

#endif
