/* tests/unit/ctl/import/help_import.c - see help_import.h */
#include "tests/unit/ctl/import/help_import.h"

#include <stdlib.h>
#include <string.h>

static char *text_of(struct import *run, const struct yaml *document)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    yaml_print(document, out);
    import_summary(run, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

char *help_import(const char *origin, const char *text)
{
    struct import run;

    import_init(&run, origin, "test");
    const struct yaml *document = strcmp(origin, "kea") == 0
                                      ? kea_import(&run, text, strlen(text))
                                      : isc_import(&run, text, strlen(text));
    char *out = document != NULL ? text_of(&run, document) : strdup(run.problem);
    import_deinit(&run);
    return out;
}

char *help_import_file(const char *origin, const char *path,
                       const struct import_settings *settings)
{
    struct import run;
    size_t size = 0;

    import_init(&run, origin, path);
    run.settings = *settings;
    run.settings.may_include = true;
    const char *text = import_read(&run, path, NULL, &size);
    if (text == NULL)
        fail_msg("%s", run.problem);
    const struct yaml *document = strcmp(origin, "kea") == 0 ? kea_import(&run, text, size)
                                                             : isc_import(&run, text, size);
    char *out = document != NULL ? text_of(&run, document) : strdup(run.problem);
    import_deinit(&run);
    return out;
}

void help_assert_has(const char *origin, const char *text, const char *part)
{
    char *out = help_import(origin, text);

    if (strstr(out, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, out);
    free(out);
}
