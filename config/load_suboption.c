/* config/load_suboption.c - options within options: 43, 82, 124, 125, 175 and own ones. */
#include "config/loader.h"

#include <stdlib.h>

#include "config/suggest.h"

#define SIZE_MAX_INSIDE 255 /* the size of what is inside is one byte */

static bool append(struct loader *l, const struct node *key, const void *bytes, size_t size,
                   struct option_wire *wire)
{
    if (size > sizeof(wire->bytes) - wire->used) {
        complain(l, key, "%s: the value is longer than %d bytes; a reply has no room for it",
                 quoted(l, key->text), OPTION_VALUE_MAX);
        return false;
    }
    if (size > 0)
        memcpy(wire->bytes + wire->used, bytes, size);
    wire->used += size;
    return true;
}

/* A size of one byte and what it is of. */
static bool append_sized(struct loader *l, const struct node *key,
                         const struct option_wire *inside, struct option_wire *wire)
{
    const uint8_t size = (uint8_t)inside->used;

    if (inside->used > SIZE_MAX_INSIDE) {
        complain(l, key, "%s: %zu bytes are too many; there is room for %d", key->text,
                 inside->used, SIZE_MAX_INSIDE);
        return false;
    }
    return append(l, key, &size, 1, wire) && append(l, key, inside->bytes, size, wire);
}

/* ---- one space ---- */

/* The sub-options of a map, by code. */
struct inside {
    const struct node *key[256]; /* NULL: not written */
    const struct node *value[256];
    const struct option_definition *definition[256];
};

static void complain_unknown(struct loader *l, const struct option_space *space,
                             const struct node *key, const char *name)
{
    struct suggestion suggestion = suggestion_for(name);

    for (size_t i = 0; i < space->count; i++)
        suggestion_consider(&suggestion, space->definitions[i].name);
    if (suggestion.best != NULL)
        complain(l, key, "unknown option %s of space %s; did you mean '%s'?", quoted(l, name),
                 space->name, suggestion.best);
    else
        complain(l, key,
                 "unknown option %s of space %s; write a name that the space has, or "
                 "option-CODE with hexadecimal bytes",
                 quoted(l, name), space->name);
}

/* `name`: what of the key's text is the option's. */
static bool read_name(struct loader *l, const struct option_space *space,
                      const struct node *key, const char *name, struct inside *inside,
                      uint8_t *code)
{
    const struct option_definition *definition = option_space_find_name(space, name);

    *code = definition != NULL ? definition->code : option_parse_number(name);
    if (*code == 0) {
        complain_unknown(l, space, key, name);
        return false;
    }
    if (inside->key[*code] != NULL) {
        complain(l, key, "%s (code %u) is given twice; the first is at line %d",
                 quoted(l, key->text), *code, inside->key[*code]->line);
        return false;
    }
    inside->key[*code] = key;
    inside->definition[*code] = definition != NULL ? definition : &option_unnamed;
    return true;
}

/* In order of code, so that the order of writing changes nothing. */
static bool append_inside(struct loader *l, const struct option_space *space,
                          const struct inside *inside, const struct node *key,
                          struct option_wire *wire)
{
    static const uint8_t end = OPTION_END;

    for (size_t i = 0; i < ARRAY_SIZE(inside->key); i++) {
        const uint8_t code = (uint8_t)i;
        struct option_wire value = {.used = 0};

        if (inside->key[i] == NULL)
            continue;
        if (!load_option_value(l, inside->key[i], inside->definition[i], inside->value[i],
                               &value) ||
            !append(l, inside->key[i], &code, 1, wire) ||
            !append_sized(l, inside->key[i], &value, wire))
            return false;
    }
    return !space->ends || append(l, key, &end, 1, wire);
}

/* "SPACE." before a name, which may be left out where the space is known. */
static const char *skip_space(const struct option_space *space, const char *text)
{
    const size_t size = strlen(space->name);

    return strncmp(text, space->name, size) == 0 && text[size] == '.' ? text + size + 1 : text;
}

static bool load_space(struct loader *l, const struct node *key,
                       const struct option_space *space, const struct node *map,
                       struct option_wire *wire)
{
    struct inside inside = {.key = {NULL}};
    bool right = true;

    if (!visit(l, map, 1 + map->count))
        return false;
    if (map->count == 0) {
        complain(l, map, "%s is empty; write at least one option of space %s", key->text,
                 space->name);
        return false;
    }
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const struct node *name = map->items[i];
        uint8_t code;

        if (name->kind != NODE_SCALAR) {
            complain(l, name, "a key of %s is no word; write the name of an option", key->text);
            right = false;
        } else if (read_name(l, space, name, skip_space(space, name->text), &inside, &code)) {
            inside.value[code] = map->items[i + 1];
        } else {
            right = false;
        }
    }
    return right && append_inside(l, space, &inside, key, wire);
}

/* ---- 43: the first key says which space all are of ---- */

static const struct option_space *named_space(struct loader *l, const struct node *key)
{
    const char *dot = key->kind == NODE_SCALAR ? strchr(key->text, '.') : NULL;
    const struct option_space *space;
    struct suggestion suggestion;
    const char *name;

    if (dot == NULL) {
        complain(l, key,
                 "a sub-option is written as SPACE.NAME such as pxe.discovery-control, "
                 "or SPACE.option-CODE");
        return NULL;
    }
    name = arena_text(l->scratch, key->text, (size_t)(dot - key->text));
    space = config_option_space(l->config, name);
    if (space != NULL)
        return space;
    suggestion = suggestion_for(name);
    for (size_t i = 0; option_space_at(i) != NULL; i++)
        suggestion_consider(&suggestion, option_space_at(i)->name);
    for (size_t i = 0; i < l->config->definitions.space_count; i++)
        suggestion_consider(&suggestion, l->config->definitions.spaces[i].name);
    if (suggestion.best != NULL)
        complain(l, key, "unknown space %s; did you mean '%s'?", quoted(l, name),
                 suggestion.best);
    else
        complain(l, key, "unknown space %s; define its options in 'option-definitions'",
                 quoted(l, name));
    return NULL;
}

