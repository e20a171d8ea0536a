/* config/schema_class.c - the keys of `classes`. */
#include "config/schema_care.h"

static const struct schema_key class_keys[] = {
    {.name = "name",
     .type = SCHEMA_NAME,
     .required = true,
     .at = offsetof(struct config_class, name),
     .min = 1,
     .max = 63,
     .doc = "Name of the class, for messages and the API.",
     .example = "uefi-http"},
    {.name = "match",
     .type = SCHEMA_MATCH,
     .doc = "Options, relay data and fields of the client's packet and what each may be; all "
            "have to hold (see Classes).",
     .example = "{vendor-class-identifier: \"HTTPClient*\", client-system: [15, 16]}"},
    {.name = "expression",
     .type = SCHEMA_EXPRESSION,
     .doc = "In place of `match`: a test in the language of Kea's client classes.",
     .example = "\"substring(option[60].hex, 0, 9) == 'PXEClient'\""},
    {.name = "additional",
     .type = SCHEMA_FLAG,
     .at = offsetof(struct config_class, additional),
     .note = "false",
     .doc = "Tested only for clients of a level that names the class in `add-classes`.",
     .example = "true"},
    CONTENTS_KEYS,
    LEASE_TIME_KEY(true, NULL),
    BOOT_KEYS(struct config_class, true),
    RENEWAL_KEYS(struct config_class, NULL, NULL),
};
SECTION(class, "class", "classes[]", "Clients that are alike, and what they are sent.");
