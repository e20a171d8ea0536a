/* config/model.h - the checked, read-only model of one configuration file.
 *
 * Made by config_load(); everything in it lives until config_free().  All text is
 * NUL-terminated UTF-8; all durations are in milliseconds unless the name says seconds. */
#ifndef TWINDHCP_CONFIG_MODEL_H
#define TWINDHCP_CONFIG_MODEL_H

#include "config/care.h"
#include "config/class.h"
#include "config/ddns.h"
#include "proto/digests.h"
#include "proto/identity.h"
#include "proto/option.h"
#include "proto/types.h"

/* One option with its value compiled to wire bytes (not yet split, RFC 3396). */
struct config_option {
    uint8_t code;
    struct span value;
};

/* Options of ascending code, each code once.  One run of memory: this, an entry each, the
 * values. */
struct config_options {
    struct option_codes codes;
    uint8_t before[4]; /* how many options there are before each word of `codes` */
    uint16_t count;
    struct config_option_entry {
        uint32_t at; /* of the value, from the start of the set */
        uint16_t size;
        uint8_t code;
    } entries[];
};

extern const struct config_options config_no_options;

/* The value of `code`; data NULL when the set does not hold it, and not NULL when it is empty.
 * O(1). */
struct span config_options_find(const struct config_options *set, uint8_t code);

/* The i-th option. */
struct config_option config_options_at(const struct config_options *set, size_t i);

/* Seconds.  0 = not set at this level; the loader leaves none 0 for the file. */
#define CONFIG_INFINITE UINT32_MAX /* of default and max: a lease without end */
struct config_lease_time {
    uint32_t default_s, min_s, max_s;
};

/* Header fields of a reply that are no options; empty text = not set at this level. */
struct config_boot {
    struct ip4 next_server; /* siaddr; 0.0.0.0 = not set */
    const char *server_name;
    const char *boot_file_name;
};

/* Options that are sent without being asked for, and those that are never sent; none is both.
 */
struct config_send {
    struct option_codes always, never;
};

/* What one level says to clients, or several together. */
struct config_terms {
    const struct config_options *options; /* never NULL in a model that was loaded */
    const struct config_send *send;       /* NULL: says nothing */
    struct config_lease_time lease_time;
    struct config_boot boot;
    struct config_care care;
};

/* What holds where `own` says what it does, over what holds above. */
struct config_lease_time config_lease_time_over(struct config_lease_time above,
                                                const struct config_lease_time *own);
struct config_boot config_boot_over(struct config_boot above, const struct config_boot *own);
void config_send_over(struct config_send *above, const struct config_send *own);

/* Does the level say anything of it? */
bool config_lease_time_is_set(const struct config_lease_time *time);
bool config_boot_is_set(const struct config_boot *boot);

struct ip4_range {
    struct ip4 first, last; /* inclusive */
};

/* Whether an address is looked for on the network before it is offered, and how.  Neither way
 * is CONFIG_FLAG_YES: it is not. */
struct config_probe {
    enum config_flag icmp, arp;
    int64_t wait_ms;    /* for an answer */
    int64_t recheck_ms; /* so long it counts that none came */
};
extern const struct config_probe config_probe_default; /* of a `probe: {}` */
bool config_probe_is_on(const struct config_probe *probe);

/* A pool: the addresses that may be given to any client of the subnet. */
struct config_pool {
    struct ip4_range range;        /* as written */
    const struct ip4_range *parts; /* what is left of it without exclusions, ascending */
    size_t part_count;
    uint64_t size;                            /* addresses in all parts */
    size_t index;                             /* its place in config->pools */
    size_t subnet;                            /* index in config->subnets */
    const struct config_admission *admission; /* NULL: anybody */
    struct config_class_list add_classes;
    struct config_terms terms;
    const struct config_terms *effective; /* with those of subnet, link and file */
};

#define CONFIG_ANYWHERE SIZE_MAX

/* What is kept for one client, or for whoever is at one place. */
struct config_reservation {
    struct span key;       /* proto/identity.h */
    struct ip4 address;    /* inside the subnet; 0.0.0.0 = none: only what it is sent */
    size_t subnet;         /* index; CONFIG_ANYWHERE: of no subnet, holds in all */
    const char *host_name; /* NULL = none; the same as OPTION_HOST_NAME in `options` */
    struct config_class_list classes; /* that the client is given */
    struct config_class_list add_classes;
    struct config_terms terms;
    const char *file; /* where it was written, for messages */
    int line;
};

/* The kinds of identity by which a client's reservation is looked for, first to last. */
struct config_identities {
    enum identity order[IDENTITIES];
    size_t count;
    unsigned used; /* one bit for each kind that some reservation of the file has */
};

