/* proto/option_record.c - records: fields one after the other, words with blanks as text. */
#include "proto/cursor.h"
#include "proto/option_domain.h"
#include "proto/option_internal.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

enum td_err next_word(const char **text, char out[static WORD_SIZE])
{
    const char *at = *text;
    size_t size = 0;
    bool quoted;

    while (is_blank(*at))
        at++;
    if (*at == '\0')
        return TD_NOT_FOUND;
    quoted = *at == '"';
    if (quoted)
        at++;
    while (*at != '\0' && (quoted ? *at != '"' : !is_blank(*at))) {
        if (size == WORD_SIZE - 1)
            return TD_NO_SPACE;
        out[size++] = *at++;
    }
    if (quoted && (*at++ != '"' || (*at != '\0' && !is_blank(*at))))
        return TD_MALFORMED;
    out[size] = '\0';
    *text = at;
    return TD_OK;
}

enum td_err encode_comma_ips(struct sink *sink, const char *text, size_t max)
{
    for (size_t count = 0;; count++) {
        const size_t size = strcspn(text, ",");
        char word[IP4_TEXT_SIZE];
        struct ip4 address;
        enum td_err err;

        if (size >= sizeof word || count == max)
            return TD_MALFORMED;
        memcpy(word, text, size);
        word[size] = '\0';
        if (!ip4_parse(word, &address))
            return TD_MALFORMED;
        err = sink_append_number(sink, address.value, 4);
        if (err != TD_OK || text[size] == '\0')
            return err;
        text += size + 1;
    }
}

/* Every field in turn, the last as often as there are words when it repeats. */
static enum td_err encode_fields(const struct option_record *record, struct sink *sink,
                                 const char *text)
{
    char word[WORD_SIZE];

    for (size_t i = 0;; i++) {
        const bool repeats = record->last_repeats && i >= record->count;
        const bool may_end =
            i >= record->count || (record->last_optional && i == (size_t)record->count - 1);
        enum td_err err = next_word(&text, word);

        if (err == TD_NOT_FOUND)
            return may_end ? TD_OK : TD_MALFORMED;
        if (err != TD_OK)
            return err;
        if (i >= record->count && !repeats)
            return TD_MALFORMED;
        err = option_text_to_wire(record->fields[repeats ? (size_t)record->count - 1 : i], word,
                                  sink->out, sink->capacity, sink->used);
        if (err != TD_OK)
            return err;
    }
}

enum td_err encode_record(const struct option_record *record, struct sink *sink,
                          const char *text)
{
    const size_t before = *sink->used;
    const enum td_err err = encode_fields(record, sink, text);

    if (err != TD_OK)
        *sink->used = before;
    return err;
}

/* ---- to text ---- */

bool put_counted_ips(struct text *t, struct span wire)
{
    struct cursor c = cursor_of(wire);

    if (cursor_u8(&c) * (size_t)4 + 1 != wire.size)
        return false;
    for (bool first = true; c.left > 0; first = false) {
        if (!first)
            put_text(t, ",");
        put_ip(t, cursor_u32(&c));
    }
    return true;
}

/* The size of a field of `type` at the beginning of `rest`; false if it is cut short. */
static bool field_size(enum option_type type, struct span rest, size_t *size)
{
    char name[DOMAIN_TEXT_SIZE];

    switch (type) {
    case OPTION_TYPE_FQDN:
        *size = 0;
        return domain_decode(rest, size, name);
    case OPTION_TYPE_TUPLES:
        *size = rest.size > 0 ? (size_t)rest.data[0] + 1 : 1;
        break;
    case OPTION_TYPE_COUNTED_IPS:
        *size = rest.size > 0 ? (size_t)rest.data[0] * 4 + 1 : 1;
        break;
    default:
        *size = option_type_size(type);
        if (*size == 0)
            *size = rest.size;
        break;
    }
    return *size <= rest.size;
}

/* As a word that next_word() reads back. */
static bool put_word(struct text *t, enum option_type type, struct span wire)
{
    const bool opaque_text = type == OPTION_TYPE_OPAQUE && is_text(wire);
    const size_t skip = type == OPTION_TYPE_TUPLES ? 1 : 0;
    const struct span bytes = span_of(wire.data + skip, wire.size - skip);

    if (type != OPTION_TYPE_STRING && type != OPTION_TYPE_TUPLES && !opaque_text)
        return wire.size == 0 || put_plain(t, type, wire);
    if (bytes.size == 0) {
        put_text(t, "\"\"");
        return true;
    }
    if (!is_text(bytes) || memchr(bytes.data, '"', bytes.size) != NULL)
        return false;
    const bool quoted = memchr(bytes.data, ' ', bytes.size) != NULL;

    put_text(t, quoted ? "\"" : "");
    put_text(t, opaque_text ? "text:" : "");
    put_characters(t, bytes);
    put_text(t, quoted ? "\"" : "");
    return true;
}

