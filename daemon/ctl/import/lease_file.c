/* daemon/ctl/import/lease_file.c - see lease_file.h */
#include "daemon/ctl/import/lease_file.h"

#include <stdlib.h>

void lease_file_add(struct lease_file *file, const struct lease_row *row)
{
    if (file->count == file->capacity) {
        const size_t capacity = file->capacity == 0 ? 1024 : file->capacity * 2;
        struct lease_row *rows = reallocarray(file->rows, capacity, sizeof(*rows));
        if (rows == NULL) {
            fputs("twinctl: out of memory\n", stderr);
            exit(EXIT_FAILURE);
        }
        file->rows = rows;
        file->capacity = capacity;
    }
    file->rows[file->count] = *row;
    file->rows[file->count].order = file->count;
    file->count++;
}

static int by_address(const void *left, const void *right)
{
    const struct lease_row *a = left, *b = right;

    if (a->address.value != b->address.value)
        return a->address.value < b->address.value ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void lease_file_settle(struct lease_file *file)
{
    size_t kept = 0;

    if (file->count > 0)
        qsort(file->rows, file->count, sizeof(*file->rows), by_address);
    for (size_t i = 0; i < file->count; i++) {
        const bool last = i + 1 == file->count ||
                          file->rows[i + 1].address.value != file->rows[i].address.value;
        if (last && file->rows[i].state != LEASE_OVER)
            file->rows[kept++] = file->rows[i];
    }
    file->count = kept;
}

void lease_file_deinit(struct lease_file *file)
{
    free(file->rows);
    *file = (struct lease_file){0};
}
