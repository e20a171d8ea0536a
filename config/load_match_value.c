/* config/load_match_value.c - what a subject of `match` may be: values, lists and comparisons.
 */
#include "config/load_match.h"

#include <stdlib.h>

/* ---- one value ---- */

static bool is_bytes(const struct match_subject *s)
{
    return s->condition.type == OPTION_TYPE_BINARY || s->condition.type == OPTION_TYPE_OPAQUE;
}

static bool is_text(const struct match_subject *s)
{
    return s->form == FORM_LOOSE || s->condition.type == OPTION_TYPE_STRING ||
           s->condition.type == OPTION_TYPE_TUPLES || is_bytes(s);
}

static bool is_address(const struct match_subject *s)
{
    return s->condition.type == OPTION_TYPE_IP || s->condition.type == OPTION_TYPE_IP_LIST;
}

static bool is_ordered(const struct match_subject *s)
{
    switch (s->condition.type) {
    case OPTION_TYPE_U8:
    case OPTION_TYPE_U16:
    case OPTION_TYPE_U32:
    case OPTION_TYPE_U8_LIST:
    case OPTION_TYPE_U16_LIST:
    case OPTION_TYPE_U32_LIST:
        return s->field == NULL || s->field->form == FIELD_NUMBER;
    default:
        return is_address(s);
    }
}

static void keep_bytes(struct loader *l, const void *data, size_t size,
                       struct config_value *out)
{
    out->kind = VALUE_EQUAL;
    out->bytes = arena_span(l->arena, span_of(data, size));
}

static void keep_number(struct loader *l, uint32_t number, struct config_value *out)
{
    const uint8_t bytes[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                             (uint8_t)(number >> 8), (uint8_t)number};

    keep_bytes(l, bytes, sizeof(bytes), out);
}

