/* daemon/ctl/import/kea_options.c - Kea's option-def and option-data. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/kea.h"
#include "daemon/ctl/import/option_value.h"

static enum import_type type_of(const char *text)
{
    static const struct {
        const char *name;
        enum import_type type;
    } names[] = {
        {"empty", IMPORT_EMPTY},     {"binary", IMPORT_BINARY}, {"boolean", IMPORT_BOOL},
        {"uint8", IMPORT_U8},        {"uint16", IMPORT_U16},    {"uint32", IMPORT_U32},
        {"int8", IMPORT_I8},         {"int16", IMPORT_I16},     {"int32", IMPORT_I32},
        {"ipv4-address", IMPORT_IP}, {"string", IMPORT_STRING}, {"fqdn", IMPORT_FQDN},
        {"record", IMPORT_RECORD}};

    for (size_t i = 0; text != NULL && i < ARRAY_SIZE(names); i++)
        if (strcmp(names[i].name, text) == 0)
            return names[i].type;
    return IMPORT_UNKNOWN;
}

/* The next text before a comma, blanks around it removed, "\," a comma; NULL at the end. */
static const char *next_item(struct kea *k, const char **rest)
{
    const char *at = *rest;

    if (at == NULL)
        return NULL;
    char *out = import_alloc(k->run, strlen(at) + 1);
    size_t used = 0;
    while (isspace((unsigned char)*at))
        at++;
    for (; *at != '\0' && *at != ','; at++) {
        if (at[0] == '\\' && at[1] == ',')
            at++;
        out[used++] = *at;
    }
    while (used > 0 && isspace((unsigned char)out[used - 1]))
        out[--used] = '\0';
    out[used] = '\0';
    *rest = *at == ',' ? at + 1 : NULL;
    return out;
}

static void define(struct kea *k, const struct jvalue *object)
{
    const char *name = json_text_of(object, "name");
    const char *space = json_text_of(object, "space");
    const char *encapsulates = json_text_of(object, "encapsulate");
    const char *fields = json_text_of(object, "record-types");
    uint64_t code;

    if (name == NULL || !json_number_of(object, "code", &code) || code > 65535) {
        import_note(k->run, k->document, object->place, "option-def",
                    "a definition needs a name and a code");
        return;
    }
    struct import_option *option = import_option_define(
        k->run, &k->options, space == NULL ? "dhcp4" : space, name, (unsigned)code);
    option->type = type_of(json_text_of(object, "type"));
    option->array = json_bool_of(object, "array") == 1;
    option->last_repeats = option->array && option->type == IMPORT_RECORD;
    if (encapsulates != NULL && encapsulates[0] != '\0')
        option->encapsulates = encapsulates;
    if (fields == NULL || fields[0] == '\0')
        fields = NULL;
    for (const char *field;
         (field = next_item(k, &fields)) != NULL && option->field_count < IMPORT_FIELDS_MAX;)
        option->fields[option->field_count++] = type_of(field);
    if (option->type == IMPORT_UNKNOWN)
        import_note(k->run, k->document, object->place, name, "there is no option type \"%s\"",
                    json_text_of(object, "type"));
    kea_user_context(k, object, k->document);
    kea_leftovers(k, object, k->document);
}

void kea_definitions(struct kea *k, const struct jvalue *object)
{
    for (const struct jvalue *def = json_items(json_get(object, "option-def")); def != NULL;
         def = def->next)
        define(k, def);
    if (object != k->dhcp4)
        return;
    /* A class may define option 43 for itself; here its sub-options say what they are. */
    for (const struct jvalue *class = json_items(json_get(object, "client-classes"));
         class != NULL; class = class->next)
        kea_definitions(k, class);
}

/* ---- values ---- */

/* "0A 0b", "0a:0b", "0x0a0b", "'text'": bytes. */
static bool read_bytes(struct kea *k, const char *text, struct span *out)
{
    const size_t length = strlen(text);
    char *compact = import_alloc(k->run, length + 3);
    uint8_t *bytes = import_alloc(k->run, length + 1);
    size_t used = 0, size = length + 1;

    if (length >= 2 && text[0] == '\'' && text[length - 1] == '\'') {
        *out = span_of(text + 1, length - 2);
        return true;
    }
    for (const char *c = text; *c != '\0'; c++)
        if (!isspace((unsigned char)*c) && *c != ':')
            compact[used++] = *c;
    if (strncasecmp(compact, "0x", 2) == 0)
        memmove(compact, compact + 2, used - 1);
    used = strlen(compact);
    if (used == 0) {
        *out = span_of(bytes, 0);
        return true;
    }
    if (used % 2 != 0) { /* a leading zero was left out */
        memmove(compact + 1, compact, used + 1);
        compact[0] = '0';
    }
    if (!hex_parse(compact, bytes, &size))
        return false;
    *out = span_of(bytes, size);
    return true;
}

