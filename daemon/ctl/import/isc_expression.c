/* daemon/ctl/import/isc_expression.c - dhcpd's expressions in Kea's language, which
 * `expression:` takes.
 *
 * dhcpd's `hardware` is a byte of type with the address behind it, Kea's pkt4.mac the address
 * alone: such an expression remembers that the byte is missing, and a constant that it is
 * compared with loses its first. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/isc.h"

#define DEPTH_MAX 32

struct data {
    const char *text; /* NULL: there is no way to say it */
    const char *also; /* pick-first-value(A, hardware): the second one */
    bool hardware;    /* a byte of hardware type is missing in front of `text` */
    bool also_hardware;
    bool constant;
    struct span bytes; /* of a constant */
    bool hex;          /* written as bytes, not as a text */
};

struct reader {
    struct isc *i;
    const struct isc_token *at;
    unsigned depth;
};

static struct data read_data(struct reader *r);
static const char *read_or(struct reader *r);

static bool take(struct reader *r, const char *word)
{
    if (!isc_is(r->at, word))
        return false;
    r->at = r->at->next;
    return true;
}

static struct data said(const char *text)
{
    return (struct data){.text = text};
}

/* 'text', or 0x... when the text cannot be quoted. */
static const char *constant_text(struct reader *r, struct span bytes, bool hex)
{
    char *out = import_alloc(r->i->run, bytes.size * 2 + 3);
    bool plain = !hex && bytes.size > 0;

    for (size_t b = 0; b < bytes.size; b++)
        plain = plain && bytes.data[b] >= 0x20 && bytes.data[b] < 0x7f && bytes.data[b] != '\'';
    if (plain || bytes.size == 0)
        return import_format(r->i->run, "'%.*s'", (int)bytes.size, (const char *)bytes.data);
    snprintf(out, 3, "0x");
    for (size_t b = 0; b < bytes.size; b++)
        snprintf(out + 2 + b * 2, 3, "%02x", bytes.data[b]);
    return out;
}

static struct data constant(struct reader *r, struct span bytes, bool hex)
{
    return (struct data){
        .text = constant_text(r, bytes, hex), .constant = true, .bytes = bytes, .hex = hex};
}

static struct data read_option(struct reader *r)
{
    const char *space;
    unsigned code;

    if (r->at == NULL || r->at->kind != ISC_WORD ||
        !isc_option_code(r->i, r->at->text, &space, &code))
        return said(NULL);
    r->at = r->at->next;
    if (strcmp(space, "agent") == 0)
        return said(import_format(r->i->run, "relay4[%u].hex", code));
    if (strcmp(space, "dhcp4") == 0)
        return said(import_format(r->i->run, "option[%u].hex", code));
    return said(NULL);
}

static bool read_number(struct reader *r, unsigned *out)
{
    if (r->at == NULL || r->at->kind != ISC_WORD || r->at->size > 6 ||
        strspn(r->at->text, "0123456789") != r->at->size)
        return false;
    *out = (unsigned)atoi(r->at->text);
    r->at = r->at->next;
    return true;
}

/* substring (DATA, OFFSET, LENGTH) */
static struct data read_substring(struct reader *r)
{
    unsigned offset, length;

    if (!take(r, "("))
        return said(NULL);
    struct data inner = read_data(r);
    if (inner.text == NULL || inner.also != NULL || !take(r, ",") || !read_number(r, &offset) ||
        !take(r, ",") || !read_number(r, &length) || !take(r, ")"))
        return said(NULL);
    bool hardware = false;
    if (inner.hardware) {
        hardware = offset == 0;
        if (hardware && length < 2)
            return said(NULL);
        offset = hardware ? 0 : offset - 1;
        length = hardware ? length - 1 : length;
    }
    struct data out =
        said(import_format(r->i->run, "substring(%s,%u,%u)", inner.text, offset, length));
    out.hardware = hardware;
    return out;
}

static struct data read_suffix(struct reader *r)
{
    unsigned length;

    if (!take(r, "("))
        return said(NULL);
    const struct data inner = read_data(r);
    if (inner.text == NULL || inner.also != NULL || !take(r, ",") || !read_number(r, &length) ||
        !take(r, ")"))
        return said(NULL);
    return said(import_format(r->i->run, "substring(%s,-%u,all)", inner.text, length));
}

static struct data read_case(struct reader *r, const char *function)
{
    if (!take(r, "("))
        return said(NULL);
    const struct data inner = read_data(r);
    if (inner.text == NULL || inner.hardware || inner.also != NULL || !take(r, ")"))
        return said(NULL);
    return said(import_format(r->i->run, "%s(%s)", function, inner.text));
}

static struct data read_concat(struct reader *r)
{
    const char *text = NULL;

    if (!take(r, "("))
        return said(NULL);
    do {
        const struct data part = read_data(r);
        if (part.text == NULL || part.hardware || part.also != NULL)
            return said(NULL);
        text = text == NULL ? part.text
                            : import_format(r->i->run, "concat(%s,%s)", text, part.text);
    } while (take(r, ","));
    return take(r, ")") ? said(text) : said(NULL);
}

/* pick-first-value (DATA, DATA): the first that is there; either is asked for. */
static struct data read_pick(struct reader *r)
{
    if (!take(r, "("))
        return said(NULL);
    struct data first = read_data(r);
    if (first.text == NULL || !take(r, ","))
        return said(NULL);
    const struct data second = read_data(r);
    if (second.text == NULL || second.also != NULL || !take(r, ")"))
        return said(NULL);
    first.also = second.text;
    first.also_hardware = second.hardware;
    return first;
}

