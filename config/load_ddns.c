/* config/load_ddns.c - `names:` and `ddns:`. */
#include "config/loader.h"

static const struct config_names default_names = {.generated = "dhcp-{address}"};

/* ---- domain names ---- */

static bool is_label_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_domain(const char *text)
{
    size_t label = 0;

    for (; *text != '\0'; text++) {
        if (*text == '.' ? label == 0 : (!is_label_byte(*text) || label == 63))
            return false;
        label = *text == '.' ? 0 : label + 1;
    }
    return label > 0;
}

/* In lower case and without the dot at its end: as names are compared. */
static const char *load_domain(struct loader *l, const char *key, const struct node *node,
                               const char *text)
{
    size_t size = strlen(text);
    char *copy;

    if (size > 1 && text[size - 1] == '.')
        size--;
    copy = arena_text(l->arena, text, size);
    for (size_t i = 0; i < size; i++) {
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] - 'A' + 'a');
    }
    if (!is_domain(copy))
        complain(l, node, "%s: %s is not a domain; write one such as dc1.example.net", key,
                 quoted(l, text));
    return copy;
}

/* ---- names ---- */

/* "dhcp-{address}": label characters and what stands for something of the client. */
static void check_generated(struct loader *l, const struct node *node, const char *text)
{
    bool varies = false;

    while (*text != '\0') {
        const size_t name = strncmp(text, "{address}", 9) == 0 ? 9
                            : strncmp(text, "{hw}", 4) == 0    ? 4
                                                               : 0;

        varies |= name > 0;
        if (name == 0 && (!is_label_byte(*text) || *text == '_')) {
            complain(
                l, node,
                "generated: %s may have lower case letters, digits, '-', {address} and {hw} "
                "in it; write for example dhcp-{address}",
                quoted(l, node->text));
            return;
        }
        text += name > 0 ? name : 1;
    }
    if (!varies)
        complain(l, node,
                 "generated: %s names all clients alike; write {address} or {hw} into it",
                 quoted(l, node->text));
}

const struct config_names *load_names(struct loader *l, const struct node *node,
                                      const struct config_names *above)
{
    struct config_names written = {.suffix = NULL}, *out;
    struct section section;
    const struct node *suffix, *replace, *generated;

    if (node == NULL)
        return above;
    section = section_read(l, &schema_names, "names", node, &written);
    if (section.map == NULL)
        return above;
    suffix = section_value(&section, "suffix");
    replace = section_value(&section, "replace");
    generated = section_value(&section, "generated");
    out = ARENA_ARRAY(l->arena, struct config_names, 1);
    *out = above != NULL ? *above : default_names;
    if (section_value(&section, "source") != NULL)
        out->source = written.source;
    if (replace != NULL)
        out->replace = written.replace;
    if (section_value(&section, "client-updates") != NULL)
        out->client_updates = written.client_updates;
    if (generated != NULL && written.generated != NULL) {
        out->generated = written.generated;
        check_generated(l, generated, written.generated);
    }
    if (suffix != NULL && written.suffix != NULL)
        out->suffix = load_domain(l, "suffix", suffix, written.suffix);
    if (replace != NULL && written.replace != REPLACE_NEVER && out->source != NAME_OF_CLIENT)
        complain(l, replace,
                 "replace: it only says something of `source: client`; remove it, or the other "
                 "source");
    return out;
}

/* ---- ddns ---- */

static void load_key(struct loader *l, const struct node *node, struct config_ddns_key *keys,
                     size_t at)
{
    (void)section_read(l, &schema_ddns_key, "keys", node, &keys[at]);
    for (size_t i = 0; i < at && keys[at].name != NULL; i++) {
        if (keys[i].name != NULL && strcmp(keys[i].name, keys[at].name) == 0)
            complain(l, node, "key '%s' is given twice; remove one", keys[at].name);
    }
}

static const struct config_ddns_key *find_key(const struct config_ddns *ddns, const char *name)
{
    for (size_t i = 0; i < ddns->key_count; i++) {
        if (ddns->keys[i].name != NULL && strcmp(ddns->keys[i].name, name) == 0)
            return &ddns->keys[i];
    }
    return NULL;
}

static void load_servers(struct loader *l, const struct node *node,
                         struct config_ddns_zone *out)
{
    struct items items = load_items(l, "server", node, true);
    struct ip4 *servers = ARENA_ARRAY(l->arena, struct ip4, items.count);

    for (size_t i = 0; i < items.count; i++) {
        const char *text = load_text(l, "server", items_get(&items, i));

        if (text == NULL)
            continue;
        if (!ip4_parse(text, &servers[i]) || servers[i].value == 0)
            complain(l, items_get(&items, i), "server: %s is not %s", quoted(l, text),
                     schema_type_name(SCHEMA_ADDRESS));
    }
    out->servers = servers;
    out->server_count = items.count;
}

static void load_zone(struct loader *l, const struct node *node, const struct config_ddns *ddns,
                      struct config_ddns_zone *zones, size_t at)
{
    struct config_ddns_zone *out = &zones[at];
    struct section section = section_read(l, &schema_ddns_zone, "zones", node, out);

    if (section.map == NULL)
        return;
    load_servers(l, section_value(&section, "server"), out);
    if (out->zone != NULL)
        out->zone = load_domain(l, "zone", section_value(&section, "zone"), out->zone);
    for (size_t i = 0; i < at && out->zone != NULL; i++) {
        if (zones[i].zone != NULL && strcmp(zones[i].zone, out->zone) == 0)
            complain(l, node, "zone '%s' is given twice; remove one", out->zone);
    }
    if (out->key_name == NULL)
        return;
    out->key = find_key(ddns, out->key_name);
    if (out->key == NULL)
        complain(l, section_value(&section, "key"),
                 "key: there is no key '%s' in ddns.keys; write it there", out->key_name);
}

void load_ddns(struct loader *l, const struct node *node)
{
    struct config_ddns *ddns;
    struct config_ddns_key *keys;
    struct config_ddns_zone *zones;
    struct section section;
    struct items items;

    if (node == NULL)
        return;
    ddns = ARENA_ARRAY(l->arena, struct config_ddns, 1);
    section = section_read(l, &schema_ddns, "ddns", node, ddns);
    if (section.map == NULL)
        return;
    items = load_items(l, "keys", section_value(&section, "keys"), false);
    keys = ARENA_ARRAY(l->arena, struct config_ddns_key, items.count);
    for (size_t i = 0; i < items.count; i++)
        load_key(l, items_get(&items, i), keys, i);
    ddns->keys = keys;
    ddns->key_count = items.count;
    items = load_items(l, "zones", section_value(&section, "zones"), false);
    zones = ARENA_ARRAY(l->arena, struct config_ddns_zone, items.count);
    for (size_t i = 0; i < items.count; i++)
        load_zone(l, items_get(&items, i), ddns, zones, i);
    ddns->zones = zones;
    ddns->zone_count = items.count;
    l->config->ddns = ddns;
    if (l->config->names == NULL)
        l->config->names = &default_names;
}
