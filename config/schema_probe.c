/* config/schema_probe.c - the keys of `probe`, at the file and at subnets. */
#include "config/schema_rows.h"

static const struct schema_key probe_keys[] = {
    {.name = "icmp",
     .type = SCHEMA_FLAG,
     .at = offsetof(struct config_probe, icmp),
     .initial = "true",
     .doc = "Ask with an ICMP echo request, where ARP is not used.",
     .example = "true"},
    {.name = "arp",
     .type = SCHEMA_FLAG,
     .at = offsetof(struct config_probe, arp),
     .initial = "true",
     .doc =
         "Ask with an ARP request on the interface that the client is attached to: it is "
         "answered by whoever answers an echo request there, and behind a packet filter too.",
     .example = "true"},
    /* Below the least `offer-hold`, which keeps the address for the client meanwhile. */
    {.name = "wait",
     .type = SCHEMA_MILLISECONDS,
     .at = offsetof(struct config_probe, wait_ms),
     .min = 50,
     .max = 3 * SECOND,
     .initial = "500ms",
     .doc = "How long an answer is waited for; the DHCPOFFER leaves that much later.",
     .example = "500ms"},
    {.name = "recheck",
     .type = SCHEMA_MILLISECONDS,
     .at = offsetof(struct config_probe, recheck_ms),
     .min = SECOND,
     .max = 30 * DAY,
     .initial = "1h",
     .doc = "For how long an address that nobody answered for is offered without asking again.",
     .example = "1h"},
};
SECTION(probe, "probe", "probe, subnets[].probe",
        "How an address is looked for before it is offered. What a subnet says stands in "
        "place of all that the file says. Without their partner since their start "
        "(`start-alone: serve`) nodes probe in every subnet, as `{}` says where it is `none`.");
