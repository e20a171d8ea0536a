/* daemon/ctl/wait.h - waiting for a state of the server. */
#ifndef TWINDHCP_DAEMON_CTL_WAIT_H
#define TWINDHCP_DAEMON_CTL_WAIT_H

#include "daemon/ctl/client.h"

/* Is this status what options->wait and options->wait_equal ask for? */
bool ctl_wait_is_over(const struct ctl_options *options, const json_t *status);

/* Ask for the status until it is what is waited for, options->timeout_s at most.  A server that
 * does not answer (yet, or while it restarts) is waited for too.  CTL_OK with the last status
 * in `reply`; else what it was at the end is printed: CTL_FAILED, or CTL_UNREACHABLE when
 * nothing answered. */
enum ctl_exit ctl_wait(const struct ctl_options *options, struct ctl_reply *reply);

#endif
