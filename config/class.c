#include "config/class.h"

const char *config_builtin_name(enum config_builtin builtin)
{
    static const char *const names[] = {
        [BUILTIN_ALL] = "all",
        [BUILTIN_KNOWN] = "known",
        [BUILTIN_UNKNOWN] = "unknown",
        [BUILTIN_BOOTP] = "bootp",
        [BUILTIN_PXE_BIOS] = "pxe-bios",
        [BUILTIN_UEFI_X64] = "uefi-x64",
        [BUILTIN_UEFI_ARM64] = "uefi-arm64",
        [BUILTIN_HTTP_BOOT] = "http-boot",
        [BUILTIN_IPXE] = "ipxe",
    };

    _Static_assert(ARRAY_SIZE(names) == CONFIG_BUILTINS, "a name for each");
    ASSERT(builtin < CONFIG_BUILTINS);
    return names[builtin];
}

enum config_builtin config_builtin_find(const char *name)
{
    /* Kea's spelling of those that it has. */
    static const struct {
        const char *name;
        enum config_builtin builtin;
    } others[] = {{"ALL", BUILTIN_ALL},
                  {"KNOWN", BUILTIN_KNOWN},
                  {"UNKNOWN", BUILTIN_UNKNOWN},
                  {"BOOTP", BUILTIN_BOOTP}};

    for (enum config_builtin i = 0; i < CONFIG_BUILTINS; i++)
        if (strcmp(config_builtin_name(i), name) == 0)
            return i;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        if (strcmp(others[i].name, name) == 0)
            return others[i].builtin;
    return CONFIG_BUILTINS;
}
