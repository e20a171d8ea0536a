/* daemon/ctl/import/json.c - see json.h */
#include "daemon/ctl/import/json.h"

#include <stdlib.h>
#include <string.h>

/* A text that is being read; includes stand on each other. */
struct source {
    struct source *includer;
    const char *file, *text;
    size_t size, at;
    unsigned line;
    size_t line_begin;
};

struct scanner {
    struct import *run;
    struct source *source;
    unsigned includes; /* open ones */
};

static struct place here(const struct scanner *s)
{
    const struct source *source = s->source;

    return (struct place){source->file, source->line,
                          (unsigned)(source->at - source->line_begin) + 1};
}

static int peek(const struct scanner *s, size_t ahead)
{
    const struct source *source = s->source;

    return ahead < source->size - source->at ? (unsigned char)source->text[source->at + ahead]
                                             : -1;
}

static void step(struct scanner *s)
{
    struct source *source = s->source;

    if (source->text[source->at++] == '\n') {
        source->line++;
        source->line_begin = source->at;
    }
}

static bool looking_at(const struct scanner *s, const char *word)
{
    const size_t size = strlen(word);
    const struct source *source = s->source;

    return source->size - source->at >= size &&
           memcmp(source->text + source->at, word, size) == 0;
}

static void push_source(struct scanner *s, const char *file, const char *text, size_t size)
{
    struct source *source = import_alloc(s->run, sizeof(*source));

    *source = (struct source){s->source, file, text, size, 0, 1, 0};
    s->source = source;
}

static const char *find_end(const char *begin, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++)
        if (begin[i] == '?' && begin[i + 1] == '>')
            return begin + i;
    return NULL;
}

/* <?include "FILE"?>: the file's text stands in its place. */
static bool include(struct scanner *s)
{
    const struct place place = here(s);
    const char *begin = s->source->text + s->source->at;
    const size_t rest = s->source->size - s->source->at;
    const char *end = find_end(begin + 2, rest - 2);
    const char *quote = end == NULL ? NULL : memchr(begin, '"', (size_t)(end - begin));
    const char *close =
        quote == NULL ? NULL : memchr(quote + 1, '"', (size_t)(end - quote) - 1);
    size_t size;

    if (close == NULL)
        return import_fail(s->run, place, "write <?include \"FILE\"?>");
    if (!s->run->settings.may_include)
        return import_fail(s->run, place, "no file may be included here");
    if (s->includes == IMPORT_INCLUDE_MAX)
        return import_fail(s->run, place, "files include files, %d deep", IMPORT_INCLUDE_MAX);
    const char *name = import_copy(s->run, quote + 1, (size_t)(close - quote) - 1);
    const char *path = import_path(s->run, s->source->file, name);
    char *text = import_read(s->run, path, &place, &size);
    if (text == NULL)
        return false;
    while (s->source->text + s->source->at < end + 2)
        step(s);
    s->includes++;
    push_source(s, path, text, size);
    return true;
}

static bool skip_comment(struct scanner *s)
{
    const struct place place = here(s);

    step(s);
    step(s);
    while (!looking_at(s, "*/")) {
        if (peek(s, 0) < 0)
            return import_fail(s->run, place, "the comment does not end");
        step(s);
    }
    step(s);
    step(s);
    return true;
}

/* To the next character that means something; the end is one, too. */
static bool skip_blank(struct scanner *s)
{
    for (;;) {
        const int c = peek(s, 0);
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            step(s);
        } else if (c == '#' || (c == '/' && peek(s, 1) == '/')) {
            while (peek(s, 0) >= 0 && peek(s, 0) != '\n')
                step(s);
        } else if (c == '/' && peek(s, 1) == '*') {
            if (!skip_comment(s))
                return false;
        } else if (c == '<' && looking_at(s, "<?include")) {
            if (!include(s))
                return false;
        } else if (c < 0 && s->source->includer != NULL) {
            s->source = s->source->includer;
            s->includes--;
        } else {
            return true;
        }
    }
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \uXXXX; characters beyond the first plane are two of them, which we put as '?': no key and no
 * value of Kea has a use for one. */
