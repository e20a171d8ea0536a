/* daemon/io/notify.h - what the service manager is told (sd_notify(3)).
 *
 * Does nothing when there is none, or when built without libsystemd. */
#ifndef TWINDHCP_DAEMON_IO_NOTIFY_H
#define TWINDHCP_DAEMON_IO_NOTIFY_H

#include <stdint.h>

void notify_ready(void);
void notify_stopping(void);
void notify_alive(void);

/* How often notify_alive() is due at least, ms; 0 = never. */
uint64_t notify_alive_interval_ms(void);

#endif
