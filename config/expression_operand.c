/* config/expression_operand.c - what an expression can look at: options and their sub-options,
 * vendors' data, fields, classes; and literals. */
#include "config/expression_parse.h"

#include <stdio.h>

#include "config/match_names.h"
#include "config/model.h"
#include "config/suggest.h"

#define INSTANCES_MAX 255 /* data of one vendor in one packet */

/* ---- literals ---- */

static void push_bytes(struct expression_parser *p, struct span bytes)
{
    expression_emit(p, STEP_TEXT, 0, 1)->text = arena_span(p->arena, bytes);
}

static void push_number(struct expression_parser *p, uint32_t number)
{
    const uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 8), (uint8_t)number};

    push_bytes(p, span_of(bytes, sizeof(bytes)));
}

/* An odd number of digits has a 0 before it. */
static void push_hex(struct expression_parser *p, const struct token *token)
{
    const size_t size = (token->size + 1) / 2;
    char *digits = arena_alloc(p->arena, 2 * size + 3);
    uint8_t *bytes = arena_alloc(p->arena, size);
    size_t got = size;

    (void)snprintf(digits, 2 * size + 3, "0x%s%.*s", token->size % 2 == 1 ? "0" : "",
                   (int)token->size, token->text);
    if (!hex_parse(digits, bytes, &got))
        UNREACHABLE("the token has hexadecimal digits alone");
    push_bytes(p, span_of(bytes, got));
}

static bool literal(struct expression_parser *p)
{
    const struct token token = p->token;

    if (token.kind == TOKEN_TEXT)
        push_bytes(p, span_of(token.text, token.size));
    else if (token.kind == TOKEN_HEX)
        push_hex(p, &token);
    else if (token.kind == TOKEN_INTEGER)
        push_number(p, (uint32_t)token.number);
    else if (token.kind == TOKEN_ADDRESS)
        push_number(p, token.address);
    else
        return false;
    expression_advance(p);
    return true;
}

/* ---- representations ---- */

enum representation { AS_HEX, AS_TEXT, EXISTS };

/* ".hex", ".text" or ".exists"; or ".option", then `deeper` is set. */
static enum representation representation(struct expression_parser *p, bool *deeper)
{
    enum representation as = AS_HEX;

    *deeper = false;
    expression_expect_sign(p, '.');
    if (expression_at_word(p, "option"))
        *deeper = true;
    else if (expression_at_word(p, "text"))
        as = AS_TEXT;
    else if (expression_at_word(p, "exists"))
        as = EXISTS;
    else if (!expression_at_word(p, "hex"))
        expression_expected(p, "hex, text, exists or option[...]");
    expression_advance(p);
    return as;
}

/* Values that are a text by themselves, or have one. */
static const struct {
    enum option_type type;
    enum expression_op op;
    int32_t size;
} texts[] = {
    {OPTION_TYPE_STRING, STEP_TEXT, 0},       {OPTION_TYPE_BINARY, STEP_TEXT, 0},
    {OPTION_TYPE_OPAQUE, STEP_TEXT, 0},       {OPTION_TYPE_EMPTY, STEP_TEXT, 0},
    {OPTION_TYPE_IP, STEP_ADDRESS_TEXT, 0},   {OPTION_TYPE_BOOL, STEP_UNSIGNED_TEXT, 1},
    {OPTION_TYPE_U8, STEP_UNSIGNED_TEXT, 1},  {OPTION_TYPE_U16, STEP_UNSIGNED_TEXT, 2},
    {OPTION_TYPE_U32, STEP_UNSIGNED_TEXT, 4}, {OPTION_TYPE_I8, STEP_SIGNED_TEXT, 1},
    {OPTION_TYPE_I16, STEP_SIGNED_TEXT, 2},   {OPTION_TYPE_I32, STEP_SIGNED_TEXT, 4},
};

static void emit_as_text(struct expression_parser *p, size_t at, enum option_type type)
{
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        if (texts[i].type != type)
            continue;
        if (texts[i].op != STEP_TEXT)
            expression_emit(p, texts[i].op, 1, 1)->number = texts[i].size;
        return;
    }
    expression_fail(p, at,
                    "this option is no single text, number or address: its .text is not "
                    "supported; compare its .hex");
}

/* ---- options ---- */