static size_t put_escaped(struct scanner *s, char *out)
{
    unsigned code = 0;

    for (size_t i = 1; i <= 4; i++) {
        const int digit = hex_digit(peek(s, i));
        if (digit < 0)
            return 0;
        code = code << 4 | (unsigned)digit;
    }
    for (size_t i = 0; i < 4; i++)
        step(s);
    if (code == 0 || (code >= 0xd800 && code < 0xe000)) {
        out[0] = '?';
        return 1;
    }
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3f));
    out[2] = (char)(0x80 | (code & 0x3f));
    return 3;
}

/* Behind the backslash. */
static size_t unescape(struct scanner *s, char *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const int c = peek(s, 0);

    if (c == 'u')
        return put_escaped(s, out);
    const char *at = c > 0 ? strchr(from, c) : NULL;
    if (at == NULL)
        return 0;
    *out = to[at - from];
    return 1;
}

static const char *scan_text(struct scanner *s)
{
    const struct place place = here(s);
    const struct source *source = s->source;
    size_t length = 1;

    while (length < source->size - source->at && source->text[source->at + length] != '"')
        length += source->text[source->at + length] == '\\' ? 2 : 1;
    if (length >= source->size - source->at) {
        import_fail(s->run, place, "the text does not end: a \" is missing");
        return NULL;
    }
    char *out = import_alloc(s->run, length + 1);
    size_t used = 0;
    step(s);
    while (peek(s, 0) != '"') {
        if (peek(s, 0) == '\\') {
            step(s);
            const size_t added = unescape(s, out + used);
            if (added == 0) {
                import_fail(s->run, here(s), "JSON knows no such escape");
                return NULL;
            }
            used += added;
        } else if ((unsigned)peek(s, 0) < 0x20 && peek(s, 0) != '\t') {
            import_fail(s->run, peek(s, 0) == '\n' ? place : here(s),
                        "a text does not go over the end of a line, and has no control "
                        "characters");
            return NULL;
        } else {
            out[used++] = (char)peek(s, 0);
        }
        step(s);
    }
    step(s);
    return out;
}

static struct jvalue *scan_value(struct scanner *s, unsigned depth);

static void append(struct jvalue *parent, struct jvalue *child)
{
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
}

static const char *in_words(const struct scanner *s, char out[static 24])
{
    const int c = peek(s, 0);

    if (c < 0)
        snprintf(out, 24, "the file ends");
    else if (c > 0x20 && c < 0x7f)
        snprintf(out, 24, "'%c' stands", c);
    else
        snprintf(out, 24, "byte 0x%02x stands", (unsigned)c);
    return out;
}

static bool scan_member(struct scanner *s, struct jvalue *object, unsigned depth)
{
    const struct place place = here(s);
    char found[24];

    if (peek(s, 0) != '"')
        return import_fail(s->run, place, "%s where a key in double quotes, or }, should be",
                           in_words(s, found));
    const char *key = scan_text(s);
    if (key == NULL || !skip_blank(s))
        return false;
    if (peek(s, 0) != ':')
        return import_fail(s->run, here(s), "%s where a : should be, behind \"%.40s\"",
                           in_words(s, found), key);
    step(s);
    if (!skip_blank(s))
        return false;
    struct jvalue *value = scan_value(s, depth + 1);
    if (value == NULL)
        return false;
    value->key = key;
    value->place = place;
    append(object, value);
    return true;
}

/* What stands between the brackets; a comma behind the last is fine. */
static bool scan_members(struct scanner *s, struct jvalue *parent, char close, unsigned depth)
{
    const struct place place = here(s);
    char found[24];

    if (depth == IMPORT_DEPTH_MAX)
        return import_fail(s->run, place, "brackets are nested more than %d deep",
                           IMPORT_DEPTH_MAX);
    step(s);
    for (;;) {
        if (!skip_blank(s))
            return false;
        if (peek(s, 0) == close)
            break;
        if (close == '}') {
            if (!scan_member(s, parent, depth))
                return false;
        } else {
            struct jvalue *item = scan_value(s, depth + 1);
            if (item == NULL)
                return false;
            append(parent, item);
        }
        if (!skip_blank(s))
            return false;
        if (peek(s, 0) == ',')
            step(s);
        else if (peek(s, 0) != close)
            return import_fail(s->run, here(s),
                               "%s where a comma or %c should be (opened at "
                               "line %u)",
                               in_words(s, found), close, place.line);
    }
    step(s);
    return true;
}