/* One record at the beginning of `*rest`, which moves behind it. */
static bool put_record(struct text *t, const struct option_record *record, struct span *rest)
{
    for (size_t i = 0; i < record->count || (record->last_repeats && rest->size > 0); i++) {
        const size_t last = (size_t)record->count - 1;
        const enum option_type type = record->fields[i < last ? i : last];
        size_t size;

        if (i == last && record->last_optional && rest->size == 0)
            return true;
        if (!field_size(type, *rest, &size))
            return false;
        if (i > 0)
            put_text(t, " ");
        t->fresh = true;
        if (!put_word(t, type, span_of(rest->data, size)))
            return false;
        *rest = span_of(rest->data + size, rest->size - size);
    }
    return true;
}

static bool put_records(struct text *t, const struct option_record *record, struct span wire)
{
    for (bool first = true; wire.size > 0; first = false) {
        const size_t before = wire.size;

        if (!first)
            put_text(t, ", ");
        if (!put_record(t, record, &wire) || wire.size == before)
            return false;
    }
    return true;
}

/* ---- options within options ---- */

/* ": VALUE", with brackets around what has commas of its own; nothing for an empty value. */
static void put_member(struct text *t, const struct option_definition *definition,
                       struct span value)
{
    const bool map = definition->type >= OPTION_TYPE_SUBOPTIONS;
    const bool list = option_type_is_list(definition->type);

    if (value.size == 0)
        return;
    put_text(t, map ? ": {" : list ? ": [" : ": ");
    put_nested(t, definition, value);
    put_text(t, map ? "}" : list ? "]" : "");
}

/* "priority: 5, option-7: aa:bb"; `space` NULL: by number. */
static bool put_suboptions(struct text *t, const struct option_space *space, struct span wire)
{
    struct cursor c = cursor_of(wire);

    while (c.left > 0) {
        const uint8_t code = cursor_u8(&c);
        const struct option_definition *known =
            space != NULL ? option_space_find_code(space, code) : NULL;

        if (code == OPTION_END && (space == NULL || space->ends))
            return true;
        const struct span value = cursor_bytes(&c, cursor_u8(&c));

        if (c.failed)
            return false;
        put_separator(t);
        if (known != NULL) {
            put_text(t, known->name);
        } else {
            put_text(t, "option-");
            put_number(t, code);
        }
        put_member(t, known != NULL ? known : &option_unnamed, value);
    }
    return true;
}

static const struct option_space *space_of_vendor(const struct option_space *space,
                                                  uint32_t enterprise)
{
    while (space != NULL && space->enterprise != enterprise)
        space = space->next;
    return space;
}

/* "4491: {boot-mode: 2}" or, of a class, "4491: text:docsis3.0". */
static bool put_vendors(struct text *t, const struct option_definition *definition,
                        struct span wire)
{
    static const struct option_definition opaque = {.type = OPTION_TYPE_OPAQUE};
    struct option_definition inside = {.type = OPTION_TYPE_SUBOPTIONS};
    struct cursor c = cursor_of(wire);

    while (c.left > 0) {
        const uint32_t enterprise = cursor_u32(&c);
        const struct span value = cursor_bytes(&c, cursor_u8(&c));

        if (c.failed)
            return false;
        inside.space = space_of_vendor(definition->space, enterprise);
        put_separator(t);
        put_number(t, enterprise);
        put_member(t, definition->type == OPTION_TYPE_VENDOR_CLASS ? &opaque : &inside, value);
    }
    return true;
}

bool put_structured(struct text *t, const struct option_definition *definition,
                    struct span wire)
{
    if (definition->type == OPTION_TYPE_SUBOPTIONS)
        return put_suboptions(t, definition->space, wire);
    if (definition->type == OPTION_TYPE_VENDOR_CLASS ||
        definition->type == OPTION_TYPE_VENDOR_OPTIONS)
        return put_vendors(t, definition, wire);
    if (definition->record == NULL)
        return false;
    if (definition->type == OPTION_TYPE_RECORD_LIST)
        return put_records(t, definition->record, wire);
    return put_record(t, definition->record, &wire) && wire.size == 0;
}
