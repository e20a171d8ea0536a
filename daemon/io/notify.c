#include "daemon/io/notify.h"

#ifdef HAVE_SYSTEMD

#include <systemd/sd-daemon.h>

void notify_ready(void)
{
    (void)sd_notify(0, "READY=1");
}

void notify_stopping(void)
{
    (void)sd_notify(0, "STOPPING=1");
}

void notify_alive(void)
{
    (void)sd_notify(0, "WATCHDOG=1");
}

uint64_t notify_alive_interval_ms(void)
{
    uint64_t limit_us;

    if (sd_watchdog_enabled(0, &limit_us) <= 0)
        return 0;
    return limit_us < 3000 ? 1 : limit_us / 3000; /* a third of what it allows */
}

#else

void notify_ready(void)
{
}

void notify_stopping(void)
{
}

void notify_alive(void)
{
}

uint64_t notify_alive_interval_ms(void)
{
    return 0;
}

#endif
