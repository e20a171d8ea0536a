/* config/load.c - from a file to a checked model. */
#include "config/load.h"

#include <errno.h>
#include <stdlib.h>

#include "config/loader.h"
#include "config/source.h"

/* A node may be read through this many aliases more than there are bytes in the file. */
#define VISITS_BY_ALIAS ((size_t)2 * 1000 * 1000)

static const struct config_lease_time default_lease_time = {12 * 3600, 5 * 60, 24 * 3600};

static void load_class(struct loader *l, const struct node *node, struct config_class *out)
{
    struct section section = section_read(l, &schema_class, "classes", node, out);

    if (section.map == NULL)
        return;
    load_match(l, section_value(&section, "match"), out);
    load_contents(l, &section, &out->terms);
    load_lease_time(l, section_value(&section, "lease-time"), &l->config->terms.lease_time,
                    &out->terms.lease_time, NULL);
    load_care(l, &section, &out->terms.care);
}

struct class_place {
    const char *name; /* NULL: cannot be used */
    const struct node *node;
};

static int compare_classes(const void *left, const void *right)
{
    const struct class_place *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    if (order == 0)
        order = (int)a->node->file - (int)b->node->file;
    if (order == 0)
        order = a->node->line - b->node->line;
    return order != 0 ? order : a->node->column - b->node->column;
}

static void check_class_names(struct loader *l, struct class_place *places, size_t count)
{
    if (count > 1)
        qsort(places, count, sizeof(*places), compare_classes);
    for (size_t i = 1; i < count; i++)
        if (strcmp(places[i - 1].name, places[i].name) == 0)
            complain(l, places[i].node, "class '%s' is given twice; the first is at %s",
                     places[i].name, place_of(l, places[i - 1].node, places[i].node));
}

void load_classes(struct loader *l, const struct node *node)
{
    struct items items = load_items(l, "classes", node, false);
    struct config_class *classes = ARENA_ARRAY(l->arena, struct config_class, items.count);
    struct class_place *places = ARENA_ARRAY(l->scratch, struct class_place, items.count);
    size_t named = 0;

    for (size_t i = 0; i < items.count; i++) {
        load_class(l, items_get(&items, i), &classes[i]);
        if (classes[i].name != NULL)
            places[named++] = (struct class_place){classes[i].name, items_get(&items, i)};
    }
    check_class_names(l, places, named);
    l->config->classes = classes;
    l->config->class_count = items.count;
}

static void load_file(struct loader *l, const struct node *root, const char *node_name)
{
    struct config *config = l->config;
    struct section file = section_read(l, &schema_file, "the file", root, config);

    if (file.map == NULL)
        return;
    load_pair(l, section_value(&file, "pair"), node_name);
    load_server(l, root, section_value(&file, "server"), node_name);
    load_lease_time(l, section_value(&file, "lease-time"), &default_lease_time,
                    &config->terms.lease_time, &config->terms.lease_time);
    load_definitions(l, section_value(&file, "option-definitions"));
    load_contents(l, &file, &config->terms);
    load_leasequery(l, section_value(&file, "leasequery"));
    load_care(l, &file, &config->terms.care);
    load_classes(l, section_value(&file, "classes"));
    load_probe(l, section_value(&file, "probe"), &config->probe, &config->probe);
    load_identities(l, section_value(&file, "reservation-identifiers"));
    config->names = load_names(l, section_value(&file, "names"), NULL);
    load_ddns(l, section_value(&file, "ddns"));
    load_places(l, root, &file);
}

/* The name that "{node}" becomes. */
static const char *name_of_node(struct report *report, const char *node)
{
    if (node == NULL)
        return "alone";
    if (!name_valid(node)) {
        report_add(report, 0, 0, "the node's name '%.64s' is not %s", node,
                   schema_type_name(SCHEMA_NAME));
        return "alone";
    }
    return node;
}

static struct config *load_tree(const char *name, const struct node *root, size_t size,
                                const char *node, struct arena *scratch, struct report *report)
{
    struct arena arena = {NULL};
    struct config *config = ARENA_ARRAY(&arena, struct config, 1);
    struct loader l = {.arena = &arena,
                       .scratch = scratch,
                       .report = report,
                       .config = config,
                       .node = name_of_node(report, node),
                       .visits = 2 * size + VISITS_BY_ALIAS};

    config->file = arena_text(&arena, name, strlen(name));
    load_file(&l, include_all(&l, root), node);
    if (report->errors > 0) {
        arena_free(&arena);
        return NULL;
    }
    config_index_own(config, arena);
    return config;
}

struct config *config_load_text(const char *name, const char *text, size_t size,
                                const char *node, struct config_problems *problems)
{
    struct arena scratch = {NULL};
    struct config *config = NULL;
    const struct node *root = NULL;
    struct report report;

    report_init(&report, problems);
    if (size > CONFIG_FILE_MAX)
        report_add(&report, 0, 0, "larger than 16 MiB; no configuration is");
    else
        root = tree_parse(text, size, &scratch, &report);
    if (root != NULL)
        config = load_tree(name, root, size, node, &scratch, &report);
    arena_free(&scratch);
    report_finish(&report);
    return config;
}

struct config *config_load(const char *path, const char *node, struct config_problems *problems)
{
    struct config *config = NULL;
    struct source_text source;
    const char *what;

    if (source_read(path, &source, &what)) {
        config = config_load_text(path, source.text, source.size, node, problems);
        free(source.text);
    } else {
        struct report report;

        report_init(&report, problems);
        report_add(&report, 0, 0, "%s: %s", what, strerror(errno));
        report_finish(&report);
    }
    return config;
}
