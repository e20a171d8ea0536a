/* daemon/ctl/import/yaml.c - building the document.  See yaml.h */
#include "daemon/ctl/import/yaml.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/ctl/import/import.h"

struct yaml *yaml_document(struct import *run)
{
    struct yaml *node = import_alloc(run, sizeof(*node));

    node->kind = YAML_MAP;
    return node;
}

struct yaml *yaml_find(const struct yaml *map, const char *key)
{
    for (struct yaml *child = map->first; child != NULL; child = child->next)
        if (child->key != NULL && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

const char *yaml_find_text(const struct yaml *map, const char *key)
{
    const struct yaml *found = yaml_find(map, key);

    return found == NULL ? NULL : found->text;
}

static struct yaml *append(struct import *run, struct yaml *parent, enum yaml_kind kind)
{
    struct yaml *node = import_alloc(run, sizeof(*node));

    node->kind = kind;
    if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
    return node;
}

/* Member `key` of a map, made or changed to be of `kind`; the next one of a list. */
static struct yaml *member(struct import *run, struct yaml *parent, const char *key,
                           enum yaml_kind kind)
{
    struct yaml *node = key == NULL ? NULL : yaml_find(parent, key);

    if (node == NULL) {
        node = append(run, parent, kind);
        node->key = key;
    } else if (node->kind != kind) {
        node->first = node->last = NULL;
        node->kind = kind;
    }
    return node;
}

struct yaml *yaml_map(struct import *run, struct yaml *parent, const char *key)
{
    return member(run, parent, key, YAML_MAP);
}

struct yaml *yaml_list(struct import *run, struct yaml *parent, const char *key)
{
    return member(run, parent, key, YAML_LIST);
}

struct yaml *yaml_list_first(struct import *run, struct yaml *list)
{
    struct yaml *node = import_alloc(run, sizeof(*node));

    node->kind = YAML_MAP;
    node->next = list->first;
    list->first = node;
    if (list->last == NULL)
        list->last = node;
    return node;
}

void yaml_text(struct import *run, struct yaml *parent, const char *key, const char *text)
{
    member(run, parent, key, YAML_TEXT)->text = text;
}

void yaml_plain(struct import *run, struct yaml *parent, const char *key, const char *text)
{
    member(run, parent, key, YAML_PLAIN)->text = text;
}

void yaml_number(struct import *run, struct yaml *parent, const char *key, uint64_t number)
{
    yaml_plain(run, parent, key, import_format(run, "%" PRIu64, number));
}

/* The wire's largest time means that the lease never ends. */
void yaml_duration(struct import *run, struct yaml *parent, const char *key, uint64_t seconds)
{
    static const struct {
        char name;
        uint64_t seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    char text[64] = "";
    size_t used = 0;
    uint64_t rest = seconds;

    if (seconds >= UINT32_MAX) {
        yaml_plain(run, parent, key, "infinite");
        return;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (rest >= units[i].seconds)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%" PRIu64 "%c",
                                     rest / units[i].seconds, units[i].name);
        rest %= units[i].seconds;
    }
    yaml_plain(run, parent, key, used == 0 ? "0s" : import_copy(run, text, used));
}

void yaml_bool(struct import *run, struct yaml *parent, const char *key, bool value)
{
    yaml_plain(run, parent, key, value ? "true" : "false");
}

void yaml_comment(struct import *run, struct yaml *parent, const char *text)
{
    char *clean = import_copy(run, text, strlen(text));

    for (char *c = clean; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    append(run, parent, YAML_COMMENT)->text = clean;
}

void yaml_add_once(struct import *run, struct yaml *map, const char *key, const char *text)
{
    struct yaml *list = yaml_list(run, map, key);

    for (const struct yaml *item = list->first; item != NULL; item = item->next)
        if (item->text != NULL && strcmp(item->text, text) == 0)
            return;
    yaml_text(run, list, NULL, text);
}

void yaml_remove(struct yaml *parent, const struct yaml *child)
{
    struct yaml *before = NULL;

    for (struct yaml *at = parent->first; at != NULL; before = at, at = at->next) {
        if (at != child)
            continue;
        if (before == NULL)
            parent->first = at->next;
        else
            before->next = at->next;
        if (parent->last == at)
            parent->last = before;
        return;
    }
}

bool yaml_is_empty(const struct yaml *node)
{
    for (const struct yaml *child = node->first; child != NULL; child = child->next)
        if (child->kind != YAML_COMMENT &&
            (child->kind == YAML_TEXT || child->kind == YAML_PLAIN || !yaml_is_empty(child)))
            return false;
    return true;
}

static void copy_items(struct import *run, struct yaml *to, const struct yaml *from)
{
    for (const struct yaml *item = from->first; item != NULL; item = item->next) {
        struct yaml *copy = append(run, to, item->kind);
        copy->key = item->key;
        copy->text = item->text;
        copy_items(run, copy, item);
    }
}

void yaml_merge(struct import *run, struct yaml *to, const struct yaml *from)
{
    for (const struct yaml *child = from->first; child != NULL; child = child->next) {
        if (child->kind == YAML_COMMENT)
            continue;
        struct yaml *copy = member(run, to, child->key, child->kind);
        if (child->kind == YAML_MAP) {
            yaml_merge(run, copy, child);
            continue;
        }
        copy->text = child->text;
        copy->first = copy->last = NULL;
        copy_items(run, copy, child);
    }
}
