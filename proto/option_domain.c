/* proto/option_domain.c - domain names in wire form. */
#include "proto/option_domain.h"

#define LABEL_MAX     63
#define NAME_WIRE_MAX 255 /* on the wire, with the root */
#define JUMPS_MAX     127 /* a name has no more labels: keeps chains of bare pointers linear */
#define POINTER_BITS  0xc0
#define POINTER_MAX   0x3fff

static bool is_label_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_';
}

/* The size of the label that `text` starts with; 0 if it is none. */
static size_t label_size(const char *text)
{
    size_t n = 0;

    while (is_label_char((uint8_t)text[n]))
        n++;
    return n <= LABEL_MAX && (text[n] == '.' || text[n] == '\0') ? n : 0;
}

static const char *next_label(const char *text)
{
    text += label_size(text);
    return *text == '.' ? text + 1 : text;
}

static bool is_name(const char *text)
{
    size_t wire = 1;

    if (strcmp(text, ".") == 0)
        return true;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text = next_label(text)) {
        const size_t size = label_size(text);

        wire += size + 1;
        if (size == 0 || wire > NAME_WIRE_MAX)
            return false;
    }
    return true;
}

static bool same_name(const char *text, const char *decoded)
{
    const size_t size = strlen(decoded);

    return strncmp(text, decoded, size) == 0 &&
           (text[size] == '\0' || (text[size] == '.' && text[size + 1] == '\0'));
}

/* Where in `names` the name `text` can be pointed to; false if nowhere. */
static bool find_tail(const char *text, struct span names, size_t *found)
{
    size_t at = 0;

    while (at < names.size && at <= POINTER_MAX) {
        char decoded[DOMAIN_TEXT_SIZE];
        size_t after = at;

        if ((names.data[at] & POINTER_BITS) == POINTER_BITS) {
            at += 2;
        } else if (names.data[at] == 0) {
            at++;
        } else if (domain_decode(names, &after, decoded) && same_name(text, decoded)) {
            *found = at;
            return true;
        } else {
            at += 1 + (size_t)names.data[at];
        }
    }
    return false;
}

enum td_err domain_encode(const char *text, bool compress, uint8_t *out, size_t capacity,
                          size_t *used)
{
    const struct span names = span_of(out, *used);
    uint8_t name[NAME_WIRE_MAX];
    size_t size = 0;
    bool pointed = false;

    if (!is_name(text))
        return TD_MALFORMED;
    for (; *text != '\0' && label_size(text) > 0 && !pointed; text = next_label(text)) {
        const size_t label = label_size(text);
        size_t tail;

        if (compress && find_tail(text, names, &tail)) {
            name[size++] = (uint8_t)(POINTER_BITS | tail >> 8);
            name[size++] = (uint8_t)tail;
            pointed = true;
        } else {
            name[size++] = (uint8_t)label;
            memcpy(name + size, text, label);
            size += label;
        }
    }
    if (!pointed)
        name[size++] = 0;
    if (size > capacity - *used)
        return TD_NO_SPACE;
    memcpy(out + *used, name, size);
    *used += size;
    return TD_OK;
}

/* Appends a label and the dot before it; false if the name gets too long or has other bytes. */
static bool put_label(char *out, size_t *size, struct span label)
{
    const size_t dot = *size > 0 ? 1 : 0;

    if (*size + dot + label.size > NAME_WIRE_MAX - 2)
        return false;
    if (dot != 0)
        out[(*size)++] = '.';
    for (size_t i = 0; i < label.size; i++) {
        if (!is_label_char(label.data[i]))
            return false;
        out[(*size)++] = (char)label.data[i];
    }
    return true;
}

bool domain_decode(struct span bytes, size_t *at, char out[static DOMAIN_TEXT_SIZE])
{
    size_t here = *at;
    size_t reached_from = here; /* a pointer leads to before this */
    size_t size = 0;
    size_t jumps = 0;

    for (;;) {
        if (here >= bytes.size)
            return false;
        const uint8_t head = bytes.data[here];

        if (head == 0) {
            if (jumps == 0)
                *at = here + 1;
            break;
        }
        if ((head & POINTER_BITS) == POINTER_BITS) {
            if (bytes.size - here < 2)
                return false;
            if (jumps == 0)
                *at = here + 2;
            here = (size_t)(head & ~POINTER_BITS) << 8 | bytes.data[here + 1];
            if (here >= reached_from || ++jumps > JUMPS_MAX)
                return false;
            reached_from = here;
            continue;
        }
        if ((head & POINTER_BITS) != 0 || bytes.size - here - 1 < head ||
            !put_label(out, &size, span_of(bytes.data + here + 1, head)))
            return false;
        here += 1 + (size_t)head;
    }
    if (size == 0)
        out[size++] = '.';
    out[size] = '\0';
    return true;
}
