/* Expressions: what each operator and function gives for one packet. */
#include "help_facts.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/core/evaluate.h"

static const uint8_t vendors[] = {0, 0, 0x11, 0x8b, 5, 1, 3, 'e', 's', 'm', /* 4491: 1 */
                                  0, 0, 0x0d, 0xe9, 3, 2, 1, 7};            /* 3561: 2 */
static const uint8_t vendor_classes[] = {0,   0, 0x11, 0x8b, 6,    'd', 'o', 'c', 's', 'i',
                                         's', 0, 0,    0x11, 0x8b, 3,   '3', '.', '0'};
static const uint8_t relay[] = {1, 6, 'e', 't', 'h', '7', '/', '1', 2, 2, 0xab, 0xcd, 6, 0};

static void set_up(struct world *world)
{
    world_init(world);
    world_set_text(world, OPTION_VENDOR_CLASS_IDENTIFIER, "PXEClient:Arch:00007");
    world_set_text(world, OPTION_HOST_NAME, "Db1.Example");
    world_set(world, OPTION_CLIENT_SYSTEM, "\0\7", 2);
    world_set(world, OPTION_REQUESTED_ADDRESS, "\x0a\7\0\x09", 4);
    world_set(world, OPTION_LEASE_TIME, "\0\0\x0e\x10", 4);
    world_set(world, OPTION_VENDOR_ENCAPSULATED, "\6\1\x08", 3);
    world_set(world, 80, "", 0); /* rapid commit: present, empty */
    world_set(world, 124, vendor_classes, sizeof(vendor_classes));
    world_set(world, 125, vendors, sizeof(vendors));
    world_set_relay(world, relay, sizeof(relay));
}

static int32_t find_class(void *context, const char *name, const char **why)
{
    (void)context;
    *why = "no such class";
    if (strcmp(name, "rack-7") == 0)
        return CONFIG_BUILTINS + 65;
    if (strcmp(name, "rack-8") == 0)
        return CONFIG_BUILTINS + 66;
    return config_builtin_find(name) == CONFIG_BUILTINS ? -1
                                                        : (int32_t)config_builtin_find(name);
}

static struct expression compiled(struct arena *arena, const char *text,
                                  enum expression_kind kind)
{
    const struct expression_scope scope = {find_class, NULL, NULL};
    struct expression_error error;
    struct expression expression;

    if (!expression_compile(arena, text, kind, &scope, &expression, &error))
        fail_msg("%s: at %zu: %s", text, error.at, error.text);
    return expression;
}

static bool holds_in(const struct world *world, const char *text)
{
    struct arena arena = {NULL};
    const struct expression expression = compiled(&arena, text, EXPRESSION_TEST);
    const bool holds = evaluate_test(&expression, &world->facts);

    arena_free(&arena);
    return holds;
}

static void assert_all(const char *const *texts, size_t count, bool wanted)
{
    struct world world;

    set_up(&world);
    for (size_t i = 0; i < count; i++)
        if (holds_in(&world, texts[i]) != wanted)
            fail_msg("%s is not %s", texts[i], wanted ? "true" : "false");
}

#define HOLD(...)                                                                              \
    do {                                                                                       \
        static const char *const texts[] = {__VA_ARGS__};                                      \
        assert_all(texts, ARRAY_SIZE(texts), true);                                            \
    } while (0)
#define FAIL(...)                                                                              \
    do {                                                                                       \
        static const char *const texts[] = {__VA_ARGS__};                                      \
        assert_all(texts, ARRAY_SIZE(texts), false);                                           \
    } while (0)

static void options_are_compared_as_bytes_and_as_text(void **state)
{
    (void)state;
    HOLD("option[60].hex == 'PXEClient:Arch:00007'", "option[host-name].text == 'Db1.Example'",
         "option[93].hex == 0x0007", "option[93].hex == 0x7 or option[93].exists",
         "option[50].hex == 10.7.0.9", "option[50].text == '10.7.0.9'",
         "option[51].hex == 3600", "option[dhcp-lease-time].text == '3600'",
         "option[77].hex == ''", "option[80].exists and option[80].hex == ''");
    FAIL("option[60].hex == 'PXEClient'", "option[77].exists", "option[93].hex == 7");
}

static void suboptions_are_found_by_number_and_name(void **state)
{
    (void)state;
    HOLD("relay4[1].hex == 'eth7/1'", "relay4[circuit-id].text == 'eth7/1'",
         "option[82].option[2].hex == 0xabcd", "relay4[6].exists", "relay4[6].hex == ''",
         "option[43].option[6].hex == 0x08", "option[43].option[6].exists");
    FAIL("relay4[12].exists", "option[43].option[7].exists", "option[77].option[1].exists");
}

