#define _GNU_SOURCE
#include "config/report.h"

#include <stdarg.h>
#include <stdlib.h>

void report_init(struct report *report, struct config_problems *problems)
{
    *problems = (struct config_problems){NULL, 0};
    *report = (struct report){.problems = problems};
}

/* A copy of its own, for the problems live longer than the names. */
static const char *file_name(const struct report *report)
{
    char *name = report->file > 0 ? strdup(report->files[report->file]) : NULL;

    ASSERT(name != NULL || report->file == 0);
    return name;
}

/* What the problem says, and the file that it is found in. */
static void add_text(struct report *report, struct config_problem problem)
{
    struct config_problems *problems = report->problems;

    if (problems->count == report->capacity) {
        report->capacity = report->capacity == 0 ? 16 : report->capacity * 2;
        problems->items = realloc(problems->items, report->capacity * sizeof(*problems->items));
        ASSERT(problems->items != NULL);
    }
    problem.file = report->file;
    problem.name = file_name(report);
    problems->items[problems->count++] = problem;
    report->errors += problem.warning ? 0 : 1;
}

bool report_is_full(struct report *report)
{
    if (report->problems->count < REPORT_LIMIT)
        return false;
    report->more = true;
    report->errors++; /* what is not said may be wrong */
    return true;
}

__attribute__((format(printf, 3, 0))) static void add_formatted(struct report *report,
                                                                struct config_problem problem,
                                                                const char *format,
                                                                va_list arguments)
{
    char *text = NULL;
    int size;

    if (problem.warning && report->problems->count >= REPORT_LIMIT) {
        report->more = true; /* a file is not wrong for having many */
        return;
    }
    if (report_is_full(report))
        return;
    size = vasprintf(&text, format, arguments);
    ASSERT(size >= 0);
    problem.text = text;
    add_text(report, problem);
}

void report_add(struct report *report, int line, int column, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_formatted(report, (struct config_problem){.line = line, .column = column}, format,
                  arguments);
    va_end(arguments);
}

void report_warn(struct report *report, int line, int column, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_formatted(report,
                  (struct config_problem){.line = line, .column = column, .warning = true},
                  format, arguments);
    va_end(arguments);
}

/* A finding and when it was found: of one place the first found comes first. */
struct found {
    struct config_problem problem;
    size_t order;
};

static int compare(const void *left, const void *right)
{
    const struct found *a = left, *b = right;

    if (a->problem.file != b->problem.file)
        return a->problem.file < b->problem.file ? -1 : 1;
    if (a->problem.line != b->problem.line)
        return a->problem.line < b->problem.line ? -1 : 1;
    if (a->problem.column != b->problem.column)
        return a->problem.column < b->problem.column ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Whether one of the last of `problems` says the same of the same place. */
static bool was_said(const struct config_problems *problems,
                     const struct config_problem *problem)
{
    for (size_t i = problems->count; i > 0; i--) {
        const struct config_problem *said = &problems->items[i - 1];

        if (said->file != problem->file || said->line != problem->line ||
            said->column != problem->column)
            return false;
        if (strcmp(said->text, problem->text) == 0)
            return true;
    }
    return false;
}

static void free_problem(const struct config_problem *problem)
{
    free((void *)(uintptr_t)problem->text);
    free((void *)(uintptr_t)problem->name);
}

static void sort(struct config_problems *problems)
{
    size_t count = problems->count;
    struct found *found = calloc(count, sizeof(*found));

    ASSERT(found != NULL);
    for (size_t i = 0; i < count; i++)
        found[i] = (struct found){problems->items[i], i};
    qsort(found, count, sizeof(*found), compare);
    problems->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (was_said(problems, &found[i].problem))
            free_problem(&found[i].problem);
        else
            problems->items[problems->count++] = found[i].problem;
    }
    free(found);
}

void report_finish(struct report *report)
{
    const bool warning = report->errors == 0;
    char *more;

    if (report->problems->count == 0)
        return;
    sort(report->problems);
    if (!report->more)
        return;
    _Static_assert(REPORT_LIMIT == 1000, "the text names the limit");
    more = strdup("there is more; only the first 1000 problems found are shown");
    ASSERT(more != NULL);
    report->file = 0;
    add_text(report, (struct config_problem){.text = more, .warning = warning});
}

void config_problems_free(struct config_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        free_problem(&problems->items[i]);
    free(problems->items);
    *problems = (struct config_problems){NULL, 0};
}

void config_problems_print(const struct config_problems *problems, const char *path, FILE *out)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct config_problem *problem = &problems->items[i];
        const char *kind = problem->warning ? "warning: " : "";

        const char *name = problem->name != NULL ? problem->name : path;

        if (problem->line == 0)
            fprintf(out, "%s: %s%s\n", name, kind, problem->text);
        else
            fprintf(out, "%s:%d:%d: %s%s\n", name, problem->line, problem->column, kind,
                    problem->text);
    }
}
