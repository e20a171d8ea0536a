/* daemon/ctl/import/isc_options.c - dhcpd's option definitions and option statements. */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/isc.h"

/* Names that dhcpd has and the registry spells in another way. */
static const struct {
    const char *isc;
    unsigned code;
} aliases[] = {
    {"bootfile-name", 67},
    {"nisplus-domain", 64},
    {"pxe-system-type", 93},
    {"pxe-interface-id", 94},
    {"pxe-client-id", 97},
    {"default-url", 114},
    {"loader-configfile", 209},
    {"loader-pathprefix", 210},
    {"loader-reboottime", 211},
    {"slp-directory-agent", 78},
    {"slp-service-scope", 79},
    {"nds-server", 85},
    {"vivco", 124},
    {"vivso", 125},
    {"dhcp-client-identifier", 61},
    {"dhcp-user-class", 77},
    {"classless-routes", 121},
    {"netinfo-server-address", 112},
};

/* ---- definitions ---- */

struct type_reader {
    const struct isc_token *at;
    struct import_option *option;
};

static bool take(struct type_reader *r, const char *word)
{
    if (!isc_is(r->at, word))
        return false;
    r->at = r->at->next;
    return true;
}

static enum import_type read_integer(struct type_reader *r, bool is_signed)
{
    static const enum import_type types[2][3] = {{IMPORT_U8, IMPORT_U16, IMPORT_U32},
                                                 {IMPORT_I8, IMPORT_I16, IMPORT_I32}};
    static const char *const widths[] = {"8", "16", "32"};

    for (size_t w = 0; w < ARRAY_SIZE(widths); w++)
        if (take(r, widths[w]))
            return types[is_signed][w];
    return IMPORT_UNKNOWN;
}

static enum import_type read_simple(struct type_reader *r)
{
    if (take(r, "boolean") || take(r, "flag"))
        return IMPORT_BOOL;
    if (take(r, "signed"))
        return take(r, "integer") ? read_integer(r, true) : IMPORT_UNKNOWN;
    if (take(r, "unsigned"))
        return take(r, "integer") ? read_integer(r, false) : IMPORT_UNKNOWN;
    if (take(r, "integer")) /* numbers in examples are codes and counts */
        return read_integer(r, false);
    if (take(r, "ip-address"))
        return IMPORT_IP;
    if (take(r, "text"))
        return IMPORT_STRING;
    if (take(r, "string"))
        return IMPORT_BINARY;
    if (take(r, "domain-name"))
        return IMPORT_FQDN;
    return IMPORT_UNKNOWN;
}

static bool read_record(struct type_reader *r)
{
    struct import_option *o = r->option;

    o->type = IMPORT_RECORD;
    while (!take(r, "}")) {
        if (r->at == NULL || o->field_count == IMPORT_FIELDS_MAX)
            return false;
        o->fields[o->field_count++] = read_simple(r);
        if (!take(r, ",") && !isc_is(r->at, "}"))
            return false;
    }
    return o->field_count > 0;
}

static bool read_type(struct type_reader *r)
{
    struct import_option *o = r->option;

    if (take(r, "array")) {
        o->array = true;
        if (!take(r, "of"))
            return false;
    }
    if (take(r, "{")) {
        if (!read_record(r))
            return false;
    } else if (take(r, "encapsulate")) {
        if (r->at == NULL)
            return false;
        o->type = IMPORT_EMPTY;
        o->encapsulates = r->at->text;
        r->at = r->at->next;
    } else if (take(r, "domain-list")) {
        o->type = IMPORT_FQDN;
        o->array = true;
        (void)take(r, "compressed");
    } else {
        o->type = read_simple(r);
    }
    return r->at == NULL && o->type != IMPORT_UNKNOWN;
}

/* "SPACE.NAME" in its two parts; NULL space means dhcp4. */
static void split_name(struct import *run, const char *text, const char **space,
                       const char **name)
{
    const char *dot = strchr(text, '.');

    *space = "dhcp4";
    *name = text;
    if (dot == NULL)
        return;
    *space = dot - text == 4 && strncmp(text, "dhcp", 4) == 0
                 ? "dhcp4"
                 : import_copy(run, text, (size_t)(dot - text));
    *name = dot + 1;
}

static void define(struct isc *i, const struct isc_statement *statement)
{
    const struct isc_token *name = isc_word(statement, 1), *code = isc_word(statement, 3);
    const char *space, *plain;

    if (name == NULL || code == NULL || !isc_is(code->next, "=") || atoi(code->text) < 1 ||
        atoi(code->text) > 65535) {
        isc_note(i, i->document, statement, "is no definition of an option");
        return;
    }
    split_name(i->run, name->text, &space, &plain);
    struct import_option *option =
        import_option_define(i->run, &i->options, space, plain, (unsigned)atoi(code->text));
    struct type_reader reader = {code->next->next, option};
    if (!read_type(&reader)) {
        option->type = IMPORT_UNKNOWN;
        isc_note(i, i->document, statement, "there is no such option type");
    }
}

static bool is_definition(const struct isc_statement *statement)
{
    return isc_starts(statement, "option") && isc_is(isc_word(statement, 2), "code");
}

void isc_define_options(struct isc *i, const struct isc_statement *first)
{
    for (const struct isc_statement *s = first; s != NULL; s = s->next) {
        if (is_definition(s))
            define(i, s);
        if (s->has_block)
            isc_define_options(i, s->block);
    }
}

/* ---- names ---- */

/* Spaces that dhcpd is born with. */
static unsigned built_in_code(const char *space, const char *name)
{
    if (strcmp(space, "agent") == 0) {
        if (strcmp(name, "circuit-id") == 0)
            return 1;
        if (strcmp(name, "remote-id") == 0)
            return 2;
        return strcmp(name, "link-selection") == 0 ? 5 : 0;
    }
    return 0;
}

