/* daemon/io/clock.h - the lease clock.
 *
 * The wall clock at start plus the time since boot (CLOCK_BOOTTIME, which also counts while the
 * machine sleeps): a stepped wall clock moves no lease.  It never goes back, not even over a
 * restart: the store keeps it, and it begins at the later of the wall clock and what was kept.
 *
 * Readings are passed in, so that tests (and nothing else) can make their own. */
#ifndef TWINDHCP_DAEMON_IO_CLOCK_H
#define TWINDHCP_DAEMON_IO_CLOCK_H

#include "proto/types.h"

/* What the machine's clocks say, ms. */
struct clock_reading {
    int64_t wall_ms; /* since the Unix epoch */
    int64_t boot_ms; /* since boot */
};

struct clock_reading clock_read(void);

struct lease_clock {
    int64_t offset_ms; /* lease clock less time since boot */
    struct instant last;
    bool differs;          /* an alarm stands */
    int64_t alarm_boot_ms; /* when it was last raised */
};

/* Begin at the wall clock, but never below `kept` (0 = nothing was kept). */
void lease_clock_start(struct lease_clock *clock, struct clock_reading reading,
                       struct instant kept);

/* Never earlier than the result before. */
struct instant lease_clock_now(struct lease_clock *clock, struct clock_reading reading);

/* How far the wall clock is ahead of the lease clock, ms; negative when it is behind. */
int64_t lease_clock_difference(const struct lease_clock *clock, struct clock_reading reading);

#define LEASE_CLOCK_DIFFERENCE_MS   5000
#define LEASE_CLOCK_ALARM_REPEAT_MS 60000

enum lease_clock_alarm {
    LEASE_CLOCK_QUIET,
    LEASE_CLOCK_DIFFERS, /* above 5 s: on the way up, and once a minute while it lasts */
    LEASE_CLOCK_AGREES,  /* an alarm has ended */
};

/* Look at the difference (about once a second). */
enum lease_clock_alarm lease_clock_check(struct lease_clock *clock,
                                         struct clock_reading reading);

#endif
