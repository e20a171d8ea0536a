/* daemon/ctl/table.c - see table.h */
#include "daemon/ctl/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory)
{
    if (memory == NULL) {
        fputs("twinctl: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

/* Characters, as far as a terminal gives each one place. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0u) != 0x80;
    return width;
}

/* In place: C0 controls and DEL, and the C1 controls U+0080..U+009F (c2 80..9f). */
static void make_safe(char *text)
{
    unsigned char *to = (unsigned char *)text;

    for (const unsigned char *from = to; *from != '\0'; from++) {
        if (from[0] == 0xc2 && from[1] >= 0x80 && from[1] < 0xa0) {
            *to++ = '?';
            from++;
        } else {
            *to++ = *from < 0x20 || *from == 0x7f ? '?' : *from;
        }
    }
    *to = '\0';
}

void print_safely(const char *text, FILE *out)
{
    char *copy = or_end(strdup(text));

    make_safe(copy);
    fputs(copy, out);
    free(copy);
}

void table_init(struct table *table, const char *title, ...)
{
    va_list titles;

    *table = (struct table){0};
    va_start(titles, title);
    while (title != NULL && table->columns < TABLE_COLUMNS_MAX) {
        const size_t column = table->columns++;
        table->right[column] = title[0] == '>';
        table->title[column] = title + (title[0] == '>');
        table->width[column] = width_of(table->title[column]);
        title = va_arg(titles, const char *);
    }
    va_end(titles);
}

void table_deinit(struct table *table)
{
    for (size_t i = 0; i < table->used; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){0};
}

/* Takes `text`. */
static void add_cell(struct table *table, char *text)
{
    if (table->used == table->capacity) {
        table->capacity = table->capacity == 0 ? 64 : table->capacity * 2;
        table->cells = or_end(realloc(table->cells, table->capacity * sizeof(char *)));
    }
    make_safe(text);
    const size_t column = table->used % table->columns;
    const size_t width = width_of(text);
    if (width > table->width[column])
        table->width[column] = width;
    table->cells[table->used++] = text;
}

void table_text(struct table *table, const char *text)
{
    add_cell(table, or_end(strdup(text == NULL || text[0] == '\0' ? "-" : text)));
}

void table_format(struct table *table, const char *format, ...)
{
    va_list arguments;
    char text[256];

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    table_text(table, text);
}

void table_int(struct table *table, int64_t value)
{
    table_format(table, "%" PRId64, value);
}

size_t table_rows(const struct table *table)
{
    return table->used / table->columns;
}

static void print_row(const struct table *table, const char *const *cells, unsigned indent,
                      FILE *out)
{
    fprintf(out, "%*s", (int)indent, "");
    for (size_t c = 0; c < table->columns; c++) {
        const int pad = (int)(table->width[c] - width_of(cells[c]));
        const bool last = c + 1 == table->columns;
        if (table->right[c])
            fprintf(out, "%*s%s", pad, "", cells[c]);
        else
            fprintf(out, "%s%*s", cells[c], last ? 0 : pad, "");
        fputs(last ? "\n" : "  ", out);
    }
}

static void print_rows(const struct table *table, unsigned indent, FILE *out)
{
    for (size_t i = 0; i + table->columns <= table->used; i += table->columns)
        print_row(table, (const char *const *)table->cells + i, indent, out);
}

void table_print(const struct table *table, unsigned indent, FILE *out)
{
    print_row(table, table->title, indent, out);
    print_rows(table, indent, out);
}

void table_flush(struct table *table, unsigned indent, FILE *out)
{
    if (table->used == 0)
        return;
    if (!table->titled)
        print_row(table, table->title, indent, out);
    table->titled = true;
    print_rows(table, indent, out);
    for (size_t i = 0; i < table->used; i++)
        free(table->cells[i]);
    table->used = 0;
}
