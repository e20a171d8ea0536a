/* daemon/ctl/import/option_value.c - see option_value.h */
#include "daemon/ctl/import/option_value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool option_value_is_list(enum option_type type)
{
    switch (type) {
    case OPTION_TYPE_IP_LIST:
    case OPTION_TYPE_IP_PAIRS:
    case OPTION_TYPE_U8_LIST:
    case OPTION_TYPE_U16_LIST:
    case OPTION_TYPE_FQDN_LIST:
    case OPTION_TYPE_ROUTES:
    case OPTION_TYPE_TUPLES:
    case OPTION_TYPE_URI_TUPLES:
        return true;
    default:
        return false;
    }
}

/* "on", "1", "yes" -> "true"; NULL for what is no truth value. */
static const char *truth(const char *text)
{
    static const char *const yes[] = {"true", "on", "1", "yes"};
    static const char *const no[] = {"false", "off", "0", "no"};

    for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return "true";
        if (strcasecmp(text, no[i]) == 0)
            return "false";
    }
    return NULL;
}

/* Where several texts were separated that the type wants as one. */
static const char *join(struct import *run, const struct import_value *value)
{
    const char *text = value->count > 0 ? value->items[0] : "";

    for (size_t i = 1; i < value->count; i++)
        text = import_format(run, "%s, %s", text, value->items[i]);
    return text;
}

static bool collect(struct import *run, const struct option_definition *known,
                    const struct import_value *value, struct import_value *out)
{
    *out = (struct import_value){0};
    if (known->type == OPTION_TYPE_IP_PAIRS) {
        if (value->count % 2 != 0)
            return false;
        for (size_t i = 0; i + 1 < value->count; i += 2)
            import_value_add(out,
                             import_format(run, "%s %s", value->items[i], value->items[i + 1]));
    } else if (known->type == OPTION_TYPE_STRING || known->type == OPTION_TYPE_BINARY) {
        import_value_add(out, join(run, value));
    } else if (known->type == OPTION_TYPE_BOOL) {
        import_value_add(out, value->count == 1 ? truth(value->items[0]) : NULL);
        return out->items[0] != NULL;
    } else {
        for (size_t i = 0; i < value->count; i++)
            import_value_add(out, value->items[i]);
    }
    return true;
}

bool option_value_fit(struct import *run, const struct option_definition *known,
                      const struct import_value *value, struct import_value *out)
{
    uint8_t wire[OPTION_WIRE_MAX];
    size_t used = 0;

    if (value->too_long || value->count == 0 || !collect(run, known, value, out))
        return false;
    if (!option_value_is_list(known->type) && out->count != 1)
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (option_text_to_wire(known->type, out->items[i], wire, sizeof(wire), &used) != TD_OK)
            return false;
    return true;
}

/* ---- bytes ---- */

static bool put_number(const char *text, size_t width, bool is_signed, uint8_t *out,
                       size_t *used)
{
    char *end;
    const long long number = strtoll(text, &end, 0);
    const long long limit = 1LL << (width * 8);

    if (*text == '\0' || *end != '\0' || number >= (is_signed ? limit / 2 : limit) ||
        number < (is_signed ? -limit / 2 : 0) || OPTION_WIRE_MAX - *used < width)
        return false;
    for (size_t i = width; i-- > 0;)
        out[(*used)++] = (uint8_t)((unsigned long long)number >> (i * 8));
    return true;
}

static bool put_one(enum import_type type, const char *text, uint8_t *out, size_t *used)
{
    switch (type) {
    case IMPORT_EMPTY:
        return true;
    case IMPORT_BOOL:
        text = truth(text);
        return text != NULL &&
               option_text_to_wire(OPTION_TYPE_BOOL, text, out, OPTION_WIRE_MAX, used) == TD_OK;
    case IMPORT_U8:
        return put_number(text, 1, false, out, used);
    case IMPORT_U16:
        return put_number(text, 2, false, out, used);
    case IMPORT_U32:
        return put_number(text, 4, false, out, used);
    case IMPORT_I8:
        return put_number(text, 1, true, out, used);
    case IMPORT_I16:
        return put_number(text, 2, true, out, used);
    case IMPORT_I32:
        return put_number(text, 4, true, out, used);
    case IMPORT_IP:
        return option_text_to_wire(OPTION_TYPE_IP, text, out, OPTION_WIRE_MAX, used) == TD_OK;
    case IMPORT_STRING:
        return option_text_to_wire(OPTION_TYPE_STRING, text, out, OPTION_WIRE_MAX, used) ==
               TD_OK;
    case IMPORT_FQDN:
        return option_text_to_wire(OPTION_TYPE_FQDN, text, out, OPTION_WIRE_MAX, used) == TD_OK;
    case IMPORT_BINARY:
        return option_text_to_wire(OPTION_TYPE_BINARY, text, out, OPTION_WIRE_MAX, used) ==
               TD_OK;
    case IMPORT_RECORD:
    case IMPORT_UNKNOWN:
        return false;
    }
    return false;
}

bool option_value_bytes(const struct import_option *option, const struct import_value *value,
                        uint8_t out[static OPTION_WIRE_MAX], size_t *size)
{
    const size_t fields = option->type == IMPORT_RECORD ? option->field_count : 1;
    size_t used = 0;

    if (value->too_long || fields == 0 || value->count < fields ||
        (!option->array && value->count != fields) ||
        (!option->last_repeats && value->count % fields != 0))
        return false;
    for (size_t i = 0; i < value->count; i++) {
        const size_t field = option->last_repeats && i >= fields ? fields - 1 : i % fields;
        const enum import_type type =
            option->type == IMPORT_RECORD ? option->fields[field] : option->type;
        if (!put_one(type, value->items[i], out, &used))
            return false;
    }
    *size = used;
    return used > 0;
}

bool option_value_read(struct import *run, const struct option_definition *known,
                       struct span bytes, struct import_value *out)
{
    char text[OPTION_WIRE_MAX];
    char *rest;

    if (known->type == OPTION_TYPE_BINARY || known->type == OPTION_TYPE_TUPLES ||
        known->type == OPTION_TYPE_URI_TUPLES || known->type == OPTION_TYPE_IP_PAIRS ||
        !option_wire_to_text(known->type, bytes, text, sizeof(text)) ||
        strncmp(text, "0x", 2) == 0)
        return false;
    *out = (struct import_value){0};
    if (!option_value_is_list(known->type)) {
        import_value_add(out, import_copy(run, text, strlen(text)));
        return true;
    }
    rest = text;
    for (char *end; (end = strstr(rest, ", ")) != NULL; rest = end + 2)
        import_value_add(out, import_copy(run, rest, (size_t)(end - rest)));
    import_value_add(out, import_copy(run, rest, strlen(rest)));
    return true;
}
