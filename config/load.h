/* config/load.h - YAML text in, a checked model out.
 *
 * One schema table (config/schema.h) drives the loader, `--print-schema` and the manual. */
#ifndef TWINDHCP_CONFIG_LOAD_H
#define TWINDHCP_CONFIG_LOAD_H

#include <stdio.h>

#include "config/model.h"

/* One finding: "file:line:column: what is wrong, what would be right". */
struct config_problem {
    unsigned file;    /* 0: the file itself; 1, 2, 3 ...: what it includes */
    const char *name; /* of an included file; NULL: the file itself */
    int line, column; /* 1-based; 0 = the file as a whole */
    const char *text; /* without the place */
    bool warning;     /* right as it stands, and hardly what was meant */
};

struct config_problems {
    struct config_problem *items; /* in order of place; freed by config_problems_free() */
    size_t count;
};

/* Load `path` and check all of it.  `node` is this node's name, which replaces "{node}" in
 * paths; it must be one of the pair's nodes when the file has a pair.  Returns NULL when
 * anything is wrong, and `problems` has all of it in one run; of a model that is returned it
 * has the warnings.  The result is freed by config_free(). */
MUST_USE struct config *config_load(const char *path, const char *node,
                                    struct config_problems *problems);

/* The same from memory; `name` stands for the path in the model. */
MUST_USE struct config *config_load_text(const char *name, const char *text, size_t size,
                                         const char *node, struct config_problems *problems);

/* One reservation alone, as an item of the file's `reservations:` is written (JSON is YAML), in
 * terms of `config`.  NULL and `problems` as of config_load().  That nobody else has its client
 * or address is the caller's to see to.  Borrows `config`, and must be freed before it. */
MUST_USE struct config_reservation *config_reservation_parse(const struct config *config,
                                                             const char *text, size_t size,
                                                             struct config_problems *problems);
void config_reservation_free(struct config_reservation *reservation); /* NULL is fine */

void config_free(struct config *config); /* NULL is fine */
void config_problems_free(struct config_problems *problems);

/* "file:line:column: text" for each, in order; "warning: " stands before the text of one. */
void config_problems_print(const struct config_problems *problems, const char *path, FILE *out);

/* The JSON Schema (2020-12) of the file. */
void config_print_schema(FILE *out);

#endif
