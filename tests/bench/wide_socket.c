/* Preloaded into perfdhcp: its sockets get a receive buffer for some ten thousand datagrams.
 *
 * perfdhcp leaves the kernel's default, about 270 replies.  A server that answers a batch at a
 * time fills that while perfdhcp is not scheduled, and what the generator's own kernel threw
 * away would be counted as unanswered.  The system-wide default is no setting to change for a
 * test. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>

int socket(int domain, int type, int protocol)
{
    static int (*real)(int, int, int);
    int size = 32 << 20;
    int fd;

    if (real == NULL)
        real = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
    fd = real(domain, type, protocol);
    /* Rather no figure than one that measures the generator. */
    if (fd >= 0 && domain == AF_INET &&
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
        abort();
    return fd;
}
