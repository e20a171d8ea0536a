/* config/match_names.h - the names of relay sub-options and packet fields in `match` and
 * `expression`; private to config/. */
#ifndef TWINDHCP_CONFIG_MATCH_NAMES_H
#define TWINDHCP_CONFIG_MATCH_NAMES_H

#include "config/class.h"

/* "circuit-id"; false, with nothing changed, when no sub-option of option 82 has that name. */
MUST_USE bool match_relay_name(const char *name, uint8_t *sub, enum option_type *type);

enum match_field_form { FIELD_ADDRESS, FIELD_NUMBER, FIELD_FLAG, FIELD_HARDWARE, FIELD_TEXT };

struct match_field {
    const char *name;
    enum packet_field field;
    enum match_field_form form;
    uint32_t max; /* of a number */
};

/* "giaddr"; NULL when no field has that name. */
const struct match_field *match_field_find(const char *name);

/* The i-th relay sub-option or field, NULL past the end: for suggestions and the JSON Schema.
 */
const char *match_relay_name_at(size_t i);
const struct match_field *match_field_at(size_t i);

/* Whether the field of a renewal that comes straight from the client is another than that of
 * its first packets: a class that looks at it may lose the client then. */
bool match_field_is_of_first_contact(enum packet_field field);

#endif
