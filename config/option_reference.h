/* config/option_reference.h - the registry as the option tables of config/README.md. */
#ifndef TWINDHCP_CONFIG_OPTION_REFERENCE_H
#define TWINDHCP_CONFIG_OPTION_REFERENCE_H

#include <stdio.h>

#include "proto/option.h"

/* A value as written in a file: right for the option, which is one of the registry or of a
 * built-in space.  Static storage. */
const char *option_example(const struct option_definition *definition);

/* All options, the built-in spaces and the aliases, as Markdown. */
void option_print_reference(FILE *out);

#endif
