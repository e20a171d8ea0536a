/* config/expression_token.c - the words of an expression. */
#include "config/expression_parse.h"

#include <stdarg.h>
#include <stdio.h>

#include "proto/option.h"

void expression_fail(struct expression_parser *p, size_t at, const char *format, ...)
{
    va_list arguments;

    if (p->failed)
        return;
    p->failed = true;
    p->error->at = at;
    va_start(arguments, format);
    (void)vsnprintf(p->error->text, sizeof(p->error->text), format, arguments);
    va_end(arguments);
    p->token = (struct token){.kind = TOKEN_END, .at = at};
}

void expression_expected(struct expression_parser *p, const char *what)
{
    const struct token *token = &p->token;
    const size_t size = p->next - token->at; /* as written */

    if (token->kind == TOKEN_END)
        expression_fail(p, token->at, "%s expected, found the end", what);
    else
        expression_fail(p, token->at, "%s expected, found '%.*s'", what,
                        (int)(size > 40 ? 40 : size), p->text + token->at);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void read_text(struct expression_parser *p, struct token *token)
{
    const char *start = p->text + p->next + 1;
    const char *end = strchr(start, '\'');

    if (end == NULL) {
        expression_fail(p, p->next, "the text that begins here has no closing quote (')");
        return;
    }
    token->kind = TOKEN_TEXT;
    token->text = start;
    token->size = (size_t)(end - start);
    p->next += token->size + 2;
}

static void read_hex(struct expression_parser *p, struct token *token)
{
    size_t size = 2;

    while (is_hex(p->text[p->next + size]))
        size++;
    if (size == 2)
        expression_fail(p, p->next, "hexadecimal digits expected after 0x");
    token->kind = TOKEN_HEX;
    token->text = p->text + p->next + 2;
    token->size = size - 2;
    p->next += size;
}

static void read_integer(struct expression_parser *p, struct token *token, size_t size)
{
    const char *text = p->text + p->next;
    const bool negative = text[0] == '-';
    int64_t number = 0;

    for (size_t i = negative ? 1 : 0; i < size; i++) {
        number = number * 10 + (text[i] - '0');
        if (number > UINT32_MAX) {
            expression_fail(p, p->next, "the number is too large; numbers have 32 bits");
            return;
        }
    }
    token->kind = TOKEN_INTEGER;
    token->number = negative ? -number : number;
    if (token->number < INT32_MIN)
        expression_fail(p, p->next, "the number is too small; numbers have 32 bits");
    token->text = text;
    token->size = size;
    p->next += size;
}

static void read_number(struct expression_parser *p, struct token *token)
{
    const char *text = p->text + p->next;
    char address[IP4_TEXT_SIZE] = "";
    struct ip4 parsed;
    size_t size = 1, dots = 0;

    while (is_digit(text[size]) || text[size] == '.')
        dots += text[size++] == '.';
    if (text[size] == ':' || is_letter(text[size])) {
        expression_fail(p, p->next,
                        "no number, address or hexadecimal text; write 10, 10.0.0.1 or 0x1a2b "
                        "(IPv6 has no place in DHCPv4)");
        return;
    }
    if (dots == 0) {
        read_integer(p, token, size);
        return;
    }
    if (size < sizeof(address))
        memcpy(address, text, size);
    if (!ip4_parse(address, &parsed)) {
        expression_fail(p, p->next, "no IPv4 address; write one such as 10.0.0.1");
        return;
    }
    token->kind = TOKEN_ADDRESS;
    token->address = parsed.value;
    token->text = text;
    token->size = size;
    p->next += size;
}

static void read_word(struct expression_parser *p, struct token *token)
{
    const char *text = p->text + p->next;
    size_t size = 1;

    while (is_letter(text[size]) || is_digit(text[size]) || text[size] == '-' ||
           text[size] == '_')
        size++;
    token->kind = TOKEN_WORD;
    token->text = arena_text(p->arena, text, size);
    token->size = size;
    p->next += size;
}

static void read_sign(struct expression_parser *p, struct token *token)
{
    const char *text = p->text + p->next;

    if (text[0] == '=' && text[1] == '=') {
        token->kind = TOKEN_EQUAL;
        token->size = 2;
    } else if (strchr("()[].,+*", text[0]) != NULL) {
        token->kind = TOKEN_SIGN;
        token->size = 1;
    } else if (text[0] == '=') {
        expression_fail(p, p->next, "'=' is no comparison; write '=='");
    } else if (text[0] == '"') {
        expression_fail(p, p->next, "a text stands in single quotes: 'text'");
    } else if (text[0] == '!' && text[1] == '=') {
        expression_fail(p, p->next, "there is no '!='; write not (a == b)");
    } else {
        expression_fail(p, p->next, "an expression has no '%.1s'", text);
    }
    token->text = text;
    p->next += token->size;
}

void expression_advance(struct expression_parser *p)
{
    struct token token = {.kind = TOKEN_END};
    const char *text;

    if (p->failed)
        return;
    p->next += strspn(p->text + p->next, " \t\r\n");
    text = p->text + p->next;
    token.at = p->next;
    if (text[0] == '\0')
        token.size = 0;
    else if (text[0] == '\'')
        read_text(p, &token);
    else if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        read_hex(p, &token);
    else if (text[0] == '-' && is_digit(text[1]))
        read_integer(p, &token, 1 + strspn(text + 1, "0123456789"));
    else if (is_digit(text[0]))
        read_number(p, &token);
    else if (is_letter(text[0]))
        read_word(p, &token);
    else
        read_sign(p, &token);
    if (!p->failed)
        p->token = token;
}

bool expression_at_sign(const struct expression_parser *p, char sign)
{
    return p->token.kind == TOKEN_SIGN && p->token.text[0] == sign;
}

bool expression_at_word(const struct expression_parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && strcmp(p->token.text, word) == 0;
}

void expression_expect_sign(struct expression_parser *p, char sign)
{
    char what[4] = {'\'', sign, '\'', '\0'};

    if (expression_at_sign(p, sign))
        expression_advance(p);
    else
        expression_expected(p, what);
}

int64_t expression_expect_integer(struct expression_parser *p, int64_t min, int64_t max)
{
    const int64_t number = p->token.number;

    if (p->token.kind != TOKEN_INTEGER) {
        expression_expected(p, "a number");
        return min;
    }
    if (number < min || number > max) {
        expression_fail(p, p->token.at, "the number is out of range; write %lld to %lld",
                        (long long)min, (long long)max);
        return min;
    }
    expression_advance(p);
    return number;
}
