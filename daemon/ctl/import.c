/* daemon/ctl/import.c - twinctl import: another server's configuration as one of ours. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl.h"

typedef struct yaml *importer(struct import *run, const char *text, size_t size);

static enum ctl_exit write_document(const struct import *run, const struct yaml *document,
                                    const char *path)
{
    FILE *out = path == NULL ? stdout : fopen(path, "we");

    if (out == NULL) {
        fprintf(stderr, "twinctl: cannot write %s: %s\n", path, strerror(errno));
        return CTL_FAILED;
    }
    fprintf(out,
            "# Imported from %s by twinctl import %s: read the comments, then try it with\n"
            "# twindhcpd --check.\n",
            run->file, run->origin);
    yaml_print(document, out);
    if (path != NULL && fclose(out) != 0) {
        fprintf(stderr, "twinctl: cannot write %s: %s\n", path, strerror(errno));
        return CTL_FAILED;
    }
    return CTL_OK;
}

static enum ctl_exit run_import(const struct ctl_options *options, const char *origin,
                                importer *convert)
{
    struct import run;
    size_t size = 0;
    enum ctl_exit result = CTL_FAILED;

    import_init(&run, origin, options->file);
    run.settings = options->import;
    run.settings.may_include = true;
    const char *text = import_read(&run, options->file, NULL, &size);
    const struct yaml *document = text == NULL ? NULL : convert(&run, text, size);
    if (document == NULL) {
        fprintf(stderr, "twinctl: %s\n", run.problem);
    } else {
        result = write_document(&run, document, options->output);
        if (result == CTL_OK)
            import_summary(&run, stderr);
    }
    import_deinit(&run);
    return result;
}

enum ctl_exit ctl_import_kea(const struct ctl_options *options)
{
    return run_import(options, "kea", kea_import);
}

enum ctl_exit ctl_import_isc(const struct ctl_options *options)
{
    return run_import(options, "isc", isc_import);
}
