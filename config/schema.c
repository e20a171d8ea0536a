/* config/schema.c - all sections of the table, and how types are called. */
#include "config/schema.h"

const struct schema_section *schema_section_at(size_t index)
{
    static const struct schema_section *const sections[] = {
        &schema_file,     &schema_pair,       &schema_nodes,       &schema_node,
        &schema_security, &schema_server,     &schema_api,         &schema_lease_time,
        &schema_limit,    &schema_definition, &schema_class,       &schema_subnet,
        &schema_network,  &schema_pool,       &schema_reservation, &schema_leasequery,
        &schema_bulk,     &schema_probe,      &schema_included,    &schema_names,
        &schema_ddns,     &schema_ddns_zone,  &schema_ddns_key,
    };

    return index < ARRAY_SIZE(sections) ? sections[index] : NULL;
}

size_t schema_key_place(const struct schema_section *section, const char *name)
{
    for (size_t i = 0; i < section->count; i++)
        if (strcmp(section->keys[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

const char *schema_type_name(enum schema_type type)
{
    static const char *const names[] = {
        [SCHEMA_NAME] = "a name of letters, digits, '-', '_' and '.'",
        [SCHEMA_TEXT] = "a text",
        [SCHEMA_PATH] = "a path",
        [SCHEMA_MILLISECONDS] = "a duration such as 250ms, 90s, 5m, 12h or 1d",
        [SCHEMA_SECONDS] = "a duration such as 90s, 5m, 12h or 1d",
        [SCHEMA_NUMBER] = "a number",
        [SCHEMA_WORD] = "a word",
        [SCHEMA_CHOICE] = "a word",
        [SCHEMA_FLAG] = "true or false",
        [SCHEMA_LEASE_SECONDS] = "a duration such as 90s, 5m, 12h or 1d, or infinite",
        [SCHEMA_LEASE_SHARE] = "a percent such as 50% or 87.5%, or a duration such as 6h",
        [SCHEMA_POOL_SHARE] = "a percent such as 10%, or a number of addresses",
        [SCHEMA_ADDRESS] = "an IPv4 address such as 10.0.0.1",
        [SCHEMA_LINK] = "tcp://IPV4:PORT such as tcp://10.78.0.1:6470",
        [SCHEMA_ENDPOINT] = "IPV4:PORT such as 127.0.0.1:8067",
        [SCHEMA_INTERFACE] = "the name of an interface such as eth0",
        [SCHEMA_NETWORK] = "a network such as 10.77.0.0/16",
        [SCHEMA_RANGE] =
            "a range such as 10.0.0.10-10.0.0.99, or a network such as 10.0.0.64/26",
        [SCHEMA_RANGES] = "addresses, ranges or networks: one or a list",
        [SCHEMA_INTERFACES] = "interface names: one or a list",
        [SCHEMA_ADDRESSES] = "IPv4 addresses: one or a list",
        [SCHEMA_HARDWARE] = "a hardware address such as 52:54:00:12:34:56",
        [SCHEMA_CLIENT_ID] = "hexadecimal bytes such as 01:52:54:00:12:34:56, or text:NAME",
        [SCHEMA_IDENTITIES] =
            "a list of hw-address, client-id, circuit-id, remote-id, duid and flex-id",
        [SCHEMA_NAMES] = "names: one or a list",
        [SCHEMA_INCLUDES] = "files and directories: one or a list",
        [SCHEMA_OPTIONS] = "a map of options",
        [SCHEMA_OPTION_NAMES] = "names of options: one or a list",
        [SCHEMA_FIELDS] = "a list of types, the last perhaps as TYPE[]",
        [SCHEMA_MATCH] = "a map of conditions",
        [SCHEMA_EXPRESSION] = "an expression",
        [SCHEMA_LEASE_TIME] = "a duration, or a map of default, min and max",
        [SCHEMA_SECURITY] = "'none', or a map with 'curve'",
        [SCHEMA_PROBE] = "'none', or a map of icmp, arp, wait and recheck",
        [SCHEMA_SECTION] = "a map",
        [SCHEMA_SECTIONS] = "a list of maps",
    };

    return names[type];
}
