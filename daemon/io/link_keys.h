/* daemon/io/link_keys.h - the CURVE keys of the pair, from files.
 *
 * DIRECTORY/NAME.pub holds the public key of the node NAME and DIRECTORY/NAME.key its secret
 * key, each as 40 characters of Z85 (ZeroMQ RFC 32).  A node has both files of its own and its
 * partner's .pub. */
#ifndef TWINDHCP_DAEMON_IO_LINK_KEYS_H
#define TWINDHCP_DAEMON_IO_LINK_KEYS_H

#include "proto/types.h"

#define LINK_KEY_TEXT  40
#define LINK_KEY_BYTES 32

struct link_keys {
    char own_public[LINK_KEY_TEXT + 1];
    char own_secret[LINK_KEY_TEXT + 1];
    char partner_public[LINK_KEY_TEXT + 1];
};

/* TD_IO or TD_MALFORMED with a text for a person in `error`; then `keys` is wiped. */
MUST_USE enum td_err link_keys_read(struct link_keys *keys, const char *directory,
                                    const char *own, const char *partner, char *error,
                                    size_t error_size);

/* Leave no secret in memory. */
void link_keys_wipe(struct link_keys *keys);

#endif
