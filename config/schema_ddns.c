/* config/schema_ddns.c - the keys of `names:` and `ddns:`. */
#include "config/schema.h"

#define SECTION(section, title, where, text)                                                   \
    const struct schema_section schema_##section = {.name = (title),                           \
                                                    .path = (where),                           \
                                                    .doc = (text),                             \
                                                    .keys = section##_keys,                    \
                                                    .count = ARRAY_SIZE(section##_keys)};      \
    _Static_assert(ARRAY_SIZE(section##_keys) <= SCHEMA_KEYS_MAX, "a key too many")

#define PATH_MAX_BYTES 4095

static const char *const source_words[] = {"client", "reservation", "generated", "none", NULL};
static const char *const replace_words[] = {"never", "always", "when-absent", "when-present",
                                            NULL};
static const char *const updates_words[] = {"follow", "override", "ignore", NULL};

static const struct schema_key names_keys[] = {
    {.name = "source",
     .type = SCHEMA_WORD,
     .inherited = true,
     .at = offsetof(struct config_names, source),
     .note = "client",
     .words = source_words,
     .doc = "Where a client's name comes from; the `host-name` of its reservation goes before "
            "all but `none`.",
     .example = "client"},
    {.name = "replace",
     .type = SCHEMA_WORD,
     .inherited = true,
     .at = offsetof(struct config_names, replace),
     .note = "never",
     .words = replace_words,
     .doc = "With `source: client`: when the generated name stands in place of the client's.",
     .example = "when-absent"},
    {.name = "generated",
     .type = SCHEMA_TEXT,
     .inherited = true,
     .at = offsetof(struct config_names, generated),
     .min = 1,
     .max = 63,
     .note = "dhcp-{address}",
     .doc = "The generated name: `{address}` becomes 10-7-0-9, `{hw}` 525400123456.",
     .example = "\"dhcp-{address}\""},
    {.name = "suffix",
     .type = SCHEMA_TEXT,
     .inherited = true,
     .at = offsetof(struct config_names, suffix),
     .min = 1,
     .max = 200,
     .note = "the option domain-name",
     .doc = "The domain that names without one are completed with.",
     .example = "dc1.example.net"},
    {.name = "client-updates",
     .type = SCHEMA_WORD,
     .inherited = true,
     .at = offsetof(struct config_names, client_updates),
     .note = "follow",
     .words = updates_words,
     .doc = "What the flags of a client's FQDN option (81) count: `follow` lets it update its "
            "own A record or ask for none, `override` does not, `ignore` reads and sends no "
            "such option.",
     .example = "override"},
};
SECTION(names, "names", "names, shared-networks[].names, subnets[].names",
        "How clients are named. Where nothing is written there is neither naming nor an FQDN "
        "option, unless there is a section `ddns`.");

static const char *const tsig_words[] = {"hmac-sha256", "hmac-sha1", "hmac-sha512", "hmac-md5",
                                         NULL};

static const struct schema_key ddns_key_keys[] = {
    {.name = "name",
     .type = SCHEMA_NAME,
     .required = true,
     .at = offsetof(struct config_ddns_key, name),
     .min = 1,
     .max = 63,
     .doc = "Name of the key, as the DNS server knows it.",
     .example = "k1"},
    {.name = "algorithm",
     .type = SCHEMA_WORD,
     .at = offsetof(struct config_ddns_key, algorithm),
     .initial = "hmac-sha256",
     .words = tsig_words,
     .doc = "How it signs.",
     .example = "hmac-sha256"},
    {.name = "secret-file",
     .type = SCHEMA_PATH,
     .required = true,
     .at = offsetof(struct config_ddns_key, secret_file),
     .min = 1,
     .max = PATH_MAX_BYTES,
     .doc = "File that holds the secret in base64 and that only its owner and group may read.",
     .example = "/etc/twindhcp/ddns.key"},
};
SECTION(ddns_key, "key", "ddns.keys[]", "A TSIG key (RFC 8945).");

static const struct schema_key ddns_zone_keys[] = {
    {.name = "zone",
     .type = SCHEMA_TEXT,
     .required = true,
     .at = offsetof(struct config_ddns_zone, zone),
     .min = 1,
     .max = 253,
     .doc = "Name of the zone; a name is updated in the longest zone that it lies in.",
     .example = "dc1.example.net"},
    {.name = "server",
     .type = SCHEMA_ADDRESSES,
     .required = true,
     .doc = "Primary server of the zone, or several, tried in order.",
     .example = "10.0.0.53"},
    {.name = "port",
     .type = SCHEMA_NUMBER,
     .at = offsetof(struct config_ddns_zone, port),
     .min = 1,
     .max = 65535,
     .initial = "53",
     .doc = "Its port.",
     .example = "53"},
    {.name = "key",
     .type = SCHEMA_NAME,
     .at = offsetof(struct config_ddns_zone, key_name),
     .min = 1,
     .max = 63,
     .doc =
         "Key of `ddns.keys` that signs updates of the zone; without it they are not signed.",
     .example = "k1"},
};
SECTION(ddns_zone, "zone", "ddns.zones[]", "A zone that the pair writes names into.");

static const char *const conflict_words[] = {"check", "check-exists", "none", NULL};

static const struct schema_key ddns_keys[] = {
    {.name = "zones",
     .type = SCHEMA_SECTIONS,
     .required = true,
     .section = &schema_ddns_zone,
     .doc = "The zones, forward and reverse; a name or address outside of all is not updated.",
     .example = "[{zone: dc1.example.net, server: 10.0.0.53}]"},
    {.name = "keys",
     .type = SCHEMA_SECTIONS,
     .section = &schema_ddns_key,
     .doc = "The keys that sign updates.",
     .example = "[{name: k1, secret-file: /etc/twindhcp/ddns.key}]"},
    {.name = "ttl",
     .type = SCHEMA_SECONDS,
     .at = offsetof(struct config_ddns, ttl_s),
     .min = 1000,
     .max = INT64_C(7) * 86400 * 1000,
     .initial = "1h",
     .doc = "Time to live of the records.",
     .example = "1h"},
    {.name = "timeout",
     .type = SCHEMA_MILLISECONDS,
     .at = offsetof(struct config_ddns, timeout_ms),
     .min = 100,
     .max = 30000,
     .initial = "2s",
     .doc = "How long a server may take to answer before the next is tried.",
     .example = "2s"},
    {.name = "conflicts",
     .type = SCHEMA_WORD,
     .at = offsetof(struct config_ddns, conflicts),
     .initial = "check",
     .words = conflict_words,
     .doc = "Whose name may be written over: with `check` the same client's alone (RFC 4703), "
            "with `check-exists` any that a DHCP server wrote, with `none` any.",
     .example = "check"},
};
SECTION(ddns, "ddns", "ddns", "Names in the DNS (RFC 2136); without this section none are.");
