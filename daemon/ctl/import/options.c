/* daemon/ctl/import/options.c - definitions, and where a value goes.  See options.h */
#include "daemon/ctl/import/options.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/option_value.h"

const char *import_type_name(enum import_type type)
{
    static const char *const names[] = {"empty",  "binary", "bool",  "u8",  "u16",
                                        "u32",    "i8",     "i16",   "i32", "ip",
                                        "string", "fqdn",   "record"};

    return type < IMPORT_UNKNOWN ? names[type] : "unknown";
}

void import_value_add(struct import_value *value, const char *item)
{
    if (value->count == IMPORT_ITEMS_MAX)
        value->too_long = true;
    else
        value->items[value->count++] = item;
}

struct import_option *import_option_define(struct import *run, struct import_options *all,
                                           const char *space, const char *name, unsigned code)
{
    struct import_option *option = import_alloc(run, sizeof(*option));

    option->space = space;
    option->name = name;
    option->code = code;
    if (all->last == NULL)
        all->first = option;
    else
        all->last->next = option;
    all->last = option;
    return option;
}

const struct import_option *import_option_find(const struct import_options *all,
                                               const char *space, const char *name)
{
    for (const struct import_option *o = all->first; o != NULL; o = o->next)
        if (strcmp(o->space, space) == 0 && strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

const struct import_option *import_option_at(const struct import_options *all,
                                             const char *space, unsigned code)
{
    for (const struct import_option *o = all->first; o != NULL; o = o->next)
        if (o->code == code && strcmp(o->space, space) == 0)
            return o;
    return NULL;
}

static bool is_dhcp4(const struct import_option *option)
{
    return strcmp(option->space, "dhcp4") == 0;
}

/* Has the code a meaning here already?  Then the definition is not written. */
static const struct option_definition *built_in(const struct import_option *option)
{
    return is_dhcp4(option) && option->code < 256 ? option_find_code((uint8_t)option->code)
                                                  : NULL;
}

static bool is_writable(const struct import_option *option)
{
    if (option->type == IMPORT_UNKNOWN)
        return false;
    for (size_t i = 0; i < option->field_count; i++)
        if (option->fields[i] == IMPORT_UNKNOWN)
            return false;
    return built_in(option) == NULL && option->code >= 1 && option->code <= 254;
}

/* "vendor-4491": the sub-options of an enterprise. */
static bool is_enterprise(const char *space)
{
    return strncmp(space, "vendor-", 7) == 0 && space[7] != '\0' &&
           strspn(space + 7, "0123456789") == strlen(space + 7);
}

/* A space as it is called here: other names of enterprises' spaces, and those that the registry
 * has filled, are taken. */
static const char *space_name(struct import *run, const char *space)
{
    bool taken = strncmp(space, "vendor-", 7) == 0 && !is_enterprise(space);

    for (size_t s = 0; option_space_at(s) != NULL; s++)
        taken = taken || strcmp(option_space_at(s)->name, space) == 0;
    return taken ? import_format(run, "own-%s", space) : space;
}

void import_options_print(struct import *run, const struct import_options *all,
                          struct yaml *document)
{
    struct yaml *list = yaml_list(run, document, "option-definitions");

    for (const struct import_option *o = all->first; o != NULL; o = o->next) {
        if (!is_writable(o))
            continue;
        struct yaml *map = yaml_map(run, list, NULL);
        yaml_text(run, map, "name", o->name);
        if (!is_dhcp4(o))
            yaml_text(run, map, "space", space_name(run, o->space));
        yaml_number(run, map, "code", o->code);
        yaml_plain(run, map, "type", import_type_name(o->type));
        if (o->array)
            yaml_bool(run, map, "array", true);
        struct yaml *fields = yaml_list(run, map, "fields");
        for (size_t i = 0; i < o->field_count; i++)
            yaml_plain(run, fields, NULL, import_type_name(o->fields[i]));
        if (o->encapsulates != NULL)
            yaml_text(run, map, "encapsulates", space_name(run, o->encapsulates));
    }
}

const char *import_option_name(struct import *run, const struct import_options *all,
                               unsigned code)
{
    const struct option_definition *known = code < 256 ? option_find_code((uint8_t)code) : NULL;
    const struct import_option *own = import_option_at(all, "dhcp4", code);

    if (known != NULL)
        return known->name;
    return own != NULL && is_writable(own) ? own->name : import_format(run, "option-%u", code);
}

/* ---- values ---- */

/* A number or truth value needs no quotes. */
static void put_item(struct import *run, struct yaml *parent, const char *key, bool is_text,
                     const char *item)
{
    if (is_text)
        yaml_text(run, parent, key, item);
    else
        yaml_plain(run, parent, key, item);
}

static bool is_text(enum option_type type)
{
    switch (type) {
    case OPTION_TYPE_U8:
    case OPTION_TYPE_U16:
    case OPTION_TYPE_U32:
    case OPTION_TYPE_I32:
    case OPTION_TYPE_U8_LIST:
    case OPTION_TYPE_U16_LIST:
    case OPTION_TYPE_BOOL:
        return false;
    default:
        return true;
    }
}

static bool is_own_text(enum import_type type)
{
    return type < IMPORT_BOOL || type > IMPORT_I32;
}

static void note_value(struct import *run, struct yaml *level, struct place place,
                       const char *name, const struct import_value *value)
{
    import_note(run, level, place, name, "the value \"%.80s\"%s does not fit the option's type",
                value->count > 0 ? value->items[0] : "", value->count > 1 ? ", ..." : "");
}

void import_option_set_bytes(struct import *run, struct yaml *level, unsigned code,
                             struct span bytes, struct place place)
{
    char name[16];
    const struct option_definition *known = option_find_code((uint8_t)code);

    snprintf(name, sizeof(name), "option-%u", code);
    if (code == 0 || code > 254 || (known != NULL && known->setter == OPTION_BY_SERVER)) {
        import_note(run, level, place, known != NULL ? known->name : name,
                    "the server sets this option itself");
        return;
    }
    if (bytes.size == 0) {
        import_note(run, level, place, known != NULL ? known->name : name, "has no value");
        return;
    }
    char *text = import_alloc(run, bytes.size * 3 + 1);
    hex_format(bytes, text, bytes.size * 3 + 1);
    struct yaml *options = yaml_map(run, level, "options");
    if (known != NULL) /* said by name before: one of the two is enough */
        yaml_remove(options, yaml_find(options, known->name));
    yaml_text(run, options, import_copy(run, name, strlen(name)), text);
}

void import_option_set_known(struct import *run, struct yaml *level,
                             const struct option_definition *known,
                             const struct import_value *value, struct place place)
{
    struct import_value fitted;

    if (known->setter == OPTION_BY_SERVER) {
        import_note(run, level, place, known->name, "the server sets this option itself");
        return;
    }
    if (!option_value_fit(run, known, value, &fitted)) {
        note_value(run, level, place, known->name, value);
        return;
    }
    struct yaml *options = yaml_map(run, level, "options");
    if (!option_value_is_list(known->type)) {
        put_item(run, options, known->name, is_text(known->type),
                 fitted.count > 0 ? fitted.items[0] : "");
        return;
    }
    struct yaml *list = yaml_list(run, options, known->name);
    list->first = list->last = NULL;
    for (size_t i = 0; i < fitted.count; i++)
        put_item(run, list, NULL, is_text(known->type), fitted.items[i]);
}

/* The map inside `options:` where a sub-option of `space` stands; NULL when no option holds
 * the space.  `*prefixed`: its key has the space in front. */
static struct yaml *place_of_space(struct import *run, const struct import_options *all,
                                   struct yaml *level, const char *space, bool *prefixed)
{
    struct yaml *options = yaml_map(run, level, "options");

    *prefixed = false;
    if (is_enterprise(space))
        return yaml_map(run, yaml_map(run, options, "vivso-suboptions"), space + 7);
    for (const struct import_option *o = all->first; o != NULL; o = o->next) {
        if (o->encapsulates == NULL || strcmp(o->encapsulates, space) != 0 || !is_dhcp4(o))
            continue;
        *prefixed = true;
        return yaml_map(run, options, import_option_name(run, all, o->code));
    }
    *prefixed = true;
    if (strcmp(space, "vendor-encapsulated-options-space") == 0)
        return yaml_map(run, options, "vendor-encapsulated-options");
    return NULL;
}

static void put_value(struct import *run, struct yaml *map, const char *key,
                      const struct import_option *option, const struct import_value *value)
{
    if (!option->array && option->type != IMPORT_RECORD) {
        put_item(run, map, key, value->count == 0 || is_own_text(option->type),
                 value->count > 0 ? value->items[0] : "");
        return;
    }
    struct yaml *list = yaml_list(run, map, key);
    list->first = list->last = NULL;
    for (size_t i = 0; i < value->count; i++)
        put_item(run, list, NULL,
                 is_own_text(option->type == IMPORT_RECORD && option->field_count > 0
                                 ? option->fields[i % option->field_count]
                                 : option->type),
                 value->items[i]);
}

static void set_built_in(struct import *run, struct yaml *level,
                         const struct option_definition *known,
                         const struct import_option *option, const struct import_value *value,
                         struct place place)
{
    uint8_t wire[OPTION_WIRE_MAX];
    size_t size = 0;
    struct import_value read;

    if (!option_value_bytes(option, value, wire, &size)) {
        note_value(run, level, place, option->name, value);
    } else if (known->setter == OPTION_BY_OPERATOR &&
               option_value_read(run, known, span_of(wire, size), &read)) {
        import_option_set_known(run, level, known, &read, place);
    } else {
        import_option_set_bytes(run, level, option->code, span_of(wire, size), place);
    }
}

void import_option_set(struct import *run, const struct import_options *all, struct yaml *level,
                       const struct import_option *option, const struct import_value *value,
                       struct place place)
{
    const struct option_definition *known = built_in(option);
    uint8_t wire[OPTION_WIRE_MAX];
    size_t size = 0;
    bool prefixed = false;

    if (known != NULL) {
        set_built_in(run, level, known, option, value, place);
        return;
    }
    if (!is_writable(option)) {
        import_note(run, level, place, option->name, "its definition has no counterpart");
        return;
    }
    if (option->type != IMPORT_EMPTY && !option_value_bytes(option, value, wire, &size)) {
        note_value(run, level, place, option->name, value);
        return;
    }
    struct yaml *map = is_dhcp4(option)
                           ? yaml_map(run, level, "options")
                           : place_of_space(run, all, level, option->space, &prefixed);
    if (map == NULL) {
        import_note(run, level, place, option->name,
                    "no option of space dhcp4 encapsulates the space \"%s\"", option->space);
        return;
    }
    put_value(run, map,
              prefixed
                  ? import_format(run, "%s.%s", space_name(run, option->space), option->name)
                  : option->name,
              option, value);
}
