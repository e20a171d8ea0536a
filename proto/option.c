/* proto/option.c - the registry: which options have a name, and what their values look like. */
#include "proto/option.h"

#define OPERATOR OPTION_BY_OPERATOR
#define SERVER   OPTION_BY_SERVER

/* In order of code.  Names of RFC 2132 options are those of ISC dhcpd and Kea; of later ones
 * Kea's, and where it has none, the RFC's in lower case. */
static const struct option_definition definitions[] = {
    {0, 2132, OPTION_TYPE_EMPTY, SERVER, "pad"},
    {1, 2132, OPTION_TYPE_IP, OPERATOR, "subnet-mask"},
    {2, 2132, OPTION_TYPE_I32, OPERATOR, "time-offset"},
    {3, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "routers"},
    {4, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "time-servers"},
    {5, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "name-servers"},
    {6, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "domain-name-servers"},
    {7, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "log-servers"},
    {8, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "cookie-servers"},
    {9, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "lpr-servers"},
    {10, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "impress-servers"},
    {11, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "resource-location-servers"},
    {12, 2132, OPTION_TYPE_STRING, OPERATOR, "host-name"},
    {13, 2132, OPTION_TYPE_U16, OPERATOR, "boot-size"},
    {14, 2132, OPTION_TYPE_STRING, OPERATOR, "merit-dump"},
    {15, 2132, OPTION_TYPE_STRING, OPERATOR, "domain-name"},
    {16, 2132, OPTION_TYPE_IP, OPERATOR, "swap-server"},
    {17, 2132, OPTION_TYPE_STRING, OPERATOR, "root-path"},
    {18, 2132, OPTION_TYPE_STRING, OPERATOR, "extensions-path"},
    {19, 2132, OPTION_TYPE_BOOL, OPERATOR, "ip-forwarding"},
    {20, 2132, OPTION_TYPE_BOOL, OPERATOR, "non-local-source-routing"},
    {21, 2132, OPTION_TYPE_IP_PAIRS, OPERATOR, "policy-filter"},
    {22, 2132, OPTION_TYPE_U16, OPERATOR, "max-dgram-reassembly"},
    {23, 2132, OPTION_TYPE_U8, OPERATOR, "default-ip-ttl"},
    {24, 2132, OPTION_TYPE_U32, OPERATOR, "path-mtu-aging-timeout"},
    {25, 2132, OPTION_TYPE_U16_LIST, OPERATOR, "path-mtu-plateau-table"},
    {26, 2132, OPTION_TYPE_U16, OPERATOR, "interface-mtu"},
    {27, 2132, OPTION_TYPE_BOOL, OPERATOR, "all-subnets-local"},
    {28, 2132, OPTION_TYPE_IP, OPERATOR, "broadcast-address"},
    {29, 2132, OPTION_TYPE_BOOL, OPERATOR, "perform-mask-discovery"},
    {30, 2132, OPTION_TYPE_BOOL, OPERATOR, "mask-supplier"},
    {31, 2132, OPTION_TYPE_BOOL, OPERATOR, "router-discovery"},
    {32, 2132, OPTION_TYPE_IP, OPERATOR, "router-solicitation-address"},
    {33, 2132, OPTION_TYPE_IP_PAIRS, OPERATOR, "static-routes"},
    {34, 2132, OPTION_TYPE_BOOL, OPERATOR, "trailer-encapsulation"},
    {35, 2132, OPTION_TYPE_U32, OPERATOR, "arp-cache-timeout"},
    {36, 2132, OPTION_TYPE_BOOL, OPERATOR, "ieee802-3-encapsulation"},
    {37, 2132, OPTION_TYPE_U8, OPERATOR, "default-tcp-ttl"},
    {38, 2132, OPTION_TYPE_U32, OPERATOR, "tcp-keepalive-interval"},
    {39, 2132, OPTION_TYPE_BOOL, OPERATOR, "tcp-keepalive-garbage"},
    {40, 2132, OPTION_TYPE_STRING, OPERATOR, "nis-domain"},
    {41, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "nis-servers"},
    {42, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "ntp-servers"},
    {43, 2132, OPTION_TYPE_BINARY, OPERATOR, "vendor-encapsulated-options"},
    {44, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "netbios-name-servers"},
    {45, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "netbios-dd-server"},
    {46, 2132, OPTION_TYPE_U8, OPERATOR, "netbios-node-type"},
    {47, 2132, OPTION_TYPE_STRING, OPERATOR, "netbios-scope"},
    {48, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "font-servers"},
    {49, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "x-display-manager"},
    {50, 2132, OPTION_TYPE_IP, SERVER, "dhcp-requested-address"},
    {51, 2132, OPTION_TYPE_U32, SERVER, "dhcp-lease-time"},
    {52, 2132, OPTION_TYPE_U8, SERVER, "dhcp-option-overload"},
    {53, 2132, OPTION_TYPE_U8, SERVER, "dhcp-message-type"},
    {54, 2132, OPTION_TYPE_IP, SERVER, "dhcp-server-identifier"},
    {55, 2132, OPTION_TYPE_U8_LIST, SERVER, "dhcp-parameter-request-list"},
    {56, 2132, OPTION_TYPE_STRING, SERVER, "dhcp-message"},
    {57, 2132, OPTION_TYPE_U16, SERVER, "dhcp-max-message-size"},
    {58, 2132, OPTION_TYPE_U32, SERVER, "dhcp-renewal-time"},
    {59, 2132, OPTION_TYPE_U32, SERVER, "dhcp-rebinding-time"},
    {60, 2132, OPTION_TYPE_STRING, OPERATOR, "vendor-class-identifier"},
    {61, 2132, OPTION_TYPE_BINARY, SERVER, "dhcp-client-identifier"},
    {62, 2242, OPTION_TYPE_STRING, OPERATOR, "nwip-domain-name"},
    {63, 2242, OPTION_TYPE_BINARY, OPERATOR, "nwip-suboptions"},
    {64, 2132, OPTION_TYPE_STRING, OPERATOR, "nisplus-domain-name"},
    {65, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "nisplus-servers"},
    {66, 2132, OPTION_TYPE_STRING, OPERATOR, "tftp-server-name"},
    {67, 2132, OPTION_TYPE_STRING, OPERATOR, "boot-file-name"},
    {68, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "mobile-ip-home-agent"},
    {69, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "smtp-server"},
    {70, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "pop-server"},
    {71, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "nntp-server"},
    {72, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "www-server"},
    {73, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "finger-server"},
    {74, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "irc-server"},
    {75, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "streettalk-server"},
    {76, 2132, OPTION_TYPE_IP_LIST, OPERATOR, "streettalk-directory-assistance-server"},
    {77, 3004, OPTION_TYPE_TUPLES, OPERATOR, "user-class"},
    {80, 4039, OPTION_TYPE_EMPTY, SERVER, "rapid-commit"},
    {81, 4702, OPTION_TYPE_BINARY, SERVER, "fqdn"},
    {82, 3046, OPTION_TYPE_BINARY, SERVER, "dhcp-agent-options"},
    {85, 2241, OPTION_TYPE_IP_LIST, OPERATOR, "nds-servers"},
    {86, 2241, OPTION_TYPE_STRING, OPERATOR, "nds-tree-name"},
    {87, 2241, OPTION_TYPE_STRING, OPERATOR, "nds-context"},
    {90, 3118, OPTION_TYPE_BINARY, SERVER, "authenticate"},
    {91, 4388, OPTION_TYPE_U32, SERVER, "client-last-transaction-time"},
    {92, 4388, OPTION_TYPE_IP_LIST, SERVER, "associated-ip"},
    {93, 4578, OPTION_TYPE_U16_LIST, OPERATOR, "client-system"},
    {94, 4578, OPTION_TYPE_BINARY, OPERATOR, "client-ndi"},
    {97, 4578, OPTION_TYPE_BINARY, SERVER, "uuid-guid"},
    {98, 2485, OPTION_TYPE_STRING, OPERATOR, "uap-servers"},
    {100, 4833, OPTION_TYPE_STRING, OPERATOR, "pcode"},
    {101, 4833, OPTION_TYPE_STRING, OPERATOR, "tcode"},
    {108, 8925, OPTION_TYPE_U32, OPERATOR, "v6-only-preferred"},
    {112, 3679, OPTION_TYPE_IP_LIST, OPERATOR, "netinfo-server-address"},
    {113, 3679, OPTION_TYPE_STRING, OPERATOR, "netinfo-server-tag"},
    {114, 8910, OPTION_TYPE_STRING, OPERATOR, "v4-captive-portal"},
    {116, 2563, OPTION_TYPE_U8, OPERATOR, "auto-config"},
    {117, 2937, OPTION_TYPE_U16_LIST, OPERATOR, "name-service-search"},
    {118, 3011, OPTION_TYPE_IP, SERVER, "subnet-selection"},
    {119, 3397, OPTION_TYPE_FQDN_LIST, OPERATOR, "domain-search"},
    {120, 3361, OPTION_TYPE_BINARY, OPERATOR, "sip-servers"},
    {121, 3442, OPTION_TYPE_ROUTES, OPERATOR, "classless-static-route"},
    {124, 3925, OPTION_TYPE_BINARY, OPERATOR, "vivco-suboptions"},
    {125, 3925, OPTION_TYPE_BINARY, OPERATOR, "vivso-suboptions"},
    {128, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-128"},
    {129, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-129"},
    {130, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-130"},
    {131, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-131"},
    {132, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-132"},
    {133, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-133"},
    {134, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-134"},
    {135, 4578, OPTION_TYPE_BINARY, OPERATOR, "pxe-135"},
    {137, 5223, OPTION_TYPE_FQDN, OPERATOR, "v4-lost"},
    {138, 5417, OPTION_TYPE_IP_LIST, OPERATOR, "capwap-ac-v4"},
    {143, 8572, OPTION_TYPE_URI_TUPLES, OPERATOR, "v4-sztp-redirect"},
    {145, 6704, OPTION_TYPE_BINARY, SERVER, "forcerenew-nonce-capable"},
    {146, 6731, OPTION_TYPE_BINARY, OPERATOR, "rdnss-selection"},
    {150, 5859, OPTION_TYPE_IP_LIST, OPERATOR, "tftp-server-address"},
    {151, 6926, OPTION_TYPE_BINARY, SERVER, "status-code"},
    {152, 6926, OPTION_TYPE_U32, SERVER, "base-time"},
    {153, 6926, OPTION_TYPE_U32, SERVER, "start-time-of-state"},
    {154, 6926, OPTION_TYPE_U32, SERVER, "query-start-time"},
    {155, 6926, OPTION_TYPE_U32, SERVER, "query-end-time"},
    {156, 6926, OPTION_TYPE_U8, SERVER, "dhcp-state"},
    {157, 6926, OPTION_TYPE_U8, SERVER, "data-source"},
    {161, 8520, OPTION_TYPE_STRING, OPERATOR, "mud-url"},
    {162, 9463, OPTION_TYPE_BINARY, OPERATOR, "v4-dnr"},
    {175, 0, OPTION_TYPE_BINARY, OPERATOR, "ipxe-encap-opts"},
    {208, 5071, OPTION_TYPE_BINARY, OPERATOR, "pxelinux-magic"},
    {209, 5071, OPTION_TYPE_STRING, OPERATOR, "pxelinux-config-file"},
    {210, 5071, OPTION_TYPE_STRING, OPERATOR, "pxelinux-path-prefix"},
    {211, 5071, OPTION_TYPE_U32, OPERATOR, "pxelinux-reboot-time"},
    {212, 5969, OPTION_TYPE_BINARY, OPERATOR, "option-6rd"},
    {213, 5986, OPTION_TYPE_FQDN, OPERATOR, "v4-access-domain"},
    {221, 6607, OPTION_TYPE_BINARY, OPERATOR, "virtual-subnet-selection"},
    {249, 0, OPTION_TYPE_ROUTES, OPERATOR, "ms-classless-static-route"},
    {252, 0, OPTION_TYPE_STRING, OPERATOR, "wpad-url"},
    {255, 2132, OPTION_TYPE_EMPTY, SERVER, "end"},
};

const struct option_definition *option_find_code(uint8_t code)
{
    size_t low = 0;
    size_t high = ARRAY_SIZE(definitions);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (definitions[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < ARRAY_SIZE(definitions) && definitions[low].code == code)
        return &definitions[low];
    return NULL;
}

const struct option_definition *option_find_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(definitions); i++) {
        if (strcmp(definitions[i].name, name) == 0)
            return &definitions[i];
    }
    return NULL;
}

const struct option_definition *option_at(size_t index)
{
    return index < ARRAY_SIZE(definitions) ? &definitions[index] : NULL;
}

/* "option-224" -> 224; 0 for anything else. */
static uint8_t parse_numbered(const char *name)
{
    static const char prefix[] = "option-";
    const char *digit = name + sizeof prefix - 1;
    unsigned code = 0;

    if (strncmp(name, prefix, sizeof prefix - 1) != 0 || *digit == '0')
        return 0;
    for (; *digit >= '0' && *digit <= '9' && code < OPTION_END; digit++)
        code = code * 10 + (unsigned)(*digit - '0');
    return *digit == '\0' && code < OPTION_END ? (uint8_t)code : 0;
}

bool option_parse_name(const char *name, uint8_t *code, enum option_type *type)
{
    const struct option_definition *known = option_find_name(name);
    const uint8_t number = parse_numbered(name);

    if (known == NULL && number == 0)
        return false;
    *code = known != NULL ? known->code : number;
    *type = known != NULL ? known->type : OPTION_TYPE_BINARY;
    return true;
}

const char *option_type_example(enum option_type type)
{
    switch (type) {
    case OPTION_TYPE_IP:
        return "an IPv4 address such as 10.0.0.1";
    case OPTION_TYPE_IP_LIST:
        return "a list of IPv4 addresses such as 10.0.0.1";
    case OPTION_TYPE_IP_PAIRS:
        return "a list of pairs of IPv4 addresses such as \"10.1.0.0 10.0.0.1\"";
    case OPTION_TYPE_U8:
        return "a number from 0 to 255";
    case OPTION_TYPE_U16:
        return "a number from 0 to 65535";
    case OPTION_TYPE_U32:
        return "a number from 0 to 4294967295";
    case OPTION_TYPE_I32:
        return "a number from -2147483648 to 2147483647";
    case OPTION_TYPE_U8_LIST:
        return "a list of numbers from 0 to 255";
    case OPTION_TYPE_U16_LIST:
        return "a list of numbers from 0 to 65535";
    case OPTION_TYPE_BOOL:
        return "true or false";
    case OPTION_TYPE_STRING:
        return "a text, not empty and without control characters";
    case OPTION_TYPE_FQDN:
        return "a domain name such as lost.example.net";
    case OPTION_TYPE_FQDN_LIST:
        return "a list of domain names such as example.net";
    case OPTION_TYPE_ROUTES:
        return "a list of routes such as \"10.0.0.0/8 via 10.77.0.1\" or \"default via "
               "10.77.0.1\"";
    case OPTION_TYPE_TUPLES:
        return "a list of texts of 1 to 255 bytes";
    case OPTION_TYPE_URI_TUPLES:
        return "a list of URIs such as https://boot.example.net/";
    case OPTION_TYPE_BINARY:
        return "bytes in hexadecimal such as aa:bb:cc or 0xaabbcc, or a text such as "
               "\"text:abc\"";
    case OPTION_TYPE_EMPTY:
        return "no value (\"\")";
    }
    return "a value";
}
