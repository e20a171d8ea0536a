/* config/load_probe.c - `probe:` of the file and of a subnet. */
#include "config/loader.h"

const struct config_probe config_probe_default = {.icmp = CONFIG_FLAG_YES,
                                                  .arp = CONFIG_FLAG_YES,
                                                  .wait_ms = 500,
                                                  .recheck_ms = INT64_C(3600) * 1000};

bool config_probe_is_on(const struct config_probe *probe)
{
    return probe->icmp == CONFIG_FLAG_YES || probe->arp == CONFIG_FLAG_YES;
}

bool config_may_probe(const struct config *config)
{
    if (config->has_pair && config->pair.start_alone == CONFIG_START_ALONE_SERVE)
        return true;
    for (size_t i = 0; i < config->subnet_count; i++) {
        if (config_probe_is_on(&config->subnets[i].probe))
            return true;
    }
    return false;
}

static void load_map(struct loader *l, const struct node *node, struct config_probe *out)
{
    struct section section;

    *out = config_probe_default; /* a wrong value shall not count as false */
    section = section_read(l, &schema_probe, "probe", node, out);
    if (section.map != NULL && !config_probe_is_on(out))
        complain(l, section_value(&section, "arp"),
                 "probe: arp is false, and so is icmp at line %d; set one of them to true, or "
                 "write 'probe: none'",
                 section_value(&section, "icmp")->line);
}

void load_probe(struct loader *l, const struct node *node, const struct config_probe *above,
                struct config_probe *out)
{
    static const struct config_probe none = {.wait_ms = 0};

    if (node == NULL) {
        *out = *above;
        return;
    }
    *out = none;
    if (node->kind != NODE_SCALAR)
        load_map(l, node, out);
    else if (strcmp(node->text, "none") != 0)
        complain(l, node, "probe: %s is not known; write {icmp: true, arp: true}, or none",
                 quoted(l, node->text));
}
