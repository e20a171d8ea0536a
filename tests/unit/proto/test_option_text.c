/* Values of every option type: text to wire, wire to text, and what fits neither. */
#include "help_packets.h"

#include <stdio.h>
#include <stdlib.h>

static uint8_t out[70000];
static size_t used;

static enum td_err encode(enum option_type type, const char *text)
{
    return option_text_to_wire(type, text, out, sizeof out, &used);
}

/* `texts` gives `wire`, and `wire` reads as `joined`. */
static void assert_both_ways(enum option_type type, const char *const *texts, const char *wire,
                             const char *joined)
{
    char text[1024];

    used = 0;
    for (; *texts != NULL; texts++)
        assert_int_equal(encode(type, *texts), TD_OK);
    help_assert_bytes(out, used, wire);
    assert_true(option_wire_to_text(type, span_of(out, used), text, sizeof text));
    assert_string_equal(text, joined);
}

static void assert_value(enum option_type type, const char *text, const char *wire)
{
    assert_both_ways(type, (const char *const[]){text, NULL}, wire, text);
}

static void assert_refused(enum option_type type, const char *text)
{
    used = 3;
    assert_int_equal(encode(type, text), TD_MALFORMED);
    assert_int_equal(used, 3);
}

static void assert_text(enum option_type type, const char *wire, const char *expected)
{
    const struct help_bytes bytes = help_hex(wire);
    char text[1024];

    assert_true(option_wire_to_text(type, help_span(&bytes), text, sizeof text));
    assert_string_equal(text, expected);
}

static void addresses(void **state)
{
    (void)state;
    assert_value(OPTION_TYPE_IP, "10.77.0.1", "0a4d0001");
    assert_both_ways(OPTION_TYPE_IP_LIST, (const char *const[]){"10.0.0.53", "10.0.1.53", NULL},
                     "0a000035 0a000135", "10.0.0.53, 10.0.1.53");
    assert_refused(OPTION_TYPE_IP, "10.77.0.256");
    assert_refused(OPTION_TYPE_IP_LIST, "10.0.0.1, 10.0.0.2");
    assert_refused(OPTION_TYPE_IP, "ns.example.net");
    assert_text(OPTION_TYPE_IP, "0a4d0001 0a4d0002", "0x0a4d00010a4d0002");
    assert_text(OPTION_TYPE_IP_LIST, "0a4d0001 0a", "0x0a4d00010a");
}

static void pairs_of_addresses(void **state)
{
    (void)state;
    assert_both_ways(OPTION_TYPE_IP_PAIRS,
                     (const char *const[]){"10.1.0.0 10.0.0.1", "10.2.0.0 \t10.0.0.2", NULL},
                     "0a010000 0a000001 0a020000 0a000002",
                     "10.1.0.0 10.0.0.1, 10.2.0.0 10.0.0.2");
    assert_refused(OPTION_TYPE_IP_PAIRS, "10.1.0.0");
    assert_refused(OPTION_TYPE_IP_PAIRS, "10.1.0.0/10.0.0.1");
    assert_refused(OPTION_TYPE_IP_PAIRS, "10.1.0.0 ");
    assert_refused(OPTION_TYPE_IP_PAIRS, "10.1.0.0 10.0.0.1 10.0.0.2");
    assert_text(OPTION_TYPE_IP_PAIRS, "0a010000", "0x0a010000");
}

static void unsigned_numbers(void **state)
{
    (void)state;
    assert_value(OPTION_TYPE_U8, "0", "00");
    assert_value(OPTION_TYPE_U8, "255", "ff");
    assert_value(OPTION_TYPE_U16, "1500", "05dc");
    assert_value(OPTION_TYPE_U16, "65535", "ffff");
    assert_value(OPTION_TYPE_U32, "4294967295", "ffffffff");
    assert_both_ways(OPTION_TYPE_U16, (const char *const[]){"0xFf01", NULL}, "ff01", "65281");
}

