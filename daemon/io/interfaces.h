/* daemon/io/interfaces.h - the network interfaces that the server serves, and their addresses.
 */
#ifndef TWINDHCP_DAEMON_IO_INTERFACES_H
#define TWINDHCP_DAEMON_IO_INTERFACES_H

#include "proto/types.h"

#define INTERFACE_ADDRESSES_MAX 32 /* of one interface; more are not looked at */

struct interface {
    const char *name;                              /* borrowed from the configuration */
    uint32_t index;                                /* 0 = not there at present */
    struct ip4 addresses[INTERFACE_ADDRESSES_MAX]; /* as the kernel lists them: primary first */
    size_t address_count;
};

struct interfaces {
    struct interface *items;
    size_t count;
};

/* `names` are borrowed until interfaces_deinit().  TD_NOT_FOUND with a text for a person in
 * `error` when one is missing or has no IPv4 address. */
MUST_USE enum td_err interfaces_init(struct interfaces *set, const char *const *names,
                                     size_t count, char *error, size_t error_size);
void interfaces_deinit(struct interfaces *set);

/* Read indexes and addresses anew.  True when one changed: then `text` says what is now. */
MUST_USE bool interfaces_refresh(struct interfaces *set, char *text, size_t text_size);

/* NULL when no interface of the set has that index / address. */
const struct interface *interfaces_by_index(const struct interfaces *set, uint32_t index);
const struct interface *interfaces_by_address(const struct interfaces *set, struct ip4 address);

/* A descriptor that becomes readable when interfaces or addresses change; -1 (errno) when the
 * system gives none. */
MUST_USE int interfaces_watch(void);
/* Read away what it says. */
void interfaces_watch_drain(int fd);

#endif
