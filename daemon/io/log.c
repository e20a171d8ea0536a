#include "daemon/io/log.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/io/clock.h"

#define LINE_SIZE (LOG_TEXT_SIZE + 256) /* below PIPE_BUF: one write is one line */

static const struct {
    const char *word;
    int priority; /* of syslog(3) */
} severities[] = {
    [EVENT_INFO] = {"info", 6},
    [EVENT_NOTICE] = {"notice", 5},
    [EVENT_WARNING] = {"warning", 4},
    [EVENT_ERROR] = {"error", 3},
};

enum log_style log_style_of(int fd)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat st;
    char mine[64];

    if (stream == NULL || fstat(fd, &st) != 0)
        return LOG_ISO;
    snprintf(mine, sizeof mine, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(mine, stream) == 0 ? LOG_JOURNAL : LOG_ISO;
}

void log_init(struct log *log, int fd, enum log_style style)
{
    memset(log, 0, sizeof *log);
    log->fd = fd;
    log->style = style;
}

struct log_time log_time_now(void)
{
    struct clock_reading reading = clock_read();

    return (struct log_time){reading.wall_ms, reading.boot_ms};
}

/* A pipe is writable when it has room for PIPE_BUF bytes, which is more than a line. */
static bool has_room(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};

    return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT) != 0;
}

static size_t format_start(const struct log *log, struct log_time when,
                           enum event_severity severity, const char *name, char *line)
{
    time_t seconds = (time_t)(when.wall_ms / 1000);
    struct tm utc = {0};
    char stamp[32];
    int size;

    if (log->style == LOG_JOURNAL) {
        size = snprintf(line, LINE_SIZE, "<%d>%s %.64s: ", severities[severity].priority,
                        severities[severity].word, name);
    } else {
        gmtime_r(&seconds, &utc);
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
        size = snprintf(line, LINE_SIZE, "%s.%03dZ %s %.64s: ", stamp,
                        (int)(when.wall_ms % 1000), severities[severity].word, name);
    }
    return (size_t)size;
}

static void write_line(struct log *log, struct log_time when, enum event_severity severity,
                       const char *name, const char *text, uint64_t more)
{
    char line[LINE_SIZE];
    size_t size = format_start(log, when, severity, name, line);
    size_t end = size + LOG_TEXT_SIZE - 1;

    for (; *text != '\0' && size < end; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            line[size++] = '?';
        else
            line[size++] = *text;
    }
    if (more > 0)
        size += (size_t)snprintf(line + size, sizeof line - size,
                                 " (%" PRIu64 " more like this)", more);
    if (log->lost > 0)
        size += (size_t)snprintf(line + size, sizeof line - size,
                                 " (%" PRIu64 " lines lost before)", log->lost);
    line[size++] = '\n';
    if (has_room(log->fd) && write(log->fd, line, size) == (ssize_t)size)
        log->lost = 0;
    else
        log->lost++;
}

static void write_held(struct log *log, struct log_time when, struct log_name *entry)
{
    if (entry->held == 0)
        return;
    write_line(log, when, entry->severity, entry->name, entry->last, entry->held - 1);
    entry->held = 0;
    entry->since_ms = when.boot_ms;
}

/* The entry of `name`; a new one takes the place of the stalest. */
static struct log_name *find_name(struct log *log, struct log_time when, const char *name,
                                  bool *is_new)
{
    struct log_name *stalest = &log->names[0];

    *is_new = false;
    for (size_t i = 0; i < LOG_NAMES; i++) {
        struct log_name *entry = &log->names[i];

        if (entry->name == NULL) {
            stalest = entry;
            break;
        }
        if (strcmp(entry->name, name) == 0)
            return entry;
        if (entry->since_ms < stalest->since_ms)
            stalest = entry;
    }
    if (stalest->name != NULL)
        write_held(log, when, stalest);
    *stalest = (struct log_name){.name = name};
    *is_new = true;
    return stalest;
}

void log_write(struct log *log, struct log_time when, enum event_severity severity,
               const char *name, const char *text)
{
    struct log_name *entry;
    uint64_t more;
    bool is_new;

    if (severity != EVENT_WARNING && severity != EVENT_ERROR) {
        write_line(log, when, severity, name, text, 0);
        return;
    }
    entry = find_name(log, when, name, &is_new);
    if (!is_new && when.boot_ms - entry->since_ms < LOG_INTERVAL_MS) {
        entry->held++;
        entry->severity = severity;
        snprintf(entry->last, sizeof entry->last, "%s", text);
        return;
    }
    more = entry->held;
    entry->held = 0;
    entry->since_ms = when.boot_ms;
    write_line(log, when, severity, name, text, more);
}

void log_printf(struct log *log, enum event_severity severity, const char *name,
                const char *format, ...)
{
    char text[LOG_TEXT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    log_write(log, log_time_now(), severity, name, text);
}

void log_tick(struct log *log, struct log_time when)
{
    for (size_t i = 0; i < LOG_NAMES; i++) {
        struct log_name *entry = &log->names[i];

        if (when.boot_ms - entry->since_ms >= LOG_INTERVAL_MS)
            write_held(log, when, entry);
    }
}

void log_flush(struct log *log, struct log_time when)
{
    for (size_t i = 0; i < LOG_NAMES; i++)
        write_held(log, when, &log->names[i]);
}
