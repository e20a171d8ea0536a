/* `match`: what each subject and comparison says of a packet. */
#include "help_facts.h"

#include <stdio.h>

#include "config/load.h"
#include "daemon/core/match.h"

static const uint8_t relay[] = {1, 6, 'e', 't', 'h', '7', '/', '1', 2,   2,   0xab, 0xcd,
                                5, 4, 10,  7,   0,   0,   6,   3,   'a', 'c', 'm'};

static void set_up(struct world *world)
{
    world_init(world);
    world_set_text(world, OPTION_VENDOR_CLASS_IDENTIFIER, "PXEClient:Arch:00007");
    world_set(world, OPTION_CLIENT_SYSTEM, "\0\7\0\x10", 4);
    world_set(world, OPTION_USER_CLASS, "\1x\4iPXE", 7);
    world_set(world, OPTION_DOMAIN_NAME_SERVERS, "\x0a\0\0\x35\x0a\1\0\x35", 8);
    world_set(world, OPTION_LEASE_TIME, "\0\0\x0e\x10", 4);
    world_set(world, OPTION_VENDOR_ENCAPSULATED, "\6\1\x08", 3);
    world_set(world, 224, "\xaa\xbb\xcc", 3);
    world_set(world, 80, "", 0);
    world_set_relay(world, relay, sizeof(relay));
}

static bool matches(const char *match)
{
    char text[2048];
    struct config_problems problems;
    struct config *config;
    struct world world;
    bool holds;

    (void)snprintf(text, sizeof(text),
                   "server: {interfaces: eth0}\nsubnets: [{subnet: 10.0.0.0/24}]\n"
                   "classes: [{name: c, next-server: 10.0.0.1, match: %s}]\n",
                   match);
    config = config_load_text("f", text, strlen(text), NULL, &problems);
    if (config == NULL) {
        config_problems_print(&problems, "f", stderr);
        fail_msg("%s", match);
    }
    config_problems_free(&problems);
    set_up(&world);
    holds = match_holds(config->classes[0].conditions, config->classes[0].condition_count,
                        &world.facts);
    config_free(config);
    return holds;
}

static void assert_all(const char *const *texts, size_t count, bool wanted)
{
    for (size_t i = 0; i < count; i++)
        if (matches(texts[i]) != wanted)
            fail_msg("%s does %smatch", texts[i], wanted ? "not " : "");
}

#define MATCH(...)                                                                             \
    do {                                                                                       \
        static const char *const texts[] = {__VA_ARGS__};                                      \
        assert_all(texts, ARRAY_SIZE(texts), true);                                            \
    } while (0)
#define MISS(...)                                                                              \
    do {                                                                                       \
        static const char *const texts[] = {__VA_ARGS__};                                      \
        assert_all(texts, ARRAY_SIZE(texts), false);                                           \
    } while (0)

static void a_prefix_is_the_beginning(void **state)
{
    (void)state;
    MATCH("{vendor-class-identifier: {prefix: PXEClient}}",
          "{vendor-class-identifier: {prefix: [HTTPClient, 'PXE']}}",
          "{option-224: {prefix: 'aa:bb'}}", "{relay.circuit-id: {prefix: 'eth7/'}}",
          "{relay.remote-id: {prefix: '0xab'}}", "{user-class: {prefix: iP}}",
          "{packet.hw-address: {prefix: '52:54:00'}}", "{packet.giaddr: {prefix: 10.7.0.0/16}}",
          "{domain-name-servers: {prefix: 10.1.0.0/16}}");
    MISS("{vendor-class-identifier: {prefix: 'PXEClient:Arch:000070'}}",
         "{vendor-class-identifier: {prefix: XE}}", "{option-224: {prefix: 'bb'}}",
         "{relay.circuit-id: {prefix: 'eth8/'}}", "{host-name: {prefix: a}}",
         "{packet.hw-address: {prefix: '52:54:01'}}", "{packet.giaddr: {prefix: 10.8.0.0/16}}");
}

static void a_glob_is_a_pattern_of_all_of_it(void **state)
{
    (void)state;
    MATCH("{vendor-class-identifier: {glob: 'PXE*:000?7'}}", "{user-class: {glob: 'i?XE'}}",
          "{relay.circuit-id: {glob: '*/1'}}", "{relay.circuit-id: 'eth?/1'}",
          "{packet.hw-address: {glob: '52:54:*:56'}}", "{packet.hw-address: '52-54-00-*'}",
          "{packet.interface: {glob: 'eth*'}}");
    MISS("{vendor-class-identifier: {glob: 'PXE'}}", "{user-class: {glob: 'y*'}}",
         "{relay.circuit-id: {glob: 'eth7'}}", "{relay.circuit-id: 'text:eth?/1'}",
         "{packet.hw-address: {glob: '*:57'}}");
}

