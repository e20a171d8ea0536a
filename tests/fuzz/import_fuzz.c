/* tests/fuzz/import_fuzz.c - files of other servers: read, or refused with a place. */
#include <stdlib.h>

#include "daemon/ctl/import/import.h"
#include "daemon/ctl/import/lease_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lines of a document: no control characters but the ends of lines, whatever the file held.
 */
static void check_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ASSERT((unsigned char)text[i] >= 0x20 || text[i] == '\n');
}

static void read_configuration(bool kea, const char *text, size_t size)
{
    struct import run;

    import_init(&run, kea ? "kea" : "isc", "fuzz");
    const struct yaml *document = (kea ? kea_import : isc_import)(&run, text, size);
    ASSERT((document == NULL) == (run.problem[0] != '\0'));
    if (document != NULL) {
        char *out = NULL;
        size_t length = 0;
        FILE *memory = open_memstream(&out, &length);
        ASSERT(memory != NULL);
        yaml_print(document, memory);
        fclose(memory);
        check_text(out, length);
        free(out);
    }
    import_deinit(&run);
}

static void read_leases(bool kea, const char *text, size_t size)
{
    struct import run;
    struct lease_file file = {.run = &run};

    import_init(&run, kea ? "kea" : "isc", "fuzz");
    if ((kea ? lease_file_kea : lease_file_isc)(&file, text, size))
        lease_file_settle(&file);
    for (size_t i = 1; i < file.count && run.problem[0] == '\0'; i++)
        ASSERT(file.rows[i - 1].address.value < file.rows[i].address.value);
    lease_file_deinit(&file);
    import_deinit(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;

    switch (data[0] & 3) {
    case 0:
        read_configuration(true, text, size - 1);
        break;
    case 1:
        read_configuration(false, text, size - 1);
        break;
    case 2:
        read_leases(true, text, size - 1);
        break;
    case 3:
        read_leases(false, text, size - 1);
        break;
    }
    return 0;
}
