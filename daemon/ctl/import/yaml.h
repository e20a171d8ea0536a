/* daemon/ctl/import/yaml.h - a YAML document with comments, built and printed.
 *
 * Comments stand among the members of a map or list, at the place where they are added. libyaml
 * cannot emit any, hence this writer. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_YAML_H
#define TWINDHCP_DAEMON_CTL_IMPORT_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct import;

enum yaml_kind {
    YAML_COMMENT,
    YAML_TEXT,  /* quoted where it has to be */
    YAML_PLAIN, /* a number, a duration, a word of ours: never quoted */
    YAML_MAP,
    YAML_LIST,
};

struct yaml {
    enum yaml_kind kind;
    const char *key;  /* in a map */
    const char *text; /* of a comment, a text, a plain word */
    struct yaml *first, *last, *next;
};

struct yaml *yaml_document(struct import *run); /* a map */

/* The map or list `key` of map `parent`, made when it is not there; in a list always a new one.
 * Keys and texts are borrowed for the life of the run. */
struct yaml *yaml_map(struct import *run, struct yaml *parent, const char *key);
struct yaml *yaml_list(struct import *run, struct yaml *parent, const char *key);

/* Set `key` of a map, replacing what it said before; in a list (key NULL) append. */
void yaml_text(struct import *run, struct yaml *parent, const char *key, const char *text);
void yaml_plain(struct import *run, struct yaml *parent, const char *key, const char *text);
void yaml_number(struct import *run, struct yaml *parent, const char *key, uint64_t number);
void yaml_duration(struct import *run, struct yaml *parent, const char *key, uint64_t seconds);
void yaml_bool(struct import *run, struct yaml *parent, const char *key, bool value);

/* Control characters and the ends of lines in `text` become blanks. */
void yaml_comment(struct import *run, struct yaml *parent, const char *text);

/* Append a text to list `key` of `map` unless it is there. */
void yaml_add_once(struct import *run, struct yaml *map, const char *key, const char *text);

struct yaml *yaml_find(const struct yaml *map, const char *key); /* may give NULL */
const char *yaml_find_text(const struct yaml *map, const char *key);
void yaml_remove(struct yaml *parent, const struct yaml *child);
bool yaml_is_empty(const struct yaml *node); /* but for comments */
/* Put a new, empty node of a list in front of all others. */
struct yaml *yaml_list_first(struct import *run, struct yaml *list);
/* Copy all members of map `from` into map `to`; nested maps are merged, lists and texts
 * replaced. Comments stay where they are. */
void yaml_merge(struct import *run, struct yaml *to, const struct yaml *from);

void yaml_print(const struct yaml *document, FILE *out);

#endif
