/* config/load_options.c - `options:`, whose keys are the names of options. */
#include "config/loader.h"

#include "config/options.h"
#include "config/suggest.h"

const char *instead_of_option(uint8_t code)
{
    switch (code) {
    case OPTION_LEASE_TIME:
        return "write 'lease-time' beside 'options'";
    case OPTION_RENEWAL_TIME:
    case OPTION_REBINDING_TIME:
        return "it follows from 'lease-time' beside 'options'";
    case OPTION_SERVER_IDENTIFIER:
        return "it is the address that the client reached";
    case OPTION_CLIENT_IDENTIFIER:
        return "for a reservation write 'client-id' beside 'options'";
    case OPTION_REQUESTED_ADDRESS:
        return "for a reservation write 'address' beside 'options'";
    default:
        return "remove it";
    }
}

/* "option-300": a number, and not one of an option. */
static bool is_numbered(const char *name)
{
    static const char prefix[] = "option-";
    size_t size = sizeof(prefix) - 1;

    return strncmp(name, prefix, size) == 0 && name[size] != '\0' &&
           strspn(name + size, "0123456789") == strlen(name + size);
}

static void complain_unknown(struct loader *l, bool to_send, const struct node *key)
{
    const struct config_definitions *own = &l->config->definitions;
    struct suggestion suggestion = suggestion_for(key->text);
    const struct option_definition *known;

    if (report_is_full(l->report))
        return;
    if (is_numbered(key->text)) {
        complain(l, key, "unknown option %s; codes run from 1 to 254", quoted(l, key->text));
        return;
    }
    if (to_send && schema_key_place(&schema_subnet, key->text) != SIZE_MAX) {
        complain(l, key, "%s is not an option; write it beside 'options', not inside",
                 quoted(l, key->text));
        return;
    }
    for (size_t i = 0; (known = option_at(i)) != NULL; i++)
        if (known->code != OPTION_PAD && known->code != OPTION_END &&
            (!to_send || known->setter == OPTION_BY_OPERATOR))
            suggestion_consider(&suggestion, known->name);
    for (size_t i = 0; i < own->count; i++)
        suggestion_consider(&suggestion, own->options[i].name);
    if (suggestion.best != NULL)
        complain(l, key, "unknown option %s; did you mean '%s'?", quoted(l, key->text),
                 suggestion.best);
    else
        complain(l, key,
                 "unknown option %s; write an option's name, or option-CODE with hexadecimal "
                 "bytes",
                 quoted(l, key->text));
}

const struct option_definition *load_option_name(struct loader *l, const struct node *node,
                                                 bool to_send, uint8_t *code)
{
    const struct option_definition *definition;

    if (node->kind != NODE_SCALAR) {
        complain(l, node, "an option's name is a %s; write a word",
                 node->kind == NODE_LIST ? "list" : "map");
        return NULL;
    }
    definition = config_option_named(l->config, node->text, code);
    if (definition == NULL || *code == OPTION_PAD || *code == OPTION_END) {
        complain_unknown(l, to_send, node);
        return NULL;
    }
    return definition;
}

bool load_option_once(struct loader *l, const struct node *key, uint8_t code,
                      const struct node *first[static 256])
{
    if (first[code] != NULL) {
        complain(l, key, "option %s (code %u) is given twice; the first is at line %d",
                 quoted(l, key->text), code, first[code]->line);
        return false;
    }
    first[code] = key;
    return true;
}

static bool may_set(struct loader *l, const struct node *key, uint8_t code)
{
    const struct option_definition *known = config_option_definition(l->config, code);

    if (known == NULL || known->setter == OPTION_BY_OPERATOR)
        return true;
    complain(l, key, "option %s is set by the server; %s", quoted(l, key->text),
             instead_of_option(code));
    return false;
}

/* RFC 8925 3.4: a client waits 300 seconds at the least; 0 leaves the time to it. */
static bool check_value(struct loader *l, uint8_t code, const struct node *value,
                        const struct option_wire *wire)
{
    enum { WAIT_MIN = 300 };
    const uint8_t *b = wire->bytes;

    if (code != OPTION_V6_ONLY_PREFERRED || wire->used != 4 || (b[0] | b[1]) != 0 ||
        b[2] * 256 + b[3] >= WAIT_MIN || (b[2] | b[3]) == 0)
        return true;
    complain(l, value,
             "v6-only-preferred: %s seconds are too few; write 300 or more, or 0 for the "
             "client's own choice",
             quoted(l, value->text));
    return false;
}

static bool read_option_map(struct loader *l, const char *name, const struct node *node)
{
    if (node->kind != NODE_MAP) {
        complain(l, node, "%s %s; write a map of options such as {routers: [10.77.0.1]}", name,
                 node->kind == NODE_LIST ? "is a list"
                 : node->empty           ? "has no value"
                                         : "is a single value");
        return false;
    }
    return visit(l, node, 1 + node->count);
}

static void read_options(struct loader *l, const struct node *node,
                         struct option_values *values)
{
    const struct node *first[256] = {NULL};

    if (!read_option_map(l, "options", node))
        return;
    for (size_t i = 0; i + 1 < node->count; i += 2) {
        const struct node *key = node->items[i];
        const struct node *value = node->items[i + 1];
        struct option_wire wire = {.used = 0};
        uint8_t code;
        const struct option_definition *definition = load_option_name(l, key, true, &code);

        if (definition != NULL && load_option_once(l, key, code, first) &&
            may_set(l, key, code) && load_option_value(l, key, definition, value, &wire) &&
            check_value(l, code, value, &wire))
            option_values_put(values, code,
                              arena_span(l->scratch, span_of(wire.bytes, wire.used)));
    }
}

static const struct config_options *load_options(struct loader *l, const struct node *node)
{
    struct option_values values;

    if (node == NULL)
        return &config_no_options;
    values.codes = (struct option_codes){{0}};
    read_options(l, node, &values);
    return options_pack(l->arena, &values);
}

void load_contents(struct loader *l, const struct section *section, struct config_terms *terms)
{
    terms->options = load_options(l, section_value(section, "options"));
    terms->send = load_send(l, section);
}

/* `host-name: NAME` and the option of that name, of which one may be written or both. */
static void settle_host_name(struct loader *l, const struct node *node,
                             struct option_values *values, struct config_reservation *out)
{
    const bool has_option = option_codes_have(&values->codes, OPTION_HOST_NAME);
    const struct span option = has_option ? values->value[OPTION_HOST_NAME] : span_of(NULL, 0);
    struct span name;

    if (out->host_name == NULL) {
        if (has_option)
            out->host_name = arena_text(l->arena, (const char *)option.data, option.size);
        return;
    }
    name = span_of(out->host_name, strlen(out->host_name));
    if (!has_option)
        option_values_put(values, OPTION_HOST_NAME, name);
    else if (!span_equal(option, name))
        complain(l, node, "host-name: %s is not what option 'host-name' says; keep one of them",
                 quoted(l, out->host_name));
}

void load_reservation_options(struct loader *l, const struct section *reservation,
                              struct config_reservation *out)
{
    const struct node *options = section_value(reservation, "options");
    struct option_values values;

    values.codes = (struct option_codes){{0}};
    if (options != NULL)
        read_options(l, options, &values);
    settle_host_name(l, section_value(reservation, "host-name"), &values, out);
    out->terms.options = options_pack(l->arena, &values);
    out->terms.send = load_send(l, reservation);
}