static struct import_value split(struct kea *k, const char *data, bool whole)
{
    struct import_value value = {0};

    if (data == NULL || data[0] == '\0')
        return value;
    if (whole) { /* a text may have commas of its own, which Kea wants escaped in lists only */
        const char *rest = data;
        const char *item = next_item(k, &rest);
        for (; rest != NULL; item = import_format(k->run, "%s, %s", item, next_item(k, &rest)))
            ;
        import_value_add(&value, item);
        return value;
    }
    for (const char *rest = data, *item; (item = next_item(k, &rest)) != NULL;)
        import_value_add(&value, item);
    return value;
}

/* Options that Kea knows with fields, and the registry as bytes or not at all. */
static const struct import_option *standard(unsigned code)
{
    static const struct import_option records[] = {
        {.name = "slp-directory-agent",
         .code = 78,
         .type = IMPORT_RECORD,
         .array = true,
         .fields = {IMPORT_BOOL, IMPORT_IP},
         .field_count = 2,
         .last_repeats = true},
        {.name = "slp-service-scope",
         .code = 79,
         .type = IMPORT_RECORD,
         .fields = {IMPORT_BOOL, IMPORT_STRING},
         .field_count = 2},
        {.name = "bcms-controller-names", .code = 88, .type = IMPORT_FQDN, .array = true},
        {.name = "bcms-controller-address", .code = 89, .type = IMPORT_IP, .array = true},
        {.name = "client-ndi",
         .code = 94,
         .type = IMPORT_RECORD,
         .fields = {IMPORT_U8, IMPORT_U8, IMPORT_U8},
         .field_count = 3},
        {.name = "vivco-suboptions",
         .code = 124,
         .type = IMPORT_RECORD,
         .fields = {IMPORT_U32, IMPORT_BINARY},
         .field_count = 2},
        {.name = "pana-agent", .code = 136, .type = IMPORT_IP, .array = true},
        {.name = "sip-ua-cs-domains", .code = 141, .type = IMPORT_FQDN, .array = true},
        {.name = "rdnss-selection",
         .code = 146,
         .type = IMPORT_RECORD,
         .array = true,
         .fields = {IMPORT_U8, IMPORT_IP, IMPORT_IP, IMPORT_FQDN},
         .field_count = 4,
         .last_repeats = true},
    };

    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        if (records[i].code == code)
            return &records[i];
    return NULL;
}

struct kea_option {
    const char *name, *space, *data;
    unsigned code;
    bool csv, has_csv;
    struct place place;
};

static const char *in_hex(struct kea *k, struct span bytes)
{
    const size_t size = bytes.size * 3 + 1;

    return hex_format(bytes, import_alloc(k->run, size), size);
}

/* Kea writes bytes as "0a 0b" too. */
static void tidy_bytes(struct kea *k, const struct import_option *option,
                       struct import_value *value)
{
    const size_t fields = option->type == IMPORT_RECORD ? option->field_count : 1;
    struct span bytes;

    for (size_t i = 0; i < value->count && fields > 0; i++) {
        const size_t field = i >= fields && option->last_repeats ? fields - 1 : i % fields;
        const enum import_type type =
            option->type == IMPORT_RECORD ? option->fields[field] : option->type;
        if (type == IMPORT_BINARY && read_bytes(k, value->items[i], &bytes))
            value->items[i] = in_hex(k, bytes);
    }
}

/* By its bytes, and by its name where the registry reads them. */
static void set_standard(struct kea *k, struct yaml *node, const struct kea_option *o,
                         const struct import_option *record)
{
    struct import_value value = split(k, o->data, false);
    const struct option_definition *known = option_find_code((uint8_t)o->code);
    uint8_t wire[OPTION_WIRE_MAX];
    size_t size = 0;
    struct import_value read;

    tidy_bytes(k, record, &value);
    if (!option_value_bytes(record, &value, wire, &size))
        import_note(k->run, node, o->place, o->name, "\"%s\" does not fit the option's type",
                    o->data);
    else if (known != NULL && option_value_read(k->run, known, span_of(wire, size), &read))
        import_option_set_known(k->run, node, known, &read, o->place);
    else
        import_option_set_bytes(k->run, node, o->code, span_of(wire, size), o->place);
}

static void set_bytes(struct kea *k, struct yaml *node, const struct kea_option *o,
                      const struct import_option *defined)
{
    const bool dhcp4 = strcmp(o->space, "dhcp4") == 0;
    struct span bytes;

    if (!dhcp4 && defined == NULL) {
        import_note(k->run, node, o->place, o->name,
                    "the option of space %s is not known here: write an option-def for it",
                    o->space);
    } else if (!read_bytes(k, o->data == NULL ? "" : o->data, &bytes)) {
        import_note(k->run, node, o->place, o->name, "\"%s\" is not in hexadecimal", o->data);
    } else if (dhcp4) {
        import_option_set_bytes(k->run, node, o->code, bytes, o->place);
    } else if (defined->type == IMPORT_BINARY) {
        struct import_value value = {0};
        import_value_add(&value, in_hex(k, bytes));
        import_option_set(k->run, &k->options, node, defined, &value, o->place);
    } else {
        import_note(k->run, node, o->place, o->name,
                    "the bytes of a sub-option need a definition of type binary");
    }
}

