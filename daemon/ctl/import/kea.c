/* daemon/ctl/import/kea.c - kea-dhcp4.conf: the file as a whole, and what has no counterpart.
 */
#include "daemon/ctl/import/kea.h"

#include <string.h>

#include "daemon/ctl/import/pair.h"

/* Why a key is not carried over, or what to do instead. */
static const struct advice {
    const char *key, *text;
} advices[] = {
    {"lease-database",
     "leases are kept in server.store; bring them with `twinctl leases import "
     "kea FILE`"},
    {"hosts-database",
     "reservations stand in this file, or in files of `include:`: export them"},
    {"hosts-databases",
     "reservations stand in this file, or in files of `include:`: export them"},
    {"config-control", "the configuration is this file alone"},
    {"server-tag", "the configuration is this file alone"},
    {"control-socket", "the API is served on server.api.socket"},
    {"control-sockets", "the API is served on server.api.socket"},
    {"loggers", "the log goes to the journal"},
    {"Logging", "the log goes to the journal"},
    {"multi-threading", "nothing to set: packets are served in batches by one thread"},
    {"expired-leases-processing", "nothing to set: leases are freed when they end"},
    {"sanity-checks", "nothing to set: the store is checked always"},
    {"dhcp-queue-control", "nothing to set: in a flood new clients wait for those with leases"},
    {"parked-packet-limit", "nothing to set"},
    {"statistic-default-sample-count", "statistics are counters of /metrics"},
    {"statistic-default-sample-age", "statistics are counters of /metrics"},
    {"store-extended-info", "nothing to set: relay information is always kept"},
    {"dhcp4o6-port", "DHCPv4 over DHCPv6 is not served"},
    {"4o6-interface", "DHCPv4 over DHCPv6 is not served"},
    {"4o6-interface-id", "DHCPv4 over DHCPv6 is not served"},
    {"4o6-subnet", "DHCPv4 over DHCPv6 is not served"},
    {"host-reservation-identifiers", "nothing to set: each reservation names its client"},
    {"reservation-mode", "reservations hold in and out of pools, and of the whole file"},
    {"reservations-global", "reservations of the whole file always hold"},
    {"reservations-in-subnet", "reservations of a subnet always hold"},
    {"reservations-out-of-pool", "reservations may always stand out of pools"},
    {"early-global-reservations-lookup", "nothing to set"},
    {"ip-reservations-unique", "an address is reserved once"},
    {"reservations-lookup-first", "nothing to set: reservations are found first"},
    {"hostname-char-set", "names are cleaned by the rules of DNS"},
    {"hostname-char-replacement", "names are cleaned by the rules of DNS"},
    {"ddns-qualifying-suffix", "`names:` is said for the file, a shared network or a subnet"},
    {"ddns-generated-prefix", "`names:` is said for the file, a shared network or a subnet"},
    {"ddns-replace-client-name", "`names:` is said for the file, a shared network or a subnet"},
    {"ddns-override-client-update",
     "`names:` is said for the file, a shared network or a subnet"},
    {"ddns-override-no-update", "a client that wants no update gets none"},
    {"ddns-send-updates", "names are sent to DNS for the whole file: `ddns:`"},
    {"ddns-update-on-renew", "nothing to set: DNS is updated when a name changes"},
    {"ddns-use-conflict-resolution", "ddns.conflicts holds for the whole file"},
    {"ddns-conflict-resolution-mode", "ddns.conflicts holds for the whole file"},
    {"ddns-ttl-percent", "ddns.ttl is a fixed time"},
    {"service-sockets-require-all", "nothing to set: interfaces are watched"},
    {"service-sockets-max-retries", "nothing to set: interfaces are watched"},
    {"service-sockets-retry-wait-time", "nothing to set: interfaces are watched"},
    {"template-test", "one class for each value has to be written out"},
    {"user-context", "is a comment only"},
    {"compatibility", "malformed options are dropped by fixed rules"},
    {"dhcp-socket-type", "say server.listen for relayed clients alone"},
    {"outbound-interface", "replies leave where the request came in"},
    {"re-detect", "nothing to set: interfaces are watched"},
    {"pool-id", "a pool is known by its range"},
    {"offer-lifetime", "offers are kept for offer-hold"},
    {"stash-agent-options", "nothing to set: relay information is always kept"},
    {"Control-agent", "the API is served by the daemon itself"},
};