/* Options of which a file has no own ones. */
static const struct config registry_alone;

static const struct config *config_of(const struct expression_parser *p)
{
    return p->scope != NULL && p->scope->config != NULL ? p->scope->config : &registry_alone;
}

struct option_reference {
    size_t at;
    uint8_t code;
    const struct option_definition *definition;
};

static void unknown_option(struct expression_parser *p, const char *name)
{
    const struct config_definitions *own = &config_of(p)->definitions;
    struct suggestion suggestion = suggestion_for(name);
    const struct option_definition *known;

    for (size_t i = 0; i < own->count; i++)
        suggestion_consider(&suggestion, own->options[i].name);
    for (size_t i = 0; (known = option_at(i)) != NULL; i++)
        suggestion_consider(&suggestion, known->name);
    if (suggestion.best != NULL)
        expression_fail(p, p->token.at, "unknown option '%.40s'; did you mean '%s'?", name,
                        suggestion.best);
    else
        expression_fail(p, p->token.at, "unknown option '%.40s'; write its code or its name",
                        name);
}

/* "[60]" or "[vendor-class-identifier]" */
static struct option_reference option_in_brackets(struct expression_parser *p)
{
    struct option_reference option = {.definition = NULL};

    expression_expect_sign(p, '[');
    option.at = p->token.at;
    if (p->token.kind == TOKEN_WORD) {
        option.definition = config_option_named(config_of(p), p->token.text, &option.code);
        if (option.definition == NULL)
            unknown_option(p, p->token.text);
        expression_advance(p);
    } else {
        option.code = (uint8_t)expression_expect_integer(p, 1, 254);
        option.definition = config_option_definition(config_of(p), option.code);
    }
    if (option.definition == NULL)
        option.definition = &option_unnamed;
    expression_expect_sign(p, ']');
    return option;
}

/* "[1]", or by name of those that a relay inserts or the option's space has. */
static uint8_t suboption_in_brackets(struct expression_parser *p, uint8_t code,
                                     const struct option_space *space)
{
    const struct option_definition *named;
    uint8_t sub = 0;
    enum option_type type;

    expression_expect_sign(p, '[');
    if (p->token.kind == TOKEN_WORD && code == OPTION_RELAY_AGENT_INFORMATION) {
        if (!match_relay_name(p->token.text, &sub, &type))
            expression_expected(p, "a sub-option's number or name, such as 1 or circuit-id,");
        expression_advance(p);
    } else if (p->token.kind == TOKEN_WORD && space != NULL) {
        named = option_space_find_name(space, p->token.text);
        if (named != NULL)
            sub = named->code;
        else
            expression_expected(p, "a sub-option's number, or its name in that space,");
        expression_advance(p);
    } else {
        sub = (uint8_t)expression_expect_integer(p, 0, 255);
    }
    expression_expect_sign(p, ']');
    return sub;
}

static enum expression_type suboption(struct expression_parser *p, uint8_t code,
                                      const struct option_space *space)
{
    const uint8_t sub = suboption_in_brackets(p, code, space);
    const size_t at = p->token.at;
    bool deeper;
    const enum representation as = representation(p, &deeper);
    struct expression_step *step;

    if (deeper)
        expression_fail(p, at,
                        "a sub-option has no options inside; write .hex, .text or "
                        ".exists");
    step = expression_emit(p, as == EXISTS ? STEP_HAS_SUBOPTION : STEP_SUBOPTION, 0, 1);
    step->code = code;
    step->sub = sub;
    return as == EXISTS ? TYPE_TEST : TYPE_VALUE;
}

static enum expression_type option(struct expression_parser *p)
{
    const struct option_reference option = option_in_brackets(p);
    bool deeper;
    const enum representation as = representation(p, &deeper);

    if (deeper)
        return suboption(p, option.code,
                         option.definition->type == OPTION_TYPE_SUBOPTIONS
                             ? option.definition->space
                             : NULL);
    expression_emit(p, as == EXISTS ? STEP_HAS_OPTION : STEP_OPTION, 0, 1)->code = option.code;
    if (as == AS_TEXT)
        emit_as_text(p, option.at, option.definition->type);
    return as == EXISTS ? TYPE_TEST : TYPE_VALUE;
}

/* ---- vendors (RFC 3925) ---- */

#define OPTION_VENDOR_CLASSES 124
#define OPTION_VENDORS        125

