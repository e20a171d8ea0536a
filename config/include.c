/* config/include.c - `include:`: the tree of the file and of all that it names become one. */
#include "config/loader.h"

#include <errno.h>
#include <stdlib.h>

#include "config/source.h"

#define FILES_MAX   1000
#define BYTES_MAX   ((size_t)64 * 1024 * 1024)
#define LISTS_MAX   SCHEMA_KEYS_MAX
#define INCLUDE_KEY "include"

/* One file that was read. */
struct source {
    struct source_id id;
    const struct node *place; /* where it was named; NULL: the file itself */
    bool open;                /* what it includes is being read */
};

/* A list that grows. */
struct gathered {
    const struct node **items;
    size_t count, capacity;
    const struct node *first; /* the list that came first */
};

struct inclusion {
    struct loader *l;
    const char **names; /* l->files */
    struct source *sources;
    size_t count;
    size_t bytes;
    bool full;                        /* a limit was reached, and said */
    struct gathered lists[LISTS_MAX]; /* by place in schema_included */
};

/* ---- gathering ---- */

static void gather(struct gathered *list, const struct node *const *items, size_t count)
{
    if (list->capacity - list->count < count) {
        list->capacity = 2 * list->capacity + count;
        list->items = realloc(list->items, list->capacity * sizeof(struct node *));
        ASSERT(list->items != NULL);
    }
    memcpy(list->items + list->count, items, count * sizeof(struct node *));
    list->count += count;
}

/* What is no list is complained about where it stands, and left out. */
static void gather_list(struct inclusion *in, size_t key, const struct node *node)
{
    struct gathered *list = &in->lists[key];
    struct items items;

    if (node == NULL)
        return;
    items = load_items(in->l, schema_included.keys[key].name, node, false);
    if (items.count == 0)
        return;
    if (list->first == NULL)
        list->first = node;
    gather(list, items.item, items.count);
}

/* ---- reading ---- */

static void read_includes(struct inclusion *in, const struct node *node, size_t includer);

/* `name` as seen from the file `includer`. */
static const char *relative_to(struct loader *l, const char *includer, const char *name)
{
    const char *slash = strrchr(includer, '/');

    if (name[0] == '/' || slash == NULL)
        return name;
    return arena_format(l->arena, "%.*s/%s", (int)(slash - includer), includer, name);
}

/* A file counts once. */
static bool is_new(struct inclusion *in, struct source_id id, const struct node *place,
                   const char *name)
{
    for (size_t i = 0; i < in->count; i++) {
        const struct source *known = &in->sources[i];

        if (known->id.device != id.device || known->id.inode != id.inode)
            continue;
        if (known->open)
            complain(in->l, place,
                     "include: %s includes itself, here or by way of others; remove one of "
                     "them",
                     name);
        else
            complain(in->l, place, "include: %s is included twice; the first is at %s", name,
                     place_of(in->l, known->place, place));
        return false;
    }
    return true;
}

static bool has_room(struct inclusion *in, const struct node *place, size_t size)
{
    if (in->count <= FILES_MAX && in->bytes + size <= BYTES_MAX)
        return true;
    if (!in->full && in->count > FILES_MAX)
        complain(in->l, place, "include: more than %d files; write fewer and larger ones",
                 FILES_MAX);
    else if (!in->full)
        complain(in->l, place,
                 "include: more than %zu MiB in all files; no configuration is so "
                 "large",
                 BYTES_MAX >> 20);
    in->full = true;
    return false;
}

static void read_tree(struct inclusion *in, const struct node *root, size_t number)
{
    struct section section =
        section_read(in->l, &schema_included, schema_included.name, root, NULL);

    if (section.map == NULL)
        return;
    for (size_t i = 0; i < schema_included.count; i++) {
        if (strcmp(schema_included.keys[i].name, INCLUDE_KEY) != 0)
            gather_list(in, i, section.value[i]);
    }
    read_includes(in, section_value(&section, INCLUDE_KEY), number);
}

static void parse(struct inclusion *in, const struct source_text *source,
                  const struct node *place, const char *name)
{
    struct loader *l = in->l;
    const size_t number = in->count;
    const struct node *root;

    if (!has_room(in, place, source->size))
        return;
    in->bytes += source->size;
    l->visits += 2 * source->size;
    in->names[number] = name;
    in->sources[number] = (struct source){source->id, place, true};
    in->count++;
    l->report->file = (unsigned)number;
    root = tree_parse(source->text, source->size, l->scratch, l->report);
    if (root != NULL)
        read_tree(in, root, number);
    in->sources[number].open = false;
}

