/* proto/names.c - the names of a binding as bytes, and the join of two. */
#include "proto/names.h"

#include "proto/cursor.h"

enum { FORWARD = 1, REVERSE = 2, STATE_SHIFT = 2 };

static int compare_spans(struct span a, struct span b)
{
    const size_t size = a.size < b.size ? a.size : b.size;
    const int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

    if (order != 0 || a.size == b.size)
        return order;
    return a.size < b.size ? -1 : 1;
}

static int compare_entries(const struct name_entry *a, const struct name_entry *b)
{
    const int order = compare_spans(a->name, b->name);

    return order != 0 ? order : compare_spans(a->client, b->client);
}

static bool is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static struct span read_name(struct cursor *c)
{
    const struct span name = cursor_bytes(c, cursor_u8(c));

    c->failed |= name.size > NAME_SIZE_MAX;
    for (size_t i = 0; i < name.size; i++)
        c->failed |= !is_name_byte(name.data[i]);
    return name;
}

static void read_entry(struct cursor *c, struct name_entry *entry)
{
    const uint8_t what = cursor_u8(c);

    entry->forward = (what & FORWARD) != 0;
    entry->reverse = (what & REVERSE) != 0;
    entry->state = (enum name_state)(what >> STATE_SHIFT);
    entry->client = cursor_bytes(c, (size_t)cursor_u8(c) + 1);
    entry->name = read_name(c);
    c->failed |= what >> STATE_SHIFT > NAME_TAKEN || entry->name.size == 0;
}

bool names_decode(struct span bytes, struct names *out)
{
    struct cursor c = cursor_of(bytes);
    uint8_t what;

    *out = (struct names){.count = 0};
    if (bytes.size == 0)
        return true;
    if (cursor_u16(&c) != bytes.size)
        return false;
    what = cursor_u8(&c);
    out->forward = (what & FORWARD) != 0;
    out->reverse = (what & REVERSE) != 0;
    out->name = read_name(&c);
    while (!c.failed && c.left > 0) {
        if (out->count == NAMES_ENTRIES)
            return false;
        read_entry(&c, &out->entry[out->count]);
        if (out->count > 0 &&
            compare_entries(&out->entry[out->count - 1], &out->entry[out->count]) >= 0)
            return false;
        out->count++;
    }
    return !c.failed && what <= (FORWARD | REVERSE);
}

static uint8_t *put_span(uint8_t *at, struct span span)
{
    if (span.size > 0)
        memcpy(at, span.data, span.size);
    return at + span.size;
}

static uint8_t what_of(bool forward, bool reverse, enum name_state state)
{
    return (uint8_t)((forward ? FORWARD : 0) | (reverse ? REVERSE : 0) | state << STATE_SHIFT);
}

struct span names_encode(const struct names *names, uint8_t out[static NAMES_SIZE_MAX])
{
    uint8_t *at = out + 2;
    size_t size;

    if (names->name.size == 0 && names->count == 0)
        return span_of(NULL, 0);
    ASSERT(names->name.size <= NAME_SIZE_MAX && names->count <= NAMES_ENTRIES);
    *at++ = what_of(names->forward, names->reverse, NAME_MAYBE);
    *at++ = (uint8_t)names->name.size;
    at = put_span(at, names->name);
    for (size_t i = 0; i < names->count; i++) {
        const struct name_entry *entry = &names->entry[i];

        ASSERT(entry->client.size > 0 && entry->client.size <= 256);
        ASSERT(entry->name.size > 0 && entry->name.size <= NAME_SIZE_MAX);
        *at++ = what_of(entry->forward, entry->reverse, entry->state);
        *at++ = (uint8_t)(entry->client.size - 1);
        at = put_span(at, entry->client);
        *at++ = (uint8_t)entry->name.size;
        at = put_span(at, entry->name);
    }
    size = (size_t)(at - out);
    out[0] = (uint8_t)(size >> 8);
    out[1] = (uint8_t)size;
    return span_of(out, size);
}

struct name_entry *names_find(struct names *names, struct span client, struct span name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (span_equal(names->entry[i].client, client) &&
            span_equal(names->entry[i].name, name))
            return &names->entry[i];
    }
    return NULL;
}

void names_remove(struct names *names, struct name_entry *entry)
{
    const size_t at = (size_t)(entry - names->entry);

    ASSERT(at < names->count);
    names->count--;
    for (size_t i = at; i < names->count; i++)
        names->entry[i] = names->entry[i + 1];
}

bool names_add(struct names *names, const struct name_entry *entry)
{
    size_t at = names->count;

    if (names->count == NAMES_ENTRIES)
        return false;
    while (at > 0 && compare_entries(entry, &names->entry[at - 1]) < 0)
        at--;
    for (size_t i = names->count++; i > at; i--)
        names->entry[i] = names->entry[i - 1];
    names->entry[at] = *entry;
    return true;
}

static struct name_entry join_entry(const struct name_entry *a, const struct name_entry *b)
{
    struct name_entry joined = *a;

    if (b == NULL || a->state != b->state || a->forward != b->forward ||
        a->reverse != b->reverse)
        joined.state = NAME_MAYBE;
    if (b != NULL) {
        joined.forward |= b->forward;
        joined.reverse |= b->reverse;
    }
    return joined;
}

/* The first in the order stay, so that it does not matter whose come first. */
void names_join(struct names *names, const struct names *other)
{
    struct names mine = *names, theirs = *other;
    size_t m = 0, t = 0;

    names->count = 0;
    while ((m < mine.count || t < theirs.count) && names->count < NAMES_ENTRIES) {
        const int order = m == mine.count ? 1
                          : t == theirs.count
                              ? -1
                              : compare_entries(&mine.entry[m], &theirs.entry[t]);
        struct name_entry *joined = &names->entry[names->count++];

        if (order == 0)
            *joined = join_entry(&mine.entry[m++], &theirs.entry[t++]);
        else
            *joined = join_entry(order < 0 ? &mine.entry[m++] : &theirs.entry[t++], NULL);
    }
}
