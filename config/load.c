/* config/load.c - from a file to a checked model. */
#include "config/load.h"

#include <errno.h>
#include <stdlib.h>

#include "config/loader.h"
#include "config/source.h"

/* A node may be read through this many aliases more than there are bytes in the file. */
#define VISITS_BY_ALIAS ((size_t)2 * 1000 * 1000)

static const struct config_lease_time default_lease_time = {12 * 3600, 5 * 60, 24 * 3600};

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
    load_classes(l, section_value(&file, "classes"));
    load_care(l, &file, &config->terms.care); /* its limits name classes */
    load_probe(l, section_value(&file, "probe"), &config->probe, &config->probe);
    load_identities(l, section_value(&file, "reservation-identifiers"));
    load_flex_id(l, section_value(&file, "flex-id"));
    config->names = load_names(l, section_value(&file, "names"), NULL);
    load_ddns(l, section_value(&file, "ddns"));
    load_places(l, root, &file);
    check_class_uses(l);
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
