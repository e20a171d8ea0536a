/* config/source.h - the text of a file of the configuration.
 *
 * The only place in config/ that opens anything. */
#ifndef TWINDHCP_CONFIG_SOURCE_H
#define TWINDHCP_CONFIG_SOURCE_H

#include "proto/types.h"

#define CONFIG_FILE_MAX ((size_t)16 * 1024 * 1024)

/* Which file it is, whatever it is called. */
struct source_id {
    uint64_t device, inode;
};

struct source_text {
    char *text;  /* for the caller to free() */
    size_t size; /* CONFIG_FILE_MAX + 1: larger than is read */
    struct source_id id;
};

/* False with `*what` ("cannot be opened") and errno. */
MUST_USE bool source_read(const char *path, struct source_text *out, const char **what);

/* Which file `path` is; false when there is none. */
MUST_USE bool source_identify(const char *path, struct source_id *id, bool *is_directory);

/* The names of all `*.yaml` in directory `path`, in the order of their bytes; each and the list
 * for the caller to free().  False with `*what` and errno. */
MUST_USE bool source_list(const char *path, char ***names, size_t *count, const char **what);

#endif
