/* config/ddns.h - how clients are named, and which DNS servers are told (`names:`, `ddns:`). */
#ifndef TWINDHCP_CONFIG_DDNS_H
#define TWINDHCP_CONFIG_DDNS_H

#include "proto/types.h"

enum config_name_source { NAME_OF_CLIENT, NAME_OF_RESERVATION, NAME_GENERATED, NAME_OF_NOBODY };
enum config_name_replace {
    REPLACE_NEVER,
    REPLACE_ALWAYS,
    REPLACE_WHEN_ABSENT,
    REPLACE_WHEN_PRESENT
};
enum config_client_updates {
    CLIENT_UPDATES_FOLLOW,
    CLIENT_UPDATES_OVERRIDE,
    CLIENT_UPDATES_IGNORE
};

/* What holds at one place: its own words over those above. */
struct config_names {
    enum config_name_source source;            /* [client] */
    enum config_name_replace replace;          /* [never] */
    enum config_client_updates client_updates; /* [follow] */
    const char *generated;                     /* ["dhcp-{address}"] */
    const char *suffix; /* lower case, without a dot at the end; NULL: option domain-name */
};

enum config_tsig { TSIG_HMAC_SHA256, TSIG_HMAC_SHA1, TSIG_HMAC_SHA512, TSIG_HMAC_MD5 };

struct config_ddns_key {
    const char *name;
    enum config_tsig algorithm; /* [hmac-sha256] */
    const char *secret_file;    /* holds the secret in base64 */
};

struct config_ddns_zone {
    const char *zone;          /* lower case, without a dot at the end */
    const struct ip4 *servers; /* tried in this order */
    size_t server_count;
    uint32_t port;                     /* [53] */
    const char *key_name;              /* as written */
    const struct config_ddns_key *key; /* NULL: updates are not signed */
};

enum config_ddns_conflicts { CONFLICTS_CHECK, CONFLICTS_CHECK_EXISTS, CONFLICTS_NONE };

struct config_ddns {
    const struct config_ddns_zone *zones;
    size_t zone_count;
    const struct config_ddns_key *keys;
    size_t key_count;
    uint32_t ttl_s;                       /* [1h] */
    int64_t timeout_ms;                   /* [2s]: for one server to answer */
    enum config_ddns_conflicts conflicts; /* [check] */
};

/* The zone of `name` (text, lower case, no final dot): the longest that it lies in; NULL if it
 * lies in none. */
const struct config_ddns_zone *config_ddns_zone_of(const struct config_ddns *ddns,
                                                   struct span name);

/* "7.0.77.10.in-addr.arpa"; returns the size. */
#define REVERSE_NAME_SIZE 32
size_t config_reverse_name(struct ip4 address, char out[static REVERSE_NAME_SIZE]);

#endif
