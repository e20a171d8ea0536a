/* config/tree.h - YAML text as a tree of nodes that know their place.
 *
 * libyaml is known to tree.c alone. */
#ifndef TWINDHCP_CONFIG_TREE_H
#define TWINDHCP_CONFIG_TREE_H

#include "config/arena.h"
#include "config/report.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    bool empty;       /* a scalar that is not there at all: "key:" */
    uint16_t file;    /* number of the file: report->file while it is parsed */
    int line, column; /* 1-based */
    const char *text; /* of a scalar: UTF-8 without NUL */
    size_t size;
    /* Of a list its items, of a map key and value in turn.  An alias is the very node that its
     * anchor names, so one node may stand in many places; none stands within itself. */
    const struct node *const *items;
    size_t count; /* of items: of a map twice the number of its keys */
};

/* The largest nesting and the most anchors of one file.  Ours needs 8 levels. */
#define TREE_DEPTH   32
#define TREE_ANCHORS 1000

/* The tree of the one document in `text`, of file `report->file`; all of it is in `arena`.
 * NULL, with a finding in `report`, when the text is not one YAML document. */
MUST_USE const struct node *tree_parse(const char *text, size_t size, struct arena *arena,
                                       struct report *report);

/* What the key has in a map; NULL when it is not there, or there is no map. */
const struct node *node_value(const struct node *map, const char *key);

#endif
