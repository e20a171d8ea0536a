/* daemon/core/explain_class.c - why a client is in a class or not. */
#include <stdio.h>

#include "daemon/core/match.h"
#include "daemon/core/server_internal.h"

/* Each gives what it says, in `text` where it has to be put together. */
static const char *option_says(const struct config_condition *c, const struct dhcp4_packet *p,
                               char *text, size_t size)
{
    const struct option_definition *known = option_find_code(c->code);
    const char *name = known != NULL ? known->name : "it";
    char value[128];

    option_wire_to_text(c->type, p->option[c->code], value, sizeof(value));
    if (c->kind == CONDITION_ABSENT)
        snprintf(text, size, "%s (option %u) is sent", name, c->code);
    else if (dhcp4_has(p, c->code))
        snprintf(text, size, "%s (option %u) is \"%s\", which is none of the values wanted",
                 name, c->code, value);
    else
        snprintf(text, size, "%s (option %u) is not sent", name, c->code);
    return text;
}

static const char *condition_says(const struct config_condition *c, const struct facts *facts,
                                  char *text, size_t size)
{
    switch (c->kind) {
    case CONDITION_ALL:
        return "its `all` does not hold";
    case CONDITION_ANY:
        return "its `any` does not hold";
    case CONDITION_NOT:
        return "its `not` does not hold";
    case CONDITION_ANY_VALUE:
    case CONDITION_PRESENT:
    case CONDITION_ABSENT:
        break;
    }
    switch (c->subject) {
    case SUBJECT_OPTION:
        return option_says(c, facts->packet, text, size);
    case SUBJECT_SUBOPTION:
        snprintf(text, size, "sub-option %u of option %u is not what is wanted", c->sub,
                 c->code);
        return text;
    case SUBJECT_FIELD:
        return "a field of the packet is not what is wanted";
    case SUBJECT_CLASS:
        return "the client is in none of the classes wanted";
    }
    return "";
}

/* The first condition that fails. */
static const char *match_says(const struct config_class *class, const struct facts *facts,
                              char *text, size_t size)
{
    for (size_t at = 0; at < class->condition_count; at += class->conditions[at].extent) {
        const struct config_condition *c = &class->conditions[at];

        if (!match_holds(c, c->extent, facts))
            return condition_says(c, facts, text, size);
    }
    return "matches";
}

static const char *absence_says(const struct config_class *class, const struct facts *facts,
                                char *text, size_t size)
{
    if (class->additional == CONFIG_FLAG_YES)
        return "additional: tested where add-classes names it";
    switch (class->test) {
    case CLASS_BY_MATCH:
        return match_says(class, facts, text, size);
    case CLASS_BY_EXPRESSION:
        return "its expression does not hold";
    case CLASS_BY_BUILTIN:
        return "the client is not of this built-in class";
    case CLASS_GIVEN:
        return "the reservation does not give it";
    }
    return "";
}

static bool is_given(const struct config_reservation *reservation, uint32_t number)
{
    for (size_t i = 0; reservation != NULL && i < reservation->classes.count; i++)
        if (reservation->classes.numbers[i] == number)
            return true;
    return false;
}

void explain_classes(struct server *s, const struct request *r)
{
    const struct classes *classes = classes_of(s, r);
    char text[512];

    for (size_t i = 0; i < s->config->class_count; i++) {
        const struct config_class *class = &s->config->classes[i];
        const uint32_t number = (uint32_t)(CONFIG_BUILTINS + i);
        const char *says = "matches";

        if (is_given(r->reservation, number))
            says = "given by the reservation";
        else if (!fact_in_class(&classes->facts, number))
            says = absence_says(class, &classes->facts, text, sizeof(text));
        EXPLAIN(s, "class", class->name, "%s", says);
    }
}
