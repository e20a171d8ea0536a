/* config/load_identity.c - by what a reservation knows its client, and in which order that is
 * tried. */
#include "config/loader.h"

enum { HTYPE_ETHERNET = 1, CHADDR_MAX = 16, ETHERNET_SIZE = 6 };
#define BYTES_MAX ((size_t)CLIENT_KEY_MAX - 1)

/* What names a machine before what names its hardware, and that before what names a place. */
static const struct config_identities default_order = {
    {IDENTITY_CLIENT_ID, IDENTITY_DUID, IDENTITY_HW_ADDRESS, IDENTITY_CIRCUIT_ID,
     IDENTITY_REMOTE_ID, IDENTITY_FLEX_ID},
    IDENTITIES,
    0};

static bool load_hardware(struct loader *l, const struct node *node, struct span *key)
{
    const char *text = load_text(l, "hw-address", node);
    const char *slash, *address = text;
    uint8_t bytes[2 + CHADDR_MAX] = {0, HTYPE_ETHERNET};
    size_t size = CHADDR_MAX;
    uint32_t type = HTYPE_ETHERNET;
    char digits[4] = "";

    if (text == NULL)
        return false;
    slash = strchr(text, '/');
    if (slash != NULL) {
        if ((size_t)(slash - text) < sizeof(digits))
            memcpy(digits, text, (size_t)(slash - text));
        if (!number_parse(digits, UINT8_MAX, &type) || type == 0) {
            complain(l, node, "hw-address: %s has no hardware type before '/'; write 1 to 255",
                     quoted(l, text));
            return false;
        }
        address = slash + 1;
    }
    if (!hex_parse(address, bytes + 2, &size) || size == 0) {
        complain(l, node, "hw-address: %s is not %s", quoted(l, text),
                 schema_type_name(SCHEMA_HARDWARE));
        return false;
    }
    if (type == HTYPE_ETHERNET && size != ETHERNET_SIZE) {
        complain(l, node, "hw-address: %s has %zu bytes; an Ethernet address has 6",
                 quoted(l, text), size);
        return false;
    }
    bytes[1] = (uint8_t)type;
    *key = arena_span(l->arena, span_of(bytes, 2 + size));
    return true;
}

static bool load_bytes(struct loader *l, const struct node *node, enum identity kind,
                       struct span *key)
{
    static const char prefix[] = "text:";
    const char *name = identity_name(kind);
    const char *text = load_text(l, name, node);
    uint8_t bytes[1 + BYTES_MAX] = {(uint8_t)kind};
    const size_t most = kind == IDENTITY_FLEX_ID ? FLEX_ID_MAX : BYTES_MAX;
    size_t size = most;

    if (text == NULL)
        return false;
    if (strncmp(text, prefix, sizeof(prefix) - 1) == 0) {
        text += sizeof(prefix) - 1;
        size = strlen(text);
        if (size == 0 || size > most) {
            complain(l, node, "%s: the text has %zu bytes; write 1 to %zu", name, size, most);
            return false;
        }
        memcpy(bytes + 1, text, size);
    } else if (!hex_parse(text, bytes + 1, &size) || size == 0) {
        complain(l, node, "%s: %s is not %s", name, quoted(l, text),
                 schema_type_name(SCHEMA_CLIENT_ID));
        return false;
    }
    *key = arena_span(l->arena, span_of(bytes, 1 + size));
    return true;
}

static bool is_tried(const struct config_identities *identities, enum identity kind)
{
    for (size_t i = 0; i < identities->count; i++)
        if (identities->order[i] == kind)
            return true;
    return false;
}

/* The reservation says a value, the file how packets come to one. */
static void check_flex_id(struct loader *l, const struct node *node)
{
    if (l->config->flex_id.count == 0 && l->flex_id == NULL)
        complain(l, node,
                 "flex-id: no client is known by it, for the file has no 'flex-id'; write for "
                 "example 'flex-id: %s' beside 'subnets'",
                 schema_file.keys[schema_key_place(&schema_file, "flex-id")].example);
}

bool load_identity(struct loader *l, const struct section *reservation, struct span *key)
{
    for (enum identity kind = 0; kind < IDENTITIES; kind++) {
        const struct node *node = section_value(reservation, identity_name(kind));

        if (node == NULL)
            continue;
        if (!is_tried(&l->config->identities, kind))
            complain(l, node,
                     "%s: no client is looked for by it; add it to 'reservation-identifiers'",
                     identity_name(kind));
        if (kind == IDENTITY_FLEX_ID)
            check_flex_id(l, node);
        return kind == IDENTITY_HW_ADDRESS ? load_hardware(l, node, key)
                                           : load_bytes(l, node, kind, key);
    }
    return false;
}

static bool identity_of_name(const char *name, enum identity *kind)
{
    for (enum identity k = 0; k < IDENTITIES; k++) {
        if (strcmp(identity_name(k), name) == 0) {
            *kind = k;
            return true;
        }
    }
    return false;
}

bool identities_are_usual(const struct config_identities *identities)
{
    return identities->count == default_order.count &&
           memcmp(identities->order, default_order.order, sizeof(identities->order)) == 0;
}

void load_identities(struct loader *l, const struct node *node)
{
    const struct items items = load_items(l, "reservation-identifiers", node, false);
    struct config_identities *identities = &l->config->identities;

    if (items.count == 0) {
        *identities = default_order;
        return;
    }
    for (size_t i = 0; i < items.count; i++) {
        const struct node *item = items_get(&items, i);
        const char *name = load_text(l, "reservation-identifiers", item);
        enum identity kind;

        if (name == NULL)
            continue;
        if (!identity_of_name(name, &kind))
            complain(l, item, "reservation-identifiers: %s is none; write %s", quoted(l, name),
                     schema_type_name(SCHEMA_IDENTITIES));
        else if (is_tried(identities, kind))
            complain(l, item, "reservation-identifiers: %s is given twice; keep one of them",
                     name);
        else
            identities->order[identities->count++] = kind;
    }
}

void load_flex_id(struct loader *l, const struct node *node)
{
    const struct expression_scope scope = {.config = l->config};
    struct expression *expression = &l->config->flex_id;
    struct expression_error error;
    const char *text;

    l->flex_id = node;
    if (node == NULL)
        return;
    text = load_text(l, "flex-id", node);
    if (text == NULL)
        return;
    if (!expression_compile(l->arena, text, EXPRESSION_VALUE, &scope, expression, &error))
        complain_expression(l, "flex-id", node, &error);
    else if (expression->first_contact)
        warn(l, node,
             "flex-id: it looks at a field that a renewing client's packet has otherwise or "
             "not at all; its clients lose their address when they renew");
}