static void numbers_out_of_range_or_badly_written_are_refused(void **state)
{
    static const char *const bad[] = {"",    "-1",   "+1", " 1",
                                      "1 ",  "01",   "0x", "1a",
                                      "1.0", "0x1g", "x1", "99999999999999999999999"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_refused(OPTION_TYPE_U32, bad[i]);
    assert_refused(OPTION_TYPE_U8, "256");
    assert_refused(OPTION_TYPE_U8_LIST, "0x100");
    assert_refused(OPTION_TYPE_U16, "65536");
    assert_refused(OPTION_TYPE_U32, "4294967296");
    assert_text(OPTION_TYPE_U8, "0102", "0x0102");
    assert_text(OPTION_TYPE_U16, "01", "0x01");
    assert_text(OPTION_TYPE_U32, "010203", "0x010203");
}

static void signed_numbers(void **state)
{
    (void)state;
    assert_value(OPTION_TYPE_I32, "-3600", "fffff1f0");
    assert_value(OPTION_TYPE_I32, "0", "00000000");
    assert_value(OPTION_TYPE_I32, "2147483647", "7fffffff");
    assert_value(OPTION_TYPE_I32, "-2147483648", "80000000");
    assert_refused(OPTION_TYPE_I32, "2147483648");
    assert_refused(OPTION_TYPE_I32, "-2147483649");
    assert_refused(OPTION_TYPE_I32, "--1");
    assert_refused(OPTION_TYPE_I32, "-");
    assert_text(OPTION_TYPE_I32, "ff", "0xff");
}

static void lists_of_numbers(void **state)
{
    (void)state;
    assert_both_ways(OPTION_TYPE_U8_LIST, (const char *const[]){"1", "3", "6", NULL}, "010306",
                     "1, 3, 6");
    assert_both_ways(OPTION_TYPE_U16_LIST, (const char *const[]){"68", "1500", NULL},
                     "0044 05dc", "68, 1500");
    assert_text(OPTION_TYPE_U16_LIST, "004405", "0x004405");
}

static void booleans(void **state)
{
    (void)state;
    assert_value(OPTION_TYPE_BOOL, "true", "01");
    assert_value(OPTION_TYPE_BOOL, "false", "00");
    assert_refused(OPTION_TYPE_BOOL, "yes");
    assert_refused(OPTION_TYPE_BOOL, "1");
    assert_refused(OPTION_TYPE_BOOL, "");
    assert_text(OPTION_TYPE_BOOL, "02", "0x02");
}

static void strings(void **state)
{
    (void)state;
    assert_value(OPTION_TYPE_STRING, "dc1.example.net", "'dc1.example.net'");
    assert_value(OPTION_TYPE_STRING, "r\303\244ck", "'r' c3a4 'ck'");
    assert_refused(OPTION_TYPE_STRING, "");
    assert_refused(OPTION_TYPE_STRING, "two\nlines");
    assert_refused(OPTION_TYPE_STRING, "\x7f");
}

static void a_string_has_at_most_65535_bytes(void **state)
{
    char *text = malloc(65537);

    (void)state;
    assert_non_null(text);
    memset(text, 'a', 65536);
    text[65536] = '\0';
    assert_refused(OPTION_TYPE_STRING, text);
    text[65535] = '\0';
    used = 0;
    assert_int_equal(encode(OPTION_TYPE_STRING, text), TD_OK);
    assert_int_equal(used, 65535);
    free(text);
}

/* RFC 2132 2: receivers must be prepared to delete trailing nulls. */
static void trailing_nulls_of_a_string_are_not_shown(void **state)
{
    (void)state;
    assert_text(OPTION_TYPE_STRING, "'db1' 0000", "db1");
    assert_text(OPTION_TYPE_STRING, "'db' 00 '1'", "0x64620031");
}

/* Text goes into JSON: whole UTF-8 or hexadecimal. */
static void a_string_that_is_no_utf8_is_shown_as_bytes(void **state)
{
    static const char *const bad[] = {
        "ff",       "80",       "c3",   "c328", "c080", "e08080", "eda080", "f08080af",
        "f4908080", "f5808080", "e282", "0a",   "c280", "1b",     "7f",     "f0288cbc",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        char expected[32];

        snprintf(expected, sizeof expected, "0x%s", bad[i]);
        assert_text(OPTION_TYPE_STRING, bad[i], expected);
    }
    assert_text(OPTION_TYPE_STRING, "e282ac f09f9880", "\xe2\x82\xac\xf0\x9f\x98\x80");
}

/* RFC 3442: width, the octets that it reaches, router. */
static void routes(void **state)
{
    (void)state;
    assert_both_ways(
        OPTION_TYPE_ROUTES,
        (const char *const[]){"10.0.0.0/8 via 10.77.0.1", "default via 10.77.0.1",
                              "10.17.0.0/16 via 10.0.0.1", NULL},
        "08 0a 0a4d0001 00 0a4d0001 10 0a11 0a000001",
        "10.0.0.0/8 via 10.77.0.1, default via 10.77.0.1, 10.17.0.0/16 via 10.0.0.1");
    assert_value(OPTION_TYPE_ROUTES, "10.229.0.128/25 via 10.0.0.1", "19 0ae50080 0a000001");
    assert_value(OPTION_TYPE_ROUTES, "10.198.122.47/32 via 0.0.0.0", "20 0ac67a2f 00000000");
    assert_value(OPTION_TYPE_ROUTES, "10.27.129.0/24 via 10.0.0.1", "18 0a1b81 0a000001");
    assert_value(OPTION_TYPE_ROUTES, "128.0.0.0/1 via 10.0.0.1", "01 80 0a000001");
    assert_both_ways(OPTION_TYPE_ROUTES, (const char *const[]){"0.0.0.0/0 via 10.77.0.1", NULL},
                     "00 0a4d0001", "default via 10.77.0.1");
}

static void routes_badly_written_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "default",
        "default via",
        "default via ",
        "default 10.0.0.1",
        "defaultvia 10.0.0.1",
        "default via10.0.0.1",
        "default via 10.0.0.1 x",
        "10.0.0.0 via 10.0.0.1",
        "10.0.0.0/ via 10.0.0.1",
        "10.0.0.0/33 via 10.0.0.1",
        "10.0.0.0/08 via 10.0.0.1",
        "10.0.0.0/8x via 10.0.0.1",
        "10.0.0.0/8via 10.0.0.1",
        "10.0.0.1/8 via 10.0.0.1",
        "1.2.3.4/0 via 10.0.0.1",
        "10.0.0/8 via 10.0.0.1",
        "1000.000.000.000/8 via 10.0.0.1",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_refused(OPTION_TYPE_ROUTES, bad[i]);
}

