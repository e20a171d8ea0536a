/* daemon/io/shadow_report.h - what a shadow found, in writing. */
#ifndef TWINDHCP_DAEMON_IO_SHADOW_REPORT_H
#define TWINDHCP_DAEMON_IO_SHADOW_REPORT_H

#include <stdio.h>

#include "daemon/shadow/shadow.h"

/* One line for the log. */
#define SHADOW_SUMMARY_SIZE 256
void shadow_summarise(const struct shadow *shadow, char out[static SHADOW_SUMMARY_SIZE]);

/* Counts, and each kind of difference with its first example. */
void shadow_print(const struct shadow *shadow, FILE *out);

/* One difference as a line of JSON, at once. */
void shadow_write_line(const struct shadow_finding *finding, FILE *out);

#endif