bool isc_option_code(const struct isc *i, const char *name, const char **space, unsigned *code)
{
    const char *plain;

    split_name(i->run, name, space, &plain);
    const struct import_option *own = import_option_find(&i->options, *space, plain);
    if (own != NULL) {
        *code = own->code;
        return true;
    }
    if (strcmp(*space, "dhcp4") != 0) {
        *code = built_in_code(*space, plain);
        return *code != 0;
    }
    for (size_t a = 0; a < ARRAY_SIZE(aliases); a++) {
        if (strcmp(aliases[a].isc, plain) == 0) {
            *code = aliases[a].code;
            return true;
        }
    }
    const struct option_definition *known = option_find_name(plain);
    *code = known != NULL                        ? known->code
            : strncmp(plain, "option-", 7) == 0  ? (unsigned)atoi(plain + 7)
            : strncmp(plain, "unknown-", 8) == 0 ? (unsigned)atoi(plain + 8)
                                                 : 0;
    return *code >= 1 && *code <= 254;
}

/* ---- values ---- */

static bool is_hex(const struct isc_token *token)
{
    return token->kind == ISC_WORD && strchr(token->text, ':') != NULL &&
           strspn(token->text, "0123456789abcdefABCDEF:") == token->size;
}

/* A text with bytes that no text of ours has. */
static bool is_printable(const struct isc_token *token)
{
    for (size_t c = 0; c < token->size; c++)
        if ((unsigned char)token->text[c] < 0x20 || (unsigned char)token->text[c] == 0x7f)
            return false;
    return token->size > 0;
}

/* The values between the commas; false when one is computed.  `grouped`: what is repeated has
 * several values, and between these is no comma. */
static bool read_values(struct isc *i, const struct isc_token *token, bool bytes, bool grouped,
                        struct import_value *out)
{
    *out = (struct import_value){0};
    while (token != NULL) {
        if (token->kind == ISC_SIGN)
            return false;
        if (bytes && token->kind == ISC_TEXT && is_printable(token))
            import_value_add(out, import_format(i->run, "text:%s", token->text));
        else
            import_value_add(out, token->text);
        token = token->next;
        if (token == NULL)
            return true;
        if (isc_is(token, ","))
            token = token->next;
        else if (!grouped)
            return false;
    }
    return false;
}

static bool has_host_names(const struct import_value *value)
{
    struct ip4 address;

    for (size_t v = 0; v < value->count; v++)
        if (!ip4_parse(value->items[v], &address))
            return true;
    return false;
}

static void set_own(struct isc *i, struct isc_scope *scope,
                    const struct isc_statement *statement, const struct import_option *own,
                    const struct isc_token *values)
{
    struct import_value value;

    if (own->type == IMPORT_EMPTY && values == NULL) {
        value = (struct import_value){0};
    } else if (!read_values(i, values, own->type == IMPORT_BINARY, own->type == IMPORT_RECORD,
                            &value)) {
        isc_note(i, scope->node, statement, "is computed: write a class for each value");
        return;
    } else if (own->type == IMPORT_IP && has_host_names(&value)) {
        isc_note(i, scope->node, statement, "names are not looked up: write addresses");
        return;
    }
    import_option_set(i->run, &i->options, scope->node, own, &value, statement->place);
}

static void set_known(struct isc *i, struct isc_scope *scope,
                      const struct isc_statement *statement, unsigned code,
                      const struct isc_token *values)
{
    const struct option_definition *known = option_find_code((uint8_t)code);
    const bool bytes = known == NULL || known->type == OPTION_TYPE_BINARY;
    struct import_value value;
    uint8_t hex[256];
    size_t size = sizeof(hex);

    if (values != NULL && values->next == NULL &&
        (bytes || known->type == OPTION_TYPE_STRING) && is_hex(values) &&
        hex_parse(values->text, hex, &size)) {
        import_option_set_bytes(i->run, scope->node, code, span_of(hex, size),
                                statement->place);
    } else if (bytes && values != NULL && values->next == NULL && values->kind == ISC_TEXT) {
        import_option_set_bytes(i->run, scope->node, code, span_of(values->text, values->size),
                                statement->place);
    } else if (!read_values(i, values, false,
                            known != NULL && known->type == OPTION_TYPE_IP_PAIRS, &value)) {
        isc_note(i, scope->node, statement, "is computed: write a class for each value");
    } else if (known == NULL) {
        isc_note(i, scope->node, statement, "write option-%u with hexadecimal bytes", code);
    } else if ((known->type == OPTION_TYPE_IP || known->type == OPTION_TYPE_IP_LIST) &&
               has_host_names(&value)) {
        isc_note(i, scope->node, statement, "names are not looked up: write addresses");
    } else {
        import_option_set_known(i->run, scope->node, known, &value, statement->place);
    }
}

void isc_option(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const struct isc_token *name = isc_word(statement, 1);
    const char *space, *plain;
    unsigned code;

    if (name == NULL || is_definition(statement) || isc_is(name, "space"))
        return;
    const struct isc_token *values = name->next;
    if (isc_is(values, "="))
        values = values->next;
    if (!isc_option_code(i, name->text, &space, &code)) {
        isc_note(i, scope->node, statement, "the option is not known here");
        return;
    }
    split_name(i->run, name->text, &space, &plain);
    const struct import_option *own = import_option_find(&i->options, space, plain);
    if (own != NULL)
        set_own(i, scope, statement, own, values);
    else if (strcmp(space, "dhcp4") != 0)
        isc_note(i, scope->node, statement, "the relay sets it");
    else
        set_known(i, scope, statement, code, values);
}
