/* config/schema_care.h - the rows of the schema table for address care, by the levels at which
 * they may stand; private to config/schema*.c. */
#ifndef TWINDHCP_CONFIG_SCHEMA_CARE_H
#define TWINDHCP_CONFIG_SCHEMA_CARE_H

#include "config/schema_rows.h"

/* In the order of enum config_allocation and enum config_bootp. */
extern const char *const schema_allocation_words[], *const schema_bootp_words[];

#define CARE_ROW(target, field, key, kind, note_text, text, sample)                            \
    {                                                                                          \
        .name = (key), .type = (kind), .inherited = true,                                      \
        .at = offsetof(target, terms.care.field), .note = (note_text), .doc = (text),          \
        .example = (sample)                                                                    \
    }
#define CARE_CHOICE(target, field, key, list, note_text, text, sample)                         \
    {                                                                                          \
        .name = (key), .type = SCHEMA_CHOICE, .inherited = true,                               \
        .at = offsetof(target, terms.care.field), .words = (list), .note = (note_text),        \
        .doc = (text), .example = (sample)                                                     \
    }

/* Every level.  The last arguments are what the file has for a default, NULL elsewhere. */
#define RENEWAL_KEYS(target, t1, t2)                                                           \
    CARE_ROW(target, renew, "renew-time", SCHEMA_LEASE_SHARE, t1,                              \
             "T1, when a client asks its server to renew: a percent of the lease or a "        \
             "duration.",                                                                      \
             "50%"),                                                                           \
        CARE_ROW(target, rebind, "rebind-time", SCHEMA_LEASE_SHARE, t2,                        \
                 "T2, when it asks any server: a percent of the lease or a duration.",         \
                 "87.5%")

/* File, subnet and pool. */
#define POOL_CARE_KEYS(target, cache, order, warning)                                          \
    CARE_ROW(target, renew_cache, "renew-cache", SCHEMA_LEASE_SHARE, cache,                    \
             "A renewal so early in the lease is answered with the time that is left and "     \
             "writes nothing; at most half of the lease; `0%` is off.",                        \
             "25%"),                                                                           \
        CARE_CHOICE(target, allocation, "allocation", schema_allocation_words, order,          \
                    "Which free address a new client gets.", "random"),                        \
        CARE_ROW(                                                                              \
            target, warn_free, "warn-free", SCHEMA_POOL_SHARE, warning,                        \
            "So few free addresses in a pool are told: percent of the pool, or a number; "     \
            "`0` never.",                                                                      \
            "10%")

/* File and subnet. */
#define LINK_CARE_KEYS(target, bootp_default, no, yes)                                         \
    {.name = "limits",                                                                         \
     .type = SCHEMA_SECTIONS,                                                                  \
     .section = &schema_limit,                                                                 \
     .doc =                                                                                    \
         "The most leases for one client, port, relay or class, counted within this level.",   \
     .example = "[{per: circuit-id, leases: 4}]"},                                             \
        CARE_CHOICE(target, bootp, "bootp", schema_bootp_words, bootp_default,                 \
                    "Which BOOTP clients get an address: none, those with a reservation, or "  \
                    "any, for ever.",                                                          \
                    "none"),                                                                   \
        CARE_ROW(target, rapid_commit, "rapid-commit", SCHEMA_FLAG, no,                        \
                 "A DHCPDISCOVER that asks for it (RFC 4039) is acknowledged at once.",        \
                 "true"),                                                                      \
        CARE_ROW(target, authoritative, "authoritative", SCHEMA_FLAG, yes,                     \
                 "Whether unknown clients and those of another network are refused, or left "  \
                 "alone.",                                                                     \
                 "false"),                                                                     \
        CARE_ROW(target, match_client_id, "match-client-id", SCHEMA_FLAG, yes,                 \
                 "Whether a client is known by its identifier (option 61), or by its "         \
                 "hardware address alone.",                                                    \
                 "false"),                                                                     \
        CARE_ROW(target, echo_client_id, "echo-client-id", SCHEMA_FLAG, yes,                   \
                 "Whether replies carry the client's identifier (RFC 6842).", "false")

#endif
