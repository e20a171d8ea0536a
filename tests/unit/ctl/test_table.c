/* tests/unit/ctl/test_table.c - columns */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl/table.h"

/* What `print` printed of `table`, which is freed. */
static void assert_printed(struct table *table, unsigned indent, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    table_print(table, indent, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    table_deinit(table);
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "NAME", ">COUNT", "WHY", NULL);
    table_text(&table, "a");
    table_int(&table, 1234567);
    table_text(&table, "short");
    table_text(&table, "longest");
    table_int(&table, -5);
    table_text(&table, "the last column is not padded");
    assert_int_equal(table_rows(&table), 2);
    assert_printed(&table, 0,
                   "NAME       COUNT  WHY\n"
                   "a        1234567  short\n"
                   "longest       -5  the last column is not padded\n");
}

static void an_indent_stands_before_each_line(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "A", ">B", NULL);
    table_text(&table, "x");
    table_int(&table, 10);
    assert_printed(&table, 2, "  A   B\n  x  10\n");
}

static void what_is_not_there_is_a_dash(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "A", "B", NULL);
    table_text(&table, NULL);
    table_text(&table, "");
    assert_printed(&table, 0, "A  B\n-  -\n");
}

static void a_character_of_several_bytes_takes_one_place(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "A", "B", NULL);
    table_text(&table, "\xc3\xa4\xc3\xb6");
    table_text(&table, "x");
    table_text(&table, "abc");
    table_text(&table, "y");
    assert_printed(&table, 0, "A    B\n\xc3\xa4\xc3\xb6   x\nabc  y\n");
}

/* Host names come from clients: they must not drive the operator's terminal. */
static void control_characters_are_not_printed(void **state)
{
    struct table table;

    (void)state;
    table_init(&table, "A", NULL);
    table_text(&table, "a\x1b[2Jb\nc\x7f\xc2\x9b"
                       "d\xc2\xa0"
                       "e");
    assert_printed(&table, 0,
                   "A\na?[2Jb?c??d\xc2\xa0"
                   "e\n");
}

static void parts_of_a_list_share_titles_and_keep_their_width(void **state)
{
    struct table table;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    table_init(&table, "A", "B", NULL);
    table_flush(&table, 0, out);
    table_text(&table, "long");
    table_text(&table, "x");
    table_flush(&table, 0, out);
    table_text(&table, "s");
    table_text(&table, "y");
    table_flush(&table, 0, out);
    fclose(out);
    assert_string_equal(text, "A     B\nlong  x\ns     y\n");
    free(text);
    table_deinit(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(an_indent_stands_before_each_line),
        cmocka_unit_test(what_is_not_there_is_a_dash),
        cmocka_unit_test(a_character_of_several_bytes_takes_one_place),
        cmocka_unit_test(control_characters_are_not_printed),
        cmocka_unit_test(parts_of_a_list_share_titles_and_keep_their_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