static bool scan_word(struct scanner *s, struct jvalue *value)
{
    static const char letters[] =
        "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const struct place place = here(s);
    const char *begin = s->source->text + s->source->at;
    char found[24];

    in_words(s, found);
    while (peek(s, 0) > 0 && strchr(letters, peek(s, 0)) != NULL)
        step(s);
    const size_t size = (size_t)(s->source->text + s->source->at - begin);
    value->text = import_copy(s->run, begin, size);
    if (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0) {
        value->kind = JSON_IS_BOOL;
    } else if (strcmp(value->text, "null") == 0) {
        value->kind = JSON_IS_NULL;
    } else {
        char *end;
        value->kind = JSON_IS_NUMBER;
        (void)strtod(value->text, &end);
        if (size == 0)
            return import_fail(s->run, place, "%s where a value should be", found);
        if (*end != '\0' || strspn(value->text, "+-.0123456789eE") != size)
            return import_fail(s->run, place,
                               "\"%.40s\" is no value; a text is written in "
                               "double quotes",
                               value->text);
    }
    return true;
}

static struct jvalue *scan_value(struct scanner *s, unsigned depth)
{
    struct jvalue *value = import_alloc(s->run, sizeof(*value));
    const int c = peek(s, 0);
    bool good;

    value->place = here(s);
    if (c == '{' || c == '[') {
        value->kind = c == '{' ? JSON_IS_OBJECT : JSON_IS_ARRAY;
        good = scan_members(s, value, c == '{' ? '}' : ']', depth);
    } else if (c == '"') {
        value->kind = JSON_IS_TEXT;
        value->text = scan_text(s);
        good = value->text != NULL;
    } else {
        good = scan_word(s, value);
    }
    return good ? value : NULL;
}

struct jvalue *json_scan(struct import *run, const char *text, size_t size)
{
    struct scanner s = {.run = run};
    char found[24];

    push_source(&s, run->file, text, size);
    if (!skip_blank(&s))
        return NULL;
    struct jvalue *value = scan_value(&s, 0);
    if (value == NULL || !skip_blank(&s))
        return NULL;
    if (peek(&s, 0) >= 0) {
        import_fail(run, here(&s), "%s where the file should end", in_words(&s, found));
        return NULL;
    }
    return value;
}

const struct jvalue *json_get(const struct jvalue *object, const char *key)
{
    struct jvalue *found = NULL;

    if (object == NULL || object->kind != JSON_IS_OBJECT)
        return NULL;
    for (struct jvalue *child = object->first; child != NULL; child = child->next)
        if (strcmp(child->key, key) == 0)
            found = child;
    if (found != NULL)
        found->used = true;
    return found;
}

const char *json_text_of(const struct jvalue *object, const char *key)
{
    const struct jvalue *value = json_get(object, key);

    return value == NULL || value->kind == JSON_IS_NULL ? NULL : value->text;
}

bool json_number_of(const struct jvalue *object, const char *key, uint64_t *out)
{
    const struct jvalue *value = json_get(object, key);
    const char *text = value != NULL && value->kind == JSON_IS_NUMBER ? value->text : "";

    if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
        return false;
    *out = strtoull(text, NULL, 10);
    return true;
}

int json_bool_of(const struct jvalue *object, const char *key)
{
    const struct jvalue *value = json_get(object, key);

    if (value == NULL || value->kind != JSON_IS_BOOL)
        return -1;
    return value->text[0] == 't';
}

const struct jvalue *json_items(const struct jvalue *array)
{
    return array != NULL && array->kind == JSON_IS_ARRAY ? array->first : NULL;
}
