/* config/load_match.c - `match:`, a tree of conditions. */
#include "config/load_match.h"

#include <stdlib.h>

#include "config/suggest.h"

/* A condition while it is read, with what is inside it. */
struct draft {
    struct config_condition condition;
    uint32_t rank; /* the place among its siblings, whatever the order of writing */
    const struct draft *inside;
    size_t count;
};

static const struct draft *read_map(struct loader *l, const struct node *node, unsigned depth,
                                    size_t *count);

/* ---- what a key names ---- */

static void complain_unknown_relay(struct loader *l, const struct node *key, const char *name)
{
    struct suggestion suggestion = suggestion_for(name);
    const char *known;

    for (size_t i = 0; (known = match_relay_name_at(i)) != NULL; i++)
        suggestion_consider(&suggestion, known);
    if (suggestion.best != NULL)
        complain(l, key, "unknown relay sub-option %s; did you mean 'relay.%s'?",
                 quoted(l, key->text), suggestion.best);
    else
        complain(l, key,
                 "unknown relay sub-option %s; write relay.circuit-id, relay.remote-id, "
                 "relay.subscriber-id, relay.relay-id, relay.link-selection or relay.option-N",
                 quoted(l, key->text));
}

/* "option-7" or, where no names are known, "7" */
static bool parse_sub_number(const char *text, uint8_t *sub)
{
    static const char prefix[] = "option-";
    uint32_t number;

    if (strncmp(text, prefix, sizeof(prefix) - 1) == 0)
        text += sizeof(prefix) - 1;
    if (!number_parse(text, UINT8_MAX, &number))
        return false;
    *sub = (uint8_t)number;
    return true;
}

static bool relay_subject(struct loader *l, const char *name, struct match_subject *out)
{
    struct config_condition *c = &out->condition;

    c->subject = SUBJECT_SUBOPTION;
    c->code = OPTION_RELAY_AGENT_INFORMATION;
    c->type = OPTION_TYPE_BINARY;
    if (!match_relay_name(name, &c->sub, &c->type) && !parse_sub_number(name, &c->sub)) {
        complain_unknown_relay(l, out->key, name);
        return false;
    }
    out->form = c->type == OPTION_TYPE_BINARY ? FORM_LOOSE : FORM_OPTION;
    return true;
}

static enum option_type type_of_field(enum match_field_form form)
{
    switch (form) {
    case FIELD_ADDRESS:
        return OPTION_TYPE_IP;
    case FIELD_NUMBER:
    case FIELD_FLAG:
        return OPTION_TYPE_U32;
    case FIELD_HARDWARE:
    case FIELD_TEXT:
        return OPTION_TYPE_STRING;
    }
    return OPTION_TYPE_BINARY;
}

static bool field_subject(struct loader *l, const char *name, struct match_subject *out)
{
    struct suggestion suggestion = suggestion_for(name);
    const struct match_field *known;

    out->field = match_field_find(name);
    if (out->field != NULL) {
        out->form = FORM_FIELD;
        out->condition.subject = SUBJECT_FIELD;
        out->condition.field = out->field->field;
        out->condition.type = type_of_field(out->field->form);
        return true;
    }
    for (size_t i = 0; (known = match_field_at(i)) != NULL; i++)
        suggestion_consider(&suggestion, known->name);
    if (suggestion.best != NULL)
        complain(l, out->key, "unknown field %s; did you mean 'packet.%s'?",
                 quoted(l, out->key->text), suggestion.best);
    else
        complain(l, out->key,
                 "unknown field %s; write packet.giaddr, packet.hw-address, packet.secs or "
                 "another that the manual names",
                 quoted(l, out->key->text));
    return false;
}

/* "vendor-encapsulated-options.6": a sub-option of any option that has some. */
static bool suboption_subject(struct loader *l, const char *dot, struct match_subject *out)
{
    struct config_condition *c = &out->condition;
    struct node name = *out->key;

    name.text = arena_text(l->scratch, out->key->text, (size_t)(dot - out->key->text));
    if (load_option_name(l, &name, false, &c->code) == NULL)
        return false;
    if (!parse_sub_number(dot + 1, &c->sub)) {
        complain(l, out->key, "%s names no sub-option; write %s.option-N, N from 0 to 255",
                 quoted(l, out->key->text), name.text);
        return false;
    }
    c->subject = SUBJECT_SUBOPTION;
    c->type = OPTION_TYPE_BINARY;
    out->form = FORM_LOOSE;
    return true;
}

