#include "config/tree.h"

#include <limits.h>
#include <stdlib.h>
#include <yaml.h>

/* A list or map whose end has not been read yet. */
struct open_node {
    struct node *node;
    const char *anchor;        /* NULL = none */
    const struct node **items; /* grows; kept from one node of this level to the next */
    size_t count, capacity;
};

struct anchor {
    const char *name;
    const struct node *node;
};

struct builder {
    yaml_parser_t parser;
    const char *text;
    size_t size;
    struct arena *arena;
    struct report *report;
    struct open_node open[TREE_DEPTH];
    size_t depth;
    struct anchor anchors[TREE_ANCHORS];
    size_t anchor_count;
    const struct node *root;
    size_t documents;
    bool done, failed;
};

static int one_based(size_t mark)
{
    return mark < INT_MAX - 1 ? (int)mark + 1 : INT_MAX;
}

#define FAIL(builder, mark, ...)                                                               \
    do {                                                                                       \
        report_add((builder)->report, one_based((mark).line), one_based((mark).column),        \
                   __VA_ARGS__);                                                               \
        (builder)->failed = true;                                                              \
    } while (0)

static const char *copy(struct builder *b, const yaml_char_t *text)
{
    return text == NULL ? NULL
                        : arena_text(b->arena, (const char *)text, strlen((const char *)text));
}

