/* config/load_option_value.c - the value of one option, as its definition describes it. */
#include "config/loader.h"

/* `value`, a list of words, as the text that stands for it: words with blanks are quoted. */
static const char *join_words(struct loader *l, const struct node *key,
                              const struct node *value)
{
    const struct items words = load_items(l, key->text, value, false);
    const char *text = "";

    if (words.count > (size_t)OPTION_FIELDS_MAX * 4) {
        complain(l, value, "%s: %zu fields are too many", key->text, words.count);
        return NULL;
    }
    for (size_t i = 0; i < words.count; i++) {
        const char *word = load_text(l, key->text, items_get(&words, i));

        if (word == NULL)
            return NULL;
        if (strchr(word, '"') != NULL) {
            complain(l, items_get(&words, i), "%s: %s has a double quote, which no field may",
                     key->text, quoted(l, word));
            return NULL;
        }
        text = arena_format(l->scratch, strpbrk(word, " \t") != NULL ? "%s%s\"%s\"" : "%s%s%s",
                            text, i == 0 ? "" : " ", word);
    }
    return words.count > 0 ? text : NULL;
}

/* What an element's text looks like, in more words for a record than its type knows. */
static const char *form_of(struct loader *l, const struct option_definition *definition)
{
    static const char *const names[OPTION_TYPES] = {
        [OPTION_TYPE_IP] = "address",   [OPTION_TYPE_IP6] = "IPv6 address",
        [OPTION_TYPE_U8] = "0..255",    [OPTION_TYPE_U16] = "0..65535",
        [OPTION_TYPE_U32] = "number",   [OPTION_TYPE_U64] = "number",
        [OPTION_TYPE_I8] = "-128..127", [OPTION_TYPE_I16] = "-32768..32767",
        [OPTION_TYPE_I32] = "number",   [OPTION_TYPE_BOOL] = "true or false",
        [OPTION_TYPE_STRING] = "text",  [OPTION_TYPE_FQDN] = "domain name",
        [OPTION_TYPE_TUPLES] = "text",  [OPTION_TYPE_BINARY] = "bytes",
        [OPTION_TYPE_OPAQUE] = "bytes", [OPTION_TYPE_COUNTED_IPS] = "addresses with commas",
    };
    const struct option_record *record = definition->record;
    const char *text = "";

    if (record == NULL)
        return option_type_example(definition->type);
    for (size_t i = 0; i < record->count; i++)
        text = arena_format(l->scratch, "%s%s%s", text, i == 0 ? "" : ", ",
                            names[record->fields[i]]);
    return arena_format(l->scratch, "%s[%s%s]",
                        definition->type == OPTION_TYPE_RECORD ? "" : "a list of ", text,
                        record->last_repeats    ? ", ..."
                        : record->last_optional ? " or nothing"
                                                : "");
}

static bool misfit(struct loader *l, const struct node *key,
                   const struct option_definition *definition, const struct node *value,
                   const char *text)
{
    complain(l, value, "%s: %s does not fit; write %s", key->text, quoted(l, text),
             form_of(l, definition));
    return false;
}

static bool append_text(struct loader *l, const struct node *key,
                        const struct option_definition *definition, const struct node *value,
                        const char *text, struct option_wire *wire)
{
    switch (option_encode(definition, text, wire->bytes, sizeof(wire->bytes), &wire->used)) {
    case TD_OK:
        return true;
    case TD_NO_SPACE:
        complain(l, value, "%s: the value is longer than %d bytes; a reply has no room for it",
                 quoted(l, key->text), OPTION_VALUE_MAX);
        return false;
    default:
        return misfit(l, key, definition, value, text);
    }
}

bool load_option_element(struct loader *l, const struct node *key,
                         const struct option_definition *definition, const struct node *value,
                         struct option_wire *wire)
{
    const char *text;

    if (definition->type == OPTION_TYPE_EMPTY && value->kind == NODE_SCALAR && value->size == 0)
        return true;
    text = value->kind == NODE_LIST && option_type_is_worded(definition->type)
               ? join_words(l, key, value)
               : load_text(l, key->text, value);
    return text != NULL && append_text(l, key, definition, value, text, wire);
}

static bool takes_map(enum option_type type)
{
    return type == OPTION_TYPE_SUBOPTIONS || type == OPTION_TYPE_VENDOR_SPACE ||
           type == OPTION_TYPE_VENDOR_CLASS || type == OPTION_TYPE_VENDOR_OPTIONS;
}

bool load_option_value(struct loader *l, const struct node *key,
                       const struct option_definition *definition, const struct node *value,
                       struct option_wire *wire)
{
    const enum option_type type = definition->type;
    struct items items;

    if (value->kind == NODE_MAP && takes_map(type))
        return load_suboptions(l, key, definition, value, wire);
    if (type == OPTION_TYPE_RECORD || type == OPTION_TYPE_EMPTY)
        return load_option_element(l, key, definition, value, wire);
    if (!option_type_is_list(type) && value->kind == NODE_LIST) {
        complain(l, value, "%s is a list; it takes one value: %s", key->text,
                 option_type_example(type));
        return false;
    }
    items = load_items(l, key->text, value, true);
    for (size_t i = 0; i < items.count; i++)
        if (!load_option_element(l, key, definition, items_get(&items, i), wire))
            return false;
    return items.count > 0;
}
