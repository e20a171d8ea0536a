/* config/schema_definition.c - the keys of `option-definitions`. */
#include "config/definition.h"
#include "config/schema_rows.h"

static const struct schema_key definition_keys[] = {
    {.name = "name",
     .type = SCHEMA_NAME,
     .required = true,
     .at = offsetof(struct written_definition, name),
     .min = 1,
     .max = 63,
     .doc = "The option's name, without a dot.",
     .example = "rack-id"},
    {.name = "code",
     .type = SCHEMA_NUMBER,
     .required = true,
     .at = offsetof(struct written_definition, code),
     .min = 1,
     .max = 254,
     .doc = "A code without a standard meaning, such as 224 to 254; in an own space any.",
     .example = "230"},
    {.name = "type",
     .type = SCHEMA_WORD,
     .required = true,
     .at = offsetof(struct written_definition, type),
     .words = definition_types,
     .doc = "What a value is; `record` has `fields`.",
     .example = "u32"},
    {.name = "space",
     .type = SCHEMA_NAME,
     .at = offsetof(struct written_definition, space),
     .min = 1,
     .max = 63,
     .initial = "dhcp4",
     .doc =
         "Where the code counts: `dhcp4` is the packet, `vendor-ENTERPRISE` is inside option "
         "125, `ipxe` inside 175, `pxe` inside 43, `relay` inside 82; any other name is an "
         "own space.",
     .example = "vendor-4491"},
    {.name = "fields",
     .type = SCHEMA_FIELDS,
     .doc = "Types of a record's fields in order; the last as `TYPE[]` may come several times.",
     .example = "[ip, u16, string]"},
    {.name = "array",
     .type = SCHEMA_FLAG,
     .at = offsetof(struct written_definition, array),
     .initial = "false",
     .doc = "Whether the value is a list.",
     .example = "true"},
    {.name = "encapsulates",
     .type = SCHEMA_NAME,
     .at = offsetof(struct written_definition, encapsulates),
     .min = 1,
     .max = 63,
     .doc = "The space of the sub-options that are the value; `type` is then `empty`.",
     .example = "ipxe"},
};

SECTION(definition, "option-definition", "option-definitions[]", "An own option.");