static void routes_damaged_on_the_wire_are_shown_as_bytes(void **state)
{
    (void)state;
    assert_text(OPTION_TYPE_ROUTES, "21 0a00000000 0a000001", "0x210a000000000a000001");
    assert_text(OPTION_TYPE_ROUTES, "08 0a 0a0000", "0x080a0a0000");
    assert_text(OPTION_TYPE_ROUTES, "18 0a", "0x180a");
    assert_text(OPTION_TYPE_ROUTES, "04 ff 0a000001", "0x04ff0a000001");
}

static void tuples(void **state)
{
    char text[257];

    (void)state;
    assert_both_ways(OPTION_TYPE_TUPLES, (const char *const[]){"iPXE", "rack 7", NULL},
                     "04 'iPXE' 06 'rack 7'", "iPXE, rack 7");
    memset(text, 'a', 256);
    text[256] = '\0';
    assert_refused(OPTION_TYPE_TUPLES, text);
    text[255] = '\0';
    assert_value(OPTION_TYPE_TUPLES, text, "ff 61*255");
    assert_refused(OPTION_TYPE_TUPLES, "");
    assert_text(OPTION_TYPE_TUPLES, "'iPXE'", "0x69505845");
    assert_text(OPTION_TYPE_TUPLES, "00", "0x00");
    assert_text(OPTION_TYPE_TUPLES, "02 ff61", "0x02ff61");
}

