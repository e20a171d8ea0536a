/* daemon/ctl/import/options.h - DHCP options on their way into `options:`: definitions of the
 * imported file next to the registry's, values checked before they are written. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_OPTIONS_H
#define TWINDHCP_DAEMON_CTL_IMPORT_OPTIONS_H

#include "daemon/ctl/import/import.h"
#include "proto/option.h"

#define IMPORT_FIELDS_MAX 32
#define IMPORT_ITEMS_MAX  256

/* As `option-definitions` names them, in this order. */
enum import_type {
    IMPORT_EMPTY,
    IMPORT_BINARY,
    IMPORT_BOOL,
    IMPORT_U8,
    IMPORT_U16,
    IMPORT_U32,
    IMPORT_I8,
    IMPORT_I16,
    IMPORT_I32,
    IMPORT_IP,
    IMPORT_STRING,
    IMPORT_FQDN,
    IMPORT_RECORD,
    IMPORT_UNKNOWN, /* ours has no such type */
};

const char *import_type_name(enum import_type type);

/* One option of the imported file: what it defines, or what the registry knows. */
struct import_option {
    const char *space; /* "dhcp4" and others */
    const char *name;
    unsigned code;
    enum import_type type;
    bool array;
    enum import_type fields[IMPORT_FIELDS_MAX]; /* of a record */
    size_t field_count;
    bool last_repeats; /* of a record that is an array: Kea's last field, not the whole */
    const char *encapsulates; /* a space, or NULL */
    struct import_option *next;
};

/* What the file defines. */
struct import_options {
    struct import_option *first, *last;
};

/* A value as a list of texts: numbers, addresses, words; of BINARY one text of hexadecimal
 * bytes, or "text:...". */
struct import_value {
    const char *items[IMPORT_ITEMS_MAX];
    size_t count;
    bool too_long; /* there were more */
};

void import_value_add(struct import_value *value, const char *item);

struct import_option *import_option_define(struct import *run, struct import_options *all,
                                           const char *space, const char *name, unsigned code);
/* In `space`; NULL when the file defines none, whatever the registry has. */
const struct import_option *import_option_find(const struct import_options *all,
                                               const char *space, const char *name);
const struct import_option *import_option_at(const struct import_options *all,
                                             const char *space, unsigned code);

/* Write the definitions that are to be written into `document`, and say why others are not. */
void import_options_print(struct import *run, const struct import_options *all,
                          struct yaml *document);

/* Set a defined option of `level`, a map that may have `options:`. */
void import_option_set(struct import *run, const struct import_options *all, struct yaml *level,
                       const struct import_option *option, const struct import_value *value,
                       struct place place);
/* One of the registry, by the types that it has there. */
void import_option_set_known(struct import *run, struct yaml *level,
                             const struct option_definition *known,
                             const struct import_value *value, struct place place);
/* Any code of space dhcp4, by its bytes. */
void import_option_set_bytes(struct import *run, struct yaml *level, unsigned code,
                             struct span bytes, struct place place);

/* The name by which `options:`, `always-send` and `never-send` know a code of dhcp4. */
const char *import_option_name(struct import *run, const struct import_options *all,
                               unsigned code);

#endif
