/* proto/option.c - the registry: which options have a name, and what their values look like. */
#include "proto/option.h"

#define OPERATOR OPTION_BY_OPERATOR
#define SERVER   OPTION_BY_SERVER

#define PLAIN(code, rfc, type, setter, name)                                                   \
    {                                                                                          \
        code, rfc, OPTION_TYPE_##type, setter, name, NULL, NULL                                \
    }
#define RECORD(code, rfc, setter, name, record)                                                \
    {                                                                                          \
        code, rfc, OPTION_TYPE_RECORD, setter, name, record, NULL                              \
    }
#define SPACE(code, rfc, setter, name, space)                                                  \
    {                                                                                          \
        code, rfc, OPTION_TYPE_SUBOPTIONS, setter, name, NULL, space                           \
    }

/* RFC 3118: protocol, algorithm, replay detection method, replay detection, information. */
static const struct option_record authentication = {
    5,
    false,
    true,
    {OPTION_TYPE_U8, OPTION_TYPE_U8, OPTION_TYPE_U8, OPTION_TYPE_U64, OPTION_TYPE_BINARY}};
/* RFC 4578: type, major and minor version; type and identifier. */
static const struct option_record ndi = {
    3, false, false, {OPTION_TYPE_U8, OPTION_TYPE_U8, OPTION_TYPE_U8}};
static const struct option_record uuid = {
    2, false, false, {OPTION_TYPE_U8, OPTION_TYPE_BINARY}};
/* RFC 6731: preference, primary and secondary server, domains and networks. */
static const struct option_record rdnss = {
    4, true, false, {OPTION_TYPE_U8, OPTION_TYPE_IP, OPTION_TYPE_IP, OPTION_TYPE_FQDN}};
/* RFC 6926: status and message. */
static const struct option_record status = {
    2, false, true, {OPTION_TYPE_U8, OPTION_TYPE_STRING}};
/* RFC 5969: IPv4 mask length, length of the prefix, the prefix, border relays. */
static const struct option_record sixrd = {
    4, true, false, {OPTION_TYPE_U8, OPTION_TYPE_U8, OPTION_TYPE_IP6, OPTION_TYPE_IP}};
/* RFC 6607: type and VPN; type 255, the global one, has nothing more. */
static const struct option_record vss = {2, false, true, {OPTION_TYPE_U8, OPTION_TYPE_OPAQUE}};

/* In order of code.  Names of RFC 2132 options are those of ISC dhcpd and Kea; of later ones
 * Kea's, and where it has none, the RFC's in lower case. */