static void uris(void **state)
{
    (void)state;
    assert_both_ways(OPTION_TYPE_URI_TUPLES,
                     (const char *const[]){"https://a.net/", "https://b.net:8443/", NULL},
                     "000e 'https://a.net/' 0013 'https://b.net:8443/'",
                     "https://a.net/, https://b.net:8443/");
    assert_refused(OPTION_TYPE_URI_TUPLES, "");
    assert_refused(OPTION_TYPE_URI_TUPLES, "https://a.net/ b");
    assert_refused(OPTION_TYPE_URI_TUPLES, "https://\xc3\xa4.net/");
    assert_text(OPTION_TYPE_URI_TUPLES, "0002 'a'", "0x000261");
    assert_text(OPTION_TYPE_URI_TUPLES, "00", "0x00");
}

static void binaries(void **state)
{
    (void)state;
    assert_value(OPTION_TYPE_BINARY, "aa:bb:cc", "aabbcc");
    assert_both_ways(OPTION_TYPE_BINARY, (const char *const[]){"0xaabbcc", NULL}, "aabbcc",
                     "aa:bb:cc");
    assert_both_ways(OPTION_TYPE_BINARY, (const char *const[]){"text:a\nb", NULL}, "610a62",
                     "61:0a:62");
    assert_refused(OPTION_TYPE_BINARY, "");
    assert_refused(OPTION_TYPE_BINARY, "text:");
    assert_refused(OPTION_TYPE_BINARY, "no hex");
}

static void the_empty_type_has_no_value(void **state)
{
    (void)state;
    assert_value(OPTION_TYPE_EMPTY, "", "");
    assert_refused(OPTION_TYPE_EMPTY, "x");
    assert_text(OPTION_TYPE_EMPTY, "01", "0x01");
}

/* One valid text of each type. */
static const char *const samples[] = {
    [OPTION_TYPE_IP] = "10.0.0.1",
    [OPTION_TYPE_IP_LIST] = "10.0.0.1",
    [OPTION_TYPE_IP_PAIRS] = "10.1.0.0 10.0.0.1",
    [OPTION_TYPE_U8] = "200",
    [OPTION_TYPE_U16] = "1500",
    [OPTION_TYPE_U32] = "86400",
    [OPTION_TYPE_I32] = "-3600",
    [OPTION_TYPE_U8_LIST] = "200",
    [OPTION_TYPE_U16_LIST] = "1500",
    [OPTION_TYPE_BOOL] = "true",
    [OPTION_TYPE_STRING] = "r\303\244ck",
    [OPTION_TYPE_FQDN] = "dc1.example.net",
    [OPTION_TYPE_FQDN_LIST] = "dc1.example.net",
    [OPTION_TYPE_ROUTES] = "10.0.0.0/8 via 10.77.0.1",
    [OPTION_TYPE_TUPLES] = "iPXE",
    [OPTION_TYPE_URI_TUPLES] = "https://a.net/",
    [OPTION_TYPE_BINARY] = "aa:bb:cc",
    [OPTION_TYPE_I8] = "-128",
    [OPTION_TYPE_I16] = "-32768",
    [OPTION_TYPE_U64] = "18446744073709551615",
    [OPTION_TYPE_U32_LIST] = "86400",
    [OPTION_TYPE_I32_LIST] = "-1",
    [OPTION_TYPE_BOOL_LIST] = "false",
    [OPTION_TYPE_IP6] = "2001:db8::1",
    [OPTION_TYPE_IP6_LIST] = "fe80::1:0:0:2",
    [OPTION_TYPE_NAME_LIST] = "dc1.example.net",
    [OPTION_TYPE_OPAQUE] = "text:eth7/1",
    [OPTION_TYPE_COUNTED_IPS] = "10.0.0.1,10.0.0.2",
    [OPTION_TYPE_DNR] = "1 dot.example.net 10.0.0.53 alpn=dot,h2 port=853",
};

