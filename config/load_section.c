/* config/load_section.c - one map of the file against its section of the schema table. */
#include "config/loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/suggest.h"

void complain(struct loader *l, const struct node *node, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    l->report->file = node->file;
    report_add(l->report, node->line, node->column, "%s", text);
}

void warn(struct loader *l, const struct node *node, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    l->report->file = node->file;
    report_warn(l->report, node->line, node->column, "%s", text);
}

const char *file_name(const struct loader *l, const struct node *node)
{
    return l->files != NULL ? l->files[node->file] : NULL;
}

int compare_places(const struct node *a, const struct node *b)
{
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

const char *place_of(struct loader *l, const struct node *node, const struct node *other)
{
    return node->file == other->file
               ? arena_format(l->scratch, "line %d", node->line)
               : arena_format(l->scratch, "%s:%d", file_name(l, node), node->line);
}

const char *quoted(struct loader *l, const char *text)
{
    enum { SHOWN = 60 };
    size_t size = strnlen(text, SHOWN + 1);
    bool cut = size > SHOWN;
    char *copy;

    if (cut) {
        size = SHOWN;
        while (size > 0 && ((uint8_t)text[size] & 0xc0u) == 0x80u)
            size--; /* whole characters */
    }
    copy = arena_text(l->scratch, text, size);
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)copy[i] < ' ' || copy[i] == 0x7f)
            copy[i] = ' ';
    return arena_format(l->scratch, "'%s%s'", copy, cut ? "..." : "");
}

bool visit(struct loader *l, const struct node *node, size_t count)
{
    if (l->visits == 0)
        return false;
    if (count >= l->visits) {
        l->visits = 0;
        complain(l, node, "the aliases of this file repeat too much; write less with them");
        return false;
    }
    l->visits -= count;
    return true;
}

/* "name, mode, nodes": the first ones, which are the section's own. */
static const char *key_names(struct loader *l, const struct schema_section *schema)
{
    enum { SHOWN = 8 };
    const char *names = schema->keys[0].name;

    for (size_t i = 1; i < schema->count && i < SHOWN; i++)
        names = arena_format(l->scratch, "%s, %s", names, schema->keys[i].name);
    return schema->count > SHOWN ? arena_format(l->scratch, "%s ...", names) : names;
}

static void complain_unknown(struct loader *l, const struct schema_section *schema,
                             const struct node *key)
{
    struct suggestion suggestion = suggestion_for(key->text);

    if (report_is_full(l->report))
        return;
    for (size_t i = 0; i < schema->count; i++)
        suggestion_consider(&suggestion, schema->keys[i].name);
    if (suggestion.best != NULL) {
        complain(l, key, "unknown key %s in %s; did you mean '%s'?", quoted(l, key->text),
                 schema->name, suggestion.best);
        return;
    }
    /* A key in the wrong place is worth naming its right one. */
    for (size_t i = 0; schema_section_at(i) != NULL; i++) {
        const struct schema_section *other = schema_section_at(i);

        if (schema_key_place(other, key->text) != SIZE_MAX) {
            complain(l, key, "unknown key %s in %s; it belongs in %s", quoted(l, key->text),
                     schema->name, other->path[0] == '\0' ? other->name : other->path);
            return;
        }
    }
    complain(l, key, "unknown key %s in %s; known are %s", quoted(l, key->text), schema->name,
             key_names(l, schema));
}

static void take_key(struct loader *l, struct section *section, const struct node **first,
                     const struct node *key, const struct node *value)
{
    size_t place;

    if (key->kind != NODE_SCALAR) {
        complain(l, key, "a key of %s is a %s; write a word", section->schema->name,
                 key->kind == NODE_LIST ? "list" : "map");
        return;
    }
    place = schema_key_place(section->schema, key->text);
    if (place == SIZE_MAX) {
        complain_unknown(l, section->schema, key);
    } else if (section->value[place] != NULL) {
        complain(l, key, "%s is given twice in %s; the first is at %s", key->text,
                 section->schema->name, place_of(l, first[place], key));
    } else {
        section->value[place] = value;
        first[place] = key;
    }
}

/* "hw-address, client-id" */
static const char *choice_names(struct loader *l, const struct schema_section *schema)
{
    const char *names = schema->one_of[0];

    for (size_t i = 1; schema->one_of[i] != NULL; i++)
        names = arena_format(l->scratch, "%s%s%s", names,
                             schema->one_of[i + 1] != NULL ? ", " : " or ", schema->one_of[i]);
    return names;
}

static void check_one_of(struct loader *l, const struct section *section)
{
    const struct schema_section *schema = section->schema;
    const char *found = NULL;

    for (size_t i = 0; schema->one_of != NULL && schema->one_of[i] != NULL; i++) {
        const struct node *value = section_value(section, schema->one_of[i]), *before;

        if (value == NULL)
            continue;
        if (found == NULL) {
            found = schema->one_of[i];
            continue;
        }
        before = section_value(section, found);
        complain(l, compare_places(value, before) > 0 ? value : before,
                 "%s has both '%s' and '%s'; keep one of them", schema->name, found,
                 schema->one_of[i]);
    }
    if (schema->one_of != NULL && found == NULL)
        complain(l, section->map, "%s names no client; write one of %s", schema->name,
                 choice_names(l, schema));
}

static bool is_simple(enum schema_type type)
{
    return type <= SCHEMA_INTERFACE;
}

/* Values into the target, defaults where nothing is written, and what is missing. */
static void settle_keys(struct loader *l, const struct section *section, void *target)
{
    const struct schema_section *schema = section->schema;

    for (size_t i = 0; i < schema->count; i++) {
        const struct schema_key *key = &schema->keys[i];
        const struct node *value = section->value[i];

        if (value == NULL && key->required)
            complain(l, section->map, "%s has no '%s'; write for example '%s: %s'",
                     schema->name, key->name, key->name, key->example);
        else if (is_simple(key->type) && (value != NULL || key->initial != NULL))
            load_value(l, key, value, target);
    }
}

struct section section_read(struct loader *l, const struct schema_section *schema,
                            const char *key, const struct node *map, void *target)
{
    struct section section = {.schema = schema};
    const struct node *first[SCHEMA_KEYS_MAX] = {NULL};

    if (map != NULL && map->kind != NODE_MAP) {
        if (map->kind == NODE_SCALAR && map->empty)
            complain(l, map, "%s has no value; write a map, or remove the key", key);
        else
            complain(l, map, "%s is a %s; write a map of %s", key,
                     map->kind == NODE_LIST ? "list" : "single value", key_names(l, schema));
        return section;
    }
    if (map != NULL && !visit(l, map, 1 + map->count))
        return section;
    section.map = map;
    for (size_t i = 0; map != NULL && i + 1 < map->count; i += 2)
        take_key(l, &section, first, map->items[i], map->items[i + 1]);
    if (map != NULL)
        check_one_of(l, &section);
    settle_keys(l, &section, target);
    return section;
}

const struct node *section_find(const struct section *section, const char *key)
{
    const size_t place = schema_key_place(section->schema, key);

    return place != SIZE_MAX ? section->value[place] : NULL;
}

const struct node *section_value(const struct section *section, const char *key)
{
    size_t place = schema_key_place(section->schema, key);

    ASSERT(place != SIZE_MAX);
    return section->value[place];
}
