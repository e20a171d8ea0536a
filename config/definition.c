/* config/definition.c - own options against each other and against the registry; the spaces. */
#include "config/definition.h"

#include <stdlib.h>

#include "config/suggest.h"

static const char packet_space[] = "dhcp4";
static const char vendor_prefix[] = "vendor-";

#define PRIVATE_FIRST 224 /* RFC 3942: site-specific codes up to 254 */

/* The model while it is made. */
struct build {
    struct loader *l;
    struct written_definition *written;
    size_t count;
    struct option_space *spaces;
    size_t space_count, built_in;
};

static bool in_packet(const struct written_definition *written)
{
    return strcmp(written->space, packet_space) == 0;
}

/* ---- against the registry ---- */

static void check_standard(struct loader *l, const struct written_definition *written)
{
    const struct option_definition *by_code = option_find_code(written->definition.code);
    const struct option_definition *by_name = option_find_name(written->name);

    if (by_code != NULL && by_code->code < PRIVATE_FIRST)
        complain(l, written->place,
                 "option '%s': code %u is the standard option '%s'; write a code without a "
                 "standard meaning, such as 224 to 254",
                 written->name, by_code->code, by_code->name);
    else if (by_name != NULL && by_name->code != written->definition.code)
        complain(l, written->place,
                 "option '%s': the name is that of the standard option with code %u; write "
                 "another name",
                 written->name, by_name->code);
}

static void check_built_in(struct loader *l, const struct written_definition *written,
                           const struct option_space *space)
{
    const struct option_definition *known =
        option_space_find_code(space, written->definition.code);

    if (known == NULL)
        known = option_space_find_name(space, written->name);
    if (known != NULL)
        complain(l, written->place,
                 "option '%s' of space %s: code %u is '%s' there already; write another name "
                 "and code",
                 written->name, space->name, known->code, known->name);
}

/* ---- against each other ---- */

static int compare_names(const void *left, const void *right)
{
    const struct written_definition *a = left, *b = right;
    int order = strcmp(a->space, b->space);

    if (order == 0)
        order = strcmp(a->name, b->name);
    return order != 0 ? order : compare_places(a->place, b->place);
}

static int compare_codes(const void *left, const void *right)
{
    const struct written_definition *a = left, *b = right;
    int order = strcmp(a->space, b->space);

    if (order == 0)
        order = (int)a->code - (int)b->code;
    return order != 0 ? order : compare_places(a->place, b->place);
}

/* Leaves the definitions sorted by space and code. */
static void check_twice(struct build *b)
{
    struct written_definition *w = b->written;

    if (b->count < 2)
        return;
    qsort(w, b->count, sizeof(*w), compare_names);
    for (size_t i = 1; i < b->count; i++)
        if (strcmp(w[i - 1].space, w[i].space) == 0 && strcmp(w[i - 1].name, w[i].name) == 0)
            complain(b->l, w[i].place, "option '%s' is defined twice; the first is at %s",
                     w[i].name, place_of(b->l, w[i - 1].place, w[i].place));
    qsort(w, b->count, sizeof(*w), compare_codes);
    for (size_t i = 1; i < b->count; i++)
        if (strcmp(w[i - 1].space, w[i].space) == 0 && w[i - 1].code == w[i].code)
            complain(b->l, w[i].place,
                     "code %u of space %s is defined twice; the first is '%s' at %s", w[i].code,
                     w[i].space, w[i - 1].name, place_of(b->l, w[i - 1].place, w[i].place));
}

/* ---- spaces ---- */

static struct option_space *find_space(struct build *b, const char *name)
{
    for (size_t i = 0; i < b->space_count; i++)
        if (strcmp(b->spaces[i].name, name) == 0)
            return &b->spaces[i];
    return NULL;
}

/* "vendor-4491" -> 4491; 0: no vendor's. */
static uint32_t enterprise_of(const char *name)
{
    const size_t size = sizeof(vendor_prefix) - 1;
    uint32_t number;

    return strncmp(name, vendor_prefix, size) == 0 &&
                   number_parse(name + size, UINT32_MAX, &number)
               ? number
               : 0;
}

