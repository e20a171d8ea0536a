/* config/loader.h - what the parts of the loader share; private to config/.
 *
 * Each load_* reads one node of the tree into the model and reports what is wrong with it; it
 * goes on after a problem wherever something can still be checked.  When anything was reported
 * the model is thrown away as a whole, so what a wrong value leaves behind matters to nobody.
 */
#ifndef TWINDHCP_CONFIG_LOADER_H
#define TWINDHCP_CONFIG_LOADER_H

#include "config/report.h"
#include "config/scalar.h"
#include "config/schema.h"
#include "config/tree.h"

/* Where clients are served, as `server` or a node of the pair says it. */
struct serve {
    const char *const *interfaces;
    size_t interface_count;
    const struct ip4 *listen;
    size_t listen_count;
    bool written;
};

struct loader {
    struct arena *arena;   /* of the model */
    struct arena *scratch; /* the tree and whatever else ends with the loading */
    struct report *report;
    struct config *config;
    const char *node; /* what "{node}" in a path becomes */
    size_t visits;    /* nodes that may still be read; aliases could make them endless */
    struct serve node_serve[2]; /* what the nodes of the pair say, by enum role */
    const char *const *files;   /* names by number; [0] is the file itself */
    struct class_index *classes;
    const struct node *flex_id;     /* where the file says it, right or wrong; NULL: nowhere */
    const struct node *always[256]; /* where `always-send` first names each option */
};

/* Report what is wrong with the value at `node`. */
__attribute__((format(printf, 3, 4))) void complain(struct loader *l, const struct node *node,
                                                    const char *format, ...);

/* Report what is not wrong and hardly meant. */
__attribute__((format(printf, 3, 4))) void warn(struct loader *l, const struct node *node,
                                                const char *format, ...);

/* `text` in quotes for a message: cut when it is long, without control characters. */
const char *quoted(struct loader *l, const char *text);

/* The name of the file that `node` stands in, as long as the model lives. */
const char *file_name(const struct loader *l, const struct node *node);

/* <0, 0, >0: where `a` is written before, at or after `b`, in the order of the files. */
int compare_places(const struct node *a, const struct node *b);

/* "line 7", or "FILE:7" when `node` stands in another file than `other`. */
const char *place_of(struct loader *l, const struct node *node, const struct node *other);

/* Account for reading `count` nodes; false, reported once, when the file has read too many. */
MUST_USE bool visit(struct loader *l, const struct node *node, size_t count);

/* ---- sections ---- */

/* The keys of one map of the file. */
struct section {
    const struct schema_section *schema;
    const struct node *map;                    /* NULL: was no map, nothing was read */
    const struct node *value[SCHEMA_KEYS_MAX]; /* by place in the schema; NULL = not written */
};

/* Read `map`, the value of `key`: its simple values go to `target` (NULL if it has none) as the
 * table says, the others are left for section_value(). */
struct section section_read(struct loader *l, const struct schema_section *schema,
                            const char *key, const struct node *map, void *target);

/* The value of `key`, which the schema has; NULL when it is not written. */
const struct node *section_value(const struct section *section, const char *key);

/* The same; NULL also when the schema has no such key. */
const struct node *section_find(const struct section *section, const char *key);

/* ---- values ---- */

/* Store the simple value of `key` in `target`. */
void load_value(struct loader *l, const struct schema_key *key, const struct node *node,
                void *target);

/* The same for one type each of address care (load_care.c). */
void load_share(struct loader *l, const struct schema_key *key, const char *text,
                const struct node *node, struct config_share *out);
void load_flag(struct loader *l, const struct schema_key *key, const char *text,
               const struct node *node, enum config_flag *out);

/* The text of a scalar; NULL and reported when it is none or is empty. */
const char *load_text(struct loader *l, const char *key, const struct node *node);

/* The items of a list, or the one item that a scalar is when `one_will_do`; none and reported
 * when it is anything else or empty.  `node` NULL: none. */
struct items {
    const struct node *const *item;
    size_t count;
    const struct node *single;
};
struct items load_items(struct loader *l, const char *key, const struct node *node,
                        bool one_will_do);
const struct node *items_get(const struct items *items, size_t i);

/* `node` NULL: nothing is written.  `above` is what holds where nothing is written; `effective`
 * (may be NULL) is what holds here, `out` is what is set at this level. */
void load_lease_time(struct loader *l, const struct node *node,
                     const struct config_lease_time *above, struct config_lease_time *out,
                     struct config_lease_time *effective);

/* "10-20", "10", "10/8" of addresses; false and reported when it is none or is out of order. */
MUST_USE bool load_range(struct loader *l, const char *key, const struct node *node,
                         struct ip4_range *out);

