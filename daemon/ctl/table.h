/* daemon/ctl/table.h - aligned columns for people.
 *
 * Text in cells may come from DHCP clients: control characters, which could drive the terminal,
 * are shown as '?'. */
#ifndef TWINDHCP_DAEMON_CTL_TABLE_H
#define TWINDHCP_DAEMON_CTL_TABLE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TABLE_COLUMNS_MAX 12

struct table {
    size_t columns;
    const char *title[TABLE_COLUMNS_MAX];
    bool right[TABLE_COLUMNS_MAX]; /* aligned to the right: numbers */
    size_t width[TABLE_COLUMNS_MAX];
    char **cells; /* rows * columns, row by row */
    size_t used, capacity;
    bool titled; /* by table_flush() */
};

/* Columns from left to right until NULL; a title that begins with '>' is a column of numbers,
 * aligned to the right.  Titles are borrowed.  Memory that runs out ends the program. */
void table_init(struct table *table, const char *title, ...) __attribute__((sentinel));
void table_deinit(struct table *table);

/* The next cell; every row is filled before the next begins.  NULL or "" is shown as "-". */
void table_text(struct table *table, const char *text);
void table_format(struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void table_int(struct table *table, int64_t value);

size_t table_rows(const struct table *table);

/* Titles and rows, two spaces between columns, nothing trailing, each line after `indent`
 * spaces. */
void table_print(const struct table *table, unsigned indent, FILE *out);

/* Print as above and forget the rows: a long list in parts.  Titles come once, before the first
 * row; columns keep the width they have reached. */
void table_flush(struct table *table, unsigned indent, FILE *out);

/* Write `text` with control characters as '?'. */
void print_safely(const char *text, FILE *out);

#endif