static void make_spaces(struct build *b)
{
    const struct option_space *known;

    while (option_space_at(b->built_in) != NULL)
        b->built_in++;
    b->spaces = ARENA_ARRAY(b->l->arena, struct option_space, b->built_in + b->count);
    for (; (known = option_space_at(b->space_count)) != NULL; b->space_count++)
        b->spaces[b->space_count] = *known;
    for (size_t i = 0; i < b->count; i++) {
        struct written_definition *w = &b->written[i];

        if (in_packet(w))
            continue;
        w->own_space = find_space(b, w->space);
        if (w->own_space != NULL)
            continue;
        w->own_space = &b->spaces[b->space_count];
        b->spaces[b->space_count++] =
            (struct option_space){.name = w->space, .enterprise = enterprise_of(w->space)};
        if (strncmp(w->space, vendor_prefix, sizeof(vendor_prefix) - 1) == 0 &&
            enterprise_of(w->space) == 0)
            complain(b->l, w->place,
                     "space: %s names no enterprise; write vendor- and its number such as "
                     "vendor-4491",
                     quoted(b->l, w->space));
    }
}

static void resolve(struct build *b, struct written_definition *w)
{
    struct suggestion suggestion;

    if (w->encapsulates == NULL)
        return;
    w->definition.space = find_space(b, w->encapsulates);
    if (w->definition.space != NULL)
        return;
    suggestion = suggestion_for(w->encapsulates);
    for (size_t i = 0; i < b->space_count; i++)
        suggestion_consider(&suggestion, b->spaces[i].name);
    complain(b->l, w->place, "option '%s' encapsulates the unknown space '%s'; %s%s%s", w->name,
             w->encapsulates,
             suggestion.best != NULL ? "did you mean '"
                                     : "define an option in "
                                       "it",
             suggestion.best != NULL ? suggestion.best : "",
             suggestion.best != NULL ? "'?" : "");
}

/* Can a value of `w`, which stands in a space of its own, hold that space again?  `reached`
 * says which spaces are inside. */
static bool holds_itself(const struct build *b, const struct written_definition *w,
                         bool *reached)
{
    bool more = true;

    memset(reached, 0, b->space_count * sizeof(*reached));
    reached[w->definition.space - b->spaces] = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < b->count; i++) {
            const struct written_definition *inner = &b->written[i];

            if (inner->own_space == NULL || inner->definition.space == NULL ||
                !reached[inner->own_space - b->spaces] ||
                reached[inner->definition.space - b->spaces])
                continue;
            reached[inner->definition.space - b->spaces] = true;
            more = true;
        }
    }
    return reached[w->own_space - b->spaces];
}

static void check_recursion(struct build *b)
{
    bool *reached = ARENA_ARRAY(b->l->scratch, bool, b->space_count);

    for (size_t i = 0; i < b->count; i++) {
        const struct written_definition *w = &b->written[i];

        if (w->own_space == NULL || w->definition.space == NULL || !holds_itself(b, w, reached))
            continue;
        complain(b->l, w->place,
                 "option '%s' of space %s encapsulates %s, which leads back to it; a space "
                 "cannot hold itself",
                 w->name, w->space, w->encapsulates);
        return; /* the others of the circle say nothing new */
    }
}

/* ---- the model ---- */

static int compare_definitions(const void *left, const void *right)
{
    const struct option_definition *a = left, *b = right;

    return (int)a->code - (int)b->code;
}

/* The options of a space: the built-in ones and those of the file. */
static void fill_space(struct build *b, struct option_space *space)
{
    struct option_definition *all =
        ARENA_ARRAY(b->l->arena, struct option_definition, space->count + b->count);
    size_t count = space->count;

    if (count > 0)
        memcpy(all, space->definitions, count * sizeof(*all));
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->written[i].space, space->name) == 0)
            all[count++] = b->written[i].definition;
    if (count > 1)
        qsort(all, count, sizeof(*all), compare_definitions);
    space->definitions = all;
    space->count = count;
}

