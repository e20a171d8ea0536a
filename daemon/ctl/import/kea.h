/* daemon/ctl/import/kea.h - what the files of the Kea importer share. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_KEA_H
#define TWINDHCP_DAEMON_CTL_IMPORT_KEA_H

#include "daemon/ctl/import/json.h"
#include "daemon/ctl/import/options.h"

struct kea {
    struct import *run;
    struct import_options options;
    struct yaml *document;
    const struct jvalue *dhcp4;
    const char *vendor_classes[64]; /* VENDOR_CLASS_... that are asked for or written */
    size_t vendor_class_count;
    const char *guards[64]; /* classes that a client must have for some subnet */
    size_t guard_count;
};

/* kea.c: what no reader has asked for becomes notes in `node`. */
void kea_leftovers(struct kea *k, const struct jvalue *object, struct yaml *node);

/* kea_level.c: what may be said at several levels: lifetimes, boot fields, options, ...; with
 * `network`, of the file, a shared network or a subnet, also names and switches. */
void kea_level(struct kea *k, const struct jvalue *object, struct yaml *node, bool network);
/* `comment` and `user-context`, as comments. */
void kea_user_context(struct kea *k, const struct jvalue *object, struct yaml *node);
/* A number such as .25 as "25%". */
const char *kea_percent(struct kea *k, const char *text);

/* kea_options.c */
void kea_definitions(struct kea *k, const struct jvalue *object);
void kea_option_data(struct kea *k, const struct jvalue *object, struct yaml *node);

/* kea_class.c */
void kea_classes(struct kea *k);
/* The name of a class here; NULL after a note when there is no such class. */
/* Some subnet or shared network is for this class alone. */
bool kea_class_guards_subnet(const struct kea *k, const char *name);
const char *kea_class_name(struct kea *k, const struct jvalue *value, const char *what,
                           struct yaml *node);
/* allow: and add-classes: of a level. */
void kea_class_guards(struct kea *k, const struct jvalue *object, struct yaml *node);

/* kea_subnet.c */
void kea_subnets(struct kea *k, const struct jvalue *object, struct yaml *list);
void kea_shared_networks(struct kea *k);

/* kea_reservation.c */
void kea_reservations(struct kea *k, const struct jvalue *object, struct yaml *node);

/* kea_hooks.c */
void kea_hooks(struct kea *k);
/* The expression of the flex_id hook; NULL when it is not loaded, or has none. */
const char *kea_flex_id(const struct kea *k);
/* kea_pair.c: the parameters of the HA hook */
void kea_pair(struct kea *k, const struct jvalue *parameters);
/* kea_ddns.c */
void kea_names(struct kea *k, const struct jvalue *object, struct yaml *node);
void kea_ddns(struct kea *k, const struct jvalue *root);

#endif
