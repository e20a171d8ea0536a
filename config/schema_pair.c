/* config/schema_pair.c - the keys of `pair`. */
#include "config/schema_rows.h"

static const struct schema_key security_keys[] = {
    {.name = "curve",
     .type = SCHEMA_PATH,
     .required = true,
     .at = offsetof(struct config_pair, curve_directory),
     .min = 1,
     .max = PATH_MAX_BYTES,
     .doc = "Directory of the keys that `twinctl keygen` makes.",
     .example = "/etc/twindhcp/keys"},
};
SECTION(security, "security", "pair.security", "How the link between the peers is protected.");

static const struct schema_key node_keys[] = {
    {.name = "name",
     .type = SCHEMA_NAME,
     .required = true,
     .at = offsetof(struct config_node, name),
     .min = 1,
     .max = 63,
     .doc = "Host name of the node, or what `--node` says there.",
     .example = "dhcp-a"},
    {.name = "link",
     .type = SCHEMA_LINK,
     .required = true,
     .at = offsetof(struct config_node, link),
     .doc = "Where the node is reached by its partner; the primary listens there.",
     .example = "\"tcp://10.78.0.1:6470\""},
    SERVE_KEYS,
};
SECTION(
    node, "node", "pair.nodes.primary, pair.nodes.secondary",
    "One of the two servers. What it says of `interfaces` or `listen` stands in place of all "
    "that `server` says of them, on this node alone.");

static const struct schema_key nodes_keys[] = {
    {.name = "primary",
     .type = SCHEMA_SECTION,
     .required = true,
     .section = &schema_node,
     .doc = "The node that takes the larger share in hot-standby.",
     .example = "{name: dhcp-a, link: \"tcp://10.78.0.1:6470\"}"},
    {.name = "secondary",
     .type = SCHEMA_SECTION,
     .required = true,
     .section = &schema_node,
     .doc = "The other node.",
     .example = "{name: dhcp-b, link: \"tcp://10.78.0.2:6470\"}"},
};
SECTION(nodes, "nodes", "pair.nodes", "The two servers of the pair.");

static const char *const mode_words[] = {"load-balancing", "hot-standby", NULL};
static const char *const start_alone_words[] = {"serve", "wait", NULL};

#define PAIR_FIELD(field) struct config_pair, field

static const struct schema_key pair_keys[] = {
    {.name = "name",
     .type = SCHEMA_NAME,
     .required = true,
     .at = offsetof(struct config_pair, name),
     .min = 1,
     .max = 63,
     .doc = "Name of the pair; peers of two names refuse each other.",
     .example = "dc1-row-a"},
    {.name = "mode",
     .type = SCHEMA_WORD,
     .at = offsetof(struct config_pair, mode),
     .initial = "load-balancing",
     .words = mode_words,
     .doc = "Whether both nodes answer new clients, or the primary while it can.",
     .example = "load-balancing"},
    {.name = "nodes",
     .type = SCHEMA_SECTION,
     .required = true,
     .section = &schema_nodes,
     .doc = "The two servers.",
     .example = "{primary: {name: dhcp-a, link: \"tcp://10.78.0.1:6470\"}, secondary: {name: "
                "dhcp-b, link: \"tcp://10.78.0.2:6470\"}}"},
    {.name = "security",
     .type = SCHEMA_SECURITY,
     .required = true,
     .section = &schema_security,
     .doc =
         "`{curve: DIRECTORY}` encrypts the link and knows the partner by its key; `none` has "
         "to be written out.",
     .example = "{curve: /etc/twindhcp/keys}"},
    DURATION("mclt", PAIR_FIELD(mclt_ms), 10 * SECOND, DAY, "1h",
             "Maximum client lead time: the most that is promised without the partner's ack.",
             "1h"),
    DURATION("link-timeout", PAIR_FIELD(link_timeout_ms), 250, MINUTE, "1s",
             "Silence of the partner after which a node serves without it.", "1s"),
    DURATION("ack-timeout", PAIR_FIELD(ack_timeout_ms), 1, SECOND, "50ms",
             "How long a reply waits for the partner's ack before it is sent at the MCLT.",
             "50ms"),
    DURATION("startup-wait", PAIR_FIELD(startup_wait_ms), 0, 10 * MINUTE, "5s",
             "How long a starting node looks for its partner before it decides alone.", "5s"),
    DURATION("max-unanswered", PAIR_FIELD(max_unanswered_ms), 100, MINUTE, "3s",
             "How long a client of the partner may wait before this node answers it too.",
             "3s"),
    DURATION("max-clock-skew", PAIR_FIELD(max_clock_skew_ms), 100, MINUTE, "5s",
             "How far the two clocks may be apart.", "5s"),
    {.name = "split",
     .type = SCHEMA_NUMBER,
     .at = offsetof(struct config_pair, split_percent),
     .min = 1,
     .max = 99,
     .initial = "50",
     .note = "50; hot-standby 90",
     .doc = "Percent of the free addresses that the primary holds.",
     .example = "50"},
    {.name = "start-alone",
     .type = SCHEMA_WORD,
     .at = offsetof(struct config_pair, start_alone),
     .initial = "serve",
     .words = start_alone_words,
     .doc = "What a node does that starts and finds no partner.",
     .example = "serve"},
};
SECTION(pair, "pair", "pair", "The pair; without this section the server runs alone.");
