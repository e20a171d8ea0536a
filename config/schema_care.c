/* config/schema_care.c - the keys of `lease-time` and `limits`, and the words of address care.
 */
#include "config/schema_care.h"

const char *const schema_allocation_words[] = {"least-recently-used", "random", "sequential",
                                               NULL};
const char *const schema_bootp_words[] = {"none", "reserved", "dynamic", NULL};
/* ---- lease times ---- */

/* Lease times are kept in seconds.  Above ten years is written by mistake. */
#define LEASE_MIN (5 * SECOND)
#define LEASE_MAX (3650 * DAY)

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

/* ---- limits ---- */

static const char *const per_words[] = {"client", "hw-address", "circuit-id", "remote-id",
                                        NULL};

static const struct schema_key limit_keys[] = {
    {.name = "per",
     .type = SCHEMA_WORD,
     .at = offsetof(struct config_limit, per),
     .words = per_words,
     .doc = "What is counted: leases of a client, of a hardware address, of a value of option "
            "82.",
     .example = "circuit-id"},
    {.name = "class",
     .type = SCHEMA_NAME,
     .at = offsetof(struct config_limit, class_name),
     .min = 1,
     .max = 63,
     .doc = "In place of `per`: leases of all clients of this class together (see Rules).",
     .example = "all"},
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