static bool load_vendor_space(struct loader *l, const struct node *key, const struct node *map,
                              struct option_wire *wire)
{
    const struct option_space *space = NULL;

    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const struct option_space *own = named_space(l, map->items[i]);

        if (own == NULL)
            return false;
        if (space != NULL && space != own) {
            complain(l, map->items[i],
                     "%s holds options of %s and of %s, whose codes would be mixed up; keep "
                     "one of them",
                     key->text, space->name, own->name);
            return false;
        }
        space = own;
    }
    if (space == NULL) {
        complain(l, map, "%s is empty; write at least one sub-option", key->text);
        return false;
    }
    return load_space(l, key, space, map, wire);
}

/* ---- 124 and 125: by enterprise ---- */

struct vendor {
    uint32_t enterprise;
    const struct node *key, *value;
};

static int compare_vendors(const void *left, const void *right)
{
    const struct vendor *a = left, *b = right;

    if (a->enterprise != b->enterprise)
        return a->enterprise < b->enterprise ? -1 : 1;
    return a->key->line - b->key->line;
}

static bool read_vendors(struct loader *l, const struct node *map, struct vendor *vendors)
{
    const size_t count = map->count / 2;

    for (size_t i = 0; i < count; i++) {
        const struct node *key = map->items[2 * i];

        vendors[i] = (struct vendor){0, key, map->items[2 * i + 1]};
        if (key->kind != NODE_SCALAR ||
            !number_parse(key->text, UINT32_MAX, &vendors[i].enterprise)) {
            complain(l, key, "%s is no enterprise number; write IANA's number such as 4491",
                     key->kind == NODE_SCALAR ? quoted(l, key->text) : "this key");
            return false;
        }
    }
    if (count > 1)
        qsort(vendors, count, sizeof(*vendors), compare_vendors);
    for (size_t i = 1; i < count; i++) {
        if (vendors[i - 1].enterprise != vendors[i].enterprise)
            continue;
        complain(l, vendors[i].key, "enterprise %u is given twice; the first is at line %d",
                 vendors[i].enterprise, vendors[i - 1].key->line);
        return false;
    }
    return true;
}

/* The space of a vendor of whom the file defines nothing has options by number alone. */
static const struct option_space *vendor_space(struct loader *l, uint32_t enterprise)
{
    const char *name = arena_format(l->scratch, "vendor-%u", enterprise);
    const struct option_space *known = config_option_space(l->config, name);
    struct option_space *unknown;

    if (known != NULL)
        return known;
    unknown = ARENA_ARRAY(l->scratch, struct option_space, 1);
    unknown->name = name;
    return unknown;
}

/* A text, or bytes after "0x". */
static bool load_vendor_class(struct loader *l, const struct vendor *vendor,
                              struct option_wire *wire)
{
    struct option_definition definition = {.type = OPTION_TYPE_STRING};
    const char *text = load_text(l, vendor->key->text, vendor->value);

    if (text != NULL && strncmp(text, "0x", 2) == 0)
        definition.type = OPTION_TYPE_BINARY;
    return text != NULL &&
           load_option_element(l, vendor->key, &definition, vendor->value, wire);
}

static bool load_vendor(struct loader *l, const struct vendor *vendor, enum option_type type,
                        struct option_wire *wire)
{
    static const struct option_definition bytes = {.type = OPTION_TYPE_SUBOPTIONS};

    if (type == OPTION_TYPE_VENDOR_CLASS)
        return load_vendor_class(l, vendor, wire);
    if (vendor->value->kind == NODE_MAP)
        return load_space(l, vendor->key, vendor_space(l, vendor->enterprise), vendor->value,
                          wire);
    return load_option_value(l, vendor->key, &bytes, vendor->value, wire);
}

static bool load_vendors(struct loader *l, const struct node *key, enum option_type type,
                         const struct node *map, struct option_wire *wire)
{
    const size_t count = map->count / 2;
    struct vendor *vendors;

    if (!visit(l, map, 1 + map->count))
        return false;
    vendors = ARENA_ARRAY(l->scratch, struct vendor, count);
    if (!read_vendors(l, map, vendors))
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint32_t number = vendors[i].enterprise;
        const uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                  (uint8_t)(number >> 8), (uint8_t)number};
        struct option_wire inside = {.used = 0};

        if (!load_vendor(l, &vendors[i], type, &inside) ||
            !append(l, vendors[i].key, bytes, sizeof(bytes), wire) ||
            !append_sized(l, vendors[i].key, &inside, wire))
            return false;
    }
    if (count == 0)
        complain(l, map, "%s is empty; write at least one enterprise", key->text);
    return count > 0;
}

bool load_suboptions(struct loader *l, const struct node *key,
                     const struct option_definition *definition, const struct node *value,
                     struct option_wire *wire)
{
    switch (definition->type) {
    case OPTION_TYPE_VENDOR_SPACE:
        return load_vendor_space(l, key, value, wire);
    case OPTION_TYPE_VENDOR_CLASS:
    case OPTION_TYPE_VENDOR_OPTIONS:
        return load_vendors(l, key, definition->type, value, wire);
    default:
        ASSERT(definition->space != NULL);
        return load_space(l, key, definition->space, value, wire);
    }
}
