/* tests/bench/load/wire_internal.h - what both ways to the servers need of sockets.
 *
 * struct mmsghdr is _GNU_SOURCE's, which the including file defines. */
#ifndef TWINDHCP_BENCH_WIRE_INTERNAL_H
#define TWINDHCP_BENCH_WIRE_INTERNAL_H

#include <sys/socket.h>

#include "tests/bench/load/wire.h"

#define WIRE_IN      64
#define WIRE_IN_SIZE 1600

/* Memory of one recvmmsg(). */
struct wire_in {
    uint8_t buffers[WIRE_IN][WIRE_IN_SIZE];
    union {
        struct cmsghdr align;
        char bytes[64];
    } controls[WIRE_IN];
    struct iovec parts[WIRE_IN];
    struct mmsghdr messages[WIRE_IN];
};

/* The number received, 0 when none is waiting. */
size_t wire_in_receive(struct wire_in *in, int fd);
struct span wire_in_bytes(const struct wire_in *in, size_t i);
/* When the kernel got it, or `otherwise`. */
uint64_t wire_in_time(struct wire_in *in, size_t i, uint64_t otherwise);

/* Buffers for many thousand datagrams, and time stamps of the kernel. */
void wire_prepare_socket(int fd);

/* Send `count` messages; those for a host that cannot be reached are lost, as on any network.
 */
void wire_send_all(int fd, struct mmsghdr *messages, size_t count);

void wire_die(const char *what) __attribute__((noreturn));

#endif
