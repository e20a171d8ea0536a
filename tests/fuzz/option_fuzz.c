/* tests/fuzz/option_fuzz.c - option values of every type: text to wire and back, and any bytes
 * as text. */
#include "proto/option.h"

#define VALUE_MAX 1024
#define TEXT_MAX  8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The definitions with a structure of their own, and each type alone. */
static const struct option_definition *choose(uint8_t which, struct option_definition *alone)
{
    const struct option_space *space = NULL;
    size_t i = which;

    if (i < OPTION_TYPES) {
        *alone = (struct option_definition){.type = (enum option_type)i};
        return alone;
    }
    i -= OPTION_TYPES;
    for (size_t s = 0; (space = option_space_at(s)) != NULL; s++) {
        if (i < space->count)
            return &space->definitions[i];
        i -= space->count;
    }
    for (size_t d = 0; option_at(d) != NULL; d++) {
        if ((option_at(d)->record != NULL || option_at(d)->space != NULL) && i-- == 0)
            return option_at(d);
    }
    return option_at(which % 100);
}

static bool is_utf8_without_controls(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((uint8_t)*text < ' ' || *text == 0x7f)
            return false;
    }
    return true;
}

static void show(const struct option_definition *definition, struct span wire, char *text)
{
    char cut[16];

    (void)option_format(definition, wire, text, TEXT_MAX);
    ASSERT(strlen(text) < TEXT_MAX && is_utf8_without_controls(text));
    (void)option_format(definition, wire, cut, sizeof cut);
    ASSERT(strlen(cut) < sizeof cut);
}

/* What we made of a text reads back as a text that makes the same: unless it has to be shown as
 * bytes, and of types whose elements are not told apart by a list's text. */
static void round_trip(const struct option_definition *definition, const char *text)
{
    uint8_t wire[VALUE_MAX], again[VALUE_MAX];
    char shown[TEXT_MAX];
    size_t used = 0, used_again = 0;
    struct ip4 address;
    uint8_t address6[16];

    (void)!ip4_parse(text, &address);
    if (ip6_parse(text, address6)) {
        char canonical[IP6_TEXT_SIZE];
        uint8_t back[16];

        ASSERT(ip6_parse(ip6_format(address6, canonical), back));
        ASSERT(memcmp(address6, back, sizeof back) == 0);
    }
    if (option_encode(definition, text, wire, sizeof wire, &used) != TD_OK) {
        ASSERT(used == 0);
        return;
    }
    show(definition, span_of(wire, used), shown);
    if (definition->type >= OPTION_TYPE_CLIENT_FQDN && definition->type != OPTION_TYPE_RECORD &&
        definition->type != OPTION_TYPE_RECORD_LIST)
        return; /* written as bytes, shown by their parts */
    if (strncmp(shown, "0x", 2) == 0)
        return;
    if (option_encode(definition, shown, again, sizeof again, &used_again) == TD_OK)
        ASSERT(used == used_again && memcmp(wire, again, used) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct option_definition alone;
    const struct option_definition *definition;
    char text[VALUE_MAX], shown[TEXT_MAX];

    if (size == 0)
        return 0;
    definition = choose(data[0], &alone);
    data++;
    size--;
    show(definition, span_of(data, size), shown);
    if (size < sizeof text && memchr(data, '\0', size) == NULL) {
        memcpy(text, data, size);
        text[size] = '\0';
        round_trip(definition, text);
    }
    return 0;
}
