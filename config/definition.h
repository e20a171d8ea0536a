/* config/definition.h - `option-definitions` while they are read; private to config/. */
#ifndef TWINDHCP_CONFIG_DEFINITION_H
#define TWINDHCP_CONFIG_DEFINITION_H

#include "config/loader.h"

/* The words of `type`, and what they mean by their place. */
extern const char *const definition_types[];

/* One definition as the file has it. */
struct written_definition {
    const char *name;
    uint32_t code;
    unsigned type; /* in definition_types */
    const char *space;
    enum config_flag array;
    const char *encapsulates;
    const struct node *place;             /* of the whole */
    const struct option_space *own_space; /* that it stands in; NULL: the packet */
    struct option_definition definition;
};

/* `written` is free of problems but for what relates one to another: check that, and make the
 * definitions and spaces of the model. */
void settle_definitions(struct loader *l, struct written_definition *written, size_t count);

#endif
