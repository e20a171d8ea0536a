/* daemon/ctl/import/yaml_print.c - printing the document: quoting, and what goes on one line.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/ctl/import/yaml.h"

#define LINE_WIDTH 96
#define FLOW_DEPTH 2 /* what is nested deeper is written in lines */

/* ---- scalars ---- */

static bool is_word_of_yaml(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no",
                                        "on",   "off",   "y",    "n",   "~"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(words[i], text) == 0)
            return true;
    return false;
}

/* An address, a network, a range: nothing that a reader of YAML takes for a number. */
static bool looks_like_address(const char *text)
{
    size_t dots = 0;

    for (const char *c = text; *c != '\0'; c++)
        dots += *c == '.';
    return strspn(text, "0123456789./-") == strlen(text) && dots >= 3;
}

static bool needs_quotes(const char *text)
{
    if (text[0] == '\0' || is_word_of_yaml(text))
        return true;
    if (!isalpha((unsigned char)text[0]) && text[0] != '/' && text[0] != '_' &&
        !(isdigit((unsigned char)text[0]) && looks_like_address(text)))
        return true; /* a reader of YAML would see a number, or an indicator */
    for (const char *c = text; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("_./-+@%", *c) == NULL)
            return true;
    return false;
}

/* The length of the UTF-8 character at `text`; 0 when it is none. */
static size_t utf8_length(const unsigned char *text)
{
    const size_t length = text[0] < 0x80             ? 1
                          : (text[0] & 0xe0) == 0xc0 ? 2
                          : (text[0] & 0xf0) == 0xe0 ? 3
                          : (text[0] & 0xf8) == 0xf0 ? 4
                                                     : 0;

    if (length == 0 || (length == 2 && text[0] < 0xc2) || text[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    /* Overlong forms, surrogates, beyond Unicode; and the controls U+0080..U+009F. */
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
        (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f) ||
        (text[0] == 0xc2 && text[1] < 0xa0))
        return 0;
    return length;
}

static void print_quoted(const char *text, FILE *out)
{
    const unsigned char *at = (const unsigned char *)text;

    putc('"', out);
    while (*at != '\0') {
        const size_t length = utf8_length(at);
        if (*at == '"' || *at == '\\')
            fprintf(out, "\\%c", *at);
        else if (length == 0 || *at < 0x20 || *at == 0x7f)
            fprintf(out, "\\x%02x", *at);
        else
            fwrite(at, 1, length, out);
        at += length == 0 ? 1 : length;
    }
    putc('"', out);
}

static void print_text(const char *text, FILE *out)
{
    if (needs_quotes(text))
        print_quoted(text, out);
    else
        fputs(text, out);
}

/* A number is a key as it is: an enterprise. */
static void print_key(const char *key, FILE *out)
{
    if (key[0] != '\0' && strspn(key, "0123456789") == strlen(key))
        fputs(key, out);
    else
        print_text(key, out);
    putc(':', out);
}

/* A comment is text of the other file; whatever is no UTF-8 there would spoil ours. */
static void print_comment(const char *text, FILE *out)
{
    const unsigned char *at = (const unsigned char *)text;

    fputs("# ", out);
    while (*at != '\0') {
        const size_t length = utf8_length(at);
        if (length == 0)
            putc('?', out);
        else
            fwrite(at, 1, length, out);
        at += length == 0 ? 1 : length;
    }
    putc('\n', out);
}

/* ---- on one line ---- */

static bool is_scalar(const struct yaml *node)
{
    return node->kind == YAML_TEXT || node->kind == YAML_PLAIN;
}

/* Neither comments nor deep nesting. */
static bool may_flow(const struct yaml *node, unsigned depth)
{
    if (is_scalar(node))
        return true;
    if (depth == 0)
        return false;
    for (const struct yaml *child = node->first; child != NULL; child = child->next)
        if (child->kind == YAML_COMMENT || !may_flow(child, depth - 1))
            return false;
    return true;
}

static void print_flow(const struct yaml *node, FILE *out)
{
    if (node->kind == YAML_TEXT) {
        print_text(node->text, out);
    } else if (node->kind == YAML_PLAIN) {
        fputs(node->text, out);
    } else {
        putc(node->kind == YAML_MAP ? '{' : '[', out);
        bool any = false;
        for (const struct yaml *child = node->first; child != NULL; child = child->next) {
            if (!is_scalar(child) && yaml_is_empty(child))
                continue;
            if (any)
                fputs(", ", out);
            any = true;
            if (node->kind == YAML_MAP) {
                print_key(child->key, out);
                putc(' ', out);
            }
            print_flow(child, out);
        }
        putc(node->kind == YAML_MAP ? '}' : ']', out);
    }
}

/* Print on one line, `before` in front, if it fits into `room`; else print nothing. */
static bool try_flow(const struct yaml *node, const char *before, size_t room, FILE *out)
{
    char *text = NULL;
    size_t size = 0;

    if (!may_flow(node, FLOW_DEPTH))
        return false;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        return false;
    print_flow(node, memory);
    const bool good = fclose(memory) == 0 && (is_scalar(node) || size <= room);
    if (good)
        fprintf(out, "%s%s", before, text);
    free(text);
    return good;
}

/* ---- in lines ---- */

static void print_indent(unsigned indent, FILE *out)
{
    fprintf(out, "%*s", (int)indent, "");
}

/* Comments alone: their map or list is not worth a key. */
static void print_comments(const struct yaml *node, unsigned indent, FILE *out)
{
    for (const struct yaml *child = node->first; child != NULL; child = child->next) {
        if (child->kind == YAML_COMMENT) {
            print_indent(indent, out);
            print_comment(child->text, out);
        } else {
            print_comments(child, indent, out);
        }
    }
}

static void print_children(const struct yaml *node, unsigned indent, bool continues, FILE *out);

static void print_value(const struct yaml *node, size_t column, unsigned indent, FILE *out)
{
    if (try_flow(node, " ", column < LINE_WIDTH ? LINE_WIDTH - column : 0, out)) {
        putc('\n', out);
        return;
    }
    putc('\n', out);
    print_children(node, indent + 2, false, out);
}

static void print_child(const struct yaml *node, const struct yaml *child, unsigned indent,
                        FILE *out)
{
    if (node->kind == YAML_LIST) {
        fputs("- ", out);
        if (try_flow(child, "", LINE_WIDTH - 2 > indent ? LINE_WIDTH - 2 - indent : 0, out))
            putc('\n', out);
        else
            print_children(child, indent + 2, true, out);
        return;
    }
    if (is_scalar(child) || may_flow(child, FLOW_DEPTH)) {
        print_key(child->key, out);
        print_value(child, indent + strlen(child->key) + 2, indent, out);
        return;
    }
    print_key(child->key, out);
    putc('\n', out);
    print_children(child, indent + 2, false, out);
}

/* `continues`: the line is begun, behind the "- " of a list. */
static void print_children(const struct yaml *node, unsigned indent, bool continues, FILE *out)
{
    for (const struct yaml *child = node->first; child != NULL; child = child->next) {
        if (!is_scalar(child) && child->kind != YAML_COMMENT && yaml_is_empty(child) &&
            child->first != NULL) {
            print_comments(child, continues ? 0 : indent, out);
            continues = false;
            continue;
        }
        if (!is_scalar(child) && child->kind != YAML_COMMENT && child->first == NULL)
            continue;
        if (!continues)
            print_indent(indent, out);
        continues = false;
        if (child->kind == YAML_COMMENT)
            print_comment(child->text, out);
        else
            print_child(node, child, indent, out);
    }
}

/* Anything to print at all, comments included? */
static bool has_text(const struct yaml *node)
{
    if (node->kind == YAML_COMMENT || is_scalar(node))
        return true;
    for (const struct yaml *child = node->first; child != NULL; child = child->next)
        if (has_text(child))
            return true;
    return false;
}

void yaml_print(const struct yaml *document, FILE *out)
{
    for (const struct yaml *child = document->first; child != NULL; child = child->next) {
        struct yaml alone = *child;

        alone.next = NULL;
        const struct yaml single = {.kind = YAML_MAP, .first = &alone, .last = &alone};
        if (child != document->first && child->kind != YAML_COMMENT &&
            (child->kind == YAML_MAP || child->kind == YAML_LIST) && has_text(child))
            putc('\n', out);
        print_children(&single, 0, false, out);
    }
}
