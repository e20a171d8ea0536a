/* daemon/ctl/import/pair.c - see pair.h */
#include "daemon/ctl/import/pair.h"

#include <string.h>

#include "proto/option.h"

#define LINK_PORT 6470

void import_interfaces(struct import *run, struct yaml *server)
{
    const char *rest = run->settings.interfaces;

    if (rest == NULL) {
        yaml_comment(run, server,
                     import_format(run,
                                   "The %s file does not name the interfaces: "
                                   "put yours here, or use --interfaces.",
                                   run->origin));
        yaml_add_once(run, server, "interfaces", "eth0");
        return;
    }
    while (*rest != '\0') {
        const size_t size = strcspn(rest, ",");
        if (size > 0)
            yaml_add_once(run, server, "interfaces", import_copy(run, rest, size));
        rest += size + (rest[size] == ',');
    }
}

/* Of --names, or what the file says, or dhcp-a and dhcp-b. */
static const char *node_name(struct import *run, const struct import_node *node, size_t i)
{
    static const char *const standard[] = {"dhcp-a", "dhcp-b"};
    const char *names = run->settings.names;
    const char *comma = names == NULL ? NULL : strchr(names, ',');

    if (comma != NULL)
        return i == 0 ? import_copy(run, names, (size_t)(comma - names)) : comma + 1;
    return node->name != NULL ? node->name : standard[i];
}

/* "ADDRESS" or "ADDRESS:PORT" of --node-link NAME=...; NULL: there is none for the name. */
static const char *given_link(struct import *run, const char *name)
{
    const size_t size = strlen(name);

    for (size_t i = 0; i < run->settings.node_link_count; i++) {
        const char *text = run->settings.node_links[i];
        if (strncmp(text, name, size) == 0 && text[size] == '=')
            return text + size + 1;
    }
    return NULL;
}

static void put_node(struct import *run, struct yaml *nodes, const char *key,
                     const struct import_node *node, size_t i)
{
    struct yaml *map = yaml_map(run, nodes, key);
    const char *name = node_name(run, node, i);
    const char *link = given_link(run, name);
    struct ip4 address;

    yaml_text(run, map, "name", import_name(run, name));
    if (link == NULL && node->address != NULL && ip4_parse(node->address, &address))
        link = node->address;
    if (link == NULL) {
        link = import_format(run, "192.0.2.%zu", i + 1);
        import_note(run, map, node->place, "link",
                    "the address of %s is %s%s%s: 192.0.2.%zu stands for it; use --node-link "
                    "%s=ADDRESS",
                    name, node->address == NULL ? "not said" : "\"",
                    node->address == NULL ? "" : node->address,
                    node->address == NULL ? "" : "\"", i + 1, name);
    }
    yaml_text(run, map, "link",
              strchr(link, ':') == NULL ? import_format(run, "tcp://%s:%d", link, LINK_PORT)
                                        : import_format(run, "tcp://%s", link));
}

void import_pair(struct import *run, struct yaml *pair, const char *name, const char *mode,
                 const struct import_node nodes[2], struct place place)
{
    yaml_text(run, pair, "name", import_name(run, name));
    yaml_plain(run, pair, "mode", mode);
    struct yaml *map = yaml_map(run, pair, "nodes");
    put_node(run, map, "primary", &nodes[0], 0);
    put_node(run, map, "secondary", &nodes[1], 1);
    import_remark(run, pair, place, "security",
                  "the link is encrypted: make the keys with `twinctl keygen`");
    yaml_text(run, yaml_map(run, pair, "security"), "curve", "/etc/twindhcp/keys");
}