/* A byte offset, which is all that libyaml says of bytes that are no text, as a place. */
static yaml_mark_t mark_of_offset(const struct builder *b, size_t offset)
{
    yaml_mark_t mark = {.index = offset, .line = 0, .column = 0};

    for (size_t i = 0; i < offset && i < b->size; i++) {
        mark.column++;
        if (b->text[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    return mark;
}

static void fail_syntax(struct builder *b)
{
    const yaml_parser_t *parser = &b->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "cannot be read";

    if (parser->error == YAML_READER_ERROR)
        FAIL(b, mark_of_offset(b, parser->problem_offset), "not text: %s; write UTF-8",
             problem);
    else if (parser->context != NULL && parser->context_mark.line != parser->problem_mark.line)
        FAIL(b, parser->problem_mark, "not valid YAML: %s (%s that begins at line %d)", problem,
             parser->context, one_based(parser->context_mark.line));
    else if (parser->context != NULL)
        FAIL(b, parser->problem_mark, "not valid YAML: %s (%s)", problem, parser->context);
    else
        FAIL(b, parser->problem_mark, "not valid YAML: %s", problem);
}

static struct node *new_node(struct builder *b, enum node_kind kind, yaml_mark_t mark)
{
    struct node *node = arena_alloc(b->arena, sizeof(*node));

    node->kind = kind;
    node->file = (uint16_t)b->report->file;
    node->line = one_based(mark.line);
    node->column = one_based(mark.column);
    return node;
}

static void name_anchor(struct builder *b, const char *name, const struct node *node,
                        yaml_mark_t mark)
{
    if (name == NULL)
        return;
    if (b->anchor_count == TREE_ANCHORS) {
        FAIL(b, mark, "anchor '&%.40s' is one too many; a file may have %d", name,
             TREE_ANCHORS);
        return;
    }
    b->anchors[b->anchor_count++] = (struct anchor){name, node};
}

/* The last of that name, as YAML says. */
static const struct node *find_anchor(const struct builder *b, const char *name)
{
    for (size_t i = b->anchor_count; i > 0; i--)
        if (strcmp(b->anchors[i - 1].name, name) == 0)
            return b->anchors[i - 1].node;
    return NULL;
}

static void check_tag(struct builder *b, const yaml_char_t *tag, yaml_mark_t mark)
{
    const char *text = (const char *)tag;

    if (text != NULL && strcmp(text, "!") != 0 && strncmp(text, "tag:yaml.org,2002:", 18) != 0)
        FAIL(b, mark, "tag '%.40s' means nothing here; remove it", text);
}

/* Put a finished node where it belongs: into the innermost open one, or at the root. */
static void place_node(struct builder *b, const struct node *node)
{
    struct open_node *open;

    if (b->depth == 0) {
        b->root = node;
        return;
    }
    open = &b->open[b->depth - 1];
    if (open->count == open->capacity) {
        open->capacity = open->capacity == 0 ? 16 : open->capacity * 2;
        open->items = realloc(open->items, open->capacity * sizeof(struct node *));
        ASSERT(open->items != NULL);
    }
    open->items[open->count++] = node;
}

static void begin_node(struct builder *b, enum node_kind kind, const yaml_char_t *anchor,
                       const yaml_char_t *tag, yaml_mark_t mark)
{
    struct open_node *open;

    check_tag(b, tag, mark);
    if (b->depth == TREE_DEPTH) {
        FAIL(b, mark, "nested deeper than %d levels; nothing here needs that", TREE_DEPTH);
        return;
    }
    open = &b->open[b->depth++];
    open->node = new_node(b, kind, mark);
    open->anchor = copy(b, anchor);
    open->count = 0;
}

static void end_node(struct builder *b, yaml_mark_t mark)
{
    struct open_node *open;

    ASSERT(b->depth > 0);
    open = &b->open[--b->depth];
    if (open->count > 0) {
        const struct node **items = ARENA_ARRAY(b->arena, const struct node *, open->count);

        memcpy(items, open->items, open->count * sizeof(struct node *));
        open->node->items = items;
    }
    open->node->count = open->count;
    /* Named only now: so no node can hold itself. */
    name_anchor(b, open->anchor, open->node, mark);
    place_node(b, open->node);
}

static void add_scalar(struct builder *b, const yaml_event_t *event)
{
    const yaml_char_t *value = event->data.scalar.value;
    struct node *node = new_node(b, NODE_SCALAR, event->start_mark);

    check_tag(b, event->data.scalar.tag, event->start_mark);
    node->size = event->data.scalar.length;
    node->text = arena_text(b->arena, (const char *)value, node->size);
    node->empty = node->size == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (strlen(node->text) != node->size)
        FAIL(b, event->start_mark, "a NUL character in a text; remove it");
    name_anchor(b, copy(b, event->data.scalar.anchor), node, event->start_mark);
    place_node(b, node);
}

static void add_alias(struct builder *b, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    const struct node *node = find_anchor(b, name);

    if (node == NULL)
        FAIL(b, event->start_mark, "alias '*%.40s' names no anchor that ends before it", name);
    else
        place_node(b, node);
}

static void begin_document(struct builder *b, yaml_mark_t mark)
{
    if (b->documents++ > 0)
        FAIL(b, mark, "a second document begins here; a file holds one");
}

static void take_event(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        add_scalar(b, event);
        break;
    case YAML_ALIAS_EVENT:
        add_alias(b, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        begin_node(b, NODE_LIST, event->data.sequence_start.anchor,
                   event->data.sequence_start.tag, event->start_mark);
        break;
    case YAML_MAPPING_START_EVENT:
        begin_node(b, NODE_MAP, event->data.mapping_start.anchor, event->data.mapping_start.tag,
                   event->start_mark);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        end_node(b, event->start_mark);
        break;
    case YAML_DOCUMENT_START_EVENT:
        begin_document(b, event->start_mark);
        break;
    case YAML_STREAM_END_EVENT:
        b->done = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

static void build(struct builder *b)
{
    while (!b->done && !b->failed) {
        yaml_event_t event;

        if (!yaml_parser_parse(&b->parser, &event)) {
            fail_syntax(b);
            return;
        }
        take_event(b, &event);
        yaml_event_delete(&event);
    }
}

const struct node *tree_parse(const char *text, size_t size, struct arena *arena,
                              struct report *report)
{
    struct builder *b = arena_alloc(arena, sizeof(*b));
    int ready;

    b->text = text;
    b->size = size;
    b->arena = arena;
    b->report = report;
    ready = yaml_parser_initialize(&b->parser);
    ASSERT(ready); /* else out of memory */
    yaml_parser_set_input_string(&b->parser, (const unsigned char *)text, size);
    build(b);
    yaml_parser_delete(&b->parser);
    for (size_t i = 0; i < TREE_DEPTH; i++)
        free(b->open[i].items);
    if (b->failed)
        return NULL;
    if (b->root == NULL || b->root->empty) {
        report_add(report, 0, 0, "the file is empty; it needs at least %s",
                   report->file > 0 ? "one of the keys that an included file may have"
                                    : "'server' and 'subnets'");
        return NULL;
    }
    return b->root;
}

const struct node *node_value(const struct node *map, const char *key)
{
    for (size_t i = 0; map->kind == NODE_MAP && i + 1 < map->count; i += 2)
        if (map->items[i]->kind == NODE_SCALAR && strcmp(map->items[i]->text, key) == 0)
            return map->items[i + 1];
    return NULL;
}