static const struct option_definition definitions[] = {
    PLAIN(0, 2132, EMPTY, SERVER, "pad"),
    PLAIN(1, 2132, IP, OPERATOR, "subnet-mask"),
    PLAIN(2, 2132, I32, OPERATOR, "time-offset"),
    PLAIN(3, 2132, IP_LIST, OPERATOR, "routers"),
    PLAIN(4, 2132, IP_LIST, OPERATOR, "time-servers"),
    PLAIN(5, 2132, IP_LIST, OPERATOR, "name-servers"),
    PLAIN(6, 2132, IP_LIST, OPERATOR, "domain-name-servers"),
    PLAIN(7, 2132, IP_LIST, OPERATOR, "log-servers"),
    PLAIN(8, 2132, IP_LIST, OPERATOR, "cookie-servers"),
    PLAIN(9, 2132, IP_LIST, OPERATOR, "lpr-servers"),
    PLAIN(10, 2132, IP_LIST, OPERATOR, "impress-servers"),
    PLAIN(11, 2132, IP_LIST, OPERATOR, "resource-location-servers"),
    PLAIN(12, 2132, STRING, OPERATOR, "host-name"),
    PLAIN(13, 2132, U16, OPERATOR, "boot-size"),
    PLAIN(14, 2132, STRING, OPERATOR, "merit-dump"),
    PLAIN(15, 2132, STRING, OPERATOR, "domain-name"),
    PLAIN(16, 2132, IP, OPERATOR, "swap-server"),
    PLAIN(17, 2132, STRING, OPERATOR, "root-path"),
    PLAIN(18, 2132, STRING, OPERATOR, "extensions-path"),
    PLAIN(19, 2132, BOOL, OPERATOR, "ip-forwarding"),
    PLAIN(20, 2132, BOOL, OPERATOR, "non-local-source-routing"),
    PLAIN(21, 2132, IP_PAIRS, OPERATOR, "policy-filter"),
    PLAIN(22, 2132, U16, OPERATOR, "max-dgram-reassembly"),
    PLAIN(23, 2132, U8, OPERATOR, "default-ip-ttl"),
    PLAIN(24, 2132, U32, OPERATOR, "path-mtu-aging-timeout"),
    PLAIN(25, 2132, U16_LIST, OPERATOR, "path-mtu-plateau-table"),
    PLAIN(26, 2132, U16, OPERATOR, "interface-mtu"),
    PLAIN(27, 2132, BOOL, OPERATOR, "all-subnets-local"),
    PLAIN(28, 2132, IP, OPERATOR, "broadcast-address"),
    PLAIN(29, 2132, BOOL, OPERATOR, "perform-mask-discovery"),
    PLAIN(30, 2132, BOOL, OPERATOR, "mask-supplier"),
    PLAIN(31, 2132, BOOL, OPERATOR, "router-discovery"),
    PLAIN(32, 2132, IP, OPERATOR, "router-solicitation-address"),
    PLAIN(33, 2132, IP_PAIRS, OPERATOR, "static-routes"),
    PLAIN(34, 2132, BOOL, OPERATOR, "trailer-encapsulation"),
    PLAIN(35, 2132, U32, OPERATOR, "arp-cache-timeout"),
    PLAIN(36, 2132, BOOL, OPERATOR, "ieee802-3-encapsulation"),
    PLAIN(37, 2132, U8, OPERATOR, "default-tcp-ttl"),
    PLAIN(38, 2132, U32, OPERATOR, "tcp-keepalive-interval"),
    PLAIN(39, 2132, BOOL, OPERATOR, "tcp-keepalive-garbage"),
    PLAIN(40, 2132, STRING, OPERATOR, "nis-domain"),
    PLAIN(41, 2132, IP_LIST, OPERATOR, "nis-servers"),
    PLAIN(42, 2132, IP_LIST, OPERATOR, "ntp-servers"),
    PLAIN(43, 2132, VENDOR_SPACE, OPERATOR, "vendor-encapsulated-options"),
    PLAIN(44, 2132, IP_LIST, OPERATOR, "netbios-name-servers"),
    PLAIN(45, 2132, IP_LIST, OPERATOR, "netbios-dd-server"),
    PLAIN(46, 2132, U8, OPERATOR, "netbios-node-type"),
    PLAIN(47, 2132, STRING, OPERATOR, "netbios-scope"),
    PLAIN(48, 2132, IP_LIST, OPERATOR, "font-servers"),
    PLAIN(49, 2132, IP_LIST, OPERATOR, "x-display-manager"),
    PLAIN(50, 2132, IP, SERVER, "dhcp-requested-address"),
    PLAIN(51, 2132, U32, SERVER, "dhcp-lease-time"),
    PLAIN(52, 2132, U8, SERVER, "dhcp-option-overload"),
    PLAIN(53, 2132, U8, SERVER, "dhcp-message-type"),
    PLAIN(54, 2132, IP, SERVER, "dhcp-server-identifier"),
    PLAIN(55, 2132, U8_LIST, SERVER, "dhcp-parameter-request-list"),
    PLAIN(56, 2132, STRING, SERVER, "dhcp-message"),
    PLAIN(57, 2132, U16, SERVER, "dhcp-max-message-size"),
    PLAIN(58, 2132, U32, SERVER, "dhcp-renewal-time"),
    PLAIN(59, 2132, U32, SERVER, "dhcp-rebinding-time"),
    PLAIN(60, 2132, STRING, OPERATOR, "vendor-class-identifier"),
    PLAIN(61, 2132, BINARY, SERVER, "dhcp-client-identifier"),
    PLAIN(62, 2242, STRING, OPERATOR, "nwip-domain-name"),
    PLAIN(63, 2242, BINARY, OPERATOR, "nwip-suboptions"),
    PLAIN(64, 2132, STRING, OPERATOR, "nisplus-domain-name"),
    PLAIN(65, 2132, IP_LIST, OPERATOR, "nisplus-servers"),
    PLAIN(66, 2132, STRING, OPERATOR, "tftp-server-name"),
    PLAIN(67, 2132, STRING, OPERATOR, "boot-file-name"),
    PLAIN(68, 2132, IP_LIST, OPERATOR, "mobile-ip-home-agent"),
    PLAIN(69, 2132, IP_LIST, OPERATOR, "smtp-server"),
    PLAIN(70, 2132, IP_LIST, OPERATOR, "pop-server"),
    PLAIN(71, 2132, IP_LIST, OPERATOR, "nntp-server"),
    PLAIN(72, 2132, IP_LIST, OPERATOR, "www-server"),
    PLAIN(73, 2132, IP_LIST, OPERATOR, "finger-server"),
    PLAIN(74, 2132, IP_LIST, OPERATOR, "irc-server"),
    PLAIN(75, 2132, IP_LIST, OPERATOR, "streettalk-server"),
    PLAIN(76, 2132, IP_LIST, OPERATOR, "streettalk-directory-assistance-server"),
    PLAIN(77, 3004, TUPLES, OPERATOR, "user-class"),
    PLAIN(80, 4039, EMPTY, SERVER, "rapid-commit"),
    PLAIN(81, 4702, CLIENT_FQDN, SERVER, "fqdn"),
    SPACE(82, 3046, SERVER, "dhcp-agent-options", &option_space_relay),
    PLAIN(85, 2241, IP_LIST, OPERATOR, "nds-servers"),
    PLAIN(86, 2241, STRING, OPERATOR, "nds-tree-name"),
    PLAIN(87, 2241, STRING, OPERATOR, "nds-context"),
    RECORD(90, 3118, SERVER, "authenticate", &authentication),
    PLAIN(91, 4388, U32, SERVER, "client-last-transaction-time"),
    PLAIN(92, 4388, IP_LIST, SERVER, "associated-ip"),
    PLAIN(93, 4578, U16_LIST, OPERATOR, "client-system"),
    RECORD(94, 4578, OPERATOR, "client-ndi", &ndi),
    RECORD(97, 4578, SERVER, "uuid-guid", &uuid),
    PLAIN(98, 2485, STRING, OPERATOR, "uap-servers"),
    PLAIN(100, 4833, STRING, OPERATOR, "pcode"),
    PLAIN(101, 4833, STRING, OPERATOR, "tcode"),
    PLAIN(108, 8925, U32, OPERATOR, "v6-only-preferred"),
    PLAIN(112, 3679, IP_LIST, OPERATOR, "netinfo-server-address"),
    PLAIN(113, 3679, STRING, OPERATOR, "netinfo-server-tag"),
    PLAIN(114, 8910, STRING, OPERATOR, "v4-captive-portal"),
    PLAIN(116, 2563, U8, OPERATOR, "auto-config"),
    PLAIN(117, 2937, U16_LIST, OPERATOR, "name-service-search"),
    PLAIN(118, 3011, IP, SERVER, "subnet-selection"),
    PLAIN(119, 3397, FQDN_LIST, OPERATOR, "domain-search"),
    PLAIN(120, 3361, SIP, OPERATOR, "sip-servers"),
    PLAIN(121, 3442, ROUTES, OPERATOR, "classless-static-route"),
    PLAIN(124, 3925, VENDOR_CLASS, OPERATOR, "vivco-suboptions"),
    PLAIN(125, 3925, VENDOR_OPTIONS, OPERATOR, "vivso-suboptions"),
    PLAIN(128, 4578, BINARY, OPERATOR, "pxe-128"),
    PLAIN(129, 4578, BINARY, OPERATOR, "pxe-129"),
    PLAIN(130, 4578, BINARY, OPERATOR, "pxe-130"),
    PLAIN(131, 4578, BINARY, OPERATOR, "pxe-131"),
    PLAIN(132, 4578, BINARY, OPERATOR, "pxe-132"),
    PLAIN(133, 4578, BINARY, OPERATOR, "pxe-133"),
    PLAIN(134, 4578, BINARY, OPERATOR, "pxe-134"),
    PLAIN(135, 4578, BINARY, OPERATOR, "pxe-135"),
    PLAIN(137, 5223, FQDN, OPERATOR, "v4-lost"),
    PLAIN(138, 5417, IP_LIST, OPERATOR, "capwap-ac-v4"),
    PLAIN(143, 8572, URI_TUPLES, OPERATOR, "v4-sztp-redirect"),
    PLAIN(145, 6704, U8_LIST, SERVER, "forcerenew-nonce-capable"),
    RECORD(146, 6731, OPERATOR, "rdnss-selection", &rdnss),
    PLAIN(150, 5859, IP_LIST, OPERATOR, "tftp-server-address"),
    RECORD(151, 6926, SERVER, "status-code", &status),
    PLAIN(152, 6926, U32, SERVER, "base-time"),
    PLAIN(153, 6926, U32, SERVER, "start-time-of-state"),
    PLAIN(154, 6926, U32, SERVER, "query-start-time"),
    PLAIN(155, 6926, U32, SERVER, "query-end-time"),
    PLAIN(156, 6926, U8, SERVER, "dhcp-state"),
    PLAIN(157, 6926, U8, SERVER, "data-source"),
    PLAIN(161, 8520, STRING, OPERATOR, "mud-url"),
    PLAIN(162, 9463, DNR, OPERATOR, "v4-dnr"),
    SPACE(175, 0, OPERATOR, "ipxe-encap-opts", &option_space_ipxe),
    PLAIN(208, 5071, BINARY, OPERATOR, "pxelinux-magic"),
    PLAIN(209, 5071, STRING, OPERATOR, "pxelinux-config-file"),
    PLAIN(210, 5071, STRING, OPERATOR, "pxelinux-path-prefix"),
    PLAIN(211, 5071, U32, OPERATOR, "pxelinux-reboot-time"),
    RECORD(212, 5969, OPERATOR, "option-6rd", &sixrd),
    PLAIN(213, 5986, FQDN, OPERATOR, "v4-access-domain"),
    RECORD(221, 6607, OPERATOR, "virtual-subnet-selection", &vss),
    PLAIN(249, 0, ROUTES, OPERATOR, "ms-classless-static-route"),
    PLAIN(252, 0, STRING, OPERATOR, "wpad-url"),
    PLAIN(255, 2132, EMPTY, SERVER, "end"),
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

/* Other names in use, mostly ISC dhcpd's and dnsmasq's. */
static const struct option_alias aliases[] = {
    {"authentication", "authenticate"},
    {"auto-configure", "auto-config"},
    {"bootfile-name", "boot-file-name"},
    {"captive-portal", "v4-captive-portal"},
    {"classless-static-routes", "classless-static-route"},
    {"client-fqdn", "fqdn"},
    {"ipv6-only-preferred", "v6-only-preferred"},
    {"pxe-client-id", "uuid-guid"},
    {"pxe-interface-id", "client-ndi"},
    {"pxe-system-type", "client-system"},
    {"relay-agent-information", "dhcp-agent-options"},
    {"sztp-redirect", "v4-sztp-redirect"},
    {"v4-sip-servers", "sip-servers"},
    {"vivco", "vivco-suboptions"},
    {"vivso", "vivso-suboptions"},
};

const struct option_alias *option_alias_at(size_t index)
{
    return index < ARRAY_SIZE(aliases) ? &aliases[index] : NULL;
}

const struct option_definition *option_find_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
        if (strcmp(aliases[i].alias, name) == 0)
            name = aliases[i].name;
    }
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

const struct option_definition option_unnamed = PLAIN(0, 0, BINARY, OPERATOR, NULL);

uint8_t option_parse_number(const char *name)
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
    const uint8_t number = option_parse_number(name);

    if (known == NULL && number == 0)
        return false;
    *code = known != NULL ? known->code : number;
    *type = known != NULL ? known->type : OPTION_TYPE_BINARY;
    return true;
}
