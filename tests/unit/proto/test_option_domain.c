/* Domain names in wire form: labels, compression (RFC 3397), loops. */
#include "help_packets.h"

static uint8_t out[20000];
static size_t used;

static enum td_err encode(enum option_type type, const char *text)
{
    return option_text_to_wire(type, text, out, sizeof out, &used);
}

static void assert_wire(enum option_type type, const char *const *texts, const char *wire)
{
    used = 0;
    for (; *texts != NULL; texts++)
        assert_int_equal(encode(type, *texts), TD_OK);
    help_assert_bytes(out, used, wire);
}

static void assert_text(enum option_type type, const char *wire, const char *expected)
{
    const struct help_bytes bytes = help_hex(wire);
    char text[4096];

    assert_true(option_wire_to_text(type, help_span(&bytes), text, sizeof text));
    assert_string_equal(text, expected);
}

static void assert_refused(const char *text)
{
    used = 0;
    assert_int_equal(encode(OPTION_TYPE_FQDN, text), TD_MALFORMED);
    assert_int_equal(encode(OPTION_TYPE_FQDN_LIST, text), TD_MALFORMED);
    assert_int_equal(used, 0);
}

static void a_name_is_its_labels_and_the_root(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN, (const char *const[]){"dc1.example.net", NULL},
                "03 'dc1' 07 'example' 03 'net' 00");
    assert_text(OPTION_TYPE_FQDN, "03 'dc1' 07 'example' 03 'net' 00", "dc1.example.net");
}

static void a_final_dot_changes_nothing(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN, (const char *const[]){"net.", NULL}, "03 'net' 00");
}

static void the_root_is_a_dot(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN, (const char *const[]){".", NULL}, "00");
    assert_text(OPTION_TYPE_FQDN, "00", ".");
}

/* The example of RFC 3397 2. */
static void a_known_tail_is_pointed_to(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN_LIST,
                (const char *const[]){"eng.apple.com", "marketing.apple.com", NULL},
                "03 'eng' 05 'apple' 03 'com' 00 09 'marketing' c004");
    assert_text(OPTION_TYPE_FQDN_LIST, "03 'eng' 05 'apple' 03 'com' 00 09 'marketing' c004",
                "eng.apple.com, marketing.apple.com");
}

static void a_whole_name_is_pointed_to(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN_LIST,
                (const char *const[]){"a.example.net", "example.net", "b.a.example.net", NULL},
                "01 'a' 07 'example' 03 'net' 00 c002 01 'b' c000");
    assert_text(OPTION_TYPE_FQDN_LIST, "01 'a' 07 'example' 03 'net' 00 c002 01 'b' c000",
                "a.example.net, example.net, b.a.example.net");
}

/* A tail that itself ends in a pointer serves as well. */
static void compressed_names_can_be_pointed_to(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN_LIST,
                (const char *const[]){"net", "a.net", "b.a.net", "c.b.a.net.", NULL},
                "03 'net' 00 01 'a' c000 01 'b' c005 01 'c' c009");
    assert_text(OPTION_TYPE_FQDN_LIST, "03 'net' 00 01 'a' c000 01 'b' c005 01 'c' c009",
                "net, a.net, b.a.net, c.b.a.net");
}

static void only_whole_labels_are_a_tail(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN_LIST, (const char *const[]){"ab.net", "b.net", "b.netx", NULL},
                "02 'ab' 03 'net' 00 01 'b' c003 01 'b' 04 'netx' 00");
}

static void a_single_name_is_not_compressed(void **state)
{
    (void)state;
    assert_wire(OPTION_TYPE_FQDN, (const char *const[]){"a.net", "a.net", NULL},
                "01 'a' 03 'net' 00 01 'a' 03 'net' 00");
    assert_text(OPTION_TYPE_FQDN, "01 'a' 00 01 'b' 00", "0x016100016200");
}

/* A pointer has 14 bits: a tail beyond their reach is written out. */
static void pointers_reach_16383_bytes(void **state)
{
    char name[16] = "aaaaaaaaaaaa";
    size_t before;

    (void)state;
    used = 0;
    for (unsigned i = 0; used < 0x4000; i++) {
        for (size_t digit = 0; digit < 12; digit++)
            name[digit] = (char)('a' + (i >> digit & 1));
        assert_int_equal(encode(OPTION_TYPE_FQDN_LIST, name), TD_OK);
    }
    assert_int_equal(encode(OPTION_TYPE_FQDN_LIST, "far.example"), TD_OK);
    before = used;
    assert_int_equal(encode(OPTION_TYPE_FQDN_LIST, "far.example"), TD_OK);
    assert_int_equal(used - before, 13);
    before = used;
    assert_int_equal(encode(OPTION_TYPE_FQDN_LIST, "x.aaaaaaaaaaaa"), TD_OK);
    assert_int_equal(used - before, 4);
}

