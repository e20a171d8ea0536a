/* config/load_value.c - values of one scalar, as the schema table describes them. */
#include "config/loader.h"

#include <inttypes.h>

#include "config/scalar.h"
#include "config/suggest.h"

const char *load_text(struct loader *l, const char *key, const struct node *node)
{
    if (node->kind != NODE_SCALAR) {
        complain(l, node, "%s is a %s; write a single value", key,
                 node->kind == NODE_LIST ? "list" : "map");
        return NULL;
    }
    if (node->size == 0) {
        complain(l, node, "%s has no value; write one, or remove the key", key);
        return NULL;
    }
    return node->text;
}

struct items load_items(struct loader *l, const char *key, const struct node *node,
                        bool one_will_do)
{
    struct items none = {NULL, 0, NULL};

    if (node == NULL)
        return none;
    if (node->kind == NODE_SCALAR && !node->empty && one_will_do)
        return (struct items){NULL, 1, node};
    if (node->kind != NODE_LIST) {
        complain(l, node, "%s %s; write a list, each item after '- '", key,
                 node->kind == NODE_MAP ? "is a map"
                 : node->empty          ? "has no value"
                                        : "is a single value");
        return none;
    }
    if (node->count == 0) {
        complain(l, node, "the list of %s is empty; write at least one item, or remove the key",
                 key);
        return none;
    }
    if (!visit(l, node, node->count))
        return none;
    return (struct items){node->items, node->count, NULL};
}

const struct node *items_get(const struct items *items, size_t i)
{
    ASSERT(i < items->count);
    return items->single != NULL ? items->single : items->item[i];
}

static bool parse_duration(struct loader *l, const struct schema_key *key, const char *text,
                           const struct node *node, int64_t *out)
{
    char low[DURATION_TEXT_SIZE], high[DURATION_TEXT_SIZE];
    int64_t ms = 0;

    switch (duration_parse(text, &ms)) {
    case DURATION_NO_UNIT:
        complain(l, node, "%s: %s has no unit; write %.20ss for seconds, or ms, m, h, d",
                 key->name, quoted(l, text), text);
        return false;
    case DURATION_MALFORMED:
        complain(l, node, "%s: %s is not a duration; write %s", key->name, quoted(l, text),
                 schema_type_name(key->type));
        return false;
    case DURATION_OK:
        if (ms >= key->min && ms <= key->max)
            break;
        /* fall through */
    case DURATION_TOO_LONG:
        complain(l, node, "%s: %s is out of range; write %s to %s", key->name, quoted(l, text),
                 duration_format(key->min, low), duration_format(key->max, high));
        return false;
    }
    if (key->type != SCHEMA_MILLISECONDS && ms % 1000 != 0) {
        complain(l, node, "%s: %s is not in whole seconds; write for example %" PRId64 "s",
                 key->name, quoted(l, text), ms / 1000 + 1);
        return false;
    }
    *out = ms;
    return true;
}

static bool parse_word(struct loader *l, const struct schema_key *key, const char *text,
                       const struct node *node, unsigned *out)
{
    struct suggestion suggestion = suggestion_for(text);
    const char *words = key->words[0];

    for (unsigned i = 0; key->words[i] != NULL; i++) {
        if (strcmp(key->words[i], text) == 0) {
            *out = i;
            return true;
        }
        suggestion_consider(&suggestion, key->words[i]);
        if (i > 0)
            words = arena_format(l->scratch, "%s or %s", words, key->words[i]);
    }
    if (suggestion.best != NULL)
        complain(l, node, "%s: unknown word %s; did you mean '%s'?", key->name, quoted(l, text),
                 suggestion.best);
    else
        complain(l, node, "%s: unknown word %s; write %s", key->name, quoted(l, text), words);
    return false;
}

/* `text` with every "{node}" replaced by the node's name. */
static const char *expand_path(struct loader *l, const char *text)
{
    static const char mark[] = "{node}";
    const char *found;
    const char *result = "";

    while ((found = strstr(text, mark)) != NULL) {
        result =
            arena_format(l->scratch, "%s%.*s%s", result, (int)(found - text), text, l->node);
        text = found + sizeof(mark) - 1;
    }
    result = arena_format(l->scratch, "%s%s", result, text);
    return arena_text(l->arena, result, strlen(result));
}