/* binary-to-ascii (16, 8, ":", DATA): hexadecimal bytes, where dhcpd leaves out leading zeros
 * and Kea does not; what is compared with decides, so it is left to a person. */
static struct data read_word(struct reader *r)
{
    const struct isc_token *token = r->at;
    uint8_t *bytes = import_alloc(r->i->run, token->size + 1);
    size_t size = token->size + 1;

    if (token->kind != ISC_WORD || !hex_parse(token->text, bytes, &size) ||
        (strchr(token->text, ':') == NULL && token->size > 2))
        return said(NULL);
    r->at = token->next;
    return constant(r, span_of(bytes, size), true);
}

static struct data read_data_inner(struct reader *r)
{
    if (r->at == NULL)
        return said(NULL);
    if (r->at->kind == ISC_TEXT) {
        const struct span bytes = span_of(r->at->text, r->at->size);
        r->at = r->at->next;
        return constant(r, bytes, false);
    }
    if (take(r, "option") || take(r, "config-option"))
        return read_option(r);
    if (take(r, "hardware"))
        return (struct data){.text = "pkt4.mac", .hardware = true};
    if (take(r, "substring"))
        return read_substring(r);
    if (take(r, "suffix"))
        return read_suffix(r);
    if (take(r, "lcase"))
        return read_case(r, "lcase");
    if (take(r, "ucase"))
        return read_case(r, "ucase");
    if (take(r, "concat"))
        return read_concat(r);
    if (take(r, "pick-first-value") || take(r, "pick"))
        return read_pick(r);
    return read_word(r);
}

static struct data read_data(struct reader *r)
{
    if (r->depth == DEPTH_MAX)
        return said(NULL);
    r->depth++;
    const struct data out = read_data_inner(r);
    r->depth--;
    return out;
}

/* One side of a comparison against a constant, which loses the byte that the other has not. */
static const char *compare_one(struct reader *r, const char *text, bool hardware,
                               const struct data *with, const char *sign)
{
    const char *other = with->text;

    if (hardware) {
        if (!with->constant || with->bytes.size < 2)
            return NULL;
        other = constant_text(r, span_of(with->bytes.data + 1, with->bytes.size - 1), true);
    }
    return import_format(r->i->run, "%s %s %s", text, sign, other);
}

static const char *compare(struct reader *r, const struct data *left, const struct data *right,
                           bool equal)
{
    const char *sign = equal ? "==" : "!=";

    if (left->text == NULL || right->text == NULL || right->also != NULL)
        return NULL;
    if (right->hardware && !left->hardware)
        return left->also == NULL ? compare_one(r, right->text, true, left, sign) : NULL;
    if (right->hardware)
        return import_format(r->i->run, "%s %s %s", left->text, sign, right->text);
    const char *first = compare_one(r, left->text, left->hardware, right, sign);
    if (first == NULL || left->also == NULL)
        return first;
    const char *second = compare_one(r, left->also, left->also_hardware, right, sign);
    return second == NULL
               ? NULL
               : import_format(r->i->run, "(%s %s %s)", first, equal ? "or" : "and", second);
}

static const char *read_exists(struct reader *r)
{
    const struct data option = read_option(r);
    const size_t length = option.text == NULL ? 0 : strlen(option.text);

    if (length < 4)
        return NULL;
    return import_format(r->i->run, "%.*s.exists", (int)(length - 4), option.text);
}

static const char *read_primary(struct reader *r)
{
    if (take(r, "not")) {
        const char *inner = r->depth++ < DEPTH_MAX ? read_primary(r) : NULL;
        r->depth--;
        return inner == NULL ? NULL : import_format(r->i->run, "not (%s)", inner);
    }
    if (take(r, "(")) {
        const char *inner = r->depth++ < DEPTH_MAX ? read_or(r) : NULL;
        r->depth--;
        return inner == NULL || !take(r, ")") ? NULL : import_format(r->i->run, "(%s)", inner);
    }
    if (take(r, "exists"))
        return read_exists(r);
    if (take(r, "known"))
        return "member('KNOWN')";
    const struct data left = read_data(r);
    const bool equal = take(r, "=");
    if (!equal && !take(r, "!="))
        return NULL;
    const struct data right = read_data(r);
    return compare(r, &left, &right, equal);
}

static const char *read_and(struct reader *r)
{
    const char *left = read_primary(r);

    while (left != NULL && take(r, "and")) {
        const char *right = read_primary(r);
        left = right == NULL ? NULL : import_format(r->i->run, "%s and %s", left, right);
    }
    return left;
}

static const char *read_or(struct reader *r)
{
    const char *left = read_and(r);
    bool any = false;

    while (left != NULL && take(r, "or")) {
        const char *right = read_and(r);
        left = right == NULL
                   ? NULL
                   : import_format(r->i->run, any ? "%s or (%s)" : "(%s) or (%s)", left, right);
        any = true;
    }
    return left;
}

const char *isc_condition(struct isc *i, const struct isc_token *first)
{
    struct reader reader = {i, first, 0};
    const char *text = read_or(&reader);

    return text != NULL && reader.at == NULL ? text : NULL;
}

const char *isc_match_value(struct isc *i, const struct isc_token *match,
                            const struct isc_token *value)
{
    struct reader left = {i, match, 0}, right = {i, value, 0};
    const struct data expression = read_data(&left);
    const struct data constant_value = read_data(&right);

    if (left.at != NULL || right.at != NULL || !constant_value.constant)
        return NULL;
    return compare(&left, &expression, &constant_value, true);
}
