/* daemon/core/builtin.c - what boot firmware says of itself: option 60 begins with PXEClient or
 * HTTPClient, option 93 has the architectures (RFC 4578 and IANA's list), and iPXE names itself
 * in its user class or sends its encapsulated option 175. */
#include "daemon/core/builtin.h"

#include "daemon/core/match.h"

#define OPTION_IPXE_ENCAPSULATED 175

enum architecture {
    ARCH_BIOS = 0x00,
    ARCH_UEFI_BC = 0x07,  /* x64: what most firmware sends */
    ARCH_UEFI_X64 = 0x09, /* what the list names for it, and some send */
    ARCH_UEFI_ARM64 = 0x0b,
};

static bool vendor_begins_with(const struct dhcp4_packet *p, const char *text)
{
    const struct span vendor = p->option[OPTION_VENDOR_CLASS_IDENTIFIER];
    const size_t size = strlen(text);

    return vendor.size >= size && memcmp(vendor.data, text, size) == 0;
}

static bool has_architecture(const struct dhcp4_packet *p, unsigned wanted)
{
    const struct span list = p->option[OPTION_CLIENT_SYSTEM];

    for (size_t at = 0; at + 2 <= list.size; at += 2)
        if (((unsigned)list.data[at] << 8 | list.data[at + 1]) == wanted)
            return true;
    return false;
}

static bool boots_by_pxe(const struct dhcp4_packet *p, unsigned architecture)
{
    return has_architecture(p, architecture) && vendor_begins_with(p, "PXEClient");
}

/* Of IANA's architectures those that boot over HTTP. */
static bool boots_by_http(const struct dhcp4_packet *p)
{
    static const uint8_t architectures[] = {0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x17,
                                            0x18, 0x1a, 0x1c, 0x1e, 0x26, 0x28};

    if (!vendor_begins_with(p, "HTTPClient"))
        return false;
    if (!dhcp4_has(p, OPTION_CLIENT_SYSTEM))
        return true; /* it has said enough */
    for (size_t i = 0; i < ARRAY_SIZE(architectures); i++)
        if (has_architecture(p, architectures[i]))
            return true;
    return false;
}

static bool is_ipxe(const struct dhcp4_packet *p)
{
    static const uint8_t name[] = {4, 'i', 'P', 'X', 'E'};

    return dhcp4_has(p, OPTION_IPXE_ENCAPSULATED) ||
           match_user_class(span_of(name, sizeof(name)), p->option[OPTION_USER_CLASS]);
}

bool builtin_holds(enum config_builtin builtin, const struct facts *facts)
{
    const struct dhcp4_packet *p = facts->packet;

    switch (builtin) {
    case BUILTIN_ALL:
        return true;
    case BUILTIN_KNOWN:
        return facts->known;
    case BUILTIN_UNKNOWN:
        return !facts->known;
    case BUILTIN_BOOTP:
        return p->type == DHCP4_NONE;
    case BUILTIN_PXE_BIOS:
        return boots_by_pxe(p, ARCH_BIOS);
    case BUILTIN_UEFI_X64:
        return boots_by_pxe(p, ARCH_UEFI_BC) || boots_by_pxe(p, ARCH_UEFI_X64);
    case BUILTIN_UEFI_ARM64:
        return boots_by_pxe(p, ARCH_UEFI_ARM64);
    case BUILTIN_HTTP_BOOT:
        return boots_by_http(p);
    case BUILTIN_IPXE:
        return is_ipxe(p);
    case CONFIG_BUILTINS:
        break;
    }
    UNREACHABLE("no such class");
}
