/* config/schema_leasequery.c - the rows of the schema table for `leasequery`. */
#include "config/schema_rows.h"

static const struct schema_key bulk_keys[] = {
    {.name = "port",
     .type = SCHEMA_NUMBER,
     .at = offsetof(struct config_leasequery, bulk_port),
     .min = 1,
     .max = UINT16_MAX,
     .initial = "67",
     .doc = "TCP port, on every address that clients are served on.",
     .example = "67"},
    {.name = "connections",
     .type = SCHEMA_NUMBER,
     .at = offsetof(struct config_leasequery, connections),
     .min = 1,
     .max = 256,
     .initial = "8",
     .doc = "How many may be open at a time; more are closed at once.",
     .example = "8"},
    {.name = "idle",
     .type = SCHEMA_MILLISECONDS,
     .at = offsetof(struct config_leasequery, idle_ms),
     .min = 1000,
     .max = INT64_C(24) * 3600 * 1000,
     .initial = "60s",
     .doc = "How long a connection that neither asks nor reads stays open.",
     .example = "60s"},
};
SECTION(bulk, "bulk", "leasequery.bulk", "Leasequery over TCP (RFC 6926).");

static const struct schema_key leasequery_keys[] = {
    {.name = "allow",
     .type = SCHEMA_RANGES,
     .required = true,
     .doc = "Relays (giaddr) that may ask over UDP, and hosts that may connect for `bulk`.",
     .example = "[10.77.0.1, 192.0.2.0/28]"},
    {.name = "bulk",
     .type = SCHEMA_SECTION,
     .section = &schema_bulk,
     .doc = "Many leases in one query, over TCP; not served unless written.",
     .example = "{port: 67}"},
};
SECTION(leasequery, "leasequery", "leasequery",
        "Who may ask which client has which address (RFC 4388); nobody unless written.");
