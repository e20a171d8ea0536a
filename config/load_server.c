/* config/load_server.c - `server:`, and where this node serves. */
#include "config/loader.h"

/* More than the VLANs of one trunk. */
#define SERVE_MAX 4096

static struct items serve_items(struct loader *l, const char *key, const struct node *node)
{
    struct items items = load_items(l, key, node, true);

    if (items.count <= SERVE_MAX)
        return items;
    complain(l, node, "%s: %zu items are too many; write at most %d", key, items.count,
             SERVE_MAX);
    return (struct items){NULL, 0, NULL};
}

static void load_interfaces(struct loader *l, const struct node *node, struct serve *out)
{
    struct items items = serve_items(l, "interfaces", node);
    const char **names = ARENA_ARRAY(l->arena, const char *, items.count);

    for (size_t i = 0; i < items.count; i++) {
        const struct node *item = items_get(&items, i);
        const char *text = load_text(l, "interfaces", item);
        size_t same = 0;

        if (text == NULL)
            continue;
        while (same < out->interface_count && strcmp(names[same], text) != 0)
            same++;
        if (!interface_valid(text))
            complain(l, item,
                     "interfaces: %s is not the name of an interface; write one such as "
                     "eth0",
                     quoted(l, text));
        else if (same < out->interface_count)
            complain(l, item, "interfaces: %s is given twice; remove one", quoted(l, text));
        else
            names[out->interface_count++] = arena_text(l->arena, text, strlen(text));
    }
    out->interfaces = names;
}

static void load_listen(struct loader *l, const struct node *node, struct serve *out)
{
    struct items items = serve_items(l, "listen", node);
    struct ip4 *addresses = ARENA_ARRAY(l->arena, struct ip4, items.count);

    for (size_t i = 0; i < items.count; i++) {
        const struct node *item = items_get(&items, i);
        const char *text = load_text(l, "listen", item);
        struct ip4 address;
        size_t same = 0;

        if (text == NULL)
            continue;
        if (!ip4_parse(text, &address) || address.value == 0) {
            complain(l, item,
                     "listen: %s is not an address of this machine; write one such as "
                     "10.0.0.1",
                     quoted(l, text));
            continue;
        }
        while (same < out->listen_count && !ip4_equal(addresses[same], address))
            same++;
        if (same < out->listen_count)
            complain(l, item, "listen: %s is given twice; remove one", quoted(l, text));
        else
            addresses[out->listen_count++] = address;
    }
    out->listen = addresses;
}

struct serve load_serve(struct loader *l, const struct section *section)
{
    const struct node *interfaces = section_value(section, "interfaces");
    const struct node *listen = section_value(section, "listen");
    struct serve serve = {.written = interfaces != NULL || listen != NULL};

    load_interfaces(l, interfaces, &serve);
    load_listen(l, listen, &serve);
    return serve;
}

static void check_written(struct loader *l, const struct node *place,
                          const struct serve *server)
{
    const struct config *config = l->config;

    if (server->written)
        return;
    if (!config->has_pair) {
        complain(l, place, "server has neither 'interfaces' nor 'listen'; write one of them");
        return;
    }
    for (size_t role = 0; role < 2; role++)
        if (!l->node_serve[role].written && config->pair.nodes[role].name != NULL)
            complain(
                l, place,
                "server has neither 'interfaces' nor 'listen', nor has node '%s'; write one "
                "of them",
                config->pair.nodes[role].name);
}

void load_server(struct loader *l, const struct node *file, const struct node *node,
                 const char *node_name)
{
    struct config_server *server = &l->config->server;
    struct section section = section_read(l, &schema_server, "server", node, server);
    struct serve serve;
    enum role role;

    if (node != NULL && section.map == NULL)
        return;
    (void)section_read(l, &schema_api, "api", section_value(&section, "api"), server);
    serve = load_serve(l, &section);
    check_written(l, node != NULL ? node : file, &serve);
    if (node_name != NULL && config_role_of(l->config, node_name, &role) &&
        l->node_serve[role].written)
        serve = l->node_serve[role];
    server->interfaces = serve.interfaces;
    server->interface_count = serve.interface_count;
    server->listen = serve.listen;
    server->listen_count = serve.listen_count;
}