static void the_data_of_vendors_is_found_by_enterprise(void **state)
{
    (void)state;
    HOLD("vendor[4491].exists", "vendor[*].exists", "vendor[0].exists",
         "vendor.enterprise == 4491", "vendor[4491].option[1].hex == 'esm'",
         "vendor[3561].option[2].exists", "vendor[*].option[2].hex == 0x07",
         "vendor-class[4491].exists", "vendor-class.enterprise == 4491",
         "vendor-class[4491].data == 'docsis'", "vendor-class[4491].data[1] == '3.0'",
         "vendor-class[*].data[2] == ''");
    FAIL("vendor[1].exists", "vendor[4491].option[2].exists", "vendor-class[1].exists",
         "vendor-class[1].data == 'docsis'");
}

static void header_and_datagram_have_fields(void **state)
{
    (void)state;
    HOLD("pkt4.mac == 0x525400123456", "pkt4.hlen == 6", "pkt4.htype == 1",
         "pkt4.ciaddr == 0.0.0.0", "pkt4.giaddr == 10.7.0.1", "pkt4.yiaddr == 0",
         "pkt4.siaddr == 10.7.0.5", "pkt4.msgtype == 1", "pkt4.transid == 0x12345678",
         "pkt.iface == 'eth1'", "pkt.src == 10.7.0.1", "pkt.dst == 10.0.0.2", "pkt.len == 300");
    FAIL("pkt4.mac == 0x525400123457", "pkt4.hlen == 0x06");
}

static void and_or_and_not_bind_as_in_kea(void **state)
{
    (void)state;
    HOLD("'a' == 'a' or 'a' == 'b' and 'a' == 'c'", "('a' == 'a')", "not 'a' == 'b'",
         "not not 'a' == 'a'", "not ('a' == 'b' and 'a' == 'a')",
         "not 'a' == 'b' and 'a' == 'a'", "'a' == 'b' or 'b' == 'c' or 'c' == 'c'",
         "'a' == 'a' and ('b' == 'c' or 'b' == 'b')");
    FAIL("('a' == 'a' or 'a' == 'b') and 'a' == 'c'", "not 'a' == 'a'",
         "'a' == 'a' and 'b' == 'b' and 'a' == 'b'", "not 'a' == 'b' and 'a' == 'b'");
}

/* The examples of Kea's manual. */
static void substring_counts_from_both_ends(void **state)
{
    (void)state;
    HOLD("substring('foobar', 0, 6) == 'foobar'", "substring('foobar', 3, 3) == 'bar'",
         "substring('foobar', 3, all) == 'bar'", "substring('foobar', 1, 4) == 'ooba'",
         "substring('foobar', -5, 4) == 'ooba'", "substring('foobar', -1, -3) == 'oba'",
         "substring('foobar', 4, -2) == 'ob'", "substring('foobar', 10, 2) == ''",
         "substring('foobar', -7, 2) == ''", "substring('foobar', 2, -8) == 'fo'",
         "substring('foobar', 4, 9) == 'ar'", "substring('', 0, 1) == ''",
         "substring(option[60].hex, 0, 9) == 'PXEClient'");
}

static void split_counts_fields_from_one(void **state)
{
    (void)state;
    HOLD("split('one.two..four', '.', 1) == 'one'", "split('one.two..four', '.', 2) == 'two'",
         "split('one.two..four', '.', 3) == ''", "split('one.two..four', '.', 4) == 'four'",
         "split('one.two..four', '.', 5) == ''", "split('one.two', '.', 0) == ''",
         "split('one.two', '.', -1) == ''", "split('one', '', 1) == 'one'",
         "split('', '.', 1) == ''", "split('a-b.c', '.-', 3) == 'c'",
         "split('a.', '.', 2) == ''", "split(option[60].hex, ':', 3) == '00007'",
         "split(relay4[1].hex, 0x2f, 2) == '1'");
}

static void texts_are_joined_and_changed(void **state)
{
    (void)state;
    HOLD("concat('foo', 'bar') == 'foobar'", "'abc' + 'def' + 'ghi' == 'abcdefghi'",
         "concat('', '') == ''", "lcase('LoWeR1') == 'lower1'", "ucase('uPpEr[') == 'UPPER['",
         "lcase(option[12].text) == 'db1.example'", "hexstring('foo', '-') == '66-6f-6f'",
         "hexstring(pkt4.mac, ':') == '52:54:00:12:34:56'",
         "hexstring(pkt4.mac, '') == "
         "'525400123456'",
         "hexstring('', ':') == ''", "0x616 == 0x0616",
         "ifelse(option[230].exists, option[230].hex, 'none') == 'none'",
         "ifelse(option[60].exists, 'a', 'b') + 'c' == 'ac'");
}