static void read_file(struct inclusion *in, const struct node *place, const char *name)
{
    struct source_text source;
    const char *what;

    if (!source_read(name, &source, &what)) {
        complain(in->l, place, "include: %s %s: %s", name, what, strerror(errno));
        return;
    }
    if (source.size > CONFIG_FILE_MAX)
        complain(in->l, place, "include: %s is larger than 16 MiB; write it as several files",
                 name);
    else if (is_new(in, source.id, place, name))
        parse(in, &source, place, name);
    free(source.text);
}

static void read_directory(struct inclusion *in, const struct node *place, const char *path)
{
    struct loader *l = in->l;
    const char *what;
    char **names;
    size_t count;

    if (!source_list(path, &names, &count, &what)) {
        complain(l, place, "include: %s %s: %s", path, what, strerror(errno));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (!in->full)
            read_file(in, place, arena_format(l->arena, "%s/%s", path, names[i]));
        free(names[i]);
    }
    free(names);
}

static void read_one(struct inclusion *in, const struct node *node, size_t includer)
{
    const char *text = load_text(in->l, INCLUDE_KEY, node);
    struct source_id id;
    bool is_directory = false;
    const char *name;

    if (text == NULL || in->full)
        return;
    name = arena_text(in->l->arena, text, strlen(text));
    name = relative_to(in->l, in->names[includer], name);
    if (source_identify(name, &id, &is_directory) && is_directory)
        read_directory(in, node, name);
    else
        read_file(in, node, name);
}

static void read_includes(struct inclusion *in, const struct node *node, size_t includer)
{
    struct items items = load_items(in->l, INCLUDE_KEY, node, true);

    for (size_t i = 0; i < items.count; i++)
        read_one(in, items_get(&items, i), includer);
}

/* ---- one tree of all ---- */

static const struct node *list_node(struct arena *arena, const struct gathered *list)
{
    struct node *node = ARENA_ARRAY(arena, struct node, 1);
    const struct node **items = ARENA_ARRAY(arena, const struct node *, list->count);

    memcpy(items, list->items, list->count * sizeof(struct node *));
    *node = *list->first;
    node->items = items;
    node->count = list->count;
    return node;
}

static const struct node *key_node(struct arena *arena, const char *name,
                                   const struct node *list)
{
    struct node *node = ARENA_ARRAY(arena, struct node, 1);

    *node = *list;
    node->kind = NODE_SCALAR;
    node->items = NULL;
    node->count = 0;
    node->text = name;
    node->size = strlen(name);
    return node;
}

/* `root` with the gathered lists in place of its own, or as keys of their own. */
static const struct node *merge(struct inclusion *in, const struct node *root)
{
    struct arena *arena = in->l->scratch;
    struct node *merged = ARENA_ARRAY(arena, struct node, 1);
    const struct node **items =
        ARENA_ARRAY(arena, const struct node *, root->count + 2 * schema_included.count);
    size_t count = root->count;

    memcpy(items, root->items, root->count * sizeof(struct node *));
    for (size_t i = 0; i < schema_included.count; i++) {
        const char *name = schema_included.keys[i].name;
        const struct node *own, *list;

        if (in->lists[i].count == 0)
            continue;
        own = node_value(root, name);
        list = list_node(arena, &in->lists[i]);
        for (size_t j = 0; own != NULL && j + 1 < root->count; j += 2)
            if (items[j + 1] == own)
                items[j + 1] = list;
        if (own == NULL) {
            items[count++] = key_node(arena, name, list);
            items[count++] = list;
        }
    }
    *merged = *root;
    merged->items = items;
    merged->count = count;
    return merged;
}

const struct node *include_all(struct loader *l, const struct node *root)
{
    const struct node *include = node_value(root, INCLUDE_KEY);
    struct inclusion in = {.l = l, .count = 1};
    bool is_directory;

    in.names = ARENA_ARRAY(l->arena, const char *, include != NULL ? FILES_MAX + 1 : 1);
    in.names[0] = l->config->file;
    l->files = l->report->files = in.names;
    if (include == NULL)
        return root;
    in.sources = ARENA_ARRAY(l->scratch, struct source, FILES_MAX + 1);
    in.sources[0].open = true;
    if (!source_identify(l->config->file, &in.sources[0].id, &is_directory))
        in.sources[0].id = (struct source_id){0, 0};
    for (size_t i = 0; i < schema_included.count; i++) {
        const struct node *own = node_value(root, schema_included.keys[i].name);

        /* Anything else is complained about when the file itself is read. */
        if (own != NULL && own->kind == NODE_LIST && own != include)
            gather_list(&in, i, own);
    }
    read_includes(&in, include, 0);
    root = merge(&in, root);
    for (size_t i = 0; i < schema_included.count; i++)
        free(in.lists[i].items);
    return root;
}