/* How packets find a place other than by an address inside it. */
struct config_ways {
    const struct ip4 *relays; /* addresses (giaddr) of relays that mean the place */
    size_t relay_count;
    const char *interface;        /* the place is attached there; NULL: its address tells */
    struct ip4 server_identifier; /* option 54 of all replies; 0.0.0.0: the own address */
};

/* Subnets that are on one link: those of a shared network, or one subnet that stands alone. */
struct config_link {
    const char *name; /* of the shared network; NULL: one subnet that stands alone */
    size_t index;
    const struct config_subnet *const *subnets; /* ascending, at least one */
    size_t subnet_count;
    struct config_ways ways;                  /* of the shared network */
    const struct config_admission *admission; /* NULL: anybody */
    struct config_class_list add_classes;
    struct config_terms terms;            /* of the shared network */
    const struct config_terms *effective; /* with those of the file */
};

struct config_subnet {
    const char *text; /* "10.77.0.0/16" */
    struct ip4 network;
    uint8_t prefix_length;
    size_t index;
    const struct config_link *link;
    struct config_ways ways; /* relays of its own; the others of its link where it has none */
    size_t first_pool, pool_count; /* its pools are neighbours in config->pools */
    const struct config_reservation *reservations;
    size_t reservation_count;
    const struct config_admission *admission; /* NULL: anybody */
    struct config_class_list add_classes;
    struct config_terms terms;
    const struct config_terms *effective; /* with those of the link and the file */
    struct config_probe probe;            /* what holds here */
    const struct config_names *names;     /* what holds here; NULL: clients are not named */
};

/* A client belongs to a class when its test holds, or when it is given the class. */
struct config_class {
    const char *name;
    enum config_class_test test;
    const struct config_condition *conditions; /* of a match: all of them have to hold */
    size_t condition_count;                    /* with those inside others */
    struct config_gate gate;                   /* of a match */
    struct expression expression;
    enum config_builtin builtin;
    enum config_flag additional; /* tested only where add-classes names it */
    struct config_terms terms;
};

/* What the file says of options beside the registry. */
struct config_definitions {
    /* Own ones, and those of the registry that hold an own space; ascending by code. */
    const struct option_definition *options;
    size_t count;
    const struct option_space *spaces; /* own and built-in */
    size_t space_count;
};

enum config_mode { CONFIG_LOAD_BALANCING, CONFIG_HOT_STANDBY };
enum config_start_alone { CONFIG_START_ALONE_SERVE, CONFIG_START_ALONE_WAIT };

struct config_node {
    const char *name;
    const char *link; /* "tcp://10.78.0.1:6470" */
};

/* The `pair:` section; defaults in brackets. */
struct config_pair {
    const char *name;
    enum config_mode mode;       /* [load-balancing] */
    struct config_node nodes[2]; /* by enum role */
    const char *curve_directory; /* NULL: `security: none`, which has to be written out */
    int64_t mclt_ms;             /* [1h] */
    int64_t link_timeout_ms;     /* [1s] */
    int64_t ack_timeout_ms;      /* [50ms] */
    int64_t startup_wait_ms;     /* [5s] */
    int64_t max_unanswered_ms;   /* [3s] */
    int64_t max_clock_skew_ms;   /* [5s] */
    uint32_t split_percent;      /* [50, hot-standby 90]: the primary's target share */
    enum config_start_alone start_alone; /* [serve] */
};

/* Who may ask for leases (RFC 4388, RFC 6926). */
struct config_leasequery {
    const struct ip4_range *allow; /* relays, and who connects; none: nobody may */
    size_t allow_count;
    bool bulk;            /* over TCP too */
    uint32_t bulk_port;   /* [67] */
    uint32_t connections; /* [8] at a time */
    int64_t idle_ms;      /* [60s] until a connection that says nothing is closed */
};

/* This node's: what its entry in the pair says of interfaces or listen stands in place of
 * what `server:` says. */
struct config_server {
    const char *const *interfaces; /* serve directly attached clients (and relays) there */
    size_t interface_count;
    const struct ip4 *listen; /* serve relayed clients only, on these addresses */
    size_t listen_count;
    const char *store;      /* directory; "{node}" already replaced */
    const char *api_socket; /* unix socket path; "{node}" already replaced */
    const char *api_http;   /* "127.0.0.1:8067"; NULL = none */
};

