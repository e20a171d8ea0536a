/* daemon/ctl/import/isc_tree.c - see isc_tree.h */
#include "daemon/ctl/import/isc_tree.h"

#include <string.h>
#include <strings.h>

struct source {
    struct source *includer;
    const char *file, *text;
    size_t size, at;
    unsigned line;
    size_t line_begin;
};

struct parser {
    struct import *run;
    struct source *source;
    unsigned includes;
};

static struct place here(const struct parser *p)
{
    const struct source *s = p->source;

    return (struct place){s->file, s->line, (unsigned)(s->at - s->line_begin) + 1};
}

static int peek(const struct parser *p)
{
    const struct source *s = p->source;

    return s->at < s->size ? (unsigned char)s->text[s->at] : -1;
}

static int step(struct parser *p)
{
    struct source *s = p->source;
    const char c = s->text[s->at++];

    if (c == '\n') {
        s->line++;
        s->line_begin = s->at;
    }
    return (unsigned char)c;
}

static void push_source(struct parser *p, const char *file, const char *text, size_t size)
{
    struct source *source = import_alloc(p->run, sizeof(*source));

    *source = (struct source){p->source, file, text, size, 0, 1, 0};
    p->source = source;
}

static void skip_blank(struct parser *p)
{
    for (;;) {
        const int c = peek(p);
        if (c == '#')
            while (peek(p) >= 0 && peek(p) != '\n')
                (void)step(p);
        else if (c == ' ' || (c >= '\t' && c <= '\r'))
            (void)step(p);
        else if (c < 0 && p->source->includer != NULL) {
            p->source = p->source->includer;
            p->includes--;
        } else {
            return;
        }
    }
}

static bool is_word(int c)
{
    return c > 0x20 && c != 0x7f && strchr("\"{};,()=!~#", c) == NULL;
}