/* "[4491]" or "[*]" */
static uint32_t enterprise_in_brackets(struct expression_parser *p)
{
    uint32_t enterprise = EXPRESSION_ANY_ENTERPRISE;

    expression_expect_sign(p, '[');
    if (expression_at_sign(p, '*'))
        expression_advance(p);
    else
        enterprise = (uint32_t)expression_expect_integer(p, 0, UINT32_MAX);
    expression_expect_sign(p, ']');
    return enterprise;
}

static enum expression_type vendor_exists(struct expression_parser *p, uint8_t code,
                                          uint32_t enterprise)
{
    struct expression_step *step = expression_emit(p, STEP_HAS_VENDOR, 0, 1);

    step->code = code;
    step->enterprise = enterprise;
    expression_advance(p);
    return TYPE_TEST;
}

static enum expression_type vendor_option(struct expression_parser *p, uint32_t enterprise)
{
    struct expression_step *step;
    enum representation as;
    uint8_t sub;
    size_t at;
    bool deeper;

    expression_advance(p);
    sub = suboption_in_brackets(p, OPTION_VENDORS, NULL);
    at = p->token.at;
    as = representation(p, &deeper);
    if (deeper)
        expression_fail(p, at,
                        "a vendor's option has no options inside; write .hex, .text or "
                        ".exists");
    step = expression_emit(p, as == EXISTS ? STEP_HAS_VENDOR_OPTION : STEP_VENDOR, 0, 1);
    step->code = OPTION_VENDORS;
    step->enterprise = enterprise;
    step->sub = sub;
    return as == EXISTS ? TYPE_TEST : TYPE_VALUE;
}

static enum expression_type vendor_class_data(struct expression_parser *p, uint32_t enterprise)
{
    struct expression_step *step = expression_emit(p, STEP_VENDOR_CLASS, 0, 1);

    step->code = OPTION_VENDOR_CLASSES;
    step->enterprise = enterprise;
    expression_advance(p);
    if (expression_at_sign(p, '[')) {
        expression_advance(p);
        step->number = (int32_t)expression_expect_integer(p, 0, INSTANCES_MAX);
        expression_expect_sign(p, ']');
    }
    return TYPE_VALUE;
}

static enum expression_type vendor(struct expression_parser *p, uint8_t code)
{
    const bool bracket = expression_at_sign(p, '[');
    const uint32_t enterprise = bracket ? enterprise_in_brackets(p) : EXPRESSION_ANY_ENTERPRISE;

    expression_expect_sign(p, '.');
    if (!bracket && expression_at_word(p, "enterprise")) {
        expression_emit(p, STEP_ENTERPRISE, 0, 1)->code = code;
        expression_advance(p);
        return TYPE_VALUE;
    }
    if (bracket && expression_at_word(p, "exists"))
        return vendor_exists(p, code, enterprise);
    if (bracket && code == OPTION_VENDORS && expression_at_word(p, "option"))
        return vendor_option(p, enterprise);
    if (bracket && code == OPTION_VENDOR_CLASSES && expression_at_word(p, "data"))
        return vendor_class_data(p, enterprise);
    if (!bracket)
        expression_expected(p, "[ENTERPRISE] or .enterprise");
    else
        expression_expected(p, code == OPTION_VENDORS ? "exists or option[...]"
                                                      : "exists or data");
    return TYPE_VALUE;
}

/* ---- fields ---- */

struct field_name {
    const char *name;
    enum packet_field field;
};

static enum expression_type field(struct expression_parser *p, const struct field_name *names,
                                  size_t count, const char *what)
{
    expression_expect_sign(p, '.');
    for (size_t i = 0; i < count; i++) {
        if (!expression_at_word(p, names[i].name))
            continue;
        expression_emit(p, STEP_FIELD, 0, 1)->field = names[i].field;
        p->first_contact |= match_field_is_of_first_contact(names[i].field);
        expression_advance(p);
        return TYPE_VALUE;
    }
    expression_expected(p, what);
    return TYPE_VALUE;
}

static enum expression_type datagram_field(struct expression_parser *p)
{
    static const struct field_name names[] = {{"iface", FIELD_INTERFACE},
                                              {"src", FIELD_SOURCE},
                                              {"dst", FIELD_DESTINATION},
                                              {"len", FIELD_SIZE}};

