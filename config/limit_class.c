/* config/limit_class.c - the class that a limit names: one whose test looks only at what the
 * record of a lease keeps of its client.
 *
 * Leases of a class are counted from the records, so that both peers count the same and nothing
 * is lost at a restart.  Of anything else a record cannot tell later. */
#include "config/loader.h"
#include "config/match_names.h"

static bool record_keeps_option(uint8_t code)
{
    return code == OPTION_HOST_NAME || code == OPTION_VENDOR_CLASS_IDENTIFIER ||
           code == OPTION_CLIENT_IDENTIFIER || code == OPTION_RELAY_AGENT_INFORMATION;
}

static bool record_keeps_field(enum packet_field field)
{
    return field == FIELD_HW_ADDRESS || field == FIELD_HW_TEXT || field == FIELD_HW_TYPE ||
           field == FIELD_HW_LENGTH;
}

/* Each gives NULL when a record keeps it, else what it is. */

static const char *option_beyond(struct loader *l, uint8_t code)
{
    const struct option_definition *definition;

    if (record_keeps_option(code))
        return NULL;
    definition = config_option_definition(l->config, code);
    if (definition == NULL || definition->name == NULL)
        return arena_format(l->scratch, "option %d", code);
    return arena_format(l->scratch, "option %d (%s)", code, definition->name);
}

static const char *field_beyond(struct loader *l, enum packet_field field)
{
    const struct match_field *known;

    if (record_keeps_field(field))
        return NULL;
    for (size_t i = 0; (known = match_field_at(i)) != NULL; i++)
        if (known->field == field)
            return arena_format(l->scratch, "packet.%s", known->name);
    return "a field of the packet";
}

static const char *builtin_beyond(struct loader *l, enum config_builtin builtin)
{
    switch (builtin) {
    case BUILTIN_ALL:
        return NULL;
    case BUILTIN_KNOWN:
    case BUILTIN_UNKNOWN:
        return "the client's reservation";
    case BUILTIN_BOOTP:
        return field_beyond(l, FIELD_MESSAGE_TYPE);
    case BUILTIN_PXE_BIOS:
    case BUILTIN_UEFI_X64:
    case BUILTIN_UEFI_ARM64:
    case BUILTIN_HTTP_BOOT:
        return option_beyond(l, OPTION_CLIENT_SYSTEM);
    case BUILTIN_IPXE:
        return option_beyond(l, OPTION_USER_CLASS);
    case CONFIG_BUILTINS:
        break;
    }
    UNREACHABLE("every built-in class looks at something");
}

static const char *condition_beyond(struct loader *l, const struct config_condition *c)
{
    if (c->kind == CONDITION_ALL || c->kind == CONDITION_ANY || c->kind == CONDITION_NOT)
        return NULL; /* what is inside comes after it */
    switch (c->subject) {
    case SUBJECT_OPTION:
    case SUBJECT_SUBOPTION:
        return option_beyond(l, c->code);
    case SUBJECT_FIELD:
        return field_beyond(l, c->field);
    case SUBJECT_CLASS:
        return "another class";
    }
    return NULL;
}

static const char *step_beyond(struct loader *l, const struct expression_step *step)
{
    switch (step->op) {
    case STEP_OPTION:
    case STEP_SUBOPTION:
    case STEP_VENDOR:
    case STEP_VENDOR_CLASS:
    case STEP_ENTERPRISE:
    case STEP_HAS_OPTION:
    case STEP_HAS_SUBOPTION:
    case STEP_HAS_VENDOR:
    case STEP_HAS_VENDOR_OPTION:
        return option_beyond(l, step->code);
    case STEP_FIELD:
        return field_beyond(l, step->field);
    case STEP_MEMBER:
        return "another class";
    case STEP_TEXT:
    case STEP_NOT:
    case STEP_EQUAL:
    case STEP_CONCAT:
    case STEP_SUBSTRING:
    case STEP_SPLIT:
    case STEP_HEX:
    case STEP_LOWER:
    case STEP_UPPER:
    case STEP_ADDRESS_TEXT:
    case STEP_UNSIGNED_TEXT:
    case STEP_SIGNED_TEXT:
    case STEP_AND:
    case STEP_OR:
    case STEP_UNLESS:
    case STEP_FORWARD:
    case EXPRESSION_OPS:
        break;
    }
    return NULL;
}

/* The first of it.  Of a class that is only given, there is no test to look at anything. */
static const char *class_beyond(struct loader *l, const struct config_class *class)
{
    const char *beyond = NULL;

    switch (class->test) {
    case CLASS_BY_MATCH:
        for (size_t i = 0; beyond == NULL && i < class->condition_count; i++)
            beyond = condition_beyond(l, &class->conditions[i]);
        break;
    case CLASS_BY_EXPRESSION:
        for (size_t i = 0; beyond == NULL && i < class->expression.count; i++)
            beyond = step_beyond(l, &class->expression.steps[i]);
        break;
    case CLASS_BY_BUILTIN:
        beyond = builtin_beyond(l, class->builtin);
        break;
    case CLASS_GIVEN:
        break;
    }
    return beyond;
}

void load_limit_class(struct loader *l, const struct node *node, struct config_limit *limit)
{
    const struct config_class *class = NULL;
    const char *beyond, *where = "";

    limit->per = CONFIG_PER_CLASS;
    l->config->limits_classes = true;
    if (!load_class_number(l, "class", node, limit->class_name, &limit->class))
        return;
    limit->class_name = class_name_of(l, limit->class);
    if (limit->class >= CONFIG_BUILTINS) {
        class = &l->config->classes[limit->class - CONFIG_BUILTINS];
        where = arena_format(l->scratch, " of %s", class_place_of(l, limit->class, node));
    }
    beyond = class != NULL ? class_beyond(l, class)
                           : builtin_beyond(l, (enum config_builtin)limit->class);
    if (class != NULL && class->additional == CONFIG_FLAG_YES)
        complain(
            l, node,
            "class: '%s'%s is additional, so that whether a client is in it depends on the "
            "place; limit a class that is not",
            limit->class_name, where);
    else if (class != NULL && class->test == CLASS_GIVEN)
        complain(l, node,
                 "class: '%s'%s has no test, and the record of a lease does not keep who was "
                 "given it; limit a class with 'match' or 'expression'",
                 limit->class_name, where);
    else if (beyond != NULL)
        complain(
            l, node,
            "class: '%s'%s looks at %s, which the record of a lease does not keep; limit a "
            "class that looks only at the hardware address and options 12, 60, 61 and 82",
            limit->class_name, where, beyond);
}
