/* tests/bench/echo/sync.c - how often a disk can make appended records durable.
 *
 * usage: bench_sync DIRECTORY
 *
 * Appends records of 100 bytes, so many at a time, and calls fdatasync() after each time, as a
 * group commit does; a second for every size of group.  Prints JSON. */
#define _GNU_SOURCE /* O_TMPFILE */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define RECORD_SIZE  100
#define LARGEST      256
#define SPAN_S       1.0
#define MOST_SAMPLES 200000

static const unsigned int groups[] = {1, 16, 64, LARGEST};

static double taken_s[MOST_SAMPLES];

static void die(const char *what)
{
    fprintf(stderr, "bench_sync: %s: %s\n", what, strerror(errno));
    exit(2);
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Commits for SPAN_S seconds, each time in taken_s; returns how many. */
static size_t commit_repeatedly(int fd, size_t size)
{
    static const char records[RECORD_SIZE * LARGEST];
    double begin = now_s(), before = begin;
    size_t count = 0;

    while (before - begin < SPAN_S && count < MOST_SAMPLES) {
        double after;

        if (write(fd, records, size) != (ssize_t)size)
            die("writing");
        if (fdatasync(fd) != 0)
            die("fdatasync");
        after = now_s();
        taken_s[count++] = after - before;
        before = after;
    }
    return count;
}

static void measure(const char *directory, unsigned int group)
{
    int fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    double begin, rate;
    size_t count;

    if (fd < 0)
        die(directory);
    begin = now_s();
    count = commit_repeatedly(fd, (size_t)group * RECORD_SIZE);
    rate = (double)count / (now_s() - begin);
    close(fd);
    qsort(taken_s, count, sizeof *taken_s, compare);
    printf("{\"group\": %u, \"syncs_per_s\": %.0f, \"records_per_s\": %.0f, "
           "\"p50_ms\": %.3f, \"p99_ms\": %.3f}",
           group, rate, rate * group, taken_s[count / 2] * 1e3,
           taken_s[count * 99 / 100] * 1e3);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: bench_sync DIRECTORY\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        fputs(i == 0 ? "[" : ",\n ", stdout);
        measure(argv[1], groups[i]);
    }
    fputs("]\n", stdout);
    return 0;
}
