/* config/schema_rows.h - what the parts of the schema table share: how a section is made, and
 * the rows that stand in several; private to config/schema*.c. */
#ifndef TWINDHCP_CONFIG_SCHEMA_ROWS_H
#define TWINDHCP_CONFIG_SCHEMA_ROWS_H

#include "config/schema.h"

#define SECOND (INT64_C(1000))
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define PATH_MAX_BYTES 4095

#define SECTION(section, title, where, text)                                                   \
    const struct schema_section schema_##section = {.name = (title),                           \
                                                    .path = (where),                           \
                                                    .doc = (text),                             \
                                                    .keys = section##_keys,                    \
                                                    .count = ARRAY_SIZE(section##_keys)};      \
    _Static_assert(ARRAY_SIZE(section##_keys) <= SCHEMA_KEYS_MAX, "a key too many")

#define DURATION(key, field, low, high, preset, text, sample)                                  \
    {                                                                                          \
        .name = (key), .type = SCHEMA_MILLISECONDS, .at = offsetof(field), .min = (low),       \
        .max = (high), .initial = (preset), .doc = (text), .example = (sample)                 \
    }

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

#endif