static bool read_subject(struct loader *l, const struct node *key, struct match_subject *out)
{
    static const char relay[] = "relay.", packet[] = "packet.";
    const char *text = key->text, *dot = strchr(text, '.');

    *out = (struct match_subject){.key = key};
    if (strncmp(text, relay, sizeof(relay) - 1) == 0)
        return relay_subject(l, text + sizeof(relay) - 1, out);
    if (strncmp(text, packet, sizeof(packet) - 1) == 0)
        return field_subject(l, text + sizeof(packet) - 1, out);
    if (dot != NULL)
        return suboption_subject(l, dot, out);
    out->definition = load_option_name(l, key, false, &out->condition.code);
    if (out->definition == NULL)
        return false;
    out->condition.type = out->definition->type;
    if (option_type_is_list(out->definition->type))
        out->condition.element_size = (uint8_t)option_type_size(out->definition->type);
    return true;
}

/* ---- groups ---- */

/* A map of conditions as one: the only one in it, or all. */
static struct draft read_all_of(struct loader *l, const struct node *map, unsigned depth)
{
    struct draft group = {.condition = {.kind = CONDITION_ALL}};

    group.inside = read_map(l, map, depth, &group.count);
    return group.count == 1 ? group.inside[0] : group;
}

static void read_list(struct loader *l, const struct node *key, const struct node *node,
                      unsigned depth, struct draft *out)
{
    struct items items = load_items(l, key->text, node, false);
    struct draft *inside = ARENA_ARRAY(l->scratch, struct draft, items.count);

    for (size_t i = 0; i < items.count; i++)
        inside[i] = read_all_of(l, items_get(&items, i), depth + 1);
    out->inside = inside;
    out->count = items.count;
}

static void read_classes(struct loader *l, const struct node *node, struct draft *out)
{
    out->condition.kind = CONDITION_ANY_VALUE;
    out->condition.subject = SUBJECT_CLASS;
    out->condition.classes = load_class_list(l, "class", node);
}

enum word { WORD_CLASS, WORD_ALL, WORD_ANY, WORD_NOT, WORDS };
static const char *const words[WORDS] = {"class", "all", "any", "not"};

static enum word word_of(const struct node *key)
{
    enum word word = WORD_CLASS;

    while (word < WORDS && (key->kind != NODE_SCALAR || strcmp(words[word], key->text) != 0))
        word++;
    return word;
}

static void read_word(struct loader *l, enum word word, const struct node *key,
                      const struct node *node, unsigned depth, struct draft *out)
{
    out->rank = UINT32_MAX - (uint32_t)(WORDS - word);
    switch (word) {
    case WORD_CLASS:
        read_classes(l, node, out);
        return;
    case WORD_ALL:
        out->condition.kind = CONDITION_ALL;
        read_list(l, key, node, depth, out);
        return;
    case WORD_ANY:
        out->condition.kind = CONDITION_ANY;
        read_list(l, key, node, depth, out);
        return;
    case WORD_NOT:
        out->condition.kind = CONDITION_NOT;
        out->inside = read_map(l, node, depth + 1, &out->count);
        return;
    case WORDS:
        break;
    }
    UNREACHABLE("no such word");
}

static uint32_t rank_of(const struct config_condition *c)
{
    const uint32_t place = c->subject == SUBJECT_FIELD ? c->field : c->code;

    return (uint32_t)c->subject << 16 | place << 8 | c->sub;
}

