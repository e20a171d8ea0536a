/* config/load_match.h - what the parts of `match` share; private to config/load_match*.c. */
#ifndef TWINDHCP_CONFIG_LOAD_MATCH_H
#define TWINDHCP_CONFIG_LOAD_MATCH_H

#include "config/loader.h"
#include "config/match_names.h"

/* How values of a subject are written: as those of an option, as text or bytes, or as the field
 * wants them. */
enum match_form { FORM_OPTION, FORM_LOOSE, FORM_FIELD };

/* What a key of `match` names, and in `condition` what is asked of it. */
struct match_subject {
    const struct node *key;
    struct config_condition condition;
    enum match_form form;
    const struct match_field *field;            /* NULL: no field */
    const struct option_definition *definition; /* of an option; NULL: no option */
};

/* Read the value, list or comparisons at `node` into the subject's condition. */
void load_match_comparison(struct loader *l, struct match_subject *subject,
                           const struct node *node);

#endif
