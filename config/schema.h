/* config/schema.h - the one table of what a configuration file may say.
 *
 * The loader, the JSON Schema (`--print-schema`) and the key reference of config/README.md are
 * all made from it, so that none of them can know a key that the others do not. */
#ifndef TWINDHCP_CONFIG_SCHEMA_H
#define TWINDHCP_CONFIG_SCHEMA_H

#include <stdio.h>

#include "config/model.h"

enum schema_type {
    /* One value; the reader stores it at `at` of the section's target. */
    SCHEMA_NAME,         /* const char *; letters, digits, '-', '_', '.' */
    SCHEMA_TEXT,         /* const char *; min..max bytes */
    SCHEMA_PATH,         /* const char *; min..max bytes once "{node}" is replaced */
    SCHEMA_MILLISECONDS, /* int64_t; a duration of min..max milliseconds */
    SCHEMA_SECONDS,      /* uint32_t; a duration of min..max whole seconds */
    SCHEMA_NUMBER,       /* uint32_t; min..max */
    SCHEMA_WORD,         /* an enum; its place in `words` is its value */
    SCHEMA_CHOICE, /* an enum; its place in `words` plus 1 is its value, 0 = not written */
    SCHEMA_FLAG,   /* enum config_flag; true or false */
    SCHEMA_LEASE_SECONDS, /* uint32_t; as SCHEMA_SECONDS, or `infinite` */
    SCHEMA_LEASE_SHARE,   /* struct config_share; a percent or a duration */
    SCHEMA_POOL_SHARE,    /* struct config_share; a percent or a number */
    SCHEMA_ADDRESS,       /* struct ip4 */
    SCHEMA_LINK,          /* const char *; tcp://IPV4:PORT */
    SCHEMA_ENDPOINT,      /* const char *; IPV4:PORT */
    SCHEMA_INTERFACE,     /* const char *; the name of a network interface */
    /* What follows has a reader of its own. */
    SCHEMA_NETWORK,
    SCHEMA_RANGE,
    SCHEMA_RANGES, /* one or a list */
    SCHEMA_INTERFACES,
    SCHEMA_ADDRESSES,
    SCHEMA_HARDWARE,
    SCHEMA_CLIENT_ID, /* any identity that is bytes or a text */
    SCHEMA_IDENTITIES,
    SCHEMA_NAMES,    /* one or a list */
    SCHEMA_INCLUDES, /* one or a list */
    SCHEMA_OPTIONS,
    SCHEMA_OPTION_NAMES, /* one or a list */
    SCHEMA_FIELDS,
    SCHEMA_MATCH,
    SCHEMA_EXPRESSION,
    SCHEMA_LEASE_TIME, /* a duration or a section */
    SCHEMA_SECURITY,   /* "none" or a section */
    SCHEMA_PROBE,      /* the same */
    SCHEMA_SECTION,
    SCHEMA_SECTIONS, /* a list of them */
};

struct schema_section;

struct schema_key {
    const char *name;
    enum schema_type type;
    bool required;
    bool inherited;           /* not written: what the level above says */
    size_t at;                /* offset in the target, for the types that have one value */
    int64_t min, max;         /* by type */
    const char *initial;      /* what stands when the key is not written; NULL = nothing */
    const char *note;         /* the default in words, where `initial` cannot say it */
    const char *const *words; /* NULL-terminated */
    const struct schema_section *section;
    const char *doc;     /* one sentence */
    const char *example; /* a value as written in a file */
};

struct schema_section {
    const char *name; /* "pair", "subnet": as messages and documentation call it */
    const char *path; /* where it stands in a file: "subnets[]"; "" = the file itself */
    const char *doc;
    const struct schema_key *keys;
    size_t count;
    const char *const *one_of; /* exactly one of these keys is needed; NULL-terminated */
};

#define SCHEMA_KEYS_MAX 48

extern const struct schema_section schema_file, schema_pair, schema_nodes, schema_node,
    schema_security, schema_server, schema_api, schema_lease_time, schema_class, schema_subnet,
    schema_network, schema_pool, schema_reservation, schema_leasequery, schema_bulk,
    schema_limit, schema_probe, schema_included, schema_names, schema_ddns, schema_ddns_zone,
    schema_ddns_key, schema_definition;

/* The i-th section in the order of the documentation, NULL past the end. */
const struct schema_section *schema_section_at(size_t index);

/* The place of key `name` of `section`; SIZE_MAX when it has none. */
size_t schema_key_place(const struct schema_section *section, const char *name);

/* What a value of the key has to be, as messages and documentation say it: "a duration such as
 * 1h".  Static storage. */
const char *schema_type_name(enum schema_type type);

/* The key reference as Markdown: a table for each section. */
void schema_print_reference(FILE *out);

#endif
