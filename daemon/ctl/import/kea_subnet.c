/* daemon/ctl/import/kea_subnet.c - Kea's subnets, pools and shared networks. */
#include <string.h>

#include "daemon/ctl/import/kea.h"
#include "daemon/ctl/import/range.h"

static bool has_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static void put_relay(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    const struct jvalue *relay = json_get(object, "relay");
    const char *one = json_text_of(relay, "ip-address");

    if (one != NULL && strcmp(one, "0.0.0.0") != 0)
        yaml_add_once(k->run, node, "relay", one);
    for (const struct jvalue *address = json_items(json_get(relay, "ip-addresses"));
         address != NULL; address = address->next)
        if (address->text != NULL)
            yaml_add_once(k->run, node, "relay", address->text);
    if (relay != NULL)
        kea_leftovers(k, relay, node);
}

static void put_pool(struct kea *k, const struct jvalue *object, struct yaml *pools,
                     struct yaml *subnet, struct import_range network)
{
    const char *text = json_text_of(object, "pool");
    struct import_range range;

    if (text == NULL || !range_read(text, &range)) {
        import_note(k->run, subnet, object->place, "pool", "\"%s\" is no range of addresses",
                    text == NULL ? "" : text);
        return;
    }
    struct yaml *pool =
        range_add_pool(k->run, pools, subnet, network, range, object->place, "pool");
    if (pool == NULL)
        return;
    kea_level(k, object, pool, false);
    kea_class_guards(k, object, pool);
    kea_leftovers(k, object, pool);
}

/* user-context: {"limits": {"address-limit": 4}}: a subnet's pools are its limit. */
static void note_limits(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    const struct jvalue *limits = json_get(json_get(object, "user-context"), "limits");

    for (const struct jvalue *limit = limits == NULL ? NULL : limits->first; limit != NULL;
         limit = limit->next)
        import_note(k->run, node, limit->place, limit->key,
                    "limits are per client or circuit, not for a whole subnet");
}

static void put_subnet(struct kea *k, const struct jvalue *object, struct yaml *list,
                       const char *link)
{
    const char *text = json_text_of(object, "subnet");
    const char *interface = json_text_of(object, "interface");
    const char *id = json_text_of(object, "id");
    struct import_range network;

    if (text == NULL || !network_read(text, &network)) {
        import_note(k->run, list, object->place, "subnet4", "\"%s\" is no network",
                    text == NULL ? "" : text);
        return;
    }
    struct yaml *subnet = yaml_map(k->run, list, NULL);
    if (id != NULL)
        yaml_comment(k->run, subnet, import_format(k->run, "Kea's subnet id %s", id));
    yaml_text(k->run, subnet, "subnet", network_text(k->run, network));
    if (has_text(interface) && (link == NULL || strcmp(interface, link) != 0))
        yaml_text(k->run, subnet, "interface", interface);
    put_relay(k, object, subnet);
    note_limits(k, object, subnet);
    kea_level(k, object, subnet, true);
    kea_class_guards(k, object, subnet);
    struct yaml *pools = yaml_list(k->run, subnet, "pools");
    for (const struct jvalue *pool = json_items(json_get(object, "pools")); pool != NULL;
         pool = pool->next)
        put_pool(k, pool, pools, subnet, network);
    kea_reservations(k, object, subnet);
    kea_leftovers(k, object, subnet);
    k->run->subnets++;
}

/* ---- links ---- */

/* How many subnets outside of shared networks are on `interface`. */
static unsigned count_on(struct kea *k, const char *interface)
{
    unsigned count = 0;

    for (const struct jvalue *subnet = json_items(json_get(k->dhcp4, "subnet4"));
         subnet != NULL; subnet = subnet->next) {
        const char *other = json_text_of(subnet, "interface");
        count += other != NULL && strcmp(other, interface) == 0;
    }
    return count;
}

/* Kea lets several subnets be on one interface and tells them apart by their classes; here they
 * share a network. */
static struct yaml *list_of_link(struct kea *k, const struct jvalue *subnet)
{
    const char *interface = json_text_of(subnet, "interface");
    struct yaml *networks = yaml_list(k->run, k->document, "shared-networks");

    if (!has_text(interface) || count_on(k, interface) < 2)
        return NULL;
    const char *name = import_name(k->run, import_format(k->run, "link-%s", interface));
    for (struct yaml *network = networks->first; network != NULL; network = network->next)
        if (network->kind == YAML_MAP && strcmp(yaml_find_text(network, "name"), name) == 0)
            return yaml_list(k->run, network, "subnets");
    struct yaml *network = yaml_map(k->run, networks, NULL);
    import_remark(k->run, network, subnet->place, "interface",
                  "subnets of one link are a shared network");
    yaml_text(k->run, network, "name", name);
    yaml_text(k->run, network, "interface", interface);
    return yaml_list(k->run, network, "subnets");
}

void kea_subnets(struct kea *k, const struct jvalue *object, struct yaml *list)
{
    const char *link = object == k->dhcp4 ? NULL : json_text_of(object, "interface");

    for (const struct jvalue *subnet = json_items(json_get(object, "subnet4")); subnet != NULL;
         subnet = subnet->next) {
        struct yaml *shared = object == k->dhcp4 ? list_of_link(k, subnet) : NULL;
        if (shared != NULL)
            put_subnet(k, subnet, shared, json_text_of(subnet, "interface"));
        else
            put_subnet(k, subnet, list, link);
    }
}

void kea_shared_networks(struct kea *k)
{
    struct yaml *list = yaml_list(k->run, k->document, "shared-networks");

    for (const struct jvalue *object = json_items(json_get(k->dhcp4, "shared-networks"));
         object != NULL; object = object->next) {
        struct yaml *network = yaml_map(k->run, list, NULL);
        const char *name = json_text_of(object, "name");
        yaml_text(k->run, network, "name", import_name(k->run, name == NULL ? "shared" : name));
        if (has_text(json_text_of(object, "interface")))
            yaml_text(k->run, network, "interface", json_text_of(object, "interface"));
        put_relay(k, object, network);
        kea_level(k, object, network, true);
        kea_class_guards(k, object, network);
        kea_subnets(k, object, yaml_list(k->run, network, "subnets"));
        kea_reservations(k, object, k->document);
        kea_leftovers(k, object, network);
    }
}
