/* config/schema_file.c - the keys of the file itself and of those that it includes. */
#include "config/schema_care.h"

#define FILE_FIELD(field) struct config, field

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
