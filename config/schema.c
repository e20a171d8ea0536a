#include "config/schema.h"

#include "config/schema_care.h"

#define SECOND (INT64_C(1000))
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Lease times are kept in seconds.  Above ten years is written by mistake. */
#define LEASE_MIN (5 * SECOND)
#define LEASE_MAX (3650 * DAY)

#define PATH_MAX_BYTES   4095
#define SOCKET_MAX_BYTES 107 /* sun_path of a unix socket */

#define SECTION(section, title, where, text)                                                   \
    const struct schema_section schema_##section = {.name = (title),                           \
                                                    .path = (where),                           \
                                                    .doc = (text),                             \
                                                    .keys = section##_keys,                    \
                                                    .count = ARRAY_SIZE(section##_keys)};      \
    _Static_assert(ARRAY_SIZE(section##_keys) <= SCHEMA_KEYS_MAX, "a key too many")

/* ---- what several levels may say, the nearest level winning ---- */

#define OPTIONS_KEY                                                                            \
    {                                                                                          \
        .name = "options", .type = SCHEMA_OPTIONS,                                             \
        .doc = "DHCP options to send, by name or as `option-CODE` with hexadecimal bytes.",    \
        .example = "{routers: [10.77.0.1]}"                                                    \
    }

#define NAMES_KEY                                                                              \
    {                                                                                          \
        .name = "names", .type = SCHEMA_SECTION, .inherited = true, .section = &schema_names,  \
        .doc = "How clients are named.", .example = "{suffix: dc1.example.net}"                \
    }

/* Options, and which of them are sent whatever the client asks for. */
#define CONTENTS_KEYS                                                                          \
    OPTIONS_KEY,                                                                               \
        {.name = "always-send",                                                                \
         .type = SCHEMA_OPTION_NAMES,                                                          \
         .inherited = true,                                                                    \
         .doc = "Options that are sent also to clients that do not ask for them.",             \
         .example = "[domain-search]"},                                                        \
    {                                                                                          \
        .name = "never-send", .type = SCHEMA_OPTION_NAMES, .inherited = true,                  \
        .doc = "Options that are not sent even when asked for.", .example = "[host-name]"      \
    }

#define ADD_CLASSES_KEY                                                                        \
    {                                                                                          \
        .name = "add-classes", .type = SCHEMA_NAMES,                                           \
        .doc = "Additional classes that are tested for clients here; one without a test is "   \
               "given.",                                                                       \
        .example = "[database]"                                                                \
    }

#define ADMISSION_KEYS                                                                         \
    {.name = "allow",                                                                          \
     .type = SCHEMA_NAMES,                                                                     \
     .note = "anybody",                                                                        \
     .doc = "Only clients that are in at least one of these classes are served here.",         \
     .example = "[http-boot]"},                                                                \
        {.name = "deny",                                                                       \
         .type = SCHEMA_NAMES,                                                                 \
         .doc = "Clients that are in one of these classes are not served here.",               \
         .example = "[bootp]"},                                                                \
        {.name = "require",                                                                    \
         .type = SCHEMA_NAMES,                                                                 \
         .doc = "Only clients that are in all of these classes are served here.",              \
         .example = "[known]"},                                                                \
        ADD_CLASSES_KEY

#define LEASE_TIME_KEY(is_inherited, default_note)                                             \
    {                                                                                          \
        .name = "lease-time", .type = SCHEMA_LEASE_TIME, .inherited = (is_inherited),          \
        .note = (default_note), .section = &schema_lease_time,                                 \
        .doc = "How long a lease lasts: one duration, or default, min and max.",               \
        .example = "{default: 12h, min: 5m, max: 24h}"                                         \
    }

#define BOOT_KEYS(target, is_inherited)                                                        \
    {.name = "next-server",                                                                    \
     .type = SCHEMA_ADDRESS,                                                                   \
     .inherited = (is_inherited),                                                              \
     .at = offsetof(target, terms.boot.next_server),                                           \
     .doc = "Header field siaddr: the server that a boot ROM loads from.",                     \
     .example = "10.0.0.5"},                                                                   \
        {.name = "server-name",                                                                \
         .type = SCHEMA_TEXT,                                                                  \
         .inherited = (is_inherited),                                                          \
         .at = offsetof(target, terms.boot.server_name),                                       \
         .min = 1,                                                                             \
         .max = 63,                                                                            \
         .initial = "",                                                                        \
         .doc = "Header field sname (the option is `tftp-server-name`).",                      \
         .example = "boot1"},                                                                  \
    {                                                                                          \
        .name = "boot-file-name", .type = SCHEMA_TEXT, .inherited = (is_inherited),            \
        .at = offsetof(target, terms.boot.boot_file_name), .min = 1, .max = 127,               \
        .initial = "",                                                                         \
        .doc = "Header field file (the option of this name stands inside `options`).",         \
        .example = "pxelinux.0"                                                                \
    }

/* How packets find a shared network or a subnet. */
#define WAY_KEYS(target)                                                                       \
    {.name = "relay",                                                                          \
     .type = SCHEMA_ADDRESSES,                                                                 \
     .doc = "Addresses (giaddr) of relays whose clients belong here, inside or outside.",      \
     .example = "[192.0.2.1]"},                                                                \
        {.name = "interface",                                                                  \
         .type = SCHEMA_INTERFACE,                                                             \
         .at = offsetof(target, ways.interface),                                               \
         .doc =                                                                                \
             "The clients attached to this interface belong here; otherwise the interface's "  \
             "address tells.",                                                                 \
         .example = "eth1"},                                                                   \
    {                                                                                          \
        .name = "server-identifier", .type = SCHEMA_ADDRESS, .inherited = true,                \
        .at = offsetof(target, ways.server_identifier),                                        \
        .doc = "Option 54 of all replies, where both servers are reached by one address.",     \
        .example = "10.77.0.2"                                                                 \
    }

#define PROBE_KEY(is_inherited, default_note)                                                  \
    {                                                                                          \
        .name = "probe", .type = SCHEMA_PROBE, .inherited = (is_inherited),                    \
        .note = (default_note), .section = &schema_probe,                                      \
        .doc = "Whether an address is looked for on the network before it is offered to a "    \
               "client that does not hold it.",                                                \
        .example = "{icmp: true, arp: true, wait: 500ms, recheck: 1h}"                         \
    }

/* ---- the pair ---- */

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

/* `server` and each node may name where to serve; the node's word goes first. */
#define SERVE_KEYS                                                                             \
    {.name = "interfaces",                                                                     \
     .type = SCHEMA_INTERFACES,                                                                \
     .doc = "Interfaces on which attached and relayed clients are served.",                    \
     .example = "[eth0]"},                                                                     \
    {                                                                                          \
        .name = "listen", .type = SCHEMA_ADDRESSES,                                            \
        .doc = "Own addresses on which relayed clients alone are served.",                     \
        .example = "[10.77.0.2]"                                                               \
    }

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

#define DURATION(key, field, low, high, preset, text, sample)                                  \
    {                                                                                          \
        .name = (key), .type = SCHEMA_MILLISECONDS, .at = offsetof(field), .min = (low),       \
        .max = (high), .initial = (preset), .doc = (text), .example = (sample)                 \
    }
#define PAIR_FIELD(field) struct config_pair, field
#define FILE_FIELD(field) struct config, field

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

/* ---- the server ---- */

static const struct schema_key api_keys[] = {
    {.name = "socket",
     .type = SCHEMA_PATH,
     .at = offsetof(struct config_server, api_socket),
     .min = 1,
     .max = SOCKET_MAX_BYTES,
     .initial = "/run/twindhcp/api.sock",
     .doc = "Unix socket of the API; `{node}` in it becomes the node's name.",
     .example = "/run/twindhcp/api.sock"},
    {.name = "http",
     .type = SCHEMA_ENDPOINT,
     .at = offsetof(struct config_server, api_http),
     .doc = "Address and port of the API over TCP; not served unless written.",
     .example = "\"127.0.0.1:8067\""},
};
SECTION(api, "api", "server.api", "Where the HTTP API is served.");

static const struct schema_key server_keys[] = {
    SERVE_KEYS,
    {.name = "store",
     .type = SCHEMA_PATH,
     .at = offsetof(struct config_server, store),
     .min = 1,
     .max = PATH_MAX_BYTES,
     .initial = "/var/lib/twindhcp",
     .doc = "Directory of the lease store; `{node}` in it becomes the node's name.",
     .example = "/var/lib/twindhcp"},
    {.name = "api",
     .type = SCHEMA_SECTION,
     .section = &schema_api,
     .doc = "Where the HTTP API is served.",
     .example = "{http: \"127.0.0.1:8067\"}"},
};
SECTION(
    server, "server", "server",
    "What the daemon uses of the machine. `interfaces` or `listen` is needed here or on each "
    "node.");

/* ---- leases ---- */

#define LEASE_KEY(key, kind, field, preset, text, sample)                                      \
    {                                                                                          \
        .name = (key), .type = (kind), .inherited = true,                                      \
        .at = offsetof(struct config_lease_time, field), .min = LEASE_MIN, .max = LEASE_MAX,   \
        .note = (preset " for the file; inherited below"), .doc = (text), .example = (sample)  \
    }

static const struct schema_key lease_time_keys[] = {
    LEASE_KEY("default", SCHEMA_LEASE_SECONDS, default_s, "12h",
              "For a client that asks for no time.", "12h"),
    LEASE_KEY("min", SCHEMA_SECONDS, min_s, "5m", "The least that a client may ask for.", "5m"),
    LEASE_KEY("max", SCHEMA_LEASE_SECONDS, max_s, "24h", "The most that a client may ask for.",
              "24h"),
};
SECTION(lease_time, "lease-time", "lease-time",
        "Written as one duration it sets the default; what is not written of min and max gives "
        "way to what is.");

/* ---- address care ---- */

static const char *const allocation_words[] = {"least-recently-used", "random", "sequential",
                                               NULL};
static const char *const bootp_words[] = {"none", "reserved", "dynamic", NULL};
static const char *const per_words[] = {"client", "hw-address", "circuit-id", "remote-id",
                                        NULL};

static const struct schema_key limit_keys[] = {
    {.name = "per",
     .type = SCHEMA_WORD,
     .required = true,
     .at = offsetof(struct config_limit, per),
     .words = per_words,
     .doc = "What is counted: leases of a client, of a hardware address, of a value of option "
            "82.",
     .example = "circuit-id"},
    {.name = "leases",
     .type = SCHEMA_NUMBER,
     .required = true,
     .at = offsetof(struct config_limit, leases),
     .min = 1,
     .max = 1000000,
     .doc = "The most that it may have at once.",
     .example = "4"},
};
SECTION(limit, "limit", "limits[]",
        "At most so many leases and offers at once; a lease that there is may always be "
        "renewed.");

static const struct schema_key class_keys[] = {
    {.name = "name",
     .type = SCHEMA_NAME,
     .required = true,
     .at = offsetof(struct config_class, name),
     .min = 1,
     .max = 63,
     .doc = "Name of the class, for messages and the API.",
     .example = "uefi-http"},
    {.name = "match",
     .type = SCHEMA_MATCH,
     .doc = "Options, relay data and fields of the client's packet and what each may be; all "
            "have to hold (see Classes).",
     .example = "{vendor-class-identifier: \"HTTPClient*\", client-system: [15, 16]}"},
    {.name = "expression",
     .type = SCHEMA_EXPRESSION,
     .doc = "In place of `match`: a test in the language of Kea's client classes.",
     .example = "\"substring(option[60].hex, 0, 9) == 'PXEClient'\""},
    {.name = "additional",
     .type = SCHEMA_FLAG,
     .at = offsetof(struct config_class, additional),
     .note = "false",
     .doc = "Tested only for clients of a level that names the class in `add-classes`.",
     .example = "true"},
    CONTENTS_KEYS,
    LEASE_TIME_KEY(true, NULL),
    BOOT_KEYS(struct config_class, true),
    RENEWAL_KEYS(struct config_class, NULL, NULL),
};
SECTION(class, "class", "classes[]", "Clients that are alike, and what they are sent.");

static const struct schema_key pool_keys[] = {
    {.name = "range",
     .type = SCHEMA_RANGE,
     .required = true,
     .doc = "First and last address, or a network; without the subnet's network and broadcast "
            "address.",
     .example = "10.77.16.0-10.77.255.254"},
    {.name = "exclude",
     .type = SCHEMA_RANGES,
     .doc = "Addresses of the range that are not given out.",
     .example = "[10.77.20.1, 10.77.30.0-10.77.30.15]"},
    CONTENTS_KEYS,
    LEASE_TIME_KEY(true, NULL),
    BOOT_KEYS(struct config_pool, true),
    RENEWAL_KEYS(struct config_pool, NULL, NULL),
    POOL_CARE_KEYS(struct config_pool, NULL, NULL, NULL),
    ADMISSION_KEYS,
};
SECTION(pool, "pool", "subnets[].pools[]", "Addresses for any client of the subnet.");

static const struct schema_key reservation_keys[] = {
    {.name = "hw-address",
     .type = SCHEMA_HARDWARE,
     .doc = "The client's hardware address; `6/...` for another hardware type than Ethernet.",
     .example = "\"52:54:00:12:34:56\""},
    {.name = "client-id",
     .type = SCHEMA_CLIENT_ID,
     .doc = "The client's identifier (option 61): hexadecimal bytes or `text:...`.",
     .example = "\"01:52:54:00:12:34:56\""},
    {.name = "circuit-id",
     .type = SCHEMA_CLIENT_ID,
     .doc = "The port of the relay (sub-option 1 of option 82): whoever is there.",
     .example = "\"text:eth7/1\""},
    {.name = "remote-id",
     .type = SCHEMA_CLIENT_ID,
     .doc = "The relay, or what it calls the client's end (sub-option 2 of option 82).",
     .example = "\"00:1b:21:0a:0b:0c\""},
    {.name = "duid",
     .type = SCHEMA_CLIENT_ID,
     .doc = "The DUID inside the client's identifier (RFC 4361).",
     .example = "\"00:01:00:01:2a:5b:1c:02:52:54:00:12:34:56\""},
    {.name = "flex-id",
     .type = SCHEMA_CLIENT_ID,
     .doc = "What the file's own `flex-id` makes of the client's packet, at most 128 bytes.",
     .example = "\"text:rack7-1\""},
    {.name = "address",
     .type = SCHEMA_ADDRESS,
     .at = offsetof(struct config_reservation, address),
     .note = "none: only options, classes, ...",
     .doc = "The address set aside for the client, in a pool or not.",
     .example = "10.77.0.20"},
    {.name = "classes",
     .type = SCHEMA_NAMES,
     .doc = "Classes that the client is in, whatever their tests say.",
     .example = "[database]"},
    {.name = "host-name",
     .type = SCHEMA_TEXT,
     .at = offsetof(struct config_reservation, host_name),
     .min = 1,
     .max = 255,
     .doc = "The client's name, sent as option `host-name`.",
     .example = "db1"},
    CONTENTS_KEYS,
    LEASE_TIME_KEY(true, NULL),
    BOOT_KEYS(struct config_reservation, true),
    RENEWAL_KEYS(struct config_reservation, NULL, NULL),
    ADD_CLASSES_KEY,
};
static const char *const reservation_identities[] = {
    "hw-address", "client-id", "circuit-id", "remote-id", "duid", "flex-id", NULL};
const struct schema_section schema_reservation = {.name = "reservation",
                                                  .path = "subnets[].reservations[], "
                                                          "reservations[]",
                                                  .doc = "What is kept for one client. Exactly "
                                                         "one of the first six keys is needed.",
                                                  .keys = reservation_keys,
                                                  .count = ARRAY_SIZE(reservation_keys),
                                                  .one_of = reservation_identities};
_Static_assert(ARRAY_SIZE(reservation_keys) <= SCHEMA_KEYS_MAX, "a key too many");

static const struct schema_key subnet_keys[] = {
    {.name = "subnet",
     .type = SCHEMA_NETWORK,
     .required = true,
     .doc = "The network of one link.",
     .example = "10.77.0.0/16"},
    {.name = "pools",
     .type = SCHEMA_SECTIONS,
     .section = &schema_pool,
     .doc = "Addresses for any client; none: only reservations are served.",
     .example = "[{range: 10.77.16.0-10.77.255.254}]"},
    {.name = "reservations",
     .type = SCHEMA_SECTIONS,
     .section = &schema_reservation,
     .doc = "What is kept for one client each.",
     .example = "[{hw-address: \"52:54:00:12:34:56\", address: 10.77.0.20}]"},
    CONTENTS_KEYS,
    LEASE_TIME_KEY(true, NULL),
    BOOT_KEYS(struct config_subnet, true),
    WAY_KEYS(struct config_subnet),
    RENEWAL_KEYS(struct config_subnet, NULL, NULL),
    POOL_CARE_KEYS(struct config_subnet, NULL, NULL, NULL),
    LINK_CARE_KEYS(struct config_subnet, NULL, NULL, NULL),
    PROBE_KEY(true, NULL),
    NAMES_KEY,
    ADMISSION_KEYS,
};
SECTION(subnet, "subnet", "subnets[], shared-networks[].subnets[]",
        "One network, alone on its link or beside the others of a shared network.");

static const struct schema_key network_keys[] = {
    {.name = "name",
     .type = SCHEMA_NAME,
     .required = true,
     .at = offsetof(struct config_link, name),
     .min = 1,
     .max = 63,
     .doc = "Name of the shared network, for messages and the API.",
     .example = "row-a"},
    {.name = "subnets",
     .type = SCHEMA_SECTIONS,
     .required = true,
     .section = &schema_subnet,
     .doc = "The subnets on the link; a client may get an address of any of them.",
     .example = "[{subnet: 10.77.0.0/24, pools: [{range: 10.77.0.64-10.77.0.254}]}]"},
    CONTENTS_KEYS,
    LEASE_TIME_KEY(true, NULL),
    BOOT_KEYS(struct config_link, true),
    WAY_KEYS(struct config_link),
    RENEWAL_KEYS(struct config_link, NULL, NULL),
    POOL_CARE_KEYS(struct config_link, NULL, NULL, NULL),
    LINK_CARE_KEYS(struct config_link, NULL, NULL, NULL),
    NAMES_KEY,
    ADMISSION_KEYS,
};
SECTION(network, "shared network", "shared-networks[]", "Several subnets on one link.");

/* What an included file may say too. */
#define INCLUDE_DOC                                                                            \
    "Files with more of `option-definitions`, `classes`, `subnets`, `shared-networks` and "    \
    "`reservations`, or directories of which every `*.yaml` counts, by name; relative to the " \
    "file that names them."
#define DEFINITIONS_KEY                                                                        \
    {                                                                                          \
        .name = "option-definitions", .type = SCHEMA_SECTIONS, .section = &schema_definition,  \
        .doc = "Names and types of own options.",                                              \
        .example = "[{name: rack-id, code: 230, type: u32}]"                                   \
    }
#define CLASSES_KEY                                                                            \
    {                                                                                          \
        .name = "classes", .type = SCHEMA_SECTIONS, .section = &schema_class,                  \
        .doc = "Clients that are alike, and what they are sent.",                              \
        .example = "[{name: bios, match: {client-system: 0}, boot-file-name: undionly.kpxe}]"  \
    }
#define SUBNETS_KEY                                                                            \
    {                                                                                          \
        .name = "subnets", .type = SCHEMA_SECTIONS, .section = &schema_subnet,                 \
        .doc = "The subnets served that are alone on their link.",                             \
        .example = "[{subnet: 10.77.0.0/16, pools: [{range: 10.77.16.0-10.77.255.254}]}]"      \
    }
#define NETWORKS_KEY                                                                           \
    {                                                                                          \
        .name = "shared-networks", .type = SCHEMA_SECTIONS, .section = &schema_network,        \
        .doc = "Links with several subnets.",                                                  \
        .example =                                                                             \
            "[{name: row-a, subnets: [{subnet: 10.77.0.0/24}, {subnet: 10.77.1.0/24}]}]"       \
    }
#define RESERVATIONS_KEY                                                                       \
    {                                                                                          \
        .name = "reservations", .type = SCHEMA_SECTIONS, .section = &schema_reservation,       \
        .doc =                                                                                 \
            "With an address: of the subnet that holds it; without: wherever the client is.",  \
        .example = "[{client-id: \"text:db1\", options: {domain-name: db.example.net}}]"       \
    }

static const struct schema_key included_keys[] = {
    {.name = "include",
     .type = SCHEMA_INCLUDES,
     .doc = INCLUDE_DOC,
     .example = "[reservations.d]"},
    DEFINITIONS_KEY,
    CLASSES_KEY,
    SUBNETS_KEY,
    NETWORKS_KEY,
    RESERVATIONS_KEY,
};
SECTION(
    included, "the included file", "(included files)",
    "What a file that `include` names may hold. Its items come after those of the file that "
    "names it.");

static const struct schema_key file_keys[] = {
    {.name = "pair",
     .type = SCHEMA_SECTION,
     .section = &schema_pair,
     .doc = "The pair; without it the server runs alone.",
     .example = "{name: dc1-row-a, security: none, nodes: {primary: {name: dhcp-a, link: "
                "\"tcp://10.78.0.1:6470\"}, secondary: {name: dhcp-b, link: "
                "\"tcp://10.78.0.2:6470\"}}}"},
    {.name = "server",
     .type = SCHEMA_SECTION,
     .section = &schema_server,
     .doc = "What the daemon uses of the machine.",
     .example = "{interfaces: [eth0]}"},
    LEASE_TIME_KEY(false, "12h, 5m to 24h"),
    DEFINITIONS_KEY,
    CONTENTS_KEYS,
    {.name = "include",
     .type = SCHEMA_INCLUDES,
     .doc = INCLUDE_DOC,
     .example = "[reservations.d]"},
    CLASSES_KEY,
    SUBNETS_KEY,
    NETWORKS_KEY,
    RESERVATIONS_KEY,
    {.name = "reservation-identifiers",
     .type = SCHEMA_IDENTITIES,
     .note = "client-id, duid, hw-address, circuit-id, remote-id, flex-id",
     .doc =
         "By what a client's reservation is looked for, first to last; the first that is found "
         "holds.",
     .example = "[circuit-id, hw-address]"},
    {.name = "flex-id",
     .type = SCHEMA_EXPRESSION,
     .doc = "What names a client beside its other identities: a value in the language of "
            "Kea's client classes, compared with `flex-id` of reservations.",
     .example = "\"concat(relay4[1].hex, pkt4.mac)\""},
    {.name = "server-identifier",
     .type = SCHEMA_ADDRESS,
     .at = offsetof(struct config, server_identifier),
     .note = "the address that the client reached",
     .doc = "Option 54 of all replies, where both servers are reached by one address.",
     .example = "10.77.0.2"},
    {.name = "leasequery",
     .type = SCHEMA_SECTION,
     .section = &schema_leasequery,
     .doc = "Who may ask which client has which address; nobody unless written.",
     .example = "{allow: [10.77.0.1]}"},
    BOOT_KEYS(struct config, false),
    NAMES_KEY,
    {.name = "ddns",
     .type = SCHEMA_SECTION,
     .section = &schema_ddns,
     .doc = "Names in the DNS; without it the DNS is not told of clients.",
     .example = "{zones: [{zone: dc1.example.net, server: 10.0.0.53}]}"},
    DURATION("offer-hold", FILE_FIELD(offer_hold_ms), 5 * SECOND, 10 * MINUTE, "60s",
             "How long an offered address is kept for the client to ask for.", "60s"),
    DURATION("abandon-time", FILE_FIELD(abandon_ms), MINUTE, 30 * DAY, "24h",
             "How long an address that was declined or found in use stays unused.", "24h"),
    RENEWAL_KEYS(struct config, "50%", "87.5%"),
    POOL_CARE_KEYS(struct config, "0%", "`least-recently-used`", "never"),
    LINK_CARE_KEYS(struct config, "`reserved`", "`false`", "`true`"),
    PROBE_KEY(false, "none"),
};
SECTION(file, "the file", "", "The whole file.");

const struct schema_section *schema_section_at(size_t index)
{
    static const struct schema_section *const sections[] = {
        &schema_file,     &schema_pair,       &schema_nodes,       &schema_node,
        &schema_security, &schema_server,     &schema_api,         &schema_lease_time,
        &schema_limit,    &schema_definition, &schema_class,       &schema_subnet,
        &schema_network,  &schema_pool,       &schema_reservation, &schema_leasequery,
        &schema_bulk,     &schema_probe,      &schema_included,    &schema_names,
        &schema_ddns,     &schema_ddns_zone,  &schema_ddns_key,
    };

    return index < ARRAY_SIZE(sections) ? sections[index] : NULL;
}

size_t schema_key_place(const struct schema_section *section, const char *name)
{
    for (size_t i = 0; i < section->count; i++)
        if (strcmp(section->keys[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

const char *schema_type_name(enum schema_type type)
{
    static const char *const names[] = {
        [SCHEMA_NAME] = "a name of letters, digits, '-', '_' and '.'",
        [SCHEMA_TEXT] = "a text",
        [SCHEMA_PATH] = "a path",
        [SCHEMA_MILLISECONDS] = "a duration such as 250ms, 90s, 5m, 12h or 1d",
        [SCHEMA_SECONDS] = "a duration such as 90s, 5m, 12h or 1d",
        [SCHEMA_NUMBER] = "a number",
        [SCHEMA_WORD] = "a word",
        [SCHEMA_CHOICE] = "a word",
        [SCHEMA_FLAG] = "true or false",
        [SCHEMA_LEASE_SECONDS] = "a duration such as 90s, 5m, 12h or 1d, or infinite",
        [SCHEMA_LEASE_SHARE] = "a percent such as 50% or 87.5%, or a duration such as 6h",
        [SCHEMA_POOL_SHARE] = "a percent such as 10%, or a number of addresses",
        [SCHEMA_BOOL] = "true or false",
        [SCHEMA_ADDRESS] = "an IPv4 address such as 10.0.0.1",
        [SCHEMA_LINK] = "tcp://IPV4:PORT such as tcp://10.78.0.1:6470",
        [SCHEMA_ENDPOINT] = "IPV4:PORT such as 127.0.0.1:8067",
        [SCHEMA_INTERFACE] = "the name of an interface such as eth0",
        [SCHEMA_NETWORK] = "a network such as 10.77.0.0/16",
        [SCHEMA_RANGE] =
            "a range such as 10.0.0.10-10.0.0.99, or a network such as 10.0.0.64/26",
        [SCHEMA_RANGES] = "addresses, ranges or networks: one or a list",
        [SCHEMA_INTERFACES] = "interface names: one or a list",
        [SCHEMA_ADDRESSES] = "IPv4 addresses: one or a list",
        [SCHEMA_HARDWARE] = "a hardware address such as 52:54:00:12:34:56",
        [SCHEMA_CLIENT_ID] = "hexadecimal bytes such as 01:52:54:00:12:34:56, or text:NAME",
        [SCHEMA_IDENTITIES] =
            "a list of hw-address, client-id, circuit-id, remote-id, duid and flex-id",
        [SCHEMA_NAMES] = "names: one or a list",
        [SCHEMA_INCLUDES] = "files and directories: one or a list",
        [SCHEMA_OPTIONS] = "a map of options",
        [SCHEMA_OPTION_NAMES] = "names of options: one or a list",
        [SCHEMA_FIELDS] = "a list of types, the last perhaps as TYPE[]",
        [SCHEMA_MATCH] = "a map of conditions",
        [SCHEMA_EXPRESSION] = "an expression",
        [SCHEMA_LEASE_TIME] = "a duration, or a map of default, min and max",
        [SCHEMA_SECURITY] = "'none', or a map with 'curve'",
        [SCHEMA_PROBE] = "'none', or a map of icmp, arp, wait and recheck",
        [SCHEMA_SECTION] = "a map",
        [SCHEMA_SECTIONS] = "a list of maps",
    };

    return names[type];
}