static void without_room_nothing_is_written(void **state)
{
    (void)state;
    for (size_t type = 0; type < ARRAY_SIZE(samples); type++) {
        size_t whole;

        if (samples[type] == NULL)
            continue; /* EMPTY, and SIP, which begins where the option does */
        used = 0;
        assert_int_equal(encode((enum option_type)type, samples[type]), TD_OK);
        whole = used;
        for (size_t room = 0; room <= whole; room++) {
            /* A block of exactly this size: the sanitizer sees a write beyond it. */
            uint8_t *block = malloc(room + 1);
            size_t at = 1;

            assert_non_null(block);
            assert_int_equal(option_text_to_wire((enum option_type)type, samples[type], block,
                                                 room + 1, &at),
                             room == whole ? TD_OK : TD_NO_SPACE);
            assert_int_equal(at, room == whole ? whole + 1 : 1);
            free(block);
        }
    }
}

static void cut_text_is_terminated_and_reported(void **state)
{
    (void)state;
    for (size_t type = 0; type < ARRAY_SIZE(samples); type++) {
        if (samples[type] == NULL)
            continue;
        const size_t whole = strlen(samples[type]);

        used = 0;
        assert_int_equal(encode((enum option_type)type, samples[type]), TD_OK);
        for (size_t capacity = 0; capacity <= whole + 1; capacity++) {
            char *text = malloc(capacity + 1);
            const struct span wire = span_of(out, used);

            assert_non_null(text);
            text[0] = 'x';
            assert_int_equal(option_wire_to_text((enum option_type)type, wire, text, capacity),
                             capacity > whole);
            if (capacity > 0)
                assert_int_equal(strncmp(text, samples[type], strlen(text)), 0);
            else
                assert_int_equal(text[0], 'x');
            free(text);
        }
    }
}

static void a_cut_leaves_no_half_character(void **state)
{
    const struct help_bytes bytes = help_hex("'r' c3a4 'ck'");
    char text[8];

    (void)state;
    assert_false(option_wire_to_text(OPTION_TYPE_STRING, help_span(&bytes), text, 3));
    assert_string_equal(text, "r");
    assert_false(option_wire_to_text(OPTION_TYPE_STRING, help_span(&bytes), text, 4));
    assert_string_equal(text, "r\xc3\xa4");
}

static void an_empty_value_is_empty_text(void **state)
{
    (void)state;
    for (int type = 0; type < OPTION_TYPES; type++)
        assert_text((enum option_type)type, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(pairs_of_addresses),
        cmocka_unit_test(unsigned_numbers),
        cmocka_unit_test(numbers_out_of_range_or_badly_written_are_refused),
        cmocka_unit_test(signed_numbers),
        cmocka_unit_test(lists_of_numbers),
        cmocka_unit_test(booleans),
        cmocka_unit_test(strings),
        cmocka_unit_test(a_string_has_at_most_65535_bytes),
        cmocka_unit_test(trailing_nulls_of_a_string_are_not_shown),
        cmocka_unit_test(a_string_that_is_no_utf8_is_shown_as_bytes),
        cmocka_unit_test(routes),
        cmocka_unit_test(routes_badly_written_are_refused),
        cmocka_unit_test(routes_damaged_on_the_wire_are_shown_as_bytes),
        cmocka_unit_test(tuples),
        cmocka_unit_test(uris),
        cmocka_unit_test(binaries),
        cmocka_unit_test(the_empty_type_has_no_value),
        cmocka_unit_test(without_room_nothing_is_written),
        cmocka_unit_test(cut_text_is_terminated_and_reported),
        cmocka_unit_test(a_cut_leaves_no_half_character),
        cmocka_unit_test(an_empty_value_is_empty_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
