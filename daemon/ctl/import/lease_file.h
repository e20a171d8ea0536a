/* daemon/ctl/import/lease_file.h - leases as Kea (memfile) and ISC dhcpd keep them in files.
 *
 * Both append: of one address the last that is said counts. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_LEASE_FILE_H
#define TWINDHCP_DAEMON_CTL_IMPORT_LEASE_FILE_H

#include "daemon/ctl/import/import.h"
#include "proto/types.h"

enum lease_state { LEASE_ACTIVE, LEASE_ABANDONED, LEASE_OVER };

/* Texts belong to the run; NULL: not said. */
struct lease_row {
    struct ip4 address;
    enum lease_state state;
    int64_t expires; /* Unix time, seconds */
    uint8_t htype;
    const char *hw_address, *client_id, *relay_info; /* hexadecimal with colons */
    const char *host_name, *vendor_class;
    size_t order;
};

struct lease_file {
    struct import *run;
    struct lease_row *rows; /* for lease_file_deinit() */
    size_t count, capacity;
    size_t bad;    /* rows that say nothing of an address */
    size_t others; /* what is no lease: hosts, classes made at run time */
};

/* Append the rows of a file.  False with run->problem. */
bool lease_file_kea(struct lease_file *file, const char *text, size_t size);
bool lease_file_isc(struct lease_file *file, const char *text, size_t size);

/* Sort by address, keep the last of each, and drop what is over. */
void lease_file_settle(struct lease_file *file);
void lease_file_deinit(struct lease_file *file);

/* For the parsers: append a row. */
void lease_file_add(struct lease_file *file, const struct lease_row *row);

#endif