static void numbers_and_addresses_become_text(void **state)
{
    (void)state;
    HOLD("addrtotext(192.10.0.1) == '192.10.0.1'", "addrtotext('') == ''",
         "int8totext(0xff) == '-1'", "int8totext(0x7f) == '127'", "int16totext(0xfffe) == '-2'",
         "int32totext(-1) == '-1'", "int32totext(0x80000000) == '-2147483648'",
         "uint8totext(0xff) == '255'", "uint16totext(0xffff) == '65535'",
         "uint32totext(4294967295) == '4294967295'", "uint16totext(option[93].hex) == '7'",
         "uint8totext('') == ''");
}

/* A value of a size that a conversion does not take makes the whole test false, as in Kea. */
static void what_cannot_be_evaluated_does_not_hold(void **state)
{
    (void)state;
    FAIL("uint8totext(option[93].hex) == 'x' or 'a' == 'a'", "not addrtotext('abc') == ''",
         "not uint32totext(0x01) == '1'");
    HOLD("'a' == 'a' or addrtotext('abc') == ''"); /* what is not asked does no harm */
}

static void classes_that_hold_are_asked_for(void **state)
{
    uint64_t classes[2] = {0, 2};
    struct world world;

    (void)state;
    set_up(&world);
    world.facts.classes = classes;
    world.facts.known = true;
    assert_true(holds_in(&world, "member('rack-7')"));
    assert_false(holds_in(&world, "member('rack-8')"));
    assert_true(holds_in(&world, "known and not unknown and member('KNOWN')"));
    assert_true(holds_in(&world, "member('ALL') and member('uefi-x64')"));
    assert_true(holds_in(&world, "member('VENDOR_CLASS_PXEClient:Arch:00007')"));
    assert_false(holds_in(&world, "member('VENDOR_CLASS_PXEClient')"));
    world.facts.known = false;
    assert_true(holds_in(&world, "unknown"));
}

static void a_value_is_given_as_bytes(void **state)
{
    static const char wanted[] = "eth7/1-525400123456";
    struct arena arena = {NULL};
    struct expression expression = compiled(
        &arena, "concat(relay4[1].hex, '-' + hexstring(pkt4.mac, ''))", EXPRESSION_VALUE);
    struct evaluate_room room;
    struct world world;
    struct span value;

    (void)state;
    set_up(&world);
    assert_true(evaluate_value(&expression, &world.facts, &room, &value));
    assert_true(span_equal(value, span_of(wanted, sizeof(wanted) - 1)));
    expression = compiled(&arena, "option[230].hex", EXPRESSION_VALUE);
    assert_true(evaluate_value(&expression, &world.facts, &room, &value));
    assert_int_equal(value.size, 0);
    arena_free(&arena);
}

/* No packet makes it take more memory than there is. */
static void without_room_there_is_no_value(void **state)
{
    static uint8_t large[EVALUATE_ROOM / 2 + 1];
    struct arena arena = {NULL};
    const struct expression expression =
        compiled(&arena, "option[60].hex + option[60].hex", EXPRESSION_VALUE);
    struct evaluate_room room;
    struct world world;
    struct span value;

    (void)state;
    set_up(&world);
    world_set(&world, 60, large, sizeof(large));
    assert_false(evaluate_value(&expression, &world.facts, &room, &value));
    world_set(&world, 60, large, sizeof(large) - 1);
    assert_true(evaluate_value(&expression, &world.facts, &room, &value));
    assert_int_equal(value.size, EVALUATE_ROOM);
    arena_free(&arena);
}

/* What is damaged is not there; what stands before it is. */
static void damaged_vendor_data_is_not_there(void **state)
{
    static const uint8_t damaged[] = {0, 0, 0x11, 0x8b, 3, 1, 1, 'a',
                                      0, 0, 0x11, 0x8b, 9, 2, 1, 'b'};
    struct world world;

    (void)state;
    set_up(&world);
    world_set(&world, 125, damaged, sizeof(damaged));
    assert_true(holds_in(&world, "vendor[4491].option[1].hex == 'a'"));
    assert_false(holds_in(&world, "vendor[4491].option[2].exists"));
    world_set(&world, 125, damaged, 3);
    assert_false(holds_in(&world, "vendor[*].exists or not vendor.enterprise == ''"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_compared_as_bytes_and_as_text),
        cmocka_unit_test(suboptions_are_found_by_number_and_name),
        cmocka_unit_test(the_data_of_vendors_is_found_by_enterprise),
        cmocka_unit_test(header_and_datagram_have_fields),
        cmocka_unit_test(and_or_and_not_bind_as_in_kea),
        cmocka_unit_test(substring_counts_from_both_ends),
        cmocka_unit_test(split_counts_fields_from_one),
        cmocka_unit_test(texts_are_joined_and_changed),
        cmocka_unit_test(numbers_and_addresses_become_text),
        cmocka_unit_test(what_cannot_be_evaluated_does_not_hold),
        cmocka_unit_test(classes_that_hold_are_asked_for),
        cmocka_unit_test(a_value_is_given_as_bytes),
        cmocka_unit_test(without_room_there_is_no_value),
        cmocka_unit_test(damaged_vendor_data_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
