/* config/load_pair.c - `pair:` and its nodes. */
#include "config/loader.h"

#define HOT_STANDBY_SPLIT 90

static void load_security(struct loader *l, const struct node *node, struct config_pair *pair)
{
    if (node == NULL)
        return;
    if (node->kind != NODE_SCALAR) {
        (void)section_read(l, &schema_security, "security", node, pair);
        return;
    }
    if (strcmp(node->text, "none") != 0)
        complain(l, node, "security: %s is not known; write {curve: DIRECTORY}, or none",
                 quoted(l, node->text));
}

static void load_nodes(struct loader *l, const struct node *node, struct config_pair *pair)
{
    struct section nodes = section_read(l, &schema_nodes, "nodes", node, NULL);
    const struct node *places[2] = {section_value(&nodes, "primary"),
                                    section_value(&nodes, "secondary")};
    struct section read[2];

    for (size_t role = 0; role < 2; role++) {
        read[role] = (struct section){.schema = &schema_node};
        if (places[role] == NULL)
            continue;
        read[role] =
            section_read(l, &schema_node, role == ROLE_PRIMARY ? "primary" : "secondary",
                         places[role], &pair->nodes[role]);
        l->node_serve[role] = load_serve(l, &read[role]);
    }
    if (pair->nodes[0].name != NULL && pair->nodes[1].name != NULL &&
        strcmp(pair->nodes[0].name, pair->nodes[1].name) == 0)
        complain(l, section_value(&read[1], "name"),
                 "both nodes are called '%s'; write the secondary's own host name",
                 pair->nodes[1].name);
    if (pair->nodes[0].link != NULL && pair->nodes[1].link != NULL &&
        strcmp(pair->nodes[0].link, pair->nodes[1].link) == 0)
        complain(l, section_value(&read[1], "link"),
                 "both nodes have the link '%s'; write the secondary's own address",
                 pair->nodes[1].link);
}

static void check_node_name(struct loader *l, const struct node *place, const char *name)
{
    const struct config_node *nodes = l->config->pair.nodes;
    enum role role;

    if (place == NULL || nodes[0].name == NULL || nodes[1].name == NULL)
        return;
    if (name == NULL)
        complain(l, place, "which node is this? name '%s' or '%s'", nodes[0].name,
                 nodes[1].name);
    else if (!config_role_of(l->config, name, &role))
        complain(l, place, "no node of this pair is called %s; they are '%s' and '%s'",
                 quoted(l, name), nodes[0].name, nodes[1].name);
}

/* An ack that is waited for longer than the link is silent would never be missed. */
static void check_timeouts(struct loader *l, const struct section *section)
{
    const struct config_pair *pair = &l->config->pair;
    const struct node *ack = section_value(section, "ack-timeout");
    const struct node *link = section_value(section, "link-timeout");

    if (pair->ack_timeout_ms != 0 && pair->link_timeout_ms != 0 &&
        pair->ack_timeout_ms >= pair->link_timeout_ms)
        complain(
            l, ack != NULL ? ack : link,
            "ack-timeout is not below link-timeout; a reply would wait for a partner that is "
            "given up");
}

void load_pair(struct loader *l, const struct node *node, const char *node_name)
{
    struct config_pair *pair = &l->config->pair;
    struct section section;

    if (node == NULL)
        return;
    l->config->has_pair = true;
    section = section_read(l, &schema_pair, "pair", node, pair);
    if (section.map == NULL)
        return;
    load_security(l, section_value(&section, "security"), pair);
    if (section_value(&section, "nodes") != NULL)
        load_nodes(l, section_value(&section, "nodes"), pair);
    if (section_value(&section, "split") == NULL && pair->mode == CONFIG_HOT_STANDBY)
        pair->split_percent = HOT_STANDBY_SPLIT;
    check_timeouts(l, &section);
    check_node_name(l, section_value(&section, "nodes"), node_name);
}
