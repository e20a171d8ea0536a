/* daemon/ctl/ctl.h - what the commands of twinctl share. */
#ifndef TWINDHCP_DAEMON_CTL_CTL_H
#define TWINDHCP_DAEMON_CTL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/ctl/import/import.h"

/* Scripts rely on these; documented in help.c and README.md. */
enum ctl_exit {
    CTL_OK = 0,
    CTL_FAILED = 1,      /* refused, unhealthy, timed out */
    CTL_USAGE = 2,       /* the command line is wrong */
    CTL_UNREACHABLE = 3, /* no daemon answers on the socket */
    CTL_UNANSWERED = 4,  /* explain: this server would not answer the packet */
};

#define CTL_SOCKET_DEFAULT "/run/twindhcp/api.sock"
#define CTL_KEYS_DEFAULT   "/etc/twindhcp/keys"
#define CTL_WAIT_DEFAULT_S 30

struct explain_options;

struct ctl_options {
    const char *socket;
    bool json; /* print the API's own answer */
    /* leases */
    const char *subnet, *client, *address, *state;
    /* reservations: "add" and what */
    const char *words[2]; /* NULL: not given */
    const char *source;
    /* naks, conflicts */
    const char *limit;
    /* partner-down; the commands that ask first */
    bool force, yes;
    /* status */
    const char *wait; /* a state in upper case; NULL = do not wait */
    bool wait_equal;
    unsigned timeout_s;
    /* import, leases import; of keygen a node and a directory */
    const char *file, *output;
    struct import_settings import;
    bool dry_run;
    /* explain */
    const struct explain_options *explain;
};

/* Each runs one command to its end and prints. */
enum ctl_exit ctl_status(const struct ctl_options *options);
enum ctl_exit ctl_leases(const struct ctl_options *options);
enum ctl_exit ctl_reservations(const struct ctl_options *options);
enum ctl_exit ctl_pools(const struct ctl_options *options);
enum ctl_exit ctl_naks(const struct ctl_options *options);
enum ctl_exit ctl_conflicts(const struct ctl_options *options);
enum ctl_exit ctl_partner_down(const struct ctl_options *options);
enum ctl_exit ctl_handover(const struct ctl_options *options);
enum ctl_exit ctl_return(const struct ctl_options *options);
enum ctl_exit ctl_end_wait(const struct ctl_options *options);
enum ctl_exit ctl_restored(const struct ctl_options *options);
enum ctl_exit ctl_import_kea(const struct ctl_options *options);
enum ctl_exit ctl_import_isc(const struct ctl_options *options);
enum ctl_exit ctl_leases_import_kea(const struct ctl_options *options);
enum ctl_exit ctl_leases_import_isc(const struct ctl_options *options);
enum ctl_exit ctl_keygen(const struct ctl_options *options);
enum ctl_exit ctl_health(const struct ctl_options *options);

/* The text of --help. */
extern const char ctl_help[];

/* Is `state` one that `status --wait` can wait for? */
bool ctl_state_known(const char *state);

/* All of them in words. */
extern const char ctl_states[];

#endif