    return field(p, names, ARRAY_SIZE(names), "iface, src, dst or len");
}

static enum expression_type header_field(struct expression_parser *p)
{
    static const struct field_name names[] = {
        {"mac", FIELD_HW_ADDRESS},      {"hlen", FIELD_HW_LENGTH},
        {"htype", FIELD_HW_TYPE},       {"ciaddr", FIELD_CIADDR},
        {"giaddr", FIELD_GIADDR},       {"yiaddr", FIELD_YIADDR},
        {"siaddr", FIELD_SIADDR},       {"msgtype", FIELD_MESSAGE_TYPE},
        {"transid", FIELD_TRANSACTION},
    };

    return field(p, names, ARRAY_SIZE(names),
                 "mac, hlen, htype, ciaddr, giaddr, yiaddr, siaddr, msgtype or transid");
}

/* ---- classes ---- */

static void push_member(struct expression_parser *p, size_t at, const char *name)
{
    const char *why = "classes are not known yet where this is evaluated";
    const int32_t number = p->scope != NULL && p->scope->find_class != NULL
                               ? p->scope->find_class(p->scope->context, name, &why)
                               : -1;

    if (number < 0)
        expression_fail(p, at, "%s", why);
    else
        expression_emit(p, STEP_MEMBER, 0, 1)->number = number;
}

/* Kea puts each client into a class made of its option 60. */
static void push_vendor_class_member(struct expression_parser *p, const char *value)
{
    expression_emit(p, STEP_OPTION, 0, 1)->code = OPTION_VENDOR_CLASS_IDENTIFIER;
    push_bytes(p, span_of(value, strlen(value)));
    expression_emit(p, STEP_EQUAL, 2, 1);
}

static enum expression_type member(struct expression_parser *p)
{
    static const char by_vendor[] = "VENDOR_CLASS_";
    const size_t skip = sizeof(by_vendor) - 1;
    struct token token;

    expression_expect_sign(p, '(');
    token = p->token;
    if (token.kind != TOKEN_TEXT) {
        expression_expected(p, "the name of a class in single quotes");
        return TYPE_TEST;
    }
    token.text = arena_text(p->arena, token.text, token.size);
    if (strncmp(token.text, by_vendor, skip) == 0)
        push_vendor_class_member(p, token.text + skip);
    else
        push_member(p, token.at, token.text);
    expression_advance(p);
    expression_expect_sign(p, ')');
    return TYPE_TEST;
}

static enum expression_type is_known(struct expression_parser *p, const char *name, size_t at)
{
    push_member(p, at, name);
    return TYPE_TEST;
}

bool expression_operand(struct expression_parser *p, enum expression_type *type)
{
    const struct token token = p->token;

    *type = TYPE_VALUE;
    if (literal(p))
        return true;
    if (token.kind != TOKEN_WORD)
        return false;
    expression_advance(p);
    if (strcmp(token.text, "option") == 0) {
        *type = option(p);
    } else if (strcmp(token.text, "relay4") == 0) {
        *type = suboption(p, OPTION_RELAY_AGENT_INFORMATION, NULL);
    } else if (strcmp(token.text, "vendor") == 0) {
        *type = vendor(p, OPTION_VENDORS);
    } else if (strcmp(token.text, "vendor-class") == 0) {
        *type = vendor(p, OPTION_VENDOR_CLASSES);
    } else if (strcmp(token.text, "pkt") == 0) {
        *type = datagram_field(p);
    } else if (strcmp(token.text, "pkt4") == 0) {
        *type = header_field(p);
    } else if (strcmp(token.text, "member") == 0) {
        *type = member(p);
    } else if (strcmp(token.text, "known") == 0 || strcmp(token.text, "unknown") == 0) {
        *type = is_known(p, token.text, token.at);
    } else if (strcmp(token.text, "pkt6") == 0 || strcmp(token.text, "relay6") == 0) {
        expression_fail(p, token.at, "%s is of DHCPv6, which this server does not speak",
                        token.text);
    } else {
        expression_fail(
            p, token.at,
            "'%.40s' is not known; write option[...], relay4[...], pkt4..., pkt..., "
            "vendor..., vendor-class..., member('...'), known, a function, a "
            "'text', a number or an address",
            token.text);
    }
    return true;
}
