/* preload.c - a machine's wall clock and power switch, for one daemon (LD_PRELOAD).
 *
 * The file named by LAB_MACHINE, a struct machine, is shared with the test and may change at
 * any moment.  Two things are put between the daemon and its system:
 *
 * clock_gettime(CLOCK_REALTIME) is off by `wall_offset_ms`.  The other clocks are the system's.
 *
 * fsync() and fdatasync(), once done, note on the file itself how much of it is on the disk by
 * now (an extended attribute, for it goes where the file goes).  They return only after the
 * note is made, so what the daemon knows to be on the disk is never more than what is noted.
 * With `power_off` set the next of them takes its time, as a disk does, and never ends: the
 * process is killed, all that it wrote since the last one being in the page cache only, and the
 * test cuts each file down to its note. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

struct machine {
    int64_t wall_offset_ms;
    int64_t power_off;
};

/* In which the rest of the process goes on, and may say what it must not say yet. */
static const struct timespec last_moments = {.tv_nsec = 20 * 1000 * 1000};

static const volatile struct machine *machine;

static void give_up(const char *what)
{
    fprintf(stderr, "preload: %s: %s\n", what, strerror(errno));
    abort();
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("LAB_MACHINE");
    int fd = open(path != NULL ? path : "", O_RDONLY | O_CLOEXEC);
    void *map;

    if (fd < 0)
        give_up("LAB_MACHINE");
    map = mmap(NULL, sizeof *machine, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        give_up("mmap");
    close(fd);
    machine = map;
}

/* What else wants to run before begin() gets the system's clock. */
int clock_gettime(clockid_t id, struct timespec *t)
{
    long failed = syscall(SYS_clock_gettime, id, t);
    int64_t ms;

    if (failed != 0 || id != CLOCK_REALTIME || machine == NULL)
        return (int)failed;
    ms = (int64_t)t->tv_sec * 1000 + t->tv_nsec / 1000000 + machine->wall_offset_ms;
    t->tv_sec = ms / 1000;
    t->tv_nsec = ms % 1000 * 1000000 + t->tv_nsec % 1000000;
    return 0;
}

static int sync_and_note(long how, int fd)
{
    struct stat before; /* what is written while it runs may or may not be synchronised */
    int64_t size;

    if (fstat(fd, &before) != 0)
        return -1;
    if (machine->power_off != 0) {
        nanosleep(&last_moments, NULL);
        kill(getpid(), SIGKILL);
    }
    if (syscall(how, fd) != 0)
        return -1;
    size = before.st_size;
    if (S_ISREG(before.st_mode) && fsetxattr(fd, "user.lab.synced", &size, sizeof size, 0) != 0)
        give_up("fsetxattr");
    return 0;
}

int fsync(int fd)
{
    return sync_and_note(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_and_note(SYS_fdatasync, fd);
}