/* "01:02:03": pairs of digits and colons between them. */
static bool is_colon_hex(const char *text)
{
    size_t size = strlen(text);

    if (size < 5 || size % 3 != 2 || strspn(text, "0123456789abcdefABCDEF:") != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((text[i] == ':') != (i % 3 == 2))
            return false;
    return true;
}

/* What relays put into their sub-options may be text or bytes: 0x... and aa:bb are bytes,
 * anything else is a text, text:... too. */
static bool read_loose(struct loader *l, const struct match_subject *s, const char *text,
                       const struct node *node, struct config_value *out)
{
    static const char prefix[] = "text:";
    uint8_t bytes[OPTION_VALUE_MAX];
    size_t size = sizeof(bytes);

    if (strncmp(text, "0x", 2) == 0 || is_colon_hex(text)) {
        if (!hex_parse(text, bytes, &size)) {
            complain(l, node, "%s: %s does not fit; write a text, or bytes such as 0xaabb",
                     s->key->text, quoted(l, text));
            return false;
        }
        keep_bytes(l, bytes, size, out);
        return true;
    }
    if (strncmp(text, prefix, sizeof(prefix) - 1) == 0)
        text += sizeof(prefix) - 1;
    keep_bytes(l, text, strlen(text), out);
    return true;
}

static bool read_hardware(struct loader *l, const struct match_subject *s, const char *text,
                          const struct node *node, struct config_value *out)
{
    uint8_t bytes[16];
    size_t size = sizeof(bytes);
    char form[3 * sizeof(bytes)];

    if (!hex_parse(text, bytes, &size)) {
        complain(l, node, "%s: %s is not %s", s->key->text, quoted(l, text),
                 schema_type_name(SCHEMA_HARDWARE));
        return false;
    }
    hex_format(span_of(bytes, size), form, sizeof(form));
    keep_bytes(l, form, strlen(form), out);
    return true;
}

static bool read_field_number(struct loader *l, const struct match_subject *s, const char *text,
                              const struct node *node, struct config_value *out)
{
    static const char *const types[] = {"bootp", "discover", "offer",   "request", "decline",
                                        "ack",   "nak",      "release", "inform"};
    uint32_t number;

    if (s->field->field == FIELD_MESSAGE_TYPE)
        for (uint32_t i = 0; i < ARRAY_SIZE(types); i++)
            if (strcmp(types[i], text) == 0) {
                keep_number(l, i, out);
                return true;
            }
    if (!number_parse(text, s->field->max, &number)) {
        complain(l, node, "%s: %s does not fit; write a number from 0 to %u%s", s->key->text,
                 quoted(l, text), s->field->max,
                 s->field->field == FIELD_MESSAGE_TYPE ? ", or a word such as discover" : "");
        return false;
    }
    keep_number(l, number, out);
    return true;
}

static bool read_flag(struct loader *l, const struct match_subject *s, const char *text,
                      const struct node *node, struct config_value *out)
{
    const bool yes = strcmp(text, "true") == 0;

    if (!yes && strcmp(text, "false") != 0) {
        complain(l, node, "%s: %s does not fit; write true or false", s->key->text,
                 quoted(l, text));
        return false;
    }
    keep_number(l, yes ? 1 : 0, out);
    return true;
}

/* "10.7.0.0/16" is the range of its addresses. */
static bool read_network(struct loader *l, const struct match_subject *s, const char *text,
                         const struct node *node, struct config_value *out)
{
    char right[NETWORK_TEXT_SIZE];
    struct network network;
    struct config_value last;

    if (!network_parse(text, &network)) {
        complain(l, node, "%s: %s is not %s", s->key->text, quoted(l, text),
                 schema_type_name(SCHEMA_NETWORK));
        return false;
    }
    if (!ip4_equal(network_first(network), network.address)) {
        network.address = network_first(network);
        complain(l, node, "%s: %s has host bits set; write %s", s->key->text, quoted(l, text),
                 network_format(network, right));
        return false;
    }
    keep_number(l, network_first(network).value, out);
    keep_number(l, network_last(network).value, &last);
    out->kind = VALUE_RANGE;
    out->last = last.bytes;
    return true;
}

static bool read_equal(struct loader *l, const struct match_subject *s, const struct node *node,
                       struct config_value *out)
{
    const char *text = load_text(l, s->key->text, node);
    const struct option_definition typed = {.type = s->condition.type};
    struct option_wire wire = {.used = 0};

    if (text == NULL)
        return false;
    if (is_address(s) && strchr(text, '/') != NULL)
        return read_network(l, s, text, node, out);
    if (s->form == FORM_LOOSE)
        return read_loose(l, s, text, node, out);
    if (s->field != NULL && s->field->form == FIELD_NUMBER)
        return read_field_number(l, s, text, node, out);
    if (s->field != NULL && s->field->form == FIELD_FLAG)
        return read_flag(l, s, text, node, out);
    if (s->field != NULL && s->field->form == FIELD_HARDWARE)
        return read_hardware(l, s, text, node, out);
    if (!load_option_element(l, s->key, s->definition != NULL ? s->definition : &typed, node,
                             &wire))
        return false;
    keep_bytes(l, wire.bytes, wire.used, out);
    return true;
}

/* Hardware addresses are compared as their text in small letters. */
static const char *text_of_pattern(struct loader *l, const struct match_subject *s,
                                   const char *text)
{
    char *small;

    if (s->field == NULL || s->field->form != FIELD_HARDWARE)
        return text;
    small = arena_text(l->scratch, text, strlen(text));
    for (char *c = small; *c != '\0'; c++)
        *c = (char)(*c >= 'A' && *c <= 'F' ? *c + ('a' - 'A') : *c == '-' ? ':' : *c);
    return small;
}

static bool read_glob(struct loader *l, const struct match_subject *s, const struct node *node,
                      struct config_value *out)
{
    const char *text = load_text(l, s->key->text, node);

    if (text == NULL)
        return false;
    if (!is_text(s)) {
        complain(l, node, "%s: a glob is for texts; write the values or from and to",
                 s->key->text);
        return false;
    }
    text = text_of_pattern(l, s, text);
    keep_bytes(l, text, strlen(text), out);
    out->kind = VALUE_GLOB;
    out->literal = strcspn(text, "*?");
    return true;
}

static bool read_prefix(struct loader *l, const struct match_subject *s,
                        const struct node *node, struct config_value *out)
{
    const char *text = load_text(l, s->key->text, node);

    if (text == NULL)
        return false;
    if (is_address(s))
        return read_network(l, s, text, node, out);
    if (!is_text(s)) {
        complain(l, node,
                 "%s: a prefix is for texts, bytes and addresses; write the values "
                 "or from and to",
                 s->key->text);
        return false;
    }
    if (s->form == FORM_LOOSE) {
        if (!read_loose(l, s, text, node, out))
            return false;
    } else if (is_bytes(s)) {
        if (!read_equal(l, s, node, out))
            return false;
    } else {
        text = text_of_pattern(l, s, text);
        keep_bytes(l, text, strlen(text), out);
    }
    out->kind = VALUE_PREFIX;
    return true;
}

/* `*` and `?` make a pattern of a text. */
static bool read_one(struct loader *l, const struct match_subject *s, const struct node *node,
                     struct config_value *out)
{
    const enum option_type type = s->condition.type;
    const bool has_wildcard = node->kind == NODE_SCALAR && strpbrk(node->text, "*?") != NULL;

    if (has_wildcard && (type == OPTION_TYPE_TUPLES || type == OPTION_TYPE_URI_TUPLES)) {
        complain(l, node,
                 "%s: '*' and '?' are not understood in this option; write the "
                 "whole value",
                 s->key->text);
        return false;
    }
    if (has_wildcard && (type == OPTION_TYPE_STRING || s->form == FORM_LOOSE) &&
        strncmp(node->text, "text:", 5) != 0)
        return read_glob(l, s, node, out);
    return read_equal(l, s, node, out);
}

static int compare_spans(struct span a, struct span b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

/* Values in order, so that the order of writing changes nothing. */
static int compare_values(const void *left, const void *right)
{
    const struct config_value *a = left, *b = right;
    int order = (a->kind > b->kind) - (a->kind < b->kind);

    if (order == 0)
        order = compare_spans(a->bytes, b->bytes);
    return order != 0 ? order : compare_spans(a->last, b->last);
}

typedef bool value_reader(struct loader *, const struct match_subject *, const struct node *,
                          struct config_value *);

static void read_values(struct loader *l, struct match_subject *s, const char *key,
                        const struct node *node, value_reader *read)
{
    struct items items = load_items(l, key, node, true);
    struct config_value *values = ARENA_ARRAY(l->arena, struct config_value, items.count);
    size_t count = 0;

    for (size_t i = 0; i < items.count; i++)
        if (read(l, s, items_get(&items, i), &values[count]))
            count++;
    if (count > 1)
        qsort(values, count, sizeof(*values), compare_values);
    s->condition.values = values;
    s->condition.value_count = count;
}

/* ---- operators ---- */

enum { OP_PREFIX, OP_GLOB, OP_IN, OP_PRESENT, OP_FROM, OP_TO, OPERATORS };
static const char *const operator_names[OPERATORS] = {"prefix",  "glob", "in",
                                                      "present", "from", "to"};
#define OPERATORS_TEXT "prefix, glob, in, present, from or to"

/* The bound that is not written: the least or the greatest of that size. */
static struct span bound(struct loader *l, size_t size, uint8_t fill)
{
    uint8_t bytes[4];

    ASSERT(size <= sizeof(bytes));
    memset(bytes, fill, sizeof(bytes));
    return arena_span(l->arena, span_of(bytes, size));
}

static void read_range(struct loader *l, struct match_subject *s, const struct node *from,
                       const struct node *to)
{
    const struct node *node = from != NULL ? from : to;
    struct config_value first = {.bytes = {NULL, 0}}, last = first;
    struct config_value *value = ARENA_ARRAY(l->arena, struct config_value, 1);

    if (!is_ordered(s)) {
        complain(l, node,
                 "%s: from and to are for numbers and addresses; write the values, "
                 "prefix or glob",
                 s->key->text);
        return;
    }
    if ((from != NULL && !read_equal(l, s, from, &first)) ||
        (to != NULL && !read_equal(l, s, to, &last)))
        return;
    if (first.kind == VALUE_RANGE || last.kind == VALUE_RANGE) {
        complain(l, node,
                 "%s: from and to take one address each; write the network without "
                 "them",
                 s->key->text);
        return;
    }
    if (from == NULL)
        first.bytes = bound(l, last.bytes.size, 0);
    if (to == NULL)
        last.bytes = bound(l, first.bytes.size, UINT8_MAX);
    if (from != NULL && to != NULL && compare_spans(first.bytes, last.bytes) > 0)
        complain(l, from, "%s: from %s is above to %s; write the smaller one first",
                 s->key->text, from->text, to->text);
    *value = (struct config_value){VALUE_RANGE, first.bytes, last.bytes, 0};
    s->condition.values = value;
    s->condition.value_count = 1;
}

static void read_present(struct loader *l, struct match_subject *s, const struct node *node)
{
    const char *text = load_text(l, "present", node);

    if (text == NULL)
        return;
    if (s->condition.subject == SUBJECT_FIELD)
        complain(l, node, "%s is in every packet; write the values that it may have",
                 s->key->text);
    else if (strcmp(text, "true") == 0)
        s->condition.kind = CONDITION_PRESENT;
    else if (strcmp(text, "false") == 0)
        s->condition.kind = CONDITION_ABSENT;
    else
        complain(l, node, "present: %s does not fit; write true or false", quoted(l, text));
}

static bool find_operators(struct loader *l, const struct match_subject *s,
                           const struct node *map, const struct node *found[static OPERATORS])
{
    bool known = true;

    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const struct node *key = map->items[i];
        size_t op = 0;

        while (op < OPERATORS &&
               (key->kind != NODE_SCALAR || strcmp(operator_names[op], key->text) != 0))
            op++;
        if (op < OPERATORS && found[op] == NULL) {
            found[op] = map->items[i + 1];
            continue;
        }
        known = false;
        if (op < OPERATORS)
            complain(l, key, "%s: %s is given twice; keep one", s->key->text, key->text);
        else
            complain(l, key, "%s: unknown comparison %s; write " OPERATORS_TEXT, s->key->text,
                     quoted(l, key->kind == NODE_SCALAR ? key->text : ""));
    }
    return known;
}

static void read_operators(struct loader *l, struct match_subject *s, const struct node *map)
{
    const struct node *found[OPERATORS] = {NULL};
    size_t count = 0;

    if (!visit(l, map, 1 + map->count) || !find_operators(l, s, map, found))
        return;
    for (size_t op = 0; op < OP_FROM; op++)
        count += found[op] != NULL;
    count += found[OP_FROM] != NULL || found[OP_TO] != NULL;
    if (count != 1) {
        complain(l, map,
                 count == 0 ? "%s: the map is empty; write " OPERATORS_TEXT
                            : "%s: write one comparison, and others beside it with 'all'",
                 s->key->text);
        return;
    }
    if (found[OP_PRESENT] != NULL)
        read_present(l, s, found[OP_PRESENT]);
    else if (found[OP_PREFIX] != NULL)
        read_values(l, s, "prefix", found[OP_PREFIX], read_prefix);
    else if (found[OP_GLOB] != NULL)
        read_values(l, s, "glob", found[OP_GLOB], read_glob);
    else if (found[OP_IN] != NULL)
        read_values(l, s, "in", found[OP_IN], read_one);
    else
        read_range(l, s, found[OP_FROM], found[OP_TO]);
}

static bool asks_for_presence(const struct node *node)
{
    return node->kind == NODE_MAP && node->count == 2 && node->items[0]->kind == NODE_SCALAR &&
           strcmp(node->items[0]->text, operator_names[OP_PRESENT]) == 0;
}

void load_match_comparison(struct loader *l, struct match_subject *s, const struct node *node)
{
    if (s->condition.subject == SUBJECT_OPTION && s->condition.type == OPTION_TYPE_EMPTY &&
        !asks_for_presence(node))
        complain(l, s->key, "%s has no value to match; write {present: true}", s->key->text);
    else if (node->kind == NODE_MAP)
        read_operators(l, s, node);
    else
        read_values(l, s, s->key->text, node, read_one);
}
