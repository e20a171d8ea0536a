/* daemon/io/log.h - messages for the operator, one line each.
 *
 *     2026-11-23T21:26:29.123Z warning link-refused: ...       on a terminal or in a file
 *     <4>warning link-refused: ...                             into the journal
 *
 * Warnings and errors that repeat are limited to one line a second for each name; the line that
 * follows the silence says how many it stands for.  Notices and information are never held
 * back.
 *
 * Writing never blocks: lines for which a full pipe has no room are dropped and counted.  One
 * thread only. */
#ifndef TWINDHCP_DAEMON_IO_LOG_H
#define TWINDHCP_DAEMON_IO_LOG_H

#include "daemon/core/effects.h"

#define LOG_TEXT_SIZE   1024 /* longer texts are cut */
#define LOG_NAMES       64   /* names limited at a time; the stalest gives way */
#define LOG_INTERVAL_MS 1000

enum log_style { LOG_ISO, LOG_JOURNAL };

struct log_name {
    const char *name; /* static, as in every event; NULL = unused */
    enum event_severity severity;
    int64_t since_ms; /* when its last line was written */
    uint64_t held;    /* lines not written since */
    char last[LOG_TEXT_SIZE];
};

struct log {
    int fd;
    enum log_style style;
    uint64_t lost; /* lines that found no room since the last one that did */
    struct log_name names[LOG_NAMES];
};

/* LOG_JOURNAL when `fd` is the stream that the service manager says it reads (JOURNAL_STREAM).
 */
enum log_style log_style_of(int fd);

/* `fd` is borrowed. */
void log_init(struct log *log, int fd, enum log_style style);

/* `wall_ms` stamps the line, `boot_ms` drives the limit. */
struct log_time {
    int64_t wall_ms, boot_ms;
};
struct log_time log_time_now(void);

/* Control characters in `text` become '?'. */
void log_write(struct log *log, struct log_time when, enum event_severity severity,
               const char *name, const char *text);

/* printf into log_write() at the present time. */
void log_printf(struct log *log, enum event_severity severity, const char *name,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Write what was held back and is due; about once a second. */
void log_tick(struct log *log, struct log_time when);
/* Write all that was held back, due or not: before the end of the process. */
void log_flush(struct log *log, struct log_time when);

#endif