static int compare_drafts(const void *left, const void *right)
{
    const struct draft *a = left, *b = right;

    return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Each key once; `drafts` are those read so far. */
static bool read_condition(struct loader *l, const struct node *key, const struct node *node,
                           const struct node *first[static 256], struct draft *out)
{
    struct match_subject subject;

    if (key->kind != NODE_SCALAR) {
        complain(l, key, "a key of match is a %s; write a word",
                 key->kind == NODE_LIST ? "list" : "map");
        return false;
    }
    if (!read_subject(l, key, &subject))
        return false;
    if (subject.condition.subject == SUBJECT_OPTION &&
        !load_option_once(l, key, subject.condition.code, first))
        return false;
    load_match_comparison(l, &subject, node);
    *out = (struct draft){.condition = subject.condition, .rank = rank_of(&subject.condition)};
    return true;
}

static bool is_match_map(struct loader *l, const struct node *node, unsigned depth)
{
    if (node->kind != NODE_MAP) {
        complain(l, node, "match %s; write a map of options such as {client-system: [15, 16]}",
                 node->kind == NODE_LIST ? "is a list"
                 : node->empty           ? "has no value"
                                         : "is a single value");
        return false;
    }
    if (node->count == 0) {
        complain(l, node,
                 "match is empty and would match every client; write at least one option");
        return false;
    }
    if (depth > MATCH_DEPTH_MAX) {
        complain(l, node, "match is nested too deeply; all, any and not go %d levels deep",
                 MATCH_DEPTH_MAX);
        return false;
    }
    return visit(l, node, 1 + node->count);
}

static const struct draft *read_map(struct loader *l, const struct node *node, unsigned depth,
                                    size_t *count)
{
    const struct node *first[256] = {NULL}, *first_word[WORDS] = {NULL};
    struct draft *drafts;

    *count = 0;
    if (!is_match_map(l, node, depth))
        return NULL;
    drafts = ARENA_ARRAY(l->scratch, struct draft, node->count / 2);
    for (size_t i = 0; i + 1 < node->count; i += 2) {
        const struct node *key = node->items[i], *value = node->items[i + 1];
        const enum word word = word_of(key);

        if (word == WORDS) {
            *count += read_condition(l, key, value, first, &drafts[*count]) ? 1 : 0;
        } else if (first_word[word] != NULL) {
            complain(l, key, "%s is given twice in one map; the first is at line %d", key->text,
                     first_word[word]->line);
        } else {
            first_word[word] = key;
            read_word(l, word, key, value, depth, &drafts[(*count)++]);
        }
    }
    if (*count > 1)
        qsort(drafts, *count, sizeof(*drafts), compare_drafts);
    return drafts;
}

/* ---- the model's form: each condition before what is inside it ---- */

static size_t size_of(const struct draft *drafts, size_t count)
{
    size_t size = count;

    for (size_t i = 0; i < count; i++)
        size += size_of(drafts[i].inside, drafts[i].count);
    return size;
}

static struct config_condition *flatten(const struct draft *drafts, size_t count,
                                        struct config_condition *out)
{
    for (size_t i = 0; i < count; i++) {
        struct config_condition *here = out;

        *here = drafts[i].condition;
        out = flatten(drafts[i].inside, drafts[i].count, here + 1);
        here->extent = (size_t)(out - here);
    }
    return out;
}

/* The bytes that every text of the value begins with. */
static struct span beginning(enum option_type type, const struct config_value *value)
{
    if (type != OPTION_TYPE_STRING && type != OPTION_TYPE_BINARY && type != OPTION_TYPE_OPAQUE)
        return span_of(NULL, 0);
    switch (value->kind) {
    case VALUE_EQUAL:
    case VALUE_PREFIX:
        return value->bytes;
    case VALUE_GLOB:
        return span_of(value->bytes.data, value->literal);
    case VALUE_RANGE:
        break;
    }
    return span_of(NULL, 0);
}

/* The first condition is of an option, if any is. */
static struct config_gate gate_of(const struct config_condition *c, size_t count)
{
    struct config_gate gate = {.code = 0};
    uint8_t ones[sizeof(gate.mask)];
    struct span common;

    if (count == 0 || c->subject != SUBJECT_OPTION || c->kind != CONDITION_ANY_VALUE ||
        c->value_count == 0)
        return gate;
    common = beginning(c->type, &c->values[0]);
    for (size_t i = 1; i < c->value_count; i++) {
        const struct span other = beginning(c->type, &c->values[i]);
        size_t same = 0;

        while (same < common.size && same < other.size && common.data[same] == other.data[same])
            same++;
        common.size = same;
    }
    if (common.size > sizeof(gate.head))
        common.size = sizeof(gate.head);
    gate.code = c->code;
    gate.size = (uint8_t)common.size;
    memset(ones, UINT8_MAX, sizeof(ones));
    if (common.size > 0) {
        memcpy(&gate.head, common.data, common.size);
        memcpy(&gate.mask, ones, common.size);
    }
    return gate;
}

void load_match(struct loader *l, const struct node *node, struct config_class *out)
{
    struct config_condition *conditions;
    const struct draft *drafts;
    size_t count;

    drafts = read_map(l, node, 0, &count);
    out->condition_count = size_of(drafts, count);
    conditions = ARENA_ARRAY(l->arena, struct config_condition, out->condition_count);
    flatten(drafts, count, conditions);
    out->conditions = conditions;
    out->gate = gate_of(conditions, out->condition_count);
}
