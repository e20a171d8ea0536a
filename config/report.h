/* config/report.h - collecting what is wrong with a file, all of it in one run. */
#ifndef TWINDHCP_CONFIG_REPORT_H
#define TWINDHCP_CONFIG_REPORT_H

#include "config/load.h"

/* Nobody reads more; a file of another kind would otherwise give a problem for every line. */
#define REPORT_LIMIT 1000

struct report {
    struct config_problems *problems;
    size_t capacity;
    size_t errors;
    bool more;                /* the limit was reached */
    unsigned file;            /* where what is added next was found; 0: the file itself */
    const char *const *files; /* names of the included ones, from number 1 on */
};

/* `problems` is overwritten and filled; the caller frees it by config_problems_free(). */
void report_init(struct report *report, struct config_problems *problems);

/* Add one finding at 1-based `line` and `column`, or 0, 0 for the file as a whole. */
__attribute__((format(printf, 4, 5))) void report_add(struct report *report, int line,
                                                      int column, const char *format, ...);

/* The same for what is not wrong: the file can be used as it is. */
__attribute__((format(printf, 4, 5))) void report_warn(struct report *report, int line,
                                                       int column, const char *format, ...);

/* Whether report_add() would say nothing more: saves the work of wording it. */
MUST_USE bool report_is_full(struct report *report);

/* Sort by place and drop what was said twice (an anchor's content may be read several times).
 */
void report_finish(struct report *report);

#endif
