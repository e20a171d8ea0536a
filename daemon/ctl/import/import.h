/* daemon/ctl/import/import.h - one run of an import: its memory, what it counts and says.
 *
 * Nothing of the other server's file is dropped silently: what has no counterpart becomes a
 * comment at its place, by import_note(), and is counted.  Memory is the run's and goes with
 * it; when there is none, the program ends. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_IMPORT_H
#define TWINDHCP_DAEMON_CTL_IMPORT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/ctl/import/yaml.h"

#define IMPORT_SIZE_MAX     ((size_t)512 << 20) /* of one file, and of all it includes */
#define IMPORT_DEPTH_MAX    64                  /* of nested braces */
#define IMPORT_INCLUDE_MAX  8                   /* of files that include files */
#define IMPORT_NODE_LINKS   4
#define IMPORT_PROBLEM_SIZE 512

/* What the other server's file cannot say. */
struct import_settings {
    const char *interfaces; /* "eth0,eth1"; NULL: as the file says, or eth0 */
    const char *names;      /* "PRIMARY,SECONDARY"; NULL: as the file says, or dhcp-a,dhcp-b */
    const char *node_links[IMPORT_NODE_LINKS]; /* "NAME=IPV4" or "NAME=IPV4:PORT" */
    size_t node_link_count;
    bool may_include; /* files that the text names may be read */
};

struct import_block;

struct import {
    const char *origin; /* "kea", "isc": how comments begin */
    const char *file;
    struct import_settings settings;
    struct import_block *blocks;
    size_t subnets, pools, reservations, classes, notes;
    size_t read;                       /* bytes of all files so far */
    char problem[IMPORT_PROBLEM_SIZE]; /* "FILE:LINE:COLUMN: ..."; "" while there is none */
};

/* Where something stands in the files read. */
struct place {
    const char *file;
    unsigned line, column;
};

void import_init(struct import *run, const char *origin, const char *file);
void import_deinit(struct import *run);

void *import_alloc(struct import *run, size_t size); /* zeroed */
char *import_copy(struct import *run, const char *text, size_t size);
char *import_format(struct import *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A name of ours: what is no letter, digit, '-', '_' or '.' becomes '-'. */
const char *import_name(struct import *run, const char *text);

/* A lease time as `key` of a lease-time map, within what it takes; a note when it had to be
 * bent.
 */
void import_lifetime(struct import *run, struct yaml *map, const char *key, uint64_t seconds,
                     struct place place);

/* The whole file, terminated; NULL with a problem, told at `from` when that is not NULL. */
char *import_read(struct import *run, const char *path, const struct place *from, size_t *size);
/* `name` as written in `file`: relative to its directory. */
const char *import_path(struct import *run, const char *file, const char *name);

/* The first problem counts; false, so that a parser can return it. */
bool import_fail(struct import *run, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "# kea line 12: KEY: ..." into `node`, and count it. */
void import_note(struct import *run, struct yaml *node, struct place place, const char *what,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same without counting: nothing is lost, but a person should know. */
void import_remark(struct import *run, struct yaml *node, struct place place, const char *what,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Say in `document` that nothing can be served, when the file had no subnet. */
void import_note_no_subnet(struct import *run, struct yaml *document);

/* "imported 12 subnets, ..." */
void import_summary(const struct import *run, FILE *out);

/* The two importers: the YAML document, NULL with run->problem. */
struct yaml *kea_import(struct import *run, const char *text, size_t size);
struct yaml *isc_import(struct import *run, const char *text, size_t size);

#endif
