/* tests/unit/api/test_writer.c - the JSON writer */
#include "tests/unit/api/help_site.h"

#include <stdlib.h>

/* What `write` wrote, as text. */
static void assert_json(struct writer *json, const char *expected)
{
    size_t size = 0;
    char *text = writer_take(json, &size);

    assert_non_null(text);
    assert_string_equal(text, expected);
    assert_int_equal(size, strlen(expected));
    free(text);
}

static void values_and_brackets_get_their_commas(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_open(&json, NULL, '{');
    writer_text(&json, "a", "x");
    writer_open(&json, "b", '[');
    writer_int(&json, NULL, -1);
    writer_uint(&json, NULL, UINT64_MAX);
    writer_open(&json, NULL, '{');
    writer_close(&json, '}');
    writer_bool(&json, NULL, true);
    writer_close(&json, ']');
    writer_null(&json, "c");
    writer_close(&json, '}');
    assert_json(&json, "{\"a\":\"x\",\"b\":[-1,18446744073709551615,{},true],\"c\":null}\n");
}

/* A host name that ends in a bracket must not be taken for one. */
static void a_bracket_in_text_needs_its_comma_too(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_open(&json, NULL, '[');
    writer_text(&json, NULL, "[");
    writer_text(&json, NULL, "{");
    writer_close(&json, ']');
    assert_json(&json, "[\"[\",\"{\"]\n");
}

static void quotes_and_controls_are_escaped(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_bytes(&json, NULL, span_of("a\"b\\c\n\0\x1b\x7f", 9));
    assert_json(&json, "\"a\\\"b\\\\c\\u000a\\u0000\\u001b\\u007f\"\n");
}

/* C1 controls drive terminals as ESC does. */
static void c1_controls_are_escaped(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_text(&json, NULL, "\xc2\x9bx");
    assert_json(&json, "\"\\u009bx\"\n");
}

static void well_formed_utf8_is_kept(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_text(&json, NULL, "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
    assert_json(&json, "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"\n");
}

/* Overlong forms, surrogates, what is above U+10FFFF, cut and lone bytes (RFC 3629). */
static void malformed_utf8_becomes_the_replacement_character(void **state)
{
    static const struct {
        const char *text;
        size_t count; /* of replacement characters */
    } cases[] = {
        {"\x80", 1},         {"\xc0\xaf", 2},         {"\xc3", 1},
        {"\xe0\x80\xaf", 3}, {"\xed\xa0\x80", 3},     {"\xf4\x90\x80\x80", 4},
        {"\xe2\x82", 2},     {"\xf0\x80\x80\xaf", 4}, {"\xff", 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct writer json = {0};
        char expected[64];
        size_t size = 0;

        expected[size++] = '"';
        for (size_t n = 0; n < cases[i].count; n++)
            size += (size_t)snprintf(expected + size, sizeof(expected) - size, "\\ufffd");
        snprintf(expected + size, sizeof(expected) - size, "\"\n");
        writer_text(&json, NULL, cases[i].text);
        assert_json(&json, expected);
    }
}

static void instants_are_iso_8601_in_utc(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_open(&json, NULL, '[');
    writer_instant(&json, NULL, instant_ms(NOW_MS + 999));
    writer_instant(&json, NULL, instant_ms(0));
    writer_instant(&json, NULL, instant_ms(INT64_MAX));
    writer_close(&json, ']');
    char *text = NULL;
    size_t size = 0;
    text = writer_take(&json, &size);
    assert_non_null(text);
    assert_memory_equal(text, "[\"2026-11-23T21:00:00Z\",null,", 29);
    free(text);
}

static void bytes_are_hexadecimal_with_colons(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_open(&json, NULL, '[');
    writer_hex(&json, NULL, span_of("\x52\x54\x00\xff", 4));
    writer_hex(&json, NULL, span_of("", 0));
    writer_close(&json, ']');
    assert_json(&json, "[\"52:54:00:ff\",null]\n");
}

static void clients_are_written_as_listed(void **state)
{
    struct writer json = {0};

    (void)state;
    writer_open(&json, NULL, '[');
    writer_client(&json, NULL, span_of("\0\1\x52\x54\0\0\0\1", 8));
    writer_client(&json, NULL, span_of("\1\1\x52", 3));
    writer_client(&json, NULL, span_of("", 0));
    writer_close(&json, ']');
    assert_json(&json, "[\"52:54:00:00:00:01\",\"id 01:52\",null]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_brackets_get_their_commas),
        cmocka_unit_test(a_bracket_in_text_needs_its_comma_too),
        cmocka_unit_test(quotes_and_controls_are_escaped),
        cmocka_unit_test(c1_controls_are_escaped),
        cmocka_unit_test(well_formed_utf8_is_kept),
        cmocka_unit_test(malformed_utf8_becomes_the_replacement_character),
        cmocka_unit_test(instants_are_iso_8601_in_utc),
        cmocka_unit_test(bytes_are_hexadecimal_with_colons),
        cmocka_unit_test(clients_are_written_as_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
