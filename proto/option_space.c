/* proto/option_space.c - the spaces that everybody uses: iPXE's, PXE's, the relay's. */
#include "proto/option.h"

#define OPERATOR OPTION_BY_OPERATOR

#define PLAIN(code, rfc, type, name)                                                           \
    {                                                                                          \
        code, rfc, OPTION_TYPE_##type, OPERATOR, name, NULL, NULL                              \
    }
#define RECORD(code, rfc, type, name, record)                                                  \
    {                                                                                          \
        code, rfc, OPTION_TYPE_##type, OPERATOR, name, record, NULL                            \
    }

/* As the documentation of iPXE for ISC dhcpd spells them; 16 to 41 are what an iPXE can do. */
static const struct option_definition ipxe[] = {
    PLAIN(1, 0, I8, "priority"),
    PLAIN(8, 0, U8, "keep-san"),
    PLAIN(9, 0, U8, "skip-san-boot"),
    PLAIN(16, 0, U8, "pxeext"),
    PLAIN(17, 0, U8, "iscsi"),
    PLAIN(18, 0, U8, "aoe"),
    PLAIN(19, 0, U8, "http"),
    PLAIN(20, 0, U8, "https"),
    PLAIN(21, 0, U8, "tftp"),
    PLAIN(22, 0, U8, "ftp"),
    PLAIN(23, 0, U8, "dns"),
    PLAIN(24, 0, U8, "bzimage"),
    PLAIN(25, 0, U8, "multiboot"),
    PLAIN(26, 0, U8, "slam"),
    PLAIN(27, 0, U8, "srp"),
    PLAIN(32, 0, U8, "nbi"),
    PLAIN(33, 0, U8, "pxe"),
    PLAIN(34, 0, U8, "elf"),
    PLAIN(35, 0, U8, "comboot"),
    PLAIN(36, 0, U8, "efi"),
    PLAIN(37, 0, U8, "fcoe"),
    PLAIN(38, 0, U8, "vlan"),
    PLAIN(39, 0, U8, "menu"),
    PLAIN(40, 0, U8, "sdi"),
    PLAIN(41, 0, U8, "nfs"),
    PLAIN(81, 0, STRING, "scriptlet"),
    PLAIN(85, 0, STRING, "syslogs"),
    PLAIN(90, 0, BINARY, "trust"),
    PLAIN(91, 0, BINARY, "cert"),
    PLAIN(92, 0, BINARY, "privkey"),
    PLAIN(93, 0, STRING, "crosscert"),
    PLAIN(176, 0, U8, "no-pxedhcp"),
    PLAIN(177, 0, BINARY, "bus-id"),
    PLAIN(188, 0, STRING, "san-filename"),
    PLAIN(189, 0, U8, "bios-drive"),
    PLAIN(190, 0, STRING, "username"),
    PLAIN(191, 0, STRING, "password"),
    PLAIN(192, 0, STRING, "reverse-username"),
    PLAIN(193, 0, STRING, "reverse-password"),
    PLAIN(235, 0, OPAQUE, "version"),
};

static const struct option_record boot_server = {
    2, false, false, {OPTION_TYPE_U16, OPTION_TYPE_COUNTED_IPS}};
static const struct option_record boot_menu = {
    2, false, false, {OPTION_TYPE_U16, OPTION_TYPE_TUPLES}};
static const struct option_record menu_prompt = {
    2, false, false, {OPTION_TYPE_U8, OPTION_TYPE_STRING}};
static const struct option_record boot_item = {
    2, false, false, {OPTION_TYPE_U16, OPTION_TYPE_U16}};

/* The tags of the PXE specification, section 2.2.2. */
static const struct option_definition pxe[] = {
    PLAIN(1, 0, IP, "mtftp-ip"),
    PLAIN(2, 0, U16, "mtftp-cport"),
    PLAIN(3, 0, U16, "mtftp-sport"),
    PLAIN(4, 0, U8, "mtftp-tmout"),
    PLAIN(5, 0, U8, "mtftp-delay"),
    PLAIN(6, 0, U8, "discovery-control"),
    PLAIN(7, 0, IP, "discovery-mcast-addr"),
    RECORD(8, 0, RECORD_LIST, "boot-server", &boot_server),
    RECORD(9, 0, RECORD_LIST, "boot-menu", &boot_menu),
    RECORD(10, 0, RECORD, "menu-prompt", &menu_prompt),
    PLAIN(12, 0, U32_LIST, "credential-types"),
    RECORD(71, 0, RECORD, "boot-item", &boot_item),
};

static const struct option_record vss = {2, false, true, {OPTION_TYPE_U8, OPTION_TYPE_OPAQUE}};

/* IANA, "DHCP Relay Agent Sub-Option Codes". */
static const struct option_definition relay[] = {
    PLAIN(1, 3046, OPAQUE, "circuit-id"),
    PLAIN(2, 3046, OPAQUE, "remote-id"),
    PLAIN(4, 3256, U32, "docsis-device-class"),
    PLAIN(5, 3527, IP, "link-selection"),
    PLAIN(6, 3993, OPAQUE, "subscriber-id"),
    PLAIN(7, 4014, BINARY, "radius"),
    PLAIN(8, 4030, BINARY, "auth"),
    PLAIN(9, 4243, VENDOR_OPTIONS, "vendor-specific"),
    PLAIN(10, 5010, U8, "relay-flags"),
    PLAIN(11, 5107, IP, "server-id-override"),
    PLAIN(12, 6925, OPAQUE, "relay-id"),
    PLAIN(13, 7839, BINARY, "access-techno-type"),
    PLAIN(14, 7839, OPAQUE, "access-network-name"),
    PLAIN(15, 7839, OPAQUE, "access-point-name"),
    PLAIN(16, 7839, BINARY, "access-point-bssid"),
    PLAIN(17, 7839, BINARY, "operator-id"),
    PLAIN(18, 7839, OPAQUE, "operator-realm"),
    PLAIN(19, 8357, EMPTY, "relay-port"),
    RECORD(151, 6607, RECORD, "virtual-subnet-selection", &vss),
    PLAIN(152, 6607, EMPTY, "virtual-subnet-selection-control"),
};

#define BUILT_IN(space, end)                                                                   \
    const struct option_space option_space_##space = {                                         \
        .name = #space, .definitions = (space), .count = ARRAY_SIZE(space), .ends = (end)}

BUILT_IN(ipxe, false);
BUILT_IN(pxe, true);
BUILT_IN(relay, false);

const struct option_space *option_space_at(size_t index)
{
    static const struct option_space *const spaces[] = {&option_space_ipxe, &option_space_pxe,
                                                        &option_space_relay};

    return index < ARRAY_SIZE(spaces) ? spaces[index] : NULL;
}

const struct option_definition *option_space_find_code(const struct option_space *space,
                                                       uint8_t code)
{
    for (size_t i = 0; i < space->count; i++) {
        if (space->definitions[i].code == code)
            return &space->definitions[i];
    }
    return NULL;
}

const struct option_definition *option_space_find_name(const struct option_space *space,
                                                       const char *name)
{
    for (size_t i = 0; i < space->count; i++) {
        if (strcmp(space->definitions[i].name, name) == 0)
            return &space->definitions[i];
    }
    return NULL;
}
