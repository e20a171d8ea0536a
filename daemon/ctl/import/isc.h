/* daemon/ctl/import/isc.h - what the files of the ISC dhcpd importer share. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_ISC_H
#define TWINDHCP_DAEMON_CTL_IMPORT_ISC_H

#include "daemon/ctl/import/isc_tree.h"
#include "daemon/ctl/import/options.h"
#include "daemon/ctl/import/range.h"

/* Declarations open a scope; settings in it go to `node`. */
enum isc_scope_kind {
    ISC_FILE,
    ISC_NETWORK, /* shared-network */
    ISC_SUBNET,
    ISC_POOL,
    ISC_GROUP, /* `node` is for what is declared inside */
    ISC_CLASS, /* of a class, or of an if */
    ISC_HOST,
};

struct isc_scope {
    struct isc_scope *up;
    enum isc_scope_kind kind;
    struct yaml *node;
    struct yaml *subnets;        /* where subnets of this scope go */
    struct import_range network; /* of a subnet */
    const char *condition;       /* of a class: what its clients fulfil, an expression */
    bool host_names;             /* use-host-decl-names */
};

/* A subnet that was written, so that pools and hosts find it. */
struct isc_subnet {
    struct import_range network;
    struct yaml *node;
    struct isc_subnet *next;
};

struct isc {
    struct import *run;
    struct import_options options;
    struct yaml *document;
    struct isc_statement *file;
    struct isc_subnet *subnets;
    struct yaml *ddns; /* written at the end, when updates are on */
    bool ddns_on, ping_said, pair_said;
};

typedef void isc_handler(struct isc *i, struct isc_scope *scope,
                         const struct isc_statement *statement);

/* isc.c: all statements of a block. */
void isc_walk(struct isc *i, struct isc_scope *scope, const struct isc_statement *first);
/* Settings of the groups around `scope`, outermost first, into `node`; with `client`, a host or
 * class, only what those may say. */
void isc_inherit(struct isc *i, const struct isc_scope *scope, struct yaml *node, bool client);
/* "# isc line N: STATEMENT: why", counted. */
void isc_note(struct isc *i, struct yaml *node, const struct isc_statement *statement,
              const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The statement's one value as a number; false after a note. */
bool isc_number(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement,
                uint64_t *out);

/* isc_settings.c: lifetimes, boot fields, switches; false: it is none of them. */
bool isc_setting(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement);

/* isc_options.c */
void isc_define_options(struct isc *i, const struct isc_statement *first);
isc_handler isc_option;
/* The code of "NAME" or "SPACE.NAME", and the space; false when it is not known. */
bool isc_option_code(const struct isc *i, const char *name, const char **space, unsigned *code);

/* isc_expression.c: a condition in Kea's language; NULL when there is no way to say it. */
const char *isc_condition(struct isc *i, const struct isc_token *first);
/* "E = VALUE" for a `match E` and the value of a subclass; NULL as above. */
const char *isc_match_value(struct isc *i, const struct isc_token *match,
                            const struct isc_token *value);

/* isc_class.c */
isc_handler isc_class, isc_subclass, isc_if;
/* isc_subnet.c */
isc_handler isc_shared_network, isc_subnet, isc_pool, isc_range, isc_permit;
/* isc_host.c */
isc_handler isc_host;
/* isc_pair.c */
isc_handler isc_failover;
/* isc_ddns.c */
isc_handler isc_zone, isc_key;
void isc_ddns_finish(struct isc *i);
bool isc_ddns_setting(struct isc *i, struct isc_scope *scope,
                      const struct isc_statement *statement);

#endif
