/* config/options.h - sets of options while they are made; private to config/. */
#ifndef TWINDHCP_CONFIG_OPTIONS_H
#define TWINDHCP_CONFIG_OPTIONS_H

#include "config/arena.h"
#include "config/model.h"

/* A set on its way: the values are borrowed. */
struct option_values {
    struct option_codes codes;
    struct span value[256]; /* of the codes in `codes`; of others not even initialized */
};

void option_values_put(struct option_values *values, uint8_t code, struct span value);

/* The finished set, in `arena`; all sets without an option are one. */
const struct config_options *options_pack(struct arena *arena,
                                          const struct option_values *values);

#endif