static void a_range_has_both_its_ends(void **state)
{
    (void)state;
    MATCH("{packet.secs: {from: 4, to: 4}}", "{packet.secs: {from: 4}}",
          "{packet.secs: {to: 4}}", "{client-system: {from: 15, to: 20}}",
          "{dhcp-lease-time: {from: 60, to: 3600}}",
          "{packet.giaddr: {from: 10.7.0.1, to: 10.7.0.9}}",
          "{domain-name-servers: {from: 10.1.0.0, to: 10.1.0.255}}",
          "{relay.link-selection: {from: 10.7.0.0}}");
    MISS("{packet.secs: {from: 5}}", "{packet.secs: {to: 3}}",
         "{client-system: {from: 8, to: 15}}", "{dhcp-lease-time: {from: 3601}}",
         "{packet.giaddr: {from: 10.7.0.2}}", "{option-224: 'aa'}");
}

static void a_list_is_a_set(void **state)
{
    (void)state;
    MATCH("{client-system: {in: [7, 9]}}", "{client-system: [9, 16]}",
          "{packet.giaddr: [10.9.0.0/16, 10.7.0.1]}",
          "{packet.hw-address: "
          "'52:54:00:12:34:56'}",
          "{packet.hw-address: [aabbccddeeff, 5254.0012.3456]}", "{packet.hw-type: 1}",
          "{packet.message-type: [request, discover]}", "{packet.message-type: 1}",
          "{packet.broadcast: true}", "{packet.flags: 32768}", "{packet.hops: 1}",
          "{packet.ciaddr: 0.0.0.0}", "{packet.source: 10.7.0.1}",
          "{packet.destination: 10.0.0.2}", "{packet.size: 300}", "{packet.interface: eth1}");
    MISS("{client-system: {in: [0, 9]}}", "{packet.giaddr: [10.9.0.0/16, 10.7.0.2]}",
         "{packet.hw-type: 6}", "{packet.message-type: request}", "{packet.broadcast: false}",
         "{packet.interface: eth}");
}

static void presence_is_asked_for(void **state)
{
    (void)state;
    MATCH("{host-name: {present: false}}", "{option-80: {present: true}}",
          "{rapid-commit: {present: true}}", "{relay.circuit-id: {present: true}}",
          "{relay.relay-id: {present: false}}",
          "{vendor-encapsulated-options.6: {present: true}}");
    MISS("{host-name: {present: true}}", "{rapid-commit: {present: false}}",
         "{relay.circuit-id: {present: false}}",
         "{vendor-encapsulated-options.7: {present: true}}");
}

/* What a relay sends is text or bytes; each is written as what it is. */
static void suboptions_are_text_or_bytes(void **state)
{
    (void)state;
    MATCH("{relay.circuit-id: eth7/1}", "{relay.circuit-id: 'text:eth7/1'}",
          "{relay.circuit-id: '0x657468372f31'}", "{relay.remote-id: 'ab:cd'}",
          "{relay.option-1: eth7/1}", "{relay.subscriber-id: acm}",
          "{relay.link-selection: 10.7.0.0}", "{vendor-encapsulated-options.6: '0x08'}",
          "{option-43.option-6: '0x08'}", "{option-82.2: 'ab:cd'}");
    MISS("{relay.circuit-id: eth7}", "{relay.remote-id: abcd}", "{relay.option-3: eth7/1}",
         "{vendor-encapsulated-options.6: '08'}");
}

static void conditions_are_combined(void **state)
{
    (void)state;
    MATCH("{any: [{host-name: a}, {client-system: 7}]}",
          "{all: [{client-system: 7}, {client-system: 16}]}", "{not: {host-name: a}}",
          "{not: {client-system: 7, host-name: a}}",
          "{client-system: 7, any: [{host-name: a}, {all: [{user-class: iPXE}, {not: "
          "{option-175: {present: true}}}]}]}",
          "{any: [{packet.secs: 5, client-system: 7}, {packet.secs: 4, client-system: 16}]}",
          "{class: [known, all]}", "{not: {class: known}}", "{class: uefi-x64}");
    MISS("{any: [{host-name: a}, {client-system: 0}]}",
         "{all: [{client-system: 7}, {client-system: 0}]}", "{not: {client-system: 7}}",
         "{client-system: 7, not: {any: [{host-name: a}, {user-class: iPXE}]}}",
         "{any: [{packet.secs: 5, client-system: 7}]}", "{class: known}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prefix_is_the_beginning),
        cmocka_unit_test(a_glob_is_a_pattern_of_all_of_it),
        cmocka_unit_test(a_range_has_both_its_ends),
        cmocka_unit_test(a_list_is_a_set),
        cmocka_unit_test(presence_is_asked_for),
        cmocka_unit_test(suboptions_are_text_or_bytes),
        cmocka_unit_test(conditions_are_combined),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
