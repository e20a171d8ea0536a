/* daemon/io/shadow_run.h - twindhcpd --shadow: watch another server, live or in a capture.
 *
 * Opens no socket that could send, no store, no link and no API. */
#ifndef TWINDHCP_DAEMON_IO_SHADOW_RUN_H
#define TWINDHCP_DAEMON_IO_SHADOW_RUN_H

#include "config/model.h"
#include "daemon/io/log.h"

struct shadow_options {
    const struct config *config;
    struct log *log;
    const char *pcap;   /* NULL: the interfaces of the configuration, until SIGTERM or SIGINT */
    const char *report; /* a file for lines of JSON, appended to; NULL: none */
    bool promiscuous;
};

enum shadow_outcome { SHADOW_ALIKE, SHADOW_DIFFERS, SHADOW_FAILED };

/* The report goes to standard output at the end, live also with SIGUSR1; live a line a minute
 * to the log.  What stands in the way is logged. */
enum shadow_outcome shadow_run(const struct shadow_options *options);

#endif
