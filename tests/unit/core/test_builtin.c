/* The classes that are always there, with what real firmware sends. */
#include "help_facts.h"

#include "daemon/core/builtin.h"

/* The options of a DISCOVER that matter here. */
struct firmware {
    const char *name;
    const char *vendor;       /* option 60 */
    const char *architecture; /* option 93 */
    size_t architecture_size; /* 0: not sent */
    const char *user_class;   /* option 77 */
    size_t user_class_size;   /* 0: not sent */
    bool sends_175;
    unsigned classes; /* a bit for each */
};

#define IN(builtin) (1u << BUILTIN_##builtin)
#define ANYBODY     (IN(ALL) | IN(UNKNOWN))

static const struct firmware firmwares[] = {
    {"a NIC's PXE ROM", "PXEClient:Arch:00000:UNDI:002001", "\0\0", 2, NULL, 0, false,
     ANYBODY | IN(PXE_BIOS)},
    {"OVMF, PXE", "PXEClient:Arch:00007:UNDI:003001", "\0\7", 2, NULL, 0, false,
     ANYBODY | IN(UEFI_X64)},
    {"firmware that says 9", "PXEClient:Arch:00009:UNDI:003016", "\0\x09", 2, NULL, 0, false,
     ANYBODY | IN(UEFI_X64)},
    {"OVMF, HTTP", "HTTPClient:Arch:00016:UNDI:003001", "\0\x10", 2, NULL, 0, false,
     ANYBODY | IN(HTTP_BOOT)},
    {"IA32 UEFI, HTTP", "HTTPClient:Arch:00015:UNDI:003000", "\0\x0f", 2, NULL, 0, false,
     ANYBODY | IN(HTTP_BOOT)},
    {"AAVMF, HTTP", "HTTPClient:Arch:00019:UNDI:003000", "\0\x13", 2, NULL, 0, false,
     ANYBODY | IN(HTTP_BOOT)},
    {"HTTP without an architecture", "HTTPClient", NULL, 0, NULL, 0, false,
     ANYBODY | IN(HTTP_BOOT)},
    {"HTTP that says PXE's architecture", "HTTPClient", "\0\7", 2, NULL, 0, false, ANYBODY},
    {"AAVMF, PXE", "PXEClient:Arch:00011:UNDI:003000", "\0\x0b", 2, NULL, 0, false,
     ANYBODY | IN(UEFI_ARM64)},
    {"iPXE on a BIOS, bare user class", "PXEClient:Arch:00000:UNDI:002001", "\0\0", 2, "iPXE",
     4, true, ANYBODY | IN(PXE_BIOS) | IN(IPXE)},
    {"iPXE on UEFI, tuples", "PXEClient:Arch:00007:UNDI:003010", "\0\7", 2, "\4iPXE", 5, false,
     ANYBODY | IN(UEFI_X64) | IN(IPXE)},
    {"iPXE by its option alone", "PXEClient:Arch:00011:UNDI:003010", "\0\x0b", 2, NULL, 0, true,
     ANYBODY | IN(UEFI_ARM64) | IN(IPXE)},
    {"a ROM with two architectures", "PXEClient:Arch:00000:UNDI:002001", "\0\0\0\7", 4, NULL, 0,
     false, ANYBODY | IN(PXE_BIOS) | IN(UEFI_X64)},
    {"half an architecture", "PXEClient", "\0\0\0", 3, NULL, 0, false, ANYBODY | IN(PXE_BIOS)},
    {"PXE without an architecture", "PXEClient", NULL, 0, NULL, 0, false, ANYBODY},
    {"another user class", "anaconda-Linux", NULL, 0, "\5iPXEx", 6, false, ANYBODY},
    {"dhclient", NULL, NULL, 0, NULL, 0, false, ANYBODY},
};

static void make(struct world *world, const struct firmware *firmware)
{
    world_init(world);
    if (firmware->vendor != NULL)
        world_set_text(world, OPTION_VENDOR_CLASS_IDENTIFIER, firmware->vendor);
    if (firmware->architecture_size > 0)
        world_set(world, OPTION_CLIENT_SYSTEM, firmware->architecture,
                  firmware->architecture_size);
    if (firmware->user_class_size > 0)
        world_set(world, OPTION_USER_CLASS, firmware->user_class, firmware->user_class_size);
    if (firmware->sends_175)
        world_set(world, 175, "\xb1\5\1\x80\x86\x10\x0e", 7);
}

static void firmware_is_known_by_what_it_sends(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(firmwares); i++) {
        struct world world;

        make(&world, &firmwares[i]);
        for (enum config_builtin class = 0; class < CONFIG_BUILTINS; class ++)
            if (builtin_holds(class, &world.facts) !=
                ((firmwares[i].classes >> class & 1) != 0))
                fail_msg("%s, class %s", firmwares[i].name, config_builtin_name(class));
    }
}

static void a_client_with_a_reservation_is_known(void **state)
{
    struct world world;

    (void)state;
    world_init(&world);
    world.facts.known = true;
    assert_true(builtin_holds(BUILTIN_KNOWN, &world.facts));
    assert_false(builtin_holds(BUILTIN_UNKNOWN, &world.facts));
}

static void a_packet_without_a_type_is_bootp(void **state)
{
    struct world world;

    (void)state;
    world_init(&world);
    assert_false(builtin_holds(BUILTIN_BOOTP, &world.facts));
    world.packet.type = DHCP4_NONE;
    assert_true(builtin_holds(BUILTIN_BOOTP, &world.facts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(firmware_is_known_by_what_it_sends),
        cmocka_unit_test(a_client_with_a_reservation_is_known),
        cmocka_unit_test(a_packet_without_a_type_is_bootp),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
