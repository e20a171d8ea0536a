/* config/load_definition.c - one own option: its name, its code, its type. */
#include "config/definition.h"
#include "config/suggest.h"

static const struct {
    enum option_type one, list; /* the same twice: there is no list of it */
} types[] = {
    {OPTION_TYPE_IP, OPTION_TYPE_IP_LIST},
    {OPTION_TYPE_IP6, OPTION_TYPE_IP6_LIST},
    {OPTION_TYPE_U8, OPTION_TYPE_U8_LIST},
    {OPTION_TYPE_U16, OPTION_TYPE_U16_LIST},
    {OPTION_TYPE_U32, OPTION_TYPE_U32_LIST},
    {OPTION_TYPE_U64, OPTION_TYPE_U64},
    {OPTION_TYPE_I8, OPTION_TYPE_I8},
    {OPTION_TYPE_I16, OPTION_TYPE_I16},
    {OPTION_TYPE_I32, OPTION_TYPE_I32_LIST},
    {OPTION_TYPE_BOOL, OPTION_TYPE_BOOL_LIST},
    {OPTION_TYPE_STRING, OPTION_TYPE_STRING},
    {OPTION_TYPE_FQDN, OPTION_TYPE_NAME_LIST},
    {OPTION_TYPE_TUPLES, OPTION_TYPE_TUPLES},
    {OPTION_TYPE_ROUTES, OPTION_TYPE_ROUTES},
    {OPTION_TYPE_BINARY, OPTION_TYPE_BINARY},
    {OPTION_TYPE_EMPTY, OPTION_TYPE_EMPTY},
    {OPTION_TYPE_RECORD, OPTION_TYPE_RECORD_LIST},
};

const char *const definition_types[ARRAY_SIZE(types) + 1] = {
    "ip",   "ip6",    "u8",   "u16",    "u32",    "u64",    "i8",    "i16",    "i32",
    "bool", "string", "fqdn", "tuples", "routes", "binary", "empty", "record", NULL,
};

static bool has_own_size(enum option_type type)
{
    return type != OPTION_TYPE_STRING && type != OPTION_TYPE_BINARY;
}

/* "u16" or, of the last, "u16[]". */
static bool load_field(struct loader *l, const struct node *node, bool last,
                       struct option_record *record)
{
    static const char brackets[] = "[]";
    const char *text = load_text(l, "fields", node);
    struct suggestion suggestion;
    size_t size;
    bool repeats;

    if (text == NULL)
        return false;
    size = strlen(text);
    repeats = size > 2 && strcmp(text + size - 2, brackets) == 0;
    text = arena_text(l->scratch, text, repeats ? size - 2 : size);
    suggestion = suggestion_for(text);
    for (size_t i = 0; definition_types[i] != NULL; i++) {
        const enum option_type type = types[i].one;

        suggestion_consider(&suggestion, definition_types[i]);
        if (strcmp(text, definition_types[i]) != 0)
            continue;
        if (type == OPTION_TYPE_RECORD || type == OPTION_TYPE_EMPTY ||
            type == OPTION_TYPE_ROUTES) {
            complain(l, node, "fields: %s cannot be a field; write a simple type such as u16",
                     quoted(l, text));
            return false;
        }
        if (!last && (repeats || !has_own_size(type))) {
            complain(l, node,
                     "fields: %s has no end and can only be the last field; write tuples for a "
                     "text with its size before it",
                     quoted(l, node->text));
            return false;
        }
        record->last_repeats = repeats;
        record->fields[record->count++] = type;
        return true;
    }
    if (suggestion.best != NULL)
        complain(l, node, "fields: unknown type %s; did you mean '%s'?", quoted(l, text),
                 suggestion.best);
    else
        complain(l, node, "fields: unknown type %s; write a type such as u16", quoted(l, text));
    return false;
}

static const struct option_record *load_fields(struct loader *l, const struct node *node)
{
    const struct items items = load_items(l, "fields", node, false);
    struct option_record *record = ARENA_ARRAY(l->arena, struct option_record, 1);

    if (items.count > OPTION_FIELDS_MAX) {
        complain(l, node, "fields: %zu are too many; write at most %d", items.count,
                 OPTION_FIELDS_MAX);
        return NULL;
    }
    for (size_t i = 0; i < items.count; i++)
        if (!load_field(l, items_get(&items, i), i + 1 == items.count, record))
            return NULL;
    return items.count > 0 ? record : NULL;
}