static void labels_have_1_to_63_letters(void **state)
{
    char label[65];

    (void)state;
    memset(label, 'a', 64);
    label[64] = '\0';
    assert_refused(label);
    label[63] = '\0';
    assert_wire(OPTION_TYPE_FQDN, (const char *const[]){label, NULL}, "3f 61*63 00");
    assert_refused("");
    assert_refused("..");
    assert_refused(".net");
    assert_refused("a..net");
    assert_refused("a.net..");
    assert_refused("a b.net");
    assert_refused("a,b");
    assert_refused("\xc3\xa4.net");
    assert_refused("a/b");
}

/* 255 bytes on the wire: three labels of 63, one of 61, and the root. */
static void names_have_at_most_255_bytes(void **state)
{
    char name[300];

    (void)state;
    memset(name, 'a', sizeof name);
    name[63] = name[127] = name[191] = '.';
    name[254] = '\0';
    assert_refused(name);
    name[253] = '\0';
    used = 0;
    assert_int_equal(encode(OPTION_TYPE_FQDN, name), TD_OK);
    assert_int_equal(used, 255);
    char text[256];
    assert_true(option_wire_to_text(OPTION_TYPE_FQDN, span_of(out, used), text, sizeof text));
    assert_string_equal(text, name);
}

static void pointer_loops_are_no_names(void **state)
{
    (void)state;
    assert_text(OPTION_TYPE_FQDN_LIST, "c000", "0xc000");
    assert_text(OPTION_TYPE_FQDN_LIST, "0161 c000", "0x0161c000");
    assert_text(OPTION_TYPE_FQDN_LIST, "c002 c000", "0xc002c000");
    assert_text(OPTION_TYPE_FQDN_LIST, "0161 c004 0162 c000", "0x0161c0040162c000");
}

static void forward_pointers_are_no_names(void **state)
{
    (void)state;
    assert_text(OPTION_TYPE_FQDN_LIST, "0161 c004 0162 00", "0x0161c004016200");
    assert_text(OPTION_TYPE_FQDN_LIST, "0161 c0ff", "0x0161c0ff");
}

static void damaged_names_are_shown_as_bytes(void **state)
{
    (void)state;
    assert_text(OPTION_TYPE_FQDN, "0361", "0x0361");
    assert_text(OPTION_TYPE_FQDN, "0161", "0x0161");
    assert_text(OPTION_TYPE_FQDN_LIST, "0161 00 0162 c0", "0x0161000162c0");
    assert_text(OPTION_TYPE_FQDN, "4161 00", "0x416100");
    assert_text(OPTION_TYPE_FQDN, "8161 00", "0x816100");
    assert_text(OPTION_TYPE_FQDN, "012e 00", "0x012e00");
    assert_text(OPTION_TYPE_FQDN, "0100 00", "0x010000");
}

/* Joined by pointers, a name may be no longer than one written out. */
static void an_expanded_name_above_255_bytes_is_no_name(void **state)
{
    char text[4096];
    const struct help_bytes bytes = help_hex("3f 61*63 3f 61*63 3f 61*63 00 3f 61*63 c000");

    (void)state;
    assert_true(
        option_wire_to_text(OPTION_TYPE_FQDN_LIST, help_span(&bytes), text, sizeof text));
    assert_memory_equal(text, "0x3f61", 6);
}

/* Pointers to pointers, backwards all the way, must not make decoding quadratic. */
static void long_chains_of_pointers_are_no_names(void **state)
{
    static uint8_t wire[2 + 2 * 400];
    static char text[4096];

    (void)state;
    wire[0] = 0;
    for (size_t i = 0; i < 400; i++) {
        const size_t target = i == 0 ? 0 : 2 * i - 1;

        wire[1 + 2 * i] = (uint8_t)(0xc0 | target >> 8);
        wire[2 + 2 * i] = (uint8_t)target;
    }
    assert_true(option_wire_to_text(OPTION_TYPE_FQDN_LIST, span_of(wire, 1 + 2 * 100), text,
                                    sizeof text));
    assert_memory_equal(text, "., .", 4);
    assert_true(option_wire_to_text(OPTION_TYPE_FQDN_LIST, span_of(wire, 1 + 2 * 400), text,
                                    sizeof text));
    assert_memory_equal(text, "0x00c000", 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_its_labels_and_the_root),
        cmocka_unit_test(a_final_dot_changes_nothing),
        cmocka_unit_test(the_root_is_a_dot),
        cmocka_unit_test(a_known_tail_is_pointed_to),
        cmocka_unit_test(a_whole_name_is_pointed_to),
        cmocka_unit_test(compressed_names_can_be_pointed_to),
        cmocka_unit_test(only_whole_labels_are_a_tail),
        cmocka_unit_test(a_single_name_is_not_compressed),
        cmocka_unit_test(pointers_reach_16383_bytes),
        cmocka_unit_test(labels_have_1_to_63_letters),
        cmocka_unit_test(names_have_at_most_255_bytes),
        cmocka_unit_test(pointer_loops_are_no_names),
        cmocka_unit_test(forward_pointers_are_no_names),
        cmocka_unit_test(damaged_names_are_shown_as_bytes),
        cmocka_unit_test(an_expanded_name_above_255_bytes_is_no_name),
        cmocka_unit_test(long_chains_of_pointers_are_no_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
