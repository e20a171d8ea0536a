#include "daemon/io/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    int failed = clock_gettime(id, &t);

    ASSERT(failed == 0); /* both clocks exist since Linux 2.6.39 */
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct clock_reading clock_read(void)
{
    return (struct clock_reading){.wall_ms = read_ms(CLOCK_REALTIME),
                                  .boot_ms = read_ms(CLOCK_BOOTTIME)};
}

void lease_clock_start(struct lease_clock *clock, struct clock_reading reading,
                       struct instant kept)
{
    struct instant begin = instant_later(instant_ms(reading.wall_ms), kept);

    *clock = (struct lease_clock){.offset_ms = begin.ms - reading.boot_ms, .last = begin};
}

struct instant lease_clock_now(struct lease_clock *clock, struct clock_reading reading)
{
    clock->last = instant_later(clock->last, instant_ms(clock->offset_ms + reading.boot_ms));
    return clock->last;
}

int64_t lease_clock_difference(const struct lease_clock *clock, struct clock_reading reading)
{
    return reading.wall_ms - (clock->offset_ms + reading.boot_ms);
}

enum lease_clock_alarm lease_clock_check(struct lease_clock *clock,
                                         struct clock_reading reading)
{
    int64_t difference = lease_clock_difference(clock, reading);
    bool differs =
        difference > LEASE_CLOCK_DIFFERENCE_MS || difference < -LEASE_CLOCK_DIFFERENCE_MS;

    if (!differs) {
        bool ended = clock->differs;

        clock->differs = false;
        return ended ? LEASE_CLOCK_AGREES : LEASE_CLOCK_QUIET;
    }
    if (clock->differs && reading.boot_ms - clock->alarm_boot_ms < LEASE_CLOCK_ALARM_REPEAT_MS)
        return LEASE_CLOCK_QUIET;
    clock->differs = true;
    clock->alarm_boot_ms = reading.boot_ms;
    return LEASE_CLOCK_DIFFERS;
}