static bool load_record(struct loader *l, const struct section *section,
                        struct written_definition *out)
{
    const struct node *fields = section_value(section, "fields");
    const struct option_record *record;
    enum option_type last;

    if (fields == NULL) {
        complain(l, section->map,
                 "record %s has no fields; write for example 'fields: [ip, u16]'",
                 quoted(l, out->name));
        return false;
    }
    record = load_fields(l, fields);
    if (record == NULL)
        return false;
    last = record->fields[record->count - 1];
    if (out->array == CONFIG_FLAG_YES && (record->last_repeats || !has_own_size(last))) {
        complain(
            l, fields,
            "fields: the last of a list's records has no end; write tuples for a text with "
            "its size before it");
        return false;
    }
    out->definition.record = record;
    return true;
}

/* Keys that do not go with the type. */
static bool check_keys(struct loader *l, const struct section *section,
                       const struct written_definition *written)
{
    const enum option_type type = types[written->type].one;
    const struct node *fields = section_value(section, "fields");
    const struct node *array = section_value(section, "array");
    const struct node *inside = section_value(section, "encapsulates");

    if (fields != NULL && type != OPTION_TYPE_RECORD)
        complain(l, fields, "fields are of a record only; write 'type: record'");
    else if (inside != NULL && type != OPTION_TYPE_EMPTY)
        complain(l, inside,
                 "encapsulates: the value is its sub-options alone; write 'type: "
                 "empty'");
    else if (written->array == CONFIG_FLAG_YES && types[written->type].list == type &&
             !option_type_is_list(type))
        complain(
            l, array, "array: there is no list of type %s%s", definition_types[written->type],
            type == OPTION_TYPE_STRING ? "; write 'type: tuples' for texts with their size "
                                         "before them"
                                       : "");
    else
        return true;
    return false;
}

static bool check_name(struct loader *l, const struct section *section, const char *name)
{
    const struct node *node = section_value(section, "name");

    if (strchr(name, '.') != NULL)
        complain(l, node, "name: %s has a dot, which stands between a space and a name",
                 quoted(l, name));
    else if (strncmp(name, "option-", 7) == 0)
        complain(l, node, "name: %s looks like an option by number; write another name",
                 quoted(l, name));
    else
        return true;
    return false;
}

static bool load_definition(struct loader *l, const struct node *node,
                            struct written_definition *out)
{
    const size_t before = l->report->errors;
    const struct section section =
        section_read(l, &schema_definition, "option-definitions", node, out);

    /* The fields are looked at too: a full report counts no further. */
    if (section.map == NULL || l->report->errors != before || out->name == NULL ||
        out->code == 0)
        return false;
    out->place = node;
    out->definition = (struct option_definition){
        .code = (uint8_t)out->code,
        .type = out->array == CONFIG_FLAG_YES ? types[out->type].list : types[out->type].one,
        .setter = OPTION_BY_OPERATOR,
        .name = out->name,
    };
    if (!check_name(l, &section, out->name) || !check_keys(l, &section, out))
        return false;
    if (out->encapsulates != NULL)
        out->definition.type = OPTION_TYPE_SUBOPTIONS;
    return types[out->type].one != OPTION_TYPE_RECORD || load_record(l, &section, out);
}

/* More than any vendor has; they are compared each with each. */
#define DEFINITIONS_MAX 1000

void load_definitions(struct loader *l, const struct node *node)
{
    const struct items items = load_items(l, "option-definitions", node, false);
    struct written_definition *written;
    size_t count = 0;

    if (items.count > DEFINITIONS_MAX) {
        complain(l, node, "option-definitions: %zu are too many; write at most %d", items.count,
                 DEFINITIONS_MAX);
        return;
    }
    written = ARENA_ARRAY(l->scratch, struct written_definition, items.count);
    for (size_t i = 0; i < items.count; i++)
        if (load_definition(l, items_get(&items, i), &written[count]))
            count++;
    settle_definitions(l, written, count);
}