struct config {
    const char *file; /* the path it was loaded from */
    bool has_pair;    /* false: the daemon runs alone */
    struct config_pair pair;
    struct config_server server;
    struct config_terms terms; /* lease time: [default 12h, min 5m, max 24h] */
    int64_t offer_hold_ms;     /* [60s] */
    int64_t abandon_ms;        /* [24h]: how long a declined address stays unused */
    struct config_leasequery leasequery;
    struct config_probe probe;        /* [none] */
    const struct config_names *names; /* of the file; NULL: none */
    const struct config_ddns *ddns;   /* NULL: the DNS is not told */
    struct config_definitions definitions;
    const struct config_class *classes;
    size_t class_count;
    const struct config_gate *gates;     /* of the classes, side by side: few cache lines */
    const struct config_subnet *subnets; /* ascending by network, not overlapping */
    size_t subnet_count;
    const struct config_link *links; /* of the subnets, in the order of their first one */
    size_t link_count;
    struct ip4 server_identifier;    /* 0.0.0.0: the own address */
    const struct config_pool *pools; /* ascending by address, not overlapping */
    size_t pool_count;
    size_t limit_count;                            /* of all levels */
    bool limits_classes;                           /* one of them is of a class */
    bool renew_cache, warn_free;                   /* some level says more than "off" */
    const struct ip4 *subnet_starts, *pool_starts; /* first addresses, for the lookups */
    /* Of all subnets in their order, ascending by address in each (those without come first);
     * then those of no subnet. */
    const struct config_reservation *reservations;
    size_t reservation_count;
    size_t anywhere_count; /* the last of them: of no subnet */
    struct config_identities identities;
    struct expression flex_id; /* of reservations by flex-id; no steps: none is written */
    struct digests digests;
    const struct subnet_digests *subnet_digests; /* as many as subnets, in their order */
    struct file_digests file_digests;
    struct config_index *index; /* private to config/model.c: lookups by client and address */
};

/* Which role the node named `name` has; false if no node of the pair has that name. */
MUST_USE bool config_role_of(const struct config *config, const char *name, enum role *role);

/* May an address ever have to be probed?  Where a subnet says so, and after a start without the
 * partner (README of ha/, section 6). */
bool config_may_probe(const struct config *config);

/* What the file, or else the registry, says of option `code`; NULL when neither does. */
const struct option_definition *config_option_definition(const struct config *config,
                                                         uint8_t code);

/* The same by name or alias, and by "option-224", whose value is always bytes; `*code` is its
 * code.  NULL when unknown; then `*code` stays. */
const struct option_definition *config_option_named(const struct config *config,
                                                    const char *name, uint8_t *code);

/* A space of the file or a built-in one; NULL when there is none of this name. */
const struct option_space *config_option_space(const struct config *config, const char *name);

static inline bool config_subnet_holds(const struct config_subnet *subnet, struct ip4 address)
{
    return ((uint64_t)(address.value ^ subnet->network.value) >>
            (32 - subnet->prefix_length)) == 0;
}

/* The subnet that holds `address`, NULL if none.  O(log n). */
const struct config_subnet *config_subnet_of(const struct config *config, struct ip4 address);

/* Whether `address` is in a subnet on the link of `subnet`.  O(subnets of the link). */
bool config_on_link(const struct config_subnet *subnet, struct ip4 address);

/* The subnet on the link of `subnet` that holds `address`, `subnet` itself if none does. */
const struct config_subnet *config_subnet_on_link(const struct config_subnet *subnet,
                                                  struct ip4 address);

/* The subnet that the relay at `address` (its giaddr) was configured for, NULL if none. */
const struct config_subnet *config_subnet_of_relay(const struct config *config,
                                                   struct ip4 address);

/* The subnet attached to the interface of that name; NULL if none says so.  `name` may be NULL.
 */
const struct config_subnet *config_subnet_of_interface(const struct config *config,
                                                       const char *name);

/* Whether one of its parts holds `address`.  O(log n) of them. */
bool config_pool_holds(const struct config_pool *pool, struct ip4 address);

/* The pool one of whose parts holds `address`, NULL if none.  O(log n). */
const struct config_pool *config_pool_of(const struct config *config, struct ip4 address);

/* The same among the pools of `subnet` alone. */
const struct config_pool *config_pool_in(const struct config *config,
                                         const struct config_subnet *subnet,
                                         struct ip4 address);

/* The reservation of `key` in `subnet`, in no subnet, or the one that `address` is set aside
 * for; NULL if none.  O(1) or O(log n).  A client has several keys: the caller asks with each
 * kind of config->identities in turn. */
const struct config_reservation *config_reservation_of(const struct config *config,
                                                       const struct config_subnet *subnet,
                                                       struct span key);
const struct config_reservation *config_reservation_anywhere(const struct config *config,
                                                             struct span key);
const struct config_reservation *config_reservation_at(const struct config *config,
                                                       struct ip4 address);

#endif
