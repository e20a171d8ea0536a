/* Addresses and bytes as people write them. */
#include "help_packets.h"

static void addresses_are_four_numbers(void **state)
{
    struct ip4 a;

    (void)state;
    assert_true(ip4_parse("10.77.0.1", &a));
    assert_int_equal(a.value, 0x0a4d0001);
    assert_true(ip4_parse("0.0.0.0", &a));
    assert_int_equal(a.value, 0);
    assert_true(ip4_parse("255.255.255.255", &a));
    assert_int_equal(a.value, 0xffffffff);
}

static void anything_else_is_no_address(void **state)
{
    static const char *const bad[] = {
        "",           "10",         "10.0.0",    "10.0.0.",     "10.0.0.1.",  "10.0.0.1.2",
        "10..0.1",    "10.0.0.256", "10.0.0.01", "010.0.0.1",   " 10.0.0.1",  "10.0.0.1 ",
        "0x0a.0.0.1", "10.0.0.-1",  "10.0.0.+1", "10.0.0.1000", "10.0.0.1/8", "a.b.c.d",
        ".10.0.0.1",  "00.0.0.0",
    };
    struct ip4 a = ip4(7);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(ip4_parse(bad[i], &a));
    assert_int_equal(a.value, 7);
}

static void an_address_is_written_as_it_is_read(void **state)
{
    static const char *const texts[] = {"0.0.0.0", "1.22.133.244", "255.255.255.255",
                                        "10.100.0.9"};
    char out[IP4_TEXT_SIZE];
    struct ip4 a;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        assert_true(ip4_parse(texts[i], &a));
        assert_string_equal(ip4_format(a, out), texts[i]);
    }
}

static void assert_hex(const char *text, const char *bytes)
{
    uint8_t out[32];
    size_t size = sizeof out;

    assert_true(hex_parse(text, out, &size));
    help_assert_bytes(out, size, bytes);
}

static void bytes_have_several_spellings(void **state)
{
    (void)state;
    assert_hex("52:54:00:12:34:56", "525400123456");
    assert_hex("52-54-00-12-34-56", "525400123456");
    assert_hex("5254.0012.3456", "525400123456");
    assert_hex("0x525400123456", "525400123456");
    assert_hex("0X5254", "5254");
    assert_hex("525400123456", "525400123456");
    assert_hex("AA:bB:0c", "aabb0c");
    assert_hex("1:2:a:ff", "01020aff");
    assert_hex("ff", "ff");
}

static void anything_else_is_no_bytes(void **state)
{
    static const char *const bad[] = {
        "",       "0x",      "f",          "fff",         "0xfff", "aa:",
        ":aa",    "aa::bb",  "aa:bb-cc",   "aaa:bb",      "gg",    "aa bb",
        "aa.bb",  "aabb.cc", "0x:",        "0xaa:bb",     "aabb.", ".aabb",
        "aa:bb ", " aa:bb",  "aabbc.ddee", "aabb.ccddee", "0xg0",
    };
    uint8_t out[32];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        size_t size = sizeof out;

        assert_false(hex_parse(bad[i], out, &size));
        assert_int_equal(size, sizeof out);
    }
}

static void more_bytes_than_the_capacity_are_refused_with_their_count(void **state)
{
    uint8_t out[4] = {0, 0, 0, 9};
    size_t size = 3;

    (void)state;
    assert_true(hex_parse("aa:bb:cc", out, &size));
    size = 3;
    assert_false(hex_parse("aa:bb:cc:dd", out, &size));
    assert_int_equal(size, 4);
    assert_int_equal(out[3], 9);
}

static void bytes_are_written_with_colons(void **state)
{
    const struct help_bytes bytes = help_hex("00 0f f0 ff");
    char out[16];

    (void)state;
    assert_string_equal(hex_format(help_span(&bytes), out, sizeof out), "00:0f:f0:ff");
    assert_string_equal(hex_format((struct span){NULL, 0}, out, sizeof out), "");
}

static void a_cut_keeps_whole_bytes(void **state)
{
    const struct help_bytes bytes = help_hex("00 0f f0 ff");
    char out[16];

    (void)state;
    assert_string_equal(hex_format(help_span(&bytes), out, 12), "00:0f:f0:ff");
    assert_string_equal(hex_format(help_span(&bytes), out, 11), "00:0f:f0");
    assert_string_equal(hex_format(help_span(&bytes), out, 6), "00:0f");
    assert_string_equal(hex_format(help_span(&bytes), out, 5), "00");
    assert_string_equal(hex_format(help_span(&bytes), out, 2), "");
    assert_string_equal(hex_format(help_span(&bytes), out, 1), "");
    out[0] = 'x';
    hex_format(help_span(&bytes), out, 0);
    assert_int_equal(out[0], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_four_numbers),
        cmocka_unit_test(anything_else_is_no_address),
        cmocka_unit_test(an_address_is_written_as_it_is_read),
        cmocka_unit_test(bytes_have_several_spellings),
        cmocka_unit_test(anything_else_is_no_bytes),
        cmocka_unit_test(more_bytes_than_the_capacity_are_refused_with_their_count),
        cmocka_unit_test(bytes_are_written_with_colons),
        cmocka_unit_test(a_cut_keeps_whole_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