static const char *advice_for(const char *key)
{
    for (size_t i = 0; i < ARRAY_SIZE(advices); i++)
        if (strcmp(advices[i].key, key) == 0)
            return advices[i].text;
    return "has no counterpart";
}

void kea_leftovers(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    if (object->kind != JSON_IS_OBJECT)
        return;
    for (struct jvalue *child = object->first; child != NULL; child = child->next) {
        if (child->used)
            continue;
        child->used = true;
        import_note(k->run, node, child->place, child->key, "%s", advice_for(child->key));
    }
}

/* "eth0/192.0.2.1": the interface, which is served with all its addresses. */
static void add_interface(struct kea *k, struct yaml *server, const struct jvalue *value)
{
    const char *slash = strchr(value->text, '/');

    if (strcmp(value->text, "*") == 0) {
        import_note(k->run, server, value->place, "interfaces",
                    "* is not known here: name the interfaces");
        return;
    }
    if (slash != NULL)
        import_note(k->run, server, value->place, "interfaces",
                    "%s: the interface is served with all its addresses; for relayed clients "
                    "alone say `listen: [ADDRESS]`",
                    value->text);
    yaml_add_once(k->run, server, "interfaces",
                  slash == NULL
                      ? value->text
                      : import_copy(k->run, value->text, (size_t)(slash - value->text)));
}

static void put_interfaces(struct kea *k)
{
    const struct jvalue *config = json_get(k->dhcp4, "interfaces-config");
    struct yaml *server = yaml_map(k->run, k->document, "server");

    if (k->run->settings.interfaces != NULL)
        import_interfaces(k->run, server);
    for (const struct jvalue *value = json_items(json_get(config, "interfaces")); value != NULL;
         value = value->next)
        if (value->text != NULL && k->run->settings.interfaces == NULL)
            add_interface(k, server, value);
    if (config != NULL)
        kea_leftovers(k, config, server);
    if (yaml_find(server, "interfaces") == NULL)
        import_interfaces(k->run, server);
}

/* The parts of the file in the order in which ours is read best. */
static void convert(struct kea *k, const struct jvalue *root)
{
    uint64_t number;

    kea_user_context(k, k->dhcp4, k->document);
    kea_hooks(k);
    put_interfaces(k);
    kea_level(k, k->dhcp4, k->document, true);
    if (json_number_of(k->dhcp4, "decline-probation-period", &number))
        yaml_duration(k->run, k->document, "abandon-time", number);
    kea_ddns(k, root);
    import_options_print(k->run, &k->options, k->document);
    kea_classes(k);
    kea_shared_networks(k);
    kea_subnets(k, k->dhcp4, yaml_list(k->run, k->document, "subnets"));
    kea_reservations(k, k->dhcp4, k->document);
    kea_leftovers(k, k->dhcp4, k->document);
    import_note_no_subnet(k->run, k->document);
}

struct yaml *kea_import(struct import *run, const char *text, size_t size)
{
    struct kea k = {.run = run};
    const struct jvalue *root = json_scan(run, text, size);

    if (root == NULL)
        return NULL;
    if (root->kind != JSON_IS_OBJECT) {
        import_fail(run, root->place, "the file is not an object { ... }");
        return NULL;
    }
    const struct jvalue *inner = json_get(root, "Dhcp4");
    k.dhcp4 = inner != NULL ? inner : root;
    if (k.dhcp4->kind != JSON_IS_OBJECT || k.dhcp4->first == NULL) {
        import_fail(run, k.dhcp4->place, "there is no \"Dhcp4\" object in the file");
        return NULL;
    }
    k.document = yaml_document(run);
    kea_definitions(&k, k.dhcp4);
    convert(&k, root);
    if (inner != NULL)
        kea_leftovers(&k, root, k.document);
    return run->problem[0] == '\0' ? k.document : NULL;
}
