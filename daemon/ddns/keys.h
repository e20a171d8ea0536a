/* daemon/ddns/keys.h - the secrets that sign updates, from their files. */
#ifndef TWINDHCP_DAEMON_DDNS_KEYS_H
#define TWINDHCP_DAEMON_DDNS_KEYS_H

#include "config/ddns.h"

#define DDNS_SECRET_SIZE 512 /* of a secret in base64, with its end */

struct ddns_keys {
    size_t count;
    char (*secret)[DDNS_SECRET_SIZE]; /* by place in config_ddns.keys */
};

/* Read all of them.  One that others than owner and group may read, or that holds no base64, is
 * TD_REFUSED; one that cannot be read TD_IO; `error` then says which and why, and there is
 * nothing to free. */
MUST_USE enum td_err ddns_keys_load(const struct config_ddns *ddns, struct ddns_keys *out,
                                    char *error, size_t error_size);
void ddns_keys_free(struct ddns_keys *keys); /* overwrites them first */

/* The secret of `key`, one of `ddns`. */
const char *ddns_keys_secret(const struct ddns_keys *keys, const struct config_ddns *ddns,
                             const struct config_ddns_key *key);

#endif