/* The key (proto/identity.h) of the client that a reservation names. */
MUST_USE bool load_identity(struct loader *l, const struct section *reservation,
                            struct span *key);

/* `reservation-identifiers`; is it what holds when nothing is written? */
void load_identities(struct loader *l, const struct node *node);
bool identities_are_usual(const struct config_identities *identities);

/* `flex-id` of the file; before any reservation is read. */
void load_flex_id(struct loader *l, const struct node *node);

/* `root` with all that its `include` names, and what that names in turn: of each list the items
 * of the file first, then those of the included ones in order.  Sets l->files.  (include.c) */
const struct node *include_all(struct loader *l, const struct node *root);

/* `node` NULL: what holds `above`. */
void load_probe(struct loader *l, const struct node *node, const struct config_probe *above,
                struct config_probe *out);

/* ---- parts ---- */

/* What else a level says of address care than simple values, and whether it fits together. */
void load_care(struct loader *l, const struct section *section, struct config_care *care);

/* The definitions of the file; before anything that names an option. */
void load_definitions(struct loader *l, const struct node *node);

/* An option's name as written; NULL and reported when there is none.  `to_send`: only of
 * options that an operator may set is one suggested. */
const struct option_definition *load_option_name(struct loader *l, const struct node *node,
                                                 bool to_send, uint8_t *code);

/* What to write in place of an option that the server sets itself. */
const char *instead_of_option(uint8_t code);

/* The longest value; a reply has room for little more in all (proto/dhcp4.h). */
#define OPTION_VALUE_MAX 1024

struct option_wire {
    uint8_t bytes[OPTION_VALUE_MAX];
    size_t used;
};

/* The whole value of the option written as `key`, or one element of it, appended to `wire`;
 * false when something was reported. */
MUST_USE bool load_option_value(struct loader *l, const struct node *key,
                                const struct option_definition *definition,
                                const struct node *value, struct option_wire *wire);
MUST_USE bool load_option_element(struct loader *l, const struct node *key,
                                  const struct option_definition *definition,
                                  const struct node *value, struct option_wire *wire);

/* What has no single text: sub-options, and what is sorted by enterprise. */
MUST_USE bool load_suboptions(struct loader *l, const struct node *key,
                              const struct option_definition *definition,
                              const struct node *value, struct option_wire *wire);

/* `options`, `always-send` and `never-send` of a level. */
void load_contents(struct loader *l, const struct section *section, struct config_terms *terms);
const struct config_send *load_send(struct loader *l, const struct section *section);

/* The same with `host-name: NAME` of a reservation, which stands for the option. */
void load_reservation_options(struct loader *l, const struct section *reservation,
                              struct config_reservation *out);

/* Note in `first` where the option is written; false and reported when it was before. */
MUST_USE bool load_option_once(struct loader *l, const struct node *key, uint8_t code,
                               const struct node *first[static 256]);

void load_match(struct loader *l, const struct node *node, struct config_class *out);

/* ---- classes ---- */

/* The classes of the file by name, from the time that all names are known. */
struct class_index;

void load_classes(struct loader *l, const struct node *node);

/* The number of the class `name` for what stands at `node`; false and reported when there is
 * none.  While the test of a class is read, only those before it will do. */
MUST_USE bool load_class_number(struct loader *l, const char *key, const struct node *node,
                                const char *name, uint16_t *number);

/* The same for an expression: -1 and why. */
int32_t class_number_find(struct loader *l, const char *name, const char **why);

/* What is wrong with the expression that `key` has at `node`. */
void complain_expression(struct loader *l, const char *key, const struct node *node,
                         const struct expression_error *error);

/* One class or a list; `node` NULL: none. */
struct config_class_list load_class_list(struct loader *l, const char *key,
                                         const struct node *node);

/* A list of classes that a client is given or that are evaluated there. */
struct config_class_list load_given_classes(struct loader *l, const char *key,
                                            const struct node *node);

/* `allow`, `deny` and `require` of a section that has them; NULL when none is written. */
const struct config_admission *load_admission(struct loader *l, const struct section *section);

const char *class_name_of(const struct loader *l, uint16_t number);

/* Where a class of the file is written, as place_of() says it. */
const char *class_place_of(struct loader *l, uint16_t number, const struct node *other);

/* The class that `limit` names at `node`: one that can be told of a record. (limit_class.c) */
void load_limit_class(struct loader *l, const struct node *node, struct config_limit *limit);

bool class_list_has(const struct config_class_list *list, uint16_t number);

/* Warn of classes that change nothing.  After all that may name one. */
void check_class_uses(struct loader *l);

void load_leasequery(struct loader *l, const struct node *node);