/* An option of the registry whose inside the file says more of. */
static void add_changed(struct option_definition *options, size_t *count, uint8_t code,
                        const struct option_space *space)
{
    options[*count] = *option_find_code(code);
    options[*count].space = space;
    (*count)++;
}

static void fill_model(struct build *b)
{
    struct config_definitions *out = &b->l->config->definitions;
    struct option_definition *options =
        ARENA_ARRAY(b->l->arena, struct option_definition, b->count + b->built_in + 1);
    const struct option_space *vendors = NULL;
    size_t count = 0;

    for (size_t i = 0; i < b->count; i++)
        if (in_packet(&b->written[i]))
            options[count++] = b->written[i].definition;
    for (size_t i = 0; i < b->space_count; i++) {
        const size_t before = b->spaces[i].count;

        fill_space(b, &b->spaces[i]);
        if (b->spaces[i].enterprise != 0) {
            b->spaces[i].next = vendors;
            vendors = &b->spaces[i];
        }
        if (i >= b->built_in || b->spaces[i].count == before)
            continue;
        if (option_space_at(i) == &option_space_ipxe)
            add_changed(options, &count, OPTION_IPXE, &b->spaces[i]);
        else if (option_space_at(i) == &option_space_relay)
            add_changed(options, &count, OPTION_RELAY_AGENT_INFORMATION, &b->spaces[i]);
    }
    if (vendors != NULL)
        add_changed(options, &count, OPTION_VENDOR_OPTIONS, vendors);
    if (count > 1)
        qsort(options, count, sizeof(*options), compare_definitions);
    *out = (struct config_definitions){options, count, b->spaces, b->space_count};
}

void settle_definitions(struct loader *l, struct written_definition *written, size_t count)
{
    const size_t before = l->report->errors;
    struct build b = {.l = l, .written = written, .count = count};

    if (count == 0)
        return;
    check_twice(&b);
    for (size_t i = 0; i < count; i++) {
        if (in_packet(&written[i])) {
            check_standard(l, &written[i]);
            continue;
        }
        for (size_t j = 0; option_space_at(j) != NULL; j++)
            if (strcmp(option_space_at(j)->name, written[i].space) == 0)
                check_built_in(l, &written[i], option_space_at(j));
    }
    make_spaces(&b);
    for (size_t i = 0; i < count; i++)
        resolve(&b, &written[i]);
    if (l->report->errors == before)
        check_recursion(&b);
    fill_model(&b);
}

/* ---- lookups ---- */

const struct option_definition *config_option_definition(const struct config *config,
                                                         uint8_t code)
{
    const struct config_definitions *own = &config->definitions;

    for (size_t i = 0; i < own->count; i++)
        if (own->options[i].code == code)
            return &own->options[i];
    return option_find_code(code);
}

const struct option_definition *config_option_named(const struct config *config,
                                                    const char *name, uint8_t *code)
{
    const struct config_definitions *own = &config->definitions;
    const struct option_definition *found = NULL;
    const uint8_t number = option_parse_number(name);

    for (size_t i = 0; i < own->count && found == NULL; i++)
        if (strcmp(own->options[i].name, name) == 0)
            found = &own->options[i];
    if (found == NULL)
        found = option_find_name(name);
    if (found != NULL)
        found = config_option_definition(config, found->code);
    if (found == NULL && number == 0)
        return NULL;
    *code = found != NULL ? found->code : number;
    return found != NULL ? found : &option_unnamed;
}

const struct option_space *config_option_space(const struct config *config, const char *name)
{
    const struct config_definitions *own = &config->definitions;

    for (size_t i = 0; i < own->space_count; i++)
        if (strcmp(own->spaces[i].name, name) == 0)
            return &own->spaces[i];
    for (size_t i = 0; option_space_at(i) != NULL; i++)
        if (strcmp(option_space_at(i)->name, name) == 0)
            return option_space_at(i);
    return NULL;
}
