/* tests/unit/ctl/import/help_import.h - an import from a text to a text. */
#ifndef TWINDHCP_TESTS_UNIT_CTL_IMPORT_HELP_IMPORT_H
#define TWINDHCP_TESTS_UNIT_CTL_IMPORT_HELP_IMPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/ctl/import/import.h"

/* The YAML and the summary behind it, or the problem; for the caller to free().  The file is
 * called "test". */
char *help_import(const char *origin, const char *text);
char *help_import_file(const char *origin, const char *path,
                       const struct import_settings *settings);
/* `part` stands in what help_import() gives. */
void help_assert_has(const char *origin, const char *text, const char *part);

#endif