/* \n, \t, \", \ooo, \xhh; anything else stands for itself. */
static char escaped(struct parser *p)
{
    static const char from[] = "tnrb", to[] = "\t\n\r\b";
    const int c = step(p);
    const char *at = strchr(from, c);
    int value = 0;

    if (c >= '0' && c <= '7') {
        value = c - '0';
        for (int i = 0; i < 2 && peek(p) >= '0' && peek(p) <= '7'; i++)
            value = value * 8 + step(p) - '0';
        return (char)(unsigned char)value;
    }
    if (c == 'x') {
        for (int i = 0; i < 2 && peek(p) > 0 && strchr("0123456789abcdefABCDEF", peek(p));
             i++) {
            const int d = step(p);
            value = value * 16 + (d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
        }
        return (char)(unsigned char)value;
    }
    if (at != NULL && c != '\0')
        return to[at - from];
    return (char)(unsigned char)c;
}

static bool read_text(struct parser *p, struct isc_token *token)
{
    const struct source *source = p->source;
    const char *begin = source->text + source->at + 1;
    size_t length = 0;

    while (length < source->size - source->at - 1 && begin[length] != '"')
        length += begin[length] == '\\' ? 2 : 1;
    if (length >= source->size - source->at - 1)
        return import_fail(p->run, token->place, "the text does not end: a \" is missing");
    char *out = import_alloc(p->run, length + 1);
    size_t used = 0;
    (void)step(p);
    while (peek(p) != '"') {
        const int c = step(p);
        if (c == '\\')
            out[used++] = escaped(p);
        else
            out[used++] = (char)(unsigned char)c;
    }
    (void)step(p);
    token->kind = ISC_TEXT;
    token->text = out;
    token->size = used;
    return true;
}

/* NULL at the end of the file, or with a problem. */
static struct isc_token *read_token(struct parser *p)
{
    skip_blank(p);
    if (peek(p) < 0)
        return NULL;
    struct isc_token *token = import_alloc(p->run, sizeof(*token));
    const char *begin = p->source->text + p->source->at;
    token->place = here(p);
    if (peek(p) == '"')
        return read_text(p, token) ? token : NULL;
    if (is_word(peek(p))) {
        while (is_word(peek(p)))
            (void)step(p);
        token->kind = ISC_WORD;
    } else {
        const int c = step(p);
        token->kind = ISC_SIGN;
        if ((c == '!' || c == '~') && (peek(p) == '=' || peek(p) == '~'))
            (void)step(p);
    }
    token->size = (size_t)(p->source->text + p->source->at - begin);
    token->text = import_copy(p->run, begin, token->size);
    return token;
}

static bool is_sign(const struct isc_token *token, char sign)
{
    return token != NULL && token->kind == ISC_SIGN && token->text[0] == sign &&
           token->size == 1;
}

/* "option NAME code N = { integer 8, text };": the braces belong to the type. */
static bool is_definition(const struct isc_statement *statement)
{
    const struct isc_token *token = statement->words;

    if (!isc_is(token, "option"))
        return false;
    for (; token != NULL; token = token->next)
        if (is_sign(token, '='))
            return true;
    return false;
}

static bool include(struct parser *p, const struct isc_statement *statement)
{
    const struct isc_token *name = isc_word(statement, 1);
    size_t size;

    if (name == NULL || name->next != NULL)
        return import_fail(p->run, statement->place, "write include \"FILE\";");
    if (!p->run->settings.may_include)
        return import_fail(p->run, statement->place, "no file may be included here");
    if (p->includes == IMPORT_INCLUDE_MAX)
        return import_fail(p->run, statement->place, "files include files, %d deep",
                           IMPORT_INCLUDE_MAX);
    const char *path = import_path(p->run, statement->place.file, name->text);
    char *text = import_read(p->run, path, &statement->place, &size);
    if (text == NULL)
        return false;
    p->includes++;
    push_source(p, path, text, size);
    return true;
}

static bool read_block(struct parser *p, struct place opened, unsigned depth,
                       struct isc_statement **out);

/* One statement from its first word on.  `*end`: a } stood in place of the ; of the last. */
static bool read_statement(struct parser *p, struct isc_statement *statement, unsigned depth)
{
    struct isc_token **last = &statement->words->next;
    unsigned braces = 0;

    for (;;) {
        struct isc_token *token = read_token(p);
        if (token == NULL)
            return import_fail(p->run, statement->place,
                               "the statement does not end: a ; or { is missing");
        if (is_sign(token, ';'))
            return true;
        if (is_sign(token, '}') && braces == 0)
            return import_fail(p->run, token->place,
                               "a ; is missing before the }, behind \"%.40s\"",
                               isc_words(p->run, statement->words));
        if (is_sign(token, '{') && !is_definition(statement)) {
            statement->has_block = true;
            return read_block(p, token->place, depth + 1, &statement->block);
        }
        braces += is_sign(token, '{');
        braces -= is_sign(token, '}');
        *last = token;
        last = &token->next;
    }
}

/* Statements up to the } of the block, or the end of the file at depth 0. */
static bool read_block(struct parser *p, struct place opened, unsigned depth,
                       struct isc_statement **out)
{
    struct isc_statement **last = out;

    *out = NULL;
    if (depth == IMPORT_DEPTH_MAX)
        return import_fail(p->run, opened, "braces are nested more than %d deep",
                           IMPORT_DEPTH_MAX);
    for (;;) {
        struct isc_token *token = read_token(p);
        if (token == NULL) {
            if (depth == 0 || p->run->problem[0] != '\0')
                return p->run->problem[0] == '\0';
            return import_fail(p->run, opened, "the { is not closed");
        }
        if (is_sign(token, ';'))
            continue;
        if (is_sign(token, '}')) {
            if (depth > 0)
                return true;
            return import_fail(p->run, token->place, "there is no { for this }");
        }
        if (token->kind == ISC_SIGN)
            return import_fail(p->run, token->place,
                               "'%s' stands where a statement should begin", token->text);
        struct isc_statement *statement = import_alloc(p->run, sizeof(*statement));
        statement->place = token->place;
        statement->words = token;
        if (!read_statement(p, statement, depth))
            return false;
        if (isc_is(token, "include") && !statement->has_block) {
            if (!include(p, statement))
                return false;
            continue;
        }
        *last = statement;
        last = &statement->next;
    }
}

bool isc_parse(struct import *run, const char *text, size_t size, struct isc_statement **out)
{
    struct parser p = {.run = run};

    push_source(&p, run->file, text, size);
    return read_block(&p, here(&p), 0, out);
}

/* The next top statement; NULL at the end, or with a problem. */
static struct isc_statement *read_top(struct parser *p)
{
    struct isc_token *token;

    do
        token = read_token(p);
    while (is_sign(token, ';'));
    if (token == NULL)
        return NULL;
    if (token->kind == ISC_SIGN) {
        import_fail(p->run, token->place, "'%s' stands where a statement should begin",
                    token->text);
        return NULL;
    }
    struct isc_statement *statement = import_alloc(p->run, sizeof(*statement));
    statement->place = token->place;
    statement->words = token;
    return read_statement(p, statement, 0) ? statement : NULL;
}

bool isc_parse_each(struct import *run, const char *text, size_t size,
                    void (*each)(void *context, const struct isc_statement *statement),
                    void *context)
{
    struct source source = {NULL, run->file, text, size, 0, 1, 0};
    bool more = true;

    while (more) {
        struct import scratch;
        import_init(&scratch, run->origin, run->file);
        struct parser p = {.run = &scratch, .source = &source};
        const struct isc_statement *statement = read_top(&p);
        more = statement != NULL;
        if (more)
            each(context, statement);
        memcpy(run->problem, scratch.problem, sizeof(run->problem));
        import_deinit(&scratch);
    }
    return run->problem[0] == '\0';
}

bool isc_is(const struct isc_token *token, const char *word)
{
    return token != NULL && token->kind != ISC_TEXT && strcasecmp(token->text, word) == 0;
}

bool isc_starts(const struct isc_statement *statement, const char *words)
{
    const struct isc_token *token = statement->words;

    while (*words != '\0') {
        const size_t size = strcspn(words, " ");
        if (token == NULL || token->kind == ISC_TEXT || strlen(token->text) != size ||
            strncasecmp(token->text, words, size) != 0)
            return false;
        token = token->next;
        words += size + (words[size] == ' ');
    }
    return true;
}

const struct isc_token *isc_word(const struct isc_statement *statement, size_t n)
{
    const struct isc_token *token = statement->words;

    while (token != NULL && n-- > 0)
        token = token->next;
    return token;
}

const char *isc_words(struct import *run, const struct isc_token *token)
{
    char text[160];
    size_t used = 0;

    text[0] = '\0';
    for (const struct isc_token *t = token; t != NULL && used < sizeof(text) - 1; t = t->next) {
        const bool tight =
            t == token || (t->kind == ISC_SIGN && strchr(",)", t->text[0]) != NULL);
        const char *quote = t->kind == ISC_TEXT ? "\"" : "";
        const int size = snprintf(text + used, sizeof(text) - used, "%s%s%s%s",
                                  tight ? "" : " ", quote, t->text, quote);
        used += size > 0 ? (size_t)size : 0;
    }
    return import_copy(run, text, strlen(text));
}
