/* daemon/api/writer.c - see writer.h */
#include "daemon/api/writer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "proto/dhcp4.h"
#include "proto/option.h"

static void append(struct writer *w, const void *bytes, size_t size)
{
    if (w->failed)
        return;
    if (w->capacity - w->size < size) {
        size_t capacity = w->capacity == 0 ? 1024 : w->capacity;
        while (capacity - w->size < size)
            capacity *= 2;
        char *text = realloc(w->text, capacity);
        if (text == NULL) {
            w->failed = true;
            return;
        }
        w->text = text;
        w->capacity = capacity;
    }
    memcpy(w->text + w->size, bytes, size);
    w->size += size;
}

static void append_text(struct writer *w, const char *text)
{
    append(w, text, strlen(text));
}

/* The comma, if one is due, and the key.  The last byte tells: nothing but a bracket just
 * opened ends in one, since text ends in a quote. */
static void begin_value(struct writer *w, const char *key)
{
    if (w->failed)
        return;
    if (w->size > 0 && w->text[w->size - 1] != '{' && w->text[w->size - 1] != '[')
        append(w, ",", 1);
    if (key != NULL) {
        append(w, "\"", 1);
        append_text(w, key);
        append(w, "\":", 2);
    }
}

void writer_plain(struct writer *w, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ASSERT(size >= 0 && (size_t)size < sizeof(text));
    append(w, text, (size_t)size);
}

void writer_json(struct writer *w, const char *key, const char *json)
{
    begin_value(w, key);
    append(w, json, strlen(json));
}

void writer_open(struct writer *w, const char *key, char bracket)
{
    begin_value(w, key);
    append(w, &bracket, 1);
}

void writer_close(struct writer *w, char bracket)
{
    append(w, &bracket, 1);
}

/* How many bytes at `text` make one well-formed UTF-8 character (RFC 3629); 0: none. */
static size_t utf8_size(const uint8_t *text, size_t left)
{
    uint32_t point;
    size_t size;

    if (text[0] < 0x80)
        return 1;
    if (text[0] >= 0xc2 && text[0] <= 0xdf) {
        size = 2;
        point = text[0] & 0x1fu;
    } else if (text[0] >= 0xe0 && text[0] <= 0xef) {
        size = 3;
        point = text[0] & 0x0fu;
    } else if (text[0] >= 0xf0 && text[0] <= 0xf4) {
        size = 4;
        point = text[0] & 0x07u;
    } else {
        return 0;
    }
    if (left < size)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0u) != 0x80)
            return 0;
        point = point << 6 | (text[i] & 0x3fu);
    }
    if (size == 3 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff)))
        return 0;
    if (size == 4 && (point < 0x10000 || point > 0x10ffff))
        return 0;
    return size;
}

/* DEL and the C1 controls are escaped too: the text may end up on a terminal. */
static bool must_escape(const uint8_t *text, size_t size)
{
    if (size == 1)
        return text[0] < 0x20 || text[0] == '"' || text[0] == '\\' || text[0] == 0x7f;
    return size == 2 && text[0] == 0xc2 && text[1] < 0xa0;
}

void writer_bytes(struct writer *w, const char *key, struct span text)
{
    begin_value(w, key);
    append(w, "\"", 1);
    for (size_t i = 0; i < text.size;) {
        const uint8_t *at = text.data + i;
        size_t size = utf8_size(at, text.size - i);
        char escape[8];

        if (size == 0) {
            append_text(w, "\\ufffd");
            size = 1;
        } else if (must_escape(at, size)) {
            if (at[0] == '"' || at[0] == '\\')
                snprintf(escape, sizeof(escape), "\\%c", at[0]);
            else
                snprintf(escape, sizeof(escape), "\\u%04x", size == 1 ? at[0] : at[1]);
            append_text(w, escape);
        } else {
            append(w, at, size);
        }
        i += size;
    }
    append(w, "\"", 1);
}

void writer_text(struct writer *w, const char *key, const char *text)
{
    if (text == NULL)
        writer_null(w, key);
    else
        writer_bytes(w, key, span_of(text, strlen(text)));
}

void writer_int(struct writer *w, const char *key, int64_t value)
{
    char text[24];

    begin_value(w, key);
    snprintf(text, sizeof(text), "%" PRId64, value);
    append_text(w, text);
}

void writer_uint(struct writer *w, const char *key, uint64_t value)
{
    char text[24];

    begin_value(w, key);
    snprintf(text, sizeof(text), "%" PRIu64, value);
    append_text(w, text);
}

void writer_bool(struct writer *w, const char *key, bool value)
{
    begin_value(w, key);
    append_text(w, value ? "true" : "false");
}

void writer_null(struct writer *w, const char *key)
{
    begin_value(w, key);
    append_text(w, "null");
}

void writer_hex(struct writer *w, const char *key, struct span bytes)
{
    static const char digit[] = "0123456789abcdef";

    if (bytes.size == 0) {
        writer_null(w, key);
        return;
    }
    begin_value(w, key);
    for (size_t i = 0; i < bytes.size; i++) {
        const char text[3] = {i == 0 ? '"' : ':', digit[bytes.data[i] >> 4],
                              digit[bytes.data[i] & 0x0f]};
        append(w, text, sizeof(text));
    }
    append(w, "\"", 1);
}

void writer_ip4(struct writer *w, const char *key, struct ip4 address)
{
    char text[IP4_TEXT_SIZE];

    writer_text(w, key, ip4_format(address, text));
}

void writer_instant(struct writer *w, const char *key, struct instant when)
{
    const time_t seconds = (time_t)(when.ms / 1000);
    struct tm utc;
    char text[40];

    if (when.ms == 0 || gmtime_r(&seconds, &utc) == NULL ||
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        writer_null(w, key);
        return;
    }
    writer_text(w, key, text);
}

void writer_client(struct writer *w, const char *key, struct span client)
{
    char text[3 * CLIENT_KEY_MAX + 16];

    if (client.size == 0)
        writer_null(w, key);
    else
        writer_text(w, key, client_key_format(client, text, sizeof(text)));
}

char *writer_take(struct writer *w, size_t *size)
{
    append(w, "\n", 2); /* with the NUL */
    char *text = w->text;
    if (w->failed) {
        free(text);
        text = NULL;
    } else {
        *size = w->size - 1;
    }
    *w = (struct writer){0};
    return text;
}