/* vivso-suboptions and vivco-suboptions name an enterprise; its options stand in a space. */
static bool is_container(const struct kea_option *o)
{
    return o->data == NULL || o->data[0] == '\0' ||
           (o->code == 125 && strspn(o->data, "0123456789") == strlen(o->data));
}

static void set_value(struct kea *k, struct yaml *node, const struct kea_option *o)
{
    const struct import_option *defined = import_option_at(&k->options, o->space, o->code);
    const struct option_definition *known = strcmp(o->space, "dhcp4") == 0 && o->code < 256
                                                ? option_find_code((uint8_t)o->code)
                                                : NULL;
    const struct import_option *record =
        strcmp(o->space, "dhcp4") == 0 ? standard(o->code) : NULL;

    if (is_container(o)) {
        if (defined != NULL && defined->type == IMPORT_EMPTY && defined->encapsulates == NULL &&
            known == NULL) {
            const struct import_value nothing = {0};
            import_option_set(k->run, &k->options, node, defined, &nothing, o->place);
        } else {
            import_remark(k->run, node, o->place, o->name,
                          "is sent with the sub-options that follow, if there are any");
        }
    } else if (record != NULL && defined == NULL && (o->csv || !o->has_csv)) {
        set_standard(k, node, o, record);
    } else if (defined == NULL && known == NULL && strcmp(o->space, "dhcp4") != 0) {
        set_bytes(k, node, o, NULL);
    } else if ((o->has_csv && !o->csv) || (defined == NULL && known == NULL && !o->csv)) {
        set_bytes(k, node, o, defined);
    } else if (defined != NULL) {
        struct import_value value =
            split(k, o->data, defined->type == IMPORT_STRING && !defined->array);
        tidy_bytes(k, defined, &value);
        import_option_set(k->run, &k->options, node, defined, &value, o->place);
    } else if (known == NULL || known->type == OPTION_TYPE_BINARY) {
        set_bytes(k, node, o, NULL);
    } else {
        const struct import_value value = split(k, o->data, known->type == OPTION_TYPE_STRING);
        import_option_set_known(k->run, node, known, &value, o->place);
    }
}

/* Kea's names are the registry's; a code alone is enough too. */
static bool identify(struct kea *k, const struct jvalue *object, struct kea_option *o)
{
    const struct import_option *defined;
    const struct option_definition *known;
    uint64_t code = 0;

    o->place = object->place;
    o->name = json_text_of(object, "name");
    o->space = json_text_of(object, "space");
    o->data = json_text_of(object, "data");
    if (o->space == NULL)
        o->space = "dhcp4";
    const int csv = json_bool_of(object, "csv-format");
    o->has_csv = csv >= 0;
    o->csv = csv == 1;
    if (json_number_of(object, "code", &code) && code < 65536) {
        o->code = (unsigned)code;
    } else if (o->name != NULL) {
        defined = import_option_find(&k->options, o->space, o->name);
        known = strcmp(o->space, "dhcp4") == 0 ? option_find_name(o->name) : NULL;
        o->code = defined != NULL ? defined->code : known != NULL ? known->code : 0;
        for (unsigned c = 1; c < 255 && o->code == 0 && strcmp(o->space, "dhcp4") == 0; c++)
            if (standard(c) != NULL && strcmp(standard(c)->name, o->name) == 0)
                o->code = c;
    }
    if (o->name == NULL)
        o->name = import_format(k->run, "option %u", o->code);
    return o->code != 0;
}

static void put_option(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    struct kea_option o = {0};
    const int always = json_bool_of(object, "always-send");
    const int never = json_bool_of(object, "never-send");

    if (!identify(k, object, &o)) {
        import_note(k->run, node, o.place, o.name, "the option is not known here (space %s)",
                    o.space);
    } else {
        if (never != 1)
            set_value(k, node, &o);
        if (strcmp(o.space, "dhcp4") == 0) {
            const char *name = import_option_name(k->run, &k->options, o.code);
            if (always == 1)
                yaml_add_once(k->run, node, "always-send", name);
            if (never == 1)
                yaml_add_once(k->run, node, "never-send", name);
        } else if (always == 1 || never == 1) {
            import_remark(k->run, node, o.place, o.name,
                          "a sub-option is sent when the option around it is");
        }
    }
    kea_user_context(k, object, node);
    kea_leftovers(k, object, node);
}

void kea_option_data(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    for (const struct jvalue *data = json_items(json_get(object, "option-data")); data != NULL;
         data = data->next)
        put_option(k, data, node);
}
