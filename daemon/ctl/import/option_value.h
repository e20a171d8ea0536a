/* daemon/ctl/import/option_value.h - values of options: fitted to a type, as bytes and back. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_OPTION_VALUE_H
#define TWINDHCP_DAEMON_CTL_IMPORT_OPTION_VALUE_H

#include "daemon/ctl/import/options.h"

#define OPTION_WIRE_MAX 4096

bool option_value_is_list(enum option_type type);

/* As texts that the registry's type takes: pairs joined, single texts split at nothing, words
 * for truth values put right.  False when they do not fit. */
bool option_value_fit(struct import *run, const struct option_definition *known,
                      const struct import_value *value, struct import_value *out);

/* As the definition says them on the wire. */
bool option_value_bytes(const struct import_option *option, const struct import_value *value,
                        uint8_t out[static OPTION_WIRE_MAX], size_t *size);

/* Bytes as texts of the registry's type; false when another form of them is as good or the
 * type cannot hold them. */
bool option_value_read(struct import *run, const struct option_definition *known,
                       struct span bytes, struct import_value *out);

#endif