/* `node_name` NULL: not known, which is a problem when there is a pair. */
void load_pair(struct loader *l, const struct node *node, const char *node_name);

/* After load_pair().  `file` is where to report when `node` is NULL. */
void load_server(struct loader *l, const struct node *file, const struct node *node,
                 const char *node_name);

/* The `interfaces` and `listen` of `section`. */
struct serve load_serve(struct loader *l, const struct section *section);

/* What holds at a level with this `names:`, below one where `above` holds (NULL: nothing does).
 */
const struct config_names *load_names(struct loader *l, const struct node *node,
                                      const struct config_names *above);

/* After the file's names. */
void load_ddns(struct loader *l, const struct node *node);

/* `subnets`, `shared-networks` and `reservations` of the file; `root` is where to report when
 * there are no subnets at all. */
void load_places(struct loader *l, const struct node *root, const struct section *file);

/* ---- subnets while they are read: model and place side by side ---- */

/* Where a level says what is looked at again once the whole model is known. */
struct level_nodes {
    const struct node *allow, *deny, *require, *warn_free, *suffix; /* NULL: does not */
};
struct level_nodes level_nodes_of(const struct section *section);

struct draft_pool {
    struct config_pool pool;
    struct level_nodes nodes;
    const struct node *place; /* of its range; NULL: the range cannot be used */
};

struct draft_reservation {
    struct config_reservation reservation;
    const struct node *place; /* of its address, or its own; NULL: it cannot be used */
};

/* A shared network: what it says for its subnets. */
struct draft_network {
    const struct config_names *names; /* what holds in its subnets */
    struct config_link link;
    struct config_lease_time lease_time; /* with that of the file */
    const struct node *relay_place, *interface_place;
    struct level_nodes nodes;
    const struct node *subnets;
    struct config_link *settled; /* in the model; NULL: not yet */
};

struct draft_subnet {
    struct config_subnet subnet;
    struct network network;
    const struct node *place; /* of its network; NULL: the network cannot be used */
    const struct node *relay_place, *interface_place;
    struct level_nodes nodes;
    struct draft_network *shared; /* NULL: stands alone */
    struct draft_pool *pools;
    size_t pool_count;
    struct draft_reservation *reservations;
    size_t reservation_count;
    size_t more; /* that are still to be added */
    struct config_lease_time effective;
};

/* Whether `address` is in the network of `subnet`, which can be used. */
MUST_USE bool subnet_holds(const struct draft_subnet *subnet, struct ip4 address);

/* The addresses that a host may have: all but network and broadcast address, and all of a /31
 * or /32 (RFC 3021). */
struct ip4_range subnet_hosts(const struct draft_subnet *subnet);

/* `shared` NULL: it stands alone. */
void load_subnet(struct loader *l, const struct node *node, struct draft_network *shared,
                 struct draft_subnet *out);

void load_pools(struct loader *l, const struct node *node, struct draft_subnet *subnet,
                const struct config_lease_time *above);
void load_reservations(struct loader *l, const struct node *node, struct draft_subnet *subnet);
/* Those with an address go to the draft that holds it, the others to `anywhere`. */
void load_all_reservations(struct loader *l, const struct node *node,
                           struct draft_subnet *drafts, size_t count,
                           struct draft_subnet *anywhere);

/* Read `relay`. */
void load_relays(struct loader *l, const struct node *node, struct config_ways *out);

/* Compare with each other how packets find the places. */
void check_ways(struct loader *l, const struct draft_network *networks, size_t network_count,
                const struct draft_subnet *subnets, size_t subnet_count);

/* Compare the drafts with each other; sorts them, and what is in them, into the model's order.
 */
void check_subnets(struct loader *l, struct draft_subnet *drafts, size_t count);
void check_reservations(struct loader *l, struct draft_subnet *subnet);

/* Warn of what is hardly meant.  The model has the places; the drafts are in its order. */
void check_sense(struct loader *l, const struct section *file,
                 const struct draft_network *networks, size_t network_count,
                 const struct draft_subnet *drafts, size_t count);

/* ---- the finished model (terms.c, digest.c, model.c) ---- */

/* What holds at a level that says `own` below one where `above` holds: `above` itself when
 * `own` says nothing. */
const struct config_terms *terms_over(struct arena *arena, const struct config_terms *above,
                                      const struct config_terms *own);

/* `subnets` are those of `config`, still to be written. */
void config_digest(struct config *config, struct arena *arena);

/* Build the lookups in `arena`; `reservations` are in the model's order. */
void config_index_build(struct config *config, struct arena *arena,
                        const struct config_reservation *reservations, size_t count);

/* From here on the model owns `arena`, which holds all of it. */
void config_index_own(struct config *config, struct arena arena);

#endif
