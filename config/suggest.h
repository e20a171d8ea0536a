/* config/suggest.h - "did you mean ...?": the known word nearest to a misspelt one. */
#ifndef TWINDHCP_CONFIG_SUGGEST_H
#define TWINDHCP_CONFIG_SUGGEST_H

#include "proto/types.h"

struct suggestion {
    const char *word; /* as written */
    const char *best; /* NULL while nothing is near enough */
    size_t distance;
};

struct suggestion suggestion_for(const char *word);

/* Look at one known word; it is borrowed. */
void suggestion_consider(struct suggestion *suggestion, const char *known);

#endif