static bool check_length(struct loader *l, const struct schema_key *key, const char *text,
                         const struct node *node)
{
    size_t size = strlen(text);

    if (size <= (size_t)key->max)
        return true;
    complain(l, node, "%s: %s is %zu bytes long; write at most %" PRId64, key->name,
             quoted(l, text), size, key->max);
    return false;
}

static void misfit(struct loader *l, const struct schema_key *key, const char *text,
                   const struct node *node)
{
    complain(l, node, "%s: %s is not %s", key->name, quoted(l, text),
             schema_type_name(key->type));
}

/* Checks `text`; `*out` is what the target stores. */
static const char *parse_stored_text(struct loader *l, const struct schema_key *key,
                                     const char *text, const struct node *node)
{
    struct ip4 address;
    uint16_t port;
    bool fits = true;

    if (key->type == SCHEMA_PATH) {
        /* Checked before as well, so that many marks cannot make it grow without limit. */
        if (!check_length(l, key, text, node))
            return NULL;
        text = expand_path(l, text);
        return check_length(l, key, text, node) ? text : NULL;
    }
    if (key->type == SCHEMA_TEXT)
        return check_length(l, key, text, node) ? arena_text(l->arena, text, strlen(text))
                                                : NULL;
    if (key->type == SCHEMA_NAME)
        fits = name_valid(text);
    else if (key->type == SCHEMA_LINK)
        fits = link_parse(text, &address, &port) && address.value != 0;
    else if (key->type == SCHEMA_ENDPOINT)
        fits = endpoint_parse(text, &address, &port);
    else if (key->type == SCHEMA_INTERFACE)
        fits = interface_valid(text);
    if (!fits) {
        misfit(l, key, text, node);
        return NULL;
    }
    return arena_text(l->arena, text, strlen(text));
}

/* `node` is NULL for a default of the table, which is always right. */
static void store_value(struct loader *l, const struct schema_key *key, const char *text,
                        const struct node *node, void *field)
{
    int64_t ms;
    uint32_t number;
    unsigned word;
    struct ip4 address;
    const char *stored;

    switch (key->type) {
    case SCHEMA_MILLISECONDS:
        if (parse_duration(l, key, text, node, &ms))
            memcpy(field, &ms, sizeof(ms));
        return;
    case SCHEMA_LEASE_SECONDS:
        if (strcmp(text, "infinite") == 0) {
            number = CONFIG_INFINITE;
            memcpy(field, &number, sizeof(number));
            return;
        }
        /* fall through */
    case SCHEMA_SECONDS:
        if (parse_duration(l, key, text, node, &ms)) {
            number = (uint32_t)(ms / 1000);
            memcpy(field, &number, sizeof(number));
        }
        return;
    case SCHEMA_LEASE_SHARE:
    case SCHEMA_POOL_SHARE:
        load_share(l, key, text, node, field);
        return;
    case SCHEMA_FLAG:
        load_flag(l, key, text, node, field);
        return;
    case SCHEMA_CHOICE:
        if (parse_word(l, key, text, node, &word)) {
            word++;
            memcpy(field, &word, sizeof(word));
        }
        return;
    case SCHEMA_NUMBER:
        if (number_parse(text, (uint32_t)key->max, &number) && number >= (uint32_t)key->min)
            memcpy(field, &number, sizeof(number));
        else
            complain(l, node,
                     "%s: %s does not fit; write a number from %" PRId64 " to %" PRId64,
                     key->name, quoted(l, text), key->min, key->max);
        return;
    case SCHEMA_WORD:
        if (parse_word(l, key, text, node, &word))
            memcpy(field, &word, sizeof(word));
        return;
    case SCHEMA_ADDRESS:
        if (ip4_parse(text, &address) && address.value != 0)
            memcpy(field, &address, sizeof(address));
        else
            misfit(l, key, text, node);
        return;
    default:
        stored = parse_stored_text(l, key, text, node);
        if (stored != NULL)
            memcpy(field, &stored, sizeof(stored));
        return;
    }
}

void load_value(struct loader *l, const struct schema_key *key, const struct node *node,
                void *target)
{
    void *field = (char *)target + key->at;
    const char *text = key->initial;

    ASSERT(target != NULL);
    if (node != NULL)
        text = load_text(l, key->name, node);
    else if (key->initial[0] == '\0') {
        memcpy(field, &key->initial, sizeof(key->initial));
        return;
    }
    if (text != NULL)
        store_value(l, key, text, node, field);
}
