/* daemon/ctl/import/import.c - see import.h */
#include "daemon/ctl/import/import.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LIFETIME_MIN_S UINT64_C(5)
#define LIFETIME_MAX_S (UINT64_C(3650) * 86400)
#define FIRST_SIZE     ((size_t)4 * 1024)
#define BLOCK_SIZE     ((size_t)64 * 1024)

struct import_block {
    struct import_block *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
};

void import_init(struct import *run, const char *origin, const char *file)
{
    *run = (struct import){.origin = origin, .file = file};
}

void import_deinit(struct import *run)
{
    while (run->blocks != NULL) {
        struct import_block *block = run->blocks;
        run->blocks = block->next;
        free(block);
    }
}

void *import_alloc(struct import *run, size_t size)
{
    const size_t rounded = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

    if (run->blocks == NULL || run->blocks->size - run->blocks->used < rounded) {
        const size_t standard = run->blocks == NULL ? FIRST_SIZE : BLOCK_SIZE;
        const size_t room = rounded > standard ? rounded : standard;
        struct import_block *block = calloc(1, sizeof(*block) + room);
        if (block == NULL) {
            fputs("twinctl: out of memory\n", stderr);
            exit(EXIT_FAILURE);
        }
        block->size = room;
        block->next = run->blocks;
        run->blocks = block;
    }
    void *memory = run->blocks->bytes + run->blocks->used;
    run->blocks->used += rounded;
    return memory;
}

char *import_copy(struct import *run, const char *text, size_t size)
{
    char *copy = import_alloc(run, size + 1);

    if (size > 0)
        memcpy(copy, text, size);
    return copy;
}

static char *format_list(struct import *run, const char *format, va_list arguments)
{
    va_list again;

    va_copy(again, arguments);
    const int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = import_alloc(run, (size_t)(size < 0 ? 0 : size) + 1);
    vsnprintf(text, (size_t)(size < 0 ? 0 : size) + 1, format, arguments);
    return text;
}

char *import_format(struct import *run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = format_list(run, format, arguments);
    va_end(arguments);
    return text;
}

const char *import_name(struct import *run, const char *text)
{
    char *name = import_copy(run, text, strlen(text));

    for (char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL)
            *c = '-';
    return name[0] == '\0' ? "unnamed" : name;
}

void import_lifetime(struct import *run, struct yaml *map, const char *key, uint64_t seconds,
                     struct place place)
{
    const bool endless = seconds >= UINT32_MAX && strcmp(key, "min") != 0;
    const uint64_t bent = endless                    ? UINT32_MAX
                          : seconds < LIFETIME_MIN_S ? LIFETIME_MIN_S
                          : seconds > LIFETIME_MAX_S ? LIFETIME_MAX_S
                                                     : seconds;

    if (bent != seconds && !endless)
        import_note(run, map, place, key, "a lease time is 5s to 3650d");
    yaml_duration(run, map, key, bent);
}

const char *import_path(struct import *run, const char *file, const char *name)
{
    const char *slash = strrchr(file, '/');

    if (name[0] == '/' || slash == NULL)
        return name;
    return import_format(run, "%.*s/%s", (int)(slash - file), file, name);
}

static char *read_all(struct import *run, FILE *in, size_t *size)
{
    size_t capacity = BLOCK_SIZE, used = 0;
    char *text = import_alloc(run, capacity + 1);

    for (;;) {
        const size_t got = fread(text + used, 1, capacity - used, in);
        used += got;
        if (got == 0)
            break;
        if (used > IMPORT_SIZE_MAX - run->read)
            return NULL;
        if (used == capacity) {
            char *more = import_alloc(run, capacity * 2 + 1);
            memcpy(more, text, used);
            text = more;
            capacity *= 2;
        }
    }
    run->read += used;
    *size = used;
    return text;
}

char *import_read(struct import *run, const char *path, const struct place *from, size_t *size)
{
    const struct place nowhere = {path, 0, 0};
    FILE *in = fopen(path, "re");
    char *text = NULL;

    errno = in == NULL ? errno : 0;
    if (in != NULL) {
        text = read_all(run, in, size);
        const bool failed = ferror(in) != 0;
        fclose(in);
        if (text != NULL && !failed)
            return text;
    }
    if (from != NULL)
        import_fail(run, *from, "cannot read %s: %s", path,
                    errno != 0 ? strerror(errno) : "too large");
    else
        import_fail(run, nowhere, "cannot read: %s",
                    errno != 0 ? strerror(errno) : "too large");
    return NULL;
}

bool import_fail(struct import *run, struct place place, const char *format, ...)
{
    va_list arguments;
    size_t used = 0;

    if (run->problem[0] != '\0')
        return false;
    if (place.line > 0)
        used = (size_t)snprintf(run->problem, sizeof(run->problem),
                                "%.200s:%u:%u: ", place.file, place.line, place.column);
    else
        used = (size_t)snprintf(run->problem, sizeof(run->problem), "%.200s: ", place.file);
    va_start(arguments, format);
    vsnprintf(run->problem + used, sizeof(run->problem) - used, format, arguments);
    va_end(arguments);
    return false;
}

static void say(struct import *run, struct yaml *node, struct place place, const char *what,
                const char *text)
{
    const bool other = place.file != NULL && strcmp(place.file, run->file) != 0;

    yaml_comment(run, node,
                 import_format(run, "%s%s%s line %u: %s: %s", run->origin, other ? " " : "",
                               other ? place.file : "", place.line, what, text));
}

void import_note(struct import *run, struct yaml *node, struct place place, const char *what,
                 const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(run, node, place, what, format_list(run, format, arguments));
    va_end(arguments);
    run->notes++;
}

void import_remark(struct import *run, struct yaml *node, struct place place, const char *what,
                   const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(run, node, place, what, format_list(run, format, arguments));
    va_end(arguments);
}

void import_note_no_subnet(struct import *run, struct yaml *document)
{
    if (run->subnets > 0)
        return;
    yaml_comment(run, document,
                 import_format(run,
                               "The %s file has no subnet, so that nobody can be served: write "
                               "`subnets:` before this file is used.",
                               run->origin));
    run->notes++;
}

static void print_count(size_t count, const char *one, const char *many, const char *end,
                        FILE *out)
{
    fprintf(out, "%zu %s%s", count, count == 1 ? one : many, end);
}

void import_summary(const struct import *run, FILE *out)
{
    fputs("imported ", out);
    print_count(run->subnets, "subnet", "subnets", ", ", out);
    print_count(run->pools, "pool", "pools", ", ", out);
    print_count(run->reservations, "reservation", "reservations", ", ", out);
    print_count(run->classes, "class", "classes", "; ", out);
    if (run->notes == 0)
        fputs("everything has a counterpart\n", out);
    else
        print_count(run->notes, "thing has no exact counterpart",
                    "things have no exact counterpart", ": see the comments\n", out);
}
